"""The customer's display as a second window, on the second screen if there is one.

It stands still unless the view changes, takes no focus and no key, and shows names with their mask
only. When nobody is served it greets. Everything on it can be read from two metres.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPalette, QScreen
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from station_app.devices.customer_display import IDLE, CustomerLine, CustomerView
from station_app.shell import theme
from station_app.shell.widgets.cards import Amount
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import Words, rule
from station_app.values.money import say_yuan
from station_app.values.texts import Texts

NAME, LINE, SMALL, SUM, CHANGE, IDLE_SIZE = 36, 28, 20, 56, 72, 72
ALONE = (800, 600)
LINES_SHOWN = 4  # the newest; the sum is of all


class CustomerWindow(QWidget):
    """A window of its own that shows one view."""

    def __init__(self, texts: Texts, idle: tuple[str, str]) -> None:
        """Make it. idle: large and small words while nobody is served."""
        super().__init__()
        self._texts = texts
        self._view = IDLE
        self.setWindowTitle(self._say("title"))
        self.setWindowFlag(Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, theme.colour("background"))
        self.setPalette(palette)
        self.setAutoFillBackground(True)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._idle_page(*idle))
        self._pages.addWidget(self._work_page())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)

    def _say(self, key: str, /, **slots: object) -> str:
        return self._texts.say(f"shell.customer.{key}", **slots)

    def _idle_page(self, large: str, small: str) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.addStretch(1)
        self.idle_words = Words(large, IDLE_SIZE, bold=True, ink="pressed", wrap=True).centred()
        column.addWidget(self.idle_words)
        column.addWidget(Words(small, SMALL, ink="ink2", wrap=True).centred())
        column.addStretch(1)
        return page

    def _work_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(40, 16, 40, 16)
        column.setSpacing(8)
        self.name = Words("", NAME, bold=True).elided()
        self.thanks = Words("", NAME, ink="pressed").right()
        head = QHBoxLayout()  # side by side: a small second screen has no row to spare below
        head.addWidget(self.name, 1)
        head.addWidget(self.thanks)
        column.addLayout(head)
        lines = Panel(margins=(28, 8, 28, 8), spacing=4)
        self._rows: list[tuple[Words, Words, Words]] = []
        for _ in range(LINES_SHOWN):
            row = QHBoxLayout()
            row.setSpacing(20)  # 代收货款 ¥86.00 beside ¥86.00 is read as two
            words, small = Words("", LINE).elided(), Words("", SMALL, ink="ink2")
            amount = Words("", LINE, bold=True).right()
            for widget in (words, small, amount):
                row.addWidget(widget, 1 if widget is words else 0)
            lines.body.addLayout(row)
            self._rows.append((words, small, amount))
        self.more = Words("", SMALL, ink="ink2")
        lines.body.addWidget(self.more)
        lines.body.addStretch(1)
        column.addWidget(lines, 1)
        self._line = rule()
        column.addWidget(self._line)
        self.total = Amount("", size=SUM)
        self.given = Amount(self._say("given"), size=LINE)
        self.change = Amount(self._say("change"), size=CHANGE)
        for amount_row in (self.total, self.given, self.change):
            amount_row.words.setFont(theme.font(LINE, bold=True))
            column.addWidget(amount_row)
        return page

    def show_view(self, view: CustomerView) -> None:
        """Show a view in place of the one before."""
        if view == self._view:
            return
        self._view = view
        self._pages.setCurrentIndex(0 if view.is_idle else 1)
        if not view.is_idle:
            self._show_work(view)

    def _show_work(self, view: CustomerView) -> None:
        self.name.setText(str(view.person) if view.person else "")
        self.name.setVisible(view.person is not None)
        self._show_lines(view.lines)
        total = view.total_fen
        has_total = total is not None and (total != 0 or not view.lines)
        self.total.setVisible(has_total)
        if total is not None:
            self.total.words.setText(self._say("gets" if total < 0 else "total"))
            self.total.show_amount(say_yuan(abs(total)))
        self.given.setVisible(view.given_fen is not None)
        self.given.show_amount(say_yuan(view.given_fen or 0))
        self.change.setVisible(view.change_fen is not None)
        self.change.show_amount(say_yuan(view.change_fen or 0), "pressed")
        self.thanks.setVisible(view.is_done)
        self.thanks.setText(self._say("thanks"))

    def _show_lines(self, lines: Sequence[CustomerLine]) -> None:
        shown = lines[-LINES_SHOWN:]
        for row, line in zip(self._rows, [*shown, *[None] * LINES_SHOWN], strict=False):
            words, small, amount = row
            words.setText(line.words if line else "")
            small.setText(line.small if line else "")
            has_amount = line is not None and line.amount_fen is not None
            amount.setText(say_yuan(line.amount_fen or 0) if line and has_amount else "")
        hidden = len(lines) - len(shown)
        self.more.setText(self._say("more", count=hidden) if hidden else "")
        self.more.setVisible(bool(hidden))


class SecondScreen:
    """The window, on the screen where the operator is not. Implements `CustomerDisplay`."""

    def __init__(self, texts: Texts, idle: tuple[str, str]) -> None:
        """Make the window; `appear` shows it."""
        self.window = CustomerWindow(texts, idle)

    def show(self, view: CustomerView) -> None:
        """Show this view."""
        self.window.show_view(view)

    def appear(self, beside: QScreen | None) -> None:
        """Fill the other screen; with one screen, stand in a window. beside: the operator's."""
        others = [screen for screen in QGuiApplication.screens() if screen is not beside]
        if others:
            self.window.setGeometry(others[0].geometry())
            self.window.showFullScreen()
        else:
            self.window.resize(*ALONE)
            self.window.show()

    def close(self) -> None:
        """Take the window away."""
        self.window.close()
        self.window.deleteLater()
