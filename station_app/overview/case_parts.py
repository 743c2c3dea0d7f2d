"""What the page of cases is put together from: a side, the steps, whom to ring.

A side says who wrote what down first, and what it tells otherwise than the others is marked. The
steps end with the sentence that closes the case, so the way through the page is the way from top
to bottom.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from station_app.overview.case_list import Account
from station_app.overview.pieces import empty
from station_app.overview.rules import REMARK_MAX
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.offers import Callee
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import IconLabel, Words, hint, rule, strong

CALL_KEY, COUNTY_KEY = "F11", "F10"
BADGE = 24  # px of the disc around the number of a step
STEPS_MAX = 3  # besides the sentence: more would not be read
_FIELD_GAP = 6


class StepNumber(QLabel):
    """The number of a step on a disc."""

    def __init__(self, number: int) -> None:
        """Show a number."""
        super().__init__(str(number))
        self.setFixedSize(QSize(BADGE, BADGE))
        self.setFont(theme.font(theme.HINT, bold=True))
        colours = theme.COLOURS
        self.setStyleSheet(
            f"StepNumber {{ background: {colours.accent}; color: {colours.white};"
            f" border-radius: {BADGE // 2}px; qproperty-alignment: AlignCenter; }}"
        )


class SideCard(Panel):
    """One side: who, when, what, and the key that says that it holds."""

    def __init__(
        self, counter: Counter, account: Account, *, heading: str, moment: str, number: int
    ) -> None:
        """Show an account. heading: "1 号电脑（这台）"; number: its digit, 0 if it is no choice."""
        super().__init__(margins=(18, 8, 18, 8), spacing=3)
        side = account.side
        self.identity = side.identity
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(strong(heading).elided(), 1)
        self.button: KeyButton | None = None
        if number:
            words = counter.texts.say("overview.cases.this_side")
            self.button = KeyButton(words, str(number), height=theme.INLINE_HEIGHT)
            head.addWidget(self.button)
        self.body.addLayout(head)
        self.body.addWidget(hint(moment).elided())
        self.body.addWidget(rule())
        self.body.addLayout(self._fields(account))
        self.body.addStretch(1)
        self.setAccessibleName(f"{heading} {moment}")

    def _fields(self, account: Account) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(_FIELD_GAP // 2)
        grid.setColumnStretch(1, 1)
        for row, (word, value, differs) in enumerate(account.fields):
            grid.addWidget(hint(word), row, 0)
            grid.addWidget(_told_otherwise(value) if differs else Words(value).elided(), row, 1)
        return grid

    def set_chosen(self, *, chosen: bool) -> None:
        """Show whether this side holds."""
        self.set_look("active" if chosen else "plain")
        if self.button is not None:
            self.button.set_selected(selected=chosen)
            self.button.set_icon("ok" if chosen else "")


def _told_otherwise(value: str) -> QWidget:
    """Return a value that another side tells otherwise: marked by ground, shape and ink."""
    ground = QWidget()
    ground.setObjectName("otherwise")
    ground.setStyleSheet(
        f"#otherwise {{ background: {theme.COLOURS.warn_tint}; border-radius: 4px; }}"
    )
    row = QHBoxLayout(ground)
    row.setContentsMargins(8, 2, 8, 2)
    row.setSpacing(6)
    row.addWidget(Words(value, theme.BODY, bold=True, ink="warn").elided())
    row.addWidget(IconLabel("warn", "warn", 20))
    row.addStretch(1)
    return ground


class StepsPanel(Panel):
    """What to do next, line by line; the last is the sentence that closes the case.

    verdict: what holds besides a side; remark: the sentence. changed: told when it was typed.
    """

    def __init__(
        self, counter: Counter, county_phone: Callable[[], str], changed: Callable[[], None]
    ) -> None:
        """Make it empty."""
        super().__init__(margins=(18, 8, 18, 10), spacing=6)
        self._counter = counter
        self._county_phone = county_phone
        self._changed = changed
        self._callee: Callee | None = None
        self._heading = strong(counter.texts.say("overview.cases.next"))
        self._aside = hint()
        self.verdict = ChoiceRow(height=theme.INLINE_HEIGHT)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._heading)
        head.addWidget(self._aside, 1)
        head.addWidget(self.verdict)
        self.body.addLayout(head)
        self._steps = QGridLayout()
        self._steps.setHorizontalSpacing(10)
        self._steps.setVerticalSpacing(6)
        self._steps.setColumnStretch(1, 1)
        self.body.addLayout(self._steps)
        self.remark = TextField(
            counter.texts,
            "",
            limit=REMARK_MAX,
            chinese=True,
            placeholder=counter.texts.say("overview.cases.reason_hint"),
        )
        self.remark.line.setAccessibleName(counter.texts.say("overview.cases.reason"))
        self.remark.changed.connect(lambda _text: changed())
        self._last = QWidget()
        last = QHBoxLayout(self._last)
        last.setContentsMargins(0, 0, 0, 0)
        last.setSpacing(10)
        self._last_number = StepNumber(1)
        last.addWidget(self._last_number)
        last.addWidget(Words(counter.texts.say("overview.cases.reason")))
        last.addWidget(self.remark, 1)
        self.body.addWidget(self._last)
        self.call = KeyButton("", CALL_KEY, icon="phone", height=theme.INLINE_HEIGHT)
        self.call.clicked.connect(lambda _checked: self._call())
        self._number_shown: Words | None = None

    def show_steps(self, steps: Sequence[str], callee: Callee | None, *, is_view: bool) -> None:
        """Show the steps of another case."""
        self.call.setParent(None)
        empty(self._steps)
        self._callee = callee
        for place, step in enumerate(steps[:STEPS_MAX]):
            self._steps.addWidget(StepNumber(place + 1), place, 0)
            self._steps.addWidget(Words(step).elided(), place, 1)
        self._last_number.setText(str(min(len(steps), STEPS_MAX) + 1))
        self._last.setVisible(not is_view)
        self.verdict.setVisible(not is_view)
        key = "kept_view" if is_view else "kept"
        self._aside.setText(self._counter.texts.say(f"overview.cases.{key}"))
        if callee is not None:
            self._number_shown = hint("")
            self._steps.addWidget(self._number_shown, 0, 2)
            self._steps.addWidget(self.call, 0, 3)
            self.call.set_label(self._counter.texts.say("overview.cases.call"))
            self.call.show()
            self.call.set_possible(possible=True)

    def show_verdicts(self, choices: Sequence[Choice], *, first: int, chosen: str) -> None:
        """Offer what may hold besides a side; chosen: a value of it, "" while a side holds."""
        self.verdict.show_choices(choices, first=first)
        self.verdict.set_value(chosen)

    def _call(self) -> None:
        """Show the number; pressed again: she was rung, and the sentence says so."""
        callee, say = self._callee, self._counter.texts.say
        if callee is None or self._number_shown is None:
            return
        if not self._number_shown.text():
            self._number_shown.setText(callee_words(self._counter, callee))
            self.call.set_label(say("overview.cases.called"))
            return
        self.call.set_label(say("overview.cases.call_done"))
        self.call.set_possible(possible=False)
        done = say("overview.cases.called_remark")
        if done not in self.remark.text():
            self.remark.set_text(f"{done}{self.remark.text()}")
        self.remark.line.setFocus()
        self._changed()

    def show_county(self) -> None:
        """Show whom to ring at the county."""
        phone = self._county_phone()
        key = "county_phone" if phone else "county_phone_none"
        self._aside.setText(self._counter.texts.say(f"overview.cases.{key}", phone=phone))


def callee_words(counter: Counter, callee: Callee) -> str:
    """Return whom to ring as it may stand on the screen now: 邱示林 154 0000 6001."""
    privacy = counter.privacy
    name = privacy.name(callee.name) if callee.name else ""
    number = privacy.phone(callee.phone) if callee.phone else ""
    if not number:
        number = counter.texts.say("overview.cases.tail_only", tail=callee.tail or "—")
    return f"{name} {number}".strip()
