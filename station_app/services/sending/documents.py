"""The papers of a parcel that is sent: its label, 100 × 150 mm, and the sender's slip.

The label rides on the parcel past many eyes: both names and numbers are masked on it, and whoever
must ring up scans the code. Its lowest part stays at the station, as the proof that contents and
document were looked at.
"""

from dataclasses import dataclass

from station_app.printing.document import (
    Box,
    Code128,
    Element,
    Fill,
    Frame,
    Label,
    Line,
    Note,
    QrCode,
    Receipt,
    Text,
    Total,
    grouped,
    money,
)
from station_app.printing.forms import SlipFoot, slip
from station_app.printing.tops import Paid, Top, foot_of, head_of, paid_lines
from station_app.printing.wrap import split_in_lines
from station_app.values.day import say_moment
from station_app.values.masks import mask_name, mask_phone
from station_app.values.texts import Texts
from station_app.values.weight import kg_plain

ADDRESS_LINES = 2
ADDRESS_SIGNS = 20  # of 34 dots that go into one line of the address


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Sender or receiver: name and phone in full (masked here); lines: of the address."""

    name: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingLabel:
    """What stands on the label of a parcel that is sent.

    carrier: heading; product: "标准件  现付"; route: the sorting code in large type, "" if the
    carrier gives none; station: code; insured: in words.
    """

    waybill: str
    carrier: str
    product: str
    route: str
    receiver: Party
    sender: Party
    contents: str
    pieces: int
    insured: str
    grams: int
    price_fen: int
    operator: str
    station: str
    day: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingSlip:
    """What the sender gets.

    zone: in words; charged_grams: what is charged, 0 when it is what was weighed; is_collect: the
    receiver pays; document: what was seen, with its last four signs.
    """

    top: Top
    carrier: str
    waybill: str
    receiver: str
    place: str
    zone: str
    contents: str
    grams: int
    price_fen: int
    paid: Paid
    document: str
    charged_grams: int = 0
    is_collect: bool = False


def sending_label(said: SendingLabel, texts: Texts) -> Label:
    """Return the label of a parcel that is sent (寄件面单)."""
    say = texts.say
    frame: tuple[Element, ...] = (
        Frame(Box(8, 8, 784, 1184), 3),
        Text(Box(32, 24, 440, 64), said.carrier, 48, size_min=32, bold=True),
        Text(Box(488, 24, 280, 64), said.product, 34, bold=True, align="right"),
        Fill(Box(8, 92, 784, 3)),
        Text(Box(24, 104, 752, 120), said.route, 112, size_min=56, bold=True, align="centre"),
        Fill(Box(8, 232, 784, 3)),
        Code128(Box(24, 250, 752, 116), said.waybill, 4),
        Text(Box(40, 374, 720, 44), grouped(said.waybill), 34, bold=True, align="centre"),
        Fill(Box(8, 424, 784, 3)),
    )
    return Label(
        800,
        1200,
        (
            *frame,
            *_party(said.receiver, say("sending.label.to"), 444, large=True),
            Fill(Box(8, 604, 784, 2)),
            *_party(said.sender, say("sending.label.from"), 622, large=False),
            Fill(Box(8, 716, 784, 3)),
            *_contents(said, texts),
            Fill(Box(8, 844, 784, 3)),
            QrCode(Box(32, 856, 164, 164), said.waybill, 7),
            Text(Box(212, 866, 400, 44), say("sending.label.sign"), 32, bold=True),
            Fill(Box(212, 962, 548, 2)),
            Text(Box(212, 974, 548, 40), say("sending.label.signed_at"), 28),
            Fill(Box(10, 1030, 780, 2), dashed=True),
            *_stub(said, texts),
        ),
        mark=Box(640, 868, 140, 40),
    )


def _party(party: Party, sign: str, top: int, *, large: bool) -> tuple[Element, ...]:
    """Return one side of the address; the receiver's is read from afar."""
    size, small, step = (38, 34, 48) if large else (32, 28, 40)
    lines = split_in_lines(party.address, ADDRESS_SIGNS if large else 24, ADDRESS_LINES)
    lines = lines if large else lines[:1]
    name = f"{mask_name(party.name)}   {mask_phone(party.phone)}".rstrip()
    return (
        Text(Box(28, top, 64, 64), sign, 48, bold=True, align="centre", inverse=True),
        Text(Box(112, top - 2, 664, 52), name, size, bold=large),
        *(
            Text(Box(112, top + step + 4 + place * step, 664, step), line, small)
            for place, line in enumerate(lines)
        ),
    )


def _contents(said: SendingLabel, texts: Texts) -> tuple[Element, ...]:
    say = texts.say
    weight = say("sending.label.kg", kg=kg_plain(said.grams))
    price = say("sending.label.price", amount=money(said.price_fen))
    pieces = say("sending.label.pieces", count=said.pieces, insured=said.insured)
    return (
        Text(Box(32, 730, 262, 44), said.contents, 32, bold=True),
        Text(Box(32, 778, 262, 44), pieces, 28),
        Text(Box(300, 730, 224, 48), weight, 36, bold=True, align="centre"),
        Text(Box(300, 780, 224, 44), price, 30, align="centre"),
        Frame(Box(536, 732, 112, 96), 4),
        Text(
            Box(542, 740, 100, 42), say("sending.label.looked_into"), 30, bold=True, align="centre"
        ),
        Text(Box(542, 784, 100, 36), mask_name(said.operator), 26, align="centre"),
        Frame(Box(660, 732, 112, 96), 4),
        Text(Box(666, 740, 100, 42), say("sending.label.real_name"), 30, bold=True, align="centre"),
        Text(Box(666, 784, 100, 36), say("sending.label.checked"), 26, bold=True, align="centre"),
    )


def _stub(said: SendingLabel, texts: Texts) -> tuple[Element, ...]:
    """Return what is torn off and kept at the station."""
    say = texts.say
    when = say_moment(said.at, said.day)
    kept = say("sending.label.stub", station=said.station, when=when)
    by = say("sending.label.by", operator=mask_name(said.operator))
    return (
        Text(Box(32, 1040, 520, 40), kept, 28),
        Text(Box(556, 1040, 212, 40), by, 28, align="right"),
        Code128(Box(120, 1086, 560, 60), said.waybill, 3),
        Text(Box(40, 1150, 720, 36), grouped(said.waybill), 28, bold=True, align="centre"),
    )


def sending_slip(said: SendingSlip, texts: Texts, width: int = 576) -> Receipt:
    """Return the sender's slip (寄件收据)."""
    say = texts.say
    charged = say("sending.label.kg", kg=kg_plain(said.charged_grams or said.grams))
    weighed = say("sending.slip.weighed", kg=kg_plain(said.grams))
    price = (
        Line(say("sending.slip.collect"), money(said.price_fen), bold=True)
        if said.is_collect
        else Total(say("sending.slip.price"), money(said.price_fen))
    )
    blocks = (
        Line(said.carrier, bold=True),
        Note(grouped(said.waybill), size=28, bold=True),
        Line(say("sending.slip.to"), f"{mask_name(said.receiver)}  {said.place}".rstrip()),
        Line(say("sending.slip.contents"), said.contents),
        Line(say("sending.slip.weight"), charged),
        *([Note(weighed)] if said.charged_grams else []),
        Line(say("sending.slip.zone"), said.zone),
        price,
        *paid_lines(said.paid, texts),
    )
    notes = (
        say("sending.slip.looked_into"),
        say("sending.slip.document", document=said.document),
        say("sending.slip.query"),
    )
    foot = foot_of(
        said.top, texts, SlipFoot(notes=notes, leads=True, closing=say("sending.slip.keep"))
    )
    head = head_of(said.top, say("sending.slip.heading"), texts, who="sender")
    return slip(head, blocks, foot, width)
