"""Orders: what is known of them, what they do to the books, and out of which money.

What a villager paid beforehand is hers until she has the goods. It lies here or was passed on to
the county, and an order knows how much of it lies where: an amount is taken from what lies here
first, since that is what can be paid back at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Body, Told
from station_app.journal.projection import Cases, Columns, EntityKind
from station_app.services.purchasing.completions import COMPLETION
from station_app.services.purchasing.facts import (
    ORDER_FACTS,
    ClaimSettled,
    DeliveryChosen,
    GoodsReturned,
    OrderAccepted,
    OrderBought,
    OrderCancellationAgreed,
    OrderCancellationAsked,
    OrderCancellationRefused,
    OrderCancelled,
    OrderFellShort,
    OrderLine,
    OrderPickedUp,
    OrderPlaced,
    OrderPriceFell,
    OrderQuotedHigher,
    OrderReturnAgreed,
    OrderReturned,
    OrderReturnRefused,
    OrderSentBack,
    OrderShipped,
    OrderSwapOffered,
    OrderSwapped,
    PrepaymentPassedOn,
    QuoteAnswered,
    ReturnedLine,
    SwapAnswered,
)
from station_app.services.purchasing.own_orders import OWN_ORDER
from station_app.services.purchasing.postings import BY_VILLAGER as BY_VILLAGER
from station_app.services.purchasing.postings import POSTINGS as POSTINGS

PLACED = "placed"
ACCEPTED = "accepted"
BOUGHT = "bought"
SHIPPED = "shipped"
PICKED_UP = "picked_up"
CANCELLED = "cancelled"
REFUSED = "refused"  # of a return: the county does not take it over
PICKUP, HOME = "pickup", "home"
DELIVERIES = (PICKUP, HOME)
STEPS: Mapping[type[Body], str] = {
    OrderAccepted: ACCEPTED,
    OrderBought: BOUGHT,
    OrderShipped: SHIPPED,
}
CLOSINGS = (OrderPickedUp, OrderCancelled, OrderCancellationAgreed)
REPRICINGS = (OrderPriceFell, OrderFellShort, OrderSwapped)


class Back(msgspec.Struct, frozen=True, kw_only=True):
    """Goods that came back once. fact: which says so; answer: `agreed`, `refused`, "" for none yet.

    claim_fen: how much of refund_fen the station owed her at once; lines: what came back, where it
    was said.
    """

    fact: str
    refund_fen: int
    claim_fen: int
    answer: str = ""
    lines: tuple[ReturnedLine, ...] = ()


class Early(msgspec.Struct, frozen=True, kw_only=True):
    """An answer to a return that is not here yet."""

    fact: str
    answer: str


class Swap(msgspec.Struct, frozen=True, kw_only=True):
    """Other goods in place of a line, as the county offers them. offer: the fact, "" for none.

    answer: hers, "" for none yet.
    """

    offer: str = ""
    line: int = 0
    product: str = ""
    goods_fen: int = 0
    answer: str = ""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """An order. status: placed, accepted, bought, shipped, picked_up, cancelled, "" if unfounded.

    goods_fen, fee_fen: as last said; paid_fen: all that was paid in; held_here_fen,
    held_county_fen: what of it is held; quote_fen: a higher price that waits for an answer, said
    last by the fact `quote`.
    asked_fen, claim_fen: refund that was asked of the county, and what the station owes of it
    already; pieces_back: returned goods on the shelf. consent, cost_fen_max: to bear a real cost.
    backs: each time that goods came back; early: answers to returns that are not here yet;
    swap: other goods that the county offers; delivery: `pickup` or `home`.
    bought_fen, bought_at: what the county paid last for it at a platform, and when, 0 for never.
    closings, strays, answers: identities behind the cases.
    """

    status: str = ""
    person: str = ""
    collector: str = ""
    lines: tuple[OrderLine, ...] = ()
    goods_fen: int = 0
    fee_fen: int = 0
    paid_fen: int = 0
    held_here_fen: int = 0
    held_county_fen: int = 0
    quote_fen: int = 0
    quote: str = ""
    asked_fen: int = 0
    claim_fen: int = 0
    pieces_back: int = 0
    platform: str = ""
    number: str = ""
    courier: str = ""
    waybill: str = ""
    replaces: str = ""
    consent: str = ""
    cost_fen: int = 0
    cost_fen_max: int = 0
    is_cancellation_asked: int = 0
    slip: int = 0
    day: str = ""
    closed_day: str = ""
    founder: str = ""
    closings: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    backs: tuple[Back, ...] = ()
    early: tuple[Early, ...] = ()
    swap: Swap = Swap()
    delivery: str = PICKUP
    bought_fen: int = 0
    bought_at: int = 0
    strays: tuple[str, ...] = ()

    @property
    def held_fen(self) -> int:
        """Return what is held for it, wherever it lies."""
        return self.held_here_fen + self.held_county_fen

    @property
    def open_backs(self) -> tuple[Back, ...]:
        """Return the returns that the county has not answered."""
        return tuple(back for back in self.backs if not back.answer)

    @property
    def refused_fen(self) -> int:
        """Return what the station gave and the county does not take over, still to be settled."""
        return self.claim_fen - sum(back.claim_fen for back in self.open_backs)


def fold_order(state: Order | None, told: Told) -> Order:
    """Apply one fact; any of them may come first."""
    known = state or Order()
    body = told.body
    if isinstance(body, OrderPlaced):
        return _placed(known, told, body)
    if not known.founder:
        known = msgspec.structs.replace(known, strays=(*known.strays, told.identity))
    if isinstance(body, PrepaymentPassedOn):
        return msgspec.structs.replace(
            known,
            held_here_fen=known.held_here_fen - body.amount_fen,
            held_county_fen=known.held_county_fen + body.amount_fen,
        )
    if isinstance(body, REPRICINGS):
        repriced = _taken_out(known, body.from_here_fen, body.from_county_fen)
        return _with_other_lines(msgspec.structs.replace(repriced, goods_fen=body.goods_fen), body)
    if isinstance(body, CLOSINGS):
        return _closed(known, told, body)
    if isinstance(body, OrderReturned | OrderSentBack | OrderReturnAgreed | OrderReturnRefused):
        return _brought_back(known, told, body)
    if isinstance(body, ClaimSettled):
        return msgspec.structs.replace(known, claim_fen=known.claim_fen - body.amount_fen)
    return _went_on(known, told)


def _placed(known: Order, told: Told, body: OrderPlaced) -> Order:
    return msgspec.structs.replace(
        known,
        status=known.status or PLACED,
        person=body.person,
        collector=body.collector,
        lines=body.lines,
        goods_fen=known.goods_fen or body.goods_fen,
        fee_fen=body.fee_fen,
        paid_fen=known.paid_fen + body.prepaid_fen,
        held_here_fen=known.held_here_fen + body.prepaid_fen,
        replaces=body.replaces,
        slip=body.slip,
        day=body.day,
        founder=told.identity,
        strays=(),
    )


def _taken_out(known: Order, here_fen: int, county_fen: int) -> Order:
    return msgspec.structs.replace(
        known,
        held_here_fen=known.held_here_fen - here_fen,
        held_county_fen=known.held_county_fen - county_fen,
    )


def _with_other_lines(known: Order, body: Body) -> Order:
    """Let the lines say what is still to come: fewer pieces of one, or other goods in its place."""
    if not isinstance(body, OrderFellShort | OrderSwapped) or not 0 < body.line <= len(known.lines):
        return known
    line = known.lines[body.line - 1]
    if isinstance(body, OrderSwapped):
        changed = msgspec.structs.replace(line, product=body.product)
        known = msgspec.structs.replace(known, swap=Swap())
    elif body.remedy == "refund":
        changed = fewer(line, body.pieces)
        known = msgspec.structs.replace(known, swap=Swap())
    else:
        return known
    lines = (*known.lines[: body.line - 1], changed, *known.lines[body.line :])
    return msgspec.structs.replace(known, lines=lines)


def fewer(line: OrderLine, pieces: int) -> OrderLine:
    """Return a line with so many pieces less; what each costs stays."""
    left = max(0, line.pieces - pieces)
    of = max(1, line.pieces)
    return msgspec.structs.replace(
        line,
        pieces=left,
        price_fen=line.price_fen * left // of,
        ceiling_fen=line.ceiling_fen * left // of,
    )


def _closed(
    known: Order, told: Told, body: OrderPickedUp | OrderCancelled | OrderCancellationAgreed
) -> Order:
    """End it; of several endings the first one is shown, all stand in the case."""
    balance_fen = body.balance_fen if isinstance(body, OrderPickedUp) else 0
    ended = _taken_out(known, body.from_here_fen - balance_fen, body.from_county_fen)
    ended = msgspec.structs.replace(
        ended, paid_fen=known.paid_fen + balance_fen, closings=(*known.closings, told.identity)
    )
    if isinstance(body, OrderCancellationAgreed):
        ended = msgspec.structs.replace(ended, cost_fen=body.cost_fen)
    if known.closings:
        return ended
    if isinstance(body, OrderPickedUp):
        ended = msgspec.structs.replace(ended, goods_fen=body.goods_fen, fee_fen=body.fee_fen)
    status = PICKED_UP if isinstance(body, OrderPickedUp) else CANCELLED
    return msgspec.structs.replace(ended, status=status, closed_day=body.day)


def _brought_back(
    known: Order,
    told: Told,
    body: OrderReturned | OrderSentBack | OrderReturnAgreed | OrderReturnRefused,
) -> Order:
    if isinstance(body, OrderReturned):
        back = Back(fact=told.identity, refund_fen=body.refund_fen, claim_fen=body.claim_fen)
        if isinstance(body, GoodsReturned):
            back = msgspec.structs.replace(back, lines=body.lines)
        back = msgspec.structs.replace(back, answer=_said_before(known, told.identity))
        return msgspec.structs.replace(
            known,
            asked_fen=known.asked_fen + body.refund_fen,
            claim_fen=known.claim_fen + body.claim_fen,
            pieces_back=known.pieces_back + body.pieces,
            backs=(*known.backs, back),
        )
    if isinstance(body, OrderSentBack):
        return msgspec.structs.replace(known, pieces_back=known.pieces_back - body.pieces)
    if isinstance(body, OrderReturnAgreed):
        agreed = msgspec.structs.replace(known, claim_fen=known.claim_fen - body.claim_fen)
        return _answered(agreed, told, body.answers, "agreed")
    return _answered(known, told, body.answers, REFUSED)


def _said_before(known: Order, fact: str) -> str:
    return next((early.answer for early in known.early if early.fact == fact), "")


def _answered(known: Order, told: Told, answers: str, answer: str) -> Order:
    """Answer the return that is named; one that names the order itself answers all of them."""
    is_named = answers != told.subject
    backs = tuple(
        msgspec.structs.replace(back, answer=answer)
        if not back.answer and (back.fact == answers or not is_named)
        else back
        for back in known.backs
    )
    is_early = is_named and all(back.fact != answers for back in known.backs)
    early = (*known.early, Early(fact=answers, answer=answer)) if is_early else known.early
    return msgspec.structs.replace(
        known, backs=backs, early=early, answers=(*known.answers, told.identity)
    )


def _went_on(known: Order, told: Told) -> Order:
    """Take in what the county and the villager say on the way; no money moves."""
    body: Body = told.body
    if type(body) in STEPS and not known.closings:
        known = msgspec.structs.replace(known, status=STEPS[type(body)])
    if isinstance(body, OrderBought):
        return msgspec.structs.replace(
            known, platform=body.platform, number=body.number, goods_fen=body.goods_fen,
            bought_fen=body.goods_fen, bought_at=told.at,
        )  # fmt: skip
    if isinstance(body, OrderShipped):
        return msgspec.structs.replace(known, courier=body.courier, waybill=body.waybill)
    if isinstance(body, OrderQuotedHigher):
        return msgspec.structs.replace(known, quote_fen=body.goods_fen, quote=told.identity)
    if isinstance(body, QuoteAnswered):
        return _quote_answered(known, body)
    if isinstance(body, DeliveryChosen):
        return msgspec.structs.replace(known, delivery=body.way)
    if isinstance(body, OrderSwapOffered):
        swap = Swap(
            offer=told.identity, line=body.line, product=body.product, goods_fen=body.goods_fen
        )
        return msgspec.structs.replace(known, swap=swap)
    if isinstance(body, SwapAnswered):
        return _swap_answered(known, body)
    if isinstance(body, OrderCancellationAsked):
        return msgspec.structs.replace(
            known, is_cancellation_asked=1, consent=body.consent, cost_fen_max=body.cost_fen_max
        )
    if isinstance(body, OrderCancellationRefused):
        return msgspec.structs.replace(known, is_cancellation_asked=0)
    return known


def _quote_answered(known: Order, body: QuoteAnswered) -> Order:
    """Take her word on the price that waits; one of another price, or a second one, is no word."""
    if body.quote != known.quote or not known.quote_fen:
        return known
    goods_fen = known.quote_fen if body.answer == "yes" else known.goods_fen
    return msgspec.structs.replace(known, goods_fen=goods_fen, quote_fen=0)


def _swap_answered(known: Order, body: SwapAnswered) -> Order:
    if body.offer != known.swap.offer:
        return known
    agreed = msgspec.structs.replace(known.swap, answer=body.answer)
    return msgspec.structs.replace(known, swap=agreed if body.answer == "yes" else Swap())


def order_cases(state: Order) -> Cases:
    """Return in what the facts of an order disagree."""
    found: Cases = {}
    if len(state.closings) > 1:
        found["purchasing.closed_twice"] = state.closings
    if state.closings and (state.held_here_fen or state.held_county_fen):
        found["purchasing.held_left"] = state.closings
    if state.cost_fen > (state.cost_fen_max if state.consent else 0):
        found["purchasing.cost_without_consent"] = state.closings
    known = {back.fact for back in state.backs}
    is_unclear = any(early.fact not in known for early in state.early)
    if state.answers and (state.refused_fen > 0 or (is_unclear and state.claim_fen)):
        found["purchasing.claim_left"] = state.answers
    if not state.founder:
        found["purchasing.founder_missing"] = state.strays
    return found


ORDER = EntityKind(
    name="order",
    is_open=lambda order: (
        order.status not in (PICKED_UP, CANCELLED) or bool(order.held_fen or order.claim_fen)
    ),
    state=Order,
    facts=ORDER_FACTS,
    fold=fold_order,
    cases=order_cases,
    columns=Columns(
        table="orders",
        fields=(
            ("person", "TEXT"),
            ("status", "TEXT"),
            ("goods_fen", "INTEGER"),
            ("fee_fen", "INTEGER"),
            ("held_here_fen", "INTEGER"),
            ("held_county_fen", "INTEGER"),
            ("claim_fen", "INTEGER"),
            ("waybill", "TEXT"),
            ("slip", "INTEGER"),
            ("day", "TEXT"),
            ("closed_day", "TEXT"),
            ("bought_fen", "INTEGER"),
            ("bought_at", "INTEGER"),
        ),
        row=lambda o: (
            o.person,
            o.status,
            o.goods_fen,
            o.fee_fen,
            o.held_here_fen,
            o.held_county_fen,
            o.claim_fen,
            o.waybill,
            o.slip,
            o.day,
            o.closed_day,
            o.bought_fen,
            o.bought_at,
        ),
        indexes=(("person", "status"), ("status", "day"), ("waybill",), ("bought_at",)),
    ),
)

ENTITIES = (ORDER, OWN_ORDER, COMPLETION)


# --- Out of which money --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Taken:
    """An amount by where it lies."""

    here_fen: int
    county_fen: int

    @property
    def fen(self) -> int:
        """Return the whole amount."""
        return self.here_fen + self.county_fen


def taken_from(order: Order, amount_fen: int) -> Taken:
    """Return an amount out of what is held for an order, what lies here first."""
    amount_fen = max(0, min(amount_fen, order.held_fen))
    here_fen = min(amount_fen, max(0, order.held_here_fen))
    return Taken(here_fen, amount_fen - here_fen)


def beyond(order: Order, goods_fen: int) -> Taken:
    """Return what is held beyond a new price and the fee: it is owed back."""
    return taken_from(order, order.held_fen - goods_fen - order.fee_fen)


def balance_due(order: Order) -> int:
    """Return what is still to be paid before the goods may leave."""
    return max(0, order.goods_fen + order.fee_fen - order.held_fen)


def all_held(order: Order, *, paid_now_fen: int = 0) -> Taken:
    """Return everything that is held for it, with what is paid now."""
    return Taken(order.held_here_fen + paid_now_fen, order.held_county_fen)
