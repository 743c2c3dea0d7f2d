"""Stocktake (盘库): scan the tag of a layer, then everything on it; each surprise is said at once.

It holds nothing up: parcels may be handed over meanwhile, and the work may be left and taken up
again, also after a power cut. Enter writes the count of the layer down; what was not seen by then
stands in the list of cases until somebody says where it is.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.journal.projection import StateChange
from station_app.reference import records as reference
from station_app.services.parcels import records
from station_app.services.parcels.commands import CountLayer, FindParcel, LoseParcel, MoveParcel
from station_app.services.parcels.counting_records import layer_counts
from station_app.services.parcels.meanings import GONE, HANDOVER_PAGE, INTAKE_PAGE, NEW, ON_HAND
from station_app.services.parcels.outfit import Outfit
from station_app.services.parcels.pages.shown import Shown
from station_app.services.parcels.pages.stocktake_parts import (
    LayerHead,
    LayerList,
    OddList,
    at,
    deed_of,
    layer_name,
)
from station_app.services.parcels.places import Layer, Room, parse_layer
from station_app.services.parcels.stocktaking import (
    Odd,
    Standing,
    Work,
    as_draft,
    compare,
    from_draft,
)
from station_app.services.parcels.tags import shelf_tag
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.offers import Scan
from station_app.shell.page import Action, Page
from station_app.shell.widgets.panels import EmptyState, Places
from station_app.values import codes
from station_app.values.codes import OwnCode

SOUNDS = {"misplaced": "warn", "handed_over": "stop", "left": "stop", "on_run": "warn"}
NOTHING = Standing(0, 0, ())


class StocktakePage(Page):
    """Counts the shelves, a layer at a time."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page without a layer in hand."""
        super().__init__(counter, key)
        self._outfit = outfit
        self._shown = Shown(counter, outfit.gatherer)
        self.work: Work | None = None
        self.standing = NOTHING
        self._room = Room(0, 0, 0)
        self._lay_out()
        counter.privacy.listen(self._show)
        self._load()

    def _lay_out(self) -> None:
        self.layers = LayerList(self.counter)
        self.layers.table.opened.connect(self._open_layer)
        self.head = LayerHead(self.counter)
        self.odd = OddList(self.counter, self._shown)
        self.odd.table.acted.connect(lambda subject, _column: self._do(at(self._odd(), subject)))
        self._even = EmptyState("ok", "", look="plain")
        self._lists = Places()
        self._lists.addWidget(self.odd)
        self._lists.addWidget(self._even)
        self._idle = EmptyState(
            "shelf", self.say("parcels.stocktake.empty"), self.say("parcels.stocktake.empty_small")
        )
        self._busy = QWidget()
        right = QVBoxLayout(self._busy)
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(self.head)
        right.addWidget(self._lists, 1)
        self._right = right
        self._sides = Places()
        self._sides.addWidget(self._idle)
        self._sides.addWidget(self._busy)
        self._columns = QHBoxLayout(self)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(theme.FULL.gap)
        self._columns.addWidget(self.layers)
        self._columns.addWidget(self._sides, 1)

    def _odd(self) -> Sequence[Odd]:
        return self.standing.odd

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("parcels.tab.stocktake")

    def first_focus(self) -> QWidget | None:
        """Return the list of layers while none is in hand."""
        return self.layers.table if self.work is None else None

    def under_way(self) -> str:
        """Return which layer is being counted."""
        work = self.work
        if work is None or not (work.seen or work.unknown):
            return ""
        return self.say("parcels.stocktake.under_way", layer=layer_name(work.layer))

    def draft(self) -> Draft | None:
        """Return the layer in hand, and what was scanned on it."""
        return None if self.work is None else as_draft(self.work)

    def resume(self, draft: Draft) -> str:
        """Take up the layer that was in hand."""
        self.work = from_draft(draft)
        self._load()
        if self.work is None:
            return ""
        return self.say("parcels.stocktake.resumed", layer=layer_name(self.work.layer))

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        work, say = self.work, self.say
        if work is None:
            tags = Action(say("parcels.stocktake.tags"), "Ctrl+P", self._print_tags, icon="printer")
            return (tags,)
        actions = [Action(say("parcels.stocktake.pause"), "Ctrl+S", self._pause)]
        if work.seen or work.unknown:
            again = Action(say("parcels.stocktake.again"), "F11", self._again, icon="undo")
            actions.insert(0, again)
        key = "finish" if self._next_layer() is not None else "finish_last"
        words = say(f"parcels.stocktake.{key}")
        return [*actions, Action(words, "Enter", self._finish, kind="primary")]

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Look at the books as they are now."""
        self._load()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Look again after an act: somebody may have come for a parcel meanwhile."""
        kinds = {change.kind.name for change in changes}
        if not changes or kinds & {"parcel", "person", "courier", "shelves", "layer_count"}:
            self._load()

    def on_scan(self, scan: Scan) -> bool:
        """Take the tag of a layer, or a parcel that stands on the one in hand."""
        layer = _layer_of(scan)
        if layer is not None:
            return self._begin(layer)
        meaning = scan.meaning
        kind = meaning.kind if meaning else ""
        if kind not in (ON_HAND, GONE, NEW):
            return False
        if self.work is None:
            self.counter.sounds.play("warn")
            self.counter.front.toast(Notice(self.say("parcels.stocktake.tag_first"), "warn"))
            return True
        if kind == NEW:
            self.work = self.work.with_unknown(scan.text)
            self.counter.sounds.play("warn")
        else:
            assert meaning is not None
            self.work = self.work.with_seen(meaning.entity)
            self._load()
            odd = at(self._odd(), meaning.entity)
            self.counter.sounds.play(SOUNDS.get(odd.finding, "warn") if odd else "ok")
        self._load()
        self.touch_draft()
        return True

    def on_digit(self, digit: int) -> bool:
        """Do what the row with this number offers."""
        if self.work is None or not 1 <= digit <= len(self.odd.numbered):
            return False
        self._do(self.odd.numbered[digit - 1])
        return True

    def on_escape(self) -> bool:
        """Leave a layer on which nothing was scanned yet."""
        work = self.work
        if work is None or work.seen or work.unknown:
            return False
        self._put_down()
        return True

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        gap = theme.COMPACT.gap if is_compact else theme.FULL.gap
        self._columns.setSpacing(gap)
        self._right.setSpacing(gap)
        self.layers.set_compact(compact=is_compact)
        self.odd.table.set_compact(compact=is_compact)

    # --- Showing ---------------------------------------------------------------------------------

    def _load(self) -> None:
        work = self.work

        def load(connection: Any) -> Standing:
            station = reference.station(connection, self.counter.desk.now().station)
            self._room = records.room(connection, station)
            if work is None:
                return NOTHING
            rows = {p: row for p in work.seen if (row := records.parcel_row(connection, p))}
            return compare(work, records.on_layer(connection, work.layer), rows)

        self.standing = self.counter.desk.read(load)
        self._show()

    def _show(self) -> None:
        work, today = self.work, self.counter.desk.now().day
        counts = self.counter.desk.read(layer_counts)
        self.layers.show_layers(self._room, counts, work, today)
        self.layers.table.set_owns_enter(owns=work is None)
        self._sides.setCurrentWidget(self._idle if work is None else self._busy)
        if work is not None:
            self.layers.table.choose(layer_name(work.layer))
            self._show_work(work, today)
        self.touch_actions()

    def _show_work(self, work: Work, today: str) -> None:
        def show(connection: Any) -> None:
            row = records.parcel_row(connection, work.last) if len(work.last) == 64 else None
            last = str(row.code) if row else work.last
            self.head.show_layer(work.layer, self.standing, last)
            self.odd.show_odd(connection, self.standing, work.layer, today)

        self.counter.desk.read(show)
        is_even = not self.standing.odd
        key = "even" if self.standing.expected else "nothing_here"
        self._even.say(self.say(f"parcels.stocktake.{key}"))
        self._lists.setCurrentWidget(self._even if is_even else self.odd)

    # --- Layers ----------------------------------------------------------------------------------

    def _open_layer(self, name: str) -> None:
        layer = parse_layer(name)
        if layer is not None:
            self._begin(layer)

    def _begin(self, layer: Layer) -> bool:
        """Take a layer in hand; the one before stays as far as it was, if it was begun."""
        work = self.work
        if work is not None and work.layer == layer:
            return True
        if not self._room.has(layer):
            slots: dict[str, str | int] = {"shelf": layer.shelf, "layer": layer.number}
            self.counter.front.say_refusal("parcels.refusal.NO_SUCH_LAYER", slots)
            return True
        if work is not None and (work.seen or work.unknown):
            self._finish(then=layer)
            return True
        self.work = Work(layer)
        self.counter.sounds.play("ok")
        self._load()
        self.setFocus()
        self.touch_draft()
        return True

    def _next_layer(self) -> Layer | None:
        """Return the layer after the one in hand."""
        layers = self._room.all_layers()
        if self.work is None or self.work.layer not in layers:
            return None
        following = layers[layers.index(self.work.layer) + 1 :]
        return following[0] if following else None

    def _finish(self, then: Layer | None = None) -> None:
        """Write the count down; then the next layer waits for its tag, or is taken in hand."""
        work, missing = self.work, self.standing.missing
        if work is None:
            return
        command = CountLayer(
            shelf=work.layer.shelf,
            layer=work.layer.number,
            seen=work.seen,
            unknown=len(work.unknown),
        )

        def done(outcome: Done) -> None:
            self._put_down()
            key = "done_missing" if missing else "done_even"
            slots = {"layer": layer_name(work.layer), "count": missing}
            self.tell_done(self.say(f"parcels.stocktake.{key}", **slots), outcome)
            if then is not None:
                self._begin(then)

        self.perform(command, done=done)

    def _again(self) -> None:
        assert self.work is not None
        self.work = Work(self.work.layer)
        self._load()
        self.touch_draft()

    def _pause(self) -> None:
        self.keep_draft()
        self.counter.front.go_home()

    def _print_tags(self) -> None:
        """Print the tag of every layer: scanned first, it says which layer is counted."""
        layers, station = self._room.all_layers(), self.counter.desk.now().station
        row = self.counter.desk.read(lambda connection: reference.station(connection, station))
        for layer in layers:
            tag = shelf_tag(layer_name(layer), row.name if row else "", self.counter.texts)
            self._outfit.put_out(tag)
        self.counter.front.toast(
            Notice(self.say("parcels.stocktake.tags_done", count=len(layers)), "notice")
        )

    def _put_down(self) -> None:
        self.work = None
        self.keep_draft()
        self._load()
        self.layers.table.setFocus()

    # --- Single parcels --------------------------------------------------------------------------

    def _do(self, one: Odd | None) -> None:
        """Do what a row offers."""
        if one is None or self.work is None:
            return
        deeds: Mapping[str, Callable[[Odd, Work], None]] = {
            "seek": self._seek,
            "lose": self._lose,
            "move": self._move,
            "find": self._find,
            "shelve": self._shelve,
            "look": self._look,
        }
        deeds[deed_of(one)](one, self.work)

    def _seek(self, one: Odd, work: Work) -> None:
        self.work = work.with_sought(one.subject)
        self._load()
        self.touch_draft()

    def _lose(self, one: Odd, _work: Work) -> None:
        self._settle(LoseParcel(parcel=one.subject), one, "lost_done")

    def _move(self, one: Odd, work: Work) -> None:
        layer = work.layer
        command = MoveParcel(
            parcel=one.subject, shelf=layer.shelf, layer=layer.number, may_crowd=True
        )
        self._settle(command, one, "moved_done")

    def _find(self, one: Odd, work: Work) -> None:
        layer = work.layer
        command = FindParcel(parcel=one.subject, shelf=layer.shelf, layer=layer.number)
        self._settle(command, one, "found_done")

    def _settle(self, command: Any, one: Odd, key: str) -> None:
        code = str(one.row.code) if one.row else one.subject

        def done(outcome: Done) -> None:
            self.tell_done(self.say(f"parcels.stocktake.{key}", code=code), outcome)
            self._load()

        self.perform(command, done=done)

    def _shelve(self, one: Odd, work: Work) -> None:
        """Take a number that nobody knows to the intake; what was scanned here waits."""
        self.work = work.without(one.subject)
        self.keep_draft()
        self.counter.front.open_page(INTAKE_PAGE, {"waybill": one.subject})

    def _look(self, one: Odd, _work: Work) -> None:
        self.counter.front.open_page(HANDOVER_PAGE, {"parcel": one.subject})


def _layer_of(scan: Scan) -> Layer | None:
    """Return the layer whose tag was scanned."""
    code = scan.code
    is_tag = isinstance(code, OwnCode) and code.kind == codes.SHELF
    return parse_layer(code.payload) if is_tag and isinstance(code, OwnCode) else None
