"""A township sorts (分到村): each scan falls onto the heap of its village, and each heap leaves.

The county's announcement knows for which village a piece is. Else it goes to the village that
somebody chose by hand, and to the shelf of problems while nobody did: no piece follows the one
before it. A heap leaves in a closed bag, with a list and a tag of its own; a full one is asked
about before it takes more. What lies on a heap outlives a power cut, and is no fact before Enter.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout

from station_app.journal.projection import StateChange
from station_app.reference import records as reference
from station_app.reference.settings import BAG_PIECES
from station_app.services.parcels import load_records, records
from station_app.services.parcels.commands import SendToVillage
from station_app.services.parcels.load_facts import VillageLoadLeft
from station_app.services.parcels.loading import NAME_MAX, SEAL_MAX
from station_app.services.parcels.meanings import MANIFEST_PAGE, STUBS_PAGE, VILLAGES_PAGE
from station_app.services.parcels.outfit import Outfit
from station_app.services.parcels.pages.shown import Shown
from station_app.services.parcels.pages.two_columns import TwoColumns
from station_app.services.pictures.commands import OWN_SIGNATURE, SIGNATURE, KeepPicture
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.offers import Scan, Tone
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Pill, Row, Text
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.panels import EmptyState, Panel, Places
from station_app.shell.widgets.signing import AttachedSignatures, Signer
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint
from station_app.values.codes import BAG, OwnCode
from station_app.values.spoken import heap_number

SIGN_KEY = "F10"
LAST_SHOWN = 4  # more would not fit into a low window
NUMBER_SIZE = 112  # px
NAME_SIZES = ((5, 96), (8, 72), (99, theme.TOTAL_LARGE))  # characters at most, px
PROBLEM = "?"  # the shelf of pieces of which nobody knows the village, among the heaps


class SortingPage(Page):
    """Sorts pieces to villages."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page with empty heaps."""
        super().__init__(counter, key)
        self._outfit = outfit
        self._shown = Shown(counter, outfit.gatherer)
        self.heaps: dict[str, dict[str, str]] = {}
        self._tag = ""
        self._villages: dict[str, str] = {}
        self._waiting: dict[str, str] = {}
        self._gone: dict[str, int] = {}
        self._last = ""
        self._full = 0
        self._by_hand = ""
        self._asked = ""
        self._is_moving = False
        self.signing = AttachedSignatures(self, outfit.photos, SIGN_KEY, self._turned)
        self._lay_out()

    def _lay_out(self) -> None:
        say = self.say
        empty = EmptyState(
            "split", say("parcels.sorting.no_village"), say("parcels.sorting.no_village_small")
        )
        self._panel = Panel(margins=(1, 12, 1, 4), spacing=0)
        self._total = Words("", theme.STRONG, bold=True)
        self._total.setContentsMargins(20, 0, 20, 6)
        columns = (Column("village"), Column("heap", 150, "right"))
        self.table = ListTable(columns, name=say("parcels.sorting.title"), row_height=52)
        self.table.current_changed.connect(self._moved)
        self.table.clicked.connect(lambda _at: self._moved(self.table.current()))
        self._panel.body.addWidget(self._total)
        self._panel.body.addWidget(self.table, 1)
        self._side = Panel("active", margins=(22, 14, 22, 12), spacing=8)
        self._number = Words("", NUMBER_SIZE, bold=True)
        self._title = Words("", NAME_SIZES[0][1], bold=True, wrap=True)
        goes_to = QHBoxLayout()
        goes_to.setSpacing(28)
        goes_to.addWidget(self._number)
        goes_to.addWidget(self._title, 1)
        self._side.body.addLayout(goes_to)
        self._small = Words("", theme.BODY, ink="ink2", wrap=True)
        self._pieces = Words("", theme.BODY, wrap=True)
        texts = self.counter.texts
        self.driver = TextField(texts, say("parcels.sorting.driver"), limit=NAME_MAX, chinese=True)
        self.seal = TextField(texts, say("parcels.manifest.seal"), limit=SEAL_MAX)
        self._both = hint(say("parcels.sorting.both_sign"), wrap=True)
        self._side.body.addWidget(self._small)
        fields = QHBoxLayout()
        fields.setSpacing(16)
        for part in (self.driver, self.seal):
            fields.addWidget(part, 1)
        self._side.body.addLayout(fields)
        self._side.body.addWidget(self._both)
        self._side.body.addWidget(self._pieces)
        self._side.body.addStretch(1)
        self._left = Places()
        for place in (self._side, self.signing.panel):
            if place is not None:
                self._left.addWidget(place)
        self._columns = TwoColumns(self, empty, self._left, self._panel)

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("parcels.sorting.title")

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        if self.signing.is_open:
            return self.signing.actions(self._signers)
        say = self.say
        bags = Action(say("parcels.tab.manifest"), "F11", self._to_bags, icon="bag")
        stubs = Action(say("parcels.stubs.title"), "Ctrl+L", self._to_stubs, icon="list")
        if not self._villages:
            return (bags, stubs)
        made = [bags, Action(say("parcels.villages.title"), "Ctrl+L", self._to_villages)]
        heap, is_problem = self._heap(), self._village == PROBLEM
        if heap:
            made.append(Action(say("parcels.sorting.take_off"), "Ctrl+D", self._take_off))
        if heap and not is_problem:
            made.append(Action(say("parcels.sorting.put_aside"), "Ctrl+T", self._put_aside))
        reason = "" if heap else say("parcels.sorting.missing_scan")
        name = self._villages.get(self._village, "")
        words = say("parcels.sorting.send", village=name, count=len(heap))
        if is_problem:
            words, reason = say("parcels.sorting.problem"), say("parcels.sorting.problem_pick")
        send = Action(words, "Enter", self._send, kind="primary", is_enabled=not reason,
                      reason=reason)  # fmt: skip
        return (*made, *self.signing.actions(self._signers), send)

    def under_way(self) -> str:
        """Return how much lies on heaps."""
        count = sum(len(heap) for heap in self.heaps.values())
        return self.say("parcels.sorting.under_way", count=count) if count else ""

    def draft(self) -> Draft | None:
        """Return what lies on the heaps."""
        heaps = {code: [list(pair) for pair in heap.items()] for code, heap in self.heaps.items()}
        return {"heaps": heaps, "tag": self._tag} if any(heaps.values()) else None

    def resume(self, draft: Draft) -> str:
        """Take the heaps up where the power went."""
        self.heaps = {
            str(code): {str(waybill): str(courier) for waybill, courier in pairs}
            for code, pairs in draft["heaps"].items()
        }
        self._tag = str(draft["tag"])
        self._load()
        count = sum(len(heap) for heap in self.heaps.values())
        return self.say("parcels.sorting.resumed", count=count)

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
        """Nobody signs behind another page."""
        self.signing.leave()

    def on_escape(self) -> bool:
        """Leave the signature."""
        if not self.signing.is_open:
            return False
        self.signing.pass_on()
        return True

    def on_scan(self, scan: Scan) -> bool:
        """Let a piece fall onto its heap; a tag is of the bag in which the current heap leaves."""
        if not self._villages:
            return False
        if isinstance(scan.code, OwnCode):
            if scan.code.kind != BAG:
                return False
            self._tag = scan.text
            self.counter.sounds.play("ok")
            self._show_side()
            return True
        self._take(scan.text)
        return True

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._columns.set_compact(is_compact=is_compact)
        self.table.set_compact(compact=is_compact)

    # --- Sorting ---------------------------------------------------------------------------------

    def _take(self, waybill: str) -> None:
        now = self.counter.desk.now()

        def look(connection: Any) -> tuple[str, str, bool]:
            said = records.announcement(connection, waybill, now.station)
            guess = self._outfit.gatherer.guess(connection, waybill, now)
            has_left = waybill in load_records.left_already(connection, now.day)
            return (said.station if said else ""), guess.courier, has_left

        announced, guessed, has_left = self.counter.desk.read(look)
        if has_left:
            self._warn(self.say("parcels.refusal.LEFT_ALREADY", waybill=waybill))
            return
        village = announced if announced in self._villages else self._by_hand or PROBLEM
        if announced and announced not in self._villages:
            self._warn(self.say("parcels.sorting.elsewhere", waybill=waybill))
            return
        former = next((code for code, heap in self.heaps.items() if waybill in heap), "")
        if former and not announced and not self._by_hand:
            village = former
        if former != village and self._asks_first(village, waybill):
            return
        if former == village:
            self.counter.sounds.play("duplicate")
        else:
            self.heaps.get(former, {}).pop(waybill, None)
            courier = self._waiting.get(waybill, guessed)
            self.heaps.setdefault(village, {})[waybill] = courier
            is_known = waybill in self._waiting and village != PROBLEM
            self.counter.sounds.play("ok" if is_known else "warn")
        self._last = waybill
        self._load()
        self._go_to(village)
        if village != PROBLEM:
            self.counter.voice.speak("place", heap_number(self._place_of(village)))
        self.touch_draft()

    def _asks_first(self, village: str, waybill: str) -> bool:
        """Tell whether a full heap is to be closed first; a second scan puts the piece on it."""
        asked, self._asked = self._asked, ""
        count = len(self.heaps.get(village, {}))
        if village == PROBLEM or count < self._full or asked == waybill:
            return False
        self._asked = waybill
        self._go_to(village)
        name = self._villages[village]
        self._warn(self.say("parcels.sorting.full_first", village=name, count=count))
        return True

    def _go_to(self, village: str) -> None:
        """Show the heap on which a piece fell; whoever chose a village by hand did so before."""
        if village != self._by_hand:
            self._by_hand = ""
        self._is_moving = True
        self.table.choose(village)
        self._is_moving = False

    def _moved(self, village: str) -> None:
        if not self._is_moving:
            self._by_hand = village if village in self._villages else ""
        self._show_side()

    def _put_aside(self) -> None:
        """Put the piece that was scanned last onto the shelf of problems: nobody knows whose."""
        heap = self._heap()
        waybill = self._last if self._last in heap else next(reversed(heap))
        self.heaps.setdefault(PROBLEM, {})[waybill] = heap.pop(waybill)
        self._load()
        self._go_to(PROBLEM)
        self.touch_draft()

    def _warn(self, words: str) -> None:
        self.counter.sounds.play("warn")
        self.counter.front.toast(Notice(words, "warn"))

    def _take_off(self) -> None:
        """Take the piece that was scanned last off the current heap."""
        heap = self._heap()
        if heap:
            heap.pop(self._last if self._last in heap else next(reversed(heap)))
            self._load()
            self.touch_draft()

    # --- Showing ---------------------------------------------------------------------------------

    def _place_of(self, village: str) -> int:
        """Return the number of a heap: where its village stands in the list."""
        return list(self._villages).index(village) + 1

    @property
    def _village(self) -> str:
        return self.table.current()

    def _heap(self) -> dict[str, str]:
        return self.heaps.get(self._village, {})

    def _load(self) -> None:
        now = self.counter.desk.now()

        def load(connection: Any) -> None:
            self._villages = load_records.villages_of(connection, now.station)
            self._waiting = dict(load_records.unsorted(connection, now.day))
            self._gone = load_records.loads_of_day(connection, now.day)
            self._full = int(reference.read_setting(connection, BAG_PIECES, now.station))

        self.counter.desk.read(load)
        is_township = bool(self._villages)
        self._columns.show_rows(has_rows=is_township)
        on_heaps = {waybill for heap in self.heaps.values() for waybill in heap}
        rest = sum(waybill not in on_heaps for waybill in self._waiting)
        gone = sum(self._gone.values())
        words = self.say("parcels.sorting.total", rest=rest, heaps=len(on_heaps), gone=gone)
        self._total.setText(words)
        rows = [self._row(code, name) for code, name in self._villages.items()]
        self._is_moving = True
        self.table.show_rows([*rows, self._problem_row()])
        if not self.table.current() and self._villages:
            self.table.choose(next(iter(self._villages)))
        self._is_moving = False
        self._show_side()

    def _problem_row(self) -> Row:
        count = len(self.heaps.get(PROBLEM, {}))
        pill = Pill(self.say("parcels.sorting.heap", count=count), "warn") if count else None
        small = self.say("parcels.sorting.problem_small") if count else ""
        words = self.say("parcels.sorting.problem")
        return Row(PROBLEM, (Text(words, theme.STRONG, bold=True, small=small), pill))

    def _row(self, code: str, name: str) -> Row:
        count, gone = len(self.heaps.get(code, {})), self._gone.get(code, 0)
        is_full = count >= self._full
        key = "heap_full" if is_full else "heap"
        tone: Tone = "warn" if is_full else "notice"
        pill = Pill(self.say(f"parcels.sorting.{key}", count=count), tone) if count else None
        left = self.say("parcels.sorting.gone", count=gone) if gone else ""
        words = self.say("parcels.sorting.numbered", number=self._place_of(code), village=name)
        return Row(code, (Text(words, theme.STRONG, bold=True, small=left), pill))

    def _show_side(self) -> None:
        heap = self._heap()
        is_chosen, is_problem = self._village in self._villages, self._village == PROBLEM
        self._number.setText(
            PROBLEM if is_problem else str(self._place_of(self._village)) if is_chosen else ""
        )
        problem = self.say("parcels.sorting.problem") if is_problem else ""
        self._show_name(self._villages.get(self._village, problem))
        tag = self.say("parcels.sorting.tag", tag=self._tag) if self._tag and is_chosen else ""
        key = "problem_how" if is_problem else "on_heap"
        small = self.say(f"parcels.sorting.{key}", count=len(heap))
        for part in (self.driver, self.seal, self._both):
            part.setVisible(is_chosen)
        self._small.setText(f"{small}\n{tag}".strip())
        couriers = self.counter.desk.read(self._shown.couriers)
        last = list(heap.items())[-LAST_SHOWN:]
        self._pieces.setText("\n".join(f"{couriers.get(c, c)}  {w}" for w, c in reversed(last)))
        self.touch_actions()

    def _show_name(self, name: str) -> None:
        """Show a village as large as its name allows: it is read from where the bags hang."""
        shown = name.removesuffix(self.say("parcels.sorting.station_suffix"))
        size = next(size for most, size in NAME_SIZES if len(shown) <= most)
        self._title.setFont(theme.font(size, bold=True))
        self._title.setText(shown)

    def _turned(self) -> None:
        self._left.setCurrentWidget(self.signing.panel if self.signing.is_open else self._side)
        self.touch_actions()

    def _signers(self) -> list[Signer]:
        other = self.driver.text() or self.say("parcels.manifest.other_village_driver")
        own = self.say("parcels.manifest.on_duty")
        return [Signer(SIGNATURE, other), Signer(OWN_SIGNATURE, own)]

    def _to_bags(self) -> None:
        self.counter.front.open_page(MANIFEST_PAGE, {})

    def _to_villages(self) -> None:
        self.counter.front.open_page(VILLAGES_PAGE, {})

    def _to_stubs(self) -> None:
        self.counter.front.open_page(STUBS_PAGE, {})

    # --- The act ---------------------------------------------------------------------------------

    def _send(self) -> None:
        village, heap = self._village, self._heap()
        name, count = self._villages[village], len(heap)
        command = SendToVillage(
            station=village,
            code=self._tag,
            seal=self.seal.text(),
            pieces=tuple(heap.items()),
            driver=self.driver.text(),
        )
        signed = [
            KeepPicture(VillageLoadLeft.KIND, (picture,), purpose)
            for purpose, picture in self.signing.taken.items()
        ]

        def done(outcome: Done) -> None:
            self.heaps.pop(village, None)
            self._tag = ""
            self.seal.set_text("")
            self.signing.forget()
            words: Mapping[str, object] = {"village": name, "count": count}
            self.tell_done(self.say("parcels.sorting.sent", **words), outcome)
            self.keep_draft()
            self._load()

        self.perform(command, *signed, done=done)
