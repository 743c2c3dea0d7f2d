"""What stands in the rows of a list: plain values, drawn by `row_paint`."""

from dataclasses import dataclass
from typing import Literal

from station_app.shell import theme
from station_app.shell.tone import Tone


@dataclass(frozen=True, slots=True)
class Column:
    """One column. width: px, 0 takes what is left (several share it); align: of its words.

    key: how the page calls it; heading: words above it, "" in all columns hides the head.
    """

    key: str
    width: int = 0
    align: Literal["left", "right", "centre"] = "left"
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Words. size 15, 17, 20 or 24; ink: a colour of the palette; small: a second line."""

    words: str
    size: int = theme.BODY
    bold: bool = False
    ink: str = "ink"
    small: str = ""
    small_ink: str = "ink2"
    match: str = ""


@dataclass(frozen=True, slots=True)
class Pill:
    """A state pill."""

    words: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class ChipText:
    """A chip, and words after it (中通 7836 4410 2917 31)."""

    chip: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Icon:
    """An icon; words: what it means, for readers."""

    name: str
    words: str = ""
    ink: str = "pressed"


@dataclass(frozen=True, slots=True)
class Thumb:
    """A small picture. content: the bytes of its file, none for what nobody has pictured."""

    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Tick:
    """A box, ticked or not."""

    is_ticked: bool


@dataclass(frozen=True, slots=True)
class Link:
    """Words to click on, with an icon or not; drawn as a small button if `framed`."""

    words: str
    icon: str = ""
    framed: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a whole, in thousandths."""

    thousandths: int


Cell = str | Text | Pill | ChipText | Icon | Thumb | Tick | Link | Bar | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row. subject: the page's own name for what it shows; tone: warn tints the ground.

    heading: the row is a heading over the rows below, in its tone; it cannot be chosen.
    """

    subject: str
    cells: tuple[Cell, ...]
    tone: Tone = "plain"
    heading: str = ""


def spoken(cell: Cell) -> str:
    """Return what a reader says of a cell."""
    if isinstance(cell, Text):
        return f"{cell.words} {cell.small}".strip()
    if isinstance(cell, Pill | Icon | Link):
        return cell.words
    if isinstance(cell, ChipText):
        return f"{cell.chip} {cell.words}".strip()
    if isinstance(cell, Tick):
        return "✓" if cell.is_ticked else "○"
    if isinstance(cell, Bar):
        return f"{cell.thousandths // 10} %"
    return cell if isinstance(cell, str) else ""
