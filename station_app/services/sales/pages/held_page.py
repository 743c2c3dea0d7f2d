"""Baskets that wait (挂单): taken up again, or given up for a reason.

A basket waits at the PC that held it, for as long as it takes: over the night, over a power cut,
over the end of the day. Those of the other PC are shown, so that nobody looks for them here in
vain.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from station_app.journal.projection import StateChange
from station_app.services.sales import records, slip_records
from station_app.services.sales.baskets import Basket
from station_app.services.sales.commands import GiveUpBasket
from station_app.services.sales.meanings import BASKET_PAGE
from station_app.services.sales.outfit import Outfit
from station_app.services.sales.pages.shown import Shown
from station_app.services.sales.records import HeldRow
from station_app.services.sales.selling import GIVE_UP_REASONS
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Icon, Pill, Row, Text
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.panels import EmptyState, Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint, rule, strong
from station_app.values.day import say_moment
from station_app.values.money import say_yuan

ROW_HEIGHT = 72
NAMES_MAX = 4
RIGHT_WIDTH = 440
COLUMNS = (
    Column("icon", 56),
    Column("what"),
    Column("since", 190),
    Column("where", 190),
    Column("sum", 150, "right"),
    Column("cap", 84, "right"),
)


class HeldPage(Page):
    """Lists what waits."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page."""
        super().__init__(counter, key)
        self._outfit = outfit
        self._shown = Shown(counter)
        self._held: dict[str, HeldRow] = {}
        self.is_asking = False
        self._asked = ""  # the basket that the question is about
        self._lay_out()
        counter.privacy.listen(self._show)

    def _lay_out(self) -> None:
        say = self.say
        self.list = ListTable(COLUMNS, name=self.title, row_height=ROW_HEIGHT)
        self.list.set_owns_enter(owns=True)
        self.list.opened.connect(self._take_up)
        self.list.current_changed.connect(lambda _row: self._move())
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
        self._asking = Panel("active", margins=(22, 16, 22, 16), spacing=12)
        self._asking.setFixedWidth(RIGHT_WIDTH)
        self._what = Words("", theme.TITLE, bold=True, wrap=True)
        reasons = [Choice(one, say(f"sales.give_up.{one}")) for one in GIVE_UP_REASONS]
        self.reasons = ChoiceRow(reasons, columns=1)
        self.reasons.chosen.connect(lambda _reason: self.touch_actions())
        self._asking.body.addWidget(self._what)
        self._asking.body.addWidget(hint(say("sales.held.why")))
        self._asking.body.addWidget(self.reasons)
        self._asking.body.addStretch(1)
        work = QWidget()
        columns = QHBoxLayout(work)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(theme.FULL.gap)
        columns.addWidget(listed, 1)
        columns.addWidget(self._asking)
        self._asking.hide()
        self._work = work
        self._empty = EmptyState("hourglass", say("sales.held.empty"), say("sales.held.how"))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(work)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("sales.tab.held")

    def first_focus(self) -> QWidget | None:
        """Move in the list; a question is answered by digits."""
        return None if self.is_asking or not self._held else self.list

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        say = self.say
        if self.is_asking:
            reason = "" if self.reasons.value() else say("sales.held.missing_reason")
            return [
                Action(say("sales.held.keep"), "Esc", self._leave),
                Action(
                    say("sales.held.give_up_primary"),
                    "Enter",
                    self._give_up,
                    kind="primary",
                    is_enabled=not reason,
                    reason=reason,
                ),
            ]
        if not self._held:
            return [Action(say("sales.held.to_basket"), "Esc", self._to_basket)]
        return [
            Action(say("sales.held.to_basket"), "Esc", self._to_basket),
            Action(say("sales.held.give_up"), "Del", self._ask),
        ]

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Read anew."""
        self._read()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Read anew; the other PC may have sold its own."""
        self._read()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Go to a certain basket."""
        self._read()
        self.list.choose(subject.get("basket", ""))

    def on_digit(self, digit: int) -> bool:
        """Choose why."""
        return self.is_asking and self.reasons.take_digit(digit)

    def on_escape(self) -> bool:
        """Leave the question, or the page."""
        if self.is_asking:
            self._leave()
        else:
            self._to_basket()
        return True

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self.list.set_compact(compact=is_compact)

    # --- Showing ---------------------------------------------------------------------------------

    def _read(self) -> None:
        found = self.counter.desk.read(records.held)
        mine = self.counter.desk.now().device
        own = [row for row in found if row.device == mine]
        self._held = {row.basket: row for row in (*own, *(r for r in found if r.device != mine))}
        if self.is_asking and self._asked not in self._held:
            self.is_asking = False
        self._show()

    def _show(self) -> None:
        rows = self.counter.desk.read(lambda c: [self._row(c, row) for row in self._held.values()])
        self.list.show_rows(rows)
        if rows and not self.list.current():
            self.list.choose(rows[0].subject)
        total = sum(row.amount_fen for row in self._held.values())
        self._heading.setText(self.say("sales.held.heading", count=len(rows)))
        self._sum.setText(self.say("sales.held.sum", amount=say_yuan(total)))
        self._stack.setCurrentWidget(self._work if rows else self._empty)
        self._asking.setVisible(self.is_asking)
        self.list.set_owns_enter(owns=not self.is_asking)
        self.touch_actions()

    def _row(self, connection: Any, row: HeldRow) -> Row:
        state = records.basket_state(connection, row.basket) or Basket()
        here = row.device == self.counter.desk.now().device
        device = row.device.lstrip("D") or "?"
        where = Pill(
            self.say("sales.held.here" if here else "sales.held.there", device=device),
            "waiting" if here else "notice",
        )
        today = self.counter.desk.now().day
        since = say_moment(row.at, row.day, today)
        return Row(
            row.basket,
            (
                Icon("hourglass", "", "ink2"),
                Text(
                    self._title(state, row),
                    theme.STRONG,
                    bold=True,
                    small=_names(connection, state),
                ),
                Text(since, ink="ink2"),
                where,
                Text(say_yuan(row.amount_fen), theme.STRONG, bold=True),
                None,
            ),
        )

    def _title(self, state: Basket, row: HeldRow) -> str:
        if state.words:
            return self.counter.privacy.name(state.words)
        return self.say("sales.held.lines", count=row.lines)

    # --- Doing -----------------------------------------------------------------------------------

    def _is_here(self, basket: str) -> bool:
        row = self._held[basket]
        if row.device == self.counter.desk.now().device:
            return True
        self.counter.sounds.play("warn")
        words = self.say("sales.refusal.BASKET_ELSEWHERE", device=row.device.lstrip("D") or "?")
        self.counter.front.toast(Notice(words, "warn"))
        return False

    def _take_up(self, basket: str) -> None:
        if self._is_here(basket):
            self.counter.front.open_page(BASKET_PAGE, {"basket": basket})

    def _ask(self) -> None:
        basket = self.list.current()
        if not basket or not self._is_here(basket):
            return
        row = self._held[basket]
        self._what.setText(
            self.say("sales.held.give_up_what", count=row.lines, amount=say_yuan(row.amount_fen))
        )
        self.reasons.set_value("")
        self.is_asking, self._asked = True, basket
        self._show()
        self.setFocus()

    def _move(self) -> None:
        """Take the question back when another basket is chosen: its words name the first."""
        if self.is_asking and self.list.current() != self._asked:
            self._leave()
        self.touch_actions()

    def _leave(self) -> None:
        self.is_asking = False
        self._show()
        self.list.setFocus()

    def _give_up(self) -> None:
        command = GiveUpBasket(basket=self._asked, reason=self.reasons.value())

        def done(outcome: Done) -> None:
            self.is_asking = False
            self.tell_done(self.say("sales.held.given_up"), outcome)
            self._read()
            self.list.setFocus()

        self.perform(command, done=done)

    def _to_basket(self) -> None:
        self.counter.front.open_page(BASKET_PAGE)


def _names(connection: Any, state: Basket) -> str:
    names = [slip_records.name_of_sold(connection, line) for line in state.lines[:NAMES_MAX]]
    return "、".join(names) + ("…" if len(state.lines) > NAMES_MAX else "")
