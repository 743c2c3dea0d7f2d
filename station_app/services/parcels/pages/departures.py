"""A township's van leaves (发车): closed bags, who takes them along, both sides sign.

Every bag leaves with a list of its own; all of one van leave in one act. What stays behind waits
for the next one, and a bag that lacks a piece is opened again.
"""

from collections.abc import Sequence
from typing import Any

from station_app.journal.projection import StateChange
from station_app.services.parcels import load_records
from station_app.services.parcels.commands import SendToVillage
from station_app.services.parcels.heaps import ClosedBag, Heaps
from station_app.services.parcels.load_facts import VillageLoadLeft
from station_app.services.parcels.loading import NAME_MAX, SEAL_MAX
from station_app.services.parcels.meanings import SORTING_PAGE
from station_app.services.parcels.outfit import Outfit
from station_app.services.parcels.pages.two_columns import TwoColumns
from station_app.services.pictures.commands import OWN_SIGNATURE, SIGNATURE, KeepPicture
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.drafts import DraftTooLong
from station_app.shell.offers import Scan
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Pill, Row, Text
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.panels import EmptyState, Panel, Places
from station_app.shell.widgets.signing import AttachedSignatures, Signer
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint, strong
from station_app.values.day import say_day

SIGN_KEY = "F10"


class DeparturesPage(Page):
    """Lets closed bags leave for their villages."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit, heaps: Heaps) -> None:
        """Make the page. heaps: shared with the page where bags are closed."""
        super().__init__(counter, key)
        self.heaps = heaps
        self._villages: dict[str, str] = {}
        self._bags: list[ClosedBag] = []
        self.staying: set[str] = set()
        self.signing = AttachedSignatures(self, outfit.photos, SIGN_KEY, self._turned)
        self._lay_out()

    def _lay_out(self) -> None:
        say = self.say
        empty = EmptyState(
            "truck", say("parcels.departures.empty"), say("parcels.departures.empty_small")
        )
        self._panel = Panel(margins=(1, 12, 1, 4), spacing=0)
        self._total = strong()
        self._total.setContentsMargins(20, 0, 20, 6)
        columns = (
            Column("number", 64), Column("village"), Column("count", 90, "right"),
            Column("gap", 16), Column("tag", 210), Column("state", 130, "right"),
        )  # fmt: skip
        self.table = ListTable(columns, name=say("parcels.departures.title"), row_height=56)
        self.table.current_changed.connect(lambda _code: self._show_seal())
        self._panel.body.addWidget(self._total)
        self._panel.body.addWidget(self.table, 1)
        texts = self.counter.texts
        self._side = Panel(margins=(22, 14, 22, 12), spacing=8)
        self._title = Words("", theme.TITLE, bold=True, wrap=True)
        self._small = Words("", theme.BODY, ink="ink2", wrap=True)
        self.seal = TextField(texts, say("parcels.departures.seal"), limit=SEAL_MAX)
        self.seal.changed.connect(self._note_seal)
        self.driver = TextField(texts, say("parcels.sorting.driver"), limit=NAME_MAX, chinese=True)
        for part in (self._title, self._small, self.seal, self.driver):
            self._side.body.addWidget(part)
        self._side.body.addWidget(hint(say("parcels.departures.both_sign"), wrap=True))
        self._side.body.addStretch(1)
        self._left = Places()
        for place in (self._panel, self.signing.panel):
            self._left.addWidget(place)
        self._columns = TwoColumns(self, empty, self._left, self._side)

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("parcels.departures.title")

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        if self.signing.is_open:
            return self.signing.actions(self._signers)
        say, current = self.say, self.table.current()
        if not self._bags:
            return ()
        made = []
        if current:
            key = "goes" if current in self.staying else "stays"
            made.append(Action(say(f"parcels.departures.{key}"), "Ctrl+D", self._switch))
            made.append(Action(say("parcels.departures.open"), "Ctrl+T", self._open, icon="bag"))
        going = self._going()
        pieces = sum(len(bag.pieces) for bag in going)
        words = say("parcels.departures.send", bags=len(going), count=pieces)
        send = Action(
            words, "Enter", self._send, kind="primary", icon="truck", is_enabled=bool(going),
            reason="" if going else say("parcels.departures.none_goes"),
        )  # fmt: skip
        return (*made, *self.signing.actions(self._signers), send)

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Look at which bags wait."""
        self._load()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Look again after an act."""
        kinds = {change.kind.name for change in changes}
        if not changes or kinds & {"manifest", "station"}:
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
        """Go to the bag of which the tag was scanned."""
        if all(bag.code != scan.text for bag in self._bags):
            return False
        self.counter.sounds.play("ok")
        self.table.choose(scan.text)
        return True

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._columns.set_compact(is_compact=is_compact)
        self.table.set_compact(compact=is_compact)

    # --- Showing ---------------------------------------------------------------------------------

    def _load(self) -> None:
        now = self.counter.desk.now()

        def load(connection: Any) -> set[str]:
            self._villages = load_records.villages_of(connection, now.station)
            return load_records.bags_left(connection, now.day)

        left = self.counter.desk.read(load)
        self._bags = sorted(self.heaps.waiting(left), key=lambda bag: bag.number)
        self.staying &= {bag.code for bag in self._bags}
        self._columns.show_rows(has_rows=bool(self._bags))
        self._show()

    def _show(self) -> None:
        today = self.counter.desk.now().day
        self.table.show_rows([self._row(bag, today) for bag in self._bags])
        if self._bags and not self.table.current():
            self.table.choose(self._bags[0].code)
        pieces = sum(len(bag.pieces) for bag in self._bags)
        words = self.say("parcels.departures.total", bags=len(self._bags), count=pieces)
        self._total.setText(words)
        self._show_seal()

    def _row(self, bag: ClosedBag, today: str) -> Row:
        stays = bag.code in self.staying
        pill = Pill(
            self.say(f"parcels.departures.{'is_staying' if stays else 'is_going'}"),
            "waiting" if stays else "ok",
        )
        when = "" if bag.day == today else say_day(bag.day, today)
        name = self._villages.get(bag.village, bag.village)
        cells = (
            Text(str(bag.number), theme.TITLE, bold=True),
            Text(name, theme.STRONG, bold=True, small=when),
            Text(self.say("parcels.board.pieces", count=len(bag.pieces))),
            None,
            Text(bag.code, theme.HINT, ink="ink2", small=bag.seal),
            pill,
        )
        return Row(bag.code, cells)

    def _current(self) -> ClosedBag | None:
        code = self.table.current()
        return next((bag for bag in self._bags if bag.code == code), None)

    def _show_seal(self) -> None:
        bag = self._current()
        if bag is not None:
            words = self.say("parcels.departures.bag", number=bag.number)
            self._title.setText(f"{words}　{self._villages.get(bag.village, bag.village)}")
            self._small.setText(self.say("parcels.departures.small", count=len(bag.pieces)))
            if self.seal.text() != bag.seal:
                self.seal.set_text(bag.seal)
        self.touch_actions()

    def _note_seal(self, text: str) -> None:
        bag = self._current()
        if bag is not None and text.strip() != bag.seal:
            self.heaps.seal(bag.code, text.strip())
            now = {one.code: one for one in self.heaps.closed}
            self._bags = [now[one.code] for one in self._bags]
            self._keep()

    def _keep(self) -> None:
        """Keep what changed where the bags were closed: one draft holds them all."""
        draft = self.heaps.draft()
        if draft is None:
            return
        try:
            self.counter.drafts.keep(SORTING_PAGE, draft)
        except DraftTooLong:
            self.counter.front.toast(Notice(self.say("shell.page.too_long"), "warn"))

    def _turned(self) -> None:
        self._left.setCurrentWidget(self.signing.panel if self.signing.is_open else self._panel)
        self.touch_actions()

    def _signers(self) -> list[Signer]:
        other = self.driver.text() or self.say("parcels.manifest.other_village_driver")
        own = self.say("parcels.manifest.on_duty")
        return [Signer(SIGNATURE, other), Signer(OWN_SIGNATURE, own)]

    # --- What is done ----------------------------------------------------------------------------

    def _going(self) -> list[ClosedBag]:
        return [bag for bag in self._bags if bag.code not in self.staying]

    def _switch(self) -> None:
        self.staying ^= {self.table.current()}
        self._show()

    def _open(self) -> None:
        self.heaps.reopen(self.table.current())
        self.counter.sounds.play("ok")
        self._keep()
        self.counter.front.open_page(SORTING_PAGE, {})

    def _send(self) -> None:
        going = self._going()
        commands = [
            SendToVillage(
                station=bag.village, code=bag.code, seal=bag.seal, pieces=bag.pieces,
                driver=self.driver.text(),
            )
            for bag in going
        ]  # fmt: skip
        signed = [
            KeepPicture(VillageLoadLeft.KIND, (picture,), purpose)
            for purpose, picture in self.signing.taken.items()
        ]
        pieces = sum(len(bag.pieces) for bag in going)

        def done(outcome: Done) -> None:
            self.signing.forget()
            words = self.say("parcels.departures.sent", bags=len(going), count=pieces)
            self.tell_done(words, outcome)
            self._load()

        self.perform(*commands, *signed, done=done)
