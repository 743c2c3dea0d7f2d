"""The top bar: the one box that takes every scan and every search, and where and when we are."""

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station_app.shell import theme
from station_app.shell.offers import Tone
from station_app.shell.widgets.fields import LineField
from station_app.shell.widgets.pills import StatusPill
from station_app.shell.widgets.words import IconLabel, Words
from station_app.values.codes import TEXT_CHARACTERS_MAX
from station_app.values.texts import Texts

ALL_WORDS_FROM = 530  # px of the box in which the long question fits
SEARCH_PAUSE_MS = 120  # after the last keystroke: nobody reads a list while still typing


class _ScanLine(LineField):
    """The line inside the box; tells when it gets and loses the focus."""

    focus_changed = Signal()

    def __init__(self) -> None:
        # People are sought by pinyin here: this is where scans begin, and no input method may
        # come between.
        super().__init__(limit=TEXT_CHARACTERS_MAX)
        self.setProperty("look", "scan")

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit()


class ScanBox(QWidget):
    """The universal box.

    Signals: sought(text) while somebody types, after a pause; refused(key, slots): a paste that
    was not taken. It shows the last scan until something is typed over it.
    """

    sought = Signal(str)
    refused = Signal(str, dict)

    def __init__(self, texts: Texts) -> None:
        """Make an empty box."""
        super().__init__()
        self._texts = texts
        self.line = _ScanLine()
        self.line.setPlaceholderText(texts.say("shell.scan_box.placeholder"))
        self.line.setAccessibleName(texts.say("shell.scan_box.name"))
        self._icon = IconLabel("scan", "pressed")
        row = QHBoxLayout(self)
        row.setContentsMargins(15, 3, 12, 3)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self.line, 1)
        self._pause = QTimer(self, singleShot=True, interval=SEARCH_PAUSE_MS)
        self._pause.timeout.connect(lambda: self.sought.emit(self.text()))
        self.line.textEdited.connect(lambda _text: self._pause.start())
        self.line.refused.connect(self.refused)
        self.line.focus_changed.connect(self._focus_moved)
        self.setFocusProxy(self.line)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.set_metrics(theme.FULL)
        self._focus_moved()

    def text(self) -> str:
        """Return what stands in it, trimmed."""
        return self.line.text().strip()

    @property
    def is_typed_in(self) -> bool:
        """Tell whether somebody stands in it and has typed."""
        return self.line.hasFocus() and self.line.isModified() and bool(self.text())

    def show_text(self, text: str) -> None:
        """Show a scan, or nothing."""
        self._pause.stop()
        self.line.setText(text)

    def begin(self, sign: str) -> None:
        """Take the cursor, and a sign that was typed elsewhere in the place of the last scan."""
        self.show_text("")
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.insert(sign)
        self.line.textEdited.emit(self.line.text())

    @property
    def is_searching(self) -> bool:
        """Tell whether a search will begin after the pause."""
        return self._pause.isActive()

    def stop_waiting(self) -> None:
        """Begin no search: Enter was faster."""
        self._pause.stop()

    def set_metrics(self, metrics: theme.Metrics) -> None:
        """Become smaller in a low window."""
        self.setFixedHeight(metrics.scan_box_height)
        self.line.setFixedHeight(metrics.scan_box_height - 8)
        self.setMaximumWidth(metrics.scan_box_width)
        self.setMinimumWidth(min(420, metrics.scan_box_width))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Ask in fewer words where there is no room for all."""
        key = "placeholder" if self.width() >= ALL_WORDS_FROM else "short_placeholder"
        self.line.setPlaceholderText(self._texts.say(f"shell.scan_box.{key}"))

    def _focus_moved(self) -> None:
        self._icon.show_icon("scan", "pressed" if self.line.hasFocus() else "ink2")
        self.update()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Take the focus, wherever in the box it was clicked."""
        self.line.setFocus(Qt.FocusReason.MouseFocusReason)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge, width = ("accent", 3) if self.line.hasFocus() else ("border", 1)
        half = width / 2
        painter.setPen(QPen(theme.colour(edge), width))
        painter.setBrush(theme.colour("surface"))
        area = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.drawRoundedRect(area, theme.RADIUS, theme.RADIUS)


class TopBar(QFrame):
    """Scan box, state of the scanner, station, day and operator."""

    def __init__(self, texts: Texts) -> None:
        """Make the bar."""
        super().__init__()
        self.setObjectName("top_bar")
        self.scan_box = ScanBox(texts)
        self.scanner = StatusPill(texts.say("shell.scan_box.ready"), "ok")
        self._station = Words("", theme.BODY, bold=True).right()
        self._moment = Words("", theme.HINT, ink="ink2").right()
        place = QVBoxLayout()
        place.setSpacing(0)
        place.addStretch(1)
        place.addWidget(self._station)
        place.addWidget(self._moment)
        place.addStretch(1)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(12)
        self._row.addWidget(self.scan_box, 10)
        self._row.addWidget(self.scanner)
        self._row.addStretch(1)
        self._row.addLayout(place)
        self.set_metrics(theme.FULL)

    def show_place(self, station: str, moment: str) -> None:
        """Show where (赤眉镇·柳荫洼村站) and when and who (11月23日 周一 09:42 当班 李桂芳)."""
        self._station.setText(station)
        self._moment.setText(moment)

    def show_scanner(self, words: str, tone: Tone) -> None:
        """Show what the scanner is doing."""
        self.scanner.show_state(words, tone)

    def set_metrics(self, metrics: theme.Metrics) -> None:
        """Become lower in a low window."""
        self.setFixedHeight(metrics.top_bar + 1)
        side = 24 if metrics is theme.FULL else 16
        self._row.setContentsMargins(side, 0, side, 1)
        self.scan_box.set_metrics(metrics)
