"""The recovery sheet: the key of this PC's journal, sealed to the county, as a code on paper.

Whoever finds it can do nothing with it: only the county opens it, and only for somebody whom it
knows. It is for the day on which disk and data folder are gone and only a backup is left.
"""

from station_app.printing.document import Note, Qr, Receipt, Rule
from station_app.printing.forms import SlipFoot, SlipHead, slip
from station_app.values.texts import Texts


def recovery_sheet(texts: Texts, station: str, device: str, letter: str) -> Receipt:
    """Return the sheet of one PC. letter: the sealed copy of its key."""
    head = SlipHead(
        station=station,
        heading=texts.say("overview.sheet.title"),
        number=device,
        meta=(texts.say("overview.sheet.line"),),
    )
    blocks = (
        Qr(letter, caption=texts.say("overview.sheet.caption")),
        Rule(),
        Note(texts.say("overview.sheet.use")),
    )
    return slip(head, blocks, SlipFoot(closing=texts.say("overview.sheet.closing")))
