"""The month, station by station: made, looked at, issued by a second person, answered.

What is made is frozen under an id and may be looked at by anybody with the page; only what is
issued becomes a fact and goes to the station. Where two people may do it, who made a statement
does not issue it; where there is one, she writes why, and it is marked 一人办理.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update
from starlette.responses import Response

from county_server.county import County
from county_server.desks.desk import Desk, go, places_by_code, status_of
from county_server.desks.finance import making
from county_server.desks.finance.making import Frozen, Month, freeze, issued, standing, thaw
from county_server.desks.pen import Pen, Refused, writing
from county_server.scribe import THE_FIRST
from county_server.staff import roles
from county_server.staff.accounts import StaffBook
from county_server.web.frame import Ask, Endpoint
from station_app.journal.fact import Saying, blake
from station_app.ledger import accounts
from station_app.services.clearing.facts import Charge, ClearingRemark
from station_app.services.clearing.statements import Statement
from station_app.values.day import add_days, is_day, local_day
from station_app.values.money import parse_yuan

NOT_MADE, FROZEN, OPEN, AGREED, DIFFERS, REFUSED = (
    "not_made", "frozen", "open", "agreed", "differs", "refused",
)  # fmt: skip
STATES = (DIFFERS, REFUSED, FROZEN, OPEN, NOT_MADE, AGREED)  # who waits for somebody comes first
DRAFT, ISSUED, OVERTAKEN = "draft", "issued", "overtaken"  # of what is frozen; all of it is kept
MONTHS_SHOWN = 6
# What may be booked besides, and in whose favour: +1 for the station.
CHARGES = {
    accounts.SUBSIDY: 1,
    accounts.SERVICE: 1,
    accounts.CHARGES: -1,
    accounts.COMPENSATION: -1,
}
CHARGE_REASON = "monthly"
REMARK_CHARACTERS_MAX = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """A frozen statement that is not issued. id: the hash of its bytes."""

    id: str
    station: str
    month: str
    made_by: str
    made_at: int
    since: str
    replaces: str
    frozen: Frozen


@dataclass(frozen=True, slots=True)
class Line:
    """A station in the list of a month."""

    station: str
    state: str
    draft: Draft | None = None
    entity: str = ""
    statement: Statement | None = None
    cases: int = 0


class Statements:
    """The tab of the monthly statements."""

    def __init__(self, desk: Desk) -> None:
        """Make and issue the statements of one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the pages and acts."""
        page, look, do = roles.STATEMENTS, roles.LOOK, roles.DO
        one = "/finance/statements/{month}/{station}"
        return [
            Endpoint("GET", "/finance/statements", page, look, self.listing),
            Endpoint("GET", one, page, look, self.one),
            Endpoint("POST", one, page, do, self.prepare),
            Endpoint("POST", f"{one}/issue", page, do, self.issue),
        ]

    def listing(self, ask: Ask) -> Response:
        """Show all stations of a month."""
        month = _month(ask.query.get("month", ""), ask.now)
        with self._desk.frame.read() as connection:
            lines = read_lines(self._desk.county, connection, month)
        return self._desk.page(
            "statements.html",
            ask,
            month=month,
            months=recent_months(ask.now),
            lines=lines,
            counts={state: sum(line.state == state for line in lines) for state in STATES},
        )

    def one(self, ask: Ask, trouble: str = "", status: int = 200) -> Response:
        """Show the statement of one station: the draft, or what was issued and answered."""
        month, station = _month(ask.path["month"], ask.now), ask.path["station"]
        with self._desk.frame.read() as connection:
            if station not in places_by_code(connection):
                return self._desk.page("nothing_here.html", ask, 404)
            line, shown = shown_of(self._desk.county, connection, month, station)
            owners = [total.account.split(":")[-2] for total in shown.totals] if shown else []
            names = self._desk.names(connection, station, owners)
            may_issue = self._second(connection, line.draft, ask.member.code)
        return self._desk.page(
            "statement.html",
            ask,
            status,
            month=month,
            months=recent_months(ask.now),
            line=line,
            shown=shown,
            names=names,
            statement_id=making.freeze(shown)[0] if shown else "",
            is_alone=may_issue == "alone",
            is_hers=may_issue == "hers",
            trouble=trouble,
            typed=dict(ask.form.fields),
            charges=CHARGES,
            station=station,
        )

    def _second(self, connection: Connection, draft: Draft | None, code: str) -> str:
        """Return `second`, `hers` (another must issue it) or `alone` (there is no other)."""
        if draft is None or draft.made_by != code:
            return "second"
        able = StaffBook(self._desk.county.store, connection).able(roles.FINANCE)
        return "hers" if any(member.code != code for member in able) else "alone"

    # --- Acts ------------------------------------------------------------------------------------

    def prepare(self, ask: Ask) -> Response:
        """Make the statement of a month from the county's books and freeze it."""
        month, station = _month(ask.path["month"], ask.now), ask.path["station"]
        try:
            with writing(self._desk.county, station, by=ask.member.code, now=ask.now) as pen:
                if station not in places_by_code(pen.connection):
                    raise Refused("no_station")
                if month > local_day(ask.now)[:7]:
                    raise Refused("month_ahead")
                store = self._desk.county.store
                charges = typed_charges(ask.form.fields)
                wanted = Month(station, month, local_day(ask.now), charges)
                frozen = making.make(store, pen.connection, wanted)
                keep(pen, frozen)
        except Refused as refused:
            return self.one(ask, self._desk.trouble(ask, refused), status_of(refused))
        return go(f"/finance/statements/{month}/{station}", "frozen")

    def issue(self, ask: Ask) -> Response:
        """Say a frozen statement to its station, exactly as it was frozen."""
        month, station, form = _month(ask.path["month"], ask.now), ask.path["station"], ask.form
        try:
            with writing(self._desk.county, station, by=ask.member.code, now=ask.now) as pen:
                draft = read_draft(self._desk.county, pen.connection, month, station)
                if draft is None or draft.id != form.get("id"):
                    raise Refused("stale")
                statements = issued(self._desk.county.store, pen.connection, station)
                if making.chain(statements, month) != (draft.since, draft.replaces):
                    raise Refused("stale")
                remark = self._remark(pen.connection, draft, ask)
                pen.say(sayings(draft.frozen, remark))
                set_aside(pen, month, ISSUED)
        except Refused as refused:
            return self.one(ask, self._desk.trouble(ask, refused), status_of(refused))
        return go(f"/finance/statements/{month}/{station}", "issued")

    def _remark(self, connection: Connection, draft: Draft, ask: Ask) -> str:
        """Return what stands beside the statement; raises Refused where a second must issue it."""
        typed = ask.form.get("remark")[:REMARK_CHARACTERS_MAX]
        second = self._second(connection, draft, ask.member.code)
        if second == "hers":
            raise Refused("another_must")
        if second == "alone" and not typed:
            raise Refused("alone_reason")
        words = self._desk.words(ask.now)
        return words.say("statement.alone", reason=typed) if second == "alone" else typed


def typed_charges(fields: Mapping[str, str]) -> tuple[Charge, ...]:
    """Return what was typed into the fields of charges; raises Refused for what is no amount."""
    charges: list[Charge] = []
    for account, sign in CHARGES.items():
        typed = fields.get(account, "").strip()
        amount = parse_yuan(typed) if typed else 0
        if amount is None:
            raise Refused("amount")
        if amount:
            charges.append(
                Charge(
                    number=len(charges) + 1,
                    account=account,
                    reason=CHARGE_REASON,
                    amount_fen=sign * amount,
                )
            )
    return tuple(charges)


def sayings(frozen: Frozen, remark: str) -> list[Saying]:
    """Return the facts of a statement: the head founds it, its parts speak of it."""
    return [
        Saying(frozen.head, ClearingRemark(remark=remark)),
        *(Saying(part, entity=THE_FIRST) for part in frozen.parts),
    ]


def _month(asked: str, now: int) -> str:
    """Return the month that is asked for, by default the one before this."""
    if is_day(f"{asked}-01"):
        return asked
    return recent_months(now)[1]


def recent_months(now: int) -> list[str]:
    """Return this month and the ones before it, the latest first."""
    months: list[str] = []
    day = local_day(now)
    while len(months) < MONTHS_SHOWN:
        months.append(day[:7])
        day = add_days(f"{day[:7]}-01", -1)
    return months


# --- The database --------------------------------------------------------------------------------


def keep(pen: Pen, frozen: Frozen) -> str:
    """Keep a frozen statement in place of a former draft of its month; return its id."""
    store, table = pen.county.store, pen.county.store.tables.frozen_statements
    name, content = freeze(frozen)
    row: dict[str, object] = {"station": pen.station, "id": name, "month": frozen.head.month}
    row |= {"made_by": pen.by, "made_at": pen.now, "standing": DRAFT, "content": content}
    row |= {"since": frozen.head.since, "replaces": frozen.head.replaces}
    set_aside(pen, frozen.head.month, OVERTAKEN)
    pen.connection.execute(store.upsert(table), [row])
    return name


def set_aside(pen: Pen, month: str, standing: str) -> None:
    """Let the draft of a month stand for what it became: issued, or overtaken by another."""
    table = pen.county.store.tables.frozen_statements
    mine = (table.c.station == pen.station) & (table.c.month == month)
    change = update(table).where(mine, table.c.standing == DRAFT).values(standing=standing)
    pen.connection.execute(change)


def read_draft(county: County, connection: Connection, month: str, station: str) -> Draft | None:
    """Return the draft of a station's month; bytes that are not what the id says are none."""
    found = read_drafts(county, connection, month, station)
    return found[0] if found else None


def read_drafts(
    county: County, connection: Connection, month: str, station: str = ""
) -> list[Draft]:
    """Return the drafts of a month. station: "" for all."""
    c = county.store.tables.frozen_statements.c
    query = select(
        c.id, c.station, c.month, c.made_by, c.made_at, c.since, c.replaces, c.content
    ).where(c.month == month, c.standing == DRAFT)
    if station:
        query = query.where(c.station == station)
    return [
        Draft(*row[:7], thaw(bytes(row[7])))
        for row in connection.execute(query)
        if blake(bytes(row[7])).hex() == row[0]
    ]


def read_lines(county: County, connection: Connection, month: str) -> list[Line]:
    """Return how the month stands at every station that has anything with the county."""
    tables = county.store.tables
    drafts = {draft.station: draft for draft in read_drafts(county, connection, month)}
    places = places_by_code(connection)
    codes = {code for code, place in places.items() if place.level == "village"}
    active = connection.execute(
        select(tables.streams.c.station).where(tables.streams.c.station.in_(codes)).distinct()
    )
    lines = [_line(county, connection, row[0], month, drafts.get(row[0])) for row in active.all()]
    return sorted(lines, key=lambda line: (STATES.index(line.state), line.station))


def read_line(county: County, connection: Connection, month: str, station: str) -> Line:
    """Return how the month stands at one station."""
    draft = read_draft(county, connection, month, station)
    return _line(county, connection, station, month, draft)


def _line(
    county: County, connection: Connection, station: str, month: str, draft: Draft | None
) -> Line:
    present = {
        entity: state
        for entity, state in standing(issued(county.store, connection, station)).items()
        if state.month == month
    }
    entity, statement = next(iter(present.items()), ("", None))
    if statement is None:
        return Line(station, FROZEN if draft else NOT_MADE, draft)
    open_cases = open_differences(county, connection, station, entity)
    state = statement.status
    return Line(station, FROZEN if draft else state, draft, entity, statement, open_cases)


def shown_of(
    county: County, connection: Connection, month: str, station: str
) -> tuple[Line, Frozen | None]:
    """Return how the month stands at a station, and what its page shows: the draft, or as said."""
    line = read_line(county, connection, month, station)
    shown = line.draft.frozen if line.draft else None
    if shown is None and line.statement is not None:
        shown = said_of(county, connection, station, line.entity)
    return line, shown


def open_differences(county: County, connection: Connection, station: str, entity: str) -> int:
    """Return how many differences of a statement nobody has decided yet."""
    differences, cases = county.store.tables.read["difference"], county.store.tables.cases
    found: int = connection.execute(
        select(func.count())
        .select_from(differences)
        .join(
            cases,
            (cases.c.station == differences.c.station) & (cases.c.entity == differences.c.entity),
        )
        .where(differences.c.station == station, differences.c.statement == entity)
    ).scalar_one()
    return found


def said_of(county: County, connection: Connection, station: str, entity: str) -> Frozen:
    """Return an issued statement from its facts."""
    facts = county.store.tables.facts
    rows = connection.execute(
        select(facts.c.kind, facts.c.body)
        .where(
            facts.c.station == station,
            (facts.c.identity == entity) | (facts.c.entity == entity),
            facts.c.kind.in_(("statement.issued", "statement.continued")),
        )
        .order_by(facts.c.stream, facts.c.seq)
    ).all()
    bodies = [b'"head":' + bytes(body) for kind, body in rows if kind == "statement.issued"]
    parts = [bytes(body) for kind, body in rows if kind == "statement.continued"]
    return thaw(b"{" + bodies[0] + b',"parts":[' + b",".join(parts) + b"]}")
