"""The slips of proxy orders as plain data: ordered, fetched, brought back.

A prepayment is named 预付款 everywhere: 定金 means another thing in law.
"""

from dataclasses import dataclass

from msgspec import structs

from station_app.printing.document import (
    Block,
    Box,
    Fill,
    Label,
    Line,
    Note,
    QrCode,
    Receipt,
    Rule,
    Text,
    Total,
    money,
)
from station_app.printing.forms import SlipFoot, SlipHead, slip
from station_app.printing.tops import NOT_PAID, Paid, Top, foot_of, head_of, paid_lines
from station_app.values.codes import SLIP, make_code
from station_app.values.masks import mask_name
from station_app.values.texts import Texts

INDENT = 28
QR_MODULE, QR_SIDE = 5, 125  # dots: 25 modules


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
    """What came back. now_fen: paid back at once; later_fen: waits for the county's word.

    found: how it was found, in words; stays_here: the copy that the station keeps.
    """

    top: Top
    order: str
    items: tuple[Item, ...]
    reason: str
    now_fen: int
    later_fen: int
    paid: Paid = NOT_PAID
    found: str = ""
    stays_here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStory:
    """The whole way of an order on paper (来历单), the oldest first.

    steps: when, what and more about it, in words; sums: words and fen; name: in full (masked here).
    """

    station: str
    address: str
    number: str
    printed: str
    items: tuple[str, ...]
    steps: tuple[tuple[str, str, str], ...]
    sums: tuple[tuple[str, int], ...]
    name: str = ""


def order_story(said: OrderStory, texts: Texts, width: int = 576) -> Receipt:
    """Return what happened to an order, for whoever doubts it: nothing is signed or paid by it."""
    say = texts.say
    name = (say("printing.top.person", name=mask_name(said.name)),) if said.name else ()
    blocks: list[Block] = [Note(item, indent=0) for item in said.items]
    blocks.append(Rule("thin"))
    for when, what, more in said.steps:
        blocks.append(Note(what, size=28, bold=True))  # it wraps: on narrow paper nothing is cut
        blocks.append(Note("　".join(part for part in (when, more) if part), indent=INDENT))
    blocks.append(Rule("solid"))
    blocks += [Line(words, money(fen), bold=True) for words, fen in said.sums]
    head = SlipHead(
        station=said.station,
        address=said.address,
        heading=say("purchasing.slip.story_heading"),
        number=say("printing.top.number", number=said.number),
        meta=(said.printed, *name),
    )
    foot = SlipFoot(notes=(say("purchasing.slip.story_note"),), closing=say("purchasing.slip.keep"))
    return slip(head, tuple(blocks), foot, width)


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
        *((Note(said.found, indent=INDENT),) if said.found else ()),
        Rule("solid"),
        Total(say("purchasing.slip.back_now"), money(said.now_fen)),
        *paid_lines(said.paid, texts),
    ]
    notes = [say("purchasing.slip.goods_kept")]
    if said.later_fen:
        blocks.append(Line(say("purchasing.slip.back_later"), money(said.later_fen), bold=True))
        if not said.stays_here:
            notes += [say("purchasing.slip.later"), say("purchasing.slip.once")]
    if said.stays_here:
        notes = [say("purchasing.slip.not_hers")]
    foot = foot_of(
        said.top,
        texts,
        SlipFoot(
            notes=tuple(notes),
            signatures=(say("purchasing.slip.sign"),),
            closing=say(
                "purchasing.slip.stays_here" if said.stays_here else "purchasing.slip.keep"
            ),
        ),
    )
    head = head_of(said.top, say("purchasing.slip.returned_heading"), texts)
    return slip(head, tuple(blocks), foot, width)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnTag:
    """What stands on the box of goods that go back (退货签).

    act: ticket of the return, in the QR code; order: number of the order's slip; what: its goods;
    piece, pieces: of several boxes; name: in full (masked here); tail: of her phone.
    """

    act: str
    order: str
    what: str
    reason: str
    day: str
    piece: int
    pieces: int
    name: str = ""
    tail: str = ""


def return_label(said: ReturnTag, texts: Texts) -> Label:
    """Return the label of returned goods: a scan opens their order, a look says that they leave."""
    say = texts.say
    name = mask_name(said.name) or say("purchasing.slip.herself")
    whose = " ".join(part for part in (name, said.tail) if part)
    count = say("purchasing.tag.count", piece=said.piece, pieces=said.pieces)
    number = say("printing.top.number", number=said.order)
    code = make_code(SLIP, said.act)
    large = (
        Text(Box(20, 18, 150, 60), say("purchasing.tag.back"), 44, bold=True, align="centre",
             inverse=True),
        Text(Box(182, 18, 278, 60), number, 48, size_min=26, bold=True, align="right"),
        Fill(Box(20, 90, 440, 3)),
        Text(Box(22, 102, 436, 44), said.what, 36, size_min=22, bold=True),
        QrCode(Box(22, 160, QR_SIDE, QR_SIDE), code, QR_MODULE),
        Text(Box(164, 160, 296, 36), said.reason, 30, size_min=22, bold=True),
        Text(Box(164, 200, 296, 34), whose, 28, size_min=20),
        Text(Box(164, 238, 296, 30), said.day, 24),
        Text(Box(164, 272, 180, 30), count, 26),
    )  # fmt: skip
    small = (
        Text(Box(12, 8, 108, 44), say("purchasing.tag.back"), 34, bold=True, align="centre",
             inverse=True),
        Text(Box(126, 8, 182, 44), number, 36, size_min=20, bold=True, align="right"),
        Text(Box(12, 58, 296, 32), said.what, 28, size_min=20, bold=True),
        QrCode(Box(12, 100, QR_SIDE, QR_SIDE), code, QR_MODULE),
        Text(Box(148, 100, 160, 30), said.reason, 24, size_min=18),
        Text(Box(148, 134, 160, 28), whose, 22, size_min=16),
        Text(Box(148, 168, 160, 28), count, 22),
    )  # fmt: skip
    made = Label(480, 320, large, mark=Box(368, 272, 92, 30))
    return structs.replace(made, smaller=Label(320, 240, small, mark=Box(220, 206, 88, 28)))


def _items(items: tuple[Item, ...], texts: Texts) -> list[Block]:
    blocks: list[Block] = []
    for item in items:
        what = texts.say("purchasing.slip.item", what=item.what, pieces=item.pieces)
        blocks.append(Line(what, money(item.price_fen), bold=True))
        if item.how:
            blocks.append(Note(item.how, indent=INDENT))
    return blocks
