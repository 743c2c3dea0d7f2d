"""The list of the start check on paper: for whoever is called to help, or comes by."""

from station_app.overview.check_words import finding_words, fine_words
from station_app.overview.examination import Signs, examine
from station_app.printing.document import Line, Note, Receipt, Rule
from station_app.printing.forms import SlipFoot, SlipHead, slip
from station_app.values.day import local_day, say_moment
from station_app.values.texts import Texts


def check_slip(texts: Texts, signs: Signs, *, station: str, device: str) -> Receipt:
    """Return the slip. device: "D1", as the county knows this PC."""
    found = examine(signs)
    head = SlipHead(
        station=station,
        heading=texts.say("overview.doctor.title"),
        number=device,
        meta=(say_moment(signs.now_ms, local_day(signs.now_ms)),),
    )
    blocks: list[Line | Note | Rule] = []
    for number, finding in enumerate(found.findings, 1):
        words = finding_words(texts, finding, signs.now_ms)
        urgency = texts.say(f"overview.doctor.urgency.{finding.urgency}")
        blocks += [Line(f"{number} {words['title']}", urgency, bold=True), Note(words["line"])]
        blocks.append(Note(words["more"]))
    if found.findings:
        blocks.append(Rule())
    blocks += [Note(f"· {fine_words(texts, one, signs.now_ms)}") for one in found.fine]
    return slip(head, tuple(blocks), SlipFoot(closing=texts.say("overview.doctor.list_closing")))
