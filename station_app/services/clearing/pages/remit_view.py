"""缴给县里: what is to go up, and what went: ticked, carried, counted, or asked back.

The upper part of the list is what the ledger says is due: the current account, and prepayments by
order. The lower part are the remittances, those that wait for the county's word first.
"""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.journal.series import printed_number
from station_app.ledger.accounts import COUNTY_CURRENT, HERE, held
from station_app.services.cash.commands import GivePayment, TakePayment
from station_app.services.clearing import records, states
from station_app.services.clearing.books import CURRENT, PREPAYMENT, lines_to_county
from station_app.services.clearing.commands import (
    AskRemittanceBack,
    SendRemittance,
    TakeRemittanceBack,
)
from station_app.services.clearing.facts import Portion
from station_app.services.clearing.pages.remit_photo import RemitPhoto
from station_app.services.clearing.pages.view import PLACES, Outfit, View, WayPart, field_row
from station_app.services.clearing.papers import PaperMaker
from station_app.services.clearing.records import Behind, County
from station_app.services.clearing.rules import WAYS, WORDS_MAX
from station_app.services.clearing.states import Remittance
from station_app.shell import theme
from station_app.shell.desk import Done
from station_app.shell.offers import Tone
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cards import Amount
from station_app.shell.widgets.cells import Column, Pill, Row, Text, Tick
from station_app.shell.widgets.fields import Field, MoneyField, TextField
from station_app.shell.widgets.lending import LendingPanel
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import Words, hint, rule, strong
from station_app.values.day import days_between, say_day
from station_app.values.money import say_yuan
from station_app.values.refusal import Refusal

NEXT_HEIGHT = 52  # two lines: a wrapped label asks a scroll area for one only
DUE, SENT = "due:", "sent:"
TONES: dict[str, Tone] = {
    states.ON_THE_WAY: "queued",
    states.ASKED_BACK: "waiting",
    states.CANCELLED: "warn",
    states.TAKEN_BACK: "plain",
    states.CONFIRMED: "ok",
    states.DIFFERS: "stop",
}
TENDER_OF_WAY = {"carrier": "cash", "bank": "bank", "wechat": "wechat"}


class RemitView(View):
    """What is due to the county, and the remittances."""

    NAME = "remit"
    ICON = "outtake"
    COLUMNS = (
        Column("tick", 54),
        Column("what"),
        Column("amount", 150, "right"),
        Column("state", 168, "right"),
    )

    def __init__(self, page: Page, outfit: Outfit, papers: PaperMaker) -> None:
        """Make it; papers: knows the numbers of orders."""
        self._papers = papers
        self._stands = County(here={}, there={}, current_fen=0)
        self._dues: dict[str, Portion] = {}
        self._sent: dict[str, Remittance] = {}
        self._left_out: set[str] = set()
        self._may_exceed = False
        self._photo = RemitPhoto(page, outfit.photos, self._photo_changed)
        super().__init__(page, outfit)
        self._photo.stand_in(self.right, self.table)
        self.table.acted.connect(lambda subject, _column: self.switch(subject))

    # --- What it is made of ----------------------------------------------------------------------

    def build_side(self) -> QWidget:
        """Return the form of a new remittance above, or one that went."""
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        texts = self.counter.texts
        self.form = Panel("active", margins=(20, 14, 20, 14), spacing=8)
        self._total = Amount(self.say("clearing.page.this_time"), size=theme.TOTAL)
        self._parts = hint("", wrap=True)
        self.current = MoneyField(texts, self.say("clearing.page.current_amount"))
        self.current.amount_changed.connect(lambda _fen: self._typed())
        self.way = WayPart(self.counter, WAYS, "clearing.way")
        self.way.changed.connect(self._typed)
        self.carrier = TextField(
            texts, self.say("clearing.page.carrier"), limit=WORDS_MAX, chinese=True
        )
        self.carrier.changed.connect(lambda _text: self.touch())
        self.lending = LendingPanel(texts)
        self.lending.changed.connect(self._chose)
        for widget in (
            self._total, self._parts, rule(), self.current, self.way, self.carrier,
            self._photo.line, self.lending,
        ):  # fmt: skip
            self.form.body.addWidget(widget)
        self.form.body.addStretch(1)
        self.card = Panel(margins=(20, 14, 20, 14), spacing=8)
        self._number = strong("", theme.TITLE)
        self._amount = Words("", theme.TOTAL, bold=True)
        self._way, self._day, self._carrier, self._counted = (strong() for _ in range(4))
        self._next = Words("", theme.BODY, wrap=True)
        self._next.setMinimumHeight(NEXT_HEIGHT)
        self.remark = TextField(texts, self.say("clearing.page.why_back"), limit=200, chinese=True)
        self.remark.changed.connect(lambda _text: self.touch())
        self.back_way = WayPart(self.counter, WAYS, "clearing.way")
        self.back_way.changed.connect(self._chose)
        self.card.body.addWidget(self._number)
        self.card.body.addWidget(self._amount)
        self.card.body.addWidget(rule())
        for key, words in (
            ("way", self._way), ("sent_day", self._day), ("carrier", self._carrier),
            ("counted", self._counted),
        ):  # fmt: skip
            self.card.body.addLayout(field_row(self.say(f"clearing.page.{key}"), words))
        photo = QHBoxLayout()
        photo.setSpacing(14)
        for number, part in enumerate(self._photo.card):
            photo.addWidget(part, number)
        self.card.body.addLayout(photo)
        self.card.body.addWidget(self._next)
        self.card.body.addWidget(self.remark)
        self.card.body.addWidget(self.back_way)
        self.card.body.addStretch(1)
        column.addWidget(self.form, 1)
        column.addWidget(self.card, 1)
        return side

    # --- Reading and showing ---------------------------------------------------------------------

    def rows(self, connection: Any) -> list[Row]:
        """Read what is due, and the remittances."""
        self._stands = records.county(connection)
        self._dues = {}
        rows: list[Row] = []
        if self._stands.owed_fen:
            self._due(CURRENT, "", self._stands.owed_fen)
        for key, _order, fen in records.keys_here(connection):
            self._due(PREPAYMENT, key, fen)
        self._left_out &= set(self._dues)
        if not self._is_touched:
            self.current.set_fen(self._stands.owed_fen or None)
        if self._dues:
            rows.append(Row("", (), heading=self.say("clearing.page.due")))
            rows += [self._due_row(connection, subject) for subject in self._dues]
        sent = dict(records.remittances(connection))
        asked = records.remittance(connection, self.sought) if self.sought else None
        if asked is not None:
            sent.setdefault(self.sought, asked)
        self._sent = {f"{SENT}{identity}": state for identity, state in sent.items() if state.sent}
        if self._sent:
            rows.append(Row("", (), heading=self.say("clearing.page.sent")))
            rows += [self._sent_row(connection, subject) for subject in self._sent]
        return rows

    def _due(self, purse: str, owner: str, fen: int) -> None:
        self._dues[f"{DUE}{purse}:{owner}"] = Portion(purse=purse, owner=owner, amount_fen=fen)

    def _due_row(self, connection: Any, subject: str) -> Row:
        portion = self._dues[subject]
        if portion.purse == CURRENT:
            words, small = (
                self.counter.say("clearing.account.current"),
                self.say("clearing.page.current_small"),
            )
        else:
            order = records.order_of(connection, portion.owner)
            number = self._papers.order_number(connection, order)
            words, small = (
                self.say("clearing.page.order", number=number),
                self.say("clearing.page.order_small"),
            )
        return Row(
            subject,
            (
                Tick(subject not in self._left_out),
                Text(words, bold=True, small=small),
                Text(say_yuan(portion.amount_fen), theme.STRONG, bold=True),
                None,
            ),
        )

    def _sent_row(self, connection: Any, subject: str) -> Row:
        state = self._sent[subject]
        number = self._printed(connection, state)
        today = self.counter.desk.now().day
        small = f"{self.counter.say(f'clearing.way.{state.way}')}·{say_day(state.day, today)}"
        age = days_between(state.day, today)
        if state.status in (states.ON_THE_WAY, states.ASKED_BACK) and age > 0:
            small += self.say("clearing.page.age", days=age)
        return Row(
            subject,
            (
                None,
                Text(self.say("clearing.page.remittance", number=number), bold=True, small=small),
                Text(say_yuan(state.amount_fen), bold=True),
                Pill(self.counter.say(f"clearing.state.{state.status}"), TONES[state.status]),
            ),
        )

    def _printed(self, connection: Any, state: Remittance) -> str:
        row = connection.execute(
            "SELECT stream FROM facts WHERE identity = ?", (state.sent,)
        ).fetchone()
        return printed_number(state.number, row[0]) if row else str(state.number)

    def show_current(self) -> None:
        """Show the form, or the remittance that is current."""
        state = self._sent.get(self.table.current())
        self.form.setVisible(state is None)
        self.card.setVisible(state is not None)
        if state is None:
            self._show_form()
        else:
            self._show_card(state)

    def _show_form(self) -> None:
        portions = self.portions()
        fen = sum(portion.amount_fen for portion in portions)
        orders = [portion for portion in portions if portion.purse == PREPAYMENT]
        self._total.show_amount(say_yuan(fen))
        self._parts.setText(
            self.say(
                "clearing.page.parts",
                orders=len(orders),
                prepaid=say_yuan(sum(portion.amount_fen for portion in orders)),
                current=say_yuan(fen - sum(portion.amount_fen for portion in orders)),
            )
        )
        self.show_lending(self.lending, self.way.tender(fen), lines_to_county(fen, portions))

    def _show_card(self, state: Remittance) -> None:
        say = self.counter.say
        today = self.counter.desk.now().day
        number = self.counter.desk.read(lambda c: self._printed(c, state))
        self._number.setText(self.say("clearing.page.remittance", number=number))
        self._amount.setText(say_yuan(state.amount_fen))
        self._way.setText(say(f"clearing.way.{state.way}"))
        self._day.setText(say_day(state.day, today))
        self._carrier.setText(self.counter.privacy.name(state.carrier) or "—")
        counted = say_yuan(state.received_fen) if state.confirmations else "—"
        self._counted.setText(counted)
        self._next.setText(self.say(f"clearing.page.next.{state.status}"))
        self._photo.show_of(state.sent)
        self.remark.setVisible(state.status == states.ON_THE_WAY)
        self.back_way.setVisible(state.status == states.CANCELLED)

    # --- What goes -------------------------------------------------------------------------------

    def portions(self) -> tuple[Portion, ...]:
        """Return what the slip will list: what is ticked; the current account as typed."""
        chosen = [p for s, p in self._dues.items() if s not in self._left_out]
        found = [p for p in chosen if p.purse != CURRENT]
        is_owed = f"{DUE}{CURRENT}:" in self._dues
        fen = self.current.fen() or 0
        if fen and (not is_owed or f"{DUE}{CURRENT}:" not in self._left_out):
            found.insert(0, Portion(purse=CURRENT, owner="", amount_fen=fen))
        return tuple(found)

    def switch(self, subject: str) -> None:
        """Tick a due or leave it out."""
        if subject in self._dues:
            self._left_out ^= {subject}
            self.touch()
            self.load()

    def _typed(self) -> None:
        self._may_exceed = False
        self._show_form()
        self._chose()

    def _chose(self) -> None:
        self.page.touch_actions()
        self.touch()

    def _photo_changed(self) -> None:
        """A photo was attached or taken off, or is being chosen."""
        self.page.touch_actions()
        if not self._photo.is_picking:
            self.touch()

    @property
    def photo(self) -> RemitPhoto:
        """Return the photo of the slip."""
        return self._photo

    # --- What outlives a power cut ---------------------------------------------------------------

    def typed_fields(self) -> dict[str, Field]:
        """Return what is typed in the form, and why a remittance is asked back."""
        return {
            "current": self.current,
            "carrier": self.carrier,
            "reason": self.lending.field,
            "remark": self.remark,
        }

    def chosen_ways(self) -> dict[str, WayPart]:
        """Return how it goes, and how it came back."""
        return {"way": self.way, "back": self.back_way}

    def ticked(self) -> list[str]:
        """Return what is left out, and the photo that is attached."""
        return [*sorted(self._left_out), *self._photo.kept()]

    def tick(self, subjects: Sequence[str]) -> None:
        """Leave out what was left out, and attach what was attached."""
        self._left_out = set(self._photo.take_kept(subjects))

    def stands(self) -> list[Any]:
        """Return what is due, and how far each remittance is."""
        state = self._sent.get(self.table.current())
        if state is not None:
            return [state.status]
        dues = [[subject, portion.amount_fen] for subject, portion in self._dues.items()]
        return [dues, len(self._sent)]

    # --- What can be done ------------------------------------------------------------------------

    def possible(self) -> list[Action]:
        """Return what can be done now."""
        subject = self.table.current()
        facts = [self.facts_action()] if subject else []
        state = self._sent.get(subject)
        if self._photo.is_picking:
            return self._photo.possible()
        if self.shows_facts:
            return facts
        if state is None:
            drop = Action(self.say("clearing.page.leave_out"), "Del", lambda: self.switch(subject))
            dropping = [drop] if subject in self._dues else []
            return [*facts, *self._photo.offered(), *dropping, self._send_action()]
        if state.status == states.ON_THE_WAY:
            return [*facts, Action(self.say("clearing.page.ask_back"), "F11", self._ask_back)]
        if state.status == states.CANCELLED:
            words = self.say("clearing.page.take_back", amount=say_yuan(state.amount_fen))
            missing = self.back_way.missing(has_shift=self.has_shift())
            return [*facts, self._primary(words, self._take_back, missing)]
        return facts

    def _send_action(self) -> Action:
        portions = self.portions()
        fen = sum(portion.amount_fen for portion in portions)
        missing = "nothing" if not portions else self.way.missing(has_shift=self.has_shift())
        words = self.say(
            "clearing.page.send_more" if self._may_exceed else "clearing.page.send",
            amount=say_yuan(fen),
        )
        return self._primary(words, self._send, missing, self.lending.missing())

    def _primary(self, words: str, run: Any, missing: str, reason: str = "") -> Action:
        reason = self.say(f"clearing.page.missing.{missing}") if missing else reason
        return Action(words, "Enter", run, kind="primary", is_enabled=not reason, reason=reason)

    def _send(self) -> None:
        portions = self.portions()
        fen = sum(portion.amount_fen for portion in portions)
        command = SendRemittance(
            way=self.way.way,
            portions=portions,
            carrier=self.carrier.text(),
            photo=self._photo.name,
            may_exceed=self._may_exceed,
        )
        payment = GivePayment(
            due_fen=fen, tenders=self.way.tender(fen), remark=self.lending.reason()
        )

        def done(outcome: Done) -> None:
            self._may_exceed = False
            self.forget()
            for field in (self.carrier, self.current):
                field.set_text("")
            self.way.clear()
            self.lending.clear()
            self._photo.clear()
            key = "transferred_done" if command.way in PLACES else "sent_done"
            words = self.say(f"clearing.page.{key}", amount=say_yuan(fen))
            self.page.tell_done(words, outcome, sound="money")
            self.load()
            self.table.choose(f"{SENT}{outcome.told[0].identity}")

        self.page.perform(command, payment, done=done, refused=self._refused)

    def _refused(self, refusal: Refusal) -> None:
        """Show the sentence beside the amount; what is more than owed goes at the second press."""
        self._may_exceed = refusal.reason == "clearing.MORE_THAN_OWED"
        self.current.say_fault(refusal.text_key, **refusal.slots)
        self.page.touch_actions()

    def _ask_back(self) -> None:
        subject = self.table.current()
        command = AskRemittanceBack(
            remittance=subject.removeprefix(SENT), remark=self.remark.text()
        )

        def done(outcome: Done) -> None:
            self.forget()
            self.remark.set_text("")
            self.page.tell_done(self.say("clearing.page.asked_done"), outcome)
            self.load()

        self.page.perform(command, done=done)

    def _take_back(self) -> None:
        subject = self.table.current()
        fen = self._sent[subject].amount_fen
        payment = TakePayment(due_fen=fen, tenders=self.back_way.tender(fen))

        def done(outcome: Done) -> None:
            self.forget()
            self.back_way.clear()
            self.page.tell_done(
                self.say("clearing.page.back_done", amount=say_yuan(fen)), outcome, sound="money"
            )
            self.load()

        command = TakeRemittanceBack(remittance=subject.removeprefix(SENT))
        self.page.perform(command, payment, done=done)

    def behind(self, connection: Any, subject: str) -> tuple[str, Sequence[Behind]]:
        """Return the facts behind a due; behind a remittance its own, as the county sees it."""
        portion = self._dues.get(subject)
        if portion is not None:
            if portion.purse == CURRENT:
                return self.say("clearing.page.behind"), records.behind_current(connection)
            here = held(portion.purse, portion.owner, HERE)
            return self.say("clearing.page.behind"), records.behind(connection, here)
        return self.say("clearing.page.behind_one"), records.spoken_of(
            connection, subject.removeprefix(SENT), COUNTY_CURRENT
        )

    def subject_of(self, identity: str) -> str:
        """Return the row of a remittance."""
        return f"{SENT}{identity}"
