"""What a purchaser may answer to an order, and what each answer takes out of the held money.

Pure: from the order as it stands and what was typed to the facts, or a refusal. The amounts are
those of the station's own rules, so its books and the county's never differ.
"""

import re
from collections.abc import Callable, Mapping

from county_server.desks.pen import Refused
from station_app.journal.fact import Body
from station_app.services.purchasing.facts import (
    OrderAccepted,
    OrderBought,
    OrderCancellationAgreed,
    OrderCancellationRefused,
    OrderFellShort,
    OrderPriceFell,
    OrderQuotedHigher,
    OrderReturnAgreed,
    OrderReturnRefused,
    OrderShipped,
)
from station_app.services.purchasing.rules import (
    ACCEPTED,
    BOUGHT,
    CANCELLED,
    PICKED_UP,
    PLACED,
    SHIPPED,
    Order,
    all_held,
    beyond,
)
from station_app.values.money import parse_yuan

NUMBER_MAX, WORD_MAX = 40, 20
WAYBILL = re.compile(r"[0-9A-Z-]{6,30}")
REMEDIES = ("refund", "wait")
REFUSALS = ("bought", "shipped")
RETURN_REFUSALS = ("used", "late", "excluded")

Typed = Mapping[str, str]
Answer = Callable[[Order, Typed, str, str], list[Body]]
"""(order, what was typed, the fact that it answers, day) → facts."""


def money(typed: Typed, name: str) -> int:
    """Return an amount that was typed; refuses what is none."""
    fen = parse_yuan(typed.get(name, ""))
    if fen is None or fen < 0:
        raise Refused("order_amount")
    return int(fen)


def _under_way(order: Order, *statuses: str) -> None:
    if order.status in (PICKED_UP, CANCELLED):
        raise Refused("order_over")
    if order.status not in statuses:
        raise Refused("order_answered")


def accept(order: Order, _typed: Typed, answers: str, day: str) -> list[Body]:
    """Take an order over."""
    _under_way(order, PLACED)
    return [OrderAccepted(answers=answers, day=day)]


def ceiling_of(order: Order) -> int:
    """Return up to which price it may be bought without asking."""
    return max(order.goods_fen, sum(line.ceiling_fen for line in order.lines))


def quote(order: Order, typed: Typed, answers: str, day: str) -> list[Body]:
    """Say that it can be had only above the ceiling."""
    _under_way(order, PLACED, ACCEPTED)
    fen = money(typed, "price")
    if fen <= ceiling_of(order):
        raise Refused("order_not_higher")
    return [OrderQuotedHigher(answers=answers, goods_fen=fen, day=day)]


def buy(order: Order, typed: Typed, answers: str, day: str) -> list[Body]:
    """Say that it was bought; a lower price is owed back as far as it was paid."""
    _under_way(order, PLACED, ACCEPTED)
    if order.quote_fen:
        raise Refused("order_waits")
    fen = money(typed, "price")
    if fen > ceiling_of(order):
        raise Refused("order_too_dear")
    platform, number = typed.get("platform", "").strip(), typed.get("number", "").strip()
    if not platform or not number or len(platform) > WORD_MAX or len(number) > NUMBER_MAX:
        raise Refused("order_number")
    said: list[Body] = []
    if order.status == PLACED:
        said.append(OrderAccepted(answers=answers, day=day))
    surplus = beyond(order, fen)
    if fen < order.goods_fen and surplus.fen > 0:
        said.append(
            OrderPriceFell(
                answers=answers, goods_fen=fen, from_here_fen=surplus.here_fen,
                from_county_fen=surplus.county_fen, day=day,
            )
        )  # fmt: skip
    said.append(
        OrderBought(answers=answers, platform=platform, number=number, goods_fen=fen, day=day)
    )
    return said


def ship(order: Order, typed: Typed, answers: str, day: str) -> list[Body]:
    """Say that it is on its way."""
    _under_way(order, BOUGHT, SHIPPED)
    waybill = "".join(typed.get("waybill", "").split()).upper()
    courier = typed.get("courier", "")
    if not WAYBILL.fullmatch(waybill):
        raise Refused("order_waybill")
    if not courier:
        raise Refused("order_courier")
    return [OrderShipped(answers=answers, courier=courier, waybill=waybill, day=day)]


def fall_short(order: Order, typed: Typed, answers: str, day: str) -> list[Body]:
    """Say that not all of it can be had; what exceeds the new total is owed back."""
    _under_way(order, PLACED, ACCEPTED)
    line, pieces = _count(typed, "line"), _count(typed, "pieces")
    if not 0 < line <= len(order.lines) or not 0 < pieces <= order.lines[line - 1].pieces:
        raise Refused("order_pieces")
    remedy = typed.get("remedy", "")
    if remedy not in REMEDIES:
        raise Refused("order_remedy")
    fen = order.goods_fen
    if remedy == "refund":
        whole = order.lines[line - 1]
        fen = max(0, order.goods_fen - whole.price_fen * pieces // whole.pieces)
    surplus = beyond(order, fen)
    return [
        OrderFellShort(
            answers=answers, line=line, pieces=pieces, remedy=remedy, goods_fen=fen,
            from_here_fen=surplus.here_fen, from_county_fen=surplus.county_fen, day=day,
        )
    ]  # fmt: skip


def _count(typed: Typed, name: str) -> int:
    text = typed.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def cancel(order: Order, typed: Typed, answers: str, day: str) -> list[Body]:
    """Call it off; a real cost only as far as she agreed to bear it."""
    _under_way(order, PLACED, ACCEPTED, BOUGHT, SHIPPED)
    cost_fen = money(typed, "cost") if typed.get("cost", "").strip() else 0
    most = min(order.cost_fen_max if order.consent else 0, order.held_fen)
    if cost_fen > most:
        raise Refused("order_cost")
    held = all_held(order)
    return [
        OrderCancellationAgreed(
            answers=answers, cost_fen=cost_fen, from_here_fen=held.here_fen,
            from_county_fen=held.county_fen, day=day,
        )
    ]  # fmt: skip


def keep(order: Order, typed: Typed, answers: str, day: str) -> list[Body]:
    """Say that it is too late to call it off."""
    _under_way(order, ACCEPTED, BOUGHT, SHIPPED)
    if not order.is_cancellation_asked:
        raise Refused("order_not_asked")
    if typed.get("reason", "") not in REFUSALS:
        raise Refused("order_reason")
    return [OrderCancellationRefused(answers=answers, reason=typed["reason"], day=day)]


def agree_return(order: Order, typed: Typed, answers: str, day: str) -> list[Body]:
    """Take a return over: first what the station has given already."""
    if order.status != PICKED_UP or not order.asked_fen or order.answers:
        raise Refused("order_no_return")
    fen = money(typed, "refund")
    if not order.claim_fen <= fen <= order.asked_fen:
        raise Refused("order_refund")
    return [OrderReturnAgreed(answers=answers, refund_fen=fen, claim_fen=order.claim_fen, day=day)]


def refuse_return(order: Order, typed: Typed, answers: str, day: str) -> list[Body]:
    """Do not take a return over; who bears what was given is decided in a case."""
    if order.status != PICKED_UP or not order.asked_fen or order.answers:
        raise Refused("order_no_return")
    if typed.get("reason", "") not in RETURN_REFUSALS:
        raise Refused("order_reason")
    return [OrderReturnRefused(answers=answers, reason=typed["reason"], day=day)]


ANSWERS: Mapping[str, Answer] = {
    "accept": accept,
    "quote": quote,
    "buy": buy,
    "ship": ship,
    "short": fall_short,
    "cancel": cancel,
    "keep": keep,
    "agree": agree_return,
    "refuse": refuse_return,
}
