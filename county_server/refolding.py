"""Shift closings, added up once more at the county: does a slip say what the facts say?

A closing names the position of every stream that its PC knew, and the balances it came to. The
county makes the same cut, with the decisions in force there, and adds up what counted. If that is
not what the slip says, somebody must look: it is a case. A closing whose streams are not all here
yet waits for them. Only a PC that does not hold everything yet may say nothing of the books.

It is done behind the intake: a row of `refolds` is written with the closing and answered when
nobody is at the door. What a cut came to is worked out from the balances of now and the few facts
beyond it, so it costs little also after ten years.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    exists,
    func,
    select,
    update,
)

from county_server.accounts import CLEARING
from county_server.behind import Behind
from county_server.cuts import Stream, Untold, reach, read_streams
from county_server.journal import CountyJournal, in_pieces
from county_server.schema import EVERYWHERE, home_of
from county_server.store import Store
from station_app.journal.fact import Fact, is_from_county
from station_app.journal.kinds import CaseClosed
from station_app.journal.projection import FOLD_VERSION
from station_app.ledger.balances import Standing, summed_up
from station_app.ledger.posting import CNY, PCS
from station_app.services.cash.facts import Balance, Position, ShiftClosed

CASE = "shift.balances_differ"
WAITS, SAME, DIFFERS = range(3)
SHOWN_MAX = 50  # accounts that differ: more of them say nothing new
Sums = dict[tuple[str, str], int]


class Difference(msgspec.Struct, array_like=True, frozen=True):
    """An account on which a slip and the facts differ; amounts in the least unit."""

    account: str
    commodity: str
    theirs: int
    ours: int


@dataclass(frozen=True, slots=True)
class Differing:
    """A closing that says something else than its facts. entity: the shift."""

    station: str
    identity: str
    entity: str
    differences: tuple[Difference, ...]


# --- In the transaction of the intake ------------------------------------------------------------


def note_closings(store: Store, connection: Connection, facts: Sequence[Fact]) -> None:
    """Write down which of these facts are closings that are to be looked at."""
    rows = [
        {
            "station": home_of(fact.stream),
            "identity": fact.identity,
            "stream": fact.stream,
            "seq": fact.seq,
            "state": WAITS,
            "feed": 0,
            "detail": b"",
        }
        for fact in facts
        if fact.kind == ShiftClosed.KIND and not is_from_county(fact.stream)
    ]
    if rows:
        connection.execute(store.upsert(store.tables.refolds, keeps=True), rows)


# --- Behind it -----------------------------------------------------------------------------------


def refold_one(store: Store) -> bool:
    """Look at one closing that waits, in a transaction of its own; False when none can be."""
    r, feeds = store.tables.refolds.c, store.tables.feeds.c
    with store.read(behind=True) as connection:
        row = connection.execute(
            select(r.station, r.identity, feeds.newest)
            .where(r.state == WAITS, feeds.station == r.station, feeds.newest > r.feed)
            .order_by(r.station, r.stream, r.seq)
            .limit(1)
        ).first()
    if row is None:
        return False
    station, identity, newest = row
    with store.write(behind=True) as connection:
        store.lock(connection, station)
        if Behind(store, connection).streams(station):
            return False  # folded first
        state, found = _looked_at(store, connection, station, identity)
        values = {"state": state, "feed": newest, "detail": msgspec.json.encode(found)}
        its = and_(r.station == station, r.identity == identity)
        connection.execute(update(store.tables.refolds).where(its).values(values))
    return True


def refold_all(store: Store) -> None:
    """Look at every closing that can be looked at now."""
    if store.catch_up:
        store.catch_up(store)
    while refold_one(store):
        pass


def _looked_at(
    store: Store, connection: Connection, station: str, identity: str
) -> tuple[int, list[Difference]]:
    """Return how a closing stands, and where it differs."""
    f = store.tables.facts.c
    body, stream, seq = connection.execute(
        select(f.body, f.stream, f.seq).where(f.station == station, f.identity == identity)
    ).one()
    try:
        closed = msgspec.json.decode(bytes(body), type=ShiftClosed)
    except msgspec.MsgspecError:
        return WAITS, []  # it stands in quarantine; a newer program reads it
    if closed.fold_version > FOLD_VERSION:
        return WAITS, []
    streams = read_streams(store, connection, station)
    if not _is_all_here(store, connection, station, streams, closed.positions):
        return WAITS, []
    if not closed.balances:
        way = _way(streams, stream, seq)
        was_whole = _held_everything(store, connection, station, way)
        if not was_whole and not _said_so(store, connection, station, way):
            return SAME, []  # its PC did not hold everything yet, and said nothing of the books
    try:
        reached = reach(store, connection, station, streams, closed.positions)
    except Untold:
        return SAME, []  # its PC had a stick of both and no line: nobody can say what it counted
    left_out = [
        kind
        for (kind, _), made in store.vocabulary.kinds.items()
        if closed.fold_version < made.SINCE_FOLD
    ]
    ours = at_cut(store, connection, station, streams, reached, left_out)
    found = differences(closed.balances, ours)
    return (DIFFERS, found[:SHOWN_MAX]) if found else (SAME, [])


def _is_all_here(
    store: Store,
    connection: Connection,
    station: str,
    streams: Mapping[str, Stream],
    positions: Iterable[Position],
) -> bool:
    """Tell whether every fact within a cut is held: the ends, and all that they go on from."""
    journal = CountyJournal(store, connection)
    missing = {position.identity for position in positions if not position.stream}
    waiting: list[str] = []
    for position in positions:
        if position.stream:
            place = journal.place_of(position.identity, station)
            if place is None or place[1] != position.seq:
                return False
            waiting.append(place[0])
    seen: set[str] = set()
    while waiting:
        stream = streams.get(waiting.pop())
        if stream is None:
            return False
        if stream.name in seen or not stream.first_prev or stream.first_prev in missing:
            continue
        seen.add(stream.name)
        if not stream.parent:
            return False
        waiting.append(stream.parent)
    return True


def _way(streams: Mapping[str, Stream], stream: str, before: int) -> dict[str, int]:
    """Return the streams that lead to a fact, each with the last seq on the way to it."""
    way: dict[str, int] = {}
    upto = before - 1
    while stream in streams and stream not in way:
        way[stream] = upto
        stream, upto = streams[stream].parent, streams[stream].parent_seq
    return way


def _held_everything(
    store: Store, connection: Connection, station: str, way: Mapping[str, int]
) -> bool:
    """Tell whether a closing on this way said what the books come to, having heard the county.

    A PC lacks something only until it is filled, once. Before its first word with the county it
    takes its own for everything; from then on its closings name a place of the county's.
    """
    r, f = store.tables.refolds.c, store.tables.facts.c
    asked = select(r.stream, r.seq, f.body).where(
        r.station == station, f.station == r.station, f.identity == r.identity
    )
    return any(
        seq <= way[stream] and _says_all(bytes(body))
        for piece in in_pieces(way)
        for stream, seq, body in connection.execute(asked.where(r.stream.in_(piece)))
    )


def _said_so(store: Store, connection: Connection, station: str, way: Mapping[str, int]) -> bool:
    """Tell whether the PC has told the county on this way that nothing lacks, and gone on since.

    A fact behind that word proves that its journal was whole then: an image of before ends there.
    Of two versions of a stream nobody knows which of them was meant before the first fact.
    """
    said, journal = store.tables.said_whole.c, CountyJournal(store, connection)
    asked = select(said.stream, said.seq, said.mark).where(said.station == station)
    versions = journal.versions_of
    return any(
        seq < way[stream] + (stream == next(iter(way)))
        and (journal.identity_at(stream, seq).startswith(mark) if seq else not versions(stream))
        for piece in in_pieces(way)
        for stream, seq, mark in connection.execute(asked.where(said.stream.in_(piece)))
    )


def _says_all(body: bytes) -> bool:
    try:
        closed = msgspec.json.decode(body, type=ShiftClosed)
    except msgspec.MsgspecError:
        return False  # in quarantine: it says nothing that anybody can read
    return bool(closed.balances) and any(is_from_county(p.stream) for p in closed.positions)


def at_cut(  # noqa: PLR0913 - what a cut is made of
    store: Store,
    connection: Connection,
    station: str,
    streams: Mapping[str, Stream],
    reached: Mapping[str, int],
    left_out: Sequence[str] = (),
) -> Sums:
    """Return what money and pieces came to at a cut: today's balances without what lies beyond.

    left_out: kinds that the program which made the cut could not post.
    """
    tables = store.tables
    b, here = tables.balances.c, (station, EVERYWHERE)
    sums: Sums = {}
    rows = connection.execute(
        select(b.account, b.commodity, b.amount).where(
            b.station.in_(here), b.commodity.in_((CNY, PCS))
        )
    )
    _add(sums, rows, 1)
    for name, stream in streams.items():
        upto = reached.get(name, 0)
        if stream.length > upto:
            books = tables.postings
            beyond = _sums(books, here, name).where(books.c.seq > upto)
            _add(sums, connection.execute(beyond), -1)
    aside = tables.postings_aside
    names = select(aside.c.stream).where(aside.c.station.in_(here)).distinct()
    for (name,) in connection.execute(names).all():
        within = _sums(aside, here, name).where(aside.c.seq <= reached.get(name, 0))
        _add(sums, connection.execute(within), 1)
    for name in reached if left_out else ():
        for table in (tables.postings, tables.postings_aside):
            posted = _sums(table, here, name).where(table.c.seq <= reached[name])
            _add(sums, connection.execute(posted.where(_is_of(store, table, left_out))), -1)
    return {key: amount for key, amount in sums.items() if amount}


def _sums(table: Table, here: Sequence[str], stream: str) -> Select[tuple[str, str, int]]:
    p = table.c
    return (
        select(p.account, p.commodity, func.sum(p.amount))
        .where(p.station.in_(here), p.stream == stream)
        .where(p.commodity.in_((CNY, PCS)), p.account.not_like(f"{CLEARING}%"))
        .group_by(p.account, p.commodity)
    )


def _is_of(store: Store, table: Table, kinds: Sequence[str]) -> ColumnElement[bool]:
    f, p = store.tables.facts.c, table.c
    its = and_(f.station == p.station, f.stream == p.stream, f.seq == p.seq)
    return exists().where(its, f.kind.in_(kinds))


def _add(sums: Sums, rows: Iterable[Any], sign: int) -> None:
    for account, commodity, amount in rows:
        key = (account, commodity)
        sums[key] = sums.get(key, 0) + sign * int(amount)


def differences(said: Iterable[Balance], ours: Sums) -> list[Difference]:
    """Return where the balances of a slip differ from ours; single accounts may be summed up."""
    theirs = {(one.account, one.commodity): one.amount for one in said}
    if theirs == ours:
        return []
    added = summed_up(Standing(*key, amount) for key, amount in sorted(ours.items()))
    summed = {(one.account, one.commodity): one.amount for one in added}
    if theirs == summed:
        return []
    known = ours if len(theirs.keys() - ours) <= len(theirs.keys() - summed) else summed
    return [
        Difference(*key, theirs.get(key, 0), known.get(key, 0))
        for key in sorted({*theirs, *known})
        if theirs.get(key, 0) != known.get(key, 0)
    ]


# --- What stands ---------------------------------------------------------------------------------


def differing(store: Store, connection: Connection, station: str = "") -> list[Differing]:
    """Return the closings that differ and that nobody has decided about. station: "" for all."""
    r, f = store.tables.refolds.c, store.tables.facts.c
    query = (
        select(r.station, r.identity, f.entity, r.detail)
        .where(r.state == DIFFERS, f.station == r.station, f.identity == r.identity)
        .order_by(r.station, r.identity)
    )
    if station:
        query = query.where(r.station == station)
    return [
        Differing(row[0], row[1], row[2], msgspec.json.decode(row[3], type=tuple[Difference, ...]))
        for row in connection.execute(query).all()
        if not _is_decided(store, connection, row[0], row[2], row[1])
    ]


def _is_decided(
    store: Store, connection: Connection, station: str, shift: str, closing: str
) -> bool:
    """Tell whether somebody has closed this case, having seen exactly this closing."""
    for fact in CountyJournal(store, connection).filed_under(station, shift):
        if fact.kind == CaseClosed.KIND:
            said = msgspec.json.decode(fact.body, type=CaseClosed)
            if said.case == CASE and said.members == (closing,):
                return True
    return False
