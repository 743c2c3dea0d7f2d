"""Overdue (滞留): what has been here for long by its courier's days, and what to do about it.

Nothing here is a state: the list is a view over the shelves and today's date. Telling a receiver
is one key; returning parcels to the courier is asked beforehand.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from station_app.journal.projection import StateChange
from station_app.reference import records as reference
from station_app.services.parcels import records
from station_app.services.parcels.commands import ReturnParcels, TellReceiver
from station_app.services.parcels.outfit import Outfit
from station_app.services.parcels.pages.handover_parts import ReturnPanel
from station_app.services.parcels.pages.list_panel import ListPanel
from station_app.services.parcels.pages.overdue_parts import CallPanel, columns, row_of
from station_app.services.parcels.pages.shown import Shown
from station_app.services.parcels.records import Overdue, ParcelRow
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done, Paper
from station_app.shell.page import Action, Page
from station_app.shell.widgets.panels import EmptyState, Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import hint, rule, strong
from station_app.values.day import days_between
from station_app.values.money import say_yuan


class OverduePage(Page):
    """Lists what has stayed too long, the most urgent first."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page."""
        super().__init__(counter, key)
        self._outfit = outfit
        self._shown = Shown(counter, outfit.gatherer)
        self._found: list[Overdue] = []
        self._ticked: set[str] = set()
        self._shows_all = False
        self._reason = ""
        self._list_paper: Paper | None = None
        self._lay_out()
        counter.privacy.listen(self._show)
        self._load()

    def _lay_out(self) -> None:
        self._empty = EmptyState(
            "ok", self.say("parcels.overdue.empty"), self.say("parcels.overdue.empty_small")
        )
        self._list = Panel(margins=(1, 14, 1, 4), spacing=0)
        self._title, self._aside = strong(), hint()
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 8)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._aside)
        self._list.body.addLayout(head)
        self._list.body.addWidget(rule())
        self.table = ListTable(columns(), name=self.say("parcels.overdue.list_name"), row_height=66)
        self.table.acted.connect(lambda parcel, _column: self._switch(parcel))
        self.table.current_changed.connect(lambda _parcel: self._show_call())
        self._list.body.addWidget(self.table, 1)
        self.call = CallPanel(self.counter, self._shown)
        self.back = ReturnPanel(self.counter)
        self.back.reason_chosen.connect(self._choose_reason)
        self.back.hide()
        self.papers = ListPanel(self.counter)
        self.papers.list_chosen.connect(self._choose_list)
        self.papers.hide()
        self._columns = QHBoxLayout()
        self._columns.setSpacing(theme.FULL.gap)
        self._columns.addWidget(self._list, 1)
        self._columns.addWidget(self.call)
        self._columns.addWidget(self.back)
        self._columns.addWidget(self.papers)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._empty)
        column.addLayout(self._columns)

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("parcels.tab.overdue")

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        if not self.back.isHidden():
            return self._actions_of_return()
        if not self.papers.isHidden():
            return self._actions_of_lists()
        key = "show_overdue" if self._shows_all else "show_all"
        actions = [
            Action(self.say(f"parcels.overdue.{key}"), "F10", self._switch_all),
            Action(self.say("parcels.lists.open"), "Ctrl+P", self._ask_list, icon="printer"),
        ]
        if self._current() is None:
            return actions
        return [
            Action(
                self.say("parcels.overdue.give_back"), "Ctrl+R", self._ask_return, icon="arrow-left"
            ),
            Action(self.say("parcels.overdue.not_reached"), "F11", self._not_reached),
            Action(self.say("parcels.overdue.take"), "Ctrl+G", self._hand_over),
            *actions,
            Action(self.say("parcels.overdue.told"), "Enter", self._told, kind="primary"),
        ]

    def facts_behind(self) -> Mapping[str, str] | None:
        """Return the parcel on which the cursor stands."""
        row = self._current()
        return {"entity": row.parcel, "title": self.title} if row is not None else None

    def _actions_of_return(self) -> list[Action]:
        count = len(self._chosen())
        return [
            Action(self.say("parcels.handover.keep"), "Esc", self._leave_return),
            Action(
                self.say("parcels.handover.back_primary", count=count),
                "Enter",
                self._return,
                kind="primary",
                is_enabled=bool(self._reason),
                reason="" if self._reason else self.say("parcels.handover.missing.reason"),
            ),
        ]

    def _actions_of_lists(self) -> list[Action]:
        is_ready = self._list_paper is not None
        which = self.papers.lists.value()
        return [
            Action(self.say("parcels.lists.leave"), "Esc", self._leave_lists),
            Action(
                self.say(f"parcels.lists.{which}_primary"),
                "Enter",
                self._print_list,
                kind="primary",
                is_enabled=is_ready,
                reason="" if is_ready else self.say(f"parcels.lists.{which}_nobody"),
            ),
        ]

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Look at the shelves as they are now."""
        self._load()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Show everything on hand ("show": "all"), as after a round of intake."""
        self._shows_all = subject.get("show") == "all"
        self._load()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Look again after an act."""
        kinds = {change.kind.name for change in changes}
        if not changes or kinds & {"parcel", "person", "courier"}:
            self._load()

    def on_escape(self) -> bool:
        """Leave the question about returning or printing."""
        if not self.papers.isHidden():
            self._leave_lists()
            return True
        if self.back.isHidden():
            return False
        self._leave_return()
        return True

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._columns.setSpacing(theme.COMPACT.gap if is_compact else theme.FULL.gap)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick the current parcel with the space bar."""
        if event.key() == Qt.Key.Key_Space and self.table.current():
            self._switch(self.table.current())
            return
        super().keyPressEvent(event)

    # --- Showing ---------------------------------------------------------------------------------

    def _load(self) -> None:
        today = self.counter.desk.now().day

        def load(connection: Any) -> list[Overdue]:
            couriers = reference.courier_rules(connection, today)
            last_days = self._outfit.gatherer.orders.last_days(connection)
            found = records.overdue(connection, today, couriers, last_days)
            if not self._shows_all:
                return found
            late = {one.row.parcel: one for one in found}
            rest = [
                Overdue(row, days_between(row.day_in, today), "")
                for row in records.on_hand(connection)
                if row.parcel not in late
            ]
            return [*found, *rest]

        self._found = self.counter.desk.read(load)
        self._ticked &= {one.row.parcel for one in self._found}
        self._show()

    def _show(self) -> None:
        is_empty = not self._found
        self._empty.setVisible(is_empty)
        self._list.setVisible(not is_empty)
        is_asking = not (self.back.isHidden() and self.papers.isHidden())
        self.call.setVisible(not is_empty and not is_asking)

        def show(connection: Any) -> None:
            couriers = self._shown.couriers(connection)
            rows = [
                row_of(one, self._shown, connection, couriers, one.row.parcel in self._ticked)
                for one in self._found
            ]
            self.table.show_rows(rows)

        self.counter.desk.read(show)
        if not self.table.current() and self._found:
            self.table.choose(self._found[0].row.parcel)
        key = "title_all" if self._shows_all else "title"
        self._title.setText(self.say(f"parcels.overdue.{key}", count=len(self._found)))
        due = sum(one.row.due_fen for one in self._found)
        self._aside.setText(self.say("parcels.overdue.aside", amount=say_yuan(due)) if due else "")
        self._show_call()

    def _show_call(self) -> None:
        row = self._current()
        if row is not None:
            today = self.counter.desk.now().day
            self.counter.desk.read(
                lambda connection: self.call.show_row(row, self._outfit.gatherer, connection, today)
            )
        self.touch_actions()

    def _current(self) -> ParcelRow | None:
        subject = self.table.current()
        return next((one.row for one in self._found if one.row.parcel == subject), None)

    def _switch(self, parcel: str) -> None:
        self._ticked ^= {parcel}
        self._show()

    def _switch_all(self) -> None:
        self._shows_all = not self._shows_all
        self._load()

    # --- Telling ---------------------------------------------------------------------------------

    def _told(self) -> None:
        self._tell(self.call.ways.value() or "phone", "reached", "told_done")

    def _not_reached(self) -> None:
        self._tell("phone", "no_answer", "not_reached_done")

    def _tell(self, way: str, outcome: str, key: str) -> None:
        """Write down for all parcels of this receiver in the list that she was told."""
        row = self._current()
        if row is None:
            return
        same = [one.row for one in self._found if _is_of(one.row, row)]
        name = self.counter.desk.read(lambda c: self._shown.receiver(c, row)).name
        parcels = tuple(one.parcel for one in same)
        command = TellReceiver(parcels=parcels, way=way, outcome=outcome)

        def done(outcome_: Done) -> None:
            words = self.say(f"parcels.overdue.{key}", name=name or str(row.code))
            self.tell_done(words, outcome_)
            self._load()
            self.table.choose(parcels[-1])
            self.table.step(1)

        self.perform(command, done=done)

    def _hand_over(self) -> None:
        row = self._current()
        if row is not None:
            self.counter.front.open_page("parcels.handover", {"parcel": row.parcel})

    # --- Returning -------------------------------------------------------------------------------

    def _chosen(self) -> list[ParcelRow]:
        ticked = [one.row for one in self._found if one.row.parcel in self._ticked]
        current = self._current()
        return ticked or ([current] if current else [])

    def _ask_return(self) -> None:
        chosen = self._chosen()
        if chosen:
            self._reason = "overdue"
            self.back.ask([str(row.code) for row in chosen], self._reason)
            self.back.show()
            self._show()
            self.setFocus()

    def _choose_reason(self, reason: str) -> None:
        self._reason = reason
        self.touch_actions()

    def _leave_return(self) -> None:
        self.back.hide()
        self._show()

    def _return(self) -> None:
        chosen = self._chosen()
        parcels = tuple(row.parcel for row in chosen)
        command = ReturnParcels(parcels=parcels, reason=self._reason)

        def done(outcome: Done) -> None:
            self.tell_done(self.say("parcels.handover.back_done", count=len(parcels)), outcome)
            self._ticked.clear()
            self.back.hide()
            self._load()

        self.perform(command, done=done)

    # --- Lists -----------------------------------------------------------------------------------

    def _ask_list(self) -> None:
        if not self._found:
            self._shows_all = True  # nothing is late: the lists are of what is here
            self._load()
        if not self._found:
            self.counter.front.toast(Notice(self.say("parcels.lists.empty"), "notice"))
            return
        self.papers.show()
        self._choose_list("board")
        self._show()
        self.setFocus()

    def _choose_list(self, which: str) -> None:
        now, notices = self.counter.desk.now(), self._outfit.notices

        def look(connection: Any) -> tuple[Paper | None, str]:
            return notices.paper(connection, which, now), notices.spoken(connection, now)

        self._list_paper, spoken = self.counter.desk.read(look)
        self.papers.ask(which, spoken)
        self.touch_actions()

    def _print_list(self) -> None:
        which = self.papers.lists.value()
        self._choose_list(which)  # as it is now: somebody may have fetched hers meanwhile
        if self._list_paper is None:
            return
        self._outfit.put_up(self._list_paper)
        self.counter.front.toast(Notice(self.say(f"parcels.lists.{which}_done"), "notice"))
        self._leave_lists()

    def _leave_lists(self) -> None:
        self.papers.hide()
        self._show()


def _is_of(one: ParcelRow, other: ParcelRow) -> bool:
    """Tell whether two parcels are for the same receiver."""
    if one.parcel == other.parcel:
        return True  # of whom nothing is known, or who has been erased
    if one.person or other.person:
        return one.person == other.person
    label = (one.tail, one.name)
    return any(label) and label == (other.tail, other.name)
