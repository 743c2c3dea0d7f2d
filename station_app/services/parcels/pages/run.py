"""Home delivery (送货到家): who gets a visit, by hamlet; the list for the runner; what came of it.

out: space or a scan ticks what leaves, Enter prints the list; back: door by door in the order of
the way, what is out is delivered, with its money, or comes back with a reason. F10 turns from one
to the other.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QVBoxLayout

from station_app.journal.projection import StateChange
from station_app.services.parcels import records, run_records
from station_app.services.parcels.commands import TakeOnRun
from station_app.services.parcels.doors import Door, bring_back
from station_app.services.parcels.meanings import GONE, ON_HAND
from station_app.services.parcels.ordered import Ordered
from station_app.services.parcels.outfit import Outfit
from station_app.services.parcels.pages.run_door import DOOR_WIDTHS, DoorPanel, OnWay, failure_key
from station_app.services.parcels.pages.shown import Shown
from station_app.services.parcels.records import ParcelRow
from station_app.services.parcels.run_records import Stop
from station_app.services.parcels.visits import ON_HAND as HERE
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.desk import Done
from station_app.shell.offers import Scan
from station_app.shell.page import Action, Page
from station_app.shell.widgets.beside import ListBeside
from station_app.shell.widgets.cells import ChipText, Column, Pill, Row, Text, Tick
from station_app.shell.widgets.panels import EmptyState
from station_app.shell.widgets.tables import ListTable
from station_app.values.day import local_time
from station_app.values.money import say_yuan
from station_app.values.paying import CASH


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
        self._doors: list[Door] = []
        self._apart: set[str] = set()  # parcels of doors that are written down piece by piece
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
            Column("due", 146, "right"),
            Column("state", 136, "right"),
        )
        self.table = ListTable(columns, name=say("parcels.run.list_name"), row_height=62)
        self.table.acted.connect(lambda parcel, _column: self._switch(parcel))
        self.table.current_changed.connect(lambda _parcel: self._show_side())
        self.door = DoorPanel(self.counter)
        self.door.changed.connect(self.touch_actions)
        self._on_way = OnWay(self.counter)
        self._work = ListBeside(
            self._empty, self.table, self.door, widths=DOOR_WIDTHS, head=self._on_way
        )
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
        subject = self.table.current()
        return {"entity": subject, "title": self.title} if subject else None

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        key = "turn_out" if self.is_back else "turn_back"
        turn = Action(self.say(f"parcels.run.{key}"), "F10", self._turn)
        if self.is_back:
            return (turn, *self._door_actions())
        if not self._rows:
            return (turn,)
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

    def _door_actions(self) -> list[Action]:
        """Return what can be done at the current door."""
        door = self._current_door()
        if door is None or door.outcome:
            return []
        reason, actions = self.door.reason, []
        left = [one for one in self._doors if not one.outcome]
        if len(door.rows) > 1:
            actions.append(Action(self.say("parcels.run.apart"), "F11", self._take_apart))
        if reason and len(left) > 1:
            words = self.say("parcels.run.rest_back", count=_houses(left))
            actions.append(Action(words, "Ctrl+E", self._bring_rest_back, icon="truck"))
        key = "failed" if reason else "delivered_due" if door.due_fen else "delivered"
        missing = self.door.missing
        primary = Action(
            self.say(f"parcels.run.primary_{key}", amount=self._asked(door)),
            "Enter",
            self._end_current,
            kind="primary",
            is_enabled=not missing,
            reason=self.say(missing) if missing else "",
        )
        return [*actions, primary]

    def _asked(self, door: Door) -> str:
        """Return what is asked for at a door, with the way unless it is cash."""
        amount, money = say_yuan(door.due_fen), self.door.money
        is_cash = money.way == CASH
        return amount if is_cash else self.say("parcels.run.by", amount=amount, way=money.way_words)

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
        """Tick what is scanned, or go to it among those that are out; or note a payment."""
        if self.is_back and self.door.money.take_scan(scan):
            return True
        meaning = scan.meaning
        wanted = GONE if self.is_back else ON_HAND
        if meaning is None or meaning.kind != wanted:
            return False
        subject = self._subject_of(meaning.entity)
        if not subject:
            return False
        self.counter.sounds.play("ok")
        if not self.is_back:
            self._ticked.add(subject)
            self._load()
        self.table.choose(subject)
        return True

    def _subject_of(self, parcel: str) -> str:
        """Return the row in which a parcel stands, "" for none."""
        if not self.is_back:
            return parcel if any(row.parcel == parcel for row in self._rows) else ""
        there = (door for door in self._doors if not door.outcome)
        found = (door for door in there if any(row.parcel == parcel for row in door.rows))
        return next((door.subject for door in found), "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick the current parcel with the space bar."""
        if event.key() == Qt.Key.Key_Space and self.table.current():
            self._switch(self.table.current())
            return
        super().keyPressEvent(event)

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._work.set_compact(compact=is_compact)
        self.door.set_compact(compact=is_compact)

    # --- Showing ---------------------------------------------------------------------------------

    def _load(self) -> None:
        shown = self.counter.desk.read(self._doors_now if self.is_back else self._shelves_now)
        key = "back" if self.is_back else "out"
        self._empty.say(
            self.say(f"parcels.run.empty_{key}"), self.say(f"parcels.run.empty_{key}_small")
        )
        self._work.show_rows(are_there=bool(shown))
        self._on_way.setVisible(self.is_back)
        if self.is_back:
            self._count_doors()
        self.table.show_rows(shown)
        subjects = [row.subject for row in shown if row.subject]
        if not self.table.current() and subjects:
            self.table.choose(self._next_door() if self.is_back else subjects[0])
        self._show_side()

    def _shelves_now(self, connection: Any) -> list[Row]:
        """Return what is on hand, by hamlet."""
        found = records.with_status(connection, (HERE,))
        groups = self._outfit.notices.by_hamlet(connection, found)
        self._rows = [row for _hamlet, rows in groups for row in rows]
        self._ticked &= {row.parcel for row in self._rows}
        couriers = self._shown.couriers(connection)
        shown: list[Row] = []
        for hamlet, rows in groups:
            shown.append(Row("", (), heading=hamlet))
            shown += [self._row(connection, row, couriers) for row in rows]
        return shown

    def _row(self, connection: Any, row: ParcelRow, couriers: Any) -> Row:
        receiver = self._shown.receiver(connection, row)
        who = receiver.name or receiver.tail
        why = run_records.why_back(connection, row.parcel)
        return Row(
            row.parcel,
            (
                Tick(row.parcel in self._ticked),
                Text(str(row.code), theme.STRONG, bold=True, small=who),
                ChipText(couriers.get(row.courier, row.courier), self._shown.waybill_end(row)),
                self._shown.due(row),
                Pill(self.say(f"parcels.run.{failure_key(why)}"), "warn") if why else None,
            ),
        )

    def _doors_now(self, connection: Any) -> list[Row]:
        """Return the doors of what is on the road, in the order of the way."""
        stops = {stop.row.parcel: stop for stop in run_records.stops(connection)}
        groups = self._outfit.notices.doors(connection, [stop.row for stop in stops.values()])
        self._doors, shown, before = [], [], 0
        for hamlet, doors in groups:
            words = self.say(
                "parcels.run.hamlet_of",
                hamlet=hamlet,
                doors=len(doors),
                count=sum(len(rows) for rows in doors),
            )
            shown.append(Row("", (), heading=words))
            for number, rows in enumerate(doors, start=before + 1):
                for part in self._parts([stops[row.parcel] for row in rows]):
                    orders = () if part[0].outcome else self._orders_in(connection, part)
                    door = Door(number=number, hamlet=hamlet, stops=tuple(part), orders=orders)
                    self._doors.append(door)
                    shown.append(self._door_row(connection, door))
            before += len(doors)
        return shown

    def _parts(self, stops: Sequence[Stop]) -> list[list[Stop]]:
        """Return what is written down together: alike, and not taken apart by the operator."""
        together: dict[tuple[str, ...], list[Stop]] = {}
        for stop in stops:
            is_apart = not stop.outcome and stop.row.parcel in self._apart
            key = (stop.outcome, stop.reason, stop.row.parcel if is_apart else "")
            together.setdefault(key, []).append(stop)
        return list(together.values())

    def _orders_in(self, connection: Any, stops: Sequence[Stop]) -> tuple[Ordered, ...]:
        asked = self._outfit.gatherer.orders.of_waybill
        found = (asked(connection, stop.row.waybill) for stop in stops)
        return tuple(order for order in found if order is not None)

    def _door_row(self, connection: Any, door: Door) -> Row:
        receiver = self._shown.receiver(connection, door.rows[0])
        tail = self.say("parcels.label.tail", tail=receiver.tail) if receiver.tail else ""
        due = None
        if door.due_fen and not door.outcome:
            due = Pill(self.say("parcels.run.asks", amount=say_yuan(door.due_fen)), "money")
        return Row(
            door.subject,
            (
                Text(str(door.number), theme.STRONG, bold=True, ink="ink2"),
                Text(receiver.name or tail, theme.STRONG, bold=True, small=tail),
                Text(self._codes(door), theme.STRONG, bold=True, ink="ink2"),
                due,
                self._state(door),
            ),
        )

    def _codes(self, door: Door) -> str:
        code, count = str(door.rows[0].code), len(door.rows)
        return self.say("parcels.run.pieces_of", code=code, count=count) if count > 1 else code

    def _state(self, door: Door) -> Pill:
        """Return what came of a door."""
        stop = door.stops[0]
        if not stop.outcome:
            return Pill(self.say("parcels.run.still_out"), "plain")
        if stop.outcome == "delivered":
            time = local_time(stop.at) if stop.at else ""
            return Pill(self.say("parcels.run.did_delivered", time=time).strip(), "ok")
        return Pill(self.say(f"parcels.run.{failure_key(stop.reason)}"), "warn")

    def _count_doors(self) -> None:
        came: dict[int, set[str]] = {}
        for door in self._doors:
            came.setdefault(door.number, set()).add(door.outcome)
        counts: dict[str, int] = {}
        for outcomes in came.values():
            # What is still out counts first: a door is over when all that went there is.
            outcome = next(one for one in ("", "delivered", "back") if one in outcomes)
            counts[outcome] = counts.get(outcome, 0) + 1
        due = say_yuan(sum(door.due_fen for door in self._doors if not door.outcome))
        self._on_way.show_counts(counts, sum(len(door.rows) for door in self._doors), due)

    def _next_door(self) -> str:
        """Return the next door on the way that is still open."""
        return next((door.subject for door in self._doors if not door.outcome), "")

    def _show_side(self) -> None:
        door = self._current_door() if self.is_back else None
        if door is not None:
            self._show_door(door)
        elif not self.is_back:
            ticked = [row for row in self._rows if row.parcel in self._ticked]
            amount = say_yuan(sum(row.due_fen for row in ticked))
            chosen = self.say("parcels.run.chosen", count=len(ticked))
            self.door.show_leaving(chosen, self.say("parcels.run.to_collect", amount=amount))
        self.touch_actions()

    def _show_door(self, door: Door) -> None:
        small = door.hamlet
        if len(door.rows) > 1:
            codes = "、".join(str(row.code) for row in door.rows)
            small = self.say("parcels.run.codes", hamlet=small, count=len(door.rows), codes=codes)
        self.door.show_door(door, self._name_of(door), str(door.rows[0].code), small)

    def _name_of(self, door: Door) -> str:
        receiver = self.counter.desk.read(lambda c: self._shown.receiver(c, door.rows[0]))
        tail = self.say("parcels.label.tail", tail=receiver.tail) if receiver.tail else ""
        return receiver.name or tail

    def _current_door(self) -> Door | None:
        subject = self.table.current()
        return next((door for door in self._doors if door.subject == subject), None)

    def _switch(self, parcel: str) -> None:
        if not self.is_back:
            self._ticked ^= {parcel}
            self._load()

    def _take_apart(self) -> None:
        """Write the pieces of a door down one by one: she took two and not the third."""
        door = self._current_door()
        if door is not None:
            self._apart |= {row.parcel for row in door.rows}
            self._load()

    def _turn(self) -> None:
        self.is_back = not self.is_back
        self._apart.clear()
        self.door.begin_anew()
        self._load()
        self.setFocus()

    # --- The acts --------------------------------------------------------------------------------

    def _leave(self) -> None:
        parcels = tuple(row.parcel for row in self._rows if row.parcel in self._ticked)
        command = TakeOnRun(parcels=parcels, runner=self.door.runner.text())

        def done(outcome: Done) -> None:
            self.tell_done(self.say("parcels.run.left", count=len(parcels)), outcome)
            self._ticked.clear()
            self._load()

        self.perform(command, done=done)

    def _end_current(self) -> None:
        door, reason = self._current_door(), self.door.reason
        if door is None or door.outcome or self.door.missing:
            return
        commands = bring_back([door], reason) if reason else door.deliver(self.door.answer)
        key = "came_back" if reason else "was_delivered"
        words = self.say(f"parcels.run.{key}", name=self._name_of(door), count=len(door.rows))
        self.perform(
            *commands, done=self._went_on(words, is_money=bool(door.due_fen) and not reason)
        )

    def _bring_rest_back(self) -> None:
        """The van is home: what is still out was delivered nowhere, for one reason."""
        left = [door for door in self._doors if not door.outcome]
        words = self.say("parcels.run.rest_came_back", count=_houses(left))
        self.perform(*bring_back(left, self.door.reason), done=self._went_on(words, is_money=False))

    def _went_on(self, words: str, *, is_money: bool) -> Callable[[Done], None]:
        """Return what happens once it is on disk: it is said, and the next door is current."""

        def done(outcome: Done) -> None:
            self.tell_done(words, outcome, sound="money" if is_money else "ok")
            self.door.begin_anew()
            self._load()
            self.table.choose(self._next_door())
            self._show_side()
            self.setFocus()

        return done


def _houses(doors: Sequence[Door]) -> int:
    """Return at how many houses these are, also where a house is written down piece by piece."""
    return len({door.number for door in doors})
