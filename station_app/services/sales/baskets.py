"""Baskets that wait, prices as they stand, and how weights were found: what folds beside sales.

A basket waits at the PC that held it: what lies in it stands on that counter. It is over when it
was sold or given up, and undoing the sale lets it wait again.
"""

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Cases, Columns, EntityKind
from station_app.services.sales.facts import (
    BASKET_FACTS,
    BasketGivenUp,
    BasketHeld,
    BasketTakenUp,
    GoodsLine,
    GoodsWeighed,
    PriceSet,
    WeighedLine,
)

HELD, TAKEN_UP, GIVEN_UP = "held", "taken_up", "given_up"


class Basket(msgspec.Struct, frozen=True, kw_only=True):
    """A basket that waits, or did. words: for whom; ends: the facts that ended it."""

    lines: tuple[GoodsLine, ...] = ()
    amount_fen: int = 0
    words: str = ""
    status: str = ""
    reason: str = ""
    device: str = ""
    day: str = ""
    at: int = 0
    founder: str = ""
    ends: tuple[str, ...] = ()


def fold_basket(state: Basket | None, told: Told) -> Basket:
    """Apply one fact; any of them may come first."""
    known, body = state or Basket(), told.body
    if isinstance(body, BasketTakenUp | BasketGivenUp):
        is_given_up = isinstance(body, BasketGivenUp)
        return msgspec.structs.replace(
            known,
            status=GIVEN_UP if is_given_up else TAKEN_UP,
            reason=body.reason if isinstance(body, BasketGivenUp) else known.reason,
            ends=(*known.ends, told.identity),
        )
    held: BasketHeld = body
    return msgspec.structs.replace(
        known,
        lines=held.lines,
        amount_fen=held.amount_fen,
        words=told.private.words if told.private else "",
        status=known.status or HELD,
        device=told.device,
        day=held.day,
        at=told.at,
        founder=told.identity,
    )


def basket_cases(state: Basket) -> Cases:
    """Return in what the facts of a basket disagree: sold and given up, or sold twice."""
    return {"sales.basket_ended_twice": state.ends} if len(state.ends) > 1 else {}


BASKET = EntityKind(
    name="basket",
    state=Basket,
    facts=BASKET_FACTS,
    fold=fold_basket,
    cases=basket_cases,
    is_open=lambda basket: basket.status == HELD,
    columns=Columns(
        table="baskets",
        fields=(
            ("device", "TEXT"),
            ("status", "TEXT"),
            ("amount_fen", "INTEGER"),
            ("lines", "INTEGER"),
            ("day", "TEXT"),
            ("at", "INTEGER"),
        ),
        row=lambda b: (b.device, b.status, b.amount_fen, len(b.lines), b.day, b.at),
        indexes=(("status", "device", "at"),),
    ),
)


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """What a lot or a product of the shop costs now; the latest setting holds."""

    lot: str
    product: str
    price_fen: int
    since: str


def fold_price(_state: Price | None, told: Told) -> Price:
    """Take the newer price."""
    body: PriceSet = told.body
    return Price(lot=body.lot, product=body.product, price_fen=body.price_fen, since=body.day)


PRICE = EntityKind(
    name="price",
    state=Price,
    facts=(PriceSet,),
    fold=fold_price,
    natural_key={PriceSet: lambda told: str(told.body.lot or told.body.product)},
    columns=Columns(
        table="prices",
        fields=(("goods", "TEXT"), ("price_fen", "INTEGER"), ("since", "TEXT")),
        row=lambda p: (p.lot or p.product, p.price_fen, p.since),
        indexes=(("goods",),),
    ),
)


class Weighing(msgspec.Struct, frozen=True, kw_only=True):
    """How the weights of one slip were found."""

    lines: tuple[WeighedLine, ...] = ()
    slip: int = 0


def fold_weighing(_state: Weighing | None, told: Told) -> Weighing:
    """Keep it."""
    body: GoodsWeighed = told.body
    return Weighing(lines=body.lines, slip=body.slip)


WEIGHING = EntityKind(
    name="weighing",
    state=Weighing,
    facts=(GoodsWeighed,),
    fold=fold_weighing,
    is_open=lambda _weighing: False,
)
