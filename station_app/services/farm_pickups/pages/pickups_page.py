"""What is fetched at growers' doors: what waits is put on a run's list; at return, what came of it.

out: space or a click ticks, Enter prints the list of a new run or of one that is on the road; back:
each place is fetched, by its weight, or failed with a reason. F10 turns from one to the other.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station_app.journal.projection import StateChange
from station_app.journal.series import printed_number
from station_app.services.farm_pickups import records
from station_app.services.farm_pickups.commands import (
    CallFarmPickupOff,
    EndFarmPickup,
    JoinVanRun,
)
from station_app.services.farm_pickups.outfit import Outfit
from station_app.services.farm_pickups.pages.side import Side
from station_app.services.farm_pickups.records import PickupRow
from station_app.services.farm_pickups.rules import FETCHED, ON_RUN, WAITING
from station_app.services.farm_pickups.telling import ASK_PAGE, TONES, stands
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.page import Action, Page
from station_app.shell.widgets.beside import ListBeside
from station_app.shell.widgets.cells import Column, Pill, Row, Text, Tick
from station_app.shell.widgets.panels import EmptyState
from station_app.shell.widgets.tables import ListTable
from station_app.values.day import add_days, say_day
from station_app.values.masks import TAIL
from station_app.values.runs import OpenRun
from station_app.values.weight import say_jin

INTAKE_PAGE = "consignment.intake"
NEW_RUN = "new"
RUNS_SHOWN = 3


class PickupsPage(Page):
    """Sends the van to growers' doors."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page with what waits."""
        super().__init__(counter, key)
        self._outfit = outfit
        self.is_back = False
        self._ticked: set[str] = set()
        self._rows: tuple[PickupRow, ...] = ()
        self._runs: dict[str, OpenRun] = {}
        self._beside = ""
        self._lay_out()
        counter.privacy.listen(self._load)

    def _lay_out(self) -> None:
        say = self.say
        self._empty = EmptyState("truck", "", "")
        columns = (
            Column("tick", 58),
            Column("where"),
            Column("what", 250),
            Column("day", 104),
            Column("state", 168),
        )
        self.table = ListTable(columns, name=say("farm_pickups.tab"), row_height=62)
        self.table.acted.connect(lambda pickup, _column: self._switch(pickup))
        self.table.current_changed.connect(lambda _pickup: self._show_side(anew=True))
        self.side = Side(self.counter)
        self.side.changed.connect(self.touch_actions)
        self._work = ListBeside(self._empty, self.table, self.side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._work)

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("farm_pickups.tab")

    def facts_behind(self) -> Mapping[str, str] | None:
        """Return the place on which the cursor stands."""
        row = self._current()
        return {"entity": row.pickup, "title": self.title} if row is not None else None

    def first_focus(self) -> QWidget | None:
        """Return where the weight of what came is typed."""
        return self.side.weight.line if self.is_back and self._rows else None

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        say, row = self.say, self._current()
        made = [
            Action(say("farm_pickups.action.new"), "F11", self._ask, icon="phone"),
            Action(say(f"farm_pickups.action.{'out' if self.is_back else 'back'}"), "F10",
                   self._turn, icon="truck"),
        ]  # fmt: skip
        if self.is_back:
            return (*made, *self._actions_back(row))
        if row is not None and row.state.status == WAITING:
            made.append(Action(say("farm_pickups.action.off"), "Ctrl+D", self._call_off))
        if row is not None and row.state.status == FETCHED:
            made.append(Action(say("farm_pickups.action.intake"), "Ctrl+R", self._take_in,
                               icon="scale"))  # fmt: skip
        if row is not None and row.state.run:
            made.append(Action(say("farm_pickups.action.print"), "Ctrl+P", self._print,
                               icon="printer"))  # fmt: skip
        count = len(self._ticked)
        reason = "" if count else say("farm_pickups.refusal.NOTHING_CHOSEN")
        join = Action(
            say("farm_pickups.action.join", count=count), "Enter", self._join, kind="primary",
            is_enabled=bool(count), reason=reason,
        )  # fmt: skip
        return (*made, join)

    def _actions_back(self, row: PickupRow | None) -> tuple[Action, ...]:
        if row is None:
            return ()
        say = self.say
        again = Action(say("farm_pickups.action.print"), "Ctrl+P", self._print, icon="printer")
        key = self.side.outcome
        words = say(f"farm_pickups.action.{key}", weight=say_jin(self.side.grams))
        reason = "" if key != "fetched" or self.side.grams else say(
            "farm_pickups.refusal.WEIGHT_MISSING"
        )  # fmt: skip
        end = Action(words, "Enter", self._end, kind="primary", is_enabled=not reason,
                     reason=reason)  # fmt: skip
        return (again, end)

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Look at what waits now."""
        self._load()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Look again after an act."""
        kinds = {change.kind.name for change in changes}
        if not changes or kinds & {"farm_pickup", "person", "parcel"}:
            self._load()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Show one place, also one that is over for long."""
        self._beside = subject.get("pickup", "")
        people = self._outfit.people
        row = (
            self.counter.desk.read(lambda c: records.row_of(c, self._beside, people))
            if self._beside
            else None
        )
        self.is_back = row is not None and row.state.status == ON_RUN
        self._load()
        if row is not None:
            self.table.choose(row.pickup)

    def on_digit(self, digit: int) -> bool:
        """Choose a run, or why nothing came."""
        return self.side.take_digit(digit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick the current place with the space bar."""
        if event.key() == Qt.Key.Key_Space and self.table.current() and not self.is_back:
            self._switch(self.table.current())
            return
        super().keyPressEvent(event)

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._work.set_compact(compact=is_compact)
        self.side.set_compact(compact=is_compact)

    # --- Showing ---------------------------------------------------------------------------------

    def _load(self) -> None:
        people, today = self._outfit.people, self.counter.desk.now().day

        def load(connection: Any) -> None:
            if self.is_back:
                rows = list(records.on_run(connection, people))
            else:
                rows = list(records.waiting(connection, today, people))
            if self._beside and all(one.pickup != self._beside for one in rows):
                more = records.row_of(connection, self._beside, people)
                is_here = more is not None and (more.state.status == ON_RUN) == self.is_back
                rows = [more, *rows] if more is not None and is_here else rows
            self._rows = tuple(rows)
            out = (*records.runs_out(connection), *self._outfit.runs_out(connection))
            self._runs = {printed_number(one.number, one.stream): one for one in reversed(out)}

        self.counter.desk.read(load)
        self._ticked &= {one.pickup for one in self._rows if one.state.status == WAITING}
        is_empty = not self._rows
        key = "back" if self.is_back else "out"
        self._empty.say(
            self.say(f"farm_pickups.empty.{key}"), self.say(f"farm_pickups.empty.{key}_small")
        )
        self._work.show_rows(are_there=not is_empty)
        self.table.show_rows([self._row(one, today) for one in self._rows])
        if not self.table.current() and self._rows:
            self.table.choose(self._rows[0].pickup)
        self._show_side()

    def _row(self, row: PickupRow, today: str) -> Row:
        state, privacy = row.state, self.counter.privacy
        name = privacy.name(row.name)
        tail = self.say("farm_pickups.paper.tail", tail=row.phone[-TAIL:]) if row.phone else ""
        goods = f"{row.produce}  {say_jin(state.came_grams or state.grams)}"
        day = state.closed_day if state.status not in (WAITING, ON_RUN) else state.wanted_day
        on_run = self.say("farm_pickups.list.run", run=row.run) if self.is_back else ""
        is_due = state.status == WAITING
        return Row(
            row.pickup,
            (
                Tick(row.pickup in self._ticked) if is_due else None,
                Text(state.place, theme.STRONG, bold=True, small=f"{name}  {tail}".strip()),
                Text(goods, small=on_run or state.remark),
                Text(say_day(day, today)),
                Pill(stands(state, self.counter.texts, today), TONES.get(state.status, "plain")),
            ),
        )

    def _show_side(self, *, anew: bool = False) -> None:
        row = self._current()
        if self.is_back:
            if row is not None:
                self.side.ask_outcome(row, self.counter.privacy.name(row.name), anew=anew)
        else:
            chosen = [one for one in self._rows if one.pickup in self._ticked]
            runs = [(NEW_RUN, self.say("farm_pickups.side.new_run"))]
            for printed, one in list(self._runs.items())[-RUNS_SHOWN:]:
                words = self.say("farm_pickups.side.run", run=printed, count=one.places)
                runs.append((printed, words))
            grams = sum(one.state.grams for one in chosen)
            self.side.ask_run(len(chosen), grams, runs)
        self.touch_actions()

    def _current(self) -> PickupRow | None:
        subject = self.table.current()
        return next((row for row in self._rows if row.pickup == subject), None)

    def _switch(self, pickup: str) -> None:
        row = next((one for one in self._rows if one.pickup == pickup), None)
        if row is not None and not self.is_back and row.state.status == WAITING:
            self._ticked ^= {pickup}
            self._load()

    def _turn(self) -> None:
        self.is_back = not self.is_back
        self._beside = ""
        self._load()
        self._show_side(anew=True)
        (self.first_focus() or self).setFocus()

    def _ask(self) -> None:
        self.counter.front.open_page(ASK_PAGE, {})

    # --- The acts --------------------------------------------------------------------------------

    def _join(self) -> None:
        chosen = tuple(one.pickup for one in self._rows if one.pickup in self._ticked)
        older = self._runs.get(self.side.run)
        command = JoinVanRun(
            pickups=chosen,
            run=older.number if older else 0,
            run_stream=older.stream if older else "",
            driver=self.side.driver.text(),
        )

        def done(outcome: Done) -> None:
            self._ticked.clear()
            self.tell_done(self.say("farm_pickups.done.joined", count=len(chosen)), outcome)
            self._load()

        self.perform(command, done=done)

    def _end(self) -> None:
        row, side = self._current(), self.side
        if row is None:
            return
        again = ""
        if side.outcome == "again":
            again = add_days(self.counter.desk.now().day, 1)
        command = EndFarmPickup(
            pickup=row.pickup,
            grams=side.grams,
            packages=side.packages.count() or 1,
            reason=side.reasons.value(),
            again_day=again,
        )
        key = "failed" if side.reasons.value() else "fetched"

        def done(outcome: Done) -> None:
            self.tell_done(self.say(f"farm_pickups.done.{key}", place=row.state.place), outcome)
            self._load()
            self._show_side(anew=True)
            (self.first_focus() or self).setFocus()

        self.perform(command, done=done)

    def _call_off(self) -> None:
        row = self._current()
        if row is None:
            return

        def done(outcome: Done) -> None:
            self.tell_done(self.say("farm_pickups.done.off", place=row.state.place), outcome)
            self._load()

        self.perform(CallFarmPickupOff(pickup=row.pickup), done=done)

    def _take_in(self) -> None:
        row = self._current()
        if row is not None:
            self.counter.front.open_page(INTAKE_PAGE, {"person": row.state.person})

    def _print(self) -> None:
        row = self._current()
        if row is None or not row.state.joins:
            return
        last = row.state.joins[-1]
        papers = self._outfit.papers
        found = self.counter.desk.read(lambda c: papers.list_of(c, last))
        if found is not None:
            self._outfit.print_again(*found)
            self.counter.front.toast(Notice(self.say("farm_pickups.done.printed"), "notice"))
