"""What follows from the facts, made anew: every state, table, posting and sum.

The facts stay as they are. Whatever waited behind the intake is folded with the rest, so nothing
waits afterwards.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, Table, delete, select

from county_server.journal import CountyJournal
from county_server.recording import Recording
from county_server.schema import EVERYWHERE
from county_server.store import Store
from station_app.journal.chain import Head
from station_app.journal.fact import Fact

PIECE = 500


def rebuild(store: Store) -> int:
    """Make everything that follows from the facts anew, in one transaction; return the facts."""
    folded = 0
    with store.write(behind=True) as connection:
        stations = stations_of(store, connection)
        for station in (EVERYWHERE, *stations):
            store.lock(connection, station)
        for table in (*derived_tables(store), store.tables.unfolded):
            connection.execute(delete(table))
        journal = CountyJournal(store, connection)
        for station in stations:
            for head in journal.streams(station):
                for facts in pieces(journal, head):
                    recording = Recording(store, connection)
                    recording.follow(facts)
                    recording.flush()
                    folded += len(facts)
    return folded


def stations_of(store: Store, connection: Connection) -> list[str]:
    """Return under which stations facts are kept."""
    streams = store.tables.streams
    rows = connection.execute(select(streams.c.station).distinct().order_by(streams.c.station))
    return [row[0] for row in rows]


def derived_tables(store: Store) -> list[Table]:
    """Return every table that follows from the facts, and nothing else."""
    tables = store.tables
    return [
        tables.states,
        tables.folds,
        tables.founders,
        tables.roots,
        tables.reversals,
        tables.erased,
        tables.blob_names,
        tables.quarantine,
        tables.cases,
        tables.postings,
        tables.postings_aside,
        tables.balances,
        tables.rulings,
        tables.kept_back,
        *tables.read.values(),
    ]


def pieces(journal: CountyJournal, head: Head) -> Iterator[list[Fact]]:
    """Yield the facts of a stream in order, a few hundred at a time."""
    first = 1
    while first <= head.to:
        facts = journal.run(head.stream, first, first + PIECE - 1)
        if not facts:
            return
        yield facts
        first += PIECE
