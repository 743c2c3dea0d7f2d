"""What can be said about an order that the county buys for a villager (代购).

An order is founded by `order.placed`. The county answers; each answer names the station's fact
that it answers. What is bought beforehand is held for the villager until the goods are hers.
`from_here_fen` and `from_county_fen` say out of which part of the held money an amount is taken:
what still lies at the station, and what was passed on to the county.
"""

from typing import ClassVar

import msgspec

from station_app.journal.fact import Body, Private


class OrderLine(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to be bought: `product` is the catalogue's code, "" for a free-form item.

    price_fen: for all pieces together, as offered; ceiling_fen: above it the villager is asked.
    """

    product: str
    pieces: int
    price_fen: int
    ceiling_fen: int


class OrderWords(Private, frozen=True, kw_only=True):
    """What the catalogue cannot say. items: a text for each line; link: of a free-form item."""

    items: tuple[str, ...] = ()
    link: str = ""
    remark: str = ""


class OrderRemark(Private, frozen=True, kw_only=True):
    """Why, in somebody's words."""

    remark: str = ""


class OrderPlaced(Body, frozen=True, kw_only=True):
    """A villager orders, and pays something beforehand in the same act.

    person, collector: who orders, and who may fetch it ("" for herself); goods_fen, fee_fen: what
    it will cost as offered, and the station's fee; prepaid_fen: paid beforehand.
    replaces: the order for which this one is taken in exchange, or that was changed into it before
    anybody had heard of it; "" for none.
    """

    KIND: ClassVar[str] = "order.placed"
    PRIVATE: ClassVar[type[Private] | None] = OrderWords
    person: str
    collector: str
    lines: tuple[OrderLine, ...]
    goods_fen: int
    fee_fen: int
    prepaid_fen: int
    replaces: str
    slip: int
    day: str


class PrepaymentPassedOn(Body, frozen=True, kw_only=True):
    """What was paid beforehand for an order went to the county, with others on one slip."""

    KIND: ClassVar[str] = "prepayment.passed_on"
    amount_fen: int
    slip: int
    day: str


class OrderAccepted(Body, frozen=True, kw_only=True):
    """The county's purchasing desk has taken the order."""

    KIND: ClassVar[str] = "order.accepted"
    answers: str
    day: str


class OrderQuotedHigher(Body, frozen=True, kw_only=True):
    """The county can buy it only above the ceiling: the villager is asked."""

    KIND: ClassVar[str] = "order.quoted_higher"
    answers: str
    goods_fen: int
    day: str


class QuoteAnswered(Body, frozen=True, kw_only=True):
    """The villager answered a higher quote. answer: `yes` or `no`; way: how she was asked."""

    KIND: ClassVar[str] = "quote.answered"
    quote: str
    answer: str
    way: str
    day: str


class OrderPriceFell(Body, frozen=True, kw_only=True):
    """It costs `goods_fen` now; what was paid beyond the new total is owed back."""

    KIND: ClassVar[str] = "order.price_fell"
    answers: str
    goods_fen: int
    from_here_fen: int
    from_county_fen: int
    day: str


class OrderFellShort(Body, frozen=True, kw_only=True):
    """Not all of it can be had: `pieces` of line number `line` (from 1) are missing.

    remedy: `refund`, `wait` or `swap`; goods_fen: the new total; what exceeds it is owed back.
    """

    KIND: ClassVar[str] = "order.fell_short"
    answers: str
    line: int
    pieces: int
    remedy: str
    goods_fen: int
    from_here_fen: int
    from_county_fen: int
    day: str


class OrderSwapOffered(Body, frozen=True, kw_only=True):
    """Line number `line` cannot be had; the county offers other goods for it, and she is asked.

    goods_fen: what the whole order will cost then.
    """

    KIND: ClassVar[str] = "order.swap_offered"
    answers: str
    line: int
    product: str
    goods_fen: int
    day: str


class SwapAnswered(Body, frozen=True, kw_only=True):
    """The villager answered an offer of other goods. answer: `yes` or `no`; way: how asked."""

    KIND: ClassVar[str] = "swap.answered"
    offer: str
    answer: str
    way: str
    day: str


class DeliveryChosen(Body, frozen=True, kw_only=True):
    """How the goods come to her. way: `pickup` at the counter, or `home`."""

    KIND: ClassVar[str] = "delivery.chosen"
    way: str
    day: str


class OrderSwapped(Body, frozen=True, kw_only=True):
    """Another product comes in place of a line; what exceeds the new total is owed back."""

    KIND: ClassVar[str] = "order.swapped"
    answers: str
    line: int
    product: str
    goods_fen: int
    from_here_fen: int
    from_county_fen: int
    day: str


class OrderBought(Body, frozen=True, kw_only=True):
    """The county has bought it: on which platform, under which number, for how much."""

    KIND: ClassVar[str] = "order.bought"
    answers: str
    platform: str
    number: str
    goods_fen: int
    day: str


class OrderShipped(Body, frozen=True, kw_only=True):
    """It is on its way: the waybill by which it will be recognised."""

    KIND: ClassVar[str] = "order.shipped"
    answers: str
    courier: str
    waybill: str
    day: str


class OrderPickedUp(Body, frozen=True, kw_only=True):
    """The villager, or who fetches for her, has the goods and the order is paid.

    balance_fen: paid now; goods_fen, fee_fen: final price and fee; from_here_fen (the balance is
    in it) and from_county_fen: all that was held; what they exceed price and fee is owed back.
    taken_by: `self` or `on_behalf`; check: as at a hand-over. The pieces are those of the parcels
    handed over in the same act.
    """

    KIND: ClassVar[str] = "order.picked_up"
    balance_fen: int
    goods_fen: int
    fee_fen: int
    from_here_fen: int
    from_county_fen: int
    taken_by: str
    check: str
    slip: int
    day: str


class OrderCancelled(Body, frozen=True, kw_only=True):
    """The order was called off before the county had bought: all that was held is owed back."""

    KIND: ClassVar[str] = "order.cancelled"
    PRIVATE: ClassVar[type[Private] | None] = OrderRemark
    from_here_fen: int
    from_county_fen: int
    day: str


class OrderCancellationAsked(Body, frozen=True, kw_only=True):
    """The villager wants out of an order that the county may have bought already (申请取消).

    consent: how she agreed to bear the real cost (`in_person`, `phone`), "" if she did not;
    cost_fen_max: up to how much.
    """

    KIND: ClassVar[str] = "order.cancellation_asked"
    PRIVATE: ClassVar[type[Private] | None] = OrderRemark
    consent: str
    cost_fen_max: int
    day: str


class OrderCancellationAgreed(Body, frozen=True, kw_only=True):
    """The county has called it off. cost_fen: what it really cost and she agreed to bear.

    from_here_fen, from_county_fen: all that was held; what exceeds the cost is owed back.
    """

    KIND: ClassVar[str] = "order.cancellation_agreed"
    answers: str
    cost_fen: int
    from_here_fen: int
    from_county_fen: int
    day: str


class OrderCancellationRefused(Body, frozen=True, kw_only=True):
    """It is too late: the goods are on their way. reason: `bought` or `shipped`."""

    KIND: ClassVar[str] = "order.cancellation_refused"
    answers: str
    reason: str
    day: str


class OrderReturned(Body, frozen=True, kw_only=True):
    """The goods, or part of them, came back to the counter.

    refund_fen: what she is to get back; claim_fen: how much of it the station owes her at once,
    before the county has agreed. pieces: that stand on the shelf now.
    """

    KIND: ClassVar[str] = "order.returned"
    PRIVATE: ClassVar[type[Private] | None] = OrderRemark
    reason: str
    refund_fen: int
    claim_fen: int
    pieces: int
    slip: int
    day: str


class ReturnedLine(msgspec.Struct, frozen=True, kw_only=True):
    """How many pieces of line number `line` (from 1) came back."""

    line: int
    pieces: int


class GoodsReturned(OrderReturned, frozen=True, kw_only=True):
    """The same, with what of the order came back and how it was found.

    lines: of the order, none where nobody said which; was_seen: 1 if it was looked at here,
    together; is_whole: 1 if wrapping and all parts came along.
    """

    VERSION: ClassVar[int] = 2
    lines: tuple[ReturnedLine, ...] = ()
    was_seen: int = 0
    is_whole: int = 0


class OrderSentBack(Body, frozen=True, kw_only=True):
    """Returned goods left with the van, on a manifest."""

    KIND: ClassVar[str] = "order.sent_back"
    pieces: int
    day: str


class OrderReturnAgreed(Body, frozen=True, kw_only=True):
    """The county takes a return over: claim_fen of the refund the station had owed already."""

    KIND: ClassVar[str] = "order.return_agreed"
    answers: str
    refund_fen: int
    claim_fen: int
    day: str


class OrderReturnRefused(Body, frozen=True, kw_only=True):
    """The county does not take it over; who bears the claim is decided in a case."""

    KIND: ClassVar[str] = "order.return_refused"
    answers: str
    reason: str
    day: str


class ClaimSettled(Body, frozen=True, kw_only=True):
    """Who bears what the county refused: bearer `villager`, then `person` owes it, or `station`."""

    KIND: ClassVar[str] = "claim.settled"
    bearer: str
    person: str
    amount_fen: int
    day: str


class CompletionAsked(Body, frozen=True, kw_only=True):
    """The county cannot buy line number `line` as it was said: the station is to complete it.

    A thing of its own that names the order: whoever does not know it yet goes on with the order.
    reason: `link` leads nowhere, `unclear`, `photo` shows too little, or `other`.
    """

    KIND: ClassVar[str] = "completion.asked"
    REVERSIBLE: ClassVar[bool] = False
    PRIVATE: ClassVar[type[Private] | None] = OrderRemark
    order: str
    line: int
    reason: str
    day: str


class CompletionWords(Private, frozen=True, kw_only=True):
    """What is known now. item: in place of the line's words, "" where they stay; link, remark."""

    item: str = ""
    link: str = ""
    remark: str = ""


class CompletionGiven(Body, frozen=True, kw_only=True):
    """The station completed what was asked: other words, a link, a photo. No money moves."""

    KIND: ClassVar[str] = "completion.given"
    PRIVATE: ClassVar[type[Private] | None] = CompletionWords
    day: str


class OwnOrderWords(Private, frozen=True, kw_only=True):
    """What a villager bought herself, in words."""

    item: str = ""


class OwnOrderNoted(Body, frozen=True, kw_only=True):
    """A villager ordered on her own account, at the counter and with its help. No money here.

    platform, number: as the platform says them; amount_fen: what she paid there; waybill: "" as
    long as nobody knows it. It counts for the rebate, and its parcel is known by the waybill.
    """

    KIND: ClassVar[str] = "own_order.noted"
    PRIVATE: ClassVar[type[Private] | None] = OwnOrderWords
    person: str
    platform: str
    number: str
    amount_fen: int
    waybill: str
    day: str


class OwnOrderSent(Body, frozen=True, kw_only=True):
    """What she ordered herself is on its way under this waybill."""

    KIND: ClassVar[str] = "own_order.sent"
    waybill: str
    day: str


ORDER_FACTS: tuple[type[Body], ...] = (
    OrderPlaced,
    PrepaymentPassedOn,
    OrderAccepted,
    OrderQuotedHigher,
    QuoteAnswered,
    OrderPriceFell,
    OrderFellShort,
    OrderSwapOffered,
    SwapAnswered,
    OrderSwapped,
    DeliveryChosen,
    OrderBought,
    OrderShipped,
    OrderPickedUp,
    OrderCancelled,
    OrderCancellationAsked,
    OrderCancellationAgreed,
    OrderCancellationRefused,
    OrderReturned,
    GoodsReturned,
    OrderSentBack,
    OrderReturnAgreed,
    OrderReturnRefused,
    ClaimSettled,
)
OWN_FACTS: tuple[type[Body], ...] = (OwnOrderNoted, OwnOrderSent)
COMPLETION_FACTS: tuple[type[Body], ...] = (CompletionAsked, CompletionGiven)
FACTS = (*ORDER_FACTS, *OWN_FACTS, *COMPLETION_FACTS)
FROM_COUNTY: tuple[type[Body], ...] = (
    OrderAccepted,
    OrderQuotedHigher,
    OrderPriceFell,
    OrderFellShort,
    OrderSwapOffered,
    OrderSwapped,
    OrderBought,
    OrderShipped,
    OrderCancellationAgreed,
    OrderCancellationRefused,
    OrderReturnAgreed,
    OrderReturnRefused,
    CompletionAsked,
)
