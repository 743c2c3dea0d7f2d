"""Whether an order of a villager's own may be noted: who, where, under which number, how much."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from station_app.journal.fact import Saying
from station_app.services.purchasing.commands import NoteOwnOrder, TellOwnWaybill
from station_app.services.purchasing.facts import OwnOrderNoted, OwnOrderSent, OwnOrderWords
from station_app.services.purchasing.own_orders import OwnOrder
from station_app.services.purchasing.placing import ITEM_MAX, PRICE_MAX
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.refusal import Refusal

Decision = Sequence[Saying] | Refusal
NUMBER_MAX, PLATFORM_MAX = 40, 20
_WAYBILL = re.compile(r"[0-9A-Z-]{6,30}")


@dataclass(frozen=True, slots=True)
class OwnStanding:
    """What decides: whether she is known here, and whether the same is noted already."""

    is_known: bool
    is_noted: bool


def clean_waybill(typed: str) -> str:
    """Return a waybill as it is kept: without blanks, in capitals."""
    return "".join(typed.split()).upper()


def note_own_order(state: OwnStanding, command: NoteOwnOrder, now: Now) -> Decision:
    """Note what she ordered herself; nothing is paid here."""
    if not state.is_known:
        return Refusal("purchasing.NOBODY")
    platform, number = command.platform.strip(), command.number.strip()
    if not platform or len(platform) > PLATFORM_MAX:
        return Refusal("purchasing.OWN_PLATFORM")
    if not number or len(number) > NUMBER_MAX:
        return Refusal("purchasing.OWN_NUMBER", {"max": NUMBER_MAX})
    if state.is_noted:
        return Refusal("purchasing.OWN_NOTED", {"number": number})
    if not 0 < command.amount_fen <= PRICE_MAX:
        return Refusal("purchasing.OWN_AMOUNT", {"max": say_yuan(PRICE_MAX)})
    if len(command.item) > ITEM_MAX:
        return Refusal("purchasing.WORDS_TOO_LONG", {"max": ITEM_MAX})
    waybill = clean_waybill(command.waybill)
    if waybill and not _WAYBILL.fullmatch(waybill):
        return Refusal("purchasing.OWN_WAYBILL")
    body = OwnOrderNoted(
        person=command.person,
        platform=platform,
        number=number,
        amount_fen=command.amount_fen,
        waybill=waybill,
        day=now.day,
    )
    item = command.item.strip()
    return [Saying(body, OwnOrderWords(item=item) if item else None)]


def tell_own_waybill(order: OwnOrder | None, command: TellOwnWaybill, now: Now) -> Decision:
    """Say under which waybill it comes."""
    if order is None or not order.founder:
        return Refusal("purchasing.GONE")
    waybill = clean_waybill(command.waybill)
    if not _WAYBILL.fullmatch(waybill):
        return Refusal("purchasing.OWN_WAYBILL")
    return [Saying(OwnOrderSent(waybill=waybill, day=now.day), entity=command.order)]
