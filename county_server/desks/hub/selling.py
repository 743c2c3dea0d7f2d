"""An online sale of what lies at the hub: what each lot, and each grower of it, gets. Pure.

One order may take from several lots of several stations. Each lot has its own gross by the price;
costs of the whole order are shared by it, largest remainder first; fees are of what is then left.
So gross less every cost and both fees is what the growers get, of every lot and of the whole. What
a support contract promised beyond that the county adds, in the same act.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from county_server.desks.hub.arrivals import Stock
from county_server.desks.hub.prices import Mean
from county_server.desks.hub.weighing import PRICE_MAX, read_quantity
from county_server.desks.pen import Refused
from station_app.journal.fact import Saying
from station_app.ledger.rounding import basis_points, line_fen
from station_app.ledger.shares import shared
from station_app.services.consignment.facts import (
    Cost,
    GrowerAmount,
    LotSoldByOrder,
    LotToppedUp,
)
from station_app.services.consignment.lots import OWN
from station_app.services.consignment.rules import amounts_for, cost_of, drawn_shares
from station_app.values.money import parse_yuan

COSTS = ("platform", "freight", "packing")
COST_MAX = 100_000_000
FEES_MAX = 5_000  # basis points of each fee
LOTS_MAX = 50
SHOP_MAX, ORDER_MAX = 20, 40  # characters of a shop's name, of an order number


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for the whole order. costs: by name; fees in basis points of what is left.

    shop, order: where it was sold, and the number that the platform gave it.
    """

    price_fen: int
    costs: Mapping[str, int]
    station_bp: int
    county_bp: int
    is_sure: bool = False
    shop: str = ""
    order: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What an order takes from one lot, and what is said of it."""

    stock: Stock
    body: LotSoldByOrder
    top_ups: tuple[GrowerAmount, ...] = ()

    @property
    def top_up_fen(self) -> int:
        """Return what contracts add to it."""
        return sum(one.amount_fen for one in self.top_ups)

    @property
    def each_fen(self) -> int:
        """Return what a kilogram or piece brings its growers."""
        return Mean(self.body.quantity, self.net_fen).price_fen(self.stock.unit)

    @property
    def sayings(self) -> list[Saying]:
        """Return what is said of the lot: that it was sold, and what contracts add."""
        lot, body = self.stock.lot, self.body
        added = LotToppedUp(quantity=body.quantity, amounts=self.top_ups, day=body.day)
        more = [Saying(added, entity=lot)] if self.top_ups else []
        return [Saying(body, entity=lot), *more]

    @property
    def net_fen(self) -> int:
        """Return what the growers get, or the station of its own lot."""
        paid = sum(cost.amount_fen for cost in self.body.costs)
        fees = self.body.station_commission_fen + self.body.county_commission_fen
        return self.body.gross_fen - paid - fees


def read_terms(form: Mapping[str, str]) -> Terms:
    """Return the terms as they were typed. Raises Refused."""
    price = parse_yuan(form.get("price", ""))
    if price is None or not 0 < price <= PRICE_MAX:
        raise Refused("sale_price")
    costs = {name: _fen(form.get(name, "")) for name in COSTS}
    shop, order = form.get("shop", "").strip(), form.get("order", "").strip()
    if len(shop) > SHOP_MAX or len(order) > ORDER_MAX:
        raise Refused("sale_order", most=ORDER_MAX)
    return Terms(
        price_fen=price,
        costs=costs,
        station_bp=_percent(form.get("station", "")),
        county_bp=_percent(form.get("county", "")),
        is_sure=bool(form.get("sure")),
        shop=shop,
        order=order,
    )


def _fen(typed: str) -> int:
    fen = parse_yuan(typed) if typed.strip() else 0
    if fen is None or not 0 <= fen <= COST_MAX:
        raise Refused("sale_cost")
    return fen


def _percent(typed: str) -> int:
    hundredths = parse_yuan(typed) if typed.strip() else 0
    if hundredths is None or not 0 <= hundredths <= FEES_MAX:
        raise Refused("sale_fee")
    return hundredths


def read_uses(
    stocks: Sequence[Stock], form: Mapping[str, str], nothing: str = "sale_nothing"
) -> list[tuple[Stock, int]]:
    """Return how much of which lots is taken. Raises Refused: also for more than lies there.

    nothing: how it is refused where nothing was typed, or of too many lots.
    """
    found = []
    for stock in stocks:
        typed = form.get(stock.key, "").strip()
        if not typed:
            continue
        quantity = read_quantity(typed, stock.unit)
        if quantity is None or quantity <= 0:
            key = "hub_pieces" if stock.unit == "piece" else "hub_weight"
            raise Refused(key, number=stock.number)
        if quantity > stock.state.at_hub:
            raise Refused("sale_above", number=stock.number)
        found.append((stock, quantity))
    if not 0 < len(found) <= LOTS_MAX:
        raise Refused(nothing, most=LOTS_MAX)
    if len({(stock.state.produce, stock.unit) for stock, _ in found}) > 1:
        raise Refused("sale_mixed")
    return found


def parts_of(uses: Sequence[tuple[Stock, int]], terms: Terms, day: str) -> tuple[Part, ...]:
    """Return what is said of each lot. Raises Refused."""
    for stock, _ in uses:
        _look_at(stock, terms)
    gross = {stock.key: line_fen(quantity, terms.price_fen, stock.unit) for stock, quantity in uses}
    if not all(gross.values()):
        raise Refused("sale_little")
    costs = {name: shared(fen, gross.items()) for name, fen in terms.costs.items() if fen}
    found = []
    for stock, quantity in uses:
        paid = tuple(
            Cost(name=name, amount_fen=parts[stock.key])
            for name, parts in costs.items()
            if parts[stock.key]
        )
        found.append(_part(stock, quantity, paid, terms, day))
    return tuple(found)


def _look_at(stock: Stock, terms: Terms) -> None:
    state = stock.state
    if state.is_blocked:
        raise Refused("sale_stopped", number=stock.number, why=state.recalled or state.failed)
    if terms.price_fen < stock.floor_fen and not terms.is_sure:
        raise Refused("sale_floor", number=stock.number)
    if state.ownership != OWN and terms.station_bp + terms.county_bp > stock.fee_bp:
        raise Refused("sale_agreed", number=stock.number)


def _part(stock: Stock, quantity: int, costs: tuple[Cost, ...], terms: Terms, day: str) -> Part:
    gross_fen = line_fen(quantity, terms.price_fen, stock.unit)
    state, is_own = stock.state, stock.state.ownership == OWN
    left_fen = gross_fen - sum(cost.amount_fen for cost in costs)
    if left_fen < 0:
        raise Refused("sale_loss", number=stock.number)
    ours_fen = 0 if is_own else basis_points(left_fen, terms.station_bp)
    theirs_fen = basis_points(left_fen, terms.county_bp)
    net_fen = left_fen - ours_fen - theirs_fen
    body = LotSoldByOrder(
        answers="",
        ownership=state.ownership,
        quantity=quantity,
        gross_fen=gross_fen,
        costs=costs,
        station_commission_fen=ours_fen,
        county_commission_fen=theirs_fen,
        amounts=() if is_own else amounts_for(state, net_fen),
        cost_fen=cost_of(state, quantity) if is_own else 0,
        day=day,
        shop=terms.shop,
        order=terms.order,
    )
    return Part(stock, body, _top_ups(stock, body, terms.price_fen))


def _top_ups(stock: Stock, body: LotSoldByOrder, price_fen: int) -> tuple[GrowerAmount, ...]:
    """Return what each grower's contract promised beyond this sale, by its price or by her net."""
    amounts = {one.person: one.amount_fen for one in body.amounts}
    shares = drawn_shares(stock.state.shares, body.quantity)
    found: dict[str, int] = {}
    for person, net_fen in amounts.items():
        hers = [share for share in shares if share.person == person]
        nets = shared(net_fen, ((f"{n:03}", share.quantity) for n, share in enumerate(hers)))
        for share, part_fen in zip(hers, nets.values(), strict=True):
            promised = share.guaranteed_fen
            if share.is_net:
                fen = line_fen(share.quantity, promised, stock.unit) - part_fen
            else:
                fen = line_fen(share.quantity, max(0, promised - price_fen), stock.unit)
            if promised and fen > 0:
                found[person] = found.get(person, 0) + fen
    return tuple(GrowerAmount(person=one, amount_fen=fen) for one, fen in sorted(found.items()))
