"""The county's clerk of lost PCs: cuts one off, looks at what waits, takes it in or not."""

import random

from county_server.county import County
from county_server.revoking import (
    REASONS,
    NotDecided,
    revocation,
    settlement,
    waiting,
    waiting_acts,
)
from county_server.scribe import Scribe
from station_app.journal.fact import Saying

DAY = "2026-11-26"
VILLAGES_WITH_THIEVES = 0.35
REVOKES, DECIDES = 0.05, 0.15  # of the steps of a history


class Clerk:
    """Draws from the village's dice; says what the pages of the county say, by the same rules."""

    def __init__(self, dice: random.Random, *, is_strict: bool = False) -> None:
        """Draw from `dice`, which are nobody else's: other histories stay as they were.

        is_strict: there are thieves in any case.
        """
        self._dice = dice
        self._is_strict = dice.random() < VILLAGES_WITH_THIEVES or is_strict

    def act(self, county: County, place: str) -> str:
        """Do something now and then; return what was done, "" for nothing."""
        drawn = self._dice.random()
        if self._is_strict and drawn < REVOKES and self._revoke(county, place):
            return "revoked"
        return "decided" if REVOKES <= drawn < DECIDES and self.decide(county) else ""

    def _revoke(self, county: County, place: str) -> bool:
        """Cut a PC off at what the county holds of it; False if that was done before."""
        station, _, device = place.partition("/")
        reason = self._dice.choice(REASONS)
        with county.store.read() as connection:
            try:
                sayings = revocation(
                    county.store,
                    connection,
                    station,
                    device,
                    reason=reason,
                    remark="打电话问过",
                    day=DAY,
                )
            except NotDecided:
                return False
        self._say(county, station, sayings)
        return True

    def decide(self, county: County) -> bool:
        """Take in, or leave out, something that waits; False if nothing does."""
        with county.store.read() as connection:
            found = waiting(county.store, connection)
            if not found:
                return False
            one = self._dice.choice(found)
            act = self._dice.choice(waiting_acts(county.store, connection, one))
            sayings = settlement(
                county.store,
                connection,
                one.station,
                one.line,
                upto=act.last,
                is_accepted=self._dice.random() < 0.7,
                remark="和站里对过",
                day=DAY,
            )
        self._say(county, one.station, sayings)
        return True

    def _say(self, county: County, station: str, sayings: list[Saying]) -> None:
        with county.store.write() as connection:
            scribe = Scribe(county.store, connection, county.keys, county.chance)
            scribe.say(station, sayings, by="clerk", at=county.clock.now_ms())
            scribe.seal()
