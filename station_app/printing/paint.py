"""The type case: draws each character of our own font once, as dots. The only Qt of this room.

No anti-aliasing, full hinting and no font but ours: so the dots are the same on every machine, and
an 18-dot character stays legible on thermal paper. Qt needs a QGuiApplication (any platform, also
`offscreen`), but glyphs may be drawn in any thread: the spool prints in its own.
"""

from pathlib import Path
from threading import Lock

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics, QImage, QPainter, QRawFont

from station_app.printing.compose import Glyph
from station_app.printing.raster import Raster

FAMILY = "Station Sans"
FILES = ("StationSans-Regular.otf", "StationSans-Bold.otf")
MISSING = "\uf8ff"  # of nobody's use: gives the box that stands for what the font has not
DRAWN_AS = {"￥": "¥"}  # the sign that every charset has, with the narrow glyph of a tidy column
WHITE, BLACK = 0xFFFFFFFF, 0xFF000000  # the colours of the bits 0 and 1
WORD = 32  # bits: Qt begins every row of an image at one
GLYPHS_MAX = 8_192  # of one size; a fount of Chinese that a busy station uses in a year


class FontMissing(RuntimeError):
    """The bundled font is not where it belongs: the installation is broken."""


class TypeCase:
    """The bundled font, in dots. Implements `compose.Type`."""

    def __init__(self, folder: Path) -> None:
        """Load the fonts of `resources/fonts`, unless the screen has loaded them already."""
        if FAMILY not in QFontDatabase.families():
            for name in FILES:
                if QFontDatabase.addApplicationFont(str(folder / name)) < 0:
                    raise FontMissing(str(folder / name))
        self._founts: dict[tuple[int, bool], _Fount] = {}
        self._lock = Lock()

    def glyphs(self, size: int, bold: bool) -> "_Glyphs":
        """Return the glyph of every character at this size, drawn when first asked for."""
        return self._fount(size, bold=bold).glyphs

    def advances(self, size: int, bold: bool) -> "_Advances":
        """Return the width in dots of every character at this size."""
        return self._fount(size, bold=bold).advances

    def _fount(self, size: int, *, bold: bool) -> "_Fount":
        fount = self._founts.get((size, bold))
        if fount is None:
            fount = self._founts[size, bold] = _Fount(size, self._lock, bold=bold)
        return fount


def image(raster: Raster) -> QImage:
    """Return a paper for the screen: the same bits that the printer gets, black on white."""
    bits = QImage(
        raster.rows, raster.width, raster.height, raster.stride, QImage.Format.Format_Mono
    )
    bits.setColorTable([WHITE, BLACK])
    return bits.copy()  # a copy owns its bits, the first only borrows them


class _Fount:
    """One size and weight of the font."""

    def __init__(self, size: int, lock: Lock, *, bold: bool) -> None:
        font = QFont(FAMILY)
        font.setPixelSize(size)
        font.setBold(bold)
        font.setKerning(False)
        font.setHintingPreference(QFont.HintingPreference.PreferFullHinting)
        font.setStyleStrategy(
            QFont.StyleStrategy.NoAntialias
            | QFont.StyleStrategy.NoSubpixelAntialias
            | QFont.StyleStrategy.NoFontMerging
        )
        self.font = font
        self.lock = lock
        self.metrics = QFontMetrics(font)
        self.raw = QRawFont.fromFont(font)
        self.above, self.below = size * 5 // 4, size // 2
        self.advances = _Advances(self)
        self.glyphs = _Glyphs(self)

    def has(self, char: str) -> bool:
        """Tell whether the font has this character."""
        return bool(self.raw.supportsCharacter(ord(char)))

    def draw(self, char: str) -> Glyph:
        """Draw one character and return its dots."""
        with self.lock:
            advance = self.metrics.horizontalAdvance(char)
            # Rows of whole words: Qt leaves the spare bits of a row as it found them.
            width = -(-(advance + 2 * self.below) // WORD) * WORD
            sheet = QImage(width, self.above + self.below, QImage.Format.Format_Mono)
            sheet.setColorTable([WHITE, BLACK])
            sheet.fill(0)
            painter = QPainter(sheet)
            painter.setFont(self.font)
            painter.drawText(QPointF(self.below, self.above), char)
            painter.end()
            bits = bytes(sheet.constBits())
        return _cropped(bits, width, advance, (self.below, self.above))


def _cropped(bits: bytes, width: int, advance: int, pen: tuple[int, int]) -> Glyph:
    """Return the glyph without the white around its ink; pen: where it was set down."""
    whole = int.from_bytes(bits, "big")
    if not whole:
        return Glyph(advance, 0, 0, 0, ())
    stride = width // 8
    first = (len(bits) * 8 - whole.bit_length()) // width
    below = ((whole & -whole).bit_length() - 1) // width
    rows = [
        int.from_bytes(bits[at : at + stride], "big")
        for at in range(first * stride, len(bits) - below * stride, stride)
    ]
    ink = 0
    for row in rows:
        ink |= row
    right = (ink & -ink).bit_length() - 1
    left = width - ink.bit_length()
    return Glyph(
        advance,
        left - pen[0],
        pen[1] - first,
        ink.bit_length() - right,
        tuple([row >> right for row in rows]),
    )


class _Glyphs(dict[str, Glyph]):
    """Character → glyph; what the font has not is its box."""

    def __init__(self, fount: _Fount) -> None:
        super().__init__()
        self._fount = fount

    def __missing__(self, char: str) -> Glyph:
        if len(self) >= GLYPHS_MAX:
            self.clear()
        drawn = DRAWN_AS.get(char, char)
        if drawn != MISSING and not self._fount.has(drawn):
            glyph = self[MISSING]
        else:
            glyph = self._fount.draw(drawn)
        self[char] = glyph
        return glyph


class _Advances(dict[str, int]):
    """Character → width in dots."""

    def __init__(self, fount: _Fount) -> None:
        super().__init__()
        self._fount = fount

    def __missing__(self, char: str) -> int:
        if len(self) >= GLYPHS_MAX:
            self.clear()
        advance = self[char] = self._fount.glyphs[char].advance
        return advance
