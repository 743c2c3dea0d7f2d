"""Small parts that several overview pages are put together from."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QLayout,
    QLayoutItem,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from station_app.shell import theme
from station_app.shell.icons import paint_icon
from station_app.shell.offers import Tone
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.tones import INKS, LOOKS
from station_app.shell.widgets.words import IconLabel, Words

_SEAL_RADIUS = 12


class Seal(QWidget):
    """A large icon on a tinted square: the mark of a headline or a card."""

    def __init__(self, icon: str, tone: Tone, side: int = 96) -> None:
        """Show an icon in a tone."""
        super().__init__()
        self._icon, self._tone = icon, tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_side(side)

    def show_mark(self, icon: str, tone: Tone) -> None:
        """Show another icon."""
        self._icon, self._tone = icon, tone
        self.update()

    def set_side(self, side: int) -> None:
        """Become larger or smaller, in px."""
        self.setFixedSize(QSize(side, side))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the square and the icon in its middle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill = "stop_tint" if self._tone == "stop" else LOOKS[self._tone].fill
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(fill))
        painter.drawRoundedRect(QRectF(self.rect()), _SEAL_RADIUS, _SEAL_RADIUS)
        size = round(self.width() * 0.5)
        start = (self.width() - size) / 2
        ink = theme.colour(INKS[self._tone])
        paint_icon(painter, self._icon, ink, QRectF(start, start, size, size))


def scrolling(inside: QWidget) -> QScrollArea:
    """Return a place in which a long part scrolls up and down, without a frame of its own."""
    area = QScrollArea()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setAutoFillBackground(False)
    inside.setAutoFillBackground(False)
    return area


def yielding(table: ListTable) -> ListTable:
    """Let a list take what is left: its rows scroll before the page has to. Return the list."""
    table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
    return table


class WholeRows(QWidget):
    """A list that takes what is left, and is never higher than some whole rows of it.

    Half a row at its foot looks as if something stood over it.
    """

    def __init__(self, table: ListTable) -> None:
        """Hold a list."""
        super().__init__()
        self._table = table
        table.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        table.verticalHeader().sectionResized.connect(self._fit)
        table.rows_model.modelReset.connect(self._fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the list as much as holds whole rows."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self, *_: object) -> None:
        row = self._table.verticalHeader().defaultSectionSize()
        has_more = len(self._table.rows_model.rows) * row > self.height()
        height = max(row, self.height() - self.height() % row) if has_more else self.height()
        self._table.setGeometry(0, 0, self.width(), height)


def empty(layout: QLayout) -> None:
    """Take everything out of a layout and forget it."""
    while (item := layout.takeAt(0)) is not None:
        widget, below = _parts(item)
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        if below is not None:
            empty(below)


def _parts(item: QLayoutItem) -> tuple[QWidget | None, QLayout | None]:
    return item.widget(), item.layout()


class QuietEmpty(QWidget):
    """Nothing here, inside a panel: an icon, a sentence and what fills the place."""

    def __init__(self, icon: str, words: str, small: str = "") -> None:
        """Say that there is nothing, calmly."""
        super().__init__()
        centre = Qt.AlignmentFlag.AlignHCenter
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(IconLabel(icon, "pressed", 48), 0, centre)
        self._words = Words(words, theme.STRONG, bold=True, wrap=True).centred()
        self._small = Words(small, theme.HINT, ink="ink2", wrap=True).centred()
        column.addWidget(self._words)
        column.addWidget(self._small)
        column.addStretch(3)
        self.say(words, small)

    def say(self, words: str, small: str = "") -> None:
        """Say something else."""
        self._words.setText(words)
        self._small.setText(small)
        self._small.setVisible(bool(small))
        self.setAccessibleName(f"{words} {small}".strip())
