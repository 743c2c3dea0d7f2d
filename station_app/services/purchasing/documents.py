"""The slips of proxy orders as plain data: ordered, fetched, brought back.

A prepayment is named 预付款 everywhere: 定金 means another thing in law.
"""

from dataclasses import dataclass

from station_app.printing.document import Block, Line, Note, Receipt, Rule, Total, money
from station_app.printing.forms import SlipFoot, slip
from station_app.printing.tops import NOT_PAID, Paid, Top, foot_of, head_of, paid_lines
from station_app.values.masks import mask_name
from station_app.values.texts import Texts

INDENT = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of an order. what: name and size; price_fen: of all pieces; how: channel, days."""

    what: str
    pieces: int
    price_fen: int
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSlip:
    """What was ordered and paid beforehand. collector: who may fetch it, "" for herself.

    ceiling_fen: above it she is asked, 0 for none; waits_for_county: it has not been sent yet.
    replaces: number of the order in whose place this one stands, "" for none; carried_fen: how
    much of the prepayment that one's money pays.
    """

    top: Top
    items: tuple[Item, ...]
    fee_fen: int
    prepaid_fen: int
    collector: str = ""
    ceiling_fen: int = 0
    paid: Paid = NOT_PAID
    waits_for_county: bool = True
    replaces: str = ""
    carried_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedSlip:
    """What was fetched and what was still due. order: number of the order's slip.

    prepaid: day on which she paid beforehand, in words; refund_fen: what is owed back to her.
    """

    top: Top
    order: str
    items: tuple[Item, ...]
    fee_fen: int
    prepaid_fen: int
    prepaid: str
    balance_fen: int
    refund_fen: int = 0
    paid: Paid = NOT_PAID
    return_until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedSlip:
    """What came back. now_fen: paid back at once; later_fen: waits for the county's word."""

    top: Top
    order: str
    items: tuple[Item, ...]
    reason: str
    now_fen: int
    later_fen: int
    paid: Paid = NOT_PAID


def order_slip(said: OrderSlip, texts: Texts, width: int = 576) -> Receipt:
    """Return the slip of an order with its prepayment (代购预付款收据)."""
    say = texts.say
    goods_fen = sum(item.price_fen for item in said.items)
    due_fen = goods_fen + said.fee_fen - said.prepaid_fen
    blocks: list[Block] = []
    if said.replaces:
        number = say("printing.top.number", number=said.replaces)
        blocks.append(Line(say("purchasing.slip.replaces"), number))
    blocks += [
        *_items(said.items, texts),
        Line(say("purchasing.slip.fee"), money(said.fee_fen)),
        Rule("thin"),
        Line(say("purchasing.slip.goods"), money(goods_fen + said.fee_fen), bold=True),
    ]
    if said.ceiling_fen:
        blocks.append(Line(say("purchasing.slip.ceiling"), money(said.ceiling_fen), 24))
    blocks += [
        Rule("solid"),
        Total(say("purchasing.slip.prepaid_today"), money(said.prepaid_fen)),
    ]
    if said.carried_fen:
        blocks.append(Line(say("purchasing.slip.carried"), money(said.carried_fen)))
    blocks += [
        *paid_lines(said.paid, texts),
        Line(say("purchasing.slip.due_later"), money(due_fen), bold=True),
    ]
    collector = mask_name(said.collector) or say("purchasing.slip.herself")
    head = head_of(
        said.top,
        say("purchasing.slip.heading"),
        texts,
        more=say("purchasing.slip.collector", name=collector),
    )
    foot = SlipFoot(
        notes=tuple(
            say(f"purchasing.slip.{key}")
            for key in ("not_deposit", "full_back", "offset", "seven_days")
        ),
        urgent=say("purchasing.slip.waits") if said.waits_for_county else "",
        signatures=(say("purchasing.slip.sign"),),
        closing=say("purchasing.slip.keep"),
    )
    foot = foot_of(said.top, texts, foot)
    return slip(head, tuple(blocks), foot, width)


def fetched_slip(said: FetchedSlip, texts: Texts, width: int = 576) -> Receipt:
    """Return the slip of an order that was fetched, with its balance (代购取货单)."""
    say = texts.say
    goods_fen = sum(item.price_fen for item in said.items)
    blocks: list[Block] = [
        Line(say("purchasing.slip.order"), say("printing.top.number", number=said.order)),
        *_items(said.items, texts),
        Line(say("purchasing.slip.fee"), money(said.fee_fen)),
        Rule("thin"),
        Line(say("purchasing.slip.goods"), money(goods_fen + said.fee_fen), bold=True),
        Line(say("purchasing.slip.prepaid"), money(-said.prepaid_fen), bold=True),
    ]
    if said.prepaid:
        blocks.append(Note(said.prepaid, indent=INDENT))
    blocks += [
        Rule("solid"),
        Total(say("purchasing.slip.balance"), money(said.balance_fen)),
        *paid_lines(said.paid, texts),
    ]
    if said.refund_fen:
        blocks.append(Line(say("purchasing.slip.owed_back"), money(said.refund_fen), bold=True))
    until = (say("purchasing.slip.until", day=said.return_until),) if said.return_until else ()
    foot = foot_of(
        said.top,
        texts,
        SlipFoot(
            notes=(say("purchasing.slip.looked_at"), *until),
            leads=True,
            signatures=(say("purchasing.slip.sign"),),
            closing=say("purchasing.slip.keep"),
        ),
    )
    head = head_of(said.top, say("purchasing.slip.fetched_heading"), texts)
    return slip(head, tuple(blocks), foot, width)


def returned_slip(said: ReturnedSlip, texts: Texts, width: int = 576) -> Receipt:
    """Return the slip of goods that came back (代购退货单)."""
    say = texts.say
    blocks: list[Block] = [
        Line(say("purchasing.slip.order"), say("printing.top.number", number=said.order)),
        *_items(said.items, texts),
        Note(say("purchasing.slip.reason", reason=said.reason), indent=INDENT),
        Rule("solid"),
        Total(say("purchasing.slip.back_now"), money(said.now_fen)),
        *paid_lines(said.paid, texts),
    ]
    notes = [say("purchasing.slip.goods_kept")]
    if said.later_fen:
        blocks.append(Line(say("purchasing.slip.back_later"), money(said.later_fen), bold=True))
        notes += [say("purchasing.slip.later"), say("purchasing.slip.once")]
    foot = foot_of(
        said.top,
        texts,
        SlipFoot(
            notes=tuple(notes),
            signatures=(say("purchasing.slip.sign"),),
            closing=say("purchasing.slip.keep"),
        ),
    )
    head = head_of(said.top, say("purchasing.slip.returned_heading"), texts)
    return slip(head, tuple(blocks), foot, width)


def _items(items: tuple[Item, ...], texts: Texts) -> list[Block]:
    blocks: list[Block] = []
    for item in items:
        what = texts.say("purchasing.slip.item", what=item.what, pieces=item.pieces)
        blocks.append(Line(what, money(item.price_fen), bold=True))
        if item.how:
            blocks.append(Note(item.how, indent=INDENT))
    return blocks
