"""How the refund page looks, in each of its states.

list: what is owed back and what was paid twice; pay: one refund; settle: what becomes of money
paid twice; done: the payout, until its paper has been seen.
"""

from typing import Any, Literal

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from station_app.services.accounts import records
from station_app.services.accounts.outfit import Outfit
from station_app.services.accounts.pages.refund_parts import PayingOut, Settling
from station_app.services.accounts.pages.shown import Shown
from station_app.services.accounts.records import DueRefund, PaidTwice
from station_app.services.accounts.rules import RefundStanding
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.page import Page
from station_app.shell.widgets.cells import Column, Icon, Pill, Row, Text
from station_app.shell.widgets.done import DonePanel
from station_app.shell.widgets.panels import EmptyState, Panel
from station_app.shell.widgets.signing import AttachedSignatures
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import rule, strong
from station_app.values.day import days_between, say_day
from station_app.values.money import say_yuan

Mode = Literal["list", "pay", "settle", "done"]
ROW_HEIGHT = 64
SIGN_KEY = "F10"
COLUMNS = (
    Column("icon", 56),
    Column("what"),
    Column("since", 230),
    Column("home", 190),
    Column("due", 170, "right"),
    Column("cap", 84, "right"),
)


class RefundView(Page):
    """The looks of the refund page."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Lay the page out with nothing open."""
        super().__init__(counter, key)
        self.outfit = outfit
        self.shown = Shown(counter, outfit.people)
        self.mode: Mode = "list"
        self.due: tuple[DueRefund, ...] = ()
        self.twice: tuple[PaidTwice, ...] = ()
        self.document = ""
        self.standing: RefundStanding | None = None
        self._lay_out()
        counter.privacy.listen(self.show_all)

    def _lay_out(self) -> None:
        say = self.say
        self.list = ListTable(COLUMNS, name=self.title, row_height=ROW_HEIGHT)
        self.list.set_owns_enter(owns=True)
        self._heading, self._sum = strong(""), strong("")
        self._listed = Panel(margins=(1, 14, 1, 8), spacing=6)
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 0)
        head.addWidget(self._heading)
        head.addStretch(1)
        head.addWidget(self._sum)
        self._listed.body.addLayout(head)
        self._listed.body.addWidget(rule())
        self._listed.body.addWidget(self.list, 1)
        self._empty = EmptyState(
            "ok", say("accounts.refunds.empty"), say("accounts.refunds.empty_small")
        )
        self.out = PayingOut(self.counter)
        self.settling = Settling(self.counter)
        self.done = DonePanel()
        self.signing = AttachedSignatures(self, self.outfit.photos, SIGN_KEY, self.show_all)
        self._stack = QStackedWidget()
        for widget in (
            self._empty, self._listed, self.out, self.settling, self.done, self.signing.panel,
        ):  # fmt: skip
            self._stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("accounts.tab.refunds")

    def first_focus(self) -> QWidget | None:
        """Move in the list."""
        return self.list if self.mode == "list" else None

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self.list.set_compact(compact=is_compact)
        self.out.set_compact(compact=is_compact)
        self.settling.money.set_compact(compact=is_compact)

    def to_list(self) -> None:
        """Show the list."""
        self.mode, self.standing, self.document = "list", None, ""
        self.signing.forget()
        self.keep_draft()
        self.show_all()
        self.list.setFocus()

    # --- Showing ---------------------------------------------------------------------------------

    def read(self) -> None:
        """Read what is due and what was paid twice, and show it."""

        def read(connection: Any) -> None:
            self.due = records.refunds_due(connection)
            self.twice = records.paid_twice(connection)

        self.counter.desk.read(read)
        self.show_all()

    def show_all(self) -> None:
        """Show the state as it is now."""
        rows = self.counter.desk.read(
            lambda c: [
                *(self._twice_row(c, one) for one in self.twice),
                *(self._due_row(c, one) for one in self.due),
            ]
        )
        self.list.show_rows(rows)
        total = sum(one.due_fen for one in self.due)
        self._heading.setText(self.say("accounts.refunds.heading", count=len(self.due)))
        self._sum.setText(self.say("accounts.refunds.sum", amount=say_yuan(total)))
        places: dict[str, QWidget] = {
            "list": self._listed if rows else self._empty,
            "pay": self.signing.panel if self.signing.is_open else self.out,
            "settle": self.settling,
            "done": self.done,
        }
        if self.mode == "pay":
            self._show_what()
        self._stack.setCurrentWidget(places[self.mode])
        self.touch_actions()

    def _show_what(self) -> None:
        document = self.document

        def show(connection: Any) -> None:
            row = records.refund_row(connection, document, 0)
            person = self.shown.person(connection, row.person)
            title = self.outfit.papers.title(row)
            today = self.counter.desk.now().day
            day = say_day(row.day, today) if row.day else ""
            who = self.shown.name(person) if person else ""
            self.out.show_what(
                title, "·".join(p for p in (who, self.shown.place(person), day) if p)
            )

        self.counter.desk.read(show)

    def _due_row(self, connection: Any, one: DueRefund) -> Row:
        person = self.shown.person(connection, one.person)
        today = self.counter.desk.now().day
        what = self.outfit.papers.what(one.kind)
        title = self.shown.name(person) if person else what
        small = self.outfit.papers.title(one)
        age = days_between(one.since, today) if one.since else 0
        key = "since" if age > 0 else "since_today"
        since = self.say(f"accounts.debts.{key}", day=say_day(one.since, today), age=age)
        is_here = one.home == self.counter.desk.now().device
        device = one.home.lstrip("D") or "?"
        home = "" if is_here else self.say("accounts.refunds.home_is", device=device)
        return Row(
            one.document,
            (
                Icon("cash", "", "ink2"),
                Text(title, theme.STRONG, bold=True, small=small),
                Text(since if one.since else "", ink="ink2"),
                Text(home, ink="ink2"),
                Text(say_yuan(one.due_fen), theme.STRONG, bold=True),
                None,
            ),
        )

    def _twice_row(self, connection: Any, one: PaidTwice) -> Row:
        purse = self.outfit.papers.purse(connection, one.account)
        small = self.say("accounts.refunds.twice_small")
        return Row(
            one.account,
            (
                Icon("stop", "", "stop"),
                Text(purse, theme.STRONG, bold=True, small=small),
                Pill(self.say("accounts.refunds.twice"), "stop"),
                None,
                Text(say_yuan(one.debit_fen), theme.STRONG, bold=True, ink="stop"),
                None,
            ),
            tone="warn",
        )
