"""What goes on a lot itself: its label.

A lot's label says what it is, whose and how much; its QR code is the trace address, so a buyer's
telephone opens where it grew. The small label for bags of 40 × 30 mm keeps name, weight, price and
code.
"""

from dataclasses import dataclass

from station_app.printing.document import Box, Element, Fill, Label, QrCode, Text
from station_app.printing.forms import LabelSize
from station_app.values.masks import mask_name
from station_app.values.texts import Texts


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
