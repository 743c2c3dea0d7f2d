"""The content: tabs of the section, a band for practice, and the page in front."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from station_app.shell import theme
from station_app.shell.key_table import FACTS_KEY
from station_app.shell.page import Page
from station_app.shell.practice_band import PracticeBand
from station_app.shell.widgets.panels import SectionTabs
from station_app.values.texts import Texts

_MARK_SIZE = 76


class PageFrame(QScrollArea):
    """Holds a page; lets it scroll when the window is smaller than the page can be."""

    def __init__(self, page: Page) -> None:
        """Take a page in."""
        super().__init__()
        self.page = page
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        page.setAutoFillBackground(False)
        self.setWidget(page)


class Watermark(QWidget):
    """The word 练习 across the page; the mouse goes through it."""

    def __init__(self, parent: QWidget, word: str) -> None:
        """Lie over a widget."""
        super().__init__(parent)
        self._word = word
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the word, slanted, in a grid."""
        painter = QPainter(self)
        ink = theme.colour("practice")
        ink.setAlphaF(0.07)
        painter.setPen(ink)
        painter.setFont(theme.font(_MARK_SIZE, bold=True))
        for x in range(80, self.width(), 430):
            for y in range(100, self.height(), 210):
                painter.save()
                painter.translate(x, y)
                painter.rotate(-18)
                painter.drawText(QRectF(0, -50, 300, 110), self._word)
                painter.restore()


class Content(QWidget):
    """Everything between the bars. Signals: tab_wanted(number), facts_wanted."""

    tab_wanted = Signal(int)
    facts_wanted = Signal()

    def __init__(self, texts: Texts) -> None:
        """Make it empty."""
        super().__init__()
        self._texts = texts
        self.setObjectName("content")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(texts.say("shell.reader.content"))
        self.tabs = SectionTabs((texts.say("shell.page.facts"), FACTS_KEY))
        self.tabs.hide()
        self.tabs.chosen.connect(self.tab_wanted)
        self.tabs.facts_wanted.connect(self.facts_wanted)
        self.band = PracticeBand(texts)
        self.band.hide()
        self._mark: Watermark | None = None
        self._stack = QStackedWidget()
        self._frames: dict[str, PageFrame] = {}
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.band)
        self._column.addWidget(self.tabs)
        self._column.addWidget(self._stack, 1)
        self.set_metrics(theme.FULL)

    def show_page(self, page: Page, tabs: Sequence[tuple[str, int]], current: int) -> None:
        """Bring a page to the front, with the tabs of its section."""
        frame = self._frames.get(page.key)
        if frame is None:
            frame = self._frames[page.key] = PageFrame(page)
            self._stack.addWidget(frame)
        self.show_tabs(tabs, current)
        self._stack.setCurrentWidget(frame)
        if self._mark is not None:
            self._mark.raise_()

    def show_tabs(self, tabs: Sequence[tuple[str, int]], current: int) -> None:
        """Show the tabs of the section; none if it is a single page."""
        self.tabs.show_tabs(tabs, current)
        self._show_row()

    def offer_facts(self, *, are_there: bool) -> None:
        """Show the button that opens the facts behind the page's figures, or do not."""
        self.tabs.facts.setVisible(are_there)
        self._show_row()

    def _show_row(self) -> None:
        self.tabs.setVisible(bool(self.tabs.buttons) or not self.tabs.facts.isHidden())

    def set_practice(self, *, practice: bool) -> None:
        """Show band and watermark, or not."""
        self.band.setVisible(practice)
        if practice and self._mark is None:
            self._mark = Watermark(self, self._texts.say("shell.practice.mark"))
            self._mark.resize(self.size())
        if self._mark is not None:
            self._mark.setVisible(practice)
            self._mark.raise_()

    def set_metrics(self, metrics: theme.Metrics) -> None:
        """Keep less distance in a low window."""
        x, y = metrics.padding_x, metrics.padding_y
        self._column.setContentsMargins(x, y, x, y)
        self._column.setSpacing(12 if metrics is theme.FULL else 8)
        self.tabs.set_compact(compact=metrics is theme.COMPACT)

    def resizeEvent(self, _event: object) -> None:
        """Keep the watermark over everything."""
        if self._mark is not None:
            self._mark.resize(self.size())
