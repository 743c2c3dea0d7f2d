"""Words of the county that came back without their private part, and how that comes after.

A PC that was cut off is told decisions about it without any name. When the database was put back to
a time before, that PC may be the first to bring those words. So it is noted which of its words the
county holds bare, every receipt names some of them, and a PC that still has the private part sends
the run once more. Its digest stands in the fact: nobody can bring another.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete

from county_server.asking import ask
from county_server.journal import in_pieces
from county_server.store import Store
from station_app.journal.fact import Fact, is_from_county
from station_app.sync.messages import BARE_NAMED_MAX, TIP_HASH_CHARACTERS


class Bare:
    """What is kept under one station without its private part, on an open connection."""

    def __init__(self, store: Store, connection: Connection, station: str) -> None:
        """Look at one station; noting needs a writing connection."""
        self._store = store
        self._connection = connection
        self._station = station

    def named(self, turn: int) -> tuple[str, ...]:
        """Return the beginnings of some of their identities, others at every turn.

        What nobody holds any more is asked for without end, so only few are named at a time.
        """
        rows = ask(self._connection, self._store.questions.bare, {"at": self._station})
        first = turn * BARE_NAMED_MAX % len(rows) if rows else 0
        some = (*rows[first:], *rows[:first])[:BARE_NAMED_MAX]
        return tuple(row[0][:TIP_HASH_CHARACTERS] for row in some)

    def note(self, facts: Iterable[Fact]) -> None:
        """Keep which of these facts, as they came, are the county's and lack what they had."""
        rows = [
            {"station": self._station, "identity": fact.identity}
            for fact in facts
            if fact.private_digest and fact.private is None and is_from_county(fact.stream)
        ]
        if rows:
            upsert = self._store.upsert(self._store.tables.bare, keeps=True)
            self._connection.execute(upsert, rows)

    def lacking(self, facts: Sequence[Fact]) -> list[Fact]:
        """Return those of these facts, which are held, whose private part is here only now."""
        having = {fact.identity for fact in facts if fact.private is not None}
        for piece in in_pieces(having):
            which = {"at": self._station, "names": piece}
            rows = self._connection.execute(self._store.questions.with_private, which)
            having.difference_update(row[0] for row in rows)
        return [fact for fact in facts if fact.identity in having]

    def forget(self, identities: Iterable[str]) -> None:
        """Ask for these no more: they are whole again, or erased."""
        table = self._store.tables.bare
        for piece in in_pieces(identities):
            self._connection.execute(
                delete(table).where(table.c.station == self._station, table.c.identity.in_(piece))
            )
