"""县里来钱: what the county sends down, for whom, and taking it in.

Money may come before the county's word: the paper that lies in the bag has a number, and that is
enough. When the word comes, the purses that it names are moved with one key.
"""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from station_app.ledger.accounts import COUNTY, COUNTY_CURRENT, held
from station_app.services.cash.commands import GivePayment, TakePayment
from station_app.services.clearing import records, states
from station_app.services.clearing.books import CURRENT, lines_to_county, sum_of
from station_app.services.clearing.commands import (
    AllotCountyMoney,
    ReceiveCountyMoney,
    ReturnCountyMoney,
)
from station_app.services.clearing.pages.view import Outfit, View, WayPart, field_row
from station_app.services.clearing.records import Behind, County
from station_app.services.clearing.rules import NUMBER_MAX, WAYS, open_of
from station_app.services.clearing.states import CountyMoney
from station_app.services.clearing.wording import account_words
from station_app.shell import theme
from station_app.shell.desk import Done
from station_app.shell.offers import Tone
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cards import Amount
from station_app.shell.widgets.cells import Column, Icon, Pill, Row, Text
from station_app.shell.widgets.fields import Field, MoneyField, TextField
from station_app.shell.widgets.lending import LendingPanel
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import Words, rule, strong
from station_app.values.day import say_day
from station_app.values.money import say_yuan
from station_app.values.refusal import Refusal

MONEY, OWED, EARLY = "money:", "owed:", "early"
TONES: dict[str, Tone] = {
    states.COMING: "queued",
    states.RECEIVED: "ok",
    states.RETURNED: "plain",
}
TAKES, GIVES = "receive", "return"


class MoneyView(View):
    """The county's money: what it owes, what is coming, what came."""

    NAME = "down"
    ICON = "intake"
    COLUMNS = (
        Column("icon", 48),
        Column("what"),
        Column("amount", 150, "right"),
        Column("state", 130, "right"),
    )

    def __init__(self, page: Page, outfit: Outfit) -> None:
        """Make it."""
        self._stands = County(here={}, there={}, current_fen=0)
        self._moneys: dict[str, CountyMoney] = {}
        self._shown = ""
        self._returns = False
        super().__init__(page, outfit)

    # --- What it is made of ----------------------------------------------------------------------

    def build_side(self) -> QWidget:
        """Return the form that takes money in."""
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        texts = self.counter.texts
        self.form = Panel("active", margins=(20, 14, 20, 14), spacing=8)
        self._title = strong("", theme.TITLE)
        self._total = Amount(self.say("clearing.page.says"), size=theme.TOTAL)
        self._day, self._covers = strong(), Words("", theme.BODY, ink="ink2", wrap=True)
        self.number = TextField(texts, self.say("clearing.page.paper_number"), limit=NUMBER_MAX)
        self.number.changed.connect(lambda _text: self._typed())
        self.amount = MoneyField(texts, self.say("clearing.page.counted_amount"))
        self.amount.amount_changed.connect(lambda _fen: self._typed())
        self.way = WayPart(self.counter, WAYS, "clearing.way")
        self.way.changed.connect(self._typed)
        self.lending = LendingPanel(texts)
        self.lending.changed.connect(self._typed)
        self._next = Words("", theme.BODY, wrap=True)
        upper: tuple[QWidget, ...] = (self._title, self._total, rule())
        for widget in upper:
            self.form.body.addWidget(widget)
        self._day_row = QWidget()
        self._day_row.setLayout(field_row(self.say("clearing.page.sent_day"), self._day))
        self.form.body.addWidget(self._day_row)
        lower: tuple[QWidget, ...] = (
            self._covers, self.number, self.amount, self.way, self.lending, self._next,
        )  # fmt: skip
        for widget in lower:
            self.form.body.addWidget(widget)
        self.form.body.addStretch(1)
        column.addWidget(self.form)
        return side

    # --- Reading and showing ---------------------------------------------------------------------

    def rows(self, connection: Any) -> list[Row]:
        """Read what the county owes, what is coming and what came."""
        self._stands = records.county(connection)
        self._moneys = {f"{MONEY}{identity}": m for identity, m in records.moneys(connection)}
        asked = records.county_money(connection, self.sought) if self.sought else None
        if asked is not None:
            self._moneys.setdefault(f"{MONEY}{self.sought}", asked)
        rows = [Row("", (), heading=self.say("clearing.page.county_owes"))]
        for key, fen in (("growers", self._stands.growers_fen), ("us", self._stands.coming_fen)):
            words = Text(
                self.say(f"clearing.page.owes_{key}"),
                bold=True,
                small=self.say(f"clearing.page.owes_{key}_small"),
            )
            amount = Text(say_yuan(fen), bold=True, ink="ink" if fen else "ink2")
            rows.append(Row(f"{OWED}{key}", (Icon("book"), words, amount, None)))
        rows.append(Row("", (), heading=self.say("clearing.page.moneys")))
        rows += [self._row(subject, money) for subject, money in self._moneys.items()]
        early = Text(
            self.say("clearing.page.early"), bold=True, small=self.say("clearing.page.early_small")
        )
        rows.append(Row(EARLY, (Icon("plus"), early, None, None)))
        return rows

    def _row(self, subject: str, money: CountyMoney) -> Row:
        today = self.counter.desk.now().day
        day = say_day(money.received_day or money.day, today)
        small = f"{self.counter.say(f'clearing.way.{money.way}')}·{day}" if money.way else day
        state = self.counter.say(f"clearing.state.{money.status}") if money.status else ""
        fen = money.received_fen if money.status == states.RECEIVED else money.amount_fen
        return Row(
            subject,
            (
                Icon("download"),
                Text(self.say("clearing.page.money", number=money.number), bold=True, small=small),
                Text(say_yuan(fen), theme.STRONG, bold=True),
                Pill(state, TONES.get(money.status, "plain")),
            ),
        )

    def show_current(self) -> None:
        """Show the form for the current row."""
        subject = self.table.current()
        money = self._moneys.get(subject)
        is_new = subject != self._shown
        self._shown = subject
        self._returns = self._returns and not is_new
        if is_new:
            self.forget()
        takes = self._takes(subject)
        self._title.setText(self._heading(subject, money))
        self._total.setVisible(money is not None)
        self._day_row.setVisible(money is not None)
        self._day.setText(say_day(money.day, self.counter.desk.now().day) if money else "")
        self._covers.setText(self._covers_words(money))
        self._covers.setVisible(bool(self._covers.text()))
        if money is not None:
            self._total.show_amount(say_yuan(money.amount_fen))
        if is_new:
            self.number.set_text(money.number if money else "")
            self.amount.set_fen(money.amount_fen if money and takes else None)
            self.way.set_way(money.way if money and money.way else WAYS[0])
            self.way.clear()
            self.lending.clear()
        self.number.setVisible(subject == EARLY)
        self.amount.setVisible(takes)
        self.way.setVisible(takes or self._returns)
        self._next.setText(self._next_words(subject, money))
        self._show_lent(money)

    def _takes(self, subject: str) -> bool:
        money = self._moneys.get(subject)
        return subject == EARLY or (money is not None and money.status == states.COMING)

    def _heading(self, subject: str, money: CountyMoney | None) -> str:
        if money is not None:
            return self.say("clearing.page.money", number=money.number)
        key = subject.removeprefix(OWED)
        return (
            self.say("clearing.page.early")
            if subject == EARLY
            else self.say(f"clearing.page.owes_{key or 'us'}")
        )

    def _covers_words(self, money: CountyMoney | None) -> str:
        if money is None or not money.covers:
            return ""
        lines = []
        for portion in money.covers:
            name = f"Liabilities:Held:{portion.purse}:{portion.owner}:{COUNTY}"
            account = COUNTY_CURRENT if portion.purse == CURRENT else name
            words = account_words(account, self.counter.texts)
            lines.append(
                self.say("clearing.page.cover", what=words, amount=say_yuan(portion.amount_fen))
            )
        return "\n".join(lines[:6])

    def _next_words(self, subject: str, money: CountyMoney | None) -> str:
        if self._returns:
            return self.say("clearing.page.next.returning")
        if money is not None and self._may_allot(money):
            return self.say("clearing.page.next.allot")
        if money is not None:
            return self.say(f"clearing.page.next.{money.status}") if money.status else ""
        return self.say(
            "clearing.page.next.early" if subject == EARLY else "clearing.page.next.owed"
        )

    def _may_allot(self, money: CountyMoney) -> bool:
        """Tell whether purses wait that the county named after the money was here."""
        if money.status != states.RECEIVED or not money.announced:
            return False
        done = {(portion.purse, portion.owner) for portion in money.allotted}
        left = sum_of(money.allotted) < money.received_fen
        there = self._stands.there
        return left and any(
            there.get((p.purse, p.owner), 0) > 0
            for p in money.covers
            if p.purse != CURRENT and (p.purse, p.owner) not in done
        )

    def _show_lent(self, money: CountyMoney | None) -> None:
        if self._returns and money is not None:
            fen = money.received_fen
            still_here = open_of(
                money.allotted,
                self._stands.here,
                dict.fromkeys((portion.owner for portion in money.allotted), ""),
                fen,
            )
            lines = lines_to_county(fen, still_here)
            self.show_lending(self.lending, self.way.tender(fen), lines)
        else:
            self.lending.hide()

    def _typed(self) -> None:
        self.page.touch_actions()
        self.touch()

    # --- What outlives a power cut ---------------------------------------------------------------

    def typed_fields(self) -> dict[str, Field]:
        """Return the number of the paper, what was counted, and a reason."""
        return {"number": self.number, "amount": self.amount, "reason": self.lending.field}

    def chosen_ways(self) -> dict[str, WayPart]:
        """Return how it came."""
        return {"way": self.way}

    def ticked(self) -> list[str]:
        """Return whether it is asked to give the money out again."""
        return [GIVES] if self._returns else []

    def tick(self, subjects: Sequence[str]) -> None:
        """Ask again."""
        self._returns = GIVES in subjects

    def stands(self) -> list[Any]:
        """Return how far the money is; before the county's word, how many there are."""
        money = self._moneys.get(self.table.current())
        return [len(self._moneys)] if money is None else [money.status, money.amount_fen]

    # --- What can be done ------------------------------------------------------------------------

    def possible(self) -> list[Action]:
        """Return what can be done now."""
        subject = self.table.current()
        facts = [self.facts_action()] if subject != EARLY else []
        money = self._moneys.get(subject)
        if self.shows_facts:
            return facts
        if self._takes(subject):
            return [*facts, self._receive_action(subject)]
        if money is None:
            return facts
        if self._returns:
            return [
                *facts,
                Action(self.say("clearing.page.keep"), "Esc", self.leave),
                self._return_action(money),
            ]
        if self._may_allot(money):
            allot = Action(self.say("clearing.page.allot"), "Enter", self._allot, kind="primary")
            return [*facts, allot]
        if money.status == states.RECEIVED:
            return [
                *facts,
                Action(self.say("clearing.page.taken_wrongly"), "F11", self._ask_return),
            ]
        return facts

    def _receive_action(self, subject: str) -> Action:
        fen = self.amount.fen() or 0
        missing = self.way.missing(has_shift=self.has_shift())
        if subject == EARLY and not self.number.text():
            missing = "number"
        missing = missing if fen else "amount"
        return self._primary("receive", fen, self._receive, missing)

    def _return_action(self, money: CountyMoney) -> Action:
        missing = self.way.missing(has_shift=self.has_shift())
        action = self._primary("give_out", money.received_fen, self._return, missing)
        if missing or not self.lending.missing():
            return action
        reason = self.lending.missing()
        return Action(
            action.label, "Enter", self._return, kind="primary", is_enabled=False, reason=reason
        )

    def _primary(self, key: str, fen: int, run: Any, missing: str) -> Action:
        reason = self.say(f"clearing.page.missing.{missing}") if missing else ""
        words = self.say(f"clearing.page.{key}", amount=say_yuan(fen))
        return Action(words, "Enter", run, kind="primary", is_enabled=not missing, reason=reason)

    def _receive(self) -> None:
        subject, fen = self.table.current(), self.amount.fen() or 0
        command = ReceiveCountyMoney(
            money=subject.removeprefix(MONEY) if subject != EARLY else "",
            number=self.number.text(),
            way=self.way.way,
            amount_fen=fen,
        )
        payment = TakePayment(due_fen=fen, tenders=self.way.tender(fen))
        self._perform(command, payment, key="received_done", fen=fen)

    def _allot(self) -> None:
        command = AllotCountyMoney(money=self.table.current().removeprefix(MONEY))
        self._perform(command, key="allotted_done", fen=0)

    def _ask_return(self) -> None:
        self._returns = True
        self.touch()
        self.show_current()
        self.page.touch_actions()

    def leave(self) -> None:
        """Leave the question about giving money out again."""
        self._returns = False
        self.touch()
        self.show_current()
        self.page.touch_actions()

    @property
    def is_asking(self) -> bool:
        """Tell whether the question stands there."""
        return self._returns

    def _return(self) -> None:
        subject = self.table.current()
        fen = self._moneys[subject].received_fen
        payment = GivePayment(
            due_fen=fen, tenders=self.way.tender(fen), remark=self.lending.reason()
        )
        command = ReturnCountyMoney(money=subject.removeprefix(MONEY))
        self._perform(command, payment, key="returned_done", fen=fen)

    def _perform(self, *commands: Any, key: str, fen: int) -> None:
        def done(outcome: Done) -> None:
            self._shown, self._returns = "", False
            self.forget()
            self.lending.clear()
            words = self.say(f"clearing.page.{key}", amount=say_yuan(fen))
            self.page.tell_done(words, outcome, sound="money" if fen else "ok")
            self.load()

        self.page.perform(*commands, done=done, refused=self._refused)

    def _refused(self, refusal: Refusal) -> None:
        field = self.number if refusal.reason.endswith("NUMBER_MISSING") else self.amount
        field.say_fault(refusal.text_key, **refusal.slots)
        self.page.touch_actions()

    def behind(self, connection: Any, subject: str) -> tuple[str, Sequence[Behind]]:
        """Return the facts behind what the county owes, or those of its money."""
        if subject.startswith(MONEY):
            entity = subject.removeprefix(MONEY)
            return self.say("clearing.page.behind_one"), records.spoken_of(
                connection, entity, COUNTY_CURRENT
            )
        if subject == f"{OWED}growers":
            accounts = [
                held(*purse, COUNTY) for purse in self._stands.there if purse[0] == "Grower"
            ]
            return self.say("clearing.page.behind"), records.behind(connection, *accounts)
        return self.say("clearing.page.behind"), records.behind_current(connection)

    def subject_of(self, identity: str) -> str:
        """Return the row of the county's money."""
        return f"{MONEY}{identity}"
