"""A cart in progress: for whom, what lies in it, what it costs, how much is paid beforehand.

Plain values and sums, no screen. The page shows one and makes another; the commands come from it,
so what the screen shows as fee and prepayment is what the rule will find.
"""

from dataclasses import dataclass, field, replace

from station_app.ledger.accounts import part
from station_app.reference.order_terms import OrderTerms
from station_app.services.accounts.commands import PayRefund
from station_app.services.cash.commands import TakePayment, taking
from station_app.services.pictures.commands import PHOTO, KeepPicture
from station_app.services.purchasing.commands import (
    CancelOrder,
    ChooseDelivery,
    PlaceOrder,
    PrintOrderSlip,
)
from station_app.services.purchasing.facts import OrderLine, OrderPlaced
from station_app.services.purchasing.placing import LINES_MAX, PIECES_MAX, prepayment_fen
from station_app.values.paying import Paying

Command = (
    CancelOrder | ChooseDelivery | KeepPicture | PayRefund | PlaceOrder | PrintOrderSlip
    | TakePayment
)  # fmt: skip
PAY = "pay."  # begins what a payment still lacks; the rest is a word of the payment panel


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line of the cart. product: code in the catalogue, "" for a free-form item.

    words: what it is, as it goes to the county; price_fen: of one piece, as offered; ceiling_fen:
    of one piece, above which she is asked; small: for the screen; platform: where it is bought;
    photo: hash of a picture of it, "" for none.
    """

    product: str
    words: str
    price_fen: int
    ceiling_fen: int
    pieces: int = 1
    prepayment_bp: int = 0
    small: str = ""
    platform: str = ""
    link: str = ""
    remark: str = ""
    photo: str = ""

    @property
    def due_fen(self) -> int:
        """Return what all pieces cost as offered."""
        return self.price_fen * self.pieces

    @property
    def line(self) -> OrderLine:
        """Return it as a command has it."""
        return OrderLine(
            product=self.product,
            pieces=self.pieces,
            price_fen=self.due_fen,
            ceiling_fen=self.ceiling_fen * self.pieces,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart:
    """An order that is being put together. typed_fen: prepaid otherwise than the rule says.

    name, small: of the person, for the screen; collector_name: of who else may fetch it.
    changes: the order that this one takes the place of, "" for none; changed: its number;
    credit_fen: what was paid for that one, and pays this one as far as it goes; sets_off: the order
    whose refund does so instead, "" for none.
    """

    person: str = ""
    name: str = ""
    small: str = ""
    collector: str = ""
    collector_name: str = ""
    items: tuple[Item, ...] = ()
    terms: OrderTerms = field(default_factory=OrderTerms)
    typed_fen: int | None = None
    is_for_home: bool = False
    changes: str = ""
    changed: str = ""
    credit_fen: int = 0
    sets_off: str = ""
    paid: Paying = field(default_factory=Paying)

    @property
    def goods_fen(self) -> int:
        """Return what the goods cost as offered."""
        return sum(item.due_fen for item in self.items)

    @property
    def fee_fen(self) -> int:
        """Return the station's fee."""
        return self.terms.fee_fen(self.goods_fen) if self.items else 0

    @property
    def total_fen(self) -> int:
        """Return goods and fee."""
        return self.goods_fen + self.fee_fen

    @property
    def guessed(self) -> int:
        """Return how many lines have a price that nobody has looked up."""
        return sum(1 for item in self.items if not item.product)

    @property
    def asked_fen(self) -> int:
        """Return what the rule asks beforehand."""
        lines = [(item.line, item.prepayment_bp) for item in self.items]
        return prepayment_fen(lines, self.fee_fen)

    @property
    def prepaid_fen(self) -> int:
        """Return what is paid beforehand."""
        return self.asked_fen if self.typed_fen is None else self.typed_fen

    @property
    def carries(self) -> str:
        """Return why money of another order pays this one: `change`, `set_off`, "" for not."""
        return "change" if self.changes else "set_off" if self.sets_off else ""

    @property
    def carried_fen(self) -> int:
        """Return how much of it the money of another order pays."""
        return min(self.credit_fen, self.prepaid_fen)

    @property
    def due_fen(self) -> int:
        """Return what has to be paid now."""
        return self.prepaid_fen - self.carried_fen

    @property
    def back_fen(self) -> int:
        """Return what is owed back of the other order's money all the same."""
        return self.credit_fen - self.carried_fen

    @property
    def paying(self) -> Paying:
        """Return how it is paid, with what is due now."""
        return replace(self.paid, due_fen=self.due_fen, round_off_fen=0)

    def missing(self, *, has_shift: bool) -> str:
        """Return what is still to be done, as the end of a text key, "" when nothing is."""
        lacking = self.paying.missing(has_shift=has_shift)
        steps = (
            ("person", not self.person),
            ("nothing", not self.items),
            ("too_much", self.prepaid_fen > self.total_fen),
            (PAY + lacking, bool(lacking)),
        )
        return next((step for step, is_open in steps if is_open), "")

    @property
    def pictures(self) -> tuple[KeepPicture, ...]:
        """Return what keeps the photos of its lines with the order."""
        kind, whose = OrderPlaced.KIND, (self.person,)
        return tuple(
            KeepPicture(kind, (item.photo,), PHOTO, line, whose)
            for line, item in enumerate(self.items, 1)
            if item.photo
        )

    def placing(self, ticket: str, why: str = "") -> tuple[Command, ...]:
        """Return what is asked of the desk. why: the changed order is called off, in words."""
        order = PlaceOrder(
            person=self.person,
            collector=self.collector,
            lines=tuple(item.line for item in self.items),
            items=tuple(item.words for item in self.items),
            goods_fen=self.goods_fen,
            fee_fen=self.fee_fen,
            prepaid_fen=self.prepaid_fen,
            link="\n".join(item.link for item in self.items if item.link),
            remark="\n".join(item.remark for item in self.items if item.remark),
            replaces=self.changes,
        )
        home = (ChooseDelivery(order="", act=ticket, way="home"),) if self.is_for_home else ()
        slip = PrintOrderSlip(act=ticket)
        paid = (taking(self.paying),) if self.due_fen else ()
        return (*self._called_off(why), order, *self.pictures, *home, *paid, slip)

    def _called_off(self, why: str) -> tuple[Command, ...]:
        """Return what ends the changed order, and what goes over from another one to this."""
        off = (CancelOrder(order=self.changes, remark=why),) if self.changes else ()
        if not self.carried_fen:
            return off
        over = PayRefund(
            document=part(self.changes or self.sets_off),
            amount_fen=self.carried_fen,
            slip_taken=bool(self.changes),
            remark=why,
        )
        return (*off, over)


def with_item(cart: Cart, item: Item, place: int | None = None) -> Cart:
    """Return the cart with a line more, or with the one at `place` put right.

    The same goods once more are one more piece of their line.
    """
    items = list(cart.items)
    same = next((n for n, one in enumerate(items) if item.product == one.product != ""), None)
    if place is not None:
        items[place] = item
    elif same is not None:
        items[same] = replace(items[same], pieces=items[same].pieces + item.pieces)
    elif len(items) < LINES_MAX:
        items.append(item)
    return replace(cart, items=tuple(items))


def stepped(cart: Cart, place: int, by: int) -> Cart:
    """Return the cart with pieces more or less of a line; one is the least."""
    items = list(cart.items)
    if place < len(items):
        pieces = min(max(1, items[place].pieces + by), PIECES_MAX)
        items[place] = replace(items[place], pieces=pieces)
    return replace(cart, items=tuple(items))


def without(cart: Cart, place: int) -> Cart:
    """Return the cart without a line."""
    kept = tuple(item for number, item in enumerate(cart.items) if number != place)
    return replace(cart, items=kept)
