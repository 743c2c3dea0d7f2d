"""Home delivery (送货到家): who gets a visit, by hamlet; the list for the runner; what came of it.

out: space or a scan ticks what leaves, Enter prints the list; back: each parcel that is out is
delivered, with its money, or comes back with a reason. F10 turns from one to the other.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QVBoxLayout

from station_app.journal.projection import StateChange
from station_app.services.cash.commands import taking
from station_app.services.parcels import records
from station_app.services.parcels.commands import BringBack, DeliverOnRun, TakeOnRun
from station_app.services.parcels.meanings import GONE, ON_HAND
from station_app.services.parcels.outfit import Outfit
from station_app.services.parcels.pages.handover_parts import RIGHT_WIDTH, RIGHT_WIDTH_COMPACT
from station_app.services.parcels.pages.shown import Shown
from station_app.services.parcels.records import ParcelRow
from station_app.services.parcels.runs import FAILURES
from station_app.services.parcels.visits import ON_HAND as HERE
from station_app.services.parcels.visits import ON_RUN
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.desk import Done
from station_app.shell.offers import Scan
from station_app.shell.page import Action, Page
from station_app.shell.widgets.beside import ListBeside
from station_app.shell.widgets.cells import ChipText, Column, Row, Text, Tick
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.panels import EmptyState, Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint
from station_app.values.money import say_yuan
from station_app.values.paying import Paying

NAME_MAX = 30


class RunPage(Page):
    """Sends parcels to people's doors."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page with what is on hand."""
        super().__init__(counter, key)
        self._outfit = outfit
        self._shown = Shown(counter, outfit.gatherer)
        self.is_back = False
        self._ticked: set[str] = set()
        self._rows: list[ParcelRow] = []
        self._lay_out()
        counter.privacy.listen(self._load)
        self._load()

    def _lay_out(self) -> None:
        say = self.counter.say
        self._empty = EmptyState("truck", "", "")
        columns = (
            Column("tick", 58),
            Column("code", 200),
            Column("waybill"),
            Column("due", 160, "right"),
        )
        self.table = ListTable(columns, name=say("parcels.run.list_name"), row_height=62)
        self.table.acted.connect(lambda parcel, _column: self._switch(parcel))
        self.table.current_changed.connect(lambda _parcel: self._show_side())
        self._side = Panel(margins=(22, 14, 22, 12), spacing=8)
        self._title = Words("", theme.TITLE, bold=True, wrap=True)
        self._small = Words("", theme.BODY, ink="ink2", wrap=True)
        self.runner = TextField(
            self.counter.texts, say("parcels.run.who"), limit=NAME_MAX, chinese=True
        )
        self._why = hint(say("parcels.run.why"))
        failures = [Choice(one, say(f"parcels.run.failed_{one}")) for one in FAILURES]
        self.reasons = ChoiceRow(failures, columns=1, height=theme.WORD_HEIGHT)
        self.reasons.chosen.connect(lambda _reason: self.touch_actions())
        for part in (self._title, self._small, self.runner, self._why, self.reasons):
            self._side.body.addWidget(part)
        self._side.body.addStretch(1)
        widths = (RIGHT_WIDTH, RIGHT_WIDTH_COMPACT)
        self._work = ListBeside(self._empty, self.table, self._side, widths=widths)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._work)

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("parcels.tab.run")

    def facts_behind(self) -> Mapping[str, str] | None:
        """Return the parcel on which the cursor stands."""
        row = self._current()
        return {"entity": row.parcel, "title": self.title} if row is not None else None

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        key = "turn_out" if self.is_back else "turn_back"
        turn = Action(self.say(f"parcels.run.{key}"), "F10", self._turn)
        if not self._rows:
            return (turn,)
        if not self.is_back:
            count = len(self._ticked)
            leave = Action(
                self.say("parcels.run.primary_out", count=count),
                "Enter",
                self._leave,
                kind="primary",
                is_enabled=bool(count),
                reason="" if count else self.say("parcels.run.missing_tick"),
            )
            return (turn, leave)
        row = self._current()
        due = row.due_fen if row else 0
        key = "failed" if self.reasons.value() else "delivered_due" if due else "delivered"
        words = self.say(f"parcels.run.primary_{key}", amount=say_yuan(due))
        return (turn, Action(words, "Enter", self._end_current, kind="primary"))

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Look at the shelves as they are now."""
        self._load()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Look again after an act."""
        kinds = {change.kind.name for change in changes}
        if not changes or kinds & {"parcel", "person", "courier"}:
            self._load()

    def on_scan(self, scan: Scan) -> bool:
        """Tick what is scanned, or go to it among those that are out."""
        meaning = scan.meaning
        wanted = GONE if self.is_back else ON_HAND
        if meaning is None or meaning.kind != wanted:
            return False
        if not any(row.parcel == meaning.entity for row in self._rows):
            return False
        self.counter.sounds.play("ok")
        if not self.is_back:
            self._ticked.add(meaning.entity)
            self._load()
        self.table.choose(meaning.entity)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick the current parcel with the space bar."""
        if event.key() == Qt.Key.Key_Space and self.table.current():
            self._switch(self.table.current())
            return
        super().keyPressEvent(event)

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._work.set_compact(compact=is_compact)

    # --- Showing ---------------------------------------------------------------------------------

    def _load(self) -> None:
        status = ON_RUN if self.is_back else HERE

        def load(connection: Any) -> list[Row]:
            found = records.with_status(connection, (status,))
            groups = self._outfit.notices.by_hamlet(connection, found)
            self._rows = [row for _hamlet, rows in groups for row in rows]
            couriers = self._shown.couriers(connection)
            shown: list[Row] = []
            for hamlet, rows in groups:
                shown.append(Row("", (), heading=hamlet))
                shown += [self._row(connection, row, couriers) for row in rows]
            return shown

        shown = self.counter.desk.read(load)
        self._ticked &= {row.parcel for row in self._rows}
        is_empty = not self._rows
        key = "back" if self.is_back else "out"
        self._empty.say(
            self.say(f"parcels.run.empty_{key}"), self.say(f"parcels.run.empty_{key}_small")
        )
        self._work.show_rows(are_there=not is_empty)
        self.table.show_rows(shown)
        if not self.table.current() and self._rows:
            self.table.choose(self._rows[0].parcel)
        self._show_side()

    def _row(self, connection: Any, row: ParcelRow, couriers: Any) -> Row:
        receiver = self._shown.receiver(connection, row)
        who = receiver.name or receiver.tail
        return Row(
            row.parcel,
            (
                None if self.is_back else Tick(row.parcel in self._ticked),
                Text(str(row.code), theme.STRONG, bold=True, small=who),
                ChipText(couriers.get(row.courier, row.courier), self._shown.waybill_end(row)),
                self._shown.due(row),
            ),
        )

    def _show_side(self) -> None:
        row = self._current()
        self.runner.setVisible(not self.is_back)
        for part in (self._why, self.reasons):
            part.setVisible(self.is_back)
        if self.is_back and row is not None:
            self._title.setText(str(row.code))
            due = self._shown.due(row)
            self._small.setText(due.words if due else self.say("parcels.run.free"))
        else:
            ticked = [row for row in self._rows if row.parcel in self._ticked]
            amount = say_yuan(sum(row.due_fen for row in ticked))
            self._title.setText(self.say("parcels.run.chosen", count=len(ticked)))
            self._small.setText(self.say("parcels.run.to_collect", amount=amount))
        self.reasons.set_value("")
        self.touch_actions()

    def _current(self) -> ParcelRow | None:
        subject = self.table.current()
        return next((row for row in self._rows if row.parcel == subject), None)

    def _switch(self, parcel: str) -> None:
        if not self.is_back:
            self._ticked ^= {parcel}
            self._load()

    def _turn(self) -> None:
        self.is_back = not self.is_back
        self._load()
        self.setFocus()

    # --- The acts --------------------------------------------------------------------------------

    def _leave(self) -> None:
        parcels = tuple(row.parcel for row in self._rows if row.parcel in self._ticked)
        command = TakeOnRun(parcels=parcels, runner=self.runner.text())

        def done(outcome: Done) -> None:
            self.tell_done(self.say("parcels.run.left", count=len(parcels)), outcome)
            self._ticked.clear()
            self._load()

        self.perform(command, done=done)

    def _end_current(self) -> None:
        row, reason = self._current(), self.reasons.value()
        if row is None:
            return
        commands: list[Any] = [BringBack(parcel=row.parcel, reason=reason)]
        if not reason:
            commands = [DeliverOnRun(parcel=row.parcel, paid_fen=row.due_fen)]
            if row.due_fen:
                commands.append(taking(Paying(due_fen=row.due_fen)))
        key = "came_back" if reason else "was_delivered"

        def done(outcome: Done) -> None:
            sound = "money" if row.due_fen and not reason else "ok"
            self.tell_done(self.say(f"parcels.run.{key}", code=str(row.code)), outcome, sound=sound)
            self._load()

        self.perform(*commands, done=done)
