"""A basket in progress: what lies in it, what it comes to, how it is paid.

Plain values and sums, no screen. The page shows one and makes another; the commands come from it,
so what the screen shows as due is what the rule will find.
"""

from dataclasses import dataclass, field, replace

from station_app.ledger.rounding import GRAM, line_fen
from station_app.services.cash.commands import TakePayment, taking
from station_app.services.sales.commands import HoldBasket, PrintSaleSlip, SellGoods
from station_app.services.sales.facts import GoodsLine
from station_app.values.paying import Paying

PAY = "pay."  # begins what a payment still lacks; the rest is a word of the payment panel


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """Something that can be sold. lot: identity, or product: code of the shop's own goods.

    unit: `gram` or `piece`; word: how one piece is called (个, 袋); name, small: for the screen;
    here: how much of the lot lies here, None where nobody counts; price_fen: as it stands, per
    kilogram or piece, 0 for none; usual_fen: what such goods usually cost, to begin with;
    floor_fen: below which the grower is asked; blocked: why it may not be sold, "" if it may.
    """

    ownership: str
    lot: str
    product: str
    unit: str
    word: str
    name: str
    small: str = ""
    here: int | None = None
    price_fen: int = 0
    usual_fen: int = 0
    floor_fen: int = 0
    blocked: str = ""
    blocked_by: str = ""

    @property
    def key(self) -> str:
        """Return by what it is known."""
        return self.lot or self.product

    @property
    def is_weighed(self) -> bool:
        """Tell whether it goes by weight."""
        return self.unit == GRAM

    @property
    def first_price_fen(self) -> int:
        """Return the price to begin with: the one that stands, else the usual one."""
        return self.price_fen or self.usual_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line of the basket. weighed, frame, reason, consent: as in `GoodsLine`."""

    goods: Goods
    quantity: int
    price_fen: int
    discount_fen: int = 0
    reason: str = ""
    consent: str = ""
    weighed: str = ""
    frame: str = ""

    @property
    def amount_fen(self) -> int:
        """Return quantity by price."""
        return line_fen(self.quantity, self.price_fen, self.goods.unit)

    @property
    def due_fen(self) -> int:
        """Return what is paid for it."""
        return self.amount_fen - self.discount_fen

    @property
    def is_below_floor(self) -> bool:
        """Tell whether its grower has to agree to this price."""
        return self.price_fen < self.goods.floor_fen

    @property
    def changes_price(self) -> bool:
        """Tell whether another price stands than this one."""
        return bool(self.goods.price_fen) and self.price_fen != self.goods.price_fen

    @property
    def line(self) -> GoodsLine:
        """Return it as a command has it."""
        return GoodsLine(
            ownership=self.goods.ownership,
            lot=self.goods.lot,
            product=self.goods.product,
            unit=self.goods.unit,
            quantity=self.quantity,
            price_fen=self.price_fen,
            discount_fen=self.discount_fen,
            reason=self.reason,
            consent=self.consent,
            weighed=self.weighed,
            frame=self.frame,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A basket that is being filled. basket: identity of the one that waited, "" for a new one.

    words: for whom it waits; buyer: her name, when it goes on her account; confirmed_by,
    alone_reason: who let a price change.
    """

    items: tuple[Item, ...] = ()
    paid: Paying = field(default_factory=Paying)
    basket: str = ""
    words: str = ""
    buyer: str = ""
    confirmed_by: str = ""
    alone_reason: str = ""

    @property
    def due_fen(self) -> int:
        """Return what is to be paid, before anything is let go."""
        return sum(item.due_fen for item in self.items)

    @property
    def discount_fen(self) -> int:
        """Return what was taken off all lines."""
        return sum(item.discount_fen for item in self.items)

    @property
    def paying(self) -> Paying:
        """Return how it is paid, with what is due now; what was let go never exceeds it."""
        let_go = min(self.paid.round_off_fen, self.due_fen)
        return replace(self.paid, due_fen=self.due_fen, round_off_fen=let_go)

    @property
    def lines(self) -> tuple[GoodsLine, ...]:
        """Return the lines as commands have them."""
        return tuple(item.line for item in self.items)

    @property
    def over(self) -> Item | None:
        """Return the line with which more is asked of a lot than lies here."""
        wanted: dict[str, int] = {}
        for item in self.items:
            wanted[item.goods.key] = wanted.get(item.goods.key, 0) + item.quantity
            if item.goods.here is not None and wanted[item.goods.key] > item.goods.here:
                return item
        return None

    @property
    def asks_manager(self) -> bool:
        """Tell whether a price is changed and nobody has let it yet."""
        is_let = bool(self.confirmed_by or self.alone_reason.strip())
        return not is_let and any(item.changes_price for item in self.items)

    def left_of(self, goods: Goods) -> int | None:
        """Return how much of it lies here beside what is in the basket; None where none counts."""
        if goods.here is None:
            return None
        return goods.here - sum(i.quantity for i in self.items if i.goods.key == goods.key)

    def missing(self, *, has_shift: bool) -> str:
        """Return what is still to be done, as the end of a text key, "" when nothing is."""
        lacking = self.paying.missing(has_shift=has_shift)
        steps = (
            ("nothing", not self.items),
            ("over", self.over is not None),
            (PAY + lacking, bool(lacking)),
        )
        return next((step for step, is_open in steps if is_open), "")

    def selling(self, ticket: str) -> tuple[SellGoods | TakePayment | PrintSaleSlip, ...]:
        """Return what is asked of the desk when it is paid."""
        paying = self.paying
        sold = SellGoods(
            lines=self.lines,
            round_off_fen=paying.round_off_fen,
            basket=self.basket,
            confirmed_by=self.confirmed_by,
            alone_reason=self.alone_reason,
        )
        return (sold, taking(paying), PrintSaleSlip(act=ticket))

    def holding(self) -> HoldBasket:
        """Return what is asked of the desk when it is put aside."""
        return HoldBasket(lines=self.lines, words=self.words, basket=self.basket)


def with_item(filling: Filling, item: Item, place: int | None = None) -> Filling:
    """Return the basket with a line more, or with the line at `place` put right.

    Pieces of the same goods at the same price, with nothing taken off, are one line. A lot has one
    price: putting it right puts the other lines of that lot right, too.
    """
    items = list(filling.items)
    if place is not None:
        items[place] = item
    else:
        same = next((n for n, other in enumerate(items) if _is_same(other, item)), None)
        if same is None:
            items.append(item)
        else:
            items[same] = replace(items[same], quantity=items[same].quantity + item.quantity)
    items = [
        replace(other, price_fen=item.price_fen, consent=item.consent)
        if other.goods.key == item.goods.key and other.price_fen != item.price_fen
        else other
        for other in items
    ]
    return replace(filling, items=tuple(items))


def _is_same(one: Item, other: Item) -> bool:
    return (
        not one.goods.is_weighed
        and one.goods.key == other.goods.key
        and one.price_fen == other.price_fen
        and not (one.discount_fen or other.discount_fen)
    )


def without(filling: Filling, place: int) -> Filling:
    """Return the basket without a line."""
    kept = tuple(item for number, item in enumerate(filling.items) if number != place)
    return replace(filling, items=kept)
