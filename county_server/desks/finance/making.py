"""A month's statement, made from the county's own books of a station's facts.

A line is what one fact did to one account between the station and the county. The opening of an
account is the closing of the statement before; its closing is the opening and the lines. What is
made is frozen: the canonical bytes of the facts that will be said, kept under the hash of these
bytes. What is issued is exactly that, however much has come in since.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import ColumnElement, Connection, func, or_, select

from county_server.cuts import counted_of, limits, reach, read_streams, tips
from county_server.desks.pen import Refused
from county_server.store import Store
from station_app.journal.fact import blake, canonical
from station_app.ledger.accounts import COUNTY, COUNTY_CURRENT
from station_app.ledger.posting import CNY
from station_app.services.clearing.facts import (
    PART_LINES_MAX,
    STATEMENT_LINES_MAX,
    AccountTotal,
    Charge,
    StatementContinued,
    StatementIssued,
    StatementLine,
)
from station_app.services.clearing.statements import AGREED, REFUSED, Statement
from station_app.values.day import is_day

HELD_BY_COUNTY = f"Liabilities:Held:%:{COUNTY}"


class Frozen(msgspec.Struct, frozen=True, kw_only=True):
    """What will be said: the head and its parts, in order."""

    head: StatementIssued
    parts: tuple[StatementContinued, ...]

    @property
    def lines(self) -> tuple[StatementLine, ...]:
        """Return all lines."""
        return tuple(line for part in self.parts for line in part.lines)

    @property
    def charges(self) -> tuple[Charge, ...]:
        """Return what the county wants to book besides."""
        return tuple(charge for part in self.parts for charge in part.charges)

    @property
    def totals(self) -> tuple[AccountTotal, ...]:
        """Return all totals."""
        return tuple(total for part in self.parts for total in part.totals)


@dataclass(frozen=True, slots=True)
class Month:
    """What is to be made: whose, which month ("2026-11"), and the day it is made on.

    charges: what the county wants to book besides; it counts only when the station accepts it.
    """

    station: str
    month: str
    day: str
    charges: tuple[Charge, ...] = ()

    @property
    def last_day(self) -> str:
        """Return a text that sorts behind every day of the month."""
        return f"{self.month}-99"


def freeze(frozen: Frozen) -> tuple[str, bytes]:
    """Return the id and the canonical bytes of a statement."""
    content = canonical(frozen)
    return blake(content).hex(), content


def thaw(content: bytes) -> Frozen:
    """Return the statement of its bytes."""
    return msgspec.json.decode(content, type=Frozen)


def issued(store: Store, connection: Connection, station: str) -> dict[str, Statement]:
    """Return the statements that were issued to a station, by identity."""
    states = store.tables.states
    rows = connection.execute(
        select(states.c.entity, states.c.data).where(
            states.c.station == station, states.c.kind == "statement"
        )
    )
    found = {row[0]: msgspec.json.decode(bytes(row[1]), type=Statement) for row in rows}
    return {entity: state for entity, state in found.items() if state.issued}


def standing(statements: dict[str, Statement]) -> dict[str, Statement]:
    """Return the statements that no later one replaces."""
    replaced = {state.replaces for state in statements.values()}
    return {entity: state for entity, state in statements.items() if entity not in replaced}


def chain(statements: dict[str, Statement], month: str) -> tuple[str, str]:
    """Return what a new statement of a month follows, and which one it replaces; "" for none.

    Raises Refused when the month is agreed on already, or a later one was issued.
    """
    last = sorted(standing(statements).items(), key=lambda item: item[1].month)
    if not last:
        return "", ""
    entity, state = last[-1]
    if state.month > month:
        raise Refused("statement_later", month=state.month)
    if state.month < month and state.status == REFUSED:
        raise Refused("statement_refused", month=state.month)
    if state.month < month:
        return entity, ""
    if state.status == AGREED or state.accepted:
        raise Refused("statement_agreed", month=month)
    return state.since, entity


def make(store: Store, connection: Connection, wanted: Month) -> Frozen:
    """Return the statement of a month; raises Refused where there can be none."""
    statements = issued(store, connection, wanted.station)
    since, replaces = chain(statements, wanted.month)
    streams = read_streams(store, connection, wanted.station)
    counted = counted_of(store, connection, wanted.station)
    reached = limits(streams, first_beyond(store, connection, wanted), counted)
    before: dict[str, int] = {}
    if since:
        agreed = statements[since].positions
        before = reach(store, connection, wanted.station, streams, agreed)
    lines = read_lines(store, connection, wanted.station, before, reached)
    if len(lines) > STATEMENT_LINES_MAX:
        raise Refused("statement_long", lines=len(lines), most=STATEMENT_LINES_MAX)
    totals = add_up(lines, closings(store, connection, wanted.station, statements.get(since)))
    parts = pack(lines, totals, wanted.day, wanted.charges)
    head = StatementIssued(
        station=wanted.station,
        month=wanted.month,
        since=since,
        replaces=replaces,
        positions=tips(store, connection, streams, reached),
        parts=len(parts),
        lines=len(lines),
        totals=len(totals),
        day=wanted.day,
    )
    return Frozen(head=head, parts=parts)


def _between(store: Store) -> ColumnElement[bool]:
    """Return the condition that a posting stands between the station and the county."""
    account = store.tables.postings.c.account
    return or_(account == COUNTY_CURRENT, account.like(HELD_BY_COUNTY))


def first_beyond(store: Store, connection: Connection, wanted: Month) -> dict[str, int]:
    """Return, for each stream with money of a later day than the month's, its first seq."""
    facts, postings = store.tables.facts, store.tables.postings
    rows = connection.execute(
        select(facts.c.stream, facts.c.seq, facts.c.body)
        .join(
            postings,
            (postings.c.station == facts.c.station)
            & (postings.c.stream == facts.c.stream)
            & (postings.c.seq == facts.c.seq),
        )
        .where(facts.c.station == wanted.station, _between(store))
        .order_by(facts.c.stream, facts.c.seq.desc())
    )
    return {
        stream: seq for stream, seq, body in rows if day_of(bytes(body)) > wanted.last_day
    }  # the earliest comes last and stays


def day_of(body: bytes) -> str:
    """Return the business day of a fact's body, "" where it says none."""
    day = msgspec.json.decode(body).get("day", "")
    return day if isinstance(day, str) and is_day(day) else ""


def read_lines(
    store: Store,
    connection: Connection,
    station: str,
    before: dict[str, int],
    reached: dict[str, int],
) -> tuple[StatementLine, ...]:
    """Return one line per fact and account beyond `before` and within `reached`, in order."""
    facts, postings = store.tables.facts, store.tables.postings
    rows = connection.execute(
        select(
            facts.c.stream, facts.c.seq, facts.c.identity, facts.c.kind, postings.c.account,
            func.sum(postings.c.amount),
        )
        .join(
            postings,
            (postings.c.station == facts.c.station)
            & (postings.c.stream == facts.c.stream)
            & (postings.c.seq == facts.c.seq),
        )
        .where(facts.c.station == station, postings.c.commodity == CNY, _between(store))
        .group_by(
            facts.c.at, facts.c.stream, facts.c.seq, facts.c.identity, facts.c.kind,
            postings.c.account,
        )
        .order_by(facts.c.at, facts.c.identity, postings.c.account)
    )  # fmt: skip
    return tuple(
        StatementLine(fact=identity, kind=kind, account=account, amount_fen=int(amount))
        for stream, seq, identity, kind, account, amount in rows
        if before.get(stream, 0) < seq <= reached.get(stream, 0) and amount
    )


def closings(
    store: Store, connection: Connection, station: str, last: Statement | None
) -> dict[str, int]:
    """Return where the accounts stood at the end of a statement, as it says itself."""
    if last is None:
        return {}
    facts = store.tables.facts
    rows = connection.execute(
        select(facts.c.body).where(
            facts.c.station == station, facts.c.identity.in_(list(last.parts))
        )
    )
    parts = [msgspec.json.decode(bytes(row[0]), type=StatementContinued) for row in rows]
    return {
        total.account: total.closing_fen
        for part in parts
        for total in part.totals
        if total.closing_fen
    }


def add_up(lines: Iterable[StatementLine], openings: dict[str, int]) -> tuple[AccountTotal, ...]:
    """Return opening and closing of every account that had something or moved."""
    sums: dict[str, int] = defaultdict(int, openings)
    for line in lines:
        sums[line.account] += line.amount_fen
    return tuple(
        AccountTotal(account=account, opening_fen=openings.get(account, 0), closing_fen=closing)
        for account, closing in sorted(sums.items())
    )


def pack(
    lines: Sequence[StatementLine],
    totals: Sequence[AccountTotal],
    day: str,
    charges: tuple[Charge, ...] = (),
) -> tuple[StatementContinued, ...]:
    """Return the parts of a statement: totals first, no part with more than fits a fact.

    charges: few; they stand in the first part.
    """
    parts: list[StatementContinued] = []
    left_totals, left_lines = list(totals), list(lines)
    while left_totals or left_lines or not parts:
        some = tuple(left_totals[:PART_LINES_MAX])
        del left_totals[: len(some)]
        room = PART_LINES_MAX - len(some)
        further = tuple(left_lines[:room])
        del left_lines[: len(further)]
        parts.append(
            StatementContinued(
                part=len(parts) + 1,
                totals=some,
                lines=further,
                charges=() if parts else charges,
                day=day,
            )
        )
    return tuple(parts)
