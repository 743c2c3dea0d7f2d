"""Paper as plain data: what stands on a slip or a label, with nothing of how a printer is told.

A slice's `documents.py` builds these values from sentences of the catalogue; the spool keeps them
as JSON in a row, so a job survives a power cut and can be printed again in two years. A receipt
says *what* its blocks are and flows into the width of whatever printer takes it; a label says
where its boxes are, since its size is cut in paper. All lengths are dots, 8 to the millimetre.
"""

import unicodedata
from typing import Any, Literal

import msgspec

Align = Literal["left", "centre", "right"]
Stroke = Literal["solid", "thin", "dashed"]

TEXT_MAX = 2_000  # characters of one text; more than any slip has room for
DOTS_PER_MM = 8  # 203 dpi, the resolution of every printer that we know of at a counter
_MONEY_SIGNS = str.maketrans({"¥": "￥"})
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_UNKNOWN = frozenset({"Co", "Cn"})  # of somebody's own font, or newer than this Python
GETA = "〓"  # what print sets where it has no type for a character; every charset has it


class Box(msgspec.Struct, frozen=True, array_like=True):
    """A rectangle on a label; x and y from its upper left corner."""

    x: int
    y: int
    width: int
    height: int


# --- What a receipt is made of -------------------------------------------------------------------


class Title(msgspec.Struct, frozen=True, tag="title", omit_defaults=True):
    """The largest line, centred: whose paper this is."""

    text: str


class Heading(msgspec.Struct, frozen=True, tag="heading", omit_defaults=True):
    """What paper this is, with its number at the right; centred when there is no number."""

    left: str
    right: str = ""


class Line(msgspec.Struct, frozen=True, tag="line", omit_defaults=True):
    """Words at the left, an amount at the right. The amount is never shortened for the words.

    bold_right: only the amount stands out.
    """

    left: str
    right: str = ""
    size: int = 28
    bold: bool = False
    indent: int = 0
    bold_right: bool = False


class Note(msgspec.Struct, frozen=True, tag="note", omit_defaults=True):
    """Running text, wrapped; a line feed begins a new line."""

    text: str
    size: int = 24
    bold: bool = False
    align: Align = "left"
    indent: int = 0


class Rule(msgspec.Struct, frozen=True, tag="rule", omit_defaults=True):
    """A line across the paper."""

    stroke: Stroke = "dashed"


class Inverse(msgspec.Struct, frozen=True, tag="inverse", omit_defaults=True):
    """White words on a black band: what must not be overlooked."""

    text: str
    size: int = 32


class Total(msgspec.Struct, frozen=True, tag="total", omit_defaults=True):
    """The one amount that the paper is about. large: on papers for eyes that read with effort."""

    left: str
    right: str
    large: bool = False


class Qr(msgspec.Struct, frozen=True, tag="qr", omit_defaults=True):
    """A QR code, EC level M, with a caption below. It shrinks to 4 dots a module, never below."""

    text: str
    caption: str = ""
    module: int = 5


class Bars(msgspec.Struct, frozen=True, tag="bars", omit_defaults=True):
    """A Code 128, centred, with its text below in groups of four."""

    text: str
    height: int = 64
    module: int = 3


class Beside(msgspec.Struct, frozen=True, tag="beside", omit_defaults=True):
    """Blocks with a QR code at their right; on narrow paper the code comes below."""

    blocks: "tuple[Block, ...]"
    code: Qr


class Signature(msgspec.Struct, frozen=True, tag="signature", omit_defaults=True):
    """Lines to sign on, one beside the other."""

    labels: tuple[str, ...]


class SignBoxes(msgspec.Struct, frozen=True, tag="sign_boxes", omit_defaults=True):
    """Boxes to sign or to press a thumb in, one beside the other."""

    labels: tuple[str, ...]
    height: int = 96


class Check(msgspec.Struct, frozen=True, tag="check", omit_defaults=True):
    """A box, ticked or empty, and what it stands for."""

    text: str
    ticked: bool = False
    size: int = 24


class Choices(msgspec.Struct, frozen=True, tag="choices", omit_defaults=True):
    """What could be chosen, with boxes, ticked or empty, beside the words that ask for it."""

    label: str
    options: tuple[Check, ...]
    size: int = 24


class Column(msgspec.Struct, frozen=True, omit_defaults=True):
    """One column of a table. share: parts of the paper's width."""

    share: int
    align: Align = "left"
    size: int = 28
    bold: bool = False


class Table(msgspec.Struct, frozen=True, tag="table", omit_defaults=True):
    """Rows of cells under each other; every row has as many cells as there are columns."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


class Gap(msgspec.Struct, frozen=True, tag="gap", omit_defaults=True):
    """Empty paper."""

    dots: int = 16


Block = (
    Title
    | Heading
    | Line
    | Note
    | Rule
    | Inverse
    | Total
    | Qr
    | Bars
    | Beside
    | Signature
    | SignBoxes
    | Check
    | Choices
    | Table
    | Gap
)


# --- What a label is made of ---------------------------------------------------------------------


class Text(msgspec.Struct, frozen=True, tag="text", omit_defaults=True):
    """One line in a box: as large as `size`, shrunk to fit but never below `size_min`."""

    box: Box
    text: str
    size: int
    size_min: int = 18
    bold: bool = False
    align: Align = "left"
    inverse: bool = False


class Code128(msgspec.Struct, frozen=True, tag="code128", omit_defaults=True):
    """A Code 128 centred in its box, without the text."""

    box: Box
    text: str
    module: int = 3


class QrCode(msgspec.Struct, frozen=True, tag="qr_code", omit_defaults=True):
    """A QR code centred in its box, EC level M."""

    box: Box
    text: str
    module: int = 5


class Fill(msgspec.Struct, frozen=True, tag="fill", omit_defaults=True):
    """A black box: a rule when it is flat. dashed: a line to cut along, at the top of the box."""

    box: Box
    dashed: bool = False


class Frame(msgspec.Struct, frozen=True, tag="frame", omit_defaults=True):
    """The outline of a box."""

    box: Box
    thick: int = 2


Element = Text | Code128 | QrCode | Fill | Frame


# --- Whole papers --------------------------------------------------------------------------------


class Receipt(msgspec.Struct, frozen=True, tag="receipt", omit_defaults=True):
    """A slip of any length. width: what it was made for; the printer's own width wins."""

    blocks: tuple[Block, ...]
    width: int = 576


class Label(msgspec.Struct, frozen=True, tag="label", omit_defaults=True):
    """A label of fixed size. mark: where a copy says that it is one.

    smaller: the same for a smaller roll, printed where this one has no room.
    """

    width: int
    height: int
    elements: tuple[Element, ...]
    mark: Box
    smaller: "Label | None" = None


class DrawerKick(msgspec.Struct, frozen=True, tag="drawer_kick", omit_defaults=True):
    """No paper: opens the cash drawer that hangs on the receipt printer."""


Document = Receipt | Label | DrawerKick

_ENCODER = msgspec.json.Encoder()
_DECODER: msgspec.json.Decoder[Document] = msgspec.json.Decoder(Document)


def to_json(document: Document) -> str:
    """Return the document as the spool keeps it. Half a character (a lone surrogate) is dropped."""
    try:
        return _ENCODER.encode(document).decode()
    except UnicodeEncodeError:
        return _ENCODER.encode(_without_surrogates(msgspec.to_builtins(document))).decode()


def from_json(text: str) -> Document:
    """Return the document of a row. Raises msgspec.ValidationError for anything else."""
    return _DECODER.decode(text)


def clean(text: str) -> str:
    """Return `text` without anything but ordinary characters, at most TEXT_MAX of them.

    Controls, direction marks, zero-width signs and halves of characters are dropped before any
    printer or layout sees them. A private or unknown character becomes 〓: a name may be hard to
    read, but is never silently a shorter one. The money sign becomes ￥, which is in GB 18030.
    """
    if not text.isprintable():
        text = "".join(map(_printable, text))
    return text[:TEXT_MAX].translate(_MONEY_SIGNS)


def _printable(char: str) -> str:
    """Return what stands for a character on paper, nothing for what is none."""
    if char == "\t":
        return " "
    category = unicodedata.category(char)
    if category in _UNKNOWN:
        return GETA
    return "" if category in _UNPRINTABLE else char


def money(fen: int) -> str:
    """Return an amount as paper shows it: ￥1,682.10, and −￥12.00 below zero."""
    yuan, cents = divmod(abs(fen), 100)
    return f"{'−' if fen < 0 else ''}￥{yuan:,}.{cents:02d}"


def grouped(digits: str) -> str:
    """Return a number in groups of four, as waybills are read out."""
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def _without_surrogates(tree: Any) -> Any:
    if isinstance(tree, str):
        return tree.encode("utf-8", "ignore").decode("utf-8")
    if isinstance(tree, dict):
        return {key: _without_surrogates(value) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [_without_surrogates(value) for value in tree]
    return tree
