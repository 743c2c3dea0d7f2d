"""The composition root with a screen: premises, window, printers, sounds and line, put together.

This is the only place where the parts that touch the world meet: the real clock, the real disk,
threads, sockets. Every other room gets what it needs handed in.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QTimer

from station_app.check_up_desk import CheckUpDesk
from station_app.device_desk import DeviceDesk
from station_app.devices import sticks
from station_app.devices.printer_setting import PrinterSetting
from station_app.devices.scale import Scale
from station_app.drawer_edges import DrawerParts
from station_app.first_day import first_day_lines, first_day_offer
from station_app.journal.kinds import PrivateErased
from station_app.journal.recorder import Recorder, new_ticket
from station_app.journal.store import wipe_erased
from station_app.line import LineThread, on_the_writer
from station_app.overview.attention import SetUpLine
from station_app.overview.devices.offer import scale_items, set_up_lines
from station_app.overview.first_light import FirstLight
from station_app.overview.ledger.list_files import list_files
from station_app.overview.sign_in import PinDoor
from station_app.overview.station_parts import nothing_to_set_up
from station_app.overview.window import StationParts, StationWindow, build_window
from station_app.paper_desk import PaperDesk
from station_app.photo_desk import StationPhotos, sweep
from station_app.practice_start import PracticeStart
from station_app.premises import (
    BUILD_MS,
    DATABASE,
    Premises,
    SystemChance,
    SystemClock,
    open_premises,
)
from station_app.printing.document import Label, Receipt
from station_app.printing.paint import TypeCase
from station_app.printing.press import Press
from station_app.printing.raster import Raster
from station_app.printing.spool import Spool, Surroundings
from station_app.reference import records as reference
from station_app.reference.settings import PIN_DIGITS_LEAST
from station_app.resources_dir import resources
from station_app.safekeeping import Safekeeping, second_mark
from station_app.security.database_key import database_key, pepper
from station_app.security.key_place import FILE
from station_app.security.key_store import KeyStore
from station_app.security.pins import PinHasher
from station_app.security.readmission import right_answer
from station_app.sending_view import SendingView
from station_app.sense_desk import SenseDesk
from station_app.senses import Senses
from station_app.services.accounts import offer as accounts_offer
from station_app.services.accounts.outfit import Outfit as AccountsOutfit
from station_app.services.bills import offer as bills_offer
from station_app.services.bills.outfit import Outfit as BillsOutfit
from station_app.services.cash import offer as cash_offer
from station_app.services.cash.pages.edges import Edges
from station_app.services.cash.payment_records import PaymentGatherer
from station_app.services.clearing import offer as clearing_offer
from station_app.services.consignment import offer as consignment_offer
from station_app.services.farm_pickups import offer as farm_offer
from station_app.services.farm_pickups.outfit import Outfit as FarmOutfit
from station_app.services.parcels import offer as parcels_offer
from station_app.services.parcels import records as parcels_records
from station_app.services.parcels.outfit import Outfit
from station_app.services.parcels.run_records import runs_out
from station_app.services.people import offer as people_offer
from station_app.services.people import records as people
from station_app.services.purchasing import offer as purchasing_offer
from station_app.services.purchasing.outfit import Outfit as PurchasingOutfit
from station_app.services.quality import offer as quality_offer
from station_app.services.quality.outfit import Outfit as QualityOutfit
from station_app.services.sales import offer as sales_offer
from station_app.services.sending import offer as sending_offer
from station_app.services.sending.facts import SendingAccepted
from station_app.services.sending.outfit import Outfit as SendingOutfit
from station_app.shell.application import make_application as make_application
from station_app.shell.desk import Done
from station_app.shell.drafts import DraftTable
from station_app.shell.files import places_here
from station_app.shell.full_screen import fill_screen
from station_app.shell.offers import Offer
from station_app.shell.scaling import ScreenScale
from station_app.shell.sense_settings import kept as senses_kept
from station_app.shell.sounds import Sounds
from station_app.shell.tasks import PerThread, Tasks
from station_app.start import ENROL_ANEW
from station_app.values.clock import Chance, Clock
from station_app.values.spelling import spell
from station_app.vocabulary import VOCABULARY

T = TypeVar("T")

WARM_UP_MS = 700  # after the window stands there
LINE_MS = 300  # the window comes first; the line loads its own libraries


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramEdges:
    """What stands around the program, if not the machine's own.

    printers: instead of those that the settings name; county_url: instead of the enrolled one;
    has_line: whether to talk to the county at all; is_silent: no sounds; kept_in: where the keys
    are, as the journal says it. practice: nothing here is real, see `practice.py`.
    """

    clock: Clock = field(default_factory=SystemClock)
    chance: Chance = field(default_factory=SystemChance)
    county_url: str = ""
    printers: tuple[PrinterSetting, ...] = ()
    has_line: bool = True
    is_silent: bool = False
    kept_in: str = FILE
    practice: "PracticeEdges | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeEdges:
    """What is otherwise in a practice. scale: to weigh on; sounds: hears what is played."""

    scale: Scale
    sounds: Callable[[Senses], Sounds]


class Program:
    """The station, open: everything that runs while the window stands."""

    def __init__(
        self, premises: Premises, keys: KeyStore, tasks: Tasks, edges: ProgramEdges
    ) -> None:
        """Put everything together; nothing runs before `start`. Use `open`."""
        self.premises = premises
        self.texts = premises.texts
        self._keys = keys
        self._tasks = tasks
        self._edges = edges
        self.reading = PerThread(premises.open_reader)
        self.press = Press(TypeCase(resources() / "fonts"))
        self.senses = Senses(
            senses_kept(premises.session.connection),
            self.texts,
            premises.folder,
            is_silent=edges.is_silent,
        )
        practice = edges.practice
        scale = practice.scale if practice else None
        self.devices = DeviceDesk(premises, tasks, self.press, edges.printers, scale)
        self.spool = Spool(self.devices.made(), self._surroundings())
        self.devices.spool = self.spool
        self.papers = PaperDesk(self.write_soon, premises.clock.now_ms, self.spool.wake)
        self.view = SendingView(
            premises=premises,
            keys=keys,
            threads=tasks,
            line=lambda: self.line,
            reading=self.reading,
            came=lambda: self._came(came=True),
            mounted=tuple if practice else sticks.for_mail,
            is_practice=practice is not None,
        )
        self.line: LineThread | None = None
        if edges.has_line:
            self.line = LineThread(
                premises, keys, tasks, self._line_changed, address=edges.county_url
            )
        self.senses.is_offline = self.view.is_offline
        self.sense_desk = SenseDesk(self.senses, tasks, self.write_soon)
        self.practise = PracticeStart(premises.folder, self.sense_desk, self.texts)
        self.photos = StationPhotos(premises, tasks, self.reading, self._wake_line)
        self.safe = Safekeeping(premises, keys, edges.kept_in, tasks)
        self.check_up = CheckUpDesk(
            premises=premises,
            safe=self.safe,
            spool=self.spool,
            devices=self.devices,
            reading=self.reading,
            status=lambda: self.line.status() if self.line else None,
            try_now=self.view.try_now,
            put_out=self.papers.put_out,
            enrol_anew=lambda: QCoreApplication.exit(ENROL_ANEW),
        )
        self._door = PinDoor(
            self.write_then,
            PinHasher(pepper(keys, edges.chance)),
            chance=edges.chance,
            uptime_ms=lambda: time.monotonic_ns() // 1_000_000,
            least=self._pin_digits_least,
        )
        self._door.right_answer = right_answer(keys, edges.chance, premises.enrolment)
        self.window: StationWindow = build_window(self._parts())

    @classmethod
    def open(cls, data: Path, keys: KeyStore, edges: ProgramEdges | None = None) -> "Program":
        """Open the data folder of an enrolled PC and put the program together."""
        edges = edges or ProgramEdges()
        exists = (data / DATABASE).exists()
        key = database_key(keys, edges.chance, database_exists=exists)
        tasks = Tasks()
        try:
            premises = open_premises(
                data,
                key,
                clock=edges.clock,
                chance=edges.chance,
                threads=tasks,
                per_thread=PerThread,
                second_mark=second_mark(keys),
            )
        except BaseException:
            tasks.close()
            raise
        return cls(premises, keys, tasks, edges)

    # --- Life ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Let printers and line run, and show the first page in the window."""
        self.premises.desk.listen(self._act_done)
        self.spool.start()
        self.devices.start()
        if self._edges.practice is None:
            self.safe.start()
        if self.line is not None:
            self.line.start()
        self.window.begin()
        self.senses.start(
            take_code=self.window.scan_filter.take_code,
            expect_twins=lambda expected: self.window.scan_filter.expect_twins(expected=expected),
            screen=self.window.screen,
            show_states=self.window.show_states,
        )
        session, now = self.premises.session, self.premises.clock.now_ms
        self._tasks.write(lambda: session.write(lambda r: sweep(r, now())), lambda _count: None)
        # The first act with a name would otherwise wait for the dictionary of readings.
        QTimer.singleShot(WARM_UP_MS, self.window, self._warm_up)

    def show(self, light: FirstLight) -> None:
        """Start, and take the place of the first picture with what was typed into it."""
        self.start()
        fill_screen(self.window)
        light.give_over(self.window, lambda: self.window.is_asking_pin)

    def _warm_up(self) -> None:
        if self.window.isVisible():  # not when it was closed in its first moment
            self._tasks.read(lambda: spell("王"), lambda _spelling: None)

    def close(self) -> None:
        """Stop everything in order: line, printers, threads, database."""
        self.practise.stop()
        self.window.close()
        if self.line is not None:
            self.line.stop()
        self.view.stop()
        self.spool.stop()
        self.senses.close()
        self.devices.stop()
        self._tasks.close()
        self.premises.close()
        self.safe.stop()

    def is_quiet(self) -> bool:
        """Tell whether no task runs and the window waits for nobody but the operator."""
        return self._tasks.is_idle and self.window.is_quiet

    def has_synced(self) -> bool:
        """Tell whether the county has everything that was recorded."""
        status = self.line.status() if self.line else None
        if status is None or not self.is_quiet():
            return False
        if status.backlog.facts or self.view.standing().waiting:
            self.view.try_now()
            return False
        return bool(status.receipt)

    # --- Threads ---------------------------------------------------------------------------------

    def write_facts(self, work: Callable[[Recorder], T]) -> T:
        """Run work of the recorder in a transaction on the writing thread, and wait."""
        return on_the_writer(self._tasks, lambda: self.premises.session.write(work))

    def write(self, work: Callable[[Any], T]) -> T:
        """Run work on the writing connection in a transaction, and wait."""
        return self.write_facts(lambda recorder: work(recorder.connection))

    def write_soon(
        self, work: Callable[[Any], Any], then: Callable[[], None] = lambda: None
    ) -> None:
        """Run work on the writing connection in a transaction, soon; then `then` here."""
        session = self.premises.session
        self._tasks.write(
            lambda: session.write(lambda recorder: work(recorder.connection)), lambda _done: then()
        )

    def write_then(self, work: Callable[[Any], T], then: Callable[[T], None]) -> None:
        """Run work on the writing connection, outside any transaction, then tell its result."""
        self._tasks.write(lambda: work(self.premises.session.connection), then)

    # --- What happens --------------------------------------------------------------------------

    def _wake_line(self) -> None:
        if self.line is not None:
            self.line.wake()

    def _act_done(self, done: Done) -> None:
        if done.jobs:
            self.spool.wake()
        self._wake_line()
        if any(told.kind == PrivateErased.KIND for told in done.told):
            self._wipe()
        if any(told.kind == SendingAccepted.KIND for told in done.told):
            # A number on a parcel is never given again, also after an old copy was put back.
            self.write_then(lambda _connection: self.premises.keep_mark(), lambda _done: None)

    def _wipe(self) -> None:
        """Leave nothing of what was erased in the write-ahead log, and list it for backups."""
        self.write_then(wipe_erased, lambda _done: None)
        self.write_then(self.premises.keep_erasures, lambda _done: None)

    def _came(self, *, came: bool) -> None:
        if came:
            self.premises.desk.tell(Done(""))
            self._wipe()  # an erasure may have been among them

    def _line_changed(self, came: bool) -> None:
        self._came(came=came)
        self.safe.heard(self.line.status() if self.line else None)
        self.view.tell()

    # --- Parts -----------------------------------------------------------------------------------

    def _surroundings(self) -> Surroundings:
        return Surroundings(
            render=self.press.render_bytes,
            mark=self.copy_mark,
            write=self.write,
            read=lambda work: work(self.reading()),
            now_ms=self.premises.clock.now_ms,
        )

    def copy_mark(self, number: int) -> str:
        """Return what copy `number` says of itself; nothing on an original."""
        copy = self.texts.say("printing.mark.copy", number=number) if number else ""
        if self._edges.practice is None:
            return copy
        return f"{self.texts.say('printing.mark.practice')} {copy}".strip()

    def preview(self, document: Label | Receipt) -> Raster:
        """Draw a paper as this counter's printer will."""
        return self.press.raster(document, self.devices.profile(document), self.copy_mark(0))

    def _people_offer(self, outfit: Outfit) -> Offer:
        standings = (parcels_offer.standing, purchasing_offer.standing, consignment_offer.standing)
        served = (parcels_offer.trace(outfit), purchasing_offer.of_person)
        others = (consignment_offer.of_person, bills_offer.of_person, sending_offer.of_person)
        return people_offer.offer(
            self.texts,
            facts_about=(
                parcels_records.facts_about,
                bills_offer.facts_about,
                sending_offer.facts_about,
                farm_offer.facts_about,
                purchasing_offer.facts_about,
            ),
            traces=(*served, *others, farm_offer.trace(people)),
            contracts=consignment_offer.contracts_of,
            standings=standings,
        )

    def _offers(self) -> tuple[Offer, ...]:
        outfit = Outfit(
            gatherer=self.premises.gatherer,
            texts=self.texts,
            preview=self.preview,
            print_again=self.papers.print_again,
            put_out=self.papers.put_out,
            put_up=self.papers.put_up,
            photos=self.photos,
            files=list_files(self.texts),
        )
        made: list[Offer] = []
        parts = DrawerParts(
            texts=self.texts,
            vocabulary=VOCABULARY,
            door=self._door,
            attendance=self.premises.signed_in,
            sync=self.view,
            now=self.premises.clock.now_ms,
            live=lambda: self.premises.session.author.stream,
            offers=lambda: made,
        )
        edges = parts.complete(
            Edges(
                preview=self.preview,
                put_out=self.papers.put_out,
                unsent=parts.unsent,
                build_ms=BUILD_MS,
            )
        )
        made += (
            self._people_offer(outfit),
            parcels_offer.offer(outfit),
            cash_offer.offer(self.texts, people.operator_name, people.coworkers, edges),
            cash_offer.right_offer(
                self.texts, people.operator_name, PaymentGatherer(people, people.coworkers)
            ),
            sales_offer.offer(
                parts.selling(self.papers.print_again, self.premises.enrolment.device)
            ),
            purchasing_offer.offer(
                PurchasingOutfit(
                    people, self.texts, self.papers.print_again, self.photos, self.papers.put_out
                )
            ),
            consignment_offer.offer(
                parts.produce(
                    self.papers.print_again, self.papers.put_out, self.photos, self.preview
                )
            ),
            quality_offer.offer(
                QualityOutfit(people, self.texts, self.papers.put_out, self.photos)
            ),
            accounts_offer.offer(
                AccountsOutfit(people, self.texts, self.papers.print_again, self.photos)
            ),
            bills_offer.offer(BillsOutfit(people, self.texts, self.papers, self.preview)),
            sending_offer.offer(
                SendingOutfit(people, self.texts, self.papers.print_again, self.preview)
            ),
            farm_offer.offer(FarmOutfit(people, self.texts, self.papers.print_again, runs_out)),
            parts.handing_on(),
            clearing_offer.offer(self.texts, people.operator_name, people.coworkers, self.photos),
            first_day_offer(self.premises, self.preview),
        )
        return tuple(made)

    def _parts(self) -> StationParts:
        premises, practice, chance = self.premises, self._edges.practice, self._edges.chance
        here, desk = premises.enrolment.station, premises.desk
        return StationParts(
            desk=desk,
            texts=self.texts,
            sounds=practice.sounds(self.senses) if practice else self.senses,
            voice=self.senses,
            put_out=self.papers.put_out,
            customer=self.senses,
            drafts=DraftTable(premises.session.connection, self.write_soon),
            tickets=lambda: new_ticket(chance),
            offers=self._offers(),
            vocabulary=VOCABULARY,
            write=self.write_then,
            live=lambda: premises.session.author.stream,
            now=premises.clock.now_ms,
            sync=self.view,
            spool=self.spool,
            door=self._door,
            attendance=premises.signed_in,
            look=self.check_up.signs,
            remedies=self.check_up.remedies(),
            back_up=None if practice else self.check_up.back_up,
            print_sheet=None if practice else self.check_up.print_sheet,
            print_list=self.check_up.print_list,
            county_phone=self.check_up.county_phone,
            is_practice=practice is not None,
            is_township=lambda: not practice and desk.read(reference.is_township(here)),
            preview=self.preview,
            file_places=lambda: places_here(self.texts),
            couriers=lambda: desk.read(reference.patterns_on(desk.now().day)),
            set_up=nothing_to_set_up if practice else self._set_up(),
            printer_names=self.devices.names,
            devices=lambda: (*self.senses.states(), *scale_items(self.texts, self.devices)),
            timing=self.devices.timing,
            hardware=self.devices,
            senses=self.sense_desk,
            practise=None if practice else self.practise,
            scale=None if practice else ScreenScale(premises.folder),
            photos=self.photos,
        )

    def _pin_digits_least(self) -> int:
        ask, now = self.premises.desk.read, self.premises.desk.now()
        return int(ask(lambda c: reference.read_setting(c, PIN_DIGITS_LEAST, now.station, now.day)))

    def _set_up(self) -> Callable[[Any], Sequence[SetUpLine]]:
        """Return what says what is left of the first day, and of connecting the devices."""
        first_day = first_day_lines(self.premises)

        def lines(connection: Any) -> Sequence[SetUpLine]:
            today = self.premises.desk.now().day
            return [*first_day(connection), *set_up_lines(self.texts, self.devices, today)]

        return lines
