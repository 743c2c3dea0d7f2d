"""A row of choices, each with its digit: 现金 1, 扫码付 2, 记账 3.

A digit chooses as long as no text field has the focus; then the caps turn into Alt+1… (see
`keys.KeyButton`). The digits of a page run on from row to row: give each row its `first`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from station_app.shell.widgets.keys import KeyButton

CHOICES_MAX = 9  # one digit each


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a row. value: what the page gets; label: final words.

    is_possible False greys it out, and `reason` stands in place of its key (要联网).
    """

    value: str
    label: str
    icon: str = ""
    is_possible: bool = True
    reason: str = ""


class ChoiceRow(QWidget):
    """Choices of which one is chosen. Signal chosen(value): by the operator.

    lead: so many share a line of their own above the others, as `show_choices` then lays them out.
    """

    chosen = Signal(str)

    def __init__(
        self,
        choices: Sequence[Choice] = (),
        *,
        first: int = 1,
        columns: int = CHOICES_MAX,
        height: int = 52,
        stacked: bool = False,
    ) -> None:
        """Make a row. first: the digit of the first; columns: then a new line begins.

        stacked: the key stands below the words, for many choices in a narrow place.
        """
        super().__init__()
        self._first = first
        self._columns = columns
        self._height = height
        self._is_stacked = stacked
        self.lead = 0
        self._value = ""
        self._choices: tuple[Choice, ...] = ()
        self.buttons: list[KeyButton] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self.show_choices(choices)

    @property
    def first(self) -> int:
        """Return the digit of the first choice."""
        return self._first

    def value(self) -> str:
        """Return the value chosen, "" for none."""
        return self._value

    def set_value(self, value: str) -> None:
        """Choose, without telling anybody. An unknown value chooses none."""
        self._value = value if any(c.value == value for c in self._choices) else ""
        for choice, button in zip(self._choices, self.buttons, strict=True):
            button.set_selected(selected=choice.value == self._value)

    def show_choices(self, choices: Sequence[Choice], *, first: int | None = None) -> None:
        """Show other choices; the value stays if it is still among them."""
        assert len(choices) <= CHOICES_MAX, "a digit for each"
        self._first = self._first if first is None else first
        for button in self.buttons:
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._choices = tuple(choices)
        self.buttons = [self._button(number) for number in range(len(self._choices))]
        for number, button in enumerate(self.buttons):
            self._grid.addWidget(button, *self._cell_of(number))
        for column in range(self.lead * self._columns):
            self._grid.setColumnStretch(column, 1)  # lines of other lengths, of equal parts
        self.set_value(self._value)

    def _cell_of(self, number: int) -> tuple[int, int, int, int]:
        """Return where one stands: row, column, and over how many of both."""
        lead, columns = self.lead, self._columns
        if number < lead:
            return 0, number * columns, 1, columns
        line, place = divmod(number - lead, columns)
        span = lead or 1
        return line + bool(lead), place * span, 1, span

    def _button(self, number: int) -> KeyButton:
        choice = self._choices[number]
        key = str(self._first + number)
        button = KeyButton(choice.label, key, icon=choice.icon, height=self._height)
        button.set_stacked(stacked=self._is_stacked)
        button.set_possible(possible=choice.is_possible, reason=choice.reason)
        button.clicked.connect(lambda _=False, which=choice.value: self.choose(which))
        return button

    def choose(self, value: str) -> None:
        """Choose as the operator does."""
        self.set_value(value)
        self.chosen.emit(value)

    def take_digit(self, digit: int) -> bool:
        """Choose by digit; returns whether there is such a choice and it may be chosen."""
        number = digit - self._first
        if not 0 <= number < len(self._choices) or not self.isVisible() or not self.isEnabled():
            return False
        if self._choices[number].is_possible:
            self.buttons[number].click()
        return True
