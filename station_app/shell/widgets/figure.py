"""A figure that can be opened: its name, its amount, and behind it the facts it is made of.

It looks like a line of a report. A click opens it, or Space while it has the focus; Enter belongs
to the page's next action.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from station_app.shell import theme
from station_app.shell.widgets.words import Words


class FigureLine(QWidget):
    """One line: words at the left, an amount at the right. Signal opened(key)."""

    opened = Signal(str)

    def __init__(self, key: str, *, bold: bool = False) -> None:
        """Make an empty line. key: what `opened` says; bold: it matters most."""
        super().__init__()
        self.key = key
        self.label = Words("", theme.BODY, bold=bold, ink="ink" if bold else "ink2")
        self.amount = Words("", theme.STRONG if bold else theme.BODY, bold=True).right()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.label)
        row.addStretch(1)
        row.addWidget(self.amount)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)

    def show_figure(self, label: str, amount: str) -> None:
        """Show words and an amount."""
        self.label.setText(label)
        self.amount.setText(amount)
        self.setAccessibleName(f"{label} {amount}")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open it."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self.opened.emit(self.key)
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open it by Space; other keys are the page's."""
        if event.key() == Qt.Key.Key_Space:
            self.opened.emit(self.key)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that it went on."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Underline the amount faintly, and frame the line that has the focus."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QPen(theme.colour("line"), 1, Qt.PenStyle.DotLine))
        place = self.amount.geometry()
        painter.drawLine(place.left(), self.height() - 1, place.right(), self.height() - 1)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("ink"), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)
