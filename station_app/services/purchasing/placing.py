"""Whether an order may be placed: goods that may be bought, a price that holds, money that adds up.

What the county has blocked is refused with its reason, here as at the county. What is not in the
catalogue has the price that the villager was told, and always a ceiling above which she is asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from station_app.journal.fact import Saying
from station_app.reference.order_terms import OrderTerms
from station_app.services.purchasing.commands import PlaceOrder
from station_app.services.purchasing.facts import OrderLine, OrderPlaced, OrderWords
from station_app.services.purchasing.rules import CANCELLED, PICKED_UP, Order
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.refusal import Refusal

Decision = Sequence[Saying] | Refusal

LINES_MAX = 40  # of an order: more is two of them, and the slip stays below a metre
PIECES_MAX = 999
PRICE_MAX = 10_000_000  # a hundred thousand yuan: nobody orders that at a village counter
ITEM_MAX = 120
LINK_MAX = 400
REMARK_MAX = 2_000
YUAN_FEN = 100
WHOLE_BP = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Goods of the catalogue as a rule sees them. why_not: why nobody may order them."""

    name: str
    price_fen: int
    prepayment_bp: int
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """What an order needs to know. goods: by code; people: of those named, who is still known.

    replaced: the order that this one is taken in exchange for, or that was called off for it;
    None for none or an unknown one.
    """

    terms: OrderTerms = field(default_factory=OrderTerms)
    goods: Mapping[str, Wanted] = field(default_factory=dict)
    people: frozenset[str] = frozenset()
    replaced: Order | None = None
    slip: int = 0

    @property
    def is_exchange(self) -> bool:
        """Tell whether the goods come in exchange for others, at what those cost."""
        return self.replaced is not None and self.replaced.status == PICKED_UP


def prepayment_fen(lines: Sequence[tuple[OrderLine, int]], fee_fen: int) -> int:
    """Return what the rule asks beforehand: the share of each line, upwards to a whole yuan.

    lines: with the share of each in basis points. It never exceeds goods and fee together.
    """
    goods_fen = sum(line.price_fen for line, _ in lines)
    share_fen = sum(line.price_fen * bp for line, bp in lines)
    whole = -(-share_fen // (WHOLE_BP * YUAN_FEN)) * YUAN_FEN
    return min(whole, goods_fen + fee_fen)


def place_order(state: Placing, command: PlaceOrder, now: Now) -> Decision:
    """Place an order, or say what is wrong with it."""
    refusal = _why_not_people(state, command) or _why_not_lines(state, command)
    refusal = refusal or _why_not_words(command) or _why_not_money(state, command)
    refusal = refusal or _why_not_exchange(state, command)
    if refusal is not None:
        return refusal
    body = OrderPlaced(
        person=command.person,
        collector=command.collector,
        lines=command.lines,
        goods_fen=command.goods_fen,
        fee_fen=command.fee_fen,
        prepaid_fen=command.prepaid_fen,
        replaces=command.replaces,
        slip=state.slip,
        day=now.day,
    )
    words = OrderWords(items=command.items, link=command.link, remark=command.remark)
    return [Saying(body, words)]


def _why_not_people(state: Placing, command: PlaceOrder) -> Refusal | None:
    if command.person not in state.people:
        return Refusal("purchasing.NOBODY")
    if command.collector and command.collector not in state.people:
        return Refusal("purchasing.COLLECTOR_UNKNOWN")
    return None


def _why_not_lines(state: Placing, command: PlaceOrder) -> Refusal | None:
    if not command.lines:
        return Refusal("purchasing.NOTHING")
    if len(command.lines) > LINES_MAX:
        return Refusal("purchasing.TOO_MANY_LINES", {"max": LINES_MAX})
    if len(command.items) != len(command.lines):
        return Refusal("purchasing.NOTHING_SAID")
    for line, words in zip(command.lines, command.items, strict=True):
        refusal = _why_not_line(state, line, words)
        if refusal is not None:
            return refusal
    return None


def _why_not_line(state: Placing, line: OrderLine, words: str) -> Refusal | None:
    if not words.strip():
        return Refusal("purchasing.NOTHING_SAID")
    name = words[:20]
    if not 0 < line.pieces <= PIECES_MAX:
        return Refusal("purchasing.PIECES", {"name": name, "max": PIECES_MAX})
    if not 0 < line.price_fen <= PRICE_MAX:
        return Refusal("purchasing.PRICE", {"name": name, "max": say_yuan(PRICE_MAX)})
    if line.ceiling_fen < line.price_fen:
        slots = {"name": name, "price": say_yuan(line.price_fen)}
        return Refusal("purchasing.CEILING_BELOW_PRICE", slots)
    if not line.product:
        return None
    goods = state.goods.get(line.product)
    if goods is None:
        return Refusal("purchasing.UNKNOWN_GOODS", {"name": name})
    if goods.why_not:
        return Refusal("purchasing.BLOCKED", {"name": goods.name, "why": goods.why_not})
    if line.price_fen != goods.price_fen * line.pieces and not state.is_exchange:
        slots = {"name": goods.name, "price": say_yuan(goods.price_fen)}
        return Refusal("purchasing.PRICE_CHANGED", slots)
    return None


def _why_not_words(command: PlaceOrder) -> Refusal | None:
    bounds = ((command.link, LINK_MAX), (command.remark, REMARK_MAX))
    texts = [*((words, ITEM_MAX) for words in command.items), *bounds]
    for words, most in texts:
        if len(words) > most:
            return Refusal("purchasing.WORDS_TOO_LONG", {"max": most})
    return None


def _why_not_money(state: Placing, command: PlaceOrder) -> Refusal | None:
    goods_fen = sum(line.price_fen for line in command.lines)
    fee_fen = 0 if state.is_exchange else state.terms.fee_fen(goods_fen)
    if command.goods_fen != goods_fen or command.fee_fen != fee_fen:
        return Refusal("purchasing.FEE_CHANGED", {"fee": say_yuan(fee_fen)})
    total_fen = goods_fen + fee_fen
    if not 0 <= command.prepaid_fen <= total_fen:
        return Refusal("purchasing.PREPAID_TOO_MUCH", {"total": say_yuan(total_fen)})
    return None


def _why_not_exchange(state: Placing, command: PlaceOrder) -> Refusal | None:
    """Return why an order takes no other's place: that one must have come back, or be off."""
    if not command.replaces:
        return None
    replaced = state.replaced
    if replaced is not None and replaced.status == CANCELLED and replaced.person == command.person:
        return None
    if replaced is None or not state.is_exchange or not replaced.open_backs:
        return Refusal("purchasing.NOTHING_TO_EXCHANGE")
    owed_fen = replaced.open_backs[-1].claim_fen
    if command.goods_fen != owed_fen or command.prepaid_fen != owed_fen:
        return Refusal("purchasing.EXCHANGE_DIFFERS")
    return None


def lines_in_exchange(order: Order) -> tuple[OrderLine, ...]:
    """Return the same goods once more, at what she paid for them: nobody pays for a fault twice."""
    lines = [line for line in order.lines if line.pieces]
    offered_fen = sum(line.price_fen for line in lines)
    found: list[OrderLine] = []
    left_fen = order.goods_fen
    for number, line in enumerate(lines):
        is_last = number == len(lines) - 1
        share = line.price_fen * order.goods_fen // max(1, offered_fen)
        fen = left_fen if is_last else share
        left_fen -= fen
        found.append(msgspec.structs.replace(line, price_fen=fen, ceiling_fen=fen))
    return tuple(found)
