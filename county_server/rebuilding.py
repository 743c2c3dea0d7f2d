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
from station_app.journal.fact import VERSION_MARK, Fact, said_as

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
            for head in parents_first(journal, station):
                for facts in pieces(journal, head):
                    recording = Recording(store, connection)
                    if VERSION_MARK in head.stream:
                        recording.settle(head.stream, station)
                    recording.follow(facts)
                    recording.flush()
                    folded += len(facts)
    return folded


def parents_first(journal: CountyJournal, station: str) -> list[Head]:
    """Return the streams of a station by name, versions behind what they go on from."""
    return sorted(
        journal.streams(station),
        key=lambda head: (said_as(head.stream), first_seq(journal, head.stream), head.stream),
    )


def first_seq(journal: CountyJournal, line: str) -> int:
    """Return the first seq of a line: 1, or where a version begins to differ."""
    if VERSION_MARK not in line:
        return 1
    return journal.versions_of(line).get(line, ("", 0))[1] + 1


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
    first = first_seq(journal, head.stream)
    while first <= head.to:
        facts = journal.run(head.stream, first, first + PIECE - 1)
        if not facts:
            return
        yield facts
        first += PIECE
