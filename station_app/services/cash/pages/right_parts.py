"""The parts of the correction page: a wrong amount, and wrong change."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station_app.ledger.lending import Lending
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import MoneyField
from station_app.shell.widgets.lending import LendingPanel
from station_app.shell.widgets.payment import GIVING_WAYS, PaymentPanel
from station_app.shell.widgets.words import Words, hint, strong
from station_app.values.money import say_yuan
from station_app.values.paying import Paying
from station_app.values.staff import approval

FIELD_WIDTH = 220
FIRST = 4
LINES_MAX = 3  # digits 4 to 6; with more lines than that the last digit shows the next ones
MORE = "more"


class AmountSide(QWidget):
    """Which line was wrong, and what it should have been. Signal changed."""

    changed = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__()
        self._counter = counter
        self._lines: tuple[tuple[str, str, int], ...] = ()
        self._first = 0
        self._direction = "in"
        say = counter.say
        self.lines = ChoiceRow((), first=FIRST, columns=1, height=theme.FORM_HEIGHT)
        self.lines.chosen.connect(lambda _account: self._chosen())
        self.right = MoneyField(counter.texts, say("cash.right.right_amount"))
        self.right.line.setFixedWidth(FIELD_WIDTH)
        self.right.amount_changed.connect(lambda _fen: self.changed.emit())
        self._nothing = Words(say("cash.right.no_lines"), theme.STRONG, wrap=True)
        self.lending = LendingPanel(counter.texts)
        self.lending.changed.connect(self.changed)
        self.money = PaymentPanel(counter.texts, first=FIRST + LINES_MAX, ways=GIVING_WAYS[:3])
        self.money.changed.connect(lambda _paying: self.changed.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.lines, self._nothing, self.right, self.lending):
            column.addWidget(widget)
        column.addWidget(self.money, 1)

    def show_lines(self, lines: Sequence[tuple[str, str, int]], direction: str) -> None:
        """Show (key, name, fen) of the lines that may be put right."""
        self._lines, self._direction, self._first = tuple(lines), direction, 0
        self._show_choices()
        has_lines = bool(self._lines)
        self.lines.setVisible(has_lines)
        self.right.setVisible(has_lines)
        self._nothing.setVisible(not has_lines)
        self.right.set_fen(None)
        self.lending.clear()
        self.money.clear()
        self.money.show_paying(Paying())

    def _show_choices(self) -> None:
        say, has_more = self._counter.say, len(self._lines) > LINES_MAX
        shown = self._lines[self._first :][: LINES_MAX - has_more]
        choices = [
            Choice(key, say("cash.right.line", name=name, amount=say_yuan(fen)))
            for key, name, fen in shown
        ]
        if has_more:
            choices.append(Choice(MORE, say("cash.right.more_lines")))
        self.lines.show_choices(choices)
        self.lines.set_value(shown[0][0] if shown else "")

    def take_line(self, key: str) -> None:
        """Choose a line by its key, wherever it stands."""
        place = [line[0] for line in self._lines].index(key)
        step = LINES_MAX - 1
        self._first = place // step * step if len(self._lines) > LINES_MAX else 0
        self._show_choices()
        self.lines.set_value(key)

    def _chosen(self) -> None:
        if self.lines.value() == MORE:
            step = self._first + LINES_MAX - 1
            self._first = step if step < len(self._lines) else 0
            self._show_choices()
        self.right.setFocus()
        self.changed.emit()

    def line(self) -> str:
        """Return the key of the line that was wrong."""
        return self.lines.value()

    def difference_fen(self) -> int:
        """Return what is still to be taken, below zero to be given back; 0 while nothing is typed.

        Never more than the field says: an empty one changes nothing.
        """
        right = self.right.fen()
        entered = next((fen for key, _, fen in self._lines if key == self.line()), None)
        if right is None or entered is None:
            return 0
        return right - entered

    def show_difference(self, *, has_shift: bool) -> None:
        """Show how the difference changes hands."""
        fen = self.difference_fen()
        if self.money.paying.due_fen != abs(fen) or self.money.paying.gives != (fen < 0):
            self.money.clear()
            self.money.show_paying(Paying(due_fen=abs(fen), gives=fen < 0), has_shift=has_shift)
        if fen >= 0:
            self.lending.show_lending(Lending(), "")

    def show_lending(self, lent: Lending, staff: int, *, is_manager: bool) -> None:
        """Say beforehand whose money would be given back."""
        self.lending.show_lending(lent, approval(staff, is_manager=is_manager))

    def take_digit(self, digit: int) -> bool:
        """Choose a line, or a way."""
        return self.lines.take_digit(digit) or self.money.take_digit(digit)


class ChangeSide(QWidget):
    """Too much or too little change. Signal changed."""

    changed = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__()
        say = counter.say
        self.which = ChoiceRow(
            [
                Choice("too_little", say("cash.right.too_little")),
                Choice("too_much", say("cash.right.too_much")),
            ],
            first=FIRST,
            height=theme.ACTION_HEIGHT,
        )
        self.which.set_value("too_little")
        self.which.chosen.connect(lambda _which: self._chosen())
        self.field = MoneyField(counter.texts, say("cash.right.by_how_much"))
        self.field.line.setFixedWidth(FIELD_WIDTH)
        self.field.amount_changed.connect(lambda _fen: self.changed.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(strong(say("cash.right.change")))
        column.addWidget(self.which)
        column.addWidget(self.field)
        column.addWidget(hint(say("cash.right.change_hint"), wrap=True))
        column.addStretch(1)

    def _chosen(self) -> None:
        self.field.setFocus()
        self.changed.emit()

    def difference_fen(self) -> int:
        """Return what comes back to the drawer; below zero: what the villager still gets."""
        fen = self.field.fen() or 0
        return fen if self.which.value() == "too_much" else -fen

    def clear(self) -> None:
        """Empty it."""
        self.which.set_value("too_little")
        self.field.set_fen(None)

    def take_digit(self, digit: int) -> bool:
        """Choose too much or too little."""
        return self.which.take_digit(digit)
