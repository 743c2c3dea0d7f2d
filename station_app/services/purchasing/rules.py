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
from station_app.journal.vocabulary import Poster
from station_app.ledger import accounts
from station_app.ledger.posting import Entry, moves, pays, split
from station_app.services.purchasing.facts import (
    FACTS,
    ClaimSettled,
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
    OrderSwapped,
    PrepaymentPassedOn,
    QuoteAnswered,
)

PLACED = "placed"
ACCEPTED = "accepted"
BOUGHT = "bought"
SHIPPED = "shipped"
PICKED_UP = "picked_up"
CANCELLED = "cancelled"
STEPS: Mapping[type[Body], str] = {
    OrderAccepted: ACCEPTED,
    OrderBought: BOUGHT,
    OrderShipped: SHIPPED,
}
CLOSINGS = (OrderPickedUp, OrderCancelled, OrderCancellationAgreed)
REPRICINGS = (OrderPriceFell, OrderFellShort, OrderSwapped)
BY_VILLAGER = "villager"


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """An order. status: placed, accepted, bought, shipped, picked_up, cancelled, "" if unfounded.

    goods_fen, fee_fen: as last said; paid_fen: all that was paid in; held_here_fen,
    held_county_fen: what of it is held; quote_fen: a higher price that waits for an answer.
    asked_fen, claim_fen: refund that was asked of the county, and what the station owes of it
    already; pieces_back: returned goods on the shelf. consent, cost_fen_max: to bear a real cost.
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
    strays: tuple[str, ...] = ()

    @property
    def held_fen(self) -> int:
        """Return what is held for it, wherever it lies."""
        return self.held_here_fen + self.held_county_fen


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
        return msgspec.structs.replace(repriced, goods_fen=body.goods_fen)
    if isinstance(body, CLOSINGS):
        return _closed(known, told, body)
    if isinstance(body, OrderReturned | OrderSentBack | OrderReturnAgreed | OrderReturnRefused):
        return _brought_back(known, told, body)
    if isinstance(body, ClaimSettled):
        return msgspec.structs.replace(known, claim_fen=known.claim_fen - body.amount_fen)
    return _went_on(known, body)


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
        return msgspec.structs.replace(
            known,
            asked_fen=known.asked_fen + body.refund_fen,
            claim_fen=known.claim_fen + body.claim_fen,
            pieces_back=known.pieces_back + body.pieces,
        )
    if isinstance(body, OrderSentBack):
        return msgspec.structs.replace(known, pieces_back=known.pieces_back - body.pieces)
    answered = msgspec.structs.replace(known, answers=(*known.answers, told.identity))
    if isinstance(body, OrderReturnAgreed):
        return msgspec.structs.replace(answered, claim_fen=known.claim_fen - body.claim_fen)
    return answered


def _went_on(known: Order, body: Body) -> Order:
    """Take in what the county and the villager say on the way; no money moves."""
    if type(body) in STEPS and not known.closings:
        known = msgspec.structs.replace(known, status=STEPS[type(body)])
    if isinstance(body, OrderBought):
        return msgspec.structs.replace(
            known, platform=body.platform, number=body.number, goods_fen=body.goods_fen
        )
    if isinstance(body, OrderShipped):
        return msgspec.structs.replace(known, courier=body.courier, waybill=body.waybill)
    if isinstance(body, OrderQuotedHigher):
        return msgspec.structs.replace(known, quote_fen=body.goods_fen)
    if isinstance(body, QuoteAnswered):
        goods_fen = known.quote_fen if body.answer == "yes" else known.goods_fen
        return msgspec.structs.replace(known, goods_fen=goods_fen, quote_fen=0)
    if isinstance(body, OrderCancellationAsked):
        return msgspec.structs.replace(
            known, is_cancellation_asked=1, consent=body.consent, cost_fen_max=body.cost_fen_max
        )
    if isinstance(body, OrderCancellationRefused):
        return msgspec.structs.replace(known, is_cancellation_asked=0)
    return known


def order_cases(state: Order) -> Cases:
    """Return in what the facts of an order disagree."""
    found: Cases = {}
    if len(state.closings) > 1:
        found["purchasing.closed_twice"] = state.closings
    if state.closings and (state.held_here_fen or state.held_county_fen):
        found["purchasing.held_left"] = state.closings
    if state.cost_fen > (state.cost_fen_max if state.consent else 0):
        found["purchasing.cost_without_consent"] = state.closings
    if state.answers and state.claim_fen:
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
    facts=FACTS,
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
        ),
        indexes=(("person", "status"), ("status", "day"), ("waybill",)),
    ),
)

ENTITIES = (ORDER,)


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


# --- Postings ------------------------------------------------------------------------------------


def post_placed(told: Told) -> Entry:
    """What was paid beforehand is held for the order."""
    held = accounts.held_prepayment(told.subject)
    return pays(accounts.counter(told.act), held, told.body.prepaid_fen)


def post_passed_on(told: Told) -> Entry:
    """The money goes to the county; it is still the villager's."""
    amount_fen = told.body.amount_fen
    here = accounts.held_prepayment(told.subject)
    there = accounts.held_prepayment(told.subject, accounts.COUNTY)
    return (
        *pays(accounts.COUNTY_CURRENT, accounts.counter(told.act), amount_fen),
        *pays(here, there, amount_fen),
    )


def _out_of_held(told: Told) -> tuple[tuple[str, int], ...]:
    body = told.body
    return (
        (accounts.held_prepayment(told.subject), body.from_here_fen),
        (accounts.held_prepayment(told.subject, accounts.COUNTY), body.from_county_fen),
    )


def post_owed_back(told: Told) -> Entry:
    """What she paid too much is owed back against the order."""
    sources = _out_of_held(told)
    owed_fen = sum(fen for _, fen in sources)
    return split(sources, ((accounts.refund_due(told.subject), owed_fen),))


def post_picked_up(told: Told) -> Entry:
    """The balance comes in; the price is the county's, the fee ours, the rest owed back."""
    body: OrderPickedUp = told.body
    held = accounts.held_prepayment(told.subject)
    sources = _out_of_held(told)
    surplus_fen = body.from_here_fen + body.from_county_fen - body.goods_fen - body.fee_fen
    if surplus_fen < 0:
        raise ValueError(f"{-surplus_fen} fen are not paid")
    return (
        *pays(accounts.counter(told.act), held, body.balance_fen),
        *split(
            sources,
            (
                (accounts.COUNTY_CURRENT, body.goods_fen),
                (accounts.FEE_PURCHASE, body.fee_fen),
                (accounts.refund_due(told.subject), surplus_fen),
            ),
        ),
    )


def post_cancellation_agreed(told: Told) -> Entry:
    """The real cost is the county's, the rest owed back."""
    body: OrderCancellationAgreed = told.body
    sources = _out_of_held(told)
    rest_fen = body.from_here_fen + body.from_county_fen - body.cost_fen
    if rest_fen < 0:
        raise ValueError(f"a cost of {-rest_fen} fen beyond what is held")
    owed = accounts.refund_due(told.subject)
    return split(sources, ((accounts.COUNTY_CURRENT, body.cost_fen), (owed, rest_fen)))


def post_returned(told: Told) -> Entry:
    """Goods are on the shelf again; what the station owes at once it claims from the county."""
    body: OrderReturned = told.body
    owed = accounts.refund_due(told.subject)
    return (
        *pays(accounts.claim(told.subject), owed, body.claim_fen),
        *moves(accounts.PIECES_VILLAGER, accounts.PIECES_SHELF, body.pieces),
    )


def post_sent_back(told: Told) -> Entry:
    """Returned goods leave with the van."""
    return moves(accounts.PIECES_SHELF, accounts.PIECES_TRANSIT, told.body.pieces)


def post_return_agreed(told: Told) -> Entry:
    """The county owes it: the claim first, the rest to the villager."""
    body: OrderReturnAgreed = told.body
    return split(
        ((accounts.COUNTY_CURRENT, body.refund_fen),),
        (
            (accounts.claim(told.subject), body.claim_fen),
            (accounts.refund_due(told.subject), body.refund_fen - body.claim_fen),
        ),
    )


def post_claim_settled(told: Told) -> Entry:
    """Who bears what the county refused: the villager owes it, or it is our loss."""
    body: ClaimSettled = told.body
    is_hers = body.bearer == BY_VILLAGER
    bears = accounts.receivable(body.person) if is_hers else accounts.COMPENSATION
    return pays(bears, accounts.claim(told.subject), body.amount_fen)


POSTINGS: Mapping[type[Body], Poster] = {
    OrderPlaced: post_placed,
    PrepaymentPassedOn: post_passed_on,
    OrderPriceFell: post_owed_back,
    OrderFellShort: post_owed_back,
    OrderSwapped: post_owed_back,
    OrderPickedUp: post_picked_up,
    OrderCancelled: post_owed_back,
    OrderCancellationAgreed: post_cancellation_agreed,
    OrderReturned: post_returned,
    OrderSentBack: post_sent_back,
    OrderReturnAgreed: post_return_agreed,
    ClaimSettled: post_claim_settled,
}
