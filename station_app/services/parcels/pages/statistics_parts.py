"""The parts of the statistics: bars with their numbers, and the table."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from station_app.services.parcels.statistics import Sums
from station_app.shell import theme
from station_app.shell.widgets.cells import Column, Row, Text
from station_app.values.texts import Texts

LABEL_HEIGHT = 18
BAR_GAP = 0.24  # of the room of one bar
BAR_MOST = 72.0  # px: one courier alone is no wall
BAR_LEAST = 2.0  # px: one piece is seen beside a thousand
NUMBERS_MIN_WIDTH = 26  # px for one bar: narrower, numbers would run into each other


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, or two that stand on each other: `count`, and `more` above it in another colour."""

    label: str
    count: int
    more: int = 0

    @property
    def whole(self) -> int:
        """Return both."""
        return self.count + self.more


class Bars(QWidget):
    """Upright bars, each with its label below and its number above; the tallest fills the room."""

    def __init__(self, name: str) -> None:
        """Show none yet. name: what they show, for readers."""
        super().__init__()
        self._name = name
        self.bars: Sequence[Bar] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(96)
        self.setAccessibleName(name)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show these; whoever hears the screen hears all numbers."""
        self.bars = bars
        told = "，".join(f"{bar.label} {bar.whole}" for bar in bars if bar.whole)
        self.setAccessibleName(f"{self._name} {told}".strip())
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line on which they stand, then each."""
        painter = QPainter(self)
        painter.setFont(theme.font(theme.HINT))
        floor = self.height() - LABEL_HEIGHT
        painter.setPen(theme.colour("line"))
        painter.drawLine(0, floor, self.width(), floor)
        most = max((bar.whole for bar in self.bars), default=0)
        if not self.bars:
            return
        step = self.width() / len(self.bars)
        for place, bar in enumerate(self.bars):
            room = QRectF(place * step, 0, step, floor)
            self._paint_bar(painter, bar, room, most)
            if bar.label:
                area = QRectF(room.x() - step, floor, 3 * step, LABEL_HEIGHT)
                painter.setPen(theme.colour("ink2"))
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, bar.label)

    def _paint_bar(self, painter: QPainter, bar: Bar, room: QRectF, most: int) -> None:
        if not bar.whole or not most:
            return
        tall = room.height() - LABEL_HEIGHT
        wide = min(BAR_MOST, room.width() * (1 - BAR_GAP))
        top = room.bottom()
        for count, ink in ((bar.count, "accent"), (bar.more, "edge")):
            if not count:
                continue
            height = max(BAR_LEAST, tall * count / most)
            top -= height
            area = QRectF(room.center().x() - wide / 2, top, wide, height)
            painter.fillRect(area, theme.colour(ink))
        if room.width() >= NUMBERS_MIN_WIDTH:
            painter.setPen(theme.colour("ink"))
            words = QRectF(room.x(), top - LABEL_HEIGHT, room.width(), LABEL_HEIGHT)
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, str(bar.whole))


COLUMNS = ("courier", "came", "handed", "returned", "here", "dwell", "overdue")


def columns(texts: Texts) -> tuple[Column, ...]:
    """Return the columns of the table, with their headings."""
    widths = (0, 62, 62, 62, 62, 84, 84)
    return tuple(
        Column(
            name,
            width,
            "right" if width else "left",
            texts.say(f"parcels.statistics.{name}"),
        )
        for name, width in zip(COLUMNS, widths, strict=True)
    )


def row_of(subject: str, name: str, sums: Sums, texts: Texts) -> Row:
    """Return the row of a courier, or of all together."""
    counts = (sums.came, sums.handed, sums.returned, sums.here)
    return Row(
        subject,
        (
            Text(name, bold=not subject),
            *(Text(str(count) if count else "—") for count in counts),
            Text(dwell_words(sums, texts)),
            Text(share_words(sums)),
        ),
    )


def dwell_words(sums: Sums, texts: Texts) -> str:
    """Return for how long pieces waited on average: 1.4 天."""
    if not sums.handed:
        return "—"
    whole, tenth = divmod(sums.tenths, 10)
    return texts.say("parcels.statistics.days", days=f"{whole}.{tenth}")


def share_words(sums: Sums) -> str:
    """Return which part was overdue: 12.5%."""
    if not sums.judged:
        return "—"
    whole, tenth = divmod(sums.per_mille, 10)
    return f"{whole}.{tenth}%"
