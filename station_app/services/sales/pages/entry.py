"""One line of the basket on its way in: how much, at which price, what is taken off, and why.

A price below what the grower asked for asks how she agreed; nothing is added before that. Weights
are read as 斤 unless they say otherwise, and one that was typed stays marked so.
"""

from dataclasses import dataclass, replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from station_app.services.sales.basket import Goods, Item
from station_app.services.sales.outfit import Scale
from station_app.services.sales.selling import CONSENTS, DISCOUNT_REASONS, PRICE_MAX, QUANTITY_MAX
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import MoneyField, TextField, in_row
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import Words, hint, rule
from station_app.values import spoken
from station_app.values.money import FULL_WIDTH, say_yuan
from station_app.values.weight import parse_jin, say_jin, say_kg

QUANTITY_CHARACTERS_MAX = 20
PIECE_ENDINGS = "个枚件只箱袋盒瓶把捆条桶台卷套本张双支"
JIN_OF_KG = 2
REASONS = tuple(reason for reason in DISCOUNT_REASONS if reason != "label")
FIRST_REASON, FIRST_CONSENT = 1, 7


@dataclass(frozen=True, slots=True)
class Measured:
    """A quantity in grams or pieces, and how it was found."""

    quantity: int
    weighed: str
    frame: str = ""


class EntryPanel(Panel):
    """Asks for one line. Signal changed: something was typed.

    place: number of the line that is put right, None for a new one.
    """

    changed = Signal()

    def __init__(self, counter: Counter, scale: Scale) -> None:
        """Make it empty."""
        super().__init__("active", margins=(22, 14, 22, 12), spacing=8)
        self._counter = counter
        self._scale = scale
        self.goods: Goods | None = None
        self.left: int | None = None
        self.place: int | None = None
        self._taken: Measured | None = None
        self._per = "piece"
        self._build()

    def _say(self, key: str, /, **slots: object) -> str:
        return self._counter.say(f"sales.entry.{key}", **slots)

    def _build(self) -> None:
        texts = self._counter.texts
        self._name = Words("", theme.TITLE, bold=True).elided()
        self._small = hint("").elided()
        self.quantity = TextField(
            texts, self._say("quantity"), limit=QUANTITY_CHARACTERS_MAX, chinese=True
        )
        self.quantity.line.setProperty("look", "money")
        self.price = MoneyField(texts, self._say("price_jin"))
        self._means = hint("")
        self.discount = MoneyField(texts, self._say("discount"))
        self.reasons = ChoiceRow(
            [Choice(one, self._counter.say(f"sales.discount.{one}")) for one in REASONS],
            first=FIRST_REASON,
            columns=3,
            height=theme.INLINE_HEIGHT,
        )
        self._floor = Words("", theme.BODY, bold=True, ink="warn", wrap=True)
        self.consents = ChoiceRow(
            [Choice(one, self._counter.say(f"sales.consent.{one}")) for one in CONSENTS],
            first=FIRST_CONSENT,
            height=theme.INLINE_HEIGHT,
        )
        self._sum_words = Words(self._say("sum"), theme.STRONG, bold=True)
        self._sum = Words("", theme.TOTAL, bold=True, ink="pressed").right()
        total = QWidget()
        row = QHBoxLayout(total)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._sum_words)
        row.addStretch(1)
        row.addWidget(self._sum)
        self.body.addWidget(self._name)
        self.body.addWidget(self._small)
        self.body.addWidget(rule())
        self.body.addLayout(in_row(self.quantity, self.price))
        self.body.addWidget(self._means)
        self.body.addWidget(self._floor)
        self.body.addWidget(self.consents)
        self.body.addWidget(self.discount)
        self.body.addWidget(self.reasons)
        self.body.addStretch(1)
        self.body.addWidget(rule())
        self.body.addWidget(total)
        self.setTabOrder(self.quantity.line, self.price.line)
        self.setTabOrder(self.price.line, self.discount.line)
        self.quantity.changed.connect(self._type_quantity)
        for field in (self.price, self.discount):
            field.amount_changed.connect(lambda _fen: self._show())
        for choices in (self.reasons, self.consents):
            choices.chosen.connect(lambda _value: self._show())

    # --- Asking ----------------------------------------------------------------------------------

    def ask(self, goods: Goods, left: int | None, *, item: Item | None = None) -> None:
        """Ask for a line of these goods. left: how much may still go into the basket."""
        self.goods, self.left = goods, left
        self._taken = None
        self.setEnabled(True)
        price_fen = item.price_fen if item else goods.first_price_fen
        self._per = "piece"
        if goods.is_weighed:
            self._per = "kg" if price_fen % JIN_OF_KG else "jin"
        self.price.set_label(self._say(f"price_{self._per}", word=self.word))
        self._fill(item, price_fen)
        if item is None and goods.is_weighed:
            self.take_weight()
        self._show()

    def _fill(self, item: Item | None, price_fen: int) -> None:
        quantity = "" if item is None else self._quantity_text(item.quantity)
        if item is None and self.goods is not None and not self.goods.is_weighed:
            quantity = "1"
        self.quantity.set_text(quantity)
        if item is not None:
            self._taken = Measured(item.quantity, item.weighed, item.frame)
        self.price.set_fen(price_fen // self._parts if price_fen else None)
        self.discount.set_fen(item.discount_fen if item and item.discount_fen else None)
        self.reasons.set_value(item.reason if item else "")
        self.consents.set_value(item.consent if item else "")

    def ask_amount(self, quantity: int, weighed: str) -> None:
        """Begin with a quantity that a label says."""
        self._taken = Measured(quantity, weighed)
        self.quantity.set_text(self._quantity_text(quantity))
        self._show()

    def take_weight(self) -> bool:
        """Take what stands on the scale; returns whether it gave something."""
        if self.goods is None or not self.goods.is_weighed:
            return False
        weighed = self._scale.take()
        if weighed is None or weighed.grams <= 0:
            return False
        self._taken = Measured(weighed.grams, "scale", weighed.frame)
        self.quantity.set_text(self._quantity_text(weighed.grams))
        self._counter.voice.speak("weight", spoken.weight(weighed.grams))
        self._show()
        return True

    def first_field(self) -> QWidget:
        """Return what is typed first: the quantity, or the price when only that is missing."""
        return self.price if self.measured() is not None and not self.price.fen() else self.quantity

    def take_digit(self, digit: int) -> bool:
        """Choose a reason or how she agreed."""
        for choices in (self.reasons, self.consents):
            if choices.isVisible() and choices.take_digit(digit):
                return True
        return False

    # --- What was typed --------------------------------------------------------------------------

    @property
    def word(self) -> str:
        """Return how one piece is called."""
        word = self.goods.word if self.goods else ""
        return word or self._counter.say("sales.piece")

    @property
    def _parts(self) -> int:
        """Return by what a price for the eye is multiplied: people ask by the 斤."""
        return JIN_OF_KG if self._per == "jin" else 1

    def _quantity_text(self, quantity: int) -> str:
        if self.goods is not None and self.goods.is_weighed:
            return say_jin(quantity).replace(" ", "").replace(",", "")
        return str(quantity)

    def price_fen(self) -> int:
        """Return the price per kilogram or piece, 0 while there is none."""
        return (self.price.fen() or 0) * self._parts

    def measured(self) -> Measured | None:
        """Return the quantity, None while there is none."""
        goods = self.goods
        text = self.quantity.text().translate(FULL_WIDTH).strip()
        if goods is None or not text:
            return None
        if goods.is_weighed:
            grams = parse_jin(text)
            found = Measured(grams, "typed") if grams else None
        else:
            bare = text.rstrip(PIECE_ENDINGS + goods.word).strip()
            is_number = bare.isascii() and bare.isdigit() and len(bare) <= len(str(QUANTITY_MAX))
            found = Measured(int(bare), "") if is_number and int(bare) else None
        if found is None or found.quantity > QUANTITY_MAX:
            return None
        is_taken = self._taken is not None and self._taken.quantity == found.quantity
        return self._taken if is_taken else found

    def item(self) -> Item | None:
        """Return the line as it stands, None while quantity or price is missing."""
        measured, goods = self.measured(), self.goods
        if goods is None or measured is None or not self.price_fen():
            return None
        discount_fen = self.discount.fen() or 0
        return Item(
            goods=goods,
            quantity=measured.quantity,
            price_fen=self.price_fen(),
            discount_fen=discount_fen,
            reason=self.reasons.value() if discount_fen else "",
            consent=self.consents.value() if self.price_fen() < goods.floor_fen else "",
            weighed=measured.weighed,
            frame=measured.frame,
        )

    def missing(self) -> str:
        """Return what is still to be done, as the end of a text key, "" when nothing is."""
        item = self.item()
        measured = self.measured()
        short = self.left is not None and measured is not None and measured.quantity > self.left
        steps = (
            ("quantity", measured is None),
            ("over", short),
            ("price", not 0 < self.price_fen() <= PRICE_MAX),
            ("discount", self.discount.is_wrong()),
            ("little", item is not None and not item.amount_fen),
            ("discount_most", item is not None and item.discount_fen >= item.amount_fen > 0),
            ("reason", item is not None and bool(item.discount_fen) and not item.reason),
            ("consent", item is not None and item.is_below_floor and not item.consent),
        )
        return next((step for step, is_open in steps if is_open), "")

    # --- Showing ---------------------------------------------------------------------------------

    def _type_quantity(self, text: str) -> None:
        self._show()
        bare = text.strip()
        is_started = bool(bare) and not bare.endswith(".")
        if is_started and self.measured() is None:
            kind = "weight" if self.goods and self.goods.is_weighed else "pieces"
            self.quantity.show_fault(self._say(f"wrong_{kind}"))

    def _show(self) -> None:
        goods = self.goods
        if goods is None:
            return
        self._name.setText(goods.name)
        self._small.setText(self._small_words(goods))
        self._means.setText(self._means_words())
        item = self.item()
        is_below = 0 < self.price_fen() < goods.floor_fen
        floor = self._price_words(goods.floor_fen)
        self._floor.setText(self._say("below_floor", floor=floor))
        for widget in (self._floor, self.consents):
            widget.setVisible(is_below)
        self.reasons.setVisible(bool(self.discount.fen()))
        self._sum.setText(say_yuan(item.due_fen) if item and item.due_fen > 0 else "")
        self._say_over()
        self.changed.emit()

    def _small_words(self, goods: Goods) -> str:
        parts = [goods.small]
        if self.left is not None:
            parts.append(self._say("left", left=self.quantity_words(max(0, self.left))))
        return "·".join(part for part in parts if part)

    def quantity_words(self, quantity: int) -> str:
        """Return a quantity of these goods in words."""
        if self.goods is not None and self.goods.is_weighed:
            return say_jin(quantity)
        return f"{quantity} {self.word}"

    def _price_words(self, price_fen: int) -> str:
        per = self._say(f"per_{self._per}", word=self.word)
        return f"{say_yuan(-(-price_fen // self._parts))}/{per}"

    def _means_words(self) -> str:
        measured = self.measured()
        if measured is None or self.goods is None or not self.goods.is_weighed:
            return ""
        how = self._say(f"how_{measured.weighed or 'typed'}")
        return f"{say_jin(measured.quantity)}（{say_kg(measured.quantity)}）{how}"

    def _say_over(self) -> None:
        measured = self.measured()
        if measured is None:
            return
        if self.left is not None and measured.quantity > self.left:
            left = self.quantity_words(max(0, self.left))
            self.quantity.show_fault(self._say("over", left=left))
        else:
            self.quantity.clear_fault()


def from_label(goods: Goods, holds: str, value: int) -> Item | None:
    """Return the line that the label of a shop scale says; None while the goods have no price.

    A label with a price is what the customer has read: the grams that make at least that much, and
    the few fen beyond it are let off as the label's.
    """
    price_fen = goods.first_price_fen
    if holds == "price":
        if not price_fen or not value:
            return None
        whole = 1_000 if goods.is_weighed else 1
        quantity = max(1, -(-value * whole // price_fen))
        item = Item(goods=goods, quantity=quantity, price_fen=price_fen, weighed="label")
        while item.amount_fen < value:  # half-up may fall short by a gram
            item = replace(item, quantity=item.quantity + 1)
        return replace(
            item,
            discount_fen=item.amount_fen - value,
            reason="label" if item.amount_fen > value else "",
        )
    if (holds == "pieces") == goods.is_weighed or not price_fen or not value:
        return None
    return Item(
        goods=goods,
        quantity=value,
        price_fen=price_fen,
        weighed="label" if goods.is_weighed else "",
    )
