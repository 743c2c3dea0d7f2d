"""Grounds and groups: panels, banners, tabs, the empty state.

No shadows, no blur, no motion: a panel is a white ground with a line around it.
"""

from collections.abc import Callable, Sequence
from typing import Literal

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from station_app.shell import theme
from station_app.shell.offers import Tone
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.tones import INKS, LOOKS
from station_app.shell.widgets.words import IconLabel, Words, hint, strong

PanelLook = Literal["plain", "active", "stop", "sunk", "tint", "box", "bare"]


class Panel(QFrame):
    """A ground with rounded corners. `body` is its layout; `head` adds a heading to it."""

    def __init__(
        self,
        look: PanelLook = "plain",
        *,
        margins: tuple[int, int, int, int] = (20, 16, 20, 16),
        spacing: int = 8,
        horizontal: bool = False,
    ) -> None:
        """Make an empty panel. look: active is the one place that is worked in now."""
        super().__init__()
        self.setProperty("panel", look)
        self.body: QBoxLayout = QHBoxLayout(self) if horizontal else QVBoxLayout(self)
        self.body.setContentsMargins(*margins)
        self.body.setSpacing(spacing)

    def set_look(self, look: PanelLook) -> None:
        """Look otherwise."""
        if self.property("panel") != look:
            self.setProperty("panel", look)
            self.style().unpolish(self)
            self.style().polish(self)

    def head(self, title: str, aside: QWidget | str = "") -> Words:
        """Add a heading with something small at its right; return the heading."""
        words = strong(title)
        row = QHBoxLayout()
        row.addWidget(words)
        row.addStretch(1)
        row.addWidget(hint(aside) if isinstance(aside, str) else aside)
        self.body.addLayout(row)
        return words


class Places(QStackedWidget):
    """Widgets in one place, of which one is shown; it takes the room that there is.

    Wrapped words in one of them do not make the page higher than the window: they may yield; and
    what is not shown asks for no room.
    """

    def __init__(self) -> None:
        """Make it empty."""
        super().__init__()
        self.currentChanged.connect(lambda _index: self.updateGeometry())

    def minimumSizeHint(self) -> QSize:
        """Return what the shown one needs."""
        return self.currentWidget().minimumSizeHint() if self.count() else QSize(0, 0)

    def hasHeightForWidth(self) -> bool:
        """Ask for no height of its own."""
        return False


class Banner(QFrame):
    """A message across the page or in place. It stays until what it says is over.

    tone: offline or notice, warn, stop. A stop banner with a button takes Enter until it is read.
    """

    stays_in_sight = True  # no toast lies over it

    def __init__(self, words: str = "", tone: Tone = "notice", *, small: str = "") -> None:
        """Make a banner; `small` is a second line that says what to do next."""
        super().__init__()
        self._icon = IconLabel(LOOKS[tone].icon or "notice", INKS[tone])
        self._words = Words(words, theme.BODY, bold=True, wrap=True)
        self._small = Words(small, theme.BODY, wrap=True)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._words)
        texts.addWidget(self._small)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 6, 8, 6)
        self._row.setSpacing(14)
        self._row.addWidget(self._icon)
        self._row.addLayout(texts, 1)
        self.setMinimumHeight(48)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.tell(words, tone, small=small)

    @property
    def words(self) -> str:
        """Return what it says."""
        return self._words.text()

    def tell(self, words: str, tone: Tone = "notice", *, small: str = "") -> None:
        """Say something else."""
        look, ink = LOOKS[tone], INKS[tone]
        fill = "stop_tint" if tone == "stop" else look.fill
        edge = "stop" if tone == "stop" else look.edge
        width = 2 if tone == "stop" else 1
        colours = theme.COLOURS
        self.setStyleSheet(
            f"Banner {{ background: {getattr(colours, fill)}; border-radius: {theme.RADIUS}px;"
            f" border: {width}px solid {getattr(colours, edge)}; }}"
        )
        self._icon.show_icon(look.icon or "notice", ink)
        self._words.setText(words)
        self._words.setFont(theme.font(theme.STRONG if small else theme.BODY, bold=True))
        self._words.set_ink(ink)
        self._small.setText(small)
        self._small.setVisible(bool(small))
        self.setAccessibleName(f"{words} {small}".strip())

    def add_button(self, label: str, key: str, run: Callable[[], None]) -> KeyButton:
        """Add a button at the right; return it."""
        button = KeyButton(label, key, height=theme.WORD_HEIGHT)
        button.clicked.connect(lambda _=False: run())
        self._row.addWidget(button)
        return button


class SectionTabs(QWidget):
    """The pages of one entry of the rail: 扫件入库 / 交接单 / 盘库, by Ctrl+1…9.

    At its right end, on pages whose figures come from facts, stands the button that opens them.
    Signals: chosen(int), which tab, from 0; facts_wanted.
    """

    chosen = Signal(int)
    facts_wanted = Signal()

    def __init__(self, facts: tuple[str, str]) -> None:
        """Make an empty row of tabs. facts: words and key of the button at its right end."""
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addStretch(1)
        words, key = facts
        self.facts = KeyButton(words, key, kind="ghost", icon="list", height=theme.FULL.tabs)
        self.facts.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.facts.clicked.connect(self.facts_wanted)
        self.facts.hide()
        self._row.addWidget(self.facts)
        self.buttons: list[KeyButton] = []
        self._labels: list[str] = []
        self.setFixedHeight(theme.FULL.tabs)

    def show_tabs(self, tabs: Sequence[tuple[str, int]], current: int) -> None:
        """Show tabs of (label, how many wait; 0 shows none)."""
        labels = [label for label, _ in tabs]
        if labels == self._labels:  # the same buttons: one of them may be pressed just now
            for number, (button, (_, count)) in enumerate(zip(self.buttons, tabs, strict=True)):
                button.set_badge(str(count) if count else "")
                button.set_selected(selected=number == current)
            return
        self._labels = labels
        for button in self.buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []
        for number, (label, count) in enumerate(tabs):
            button = KeyButton(label, f"Ctrl+{number + 1}", kind="tab", height=self.height())
            button.set_badge(str(count) if count else "")
            button.set_selected(selected=number == current)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _=False, which=number: self.chosen.emit(which))
            self._row.insertWidget(number, button)
            self.buttons.append(button)

    def set_compact(self, *, compact: bool) -> None:
        """Become lower in a low window."""
        metrics = theme.COMPACT if compact else theme.FULL
        self.setFixedHeight(metrics.tabs)
        for button in (*self.buttons, self.facts):
            button.set_height(metrics.tabs)


class EmptyState(Panel):
    """Nothing to do yet: a large icon, what to do first, what helps with it."""

    def __init__(
        self, icon: str, title: str, small: str = "", *, look: PanelLook = "plain"
    ) -> None:
        """Say how to begin. look: bare inside another panel."""
        super().__init__(look, margins=(24, 24, 24, 24), spacing=12)
        self._facts = Panel("box", margins=(22, 14, 22, 14), spacing=10)
        self._facts.hide()
        centre = Qt.AlignmentFlag.AlignHCenter
        self.body.addStretch(1)
        self.body.addWidget(IconLabel(icon, "pressed", 84), 0, centre)
        self.body.addSpacing(12)
        self._title = Words(title, theme.HEADING_LARGE, bold=True, wrap=True).centred()
        self._small = Words(small, theme.STRONG, ink="ink2", wrap=True).centred()
        self.body.addWidget(self._title)
        self.body.addWidget(self._small)
        self.body.addSpacing(12)
        self.body.addWidget(self._facts, 0, centre)
        self.body.addStretch(1)

    def say(self, title: str, small: str = "") -> None:
        """Say something else."""
        self._title.setText(title)
        self._small.setText(small)

    def add_fact(self, icon: str, words: str) -> Words:
        """Add a line to the box below (下一个空位 B-2-08); return its label."""
        row = QHBoxLayout()
        row.setSpacing(10)
        label = Words(words)
        row.addWidget(IconLabel(icon, "ink2"))
        row.addWidget(label, 1)
        self._facts.body.addLayout(row)
        self._facts.show()
        return label


class StepBadge(QWidget):
    """The number of a step and its name: 1 数钱箱."""

    def __init__(self, number: int, title: str, aside: str = "") -> None:
        """Show a step."""
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(Words(str(number), theme.STRONG, bold=True, ink="accent"))
        self.title = strong(title)
        row.addWidget(self.title)
        row.addStretch(1)
        self.aside = hint(aside)
        row.addWidget(self.aside)
