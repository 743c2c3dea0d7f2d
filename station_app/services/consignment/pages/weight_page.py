"""A wrong weight is put right (改正重量): the lot, the right weight, one key.

Goods, an own lot's cost and what was used of a contract follow in the same act; a new slip comes
out. What was paid too much or too little for a purchase changes hands at the same moment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QWidget

from station_app.reference import produce_records as reference
from station_app.reference.produce import Sort
from station_app.services.cash.commands import taking
from station_app.services.consignment import records
from station_app.services.consignment.commands import PrintLotPapers, Reweigh
from station_app.services.consignment.lots import Lot
from station_app.services.consignment.outfit import Outfit
from station_app.services.consignment.pages.paying_out import PayingOut
from station_app.services.consignment.pages.weighing import WeighingPart
from station_app.services.consignment.taking import lot_number, quantity_of, reweighed_cost
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.desk import Done
from station_app.shell.page import Action, Page
from station_app.shell.widgets.panels import EmptyState, Panel, Places
from station_app.shell.widgets.words import Words, hint, rule
from station_app.values.money import say_yuan
from station_app.values.weight import say_jin, say_kg

SCALE_WIDTH = 460


class WeightPage(Page):
    """Puts the weight of one lot right."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page without a lot."""
        super().__init__(counter, key)
        self._outfit = outfit
        self.lot = ""
        self._state: Lot | None = None
        self._sort: Sort | None = None
        self.weighing = WeighingPart(counter)
        self.paying = PayingOut(self, outfit, is_wide=False)
        self.money = self.paying.money
        self._name = Words("", theme.TITLE, bold=True).elided()
        self._was = hint("", wrap=True)
        self._is = Words("", theme.TOTAL, bold=True)
        self._cost = Words("", theme.STRONG, bold=True, wrap=True)
        left = Panel("active", margins=(16, 10, 16, 10))
        left.setFixedWidth(SCALE_WIDTH)
        left.body.addWidget(self.weighing)
        left.body.addStretch(1)
        right = Panel(margins=(22, 14, 22, 14))
        for widget in (self._name, self._was, rule(), self._is, self._cost, self.paying):
            right.body.addWidget(widget)
        right.body.addStretch(1)
        work = QWidget()
        columns = QHBoxLayout(work)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(theme.FULL.gap)
        columns.addWidget(left)
        columns.addWidget(right, 1)
        self._work = work
        self._empty = EmptyState(
            "scale", self.say("consignment.weight.empty"), self.say("consignment.weight.how")
        )
        self._stack = Places()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(work)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)
        self.weighing.changed.connect(self._show)
        self.paying.changed.connect(self.touch_actions)
        self._show()

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("consignment.weight.title")

    def first_focus(self) -> QWidget | None:
        """Return the right weight, or number."""
        return self.weighing.first_field() if self.lot else None

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Open the lot of an act, or a lot."""
        lot = subject.get("lot", "")
        if subject.get("act"):
            act = subject["act"]
            lots = self.counter.desk.read(lambda c: records.lots_of_act(c, act))
            lot = lots[0] if lots else ""
        self.lot = lot
        self.weighing.clear()
        self._state = self.counter.desk.read(lambda c: records.lot_state(c, lot)) if lot else None
        produce = self._state.produce if self._state else ""
        day = self.counter.desk.now().day
        self._sort = self.counter.desk.read(lambda c: reference.sort_of(c, produce, day))
        self.weighing.show_sort(self._sort)
        self.paying.begin()
        self._show()
        if self.isVisible():
            (self.first_focus() or self).setFocus()

    def on_digit(self, digit: int) -> bool:
        """Choose a way of paying."""
        return self.money.isVisible() and self.money.take_digit(digit)

    def on_escape(self) -> bool:
        """Go back."""
        self.counter.front.go_back()
        return True

    def _quantity(self) -> int:
        weighed = self.weighing.weighed()
        return quantity_of(self._sort, weighed) if weighed and self._sort else 0

    def _difference_fen(self) -> int:
        quantity = self._quantity()
        return reweighed_cost(self._state, quantity) if self._state and quantity > 0 else 0

    def _words(self, quantity: int) -> str:
        sort = self._sort
        if sort is not None and sort.unit == "piece":
            return f"{quantity} {sort.word}"
        return f"{say_jin(quantity)}（{say_kg(quantity)}）"

    def _show(self) -> None:
        state = self._state
        self._stack.setCurrentWidget(self._work if state else self._empty)
        if state is not None:
            name = f"{self._sort.name if self._sort else state.produce} {state.grade}".rstrip()
            self._name.setText(name)
            number = lot_number(state.code, self.lot)
            was = self._words(state.quantity)
            self._was.setText(self.say("consignment.weight.was", number=number, quantity=was))
            quantity = self._quantity()
            self._is.setText(self._words(quantity) if quantity > 0 else "")
            self._show_money()
        self.touch_actions()

    def _show_money(self) -> None:
        fen = self._difference_fen()
        key = "gives" if fen > 0 else "takes"
        self._cost.setText(
            self.say(f"consignment.weight.{key}", amount=say_yuan(abs(fen))) if fen else ""
        )
        self.paying.setVisible(bool(fen))
        self.paying.show_paying(replace(self.money.paying, due_fen=abs(fen), gives=fen > 0))

    def _missing(self) -> str:
        wrong = self.weighing.wrong()
        if wrong:
            return self.say(f"consignment.missing.{wrong}")
        if not self._difference_fen():
            return ""
        return self.paying.missing()

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done."""
        back = Action(self.say("consignment.weight.back"), "Esc", self.counter.front.go_back)
        if self._state is None:
            return [back]
        missing = self._missing()
        primary = Action(
            self.say("consignment.weight.primary"),
            "Enter",
            self._commit,
            "primary",
            is_enabled=not missing,
            reason=missing,
        )
        return [back, primary]

    def _commit(self) -> None:
        weighed = self.weighing.weighed()
        if weighed is None or self._missing():
            return
        fen = self._difference_fen()
        commands: list[object] = [Reweigh(lot=self.lot, weighed=weighed)]
        if fen > 0:
            commands.append(self.paying.payment(fen))
        elif fen < 0:
            commands.append(taking(replace(self.money.paying, due_fen=-fen)))

        def done(outcome: Done) -> None:
            self.tell_done(self.say("consignment.weight.done"), outcome)
            self.counter.front.go_back()

        self.perform(*commands, PrintLotPapers(act=self.ticket), done=done)
