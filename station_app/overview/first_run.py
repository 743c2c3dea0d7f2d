"""The frame of the first run: a rail with the steps, the step in work, and its buttons.

These pages fill the whole window: before the station is known and somebody is signed in there is
nothing else to go to.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from station_app.overview.pieces import Seal
from station_app.shell import theme
from station_app.shell.widgets.keys import KeyButton, ReasonedButton
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import IconLabel, Words
from station_app.values.texts import Texts

RAIL_WIDTH = 380
NARROW_BELOW = 1_200  # px of the page, rail and all
_STEP_HEIGHT = 72
_DISC = 36


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the rail. state: `done`, `now` or `later`; small: a second line."""

    title: str
    state: str
    small: str = ""


STEPS = ("code", "operator", "devices", "trial", "county")


def first_steps(texts: Texts, now: str, smalls: Mapping[str, str] | None = None) -> list[Step]:
    """Return the steps of opening a station. now: in work, "" before any; smalls: lines of some."""
    at, given = STEPS.index(now) if now else -1, smalls or {}
    steps = []
    for place, name in enumerate(STEPS):
        state = "done" if place < at else "now" if place == at else "later"
        usual = {"done": "overview.enrol.rail_done", "now": "overview.enrol.rail_now"}.get(state)
        small = texts.say(usual) if usual else ""
        if state == "later" and name == "county":
            small = texts.say("overview.enrol.step_county_line")
        steps.append(Step(texts.say(f"overview.enrol.step_{name}"), state, given.get(name, small)))
    return steps


@dataclass(frozen=True, slots=True)
class Thing:
    """One of the things that are going to happen: an icon, words, what it means."""

    icon: str
    words: str
    small: str


class _StepRow(QWidget):
    """One step: its number in a disc, its name, where it stands."""

    def __init__(self, number: int, step: Step) -> None:
        super().__init__()
        self._number = number
        self.setFixedHeight(_STEP_HEIGHT)
        self._title = Words("", theme.STRONG)
        self._small = Words("", theme.HINT, ink="rail_text", wrap=True)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addStretch(1)
        texts.addWidget(self._title)
        texts.addWidget(self._small)
        texts.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(62, 4, 12, 4)
        row.addLayout(texts, 1)
        self.show_step(step)

    def show_step(self, step: Step) -> None:
        """Show where it stands now."""
        self._state = step.state
        is_now = step.state == "now"
        self._title.setText(step.title)
        self._title.setFont(theme.font(theme.STRONG, bold=is_now))
        self._title.set_ink("white" if is_now else "rail_text")
        self._small.setText(step.small)
        self._small.setVisible(bool(step.small))
        self.setAccessibleName(f"{self._number} {step.title} {step.small}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_now, is_done = self._state == "now", self._state == "done"
        if is_now:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("pressed"))
            painter.drawRoundedRect(QRectF(self.rect()), theme.RADIUS, theme.RADIUS)
        disc = QRectF(12, (self.height() - _DISC) / 2, _DISC, _DISC)
        painter.setPen(QPen(theme.colour("white" if is_now else "rail_text"), 1))
        painter.setBrush(theme.colour("white" if is_now else "rail"))
        painter.drawEllipse(disc)
        painter.setPen(theme.colour("rail" if is_now else "rail_text"))
        painter.setFont(theme.font(theme.BODY, bold=True))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, "✓" if is_done else str(self._number))


class FirstRunFrame(QWidget):
    """Rail and content. `content` is the column that a page fills; `add_button` adds below it."""

    def __init__(self, title: str, line: str, steps: Sequence[Step], foot: str = "") -> None:
        """Make the frame. foot: whom to call, at the bottom of the rail."""
        super().__init__()
        self._seconds = 0
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._build_rail(title, line, steps, foot))
        right = QVBoxLayout()
        right.setContentsMargins(48, 24, 48, 20)
        right.setSpacing(10)
        self.content = QVBoxLayout()
        self.content.setSpacing(10)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._buttons.addStretch(1)
        right.addLayout(self.content, 1)
        right.addLayout(self._buttons)
        self._right = right
        row.addLayout(right, 1)

    def _build_rail(self, title: str, line: str, steps: Sequence[Step], foot: str) -> QFrame:
        self._rail = QFrame()
        self._rail.setObjectName("first_run_rail")
        self._rail.setFixedWidth(RAIL_WIDTH)
        self._rail.setStyleSheet(
            f"QFrame#first_run_rail {{ background: {theme.COLOURS.rail}; border: none; }}"
        )
        column = QVBoxLayout(self._rail)
        column.setContentsMargins(32, 44, 24, 28)
        column.setSpacing(4)
        self._title = Words(title, theme.HEADING, bold=True, ink="white")
        self._line = Words(line, theme.BODY, ink="rail_text", wrap=True)
        column.addWidget(self._title)
        column.addWidget(self._line)
        column.addSpacing(20)
        self._steps = [_StepRow(number, step) for number, step in enumerate(steps, 1)]
        for row in self._steps:
            column.addWidget(row)
        column.addStretch(1)
        if foot:
            below = QHBoxLayout()
            below.addWidget(IconLabel("phone", "rail_text"))
            below.addWidget(Words(foot, theme.BODY, ink="rail_text"), 1)
            column.addLayout(below)
        return self._rail

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show how far it has come; as many steps as there were."""
        for row, step in zip(self._steps, steps, strict=True):
            row.show_step(step)

    def show_rail(self, title: str, line: str, *, steps: bool) -> None:
        """Say at the left what this is; without steps when it is no first run."""
        self._title.setText(title)
        self._line.setText(line)
        for row in self._steps:
            row.setVisible(steps)

    def set_low(self, *, low: bool) -> None:
        """Take less room in a low window."""
        self._right.setContentsMargins(*((32, 16, 32, 12) if low else (48, 24, 48, 20)))
        self._right.setSpacing(8 if low else 10)
        self.content.setSpacing(8 if low else 10)

    def add_primary(self, label: str, run: Callable[[], None]) -> KeyButton:
        """Add the next action at the bottom right, with the reason left of it; return it."""
        button = KeyButton(label, "Enter", kind="primary")
        button.clicked.connect(lambda _checked: run())
        self._buttons.addWidget(ReasonedButton(button))
        return button

    def add_secondary(self, label: str, key: str, run: Callable[[], None]) -> KeyButton:
        """Add another action at the bottom left; return it."""
        button = KeyButton(label, key)
        button.clicked.connect(lambda _checked: run())
        self._buttons.insertWidget(self._seconds, button)
        self._seconds += 1
        return button


def thing_card(number: int, thing: Thing) -> Panel:
    """Return a card that says one of the things to come."""
    card = Panel("box", margins=(12, 8, 12, 8), spacing=14, horizontal=True)
    texts = QVBoxLayout()
    texts.setSpacing(0)
    texts.addStretch(1)
    texts.addWidget(Words(f"{number}  {thing.words}", theme.BODY, bold=True))
    texts.addWidget(Words(thing.small, theme.HINT, ink="ink2").elided())
    texts.addStretch(1)
    card.body.addWidget(Seal(thing.icon, "ok", 48))
    card.body.addLayout(texts, 1)
    return card


def things_grid(things: Sequence[Thing], columns: int = 2) -> QWidget:
    """Return cards in a grid."""
    widget = QWidget()
    grid = QGridLayout(widget)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setSpacing(10)
    for place, thing in enumerate(things):
        grid.addWidget(thing_card(place + 1, thing), place // columns, place % columns)
    for column in range(columns):
        grid.setColumnStretch(column, 1)
    return widget


def box_size(*, low: bool, narrow: bool = False) -> QSize:
    """Return the size of PIN boxes; narrow: two PINs must stand beside each other in 1024 px."""
    if narrow:
        return QSize(34, 44)
    return QSize(44, 44) if low else QSize(52, 56)
