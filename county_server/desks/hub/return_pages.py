"""The hub's desk of what comes back of online sales (退货): of which order, how much, what of it.

It is counted before it is said, like a sale; then it is said to every station of it at once.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection
from starlette.responses import Response

from county_server.desks.desk import Desk, go, status_of
from county_server.desks.finance.sendings import open_for
from county_server.desks.hub import returning, sold
from county_server.desks.hub.returning import Back, Waiting
from county_server.desks.hub.sold import Order, Sold
from county_server.desks.hub.telling import tell_stations
from county_server.desks.pen import Refused, check_mark, mark_of
from county_server.desks.produce.totals import read_names
from county_server.put_back import PaymentsStopped
from county_server.staff import roles
from county_server.web.frame import Ask, Endpoint
from station_app.journal.fact import Saying
from station_app.ledger.accounts import held_grower
from station_app.values.day import DAY_MS, local_day

RETURN_DAYS, SHOWN_MAX = 92, 60  # what was sold longer ago, no platform takes back
GROWER = "Grower"


class HubReturns:
    """The page and its act."""

    def __init__(self, desk: Desk) -> None:
        """Take back for one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the page and its act."""
        return [
            Endpoint("GET", "/hub/sales/returns", roles.HUB_SALES, roles.LOOK, self.listing),
            Endpoint("POST", "/hub/sales/returns", roles.HUB_SALES, roles.DO, self.take_back),
        ]

    def listing(
        self,
        ask: Ask,
        trouble: str = "",
        status: int = 200,
        typed: Mapping[str, str] | None = None,
        backs: tuple[Back, ...] = (),
    ) -> Response:
        """Show what was sold, the form of one order, and what comes of what was typed."""
        typed = typed or {}
        with self._desk.frame.read() as connection:
            orders = self._orders(connection, ask)
            sorts = read_names(connection)
        number = ask.query.get("number", "").strip()
        wanted = typed.get("sale", "") or ask.query.get("sale", "")
        found = [one for one in orders if number in one.first.said.order]
        chosen = _order_of(orders, wanted) if wanted else None
        if chosen is None and number and len(found) == 1:
            chosen = found[0]
        return self._desk.page(
            "hub_returns.html", ask, status, trouble=trouble, orders=found[:SHOWN_MAX],
            beyond=max(0, len(found) - SHOWN_MAX), chosen=chosen, sorts=sorts, number=number,
            typed=typed, backs=backs, fates=returning.FATES, reasons=returning.REASONS,
            key_of=returning.key_of, mark=_mark(chosen.parts) if chosen else "",
            days=RETURN_DAYS, stations=len({one.sold.station for one in backs}),
            is_again=chosen is not None and bool(chosen.back_quantity),
            sums={
                "gross": sum(one.body.gross_fen for one in backs),
                "fee_station": sum(one.body.station_commission_fen for one in backs),
                "fee_county": sum(one.body.county_commission_fen for one in backs),
                "added": sum(one.added_fen for one in backs),
                "net": sum(one.net_fen for one in backs),
                "clawed": sum(one.clawed_fen for one in backs),
                "borne": sum(one.borne_fen for one in backs),
            },
        )  # fmt: skip

    def take_back(self, ask: Ask) -> Response:
        """Count what comes of a return, or say it to every station of it."""
        typed = {k: str(v) for k, v in ask.form.fields.items() if k != "token"}
        try:
            backs = self._counted_or_said(ask, typed)
        except PaymentsStopped:
            return self._refuse(ask, Refused("payments_stopped"), typed)
        except Refused as refused:
            return self._refuse(ask, refused, typed)
        if typed.get("act") != "say":
            return self.listing(ask, typed=typed, backs=backs)
        return go(f"/hub/sales/returns?sale={typed.get('sale', '')}", "hub_returned")

    def _counted_or_said(self, ask: Ask, typed: Mapping[str, str]) -> tuple[Back, ...]:
        county = self._desk.county
        with county.store.write() as connection:
            order = _order_of(self._orders(connection, ask), typed.get("sale", ""))
            if order is None:
                raise Refused("return_unknown")
            check_mark(lambda: _mark(order.parts), typed.get("mark", ""))
            wanted = returning.read_backs(order.parts, typed)
            waiting = self._waiting(connection, [one for one, _ in wanted])
            backs = returning.backs_of(wanted, typed, waiting, local_day(ask.now))
            if typed.get("act") != "say":
                return backs
            told = [(one.sold.station, Saying(one.body, entity=one.sold.lot)) for one in backs]
            tell_stations(county, connection, told, by=ask.member.code, at=ask.now)
        return backs

    def _orders(self, connection: Connection, ask: Ask) -> list[Order]:
        since = ask.now - RETURN_DAYS * DAY_MS
        return sold.orders_of(sold.read_sold(self._desk.county.store, connection, since))

    def _waiting(self, connection: Connection, parts: Sequence[Sold]) -> Waiting:
        """Return what has not gone down yet for the growers of these parts."""
        found: Waiting = {}
        for station in {one.station for one in parts}:
            purses = {
                one.portion.owner: one.portion.amount_fen
                for one in open_for(self._desk, connection, station)
                if one.portion.purse == GROWER
            }
            people = {a.person for one in parts if one.station == station for a in one.said.amounts}
            for person in people:
                owner = held_grower(person).split(":")[3]
                found[station, person] = purses.get(owner, 0)
        return found

    def _refuse(self, ask: Ask, refused: Refused, typed: Mapping[str, str]) -> Response:
        return self.listing(ask, self._desk.trouble(ask, refused), status_of(refused), typed)


def _order_of(orders: Sequence[Order], sale: str) -> Order | None:
    return next((one for one in orders if any(part.fact == sale for part in one.parts)), None)


def _mark(parts: Sequence[Sold]) -> str:
    """Return a mark of what has come back of it: the same return sent twice is said once."""
    return mark_of(*((one.fact, one.back_quantity) for one in parts))
