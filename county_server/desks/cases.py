"""Two sides that disagree: both in words, what the books say now, and a decision that is a fact.

Both facts stay. A decision names exactly what it saw: a member that comes or goes opens the case
again. What is owed to nobody any more (an account of other people's money in debit) is a case by
itself: it closes when the books are right, by what somebody does at the counter.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import msgspec
from sqlalchemy import Connection, false, or_, select
from starlette.responses import Response

from county_server.dashboard.pages import stations_seen
from county_server.desks.case_past import Closing, closed_by_county, closings_of, past_of
from county_server.desks.case_piece import piece_of
from county_server.desks.desk import Desk, go, status_of
from county_server.desks.inquiries import ASK, REMIND_DAYS, Asked, made, read_inquiries
from county_server.desks.pen import Refused, check_mark, mark_of, writing
from county_server.journal import fact_columns, in_pieces
from county_server.refolding import CASE as CLOSING_DIFFERS
from county_server.refolding import Difference, differing
from county_server.revoking import line_key, waiting
from county_server.schema import EVERYWHERE
from county_server.staff import roles
from county_server.web.frame import Ask, Endpoint
from station_app.journal.case_sorts import (
    DEBIT,
    GROUPS,
    closes_itself,
    group_of,
    is_for_station,
    is_urgent,
)
from station_app.journal.fact import Saying, device_of
from station_app.journal.kinds import CaseClosed, CaseRemark
from station_app.ledger.posting import CNY
from station_app.values.day import DAY_MS, local_day
from station_app.values.said import say_field, say_value

BRANCH_WAITS = "branch.waits"
BOTH = "both"
VERDICTS = ("station", "county", BOTH)  # between a station and its county
OPEN, ASKED, CLOSED, SORTS = "open", "asked", "closed", "sorts"  # the tabs of the page
_SORTS = ("differs", "debit", "twice", "stray", "outside", "closing")  # who decides what, in words
RULE_DAYS = 7  # within which a case is to be decided
SHOWN_MAX = 300
SIDES_MAX = 12
FIELDS_MAX = 6  # in which the sides differ
_IDENTITY = re.compile(r"[0-9a-f]{64}")
REMARK_CHARACTERS_MAX = 200
_AMOUNTS = ("amount_fen", "received_fen", "due_fen", "counted_fen", "theirs_fen", "ours_fen")


@dataclass(frozen=True, slots=True)
class Case:
    """A case: what kind, about what, and the facts that disagree.

    amount_fen: of a debit, or what waits outside comes to; since: when the last of the facts was
    written down, UTC ms, or 0; line: of what waits (`revoking`); differences: of a closing.
    asked: what the county asked the station about it; may_ask: the station has it on its page, too;
    waits: somebody there may still answer.
    """

    station: str
    kind: str
    entity: str
    members: tuple[str, ...]
    account: str = ""
    amount_fen: int = 0
    since: int = 0
    line: str = ""
    acts: int = 0
    differences: tuple[Difference, ...] = ()
    asked: tuple[Asked, ...] = ()
    may_ask: bool = False
    waits: bool = False

    @property
    def group(self) -> str:
        """Return what it is about: money, goods or PCs."""
        return group_of(self.kind)

    @property
    def tab(self) -> str:
        """Return where it is listed: what only the station can end, or answer, stands by itself."""
        return ASKED if is_for_station(self.kind) or self.waits else OPEN

    @property
    def sign(self) -> str:
        """Return the icon beside it: decide, look, or wait."""
        if self.tab == ASKED:
            return "clock"
        return "stop" if self.kind == BRANCH_WAITS or is_urgent(self.kind) else "warn"

    def is_overdue(self, now: int) -> bool:
        """Tell whether it has waited longer than it may."""
        return bool(self.since) and now - self.since > RULE_DAYS * DAY_MS

    @property
    def mark(self) -> str:
        """Return what a form must have seen."""
        said = (answer.at for one in self.asked for answer in one.answers)
        return mark_of(self.kind, self.entity, *self.members, len(self.asked), *said)


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
    body: Mapping[str, object]

    @property
    def device(self) -> str:
        """Return "D1", or "" for the county."""
        return device_of(self.stream)


@dataclass(frozen=True, slots=True)
class Opened:
    """What is shown of the case in front.

    names: of operators, masked, by identity; owners: whose money it is, by the key in an account's
    name; piece: the parcel that it is about, "" for none.
    """

    sides: tuple[Side, ...] = ()
    closings: tuple[Closing, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    piece: str = ""


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
            cases = read_cases(self._desk, connection, now=ask.now)
            seen = stations_seen(connection, ask, roles.CASES)
            cases = [case for case in cases if seen is None or case.station in seen]
            cases = with_ages(self._desk, connection, cases[:SHOWN_MAX]) + cases[SHOWN_MAX:]
            chosen = next((c for c in cases if (c.station, c.kind, c.entity) == wanted), None)
            group = ask.query.get("group", "")
            if not any(wanted) and ask.query.get("tab", OPEN) in (OPEN, ASKED):
                chosen = next(iter(_shown(cases, ask.query.get("tab", OPEN), group)), None)
            tab = chosen.tab if chosen else ask.query.get("tab", OPEN)
            store = self._desk.county.store
            closed = closed_by_county(store, connection, seen) if tab == CLOSED else ()
            opened = self._opened(connection, chosen)
        if any(wanted) and chosen is None and status == 200:
            status = 404
        listed = [case for case in cases if case.tab == (ASKED if tab == ASKED else OPEN)]
        shown = _shown(cases, ASKED if tab == ASKED else OPEN, group)
        oldest = min((case.since for case in cases if case.since), default=0)
        return self._desk.page(
            "cases.html",
            ask,
            status,
            cases=shown[:SHOWN_MAX],
            counts={name: sum(case.tab == name for case in cases) for name in (OPEN, ASKED)},
            count=len(listed),
            group=group if any(case.group == group for case in listed) else "",
            groups=_counts(listed),
            tab=tab if tab in (ASKED, CLOSED, SORTS) else OPEN,
            sorts=_SORTS,
            closed=closed,
            past=past_of(opened.closings, chosen.asked if chosen else ()),
            is_open_again=bool(opened.closings),
            remind_days=REMIND_DAYS,
            recorded_by=opened.names,
            oldest_days=max(ask.now - oldest, 0) // DAY_MS if oldest else 0,
            rule_days=RULE_DAYS,
            now=ask.now,
            chosen=chosen,
            piece=opened.piece,
            names=opened.owners,
            sides=opened.sides,
            books=_books(opened.sides),
            apart=apart(opened.sides),
            say_field=partial(say_field, self._desk.frame.texts),
            say_value=partial(say_value, self._desk.frame.texts),
            verdicts=choices_of(chosen, opened.sides),
            closes_itself=chosen is not None and closes_itself(chosen.kind),
            trouble=trouble,
            typed={name: ask.form.get(name) for name in ("verdict", "remark")},
            wanted=any(wanted),
        )

    def _opened(self, connection: Connection, case: Case | None) -> Opened:
        """Read what is shown of the case in front."""
        if case is None:
            return Opened()
        store = self._desk.county.store
        sides = read_sides(self._desk, connection, case)
        answered = (answer.by for one in case.asked for answer in one.answers)
        recorded = (side.by for side in sides if side.device)
        return Opened(
            sides,
            closings_of(store, connection, case.station, case.kind, case.entity),
            self._desk.operators(connection, case.station, (*recorded, *answered)),
            self._desk.names(connection, case.station, _owners(case, sides)),
            piece_of(store, connection, case.station, case.entity),
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
                        for c in read_cases(self._desk, pen.connection, station, now=ask.now)
                        if (c.kind, c.entity) == (kind, entity)
                    ),
                    None,
                )
                if case is None:
                    raise Refused("stale")
                if case.kind == DEBIT:
                    raise Refused("debit_closes_itself")
                if case.kind == BRANCH_WAITS:
                    raise Refused("branch_elsewhere")
                check_mark(lambda: case.mark, form.get("mark"))
                sides = read_sides(self._desk, pen.connection, case)
                verdict, words = form.get("verdict"), form.get("remark")
                if verdict not in [one for one, _ in choices_of(case, sides)]:
                    raise Refused("verdict")
                if not words:
                    raise Refused("question" if verdict == ASK else "remark")
                pen.say([said_of(case, verdict, words, local_day(ask.now))])
        except Refused as refused:
            return self.listing(ask, self._desk.trouble(ask, refused), status_of(refused))
        return go("/cases", "asked" if form.get("verdict") == ASK else "closed")


def said_of(case: Case, verdict: str, words: str, day: str) -> Saying:
    """Return what decides a case, or asks the station about it first."""
    if verdict == ASK:
        return made(case.kind, case.entity, words, day)
    body = CaseClosed(case=case.kind, members=case.members, verdict=verdict, day=day)
    return Saying(body, CaseRemark(remark=words[:REMARK_CHARACTERS_MAX]), entity=case.entity)


def read_cases(desk: Desk, connection: Connection, station: str = "", *, now: int) -> list[Case]:
    """Return all open cases, debits included, by station. station: "" for all."""
    tables = desk.county.store.tables
    c = tables.cases.c
    query = select(c.station, c.kind, c.entity, c.members).where(c.station != EVERYWHERE)
    if station:
        query = query.where(c.station == station)
    inquiries = read_inquiries(desk.county.store, connection, station)
    found = []
    for of_station, kind, entity, members in connection.execute(query):
        asked = inquiries.get((of_station, kind, entity), ())
        known = Case(of_station, kind, entity, tuple(json.loads(members)), asked=asked)
        waits = bool(asked) and asked[-1].waits(now)
        found.append(replace(known, may_ask=True, waits=waits))
    found += _debits(desk, connection, station)
    found += _closings(desk, connection, station)
    found += _waiting(desk, connection, station)
    return sorted(found, key=lambda case: (case.station, case.kind, case.entity))


def count_open(desk: Desk, connection: Connection, ask: Ask) -> int:
    """Return how many cases wait for somebody at the county, of those whom the member may see."""
    seen = stations_seen(connection, ask, roles.CASES)
    cases = read_cases(desk, connection, now=ask.now)
    return sum(case.tab == OPEN and (seen is None or case.station in seen) for case in cases)


def verdicts_of(sides: Sequence[Side]) -> tuple[tuple[str, int], ...]:
    """Return how it can be decided: (verdict, number of the side that it names, 0 for none).

    Between PCs one of the facts holds, and the verdict is its identity, as at the station. Between
    a station and its county one of the two is right.
    """
    said = [(n, side) for n, side in enumerate(sides, 1) if side.kind != CaseClosed.KIND]
    if len(said) > 1 and all(side.device for _, side in said):
        return (*((side.identity, number) for number, side in said), (BOTH, 0))
    return tuple((verdict, 0) for verdict in VERDICTS)


def choices_of(case: Case | None, sides: Sequence[Side]) -> tuple[tuple[str, int], ...]:
    """Return the verdicts, and to ask the station first where it has the case, too."""
    if case is not None and closes_itself(case.kind):
        return ((ASK, 0),) if case.may_ask else ()
    return (*verdicts_of(sides), *([(ASK, 0)] if case is not None and case.may_ask else ()))


def with_ages(desk: Desk, connection: Connection, cases: Iterable[Case]) -> list[Case]:
    """Return the cases with the moment of the last fact of each; one query a station."""
    facts = desk.county.store.tables.facts.c
    known = list(cases)
    ages: dict[tuple[str, str], int] = {}
    for station in {case.station for case in known}:
        members = {m for case in known if case.station == station for m in case.members}
        for piece in in_pieces(members):
            rows = connection.execute(
                select(facts.identity, facts.at).where(
                    facts.station == station, facts.identity.in_(piece)
                )
            )
            ages |= {(station, row[0]): int(row[1]) for row in rows}
    return [
        replace(case, since=max((ages.get((case.station, m), 0) for m in case.members), default=0))
        for case in known
    ]


def _shown(cases: Sequence[Case], tab: str, group: str) -> list[Case]:
    """Return the cases of a tab and group as they are listed: what is stopped first, the oldest."""
    return sorted(
        (case for case in cases if case.tab == tab and group in ("", case.group)),
        key=lambda case: (case.sign == "warn", case.since),
    )


def _counts(cases: Iterable[Case]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for case in cases:
        counts[case.group] = counts.get(case.group, 0) + 1
    return {group: counts[group] for group in GROUPS if group in counts}


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


def _closings(desk: Desk, connection: Connection, station: str) -> list[Case]:
    """Return the slips whose balances are not what their facts come to."""
    found = differing(desk.county.store, connection, station)
    return [
        Case(one.station, CLOSING_DIFFERS, one.entity, (one.identity,), differences=one.differences)
        for one in found
    ]


def _waiting(desk: Desk, connection: Connection, station: str) -> list[Case]:
    """Return what counts nowhere until two people have decided; they do so on the page of PCs."""
    return [
        Case(
            one.station,
            BRANCH_WAITS,
            line_key(one.line),
            (one.hash,),
            amount_fen=one.money_fen,
            line=one.line,
            acts=one.acts,
        )
        for one in waiting(desk.county.store, connection, station)
        if not one.is_refused
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
        tuple((line[0], int(line[1])) for line in lines if ":Counter:" not in line[0]), tree,
    )  # fmt: skip


def apart(sides: Sequence[Side]) -> tuple[str, ...]:
    """Return the fields in which sides of one kind differ, of those that words can say.

    Of a side alone all that it says: nobody else tells it otherwise. Amounts stand there anyway;
    what names another fact says nothing to anybody.
    """
    bodies = [side.body for side in sides if side.kind != CaseClosed.KIND]
    if len({side.kind for side in sides if side.kind != CaseClosed.KIND}) != 1:
        return ()
    names = dict.fromkeys(name for body in bodies for name in body if name not in _AMOUNTS)
    found = []
    for name in names:
        values = [body.get(name, "") for body in bodies]
        is_plain = all(isinstance(v, str | int) and not _IDENTITY.search(str(v)) for v in values)
        is_alone = len(bodies) == 1 and name != "day" and bool(values[0])
        if is_plain and (is_alone or len(set(values)) > 1):
            found.append(name)
    return tuple(found[:FIELDS_MAX])


def _owners(case: Case, sides: Sequence[Side]) -> set[str]:
    """Return the parts of all accounts on the page, each of which may be somebody's key."""
    accounts = {case.account, *(one.account for one in case.differences)}
    accounts |= {account for side in sides for account, _ in side.lines}
    return {part for account in accounts for part in account.split(":")}


def _books(sides: Sequence[Side]) -> list[tuple[str, list[int], int]]:
    """Return for each account what each side did to it, and the sum."""
    accounts = sorted({account for side in sides for account, _ in side.lines})
    rows = []
    for account in accounts:
        amounts = [sum(fen for name, fen in s.lines if name == account) for s in sides]
        rows.append((account, amounts, sum(amounts)))
    return rows
