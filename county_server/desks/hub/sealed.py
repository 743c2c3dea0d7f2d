"""The sealed reference samples (封样) of lots, as stations wrote them down with their tests.

Where somebody doubts a test, the sample with that number is what is looked at again.
"""

from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, and_, select

from county_server.desks.hub.station_lots import StationLot, states_of
from county_server.store import Store
from station_app.services.consignment.lots import LOT, Lot
from station_app.services.quality.facts import LotTested

_tested = msgspec.json.Decoder(LotTested).decode


@dataclass(frozen=True, slots=True)
class Sample(StationLot):
    """A sample, and the test that names it."""

    test: LotTested

    @property
    def words(self) -> str:
        """Return what it may be found by."""
        return " ".join((self.test.sample, self.test.report, self.number, self.state.code))


def read_samples(store: Store, connection: Connection) -> list[Sample]:
    """Return the samples of all stations, the newest first."""
    lots = store.tables.read[LOT.name].c
    found = [
        Sample(station, lot, state, test)
        for station, lot, state in states_of(store, connection, lots.sealed > 0)
        for test in _tests(store, connection, station, lot, state)
    ]
    return sorted(found, key=lambda one: (one.test.day, one.test.sample), reverse=True)


def _tests(
    store: Store, connection: Connection, station: str, lot: str, state: Lot
) -> list[LotTested]:
    """Return the tests of a lot that name a sample and were not taken back."""
    facts, folds = store.tables.facts, store.tables.folds
    of_fact = and_(facts.c.station == folds.c.station, facts.c.identity == folds.c.identity)
    rows = connection.execute(
        select(facts.c.body)
        .join_from(folds, facts, of_fact)
        .where(folds.c.station == station, folds.c.root == lot, facts.c.kind == LotTested.KIND)
        .order_by(facts.c.at, facts.c.identity)
    )
    tests = [_tested(bytes(row[0])) for row in rows]
    return [test for test in tests if test.sample and test.sample in state.samples]
