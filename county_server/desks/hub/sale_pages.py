"""The hub's desk of online sales: of which lots an order is, what it cost, who gets what.

It is counted before it is said: the same form shows what comes of it. One act of the page says
it to every station that has a lot in it, in one transaction, or to none.
"""

from collections.abc import Mapping

from sqlalchemy import Connection
from starlette.responses import Response

from county_server.desks.desk import Desk, go, status_of
from county_server.desks.hub import arrivals, selling, sold
from county_server.desks.hub.arrivals import Stock
from county_server.desks.hub.prices import Mean
from county_server.desks.hub.selling import Part, Terms
from county_server.desks.hub.telling import tell_stations
from county_server.desks.pen import Refused, check_mark, mark_of
from county_server.desks.produce.totals import read_names
from county_server.put_back import PaymentsStopped
from county_server.staff import roles
from county_server.web.frame import Ask, Endpoint
from station_app.values.day import DAY_MS, local_day

SHOWN_MAX = 200
ORDERS_DAYS, ORDERS_MAX = 31, 60  # of what was sold, so many are listed; a number said is not again
USUAL = {"station": "5", "county": "3"}  # per cent, until somebody types others


class HubSales:
    """The page and its act."""

    def __init__(self, desk: Desk) -> None:
        """Sell for one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the page and its act."""
        return [
            Endpoint("GET", "/hub/sales", roles.HUB_SALES, roles.LOOK, self.listing),
            Endpoint("POST", "/hub/sales", roles.HUB_SALES, roles.DO, self.sell),
        ]

    def listing(
        self,
        ask: Ask,
        trouble: str = "",
        status: int = 200,
        typed: Mapping[str, str] | None = None,
        parts: tuple[Part, ...] = (),
    ) -> Response:
        """Show what lies at the hub, the form, and what comes of what was typed."""
        store = self._desk.county.store
        with self._desk.frame.read() as connection:
            stocks = arrivals.read_stock(store, connection)
            sorts = read_names(connection)
            orders = self._orders(connection, ask)
        produce = ask.query.get("produce", "") or (typed or {}).get("produce", "")
        kinds = {one.state.produce: 0 for one in stocks}
        for one in stocks:
            kinds[one.state.produce] += one.state.at_hub
        produce = produce if produce in kinds else next(iter(kinds), "")
        shown = [one for one in stocks if one.state.produce == produce][:SHOWN_MAX]
        return self._desk.page(
            "hub_sales.html", ask, status, trouble=trouble, stocks=shown, kinds=kinds,
            produce=produce, sorts=sorts, typed=typed or USUAL, parts=parts, costs=selling.COSTS,
            mark=_mark(shown), orders=orders[:ORDERS_MAX], days=ORDERS_DAYS,
            shops=sorted({one.first.said.shop for one in orders} - {""}), today=local_day(ask.now),
            gross_fen=sum(one.body.gross_fen for one in parts),
            net_fen=sum(one.net_fen for one in parts),
            top_up_fen=sum(one.top_up_fen for one in parts), **_summed(parts),
        )  # fmt: skip

    def sell(self, ask: Ask) -> Response:
        """Count what comes of an order, or say it to every station of it."""
        typed = {k: str(v) for k, v in ask.form.fields.items() if k != "token"}
        try:
            parts = self._counted_or_said(ask, typed)
        except PaymentsStopped:
            return self._refuse(ask, Refused("payments_stopped"), typed)
        except Refused as refused:
            return self._refuse(ask, refused, typed)
        if typed.get("act") != "sell":
            return self.listing(ask, typed=typed, parts=parts)
        return go(f"/hub/sales?produce={typed.get('produce', '')}", "hub_sold")

    def _counted_or_said(self, ask: Ask, typed: Mapping[str, str]) -> tuple[Part, ...]:
        """Return what an order comes to; where it is to be sold, it is said to each station."""
        terms, county = selling.read_terms(typed), self._desk.county
        with county.store.write() as connection:
            stocks = [
                one
                for one in arrivals.read_stock(county.store, connection)
                if one.state.produce == typed.get("produce", "")
            ]
            uses = selling.read_uses(stocks, typed)
            self._look_for(terms, connection, ask)
            parts = selling.parts_of(uses, terms, local_day(ask.now))
            if typed.get("act") != "sell":
                return parts
            check_mark(lambda: _mark(stocks[:SHOWN_MAX]), typed.get("mark", ""))
            told = [(one.stock.station, saying) for one in parts for saying in one.sayings]
            tell_stations(county, connection, told, by=ask.member.code, at=ask.now)
        return parts

    def _orders(self, connection: Connection, ask: Ask) -> list[sold.Order]:
        since = ask.now - ORDERS_DAYS * DAY_MS
        return sold.orders_of(sold.read_sold(self._desk.county.store, connection, since))

    def _look_for(self, terms: Terms, connection: Connection, ask: Ask) -> None:
        """Refuse an order number that was said before, unless somebody is sure."""
        if not terms.order or terms.is_sure:
            return
        for order in self._orders(connection, ask):
            if (order.first.said.shop, order.first.said.order) == (terms.shop, terms.order):
                raise Refused("sale_order_again", number=terms.order, day=order.first.day)

    def _refuse(self, ask: Ask, refused: Refused, typed: Mapping[str, str]) -> Response:
        return self.listing(ask, self._desk.trouble(ask, refused), status_of(refused), typed)


def _mark(stocks: list[Stock]) -> str:
    """Return a mark of what lies there: the same order sent twice is sold once."""
    return mark_of(*((one.station, one.lot, one.state.at_hub) for one in stocks))


def _summed(parts: tuple[Part, ...]) -> dict[str, object]:
    """Return what stands beside the form: every cost, both fees, what a kilogram comes to."""
    paid = dict.fromkeys(selling.COSTS, 0)
    for one in parts:
        for cost in one.body.costs:
            paid[cost.name] += cost.amount_fen
    mean = Mean(sum(one.body.quantity for one in parts), sum(one.net_fen for one in parts))
    return {
        "paid": paid,
        "fees": {
            "station": sum(one.body.station_commission_fen for one in parts),
            "county": sum(one.body.county_commission_fen for one in parts),
        },
        "each_fen": mean.price_fen(parts[0].stock.unit) if parts else 0,
        "floor_fen": max((one.stock.floor_fen for one in parts), default=0),
    }
