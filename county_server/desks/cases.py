"""Two sides that disagree: both in words, what the books say now, and a decision that is a fact.

Both facts stay. A decision names exactly what it saw: a member that comes or goes opens the case
again. What is owed to nobody any more (an account of other people's money in debit) is a case by
itself: it closes when the books are right, by what somebody does at the counter.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, false, or_, select
from starlette.responses import Response

from county_server.dashboard.pages import stations_seen
from county_server.desks.desk import Desk, go, status_of
from county_server.desks.pen import Refused, check_mark, mark_of, writing
from county_server.journal import fact_columns
from county_server.schema import EVERYWHERE
from county_server.staff import roles
from county_server.web.frame import Ask, Endpoint
from station_app.journal.fact import Saying, device_of
from station_app.journal.kinds import CaseClosed, CaseRemark
from station_app.ledger.posting import CNY
from station_app.values.day import local_day

DEBIT = "debit"
VERDICTS = ("station", "county", "both")
SHOWN_MAX = 300
SIDES_MAX = 12
REMARK_CHARACTERS_MAX = 200
_AMOUNTS = ("amount_fen", "received_fen", "due_fen", "counted_fen", "theirs_fen")


@dataclass(frozen=True, slots=True)
class Case:
    """A case: what kind, about what, and the facts that disagree. amount: of a debit, in fen."""

    station: str
    kind: str
    entity: str
    members: tuple[str, ...]
    account: str = ""
    amount_fen: int = 0

    @property
    def mark(self) -> str:
        """Return what a form must have seen."""
        return mark_of(self.kind, self.entity, *self.members)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the facts: who said it, when, what it says and what it did to the books."""

    identity: str
    stream: str
    seq: int
    at: int
    kind: str
    by: str
    amounts: tuple[tuple[str, int], ...]
    lines: tuple[tuple[str, int], ...]

    @property
    def device(self) -> str:
        """Return "D1", or "" for the county."""
        return device_of(self.stream)


class Cases:
    """The page of cases."""

    def __init__(self, desk: Desk) -> None:
        """Show and close the cases of one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the pages and the act."""
        one = "/cases/{station}/{kind}/{entity}"
        return [
            Endpoint("GET", "/cases", roles.CASES, roles.LOOK, self.listing),
            Endpoint("GET", one, roles.CASES, roles.LOOK, self.listing),
            Endpoint("POST", one, roles.CASES, roles.DO, self.close),
        ]

    def listing(self, ask: Ask, trouble: str = "", status: int = 200) -> Response:
        """Show all cases, and one with both sides."""
        wanted = tuple(ask.path.get(name, "") for name in ("station", "kind", "entity"))
        with self._desk.frame.read() as connection:
            cases = read_cases(self._desk, connection)
            seen = stations_seen(connection, ask, roles.CASES)
            cases = [case for case in cases if seen is None or case.station in seen]
            chosen = next((c for c in cases if (c.station, c.kind, c.entity) == wanted), None)
            sides = read_sides(self._desk, connection, chosen) if chosen else ()
        if any(wanted) and chosen is None and status == 200:
            status = 404
        return self._desk.page(
            "cases.html",
            ask,
            status,
            cases=cases[:SHOWN_MAX],
            count=len(cases),
            chosen=chosen,
            sides=sides,
            books=_books(sides),
            verdicts=VERDICTS,
            trouble=trouble,
            typed={name: ask.form.get(name) for name in ("verdict", "remark")},
            wanted=any(wanted),
        )

    def close(self, ask: Ask) -> Response:
        """Decide a case."""
        station, kind, entity = (ask.path[name] for name in ("station", "kind", "entity"))
        form = ask.form
        try:
            with writing(self._desk.county, station, by=ask.member.code, now=ask.now) as pen:
                case = next(
                    (
                        c
                        for c in read_cases(self._desk, pen.connection, station)
                        if (c.kind, c.entity) == (kind, entity)
                    ),
                    None,
                )
                if case is None:
                    raise Refused("stale")
                if case.kind == DEBIT:
                    raise Refused("debit_closes_itself")
                check_mark(lambda: case.mark, form.get("mark"))
                if form.get("verdict") not in VERDICTS:
                    raise Refused("verdict")
                if not form.get("remark"):
                    raise Refused("remark")
                body = CaseClosed(
                    case=kind,
                    members=case.members,
                    verdict=form.get("verdict"),
                    day=local_day(ask.now),
                )
                remark = CaseRemark(remark=form.get("remark")[:REMARK_CHARACTERS_MAX])
                pen.say([Saying(body, remark, entity=entity)])
        except Refused as refused:
            return self.listing(ask, self._desk.trouble(ask, refused), status_of(refused))
        return go("/cases", "closed")


def read_cases(desk: Desk, connection: Connection, station: str = "") -> list[Case]:
    """Return all open cases, debits included, by station. station: "" for all."""
    tables = desk.county.store.tables
    c = tables.cases.c
    query = select(c.station, c.kind, c.entity, c.members).where(c.station != EVERYWHERE)
    if station:
        query = query.where(c.station == station)
    found = [
        Case(row[0], row[1], row[2], tuple(json.loads(row[3]))) for row in connection.execute(query)
    ]
    found += _debits(desk, connection, station)
    return sorted(found, key=lambda case: (case.station, case.kind, case.entity))


def _debits(desk: Desk, connection: Connection, station: str) -> list[Case]:
    """Return the accounts of other people's money from which too much was paid."""
    c = desk.county.store.tables.balances.c
    of_others = or_(c.account.like("Liabilities:Held:%"), c.account.like("Liabilities:RefundDue:%"))
    query = select(c.station, c.account, c.amount).where(
        c.commodity == CNY, c.amount > 0, of_others
    )
    if station:
        query = query.where(c.station == station)
    return [
        Case(row[0], DEBIT, row[1].replace(":", "~"), (), row[1], int(row[2]))
        for row in connection.execute(query)
    ]


def read_sides(desk: Desk, connection: Connection, case: Case) -> tuple[Side, ...]:
    """Return the facts of a case; of a debit those that posted to its account."""
    tables = desk.county.store.tables
    facts, postings = tables.facts, tables.postings
    query = select(*fact_columns(facts)).where(facts.c.station == case.station)
    if case.kind == DEBIT:
        touched = select(postings.c.stream, postings.c.seq).where(
            postings.c.station == case.station, postings.c.account == case.account
        )
        places = [(row[0], row[1]) for row in connection.execute(touched)]
        query = query.where(
            or_(
                false(),
                *((facts.c.stream == s) & (facts.c.seq == n) for s, n in places[-SIDES_MAX:]),
            )
        )
    else:
        query = query.where(facts.c.identity.in_(list(case.members[:SIDES_MAX])))
    rows = connection.execute(query.order_by(facts.c.at, facts.c.identity)).all()
    return tuple(_side(desk, connection, case.station, row) for row in rows)


def _side(desk: Desk, connection: Connection, station: str, row: Sequence[object]) -> Side:
    p = desk.county.store.tables.postings.c
    stream, seq, _, at, kind, _, _, by, *_, identity, body, _ = row
    lines = connection.execute(
        select(p.account, p.amount)
        .where(p.station == station, p.stream == stream, p.seq == seq, p.commodity == CNY)
        .order_by(p.line)
    )
    tree = msgspec.json.decode(bytes(body))  # type: ignore[call-overload]
    amounts = tuple((n, tree[n]) for n in _AMOUNTS if isinstance(tree.get(n), int))
    return Side(
        str(identity), str(stream), int(str(seq)), int(str(at)), str(kind), str(by), amounts,
        tuple((line[0], int(line[1])) for line in lines if ":Counter:" not in line[0]),
    )  # fmt: skip


def _books(sides: Sequence[Side]) -> list[tuple[str, list[int], int]]:
    """Return for each account what each side did to it, and the sum."""
    accounts = sorted({account for side in sides for account, _ in side.lines})
    rows = []
    for account in accounts:
        amounts = [sum(fen for name, fen in s.lines if name == account) for s in sides]
        rows.append((account, amounts, sum(amounts)))
    return rows
