"""Counting a drawer: a field for each face of money, and what it comes to.

Enter goes down the faces and, on the last, belongs to the page: a count takes digits and Enter
alone, and nobody compares half of it by pressing Enter once.
"""

from collections.abc import Mapping
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from station_app.services.cash.counting import PIECES_MAX, counted
from station_app.services.cash.facts import Count
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.fields import CountField, in_row
from station_app.shell.widgets.focus import application
from station_app.shell.widgets.keys import ENTER, KeyButton
from station_app.shell.widgets.panels import Panel, StepBadge
from station_app.shell.widgets.words import Words, rule
from station_app.values.money import say_yuan
from station_app.values.paying import FACES

WIDTH = 372
FIELD_WIDTH, FIELD_HEIGHT, FIELD_HEIGHT_LOW = 68, 40, 34
GAP, GAP_LOW = 5, 3
STEP_WIDTH = 36
FOLLOWING_HEIGHT = 30  # the row of the title is no higher for it
DIGITS = 4  # 9,999 pieces of one face
HOLD_MS, REPEAT_MS = 400, 60  # a button held down runs on: 40 notes in three seconds


class CountPanel(Panel):
    """Pieces by face, largest first. Signal changed: something was typed."""

    changed = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__(margins=(20, 12, 20, 10), spacing=4)
        self._counter = counter
        self.setFixedWidth(WIDTH)
        self._badge = StepBadge(1, "")
        self.following = self._following_button()
        self.body.addLayout(in_row(self._badge, self.following))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(GAP)
        self.fields: dict[int, CountField] = {}
        self.steppers: dict[int, tuple[KeyButton, KeyButton]] = {}
        self._sums: dict[int, Words] = {}
        for row, face in enumerate(FACES):
            self._add_face(row, face)
        self._grid.setColumnStretch(5, 1)
        self.body.addLayout(self._grid)
        self.body.addStretch(1)
        self.body.addWidget(rule())
        self._total = Words("", theme.HEADING_LARGE, bold=True).right()
        self._total_label = Words(counter.say("cash.count.total"), theme.STRONG, bold=True)
        foot = QHBoxLayout()
        foot.addWidget(self._total_label)
        foot.addStretch(1)
        foot.addWidget(self._total)
        self.body.addLayout(foot)
        self._show_sums()

    def _add_face(self, row: int, face: int) -> None:
        say = self._counter.say
        label = say(f"cash.face.{face}")
        field = CountField(self._counter.texts, "", digits=DIGITS)
        field.line.setAccessibleName(say("cash.count.pieces_of", face=label))
        field.setFixedWidth(FIELD_WIDTH)
        field.line.setFixedHeight(FIELD_HEIGHT)
        field.changed.connect(lambda _text: self._typed())
        field.line.refused.connect(lambda _key, _slots: self._show_sums())
        self.fields[face] = field
        self._sums[face] = Words("", theme.BODY).right()
        beside = QVBoxLayout()  # the field is too narrow for a sentence, and the rows must stay low
        beside.setSpacing(0)
        beside.addWidget(self._sums[face])
        beside.addWidget(field.give_fault_out())
        fewer, more = self._stepper("minus", face, -1), self._stepper("plus", face, 1)
        self.steppers[face] = (fewer, more)
        cells = (
            Words(label, theme.STRONG, bold=True).right(),
            Words("×", theme.BODY, ink="ink2").centred(),
            fewer,
            field,
            more,
        )
        for column, cell in enumerate(cells):
            self._grid.addWidget(cell, row, column, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addLayout(beside, row, len(cells))

    def _following_button(self) -> KeyButton:
        """Return the button that has Enter as long as another face follows the one in work."""
        button = KeyButton(self._counter.say("cash.count.next_field"), ENTER, kind="ghost")
        button.set_height(FOLLOWING_HEIGHT)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda _=False: self._go_on())
        application().focusChanged.connect(self._focus_moved)
        return button

    def _focus_moved(self, _old: QWidget | None, _new: QWidget | None) -> None:
        self.following.setVisible(self._next_line() is not None)

    def _next_line(self) -> QWidget | None:
        """Return the field after the one in work; None after the last, or elsewhere."""
        focus = QApplication.focusWidget()
        lines = [field.line for field in self.fields.values()]
        return next((after for line, after in pairwise(lines) if line is focus), None)

    def _go_on(self) -> None:
        line = self._next_line()
        if line is not None:
            line.setFocus(Qt.FocusReason.TabFocusReason)

    def _stepper(self, icon: str, face: int, by: int) -> KeyButton:
        """Return a button that counts one piece up or down: the mouse alone suffices."""
        button = KeyButton("", "", kind="inline", icon=icon, height=theme.INLINE_HEIGHT)
        label = self._counter.say(f"cash.face.{face}")
        button.setAccessibleName(self._counter.say(f"cash.count.{icon}", face=label))
        button.setFixedWidth(STEP_WIDTH)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setAutoRepeat(True)
        button.setAutoRepeatDelay(HOLD_MS)
        button.setAutoRepeatInterval(REPEAT_MS)
        button.clicked.connect(lambda _=False: self._count_on(face, by))
        return button

    def _count_on(self, face: int, by: int) -> None:
        pieces = (self.fields[face].count() or 0) + by
        if 0 <= pieces <= PIECES_MAX:
            self.fields[face].set_count(pieces)
            self._typed()

    def showEvent(self, event: QShowEvent) -> None:
        """Let Tab go down the faces; Qt's own order follows the building of the widgets."""
        super().showEvent(event)
        lines = [field.line for field in self.fields.values()]
        for line, following in pairwise(lines):
            QWidget.setTabOrder(line, following)

    # --- What stands in it -----------------------------------------------------------------------

    def begin(self, title: str) -> None:
        """Empty all fields; title: what is counted."""
        self._badge.title.setText(title)
        for field in self.fields.values():
            field.set_count(None)
        self.set_open(is_open=True)
        self._show_sums()

    def begin_over(self) -> None:
        """Go to the first face of an open count; what stands in a field is typed over."""
        first = next(iter(self.fields.values()))
        first.line.setFocus(Qt.FocusReason.TabFocusReason)

    def set_open(self, *, is_open: bool) -> None:
        """Let the count be typed, or freeze it."""
        for field in self.fields.values():
            field.setEnabled(is_open)
        for button in (one for pair in self.steppers.values() for one in pair):
            button.setVisible(is_open)

    def counts(self) -> tuple[Count, ...]:
        """Return what was typed, face by face; an empty field is none of that face."""
        typed = ((face, field.count()) for face, field in self.fields.items())
        return tuple(Count(face, pieces) for face, pieces in typed if pieces)

    @property
    def total_fen(self) -> int:
        """Return what the count comes to."""
        return counted(self.counts())

    @property
    def is_touched(self) -> bool:
        """Tell whether anything was typed, be it a zero: an untouched count is no count."""
        return any(field.text() for field in self.fields.values())

    def written(self) -> dict[str, str]:
        """Return what stands in the fields, for a draft."""
        return {str(face): field.text() for face, field in self.fields.items() if field.text()}

    def take(self, written: Mapping[str, str]) -> None:
        """Put a draft back."""
        for face, field in self.fields.items():
            text = written.get(str(face), "")
            field.set_count(int(text) if text.isascii() and text.isdigit() else None)
        self._show_sums()

    def set_compact(self, *, compact: bool) -> None:
        """Make the rows lower in a low window."""
        height = FIELD_HEIGHT_LOW if compact else FIELD_HEIGHT
        for face, field in self.fields.items():
            field.line.setFixedHeight(height)
            for button in self.steppers[face]:
                button.set_height(height)
        self._grid.setVerticalSpacing(GAP_LOW if compact else GAP)

    def _typed(self) -> None:
        self._show_sums()
        self.changed.emit()

    def _show_sums(self) -> None:
        for face, field in self.fields.items():
            pieces = field.count()
            self._sums[face].setText("" if pieces is None else say_yuan(face * pieces))
            self._sums[face].setVisible(not field.fault)
        self._total.setText(say_yuan(self.total_fen))
        self._total.setAccessibleName(
            f"{self._counter.say('cash.count.total')} {say_yuan(self.total_fen)}"
        )
