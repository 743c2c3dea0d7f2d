"""What may be sold: how much of what lies here, at which price, and who lets a price change.

A grower's floor holds against the price of the line: a discount is the station's own, so it never
lowers what she gets. What lies in a basket that waits is sold only when the basket is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from station_app.journal.fact import Body, Saying
from station_app.ledger.rounding import GRAM, line_fen
from station_app.ledger.shares import shared, taken_back
from station_app.services.consignment.facts import LotSold, Share
from station_app.services.sales.baskets import HELD, Basket
from station_app.services.sales.commands import GiveUpBasket, HoldBasket, SellGoods
from station_app.services.sales.facts import (
    BasketGivenUp,
    BasketHeld,
    BasketTakenUp,
    BasketWords,
    GoodsLine,
    GoodsWeighed,
    PriceRemark,
    PriceSet,
    SaleMade,
    WeighedLine,
)
from station_app.services.sales.rules import CONSIGNED, shares_of
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.refusal import Refusal
from station_app.values.staff import Coworker, approval, may_confirm
from station_app.values.weight import say_jin

Decision = Sequence[Saying] | Refusal

LINES_MAX = 100  # of a basket; more is two slips, and a fact holds it with room to spare
QUANTITY_MAX = 10_000_000  # ten tonnes, or ten million eggs: a slipped key
PRICE_MAX = 10_000_000  # a hundred thousand yuan for a kilogram
HELD_MAX = 50  # baskets that wait at one PC; more is a counter nobody finds anything on
WORDS_MAX = 20
ALONE_MAX = 200
DISCOUNT_REASONS = ("bruised", "bulk", "last", "near_date", "quality", "agreed", "label")
CONSENTS = ("present", "phone", "written")
WEIGHED = ("scale", "typed", "label", "")
# Why goods may not be sold: the catalogue says so, a lot was called back, or failed a test.
BARS = {"": "BLOCKED", "recalled": "RECALLED", "failed": "TEST_FAILED"}
GIVE_UP_REASONS = ("left", "changed_mind", "mistake", "end_of_day")


@dataclass(frozen=True, slots=True, kw_only=True)
class OnShelf:
    """What a rule sees of a lot or of the shop's goods.

    name: for sentences; on_shelf: grams or pieces that may still be sold, None for the shop's own
    goods, of which nobody counts the stock; in_stock: wherever it lies; price_fen: as it stands,
    0 when none is set; floor_fen: the highest of its growers' floors. blocked: why it may not
    be sold, "" if it may; blocked_by: a key of BARS.
    """

    name: str
    ownership: str
    unit: str
    on_shelf: int | None = None
    in_stock: int = 0
    cost_fen: int = 0
    shares: tuple[Share, ...] = ()
    price_fen: int = 0
    blocked: str = ""
    blocked_by: str = ""

    @property
    def floor_fen(self) -> int:
        """Return below which price nobody sells it unasked."""
        if self.ownership != CONSIGNED:
            return 0
        return max((share.floor_fen for share in self.shares), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selling:
    """What a sale needs to know. goods: by lot, or by product for the shop's own shelf.

    basket: the one that is taken up; staff: who works here.
    """

    goods: Mapping[str, OnShelf] = field(default_factory=dict)
    slip: int = 0
    basket: Basket | None = None
    staff: tuple[Coworker, ...] = ()
    held: int = 0


def key_of(line: GoodsLine) -> str:
    """Return by what a line is known: its lot, or the product."""
    return line.lot or line.product


def amount_of(line: GoodsLine) -> int:
    """Return quantity by price."""
    return line_fen(line.quantity, line.price_fen, line.unit)


def due_of(lines: Sequence[GoodsLine]) -> int:
    """Return what is to be paid for a basket, before anything is let go."""
    return sum(amount_of(line) - line.discount_fen for line in lines)


# --- Selling -------------------------------------------------------------------------------------


def sell_goods(state: Selling, command: SellGoods, now: Now) -> Decision:
    """Sell a basket: money and goods of each line, prices that change, the basket that waited."""
    refusal = (
        _why_not_lines(state, command.lines, is_final=True)
        or _why_not_basket(state, command.basket, now)
        or _why_not_let_go(command)
    )
    if refusal is not None:
        return refusal
    prices = _prices(state, command, now)
    if isinstance(prices, Refusal):
        return prices
    dues = {f"{n:03}": amount_of(x) - x.discount_fen for n, x in enumerate(command.lines)}
    let_go = shared(command.round_off_fen, dues.items())
    facts: list[Saying] = []
    left = dict(state.goods)
    for number, line in enumerate(command.lines):
        goods = left[key_of(line)]
        facts.append(Saying(_sale(state.slip, line, goods, let_go[f"{number:03}"], now)))
        if line.lot:
            cost_fen = _cost_of(goods, line.quantity)
            facts.append(
                Saying(
                    LotSold(quantity=line.quantity, cost_fen=cost_fen, day=now.day),
                    entity=line.lot,
                )
            )
            left[line.lot] = _less(goods, line.quantity, cost_fen)
    facts += _weighed(state.slip, command.lines, now)
    facts += prices
    if command.basket:
        facts.append(Saying(BasketTakenUp(day=now.day), entity=command.basket))
    return facts


def _sale(slip: int, line: GoodsLine, goods: OnShelf, round_off_fen: int, now: Now) -> SaleMade:
    amount_fen = amount_of(line)
    is_below = line.price_fen < goods.floor_fen
    return SaleMade(
        ownership=goods.ownership,
        lot=line.lot,
        product=line.product,
        unit=line.unit,
        quantity=line.quantity,
        price_fen=line.price_fen,
        amount_fen=amount_fen,
        discount_fen=line.discount_fen,
        reason=line.reason if line.discount_fen else "",
        consent=line.consent if is_below else "",
        round_off_fen=round_off_fen,
        shares=shares_of(amount_fen, line.quantity, goods.shares)
        if goods.ownership == CONSIGNED
        else (),
        slip=slip,
        day=now.day,
    )


def _cost_of(goods: OnShelf, quantity: int) -> int:
    """Return what a quantity of an own lot cost; the last of it takes what is left."""
    if goods.ownership == CONSIGNED:
        return 0
    return taken_back(max(0, goods.cost_fen), quantity, goods.in_stock, before=(0, 0))


def _less(goods: OnShelf, quantity: int, cost_fen: int) -> OnShelf:
    return replace(
        goods,
        on_shelf=(goods.on_shelf or 0) - quantity,
        in_stock=goods.in_stock - quantity,
        cost_fen=goods.cost_fen - cost_fen,
    )


def _weighed(slip: int, lines: Sequence[GoodsLine], now: Now) -> list[Saying]:
    found = tuple(
        WeighedLine(line=number, quantity=line.quantity, how=line.weighed, frame=line.frame)
        for number, line in enumerate(lines, 1)
        if line.unit == GRAM and line.weighed
    )
    body: Body = GoodsWeighed(lines=found, slip=slip, day=now.day)
    return [Saying(body)] if found else []


# --- Prices --------------------------------------------------------------------------------------


def changes_price(goods: OnShelf, price_fen: int) -> bool:
    """Tell whether a price is another one than the one that stands; a first one changes nothing."""
    return bool(goods.price_fen) and price_fen != goods.price_fen


def _prices(state: Selling, command: SellGoods, now: Now) -> list[Saying] | Refusal:
    """Return the prices that this sale sets, or why it may not."""
    found: dict[str, GoodsLine] = {}
    for line in command.lines:
        first = found.setdefault(key_of(line), line)
        if first.price_fen != line.price_fen:
            return Refusal("sales.TWO_PRICES", {"name": state.goods[key_of(line)].name})
    facts: list[Saying] = []
    for key, line in found.items():
        goods = state.goods[key]
        if line.price_fen == goods.price_fen:
            continue
        let_by = ""
        if changes_price(goods, line.price_fen):
            allowed = _let_by(state, command, now)
            if isinstance(allowed, Refusal):
                return allowed
            let_by = allowed
        asks = let_by in ("alone", "absent")
        reason = command.alone_reason.strip() if asks else ""
        body = PriceSet(
            lot=line.lot,
            product=line.product,
            unit=line.unit,
            price_fen=line.price_fen,
            was_fen=goods.price_fen,
            approval=let_by,
            confirmed_by=command.confirmed_by if let_by == "manager" else "",
            day=now.day,
        )
        facts.append(Saying(body, PriceRemark(reason=reason) if reason else None))
    return facts


def _let_by(state: Selling, command: SellGoods, now: Now) -> str | Refusal:
    """Return who lets a price change: the manager, here or by her PIN, else one with a reason."""
    if now.is_manager:
        return "manager"
    second = command.confirmed_by
    if second:
        may = may_confirm(state.staff, second, asked_by=now.operator, is_manager=False)
        return "manager" if may else Refusal("sales.NOT_A_MANAGER")
    if not command.alone_reason.strip():
        return Refusal("sales.PRICE_ASKS_MANAGER")
    if len(command.alone_reason) > ALONE_MAX:
        return Refusal("sales.WORDS_TOO_LONG", {"max": ALONE_MAX})
    return approval(len(state.staff), is_manager=False)


# --- What is refused -----------------------------------------------------------------------------


def _why_not_let_go(command: SellGoods) -> Refusal | None:
    if not 0 <= command.round_off_fen <= due_of(command.lines):
        return Refusal("sales.ROUND_OFF_WRONG")
    return None


def _why_not_basket(state: Selling, basket: str, now: Now) -> Refusal | None:
    if not basket:
        return None
    held = state.basket
    if held is None or held.status != HELD:
        return Refusal("sales.BASKET_OVER")
    if held.device != now.device:
        return Refusal("sales.BASKET_ELSEWHERE", {"device": held.device.lstrip("D")})
    return None


def _why_not_lines(state: Selling, lines: Sequence[GoodsLine], *, is_final: bool) -> Refusal | None:
    """Return what is wrong with a basket. is_final: it is sold, so it must lie here."""
    if not lines:
        return Refusal("sales.BASKET_EMPTY")
    if len(lines) > LINES_MAX:
        return Refusal("sales.TOO_MANY_LINES", {"max": LINES_MAX})
    wanted: dict[str, int] = {}
    for line in lines:
        goods = state.goods.get(key_of(line))
        refusal = _why_not_line(goods, line, is_final=is_final)
        if refusal is not None or goods is None:
            return refusal
        wanted[key_of(line)] = wanted.get(key_of(line), 0) + line.quantity
        is_short = goods.on_shelf is not None and wanted[key_of(line)] > goods.on_shelf
        if is_final and is_short:
            return more_than_here(goods)
    return None


def more_than_here(goods: OnShelf) -> Refusal:
    """Return the refusal of more than lies here."""
    key = "sales.MORE_THAN_HERE" if (goods.on_shelf or 0) > 0 else "sales.NOTHING_LEFT"
    return Refusal(key, {"name": goods.name, "left": said(goods.on_shelf or 0, goods.unit)})


def said(quantity: int, unit: str) -> str:
    """Return a quantity for a sentence: 2.5 斤, or the bare number of pieces."""
    return say_jin(quantity) if unit == GRAM else str(quantity)


def _why_not_line(goods: OnShelf | None, line: GoodsLine, *, is_final: bool) -> Refusal | None:
    if goods is None:
        return Refusal("sales.NO_SUCH_GOODS")
    name = {"name": goods.name}
    if goods.blocked:
        return Refusal(f"sales.{BARS[goods.blocked_by]}", {**name, "why": goods.blocked})
    assert line.unit == goods.unit
    assert line.weighed in WEIGHED
    if not 0 < line.quantity <= QUANTITY_MAX:
        return Refusal("sales.QUANTITY_WRONG", name)
    if not 0 < line.price_fen <= PRICE_MAX:
        return Refusal("sales.PRICE_WRONG", name)
    if not amount_of(line):
        return Refusal("sales.TOO_LITTLE", name)
    return why_not_discount(goods, line) or (why_below_floor(goods, line) if is_final else None)


def why_not_discount(goods: OnShelf, line: GoodsLine) -> Refusal | None:
    """Return what is wrong with what is taken off a line; something is always left to pay."""
    if not line.discount_fen:
        return None
    name = {"name": goods.name}
    if not 0 < line.discount_fen < amount_of(line):
        return Refusal("sales.DISCOUNT_WRONG", {**name, "most": say_yuan(amount_of(line) - 1)})
    return None if line.reason in DISCOUNT_REASONS else Refusal("sales.DISCOUNT_REASON", name)


def why_below_floor(goods: OnShelf, line: GoodsLine) -> Refusal | None:
    """Return the refusal of a price below what the grower asked for, unless she has agreed."""
    if line.price_fen >= goods.floor_fen or line.consent in CONSENTS:
        return None
    return Refusal("sales.BELOW_FLOOR", {"name": goods.name, "floor": say_yuan(goods.floor_fen)})


# --- Baskets that wait ---------------------------------------------------------------------------


def hold_basket(state: Selling, command: HoldBasket, now: Now) -> Decision:
    """Put a basket aside. It may hold more than lies here, and a price nobody has agreed to yet."""
    refusal = _why_not_lines(state, command.lines, is_final=False) or _why_not_basket(
        state, command.basket, now
    )
    if refusal is not None:
        return refusal
    if state.held - bool(command.basket) >= HELD_MAX:
        return Refusal("sales.TOO_MANY_HELD", {"max": HELD_MAX})
    words = command.words.strip()
    if len(words) > WORDS_MAX:
        return Refusal("sales.WORDS_TOO_LONG", {"max": WORDS_MAX})
    body = BasketHeld(lines=command.lines, amount_fen=due_of(command.lines), day=now.day)
    facts = [Saying(body, BasketWords(words=words) if words else None)]
    if command.basket:
        facts.append(Saying(BasketTakenUp(day=now.day), entity=command.basket))
    return facts


def give_up_basket(state: Selling, command: GiveUpBasket, now: Now) -> Decision:
    """Give up a basket that waits here."""
    assert command.reason in GIVE_UP_REASONS
    refusal = _why_not_basket(state, command.basket, now)
    if refusal is not None:
        return refusal
    return [Saying(BasketGivenUp(reason=command.reason, day=now.day), entity=command.basket)]
