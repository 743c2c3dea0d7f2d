"""Does everything still hold? Chains, heads, states, tables, postings: looked at from the facts.

Nothing is believed here that can be computed. The chain is hashed anew, every signed head is
checked, and the facts are folded and posted once more into an empty database beside: what comes
out there must be what stands here, row by row. The first fact that does not fit is named.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, func, select

from county_server.behind import Behind
from county_server.county import County
from county_server.journal import CountyJournal
from county_server.rebuilding import (
    derived_tables,
    parents_first,
    pieces,
    rebuild,
    stations_of,
)
from county_server.recording import Recording
from county_server.schema import STATION
from county_server.store import Store
from station_app.journal.blob import blob_name
from station_app.journal.chain import Head, first_break
from station_app.sync.segment import Rejected, check_head


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something that does not hold. seq: 0 when it is not about one fact."""

    check: str
    station: str
    stream: str = ""
    seq: int = 0
    reason: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked at, and what was found; nothing found is good.

    lengths: stream → how many of its facts were read, so that a station can compare its own.
    """

    stations: int
    streams: int
    facts: int
    lengths: dict[str, int]
    findings: tuple[Finding, ...]


def verify_county(county: County) -> Report:
    """Look at everything; reads one moment of the database and writes nothing."""
    lengths: dict[str, int] = {}
    found: list[Finding] = []
    with county.store.read() as connection:
        stations = stations_of(county.store, connection)
        for station in stations:
            found += check_chains(county, connection, station, lengths)
            found += check_zero(county.store, connection, station)
            found += check_blobs(county.store, connection, station)
            found += check_cursor(county.store, connection, station)
        found += check_folds(county, connection, stations)
    return Report(
        stations=len(stations),
        streams=len(lengths),
        facts=sum(lengths.values()),
        lengths=lengths,
        findings=tuple(found),
    )


# --- Chains and heads ----------------------------------------------------------------------------


def check_chains(
    county: County, connection: Connection, station: str, lengths: dict[str, int]
) -> Iterator[Finding]:
    """Yield, for each stream of a station, the first fact that does not fit, and bad heads."""
    journal = CountyJournal(county.store, connection)
    ring = county.ring(connection, station)
    for head in journal.streams(station):
        end = _where_it_begins(journal, head.stream)
        lengths[head.stream] = 0
        for facts in pieces(journal, head):
            lengths[head.stream] += len(facts)
            broken = first_break(facts, end)
            if broken is not None:
                yield _finding("chain", station, head.stream, broken.seq, broken.reason)
                break
            end = Head(head.stream, facts[-1].seq, facts[-1].identity)
        else:
            if end != head:
                yield _finding("chain", station, head.stream, end.to, "end_differs")
        yield from _check_heads(county, journal, ring, station, head)


def _where_it_begins(journal: CountyJournal, line: str) -> Head:
    """Return the end that the first fact of a line must continue."""
    parent, upto = journal.versions_of(line).get(line, ("", 0))
    return Head(line, upto, journal.identity_at(parent, upto) if parent else "")


def _check_heads(
    county: County, journal: CountyJournal, ring: Any, station: str, head: Head
) -> Iterator[Finding]:
    signed = journal.heads_after(head.stream, 0)
    if not signed or signed[-1].to != head.to:
        yield _finding("head", station, head.stream, head.to, "unsigned")
    for one in signed:
        refused = check_head(one, county.id, ring)
        if isinstance(refused, Rejected):
            yield _finding("head", station, head.stream, one.to, refused.reason)
        elif journal.identity_at(one.stream, one.to) != one.identity:
            yield _finding("head", station, head.stream, one.to, "other_fact")


# --- Money and goods -----------------------------------------------------------------------------


def check_zero(store: Store, connection: Connection, station: str) -> Iterator[Finding]:
    """Yield the facts whose postings do not sum to zero per commodity."""
    postings = store.tables.postings
    rows = connection.execute(
        select(postings.c.stream, postings.c.seq, postings.c.commodity)
        .where(postings.c.station == station)
        .group_by(postings.c.stream, postings.c.seq, postings.c.commodity)
        .having(func.sum(postings.c.amount) != 0)
        .order_by(postings.c.stream, postings.c.seq)
    )
    for stream, seq, commodity in rows:
        yield _finding("conservation", station, stream, seq, f"{commodity} is not zero")


# --- Photos --------------------------------------------------------------------------------------


def check_blobs(store: Store, connection: Connection, station: str) -> Iterator[Finding]:
    """Yield the photos that are not what their names say, or that nothing names any more."""
    blobs, names, photos = store.tables.blobs, store.tables.blob_names, store.tables.photos
    rows = connection.execute(
        select(blobs.c.hash, blobs.c.content)
        .where(blobs.c.station == station)
        .order_by(blobs.c.hash)
    )
    named = {
        row[0]
        for table in (names, photos)
        for row in connection.execute(select(table.c.hash).where(table.c.station == station))
    }
    for name, content in rows:
        if blob_name(bytes(content)) != name:
            yield _finding("blob", station, "", 0, f"{name} is not what its name says")
        elif name not in named:
            yield _finding("blob", station, "", 0, f"{name} is named by nothing")


# --- The cursor ----------------------------------------------------------------------------------


def check_cursor(store: Store, connection: Connection, station: str) -> Iterator[Finding]:
    """Yield the streams that wait for their folds from a fact that is not held."""
    journal = CountyJournal(store, connection)
    for stream, first in Behind(store, connection).streams(station).items():
        if not 1 <= first <= journal.head(stream).to:
            yield _finding("cursor", station, stream, first, "waits from a fact that is not held")


# --- Folds ---------------------------------------------------------------------------------------


def check_folds(county: County, connection: Connection, stations: list[str]) -> Iterator[Finding]:
    """Fold and post everything anew in memory and yield where the tables here differ.

    What waits behind the intake is folded neither here nor there.
    """
    beside = Store("sqlite://", county.store.vocabulary)
    beside.make()
    try:
        with beside.write() as anew:
            journal = CountyJournal(county.store, connection)
            for station in stations:
                waits = Behind(county.store, connection).streams(station)
                for head in parents_first(journal, station):
                    before = _where_it_begins(journal, head.stream)
                    upto = waits.get(head.stream, head.to + 1) - 1
                    for facts in pieces(journal, Head(head.stream, upto, "")):
                        recording = Recording(beside, anew)
                        recording.enter(facts, before)
                        recording.flush()
                        before = Head(head.stream, facts[-1].seq, facts[-1].identity)
            for ours, theirs in zip(
                derived_tables(county.store), derived_tables(beside), strict=True
            ):
                yield from _differences(connection, anew, ours, theirs)
    finally:
        beside.close()


def _differences(
    connection: Connection, anew: Connection, ours: Table, theirs: Table
) -> Iterator[Finding]:
    """Yield the first row of a table that is not the one computed."""
    here = _rows(connection, ours)
    there = _rows(anew, theirs)
    while True:
        mine, computed = next(here, None), next(there, None)
        if mine is None and computed is None:
            return
        if mine != computed:
            row = dict(zip(ours.columns.keys(), mine or computed or (), strict=True))
            yield Finding(
                check=f"fold:{ours.name}",
                station=str(row.get(STATION, "")),
                stream=str(row.get("stream", "")),
                seq=int(row.get("seq", 0)),
                reason="differs from the facts" if mine and computed else _lacking(mine),
            )
            return


def _lacking(mine: tuple[Any, ...] | None) -> str:
    return "does not follow from the facts" if mine is not None else "lacks a row"


def _rows(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    """Yield rows by primary key; balances of zero are none, whoever made them."""
    for row in connection.execute(_all_rows(table)):
        yield tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)


@cache
def _all_rows(table: Table) -> Any:
    query = select(*table.columns).order_by(*table.primary_key.columns)
    return query.where(table.c.amount != 0) if table.name == "balances" else query


def _finding(check: str, station: str, stream: str, seq: int, reason: str) -> Finding:
    return Finding(check=check, station=station, stream=stream, seq=seq, reason=reason)


def rebuild_county(county: County) -> int:
    """Make everything that follows from the facts anew; return how many facts were folded."""
    return rebuild(county.store)


__all__ = ["derived_tables", "rebuild_county", "stations_of", "verify_county"]
