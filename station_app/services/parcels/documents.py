"""Labels and slips of parcels, as plain data.

Paper leaves the counter, so every name on it is masked here, and the phone is a tail. A label
shows the courier's own waybill as its bars, so that one scan of it is one scan of the parcel. A
parcel without a number bears a code of ours, as a QR code: its nineteen characters would make bars
wider than a label of 60 mm.
"""

from dataclasses import dataclass, replace

from msgspec import structs

from station_app.printing.document import (
    Block,
    Box,
    Code128,
    Label,
    Line,
    QrCode,
    Receipt,
    Rule,
    Text,
    Total,
    grouped,
    money,
)
from station_app.printing.forms import LabelSize, SlipFoot, SlipHead, parcel_label, slip
from station_app.printing.tops import NOT_PAID, Paid, paid_lines, proved
from station_app.services.parcels.visits import Parcel
from station_app.values.codes import PARCEL, SLIP, identity_payload, make_code
from station_app.values.day import say_moment
from station_app.values.masks import mask_name
from station_app.values.texts import Texts

WAYBILL_TAIL = 4
QR_SIDE = 105  # dots: 21 modules of 5
EDGE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiving:
    """For whom a label is: name in full (masked here), phone tail, "" for none."""

    name: str = ""
    tail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sticker:
    """How a label is made: short name of the courier, size of the labels in the printer."""

    courier: str
    size: LabelSize = "60x40"


def _arrived(day_in: str, texts: Texts) -> str:
    """Return "11-25 到"; nothing while the fact of its coming has not been heard here."""
    if not day_in:
        return ""
    _year, month, day = day_in.split("-")
    return texts.say("parcels.label.arrived", month=month, day=day)


def label(
    identity: str, parcel: Parcel, receiving: Receiving, sticker: Sticker, texts: Texts
) -> Label:
    """Return the label of a parcel; one of 60 × 40 mm knows its form for 40 × 30."""
    if sticker.size == "60x40":
        small = label(identity, parcel, receiving, replace(sticker, size="40x30"), texts)
        large = _label(identity, parcel, receiving, sticker, texts)
        return structs.replace(large, smaller=small)
    return _label(identity, parcel, receiving, sticker, texts)


def _label(
    identity: str, parcel: Parcel, receiving: Receiving, sticker: Sticker, texts: Texts
) -> Label:
    own = "" if parcel.waybill else make_code(PARCEL, identity_payload(identity))
    is_small = sticker.size == "40x30"
    made = parcel_label(
        code=str(parcel.code),
        courier=sticker.courier,
        arrived=_arrived(parcel.day_in, texts),
        name=mask_name(receiving.name) or texts.say("parcels.label.no_name"),
        tail=texts.say("parcels.label.tail", tail=receiving.tail) if receiving.tail else "",
        barcode=parcel.waybill or (own if is_small else ""),
        size=sticker.size,
    )
    return _with_own_code(made, own) if own and not is_small else made


def _with_own_code(made: Label, code: str) -> Label:
    """Put our own code where the bars of a label would stand, a QR code and its signs beside it."""
    bars = next(element for element in made.elements if isinstance(element, Code128))
    left, top = bars.box.x, bars.box.y
    side = min(QR_SIDE, made.height - top - EDGE)
    kept = [e for e in made.elements if e is not bars and not (isinstance(e, Text) and not e.text)]
    words = Box(left + side + EDGE, top + side // 2 - 14, made.width - left - side - 2 * EDGE, 28)
    return structs.replace(
        made,
        elements=(
            *kept,
            QrCode(Box(left, top, side, side), code, 5),
            Text(words, grouped(code), 24),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipLine:
    """A parcel on a slip."""

    code: str
    courier: str
    waybill: str
    cod_fen: int = 0
    freight_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverSlip:
    """All that a hand-over slip says.

    act: ticket, in the QR; number: with the mark of its epoch; at: UTC ms; proof: identity of
    the first of its facts.
    """

    act: str
    station: str
    number: str
    day: str
    at: int
    operator: str
    receiver: Receiving
    taken_by: str
    check: str
    collector: str = ""
    relation: str = ""
    lines: tuple[SlipLine, ...] = ()
    paid: Paid = NOT_PAID
    address: str = ""
    proof: str = ""


def hand_over_slip(said: HandOverSlip, texts: Texts, width: int = 576) -> Receipt:
    """Return the slip of a hand-over. width: dots of the paper, 576 or 384."""
    cod_fen = sum(line.cod_fen for line in said.lines)
    due_fen = cod_fen + sum(line.freight_fen for line in said.lines)
    blocks = [block for line in said.lines for block in _parcel(line, texts)]
    if due_fen:
        blocks += [Rule(), Total(texts.say("parcels.slip.total"), money(due_fen))]
        blocks += paid_lines(said.paid, texts)
    foot = SlipFoot(
        notes=_notes(cod_fen, texts),
        leads=bool(cod_fen),
        qr=make_code(SLIP, said.act),
        signatures=(texts.say("parcels.slip.signature"),) if said.check == "signature" else (),
        closing=proved(texts.say("parcels.slip.closing"), said.proof, texts),
    )
    return slip(_head(said, texts), tuple(blocks), foot, width)


def _head(said: HandOverSlip, texts: Texts) -> SlipHead:
    when = say_moment(said.at, said.day)
    who = texts.say(
        "parcels.slip.receiver",
        name=mask_name(said.receiver.name) or texts.say("parcels.label.no_name"),
        tail=said.receiver.tail or "—",
    )
    by = texts.say("parcels.slip.by", operator=mask_name(said.operator)) if said.operator else ""
    meta = [when + by, who]
    if said.taken_by == "on_behalf":
        name = mask_name(said.collector)
        meta.append(texts.say("parcels.slip.collector", name=name, relation=said.relation))
    return SlipHead(
        station=said.station,
        address=said.address,
        heading=texts.say("parcels.slip.heading"),
        number=texts.say("parcels.slip.number", number=said.number),
        meta=tuple(meta),
    )


def _parcel(line: SlipLine, texts: Texts) -> list[Block]:
    tail = line.waybill[-WAYBILL_TAIL:]
    waybill = texts.say("parcels.slip.waybill_tail", tail=tail) if tail else ""
    blocks: list[Block] = [Line(f"{line.code}  {line.courier}", waybill, bold=True)]
    if line.cod_fen:
        blocks.append(Line(texts.say("parcels.slip.cod"), money(line.cod_fen), 24, indent=24))
    if line.freight_fen:
        blocks.append(
            Line(texts.say("parcels.slip.freight"), money(line.freight_fen), 24, indent=24)
        )
    return blocks


def _notes(cod_fen: int, texts: Texts) -> tuple[str, ...]:
    keep = texts.say("parcels.slip.keep")
    return (texts.say("parcels.slip.cod_note"), keep) if cod_fen else (keep,)
