"""The papers of the first day as plain data: a slip for each line, and the sheet of the whole.

Both are signed by two. Names are masked: a slip says whose it is by the tail of the phone.
"""

from dataclasses import dataclass

from station_app.printing.document import (
    Block,
    Inverse,
    Line,
    Note,
    Receipt,
    Rule,
    Total,
    money,
)
from station_app.printing.forms import SlipFoot, SlipHead, slip
from station_app.services.opening.purses import OWED_TO_US, PLACES
from station_app.values.codes import SLIP, make_code
from station_app.values.day import say_moment
from station_app.values.masks import mask_name
from station_app.values.texts import Texts

FINE = 24  # dots, of lines below others


@dataclass(frozen=True, slots=True, kw_only=True)
class Paperhead:
    """What every paper of the first day begins with. act: ticket, in the QR code; at: UTC ms."""

    station: str
    number: str
    day: str
    at: int
    operator: str
    act: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Who signs besides the operator: `party`, `manager`, `alone` (then why)."""

    kind: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSlip:
    """One line. owner: a courier's name, or a villager's in full (masked here); tail: of her phone.

    was_fen: what it was before a correction, −1 for a new line.
    """

    head: Paperhead
    purse: str
    amount_fen: int
    owner: str = ""
    tail: str = ""
    is_person: bool = False
    remark: str = ""
    was_fen: int = -1
    signed: Signed


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The whole. sums: (purse, lines, fen); people, parcels, lots: how many were here."""

    head: Paperhead
    sums: tuple[tuple[str, int, int], ...]
    people: int
    parcels: int
    lots: int
    signed: Signed


@dataclass(frozen=True, slots=True, kw_only=True)
class LotSlip:
    """A lot. quantity: in words; owner: the grower in full (masked here); cost_fen: if own."""

    head: Paperhead
    produce: str
    quantity: str
    is_own: bool
    cost_fen: int
    owner: str
    tail: str
    signed: Signed


def lot_slip(said: LotSlip, texts: Texts) -> Receipt:
    """Return the slip of a lot."""
    tail = texts.say("opening.slip.tail", tail=said.tail) if said.tail else ""
    whose = texts.say("opening.slip.person", name=mask_name(said.owner), tail=tail).rstrip()
    blocks: list[Block] = [Line(whose), Line(said.produce, said.quantity, bold=True)]
    if said.is_own:
        blocks.append(Line(texts.say("opening.slip.lot_own"), money(said.cost_fen)))
    else:
        blocks.append(Note(texts.say("opening.slip.lot_consigned")))
    blocks += _alone(said.signed, texts)
    return slip(
        _head(said.head, texts.say("opening.slip.heading"), texts),
        tuple(blocks),
        SlipFoot(
            notes=(texts.say("opening.slip.note"),),
            qr=make_code(SLIP, said.head.act),
            signatures=_signatures(said.signed, texts),
            closing=texts.say("opening.slip.keep"),
        ),
    )


def line_slip(said: LineSlip, texts: Texts) -> Receipt:
    """Return the slip of one line, new or corrected."""
    is_correction = said.was_fen >= 0
    blocks: list[Block] = [Line(texts.say(f"opening.purse.{said.purse}"), bold=True)]
    if said.owner:
        blocks.append(Line(_whose(said, texts)))
    if said.remark:
        blocks.append(Note(texts.say("opening.slip.remark", remark=said.remark)))
    if is_correction:
        blocks.append(Line(texts.say("opening.slip.was"), money(said.was_fen), FINE))
    blocks.append(Total(texts.say("opening.slip.amount"), money(said.amount_fen)))
    blocks += _alone(said.signed, texts)
    key = "corrected" if is_correction else "heading"
    return slip(
        _head(said.head, texts.say(f"opening.slip.{key}"), texts),
        tuple(blocks),
        SlipFoot(
            notes=(texts.say("opening.slip.note"),),
            qr=make_code(SLIP, said.head.act) if said.head.act else "",
            signatures=_signatures(said.signed, texts),
            closing=texts.say("opening.slip.keep"),
        ),
    )


def _whose(said: LineSlip, texts: Texts) -> str:
    if not said.is_person:
        return texts.say("opening.slip.courier", name=said.owner)
    tail = texts.say("opening.slip.tail", tail=said.tail) if said.tail else ""
    return texts.say("opening.slip.person", name=mask_name(said.owner), tail=tail).rstrip()


def summary(said: Summary, texts: Texts) -> Receipt:
    """Return the sheet of the whole first day: what is here, what is whose, and that it balances.

    What is here and what others owe stand on one side, what is others' on the other; the rest is
    the station's own. So both sides come to the same, which is the proof that nothing is missing.
    """
    places = [s for s in said.sums if s[0] in PLACES]
    due = [s for s in said.sums if s[0] in OWED_TO_US]
    others = [s for s in said.sums if s not in places and s not in due]
    ours_fen = sum(fen for _, _, fen in (*places, *due))
    theirs_fen = sum(fen for _, _, fen in others)
    own_fen = ours_fen - theirs_fen
    blocks: list[Block] = []
    for key, part in (("places", places), ("due", due), ("others", others)):
        if part:
            total = sum(fen for _, _, fen in part)
            blocks.append(Line(texts.say(f"opening.slip.{key}"), money(total), bold=True))
            blocks += [_sum(one, texts) for one in part]
    blocks += [
        Rule("solid"),
        Line(texts.say("opening.slip.own"), money(own_fen), bold=True),
        Line(texts.say("opening.slip.debit"), money(ours_fen + max(0, -own_fen)), FINE),
        Line(texts.say("opening.slip.credit"), money(theirs_fen + max(0, own_fen)), FINE),
        Rule(),
        Line(texts.say("opening.slip.people"), texts.say("opening.count.people", n=said.people)),
        Line(texts.say("opening.slip.parcels"), texts.say("opening.count.parcels", n=said.parcels)),
        Line(texts.say("opening.slip.lots"), texts.say("opening.count.lots", n=said.lots)),
        *_alone(said.signed, texts),
    ]
    return slip(
        _head(said.head, texts.say("opening.slip.summary"), texts),
        tuple(blocks),
        SlipFoot(
            notes=(texts.say("opening.slip.later"),),
            qr=make_code(SLIP, said.head.act) if said.head.act else "",
            signatures=_signatures(said.signed, texts),
            closing=texts.say("opening.slip.keep"),
        ),
    )


def _sum(one: tuple[str, int, int], texts: Texts) -> Line:
    purse, lines, amount_fen = one
    words = texts.say(f"opening.purse.{purse}")
    if purse not in PLACES:
        words = texts.say("opening.slip.with_count", purse=words, count=lines)
    return Line(words, money(amount_fen), indent=8)


def _head(head: Paperhead, heading: str, texts: Texts) -> SlipHead:
    by = texts.say("opening.slip.by", operator=mask_name(head.operator)) if head.operator else ""
    return SlipHead(
        station=head.station,
        address=head.address,
        heading=heading,
        number=texts.say("opening.slip.number", number=head.number),
        meta=(f"{say_moment(head.at, head.day)}{by}",),
    )


def _alone(signed: Signed, texts: Texts) -> list[Block]:
    if signed.kind != "alone":
        return []
    reason = texts.say("opening.slip.reason", reason=signed.reason)
    return [Inverse(texts.say("opening.slip.alone")), Note(reason)]


def _signatures(signed: Signed, texts: Texts) -> tuple[str, ...]:
    mine = texts.say("opening.slip.operator_signs")
    if signed.kind == "alone":
        return (mine,)
    return (mine, texts.say(f"opening.slip.{signed.kind}_signs"))
