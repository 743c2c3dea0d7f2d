"""Goods that come back: which of them and why in the middle, rule and money at the right.

What is ticked proposes what she gets back: its share of the final price. The operator may take
another sum; the rule knows the most.
"""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.services.purchasing.documents import Item
from station_app.services.purchasing.facts import ReturnedLine
from station_app.services.purchasing.fates import (
    FAULTS,
    RETURN_REASONS,
    Fate,
    clock_of,
    left_to_refund,
    pieces_left,
)
from station_app.services.purchasing.pages.day_strip import DayStrip
from station_app.services.purchasing.pages.fate_panels import REMARK_SIGNS, FatePanel
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.cells import Column, Row, Text, Tick
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import MoneyField, TextField, in_row
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint
from station_app.values.day import add_days, say_day
from station_app.values.money import say_yuan

ROW_HEIGHT = 56
FOUND = ("seen", "whole")  # what is said of the goods
FIRST_FOUND = 7  # the digit of the first of them


class FoundChoice(ChoiceRow):
    """Something that is said of the goods, or is not: its digit says it and takes it back."""

    def __init__(self, words: str, digit: int) -> None:
        """Make it unsaid."""
        super().__init__((Choice("yes", words),), first=digit, height=theme.WORD_HEIGHT)

    def choose(self, value: str) -> None:
        """Say it, or take it back."""
        super().choose("" if self.value() else value)


class BackGoods(Panel):
    """Which goods of the order, why, and how they were found. Signal changed(is_of_goods)."""

    changed = Signal(bool)

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__("active", margins=(1, 10, 1, 10), spacing=6)
        self._counter = counter
        self._items: tuple[Item, ...] = ()
        self._left: tuple[int, ...] = ()
        self._pieces: list[int] = []
        say = counter.say
        self.table = ListTable(
            (Column("tick", 56), Column("what"), Column("fen", 120, "right")),
            name=say("purchasing.back.which"),
            row_height=ROW_HEIGHT,
        )
        self.table.acted.connect(lambda line, _key: self.step(line))
        self.reason = ChoiceRow(
            [Choice(one, say(f"purchasing.back_reason.{one}")) for one in RETURN_REASONS],
            columns=2,
            height=theme.WORD_HEIGHT,
        )
        self.reason.chosen.connect(lambda _value: self.changed.emit(False))  # noqa: FBT003
        self.found = {
            one: FoundChoice(say(f"purchasing.back.{one}"), FIRST_FOUND + number)
            for number, one in enumerate(FOUND)
        }
        self.photos = hint("")
        self._lay_out()

    def _lay_out(self) -> None:
        say = self._counter.say
        aside = QWidget()
        inner = QVBoxLayout(aside)
        inner.setContentsMargins(17, 0, 17, 0)
        inner.setSpacing(6)
        inner.addWidget(Words(say("purchasing.back.why"), theme.STRONG, bold=True))
        inner.addWidget(self.reason)
        inner.addWidget(Words(say("purchasing.back.found"), theme.STRONG, bold=True))
        inner.addLayout(in_row(*self.found.values(), spacing=8))
        inner.addWidget(self.photos)
        top = QHBoxLayout()
        top.setContentsMargins(18, 0, 18, 0)
        top.addWidget(Words(say("purchasing.back.which"), theme.STRONG, bold=True))
        top.addStretch(1)
        top.addWidget(hint(say("purchasing.back.which_how")))
        self.body.addLayout(top)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(aside)

    def ask(self, fate: Fate, items: tuple[Item, ...]) -> None:
        """Ask about the goods of an order. items: its lines at their final prices."""
        self._items = items
        self._left = pieces_left(fate.order) if fate.order is not None else ()
        self._pieces = list(self._left)
        self.reason.set_value("")
        for row in self.found.values():
            row.set_value("")
        self.show_photos(0)
        self._show()
        self.table.choose("0")

    def show_photos(self, count: int) -> None:
        """Say how many photos go along."""
        key = "photos" if count else "no_photos"
        self.photos.setText(self._counter.say(f"purchasing.back.{key}", count=count))

    def step(self, line: str) -> None:
        """Bring one piece less back of a line; after none all of them again."""
        if line:
            number = int(line)
            left = self._left[number]
            self._pieces[number] = self._pieces[number] - 1 if self._pieces[number] else left
            self._show()
            self.changed.emit(True)  # noqa: FBT003 - a signal

    def _show(self) -> None:
        self.table.show_rows([self._row(number, item) for number, item in enumerate(self._items)])

    def _row(self, number: int, item: Item) -> Row:
        pieces, left = self._pieces[number], self._left[number]
        say = self._counter.say
        key = "some" if pieces else "none" if left else "gone"
        small = say(f"purchasing.back.line_{key}", whole=item.pieces, pieces=pieces)
        what = Text(item.what, theme.STRONG, bold=True, small=small)
        amount = Text(say_yuan(self._fen(number)) if pieces else "", bold=True)
        return Row(str(number), (Tick(bool(pieces)) if left else None, what, amount))

    def _fen(self, number: int) -> int:
        item = self._items[number]
        return item.price_fen * self._pieces[number] // max(1, item.pieces)

    @property
    def lines(self) -> tuple[ReturnedLine, ...]:
        """Return what comes back."""
        return tuple(
            ReturnedLine(line=number, pieces=pieces)
            for number, pieces in enumerate(self._pieces, 1)
            if pieces
        )

    @property
    def fen(self) -> int:
        """Return what was paid for it."""
        return sum(self._fen(number) for number in range(len(self._items)))

    def is_all(self) -> bool:
        """Tell whether everything comes back that the order was of."""
        return tuple(self._pieces) == tuple(item.pieces for item in self._items)

    def is_found(self, what: str) -> bool:
        """Tell whether this was said of the goods."""
        return bool(self.found[what].value())

    def take_digit(self, digit: int) -> bool:
        """Choose by digit."""
        rows: Sequence[ChoiceRow] = (self.reason, *self.found.values())
        return any(row.take_digit(digit) for row in rows)


class BackPanel(FatePanel):
    """By which rule goods come back, how much it is, and how much of it is given at once."""

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__(counter, "back")
        self.goods = BackGoods(counter)
        self.goods.changed.connect(self._goods_changed)
        self.is_exchange = False
        self.clock = Words("", theme.BODY, bold=True, wrap=True)
        self.days = DayStrip()
        self.refund = MoneyField(counter.texts, self._say("refund"))
        self.advance = MoneyField(counter.texts, self._say("advance"))
        self.later = hint("", wrap=True)
        self._ways = hint(self._say("ways"), wrap=True)
        self.remark = TextField(
            counter.texts, self._say("remark"), limit=REMARK_SIGNS, chinese=True
        )
        amounts = QWidget()
        amounts.setLayout(in_row(self.refund, self.advance))
        amounts.setMinimumHeight(amounts.sizeHint().height())  # words that wrap squeeze nothing
        self._amounts = amounts
        self.rows(
            self.clock, self.days, hint(self._say("never"), wrap=True), amounts, self.later,
            self._ways, self.remark, hint(self._say("afterwards"), wrap=True),
        )  # fmt: skip
        for field in (self.refund, self.advance):
            field.amount_changed.connect(lambda _fen: self._show())

    @property
    def reason(self) -> ChoiceRow:
        """Return why."""
        return self.goods.reason

    def ask_about(self, fate: Fate, items: tuple[Item, ...]) -> None:
        """Ask about goods of an order. items: its lines at their final prices."""
        self.fate = fate
        order = fate.order
        self.goods.ask(fate, items)
        self.is_exchange = False
        self.remark.set_text("")
        left_fen = left_to_refund(order) if order else 0
        self.title.setText(self._say("title"))
        self.small.setText(self._say("small", left=say_yuan(left_fen)))
        self.refund.set_fen(min(left_fen, self.goods.fen) or left_fen)
        self.advance.set_fen(None)
        self._show()

    def _goods_changed(self, is_of_goods: bool) -> None:
        if is_of_goods and self.fate.order is not None:
            self.refund.set_fen(min(left_to_refund(self.fate.order), self.goods.fen) or None)
        if self.is_exchange and not self.may_be_exchanged():
            self.is_exchange = False
        self._show()

    def may_be_exchanged(self) -> bool:
        """Tell whether she may have the same goods once more: all come back, nothing did before."""
        order = self.fate.order
        return order is not None and not order.backs and self.goods.is_all()

    def switch(self) -> None:
        """Let her have the same goods once more instead of money, or money after all."""
        self.is_exchange = not self.is_exchange
        self._show()

    @property
    def refund_fen(self) -> int:
        """Return what she is to get back; in exchange all of it."""
        if self.is_exchange and self.fate.order is not None:
            return self.fate.order.goods_fen
        return self.refund.fen() or 0

    @property
    def advance_fen(self) -> int:
        """Return how much of it the station gives at once; in exchange it pays the new order."""
        return self.refund_fen if self.is_exchange else self.advance.fen() or 0

    def is_in_time(self) -> bool:
        """Tell whether the rule of the goods still takes them back."""
        day = self._counter.desk.now().day
        return clock_of(self.fate, self.reason.value(), day).is_open

    def _show(self) -> None:
        now, order = self._counter.desk.now(), self.fate.order
        if order is None:
            return
        clock = clock_of(self.fate, self.reason.value(), now.day)
        key = "in_time" if clock.is_open else "too_late"
        last = say_day(add_days(order.closed_day or now.day, clock.allowed), now.day)
        own = self._say(key, passed=clock.passed, last=last)
        fault = self._say("fault") if self.reason.value() in FAULTS else ""
        platform = self.fate.platform_last_day
        also = self._say("platform", last=say_day(platform, now.day)) if platform else ""
        self.clock.setText("。".join(part for part in (own, fault, also) if part))
        self.days.show_clock(clock, order.closed_day)
        self.clock.set_ink("pressed" if clock.is_open else "stop")
        self.advance.setEnabled(clock.is_open)
        for widget in (self._amounts, self._ways):
            widget.setVisible(not self.is_exchange)
        later_fen = max(0, self.refund_fen - self.advance_fen)
        key = "exchange" if self.is_exchange else "later"
        amount = self.refund_fen if self.is_exchange else later_fen
        self.later.setText(self._say(key, amount=say_yuan(amount)))
        self.changed.emit()

    def missing(self) -> str:
        """Return what is still to be done, "" when nothing is."""
        left_fen = left_to_refund(self.fate.order) if self.fate.order else 0
        steps = (
            ("lines", not self.goods.lines),
            ("reason", not self.reason.value()),
            ("refund", not self.is_exchange and self.refund.is_wrong()),
            ("refund", not 0 < self.refund_fen <= left_fen),
            ("advance", not self.is_exchange and self.advance.is_wrong()),
            ("advance", self.advance_fen > self.refund_fen),
            ("late", self.advance_fen > 0 and not self.is_in_time()),
        )
        return next((step for step, is_open in steps if is_open), "")

    def take_digit(self, digit: int) -> bool:
        """Choose by digit."""
        return self.goods.take_digit(digit)
