"""PCs that are cut off, and what lies beyond: what the county says about it, and what waits.

A lost PC is cut at what the county holds of it at that moment. What comes from it later is kept and
shown with its sum, until somebody has looked at it and takes it in up to an act, or leaves it out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, bindparam, func, or_, select

from county_server.acceptances import ACTS_AT_ONCE_MAX, acceptances
from county_server.asking import ask
from county_server.cut_off import is_cut_off
from county_server.journal import CountyJournal
from county_server.kept_back import CountyKeptBack
from county_server.schema import Tables
from county_server.store import Store
from station_app.journal.fact import Saying
from station_app.journal.kinds import (
    ActReversed,
    BranchRefused,
    DeviceRevoked,
    RulingRemark,
    StreamEnd,
)
from station_app.journal.rulings import END, REFUSED, REVOKED, VERSION_MARK, said_as
from station_app.ledger.accounts import DRAWERS, PLACES
from station_app.ledger.posting import CNY

REASONS = ("lost", "stolen", "broken", "retired")
REMARK_CHARACTERS_MAX = 200
ENDS_MAX = 300  # of one fact: some 40 KiB; ten years of starts are a dozen facts of one act


class NotDecided(ValueError):
    """It cannot be said; `reason` is a key of the county's texts, and names what is wrong."""

    def __init__(self, reason: str) -> None:
        """Refuse for a reason."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Cut:
    """A PC that was cut off. at: when it was said, UTC ms; streams: how many were named."""

    station: str
    device: str
    reason: str
    by: str
    at: int
    streams: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a line says beyond what counts of it.

    line: a stream, or a version of one; first, last: seqs; hash: identity of the last; money_fen:
    by how much it would change the money at the station; is_cut: of a PC that was cut off, else a
    second version; is_refused: somebody has left it out, up to the last.
    """

    station: str
    line: str
    first: int
    last: int
    hash: str
    acts: int
    money_fen: int
    is_cut: bool
    is_refused: bool

    @property
    def device(self) -> str:
        """Return whose it is: "D2"."""
        return self.line.split("/")[1]

    @property
    def is_version(self) -> bool:
        """Tell whether it waits as a second version, and not because its PC was cut off."""
        return not self.is_cut

    @property
    def facts(self) -> int:
        """Return how many facts wait."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class WaitingAct:
    """One act that waits. last, hash: its last fact; kinds: of its facts, in order."""

    last: int
    hash: str
    at: int
    by: str
    kinds: tuple[str, ...]
    money_fen: int


def line_key(line: str) -> str:
    """Return a line's name as a part of a URL: "NX0601/D2/0f…" is "NX0601!D2!0f…"."""
    return line.replace("/", "!")


def line_of(key: str) -> str:
    """Return the line whose name this part of a URL is."""
    return key.replace("!", "/")


# --- What is said --------------------------------------------------------------------------------


def revocation(  # noqa: PLR0913 - what a clerk fills in
    store: Store,
    connection: Connection,
    station: str,
    device: str,
    *,
    reason: str,
    remark: str,
    day: str,
) -> list[Saying]:
    """Return what cuts a PC off at what is held of it now; raises NotDecided."""
    if reason not in REASONS:
        raise NotDecided("revoke_reason")
    if not remark.strip():
        raise NotDecided("remark")
    keys = store.tables.keys.c
    is_known = connection.execute(
        select(keys.device).where(keys.station == station, keys.device == device)
    ).first()
    if is_known is None:
        raise NotDecided("no_such_device")
    if is_cut_off(store, connection, station, device):
        raise NotDecided("revoked_already")
    c = store.tables.streams.c
    rows = connection.execute(
        select(c.stream, c.length, c.head)
        .where(c.station == station, c.author == f"{station}/{device}")
        .order_by(c.stream)
    )
    ends = [StreamEnd(*row) for row in rows if VERSION_MARK not in row[0]]
    pieces = [ends[start : start + ENDS_MAX] for start in range(0, len(ends) or 1, ENDS_MAX)]
    why = RulingRemark(remark=remark.strip()[:REMARK_CHARACTERS_MAX])
    return [
        Saying(
            DeviceRevoked(
                station=station, device=device, reason=reason, ends=tuple(piece), day=day
            ),
            why,
        )
        for piece in pieces
    ]


def settlement(  # noqa: PLR0913 - what a clerk fills in
    store: Store,
    connection: Connection,
    station: str,
    line: str,
    *,
    upto: int,
    is_accepted: bool,
    remark: str,
    day: str,
) -> list[Saying]:
    """Return what takes a line in up to a fact, or leaves it out; raises NotDecided.

    upto: the last fact of an act that waits.
    """
    if not remark.strip():
        raise NotDecided("remark")
    found = next((one for one in waiting(store, connection, station) if one.line == line), None)
    if found is None:
        raise NotDecided("stale")
    acts = waiting_acts(store, connection, found)
    act = next((one for one in acts if one.last == upto), None)
    if act is None:
        raise NotDecided("branch_upto")
    why = RulingRemark(remark=remark.strip()[:REMARK_CHARACTERS_MAX])
    if not is_accepted:
        body = BranchRefused(stream=said_as(line), to=act.last, hash=act.hash, day=day)
        return [Saying(body, why)]
    if sum(1 for one in acts if one.last <= upto) > ACTS_AT_ONCE_MAX:
        raise NotDecided("branch_too_long")
    _check_acceptable(store, connection, found, upto)
    taken_in = acceptances(store, connection, (station, line), upto=upto, day=day)
    return [Saying(body, why) for body in taken_in]


def _check_acceptable(store: Store, connection: Connection, of: Waiting, upto: int) -> None:
    """Raise NotDecided where taking this in would leave a hole, or take money back twice.

    A version that goes on from another one which waits comes after it. An act that was undone in
    both versions is undone once: what lies before the second undoing may be taken in.
    """
    journal = CountyJournal(store, connection)
    parents = journal.versions_of(of.line)
    parent, at = parents.get(of.line, ("", 0))
    if parent and CountyKeptBack(store, connection, of.station).reach(parent) < at:
        raise NotDecided("branch_parent")
    f, r = store.tables.facts.c, store.tables.reversals.c
    undoings = connection.execute(
        select(f.body).where(
            f.station == of.station,
            f.stream == of.line,
            f.seq.between(of.first, upto),
            f.kind == ActReversed.KIND,
        )
    )
    for (body,) in undoings.all():
        act = msgspec.json.decode(bytes(body), type=ActReversed).act
        undone = select(r.act).where(
            r.station == of.station, r.stream == journal.line_of(of.line, act), r.act == act
        )
        if connection.execute(undone).first() is not None:
            raise NotDecided("undone_twice")


# --- What stands ---------------------------------------------------------------------------------


def cuts(store: Store, connection: Connection, stations: Sequence[str] | None) -> list[Cut]:
    """Return the PCs that were cut off, the latest first. stations: None for all."""
    c, f = store.tables.rulings.c, store.tables.facts.c
    query = select(f.station, c.name, f.body, f.by_, f.at, c.identity).where(
        c.what == REVOKED, f.station == c.station, f.identity == c.identity
    )
    if stations is not None:
        query = query.where(c.station.in_(list(stations)))
    found: dict[str, Cut] = {}
    for station, name, body, by, at, identity in connection.execute(query):
        ends = connection.execute(
            select(func.count()).where(c.station == station, c.what == END, c.identity == identity)
        ).scalar_one()
        former = found.get(name)
        reason = _reason_in(bytes(body))
        streams = ends + (former.streams if former else 0)
        first_at = min(at, former.at) if former else at
        found[name] = Cut(station, name.partition("/")[2], reason, by, first_at, streams)
    return sorted(found.values(), key=lambda cut: (-cut.at, cut.station, cut.device))


def _reason_in(body: bytes) -> str:
    reason: str = msgspec.json.decode(body, type=DeviceRevoked).reason
    return reason


def waiting(store: Store, connection: Connection, station: str = "") -> list[Waiting]:
    """Return what does not count and may be decided about, by line. station: "" for all."""
    questions = _questions(store.tables)
    asked, where = (questions.of_station, {"at": station}) if station else (questions.of_all, {})
    found = []
    for of_station, line, reach, length, head in ask(connection, asked, where):
        which = {"at": of_station, "stream": line, "reach": reach}
        ((first, acts),) = ask(connection, questions.beyond, which)
        refused = {"at": of_station, "named": said_as(line), "hash": head}
        found.append(
            Waiting(
                station=of_station,
                line=line,
                first=first,
                last=length,
                hash=head,
                acts=acts,
                money_fen=_money(store, connection, of_station, line, (reach + 1, length)),
                is_cut=is_cut_off(store, connection, of_station, line.split("/")[1]),
                is_refused=bool(ask(connection, questions.refused, refused)),
            )
        )
    return found


def waiting_acts(store: Store, connection: Connection, of: Waiting) -> list[WaitingAct]:
    """Return the acts of a line that wait, in order."""
    f = store.tables.facts.c
    rows = connection.execute(
        select(f.act, f.seq, f.identity, f.at, f.by_, f.kind)
        .where(f.station == of.station, f.stream == of.line, f.seq >= of.first)
        .order_by(f.seq)
    ).all()
    acts: dict[str, list[tuple[int, str, int, str, str]]] = {}
    for act, *rest in rows:
        acts.setdefault(act, []).append(tuple(rest))
    return [
        WaitingAct(
            last=facts[-1][0],
            hash=facts[-1][1],
            at=facts[0][2],
            by=facts[0][3],
            kinds=tuple(fact[4] for fact in facts),
            money_fen=_money(store, connection, of.station, of.line, (facts[0][0], facts[-1][0])),
        )
        for facts in acts.values()
    ]


def _money(
    store: Store, connection: Connection, station: str, line: str, between: tuple[int, int]
) -> int:
    """Return by how much postings set aside change the money at a station, in fen."""
    which = {"at": station, "stream": line, "first": between[0], "last": between[1]}
    ((total,),) = ask(connection, _questions(store.tables).money, which)
    return int(total)


class _Questions:
    """What is asked about each line that waits, written once (`county_server.questions`)."""

    def __init__(self, tables: Tables) -> None:
        at: Any = bindparam("at")
        stream: Any = bindparam("stream")
        k, s = tables.kept_back.c, tables.streams.c
        # station, stream, reach, length, head of what does not count whole
        self.of_all = (
            select(k.station, k.stream, k.reach, s.length, s.head)
            .join_from(
                tables.kept_back,
                tables.streams,
                and_(s.station == k.station, s.stream == k.stream),
            )
            .where(s.length > k.reach)
            .order_by(k.station, k.stream)
        )
        self.of_station = self.of_all.where(k.station == at)
        rulings = tables.rulings.c
        self.refused = select(rulings.hash).where(
            rulings.station == at,
            rulings.what == REFUSED,
            rulings.name == bindparam("named"),
            rulings.hash == bindparam("hash"),
        )
        f = tables.facts.c
        self.beyond = select(func.min(f.seq), func.count(f.act.distinct())).where(
            f.station == at, f.stream == stream, f.seq > bindparam("reach")
        )
        p = tables.postings_aside.c
        is_money = or_(p.account.like(f"{DRAWERS}%"), p.account.in_(list(PLACES)))
        self.money = select(func.coalesce(func.sum(p.amount), 0)).where(
            p.station == at,
            p.stream == stream,
            p.seq.between(bindparam("first"), bindparam("last")),
            p.commodity == CNY,
            is_money,
        )


@cache
def _questions(tables: Tables) -> _Questions:
    return _Questions(tables)
