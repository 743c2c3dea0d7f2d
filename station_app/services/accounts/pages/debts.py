"""Who owes the station (赊账): the oldest first, and taking what they bring.

Opened by hand only, and names stand on it: it is never spoken and never on a display that
villagers see. A part is as good as the whole; what is left stays on the list. Whoever repaid too
much, since two PCs took the same debt, stands above them and gets it back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from station_app.journal.projection import StateChange
from station_app.ledger import paid_acts
from station_app.services.accounts import records
from station_app.services.accounts.commands import PrintAccountSlip, RepayAccount, ReturnOverpaid
from station_app.services.accounts.outfit import Outfit
from station_app.services.accounts.pages.shown import Shown
from station_app.services.accounts.records import Debtor
from station_app.services.cash.commands import giving, taking
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.offers import Scan
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cards import PersonCard
from station_app.shell.widgets.cells import Column, Icon, Row, Text
from station_app.shell.widgets.done import DonePanel
from station_app.shell.widgets.fields import MoneyField
from station_app.shell.widgets.panels import EmptyState, Panel
from station_app.shell.widgets.payment import PaymentPanel, missing_words
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import hint, rule, strong
from station_app.values.day import days_between, say_day
from station_app.values.money import say_yuan
from station_app.values.paying import ALIPAY, BANK, CASH, WECHAT, Paying
from station_app.values.paying_draft import kept_paying, taken_up

Mode = Literal["list", "pay", "done"]
ROW_HEIGHT = 64
UNDO_PAGE = "overview.undo"  # where money is given back before an act is undone
REGISTER_PAGE = "people.register"
FIGURE_PAGE = "cash.figure"
COLUMNS = (
    Column("icon", 56),
    Column("who"),
    Column("since", 260),
    Column("limit", 190, "right"),
    Column("owes", 170, "right"),
    Column("cap", 84, "right"),
)


class DebtsPage(Page):
    """Lists who owes, and takes what is brought."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page."""
        super().__init__(counter, key)
        self._outfit = outfit
        self._shown = Shown(counter, outfit.people)
        self._debtors: tuple[Debtor, ...] = ()
        self._over: tuple[Debtor, ...] = ()
        self._limits: dict[str, int] = {}
        self.mode: Mode = "list"
        self.debtor: Debtor | None = None
        self._act = ""
        self._build()
        counter.privacy.listen(self._show)

    def _build(self) -> None:
        self.list = ListTable(COLUMNS, name=self.title, row_height=ROW_HEIGHT)
        self.list.set_owns_enter(owns=True)
        self.list.opened.connect(self._open)
        self._heading, self._sum = strong(""), strong("")
        listed = Panel(margins=(1, 14, 1, 8), spacing=6)
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 0)
        head.addWidget(self._heading)
        head.addStretch(1)
        head.addWidget(self._sum)
        listed.body.addLayout(head)
        listed.body.addWidget(rule())
        listed.body.addWidget(self.list, 1)
        self._listed = listed
        self._empty = EmptyState(
            "book", self.say("accounts.debts.empty"), self.say("accounts.debts.empty_small")
        )
        self.done = DonePanel()
        self._stack = QStackedWidget()
        for widget in (self._empty, listed, self._build_work(), self.done):
            self._stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def _build_work(self) -> QWidget:
        self.card = PersonCard()
        self.amount = MoneyField(self.counter.texts, self.say("accounts.debts.how_much"))
        self.amount.line.setFixedWidth(220)
        self.amount.amount_changed.connect(self._type_amount)
        self._left = hint("")
        self.money = PaymentPanel(self.counter.texts, ways=(CASH, WECHAT, ALIPAY, BANK))
        self.money.changed.connect(lambda _paying: self._typed())
        panel = Panel(margins=(24, 14, 24, 14), spacing=10)
        row = QHBoxLayout()
        row.addWidget(self.amount)
        row.addSpacing(16)
        row.addWidget(self._left, 1)
        panel.body.addLayout(row)
        panel.body.addWidget(rule())
        panel.body.addWidget(self.money, 1)
        self._work = QWidget()
        self._column = QVBoxLayout(self._work)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.FULL.gap)
        self._column.addWidget(self.card)
        self._column.addWidget(panel, 1)
        return self._work

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("accounts.tab.debts")

    def first_focus(self) -> QWidget | None:
        """Move in the list; type how much."""
        return self.amount if self.mode == "pay" else self.list

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        say = self.say
        if self.mode == "done":
            return [
                Action(say("accounts.debts.undo"), "Ctrl+Z", self._undo, icon="undo"),
                Action(say("accounts.debts.print"), "Ctrl+P", self._print, icon="printer"),
                Action(say("accounts.debts.next"), "Enter", self._to_list, kind="primary"),
            ]
        if self.mode == "pay":
            return [Action(say("accounts.debts.back"), "Esc", self._to_list), self._primary()]
        if not self._debtors:
            return []
        return [
            Action(say("accounts.debts.person"), "F10", self._open_person, icon="person"),
            Action(say("accounts.facts"), "F11", self._open_facts, icon="list"),
        ]

    def _primary(self) -> Action:
        paying = self.money.paying
        reason = self._missing()
        return Action(
            self._say("primary", amount=say_yuan(paying.to_pay_fen)),
            "Enter",
            self._commit,
            kind="primary",
            is_enabled=not reason,
            reason=reason,
        )

    def _missing(self) -> str:
        due_fen = self.money.paying.due_fen
        stands_fen = abs(self.debtor.owes_fen) if self.debtor else 0
        if not due_fen:
            return self._say_missing("amount")
        if due_fen > stands_fen:
            return self._say_missing("more")
        has_shift = bool(self.counter.desk.now().shift)
        return missing_words(self.counter.texts, self.money.paying, has_shift=has_shift)

    @property
    def is_back(self) -> bool:
        """Tell whether the villager who is open repaid too much and gets it back."""
        return self.debtor is not None and self.debtor.owes_fen < 0

    def _say(self, key: str, **slots: object) -> str:
        return self.say(f"accounts.debts.{'back_' if self.is_back else ''}{key}", **slots)

    def _say_missing(self, key: str) -> str:
        return self.say(f"accounts.debts.missing.{'back_' if self.is_back else ''}{key}")

    def under_way(self) -> str:
        """Return whose repayment is half done."""
        is_typed = self.mode == "pay" and (self.money.paying.parts or self.money.cash.text())
        return self.say("accounts.debts.under_way") if is_typed else ""

    # --- What outlives a power cut ---------------------------------------------------------------

    def draft(self) -> Draft | None:
        """Return whose repayment is open, and what was typed of it."""
        if self.mode != "pay" or self.debtor is None:
            return None
        return {
            "person": self.debtor.person,
            "owes_fen": self.debtor.owes_fen,
            "amount": self.amount.text(),
            "paying": kept_paying(self.money.paying),
        }

    def resume(self, draft: Draft) -> str:
        """Open it again; if she owes another sum by now, what was typed is of no use any more."""
        self._read()
        person = draft["person"]
        debtor = next((d for d in self._debtors if d.person == person), None)
        if debtor is None or debtor.owes_fen != draft["owes_fen"]:
            self.keep_draft()
            return self.say("accounts.debts.resumed_gone")
        self._open(person)
        self.amount.set_text(draft["amount"])
        self.money.show_paying(taken_up(self.money.paying, draft["paying"]))
        self._type_amount(self.amount.fen())
        return self.say("accounts.debts.resumed")

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Read anew."""
        self._read()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Read anew; somebody may have paid at the other PC, or what was done here was undone."""
        if self.mode == "done" and self.counter.desk.read(
            lambda c: paid_acts.is_undone(c, self._act)
        ):
            self._to_list()
        self._read()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Take what a certain person brings, or show a repayment of before."""
        self._read()
        if subject.get("person"):
            self._open(subject["person"])

    def on_digit(self, digit: int) -> bool:
        """Choose a way of paying."""
        return self.mode == "pay" and self.money.take_digit(digit)

    def on_scan(self, scan: Scan) -> bool:
        """Take a payment number while one is wanted."""
        return self.mode == "pay" and scan.meaning is None and self.money.take_scan(scan.text)

    def on_escape(self) -> bool:
        """Leave the person alone."""
        if self.mode == "list":
            return False
        self._to_list()
        return True

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._column.setSpacing(theme.COMPACT.gap if is_compact else theme.FULL.gap)
        self.list.set_compact(compact=is_compact)
        self.money.set_compact(compact=is_compact)

    # --- Showing ---------------------------------------------------------------------------------

    def _read(self) -> None:
        people = self._outfit.people

        def read(connection: Any) -> None:
            self._over = records.overpaid(connection, people)
            self._debtors = (*self._over, *records.debtors(connection, people))
            self._limits = {
                d.person: people.credit(connection, d.person).limit_fen
                for d in self._debtors
                if len(d.person) == 64
            }

        self.counter.desk.read(read)
        if self.mode == "pay" and self.debtor is not None:
            person = self.debtor.person
            self.debtor = next((d for d in self._debtors if d.person == person), None)
            if self.debtor is None:
                self.mode = "list"
                self.keep_draft()
        self._show()

    def _show(self) -> None:
        rows = self.counter.desk.read(lambda c: [self._row(c, debtor) for debtor in self._debtors])
        self.list.show_rows(rows)
        key = "heading_over" if self._over else "heading"
        over = len(self._over)
        self._heading.setText(self.say(f"accounts.debts.{key}", count=len(rows) - over, over=over))
        total = sum(max(0, debtor.owes_fen) for debtor in self._debtors)
        self._sum.setText(self.say("accounts.debts.sum", amount=say_yuan(total)))
        shown: QWidget = self._listed if self._debtors else self._empty
        if self.mode == "pay":
            shown = self._work
            self._show_person()
        elif self.mode == "done":
            shown = self.done
        self._stack.setCurrentWidget(shown)
        self.touch_actions()

    def _row(self, connection: Any, debtor: Debtor) -> Row:
        person = self._shown.person(connection, debtor.person)
        is_over = debtor.owes_fen < 0
        amount = say_yuan(debtor.owes_fen)
        if is_over:
            amount = self.say("accounts.debts.over", amount=say_yuan(-debtor.owes_fen))
        limit = self._limits.get(debtor.person, 0)
        words = self.say("accounts.debts.limit", amount=say_yuan(limit)) if limit else ""
        return Row(
            debtor.person,
            (
                Icon("person", "", "ink2"),
                Text(
                    self._shown.name(person),
                    theme.STRONG,
                    bold=True,
                    small=self._shown.place(person),
                ),
                Text(self._since(debtor), ink="warn" if is_over else "ink2"),
                Text(words, ink="stop" if debtor.owes_fen > limit else "ink2"),
                Text(amount, theme.STRONG, bold=True, ink="warn" if is_over else "ink"),
                None,
            ),
        )

    def _since(self, debtor: Debtor) -> str:
        if debtor.owes_fen < 0:
            return self.say("accounts.debts.over_since")
        if not debtor.since:
            return ""
        today = self.counter.desk.now().day
        age = days_between(debtor.since, today)
        key = "since" if age > 0 else "since_today"
        return self.say(f"accounts.debts.{key}", day=say_day(debtor.since, today), age=age)

    def _show_person(self) -> None:
        debtor = self.debtor
        if debtor is None:
            return
        person = self.counter.desk.read(lambda c: self._shown.person(c, debtor.person))
        stands_fen = abs(debtor.owes_fen)
        key = "over" if self.is_back else "owes"
        owes = self.say(f"accounts.debts.{key}", amount=say_yuan(stands_fen))
        place = self._shown.place(person)
        self.card.show_person(self._shown.name(person), f"{place}  {owes}".strip())
        left_fen = stands_fen - self.money.paying.due_fen
        key = "left" if left_fen >= 0 else "too_much"
        self._left.setText(self._say(key, amount=say_yuan(abs(left_fen))))
        self._left.set_ink("ink2" if left_fen >= 0 else "stop")

    # --- Taking ----------------------------------------------------------------------------------

    def _open(self, person: str) -> None:
        debtor = next((d for d in self._debtors if d.person == person), None)
        if debtor is None:
            return
        self.debtor, self.mode = debtor, "pay"
        self.money.clear()
        stands_fen = abs(debtor.owes_fen)
        self.amount.set_label(self._say("how_much"))
        self.amount.set_fen(stands_fen)
        has_shift = bool(self.counter.desk.now().shift)
        paying = Paying(due_fen=stands_fen, gives=self.is_back)
        self.money.show_paying(paying, has_shift=has_shift)
        self._show()
        self.amount.setFocus()
        self.touch_draft()

    def _type_amount(self, fen: int | None) -> None:
        self.money.show_paying(replace(self.money.paying, due_fen=fen or 0))
        self._show_person()
        self._typed()

    def _typed(self) -> None:
        self.touch_actions()
        self.touch_draft()

    def _commit(self) -> None:
        debtor = self.debtor
        if debtor is None or self._missing():
            return
        paying = self.money.paying
        slip = PrintAccountSlip(act=self.ticket)
        if self.is_back:
            back = ReturnOverpaid(person=debtor.person, amount_fen=paying.due_fen)
            self.perform(back, giving(paying), slip, done=self._repaid)
        else:
            repaid = RepayAccount(person=debtor.person, amount_fen=paying.due_fen)
            self.perform(repaid, taking(paying), slip, done=self._repaid)

    def _repaid(self, done: Done) -> None:
        debtor, paying = self.debtor, self.money.paying
        assert debtor is not None
        self._act, self.mode = done.act, "done"
        left_fen = abs(debtor.owes_fen) - paying.due_fen
        amount = say_yuan(paying.due_fen)
        title = self._say("done", amount=amount)
        small = self._say("done_left", amount=say_yuan(left_fen))
        if self.is_back:
            self.done.show_done(title, self._say("give"), amount, small)
        else:
            change = say_yuan(paying.change_fen) if paying.change_fen else ""
            words = self.say("accounts.debts.give_change") if change else ""
            self.done.show_done(title, words, change, small)
        self.counter.sounds.play("money")
        self._read()

    def _to_list(self) -> None:
        self.mode, self.debtor = "list", None
        self.keep_draft()
        self._show()
        self.list.setFocus()

    def _open_person(self) -> None:
        person = self.list.current()
        if len(person) == 64:
            self.counter.front.open_page(REGISTER_PAGE, {"person": person})

    def _open_facts(self) -> None:
        """Open what the sum of a villager is made of."""
        debtor = next((d for d in self._debtors if d.person == self.list.current()), None)
        if debtor is not None:
            person = self.counter.desk.read(lambda c: self._shown.person(c, debtor.person))
            title = f"{self.title} {self._shown.name(person)}"
            subject = {"account": " ".join(debtor.accounts), "title": title}
            self.counter.front.open_page(FIGURE_PAGE, subject)

    def _undo(self) -> None:
        self.counter.front.open_page(UNDO_PAGE, {"act": self._act})

    def _print(self) -> None:
        act = self._act
        paper = self.counter.desk.read(lambda c: self._outfit.papers.slip_again(c, act))
        if paper is not None:
            self._outfit.print_again(paper, act)
            self.counter.front.toast(Notice(self.say("accounts.debts.printed"), "notice"))
