"""What quality tells the pages that look across services: its acts, and a promise once more."""

from typing import Any, Final

import msgspec

from station_app.journal.log import Connection
from station_app.ledger.paid_acts import facts_of_act
from station_app.printing.document import Document
from station_app.services.quality import records
from station_app.services.quality.facts import (
    CertificateShown,
    LotCertified,
    LotEndorsed,
    LotTested,
    PlotDescribed,
)
from station_app.services.quality.outfit import Outfit
from station_app.shell.offers import ActWords
from station_app.values.now import Now
from station_app.values.texts import Texts

PAGE: Final = "quality.papers"
_BODIES: dict[str, Any] = {
    body.KIND: body
    for body in (LotCertified, LotTested, LotEndorsed, PlotDescribed, CertificateShown)
}
ACT_KINDS = tuple(_BODIES)


class Telling:
    """Puts papers and tests into words for other rooms."""

    def __init__(self, outfit: Outfit) -> None:
        """Print as the page does."""
        self._papers = outfit.papers

    def act(self, connection: Connection, act: str, texts: Texts) -> ActWords:
        """Return an act of quality in words."""
        mine = next((fact for fact in facts_of_act(connection, act) if fact.kind in _BODIES), None)
        if mine is None:
            return ActWords("leaf", texts.say("quality.tab"))
        body = msgspec.json.decode(mine.body, type=_BODIES[mine.kind])
        slots = {key: getattr(body, key, "") for key in ("number", "item", "office", "name")}
        key = mine.kind.partition(".")[2]
        return ActWords("leaf", texts.say(f"quality.act.{key}", **slots).rstrip(), page=PAGE)

    def promise_again(self, connection: Connection, act: str, _texts: Texts) -> Document | None:
        """Return the promise that an act issued."""
        paper = self._papers.promise_again(connection, act)
        return paper.document if paper else None

    def lacking(self, connection: Connection, now: Now) -> int:
        """Return how many lots here lack a promise, for the tab."""
        return records.count_lacking(connection, now.day)
