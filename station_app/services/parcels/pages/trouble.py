"""Parcels in trouble (异常): damaged, refused, sent wrong, lost, found again, gone unrecorded.

Scan it or choose it in the list, say by a digit what happened, then what belongs to that. Nothing
is recorded before the primary; what is decided about money is owed from then on and paid where
everything owed is paid.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.journal.projection import StateChange
from station_app.reference import records as reference
from station_app.reference.records import StationRow
from station_app.services.parcels import records
from station_app.services.parcels.commands import ShelveParcel
from station_app.services.parcels.meanings import GONE, ON_HAND
from station_app.services.parcels.outfit import Outfit
from station_app.services.parcels.pages.gone import tell_gone
from station_app.services.parcels.pages.shown import Shown
from station_app.services.parcels.pages.trouble_parts import DeedPanel, TroubleList
from station_app.services.parcels.records import ParcelRow
from station_app.services.parcels.trouble_records import Trouble, damage_words, troubles
from station_app.services.parcels.troubling import Form, deeds_for
from station_app.services.parcels.visits import LOST, Parcel
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.desk import Done
from station_app.shell.offers import Scan
from station_app.shell.page import Action, Page
from station_app.shell.widgets.panels import EmptyState
from station_app.shell.widgets.photographing import KEY, Photographing
from station_app.values.money import say_yuan


class TroublePage(Page):
    """Says what went wrong with a parcel."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page with the list as it is now."""
        super().__init__(counter, key)
        self._outfit = outfit
        self._shown = Shown(counter, outfit.gatherer)
        self._in_hand = ""
        self._found: list[Trouble] = []
        self.form = Form()
        self.photographing = Photographing(
            self, outfit.photos, taken=self._take_photo, left=self._leave_photo
        )
        self._lay_out()
        counter.privacy.listen(self._show)
        self._load()

    def _lay_out(self) -> None:
        self._empty = EmptyState(
            "ok", self.say("parcels.trouble.empty"), self.say("parcels.trouble.empty_small")
        )
        self.list = TroubleList(self.counter, self._shown)
        self.list.table.current_changed.connect(lambda _parcel: self._begin())
        self.panel = DeedPanel(self.counter)
        self.panel.deed_chosen.connect(self._choose_deed)
        self.panel.station_chosen.connect(lambda code: self._change(station=code))
        self.panel.reason_chosen.connect(self._choose_reason)
        self.panel.payee_chosen.connect(lambda payee: self._change(payee=payee))
        self.panel.typed.connect(self._typed)
        self._work = QWidget()
        self._columns = QHBoxLayout(self._work)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(theme.FULL.gap)
        self._columns.addWidget(self.list, 1)
        if self.photographing.panel is not None:
            self._columns.addWidget(self.photographing.panel, 1)
        self._columns.addWidget(self.panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._empty)
        column.addWidget(self._work)

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("parcels.tab.trouble")

    def is_empty(self) -> bool:
        """Tell whether there is nothing in hand: then the scan box waits."""
        return not self._found

    @property
    def _is_photographing(self) -> bool:
        panel = self.photographing.panel
        return panel is not None and not panel.isHidden()

    def facts_behind(self) -> Mapping[str, str] | None:
        """Return the parcel on which the cursor stands."""
        row = self._current()
        return {"entity": row.parcel, "title": self.title} if row is not None else None

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        if self._is_photographing:
            return self.photographing.actions()
        row = self._current()
        if row is None or not self.panel.deeds.buttons:
            return ()
        missing = self.form.missing
        primary = Action(
            self.say(f"parcels.trouble.primary_{self.form.deed or 'deed'}", **self._slots()),
            "Enter",
            self._commit,
            kind="primary",
            is_enabled=not missing,
            reason=self.say(f"parcels.trouble.missing_{missing}") if missing else "",
        )
        if not self.form.deed:
            return (primary,)
        back = Action(self.say("parcels.trouble.other"), "Esc", self._begin)
        if self.form.deed != "damage" or not self.photographing.is_possible:
            return (back, primary)
        photo = Action(self.say("shell.photo.open"), KEY, self._open_photo, icon="image")
        return (back, photo, primary)

    def _slots(self) -> dict[str, str]:
        place = next((s.name for s in self._stations() if s.code == self.form.station), "")
        return {"amount": say_yuan(self.form.amount_fen or 0), "station": place}

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Look at the parcels as they are now."""
        self._load()

    def left(self) -> None:
        """Nobody is photographed behind another page."""
        self.photographing.end()
        self.list.show()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Take a parcel in hand."""
        if subject.get("parcel"):
            self._take(subject["parcel"])

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Look again after an act; what is half said of the current one stays."""
        kinds = {change.kind.name for change in changes}
        if not changes or kinds & {"parcel", "person", "courier"}:
            self._load()

    def on_scan(self, scan: Scan) -> bool:
        """Take a parcel in hand."""
        meaning = scan.meaning
        if meaning is None or meaning.kind not in (ON_HAND, GONE):
            return False
        row = self.counter.desk.read(lambda c: records.parcel_row(c, meaning.entity))
        if row is not None and meaning.kind == GONE and row.status != LOST:
            tell_gone(self, meaning.entity)
            return True
        self.counter.sounds.play("ok")
        self._take(meaning.entity)
        return True

    def on_escape(self) -> bool:
        """Go one step back: from the photo, from the deed, from the parcel in hand."""
        if self._is_photographing:
            self._leave_photo()
        elif self.form.deed:
            self._begin()
        elif self._in_hand:
            self._in_hand = ""
            self._load()
        else:
            return False
        return True

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._columns.setSpacing(theme.COMPACT.gap if is_compact else theme.FULL.gap)
        self.panel.set_compact(compact=is_compact)
        self.list.table.set_compact(compact=is_compact)

    # --- Showing ---------------------------------------------------------------------------------

    def _take(self, parcel: str) -> None:
        self._in_hand = self.counter.desk.read(lambda c: records.root_of(c, parcel))
        self._load()
        self.list.table.choose(self._in_hand)
        self._begin()

    def _load(self) -> None:
        def load(connection: Any) -> list[Trouble]:
            found = troubles(connection)
            known = {one.row.parcel for one in found}
            row = records.parcel_row(connection, self._in_hand) if self._in_hand else None
            if row is not None and row.is_on_hand and row.parcel not in known:
                found.insert(0, Trouble(row, "in_hand"))
            return found

        self._found = self.counter.desk.read(load)
        self._show()

    def _show(self) -> None:
        self._empty.setVisible(not self._found)
        self._work.setVisible(bool(self._found))
        before = self.list.table.current()
        self.counter.desk.read(lambda c: self.list.show_troubles(c, self._found))
        if not self.list.table.current() and self._found:
            self.list.table.choose(self._found[0].row.parcel)
        if self.list.table.current() != before:
            self._begin()
        else:
            self._show_current()

    def _current(self) -> ParcelRow | None:
        subject = self.list.table.current()
        return next((one.row for one in self._found if one.row.parcel == subject), None)

    def _begin(self) -> None:
        """Begin anew with the current parcel: nothing is said of it yet."""
        self.form = Form()
        self.panel.clear(self._proposed_layer())
        self._show_current()
        if self.isVisible():
            self.setFocus()

    def _proposed_layer(self) -> str:
        row = self._current()
        if row is None:
            return ""
        now, gatherer = self.counter.desk.now(), self._outfit.gatherer
        wanted = ShelveParcel(courier="", waybill="", person=row.person, tail=row.tail)
        proposal = self.counter.desk.read(lambda c: gatherer.propose(c, wanted, now))
        return f"{proposal.code.shelf}-{proposal.code.layer}" if proposal.code else ""

    def _show_current(self) -> None:
        row = self._current()
        if row is not None:
            self.counter.desk.read(lambda c: self._show_parcel(c, row))
            self.panel.show_form(self.form, photo=self._photo_words())
        self.touch_actions()

    def _show_parcel(self, connection: Any, row: ParcelRow) -> None:
        state: Parcel | None = records.parcel_state(connection, row.parcel)
        receiver = self._shown.receiver(connection, row)
        broken = damage_words(connection, row.parcel)
        due = self._shown.due(row)
        parts = [
            self._shown.waybill(row),
            due.words if due else "",
            self.say("parcels.trouble.is_valuable") if state and state.is_valuable else "",
            self.say("parcels.trouble.broken", words=broken) if broken else "",
        ]
        small = "·".join(part for part in parts if part)
        self.panel.show_parcel(row, receiver.name or receiver.tail, small, deeds_for(state))

    def _photo_words(self) -> str:
        if not self.photographing.is_possible:
            return ""
        key = "attached" if self.form.photo else "not_attached"
        return self.say(f"shell.photo.{key}", count=1)

    # --- Saying ----------------------------------------------------------------------------------

    def _change(self, **changed: Any) -> None:
        self.form = replace(self.form, **changed)
        self.panel.show_form(self.form, photo=self._photo_words())
        self.touch_actions()

    def _choose_deed(self, deed: str) -> None:
        layer = self.panel.layer.text() if deed == "find" else ""
        self.form = Form(deed=deed, layer=layer)
        if deed == "forward":
            self.panel.show_stations(self._stations())
        self._change()
        field = self.panel.first_field(deed)
        (field or self).setFocus()

    def _choose_reason(self, reason: str) -> None:
        self._change(reason=reason)
        if reason == "other":
            self.panel.words.setFocus()

    def _typed(self) -> None:
        if self.form.deed == "forward":
            self.panel.show_stations(self._stations())
        amount = self.panel.amount.fen()
        self._change(
            words=self.panel.words.text(),
            layer=self.panel.layer.text() if self.form.deed == "find" else "",
            amount_fen=int(amount) if amount is not None else None,
        )

    def _stations(self) -> tuple[StationRow, ...]:
        """Return where it may go: whoever fits what was typed, else the neighbours."""
        now, typed = self.counter.desk.now(), self.panel.place.text()

        def look(connection: Any) -> tuple[StationRow, ...]:
            here = reference.station(connection, now.station)
            if typed:
                found = reference.stations_called(connection, typed)
            else:
                found = reference.stations_below(connection, here.parent) if here else ()
            return tuple(one for one in found if one.code != now.station)

        return self.counter.desk.read(look)

    # --- The photo -------------------------------------------------------------------------------

    def _open_photo(self) -> None:
        self.list.hide()
        self.photographing.begin()
        self.touch_actions()

    def _take_photo(self, name: str) -> None:
        self._leave_photo()
        self._change(photo=name)

    def _leave_photo(self) -> None:
        self.photographing.end()
        self.list.show()
        self.touch_actions()
        self.setFocus()

    # --- The act ---------------------------------------------------------------------------------

    def _commit(self) -> None:
        row, form = self._current(), self.form
        if row is None or form.missing:
            return
        slots = {**self._slots(), "code": str(row.code)}

        def done(outcome: Done) -> None:
            self.tell_done(self.say(f"parcels.trouble.done_{form.deed}", **slots), outcome)
            self._in_hand = row.parcel if form.deed in ("damage", "valuable") else ""
            self._load()
            self._begin()

        self.perform(form.command(row.parcel), done=done)
