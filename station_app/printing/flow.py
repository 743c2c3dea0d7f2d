"""How a receipt flows: block under block into the width of the paper that is in the printer.

80 mm paper (576 dots) sets the sizes; narrow paper takes smaller titles and totals, and puts a QR
code below the notes instead of beside them. Words wrap or shrink; an amount never gives way to the
words at its left.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from station_app.printing.document import (
    Bars,
    Beside,
    Block,
    Check,
    Choices,
    Gap,
    Heading,
    Inverse,
    Line,
    Note,
    Qr,
    Rule,
    Signature,
    SignBoxes,
    Table,
    Title,
    Total,
    clean,
    grouped,
)
from station_app.printing.stick import (
    QR_MODULE_MIN,
    QR_QUIET,
    SIZE_MIN,
    Layout,
    Shortening,
    Stick,
    TooLarge,
    aligned,
)
from station_app.printing.wrap import wrapped

TOP = 14  # white above the first block; the cutter leaves 10 mm more
BOTTOM = 16  # white below the last
TICK = "✓"
WIDE_FROM = 500  # dots: from here on a code stands beside its notes
LEADING = 10  # white between two lines of running text
BOLD_LEADING = 13
AMOUNT_GAP = 16  # white between words and their amount, at least
COLUMN_GAP = 12
RULES = {"dashed": (4, 2, 13), "thin": (3, 2, 9), "solid": (3, 3, 11)}  # above, thick, below
QR_EDGES = 2 * QR_QUIET * QR_MODULE_MIN  # white left and right of a code, at least
LARGER = 12  # dots that a large total has more than others
SIGN_SIZE = 28
SIGN_GAP = 8  # between a label, its line and the next label
SIGN_LINE_MIN = 80  # a centimetre: a shorter line takes no name
HEIGHT_MAX = 24_000  # 3 m: a receipt longer than that is a bug, and would empty the roll


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large the outstanding blocks are set on one width of paper.

    stacked: a code stands below its notes, not beside them.
    """

    title: int
    heading: int
    number: int
    total_words: int
    total_amount: int
    stacked: bool = False


WIDE = Sizes(title=52, heading=38, number=28, total_words=38, total_amount=56)
NARROW = Sizes(title=44, heading=34, number=24, total_words=30, total_amount=46, stacked=True)
ON_GRID = Sizes(title=48, heading=48, number=24, total_words=24, total_amount=48, stacked=True)


def _sizes(width: int) -> Sizes:
    return WIDE if width >= WIDE_FROM else NARROW


def flow(
    blocks: tuple[Block, ...], width: int, stick: Stick, *, mark: str = "", on_grid: bool = False
) -> Layout:
    """Lay blocks out under each other on paper of this width.

    on_grid: in the sizes of the printer's own type.
    """
    column = _Column(stick, 0, width, TOP, ON_GRID if on_grid else _sizes(width), width)
    if mark:
        column.inverse(Inverse(mark))
    for block in blocks:
        column.place(block)
    if column.y > HEIGHT_MAX:
        raise TooLarge(f"{column.y} dots")
    return Layout(width, column.y + BOTTOM, tuple(stick.pieces), tuple(stick.shortened))


@dataclass(slots=True)
class _Column:
    """A strip of paper that fills from the top; y is the next free row."""

    stick: Stick
    x: int
    width: int
    y: int
    sizes: Sizes
    span: int  # of the whole paper: tables beside a code keep the columns of those above it

    def place(self, block: Block) -> None:
        """Place one block and move on below it."""
        _PLACERS[type(block)](self, block)

    def title(self, block: Title) -> None:
        self._centred(block.text, self.sizes.title, leading=14)

    def heading(self, block: Heading) -> None:
        size = self.sizes.heading
        if not block.right:
            self._centred(block.left, size, leading=14)
            return
        measure = self.stick.width_of
        wanted = measure(clean(block.left), size, bold=True) + AMOUNT_GAP
        if wanted + measure(clean(block.right), self.sizes.number, bold=False) > self.width:
            self._centred(block.left, size, leading=6)  # both in full, one below the other
            self.note(Note(block.right, self.sizes.number, align="centre"))
            return
        top = self.y
        room = self._amount(block.right, top + size // 4, self.sizes.number, bold=False)
        self._words(block.left, top, (room, size), bold=True)
        self.y = top + size + 14

    def line(self, block: Line) -> None:
        top = self.y
        is_strong = block.bold or block.bold_right
        room = self._amount(block.right, top, block.size, bold=is_strong)
        self._words(block.left, top, (room, block.size), bold=block.bold, indent=block.indent)
        self.y = top + block.size + (BOLD_LEADING if is_strong else LEADING)

    def total(self, block: Total) -> None:
        top = self.y
        more = LARGER if block.large else 0
        amount, words = self.sizes.total_amount + more, self.sizes.total_words + more // 2
        room = self._amount(block.right, top, amount, bold=True)
        self._words(block.left, top + (amount - words) * 3 // 5, (room, words), bold=True)
        self.y = top + amount + LEADING

    def note(self, block: Note) -> None:
        room = self.width - block.indent
        advances = self.stick.width_of
        for paragraph in block.text.split("\n"):
            for text in wrapped(
                clean(paragraph), room, lambda t: advances(t, block.size, bold=block.bold)
            ):
                width = advances(text, block.size, bold=block.bold)
                left = aligned(self.x + block.indent, room, width, block.align)
                self.stick.words(left, self.y, text, block.size, bold=block.bold)
                self.y += block.size + LEADING

    def rule(self, block: Rule) -> None:
        above, thick, below = RULES[block.stroke]
        if block.stroke == "dashed":
            self.stick.dashes(self.x, self.y + above, self.width)
        else:
            self.stick.ink(self.x, self.y + above, self.width, thick)
        self.y += above + thick + below

    def inverse(self, block: Inverse) -> None:
        high = block.size * 7 // 4 // 2 * 2
        self.stick.ink(self.x, self.y, self.width, high)
        text, size, width = self.stick.fit(
            clean(block.text), self.width - 2 * COLUMN_GAP, block.size, bold=True
        )
        left = aligned(self.x, self.width, width, "centre")
        self.stick.white_words(left, self.y + (high - size) // 2, text, size)
        self.y += high + BOLD_LEADING

    def qr(self, block: Qr) -> None:
        rows, module = self.stick.fit_qr(block.text, block.module, self.width - QR_EDGES)
        quiet, side = QR_QUIET * module, len(rows) * module
        if rows:
            at = (self.x + (self.width - side) // 2, self.y + quiet)
            self.stick.cells(at, module, rows, block.text)
            self.y += side + 2 * quiet
        if block.caption:
            self.note(Note(block.caption, align="centre"))

    def bars(self, block: Bars) -> None:
        self.stick.bars(block.text, block.module, (self.x, self.y), (self.width, block.height))
        self.y += block.height + SIGN_GAP
        self.note(Note(grouped(block.text), size=26, align="centre"))

    def beside(self, block: Beside) -> None:
        if self.sizes.stacked:
            for inner in block.blocks:
                self.place(inner)
            self.qr(block.code)
            return
        top = self.y
        rows, module = self.stick.fit_qr(block.code.text, block.code.module, self.width // 3)
        quiet, side = QR_QUIET * module, len(rows) * module
        edge = self.x + self.width - quiet - side
        self.stick.cells((edge, top + 6), module, rows, block.code.text)
        room = (edge - quiet if rows else self.x + self.width) - self.x
        left = _Column(self.stick, self.x, room, top, self.sizes, self.span)
        for inner in block.blocks:
            left.place(inner)
        self.y = max(left.y, top + 6 + side + quiet)

    def signature(self, block: Signature) -> None:
        each = self.width // max(len(block.labels), 1)
        measure = self.stick.width_of
        widest = max(
            (measure(clean(one), SIGN_SIZE, bold=False) for one in block.labels), default=0
        )
        if len(block.labels) > 1 and each - widest - 3 * SIGN_GAP < SIGN_LINE_MIN:
            for label in block.labels:  # one below the other, each with a line to write on
                self.signature(Signature((label,)))
            return
        top = self.y + SIGN_GAP
        for number, label in enumerate(block.labels):
            left = self.x + number * each
            text, size, width = self.stick.fit(clean(label), each // 2, SIGN_SIZE, bold=False)
            self.stick.words(left, top, text, size, bold=False)
            line = left + width + SIGN_GAP
            last = number == len(block.labels) - 1
            length = left + each - line - (0 if last else 2 * SIGN_GAP)
            self.stick.ink(line, top + SIGN_SIZE + 6, length, 2)
        self.y = top + SIGN_SIZE + 8 + LEADING

    def sign_boxes(self, block: SignBoxes) -> None:
        each = (self.width + SIGN_GAP) // max(len(block.labels), 1)
        for number, label in enumerate(block.labels):
            left = self.x + number * each
            self.stick.frame(left, self.y, (each - SIGN_GAP, block.height), 2)
            text, size, _ = self.stick.fit(clean(label), each - 3 * SIGN_GAP, 24, bold=False)
            self.stick.words(left + SIGN_GAP, self.y + SIGN_GAP, text, size, bold=False)
        self.y += block.height + LEADING

    def check(self, block: Check) -> None:
        self._check(block, self.x, self.width)

    def choices(self, block: Choices) -> None:
        """Set the boxes in as many columns as the longest of them leaves room for."""
        label, _, width = self.stick.fit(clean(block.label), self.width, block.size, bold=False)
        self.stick.words(self.x, self.y, label, block.size, bold=False)
        left = self.x + width + AMOUNT_GAP
        room = self.x + self.width - left
        widest = max(
            (
                self._box_side(option.size)
                + SIGN_GAP
                + self.stick.width_of(clean(option.text), option.size, bold=False)
                for option in block.options
            ),
            default=room,
        )
        across = max(1, (room + AMOUNT_GAP) // (widest + AMOUNT_GAP))
        if widest > room:  # not one beside the label: they begin below it
            self.y += block.size + LEADING
            left, room = self.x, self.width
        each = room // across
        for first in range(0, len(block.options), across):
            top, lowest = self.y, self.y
            for place, option in enumerate(block.options[first : first + across]):
                self.y = top
                self._check(option, left + place * each, each)
                lowest = max(lowest, self.y)
            self.y = lowest

    def _check(self, block: Check, left: int, width: int) -> None:
        """Place a box and its words, wrapped, from `left` on."""
        side = self._box_side(block.size)
        top = self.y + (block.size - side) // 2
        left, width = left + 2, width - 2  # a tick reaches over its box
        self.stick.frame(left, top, (side, side), 2)
        if block.ticked:
            self.stick.words(left + 1, self.y - 1, TICK, side + 4, bold=True)
        room = width - side - SIGN_GAP
        for text in wrapped(
            clean(block.text), room, lambda t: self.stick.width_of(t, block.size, bold=False)
        ):
            self.stick.words(left + side + SIGN_GAP, self.y, text, block.size, bold=False)
            self.y += block.size + LEADING

    @staticmethod
    def _box_side(size: int) -> int:
        return size * 5 // 6 // 2 * 2

    def table(self, block: Table) -> None:
        shares = sum(column.share for column in block.columns)
        size = max((column.size for column in block.columns), default=SIZE_MIN)
        edges = [0]
        for column in block.columns:
            edges.append(edges[-1] + column.share)
        for row in block.rows:
            for number, (column, cell) in enumerate(zip(block.columns, row, strict=True)):
                left = self.x + self.span * edges[number] // shares
                right = self.x + min(self.span * edges[number + 1] // shares, self.width)
                room = right - left - (COLUMN_GAP if number + 1 < len(row) else 0)
                text, fitted, width = self.stick.fit(
                    clean(cell), room, column.size, bold=column.bold
                )
                at = aligned(left, room, width, column.align)
                self.stick.words(at, self.y + (size - fitted) // 2, text, fitted, bold=column.bold)
            self.y += size + BOLD_LEADING

    def gap(self, block: Gap) -> None:
        self.y += block.dots

    def _centred(self, text: str, size: int, *, leading: int) -> None:
        text, fitted, width = self.stick.fit(clean(text), self.width, size, bold=True)
        left = aligned(self.x, self.width, width, "centre")
        self.stick.words(left, self.y + (size - fitted) // 2, text, fitted, bold=True)
        self.y += size + leading

    def _amount(self, text: str, top: int, size: int, *, bold: bool) -> int:
        """Place what stands at the right; return the room that is left for the words."""
        if not text:
            return self.width
        text, fitted, width = self.stick.fit(clean(text), self.width, size, bold=bold)
        at = self.x + self.width - width
        self.stick.words(at, top + (size - fitted) * 4 // 5, text, fitted, bold=bold)
        return self.width - width - AMOUNT_GAP

    def _words(
        self, text: str, top: int, room: tuple[int, int], *, bold: bool, indent: int = 0
    ) -> None:
        """Place what stands at the left, on the same foot when it has to shrink."""
        wide, size = room
        if wide <= 0:
            if text:
                self.stick.shortened.append(Shortening(text, "left_out"))
            return
        text, fitted, _ = self.stick.fit(clean(text), wide - indent, size, bold=bold)
        lower = (size - fitted) * 4 // 5
        self.stick.words(self.x + indent, top + lower, text, fitted, bold=bold)


_PLACERS: dict[type, Callable[[_Column, Any], None]] = {
    Title: _Column.title,
    Heading: _Column.heading,
    Line: _Column.line,
    Total: _Column.total,
    Note: _Column.note,
    Rule: _Column.rule,
    Inverse: _Column.inverse,
    Qr: _Column.qr,
    Bars: _Column.bars,
    Beside: _Column.beside,
    Signature: _Column.signature,
    SignBoxes: _Column.sign_boxes,
    Check: _Column.check,
    Choices: _Column.choices,
    Table: _Column.table,
    Gap: _Column.gap,
}
