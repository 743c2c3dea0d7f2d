"""The status strip: what every device and the line to the county are doing, in words.

Faults of devices stand here and nowhere else; the counter goes on. A click opens the sheet that
says how to mend it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy

from station_app.shell import theme
from station_app.shell.icons import paint_icon
from station_app.shell.tone import Tone
from station_app.shell.widgets.tones import INKS, LOOKS

_ICON, _GAP, _SIDE = 18, 6, 14


@dataclass(frozen=True, slots=True)
class StatusItem:
    """One state. key: whose ("line", "receipt_printer"); words: name and state; icon: own or ""."""

    key: str
    words: str
    tone: Tone = "ok"
    icon: str = ""


class StatusButton(QAbstractButton):
    """An item of the strip."""

    def __init__(self, item: StatusItem, *, divided: bool) -> None:
        """Show a state; divided: a line stands left of it."""
        super().__init__()
        self.item = item
        self._is_divided = divided
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(item.words)
        self.setText(item.words)

    @property
    def is_loud(self) -> bool:
        """Tell whether somebody should look at it."""
        return self.item.tone not in ("ok", "plain", "waiting")

    def sizeHint(self) -> QSize:
        """Return the size that icon and words need."""
        metrics = QFontMetrics(theme.font(theme.HINT, bold=self.is_loud))
        icon = _ICON + _GAP if self._icon() else 0
        lead = 0 if not self._is_divided else _SIDE
        trail = 2 if self.item.key == "help" else _SIDE + 2
        return QSize(lead + icon + metrics.horizontalAdvance(self.item.words) + trail, 30)

    def minimumSizeHint(self) -> QSize:
        """Return room for the icon: the words give way last, with an ellipsis."""
        return QSize(min(self.sizeHint().width(), 70), 30)

    def _icon(self) -> str:
        return self.item.icon or LOOKS[self.item.tone].icon

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = 0.0
        if self._is_divided:
            painter.fillRect(QRectF(0, 4, 1, self.height() - 8), theme.colour("line"))
            left = _SIDE
        ink = theme.colour(INKS[self.item.tone])
        if self._icon():
            area = QRectF(left, (self.height() - _ICON) / 2, _ICON, _ICON)
            paint_icon(painter, self._icon(), ink, area)
            left += _ICON + _GAP
        font = theme.font(theme.HINT, bold=self.is_loud)
        painter.setFont(font)
        painter.setPen(ink if self.is_loud else theme.colour("ink2"))
        room = self.width() - left
        words = self.item.words
        shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, int(room))
        area = QRectF(left, 0, room, self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)


class StatusStrip(QFrame):
    """The strip at the bottom. Signals: item_pressed(key), help_wanted."""

    item_pressed = Signal(str)
    help_wanted = Signal()

    def __init__(self, help_words: str) -> None:
        """Make an empty strip; help_words: "F1 帮助"."""
        super().__init__()
        self.setObjectName("strip")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(theme.FULL.padding_x, 0, theme.FULL.padding_x, 0)
        self._row.setSpacing(0)
        self._row.addStretch(1)
        self._buttons: list[StatusButton] = []
        self.tools: list[StatusButton] = []
        self._help = StatusButton(StatusItem("help", help_words, "plain"), divided=False)
        self._help.clicked.connect(self.help_wanted)
        self._row.addWidget(self._help)
        self.setFixedHeight(theme.FULL.strip)

    @property
    def items(self) -> tuple[StatusItem, ...]:
        """Return what it shows."""
        return tuple(button.item for button in self._buttons)

    def show_items(self, items: Sequence[StatusItem]) -> None:
        """Show these states, left to right; nothing happens if they are the same."""
        if tuple(items) == self.items:
            return
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = []
        for number, item in enumerate(items):
            button = StatusButton(item, divided=number > 0)
            button.clicked.connect(lambda _=False, key=item.key: self.item_pressed.emit(key))
            self._row.insertWidget(number, button)
            self._buttons.append(button)
        self._fit()

    def _fit(self) -> None:
        """Where the room is short, what is in order gives way to what is not, from the right."""
        margins = self._row.contentsMargins()
        tools = sum(tool.sizeHint().width() for tool in (*self.tools, self._help))
        room = self.width() - margins.left() - margins.right() - tools
        need = sum(button.sizeHint().width() for button in self._buttons)
        for button in reversed(self._buttons):
            is_spare = need > room and not button.is_loud
            need -= button.sizeHint().width() if is_spare else 0
            button.setVisible(not is_spare)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Show again what fits again."""
        self._fit()

    def add_tool(self, words: str, icon: str, run: Callable[[], None]) -> StatusButton:
        """Add a small tool left of the help."""
        tool = StatusButton(StatusItem("tool", words, "plain", icon), divided=False)
        tool.clicked.connect(lambda _=False: run())
        self._row.insertWidget(self._row.count() - 1, tool)
        self.tools.append(tool)
        return tool

    def set_metrics(self, metrics: theme.Metrics) -> None:
        """Become lower in a low window."""
        self.setFixedHeight(metrics.strip)
        side = metrics.padding_x if metrics is theme.FULL else 16
        self._row.setContentsMargins(side, 0, side, 0)
