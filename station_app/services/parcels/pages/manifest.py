"""Manifests (交接单): a bag is scanned, then its pieces against it; both sides sign.

idle: bags that wait, and what may be begun; tag: a bag nobody announced asks how many its tag
says; counting: pieces are scanned, loose ones that stand on a shelf already are on the list from
the first; leaving: what goes back to the couriers; van: all that the van takes along on its way
back. What was scanned is
kept over a power cut; nothing of it is recorded before Enter. They sign on the screen or on the
paper; a broken seal is said in words, with a photo.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.journal.projection import StateChange
from station_app.services.parcels import bag_records
from station_app.services.parcels.bag_records import BagHere
from station_app.services.parcels.commands import CloseManifest, LoadVan, ReceiveBag
from station_app.services.parcels.facts import ListedPiece, ManifestClosed
from station_app.services.parcels.lists import load_words
from station_app.services.parcels.load_facts import LoadedBag, VanLoaded
from station_app.services.parcels.load_records import LoadDesk, villages_of
from station_app.services.parcels.manifests import PIECES_MAX, compare
from station_app.services.parcels.meanings import BAG_TAG, GONE, NEW, ON_HAND, STUBS_PAGE
from station_app.services.parcels.outfit import Outfit
from station_app.services.parcels.pages.manifest_parts import (
    Figures,
    PieceList,
    SidePanel,
    as_scanned,
)
from station_app.services.parcels.pages.shown import Shown
from station_app.services.parcels.records import parcel_row
from station_app.services.pictures.commands import OWN_SIGNATURE, SIGNATURE, KeepPicture
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.offers import Scan
from station_app.shell.page import Action, Page
from station_app.shell.widgets.panels import Places
from station_app.shell.widgets.photographing import KEY as PHOTO_KEY
from station_app.shell.widgets.photographing import AttachedPhoto
from station_app.shell.widgets.signing import AttachedSignatures, Signer
from station_app.values.goods_out import GoodsOut

OF_A_PARCEL = ("pattern", "announced", "remembered")  # how a number is known for a courier's
SIGN_KEY, SEAL_KEY = "F10", "Ctrl+E"


@dataclass(frozen=True, slots=True)
class Work:
    """What is in hand. mode: see above; bag: identity; code: of a bag that is not received yet.

    seen: courier by waybill, in the order of the scans; without: empty bags that stay here.
    """

    mode: str = "idle"
    bag: str = ""
    code: str = ""
    seen: dict[str, str] = field(default_factory=dict)
    without: frozenset[str] = frozenset()


class ManifestPage(Page):
    """Counts what changes hands."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page with nothing in hand."""
        super().__init__(counter, key)
        self._outfit = outfit
        self._shown = Shown(counter, outfit.gatherer)
        self.work = Work()
        self._bag: BagHere | None = None
        self._pieces: tuple[ListedPiece, ...] = ()
        self._announced: Sequence[ListedPiece] = ()
        self._goods: tuple[GoodsOut, ...] = ()
        self._bags: tuple[LoadedBag, ...] = ()
        self._loads = LoadDesk(outfit.gatherer)
        self.photo = AttachedPhoto(self, outfit.photos, PHOTO_KEY, self._turned)
        self.signing = AttachedSignatures(self, outfit.photos, SIGN_KEY, self._turned)
        self._lay_out()
        self._load()

    def _lay_out(self) -> None:
        self.figures = Figures(self.counter)
        self.list = PieceList(self.counter)
        self.list.table.opened.connect(self._open_bag)
        self.list.table.current_changed.connect(lambda _row: self.touch_actions())
        self.side = SidePanel(self.counter)
        for field_ in (self.side.pieces, self.side.seal):
            field_.changed.connect(lambda _text: self.touch_actions())
        counted = QWidget()
        left = QVBoxLayout(counted)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(12)
        left.addWidget(self.figures)
        left.addWidget(self.list, 1)
        self._counted, self._left = counted, Places()
        for place in (counted, self.signing.panel, self.photo.panel):
            if place is not None:
                self._left.addWidget(place)
        self._columns = QHBoxLayout(self)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(theme.FULL.gap)
        self._columns.addWidget(self._left, 1)
        self._columns.addWidget(self.side)

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("parcels.tab.manifest")

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        if self.photo.is_open:
            return self.photo.actions()
        if self.signing.is_open:
            return self.signing.actions(self._signers)
        say, mode = self.say, self.work.mode
        if mode == "idle":
            loose = Action(say("parcels.manifest.begin_loose"), "F10", self._begin_loose)
            back = Action(say("parcels.manifest.begin_returns"), "F11", self._begin_returns)
            van = Action(say("parcels.manifest.begin_van"), "Ctrl+B", self._begin_van)
            stubs = Action(say("parcels.stubs.title"), "Ctrl+L", self._open_stubs, icon="list")
            # A township's rail leads to the way back and to the lists; couriers are the hub's.
            begun = (loose,) if self._is_township else (loose, back, van, stubs)
            if not self.list.table.current():
                return begun
            words, current = say("parcels.manifest.count_this"), self.list.table.current()
            count = Action(words, "Enter", lambda: self._open_bag(current), kind="primary")
            return (*begun, count)
        leave = Action(say("parcels.manifest.leave"), "Esc", self._put_down)
        if mode == "tag":
            is_ready = bool(self.side.pieces.count())
            receive = Action(
                say("parcels.manifest.receive"),
                "Enter",
                self._receive,
                kind="primary",
                is_enabled=is_ready,
                reason="" if is_ready else say("parcels.manifest.missing_tag"),
            )
            return (leave, receive)
        is_empty = not self._pieces and not self._goods and not self._bags
        missing = f"missing_{'scan' if mode == 'counting' else 'load'}" if is_empty else ""
        if self._is_seal_broken and not self.side.seal.text():
            missing = missing or "seal_missing"
        close = Action(
            self._primary(),
            "Enter",
            self._close,
            kind="primary",
            is_enabled=not missing,
            reason=say(f"parcels.manifest.{missing}") if missing else "",
        )
        return (
            leave,
            *self._bag_actions(),
            *self._seal_actions(),
            *self.signing.actions(self._signers),
            close,
        )

    @property
    def _is_seal_broken(self) -> bool:
        return not self.side.seal.isHidden()

    def _bag_actions(self) -> list[Action]:
        """Return what keeps the empty bag on which the cursor stands here."""
        if not any(one.bag == self.list.table.current() for one in self._bags):
            return []
        return [Action(self.say("parcels.manifest.keep_bag"), "Ctrl+D", self._keep_bag)]

    def _keep_bag(self) -> None:
        without = self.work.without | {self.list.table.current()}
        self.work = replace(self.work, without=without)
        self._load()

    def _seal_actions(self) -> list[Action]:
        """Return what can be said of the seal of the bag in hand."""
        if not self.work.bag:
            return []
        key = "seal_whole" if self._is_seal_broken else "seal_broken"
        turn = Action(self.say(f"parcels.manifest.{key}"), SEAL_KEY, self._turn_seal)
        return [turn, *(self.photo.actions() if self._is_seal_broken else ())]

    def _primary(self) -> str:
        count = {s: sum(p.state == s for p in self._pieces) for s in ("missing", "extra", "seen")}
        if self.work.mode == "leaving":
            return self.say("parcels.manifest.primary_returns", count=len(self._pieces))
        if self.work.mode == "van":
            packages = sum(one.packages for one in self._goods)
            load = load_words(len(self._pieces), packages, len(self._bags), self.counter.texts)
            return self.say("parcels.manifest.primary_van", load=load)
        if self._bag is not None and self._bag.announced is None:
            fewer = self._bag.state.pieces - len(self.work.seen)
            count = {"missing": max(fewer, 0), "extra": max(-fewer, 0), "seen": 0}
        is_even = not (count["missing"] or count["extra"])
        is_even = is_even or (self._bag is None and not self._announced)
        key = "primary_even" if is_even else "primary_odd"
        return self.say(f"parcels.manifest.{key}", **count)

    def under_way(self) -> str:
        """Return which bag is half counted."""
        if self.work.mode != "counting" or not self.work.seen:
            return ""
        return self.say("parcels.manifest.under_way", count=len(self.work.seen))

    def draft(self) -> Draft | None:
        """Return what was scanned so far."""
        work = self.work
        if work.mode != "counting":
            return None
        seal = self.side.seal.text() if self._is_seal_broken else ""
        return {"bag": work.bag, "seen": [list(pair) for pair in work.seen.items()], "seal": seal}

    def resume(self, draft: Draft) -> str:
        """Take the count up where the power went."""
        seen = {str(waybill): str(courier) for waybill, courier in draft["seen"]}
        self.work = Work("counting", bag=draft["bag"], seen=seen)
        self.side.seal.set_text(draft.get("seal", ""))
        self.side.seal.setVisible(bool(self.side.seal.text()))
        self._load()
        return self.say("parcels.manifest.resumed", count=len(seen))

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Look at the bags as they are now."""
        self._load()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Look again after an act."""
        kinds = {change.kind.name for change in changes}
        if not changes or kinds & {"bag", "announced_bag", "manifest", "parcel"}:
            self._load()

    def on_scan(self, scan: Scan) -> bool:
        """Take a bag's tag while nothing is in hand, a piece while a list is counted."""
        kind = scan.meaning.kind if scan.meaning else ""
        if self.work.mode == "counting":
            return self._another_tag(scan.text) if kind == BAG_TAG else self._take_piece(scan)
        if self.work.mode != "idle" or kind in (ON_HAND, GONE):
            return False
        if kind == NEW and not self._is_tag(scan.text):
            self._begin_loose()
            return self._take_piece(scan)
        self._take_tag(scan.text)
        return True

    def _another_tag(self, code: str) -> bool:
        """Say that one bag is counted at a time; its own tag once more means nothing."""
        if self._bag is not None and self._bag.state.code == code:
            self.counter.sounds.play("duplicate")
            return True
        self.counter.sounds.play("warn")
        self.counter.front.toast(Notice(self.say("parcels.manifest.one_bag"), "warn"))
        return True

    def _is_tag(self, text: str) -> bool:
        """Tell whether this is no courier's number for sure, or a bag that is known."""

        def look(connection: Any) -> bool:
            now = self.counter.desk.now()
            if bag_records.is_tag(connection, text):
                return True
            return self._outfit.gatherer.guess(connection, text, now).how not in OF_A_PARCEL

        return self.counter.desk.read(look)

    def left(self) -> None:
        """Nobody signs or is photographed behind another page."""
        self.photo.leave()
        self.signing.leave()

    def on_escape(self) -> bool:
        """Put down what is in hand; a bag that was received stays here, closed."""
        if self.photo.is_open or self.signing.is_open:
            self.photo.leave()
            self.signing.pass_on()
            return True
        if self.work.mode == "idle":
            return False
        self._put_down()
        return True

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._columns.setSpacing(theme.COMPACT.gap if is_compact else theme.FULL.gap)
        self.side.set_compact(compact=is_compact)
        self.list.table.set_compact(compact=is_compact)

    # --- Showing ---------------------------------------------------------------------------------

    def _load(self) -> None:
        work, today = self.work, self.counter.desk.now().day

        def load(connection: Any) -> None:
            self._bag = bag_records.bag_of(connection, work.bag) if work.bag else None
            couriers = self._shown.couriers(connection)
            self._pieces, self._goods, self._bags = (), (), ()
            if work.mode == "counting":
                self._announced = self._said_to_come(connection)
                self._pieces = compare(self._announced, work.seen)
            elif work.mode == "leaving":
                self._pieces = tuple(bag_records.leaving(connection, "", today))
            elif work.mode == "van":
                self._goods = self._loads.goods(connection, today)
                bags = self._loads.bags(connection, today)
                self._bags = tuple(one for one in bags if one.bag not in work.without)
                self._pieces = tuple(
                    ListedPiece(courier=one.courier, waybill=one.waybill, state="seen")
                    for one in self._loads.pieces(connection, today)
                )
            if work.mode in ("idle", "tag"):
                self.list.show_bags(bag_records.unopened(connection))
            else:
                whose = self._shown.waited_for(connection, self._pieces)
                is_bare = work.mode == "counting" and not self._announced
                shown = as_scanned(self._pieces) if is_bare else self._pieces
                self.list.show_pieces(shown, couriers, self._goods, self._bags, whose)

        self.counter.desk.read(load)
        self._show()

    def _said_to_come(self, connection: Any) -> Sequence[ListedPiece]:
        """Return what is in the bag in hand, or of this round's couriers was announced loose."""
        if self._bag is not None:
            return self._bag.announced.pieces if self._bag.announced else ()
        now = self.counter.desk.now()
        return bag_records.expected_loose(connection, self.work.seen, now)

    def _show(self) -> None:
        work, bag = self.work, self._bag
        self.figures.setVisible(work.mode == "counting")
        states = [piece.state for piece in self._pieces]
        fewer = bag.state.pieces - len(work.seen) if bag else 0
        is_listed = bool(self._announced) if work.mode == "counting" else False
        self.figures.show_figures(
            {
                "announced": str(bag.state.pieces if bag else len(self._announced) or "—"),
                "seen": str(len(work.seen) if not is_listed else states.count("seen")),
                "missing": str(states.count("missing") if is_listed else max(fewer, 0)),
                "extra": str(
                    states.count("extra") if is_listed else max(-fewer, 0) if bag else "—"
                ),
            }
        )
        title = bag.state.code if bag else work.code or self.say(f"parcels.manifest.at_{work.mode}")
        key = "loose" if is_listed and not bag else "listed" if is_listed else work.mode
        key = "idle_there" if key == "idle" and self._is_township else key
        self.side.show_side(
            title,
            self.say(f"parcels.manifest.about_{key}"),
            asks_pieces=work.mode == "tag",
            asks_other=work.mode in ("counting", "leaving", "van"),
        )
        self.list.table.set_owns_enter(owns=False)
        self.touch_actions()

    # --- Seal and signatures ---------------------------------------------------------------------

    def _turned(self) -> None:
        place = self.signing.panel if self.signing.is_open else self._counted
        self._left.setCurrentWidget((self.photo.is_open and self.photo.panel) or place)
        self.touch_actions()

    def _turn_seal(self) -> None:
        self.side.seal.setVisible(not self._is_seal_broken)
        self.side.seal.set_text("")
        self.photo.forget()
        (self.side.seal if self._is_seal_broken else self).setFocus()
        self.touch_actions()

    def _signers(self) -> list[Signer]:
        """Return who signs: whoever brought it or takes it along, then whoever is on duty."""
        direction = "in" if self.work.mode == "counting" else "returns"
        other = self.side.other.text() or self.say(f"parcels.manifest.other_{direction}")
        own = self.say("parcels.manifest.on_duty")
        return [Signer(SIGNATURE, other), Signer(OWN_SIGNATURE, own)]

    # --- Bags ------------------------------------------------------------------------------------

    def _take_tag(self, code: str) -> None:
        """Take a bag by its tag: one that waits is counted, one on its way received."""
        waiting = self.counter.desk.read(bag_records.unopened)
        found = next((one for one in waiting if one.state.code == code), None)
        if found is not None:
            self._begin(Work("counting", bag=found.identity))
            return
        announced = self.counter.desk.read(lambda c: bag_records.announced_bag(c, code))
        if announced is not None:
            self._ask_to_receive(ReceiveBag(code=code))
            return
        self._begin(Work("tag", code=code))
        self.side.pieces.setFocus()

    def _receive(self) -> None:
        count = self.side.pieces.count()
        if count:
            self._ask_to_receive(ReceiveBag(code=self.work.code, pieces=count))

    def _ask_to_receive(self, command: ReceiveBag) -> None:
        def done(outcome: Done) -> None:
            self.tell_done(self.say("parcels.manifest.received", code=command.code), outcome)
            self._begin(Work("counting", bag=outcome.told[0].subject))

        self.perform(command, done=done)

    def _open_bag(self, identity: str) -> None:
        if self.work.mode == "idle" and identity:
            self._begin(Work("counting", bag=identity))

    def _begin_loose(self) -> None:
        """Begin the list of a round without a bag, with what was shelved of it already."""
        today = self.counter.desk.now().day
        seen = self.counter.desk.read(lambda c: bag_records.arrived(c, today))
        self._begin(Work("counting", seen=dict(list(seen.items())[:PIECES_MAX])))

    def _begin_returns(self) -> None:
        self._begin(Work("leaving"))

    def _begin_van(self) -> None:
        self._begin(Work("van"))

    @property
    def _is_township(self) -> bool:
        station = self.counter.desk.now().station
        return bool(self.counter.desk.read(lambda c: villages_of(c, station)))

    def _open_stubs(self) -> None:
        self.counter.front.open_page(STUBS_PAGE, {})

    def _begin(self, work: Work) -> None:
        self.work = work
        self.side.clear()
        self.photo.forget()
        self.signing.forget()
        self._load()
        self.touch_draft()
        self.setFocus()

    def _put_down(self) -> None:
        self._begin(Work())
        self.keep_draft()

    # --- Pieces ----------------------------------------------------------------------------------

    def _take_piece(self, scan: Scan) -> bool:
        meaning = scan.meaning
        if meaning is None or meaning.kind not in (ON_HAND, GONE, NEW):
            return False
        if meaning.kind == NEW:
            now = self.counter.desk.now()
            gatherer = self._outfit.gatherer
            guess = self.counter.desk.read(lambda c: gatherer.guess(c, scan.text, now))
            waybill, courier = scan.text, guess.courier
        else:
            row = self.counter.desk.read(lambda c: parcel_row(c, meaning.entity))
            waybill, courier = (row.waybill, row.courier) if row else (scan.text, "")
        is_known = waybill in self.work.seen
        self.counter.sounds.play("duplicate" if is_known else "ok")
        if not is_known:
            self.work = replace(self.work, seen={**self.work.seen, waybill: courier})
            self._load()
            self.touch_draft()
        return True

    # --- The act ---------------------------------------------------------------------------------

    def _close(self) -> None:
        there = sum(piece.state != "missing" for piece in self._pieces)
        work, count = self.work, there + len(self._goods) + len(self._bags)
        command: Any = CloseManifest(
            direction="returns" if work.mode == "leaving" else "in",
            bag=work.bag,
            seen=tuple(work.seen.items()),
            other=self.side.other.text(),
            is_seal_broken=self._is_seal_broken,
            seal_words=self.side.seal.text(),
            seal_photos=self.photo.names,
        )
        kind = ManifestClosed.KIND
        if work.mode == "van":
            command = LoadVan(driver=self.side.other.text(), without=tuple(sorted(work.without)))
            kind = VanLoaded.KIND
        signed = [
            KeepPicture(kind, (name,), purpose) for purpose, name in self.signing.taken.items()
        ]

        def done(outcome: Done) -> None:
            self.tell_done(self.say("parcels.manifest.done", count=count), outcome)
            self._put_down()

        self.perform(command, *signed, done=done)
