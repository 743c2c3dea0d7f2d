"""The middle of the page of bills: today's and what is not over, with what the list comes to."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout

from station_app.journal.log import Connection
from station_app.services.bills.outfit import Outfit
from station_app.services.bills.records import BillRow, Sums
from station_app.services.bills.telling import TONES, shown_state
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.cells import Column, Pill, Row, Text
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import hint, strong
from station_app.values.day import local_time, say_day, say_moment
from station_app.values.masks import tail
from station_app.values.money import say_yuan

ROW_HEIGHT = 64
COLUMNS = (Column("state", 136), Column("what"), Column("amount", 116, "right"))


class BillList(Panel):
    """The list, and below it what was taken in and not paid, what is owed back, what is paid."""

    def __init__(self, counter: Counter, outfit: Outfit) -> None:
        """Make it empty."""
        super().__init__(margins=(1, 12, 1, 10), spacing=6)
        self._counter = counter
        self._outfit = outfit
        self.rows: tuple[BillRow, ...] = ()
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 16, 0)
        head.addWidget(strong(counter.say("bills.list.heading"), theme.STRONG))
        head.addStretch(1)
        self.list = ListTable(
            COLUMNS, name=counter.say("bills.list.heading"), row_height=ROW_HEIGHT
        )
        self._empty = hint(counter.say("bills.list.empty"), wrap=True).centred()
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 0, 16, 0)
        self._unpaid, self._refund, self._paid = hint(), hint(), hint()
        for number, words in enumerate((self._unpaid, self._refund, self._paid)):
            if number:
                foot.addStretch(1)
            foot.addWidget(words)
        self.body.addLayout(head)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self._empty, 1)
        self.body.addLayout(foot)

    def current(self) -> BillRow | None:
        """Return the bill on which the cursor stands."""
        subject = self.list.current()
        return next((row for row in self.rows if row.bill == subject), None)

    def show_bills(self, rows: Sequence[BillRow], sums: Sums, today: str) -> None:
        """Show these, and what they come to."""
        self.rows = tuple(rows)
        self.list.show_rows(self._counter.desk.read(
            lambda c: [self._row(c, row, today) for row in rows]
        ))  # fmt: skip
        if rows and not self.list.current():
            self.list.choose(rows[0].bill)
        self.list.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        say = self._counter.say
        self._unpaid.setText(say("bills.list.unpaid", amount=say_yuan(sums.unpaid_fen)))
        key = "refunds" if sums.refunds else "no_refunds"
        self._refund.setText(
            say(f"bills.list.{key}", count=sums.refunds, amount=say_yuan(sums.refund_fen))
        )
        self._refund.set_ink("stop" if sums.refunds else "ink2")
        self._paid.setText(say("bills.list.paid", count=sums.paid))

    def _row(self, connection: Connection, row: BillRow, today: str) -> Row:
        say, state, shown = self._counter.say, row.state, shown_state(row)
        people, papers = self._outfit.people, self._outfit.papers
        person = people.person(connection, state.person) if state.person else None
        name = self._counter.privacy.name(person.name) if person else ""
        who = name or self._counter.privacy.name(state.holder) or say("bills.shown.passer_by")
        title = f"{who}  {papers.short_name(connection, state)} …{tail(state.account_no)}"
        is_late = row.is_late(today)
        amount = say_yuan(row.due_fen if row.due_fen > 0 else row.whole_fen)
        when = say_moment(row.at, state.day, today)
        if state.day == today:
            when = say("bills.list.today", time=local_time(row.at))
        pill = Pill(say(f"bills.state.{shown}"), "stop" if is_late else TONES[shown])
        return Row(
            row.bill,
            (
                pill,
                Text(title, theme.BODY, bold=True, small=self._small(row, today),
                     small_ink="stop" if is_late or row.due_fen > 0 else "ink2"),
                Text(amount, theme.BODY, bold=True, small=when),
            ),
        )  # fmt: skip

    def _small(self, row: BillRow, today: str) -> str:
        say, state = self._counter.say, row.state
        day = say_day(state.due_day, today) if state.due_day else ""
        if row.is_late(today):
            return say("bills.small.late", day=day)
        if row.stands == "paid":
            key = "printed" if row.has_receipt else "not_printed"
            return say(f"bills.small.{key}", number=state.number)
        if row.stands in ("failed", "reversed"):
            key = row.stands if row.due_fen > 0 else "refunded"
            return say(f"bills.small.{key}", reason=self._reason(state.reason))
        return say(f"bills.small.{row.stands}", day=day)

    def _reason(self, code: str) -> str:
        key = f"bills.reason.{code}"
        return self._counter.say(key) if self._counter.texts.has(key) else code
