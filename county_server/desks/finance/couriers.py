"""What is held for each courier at the stations, and what has been paid to it this month.

The station settles with the runner; the county only looks, so that a courier's bill can be held
against the stations' own books.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection, func, select
from starlette.responses import Response

from county_server.dashboard.figures import courier_names
from county_server.desks.desk import Desk
from county_server.desks.finance.contracts import read_payers
from county_server.desks.finance.origins import Told
from county_server.desks.finance.statements import recent_months
from county_server.staff import roles
from county_server.web.frame import Ask, Endpoint
from station_app.ledger.posting import CNY
from station_app.services.clearing.books import to_pay_fen
from station_app.services.clearing.facts import CourierPaid
from station_app.services.clearing.states import CourierPayment
from station_app.values.day import is_day

PURSES = ("COD", "Freight", "Sending")


@dataclass
class CourierRow:
    """A courier: what stations hold for it by purse, and what it got in the month (fen)."""

    code: str
    name: str
    held: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    stations: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    paid_fen: int = 0
    fees_fen: int = 0
    fines_fen: int = 0
    payments: int = 0

    @property
    def held_fen(self) -> int:
        """Return everything that is held."""
        return sum(self.held.values())


class Couriers:
    """The tab of what couriers have and get."""

    def __init__(self, desk: Desk) -> None:
        """Show one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the page."""
        return [
            Endpoint("GET", "/finance/couriers", roles.COURIERS, roles.LOOK, self.listing),
        ]

    def listing(self, ask: Ask) -> Response:
        """Show all couriers."""
        asked = ask.query.get("month", "")
        month = asked if is_day(f"{asked}-01") else recent_months(ask.now)[0]
        with self._desk.frame.read() as connection:
            rows = read_rows(self._desk, connection, month)
            payers = read_payers(self._desk.county.store, connection, month)
        return self._desk.page(
            "couriers.html",
            ask,
            month=month,
            months=recent_months(ask.now),
            rows=rows,
            payers=payers,
            purses=PURSES,
            chosen=next((row for row in rows if row.code == ask.query.get("courier")), None),
        )


def read_rows(desk: Desk, connection: Connection, month: str) -> list[CourierRow]:
    """Return every courier of which money is held, or that was paid in the month."""
    tables = desk.county.store.tables
    names = courier_names(connection)
    rows: dict[str, CourierRow] = {}

    def row(code: str) -> CourierRow:
        return rows.setdefault(code, CourierRow(code, names.get(code, code)))

    c = tables.balances.c
    held = connection.execute(
        select(c.station, c.account, func.sum(c.amount))
        .where(c.commodity == CNY, c.account.like("Liabilities:Held:%:Here"))
        .group_by(c.station, c.account)
    )
    for station, account, amount in held:
        _, _, purse, owner, *_ = account.split(":")
        if purse in PURSES and amount:
            row(owner).held[purse] -= int(amount)
            row(owner).stations[station] -= int(amount)
    for _, paid in paid_in(desk, connection, month):
        one = row(paid.courier)
        one.paid_fen += paid.to_pay_fen
        one.fees_fen += paid.fee_fen
        one.fines_fen += paid.fine_fen
        one.payments += 1
    return sorted(rows.values(), key=lambda one: (-one.held_fen, one.code))


def paid_in(desk: Desk, connection: Connection, month: str) -> list[tuple[str, CourierPayment]]:
    """Return the payments of a month that stand, each with its station."""
    states = desk.county.store.tables.states.c
    rows = connection.execute(
        select(states.station, states.data).where(states.kind == "courier_payment")
    )
    decoded = ((row[0], msgspec.json.decode(bytes(row[1]), type=CourierPayment)) for row in rows)
    return [
        (station, paid)
        for station, paid in decoded
        if paid.paid and not paid.returns and paid.day.startswith(month)
    ]


def settled_fen(told: Told) -> int:
    """Return what the fact of a payment says a courier got."""
    return to_pay_fen(msgspec.convert(told.body, CourierPaid))
