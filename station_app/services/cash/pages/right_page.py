"""Putting a payment right (改正): the wrong way, the wrong amount, the wrong change.

It opens from the act itself, shows how the payment stands, and is one act of today: the shift in
which it was stays closed. The commonest slip, another way of paying, is one digit and Enter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from station_app.journal.log import Connection
from station_app.ledger import paid_acts
from station_app.ledger.lending import Lending
from station_app.ledger.paid_acts import FactRow
from station_app.ledger.posting import CNY, Entry, Line
from station_app.services.cash import payment_records
from station_app.services.cash.commands import (
    CorrectAmount,
    CorrectChange,
    CorrectPayment,
    PrintCorrection,
    giving,
    taking,
    tenders_of,
)
from station_app.services.cash.corrections import SettledLine
from station_app.services.cash.facts import Tender
from station_app.services.cash.pages.right_parts import AmountSide, ChangeSide
from station_app.services.cash.papers import PaperMaker
from station_app.services.cash.payment_records import PaymentGatherer
from station_app.services.cash.payments import Payment, lent_by_giving
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.offers import Scan
from station_app.shell.page import Action, Page
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.panels import Banner, EmptyState, Panel
from station_app.shell.widgets.payment import PaymentPanel, missing_words
from station_app.shell.widgets.words import Words, hint, rule, strong
from station_app.values.day import say_moment
from station_app.values.money import say_yuan
from station_app.values.paying import CASH, ON_ACCOUNT, WAYS, Part, Paying
from station_app.values.paying_draft import kept_paying, taken_up
from station_app.values.refusal import Refusal

WAY, AMOUNT, CHANGE = "way", "amount", "change"
FIRST_WAY = 4
LEFT_WIDTH = 400


@dataclass(frozen=True, slots=True)
class Opened:
    """The payment that is put right: its fact, how it stands, what its act settled."""

    fact: FactRow
    state: Payment
    lines: Mapping[str, SettledLine]


class RightPage(Page):
    """Puts one payment right."""

    def __init__(
        self, counter: Counter, key: str, papers: PaperMaker, gatherer: PaymentGatherer
    ) -> None:
        """Make the page; `open_with` names the act."""
        super().__init__(counter, key)
        self._papers = papers
        self._gatherer = gatherer
        self.opened: Opened | None = None
        self._build()

    def _build(self) -> None:
        self._empty = EmptyState("pencil", self.say("cash.right.none"))
        self._work = QWidget()
        self._row = QHBoxLayout(self._work)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.FULL.gap)
        self._row.addWidget(self._build_left())
        panel = Panel(margins=(24, 14, 24, 14), spacing=10)
        self.ways = PaymentPanel(self.counter.texts, first=FIRST_WAY, ways=WAYS, labels="right")
        self.ways.changed.connect(lambda _paying: self._typed_change())
        self.amount = AmountSide(self.counter)
        self.amount.changed.connect(self._typed_amount)
        self.change = ChangeSide(self.counter)
        self.change.changed.connect(self._typed_change)
        self._sides = QStackedWidget()
        for widget in (self.ways, self.amount, self.change):
            self._sides.addWidget(widget)
        panel.body.addWidget(self._sides, 1)
        self._row.addWidget(panel, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._work)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def _build_left(self) -> QWidget:
        panel = Panel(margins=(22, 16, 22, 16), spacing=10)
        panel.setFixedWidth(LEFT_WIDTH)
        self._what = Words("", theme.TITLE, bold=True, wrap=True)
        self._when = hint("")
        self._was = Words("", theme.STRONG, wrap=True)
        self.what = ChoiceRow(
            [Choice(one, self.say(f"cash.right.{one}")) for one in (WAY, AMOUNT, CHANGE)],
            columns=1,
            height=theme.FORM_HEIGHT,
        )
        self.what.chosen.connect(self._choose)
        self._counted = Banner("", "notice")
        for widget in (
            self._what, self._when, rule(), strong(self.say("cash.right.was")), self._was, rule(),
            strong(self.say("cash.right.what_is_wrong")), self.what,
        ):  # fmt: skip
            panel.body.addWidget(widget)
        panel.body.addStretch(1)
        panel.body.addWidget(self._counted)
        return panel

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("cash.right.title")

    def action_bar(self) -> Sequence[Action]:
        """Put it right, or leave it."""
        back = Action(self.say("cash.right.back"), "Esc", self._leave)
        if self.opened is None:
            return [back]
        missing = self._missing()
        return [
            back,
            Action(
                self._primary_words(),
                "Enter",
                self._commit,
                kind="primary",
                is_enabled=not missing,
                reason=missing,
            ),
        ]

    def _primary_words(self) -> str:
        kind = self.what.value()
        fen = 0
        if kind == AMOUNT:
            fen = self.amount.difference_fen()
        elif kind == CHANGE:
            fen = self.change.difference_fen()
        if not fen:
            return self.say("cash.right.primary")
        key = "primary_take" if fen > 0 else "primary_give"
        return self.say(f"cash.right.{key}", amount=say_yuan(abs(fen)))

    def _missing(self) -> str:
        kind, has_shift = self.what.value(), bool(self.counter.desk.now().shift)
        texts = self.counter.texts
        if kind == WAY:
            if self._is_same():
                return self.say("cash.right.missing.same")
            return missing_words(texts, self.ways.paying, has_shift=True)
        if kind == CHANGE:
            if not self.change.difference_fen():
                return self.say("cash.right.missing.amount")
            return "" if has_shift else self.say("shell.paying.missing.shift")
        if not self.amount.difference_fen():
            return self.say("cash.right.missing.amount")
        if self.amount.lending.missing():
            return self.amount.lending.missing()
        return missing_words(texts, self.amount.money.paying, has_shift=has_shift)

    def _is_same(self) -> bool:
        assert self.opened is not None
        was = sorted((t.way, t.amount_fen, t.reference) for t in self.opened.state.tenders)
        parts = self.ways.paying.all_parts
        return was == sorted((p.way, p.amount_fen, p.reference) for p in parts)

    # --- What the window tells it ----------------------------------------------------------------

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Open the payment of an act."""
        act = subject.get("act", "")
        self.opened = self.counter.desk.read(lambda c: self._find(c, act))
        self._stack.setCurrentWidget(self._work if self.opened else self._empty)
        if self.opened is not None:
            self._show_opened(self.opened)
        self.touch_actions()

    def draft(self) -> Draft | None:
        """Return what was chosen or typed, with the act that it is of and how it stood."""
        if self.opened is None:
            return None
        if self.what.value() == WAY:
            if self._is_same():
                return None
            paying = kept_paying(self.ways.paying)
            return {**self._of(self.opened), "what": WAY, "paying": paying}
        is_amount = self.what.value() == AMOUNT
        typed = self.amount.right.text() if is_amount else self.change.field.text()
        if not typed:
            return None
        return {
            **self._of(self.opened),
            "what": self.what.value(),
            "which": self.amount.line() if is_amount else self.change.which.value(),
            "typed": typed,
        }

    def resume(self, draft: Draft) -> str:
        """Take up a correction that was cut off; one put right meanwhile is given up."""
        said = {key: str(draft.get(key, "")) for key in ("act", "what", "which", "typed")}
        self.open_with({"act": said["act"]})
        if self.opened is None or self._of(self.opened)["was"] != draft.get("was"):
            self.keep_draft()
            return self.say("cash.right.resumed_gone")
        self.what.set_value(said["what"])
        self._choose(said["what"])
        if said["what"] == WAY:
            self.ways.show_paying(taken_up(self.ways.paying, draft["paying"]))
        elif said["what"] == CHANGE:
            self.change.which.set_value(said["which"])
            self.change.field.set_text(said["typed"])
        elif said["which"] in self.opened.lines:
            self.amount.take_line(said["which"])
            self.amount.right.set_text(said["typed"])
        self.touch_actions()
        return self.say("cash.right.resumed")

    def _of(self, opened: Opened) -> dict[str, Any]:
        """Return which act a draft is of, and how its payment and lines stand now."""
        state = opened.state
        lines = sorted([key, line.fen] for key, line in opened.lines.items())
        was = [state.corrected, state.change_put_right_fen, lines]
        return {"act": opened.fact.act, "was": was}

    def _find(self, connection: Connection, act: str) -> Opened | None:
        for identity in payment_records.payments_of_act(connection, act):
            fact = paid_acts.fact(connection, identity)
            state = payment_records.payment_state(connection, identity)
            if fact is not None and state is not None:
                return Opened(fact, state, payment_records.settled_lines(connection, identity))
        return None

    def on_digit(self, digit: int) -> bool:
        """Choose what was wrong, or which way it was."""
        if self.opened is None:
            return False
        if self.what.take_digit(digit):
            return True
        kind = self.what.value()
        if kind == WAY:
            return self.ways.take_digit(digit)
        return self.amount.take_digit(digit) if kind == AMOUNT else self.change.take_digit(digit)

    def on_scan(self, scan: Scan) -> bool:
        """Take a payment number."""
        if scan.meaning is not None:
            return False
        panel = self.ways if self.what.value() == WAY else self.amount.money
        return panel.take_scan(scan.text)

    def on_escape(self) -> bool:
        """Leave it as it is."""
        self._leave()
        return True

    def _leave(self) -> None:
        """Give up what was typed: no draft of it stays behind."""
        self.opened = None
        self._stack.setCurrentWidget(self._empty)
        self.keep_draft()
        self.counter.front.go_back()

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._row.setSpacing(theme.COMPACT.gap if is_compact else theme.FULL.gap)
        for panel in (self.ways, self.amount.money):
            panel.set_compact(compact=is_compact)

    # --- Showing ---------------------------------------------------------------------------------

    def _show_opened(self, opened: Opened) -> None:
        state, fact = opened.state, opened.fact
        sum_fen = sum(tender.amount_fen for tender in state.tenders)
        key = "of_in" if state.direction == "in" else "of_out"
        self._what.setText(self.say(f"cash.right.{key}", amount=say_yuan(sum_fen)))
        today = self.counter.desk.now().day
        self._when.setText(say_moment(fact.at, state.day, today))
        was = [
            f"{self.say(f'shell.paying.way.{t.way}')} {say_yuan(t.amount_fen)}"
            for t in state.tenders
        ]
        self._was.setText("\n".join(was))
        now = self.counter.desk.now()
        is_counted = self.counter.desk.read(
            lambda c: payment_records.is_counted(c, fact.identity, now)
        )
        self._counted.tell(self.say("cash.right.counted"), "notice")
        self._counted.setVisible(is_counted)
        self._show_ways(opened, sum_fen)
        self.amount.show_lines(
            [(line.key, self._name(line), line.fen) for line in opened.lines.values()],
            state.direction,
        )
        self.change.clear()
        self.what.set_value(WAY)
        self._choose(WAY)

    def _name(self, line: SettledLine) -> str:
        return self.counter.desk.read(lambda c: self._papers.line_name(c, line))

    def _show_ways(self, opened: Opened, sum_fen: int) -> None:
        tenders = opened.state.tenders
        person = next((t.person for t in tenders if t.person), "")
        parts = tuple(
            Part(way=t.way, amount_fen=t.amount_fen, reference=t.reference, person=t.person)
            for t in tenders
        )
        last = parts[-1] if parts else Part(way=CASH, amount_fen=0)
        self.ways.clear()
        self.ways.show_paying(
            Paying(
                due_fen=sum_fen,
                parts=parts[:-1],
                way=last.way,
                reference=last.reference,
                person=person or self._person_of(opened),
                gives=True,
            )
        )
        who = self.ways.paying.person
        if who:
            register = self._gatherer.register
            credit = self.counter.desk.read(lambda c: register.credit(c, who))
            already = sum(t.amount_fen for t in tenders if t.way == ON_ACCOUNT)
            credit = replace(credit, owes_fen=max(0, credit.owes_fen - already))
            self.ways.show_paying(replace(self.ways.paying, credit=credit))

    def _person_of(self, opened: Opened) -> str:
        """Return whom the act was for, where one of its facts says so: she may owe it."""
        return self.counter.desk.read(
            lambda c: payment_records.person_of_act(c, opened.fact.stream, opened.fact.act)
        )

    def _choose(self, kind: str) -> None:
        sides: dict[str, QWidget] = {WAY: self.ways, AMOUNT: self.amount, CHANGE: self.change}
        self._sides.setCurrentWidget(sides[kind])
        if kind == AMOUNT:
            self.amount.right.setFocus()
        elif kind == CHANGE:
            self.change.field.setFocus()
        else:
            self.setFocus()
        self.touch_actions()
        self.touch_draft()

    def _typed_amount(self) -> None:
        """The difference follows from what is typed; giving looks at whose money it would be."""
        self.amount.show_difference(has_shift=bool(self.counter.desk.now().shift))
        paying = self.amount.money.paying
        if paying.gives:
            now, tenders = self.counter.desk.now(), tenders_of(paying)
            assert self.opened is not None
            account = self.opened.lines[self.amount.line()].account
            said = (Line(account, CNY, paying.due_fen),)
            lent = self.counter.desk.read(lambda c: self._lent(c, said, tenders))
            staff = self.counter.desk.read(lambda c: len(self._gatherer.staff(c)))
            self.amount.show_lending(lent, staff, is_manager=now.is_manager)
        self.touch_actions()
        self.touch_draft()

    def _typed_change(self) -> None:
        self.touch_actions()
        self.touch_draft()

    def _lent(self, connection: Any, said: Entry, tenders: tuple[Tender, ...]) -> Lending:
        """Return what of other people's money giving back would use."""
        state = replace(self._gatherer.lending_state(connection), said=said)
        return lent_by_giving(state, tenders, self.counter.desk.now().device)

    # --- The act ---------------------------------------------------------------------------------

    def _commit(self) -> None:
        opened = self.opened
        if opened is None or self._missing():
            return
        payment, kind = opened.fact.identity, self.what.value()
        commands: list[Any]
        if kind == WAY:
            commands = [CorrectPayment(payment=payment, tenders=tenders_of(self.ways.paying))]
        elif kind == CHANGE:
            difference_fen = self.change.difference_fen()
            commands = [CorrectChange(payment=payment, difference_fen=difference_fen)]
        else:
            commands = self._commands_of_amount(payment)
        self.perform(*commands, done=self._is_right, refused=self._refused)

    def _commands_of_amount(self, payment: str) -> list[Any]:
        side = self.amount
        right = CorrectAmount(payment=payment, line=side.line(), right_fen=side.right.fen() or 0)
        paying = side.money.paying
        pay = giving(paying, side.lending.reason()) if paying.gives else taking(paying)
        return [right, pay, PrintCorrection(act=self.ticket)]

    def _is_right(self, done: Done) -> None:
        self.opened = None
        self.keep_draft()
        self.counter.front.go_back()
        self.tell_done(self.say("cash.right.done"), done, sound="money")

    def _refused(self, refusal: Refusal) -> None:
        self.counter.front.say_refusal(refusal.text_key, refusal.slots)
