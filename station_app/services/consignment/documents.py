"""The slips of produce as plain data: weighed in, settled, what a grower has with the station.

A grower reads with effort and trusts what was weighed before her eyes: the weight that counts is
the largest thing on the slip, the scale's own lines stand on it, and the settlement is set in large
type with the amount in capital numerals. Nothing says that she has a support contract but the
contract's number and its price.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from station_app.printing.document import (
    Beside,
    Block,
    Gap,
    Heading,
    Line,
    Note,
    Qr,
    Receipt,
    Rule,
    Signature,
    SignBoxes,
    Total,
    grouped,
    money,
)
from station_app.printing.forms import SlipFoot, slip_head
from station_app.printing.tops import NOT_PAID, Paid, Top, check_words, foot_of, head_of, paid_lines
from station_app.values.capitals import say_capitals
from station_app.values.codes import SLIP, make_code
from station_app.values.day import say_day
from station_app.values.masks import mask_name
from station_app.values.texts import Texts
from station_app.values.weight import jin_plain, kg_plain

LARGE, PLAIN, SMALL = 34, 30, 24  # dots
BASIS_POINTS = 100  # in one per cent


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One stable reading of the scale. time: "09:28:11"; line: as it came; check: of the line."""

    time: str
    line: str
    check: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """How the weight was found. tare_words: "2 个筐"; frames: none when it was typed in.

    scale: its number; proof: identity of what was kept of the frames.
    """

    gross_grams: int
    tare_grams: int
    deducted_grams: int = 0
    tare_words: str = ""
    frames: tuple[Frame, ...] = ()
    scale: str = ""
    proof: str = ""

    @property
    def net_grams(self) -> int:
        """What is paid for."""
        return self.gross_grams - self.tare_grams - self.deducted_grams


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeSlip:
    """Produce that was weighed in, to be sold for the grower or bought from her.

    quantity: pieces in words for goods that are not weighed, else ""; price_fen: floor price or
    price paid, per kilogram or piece (`unit` in words); commission_bp: 0 for a purchase;
    least_fen: what she gets at least, or gets now; owed_fen: of it not paid yet; balance_fen: all
    that is not settled with her, this included; contract: its number, "" for none; lot: its
    number; remarks: certificate, spraying, packages, in words; trace: 20 digits, "" for none;
    address: what the code beside it holds.
    """

    top: Top
    is_bought: bool
    produce: str
    grade: str
    harvested: str
    weighed: Weighed | None
    quantity: str = ""
    price_fen: int
    unit: str
    commission_bp: int
    least_fen: int
    owed_fen: int = 0
    balance_fen: int
    contract: str = ""
    paid: Paid = NOT_PAID
    lot: str
    remarks: tuple[str, ...] = ()
    trace: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldLine:
    """What was sold of one kind. quantity: in words."""

    what: str
    quantity: str
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementSlip:
    """What a grower was paid. deductions: (words, fen), taken off if below zero.

    on_sale: (produce, quantity) not sold yet; open_fen: not settled yet; next_day: in words.
    """

    top: Top
    sold: tuple[SoldLine, ...]
    deductions: tuple[tuple[str, int], ...]
    paid_fen: int
    paid: Paid
    on_sale: tuple[tuple[str, str], ...] = ()
    open_fen: int = 0
    next_day: str = ""


Stands = tuple[str, str]  # produce and day, how it stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a grower has with the station. lots: her last ones."""

    top: Top
    lots: tuple[Stands, ...]
    balance_fen: int
    next_day: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One of a household, in a season. received_fen: what she was paid; kept_fen: not yet."""

    name: str
    lots: tuple[Stands, ...]
    received_fen: int
    kept_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonStatement:
    """What a household brought and was paid in a season, in words; private."""

    top: Top
    season: str
    members: tuple[Member, ...]


def intake_slip(said: IntakeSlip, texts: Texts, width: int = 576) -> Receipt:
    """Return the slip of produce that was weighed in (收货凭证 / 收购凭证)."""
    say = texts.say
    key = "bought" if said.is_bought else "consigned"
    head = head_of(said.top, say(f"consignment.slip.{key}"), texts, who="grower")
    blocks: list[Block] = [
        _what(said),
        *_weights(said, texts),
        Rule(),
        *_terms(said, texts),
        *_frames(said.weighed, texts),
        Rule(),
        Beside(tuple(_lot(said, texts)), Qr(said.address)),
        Signature((say("consignment.slip.grower_signs"), say("consignment.slip.station_signs"))),
    ]
    foot = foot_of(said.top, texts, SlipFoot(closing=say(f"consignment.slip.{key}_closing")))
    closing = (Rule(), Note(foot.closing, align="centre"))
    return Receipt((*slip_head(head), *blocks, *closing), width)


def _what(said: IntakeSlip) -> Block:
    """Say in large type what was weighed in, at the left, also where no harvest is known."""
    what = f"{said.produce}  {said.grade}".rstrip()
    return Heading(what, said.harvested) if said.harvested else Note(what, size=38, bold=True)


def _weights(said: IntakeSlip, texts: Texts) -> list[Block]:
    """Gross, tare and what was deducted, then what counts, as large as an amount."""
    say, weighed = texts.say, said.weighed
    if weighed is None:
        return [Total(say("consignment.slip.pieces"), said.quantity)]
    tare = say("consignment.slip.tare")
    if weighed.tare_words:
        tare = say("consignment.slip.with", what=tare, words=weighed.tare_words)
    blocks: list[Block] = [
        Line(say("consignment.slip.gross"), _kg(weighed.gross_grams, texts), PLAIN),
        Line(tare, _kg(-weighed.tare_grams, texts), PLAIN),
    ]
    if weighed.deducted_grams:
        net = weighed.gross_grams - weighed.tare_grams
        blocks += [
            Line(say("consignment.slip.net"), _kg(net, texts), PLAIN, bold=True),
            Line(_deducted(weighed, texts), _kg(-weighed.deducted_grams, texts), 26),
        ]
    jin = say("consignment.slip.in_jin", jin=jin_plain(weighed.net_grams))
    blocks += [
        Rule("solid"),
        Total(say("consignment.slip.counted"), _kg(weighed.net_grams, texts)),
        Line("", jin),
    ]
    return blocks


def _deducted(weighed: Weighed, texts: Texts) -> str:
    """Return how much was deducted for dirt, in tenths of a per cent of the net weight."""
    net = weighed.gross_grams - weighed.tare_grams
    tenths = (weighed.deducted_grams * 1000 + net // 2) // net if net > 0 else 0
    return texts.say("consignment.slip.deducted", share=f"{tenths // 10}.{tenths % 10} %")


def _terms(said: IntakeSlip, texts: Texts) -> list[Block]:
    say = texts.say
    blocks: list[Block] = []
    if said.contract:
        blocks.append(Line(say("consignment.slip.contract"), said.contract))
    price = say("consignment.slip.per", amount=money(said.price_fen), unit=said.unit)
    if said.is_bought:
        blocks.append(Line(say("consignment.slip.price"), price))
        blocks.append(Line(say("consignment.slip.gets"), money(said.least_fen), PLAIN, bold=True))
        blocks += paid_lines(said.paid, texts)
        if said.owed_fen:
            blocks.append(Line(say("consignment.slip.owed"), money(said.owed_fen)))
    else:
        floor = "guaranteed" if said.contract else "floor"
        blocks += [
            Line(say(f"consignment.slip.{floor}"), price),
            Line(say("consignment.slip.commission"), percent(said.commission_bp)),
            Line(say("consignment.slip.least"), money(said.least_fen), PLAIN, bold=True),
        ]
    blocks.append(Line(say("consignment.slip.balance"), money(said.balance_fen)))
    return blocks


def _frames(weighed: Weighed | None, texts: Texts) -> list[Block]:
    """The scale's own lines; a weight that was typed in says so."""
    if weighed is None:
        return []
    say = texts.say
    if not weighed.frames:
        return [Rule(), Note(say("consignment.slip.typed"), bold=True)]
    blocks: list[Block] = [Rule(), Note(say("consignment.slip.frames"), bold=True)]
    for frame in weighed.frames:
        check = say("printing.top.check", check=frame.check) if frame.check else ""
        blocks.append(Note(f"{frame.time}  {frame.line}  {check}".rstrip()))
    proof = check_words(weighed.proof)
    kept = say("consignment.slip.proof", proof=proof)
    if weighed.scale:
        kept = say("consignment.slip.scale", scale=weighed.scale, proof=proof)
    return [*blocks, Note(kept)]


def _lot(said: IntakeSlip, texts: Texts) -> list[Block]:
    say = texts.say
    return [
        Note(say("consignment.slip.lot", lot=said.lot), size=26, bold=True),
        *(Note(remark) for remark in said.remarks),
        *(
            (Note(say("consignment.slip.trace")), Note(grouped(said.trace), bold=True))
            if said.trace
            else ()
        ),
    ]


def settlement_slip(said: SettlementSlip, texts: Texts, width: int = 576) -> Receipt:
    """Return the slip of a settlement in large type (货款结算单)."""
    say = texts.say
    sold_fen = sum(line.amount_fen for line in said.sold)
    blocks: list[Block] = []
    for line in said.sold:
        blocks.append(Line(line.what, money(line.amount_fen), LARGE, bold=True))
        blocks += [Note(say("consignment.slip.sold", quantity=line.quantity), size=PLAIN), Gap(8)]
    blocks += [
        Rule("thin"),
        Line(say("consignment.slip.sum"), money(sold_fen), LARGE, bold_right=True),
    ]
    for words, fen in said.deductions:
        blocks.append(Line(words, signed(fen), LARGE, bold_right=True))
    ways = " ".join(say(f"shell.paying.way.{way}") for way, _ in said.paid.tenders)
    blocks += [
        Rule("solid"),
        Total(say("consignment.slip.pays"), money(said.paid_fen), large=True),
        Note(
            f"{say_capitals(said.paid_fen)}  {ways}".rstrip(), size=PLAIN, bold=True, align="right"
        ),
        Rule(),
        *_still_open(said.on_sale, said.open_fen, said.next_day, texts),
        Beside(
            (SignBoxes((say("consignment.slip.sign"), say("consignment.slip.thumb")), 124),),
            Qr(make_code(SLIP, said.top.act), module=4),
        ),
    ]
    foot = foot_of(said.top, texts, SlipFoot(closing=say("consignment.slip.settled_closing")))
    closing = (Rule(), Note(foot.closing, align="centre"))
    head = _named_head(said.top, say("consignment.slip.settled"), texts)
    return Receipt((*head, *blocks, *closing), width)


def _still_open(
    on_sale: tuple[tuple[str, str], ...], open_fen: int, next_day: str, texts: Texts
) -> list[Block]:
    say = texts.say
    blocks: list[Block] = [
        Line(say("consignment.slip.on_sale"), f"{what} {quantity}", PLAIN)
        for what, quantity in on_sale
    ]
    blocks.append(Line(say("consignment.slip.open"), money(open_fen), PLAIN, bold_right=True))
    if next_day:
        blocks.append(Line(say("consignment.slip.next"), next_day, PLAIN, bold_right=True))
    return blocks


def statement(said: Statement, texts: Texts, width: int = 576) -> Receipt:
    """Return how a grower's last lots stand, in large type (货款对账条)."""
    say = texts.say
    end: list[Block] = [Total(say("consignment.slip.open"), money(said.balance_fen), large=True)]
    if said.next_day:
        end.append(Line(say("consignment.slip.next"), said.next_day, PLAIN, bold_right=True))
    blocks = [*_stands(said.lots), Rule("solid"), *end]
    return _told(said.top, "statement", blocks, texts, width)


def season(said: SeasonStatement, texts: Texts, width: int = 576) -> Receipt:
    """Return what a household brought and was paid in a season, in large type (一季收入单)."""
    say = texts.say
    blocks: list[Block] = [Note(said.season, size=PLAIN, bold=True)]
    for member in said.members:
        if len(said.members) > 1:
            blocks += [Rule(), Line(mask_name(member.name), "", LARGE, bold=True)]
        blocks += _stands(member.lots)
        if len(said.members) > 1:
            got = say("consignment.slip.got")
            blocks.append(Line(got, money(member.received_fen), PLAIN, bold_right=True))
            kept = say("consignment.slip.open")
            blocks.append(Line(kept, money(member.kept_fen), PLAIN, bold_right=True))
    got_fen = sum(member.received_fen for member in said.members)
    kept_fen = sum(member.kept_fen for member in said.members)
    key = "household_got" if len(said.members) > 1 else "got"
    blocks += [
        Rule("solid"),
        Line(say(f"consignment.slip.{key}"), money(got_fen), LARGE, bold=True),
        Total(say("consignment.slip.open"), money(kept_fen), large=True),
    ]
    return _told(said.top, "season", blocks, texts, width)


def _stands(lots: Iterable[Stands]) -> list[Block]:
    blocks: list[Block] = []
    for what, how in lots:
        blocks += [Line(what, "", LARGE, bold=True), Note(how, size=PLAIN)]
    return blocks


def _told(top: Top, key: str, blocks: Sequence[Block], texts: Texts, width: int) -> Receipt:
    """Return a paper that nobody signs: her name in large type, what it says, whose it is."""
    head = _named_head(top, texts.say(f"consignment.slip.{key}"), texts)
    foot = foot_of(top, texts, SlipFoot(closing=texts.say(f"consignment.slip.{key}_closing")))
    return Receipt((*head, *blocks, Rule(), Note(foot.closing, align="centre")), width)


def _named_head(top: Top, heading: str, texts: Texts) -> tuple[Block, ...]:
    """Return a head that says in large type whose paper it is, and of which day."""
    head = head_of(top, heading, texts, who="grower")
    day = say_day(top.day)
    served = head.meta[0].removeprefix(day).strip()
    small = "  ".join(part for part in (top.group, served) if part)
    name = Heading(mask_name(top.name), day)
    return (*slip_head(replace(head, meta=())), name, Note(small), Gap(8))


def percent(basis_points: int) -> str:
    """Return a rate as it is said: "8 %", "7.5 %"."""
    whole, rest = divmod(basis_points, BASIS_POINTS)
    return f"{whole}{f'.{rest:02}'.rstrip('0') if rest else ''} %"


def signed(fen: int) -> str:
    """Return an amount that is added or taken off, with its sign: +￥6.00, −￥37.46."""
    return money(fen) if fen < 0 else f"+{money(fen)}"


def _kg(grams: int, texts: Texts) -> str:
    return texts.say("consignment.slip.kg", kg=kg_plain(grams))
