"""What a PC that was cut off is still told: that it was, and nothing about people.

Its key may hand in, and gets receipts. Down go only the county's words to the station up to the
last that is about this PC, without any private part: so it works out the same as everybody, and
whoever holds it reads no name.
"""

from collections.abc import Iterator, Mapping

import msgspec
from sqlalchemy import Connection

from county_server.asking import ask
from county_server.journal import CountyJournal
from county_server.store import Store
from station_app.journal.fact import Fact
from station_app.sync.packing import Unit, by_acts

READ_FACTS = 500


def is_cut_off(store: Store, connection: Connection, station: str, device: str) -> bool:
    """Tell whether a PC was cut off: it may hand in, and is told nothing about people."""
    named = {"at": station, "named": f"{station}/{device}"}
    return bool(ask(connection, store.questions.cut_off, named))


class CutOff:
    """Looks whether one PC was cut off, and gives what it is told then."""

    def __init__(self, store: Store, connection: Connection, owner: str) -> None:
        """Look. owner: "NX0601/D2", from the registered key."""
        self._store = store
        self._connection = connection
        self._owner = owner
        self._station, _, device = owner.rpartition("/")
        self.is_so = is_cut_off(store, connection, self._station, device)

    def words(self, named: Mapping[str, int]) -> Iterator[Unit]:
        """Yield the county's words that it lacks. named: how far it has which stream."""
        journal = CountyJournal(self._store, self._connection)
        for stream, last in self._last_words():
            yield from by_acts(self._bare(journal, stream, named.get(stream, 0) + 1, last))

    def _last_words(self) -> list[tuple[str, int]]:
        """Return, for each stream of the county, the last decision that is about this PC."""
        begins = f"{self._owner}/"
        which = {"at": self._station, "named": self._owner, "begins": begins, "long": len(begins)}
        rows = ask(self._connection, self._store.questions.last_words, which)
        return [(row[0], row[1]) for row in rows]

    def _bare(self, journal: CountyJournal, stream: str, first: int, last: int) -> Iterator[Fact]:
        while first <= last:
            for fact in journal.run(stream, first, min(last, first + READ_FACTS - 1)):
                yield msgspec.structs.replace(fact, private=None)
            first += READ_FACTS
