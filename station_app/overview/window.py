"""The window of the station, put together: pages of the slices and of the overview, and the rest.

The composition root hands in everything that touches the world. What is decided here is only which
page stands where, what the strip and the top bar say, and when the screen locks itself.
"""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QCloseEvent, QShowEvent

from station_app.devices.printer_setting import WAYBILL
from station_app.devices.scale import NoScale
from station_app.overview.act_words import ActReader
from station_app.overview.attention import Places
from station_app.overview.branches import branch_cases
from station_app.overview.case_list import RULES, count_cases, first_words
from station_app.overview.cases import CasesPage, CasesWork
from station_app.overview.devices.offer import DEVICES, SENSES, device_pages
from station_app.overview.doctor import DoctorPage, DoctorWork
from station_app.overview.documents import ActsPage, PaperWork
from station_app.overview.examination import examine
from station_app.overview.fact_words import FactWords
from station_app.overview.heading import heading_of, lock_work_words, station_words
from station_app.overview.lock import LockPage, LockWork
from station_app.overview.lock_face import LockFace
from station_app.overview.opening_station import after_setup, first_pages
from station_app.overview.operator_setup import OperatorSetupPage, SetupWork
from station_app.overview.papers import count_queue
from station_app.overview.practice.practice_page import practice_pages
from station_app.overview.print_queue import QueuePage
from station_app.overview.readmission_page import readmission_offer
from station_app.overview.search import card_route, floor_source, paper_source, slip_route
from station_app.overview.station_parts import IDLE_MS
from station_app.overview.station_parts import StationParts as StationParts
from station_app.overview.strip_items import printer_item, scanner_state, was_tried
from station_app.overview.sync_list_page import SyncListPage
from station_app.overview.sync_page import CasesEntry, SyncPage
from station_app.overview.sync_words import strip_line
from station_app.overview.today import TodayPage, TodayWork
from station_app.overview.undoing import UNDO_PAGE, UndoPage, UndoWork, way_to_undo
from station_app.shell.counter import Counter
from station_app.shell.offers import CaseOffer, Offer, PageOffer
from station_app.shell.page import Page
from station_app.shell.scan_filter import Burst
from station_app.shell.widgets.strip import StatusItem
from station_app.shell.window import MainWindow, Surroundings

TODAY, SYNC, CASES = "overview.today", "overview.sync", "overview.cases"
SYNC_LIST = "overview.sync_list"
ACTS, QUEUE, LOCK = "overview.acts", "overview.queue", "overview.lock"
SETUP, DOCTOR, LEDGER = "overview.setup", "overview.doctor", "overview.ledger"
READMISSION = "overview.readmit"
STATE_PAGES = {"line": SYNC, "sound": SENSES}
PLACES = Places(cases=CASES, sync=SYNC, queue=QUEUE, doctor=DOCTOR)

STRIP_MS = 2_000  # printers and line change without an act
_ACTIVITY = (
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
)


class StationWindow(MainWindow):
    """The window with all pages. `begin` shows the start check, if need be, and the lock."""

    def __init__(self, parts: StationParts) -> None:
        """Make the window; nothing is shown yet."""
        self.parts = parts
        self.has_resumed = False
        self._after_lock = ""
        self._has_scanned = False
        own = Offer(
            pages=self._pages(),
            search_sources=(paper_source(ACTS), floor_source(SYNC)),
            scan_routes=(slip_route(ACTS), card_route(LOCK)),
            rules=RULES,
        )
        around = Surroundings(
            desk=parts.desk,
            texts=parts.texts,
            sounds=parts.sounds,
            voice=parts.voice,
            customer=parts.customer,
            put_out=parts.put_out,
            drafts=parts.drafts,
            tickets=parts.tickets,
            couriers=parts.couriers,
            heading=self._heading,
            undo_route=lambda act: parts.desk.read(lambda c: way_to_undo(c, act)),
            timing=parts.timing,
            scale=parts.scale,
            weighing=parts.hardware.scale if parts.hardware else NoScale(),
            is_township=parts.is_township,
        )
        super().__init__((own, *parts.offers), around)
        self._strip_clock = QTimer(self, interval=STRIP_MS)
        self._strip_clock.timeout.connect(self.show_states)
        self._idle = QTimer(self, interval=parts.idle_ms or IDLE_MS)
        self._idle.timeout.connect(self.lock)
        self.scan_filter.scanned.connect(self._heard_scan)
        self.strip.item_pressed.connect(self._state_pressed)
        parts.sync.listen(self._line_changed)

    # --- Life ------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Show the first page, behind the lock; what the start check found comes before both."""
        if self.parts.is_practice:
            self.set_practice(practice=True)
            self.start(TODAY)
            self.privacy.switch()  # invented or not: names are masked where somebody learns
            self.show_states()
            self._strip_clock.start()
            return
        self.start(DOCTOR if examine(self.parts.look()).findings else LOCK)
        self.show_states()
        self._strip_clock.start()
        if self.parts.idle_ms:
            self._idle.start()

    def lock(self) -> None:
        """Lock the screen, unless nobody is signed in; a practice has no lock."""
        if self.parts.attendance.operator and not self.parts.is_practice:
            self.open_page(LOCK)

    @property
    def is_asking_pin(self) -> bool:
        """Tell whether the lock is in front."""
        return self.deck.current is not None and self.deck.current.key == LOCK

    def unlocked(self) -> None:
        """Go back to the work as it was left; the first time, take up what a power cut cut off."""
        self.go_back()
        self.show_heading()
        if not self.has_resumed:
            self.has_resumed = True
            self.resume_drafts()
        if self._after_lock:
            self.open_page(self._after_lock)
            self._after_lock = ""

    def showEvent(self, event: QShowEvent) -> None:
        """Notice from now on that somebody touches anything."""
        super().showEvent(event)
        handle = self.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whoever touches anything is here: the idle time begins anew."""
        if event.type() in _ACTIVITY:
            self._touched()
        return super().eventFilter(watched, event)

    def _heard_scan(self, burst: Burst) -> None:
        """A scanner is at work; not every one presses keys, and a scan is a touch all the same."""
        self._touched()
        if not burst.fault and not self._has_scanned:
            self._has_scanned = True
            self.show_states()

    def _touched(self) -> None:
        if self._idle.isActive():
            self._idle.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop the clocks, those of the page in front too."""
        if self.deck.current is not None:
            self.deck.current.left()
        self._strip_clock.stop()
        self._idle.stop()
        super().closeEvent(event)

    # --- Pages -----------------------------------------------------------------------------------

    def _case_offers(self) -> list[CaseOffer]:
        """Return the words for the cases of all slices, and for what counts nowhere yet."""
        of_slices = [case for offer in self.parts.offers for case in offer.cases]
        return [*of_slices, branch_cases(self.parts.desk.now, SYNC)]

    def _pages(self) -> tuple[PageOffer, ...]:
        """Return the overview's own pages; each is made when it is first wanted."""
        parts = self.parts
        cases = CasesWork(
            offers=self._case_offers(),
            vocabulary=parts.vocabulary,
            now=parts.now,
            county_phone=parts.county_phone,
        )
        words = FactWords(parts.texts, parts.vocabulary)
        entry = CasesEntry(
            CASES,
            lambda connection: count_cases(connection, cases.offers),
            lambda connection: first_words(connection, cases.offers, words),
        )
        sync_tab, cases_tab = "overview.sync.tab_sending", "overview.sync.tab_cases"
        return (
            PageOffer(
                TODAY, "", "home", "Home", lambda counter: TodayPage(counter, TODAY, self._today())
            ),
            PageOffer(
                SYNC,
                "",
                "sync",
                "F9",
                lambda counter: SyncPage(
                    counter,
                    SYNC,
                    sync=parts.sync,
                    now=parts.now,
                    cases=entry,
                    lists=SYNC_LIST,
                    county_phone=parts.county_phone,
                ),
                sync_tab,
                count=lambda _connection, _now: parts.sync.standing().facts_waiting,
            ),
            PageOffer(SYNC_LIST, "", "", "", self._sync_list),
            PageOffer(
                CASES,
                "",
                "",
                "F9",
                lambda counter: CasesPage(counter, CASES, cases),
                cases_tab,
                tab_order=1,
                count=lambda connection, _now: count_cases(connection, cases.offers),
            ),
            *self._paper_pages(),
            *self._device_pages(),
            PageOffer(
                LEDGER,
                "cash.rail.day",
                "book",
                "F8",
                self._ledger_page,
                "ledger.page.tab",
                tab_order=4,
            ),
            *([] if self.parts.is_practice else self._bare_pages()),
            *practice_pages(self.parts.practise),
        )

    def _sync_list(self, counter: Counter) -> SyncListPage:
        parts = self.parts
        words = FactWords(counter.texts, parts.vocabulary, counter.privacy)
        return SyncListPage(
            counter,
            SYNC_LIST,
            sync=parts.sync,
            words=words,
            now=parts.now,
            home=SYNC,
            acts=ACTS,
        )

    def _paper_pages(self) -> tuple[PageOffer, ...]:
        parts = self.parts
        undo = UndoWork(
            offers=parts.offers,
            vocabulary=parts.vocabulary,
            live=parts.live,
            undone=self._undone,
        )
        queue = parts.queue_work(self._line_changed)
        return (
            PageOffer(
                ACTS,
                "overview.documents.title",
                "clipboard",
                "F1",
                lambda counter: ActsPage(counter, ACTS, self._papers()),
                "overview.documents.title",
                tab_order=1,
            ),
            PageOffer(
                QUEUE,
                "overview.queue.title",
                "printer",
                "F1",
                lambda counter: QueuePage(counter, QUEUE, queue),
                "overview.queue.title",
                tab_order=2,
                count=lambda connection, _now: count_queue(connection),
            ),
            PageOffer(
                UNDO_PAGE,
                "overview.undo.title",
                "undo",
                "",
                lambda counter: UndoPage(counter, UNDO_PAGE, undo),
            ),
        )

    def _device_pages(self) -> tuple[PageOffer, ...]:
        hardware, senses = self.parts.hardware, self.parts.senses
        if hardware is None or senses is None or self.parts.is_practice:
            return ()  # whoever practises is not to reach the real printer and its drawer
        return device_pages(
            hardware,
            senses,
            self.parts.spool,
            lambda: self.scan_filter,
            queue=QUEUE,
        )

    def _remedies(self) -> Mapping[str, Callable[[], None]]:
        """Return what helps: with devices their page, once somebody is signed in."""
        remedies = dict(self.parts.remedies)
        if self.parts.hardware is not None:
            remedies["printers"] = remedies["scale"] = self._mend_devices
        return remedies

    def _mend_devices(self) -> None:
        """Ask the printers anew, and show the sheet that says how to mend them: after the lock."""
        for name in self.parts.spool.states():
            self.parts.spool.retry(name)
        if self.parts.attendance.operator:
            self.open_page(DEVICES)
        else:
            self._after_lock = DEVICES
            self.open_page(LOCK)

    def _bare_pages(self) -> tuple[PageOffer, ...]:
        parts = self.parts
        setup = SetupWork(
            door=parts.door,
            attendance=parts.attendance,
            opened=lambda: after_setup(self),
            put_out=parts.put_out,
        )
        doctor = DoctorWork(
            look=parts.look,
            actions=self._remedies(),
            opened=self._checked,
            now=parts.now,
            county_phone=parts.county_phone,
            back_up=parts.back_up,
            print_sheet=parts.print_sheet,
            print_list=parts.print_list,
        )
        return (
            PageOffer(
                LOCK,
                "",
                "lock",
                "F12",
                lambda counter: LockPage(counter, LOCK, self._lock_work()),
                is_bare=True,
            ),
            *first_pages(self),
            readmission_offer(READMISSION, parts.door, self._set_up, parts.county_phone),
            PageOffer(
                SETUP,
                "overview.setup.title",
                "person",
                "F1",
                lambda counter: OperatorSetupPage(counter, SETUP, setup),
                "overview.setup.tab",
                tab_order=3,
                is_bare=True,
            ),
            PageOffer(
                DOCTOR,
                "overview.doctor.title",
                "wrench",
                "F1",
                lambda counter: DoctorPage(counter, DOCTOR, doctor),
                "overview.doctor.title",
                tab_order=4,
                is_bare=True,
            ),
        )

    def _today(self) -> TodayWork:
        parts = self.parts
        return TodayWork(
            offers=parts.offers,
            case_offers=self._case_offers(),
            vocabulary=parts.vocabulary,
            live=parts.live,
            undo=self.undo,
            now=parts.now,
            sync=parts.sync,
            spool=parts.spool,
            names=parts.printer_names,
            places=PLACES,
            acts_page=ACTS,
            set_up=parts.set_up,
        )

    def _papers(self) -> PaperWork:
        parts = self.parts
        return PaperWork(
            offers=parts.offers,
            vocabulary=parts.vocabulary,
            live=parts.live,
            undo=self.undo,
            write=parts.write,
            reprint=parts.spool.reprint,
            wake=parts.spool.wake,
            photos=parts.photos,
        )

    def _ledger_page(self, counter: Counter) -> Page:
        from station_app.overview.ledger.ledger_page import LedgerPage
        from station_app.overview.ledger.view import LedgerWork

        parts = self.parts
        words = FactWords(parts.texts, parts.vocabulary, counter.privacy)
        work = LedgerWork(
            reader=ActReader(parts.offers, words, parts.live),
            documents=[paper for offer in parts.offers for paper in offer.documents],
            write=parts.write,
            reprint=parts.spool.reprint,
            wake=parts.spool.wake,
            acts_page=ACTS,
            preview=parts.preview,
            places=parts.file_places,
        )
        return LedgerPage(counter, LEDGER, work)

    def _lock_work(self) -> LockWork:
        parts = self.parts
        return LockWork(
            door=parts.door,
            attendance=parts.attendance,
            now=parts.now,
            opened=self.unlocked,
            set_up=self._set_up,
            face=self._fill_face,
            forgotten=lambda operator: self.open_page(READMISSION, {"operator": operator}),
        )

    def _set_up(self, operator: str) -> None:
        """Let somebody set a PIN."""
        self.open_page(SETUP, {"operator": operator})

    def _undone(self, act: str) -> None:
        """An act was taken back by way of its page: no toast offers it any more."""
        self.toasts.forget_act(act)

    def _checked(self) -> None:
        """The start check is done: to the lock, or back to the work that asked for it."""
        if self.parts.attendance.operator:
            self.go_back()
        else:
            self.open_page(LOCK)

    # --- What stands around the pages ------------------------------------------------------------

    def _heading(self) -> tuple[str, str]:
        desk, texts = self.parts.desk, self.parts.texts
        now = desk.now()
        return desk.read(lambda connection: heading_of(connection, texts, now))

    def _fill_face(self, face: LockFace) -> None:
        desk, texts = self.parts.desk, self.parts.texts
        now, tiles = desk.now(), [tile for offer in self.parts.offers for tile in offer.tiles]
        name = desk.read(lambda connection: station_words(connection, now.station))
        work = desk.read(lambda connection: lock_work_words(connection, now, texts, tiles))
        face.show_station(name, work)
        face.show_line(strip_line(texts, self.parts.sync.standing(), self.parts.now()))

    def _line_changed(self) -> None:
        self.show_states()
        self.deck.count_anew()

    def show_states(self) -> None:
        """Show line, printers and devices in the strip."""
        parts = self.parts
        line = strip_line(parts.texts, parts.sync.standing(), parts.now())
        items = [StatusItem("line", line.words, line.tone, line.icon)]
        if parts.is_practice:
            items = [StatusItem("line", parts.texts.say("overview.practice.strip"), "waiting")]
        drawn = parts.pictures()
        for name, state in parts.spool.states().items():
            if name == WAYBILL and name not in parts.printer_names:
                continue  # pictures stand in for it: nobody set one up
            words = parts.printer_names.get(name, name)
            said, is_picture = (state.state, state.reason), name in drawn
            items.append(printer_item(parts.texts, name, words, said, is_picture=is_picture))
        devices = parts.devices()
        self.show_status((*items, *devices))
        is_tried = self._has_scanned or was_tried(parts.hardware)
        self.show_scanner(*scanner_state(parts.texts, devices, is_tried=is_tried))

    def _state_pressed(self, key: str) -> None:
        if not self.is_locked():
            page = STATE_PAGES.get(key, DEVICES)
            self.open_page(page if page in self.book.offers else QUEUE, {"device": key})


def build_window(parts: StationParts) -> StationWindow:
    """Return the window of the station, not yet shown."""
    return StationWindow(parts)
