"""What is asked before something happens to an order: how she answered, why, how it is paid.

Each panel stands in the place of the money until it is answered; nothing is recorded before.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from station_app.services.purchasing.fates import (
    BEARERS,
    WAYS,
    Fate,
    may_cancel,
)
from station_app.services.purchasing.rules import balance_due
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import MoneyField, TextField
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.payment import PaymentPanel
from station_app.shell.widgets.words import Words, hint, rule
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
