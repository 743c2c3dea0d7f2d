"""How the intake page looks: laid out once, shown anew from what is in hand.

It decides nothing. `hand` says what is going on; `show` draws it and `focus` puts the cursor where
the next key belongs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.services.parcels import records
from station_app.services.parcels.entering import Entry, tally
from station_app.services.parcels.gathering import Proposal
from station_app.services.parcels.outfit import Outfit
from station_app.services.parcels.pages.intake_parts import Idle, ParcelPanel, PlacePanel
from station_app.services.parcels.pages.placing import Placing
from station_app.services.parcels.pages.round_list import RoundList
from station_app.services.parcels.pages.shown import Shown
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.page import Page
from station_app.shell.widgets.panels import Banner, EmptyState
from station_app.values.refusal import Refusal

ROUND_MAX = 1_000  # parcels of one round: more than a lorry brings to a village


@dataclass(slots=True)
class Hand:
    """What is going on at the intake.

    entry: the parcel in hand; proposal: where it would go; objection: what speaks against it;
    fixing: identity of a parcel whose receiver is being corrected; is_naming: a name is typed
    instead of a tail; since: when the round began (ms), 0 before the first. here_since: day of a
    round of what stood here before the books began (开账), "" for an ordinary one; back: the page
    that asked for it.
    """

    entry: Entry | None = None
    proposal: Proposal | None = None
    objection: Refusal | None = None
    fixing: str = ""
    is_naming: bool = False
    is_summed_up: bool = False
    since: int = 0
    here_since: str = ""
    back: str = ""

    def put_down(self) -> None:
        """Hold nothing any more; the round goes on."""
        self.entry = None
        self.proposal = None
        self.objection = None
        self.fixing = ""
        self.is_naming = False


class IntakeView(Page):
    """The looks of the intake page."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Lay the page out with nothing in hand."""
        super().__init__(counter, key)
        self.outfit = outfit
        self.shown = Shown(counter, outfit.gatherer)
        self.hand = Hand()
        self.parcel = ParcelPanel(counter)
        self.round = RoundList(counter, self.shown)
        self.place = PlacePanel(counter)
        self.placing = Placing(self.place, outfit, counter)
        self._idle = Idle(counter)
        self._lay_out()
        counter.privacy.listen(self.show_hand)

    def _lay_out(self) -> None:
        self._empty = EmptyState(
            "scan", self.say("parcels.intake.empty"), self.say("parcels.intake.empty_small")
        )
        self._next_free = self._empty.add_fact("parcel", "")
        self.opening = Banner(self.say("parcels.intake.opening"), "notice")
        self.opening.hide()
        self._left = QVBoxLayout()
        self._left.setSpacing(theme.FULL.gap)
        self._left.addWidget(self.parcel)
        self._left.addWidget(self._idle)
        self._left.addWidget(self.round, 1)
        self._work = QWidget()
        self._columns = QHBoxLayout(self._work)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(theme.FULL.gap)
        self._columns.addLayout(self._left, 1)
        self._columns.addWidget(self.place)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.opening)
        column.addWidget(self._empty)
        column.addWidget(self._work)

    # --- What the window asks --------------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("parcels.tab.intake")

    def is_empty(self) -> bool:
        """Tell whether no parcel has come yet."""
        return self.hand.entry is None and not self.round.rows

    def first_focus(self) -> QWidget | None:
        """Return the boxes of the tail while they wait for digits."""
        return self._place_of_focus()

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        gap = theme.COMPACT.gap if is_compact else theme.FULL.gap
        self._left.setSpacing(gap)
        self._columns.setSpacing(gap)
        self.parcel.set_compact(compact=is_compact)
        self.place.set_compact(compact=is_compact)
        self._idle.set_compact(compact=is_compact)
        self.round.table.set_compact(compact=is_compact)

    # --- Showing ---------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the round anew."""
        now = self.counter.desk.now()
        since = self.hand.since

        def load(connection: Any) -> None:
            rows: Sequence[records.ParcelRow] = self.round.rows
            if since:
                rows = records.recent_intake(
                    connection, now.day, since=since, device=now.device, most=ROUND_MAX
                )
            self.round.show_round(connection, rows, self.shown.couriers(connection))

        self.counter.desk.read(load)
        self.show_hand()

    def show_hand(self) -> None:
        """Show what is in hand, or what is between two parcels."""
        hand, entry = self.hand, self.hand.entry
        is_empty = self.is_empty()
        self._empty.setVisible(is_empty)
        self._work.setVisible(not is_empty)
        self.parcel.setVisible(entry is not None)
        self._idle.setVisible(entry is None)
        self.parcel.banner.setVisible(hand.objection is not None)
        if entry is not None:
            self._show_entry(entry)
        elif hand.is_summed_up:
            self._idle.say_tally(
                tally(self.round.rows), self.counter.desk.read(self.shown.couriers)
            )
        else:
            self._idle.say_next()
        if is_empty:
            code = self.placing.next_free() or "—"
            self._next_free.setText(self.say("parcels.intake.next_free_is", code=code))
        self.touch_actions()

    def _show_entry(self, entry: Entry) -> None:
        couriers = self.counter.desk.read(self.shown.couriers)
        if not entry.courier:
            self.parcel.ask_courier(entry.guess.candidates or tuple(couriers), couriers)
        self.parcel.show_entry(entry, couriers, is_naming=self.hand.is_naming)
        if self.hand.proposal is not None:
            self.placing.show_entry(entry, self.hand.proposal)

    def show_stored(self, parcel: str) -> None:
        """Show the place and label of a recorded parcel, and its row."""
        self.placing.show_stored(parcel)
        self.round.table.choose(parcel)
        self.show_hand()

    def clear_fields(self) -> None:
        """Empty everything that somebody types into."""
        parcel = self.parcel
        for field in (parcel.name, parcel.phone, parcel.cod, parcel.freight):
            field.set_text("")
        parcel.sizes.set_value("M")
        parcel.amounts.hide()

    def show_amounts(self, entry: Entry) -> None:
        """Put the money of an entry into its fields; they come out when there is any."""
        self.parcel.cod.set_fen(entry.cod_fen or None)
        self.parcel.freight.set_fen(entry.freight_fen or None)
        self.parcel.sizes.set_value(entry.size)
        self.parcel.amounts.setVisible(bool(entry.cod_fen or entry.freight_fen))

    def _place_of_focus(self) -> QWidget | None:
        hand, entry = self.hand, self.hand.entry
        if entry is None or not entry.courier or hand.objection is not None:
            return None
        if hand.is_naming:
            return self.parcel.name.line
        is_asking = bool(entry.candidates) and entry.chosen is None and not entry.is_nobody
        return None if is_asking else self.parcel.tail

    def focus_next(self) -> None:
        """Put the cursor where the next key belongs: boxes, a name, or the page for digits."""
        if self.isVisible():
            (self._place_of_focus() or self).setFocus()
