"""Text mode: our layout on the grid of a printer's own type, for lines of a kilobyte a second.

A printer's Chinese is 24 dots square and its Latin 12 dots wide, enlarged by whole numbers. So a
paper that a printer is to set itself is laid out with those sizes only: sizes of the document go
to the nearest, and characters are as wide as the printer's. A line that the printer cannot set,
since a character is not in its charset, is drawn with our type on the same grid.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from station_app.printing.compose import SORTS_MAX, Glyph, Type
from station_app.printing.document import Label, Receipt

CELL = 24  # dots of a Chinese character; half of it for Latin
ROUND_UP = 8  # 40 dots become 48, 38 become 24
TIMES_MAX = 6
MINUS = str.maketrans({"−": "-"})  # U+2212 is not in the charset, the hyphen says the same


def times(size: int) -> int:
    """Return by what the printer's type is enlarged for a size of ours."""
    return min(max((size + ROUND_UP) // CELL, 1), TIMES_MAX)


def in_charset(text: str) -> bytes | None:
    """Return a text as the printer is sent it, or None if one of its characters is not there.

    Only ASCII and characters of two bytes: printers that know the four-byte ones of GB 18030 are
    rare, and the others print two wrong characters for one.
    """
    if not text.isprintable():
        return None
    sent = text.translate(MINUS).encode("gb18030")
    return sent if len(sent) == sum(map(_bytes_of, text)) else None


def _bytes_of(char: str) -> int:
    """Return how many bytes a character must take: four are one too many."""
    return 1 if char.isascii() or char == "−" else 2


def snapped(document: Receipt | Label) -> Receipt | Label:
    """Return the document with the printer's sizes in place of ours."""
    made: Receipt | Label = _snapped(document)
    return made


def _snapped(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_snapped(one) for one in value)
    if not isinstance(value, msgspec.Struct):
        return value
    changed: dict[str, Any] = {}
    for name in value.__struct_fields__:
        held = getattr(value, name)
        if name in ("size", "size_min"):
            changed[name] = times(held) * CELL
        elif isinstance(held, tuple | msgspec.Struct):
            changed[name] = _snapped(held)
    return msgspec.structs.replace(value, **changed)


class GridType:
    """Our type on the printer's grid. Implements `compose.Type`."""

    def __init__(self, fount: Type) -> None:
        """Draw with `fount`."""
        self._fount = fount
        self._glyphs: dict[tuple[int, bool], _Glyphs] = {}

    def glyphs(self, size: int, bold: bool) -> Mapping[str, Glyph]:
        """Return the glyph of every character, in the middle of its cell."""
        key = (times(size), bold)
        if key not in self._glyphs:
            self._glyphs[key] = _Glyphs(self._fount, *key)
        return self._glyphs[key]

    def advances(self, size: int, bold: bool) -> Mapping[str, int]:
        """Return the width of every character's cell."""
        return _Cells(times(size))


class _Cells(dict[str, int]):
    def __init__(self, enlarged: int) -> None:
        super().__init__()
        self._enlarged = enlarged

    def __missing__(self, char: str) -> int:
        width = self[char] = cell_width(char) * self._enlarged
        return width


class _Glyphs(dict[str, Glyph]):
    def __init__(self, fount: Type, enlarged: int, bold: bool) -> None:
        super().__init__()
        self._fount, self._enlarged, self._bold = fount, enlarged, bold

    def __missing__(self, char: str) -> Glyph:
        if len(self) >= SORTS_MAX:
            self.clear()
        cell = cell_width(char) * self._enlarged
        size = CELL * self._enlarged
        glyph = self._fount.glyphs(size, self._bold)[char]
        while glyph.width > cell and size > 2:
            size -= 2
            glyph = self._fount.glyphs(size, self._bold)[char]
        left = (cell - glyph.width) // 2
        placed = self[char] = msgspec.structs.replace(glyph, advance=cell, left=left)
        return placed


def cell_width(char: str) -> int:
    """Return how many dots wide a character is in the printer's own size."""
    return CELL // 2 if _bytes_of(char) == 1 else CELL
