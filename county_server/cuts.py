"""How far a cut reaches: the county's copy of `station_app.journal.cuts`, with a last day.

A statement lists the facts within its cut and not within that of the statement before: nothing is
lost between two months and nothing stands in both, whatever arrives late. A month's cut ends each
chain before the first money of a later day, so that November's statement, made on the third of
December, does not begin December.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, and_, select

from county_server.journal import CountyJournal
from county_server.schema import EVERYWHERE, home_of
from county_server.store import Store
from station_app.journal.fact import VERSION_MARK, said_as
from station_app.journal.rulings import Ruling, alone_in, author_of, is_ruled, reach_of
from station_app.services.cash.facts import Position


class Untold(Exception):
    """Within a cut stand two versions of a stream, and no word of the county about them.

    Which of them counted there depends on what came first, which nobody knows any more.
    """


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream as it is kept. parent, parent_seq: the fact it continues, "" for none held."""

    name: str
    length: int
    head: str
    first_prev: str
    parent: str = ""
    parent_seq: int = 0


def read_streams(store: Store, connection: Connection, station: str) -> dict[str, Stream]:
    """Return all streams that a station may see, by name."""
    streams, facts = store.tables.streams, store.tables.facts
    rows = connection.execute(
        select(
            streams.c.stream, streams.c.length, streams.c.head, streams.c.first_prev,
            facts.c.stream, facts.c.seq,
        )
        .outerjoin(
            facts,
            and_(
                facts.c.station.in_((station, EVERYWHERE)),
                facts.c.identity == streams.c.first_prev,
            ),
        )
        .where(streams.c.station.in_((station, EVERYWHERE)))
        .order_by(streams.c.stream)
    )  # fmt: skip
    return {row[0]: Stream(*row[:4], row[4] or "", row[5] or 0) for row in rows}


def counted_of(store: Store, connection: Connection, station: str) -> dict[str, int]:
    """Return up to where the streams count that do not count whole (`kept_back`).

    What waits beyond is in no statement; once it is accepted it stands in the next one.
    """
    c = store.tables.kept_back.c
    rows = connection.execute(select(c.stream, c.reach).where(c.station == station))
    return {row[0]: row[1] for row in rows}


def limits(
    streams: dict[str, Stream], first_beyond: dict[str, int], counted: dict[str, int]
) -> dict[str, int]:
    """Return how far each stream lies within a cut that ends before some facts.

    first_beyond: for streams that hold money of a later day, the seq of the first of it. A stream
    that hangs on what is outside is outside as a whole. counted: see `counted_of`.
    """
    found: dict[str, int] = {}
    for name in _parents_first(streams):
        stream = streams[name]
        end = min(stream.length, first_beyond.get(name, stream.length + 1) - 1)
        if stream.parent in found and found[stream.parent] < stream.parent_seq:
            end = 0
        found[name] = end
    ends = {name: min(end, counted.get(name, end)) for name, end in found.items()}
    return {name: end for name, end in ends.items() if end}


def _parents_first(streams: dict[str, Stream]) -> list[str]:
    """Return the streams, each behind the one that it continues: thousands of starts in ten years.

    A chain of another's making may bite its own tail; then its streams come in any order.
    """
    children: dict[str, list[str]] = {}
    for name, stream in streams.items():
        parent = stream.parent if stream.parent in streams else ""
        children.setdefault(parent, []).append(name)
    ordered, waiting = [], list(children.get("", []))
    while waiting:
        name = waiting.pop()
        ordered.append(name)
        waiting += children.get(name, [])
    return ordered + sorted(streams.keys() - set(ordered))


def tips(
    store: Store, connection: Connection, streams: dict[str, Stream], reached: dict[str, int]
) -> tuple[Position, ...]:
    """Return a cut as positions: the ends that nothing within it continues, and what is missing."""
    continued = {
        (streams[name].parent, streams[name].parent_seq) for name in reached if streams[name].parent
    }
    ends = [(name, end) for name, end in sorted(reached.items()) if (name, end) not in continued]
    missing = sorted(
        {streams[name].first_prev for name in reached if not streams[name].parent} - {""}
    )
    named = tuple(
        Position(said_as(name), end, _identity(store, connection, streams[name], end))
        for name, end in ends
    )
    return (*named, *(Position("", 0, identity) for identity in missing))


def _identity(store: Store, connection: Connection, stream: Stream, seq: int) -> str:
    if seq == stream.length:
        return stream.head
    facts = store.tables.facts
    identity: str = connection.execute(
        select(facts.c.identity).where(
            facts.c.station == home_of(stream.name),
            facts.c.stream == stream.name,
            facts.c.seq == seq,
        )
    ).scalar_one()
    return identity


def reach(
    store: Store,
    connection: Connection,
    station: str,
    streams: dict[str, Stream],
    positions: Iterable[Position],
) -> dict[str, int]:
    """Return how far every stream counted within the cut of these positions.

    Of two versions of a stream the identity tells which is meant. What counted follows from the
    decisions that lie within the cut, as at the stations: what was accepted since stood outside.
    """
    journal = CountyJournal(store, connection)
    named = tuple(positions)
    missing = {position.identity for position in named if not position.stream}
    reached: dict[str, int] = {}
    waiting = [
        journal.place_of(position.identity, station) or (position.stream, position.seq)
        for position in named
        if position.stream
    ]
    while waiting:
        name, seq = waiting.pop()
        is_new = name not in reached
        reached[name] = max(seq, reached.get(name, 0))
        stream = streams.get(name)
        if is_new and stream is not None and stream.parent and stream.first_prev not in missing:
            waiting.append((stream.parent, stream.parent_seq))
    return _in_force(store, connection, station, reached)


def _in_force(
    store: Store, connection: Connection, station: str, reached: dict[str, int]
) -> dict[str, int]:
    """Return how far streams counted by the county's decisions that lie within a cut."""
    r, f = store.tables.rulings.c, store.tables.facts.c
    rows = connection.execute(
        select(r.what, r.name, r.seq, r.hash, f.stream, f.seq).where(
            r.station == station, f.station == r.station, f.identity == r.identity
        )
    )
    about: dict[str, list[Ruling]] = {}
    for what, name, seq, identity, stream, said_at in rows:
        if said_at <= reached.get(stream, 0):
            about.setdefault(name, []).append(Ruling(what, name, seq, identity))
    journal = CountyJournal(store, connection)

    def identity_at(line: str, seq: int) -> str:
        return journal.identity_at(line, seq) if seq <= reached.get(line, 0) else ""

    counted = {}
    for line, seq in reached.items():
        known = (*about.get(author_of(line), ()), *about.get(said_as(line), ()))
        if known or VERSION_MARK in line:
            parents = {
                version: place
                for version, place in journal.versions_of(line).items()
                if version in reached
            }
            alone = alone_in(reached, parents)
            counted[line] = min(seq, reach_of(line, known, identity_at, parents, alone))
            if line not in alone and not is_ruled(line, known, parents):
                raise Untold(line)
    return reached | counted
