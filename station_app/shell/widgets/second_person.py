"""Asking for a second person at the counter: who, and her PIN; or the reason why there is nobody.

Nothing here may wait for a person who does not exist: one alone writes why, and the act goes
through marked as done by one (一人办理). The panel never sees a PIN longer than it takes to ask.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout

from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.boxes import CodeBoxes
from station_app.shell.widgets.choices import CHOICES_MAX, Choice, ChoiceRow
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import IconLabel, Words
from station_app.values.staff import Coworker

TryPin = Callable[[str, str, Callable[[str], None]], None]
"""(operator, PIN, then): `then` gets "" when it is her PIN, else the sentence that says why not."""

REASON_MAX = 200
PIN_BOX = QSize(48, 56)
PIN_DIGITS, PIN_DIGITS_LEAST = 6, 4  # a short one ends with Enter
COLUMNS = 3


def no_pins(_operator: str, _pin: str, then: Callable[[str], None]) -> None:
    """Know no PIN at all: for counters without operators."""
    then("")


class SecondPersonPanel(Panel):
    """Asks one of some people for a PIN.

    Signals: confirmed(identity) after the right PIN; alone(reason): nobody else is there.
    """

    confirmed = Signal(str)
    alone = Signal(str)

    def __init__(self, counter: Counter, try_pin: TryPin) -> None:
        """Make it empty."""
        super().__init__("active", margins=(28, 20, 28, 20), spacing=10)
        self._counter = counter
        self._try_pin = try_pin
        self._is_checking = False
        self._question = 0  # how many were asked: an answer counts for its own alone
        self._may_be_alone = True
        say = counter.say
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(IconLabel("key", "warn", 28), 0, Qt.AlignmentFlag.AlignTop)
        self._title = Words("", theme.TITLE, bold=True, wrap=True)
        head.addWidget(self._title, 1)
        self.body.addLayout(head)
        self._small = Words("", theme.BODY, ink="ink2", wrap=True)
        self.people = ChoiceRow(height=theme.FORM_HEIGHT, columns=COLUMNS)
        self._ask = Words("", theme.BODY, bold=True)
        self.boxes = CodeBoxes((PIN_DIGITS,), box=PIN_BOX, concealed=True)
        self.boxes.setAccessibleName(say("shell.second.pin"))
        self._fault = Words("", theme.BODY, ink="stop", wrap=True)
        self._fault.hide()
        self._or = Words(say("shell.second.alone"), theme.BODY, bold=True, wrap=True)
        self.reason = TextField(
            counter.texts,
            limit=REASON_MAX,
            chinese=True,
            placeholder=say("shell.second.reason_example"),
        )
        self.reason.line.setAccessibleName(say("shell.second.reason"))
        self._go_alone = KeyButton(say("shell.second.go_alone"), "F10", height=theme.FORM_HEIGHT)
        for widget in (self._small, self.people, self._ask, self.boxes, self._fault):
            self.body.addWidget(widget)
        self.body.addSpacing(6)
        self.body.addWidget(self._or)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.reason, 1)
        row.addWidget(self._go_alone, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
        self.body.addStretch(1)
        self.people.chosen.connect(lambda _who: self._ask_pin())
        self.boxes.completed.connect(self._complete)
        self.boxes.changed.connect(lambda _signs: self._say_fault(""))
        self._go_alone.clicked.connect(lambda _=False: self.go_alone())

    def ask(
        self, title: str, small: str, people: Sequence[Coworker], *, may_be_alone: bool = True
    ) -> None:
        """Ask these people. may_be_alone: a reason will do instead."""
        self._drop_answer()
        self.boxes.set_least(PIN_DIGITS_LEAST)
        name = self._counter.privacy.name
        self._title.setText(title)
        self._small.setText(small)
        self._small.setVisible(bool(small))
        shown = list(people)[:CHOICES_MAX]
        self.people.show_choices([Choice(one.identity, name(one.name)) for one in shown])
        self.people.set_value(shown[0].identity if len(shown) == 1 else "")
        self.people.setVisible(bool(shown))
        self._may_be_alone = may_be_alone
        for widget in (self._or, self.reason, self._go_alone):
            widget.setVisible(may_be_alone)
        self._or.setText(self._counter.say("shell.second.alone" if shown else "shell.second.only"))
        self.reason.set_text("")
        self._say_fault("")
        self._ask_pin(takes_focus=False)

    def first_focus(self) -> CodeBoxes | TextField | None:
        """Return what is to be filled in first; None while somebody has to be chosen."""
        if self.people.value():
            return self.boxes
        return self.reason if self.people.isHidden() else None

    def take_digit(self, digit: int) -> bool:
        """Let a digit choose who."""
        return self.people.take_digit(digit)

    def go_alone(self) -> None:
        """Go on without anybody, if a reason is written."""
        if not self._may_be_alone:
            return
        if not self.reason.text():
            self.reason.say_fault("shell.second.reason_missing")
            self.reason.setFocus()
            return
        self.alone.emit(self.reason.text())

    def _ask_pin(self, *, takes_focus: bool = True) -> None:
        is_chosen = bool(self.people.value())
        self._ask.setText(self._counter.say("shell.second.pin"))
        for widget in (self._ask, self.boxes):
            widget.setVisible(is_chosen)
        self.boxes.clear()
        self._say_fault("")
        if is_chosen and takes_focus:
            self.boxes.setFocus()

    def _say_fault(self, fault: str) -> None:
        self._fault.setText(fault)
        self._fault.setVisible(bool(fault))

    def _complete(self, pin: str) -> None:
        who = self.people.value()
        if not who or self._is_checking:
            return
        self._is_checking = True
        self.boxes.setEnabled(False)
        question = self._question
        self._try_pin(who, pin, lambda fault: self._answered(question, who, fault))

    def _drop_answer(self) -> None:
        """Whatever is being looked at was for a question that is not asked any more."""
        self._question += 1
        self._is_checking = False
        self.boxes.clear()
        self.boxes.setEnabled(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Given up, or another page: a PIN that is still being looked at opens nothing."""
        super().hideEvent(event)
        self._drop_answer()

    def _answered(self, question: int, who: str, fault: str) -> None:
        if question != self._question:
            return
        self._is_checking = False
        self.boxes.clear()
        self.boxes.setEnabled(True)
        if not fault:
            self.confirmed.emit(who)
            return
        self._counter.sounds.play("warn")
        self.boxes.mark_wrong()
        self._say_fault(fault)
        self.boxes.setFocus()
