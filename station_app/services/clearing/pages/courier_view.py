"""快递结款: what is held for each courier, its pieces one by one, and paying it.

One payment takes all pieces that wait, the oldest first; a fee of the station's own is set off, a
fine is paid on top, and the runner signs the slip.
"""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station_app.journal.series import printed_number
from station_app.ledger.accounts import held
from station_app.ledger.posting import CNY, Line
from station_app.reference import records as reference
from station_app.services.cash.commands import GivePayment, TakePayment
from station_app.services.clearing import records
from station_app.services.clearing.commands import PayCourier, ReturnCourierPayment
from station_app.services.clearing.pages.view import Outfit, View, WayPart, field_row
from station_app.services.clearing.records import Behind, PieceRow
from station_app.services.clearing.rules import WORDS_MAX, Piece
from station_app.services.clearing.states import CourierPayment
from station_app.services.clearing.wording import kind_words
from station_app.shell import theme
from station_app.shell.desk import Done
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cards import Amount
from station_app.shell.widgets.cells import ChipText, Column, Pill, Row, Text
from station_app.shell.widgets.fields import Field, MoneyField, TextField
from station_app.shell.widgets.lending import LendingPanel
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint, rule, strong
from station_app.values.day import local_day, local_time, say_day
from station_app.values.money import say_yuan
from station_app.values.refusal import Refusal

COURIER, PAID = "courier:", "paid:"
WAYS = ("cash", "bank", "wechat")
PAYMENTS_SHOWN = 8  # of each courier; older ones are found by their slip
PIECE_HEIGHT = 44
PIECES_LEAST = 84


class CourierView(View):
    """Couriers to pay, and what they were paid."""

    NAME = "couriers"
    ICON = "parcel"
    COLUMNS = (
        Column("what"),
        Column("count", 90, "right"),
        Column("amount", 150, "right"),
        Column("state", 120, "right"),
    )

    def __init__(self, page: Page, outfit: Outfit) -> None:
        """Make it."""
        self._pieces: dict[str, tuple[PieceRow, ...]] = {}
        self._paid: dict[str, CourierPayment] = {}
        self._names: dict[str, str] = {}
        self._shown = ""
        super().__init__(page, outfit)

    # --- What it is made of ----------------------------------------------------------------------

    def build_side(self) -> QWidget:
        """Return the form of a payment above, its pieces below; or one that was paid."""
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._build_form(), 1)
        column.addWidget(self._build_card(), 1)
        return side

    def _build_form(self) -> Panel:
        texts = self.counter.texts
        self.form = Panel("active", margins=(20, 12, 20, 10), spacing=6)
        self._total = Amount("", size=theme.TOTAL)
        self._sums = hint("", wrap=True)
        self.fee = MoneyField(texts, self.say("clearing.page.fee"))
        self.fine = MoneyField(texts, self.say("clearing.page.fine"))
        for field in (self.fee, self.fine):
            field.amount_changed.connect(lambda _fen: self._typed())
        amounts = QHBoxLayout()
        amounts.setSpacing(12)
        amounts.addWidget(self.fee)
        amounts.addWidget(self.fine)
        self.runner = TextField(
            texts, self.say("clearing.page.runner"), limit=WORDS_MAX, chinese=True
        )
        self.runner.changed.connect(lambda _text: self.touch())
        self.way = WayPart(self.counter, WAYS, "clearing.page.courier_way")
        self.way.changed.connect(self._typed)
        self.lending = LendingPanel(texts)
        self.lending.changed.connect(self._chose)
        upper: tuple[QWidget, ...] = (self._total, self._sums, rule())
        lower: tuple[QWidget, ...] = (self.runner, self.way, self.lending)
        for widget in upper:
            self.form.body.addWidget(widget)
        self.form.body.addLayout(amounts)
        for widget in lower:
            self.form.body.addWidget(widget)
        columns = (Column("what"), Column("amount", 130, "right"))
        self.pieces = ListTable(
            columns, name=self.say("clearing.page.pieces"), row_height=PIECE_HEIGHT
        )
        self.pieces.is_arrow_driven = False
        self.pieces.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.pieces.setMinimumHeight(PIECES_LEAST)
        self.form.body.addWidget(self.pieces, 1)
        return self.form

    def _build_card(self) -> Panel:
        self.card = Panel(margins=(20, 14, 20, 14), spacing=8)
        self._number = strong("", theme.TITLE)
        self._amount = Words("", theme.TOTAL, bold=True)
        self._to, self._day, self._runner, self._count = (strong() for _ in range(4))
        self.back_way = WayPart(self.counter, WAYS, "clearing.page.courier_way")
        self.back_way.changed.connect(self._chose)
        self._next = Words("", theme.BODY, wrap=True)
        self.card.body.addWidget(self._number)
        self.card.body.addWidget(self._amount)
        self.card.body.addWidget(rule())
        for key, words in (
            ("courier", self._to), ("sent_day", self._day), ("runner", self._runner),
            ("pieces", self._count),
        ):  # fmt: skip
            self.card.body.addLayout(field_row(self.say(f"clearing.page.{key}"), words))
        self.card.body.addWidget(self._next)
        self.card.body.addWidget(self.back_way)
        self.card.body.addStretch(1)
        return self.card

    # --- Reading and showing ---------------------------------------------------------------------

    def rows(self, connection: Any) -> list[Row]:
        """Read what is held for each courier, and the last payments."""
        self._names = {row.code: row.short_name for row in reference.couriers(connection)}
        held_for = records.couriers_held(connection)
        self._pieces = {
            f"{COURIER}{code}": records.piece_rows(connection, records.payable(connection, code))
            for code in held_for
        }
        paid = [
            (f"{PAID}{identity}", state)
            for code in records.couriers_paid(connection)
            for number, (identity, state) in enumerate(records.payments(connection, code))
            if state.paid and (number < PAYMENTS_SHOWN or identity == self.sought)
        ]
        paid.sort(key=lambda row: -row[1].at_paid)
        self._paid = dict(paid)
        rows: list[Row] = []
        if held_for:
            rows.append(Row("", (), heading=self.say("clearing.page.to_pay")))
            rows += [self._due_row(code, fen) for code, fen in held_for.items()]
        if paid:
            rows.append(Row("", (), heading=self.say("clearing.page.paid")))
            rows += [self._paid_row(connection, subject) for subject in self._paid]
        return rows

    def _due_row(self, code: str, fen: int) -> Row:
        count = len(self._pieces[f"{COURIER}{code}"])
        return Row(
            f"{COURIER}{code}",
            (
                Text(self._names.get(code, code), theme.STRONG, bold=True),
                Text(self.counter.say("clearing.count.pieces", count=count)),
                Text(say_yuan(fen), theme.STRONG, bold=True),
                Pill(self.say("clearing.page.waits"), "money"),
            ),
        )

    def _paid_row(self, connection: Any, subject: str) -> Row:
        state = self._paid[subject]
        today = self.counter.desk.now().day
        name = self._names.get(state.courier, state.courier)
        number = self._printed(connection, state)
        small = f"{say_day(state.day, today)}·{self.say('clearing.page.number', number=number)}"
        pill = (
            Pill(self.say("clearing.page.came_back"), "plain")
            if state.returns
            else Pill(self.say("clearing.page.is_paid"), "ok")
        )
        return Row(
            subject,
            (
                Text(name, bold=True, small=small),
                Text(self.counter.say("clearing.count.pieces", count=len(state.pieces))),
                Text(say_yuan(state.to_pay_fen), bold=True),
                pill,
            ),
        )

    def _printed(self, connection: Any, state: CourierPayment) -> str:
        row = connection.execute(
            "SELECT stream FROM facts WHERE identity = ?", (state.paid,)
        ).fetchone()
        return printed_number(state.number, row[0]) if row else str(state.number)

    def show_current(self) -> None:
        """Show the form of a courier, or the payment that is current."""
        subject = self.table.current()
        is_new, self._shown = subject != self._shown, subject
        if is_new:
            self.forget()
        state = self._paid.get(subject)
        self.form.setVisible(state is None)
        self.card.setVisible(state is not None)
        if state is not None:
            self._show_card(state)
            return
        if is_new:
            for field in (self.fee, self.fine, self.runner):
                field.set_text("")
            self.way.clear()
            self.lending.clear()
        rows = self._pieces.get(subject, ())
        self.pieces.show_rows([self._piece_row(row) for row in rows], keep=False)
        self._show_form()

    def _piece_row(self, row: PieceRow) -> Row:
        texts = self.counter.texts
        today = self.counter.desk.now().day
        when = f"{say_day(local_day(row.at), today)} {local_time(row.at)}"
        tail = row.waybill[-4:] if row.waybill else ""
        what = (
            ChipText(self.say("clearing.page.tail", tail=tail), when)
            if tail
            else Text(kind_words(row.kind, texts), small=when)
        )
        return Row(row.piece.fact, (what, Text(say_yuan(row.piece.fen), bold=True)))

    def _show_form(self) -> None:
        code = self.table.current().removeprefix(COURIER)
        pieces = self._chosen()
        sums = (
            ("cod", sum(piece.cod_fen for piece in pieces)),
            ("freight", sum(piece.freight_fen for piece in pieces)),
            ("sending", sum(piece.sending_fen for piece in pieces)),
        )
        words = [
            f"{self.counter.say(f'clearing.slip.{key}')} {say_yuan(fen)}"
            for key, fen in sums
            if fen
        ]
        self._sums.setText("　".join(words))
        self._total.words.setText(
            self.say("clearing.page.pay_to", courier=self._names.get(code, code))
        )
        self._total.show_amount(say_yuan(self._to_pay()))
        lines = [
            Line(held(purse, code), CNY, fen)
            for purse, (_, fen) in zip(records.COURIER_PURSES, sums, strict=True)
        ]
        self.show_lending(self.lending, self.way.tender(self._to_pay()), lines)

    def _chosen(self) -> list[Piece]:
        return [row.piece for row in self._pieces.get(self.table.current(), ())]

    def _to_pay(self) -> int:
        held_fen = sum(piece.fen for piece in self._chosen())
        return held_fen - (self.fee.fen() or 0) + (self.fine.fen() or 0)

    def _show_card(self, state: CourierPayment) -> None:
        number = self.counter.desk.read(lambda c: self._printed(c, state))
        self._number.setText(self.say("clearing.page.payment", number=number))
        self._amount.setText(say_yuan(state.to_pay_fen))
        self._to.setText(self._names.get(state.courier, state.courier))
        self._day.setText(say_day(state.day, self.counter.desk.now().day))
        self._runner.setText(self.counter.privacy.name(state.runner) or "—")
        self._count.setText(self.counter.say("clearing.count.pieces", count=len(state.pieces)))
        self._next.setText(
            self.say(
                "clearing.page.next.payment_back" if state.returns else "clearing.page.next.payment"
            )
        )
        self.back_way.setVisible(not state.returns)

    def _typed(self) -> None:
        self.fee.clear_fault()
        self._show_form()
        self._chose()

    def _chose(self) -> None:
        self.page.touch_actions()
        self.touch()

    # --- What outlives a power cut ---------------------------------------------------------------

    def typed_fields(self) -> dict[str, Field]:
        """Return what is set off, what is paid on top, who takes it, and a reason."""
        return {
            "fee": self.fee,
            "fine": self.fine,
            "runner": self.runner,
            "reason": self.lending.field,
        }

    def chosen_ways(self) -> dict[str, WayPart]:
        """Return how it is paid, and how it came back."""
        return {"way": self.way, "back": self.back_way}

    def stands(self) -> list[Any]:
        """Return the pieces that wait; of a payment, whether it came back."""
        state = self._paid.get(self.table.current())
        if state is not None:
            return [state.returns]
        return [[piece.fact, piece.fen] for piece in self._chosen()]

    # --- What can be done ------------------------------------------------------------------------

    def possible(self) -> list[Action]:
        """Return what can be done now."""
        subject = self.table.current()
        if not subject:
            return []
        facts = [self.facts_action()]
        state = self._paid.get(subject)
        if self.shows_facts:
            return facts
        if state is None:
            return [*facts, self._pay_action()]
        if state.returns:
            return facts
        missing = self.back_way.missing(has_shift=self.has_shift())
        back = Action(
            self.say("clearing.page.payment_back", amount=say_yuan(state.to_pay_fen)),
            "F11",
            self._return,
            is_enabled=not missing,
            reason=self.say(f"clearing.page.missing.{missing}") if missing else "",
        )
        return [*facts, back]

    def _pay_action(self) -> Action:
        fen = self._to_pay()
        missing = self.way.missing(has_shift=self.has_shift()) if fen else ""
        missing = missing if fen >= 0 else "fee"
        reason = self.say(f"clearing.page.missing.{missing}") if missing else self.lending.missing()
        code = self.table.current().removeprefix(COURIER)
        words = self.say(
            "clearing.page.pay", courier=self._names.get(code, code), amount=say_yuan(fen)
        )
        return Action(
            words, "Enter", self._pay, kind="primary", is_enabled=not reason, reason=reason
        )

    def _pay(self) -> None:
        fen = self._to_pay()
        command = PayCourier(
            courier=self.table.current().removeprefix(COURIER),
            pieces=tuple(piece.fact for piece in self._chosen()),
            fee_fen=self.fee.fen() or 0,
            fine_fen=self.fine.fen() or 0,
            runner=self.runner.text(),
        )
        payment = GivePayment(
            due_fen=fen, tenders=self.way.tender(fen), remark=self.lending.reason()
        )

        def done(outcome: Done) -> None:
            self._shown = ""
            self.forget()
            words = self.say("clearing.page.paid_done", amount=say_yuan(fen))
            self.page.tell_done(words, outcome, sound="money")
            self.load()

        self.page.perform(command, payment, done=done, refused=self._refused)

    def _refused(self, refusal: Refusal) -> None:
        self.fee.say_fault(refusal.text_key, **refusal.slots)
        self.load()

    def _return(self) -> None:
        subject = self.table.current()
        fen = self._paid[subject].to_pay_fen
        payment = TakePayment(due_fen=fen, tenders=self.back_way.tender(fen))

        def done(outcome: Done) -> None:
            self.forget()
            self.page.tell_done(
                self.say("clearing.page.back_done", amount=say_yuan(fen)), outcome, sound="money"
            )
            self.load()

        command = ReturnCourierPayment(payment=subject.removeprefix(PAID))
        self.page.perform(command, payment, done=done)

    def behind(self, connection: Any, subject: str) -> tuple[str, Sequence[Behind]]:
        """Return the facts behind a courier's purse."""
        state = self._paid.get(subject)
        code = state.courier if state else subject.removeprefix(COURIER)
        accounts = [held(purse, code) for purse in records.COURIER_PURSES]
        return self.say("clearing.page.behind"), records.behind(connection, *accounts)

    def subject_of(self, identity: str) -> str:
        """Return the row of a payment."""
        return f"{PAID}{identity}"
