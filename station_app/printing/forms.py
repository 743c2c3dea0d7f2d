"""Ready-made papers that several services print: the parcel label, and a slip's head and foot.

Plain words in, a document out: the sentences come from the caller's catalogue. The places are
those of docs/DESIGN.md §11, in dots of an eighth of a millimetre.
"""

from dataclasses import dataclass
from typing import Literal, NotRequired, TypedDict, Unpack

from station_app.printing.code128 import is_encodable, symbols, width_of
from station_app.printing.document import (
    Align,
    Bars,
    Beside,
    Block,
    Box,
    Code128,
    Element,
    Fill,
    Frame,
    Heading,
    Label,
    Note,
    Qr,
    QrCode,
    Receipt,
    Rule,
    Signature,
    Text,
    Title,
    grouped,
)

SMALL_MODULE, SMALL_BARS_MAX = 2, 296  # dots: of a module, and of all bars on 40 × 30 mm

LabelSize = Literal["60x40", "40x30"]


class ParcelWords(TypedDict):
    """What stands on a parcel label.

    code: pickup code "B-2-08"; courier: "中通"; arrived: "11-23 到"; name: masked, "王*兰";
    tail: "尾号 6021"; barcode: the waybill, or the station's own code; size: of the label.
    """

    code: str
    courier: str
    arrived: str
    name: str
    tail: str
    barcode: str
    size: NotRequired[LabelSize]


def parcel_label(**words: Unpack[ParcelWords]) -> Label:
    """Return the label of one parcel: read from two metres, scanned from thirty centimetres."""
    if words.get("size", "60x40") == "40x30":
        return _small_parcel_label(words)
    elements: tuple[Element, ...] = (
        Text(Box(24, 20, 312, 96), words["code"], 92, size_min=56, bold=True),
        Text(Box(348, 20, 112, 48), words["courier"], 32, bold=True, align="centre", inverse=True),
        Text(Box(340, 78, 120, 32), words["arrived"], 26, align="right"),
        Fill(Box(20, 122, 440, 3)),
        Text(Box(22, 134, 220, 60), words["name"], 52, size_min=26, bold=True),
        Text(Box(242, 140, 218, 56), words["tail"], 44, size_min=26, bold=True, align="right"),
        Code128(Box(20, 202, 440, 64), words["barcode"], 3),
        Text(Box(120, 270, 240, 32), grouped(words["barcode"]), 26, align="centre"),
    )
    return Label(480, 320, elements, mark=Box(368, 272, 92, 30))


def _small_parcel_label(words: ParcelWords) -> Label:
    """40 × 30 mm has room for the pickup code, the tail and the bars only.

    A number whose bars are wider than the label at 2 dots stands in a QR code: letters cost twice
    the room of digits.
    """
    code = words["barcode"]
    elements: tuple[Element, ...] = (
        Text(Box(12, 8, 296, 84), words["code"], 76, size_min=56, bold=True, align="centre"),
        Text(Box(12, 92, 296, 44), words["tail"], 40, size_min=26, bold=True, align="centre"),
    )
    if is_encodable(code) and width_of(symbols(code), SMALL_MODULE) > SMALL_BARS_MAX:
        elements += (
            QrCode(Box(16, 146, 84, 84), code, 4),
            Text(Box(120, 146, 188, 26), code[: len(code) // 2], 22),
            Text(Box(120, 174, 188, 26), code[len(code) // 2 :], 22),
        )
    else:
        elements += (
            Code128(Box(12, 148, 296, 56), code, SMALL_MODULE),
            Text(Box(12, 206, 204, 26), code, 22),
        )
    return Label(320, 240, elements, mark=Box(220, 206, 88, 28))


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipHead:
    """The upper part of every slip.

    station: whose it is; address: one small line under it; heading, number: what it is ("NO.…");
    meta: small lines that say when, who served, for whom (masked).
    """

    station: str
    address: str = ""
    heading: str
    number: str = ""
    meta: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipFoot:
    """The lower part of every slip.

    notes: small lines beside the QR code, the first of them bold if `leads`; qr: what a scan of
    this slip says; signatures: labels of the lines to sign on; closing: the last small line;
    urgent: the last of the notes, bold.
    """

    notes: tuple[str, ...] = ()
    urgent: str = ""
    leads: bool = False
    qr: str = ""
    signatures: tuple[str, ...] = ()
    closing: str = ""


def slip(head: SlipHead, blocks: tuple[Block, ...], foot: SlipFoot, width: int = 576) -> Receipt:
    """Return a whole slip: head, what it is about, foot."""
    return Receipt((*slip_head(head), *blocks, *slip_foot(foot)), width)


def slip_head(head: SlipHead) -> tuple[Block, ...]:
    """Return the blocks of a slip's upper part."""
    address = (_small(head.address, "centre"),) if head.address else ()
    meta = tuple(_small(line, "left" if head.number else "centre") for line in head.meta)
    return (
        Title(head.station),
        *address,
        Rule(),
        Heading(head.heading, head.number),
        *meta,
        Rule(),
    )


def slip_foot(foot: SlipFoot) -> tuple[Block, ...]:
    """Return the blocks of a slip's lower part."""
    notes = tuple(
        Note(line, bold=foot.leads and place == 0) for place, line in enumerate(foot.notes)
    )
    urgent = (Note(foot.urgent, bold=True),) if foot.urgent else ()
    signature = (Signature(foot.signatures),) if foot.signatures else ()
    blocks: tuple[Block, ...] = (*notes, *urgent, *signature)
    if foot.qr and blocks:
        blocks = (Beside(blocks, Qr(foot.qr)),)
    elif foot.qr:
        blocks = (Qr(foot.qr),)
    begin = (Rule(),) if blocks else ()
    closing = (Rule(), _small(foot.closing, "centre")) if foot.closing else ()
    return (*begin, *blocks, *closing)


def _small(text: str, align: Align) -> Note:
    return Note(text, align=align)


class TrialWords(TypedDict):
    """What stands on a page that tries a printer: a title, lines to compare, a code to scan."""

    title: str
    lines: tuple[str, ...]
    code: str


def trial_slip(**words: Unpack[TrialWords]) -> Receipt:
    """Return a page that tries a receipt printer.

    A wrong driver prints commands as text, and a wrong width cuts the frame of dashes: both show.
    """
    notes = tuple(Note(line) for line in words["lines"])
    return Receipt((Title(words["title"]), Rule(), *notes, Bars(words["code"]), Rule()))


def trial_label(width: int, height: int, **words: Unpack[TrialWords]) -> Label:
    """Return a label that tries a label printer: its frame shows whether size and gap are right."""
    inner = width - 32
    lines = tuple(
        Text(Box(16, 64 + place * 34, inner, 32), line, 24, align="centre")
        for place, line in enumerate(words["lines"])
    )
    bars_at = 70 + 34 * len(lines)
    elements: tuple[Element, ...] = (
        Frame(Box(0, 0, width, height), 3),
        Text(Box(16, 12, inner, 48), words["title"], 40, bold=True, align="centre"),
        *lines,
        Code128(Box(16, bars_at, inner, height - bars_at - 20), words["code"]),
    )
    return Label(width, height, elements, mark=Box(width - 108, 14, 92, 28))
