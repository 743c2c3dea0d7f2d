"""How the page of a new order looks: who and what at the left, the cart and its money at the right.

seeking: the field asks for whom or what; line: one line is asked for in its place; done: what was
just ordered, until somebody goes on.
"""

from dataclasses import asdict
from typing import Any, Literal

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.devices.customer_display import IDLE, CustomerView
from station_app.services.purchasing.cart import Cart, Item, stepped
from station_app.services.purchasing.outfit import Outfit
from station_app.services.purchasing.pages.line_panel import LinePanel
from station_app.services.purchasing.pages.seeker import Seeker
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.drafts import Draft
from station_app.shell.page import Page
from station_app.shell.widgets.cells import Column, Link, Row, Text
from station_app.shell.widgets.done import DonePanel
from station_app.shell.widgets.fields import MoneyField
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel, Places
from station_app.shell.widgets.payment import PaymentPanel
from station_app.shell.widgets.photographing import KEY, AttachedPhoto
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import IconLabel, Words, hint, rule
from station_app.values.money import say_yuan
from station_app.values.paying import ALIPAY, CASH, ON_ACCOUNT, WECHAT
from station_app.values.paying_draft import kept_paying

Mode = Literal["seeking", "line", "done"]
RIGHT_WIDTH, RIGHT_WIDTH_COMPACT = 540, 520
ROW_HEIGHT = 62
LESS, MORE, STEP_WIDTH = "less", "more", 46  # columns of the cart: a piece less or more by a click
PREPAID_WIDTH = 150
STEP_KEYS = {LESS: "Ctrl+-", MORE: "Ctrl+="}
WAYS = (CASH, WECHAT, ALIPAY, ON_ACCOUNT)


class OrderView(Page):
    """The looks of the page."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Lay the page out with an empty cart."""
        super().__init__(counter, key)
        self.outfit = outfit
        self.cart = Cart()
        self.placed = Cart()
        self.parked: list[dict[str, Any]] = []
        self.mode: Mode = "seeking"
        self.seeker = Seeker(counter, outfit)
        self.line = LinePanel(counter)
        self.photo = AttachedPhoto(self, outfit.photos, KEY, self.show_all)
        self.list = ListTable(
            (
                Column("goods"),
                Column(LESS, STEP_WIDTH, "centre"),
                Column("pieces", 64, "centre"),
                Column(MORE, STEP_WIDTH, "centre"),
                Column("sum", 130, "right"),
            ),
            name=self.say("purchasing.cart.list"),
            row_height=ROW_HEIGHT,
        )
        self.list.acted.connect(self._step)
        self.money = PaymentPanel(counter.texts, is_wide=False, ways=WAYS)
        self.prepaid = MoneyField(counter.texts)
        self.done = DonePanel()
        self._lay_out()
        counter.privacy.listen(self.show_all)

    def _lay_out(self) -> None:
        self._left = Places()
        self._left.addWidget(self.seeker)
        self._left.addWidget(self.line)
        if self.photo.panel is not None:
            self._left.addWidget(self.photo.panel)
        self._right = self._cart_panel()
        self._right.setFixedWidth(RIGHT_WIDTH)
        work = QWidget()
        self._columns = QHBoxLayout(work)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(theme.FULL.gap)
        self._columns.addWidget(self._left, 1)
        self._columns.addWidget(self._right)
        self._work = work
        self._stack = Places()
        self._stack.addWidget(work)
        self._stack.addWidget(self.done)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def _cart_panel(self) -> Panel:
        panel = Panel(margins=(1, 12, 1, 12), spacing=6)
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 0)
        head.setSpacing(10)
        self._name = Words("", theme.TITLE, bold=True)
        self._small = hint("").elided()
        for widget in (IconLabel("person", "pressed"), self._name, self._small):
            head.addWidget(widget)
        self.steppers = {step: self._stepper(step, key) for step, key in STEP_KEYS.items()}
        for button in self.steppers.values():
            head.addWidget(button)
        self._collector = hint("").elided()
        aside = QHBoxLayout()
        aside.setContentsMargins(20, 0, 20, 0)
        aside.addWidget(self._collector)
        panel.body.addLayout(head)
        panel.body.addLayout(aside)
        panel.body.addWidget(rule())
        panel.body.addWidget(self.list, 1)
        panel.body.addWidget(rule())
        sums = QVBoxLayout()
        sums.setContentsMargins(20, 2, 20, 0)
        sums.setSpacing(6)
        self._goods_words, self._goods_sum = hint(""), Words("", theme.BODY, bold=True).right()
        self._fee_sum = Words("", theme.BODY, bold=True).right()
        fee_words = hint(self.say("purchasing.cart.fee"))
        for words, amount in ((self._goods_words, self._goods_sum), (fee_words, self._fee_sum)):
            row = QHBoxLayout()
            row.addWidget(words, 1)
            row.addWidget(amount)
            sums.addLayout(row)
        row = QHBoxLayout()
        asked = QVBoxLayout()
        asked.setSpacing(0)
        asked.addWidget(Words(self.say("purchasing.cart.prepaid"), theme.STRONG, bold=True))
        self._asked = hint("")
        asked.addWidget(self._asked)
        row.addLayout(asked, 1)
        self.prepaid.setFixedWidth(PREPAID_WIDTH)
        self.prepaid.line.setProperty("look", "money")
        self.prepaid.line.setAccessibleName(self.say("purchasing.cart.prepaid"))
        row.addWidget(self.prepaid)
        sums.addLayout(row)
        sums.addWidget(self.money)
        panel.body.addLayout(sums)
        return panel

    def _stepper(self, step: str, key: str) -> KeyButton:
        """Make what takes a piece more or less of the current line by key."""
        words = self.say(f"purchasing.cart.{step}")
        button = KeyButton(words, key, kind="ghost", height=theme.WORD_HEIGHT)
        button.clicked.connect(lambda _=False: self._step(self.list.current(), step))
        return button

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("purchasing.tab.order")

    def customer_view(self) -> CustomerView:
        """Show the customer nothing: what she orders is told, and stands on her slip."""
        return IDLE

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._columns.setSpacing(theme.COMPACT.gap if is_compact else theme.FULL.gap)
        self._right.setFixedWidth(RIGHT_WIDTH_COMPACT if is_compact else RIGHT_WIDTH)
        self._right.body.setContentsMargins(*((1, 6, 1, 6) if is_compact else (1, 12, 1, 12)))
        self.seeker.set_compact(compact=is_compact)
        self.list.set_compact(compact=is_compact)
        self.money.set_compact(compact=is_compact)

    def primary_words(self) -> str:
        """Return what placing the order will do, with the money that it moves now."""
        cart = self.cart
        key = "primary" if cart.prepaid_fen else "primary_free" if cart.items else "primary_bare"
        if not cart.carries:
            return self.say(f"purchasing.cart.{key}", amount=say_yuan(cart.prepaid_fen))
        return self._carried(f"cart.primary_{cart.carries}", cart)

    def done_words(self, cart: Cart) -> str:
        """Return what was taken for an order that is placed."""
        if cart.carries:
            return self._carried(f"done.{cart.carries}", cart)
        key = "title_account" if cart.paying.way == ON_ACCOUNT else "title"
        key = key if cart.prepaid_fen else "title_free"
        return self.say(f"purchasing.done.{key}", amount=say_yuan(cart.prepaid_fen))

    def _carried(self, key: str, cart: Cart) -> str:
        way = "" if cart.due_fen else "_back" if cart.back_fen else "_even"
        amount = say_yuan(cart.due_fen or cart.back_fen)
        return self.say(f"purchasing.{key}{way}", amount=amount)

    def under_way(self) -> str:
        """Return for whom an order is being put together, "" for nobody."""
        if self.mode == "done" or not self.cart.items:
            return ""
        return self.say("purchasing.cart.under_way", name=self.cart.name)

    def draft(self) -> Draft | None:
        """Return the cart as it stands, with those that wait."""
        kept = self.kept()
        if kept is None and not self.parked:
            return None
        return {**(kept or {"person": ""}), "parked": self.parked}

    def kept(self) -> dict[str, Any] | None:
        """Return the cart as a draft keeps it, None where there is nothing in it."""
        if self.mode == "done" or not (self.cart.person or self.cart.items):
            return None
        return {
            "person": self.cart.person,
            "collector": self.cart.collector,
            "items": [asdict(item) for item in self.cart.items],
            "typed_fen": self.cart.typed_fen,
            "is_for_home": self.cart.is_for_home,
            "changes": [self.cart.changes, self.cart.changed, self.cart.credit_fen],
            "sets_off": self.cart.sets_off,
            "paying": kept_paying(self.cart.paid),
        }

    # --- Showing ---------------------------------------------------------------------------------

    def turn_to(self, mode: Mode) -> None:
        """Show another state, and put the hands where they are needed."""
        self.mode = mode
        self.show_all()
        if self.isVisible():
            (self.first_focus() or self).setFocus()

    def first_focus(self) -> QWidget | None:
        """Return what is typed into first."""
        if self.mode == "seeking":
            return self.seeker.field
        return self.line.first_field() if self.mode == "line" else None

    def show_all(self) -> None:
        """Show the state as it is now."""
        self._stack.setCurrentWidget(self.done if self.mode == "done" else self._work)
        line = (self.photo.is_open and self.photo.panel) or self.line
        self._left.setCurrentWidget(line if self.mode == "line" else self.seeker)
        if self.mode != "done":
            self._show_cart()
        self.touch_actions()

    def _show_cart(self) -> None:
        cart, say = self.cart, self.say
        name = self.counter.privacy.name(cart.name)
        self._name.setText(name or say("purchasing.cart.nobody"))
        self._small.setText(cart.small)
        collector = self.counter.privacy.name(cart.collector_name)
        words = say("purchasing.cart.collector", name=collector) if collector else ""
        home = say("purchasing.delivery.home") if cart.is_for_home else ""
        carried = ""
        if cart.carries:
            amount = say_yuan(cart.credit_fen)
            key = f"purchasing.cart.carries_{cart.carries}"
            carried = say(key, number=cart.changed, amount=amount)
        words = "，".join(part for part in (carried, words, home) if part)
        self._collector.setText(words)
        self._collector.setVisible(bool(words))
        self.list.show_rows([self._row(number, item) for number, item in enumerate(cart.items)])
        for button in self.steppers.values():
            button.setVisible(bool(cart.items))
        if cart.items and not self.list.current():
            self.list.choose(str(len(cart.items) - 1))
        key = "goods_guessed" if cart.guessed else "goods"
        self._goods_words.setText(say(f"purchasing.cart.{key}", count=cart.guessed))
        self._goods_sum.setText(say_yuan(cart.goods_fen))
        self._fee_sum.setText(say_yuan(cart.fee_fen))
        asked = "asked" if cart.typed_fen is None else "asked_else"
        self._asked.setText(say(f"purchasing.cart.{asked}", amount=say_yuan(cart.asked_fen)))
        if self.prepaid.fen() != cart.prepaid_fen and not self.prepaid.line.hasFocus():
            self.prepaid.set_fen(cart.prepaid_fen)
        self.money.show_paying(cart.paying, has_shift=bool(self.counter.desk.now().shift))

    def _step(self, row: str, column: str) -> None:
        """Take a piece more or less of a line; one piece stays, `_drop` takes the line away."""
        if not row:
            return
        self.cart = stepped(self.cart, int(row), 1 if column == MORE else -1)
        self.turn_to("seeking")
        self.list.choose(row)
        self.touch_draft()

    def _row(self, number: int, item: Item) -> Row:
        amount = say_yuan(item.due_fen)
        if not item.product:
            amount = self.say("purchasing.cart.about", amount=amount)
        ceiling = ""
        if item.ceiling_fen > item.price_fen:
            above = say_yuan(item.ceiling_fen * item.pieces)
            ceiling = self.say("purchasing.cart.ceiling", amount=above)
        photo = self.say("shell.photo.one") if item.photo else ""
        small = "·".join(part for part in (item.platform, ceiling, photo) if part)
        return Row(
            str(number),
            (
                Text(item.words, theme.BODY, bold=True, small=small),
                Link("−", framed=True) if item.pieces > 1 else None,
                Text(self.say("purchasing.cart.pieces", count=item.pieces), theme.BODY),
                Link("+", framed=True),
                Text(amount, theme.STRONG, bold=True),
            ),
        )
