"""F1: which key does what, made from the one key table and from the buttons of the page before.

So it cannot say anything that is not so.
"""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.key_table import KEY_LINES
from station_app.shell.page import Action, Page
from station_app.shell.rail import LOCK, PLACES, TURN
from station_app.shell.scaling import AUTOMATIC, SCALES
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.keys import LOOKS, cap_width, paint_cap
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import Words, hint

HELP_PAGE = "shell.help"


class KeyCap(QWidget):
    """A key as it is printed on buttons."""

    def __init__(self, key: str) -> None:
        """Show a key."""
        super().__init__()
        self._key = key
        self.setFixedSize(cap_width(key), 25)
        self.setAccessibleName(key)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_cap(painter, QRectF(self.rect()), self._key, LOOKS["secondary"])


class HelpPage(Page):
    """The page of keys."""

    def __init__(self, counter: Counter) -> None:
        """Make it; the rail's entries and the page's own keys come with `show_keys`."""
        super().__init__(counter, HELP_PAGE)
        head = Words(self.say("shell.help.title"), theme.TITLE, bold=True)
        row = QHBoxLayout()
        row.addWidget(head)
        row.addSpacing(16)
        row.addWidget(hint(self.say("shell.help.small")))
        row.addStretch(1)
        self._scales = ChoiceRow(height=theme.INLINE_HEIGHT)
        self._scale_row = QWidget()
        scale_row = QHBoxLayout(self._scale_row)
        scale_row.setContentsMargins(0, 0, 0, 0)
        scale_row.setSpacing(12)
        scale_row.addWidget(Words(self.say("shell.scale.ask")))
        scale_row.addWidget(self._scales)
        self._scale_row.hide()
        row.addWidget(self._scale_row)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(16)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(row)
        column.addLayout(self._columns, 1)
        self._print: Callable[[], None] | None = None
        self._panels: list[Panel] = []
        self._here: Sequence[tuple[str, str]] = ()
        self._rail: Mapping[str, str] = {}

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("shell.help.title")

    def action_bar(self) -> Sequence[Action]:
        """Lead back, and put the keys on paper."""
        back = Action(self.say("shell.help.back"), "Esc", self._go_back, icon="arrow-left")
        if self._print is None:
            return (back,)
        return (back, Action(self.say("shell.wall.print"), "F10", self._print, icon="printer"))

    def _go_back(self) -> None:
        self.counter.front.go_back()

    def on_escape(self) -> bool:
        """Go back to where the question came up."""
        self._go_back()
        return True

    def show_keys(self, rail: Mapping[str, str], here: Sequence[tuple[str, str]]) -> None:
        """Show the rail (key → words) and the keys of the page before (key, words)."""
        if (rail, here) == (self._rail, self._here) and self._panels:
            return
        self._rail, self._here = rail, here
        for panel in self._panels:
            self._columns.removeWidget(panel)
            panel.hide()
            panel.deleteLater()
        self._panels = [self._rail_panel(), self._group_panel("work"), self._last_panel()]
        for panel in self._panels:
            self._columns.addWidget(panel, 1)

    def offer_wall_sheet(self, put: Callable[[], None]) -> None:
        """Let the operator print the sheet of ten keys; told once per window."""
        self._print = put

    def offer_scales(self, current: str, keep: Callable[[str], None]) -> None:
        """Let the operator choose how large the screen draws; told once per window."""
        if not self._scale_row.isHidden():
            return
        words = [(name, self.say(f"shell.scale.{name}")) for name in (AUTOMATIC, *SCALES)]
        self._scales.show_choices([Choice(name, label) for name, label in words])
        self._scales.set_value(current)
        self._scales.chosen.connect(keep)
        self._scale_row.show()

    def _rail_panel(self) -> Panel:
        panel = Panel(margins=(20, 12, 20, 12), spacing=6)
        panel.head(self.say("shell.help.pages"))
        lines = [
            ((place.key, *([f"Alt+{place.letter}"] if place.letter else [])), self._rail[place.key])
            for place in (*PLACES, TURN, LOCK)
            if place.key in self._rail
        ]
        panel.body.addLayout(_grid(lines))
        panel.body.addStretch(1)
        panel.body.addWidget(hint(self.say("shell.help.alt"), wrap=True))
        return panel

    def _group_panel(self, group: str) -> Panel:
        panel = Panel(margins=(20, 12, 20, 12), spacing=6)
        self._fill(panel, group)
        panel.body.addStretch(1)
        panel.body.addWidget(hint(self.say("shell.key.scan"), wrap=True))
        return panel

    def _last_panel(self) -> Panel:
        panel = Panel(margins=(20, 12, 20, 12), spacing=6)
        self._fill(panel, "window")
        if self._here:
            panel.body.addSpacing(8)
            panel.head(self.say("shell.help.in_page"))
            panel.body.addLayout(_grid([((key,), words) for key, words in self._here]))
        else:
            panel.body.addSpacing(8)
            self._fill(panel, "more")
        panel.body.addStretch(1)
        return panel

    def _fill(self, panel: Panel, group: str) -> None:
        key = f"shell.help.{group}"
        panel.head(self.say(key))
        lines = [
            (tuple(line.keys.split("  ")), self.say(line.words))
            for line in KEY_LINES
            if line.group == key
        ]
        panel.body.addLayout(_grid(lines))


def _grid(lines: Sequence[tuple[tuple[str, ...], str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(5)
    for number, (keys, words) in enumerate(lines):
        caps = QHBoxLayout()
        caps.setSpacing(6)
        for key in keys:
            caps.addWidget(KeyCap(key))
        caps.addStretch(1)
        grid.addLayout(caps, number, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(Words(words, wrap=True), number, 1)
    grid.setColumnStretch(1, 1)
    return grid
