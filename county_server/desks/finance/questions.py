"""Which figures the finance desk opens: a name for each, and what puts it together from facts.

A question comes in the address of a page, so everything in it is somebody's words: what it names
and is not there comes to no rows.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from county_server.desks.desk import Desk
from county_server.desks.finance import contracts
from county_server.desks.finance.couriers import PURSES, paid_in, settled_fen
from county_server.desks.finance.making import issued
from county_server.desks.finance.origins import (
    Found,
    Listed,
    Posted,
    Row,
    Told,
    facts_by_identity,
    merged,
)
from county_server.desks.finance.remittances import read_slips, shown_slips
from county_server.desks.finance.sendings import coming_to, open_for, read_sent
from county_server.desks.finance.statements import read_line, said_of, shown_of
from station_app.ledger.accounts import COUNTY, COUNTY_CURRENT
from station_app.ledger.posting import CNY
from station_app.services.clearing.facts import StatementAnswered, StatementLine

YUAN, COUNT = "yuan", "count"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the address says it; what it does not say is "". has: whether it names it."""

    said: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        """Return one of its words."""
        return self.said.get(name, "")

    def has(self, name: str) -> bool:
        """Tell whether it names something, be it "nobody"."""
        return name in self.said


@dataclass(frozen=True, slots=True)
class Reading:
    """What questions are answered from."""

    desk: Desk
    connection: Connection
    asked: Asked

    def facts(self, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Told]:
        """Return facts by (station, identity)."""
        return facts_by_identity(self.desk.county.store, self.connection, wanted)

    def saying(self, wanted: Iterable[tuple[str, str]], amount: Callable[[Told], int]) -> Listed:
        """Return facts with what their bodies say."""
        return Listed(tuple(told.adds(amount(told)) for told in self.facts(wanted).values()))

    def posted(self, accounts: Iterable[tuple[str, str]], sign: int = 1) -> Posted:
        """Return what was posted to accounts of stations."""
        return Posted(self.desk.county.store, self.connection, accounts, sign)


def _word(name: str) -> Callable[[Told], int]:
    return lambda told: int(told.body.get(name, 0))


# --- Remittances ---------------------------------------------------------------------------------


def _slips(reading: Reading) -> Listed:
    """Return the slips that a list shows, as the stations wrote them."""
    asked = reading.asked
    slips = read_slips(reading.desk, reading.connection)
    if asked["entity"]:
        wanted = (asked["station"], asked["entity"])
        slips = [slip for slip in slips if (slip.station, slip.entity) == wanted]
    else:
        slips = shown_slips(slips, asked["tab"], asked["number"])
    return reading.saying(((s.station, s.state.sent) for s in slips), _word("amount_fen"))


def _counted(reading: Reading) -> Listed:
    """Return what the county counted last of one slip."""
    wanted = (reading.asked["station"], reading.asked["entity"])
    last = [
        (slip.station, slip.state.confirmations[-1])
        for slip in read_slips(reading.desk, reading.connection)
        if (slip.station, slip.entity) == wanted and slip.state.confirmations
    ]
    return reading.saying(last, _word("received_fen"))


def _portion(reading: Reading) -> Listed:
    """Return whose money one slip carries, as its fact says."""
    purse, owner = reading.asked["purse"], reading.asked["owner"]

    def part(told: Told) -> int:
        return sum(
            int(portion["amount_fen"])
            for portion in told.body.get("portions", ())
            if (portion["purse"], portion["owner"]) == (purse, owner)
        )

    slips = read_slips(reading.desk, reading.connection)
    wanted = (reading.asked["station"], reading.asked["entity"])
    sent = ((s.station, s.state.sent) for s in slips if (s.station, s.entity) == wanted)
    return reading.saying(sent, part)


# --- Money that goes down ------------------------------------------------------------------------


def _sent_down(reading: Reading) -> Listed:
    """Return what the county said it sent; what came without a word of it, as it was received."""
    asked = reading.asked
    found = [
        (one.station, one.state.announced or one.state.receipts[-1])
        for one in read_sent(reading.desk, reading.connection, asked["station"])
        if one.entity == asked["entity"] and (one.state.announced or one.state.receipts)
    ]
    return reading.saying(found, _word("amount_fen"))


def _arrived(reading: Reading) -> Listed:
    """Return what the station said it received last."""
    asked = reading.asked
    found = [
        (one.station, one.state.receipts[-1])
        for one in read_sent(reading.desk, reading.connection, asked["station"])
        if one.entity == asked["entity"] and one.state.receipts
    ]
    return reading.saying(found, _word("amount_fen"))


def _still_open(reading: Reading) -> Listed:
    """Return what a station can still be sent: of one purse, or of all that are open."""
    asked, station = reading.asked, reading.asked["station"]
    found = open_for(reading.desk, reading.connection, station)
    keys = [(one.portion.purse, one.portion.owner) for one in found]
    if asked.has("purse"):
        keys = [key for key in keys if key == (asked["purse"], asked["owner"])]
    rows: list[Row] = []
    for purse, owner in keys:
        rows += _held_for(reading, station, purse, owner)
        rows += _on_the_way(reading, station, purse, owner)
    return merged(rows)


def _held_for(reading: Reading, station: str, purse: str, owner: str) -> list[Row]:
    if purse:
        account = f"Liabilities:Held:{purse}:{owner}:{COUNTY}"
        return reading.posted([(station, account)], -1).all()
    b = reading.desk.county.store.tables.balances.c
    held = reading.connection.execute(
        select(b.account).where(
            b.station == station, b.commodity == CNY, b.amount < 0,
            b.account.like(f"Liabilities:Held:%:{COUNTY}"),
        )
    )  # fmt: skip
    # The current account owes the purses, too: their credits are taken off it.
    accounts = [(station, COUNTY_CURRENT), *((station, row[0]) for row in held)]
    return reading.posted(accounts).all()


def _on_the_way(reading: Reading, station: str, purse: str, owner: str) -> list[Row]:
    covered = {
        (station, money.announced): sum(
            portion.amount_fen
            for portion in money.covers
            if (portion.purse, portion.owner) == (purse, owner)
        )
        for money in coming_to(reading.desk, reading.connection, station)
    }
    told = reading.facts(covered)
    return [told[key].adds(-fen) for key, fen in covered.items() if fen and key in told]


# --- Couriers and contracts ----------------------------------------------------------------------


def _held(reading: Reading) -> Posted:
    """Return what stations hold for couriers: of one, of one purse, at one station, or all."""
    asked, b = reading.asked, reading.desk.county.store.tables.balances.c
    rows = reading.connection.execute(
        select(b.station, b.account).where(
            b.commodity == CNY, b.account.like("Liabilities:Held:%:Here")
        )
    )
    accounts = []
    for station, account in rows:
        _, _, purse, owner, *_ = account.split(":")
        is_asked = purse in PURSES and asked["purse"] in ("", purse)
        if is_asked and asked["courier"] in ("", owner) and asked["station"] in ("", station):
            accounts.append((station, account))
    return reading.posted(accounts, -1)


def _paid(amount: Callable[[Told], int]) -> Callable[[Reading], Listed]:
    """Return what couriers were paid in a month: one courier, or all."""

    def read(reading: Reading) -> Listed:
        asked = reading.asked
        paid = paid_in(reading.desk, reading.connection, asked["month"])
        wanted = [(at, one.paid) for at, one in paid if asked["courier"] in ("", one.courier)]
        found = reading.saying(wanted, amount)
        return Listed(tuple(row for row in found.rows if row.amount))

    return read


def _topped_up(amount: Callable[[Told], int]) -> Callable[[Reading], Listed]:
    """Return the settlements of a month with a top-up: of one payer or station, or all."""

    def read(reading: Reading) -> Listed:
        asked, store = reading.asked, reading.desk.county.store
        found = contracts.read_top_ups(store, reading.connection, asked["month"])
        wanted = [
            (one.station, one.settled.founder)
            for one in found
            if (not asked.has("payer") or one.payer == asked["payer"])
            and asked["station"] in ("", one.station)
        ]
        return reading.saying(wanted, amount)

    return read


def _agreed(*, is_exceeded: bool) -> Callable[[Reading], Listed]:
    """Return the contracts of a payer, each as it was registered last."""

    def read(reading: Reading) -> Listed:
        store, payer = reading.desk.county.store, reading.asked["payer"]
        wanted = [
            one
            for one in contracts.read_contracts(store, reading.connection)
            if one.contract.payer == payer and (not is_exceeded or one.contract.left < 0)
        ]
        last = contracts.said_last(store, reading.connection, wanted)
        return reading.saying(last, lambda _told: 1)

    return read


# --- Statements ----------------------------------------------------------------------------------


def _statement(reading: Reading) -> Listed:
    """Return the lines behind where an account stood, of one month or of all up to it."""
    asked = reading.asked
    county, station = reading.desk.county, asked["station"]
    _, shown = shown_of(county, reading.connection, asked["month"], station)
    if shown is None:
        return Listed(())
    lines = list(shown.lines) if asked["which"] != "opening" else []
    if asked["which"] != "moved":
        lines += _before(reading, station, shown.head.since)
    return _lines(reading, [line for line in lines if line.account == asked["account"]])


def _before(reading: Reading, station: str, since: str) -> list[StatementLine]:
    """Return the lines of the statement that one goes on from, and of all before it."""
    county = reading.desk.county
    lines: list[StatementLine] = []
    statements = issued(county.store, reading.connection, station)
    while since in statements:
        lines += said_of(county, reading.connection, station, since).lines
        since = statements[since].since
    return lines


def _lines(reading: Reading, lines: list[StatementLine]) -> Listed:
    """Return lines as rows; one whose fact the county does not hold stays a row without a place."""
    station = reading.asked["station"]
    told = reading.facts((station, line.fact) for line in lines)
    return Listed(
        tuple(
            told[station, line.fact].adds(line.amount_fen, line.account)
            if (station, line.fact) in told
            else Row(station, "", 0, line.fact, 0, line.kind, line.amount_fen, line.account)
            for line in lines
        )
    )


def _charge(reading: Reading) -> Listed:
    """Return the parts of an issued statement that say a charge or subsidy."""

    def charged(told: Told) -> int:
        charges = told.body.get("charges", ())
        return sum(c["amount_fen"] for c in charges if c["account"] == reading.asked["account"])

    line = read_line(
        reading.desk.county, reading.connection, reading.asked["month"], reading.asked["station"]
    )
    parts = line.statement.parts if line.statement else ()
    found = reading.saying(((line.station, part) for part in parts), charged)
    return Listed(tuple(row for row in found.rows if row.amount))


def _answered(reading: Reading) -> Listed:
    """Return the station's last answer to a statement, with how many lines it says."""
    asked = reading.asked
    f = reading.desk.county.store.tables.facts.c
    last = reading.connection.execute(
        select(f.identity)
        .where(
            f.station == asked["station"],
            f.entity == asked["entity"],
            f.kind == StatementAnswered.KIND,
        )
        .order_by(f.at.desc())
    ).first()
    which = asked["which"] if asked["which"] in ANSWERS else ANSWERS[0]
    wanted = [(asked["station"], last[0])] if last else []
    return reading.saying(wanted, _word(which))


@dataclass(frozen=True, slots=True)
class Question:
    """A figure that opens. back: the page that shows it; unit: how it is counted."""

    read: Callable[[Reading], Found]
    back: str
    unit: str = YUAN


ANSWERS = ("equal", "waiting", "differences")
_REMITTANCES, _SENDINGS, _COURIERS = "/finance", "/finance/sendings", "/finance/couriers"
_STATEMENTS = "/finance/statements"
QUESTIONS: Mapping[str, Question] = {
    "slips": Question(_slips, _REMITTANCES),
    "counted": Question(_counted, _REMITTANCES),
    "portion": Question(_portion, _REMITTANCES),
    "down": Question(_sent_down, _SENDINGS),
    "arrived": Question(_arrived, _SENDINGS),
    "open": Question(_still_open, _SENDINGS),
    "held": Question(_held, _COURIERS),
    "paid": Question(_paid(settled_fen), _COURIERS),
    "fees": Question(_paid(_word("fee_fen")), _COURIERS),
    "fines": Question(_paid(_word("fine_fen")), _COURIERS),
    "times": Question(_paid(lambda _told: 1), _COURIERS, COUNT),
    "top_ups": Question(_topped_up(_word("top_up_fen")), _COURIERS),
    "settlements": Question(_topped_up(lambda _told: 1), _COURIERS, COUNT),
    "contracts": Question(_agreed(is_exceeded=False), _COURIERS, COUNT),
    "exceeded": Question(_agreed(is_exceeded=True), _COURIERS, COUNT),
    "statement": Question(_statement, _STATEMENTS),
    "charge": Question(_charge, _STATEMENTS),
    "answers": Question(_answered, _STATEMENTS, COUNT),
}
