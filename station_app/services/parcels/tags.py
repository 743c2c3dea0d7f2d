"""Labels that no parcel bears: the tag of a shelf's layer, and the tag of a bag to the villages.

A shelf tag is scanned to begin its stocktake; a bag's tag is read by a driver in the dark.
"""

from dataclasses import dataclass

from station_app.printing.document import Box, Code128, Fill, Label, QrCode, Text
from station_app.values.codes import BAG, SHELF, make_code
from station_app.values.texts import Texts

VILLAGE_SIZE, VILLAGE_LEAST = 120, 72


def shelf_tag(shelf: str, station: str, texts: Texts) -> Label:
    """Return the tag of one layer, 60 × 40 mm. shelf: "B-2"."""
    code = make_code(SHELF, "".join(sign for sign in shelf.upper() if sign.isalnum()))
    return Label(
        480,
        320,
        (
            Text(Box(20, 12, 440, 128), shelf, 124, size_min=56, bold=True, align="centre"),
            Fill(Box(20, 146, 440, 3)),
            Code128(Box(20, 160, 440, 88), code, 3),
            Text(Box(20, 250, 180, 32), code, 24),
            Text(Box(20, 284, 340, 30), texts.say("parcels.tag.shelf"), 26),
            Text(Box(200, 250, 260, 32), station, 28, align="right"),
        ),
        mark=Box(368, 284, 92, 28),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BagTag:
    """A bag that goes to a village. payload: of its code; words: the day, and from where."""

    payload: str
    village: str
    number: str
    pieces: int
    words: str


def bag_tag(said: BagTag, texts: Texts) -> Label:
    """Return the tag of a bag, 100 × 150 mm."""
    code = make_code(BAG, said.payload)
    count = texts.say("parcels.board.pieces", count=said.pieces)
    bag = texts.say("parcels.tag.bag", number=said.number)
    return Label(
        800,
        1200,
        (
            Text(
                Box(24, 40, 752, 160),
                said.village,
                VILLAGE_SIZE,
                size_min=VILLAGE_LEAST,
                bold=True,
                align="centre",
            ),
            Fill(Box(24, 220, 752, 4)),
            Text(Box(24, 250, 752, 180), bag, 144, size_min=112, bold=True, align="centre"),
            Text(Box(24, 450, 752, 120), count, 96, bold=True, align="centre"),
            Fill(Box(24, 600, 752, 4)),
            QrCode(Box(250, 640, 300, 300), code, 10),
            Text(Box(24, 980, 752, 48), code, 36, bold=True, align="centre"),
            Text(Box(24, 1036, 752, 56), said.words, 40, align="centre"),
        ),
        mark=Box(600, 1130, 176, 44),
    )
