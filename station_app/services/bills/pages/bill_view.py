"""What the page of bills is made of: the form at the left, list or question, the slip to come."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.services.bills.outfit import Outfit
from station_app.services.bills.pages.bill_form import BillForm
from station_app.services.bills.pages.bill_list import BillList
from station_app.services.bills.pages.choosing import ChoicePanel
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.page import Page
from station_app.shell.widgets.cards import ReceiptPreview
from station_app.shell.widgets.done import DonePanel
from station_app.shell.widgets.panels import Banner, Panel, Places
from station_app.shell.widgets.payment import PaymentPanel
from station_app.shell.widgets.words import Words, hint, strong
from station_app.values.paying import ALIPAY, BANK, CASH, WECHAT

PREVIEW_WIDTH = 246


class BillView(Page):
    """Lays the page out. `mode`: form, people, billers, ask, pay, done, cancel."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the widgets."""
        super().__init__(counter, key)
        self.outfit = outfit
        self.mode = "form"
        self.form = BillForm(counter)
        self.bills = BillList(counter, outfit)
        self.choosing = ChoicePanel(counter, outfit)
        self.done = DonePanel()
        self._middle = Places()
        for widget in (
            self.bills, self.choosing, self._build_question(), self._build_pay(), self.done,
        ):  # fmt: skip
            self._middle.addWidget(widget)
        self._preview = Panel("sunk", margins=(12, 12, 12, 12), spacing=8)
        self._preview.setFixedWidth(PREVIEW_WIDTH)
        self._preview.body.addWidget(strong(self.say("bills.preview")))
        self.paper = ReceiptPreview(self.say("bills.preview"))
        self._preview.body.addWidget(self.paper, 1)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(12)
        self._row.addWidget(self.form)
        self._row.addWidget(self._middle, 1)
        self._row.addWidget(self._preview)

    def _build_question(self) -> QWidget:
        self.question = Panel("active", margins=(24, 20, 24, 20), spacing=14)
        self.asked = Banner("", "warn")
        self.question.body.addWidget(self.asked)
        self.question_small = hint("", wrap=True)
        self.question.body.addWidget(self.question_small)
        self.question.body.addStretch(1)
        return self.question

    def _build_pay(self) -> QWidget:
        self.pay = Panel("active", margins=(20, 12, 20, 12), spacing=8)
        self._pay_what = Words("", theme.BODY, ink="ink2").elided()
        self.money = PaymentPanel(self.counter.texts, ways=(CASH, WECHAT, ALIPAY, BANK))
        self.money.stand_tall()
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        self.pay.body.addWidget(self._pay_what)
        self.pay.body.addWidget(self.money, 1)
        return self.pay

    def show_mode(self) -> None:
        """Show the part of the middle that this mode is about."""
        shown: dict[str, QWidget] = {
            "people": self.choosing,
            "billers": self.choosing,
            "ask": self.question,
            "cancel": self.question,
            "pay": self.pay,
            "done": self.done,
        }
        self._middle.setCurrentWidget(shown.get(self.mode, self.bills))
        self.form.setEnabled(self.mode == "form")
        self.form.set_look("active" if self.mode == "form" else "plain")

    def show_pay_what(self, words: str) -> None:
        """Say above the money what it is for."""
        self._pay_what.setText(words)

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window; the slip to come gives up its room first."""
        self._row.setSpacing(theme.COMPACT.gap if is_compact else 12)
        self.form.set_compact(compact=is_compact)
        self.bills.list.set_compact(compact=is_compact)
        self.money.set_compact(compact=is_compact)
