"""The slips of a sale and of a return, as plain data.

No grower and no customer stands on them: a slip lies about. Weights are in kilograms, as the law
has it, with 斤 beside them; a weight that was typed says so.
"""

from dataclasses import dataclass

from station_app.ledger.rounding import GRAM
from station_app.printing.document import Block, Line, Receipt, Rule, Total, money
from station_app.printing.forms import SlipFoot, SlipHead, slip
from station_app.printing.tops import proved
from station_app.values.codes import SLIP, make_code
from station_app.values.masks import mask_name
from station_app.values.money import yuan_plain
from station_app.values.texts import Texts
from station_app.values.weight import say_jin, say_kg

DETAIL = 24  # dots of the lines below a name
INDENT = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipTop:
    """What stands on top. act: ticket, in the QR; when: in words; proof: identity of its fact."""

    act: str
    station: str
    number: str
    when: str
    operator: str
    address: str = ""
    proof: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldOnSlip:
    """A line. unit: `gram` or `piece`; word: of one piece; typed: the weight was typed."""

    name: str
    unit: str
    word: str
    quantity: int
    price_fen: int
    amount_fen: int
    discount_fen: int = 0
    reason: str = ""
    typed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidSo:
    """How money changed hands. tenders: (way, fen)."""

    tenders: tuple[tuple[str, int], ...] = ()
    change_fen: int = 0
    round_off_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleSlip:
    """All that the slip of a sale says."""

    top: SlipTop
    lines: tuple[SoldOnSlip, ...]
    paid: PaidSo


@dataclass(frozen=True, slots=True, kw_only=True)
class BackOnSlip:
    """A line that came back; into: `shelf` or `spoiled`."""

    name: str
    unit: str
    word: str
    quantity: int
    paid_fen: int
    into: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnSlip:
    """All that the slip of a return says. of: the number of the slip that it came from."""

    top: SlipTop
    of: str
    reason: str
    lines: tuple[BackOnSlip, ...]
    paid: PaidSo


def sale_slip(said: SaleSlip, texts: Texts, width: int = 576) -> Receipt:
    """Return the slip of a sale."""
    blocks: list[Block] = []
    for line in said.lines:
        blocks += _sold(line, texts)
    due_fen = sum(line.amount_fen - line.discount_fen for line in said.lines)
    blocks.append(Rule())
    if said.paid.round_off_fen:
        blocks.append(Line(texts.say("sales.slip.sum"), money(due_fen)))
        blocks.append(Line(texts.say("sales.slip.round_off"), money(-said.paid.round_off_fen)))
    total_fen = due_fen - said.paid.round_off_fen
    count = texts.say("sales.slip.total", count=len(said.lines))
    blocks.append(Total(count, money(total_fen)))
    blocks += _money(said.paid, texts)
    foot = SlipFoot(
        notes=(texts.say("sales.slip.keep"), texts.say("sales.slip.no_invoice")),
        qr=make_code(SLIP, said.top.act),
        closing=proved(texts.say("sales.slip.closing"), said.top.proof, texts),
    )
    return slip(_head(said.top, "heading", texts), tuple(blocks), foot, width)


def return_slip(said: ReturnSlip, texts: Texts, width: int = 576) -> Receipt:
    """Return the slip of a return; whoever gets the money signs it."""
    blocks: list[Block] = []
    for line in said.lines:
        blocks.append(Line(line.name, money(line.paid_fen), bold=True))
        how = texts.say(f"sales.slip.into_{line.into}")
        words = f"{quantity_words(line.quantity, line.unit, line.word, texts)}  {how}"
        blocks.append(Line(words, "", DETAIL, indent=INDENT))
    blocks.append(Line(texts.say("sales.slip.of", number=said.of), said.reason, DETAIL))
    blocks.append(Rule())
    paid_fen = sum(line.paid_fen for line in said.lines)
    blocks.append(Total(texts.say("sales.slip.back"), money(paid_fen)))
    blocks += _money(said.paid, texts)
    foot = SlipFoot(
        notes=(texts.say("sales.slip.once"),),
        qr=make_code(SLIP, said.top.act),
        signatures=(texts.say("sales.slip.receiver"),),
        closing=proved(texts.say("sales.slip.closing"), said.top.proof, texts),
    )
    return slip(_head(said.top, "return_heading", texts), tuple(blocks), foot, width)


def quantity_words(quantity: int, unit: str, word: str, texts: Texts) -> str:
    """Return a quantity in words: 1.250 kg（2.5 斤）, 20 个."""
    if unit == GRAM:
        return texts.say("sales.slip.weight", kg=say_kg(quantity), jin=say_jin(quantity))
    return texts.say("sales.slip.pieces", count=quantity, word=word or texts.say("sales.piece"))


def _sold(line: SoldOnSlip, texts: Texts) -> list[Block]:
    price = texts.say(
        "sales.slip.per_kg" if line.unit == GRAM else "sales.slip.per_piece",
        price=yuan_plain(line.price_fen),
        word=line.word or texts.say("sales.piece"),
    )
    words = f"{quantity_words(line.quantity, line.unit, line.word, texts)} × {price}"
    found: list[Block] = [
        Line(line.name, money(line.amount_fen), bold=True),
        Line(words, "", DETAIL, indent=INDENT),
    ]
    if line.typed:
        found.append(Line(texts.say("sales.slip.typed"), "", DETAIL, indent=INDENT))
    if line.discount_fen:
        found.append(
            Line(
                texts.say("sales.slip.discount", reason=line.reason),
                money(-line.discount_fen),
                DETAIL,
                indent=INDENT,
            )
        )
    return found


def _head(top: SlipTop, heading: str, texts: Texts) -> SlipHead:
    by = texts.say("sales.slip.by", operator=mask_name(top.operator)) if top.operator else ""
    return SlipHead(
        station=top.station,
        address=top.address,
        heading=texts.say(f"sales.slip.{heading}"),
        number=texts.say("sales.slip.number", number=top.number),
        meta=(top.when + by,),
    )


def _money(paid: PaidSo, texts: Texts) -> list[Block]:
    blocks: list[Block] = [
        Line(texts.say(f"shell.paying.way.{way}"), money(fen)) for way, fen in paid.tenders
    ]
    if paid.change_fen:
        blocks.append(Line(texts.say("sales.slip.change"), money(paid.change_fen), bold=True))
    return blocks
