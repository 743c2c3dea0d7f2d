"""What is said when something that waited counts after all: each act of it, by where it ends.

The last fact alone would do for whoever holds it. A PC that was cut off and lost the end of its
disk never gets it, and could not tell which of two versions was meant.
"""

from sqlalchemy import Connection, select

from county_server.journal import CountyJournal
from county_server.kept_back import CountyKeptBack
from county_server.store import Store
from station_app.journal.fact import said_as
from station_app.journal.kinds import ActEnd, BranchAcceptedByActs
from station_app.journal.rulings import way_to

ACTS_MAX = 300  # of one fact: some 27 KiB
ACTS_AT_ONCE_MAX = 3_000  # by one decision: all of its facts are one act


def acceptances(
    store: Store, connection: Connection, where: tuple[str, str], *, upto: int, day: str
) -> list[BranchAcceptedByActs]:
    """Return what takes in whatever waits on the way to this fact of a line, in order.

    where: the station and the line; upto: the last fact of an act. All that waits on the way to it
    is named.
    """
    ends = _ends(store, connection, where, upto)
    pieces = [ends[start : start + ACTS_MAX] for start in range(0, len(ends), ACTS_MAX)]
    return [
        BranchAcceptedByActs(
            stream=said_as(where[1]),
            to=piece[-1].seq,
            hash=piece[-1].hash,
            acts=tuple(piece[:-1]),
            day=day,
        )
        for piece in pieces
    ]


def _ends(store: Store, connection: Connection, where: tuple[str, str], upto: int) -> list[ActEnd]:
    """Return where the acts end that wait on the way to a fact, the earliest first.

    An act that parts within is one: where it ends in the version that is taken in.
    """
    station, line = where
    kept = CountyKeptBack(store, connection, station)
    f = store.tables.facts.c
    found: dict[str, ActEnd] = {}
    way = way_to(line, CountyJournal(store, connection).versions_of(line))
    for one, last in reversed(way.items()):
        rows = connection.execute(
            select(f.act, f.seq, f.identity)
            .where(
                f.station == station,
                f.stream == one,
                f.seq.between(kept.reach(one) + 1, min(last, upto)),
            )
            .order_by(f.seq)
        )
        found |= {act: ActEnd(seq, identity) for act, seq, identity in rows}
    return sorted(found.values(), key=lambda end: end.seq)
