"""What is asked before something happens to an order: how she answered, why, how it is paid.

Each panel stands in the place of the money until it is answered; nothing is recorded before.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from station_app.services.purchasing.fates import (
    BEARERS,
    RETURN_REASONS,
    WAYS,
    Fate,
    clock_of,
    left_to_refund,
    may_cancel,
)
from station_app.services.purchasing.rules import balance_due
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import MoneyField, TextField, in_row
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.payment import PaymentPanel
from station_app.shell.widgets.words import Words, hint, rule
from station_app.values.day import add_days, say_day
from station_app.values.money import say_yuan
from station_app.values.paying import ALIPAY, CASH, ON_ACCOUNT, WECHAT, Paying

PAYING_WAYS = (CASH, WECHAT, ALIPAY, ON_ACCOUNT)
REMARK_SIGNS = 200


class FatePanel(Panel):
    """The frame of all of them. Signal changed: something was chosen or typed."""

    changed = Signal()

    def __init__(self, counter: Counter, part: str) -> None:
        """Make it empty. part: the table of its words."""
        super().__init__("active", margins=(20, 12, 20, 12), spacing=8)
        self._counter = counter
        self._part = part
        self.fate = Fate(order=None)
        self.title = Words("", theme.TITLE, bold=True, wrap=True)
        self.small = hint("", wrap=True)
        self.body.addWidget(self.title)
        self.body.addWidget(self.small)

    def _say(self, key: str, /, **slots: object) -> str:
        """Return a sentence of this panel."""
        return self._counter.say(f"purchasing.{self._part}.{key}", **slots)

    def rows(self, *widgets: QWidget) -> None:
        """Put widgets below each other."""
        for widget in widgets:
            self.body.addWidget(widget)
        self.body.addStretch(1)

    def choices(self, values: tuple[str, ...], table: str, first: int, columns: int) -> ChoiceRow:
        """Make a row of choices whose words stand in a table."""
        row = ChoiceRow(
            [Choice(one, self._counter.say(f"purchasing.{table}.{one}")) for one in values],
            first=first,
            columns=columns,
            height=theme.WORD_HEIGHT,
        )
        row.chosen.connect(lambda _value: self.changed.emit())
        return row


class QuotePanel(FatePanel):
    """What she said to a higher price, and how she was asked."""

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__(counter, "quote")
        self.answer = self.choices(("yes", "no"), "quote_answer", 1, 2)
        self.way = self.choices(WAYS, "way", 3, 2)
        self.rows(self.answer, hint(self._say("how")), self.way)

    def ask(self, fate: Fate) -> None:
        """Ask about the price that waits."""
        self.fate = fate
        order = fate.order
        self.answer.set_value("")
        self.way.set_value("")
        if order is not None:
            self.title.setText(self._say("title", amount=say_yuan(order.quote_fen)))
            more = say_yuan(order.quote_fen - order.goods_fen)
            self.small.setText(self._say("small", was=say_yuan(order.goods_fen), more=more))

    def missing(self) -> str:
        """Return what is still to be done, "" when nothing is."""
        if not self.answer.value():
            return "answer"
        return "" if self.way.value() else "way"

    def take_digit(self, digit: int) -> bool:
        """Choose by digit."""
        return self.answer.take_digit(digit) or self.way.take_digit(digit)


class SwapPanel(FatePanel):
    """What she said to other goods, and how she was asked."""

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__(counter, "swap")
        self.answer = self.choices(("yes", "no"), "quote_answer", 1, 2)
        self.way = self.choices(WAYS, "way", 3, 2)
        self.rows(self.answer, hint(counter.say("purchasing.quote.how")), self.way)

    def ask_about(self, fate: Fate, was: str, goods: str) -> None:
        """Ask about the goods that are offered. was: what she ordered; goods: what comes now."""
        self.fate = fate
        self.answer.set_value("")
        self.way.set_value("")
        if fate.order is not None:
            swap = fate.order.swap
            self.title.setText(self._say("title", goods=goods))
            self.small.setText(
                self._say(
                    "small",
                    was=was,
                    before=say_yuan(fate.order.goods_fen),
                    after=say_yuan(swap.goods_fen),
                )
            )

    def missing(self) -> str:
        """Return what is still to be done, "" when nothing is."""
        if not self.answer.value():
            return "answer"
        return "" if self.way.value() else "way"

    def take_digit(self, digit: int) -> bool:
        """Choose by digit."""
        return self.answer.take_digit(digit) or self.way.take_digit(digit)


class ClaimPanel(FatePanel):
    """Who bears what the station gave and the county did not take over."""

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__(counter, "claim")
        self.bearer = self.choices(BEARERS, "bearer", 1, 2)
        self.amount = MoneyField(counter.texts, self._say("amount"))
        self.amount.amount_changed.connect(lambda _fen: self.changed.emit())
        self.rows(self.bearer, self.amount)

    def ask(self, fate: Fate) -> None:
        """Ask about the claim of an order."""
        self.fate = fate
        self.bearer.set_value("")
        left_fen = fate.order.refused_fen if fate.order else 0
        self.title.setText(self._say("title", amount=say_yuan(left_fen)))
        self.small.setText(self._say("small"))
        self.amount.set_fen(left_fen)

    @property
    def amount_fen(self) -> int:
        """Return how much of it is settled now."""
        return self.amount.fen() or 0

    def missing(self) -> str:
        """Return what is still to be done, "" when nothing is."""
        left_fen = self.fate.order.refused_fen if self.fate.order else 0
        if not self.bearer.value():
            return "bearer"
        is_good = not self.amount.is_wrong() and 0 < self.amount_fen <= left_fen
        return "" if is_good else "amount"

    def take_digit(self, digit: int) -> bool:
        """Choose by digit."""
        return self.bearer.take_digit(digit)


class CancelPanel(FatePanel):
    """Why an order is called off; once it was sent, whether she bears a real cost."""

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__(counter, "cancel")
        self.remark = TextField(
            counter.texts, self._say("remark"), limit=REMARK_SIGNS, chinese=True
        )
        self.cost = MoneyField(counter.texts, self._say("cost"))
        self.way = self.choices(WAYS, "way", 1, 2)
        self.rows(self.remark, self.cost, self.way)
        self.cost.amount_changed.connect(lambda _fen: self._show())

    def ask(self, fate: Fate) -> None:
        """Ask about an order."""
        self.fate = fate
        self.remark.set_text("")
        self.cost.set_fen(None)
        self.way.set_value("")
        key = "here" if may_cancel(fate) else "asked"
        self.title.setText(self._say(f"title_{key}"))
        self.small.setText(self._say(f"small_{key}"))
        self.cost.setVisible(key == "asked")
        self._show()

    def _show(self) -> None:
        self.way.setVisible(bool(self.cost.fen()))
        self.changed.emit()

    @property
    def cost_fen(self) -> int:
        """Return how much of a real cost she bears."""
        return self.cost.fen() or 0

    def missing(self) -> str:
        """Return what is still to be done, "" when nothing is."""
        held_fen = self.fate.order.held_fen if self.fate.order else 0
        if self.cost.is_wrong() or self.cost_fen > held_fen:
            return "cost"
        return "way" if self.cost_fen and not self.way.value() else ""

    def take_digit(self, digit: int) -> bool:
        """Choose by digit."""
        return self.way.take_digit(digit)


class FetchPanel(FatePanel):
    """Goods looked at together, who takes them, how the balance is paid."""

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__(counter, "fetch")
        self.looked = hint(self._say("looked"), wrap=True)
        self.who = self.choices(("self", "on_behalf"), "taken_by", 5, 2)
        self.money = PaymentPanel(counter.texts, is_wide=False, ways=PAYING_WAYS)
        self.money.changed.connect(self._pay)
        self.paying = Paying()
        self.rows(self.looked, self.who, rule(), self.money)

    def ask(self, fate: Fate, paying: Paying, collector: str) -> None:
        """Ask about an order. paying: who may owe; collector: who else may fetch it."""
        self.fate = fate
        order, parcel = fate.order, fate.parcel
        if order is None:
            return
        self.who.set_value("self")
        self.who.setVisible(bool(collector))
        courier_fen = parcel.due_fen if parcel is not None and parcel.is_on_hand else 0
        due_fen = balance_due(order) + courier_fen
        self.paying = Paying(person=paying.person, credit=paying.credit, due_fen=due_fen)
        self.title.setText(self._say("title" if due_fen else "title_free", due=say_yuan(due_fen)))
        where = self._say("at", code=parcel.code) if parcel and parcel.is_on_hand else ""
        cod = self._say("with_courier", amount=say_yuan(courier_fen)) if courier_fen else ""
        self.small.setText("，".join(part for part in (where, cod, collector) if part))
        self._show()

    def _pay(self, paying: Paying) -> None:
        self.paying = paying
        self._show()

    def _show(self) -> None:
        has_shift = bool(self._counter.desk.now().shift)
        self.money.show_paying(self.paying, has_shift=has_shift)
        self.changed.emit()

    def missing(self) -> str:
        """Return what the payment still lacks, as the end of a text key of the payment panel."""
        return self.paying.missing(has_shift=bool(self._counter.desk.now().shift))

    def take_digit(self, digit: int) -> bool:
        """Choose by digit."""
        return self.money.take_digit(digit) or self.who.take_digit(digit)


class BackPanel(FatePanel):
    """Goods that come back: why, how much, and how much of it the station gives at once."""

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__(counter, "back")
        self.reason = self.choices(RETURN_REASONS, "back_reason", 1, 2)
        self.reason.chosen.connect(lambda _value: self._show())
        self.is_exchange = False
        self.clock = Words("", theme.BODY, bold=True, wrap=True)
        self.refund = MoneyField(counter.texts, self._say("refund"))
        self.advance = MoneyField(counter.texts, self._say("advance"))
        self.later = hint("", wrap=True)
        self.remark = TextField(
            counter.texts, self._say("remark"), limit=REMARK_SIGNS, chinese=True
        )
        amounts = QWidget()
        amounts.setLayout(in_row(self.refund, self.advance))
        self._amounts = amounts
        self.rows(self.reason, self.clock, amounts, self.later, self.remark)
        for field in (self.refund, self.advance):
            field.amount_changed.connect(lambda _fen: self._show())

    def ask(self, fate: Fate) -> None:
        """Ask about goods of an order."""
        self.fate = fate
        order = fate.order
        self.reason.set_value("")
        self.is_exchange = False
        self.remark.set_text("")
        left_fen = left_to_refund(order) if order else 0
        self.title.setText(self._say("title"))
        self.small.setText(self._say("small", left=say_yuan(left_fen)))
        self.refund.set_fen(left_fen)
        self.advance.set_fen(None)
        self._show()

    def may_be_exchanged(self) -> bool:
        """Tell whether she may have the same goods once more: nothing came back before."""
        return self.fate.order is not None and not self.fate.order.backs

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
        platform = self.fate.platform_last_day
        also = self._say("platform", last=say_day(platform, now.day)) if platform else ""
        self.clock.setText("。".join(part for part in (own, also) if part))
        self.clock.set_ink("pressed" if clock.is_open else "stop")
        self.advance.setEnabled(clock.is_open)
        self._amounts.setVisible(not self.is_exchange)
        later_fen = max(0, self.refund_fen - self.advance_fen)
        key = "exchange" if self.is_exchange else "later"
        amount = self.refund_fen if self.is_exchange else later_fen
        self.later.setText(self._say(key, amount=say_yuan(amount)))
        self.changed.emit()

    def missing(self) -> str:
        """Return what is still to be done, "" when nothing is."""
        left_fen = left_to_refund(self.fate.order) if self.fate.order else 0
        steps = (
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
        return self.reason.take_digit(digit)
