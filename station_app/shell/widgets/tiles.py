"""Figures of a service on the page of today: large tiles for the work, slim ones for the rest.

Both show the same `Figures` and open the same page; a slim one takes a third of the height, so that
what was done lately and what wants a look keep their room on a low screen.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.shell import theme
from station_app.shell.offers import Figures, Line
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tones import INKS
from station_app.shell.widgets.words import IconLabel, Words, strong

FOOT_GAPS = 22  # between count, unit and line


class LineLabel(QWidget):
    """An icon and a small line, in a tone."""

    def __init__(self, line: Line) -> None:
        """Show a line of a tile or list."""
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        ink = INKS[line.tone]
        if line.icon:
            row.addWidget(IconLabel(line.icon, ink, 18))
        self.words = Words(line.words, theme.HINT, ink=ink).elided()
        row.addWidget(self.words, 1)


class FigureTile(Panel):
    """What both tiles are: a title with its key, a count with its unit, lines of small words.

    Signal pressed: clicked, or the button with its key.
    """

    pressed = Signal()

    def __init__(
        self, title: str, key: str, margins: tuple[int, int, int, int], sizes: tuple[int, int]
    ) -> None:
        """Make a tile without figures. sizes: px of the count and of its unit."""
        super().__init__(margins=margins, spacing=4)
        self._title = title
        self.button = KeyButton("", key, kind="ghost", height=32)
        self.button.clicked.connect(self.pressed)
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._count = Words("", sizes[0], bold=True)
        self.unit_label = Words("", sizes[1], ink="ink2")
        self.labels: list[LineLabel] = []
        self._lines = QVBoxLayout()
        self._lines.setSpacing(6)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_figures(self, figures: Figures) -> None:
        """Show count, unit and lines; whoever hears the screen hears all lines."""
        self._count.setText(str(figures.count))
        self.unit_label.setText(figures.unit)
        for label in self.labels:
            self._lines.removeWidget(label)
            label.hide()
            label.deleteLater()
        self.labels = [LineLabel(line) for line in self.lines_of(figures)]
        for label in self.labels:
            self._lines.addWidget(label)
        spoken = " ".join(line.words for line in figures.lines)
        name = f"{self._title} {figures.count} {figures.unit} {spoken} {self.button.key}"
        self.setAccessibleName(name)

    def lines_of(self, figures: Figures) -> tuple[Line, ...]:
        """Return the lines that it has room for."""
        return figures.lines

    def mouseReleaseEvent(self, event: object) -> None:
        """Open what it stands for."""
        self.pressed.emit()


class StatTile(FigureTile):
    """A large tile: the count is read from two metres away, and two lines stand below it."""

    def __init__(self, title: str, icon: str, key: str) -> None:
        """Make a tile without figures."""
        super().__init__(title, key, (20, 14, 20, 16), (theme.COUNT, theme.STRONG))
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(IconLabel(icon, "pressed"))
        head.addWidget(strong(title))
        head.addStretch(1)
        head.addWidget(self.button)
        counts = QHBoxLayout()
        counts.setSpacing(12)
        counts.addWidget(self._count)
        counts.addWidget(self.unit_label)
        counts.addStretch(1)
        self.body.addLayout(head)
        self.body.addLayout(counts)
        self.body.addLayout(self._lines)


class SlimTile(FigureTile):
    """A slim tile: its title, and below it the count with the one line that matters most.

    Six of them stand in a row of the smallest screen. Where the line would be cut there, a warning
    stands without the unit before it, and what warns of nothing is left out.
    """

    def __init__(self, title: str, icon: str, key: str) -> None:
        """Make a tile without figures."""
        super().__init__(title, key, (16, 8, 12, 8), (theme.STRONG, theme.BODY))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(IconLabel(icon, "pressed"))
        head.addWidget(strong(title))
        head.addStretch(1)
        head.addWidget(self.button)
        self._warns = False
        foot = QHBoxLayout()
        foot.setSpacing(6)
        foot.addWidget(self._count)
        foot.addWidget(self.unit_label)
        foot.addSpacing(4)
        foot.addLayout(self._lines, 1)
        self.body.addLayout(head)
        self.body.addLayout(foot)

    def lines_of(self, figures: Figures) -> tuple[Line, ...]:
        """Return the first line that warns of something, or else the first."""
        warning = (line for line in figures.lines if line.tone != "plain")
        return tuple(line for line in (next(warning, None), *figures.lines) if line)[:1]

    def show_figures(self, figures: Figures) -> None:
        """Show count, unit and the line, as far as there is room."""
        super().show_figures(figures)
        self._warns = any(line.tone != "plain" for line in self.lines_of(figures))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Look again what there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        margins = self.body.contentsMargins()
        room = self.width() - margins.left() - margins.right() - FOOT_GAPS
        room -= self._count.sizeHint().width()
        unit = self.unit_label.sizeHint().width()
        line = max((label.sizeHint().width() for label in self.labels), default=0)
        is_cut = unit + line > room
        self.unit_label.setVisible(not (is_cut and self._warns))
        for label in self.labels:
            label.setVisible(self._warns or not is_cut)
