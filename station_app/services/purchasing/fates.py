"""What may happen to an order after it was placed: called off, agreed to, fetched, brought back.

Who holds the thing writes its fate. Until it was offered to the county an order is the station's to
call off; afterwards the station asks, and the county's fact decides. Goods that lie here are the
station's: it hands them out, against the balance, and takes them back.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from station_app.journal.fact import Saying
from station_app.services.purchasing.commands import (
    AnswerQuote,
    AnswerSwap,
    AskCancellation,
    CancelOrder,
    ChooseDelivery,
    PickUpOrder,
    ReturnOrder,
    SendBackOrder,
    SettleClaim,
)
from station_app.services.purchasing.facts import (
    ClaimSettled,
    DeliveryChosen,
    GoodsReturned,
    OrderCancellationAsked,
    OrderCancelled,
    OrderPickedUp,
    OrderRemark,
    OrderSentBack,
    QuoteAnswered,
    ReturnedLine,
    SwapAnswered,
)
from station_app.services.purchasing.rules import (
    BOUGHT,
    BY_VILLAGER,
    CANCELLED,
    DELIVERIES,
    PICKED_UP,
    PLACED,
    REFUSED,
    SHIPPED,
    Order,
    all_held,
    balance_due,
)
from station_app.values.day import days_between
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.refusal import Refusal

Decision = Sequence[Saying] | Refusal

WAYS = ("in_person", "phone")
BEARERS = ("villager", "station")
RETURN_REASONS = ("damaged", "wrong", "missing", "unfit", "changed_mind", "family")
FAULTS = ("damaged", "wrong", "missing")  # for which the seller answers
REMARK_MAX = 200
PIECES_MAX = 20
ON_HAND, HANDED_OVER = "on_hand", "handed_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelHere:
    """The parcel of an order: a view, by its waybill. status: `on_hand` or `handed_over`.

    code: where it lies; due_fen: cash on delivery and freight that its courier wants.
    """

    parcel: str
    status: str
    code: str = ""
    due_fen: int = 0
    day: str = ""

    @property
    def is_on_hand(self) -> bool:
        """Tell whether it lies on a shelf."""
        return self.status == ON_HAND


@dataclass(frozen=True, slots=True)
class Wanting:
    """What the county wants to have completed. words: in its own, "" for none."""

    completion: str
    line: int
    reason: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What decides over an order. is_offered: others may have acted on it already.

    quote: identity of the higher price that waits; return_days, exchange_days: of its goods, the
    least of all, 0 for goods that do not come back; slip: a number for the paper; entity: the
    order's identity; platform_last_day: until when the platform takes it back, "" if nobody knows.
    wanting: what the county wants to have completed before it buys.
    """

    order: Order | None
    is_offered: bool = True
    parcel: ParcelHere | None = None
    quote: str = ""
    return_days: int = 0
    exchange_days: int = 0
    slip: int = 0
    entity: str = ""
    platform_last_day: str = ""
    wanting: Wanting | None = None


def _why_not(order: Order | None, remark: str = "") -> Refusal | None:
    if order is None or not order.founder:
        return Refusal("purchasing.GONE")
    if len(remark) > REMARK_MAX:
        return Refusal("purchasing.WORDS_TOO_LONG", {"max": REMARK_MAX})
    return None


def _why_over(order: Order) -> Refusal | None:
    if order.status == PICKED_UP:
        return Refusal("purchasing.PICKED_UP_ALREADY")
    return Refusal("purchasing.CANCELLED_ALREADY") if order.status == CANCELLED else None


def _open_order(fate: Fate, remark: str = "") -> Order | Refusal:
    """Return an order that is known and not over yet, else why nothing can be said of it."""
    order = fate.order
    refusal = _why_not(order, remark)
    if refusal is not None or order is None:
        return refusal or Refusal("purchasing.GONE")
    return _why_over(order) or order


def _remark(words: str) -> OrderRemark | None:
    return OrderRemark(remark=words.strip()) if words.strip() else None


# --- Called off ----------------------------------------------------------------------------------


def may_cancel(fate: Fate) -> bool:
    """Tell whether the station itself may call an order off."""
    order = fate.order
    return order is not None and order.status == PLACED and not fate.is_offered


def cancel_order(fate: Fate, command: CancelOrder, now: Now) -> Decision:
    """Call an order off that the county has not heard of."""
    order = _open_order(fate, command.remark)
    if isinstance(order, Refusal):
        return order
    if not may_cancel(fate):
        return Refusal("purchasing.SENT_ALREADY")
    held = all_held(order)
    body = OrderCancelled(from_here_fen=held.here_fen, from_county_fen=held.county_fen, day=now.day)
    return [Saying(body, _remark(command.remark), entity=command.order)]


def ask_cancellation(fate: Fate, command: AskCancellation, now: Now) -> Decision:
    """Ask the county to call an order off."""
    order = _open_order(fate, command.remark)
    if isinstance(order, Refusal):
        return order
    if order.is_cancellation_asked:
        return Refusal("purchasing.ASKED_ALREADY")
    if command.consent and command.consent not in WAYS:
        return Refusal("purchasing.HOW_ASKED")
    if bool(command.consent) != (command.cost_fen_max > 0):
        return Refusal("purchasing.COST_NEEDS_CONSENT")
    if command.cost_fen_max > order.held_fen:
        return Refusal("purchasing.COST_TOO_MUCH", {"held": say_yuan(order.held_fen)})
    body = OrderCancellationAsked(
        consent=command.consent, cost_fen_max=command.cost_fen_max, day=now.day
    )
    return [Saying(body, _remark(command.remark), entity=command.order)]


def answer_quote(fate: Fate, command: AnswerQuote, now: Now) -> Decision:
    """Write down what she said to a higher price."""
    order = _open_order(fate)
    if isinstance(order, Refusal):
        return order
    if not order.quote_fen or not fate.quote:
        return Refusal("purchasing.NO_QUOTE")
    if command.way not in WAYS or command.answer not in ("yes", "no"):
        return Refusal("purchasing.HOW_ASKED")
    body = QuoteAnswered(quote=fate.quote, answer=command.answer, way=command.way, day=now.day)
    return [Saying(body, entity=command.order)]


def answer_swap(fate: Fate, command: AnswerSwap, now: Now) -> Decision:
    """Write down what she said to other goods."""
    order = _open_order(fate)
    if isinstance(order, Refusal):
        return order
    if not order.swap.offer or order.swap.answer:
        return Refusal("purchasing.NO_SWAP")
    if command.way not in WAYS or command.answer not in ("yes", "no"):
        return Refusal("purchasing.HOW_ASKED")
    body = SwapAnswered(offer=order.swap.offer, answer=command.answer, way=command.way, day=now.day)
    return [Saying(body, entity=command.order)]


def choose_delivery(fate: Fate, command: ChooseDelivery, now: Now) -> Decision:
    """Write down how the goods come to her."""
    order = _open_order(fate)
    if isinstance(order, Refusal):
        return order
    if command.way not in DELIVERIES:
        return Refusal("purchasing.DELIVERY_WAY")
    return [Saying(DeliveryChosen(way=command.way, day=now.day), entity=fate.entity)]


# --- Fetched -------------------------------------------------------------------------------------


def is_fetchable(fate: Fate) -> bool:
    """Tell whether the goods are here, or came with the van without a waybill."""
    order = fate.order
    if order is None or order.status in (PICKED_UP, CANCELLED) or not order.founder:
        return False
    return fate.parcel is not None or (order.status in (BOUGHT, SHIPPED) and not order.waybill)


def pick_up_order(fate: Fate, command: PickUpOrder, now: Now) -> Decision:
    """Give her the goods against the balance; what was held goes to price and fee."""
    order = _open_order(fate)
    if isinstance(order, Refusal):
        return order
    if not is_fetchable(fate):
        return Refusal("purchasing.NOT_HERE")
    due_fen = balance_due(order)
    if command.paid_fen != due_fen:
        return Refusal("purchasing.BALANCE_CHANGED", {"due": say_yuan(due_fen)})
    held = all_held(order, paid_now_fen=due_fen)
    body = OrderPickedUp(
        balance_fen=due_fen,
        goods_fen=order.goods_fen,
        fee_fen=order.fee_fen,
        from_here_fen=held.here_fen,
        from_county_fen=held.county_fen,
        taken_by=command.taken_by,
        check=command.check,
        slip=fate.slip,
        day=now.day,
    )
    return [Saying(body, entity=command.order)]


# --- Brought back --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clock:
    """How long goods may come back. passed: days since they were fetched; allowed: by the rule."""

    passed: int
    allowed: int

    @property
    def is_open(self) -> bool:
        """Tell whether they still may."""
        return self.passed <= self.allowed


def clock_of(fate: Fate, reason: str, today: str) -> Clock:
    """Return the clock of a return: it starts at the hand-over, a fault has its own rule."""
    order = fate.order
    passed = days_between(order.closed_day, today) if order and order.closed_day else 0
    allowed = max(fate.return_days, fate.exchange_days) if reason in FAULTS else fate.return_days
    return Clock(max(0, passed), allowed)


def left_to_refund(order: Order) -> int:
    """Return how much of the price was not asked back yet."""
    return max(0, order.goods_fen - order.asked_fen)


def pieces_left(order: Order) -> tuple[int, ...]:
    """Return how many pieces of each line may still come back; a refused return takes none."""
    left = [line.pieces for line in order.lines]
    for back in order.backs:
        for one in back.lines if back.answer != REFUSED else ():
            if 0 < one.line <= len(left):
                left[one.line - 1] -= one.pieces
    return tuple(max(0, pieces) for pieces in left)


def _are_lines_of(order: Order, lines: Sequence[ReturnedLine]) -> bool:
    """Tell whether these can come back of an order: lines of it, each once, of what is left."""
    left, named = pieces_left(order), [one.line for one in lines]
    return len(set(named)) == len(named) and all(
        0 < one.line <= len(left) and 0 < one.pieces <= left[one.line - 1] for one in lines
    )


def return_order(fate: Fate, command: ReturnOrder, now: Now) -> Decision:
    """Take goods back; what the station gives at once it claims from the county."""
    order = fate.order
    refusal = _why_not(order, command.remark)
    if refusal is not None or order is None:
        return refusal or Refusal("purchasing.GONE")
    if order.status != PICKED_UP:
        return Refusal("purchasing.NOT_FETCHED")
    if command.reason not in RETURN_REASONS:
        return Refusal("purchasing.REASON_MISSING")
    left_fen = left_to_refund(order)
    if not 0 < command.refund_fen <= left_fen:
        return Refusal("purchasing.REFUND_TOO_MUCH", {"left": say_yuan(left_fen)})
    if not 0 <= command.claim_fen <= command.refund_fen:
        return Refusal("purchasing.ADVANCE_TOO_MUCH", {"most": say_yuan(command.refund_fen)})
    clock = clock_of(fate, command.reason, now.day)
    if command.claim_fen and not clock.is_open:
        return Refusal("purchasing.TOO_LATE", {"days": clock.allowed})
    if not 0 < command.pieces <= PIECES_MAX:
        return Refusal("purchasing.PIECES_BACK", {"max": PIECES_MAX})
    if not _are_lines_of(order, command.lines):
        return Refusal("purchasing.LINES_BACK")
    body = GoodsReturned(
        reason=command.reason,
        refund_fen=command.refund_fen,
        claim_fen=command.claim_fen,
        pieces=command.pieces,
        slip=fate.slip,
        day=now.day,
        lines=command.lines,
        was_seen=int(command.was_seen),
        is_whole=int(command.is_whole),
    )
    return [Saying(body, _remark(command.remark), entity=command.order)]


def send_back_order(fate: Fate, command: SendBackOrder, now: Now) -> Decision:
    """Give returned goods to the van."""
    order = fate.order
    refusal = _why_not(order)
    if refusal is not None or order is None:
        return refusal or Refusal("purchasing.GONE")
    if not 0 < command.pieces <= order.pieces_back:
        return Refusal("purchasing.NOTHING_BACK", {"count": order.pieces_back})
    return [Saying(OrderSentBack(pieces=command.pieces, day=now.day), entity=command.order)]


def settle_claim(fate: Fate, command: SettleClaim, now: Now) -> Decision:
    """Say who bears what the station gave and the county refused; only the manager says it."""
    order = fate.order
    refusal = _why_not(order)
    if refusal is not None or order is None:
        return refusal or Refusal("purchasing.GONE")
    if not now.is_manager:
        return Refusal("purchasing.ONLY_A_MANAGER")
    if command.bearer not in BEARERS:
        return Refusal("purchasing.BEARER_MISSING")
    left_fen = order.refused_fen
    if not 0 < command.amount_fen <= left_fen:
        return Refusal("purchasing.NOTHING_REFUSED", {"most": say_yuan(max(0, left_fen))})
    body = ClaimSettled(
        bearer=command.bearer,
        person=order.person if command.bearer == BY_VILLAGER else "",
        amount_fen=command.amount_fen,
        day=now.day,
    )
    return [Saying(body, entity=command.order)]
