"""What the pages of the drawer need of the rest of the program, put together.

The drawer asks for colleagues' PINs, opens acts, names other pages' held work and shows how
sending goes; none of which its slice may know. Here each question finds who can answer it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from station_app.journal.log import Connection
from station_app.journal.vocabulary import Vocabulary
from station_app.overview.act_words import ActReader
from station_app.overview.acts import act_by_id
from station_app.overview.fact_words import FactWords
from station_app.overview.moments import countdown
from station_app.overview.sign_in import Attendance, PinDoor
from station_app.overview.sync_view import SyncView
from station_app.overview.sync_words import receipt_words
from station_app.overview.window import ACTS, SYNC
from station_app.printing.document import Label, Receipt
from station_app.printing.raster import Raster
from station_app.security.pins import Accepted, Answer, Locked, WrongPin
from station_app.services.cash.pages.edges import Edges, Sending, Unsent
from station_app.services.consignment.outfit import Outfit as ConsignmentOutfit
from station_app.services.handing_on import offer as handing_on
from station_app.services.handing_on.outfit import Outfit as HandingOnOutfit
from station_app.services.parcels.run_records import parcels_here
from station_app.services.people import records as people
from station_app.services.people.records import coworkers
from station_app.services.sales.outfit import Outfit as SalesOutfit
from station_app.services.sales.unsettled_records import open_shares
from station_app.shell.desk import Paper
from station_app.shell.offers import HeldWork, Offer
from station_app.shell.photos import PhotoDesk
from station_app.sync.progress import ALONE, BUSY, OFFLINE
from station_app.values.now import Now
from station_app.values.staff import Coworker
from station_app.values.texts import Texts


@dataclass(frozen=True)
class DrawerParts:
    """Who answers. offers: of all slices, once they are made; live: the stream of this start."""

    texts: Texts
    vocabulary: Vocabulary
    door: PinDoor
    attendance: Attendance
    sync: SyncView
    now: Callable[[], int]
    live: Callable[[], str]
    offers: Callable[[], Sequence[Offer]]

    def complete(self, edges: Edges) -> Edges:
        """Return edges that know printer and build, with everything else filled in."""
        return replace(
            edges,
            unsent=self.unsent,
            live=self.live,
            sync_page=SYNC,
            acts_page=ACTS,
            act_words=self.act_words,
            staff=coworkers,
            try_pin=self.try_pin,
            come=self.come,
            held=self.held,
            page_words=self.page_words,
            sending=self.sending,
            send_now=self.sync.try_now,
            on_sending=self.sync.listen,
            write_stick=self.sync.write_stick,
        )

    def selling(self, print_again: Callable[[Paper, str], None], device: str) -> SalesOutfit:
        """Return what the counter's sale needs: the register, and the manager's PIN."""
        return SalesOutfit(
            people,
            self.texts,
            print_again,
            device=device,
            try_pin=self.try_pin,
        )

    def produce(
        self,
        print_again: Callable[[Paper, str], None],
        put_out: Callable[[Receipt], None],
        photos: PhotoDesk,
        preview: Callable[[Label], Raster | None],
    ) -> ConsignmentOutfit:
        """Return what produce needs: the register, what of sales is not settled, photos."""
        return ConsignmentOutfit(
            people, self.texts, print_again, open_shares, put_out, photos, preview
        )

    # --- Colleagues ------------------------------------------------------------------------------

    def try_pin(self, operator: str, pin: str, then: Callable[[str], None]) -> None:
        """Look at a PIN; `then` gets "" or the sentence that says why it will not do."""
        self.door.try_pin(operator, pin, lambda answer: then(self._fault(answer)))

    def _fault(self, answer: Answer) -> str:
        if isinstance(answer, Accepted):
            return ""
        if isinstance(answer, WrongPin):
            return self.texts.say("overview.lock.pin_wrong", left=answer.tries_left)
        if isinstance(answer, Locked):
            span = countdown(self.texts, answer.wait_ms)
            return self.texts.say("overview.lock.pin_wait", span=span)
        return self.texts.say("overview.lock.no_pin")

    def come(self, one: Coworker) -> None:
        """Let somebody stand at the counter from now on."""
        self.attendance.come(one.identity, is_manager=one.is_manager)

    # --- Acts and pages --------------------------------------------------------------------------

    @cached_property
    def _reader(self) -> ActReader:
        return ActReader(self.offers(), FactWords(self.texts, self.vocabulary), self.live)

    def act_words(self, connection: Connection, stream: str, act: str) -> str:
        """Return what an act was, in the words of its slice."""
        row = act_by_id(connection, act, stream)
        return self._reader.words(connection, row).words if row else ""

    def held(self, connection: Connection) -> Sequence[HeldWork]:
        """Return the work that slices have put aside."""
        return [
            work
            for offer in self.offers()
            for find in offer.held
            for work in find(connection, self.texts)
        ]

    def open_work(self, connection: Connection, now: Now) -> Sequence[tuple[str, int]]:
        """Return how much is open on each page that counts it, by what the page is called."""
        counted = [
            (page.tab, page.count(connection, now))
            for offer in self.offers()
            for page in offer.pages
            if page.count is not None and page.tab
        ]
        return [(tab, count) for tab, count in counted if count]

    def handing_on(self) -> Offer:
        """Return the page on which a station is handed on, with who works here and what is open."""
        outfit = HandingOnOutfit(people, self.texts, self.open_work, parcels_here)
        return handing_on.offer(outfit)

    def page_words(self, key: str) -> str:
        """Return what a page is called, "" for one that no slice offers."""
        page = next((p for offer in self.offers() for p in offer.pages if p.key == key), None)
        return self.texts.say(page.tab or page.rail_label) if page else ""

    # --- Sending ---------------------------------------------------------------------------------

    def unsent(self) -> Unsent:
        """Return what the county does not hold yet."""
        standing = self.sync.standing()
        return Unsent(
            standing.facts_waiting,
            standing.oldest_at,
            is_offline=standing.line in (OFFLINE, ALONE),
        )

    def sending(self) -> Sending:
        """Return how sending goes, with the county's last receipt in words."""
        standing = self.sync.standing()
        held, receipt = receipt_words(self.texts, standing, self.now())
        return Sending(
            is_busy=standing.line == BUSY,
            sent=standing.sent,
            to_send=standing.to_send,
            held=held if standing.receipt else "",
            receipt=receipt,
        )
