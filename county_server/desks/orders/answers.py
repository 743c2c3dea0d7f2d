"""What a purchaser may answer to an order, and what each answer takes out of the held money.

Pure: from the order as it stands and what was typed to the facts, or a refusal. The amounts are
those of the station's own rules, so its books and the county's never differ.
"""

import re
from collections.abc import Callable, Mapping

import msgspec

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
    OrderSwapOffered,
    OrderSwapped,
)
from station_app.services.purchasing.rules import (
    ACCEPTED,
    BOUGHT,
    CANCELLED,
    PICKED_UP,
    PLACED,
    SHIPPED,
    Back,
    Order,
    all_held,
    beyond,
    fewer,
)
from station_app.values.money import parse_yuan

NUMBER_MAX, WORD_MAX, CODE_MAX = 40, 20, 20
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
    if order.swap.offer:
        raise Refused("order_waits")
    fen = money(typed, "price")
    if fen <= ceiling_of(order):
        raise Refused("order_not_higher")
    return [OrderQuotedHigher(answers=answers, goods_fen=fen, day=day)]


def buy(order: Order, typed: Typed, answers: str, day: str) -> list[Body]:
    """Say that it was bought; a lower price is owed back as far as it was paid."""
    _under_way(order, PLACED, ACCEPTED)
    if order.quote_fen or (order.swap.offer and not order.swap.answer):
        raise Refused("order_waits")
    fen = money(typed, "price")
    platform, number = typed.get("platform", "").strip(), typed.get("number", "").strip()
    if not platform or not number or len(platform) > WORD_MAX or len(number) > NUMBER_MAX:
        raise Refused("order_number")
    said: list[Body] = []
    if order.status == PLACED:
        said.append(OrderAccepted(answers=answers, day=day))
    if order.swap.answer:
        swapped, order = _swapped(order, answers, day)
        said.append(swapped)
    if fen > ceiling_of(order):
        raise Refused("order_too_dear")
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


def _swapped(order: Order, answers: str, day: str) -> tuple[OrderSwapped, Order]:
    """Return the fact that she gets what she agreed to, and the order as it is then."""
    swap = order.swap
    surplus = beyond(order, swap.goods_fen)
    body = OrderSwapped(
        answers=answers, line=swap.line, product=swap.product, goods_fen=swap.goods_fen,
        from_here_fen=surplus.here_fen, from_county_fen=surplus.county_fen, day=day,
    )  # fmt: skip
    after = msgspec.structs.replace(
        order,
        goods_fen=swap.goods_fen,
        held_here_fen=order.held_here_fen - surplus.here_fen,
        held_county_fen=order.held_county_fen - surplus.county_fen,
    )
    return body, after


def offer_swap(order: Order, typed: Typed, answers: str, day: str) -> list[Body]:
    """Offer other goods of the catalogue for a line; she is asked before anything is bought."""
    _under_way(order, PLACED, ACCEPTED)
    if order.quote_fen or order.swap.offer:
        raise Refused("order_waits")
    line, product = _count(typed, "line"), typed.get("product", "").strip()
    if not 0 < line <= len(order.lines) or not order.lines[line - 1].pieces:
        raise Refused("order_pieces")
    if not product or len(product) > CODE_MAX or product == order.lines[line - 1].product:
        raise Refused("order_product")
    fen = money(typed, "swap")
    if not fen:
        raise Refused("order_amount")
    said: list[Body] = []
    if order.status == PLACED:
        said.append(OrderAccepted(answers=answers, day=day))
    offer = OrderSwapOffered(answers=answers, line=line, product=product, goods_fen=fen, day=day)
    return [*said, offer]


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
        fen = max(0, order.goods_fen - whole.price_fen + fewer(whole, pieces).price_fen)
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


def return_to_answer(order: Order) -> Back:
    """Return the oldest return that was not answered; refuse where there is none."""
    if order.status != PICKED_UP or not order.open_backs:
        raise Refused("order_no_return")
    return order.open_backs[0]


def agree_return(order: Order, typed: Typed, answers: str, day: str) -> list[Body]:
    """Take a return over: first what the station has given already."""
    back = return_to_answer(order)
    fen = money(typed, "refund")
    if not back.claim_fen <= fen <= back.refund_fen:
        raise Refused("order_refund")
    return [OrderReturnAgreed(answers=answers, refund_fen=fen, claim_fen=back.claim_fen, day=day)]


def refuse_return(order: Order, typed: Typed, answers: str, day: str) -> list[Body]:
    """Do not take a return over; who bears what was given is decided in a case."""
    return_to_answer(order)
    if typed.get("reason", "") not in RETURN_REFUSALS:
        raise Refused("order_reason")
    return [OrderReturnRefused(answers=answers, reason=typed["reason"], day=day)]


ANSWERS: Mapping[str, Answer] = {
    "accept": accept,
    "quote": quote,
    "buy": buy,
    "ship": ship,
    "short": fall_short,
    "swap": offer_swap,
    "cancel": cancel,
    "keep": keep,
    "agree": agree_return,
    "refuse": refuse_return,
}
