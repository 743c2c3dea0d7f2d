"""What is kept and not folded yet: a durable cursor behind the intake.

When three hundred stations come at once, the intake verifies and keeps their facts and leaves the
folds and postings for later. A row of `unfolded` says from which fact on a stream waits; it is
written in the transaction that keeps the facts and taken away in the one that folds them, so a
power cut between the two loses nothing. `catching_up` moves it. Nobody reads figures that lack what
was kept before: `Store.read` and `Store.write` catch up first, unless they ask for no figures.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, update

from county_server.asking import ask
from county_server.journal import CountyJournal
from county_server.schema import home_of
from county_server.store import Store
from station_app.journal.fact import Fact

PIECE_FACTS = 1_000  # an act has at most 500: there is always the end of one in a full piece


class Behind:
    """The cursor, on an open connection. Who moves it holds the lock of the station."""

    def __init__(self, store: Store, connection: Connection) -> None:
        """Work on `connection`."""
        self._store = store
        self._table = store.tables.unfolded
        self._connection = connection

    def stations(self) -> list[str]:
        """Return the stations of which something waits."""
        return [row[0] for row in ask(self._connection, self._store.questions.unfolded)]

    def streams(self, station: str) -> dict[str, int]:
        """Return the streams of a station of which something waits, with the first such fact."""
        rows = ask(self._connection, self._store.questions.unfolded_of, {"at": station})
        return {row[0]: row[1] for row in rows}

    def note(self, first: Fact) -> None:
        """Note that a stream waits from this fact on, unless it waits already."""
        row = {"station": home_of(first.stream), "stream": first.stream, "first": first.seq}
        self._connection.execute(self._store.upsert(self._table, keeps=True), [row])

    def move(self, stream: str, first: int) -> None:
        """Let the cursor stand before a fact; 0: nothing of the stream waits any more."""
        mine = (self._table.c.station == home_of(stream)) & (self._table.c.stream == stream)
        if first:
            self._connection.execute(update(self._table).where(mine).values(first=first))
        else:
            self._connection.execute(delete(self._table).where(mine))

    def piece(self, stream: str, first: int) -> tuple[Sequence[Fact], int]:
        """Return what is to be folded next of a stream, whole acts, and where it goes on.

        0: nowhere, it is whole then.
        """
        journal = CountyJournal(self._store, self._connection)
        facts = journal.run(stream, first, first + PIECE_FACTS - 1)
        if len(facts) < PIECE_FACTS:
            return facts, 0
        end = len(facts)
        while facts[end - 1].act == facts[-1].act:
            end -= 1
        return facts[:end], facts[end].seq
