"""The composing stick: pieces of a paper at their places, and what gave way so that they fit.

What does not fit is never dropped in silence: a text shrinks down to 18 dots, then loses its end to
an ellipsis, a code's modules narrow, and each is written down as a `Shortening`, which the tests
read; what a printed paper lost is counted in the log.
"""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from station_app.printing import code128
from station_app.printing.document import Align, clean

SIZE_MIN = 18  # 2.25 mm: what eyes and readers of text still tell apart
SHRINK_STEP = 2  # few sizes, so that few are drawn
ELLIPSIS = "…"
QR_QUIET = 4  # modules of white around a QR code
QR_MODULE_MIN = 4
BAR_MODULE_MIN = 2


class Metrics(Protocol):
    """What the layout knows of the type: how wide its characters are."""

    def advances(self, size: int, bold: bool) -> Mapping[str, int]:
        """Return the width in dots of every character at this size."""
        ...


# --- Pieces: where something is drawn ------------------------------------------------------------


class Words(msgspec.Struct, frozen=True, gc=False):
    """One run of text from x on, standing on the row `baseline`; white upon black if inverse."""

    x: int
    baseline: int
    text: str
    size: int
    bold: bool
    inverse: bool = False


class Ink(msgspec.Struct, frozen=True, gc=False):
    """A black rectangle."""

    x: int
    y: int
    width: int
    height: int


class Dashes(msgspec.Struct, frozen=True, gc=False):
    """A dashed line, two dots thick."""

    x: int
    y: int
    width: int


class Stripes(msgspec.Struct, frozen=True, gc=False):
    """One row of dots, drawn `height` times: a bar code. text: what it says."""

    x: int
    y: int
    height: int
    width: int
    bits: int
    module: int = 0
    text: str = ""


class Cells(msgspec.Struct, frozen=True, gc=False):
    """A square of modules, each row an integer of as many bits: a QR code. text: what it says."""

    x: int
    y: int
    module: int
    rows: tuple[int, ...]
    text: str = ""


Piece = Words | Ink | Dashes | Stripes | Cells


class Shortening(msgspec.Struct, frozen=True):
    """What had to give way. how: `shrunk`, `cut`, `narrowed` (a code's modules), `left_out`."""

    text: str
    how: str
    size: int = 0


class Layout(msgspec.Struct, frozen=True):
    """A paper laid out: its size in dots, its pieces, and what did not fit as it was asked."""

    width: int
    height: int
    pieces: tuple[Piece, ...]
    shortened: tuple[Shortening, ...] = ()


class TooLarge(ValueError):
    """The paper asks for more room than there is in the printer."""


# --- The composing stick: places pieces, remembers what gave way ---------------------------------


class Stick:
    """Gathers the pieces of one paper and fits texts into widths."""

    def __init__(self, metrics: Metrics, least: int = SIZE_MIN, step: int = SHRINK_STEP) -> None:
        """Measure with `metrics`; what does not fit shrinks by steps to the least size."""
        self._advances = metrics.advances
        self._least, self._step = least, step
        self.pieces: list[Piece] = []
        self.shortened: list[Shortening] = []

    def width_of(self, text: str, size: int, *, bold: bool) -> int:
        """Return how wide a text is, in dots."""
        return sum(map(self._advances(size, bold).__getitem__, text))

    def fit(
        self, text: str, room: int, size: int, *, bold: bool, least: int = 0
    ) -> tuple[str, int, int]:
        """Return (text, size, width) that fit into `room`, noting what had to give way."""
        width = self.width_of(text, size, bold=bold)
        if width <= max(room, 0):
            return text, size, width
        asked, whole = size, text
        least = max(min(least, asked), self._least) if asked > self._least else asked
        size = max(least, size * max(room, 0) // width // self._step * self._step)
        while (width := self.width_of(text, size, bold=bold)) > room and size > least:
            size = max(least, size - self._step)
        how = "shrunk"
        if width > room:
            how = "cut"
            text, width = self._cut(text, room, size, bold=bold)
        self.shortened.append(Shortening(whole, how, size))
        return text, size, width

    def _cut(self, text: str, room: int, size: int, *, bold: bool) -> tuple[str, int]:
        advances = self._advances(size, bold)
        width = advances[ELLIPSIS]
        if width > room:
            return "", 0
        kept = 0
        for char in text:
            if width + advances[char] > room:
                break
            width += advances[char]
            kept += 1
        return text[:kept] + ELLIPSIS, width

    def words(self, x: int, top: int, text: str, size: int, *, bold: bool) -> None:
        """Place a text whose square of type begins at the row `top`."""
        if text:
            self.pieces.append(Words(x, top + baseline_of(size), text, size, bold))

    def white_words(self, x: int, top: int, text: str, size: int) -> None:
        """Place a bold text upon what is already black."""
        if text:
            baseline = top + baseline_of(size)
            self.pieces.append(Words(x, baseline, text, size, bold=True, inverse=True))

    def ink(self, x: int, y: int, width: int, height: int) -> None:
        """Place a black rectangle."""
        self.pieces.append(Ink(x, y, width, height))

    def dashes(self, x: int, y: int, width: int) -> None:
        """Place a dashed line."""
        self.pieces.append(Dashes(x, y, width))

    def frame(self, x: int, y: int, size: tuple[int, int], thick: int) -> None:
        """Place the outline of a box of `size` (width, height)."""
        width, height = size
        self.ink(x, y, width, thick)
        self.ink(x, y + height - thick, width, thick)
        self.ink(x, y, thick, height)
        self.ink(x + width - thick, y, thick, height)

    def bars(self, text: str, module: int, at: tuple[int, int], room: tuple[int, int]) -> None:
        """Place a Code 128 in the middle of a box; its modules narrow to 2 dots if they must."""
        text = clean(text)
        if not code128.is_encodable(text):
            self.shortened.append(Shortening(text, "left_out"))
            return
        (x, y), (wide, high) = at, room
        symbols = code128.symbols(text)
        asked = module = min(module, code128.MODULE_DOTS_MAX)
        while module > BAR_MODULE_MIN and code128.width_of(symbols, module) > wide:
            module -= 1
        width = code128.width_of(symbols, module)
        if width > wide:
            self.shortened.append(Shortening(text, "left_out"))
            return
        if module < asked:
            self.shortened.append(Shortening(text, "narrowed", module))
        left = x + (wide - width) // 2
        drawn = code128.bars(symbols, module)
        self.pieces.append(Stripes(left, y, high, width, drawn, module, text))

    def fit_qr(self, text: str, module: int, room: int) -> tuple[tuple[int, ...], int]:
        """Return the rows of a QR code and its module so that its side fits into `room`.

        The rows are empty when it cannot: too much text, or no room at 4 dots a module.
        """
        rows = qr_rows(clean(text))
        least = min(module, QR_MODULE_MIN)
        fitted = max(least, min(module, room // max(len(rows), 1)))
        if not rows or len(rows) * fitted > room:
            self.shortened.append(Shortening(text, "left_out"))
            return (), fitted
        if fitted < module:
            self.shortened.append(Shortening(text, "narrowed", fitted))
        return rows, fitted

    def cells(self, at: tuple[int, int], module: int, rows: tuple[int, ...], text: str) -> None:
        """Place the modules of a QR code, the white around it not included."""
        if rows:
            self.pieces.append(Cells(*at, module, rows, clean(text)))


def baseline_of(size: int) -> int:
    """Return how far below the top of its square a character stands (0.88 em in our type)."""
    return (size * 22 + 12) // 25


def aligned(x: int, room: int, width: int, align: Align) -> int:
    """Return where a thing of this width begins in a room that begins at `x`."""
    if align == "left":
        return x
    return x + (room - width if align == "right" else (room - width) // 2)


def qr_rows(text: str) -> tuple[int, ...]:
    """Return the modules of a QR code, level M, as one integer a row; nothing for no text."""
    if not text:
        return ()
    import segno  # loaded at the first code: a start without a receipt does not wait for it

    try:
        code = segno.make_qr(text, error="m", boost_error=False)
    except segno.DataOverflowError:
        return ()
    return tuple(int("".join(map(str, row)), 2) for row in code.matrix)
