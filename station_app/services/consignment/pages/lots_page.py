"""Lots on the shelf (批次): what spoiled and who bears it, given back, sampled, sent off, divided.

The list at the left, one act at the right. The space bar ticks lots; two or more that are ticked
become one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from station_app.journal.projection import StateChange
from station_app.reference.goods_records import produce_named
from station_app.services.consignment import records
from station_app.services.consignment.branding import why_marked
from station_app.services.consignment.commands import MergeLots, MoveLot, PrintLotPapers, SplitLot
from station_app.services.consignment.facts import LotDispatched
from station_app.services.consignment.lots import Lot
from station_app.services.consignment.moving import (
    BEARERS,
    COUNT,
    DISPATCH,
    REASONS,
    RETURN,
    SAMPLE,
    SPOIL,
    asks_bearer,
    is_own,
    quantity_of,
    said,
    unit_of,
    why_not_so_much,
)
from station_app.services.consignment.outfit import Outfit
from station_app.services.consignment.pages.whereabouts import whereabouts
from station_app.services.consignment.records import LotRow
from station_app.services.consignment.rules import BY_GROWER
from station_app.services.consignment.taking import HUB
from station_app.services.consignment.telling import STOPPED_PAGE
from station_app.services.pictures.commands import KeepPicture
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.desk import Done
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Row, Text, Tick
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import CountField, MoneyField, TextField
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import EmptyState, Panel
from station_app.shell.widgets.photographing import KEY, AttachedPhoto
from station_app.shell.widgets.shown_photos import ShownPhotos
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint
from station_app.shell.widgets.work_places import WorkPlaces
from station_app.values.day import say_day
from station_app.values.refusal import Refusal
from station_app.values.weight import kg_plain, say_jin

SPLIT = "split"
CHOICES = (SPOIL, RETURN, SAMPLE, DISPATCH, SPLIT, COUNT)
PHOTOGRAPHED = (SPOIL, COUNT, DISPATCH)
SPOILAGE_REASONS = tuple(reason for reason in REASONS if reason != "missing")
RIGHT_WIDTH, ROW_HEIGHT = 470, 64
FIRST_BEARER = 7
TYPED_MAX, PACKAGE_DIGITS = 20, 3


class LotsPage(Page):
    """Moves lots on."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page with what lies here."""
        super().__init__(counter, key)
        self._outfit = outfit
        self._rows: dict[str, LotRow] = {}
        self._ticked: frozenset[str] = frozenset()
        self._unmarked: frozenset[str] = frozenset()
        self._lot = ""
        self.photo = AttachedPhoto(self, outfit.photos, KEY, self._photo_turned)
        self.seen = ShownPhotos(self, outfit.photos)
        texts, say = counter.texts, self.say
        self.list = ListTable(
            (
                Column("tick", 56), Column("lot"), Column("here", 150, "right"),
                Column("day", 110, "right"),
            ),
            name=say("consignment.tab.lots"),
            row_height=ROW_HEIGHT,
        )  # fmt: skip
        self.how = ChoiceRow(
            [Choice(one, say(f"consignment.lots.{one}")) for one in CHOICES],
            columns=3,
            height=theme.INLINE_HEIGHT,
        )
        self.how.set_value(SPOIL)
        self.quantity = TextField(
            texts, say("consignment.lots.quantity"), limit=TYPED_MAX, chinese=True
        )
        self.reason = SPOILAGE_REASONS[0]
        self.reasons = KeyButton("", "F10", height=theme.INLINE_HEIGHT)
        self.reasons.clicked.connect(lambda _checked: self._next_reason())
        self.bearers = ChoiceRow(
            [Choice(one, say(f"consignment.lots.bears_{one}")) for one in BEARERS],
            first=FIRST_BEARER,
            height=theme.INLINE_HEIGHT,
        )
        self.value = MoneyField(texts, say("consignment.lots.value"))
        self.packages = CountField(texts, say("consignment.lots.packages"), digits=PACKAGE_DIGITS)
        self._lay_out()
        self.list.current_changed.connect(self._moved)
        self.how.chosen.connect(lambda _how: self._turned())
        self.bearers.chosen.connect(lambda _value: self._show())
        for field in (self.quantity, self.value, self.packages):
            field.changed.connect(lambda _text: self._show())
        counter.privacy.listen(self._read)
        self._read()

    def _lay_out(self) -> None:
        say = self.say
        self._empty = EmptyState("leaf", say("consignment.lots.empty"), say("consignment.lots.tip"))
        listed = Panel(margins=(1, 8, 1, 4), spacing=0)
        listed.body.addWidget(self.list, 1)
        right = Panel("active", margins=(20, 10, 20, 10), spacing=7)
        right.setFixedWidth(RIGHT_WIDTH)
        self._name = Words("", theme.TITLE, bold=True).elided()
        self._small = hint("", wrap=True)
        self._means = hint("")
        for widget in (
            self._name, self._small, self.how, self.quantity, self._means, self.reasons,
            self.bearers, self.value, self.packages,
        ):  # fmt: skip
            right.body.addWidget(widget)
        right.body.addStretch(1)
        self._right = right
        self._stack = WorkPlaces(
            self,
            (listed, right),
            home=self.list,
            photo=self.photo,
            others=(self._empty, self.seen.view),
        )

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("consignment.tab.lots")

    def is_empty(self) -> bool:
        """Tell whether no lot lies here."""
        return not self._rows

    def first_focus(self) -> QWidget | None:
        """Return the list: digits choose what is done."""
        return self.list if self._rows else None

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._right.body.setContentsMargins(*((16, 4, 16, 4) if is_compact else (20, 10, 20, 10)))
        self._right.body.setSpacing(4 if is_compact else 7)
        self.list.set_compact(compact=is_compact)

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        if not self._rows:
            return []
        if self.photo.is_open:
            return self.photo.actions()
        if self.seen.is_open:
            return [Action(self.say("shell.photo.back"), "Esc", self._close_photos)]
        say = self.say
        actions = [
            Action(say("consignment.lots.to_quantity"), "*", self.quantity.setFocus),
            Action(say("consignment.settle.tick_one"), "Space", self._tick),
        ]
        if len(self._ticked) > 1:
            is_sending = self.how.value() == DISPATCH
            key, do = ("send_all", self._send_all) if is_sending else ("merge", self._merge)
            label = say(f"consignment.lots.{key}", count=len(self._ticked))
            more = self.photo.actions() if is_sending else []
            return [*actions, *more, Action(label, "Enter", do, "primary")]
        bound = self._bound()
        if bound:
            label = say("consignment.lots.tick_bound", count=len(bound))
            actions.append(Action(label, "Ctrl+G", self._take_bound, icon="truck"))
        state = self._state()
        if state is not None and state.is_blocked:
            label = say("consignment.lots.where_sold")
            actions.append(Action(label, "Ctrl+L", self._open_stopped, icon="list"))
        if self.how.value() in PHOTOGRAPHED:
            actions += self.photo.actions()
        count = len(self.seen.names_of(self.list.current()))
        if count:
            label = say("shell.photo.look", count=count)
            actions.append(Action(label, "Ctrl+P", self._open_photos, icon="image"))
        if state is not None and self.how.value() == DISPATCH and self._is_run_out(state):
            actions.append(Action(say("consignment.lots.mark_off"), "Ctrl+K", self._unmark))
        missing = self._missing()
        label = say(f"consignment.lots.do_{self.how.value()}", quantity=self._words())
        return [
            *actions,
            Action(label, "Enter", self._commit, "primary", is_enabled=not missing, reason=missing),
        ]

    def _open_stopped(self) -> None:
        self.counter.front.open_page(STOPPED_PAGE, {"lot": self.list.current()})

    def facts_behind(self) -> Mapping[str, str] | None:
        """Return the lot on which the cursor stands."""
        lot = self.list.current()
        return {"entity": lot, "title": self._name.text()} if lot in self._rows else None

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Read what lies here."""
        self._read()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Read anew what lies here."""
        if not changes or any(change.kind.name == "lot" for change in changes):
            self._read()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Choose a lot."""
        if subject.get("lot"):
            self.list.choose(subject["lot"])
            self._show()

    def on_digit(self, digit: int) -> bool:
        """Choose what is done, or who bears it."""
        return self.how.take_digit(digit) or self.bearers.take_digit(digit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick the current lot with the space bar."""
        if event.key() == Qt.Key.Key_Space:
            self._tick()
            return
        super().keyPressEvent(event)

    def on_escape(self) -> bool:
        """Leave the photos; take the ticks away."""
        if self.photo.is_open or self.seen.is_open:
            self.photo.leave()
            self._close_photos()
            return True
        if not self._ticked:
            return False
        self._ticked = frozenset()
        self._read()
        return True

    def left(self) -> None:
        """Nobody is photographed behind another page."""
        self.photo.leave()
        self._close_photos()

    # --- Photos ----------------------------------------------------------------------------------

    def _photo_turned(self) -> None:
        self._stack.turn_photo()

    def _open_photos(self) -> None:
        self.seen.open(self.seen.names_of(self.list.current()))
        self._stack.setCurrentWidget(self.seen.view)
        self.setFocus()
        self.touch_actions()

    def _close_photos(self) -> None:
        if self.seen.is_open:
            self.seen.close()
            self._read()
            self.list.setFocus()

    # --- Showing ---------------------------------------------------------------------------------

    def _read(self) -> None:
        here = self.counter.desk.read(records.lots_here)
        rows = (*here, *self.counter.desk.read(records.lots_away))
        self._rows = {row.lot: row for row in rows}
        self._ticked &= frozenset(row.lot for row in here)
        shown = self.counter.desk.read(lambda c: [self._row(c, row) for row in rows])
        self.list.show_rows(shown)
        if rows and not self.list.current():
            self.list.choose(rows[0].lot)
        if not self.photo.is_open and not self.seen.is_open:
            self._stack.setCurrentWidget(self._stack.work if rows else self._empty)
        self._show()

    def _row(self, connection: Any, row: LotRow) -> Row:
        sort = produce_named(connection, row.produce)
        people = self._outfit.people
        known = [people.person(connection, one) for one in row.growers.split()]
        names = [self.counter.privacy.name(one.name) for one in known if one is not None]
        whose = "、".join(names[:2]) or self.say("consignment.lots.own")
        here = f"{row.on_shelf} {sort.word if sort else ''}".rstrip()
        if row.unit != "piece":
            here = say_jin(row.on_shelf)
        is_here = row.on_shelf > 0
        return Row(
            row.lot,
            (
                Tick(row.lot in self._ticked),
                Text(
                    f"{sort.name if sort else row.produce} {row.grade}".rstrip(),
                    theme.STRONG,
                    bold=True,
                    small=f"{whose}·{row.number}",
                ),
                Text(
                    here if is_here else self.say("consignment.lots.away"),
                    theme.STRONG,
                    bold=is_here,
                    ink="ink" if is_here else "ink2",
                    small=self.say("consignment.lots.bound")
                    if is_here and row.bound_for == HUB
                    else "",
                ),
                Text(say_day(row.day, self.counter.desk.now().day), ink="ink2"),
            ),
        )

    def _state(self) -> Lot | None:
        lot = self.list.current()
        return self.counter.desk.read(lambda c: records.lot_state(c, lot)) if lot else None

    def _words(self) -> str:
        state = self._state()
        quantity = quantity_of(state, self.quantity.text()) if state else None
        return said(state, quantity) if state and quantity is not None else ""

    def _next_reason(self) -> None:
        place = SPOILAGE_REASONS.index(self.reason)
        self.reason = SPOILAGE_REASONS[(place + 1) % len(SPOILAGE_REASONS)]
        self._show()

    def _turned(self) -> None:
        self.quantity.set_text("")
        self._show()

    def _moved(self, lot: str) -> None:
        """Show another lot; what was typed for the one before is not said of this one."""
        if lot != self._lot:
            self._lot = lot
            self._clear()
        self._show()

    def _clear(self) -> None:
        for field in (self.quantity, self.value, self.packages):
            field.set_text("")
        self.bearers.set_value("")

    def _show(self) -> None:
        state, how, say = self._state(), self.how.value(), self.say
        if state is None:
            self.touch_actions()
            return
        row = self._rows.get(self.list.current())
        self._name.setText(self.counter.desk.read(lambda c: records.lot_name(c, state)))
        number = (row.number,) if row else ()
        self._small.setText("　".join((*number, *whereabouts(say, state))))
        key = "found" if how == COUNT else "quantity"
        self.quantity.set_label(say(f"consignment.lots.{key}"))
        is_loss = how in (SPOIL, COUNT)
        reason = say(f"consignment.lots.reason_{self.reason}")
        self.reasons.set_label(say("consignment.lots.reason", reason=reason))
        self.reasons.setVisible(how == SPOIL)
        self.bearers.setVisible(asks_bearer(state, how))
        is_paid = is_loss and not is_own(state) and self.bearers.value() not in ("", BY_GROWER)
        self.value.setVisible(is_paid)
        self.packages.setVisible(how == DISPATCH)
        self._means.setText(self._words())
        self.touch_actions()

    def _missing(self) -> str:
        state, how, say = self._state(), self.how.value(), self.say
        if state is None:
            return say("consignment.refusal.NO_LOT")
        if state.on_shelf <= 0:
            return say("consignment.lots.missing_away")
        why = self._why_not_quantity(state)
        if why:
            return why
        steps = (
            ("bearer", asks_bearer(state, how) and not self.bearers.value()),
            ("value", self.value.isVisible() and not self.value.fen()),
            ("packages", how == DISPATCH and not self.packages.count()),
            ("mark", how == DISPATCH and self._is_run_out(state)),
        )
        step = next((step for step, is_open in steps if is_open), "")
        return say(f"consignment.lots.missing_{step}") if step else ""

    def _why_not_quantity(self, state: Lot) -> str:
        """Return what is wrong with the quantity, before anybody is asked who bears it."""
        how, quantity = self.how.value(), quantity_of(state, self.quantity.text())
        if quantity is None:
            key = unit_of(state) if self.quantity.text().strip() else "quantity"
            return self.say(f"consignment.lots.missing_{key}")
        gone = state.on_shelf - quantity if how == COUNT else quantity
        why = why_not_so_much(state, how, gone)
        return self.say(why.text_key, **why.slots) if why else ""

    def _is_run_out(self, state: Lot) -> bool:
        is_off, today = self.list.current() in self._unmarked, self.counter.desk.now().day
        return why_marked(state, is_unmarked=is_off, day=today) is not None

    def _unmark(self) -> None:
        self._unmarked |= {self.list.current()}
        self._show()

    # --- Doing -----------------------------------------------------------------------------------

    def _tick(self) -> None:
        lot = self.list.current()
        if lot in self._rows and self._rows[lot].on_shelf > 0:
            self._ticked = self._ticked ^ {lot}
            self._read()

    def _bound(self) -> tuple[LotRow, ...]:
        return tuple(
            row for row in self._rows.values() if row.on_shelf > 0 and row.bound_for == HUB
        )

    def _take_bound(self) -> None:
        """Tick all that waits for the van; of a single lot, all of it is filled in."""
        bound = self._bound()
        self.how.set_value(DISPATCH)
        self._ticked = frozenset(row.lot for row in bound) if len(bound) > 1 else frozenset()
        self._read()
        self.list.choose(bound[0].lot)
        if len(bound) == 1:
            is_piece = bound[0].unit == "piece"
            typed = (
                str(bound[0].on_shelf) if is_piece else kg_plain(bound[0].on_shelf).replace(",", "")
            )
            self.quantity.set_text(typed if is_piece else f"{typed}公斤")
            self.packages.set_count(self._labels(bound[0]))
        self._show()

    def _commit(self) -> None:
        state, how, lot = self._state(), self.how.value(), self.list.current()
        quantity = quantity_of(state, self.quantity.text()) if state else None
        if state is None or quantity is None or self._missing():
            return
        command: Any = SplitLot(lot=lot, quantity=quantity)
        if how != SPLIT:
            command = MoveLot(
                lot=lot,
                how=how,
                quantity=quantity,
                reason={SPOIL: self.reason, COUNT: "missing"}.get(how, ""),
                bearer=self.bearers.value() if asks_bearer(state, how) else "",
                value_fen=(self.value.fen() or 0) if self.value.isVisible() else 0,
                packages=self.packages.count() or 0,
                is_unmarked=lot in self._unmarked,
                photos=self.photo.names if how in (SPOIL, COUNT) else (),
            )
        words = self.say(f"consignment.lots.done_{how}", quantity=self._words())
        self._ask([command, *(self._photographed() if how == DISPATCH else ())], words)

    def _photographed(self) -> Sequence[KeepPicture]:
        names = self.photo.names
        return (KeepPicture(LotDispatched.KIND, names),) if names else ()

    def _send_all(self) -> None:
        lots = [row for row in self._rows.values() if row.lot in self._ticked]
        commands = [
            MoveLot(lot=row.lot, how=DISPATCH, quantity=row.on_shelf, packages=self._labels(row))
            for row in lots
        ]
        words = self.say("consignment.lots.sent_all", count=len(lots))
        self._ask([*commands, *self._photographed()], words)

    def _labels(self, row: LotRow) -> int:
        state = self.counter.desk.read(lambda c: records.lot_state(c, row.lot))
        return max(1, state.labels if state else 1)

    def _merge(self) -> None:
        lots = tuple(lot for lot in self._rows if lot in self._ticked)
        self._ask([MergeLots(lots=lots)], self.say("consignment.lots.merged", count=len(lots)))

    def _ask(self, commands: Sequence[Any], words: str) -> None:
        def done(outcome: Done) -> None:
            self._ticked = frozenset()
            self.photo.forget()
            self._clear()
            self._read()
            self.tell_done(words, outcome)
            self.list.setFocus()

        papers = PrintLotPapers(act=self.ticket)
        self.perform(*commands, papers, done=done, refused=self._refused)

    def _refused(self, refusal: Refusal) -> None:
        self.quantity.say_fault(refusal.text_key, **refusal.slots)
