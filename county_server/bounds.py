"""How much is taken of one PC that nobody can use: what cannot be read, and other versions.

Both are kept, shown and counted, and a broken or wicked program could send of them without end. So
there is a bound; beyond it a frame stays with its PC, which is told so by name: what was never
acknowledged is not lost, and the rest of what it says goes on. The bound is far above anything that
a PC of the station can come to before somebody has looked: two months of a busy one.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, and_, func, select

from county_server.asking import ask
from county_server.store import Store
from station_app.journal.fact import Fact, said_as
from station_app.journal.rulings import author_of
from station_app.journal.vocabulary import Unreadable

QUARANTINE_FULL, BRANCHES_FULL = "quarantine_full", "branches_full"
QUARANTINED_MAX = 20_000
VERSION_FACTS_MAX = 20_000


class Bounds:
    """Counts what is held, inside the transaction of a push; normally one quick question."""

    def __init__(self, store: Store, connection: Connection, station: str) -> None:
        """Look at one station."""
        self._store = store
        self._connection = connection
        self._station = station
        self._known: int | None = None

    def can_read(self, facts: Sequence[Fact]) -> bool:
        """Tell whether these facts need no counting: their kinds are known, and there is room."""
        kinds = self._store.vocabulary.kinds
        return self._set_aside < QUARANTINED_MAX and all((f.kind, f.v) in kinds for f in facts)

    def has_room_to_set_aside(self, facts: Sequence[Fact]) -> bool:
        """Tell whether what cannot be read of these facts may be kept, too."""
        if not facts or self.can_read(facts):
            return True
        more = sum(not self._is_readable(fact) for fact in facts)
        if self._set_aside + more <= QUARANTINED_MAX or not more:
            self._known = self._set_aside + more
            return True
        author = author_of(said_as(facts[0].stream))
        return quarantined(self._store, self._connection, author) + more <= QUARANTINED_MAX

    def has_room_beside(self, author: str, more: int) -> bool:
        """Tell whether so many facts more of other versions are taken of a PC."""
        held = version_facts(self._store, self._connection, author)
        return held + more <= VERSION_FACTS_MAX

    @property
    def _set_aside(self) -> int:
        """Return how many facts of the station cannot be read; mostly none."""
        if self._known is None:
            asked = self._store.questions.quarantined
            self._known = ask(self._connection, asked, {"at": self._station})[0][0]
        return self._known

    def _is_readable(self, fact: Fact) -> bool:
        try:
            self._store.vocabulary.read(fact)
        except Unreadable:
            return False
        return True


def quarantined(store: Store, connection: Connection, author: str) -> int:
    """Return how many facts of a PC ("NX0601/D2") cannot be read here."""
    q, f, s = store.tables.quarantine.c, store.tables.facts.c, store.tables.streams.c
    found: int = connection.execute(
        select(func.count())
        .select_from(store.tables.quarantine)
        .join(store.tables.facts, and_(f.station == q.station, f.identity == q.identity))
        .join(store.tables.streams, and_(s.station == f.station, s.stream == f.stream))
        .where(q.station == author.partition("/")[0], s.author == author)
    ).scalar_one()
    return found


def version_facts(store: Store, connection: Connection, author: str) -> int:
    """Return how many facts of other versions are held of a PC ("NX0601/D2")."""
    v, s = store.tables.versions.c, store.tables.streams.c
    found = connection.execute(
        select(func.coalesce(func.sum(s.length - v.upto), 0)).where(
            v.station == author.partition("/")[0],
            s.station == v.station,
            s.stream == v.line,
            s.author == author,
        )
    ).scalar_one()
    return int(found)
