"""月对账单: the county's statements by month, compared line by line, and the answer.

What does not fit stands first, with both sides. Charges and subsidies are ticked one by one: only
what is ticked is booked, and only with the answer.
"""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.ledger.accounts import COUNTY_CURRENT
from station_app.services.clearing import comparison, records, statement_records
from station_app.services.clearing.answering import Answering, replaced
from station_app.services.clearing.commands import AnswerStatement
from station_app.services.clearing.comparison import COUNT
from station_app.services.clearing.comparison import Row as Compared
from station_app.services.clearing.facts import Charge
from station_app.services.clearing.pages.view import Outfit, View
from station_app.services.clearing.papers import found_in
from station_app.services.clearing.records import Behind
from station_app.services.clearing.statements import AGREED, DIFFERS, OPEN, REFUSED, Statement
from station_app.services.clearing.wording import (
    account_words,
    charge_words,
    difference_words,
    kind_words,
    month_words,
    shown_amount,
    side_words,
    signed,
)
from station_app.shell import theme
from station_app.shell.desk import Done
from station_app.shell.offers import Tone
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Pill, Row, Text, Tick
from station_app.shell.widgets.panels import Banner, Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import hint, rule, strong
from station_app.values.day import say_day

LIST_WIDTH, LIST_WIDTH_COMPACT = 330, 310
QT_WIDTH_MAX = 16_777_215  # Qt's own largest width: no limit
LINE_HEIGHT = 58
CHARGES_HEIGHT = 132
TONES: dict[str, Tone] = {OPEN: "waiting", AGREED: "ok", DIFFERS: "stop", REFUSED: "stop"}
LINE_TONES: dict[str, Tone] = {comparison.EQUAL: "ok", comparison.WAITS: "queued"}


class StatementView(View):
    """Statements by month, and the lines of the current one."""

    NAME = "statements"
    ICON = "document"
    COLUMNS = (Column("what"), Column("state", 130, "right"))

    def __init__(self, page: Page, outfit: Outfit) -> None:
        """Make it."""
        self._statements: dict[str, Statement] = {}
        self._seen = Answering(statement=None)
        self._rows: dict[str, Compared] = {}
        self._replaced: set[str] = set()
        self._accepted: set[int] = set()
        self._shown = self._ticked_in = ""
        super().__init__(page, outfit)
        self.columns.setStretch(0, 0)
        self.columns.setStretch(1, 1)
        self._list_width = LIST_WIDTH
        self._fit_list()

    def _fit_list(self) -> None:
        """Keep the list narrow: here the lines need the room, once there are any."""
        has_lines = not self.right.isHidden()
        self.list.setMinimumWidth(self._list_width if has_lines else 0)
        self.list.setMaximumWidth(self._list_width if has_lines else QT_WIDTH_MAX)
        self.columns.setStretch(0, 0 if has_lines else 1)
        self.right.setMinimumWidth(0)
        self.right.setMaximumWidth(QT_WIDTH_MAX)

    def set_compact(self, *, compact: bool) -> None:
        """Stand closer in a low window."""
        super().set_compact(compact=compact)
        self._list_width = LIST_WIDTH_COMPACT if compact else LIST_WIDTH
        self._fit_list()
        self.lines.set_compact(compact=compact)
        self.charges.set_compact(compact=compact)

    # --- What it is made of ----------------------------------------------------------------------

    def build_side(self) -> QWidget:
        """Return the compared lines, and the charges below."""
        side = Panel(margins=(1, 12, 1, 4), spacing=0)
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 8)
        self._title, self._counts = strong(), hint()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._counts)
        side.body.addLayout(head)
        side.body.addWidget(rule())
        self.banner = Banner("", "stop")
        holder = QWidget()
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(16, 10, 16, 4)
        inner.addWidget(self.banner)
        self._banner_holder = holder
        side.body.addWidget(holder)
        columns = (
            Column("state", 160),
            Column("what"),
            Column("amount", 290, "right"),
        )
        self.lines = ListTable(
            columns, name=self.say("clearing.page.lines"), row_height=LINE_HEIGHT
        )
        self.lines.current_changed.connect(lambda _subject: self._line_moved())
        side.body.addWidget(self.lines, 1)
        self._sides = hint("", wrap=True)
        self._sides.setContentsMargins(20, 4, 20, 6)
        side.body.addWidget(self._sides)
        self._charges_head = strong(self.say("clearing.page.charges"))
        self._charges_head.setContentsMargins(20, 6, 20, 4)
        side.body.addWidget(self._charges_head)
        columns = (Column("tick", 54), Column("what"), Column("amount", 230, "right"))
        self.charges = ListTable(columns, name=self.say("clearing.page.charges"), row_height=44)
        self.charges.is_arrow_driven = False
        self.charges.setFixedHeight(CHARGES_HEIGHT)
        self.charges.acted.connect(lambda subject, _column: self.switch_charge(int(subject)))
        side.body.addWidget(self.charges)
        return side

    # --- Reading and showing ---------------------------------------------------------------------

    def rows(self, connection: Any) -> list[Row]:
        """Read the statements, the latest month first."""
        found = statement_records.statements(connection)
        self._statements = {identity: state for identity, state in found if state.issued}
        self._replaced = replaced(self._statements.values())
        self._shown = ""
        return [self._row(identity, state) for identity, state in self._statements.items()]

    def _row(self, identity: str, state: Statement) -> Row:
        words = self.counter.say(f"clearing.state.{state.status}")
        today = self.counter.desk.now().day
        small = self.say("clearing.page.issued", day=say_day(state.issued_day, today))
        month = month_words(state.month, self.counter.texts)
        pill = Pill(words, TONES[state.status])
        if identity in self._replaced:
            pill = Pill(self.say("clearing.page.replaced"), "plain")
        return Row(identity, (Text(month, bold=True, small=small), pill))

    def show_current(self) -> None:
        """Compare the current statement and show its lines."""
        identity = self.table.current()
        state = self._statements.get(identity)
        self.right.setVisible(state is not None)
        self._fit_list()
        if state is None or identity == self._shown:
            return
        self._shown = identity
        station = self.counter.desk.now().station
        seen = self.counter.desk.read(lambda c: statement_records.look_at(c, identity, station))
        self._seen = seen
        if identity != self._ticked_in or state.status != OPEN:
            self._accepted = {charge.number for charge in state.accepted}
            self._ticked_in = identity
            self.forget()
        self._title.setText(month_words(state.month, self.counter.texts))
        compared = self._compared(state)
        self._rows = {str(place): row for place, row in enumerate(compared)}
        self.lines.show_rows(
            [self._line(subject, row) for subject, row in self._rows.items()], keep=False
        )
        if self._rows:
            self.lines.choose("0")
        self._counts.setText(self._counted(state, compared))
        self._tell_banner(state)
        self._show_charges()
        self._line_moved()

    def _compared(self, state: Statement) -> tuple[Compared, ...]:
        """Return the lines to show: once answered, the differences are those that were found."""
        if self._seen.compared is None:
            return ()
        rows = self._seen.compared.rows
        if state.status == OPEN or not state.answers:
            return rows
        found = self.counter.desk.read(lambda c: found_in(c, state.answers[0]))
        return (*found, *(row for row in rows if row.state == comparison.EQUAL))

    def _counted(self, state: Statement, rows: Sequence[Compared]) -> str:
        if state.status == REFUSED or self._seen.compared is None:
            return ""
        states = [row.state for row in rows]
        return self.say(
            "clearing.page.counted_lines",
            equal=states.count(comparison.EQUAL),
            waiting=states.count(comparison.WAITS),
            differing=sum(s in comparison.DIFFERENCES for s in states),
        )

    def _tell_banner(self, state: Statement) -> None:
        """Say what stands in the way, or how it was answered."""
        reason = state.reason if state.status == REFUSED else self._seen.reason
        words, tone, small = "", "stop", ""
        if state.status != OPEN and state.status != REFUSED:
            words = self.say(f"clearing.page.answered_{state.status}")
            tone = "ok" if state.status == AGREED else "warn"
        elif reason:
            words = self.counter.say(f"clearing.whole.{reason}")
            small = self.say(
                "clearing.page.refused_small"
                if state.status == OPEN
                else "clearing.page.refused_done"
            )
        elif self._seen.not_here:
            words, tone = self.counter.say("clearing.refusal.NOT_ALL_HERE"), "offline"
        elif self._seen.before_open:
            month = month_words(self._seen.before_open, self.counter.texts)
            words = self.counter.say("clearing.refusal.ANSWER_BEFORE_FIRST", month=month)
            tone = "warn"
        self._banner_holder.setVisible(bool(words))
        if words:
            self.banner.tell(words, _tone(tone), small=small)

    def _line(self, subject: str, row: Compared) -> Row:
        texts = self.counter.texts
        tone = LINE_TONES.get(row.state, "stop")
        words = self.say(f"clearing.page.pill.{row.state}")
        what = (
            Text(
                kind_words(row.kind, texts),
                bold=row.state != comparison.EQUAL,
                small=account_words(row.shown_account, texts),
            )
            if row.fact
            else Text(self._total_words(row), bold=True)
        )
        amount = Text(
            shown_amount(row, texts),
            theme.BODY,
            bold=tone == "stop",
            ink="stop" if tone == "stop" else "ink",
        )
        ground: Tone = "warn" if tone == "stop" else "plain"
        return Row(subject, (Pill(words, tone), what, amount), tone=ground)

    def _total_words(self, row: Compared) -> str:
        if row.state == COUNT:
            return self.counter.say(f"clearing.side.{row.kind}")
        return account_words(row.shown_account, self.counter.texts)

    def _line_moved(self) -> None:
        row = self._rows.get(self.lines.current())
        if row is None:
            self._sides.setText("")
        elif row.state in (comparison.EQUAL, comparison.WAITS):
            self._sides.setText(difference_words(row.state, self.counter.texts))
        else:
            theirs, ours = side_words(row, self.counter.texts)
            words = difference_words(row.state, self.counter.texts)
            self._sides.setText(f"{words}\n{theirs}　{ours}")
        self.page.touch_actions()

    def _show_charges(self) -> None:
        charges = self._seen.charges
        self._charges_head.setVisible(bool(charges))
        self.charges.setVisible(bool(charges))
        self.charges.show_rows([self._charge(charge) for charge in charges])
        if charges and not self.charges.current():
            self.charges.choose(str(charges[0].number))

    def _charge(self, charge: Charge) -> Row:
        texts = self.counter.texts
        words = charge_words(charge.account, charge.amount_fen, texts)
        return Row(
            str(charge.number),
            (
                Tick(charge.number in self._accepted),
                Text(f"{charge.number}. {words}", bold=True),
                Text(signed(charge.amount_fen, COUNTY_CURRENT, texts)),
            ),
        )

    def switch_charge(self, number: int) -> None:
        """Accept a charge, or do not."""
        state = self._statements.get(self.table.current())
        if state is not None and state.status == OPEN:
            self._accepted ^= {number}
            self.touch()
            self._show_charges()
            self.page.touch_actions()

    def take_digit(self, digit: int) -> bool:
        """Accept the charge of this number, counted behind the views."""
        number = digit - 4
        if not any(charge.number == number for charge in self._seen.charges):
            return False
        self.switch_charge(number)
        return True

    # --- What outlives a power cut ---------------------------------------------------------------

    def ticked(self) -> list[str]:
        """Return the charges that are accepted so far."""
        return [str(number) for number in sorted(self._accepted)]

    def tick(self, subjects: Sequence[str]) -> None:
        """Accept them again."""
        self._accepted = {int(subject) for subject in subjects}

    def stands(self) -> list[Any]:
        """Return whether it is answered, and the charges that it asks about."""
        state = self._statements.get(self.table.current())
        charges = [[charge.number, charge.amount_fen] for charge in self._seen.charges]
        return [state.status if state else "", charges]

    # --- What can be done ------------------------------------------------------------------------

    def possible(self) -> list[Action]:
        """Return what can be done now."""
        state = self._statements.get(self.table.current())
        if state is None:
            return []
        facts = [self.facts_action()]
        if self.shows_facts:
            return facts
        if state.status != OPEN or self._seen.is_replaced:
            return facts
        has_charges = bool(self._seen.charges)
        if has_charges:
            all_ = Action(self.say("clearing.page.accept_all"), "F11", self._accept_all)
            facts.append(all_)
        return [*facts, self._answer_action()]

    def _accept_all(self) -> None:
        numbers = {charge.number for charge in self._seen.charges}
        self._accepted = set() if self._accepted == numbers else numbers
        self.touch()
        self._show_charges()
        self.page.touch_actions()

    def _answer_action(self) -> Action:
        reason = ""
        if self._seen.reason:
            words = self.say("clearing.page.answer_refused")
        elif self._seen.compared is None or self._seen.before_open:
            words, reason = (
                self.say("clearing.page.answer"),
                self.say("clearing.page.missing.not_yet"),
            )
        else:
            count = len(self._seen.compared.differences)
            agreed = "answer_agreed_charges" if self._seen.charges else "answer_agreed"
            key = "answer_differs" if count else agreed
            words = self.say(f"clearing.page.{key}", count=count, accepted=len(self._accepted))
        return Action(
            words, "Enter", self._answer, kind="primary", is_enabled=not reason, reason=reason
        )

    def _answer(self) -> None:
        identity = self.table.current()
        accepted = () if self._seen.reason else tuple(sorted(self._accepted))

        def done(outcome: Done) -> None:
            result = outcome.told[0].body.result if outcome.told else AGREED
            self.forget()
            self.page.tell_done(self.say(f"clearing.page.answer_done_{result}"), outcome)
            self.load()

        command = AnswerStatement(statement=identity, accepted=accepted)
        self.page.perform(command, done=done)

    def behind(self, connection: Any, subject: str) -> tuple[str, Sequence[Behind]]:
        """Return the facts behind the line that is current, or those of the statement."""
        row = self._rows.get(self.lines.current())
        if row is not None and row.fact:
            account = row.other_account or row.account
            return self.say("clearing.page.behind_one"), records.one_fact(
                connection, row.fact, account
            )
        if row is not None and row.account:
            return self.say("clearing.page.behind"), records.behind(connection, row.account)
        return self.say("clearing.page.behind_one"), records.spoken_of(
            connection, subject, COUNTY_CURRENT
        )

    def subject_of(self, identity: str) -> str:
        """Return the row of a statement."""
        return identity


def _tone(name: str) -> Tone:
    tones: dict[str, Tone] = {"ok": "ok", "warn": "warn", "offline": "offline"}
    return tones.get(name, "stop")
