"""The rail at the left: where one can go, always in the same order, each with its key.

An entry that this station does not offer is not shown; its key then does nothing. Keyboards
without F-keys use Alt and the letter that stands beside the icon. A township turns it: one face
leads along the way of the bags, the other to the counter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from station_app.shell import theme
from station_app.shell.icons import paint_icon
from station_app.shell.widgets.words import Words
from station_app.values.texts import Texts

LOCK_KEY: Final = "F12"
ROW_LEAST: Final = 46  # an icon and a word under each other; lower and nobody hits it


@dataclass(frozen=True, slots=True)
class RailPlace:
    """A place in the rail. key: on the cap; letter: with Alt; icon, words: unless an offer says."""

    key: str
    letter: str
    icon: str
    words: str


PLACES: Final[tuple[RailPlace, ...]] = (
    RailPlace("Home", "J", "home", "shell.rail.today"),
    RailPlace("F2", "R", "intake", "shell.rail.intake"),
    RailPlace("F3", "Q", "parcel", "shell.rail.handover"),
    RailPlace("F4", "G", "cart", "shell.rail.purchasing"),
    RailPlace("F5", "X", "leaf", "shell.rail.consignment"),
    RailPlace("F6", "Y", "cash", "shell.rail.checkout"),
    RailPlace("F7", "B", "receipt", "shell.rail.convenience"),
    RailPlace("F8", "Z", "calendar", "shell.rail.day_end"),
    RailPlace("F9", "T", "sync", "shell.rail.sync"),
)
LOCK: Final = RailPlace(LOCK_KEY, "L", "lock", "shell.rail.lock")
TURN: Final = RailPlace("Alt+K", "", "swap", "shell.rail.to_counter")
BOTH_FACES: Final = ("Home", "F1", "F7", "F8", "F9", LOCK_KEY)  # the same on either face


class RailButton(QAbstractButton):
    """One entry: icon above, words and key below."""

    def __init__(self, place: RailPlace, words: str, icon: str) -> None:
        """Make an entry that is not the current one."""
        super().__init__()
        self.place = place
        self._icon = icon
        self._row = theme.FULL.rail_row
        self._is_over = False
        self.setText(words)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        letter = f"Alt+{place.letter}" if place.letter else ""
        self.setAccessibleName(f"{words} {place.key} {letter}".rstrip())

    def answers(self, key: str) -> bool:
        """Tell whether this key presses the entry."""
        return self.isVisible() and self.isEnabled() and key == self.place.key

    def nextCheckState(self) -> None:
        """Leave it to the window which entry is the current one."""

    def set_row(self, height: int) -> None:
        """Become as high as this."""
        self._row = height
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return its size."""
        return QSize(88, self._row)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        if self.isChecked() or self._is_over or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent" if self.isChecked() else "rail_over"))
            painter.drawRoundedRect(area, theme.RADIUS, theme.RADIUS)
        ink = theme.colour("white" if self.isChecked() else "rail_text")
        top = 8.0 if self._row >= theme.FULL.rail_row else max(1.0, (self._row - 48) / 2)
        paint_icon(painter, self._icon, ink, QRectF((self.width() - 24) / 2, top, 24, 24))
        painter.setFont(theme.font(theme.HINT))
        painter.setPen(theme.colour("edge" if self.isChecked() else "rail_dim"))
        corner = QRectF(self.width() - 20, top + 1, 14, 22)
        painter.drawText(corner, Qt.AlignmentFlag.AlignCenter, self.place.letter)
        words_top = top + 24 if self._row < theme.FULL.rail_row else top + 26
        self._paint_words(painter, QRectF(0, words_top, self.width(), 24))

    def _paint_words(self, painter: QPainter, area: QRectF) -> None:
        word_font = theme.font(theme.BODY, bold=self.isChecked())
        key_font = theme.font(theme.HINT)
        words, key, gap = self.text(), self.place.key, 5
        word_width = QFontMetrics(word_font).horizontalAdvance(words)
        key_width = QFontMetrics(key_font).horizontalAdvance(key)
        left = (area.width() - word_width - gap - key_width) / 2
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(word_font)
        painter.setPen(theme.colour("white" if self.isChecked() else "rail_text"))
        painter.drawText(QRectF(left, area.top(), word_width + 1, area.height()), middle, words)
        painter.setFont(key_font)
        painter.setPen(theme.colour("rail_text"))
        start = left + word_width + gap
        painter.drawText(QRectF(start, area.top(), key_width + 1, area.height()), middle, key)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Light up under the mouse."""
        self._is_over = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Grow dark again."""
        self._is_over = False
        self.update()
        super().leaveEvent(event)


class Rail(QWidget):
    """The entries, and the lock below. Signal wanted(key of the place): "F2", "Home", "F12"."""

    wanted = Signal(str)

    def __init__(self, texts: Texts, labels: Mapping[str, tuple[str, str]]) -> None:
        """Make the rail. labels: key of a place that is offered → (words, icon)."""
        super().__init__()
        self.setFixedWidth(theme.FULL.rail_width)
        self.setAutoFillBackground(True)
        palette = self.palette()
        palette.setColor(self.backgroundRole(), theme.colour("rail"))
        self.setPalette(palette)
        self._metrics = theme.FULL
        self._column = QVBoxLayout(self)
        self._brand = Words(texts.say("shell.brand"), theme.STRONG, bold=True, ink="white")
        self._brand.centred()
        self._column.addWidget(self._brand)
        self.buttons: dict[str, RailButton] = {}
        self.show_labels(labels)
        self.set_metrics(theme.FULL)

    def show_labels(self, labels: Mapping[str, tuple[str, str]]) -> None:
        """Show these entries instead of those before; none of them is the current one."""
        for button in self.buttons.values():
            self._column.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = {}
        while self._column.count() > 1:  # the space between; the head stays
            self._column.takeAt(1)
        for place in PLACES:
            if place.key in labels:
                self._add(place, *labels[place.key])
        self._column.addStretch(1)
        for place in (TURN, LOCK):
            if place.key in labels:
                self._add(place, *labels[place.key])
        self._fit()

    def _add(self, place: RailPlace, words: str, icon: str) -> None:
        button = RailButton(place, words, icon)
        button.clicked.connect(lambda _=False, key=place.key: self.wanted.emit(key))
        self.buttons[place.key] = button
        self._column.addWidget(button)
        button.show()  # in its place already; a rail that is turned answers to its keys at once

    def show_current(self, key: str) -> None:
        """Mark the entry of this key as the current one, "" for none."""
        for name, button in self.buttons.items():
            button.setChecked(name == key)

    def press_alt(self, letter: str) -> bool:
        """Press the entry with this letter; returns whether there is one."""
        for button in self.buttons.values():
            if button.place.letter == letter and button.isEnabled():
                button.click()
                return True
        return False

    def set_metrics(self, metrics: theme.Metrics) -> None:
        """Become lower in a low window."""
        self._metrics = metrics
        self._brand.setFixedHeight(metrics.rail_head)
        self._column.setContentsMargins(6, 0, 6, 6)
        self._column.setSpacing(metrics.rail_gap)
        self._fit()

    def _fit(self) -> None:
        """Make the rows as high as the grid wants, or lower if not all would be seen."""
        metrics, count = self._metrics, max(1, len(self.buttons))
        room = self.height() - metrics.rail_head - 12 - count * metrics.rail_gap
        row = max(ROW_LEAST, min(metrics.rail_row, room // count))
        for button in self.buttons.values():
            button.set_row(row)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Keep every entry in sight."""
        self._fit()
