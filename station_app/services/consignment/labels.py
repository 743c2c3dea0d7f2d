"""What goes on a lot itself: its label, and the promise that it meets the limits (合格证).

A lot's label says what it is, whose and how much; its QR code is the trace address, so a buyer's
telephone opens where it grew. The small label for bags of 40 × 30 mm keeps name, weight, price and
code. The certificate follows the form of the Ministry's rules of 2025: promise, basis, product,
quantity, place, day, producer, contact, with the words 承诺达标合格证 largest.
"""

from dataclasses import dataclass

from station_app.printing.document import (
    Beside,
    Block,
    Box,
    Check,
    Choices,
    Column,
    Element,
    Fill,
    Label,
    Note,
    Qr,
    QrCode,
    Receipt,
    Rule,
    Table,
    Text,
    Title,
)
from station_app.printing.forms import LabelSize
from station_app.values.masks import mask_name
from station_app.values.texts import Texts

BASES = ("tested_by_others", "tested_by_self", "own_control", "own_promise")
FIELDS = (Column(33, size=26), Column(67, size=30, bold=True))
PROMISES = ("banned", "limits", "truth")


@dataclass(frozen=True, slots=True, kw_only=True)
class LotSticker:
    """What a lot's label says.

    quantity, price, harvested: in words; village: of the grower; grower: in full (masked here);
    proofs: certificates in words ("绿色食品 有证"); lot: its number; address: of its trace;
    package, packages: this one of how many; brand: words of a licensed mark, "" without one.
    """

    produce: str
    grade: str
    quantity: str
    price: str
    village: str
    grower: str
    harvested: str
    proofs: str
    lot: str
    address: str
    station: str
    package: int = 1
    packages: int = 1
    brand: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate of promise. basis: of BASES; producer: as it is to stand, "" to be signed.

    number: of the certificate; reissued: lots were mixed or packed anew.
    """

    produce: str
    quantity: str
    place: str
    day: str
    producer: str
    contact: str
    bases: tuple[str, ...]
    number: str
    address: str
    reissued: bool = False


def lot_label(said: LotSticker, texts: Texts, size: LabelSize = "60x40") -> Label:
    """Return the label of one package of a lot."""
    if size == "40x30":
        return _small(said, texts)
    say = texts.say
    grower = f"{said.village} {mask_name(said.grower)}".strip()
    package = say("consignment.label.package", package=said.package, packages=said.packages)
    caption = said.brand or say("consignment.label.scan")
    graded: tuple[Element, ...] = ()
    if said.grade:
        graded = (
            Text(Box(206, 22, 84, 46), said.grade, 32, bold=True, align="centre", inverse=True),
        )
    room = 180 if said.grade else 270
    return Label(
        480,
        320,
        (
            Text(Box(20, 12, room, 64), said.produce, 56, size_min=28, bold=True),
            *graded,
            Text(Box(20, 80, 276, 42), said.quantity, 34, bold=True),
            Text(Box(20, 122, 276, 42), said.price, 34, bold=True),
            Fill(Box(20, 168, 260, 2)),
            Text(Box(20, 174, 276, 30), grower, 26),
            Text(Box(20, 205, 276, 30), said.harvested, 26),
            Text(Box(20, 236, 276, 30), said.proofs, 26),
            QrCode(Box(304, 14, 156, 156), said.address, 5),
            Text(Box(300, 184, 164, 34), caption, 26, bold=True, align="centre"),
            Text(Box(300, 220, 164, 30), package, 26, align="centre"),
            Fill(Box(20, 270, 440, 2)),
            Text(Box(20, 276, 220, 32), said.lot, 24, bold=True),
            Text(Box(250, 276, 210, 32), said.station, 24, align="right"),
        ),
        mark=Box(368, 278, 92, 28),
        smaller=_small(said, texts),
    )


def _small(said: LotSticker, texts: Texts) -> Label:
    """40 × 30 mm: name, weight, price, number and the code; the grade beside the name."""
    package = texts.say("consignment.label.of", package=said.package, packages=said.packages)
    return Label(
        320,
        240,
        (
            Text(Box(12, 12, 172, 52), said.produce, 44, size_min=24, bold=True),
            Text(Box(12, 66, 172, 34), said.grade, 28, bold=True),
            Text(Box(12, 102, 172, 34), said.quantity, 26, bold=True),
            Text(Box(12, 136, 172, 34), said.price, 26, bold=True),
            QrCode(Box(188, 18, 124, 124), said.address, 4),
            Text(Box(188, 146, 124, 28), package, 24, align="centre"),
            Fill(Box(12, 176, 296, 2)),
            Text(Box(12, 180, 296, 28), mask_name(said.grower), 24),
            Text(Box(12, 208, 200, 26), said.lot, 24, bold=True),
        ),
        mark=Box(220, 206, 88, 28),
    )


def certificate(said: Certificate, texts: Texts, width: int = 576) -> Receipt:
    """Return the certificate of promise of one lot (承诺达标合格证)."""
    say = texts.say
    fields = [
        ("product", said.produce),
        ("quantity", said.quantity),
        ("place", said.place),
        ("day", said.day),
        ("producer", said.producer or say("consignment.certificate.signs")),
        ("contact", said.contact),
    ]
    rows = tuple((say(f"consignment.certificate.{key}"), value) for key, value in fields)
    options = tuple(
        Check(say(f"consignment.certificate.basis_{basis}"), ticked=basis in said.bases)
        for basis in BASES
    )
    number = say("consignment.certificate.number", number=said.number)
    note = say("consignment.certificate.reissued") if said.reissued else ""
    blocks: tuple[Block, ...] = (
        Title(say("consignment.certificate.title")),
        Rule("solid"),
        Note(say("consignment.certificate.promise"), size=26, bold=True),
        *(Check(say(f"consignment.certificate.{key}"), ticked=True) for key in PROMISES),
        Choices(say("consignment.certificate.basis"), options),
        Rule("thin"),
        Table(FIELDS, rows[:3]),
        Beside((Table(FIELDS, rows[3:]),), Qr(said.address, module=4)),
        Rule("thin"),
        Note(f"{number}  {note}".rstrip()),
    )
    return Receipt(blocks, width)
