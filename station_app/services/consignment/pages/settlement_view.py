"""How a settlement looks: what is open at the left, what she gets of it at the right.

who: the growers for whom money is kept, or those that fit what was typed; lines: her sales by lot,
ticked or not, with the sum beside; dispute: with which of them she does not agree, and why; pay:
how it is paid, with whose money it would be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtWidgets import QHBoxLayout, QWidget

from station_app.services.consignment.outfit import Outfit
from station_app.services.consignment.pages.disputing import DisputePanel
from station_app.services.consignment.paying_out import Due
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.page import Page
from station_app.shell.widgets.cards import Amount
from station_app.shell.widgets.cells import Column, Row, Text, Tick
from station_app.shell.widgets.fields import MoneyField, TextField, in_row
from station_app.shell.widgets.lending import LendingPanel
from station_app.shell.widgets.panels import Panel, Places
from station_app.shell.widgets.payment import GIVING_WAYS, PaymentPanel
from station_app.shell.widgets.signing import AttachedSignatures
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint, rule
from station_app.values.capitals import say_capitals
from station_app.values.money import say_yuan

RIGHT_WIDTH = 470
ROW_HEIGHT = 64
Mode = Literal["who", "lines", "dispute", "pay"]

SIGN_KEY = "F10"


@dataclass(frozen=True, slots=True)
class LotLine:
    """Her sales of one lot that are open. sales: identities; left: still on the shelf, in words;
    came: what she brought of it.

    is_stopped: nobody may sell it (停售); who bears that is not said yet; is_disputed: she does not
    agree (有争议), and nobody ticks it; is_by_county: the county sold it, and it is never left out.
    """

    lot: str
    name: str
    number: str
    came: str
    sold: str
    amount_fen: int
    sales: tuple[str, ...]
    left: str
    is_stopped: bool = False
    is_disputed: bool = False
    is_by_county: bool = False

    @property
    def key(self) -> str:
        """Return what its row is called: a lot may be sold here and at the hub."""
        return f"{self.lot}/county" if self.is_by_county else self.lot

    @property
    def waits(self) -> bool:
        """Tell whether it is left for another time unless somebody ticks it."""
        return self.is_stopped or self.is_disputed


class SettlementView(Page):
    """The looks of the page."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Lay the page out without a grower."""
        super().__init__(counter, key)
        self.outfit = outfit
        self.mode: Mode = "who"
        texts = counter.texts
        self.who = TextField(texts, self.say("consignment.intake.who"), chinese=True)
        self.people = ListTable(
            (Column("who"), Column("amount", 160, "right"), Column("cap", 84, "right")),
            name=self.say("consignment.settle.waiting"),
            row_height=ROW_HEIGHT,
        )
        self.lines = ListTable(
            (
                Column("tick", 56, heading=self.say("consignment.settle.tick")),
                Column("lot", heading=self.say("consignment.settle.lot")),
                Column("came", 130, "right", self.say("consignment.settle.came")),
                Column("sold", 150, "right", self.say("consignment.settle.sold")),
                Column("amount", 140, "right", self.say("consignment.settle.amount")),
            ),
            name=self.say("consignment.settle.lines"),
            row_height=ROW_HEIGHT,
        )
        self.lines.horizontalHeader().setVisible(True)
        self.freight = MoneyField(texts, self.say("consignment.settle.freight"))
        self.packing = MoneyField(texts, self.say("consignment.settle.packing"))
        self.set_off = MoneyField(texts, self.say("consignment.settle.set_off"))
        self.pays = MoneyField(texts, self.say("consignment.settle.pays"))
        self.money = PaymentPanel(texts, ways=GIVING_WAYS)
        self.money.stand_tall()
        self.lending = LendingPanel(texts)
        self._lay_out()

    def _lay_out(self) -> None:
        say = self.say
        self._title = Words("", theme.TITLE, bold=True).elided()
        self._note = hint("", wrap=True)
        self._note.setContentsMargins(20, 6, 20, 6)
        seeking = Panel(margins=(1, 10, 1, 4), spacing=8)
        head = QWidget()
        row = in_row(self.who)
        row.setContentsMargins(20, 0, 20, 0)
        head.setLayout(row)
        self._waiting = Words("", theme.STRONG, bold=True)
        self._waiting.setContentsMargins(20, 0, 20, 0)
        for widget in (head, self._waiting):
            seeking.body.addWidget(widget)
        seeking.body.addWidget(self.people, 1)
        listed = Panel(margins=(1, 10, 1, 4), spacing=6)
        whose = in_row(self._title)
        whose.setContentsMargins(20, 0, 20, 0)
        listed.body.addLayout(whose)
        listed.body.addWidget(self.lines, 1)
        listed.body.addWidget(rule())
        listed.body.addWidget(self._note)
        self._sums = {
            key: Amount(say(f"consignment.settle.{key}"), size=theme.STRONG)
            for key in ("sold_sum", "commission", "top_up", "by_county", "spoiled", "before")
        }
        summed = Panel(margins=(20, 10, 20, 10), spacing=5)
        for amount in self._sums.values():
            summed.body.addWidget(amount)
        summed.body.addLayout(in_row(self.freight, self.packing, self.set_off, spacing=8))
        summed.body.addWidget(rule())
        self._net = Amount(say("consignment.settle.gets"), size=theme.TOTAL)
        self._capitals = hint("").right()
        for widget in (self._net, self._capitals, self.pays):
            summed.body.addWidget(widget)
        self._advance = hint("", wrap=True, ink="notice")
        summed.body.addWidget(self._advance)
        summed.body.addStretch(1)
        paying = Panel("active", margins=(20, 10, 20, 10), spacing=8)
        paying.body.addWidget(self.money, 1)
        self.drawer_words = hint("", wrap=True)
        paying.body.addWidget(self.drawer_words)
        paying.body.addWidget(self.lending)
        self.signing = AttachedSignatures(self, self.outfit.photos, SIGN_KEY, self.show_places)
        self.dispute = DisputePanel(self.counter.texts, self.touch_actions)
        self._summed, self._paying = summed, paying
        self._left, self._right = Places(), Places()
        for place, widgets in (
            (self._left, (seeking, listed, self.signing.panel)),
            (self._right, (summed, paying, self.dispute)),
        ):
            for panel in widgets:
                place.addWidget(panel)
        self._seeking, self._listed = seeking, listed
        self._right.setFixedWidth(RIGHT_WIDTH)
        self._columns = QHBoxLayout(self)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(theme.FULL.gap)
        self._columns.addWidget(self._left, 1)
        self._columns.addWidget(self._right)

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("consignment.tab.settle")

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._columns.setSpacing(theme.COMPACT.gap if is_compact else theme.FULL.gap)
        margins = (16, 4, 16, 4) if is_compact else (20, 10, 20, 10)
        for panel in (self._summed, self._paying, self.dispute):
            panel.body.setContentsMargins(*margins)
        self._summed.body.setSpacing(2 if is_compact else 5)
        self.money.set_compact(compact=is_compact)
        for table in (self.people, self.lines):
            table.set_compact(compact=is_compact)

    # --- Showing ---------------------------------------------------------------------------------

    def show_places(self) -> None:
        """Show what belongs to the state."""
        listed = self.signing.panel if self.signing.is_open else self._listed
        self._left.setCurrentWidget(self._seeking if self.mode == "who" else listed)
        right = {"pay": self._paying, "dispute": self.dispute}
        self._right.setCurrentWidget(right.get(self.mode, self._summed))
        self._right.setVisible(self.mode != "who")
        self.people.set_owns_enter(owns=self.mode == "who" and bool(self.people.current()))

    def show_people(self, rows: Sequence[tuple[str, str, str, int]], *, is_typed: bool) -> None:
        """List growers: (identity, name, small, fen kept)."""
        key = "found" if is_typed else "waiting"
        self._waiting.setText(
            self.say(f"consignment.settle.{key}" if rows else f"consignment.settle.no_{key}")
        )
        self.people.show_rows(
            [
                Row(
                    identity,
                    (
                        Text(name, theme.STRONG, bold=True, small=small),
                        Text(say_yuan(fen) if fen else "", theme.STRONG, bold=True),
                        None,
                    ),
                )
                for identity, name, small, fen in rows
            ],
            keep=False,
        )
        if rows:
            self.people.choose(rows[0][0])

    def show_lines(self, whose: str, lines: Sequence[LotLine], left_out: frozenset[str]) -> None:
        """List her sales by lot."""
        self._title.setText(whose)
        self.lines.show_rows(
            [
                Row(
                    line.key,
                    (
                        Tick(line.key not in left_out),
                        Text(line.name, theme.STRONG, bold=True, small=line.number),
                        Text(line.came, ink="ink2"),
                        Text(line.sold, theme.STRONG, small=line.left),
                        Text(say_yuan(line.amount_fen), theme.STRONG, bold=True),
                    ),
                )
                for line in lines
            ]
        )
        if lines and not self.lines.current():
            self.lines.choose(lines[0].key)
        key = "how" if lines else "no_lines"
        self._note.setText(self.say(f"consignment.settle.{key}"))

    def show_due(self, due: Due, spoiled_fen: int, pay_fen: int, advance_fen: int) -> None:
        """Show what she gets. spoiled_fen: what the station paid for losses since the last time."""
        sums = {
            "sold_sum": due.sold_fen,
            "commission": -due.commission_fen,
            "top_up": due.top_up_fen,
            "by_county": due.by_county_fen,
            "spoiled": spoiled_fen,
            "before": due.before_fen - spoiled_fen,
        }
        for key, fen in sums.items():
            self._sums[key].amount.setText(say_yuan(fen))
            self._sums[key].setVisible(key in ("sold_sum", "commission") or bool(fen))
        self._net.amount.setText(say_yuan(due.payable_fen))
        self._capitals.setText(say_capitals(pay_fen) if pay_fen else "")
        words = ""
        if advance_fen:
            words = self.say("consignment.settle.advance", amount=say_yuan(advance_fen))
        elif waits_fen := due.payable_fen - due.payable_here_fen:
            words = self.say("consignment.settle.not_down", amount=say_yuan(waits_fen))
        self._advance.setText(words)
        self._advance.setVisible(bool(words))
