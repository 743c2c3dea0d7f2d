"""The left of the page of bills: for whom, whose bill, which account, how much.

What was typed is judged as it is typed, by the same rules that decide; what is right is said back,
so that it can be read out loud before any money changes hands.
"""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.reference.billers import ACCOUNT_MAX, FIXED, BillerTerms, normal_account
from station_app.services.bills import taking
from station_app.services.bills.rules import Bill
from station_app.services.bills.taking import Taking
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import MoneyField, TextField
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import IconLabel, Words, hint, rule
from station_app.values.day import say_day
from station_app.values.masks import tail
from station_app.values.money import say_yuan
from station_app.values.refusal import Refusal

WIDTH, WIDTH_COMPACT = 470, 440
BILLERS_SHOWN, QUICK_SHOWN = 5, 4
TILE_HEIGHT, QUICK_HEIGHT = 58, 52
READ_BACK_HEIGHT = 50
ICONS = {
    "phone": "phone", "electricity": "bolt", "water": "droplet", "gas": "flame", "tv": "monitor",
    "social": "shield", "education": "lesson", "ticket": "truck", "cash": "cash",
}  # fmt: skip


class BillForm(Panel):
    """What is to be taken in.

    Signals: changed: something was typed or chosen; biller_chosen(code); person_wanted.
    """

    changed = Signal()
    biller_chosen = Signal(str)
    person_wanted = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__("active", margins=(20, 10, 20, 10), spacing=6)
        self._counter = counter
        self.terms: BillerTerms | None = None
        self._shown: tuple[str, ...] = ()
        self._build_person()
        self.billers = ChoiceRow(height=TILE_HEIGHT, stacked=True)
        self.billers.chosen.connect(self.biller_chosen)
        texts = counter.texts
        self.account = TextField(texts, self._say("account"), limit=ACCOUNT_MAX + 20)
        self.account.changed.connect(self._type_account)
        self._build_read_back()
        self.amount = MoneyField(texts, self._say("amount"))
        self.amount.amount_changed.connect(lambda _fen: self.changed.emit())
        self.quick = ChoiceRow(first=6, height=QUICK_HEIGHT, stacked=True)
        self.quick.chosen.connect(self._choose_quick)
        self._total = Words("", theme.TOTAL, bold=True).right()
        self._small = hint("", wrap=True)
        self.body.addWidget(self.billers)
        self.body.addWidget(self.account)
        self.body.addWidget(self._read_back)
        self.body.addWidget(self.amount)
        self.body.addWidget(self.quick)
        self.body.addStretch(1)
        self.body.addWidget(rule())
        foot = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Words(self._say("total"), theme.STRONG, bold=True))
        words.addWidget(self._small)
        foot.addLayout(words, 1)
        foot.addWidget(self._total)
        self.body.addLayout(foot)
        self.setFixedWidth(WIDTH)

    def _say(self, key: str, /, **slots: object) -> str:
        return self._counter.say(f"bills.form.{key}", **slots)

    def _build_person(self) -> None:
        row = QHBoxLayout()
        row.addWidget(IconLabel("person", "ink"))
        self._who = Words("", theme.TITLE, bold=True).elided()
        self._place = hint("").elided()
        row.addWidget(self._who)
        row.addWidget(self._place, 1)
        self.change = KeyButton(self._say("person"), "Ctrl+E", kind="ghost", height=44)
        self.change.clicked.connect(lambda _=False: self.person_wanted.emit())
        row.addWidget(self.change)
        self.body.addLayout(row)

    def _build_read_back(self) -> None:
        self._read_back = Panel("tint", margins=(14, 4, 14, 4), spacing=12, horizontal=True)
        self._read_back.setFixedHeight(READ_BACK_HEIGHT)
        self._right = Words("", theme.BODY, bold=True, ink="pressed").elided()
        self._last = hint("").elided()
        self._mark = IconLabel("ok", "pressed")
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self._right)
        column.addWidget(self._last)
        self._read_back.body.addWidget(self._mark)
        self._read_back.body.addLayout(column, 1)

    # --- What stands in it -----------------------------------------------------------------------

    @property
    def account_no(self) -> str:
        """Return the account number as it would be kept."""
        return normal_account(self.account.text())

    @property
    def amount_fen(self) -> int:
        """Return the amount, 0 for none."""
        return self.amount.fen() or 0

    @property
    def due_fen(self) -> int:
        """Return what the villager pays: amount and fee."""
        return self.amount_fen + self.terms.fee_fen if self.terms and self.amount_fen else 0

    def has_input(self) -> bool:
        """Tell whether anything was typed."""
        return bool(self.account.text() or self.amount.text())

    def clear(self) -> None:
        """Empty what was typed for the one before; the biller stays."""
        self.account.set_text("")
        self._reset_amount()
        self.changed.emit()

    def _reset_amount(self) -> None:
        fixed = self.terms is not None and self.terms.mode == FIXED
        self.amount.set_fen(self.terms.min_fen if fixed and self.terms else None)
        self.quick.set_value("")

    def show_person(self, name: str, place: str) -> None:
        """Show for whom it is."""
        self._who.setText(name)
        self._place.setText(place)

    def show_billers(self, billers: Sequence[BillerTerms], *, is_online: bool) -> None:
        """Show the first of them as tiles; the others are found by name."""
        choices = []
        for terms in billers[:BILLERS_SHOWN]:
            refusal = taking.not_offered(terms, is_online=is_online)
            reason = self._say(f"off.{refusal.reason.partition('.')[2]}") if refusal else ""
            icon = "" if len(terms.short) > 2 else ICONS.get(terms.category, "receipt")
            choices.append(Choice(terms.code, terms.short, icon, not refusal, reason))
        self.billers.show_choices(choices)
        self.billers.set_value(self.terms.code if self.terms else "")

    def show_terms(self, terms: BillerTerms | None) -> None:
        """Ask for what this biller's bills need."""
        is_other = (self.terms.code if self.terms else "") != (terms.code if terms else "")
        self.terms = terms
        self.billers.set_value(terms.code if terms else "")
        label, lengths = self._say("account"), ""
        if terms is not None:
            label, lengths = terms.label, taking.said_lengths(terms.lengths)
        self.account.set_label(self._say("account_of", label=label, lengths=lengths)
                               if lengths else label)  # fmt: skip
        quick = terms.quick_fen[:QUICK_SHOWN] if terms else ()
        self.quick.show_choices([Choice(str(fen), f"¥{fen // 100}") for fen in quick])
        self.quick.setVisible(bool(quick))
        if is_other:
            self.account.set_text("")
            self._reset_amount()

    # --- Judging what is typed -------------------------------------------------------------------

    def judge(self, seen: Taking, last: Bill | None, today: str) -> Refusal | None:
        """Show what is right and what is wrong; return why it cannot be taken in, None if it can.

        Beside the field stands only what was typed wrongly, never that something is missing.
        """
        refusal = taking.not_offered(self.terms, is_online=seen.is_online)
        terms = self.terms
        if terms is None:
            self._show_read_back(None, None, today)
            self._show_total(None, today)
            return refusal
        account = taking.account_refused(terms, self.account_no)
        self._point(self.account, account if self.account_no else None)
        self._show_read_back(None if account else terms, last, today)
        amount = taking.amount_refused(terms, self.amount_fen)
        self._point(self.amount, amount if self.amount_fen else None)
        self.quick.set_value(str(self.amount_fen))
        free = taking.free_fen(terms, seen.unpaid_fen)
        full = None
        if free is not None and self.amount_fen > free:
            full = Refusal("bills.LIMIT_REACHED", {"free": say_yuan(free)})
        self._show_total(free, today)
        if not self.amount_fen:
            amount = amount and Refusal("bills.AMOUNT_MISSING")
        return refusal or account or amount or full

    def _point(self, field: TextField | MoneyField, refusal: Refusal | None) -> None:
        if refusal is None:
            field.clear_fault()
        else:
            field.show_fault(self._counter.say(refusal.text_key, **refusal.slots))

    def _show_read_back(self, terms: BillerTerms | None, last: Bill | None, today: str) -> None:
        self._read_back.setVisible(bool(terms) or not self.account.fault)
        self._mark.setVisible(bool(terms))
        if terms is None:
            self._right.hide()
            self._last.setText(self._say("read_later"))
            return
        account = self.account_no
        self._right.show()
        self._right.setText(
            self._say("fits", label=terms.label, count=len(account), tail=tail(account))
        )
        key, slots = "read_first", {}
        if last is not None:
            key = "read_last"
            slots = {"day": say_day(last.day, today), "amount": say_yuan(last.amount_fen)}
        self._last.setText(self._say(key, **slots))

    def _show_total(self, free: int | None, today: str) -> None:
        terms = self.terms
        self._total.setText(say_yuan(self.due_fen))
        if terms is None:
            self._small.setText("")
            return
        parts = [self._say("fee", fee=say_yuan(terms.fee_fen))]
        if free is not None:
            parts.append(self._say("free", amount=say_yuan(free)))
        due = taking.answer_day(terms, today)
        parts.append(self._say("by", day=say_day(due, today)))
        self._small.setText("，".join(parts[:-1]) + "\n" + parts[-1])

    # --- What the operator does ------------------------------------------------------------------

    def _type_account(self, _typed: str) -> None:
        self.changed.emit()

    def _choose_quick(self, fen: str) -> None:
        self.amount.set_fen(int(fen))
        self.changed.emit()

    def take_digit(self, digit: int) -> bool:
        """Choose a biller or an amount by its digit."""
        return self.billers.take_digit(digit) or self.quick.take_digit(digit)

    def first_field(self) -> QWidget:
        """Return what to type into next."""
        if self.terms is None:
            return self.billers
        wanted = taking.account_refused(self.terms, self.account_no)
        return self.account if wanted else self.amount

    def hasHeightForWidth(self) -> bool:
        """Ask for no height of its own: a sentence below a field does not make the page scroll."""
        return False

    def set_compact(self, *, compact: bool) -> None:
        """Stand closer in a low window."""
        self.setFixedWidth(WIDTH_COMPACT if compact else WIDTH)
        self.body.setContentsMargins(*((16, 4, 16, 4) if compact else (20, 10, 20, 10)))
        self.body.setSpacing(3 if compact else 6)
