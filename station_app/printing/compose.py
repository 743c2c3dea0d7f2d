"""From pieces at places to dots: sets type, draws bars, codes and rules into one raster.

A paper is drawn on the way of every scan, so this is written for speed. A glyph is kept as one big
integer whose rows are as long as the paper's: setting a line of type is then a shift and an `or`
per character, and a line enters the paper with one `or` of its rows: a tenth of a millisecond
for a label, in plain Python.
"""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from station_app.printing.raster import Raster
from station_app.printing.stick import Cells, Dashes, Ink, Layout, Metrics, Piece, Stripes, Words

DASH, DASH_GAP, DASH_THICK = 8, 6, 2
SET_TEXTS_MAX = 512  # lines of type kept: the words that stand on every label
SORTS_MAX = 4_096  # characters kept at the width of a paper, some 2 kB each


class Glyph(msgspec.Struct, frozen=True, gc=False):
    """A character in dots. Its rows begin `above` the baseline; `left` may reach before the pen.

    rows: from the top, each `width` bits.
    """

    advance: int
    left: int
    above: int
    width: int
    rows: tuple[int, ...]


class Type(Metrics, Protocol):
    """What the composer needs of the type: the glyphs of one size."""

    def glyphs(self, size: int, bold: bool) -> Mapping[str, Glyph]:
        """Return the glyph of every character at this size."""
        ...


class _Sort(msgspec.Struct, frozen=True, gc=False):
    """A glyph cast for one width of paper: flush left, rows as long as the paper's."""

    advance: int
    left: int
    width: int
    ink: int


class _Set(msgspec.Struct, frozen=True, gc=False):
    """A line of type set from the left edge of the paper on."""

    ink: int
    above: int
    height: int
    reach: int


class Composer:
    """Draws layouts with one fount of type, and keeps what it has cast and set."""

    def __init__(self, fount: Type) -> None:
        """Set with `fount`."""
        self._fount = fount
        self._sorts: dict[tuple[int, int, bool], dict[str, _Sort]] = {}
        self._sorts_held = 0
        self._set: dict[tuple[int, str, int, bool], _Set] = {}

    def compose(self, layout: Layout) -> Raster:
        """Return the dots of a paper."""
        sheet = _Sheet(layout.width, layout.height)
        for piece in layout.pieces:
            self._draw(sheet, piece)
        return Raster(layout.width, layout.height, bytes(sheet.rows))

    def _draw(self, sheet: "_Sheet", piece: Piece) -> None:
        if isinstance(piece, Words):
            self._words(sheet, piece)
        elif isinstance(piece, Stripes):
            sheet.repeat(piece.bits << sheet.width - piece.x - piece.width, piece.y, piece.height)
        elif isinstance(piece, Ink):
            black = (1 << piece.width) - 1
            sheet.repeat(black << sheet.width - piece.x - piece.width, piece.y, piece.height)
        elif isinstance(piece, Dashes):
            sheet.repeat(_dashes(piece, sheet.width), piece.y, DASH_THICK)
        else:
            _cells(sheet, piece)

    def _words(self, sheet: "_Sheet", piece: Words) -> None:
        line = self._line(sheet.width, piece)
        x = max(min(piece.x, sheet.width - line.reach), 0)
        sheet.lay(line.ink >> x, piece.baseline - line.above, line.height, inverse=piece.inverse)

    def _line(self, width: int, piece: Words) -> _Set:
        key = (width, piece.text, piece.size, piece.bold)
        line = self._set.get(key)
        if line is None:
            if len(self._set) >= SET_TEXTS_MAX:
                self._set.clear()
            line = self._set[key] = self._set_line(width, piece)
        return line

    def _set_line(self, width: int, piece: Words) -> _Set:
        """Set one line of type from the left edge on; ink never runs over an edge of the paper."""
        sorts = self._sorts.setdefault((width, piece.size, piece.bold), {})
        above, height = _extent(piece.size)
        pen = ink = reach = 0
        for char in piece.text:
            sort = sorts.get(char) or self._cast(sorts, width, piece, char)
            at = max(min(pen + sort.left, width - sort.width), 0)
            ink |= sort.ink >> at
            reach = max(reach, at + sort.width)
            pen += sort.advance
        inked = -(-ink.bit_length() // width)  # the white rows above the ink are not carried along
        return _Set(ink, above - height + inked, inked, reach)

    def _cast(self, sorts: dict[str, _Sort], width: int, piece: Words, char: str) -> _Sort:
        """Cast a glyph for this width of paper."""
        glyph = self._fount.glyphs(piece.size, piece.bold)[char]
        above, height = _extent(piece.size)
        first = above - glyph.above
        kept = glyph.rows[max(-first, 0) : height - first]
        flush = width - glyph.width
        rows = b"".join([(row << flush).to_bytes(width // 8, "big") for row in kept])
        ink = int.from_bytes(rows, "big") << (height - max(first, 0) - len(kept)) * width
        if self._sorts_held >= SORTS_MAX:
            self._sorts.clear()
            self._sorts_held = 0
        sort = sorts[char] = _Sort(glyph.advance, glyph.left, glyph.width, ink)
        self._sorts_held += 1
        return sort


class _Sheet:
    """The rows of a paper while it is being drawn."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.stride = width // 8
        self.rows = bytearray(self.stride * height)

    def lay(self, ink: int, top: int, height: int, *, inverse: bool = False) -> None:
        """Put rows of dots on the paper from the row `top` on: black, or turned over if inverse."""
        if top < 0:
            ink &= (1 << (height + top) * self.width) - 1
            height, top = height + top, 0
        if top + height > self.height:
            ink >>= (top + height - self.height) * self.width
            height = self.height - top
        if height <= 0:
            return
        start, end = top * self.stride, (top + height) * self.stride
        old = int.from_bytes(self.rows[start:end], "big")
        new = old ^ ink if inverse else old | ink
        self.rows[start:end] = new.to_bytes(end - start, "big")

    def repeat(self, row: int, top: int, height: int) -> None:
        """Put the same row of dots on the paper `height` times."""
        rows = row.to_bytes(self.stride, "big") * height
        start, end = top * self.stride, (top + height) * self.stride
        if self.rows.count(0, start, end) == end - start:
            self.rows[start:end] = rows
        else:
            self.lay(int.from_bytes(rows, "big"), top, height)


def _extent(size: int) -> tuple[int, int]:
    """Return how far type reaches above its baseline, and how many rows it takes in all."""
    above = size * 24 // 25 + 1
    return above, above + size * 7 // 25 + 1


def _dashes(piece: Dashes, width: int) -> int:
    step = DASH + DASH_GAP
    bits = "".join("1" if dot % step < DASH else "0" for dot in range(piece.width))
    return int(bits, 2) << width - piece.x - piece.width


def _cells(sheet: _Sheet, piece: Cells) -> None:
    side, module = len(piece.rows), piece.module
    black = "1" * module
    white = "0" * module
    for number, row in enumerate(piece.rows):
        bits = f"{row:0{side}b}".replace("1", "b").replace("0", white).replace("b", black)
        dots = int(bits, 2) << sheet.width - piece.x - side * module
        sheet.repeat(dots, piece.y + number * module, module)
