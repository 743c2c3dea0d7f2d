"""What can be said about a sale at the counter (柜台零售).

A sale is one line of a slip: goods of one lot, or of the shop's own shelf. Its goods are said of
the lot in the same act (`lot.sold`, `lot.taken_back`), its money here, and how it was paid in one
payment for the whole act. What was sold for growers is theirs, a share for each.
"""

from typing import ClassVar

import msgspec

from station_app.journal.fact import Body, Private


class GrowerShare(msgspec.Struct, frozen=True, kw_only=True):
    """A grower's part of a sale, by the terms of that day.

    quantity: grams or pieces that count as hers; commission_bp: in basis points;
    guaranteed_fen: price per kilogram or piece that her contract promises, 0 without one;
    is_net: 1 if the promise is of what she gets, after commission.
    """

    person: str
    quantity: int
    amount_fen: int
    commission_bp: int
    guaranteed_fen: int
    is_net: int


class ReturnedShare(msgspec.Struct, frozen=True, kw_only=True):
    """What a grower gives back of a sale, in the order of its shares.

    commission_fen, top_up_fen: only if it was settled already.
    """

    person: str
    quantity: int
    amount_fen: int
    commission_fen: int
    top_up_fen: int


class SaleRemark(Private, frozen=True, kw_only=True):
    """Why, in somebody's words."""

    remark: str = ""


class SaleMade(Body, frozen=True, kw_only=True):
    """Goods were sold: `amount_fen` is quantity by price, discount and round-off not deducted.

    ownership: `consigned` (then the shares sum to the amount), `own` (a lot that the station has
    bought) or `shelf` (goods of the shop); lot: identity, "" for the shop's own goods; product:
    its code; unit: `gram` or `piece`; price_fen: per kilogram or piece.
    discount_fen: borne by the station; consent: how the growers agreed to a lower price (then it
    is in the price already), "" if nobody asked. round_off_fen: this line's part of what the
    payment of the act lets go.
    """

    KIND: ClassVar[str] = "sale.made"
    PRIVATE: ClassVar[type[Private] | None] = SaleRemark
    ownership: str
    lot: str
    product: str
    unit: str
    quantity: int
    price_fen: int
    amount_fen: int
    discount_fen: int
    reason: str
    consent: str
    round_off_fen: int
    shares: tuple[GrowerShare, ...]
    slip: int
    day: str


class SaleReturned(Body, frozen=True, kw_only=True):
    """Goods of a sale came back: the same parts of everything that the sale said, negated.

    What she is paid back is amount - discount - round-off; the goods are said of the lot.
    """

    KIND: ClassVar[str] = "sale.returned"
    PRIVATE: ClassVar[type[Private] | None] = SaleRemark
    ownership: str
    quantity: int
    amount_fen: int
    discount_fen: int
    round_off_fen: int
    reason: str
    shares: tuple[ReturnedShare, ...]
    slip: int
    day: str


class SaleSettled(Body, frozen=True, kw_only=True):
    """A grower's part of this sale, less its returns, was settled with her (货款结算).

    share: its number in the sale, from 1; quantity, amount_fen: of what is settled;
    commission_fen: the station's, by the rate of the sale's day; top_up_fen: up to the guaranteed
    price, from the county.
    """

    KIND: ClassVar[str] = "sale.settled"
    share: int
    person: str
    quantity: int
    amount_fen: int
    commission_fen: int
    top_up_fen: int
    day: str


# --- Baskets that wait ---------------------------------------------------------------------------


class GoodsLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a basket: what of, how much, at which price.

    ownership, lot, product, unit, price_fen, discount_fen, reason, consent: as in `SaleMade`.
    weighed: how the quantity was found: `scale`, `typed`, `label` (of a shop scale) or "" for
    pieces that were counted; frame: the scale's stable frame in hex, "" without one.
    """

    ownership: str
    lot: str
    product: str
    unit: str
    quantity: int
    price_fen: int
    discount_fen: int = 0
    reason: str = ""
    consent: str = ""
    weighed: str = ""
    frame: str = ""


class BasketWords(Private, frozen=True, kw_only=True):
    """For whom a basket waits, in somebody's words."""

    words: str = ""


class BasketHeld(Body, frozen=True, kw_only=True):
    """A basket was put aside (挂单): nothing is sold yet. It waits at the PC that held it.

    amount_fen: what it would come to, discounts deducted.
    """

    KIND: ClassVar[str] = "basket.held"
    PRIVATE: ClassVar[type[Private] | None] = BasketWords
    lines: tuple[GoodsLine, ...]
    amount_fen: int
    day: str


class BasketTakenUp(Body, frozen=True, kw_only=True):
    """A basket that waited was sold, or put aside anew, in the same act."""

    KIND: ClassVar[str] = "basket.taken_up"
    day: str


class BasketGivenUp(Body, frozen=True, kw_only=True):
    """Nobody came for it: `left`, `changed_mind`, `mistake` or `end_of_day`."""

    KIND: ClassVar[str] = "basket.given_up"
    reason: str
    day: str


# --- Beside a sale -------------------------------------------------------------------------------


class WeighedLine(msgspec.Struct, frozen=True, kw_only=True):
    """How the quantity of a line of this act was found. line: from 1; how, frame: as above."""

    line: int
    quantity: int
    how: str
    frame: str


class GoodsWeighed(Body, frozen=True, kw_only=True):
    """How the weights of a sale were found, so that a typed one never passes for a weighed one."""

    KIND: ClassVar[str] = "goods.weighed"
    lines: tuple[WeighedLine, ...]
    slip: int
    day: str


class PriceRemark(Private, frozen=True, kw_only=True):
    """Why a price was changed without the manager."""

    reason: str = ""


class PriceSet(Body, frozen=True, kw_only=True):
    """From now on a lot, or goods of the shop's own shelf, cost this much. Key: lot or product.

    price_fen, was_fen: per kilogram or piece; was_fen 0 when there was none. approval: "" for a
    first price, else `manager`, `alone` or `absent`; confirmed_by: identity of the manager whose
    PIN was seen, "" when she stood at the counter herself.
    """

    KIND: ClassVar[str] = "price.set"
    CARRIES_NOTHING: ClassVar[bool] = True
    PRIVATE: ClassVar[type[Private] | None] = PriceRemark
    lot: str
    product: str
    unit: str
    price_fen: int
    was_fen: int
    approval: str
    confirmed_by: str
    day: str


FACTS: tuple[type[Body], ...] = (SaleMade, SaleReturned, SaleSettled)
BASKET_FACTS: tuple[type[Body], ...] = (BasketHeld, BasketTakenUp, BasketGivenUp)
