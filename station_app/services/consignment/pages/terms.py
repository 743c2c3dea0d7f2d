"""On which terms a lot comes in: by her contract, to be sold for her, or bought."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.ledger.rounding import line_fen
from station_app.reference.produce import Sort
from station_app.services.consignment.settling import Contract
from station_app.services.consignment.taking import PRICE_MAX
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.drafts import Draft
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import CountField, MoneyField
from station_app.shell.widgets.words import hint
from station_app.values.money import say_yuan
from station_app.values.weight import say_jin

CONTRACT, CONSIGNED, BOUGHT = "contract", "consigned", "bought"
FIRST = 5
PERCENT_BP = 100
PERCENT_DIGITS = 2
JIN_OF_KG = 2


class TermsPart(QWidget):
    """Terms, price, commission, what is paid now. Signal changed: one of them is another."""

    changed = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make it without a sort."""
        super().__init__()
        self._counter = counter
        self._sort: Sort | None = None
        self.contract = ""
        self.agreed: Contract | None = None
        texts, say = counter.texts, counter.say
        self.kinds = ChoiceRow(first=FIRST, height=theme.INLINE_HEIGHT)
        self.price = MoneyField(texts, say("consignment.intake.floor_kg"))
        self.commission = CountField(
            texts, say("consignment.intake.commission"), digits=PERCENT_DIGITS
        )
        self.paid = MoneyField(texts, say("consignment.intake.paid"))
        self.paid.line.setPlaceholderText(say("consignment.intake.paid_all"))
        self._words = hint("", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self.price, self.commission, self.paid):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.kinds)
        column.addLayout(row)
        column.addWidget(self._words)
        self.kinds.chosen.connect(lambda _kind: self._turned())
        for field in (self.price, self.paid):
            field.amount_changed.connect(lambda _fen: self._typed())
        self.commission.count_changed.connect(lambda _count: self._typed())
        self.show_terms(None, "", "", None)

    def show_terms(
        self, sort: Sort | None, grade: str, contract: str, agreed: Contract | None
    ) -> None:
        """Propose the terms of a sort and grade; a contract that runs applies by itself."""
        self._sort, self.contract, self.agreed = sort, contract, agreed
        say = self._counter.say
        names = [CONSIGNED, BOUGHT] if agreed is None else [CONTRACT, CONSIGNED, BOUGHT]
        self.kinds.show_choices([Choice(name, say(f"consignment.terms.{name}")) for name in names])
        self.kinds.set_value(names[0])
        self._propose(grade)
        self._show()

    def _propose(self, grade: str) -> None:
        sort = self._sort
        if sort is None:
            self.price.set_fen(None)
            self.commission.set_count(None)
            return
        fen = sort.price_of(grade) if self.kind == BOUGHT else sort.floor_of(grade)
        self.price.set_fen(fen or None)
        self.commission.set_count(sort.commission_bp // PERCENT_BP)

    def propose_for(self, grade: str) -> None:
        """Propose the price of another grade."""
        self._propose(grade)
        self._show()

    def _turned(self) -> None:
        self.paid.set_fen(None)
        if self._sort is not None and self.kind == BOUGHT:
            self.price.set_fen(None)
        self._show()
        self.changed.emit()

    def _typed(self) -> None:
        self._show()
        self.changed.emit()

    @property
    def kind(self) -> str:
        """Return how it comes in."""
        return self.kinds.value() or CONSIGNED

    def price_fen(self) -> int:
        """Return the price per kilogram or piece; the contract's, if it goes on one."""
        if self.kind == CONTRACT and self.agreed is not None:
            return self.agreed.guaranteed_fen
        return self.price.fen() or 0

    def commission_bp(self) -> int:
        """Return the commission in basis points."""
        if self.kind == CONTRACT and self.agreed is not None:
            return self.agreed.commission_bp
        return PERCENT_BP * (self.commission.count() or 0)

    def worth_fen(self, quantity: int) -> int:
        """Return what a quantity comes to."""
        return line_fen(quantity, self.price_fen(), self._sort.unit) if self._sort else 0

    def paid_fen(self, quantity: int) -> int:
        """Return what is paid now: of a purchase all of it, unless something else was typed."""
        if self.kind != BOUGHT:
            return 0
        typed = self.paid.fen()
        return self.worth_fen(quantity) if typed is None else typed

    def missing(self, quantity: int) -> str:
        """Return what is wrong, as the end of a text key, "" for nothing."""
        steps = (
            ("price", self.kind == BOUGHT and not 0 < self.price_fen() <= PRICE_MAX),
            ("price", self.price.is_wrong() or self.price_fen() > PRICE_MAX),
            ("worth", self.kind == BOUGHT and not self.worth_fen(quantity)),
            ("paid", self.paid.is_wrong() or self.paid_fen(quantity) > self.worth_fen(quantity)),
            ("commission", self.commission_bp() > 50 * PERCENT_BP),
        )
        if self.kind == CONTRACT:
            return ""
        return next((step for step, is_open in steps if is_open), "")

    def _show(self) -> None:
        say = self._counter.say
        is_piece = self._sort is not None and self._sort.unit == "piece"
        per = "piece" if is_piece else "kg"
        what = "buying" if self.kind == BOUGHT else "floor"
        self.price.set_label(say(f"consignment.intake.{what}_{per}"))
        self.price.setVisible(self.kind != CONTRACT)
        self.commission.setVisible(self.kind == CONSIGNED)
        self.paid.setVisible(self.kind == BOUGHT)
        self._words.setText(self._line(is_piece=is_piece))
        self._words.setVisible(bool(self._words.text()))

    def _line(self, *, is_piece: bool) -> str:
        say, agreed = self._counter.say, self.agreed
        if self.kind == CONTRACT and agreed is not None:
            left = str(agreed.left) if is_piece else say_jin(agreed.left)
            per = "piece" if is_piece else "kg"
            return say(
                f"consignment.intake.contract_{per}",
                code=agreed.code,
                left=left,
                price=say_yuan(agreed.guaranteed_fen),
                percent=agreed.commission_bp // PERCENT_BP,
            )
        if self._sort is None or is_piece or not self.price_fen():
            return ""
        return say("consignment.intake.per_jin", amount=say_yuan(self.price_fen() // JIN_OF_KG))

    def draft(self) -> Draft:
        """Return what was chosen and typed."""
        return {
            "kind": self.kinds.value(),
            "price": self.price.text(),
            "commission": self.commission.text(),
            "paid": self.paid.text(),
        }

    def resume(self, draft: Draft) -> None:
        """Put it there again, after the sort is known."""
        self.kinds.set_value(draft["kind"])
        self.price.set_text(draft["price"])
        self.commission.set_text(draft["commission"])
        self.paid.set_text(draft["paid"])
        self._show()
