"""A township sorts (分拣): each scan falls into the bag of its village, and full bags are closed.

The county's announcement knows for which village a piece is. Else it goes to the village that
somebody chose by hand, and to the shelf of problems while nobody did: no piece follows the one
before it. A bag is closed with a tag of its own and waits for its van (`departures`); a full one
is asked about before it takes more. What lies in the bags outlives a power cut, and is no fact
before the van leaves.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from station_app.journal.projection import StateChange
from station_app.printing.document import grouped
from station_app.reference import records as reference
from station_app.reference.settings import BAG_PIECES
from station_app.services.parcels import load_records, records
from station_app.services.parcels.heaps import PROBLEM, ClosedBag, Heaps, Step
from station_app.services.parcels.manifest_records import TAG_ROLE, village_tag
from station_app.services.parcels.outfit import Outfit
from station_app.services.parcels.pages.shown import Shown
from station_app.services.parcels.pages.sorting_parts import BagGrid, BagTile, InHand, PieceInHand
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Paper
from station_app.shell.drafts import Draft
from station_app.shell.offers import Scan
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Icon, Row, Text
from station_app.shell.widgets.panels import EmptyState, Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import strong
from station_app.values.codes import BAG, OwnCode, identity_payload, make_code
from station_app.values.day import local_time
from station_app.values.spoken import heap_number

LAST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Said:
    """What is known of a number. village: code, as the county announced it."""

    village: str
    tail: str
    courier: str
    has_left: bool


class SortingPage(Page):
    """Sorts pieces to villages."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit, heaps: Heaps) -> None:
        """Make the page. heaps: shared with the page of departures."""
        super().__init__(counter, key)
        self._outfit = outfit
        self._shown = Shown(counter, outfit.gatherer)
        self.heaps = heaps
        self._work = load_records.ToSort({}, {}, (), (), 0, 0)
        self._couriers: dict[str, str] = {}
        self._full = 0
        self._current = self._last = self._by_hand = self._asked = ""
        self._is_choosing = False
        self._lay_out()

    def _lay_out(self) -> None:
        say = self.say
        self._empty = EmptyState(
            "grid", say("parcels.sorting.no_village"), say("parcels.sorting.no_village_small")
        )
        self._side = PieceInHand(self.counter)
        self.number = self._side.number
        self.number.count_changed.connect(lambda _count: self.touch_actions())
        self._last_panel = Panel(margins=(1, 10, 1, 4), spacing=0)
        title = strong(say("parcels.sorting.lately"))
        title.setContentsMargins(20, 0, 20, 4)
        columns = (
            Column("icon", 44), Column("waybill", 250), Column("village"), Column("bag", 110),
            Column("time", 76, "right"),
        )  # fmt: skip
        self.table = ListTable(columns, name=say("parcels.sorting.lately"), row_height=44)
        self._last_panel.body.addWidget(title)
        self._last_panel.body.addWidget(self.table, 1)
        self.grid = BagGrid(self.counter)
        self.grid.chosen.connect(self._chosen)
        self._wide = QVBoxLayout()
        self._wide.addWidget(self._side, 3)
        self._wide.addWidget(self._last_panel, 2)
        self._across = QHBoxLayout()
        self._across.addLayout(self._wide, 1)
        self._across.addWidget(self.grid)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._empty)
        outer.addLayout(self._across)

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("parcels.sorting.title")

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        say = self.say
        if not self._villages:
            return ()
        if self._is_choosing:
            return self._choosing_actions()
        made = []
        if self.heaps.steps:
            words = say("parcels.sorting.take_back")
            made.append(Action(words, "Ctrl+Z", self._take_back, icon="undo"))
        if self.heaps.place_of(self._last) not in ("", PROBLEM):
            words = say("parcels.sorting.put_aside")
            made.append(Action(words, "F10", self._put_aside, icon="warn"))
        made.append(Action(say("parcels.sorting.other_bag"), "F11", self._choose, icon="bag"))
        number, reason = self._place_of(self._current), ""
        words = say("parcels.sorting.close", number=number)
        if not number:
            words = say("parcels.sorting.close_none")
        if self._current == PROBLEM:
            reason = say("parcels.sorting.problem_pick")
        elif not self.heaps.pieces(self._current):
            reason = say("parcels.sorting.missing_scan" if number else "parcels.sorting.scan")
        close = Action(words, "Enter", self._close, kind="primary", is_enabled=not reason,
                       reason=reason)  # fmt: skip
        return (*made, close)

    def _choosing_actions(self) -> tuple[Action, ...]:
        village = self._numbered(self.number.count())
        name = self._villages.get(village, "")
        key = "move_into" if self.heaps.place_of(self._last) else "next_into"
        words = self.say(f"parcels.sorting.{key}", number=self.number.count() or "", village=name)
        move = Action(
            words if village else self.say("parcels.sorting.other_bag"),
            "Enter",
            lambda: self._move_into(village),
            kind="primary",
            is_enabled=bool(village),
            reason="" if village else self.say("parcels.sorting.no_such_bag"),
        )
        return (Action(self.say("parcels.sorting.leave_it"), "Esc", self._stop_choosing), move)

    def under_way(self) -> str:
        """Return how much lies in open bags."""
        count = self.heaps.count()
        return self.say("parcels.sorting.under_way", count=count) if count else ""

    def draft(self) -> Draft | None:
        """Return what lies in the bags."""
        return self.heaps.draft()

    def resume(self, draft: Draft) -> str:
        """Take the bags up where the power went."""
        self.heaps.resume(draft)
        self._load()
        bags = len(self.heaps.waiting(self._work.bags))
        count = self.heaps.count() + sum(len(b.pieces) for b in self.heaps.waiting(self._work.bags))
        return self.say("parcels.sorting.resumed", count=count, bags=bags) if count else ""

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Look at what is to be sorted."""
        self._load()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Look again after an act."""
        kinds = {change.kind.name for change in changes}
        if not changes or kinds & {"manifest", "bag", "station", "announcement"}:
            self._load()

    def left(self) -> None:
        """Ask for no bag behind another page; who comes back chooses a village anew."""
        self._by_hand = ""
        self._stop_choosing()

    def on_escape(self) -> bool:
        """Leave the question."""
        was, self._is_choosing = self._is_choosing, False
        self._stop_choosing()
        return was

    def on_scan(self, scan: Scan) -> bool:
        """Let a piece fall into its bag; a tag is of the bag that is closed next."""
        if not self._villages:
            return False
        self._stop_choosing()
        if isinstance(scan.code, OwnCode):
            if scan.code.kind != BAG:
                return False
            self._take_tag(scan.text)
            return True
        self._take(scan.text)
        return True

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        gap = theme.COMPACT.gap if is_compact else theme.FULL.gap
        self._across.setSpacing(gap)
        self._wide.setSpacing(gap)
        self.grid.set_compact(compact=is_compact)
        self.table.set_compact(compact=is_compact)

    def _take_tag(self, tag: str) -> None:
        """Take a tag for the bag that is closed next; one in use would hide another bag."""
        if tag in self._work.bags or any(bag.code == tag for bag in self.heaps.closed):
            self._warn(self.say("parcels.sorting.tag_in_use"))
            return
        self.heaps.tag = tag
        self.counter.sounds.play("ok")
        self._show()

    # --- Sorting ---------------------------------------------------------------------------------

    def _look_up(self, waybill: str) -> Said:
        now = self.counter.desk.now()

        def look(connection: Any) -> Said:
            said = records.announcement(connection, waybill, now.station)
            return Said(
                village=said.station if said else "",
                tail=said.tail if said else "",
                courier=self._outfit.gatherer.guess(connection, waybill, now).courier,
                has_left=waybill in self._work.left,
            )

        return self.counter.desk.read(look)

    def _take(self, waybill: str) -> None:
        said = self._look_up(waybill)
        closed = next(
            (b for b in self.heaps.waiting(self._work.bags) if waybill in dict(b.pieces)), None
        )
        if said.has_left:
            self._warn(self.say("parcels.refusal.LEFT_ALREADY", waybill=waybill))
            return
        if closed is not None:
            self._warn(self.say("parcels.sorting.in_closed", number=closed.number), "duplicate")
            return
        if said.village and said.village not in self._villages:
            is_own = said.village == self.counter.desk.now().station
            key = "own" if is_own else "elsewhere"
            self._warn(self.say(f"parcels.sorting.{key}", waybill=waybill))
            return
        former = self.heaps.place_of(waybill)
        village = said.village or self._by_hand or PROBLEM
        if former and not said.village and not self._by_hand:
            village = former
        if former != village and self._asks_first(village, waybill):
            return
        self._last = waybill
        if former == village:
            self.counter.sounds.play("duplicate")
        else:
            self._put(waybill, self._work.waiting.get(waybill, said.courier), village)
            is_known = waybill in self._work.waiting and village != PROBLEM
            self.counter.sounds.play("ok" if is_known else "warn")
        self._go_to(village)
        if village != PROBLEM:
            self.counter.voice.speak("place", heap_number(self._place_of(village)))

    def _put(self, waybill: str, courier: str, village: str) -> None:
        self.heaps.put(waybill, courier, village, self.counter.desk.now().at)
        self.touch_draft()

    def _asks_first(self, village: str, waybill: str) -> bool:
        """Tell whether a full bag is to be closed first; a second scan puts the piece into it."""
        asked, self._asked = self._asked, ""
        count = len(self.heaps.pieces(village))
        if village == PROBLEM or count < self._full or asked == waybill:
            return False
        self._asked = waybill
        self._go_to(village)
        number, name = self._place_of(village), self._villages[village]
        self._warn(self.say("parcels.sorting.full_first", number=number, village=name, count=count))
        return True

    def _go_to(self, village: str) -> None:
        """Show the bag into which a piece fell; whoever chose a village by hand did so before."""
        if village != self._by_hand:
            self._by_hand = ""
        self._current = village
        self._show()

    def _chosen(self, village: str) -> None:
        """A bag was pressed: the piece goes there if that was asked, else the next ones do."""
        if self._is_choosing and village in self._villages:
            self._move_into(village)
            return
        self._by_hand = village if village in self._villages else ""
        self._current = village
        self._show()

    def _choose(self) -> None:
        self._is_choosing = True
        self.number.set_count(None)
        self.number.show()
        self.number.setFocus()
        self.touch_actions()

    def _stop_choosing(self) -> None:
        self._is_choosing = False
        if self.number.isVisibleTo(self):
            self.number.hide()
            self.setFocus()
        self.touch_actions()

    def _numbered(self, number: int | None) -> str:
        codes = list(self._villages)
        return codes[number - 1] if number and 0 < number <= len(codes) else ""

    def _move_into(self, village: str) -> None:
        self._stop_choosing()
        former = self.heaps.place_of(self._last)
        self._by_hand = village
        if former and former != village:
            self._put(self._last, self.heaps.pieces(former)[self._last], village)
            self.counter.sounds.play("ok")
        self._go_to(village)

    def _put_aside(self) -> None:
        """Put the piece that was scanned last onto the shelf of problems: nobody knows whose."""
        former = self.heaps.place_of(self._last)
        self._put(self._last, self.heaps.pieces(former)[self._last], PROBLEM)
        self._go_to(PROBLEM)

    def _take_back(self) -> None:
        """Take the last step back: a piece out of its bag, or a bag opened again."""
        step = self.heaps.take_back(self._work.bags)
        self.touch_draft()
        self._last = ""
        if step is None:
            self.touch_actions()
            return
        key = "opened" if step.code else "taken_back"
        number = self._place_of(step.village) or PROBLEM
        words = self.say(f"parcels.sorting.{key}", number=number, waybill=step.waybill)
        self.counter.sounds.play("ok")
        self.counter.front.toast(Notice(words, "notice"))
        self._go_to(step.village)

    def _warn(self, words: str, sound: str = "warn") -> None:
        self.counter.sounds.play(sound)
        self.counter.front.toast(Notice(words, "warn"))

    # --- Closing a bag ---------------------------------------------------------------------------

    def _close(self) -> None:
        village, tag = self._current, self.heaps.tag
        said = hashlib.sha256(self.counter.tickets().encode()).hexdigest()
        now = self.counter.desk.now()
        bag = ClosedBag(
            village=village,
            number=self._place_of(village),
            code=tag or make_code(BAG, identity_payload(said)),
            pieces=tuple(self.heaps.pieces(village).items()),
            day=now.day,
        )
        self.heaps.close(bag, now.at)
        if not tag:
            texts = self.counter.texts
            label = self.counter.desk.read(lambda c: village_tag(c, bag, now.station, texts))
            self._outfit.put_up(Paper(TAG_ROLE, label))
        self._current = self._last = self._by_hand = ""
        self.counter.sounds.play("ok")
        key = "closed_tagged" if tag else "closed"
        words = self.say(f"parcels.sorting.{key}", number=bag.number, count=len(bag.pieces))
        self.counter.front.toast(Notice(words))
        self.keep_draft()
        self._load()

    # --- Showing ---------------------------------------------------------------------------------

    def _place_of(self, village: str) -> int:
        """Return the number of a village's bag: where it stands in the list, 0 for none."""
        codes = list(self._villages)
        return codes.index(village) + 1 if village in codes else 0

    def _load(self) -> None:
        """Read what acts and news change; what is scanned changes nothing of it."""
        now = self.counter.desk.now()

        def load(connection: Any) -> None:
            self._work = load_records.to_sort(connection, now)
            self._couriers = dict(self._shown.couriers(connection))
            full = reference.read_setting(connection, BAG_PIECES, now.station, now.day)
            self._full = int(full)

        self.counter.desk.read(load)
        self.heaps.forget(self._work.bags, now.day)
        is_township = bool(self._villages)
        for part in (self._side, self._last_panel, self.grid):
            part.setVisible(is_township)
        self._empty.setVisible(not is_township)
        self._show()

    @property
    def _villages(self) -> Mapping[str, str]:
        return self._work.villages

    def _show(self) -> None:
        heaps = self.heaps
        tiles = [self._tile(code, name) for code, name in self._villages.items()]
        if aside := heaps.pieces(PROBLEM):
            small = self.say("parcels.sorting.count", count=len(aside))
            tiles.append(BagTile(PROBLEM, PROBLEM, self.say("parcels.sorting.problem"), small))
        self.grid.show_bags(tiles, self._current)
        closed = sum(len(bag.pieces) for bag in heaps.waiting(self._work.bags))
        sorted_here = closed + heaps.count() - len(aside)
        self.grid.show_figures(self._work.today + sorted_here, self._work.said)
        self._show_side()
        steps = [one for one in reversed(heaps.steps) if one.waybill][:LAST_SHOWN]
        self.table.show_rows([self._row(step, place) for place, step in enumerate(steps)])
        self.touch_actions()

    def _tile(self, code: str, name: str) -> BagTile:
        count = len(self.heaps.pieces(code))
        is_full = count >= self._full
        closed = sum(one.village == code for one in self.heaps.waiting(self._work.bags))
        small = self.say("parcels.sorting.count", count=count)
        if closed:
            key = "count_closed" if count else "closed_only"
            small = self.say(f"parcels.sorting.{key}", count=count, closed=closed)
        if is_full:
            small = self.say("parcels.sorting.full")
        shown = self._short(name).removesuffix(self.say("parcels.sorting.village_suffix"))
        return BagTile(code, str(self._place_of(code)), shown, small, is_full=is_full)

    def _short(self, name: str) -> str:
        return name.removesuffix(self.say("parcels.sorting.station_suffix"))

    def _show_side(self) -> None:
        village, last = self._current, self._last
        is_problem = village == PROBLEM
        said = self._look_up(last) if last else None
        name = self._short(self._villages.get(village, ""))
        courier = self._work.waiting.get(last, said.courier) if said else ""
        self._side.show_piece(
            InHand(
                name=self.say("parcels.sorting.problem") if is_problem else name,
                number=PROBLEM if is_problem else str(self._place_of(village) or ""),
                small=self._small(village, said),
                count=len(self.heaps.pieces(village)),
                waybill=last,
                courier=self._couriers.get(courier, courier),
                is_announced=bool(said and said.village),
                tag=self.heaps.tag,
            )
        )

    def _small(self, village: str, said: Said | None) -> str:
        if village == PROBLEM:
            return self.say("parcels.sorting.problem_how")
        tail = self.say("parcels.label.tail", tail=said.tail) if said and said.tail else ""
        by_hand = self.say("parcels.sorting.by_hand") if village == self._by_hand else ""
        return "·".join(part for part in (village, tail, by_hand) if part)

    def _row(self, step: Step, place: int) -> Row:
        say = self.say
        icon, village = Icon("ok"), self._short(self._villages.get(step.village, ""))
        bag = say("parcels.sorting.bag", number=self._place_of(step.village))
        if step.village == PROBLEM:
            icon = Icon("warn", say("parcels.sorting.unclear"), "warn")
            village, bag = say("parcels.sorting.unclear"), say("parcels.sorting.problem")
        cells = (icon, Text(grouped(step.waybill)), Text(village, bold=True), Text(bag),
                 Text(local_time(step.at), theme.HINT, ink="ink2"))  # fmt: skip
        return Row(str(place), cells)
