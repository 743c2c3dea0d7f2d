"""The operator's card: a code that says who stands at the counter; the PIN is asked all the same.

Whoever finds it can do nothing with it. Its name is masked like on every paper; whose it is she
knows herself.
"""

from station_app.printing.document import Note, Qr, Receipt, Rule
from station_app.printing.forms import SlipFoot, SlipHead, slip
from station_app.values.codes import OPERATOR, identity_payload, make_code
from station_app.values.masks import mask_name
from station_app.values.texts import Texts

MODULE = 8  # scanned at arm's length, often from a card that is worn; bars had no room on 58 mm


def operator_card(texts: Texts, station: str, name: str, identity: str) -> Receipt:
    """Return the card of one operator."""
    head = SlipHead(
        station=station,
        heading=texts.say("overview.card.title"),
        number=mask_name(name),
        meta=(),
    )
    code = make_code(OPERATOR, identity_payload(identity))
    blocks = (
        Qr(code, caption=code, module=MODULE),
        Rule(),
        Note(texts.say("overview.card.use")),
    )
    return slip(head, blocks, SlipFoot(closing=texts.say("overview.card.closing")))
