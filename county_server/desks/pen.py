"""How a desk says something: one act on the stream of one station, or a calm refusal.

A form carries a mark of what its page showed. In the transaction that would write, the mark is
made once more from the database: where it differs somebody was quicker, nothing is written, and the
page comes back with what was typed. So of two clerks on the same line one wins, and the other is
told; and the same form sent twice does nothing the second time.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from county_server.county import County
from county_server.journal import CountyJournal
from county_server.put_back import PaymentsStopped
from county_server.scribe import Scribe
from station_app.journal.fact import Fact, Saying
from station_app.sync.segment import COUNTY

MARK_CHARACTERS = 16


class Refused(Exception):
    """The desk says no. reason: a key of the texts; slots: what stands in its sentence."""

    def __init__(self, reason: str, **slots: object) -> None:
        """Refuse for a reason that the page puts into words."""
        super().__init__(reason)
        self.reason = reason
        self.slots = slots


def mark_of(*parts: object) -> str:
    """Return a short mark of what a page shows."""
    text = "\x1f".join(map(str, parts))
    return hashlib.blake2b(text.encode(), digest_size=32).hexdigest()[:MARK_CHARACTERS]


@dataclass(slots=True)
class Pen:
    """What a desk writes with, inside one transaction."""

    county: County
    connection: Connection
    station: str
    by: str
    now: int
    said: list[Fact] = field(default_factory=list)

    def say(self, sayings: Sequence[Saying]) -> list[Fact]:
        """Say one act to the station; return its facts."""
        county = self.county
        scribe = Scribe(county.store, self.connection, county.keys, county.chance)
        try:
            facts = scribe.say(self.station, sayings, by=self.by, at=self.now)
        except PaymentsStopped as problem:
            raise Refused("payments_stopped") from problem
        scribe.seal()
        self.said += facts
        return facts


@contextmanager
def writing(county: County, station: str, *, by: str, now: int) -> Iterator[Pen]:
    """Open a transaction in which nobody else writes to this station's county stream."""
    with county.store.write() as connection:
        journal = CountyJournal(county.store, connection)
        journal.head(f"{COUNTY}.{county.keys.epoch.number}/{station}")  # locks its row
        yield Pen(county, connection, station, by, now)


def check_mark(mark: Callable[[], str], seen: str) -> None:
    """Raise Refused when a page has been overtaken by another."""
    if mark() != seen:
        raise Refused("stale")


def last_of(county: County, connection: Connection, station: str, kind: str, entity: str) -> str:
    """Return the identity of the last fact of an entity's state, "" for none."""
    states = county.store.tables.states
    row = connection.execute(
        select(states.c.identity).where(
            states.c.station == station, states.c.kind == kind, states.c.entity == entity
        )
    ).one_or_none()
    return row[0] if row else ""
