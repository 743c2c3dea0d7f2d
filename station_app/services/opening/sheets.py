"""A sheet as it lies on a stick: bytes in, a grid of texts out. Nothing in it is ever evaluated.

People keep their lists in Excel, WPS, a phone's export or a text editor. So the kind of file is
read from its first bytes and not from its name, and a text file may be UTF-8 (with or without a
mark), GB18030, or the UTF-16 that Excel calls "Unicode text". What a cell shows is what counts:
a phone that Excel keeps as 1.38E10 becomes its eleven digits again, a date its day. A formula
stays the text of a formula: whoever reads the cell says that it is one.
"""

import csv
import datetime as dt
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from station_app.values.refusal import Refusal

FILE_BYTES_MAX = 20 * 1024 * 1024  # a village's lists are below one
UNPACKED_BYTES_MAX = 200 * 1024 * 1024  # a zip may unpack to more than the memory of the PC
ROWS_MAX = 20_000
COLUMNS_MAX = 60
CELL_CHARACTERS_MAX = 500
EXACT_MAX = 10**15  # spreadsheets keep 15 digits; what is larger has lost its last ones

FORMULA = "="
_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # .xls, and any Office file with a password
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = ",\t;，"
_UNREADABLE = frozenset({"Cc", "Cn", "Co", "Cs"})


@dataclass(frozen=True, slots=True)
class Grid:
    """What stands in a sheet. rows: (number as the sheet counts it, its cells), no empty ones.

    encoding: how a text file was written, "" for a workbook.
    """

    rows: tuple[tuple[int, tuple[str, ...]], ...]
    encoding: str = ""


def read_sheet(data: bytes) -> Grid | Refusal:
    """Return what stands in a file, or in a sentence why it cannot be read."""
    if not data.strip(b"\x00 \r\n\t\xef\xbb\xbf"):
        return Refusal("opening.SHEET_EMPTY")
    if len(data) > FILE_BYTES_MAX:
        return Refusal("opening.SHEET_TOO_BIG", {"most": FILE_BYTES_MAX // 1024 // 1024})
    if data.startswith(_OLD_OFFICE):
        return Refusal("opening.SHEET_OLD_OR_LOCKED")
    if data.startswith(_OTHERS):
        return Refusal("opening.NOT_A_SHEET")
    return _workbook(data) if data.startswith(_ZIP) else _text(data)


def _grid(rows: Iterable[tuple[int, list[str]]], encoding: str = "") -> Grid | Refusal:
    """Keep what says something, up to as many rows as a village can have."""
    kept: list[tuple[int, tuple[str, ...]]] = []
    for number, cells in rows:
        clipped = [_clean(cell) for cell in cells[:COLUMNS_MAX]]
        while clipped and not clipped[-1]:
            clipped.pop()
        if clipped:
            kept.append((number, tuple(clipped)))
        if len(kept) > ROWS_MAX:
            return Refusal("opening.SHEET_TOO_LONG", {"most": ROWS_MAX})
    return Grid(tuple(kept), encoding) if kept else Refusal("opening.SHEET_EMPTY")


def _clean(cell: str) -> str:
    """Return a cell as it is looked at: composed, without signs that nobody sees."""
    text = unicodedata.normalize("NFC", cell[:CELL_CHARACTERS_MAX])
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(text.split())


# --- Text ----------------------------------------------------------------------------------------


def _text(data: bytes) -> Grid | Refusal:
    decoded = _decoded(data)
    if decoded is None:
        return Refusal("opening.ENCODING_UNKNOWN")
    text, encoding = decoded
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return _grid(_numbered(reader), encoding)
    except csv.Error:
        return Refusal("opening.SHEET_DAMAGED")


def _numbered(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Number rows by the line in which they begin, as an editor does."""
    line = 1
    for cells in reader:
        yield line, cells
        line = reader.line_num + 1


def _decoded(data: bytes) -> tuple[str, str] | None:
    """Return the text of a file and its encoding; None when it is none that we know."""
    if data.startswith(_UTF16):
        tries: tuple[str, ...] = ("utf-16",)
    else:
        tries = ("utf-8-sig", "gb18030")
    for encoding in tries:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_legible(text):
            return text, encoding
    return None


def _is_legible(text: str) -> bool:
    """Tell whether a text looks written: a wrong encoding leaves signs that nobody types."""
    return not any(
        unicodedata.category(sign) in _UNREADABLE for sign in set(text) if sign not in "\r\n\t\f"
    )


# --- Workbooks -----------------------------------------------------------------------------------


def _workbook(data: bytes) -> Grid | Refusal:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile:
        return Refusal("opening.SHEET_DAMAGED")
    if sum(member.file_size for member in members) > UNPACKED_BYTES_MAX:
        return Refusal("opening.SHEET_TOO_BIG", {"most": FILE_BYTES_MAX // 1024 // 1024})
    if not any(member.filename == "xl/workbook.xml" for member in members):
        return Refusal("opening.NOT_A_SHEET")
    return _read_workbook(data)


def _read_workbook(data: bytes) -> Grid | Refusal:
    """Read the first sheet that holds anything; a hidden one is nobody's list."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            sheet.reset_dimensions()  # some programs write down a wrong size
            found = _grid(
                (number, [_said(cell.value) for cell in cells])
                for number, cells in enumerate(sheet.iter_rows(max_col=COLUMNS_MAX), start=1)
            )
            if isinstance(found, Grid) or found.reason != "opening.SHEET_EMPTY":
                return found
    except Exception:  # noqa: BLE001 - openpyxl raises what its parsers raise: the file is broken
        return Refusal("opening.SHEET_DAMAGED")
    return Refusal("opening.SHEET_EMPTY")


def _said(value: Any) -> str:
    """Return what a cell shows. Numbers come without the decimals that only the format hides."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time | dt.timedelta):
        return str(value)
    return FORMULA  # an array formula: an object without a text


def _number(value: int | float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if abs(value) >= EXACT_MAX:
        return f"{float(value):.14E}"
    if float(value).is_integer():
        return str(int(value))
    return f"{value:.6f}".rstrip("0")
