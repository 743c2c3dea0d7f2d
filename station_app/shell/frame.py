"""The frame: where the parts of the window stand, in a full and in a low window. No behaviour."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from station_app.shell import theme
from station_app.shell.action_bar import ActionBar
from station_app.shell.content import Content
from station_app.shell.pad import Pad
from station_app.shell.page import Page
from station_app.shell.practice_band import BAND_HEIGHT
from station_app.shell.rail import Rail
from station_app.shell.scan_sheet import ScanSheet
from station_app.shell.search_list import SearchList, Veil
from station_app.shell.top_bar import TopBar
from station_app.shell.widgets.strip import StatusStrip
from station_app.shell.widgets.toasts import ToastArea
from station_app.values.texts import Texts

PRACTICE_EDGE = 6


class Frame(QWidget):
    """All parts in their places. Signal metrics_changed(bool): low window or not."""

    metrics_changed = Signal(bool)

    def __init__(self, texts: Texts, labels: Mapping[str, tuple[str, str]]) -> None:
        """Put the parts together. labels: the rail's entries, see `Rail`."""
        super().__init__()
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.metrics = theme.FULL
        self._is_practice = False
        self.rail = Rail(texts, labels)
        self.top_bar = TopBar(texts)
        self.content = Content(texts)
        self.action_bar = ActionBar()
        self.action_bar.setAccessibleName(texts.say("shell.reader.actions"))
        self.strip = StatusStrip(texts.say("shell.help.strip"))
        self.pad = Pad(texts)
        self.strip.add_tool(texts.say("shell.pad.tool"), "keyboard", self.switch_pad)
        self.pad.closed.connect(self.switch_pad)
        self._work = QWidget()
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        for part in (self.top_bar, self.content, self.pad, self.action_bar, self.strip):
            right.addWidget(part, 1 if part is self.content else 0)
        row = QHBoxLayout(self._work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(right, 1)
        self._whole = QStackedWidget()
        self._whole.addWidget(self._work)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.addWidget(self._whole)
        self.toasts = ToastArea(self.content, texts)
        self.veil = Veil(self)
        self.veil.hide()
        self.search_list = SearchList(self, texts)
        self.sheet = ScanSheet(self)

    @property
    def is_compact(self) -> bool:
        """Tell whether the window is low."""
        return self.metrics is theme.COMPACT

    def switch_pad(self) -> None:
        """Show the keys on the screen, or put them away."""
        self.pad.setVisible(self.pad.isHidden())

    def show_work(self) -> None:
        """Show rail and bars."""
        self._whole.setCurrentWidget(self._work)

    def show_bare(self, page: Page) -> None:
        """Let a page fill the whole window."""
        if self._whole.indexOf(page) < 0:
            self._whole.addWidget(page)
        self._whole.setCurrentWidget(page)

    def set_practice(self, *, practice: bool) -> None:
        """Draw the brown edge of practice, or not."""
        self._is_practice = practice
        edge = PRACTICE_EDGE if practice else 0
        self._outer.setContentsMargins(edge, edge, edge, edge)
        self.content.set_practice(practice=practice)
        self._fit(self.height())
        self.update()

    def _fit(self, height: int) -> None:
        """Choose the grid by what the band of practice leaves."""
        lost = BAND_HEIGHT + 2 * PRACTICE_EDGE if self._is_practice else 0
        self.set_metrics(theme.metrics_for(height - lost))

    def place_overlays(self) -> None:
        """Put veil, list and sheet where they belong."""
        box = self.top_bar.scan_box
        corner = box.mapTo(self, QPoint(0, box.height()))
        bar = self.top_bar.mapTo(self, QPoint(0, self.top_bar.height()))
        left = self.rail.width() + (PRACTICE_EDGE if self._is_practice else 0)
        self.veil.setGeometry(left, bar.y(), self.width() - left, self.height() - bar.y())
        self.search_list.setGeometry(
            corner.x(), corner.y() + 6, box.width(), self.search_list.height()
        )
        self.sheet.move(corner.x(), bar.y() + 24)

    def show_veil(self, *, shown: bool) -> None:
        """Dim the page, or not."""
        self.veil.setVisible(shown)
        if shown:
            self.place_overlays()
            self.veil.raise_()
            for overlay in (self.search_list, self.sheet):
                overlay.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the grid by height, and keep the overlays in place."""
        super().resizeEvent(event)
        self._fit(event.size().height())
        self.place_overlays()

    def set_metrics(self, metrics: theme.Metrics) -> None:
        """Use another grid."""
        if metrics is self.metrics:
            return
        self.metrics = metrics
        for part in (self.rail, self.top_bar, self.content, self.action_bar, self.strip):
            part.set_metrics(metrics)
        self.metrics_changed.emit(self.is_compact)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the edge of practice."""
        super().paintEvent(event)
        if self._is_practice:
            painter = QPainter(self)
            painter.setPen(QPen(theme.colour("practice"), PRACTICE_EDGE))
            half = PRACTICE_EDGE // 2
            painter.drawRect(self.rect().adjusted(half, half, -half, -half))
