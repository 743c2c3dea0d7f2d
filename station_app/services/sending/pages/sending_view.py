"""What the page of sending is made of: who, what, to whom, weight and price; or what is asked."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.services.sending.outfit import Outfit
from station_app.services.sending.pages.finder import Finder
from station_app.services.sending.pages.form_parts import ReceiverPart, SenderPart
from station_app.services.sending.pages.price_part import PricePart, StockPart
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.page import Page
from station_app.shell.widgets.cards import ReceiptPreview
from station_app.shell.widgets.done import DonePanel
from station_app.shell.widgets.panels import Panel, Places
from station_app.shell.widgets.payment import PaymentPanel
from station_app.shell.widgets.words import Words, hint
from station_app.values.paying import ALIPAY, BANK, CASH, WECHAT

LEFT_WIDTH, PRICE_WIDTH, STOCK_WIDTH = 452, 330, 156


class SendingView(Page):
    """Lays the page out. `mode`: form, people, again, pay, done."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the widgets."""
        super().__init__(counter, key)
        self.outfit = outfit
        self.mode = "form"
        self.who = SenderPart(counter)
        self.who.setFixedWidth(LEFT_WIDTH)
        self.whom = ReceiverPart(counter)
        self.price = PricePart(counter)
        self.price.setFixedWidth(PRICE_WIDTH)
        self.stock = StockPart(counter)
        self.paper = ReceiptPreview(self.say("sending.preview"))
        self.finder = Finder(counter, outfit)
        self.done = DonePanel()
        self._places = Places()
        for widget in (self._build_form(), self.finder, self._build_pay(), self.done):
            self._places.addWidget(widget)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(12)
        self._row.addWidget(self.who)
        self._row.addWidget(self._places, 1)
        former = self.who.contents.line
        for field in (self.whom.name, self.whom.phone, self.whom.address, self.price.typed):
            QWidget.setTabOrder(former, field.line)
            former = field.line

    def _build_form(self) -> QWidget:
        self._form = QWidget()
        row = QHBoxLayout(self._form)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        middle = QVBoxLayout()
        middle.setSpacing(6)
        middle.addWidget(self.whom)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.paper, 1)
        beside = QVBoxLayout()
        beside.setSpacing(6)
        beside.addWidget(self.stock)
        beside.addStretch(1)
        self._terms_head = hint(self.say("sending.form.terms"))
        beside.addWidget(self._terms_head)
        beside.addWidget(self.price.terms)
        self.stock.setFixedWidth(STOCK_WIDTH)
        below.addLayout(beside)
        middle.addLayout(below, 1)
        row.addLayout(middle, 1)
        row.addWidget(self.price)
        return self._form

    def _build_pay(self) -> QWidget:
        self.pay = Panel("active", margins=(20, 12, 20, 12), spacing=8)
        self._pay_what = Words("", theme.BODY, ink="ink2").elided()
        self.money = PaymentPanel(self.counter.texts, ways=(CASH, WECHAT, ALIPAY, BANK))
        self.money.stand_tall()
        self.pay.body.addWidget(self._pay_what)
        self.pay.body.addWidget(self.money, 1)
        return self.pay

    def show_mode(self) -> None:
        """Show the part of the page that this mode is about."""
        shown: dict[str, QWidget] = {
            "people": self.finder,
            "again": self.finder,
            "pay": self.pay,
            "done": self.done,
        }
        self._places.setCurrentWidget(shown.get(self.mode, self._form))
        self.who.setEnabled(self.mode == "form")

    def offer_terms(self, *, has_prices: bool) -> None:
        """Ask who pays, or do not: where nothing can be sent there is nothing to pay."""
        self._terms_head.setVisible(has_prices)
        self.price.terms.setVisible(has_prices)

    def show_pay_what(self, words: str) -> None:
        """Say above the money what it is for."""
        self._pay_what.setText(words)

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window; the label to come gives up its room first."""
        self._row.setSpacing(theme.COMPACT.gap if is_compact else 12)
        for part in (self.who, self.whom, self.price, self.money):
            part.set_compact(compact=is_compact)
