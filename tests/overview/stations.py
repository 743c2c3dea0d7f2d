"""A whole station for the tests of the overview: real journal, real slices, the real window.

What touches the world stands in: a clock that is set, a line that a test moves, printers that
print nothing. Keys and scans are typed into the window's handle, as a scanner does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from station_app.journal.recorder import new_ticket
from station_app.journal.series import printed_number
from station_app.journal.store import transaction
from station_app.overview.acts import ActRow, act_by_id
from station_app.overview.doctor import DoctorWork
from station_app.overview.enrolment import EnrolmentWork
from station_app.overview.examination import Signs
from station_app.overview.first_window import FirstParts, closed_window, enrolment_window
from station_app.overview.sign_in import PinDoor, colleagues
from station_app.overview.sync_view import Standing
from station_app.overview.window import StationParts, StationWindow, build_window
from station_app.paper_desk import PaperDesk
from station_app.premises import Premises
from station_app.printing import jobs
from station_app.printing.raster import Raster
from station_app.reference import records as reference
from station_app.security.pins import PinCost, PinHasher
from station_app.services.accounts import offer as accounts
from station_app.services.accounts.outfit import Outfit as AccountsOutfit
from station_app.services.bills import offer as bills
from station_app.services.bills.outfit import Outfit as BillsOutfit
from station_app.services.cash import offer as cash
from station_app.services.cash.commands import OpenShift, TakePayment
from station_app.services.cash.facts import Count, Tender
from station_app.services.cash.pages.edges import Edges, Unsent
from station_app.services.cash.payment_records import PaymentGatherer
from station_app.services.farm_pickups import offer as farm
from station_app.services.farm_pickups.outfit import Outfit as FarmOutfit
from station_app.services.handing_on import offer as handing_on
from station_app.services.handing_on.outfit import Outfit as HandingOnOutfit
from station_app.services.parcels import offer as parcels
from station_app.services.parcels.commands import HandOverParcels, PrintSlip, ShelveParcel
from station_app.services.parcels.outfit import Outfit, no_preview
from station_app.services.parcels.run_records import parcels_here, runs_out
from station_app.services.people import offer as people_offer
from station_app.services.people import records as people
from station_app.services.people.commands import RegisterOperator
from station_app.services.purchasing import offer as purchasing
from station_app.services.purchasing.outfit import Outfit as PurchasingOutfit
from station_app.services.sales import offer as sales
from station_app.services.sales.outfit import Outfit as SalesOutfit
from station_app.services.sending import offer as sending
from station_app.services.sending.outfit import Outfit as SendingOutfit
from station_app.shell.desk import Done, Outcome
from station_app.shell.drafts import DraftsInMemory
from station_app.shell.offers import Offer
from station_app.shell.window import MainWindow
from station_app.values.waybills import CourierPattern
from station_app.vocabulary import VOCABULARY
from tests.overview.moved_line import Line
from tests.overview.produce import produce_offer, quality_offer
from tests.proofs.kit import MORNING_MS, SetClock, open_furnished
from tests.shell.conftest import Hand
from tests.shell.quick_bot import let_happen

PIN = "271828"
MINUTE = 60_000
CHEAP = PinCost(1, 8)


class PaperTable:
    """The print table without printers: jobs stay as a test puts them."""

    def __init__(self, connection: Any, now: Callable[[], int]) -> None:
        self._connection = connection
        self._now = now
        self.printers = {"receipt": ("ok", ""), "label": ("ok", "")}
        self.retried: list[str] = []

    def _write(self, work: Callable[[Any], Any]) -> Any:
        with transaction(self._connection):
            return work(self._connection)

    def states(self) -> dict[str, Any]:
        return {
            name: SimpleNamespace(state=state, reason=reason)
            for name, (state, reason) in self.printers.items()
        }

    def queue(self) -> list[jobs.Job]:
        return jobs.queue(self._connection)

    def reprint(self, job: int, printer: str | None = None) -> int:
        return self._write(lambda c: jobs.reprint(c, job, at=self._now(), printer=printer))

    def redirect(self, job: int, printer: str) -> bool:
        return self._write(lambda c: jobs.redirect(c, job, printer))

    def cancel(self, job: int) -> bool:
        return self._write(lambda c: jobs.cancel(c, job))

    def came_out(self, job: int) -> bool:
        return self._write(lambda c: jobs.came_out(c, job))

    def retry(self, name: str) -> None:
        self.retried.append(name)

    def wake(self) -> None:
        """Nobody sleeps here."""

    def settle(self, job: int, state: jobs.State, error: str = "") -> None:
        self._write(lambda c: jobs.settle(c, job, state, error))

    def settle_all(self, state: jobs.State = "sent") -> None:
        for job in self.queue():
            self.settle(job.job, state)


@dataclass
class SoundRecord:
    """Remembers what was played and spoken."""

    played: list[str] = field(default_factory=list)
    spoken: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def speak(self, what: str, phrase: tuple[str, ...]) -> None:
        self.spoken.append((what, phrase))

    def read_out(self, phrase: tuple[str, ...]) -> None:
        self.spoken.append(("asked", phrase))

    def say_saved(self) -> None:
        pass

    def play(self, name: str) -> None:
        self.played.append(name)


def open_work(connection: Any, _now: Any) -> tuple[tuple[str, int], ...]:
    """How much is open here, as the composition root counts it on each page."""
    here = len(parcels_here(connection))
    return (("parcels.tab.overdue", here),) if here else ()


class TestStation:
    """One PC of a station, furnished by the county, and its window."""

    __test__ = False

    def __init__(self, folder: Path, qtbot: Any, *, seed: int = 1) -> None:
        """folder: of a station that the county has furnished."""
        self.folder = folder
        self.qtbot = qtbot
        self._seed = seed
        self.clock = SetClock()
        self.line = Line(Standing("online", MORNING_MS, last_success_at=MORNING_MS))
        self.sounds = SoundRecord()
        self.drafts = DraftsInMemory()
        self.uptime = 0
        self.signs: Signs | None = None
        self.remedies: dict[str, Callable[[], None]] = {}
        self.more: dict[str, Any] = {}
        self.again: list[tuple[Any, str]] = []
        self.scale: Any = None
        self.photos: Any = None
        self.preview: Any = no_preview
        self.pin_digits_least = 6
        self.window: Any = None
        self._open()

    def _open(self) -> None:
        self.premises: Premises = open_furnished(self.folder, seed=self._seed, clock=self.clock)
        premises = self.premises
        self.desk = premises.desk
        self.papers = PaperTable(self.connection, lambda: self.clock.at_ms)
        self.door = PinDoor(
            lambda work, then: then(work(self.connection)),
            PinHasher(bytes(32), CHEAP),
            chance=premises.chance,
            uptime_ms=lambda: self.uptime,
            least=lambda: self.pin_digits_least,
        )

    @property
    def connection(self) -> Any:
        return self.premises.session.connection

    @property
    def texts(self):
        return self.premises.texts

    def restart(self) -> None:
        """End the program and start it again."""
        self.close()
        self._seed += 100
        self._open()

    def close(self) -> None:
        if self.window is not None:
            self.window.close()
            self.window.deleteLater()
            self.window = None
            let_happen()
        self.premises.close()

    # --- People and work -------------------------------------------------------------------------

    def do(self, *commands: Any) -> Outcome:
        return self.desk.settle(*commands, ticket=new_ticket(self.premises.chance))

    def hire(self, name: str = "李示芳", role: str = "manager", pin: str = PIN) -> str:
        """Register somebody with the test's PIN; managers may always."""
        signed_in = self.premises.signed_in
        was = (signed_in.operator, signed_in.is_manager)
        signed_in.come(signed_in.operator, is_manager=True)
        done = self.do(RegisterOperator(name=name, role=role))
        assert isinstance(done, Done), done
        signed_in.operator, signed_in.is_manager = was
        identity = done.told[0].identity
        self.door.give(identity, pin, lambda _none: None)
        return identity

    def sign_in(self, identity: str = "") -> str:
        """Sign somebody in without the page."""
        identity = identity or self.hire()
        self.premises.signed_in.come(identity, is_manager=True)
        return identity

    def person(self, number: int = 0) -> str:
        rows = people.find(self.connection, f"1540000{6000 + number}")
        return rows[0].identity

    def shelve(self, number: int = 0, waybill: str = "", **more: Any) -> Done:
        """Put a parcel for the n-th villager on a shelf."""
        waybill = waybill or f"73{number:012d}"
        done = self.do(
            ShelveParcel(waybill=waybill, person=self.person(number % 12), courier="ZTO", **more)
        )
        assert isinstance(done, Done), done
        return done

    def shelve_for(self, person: str, waybill: str) -> Done:
        """Put a parcel for somebody on a shelf."""
        done = self.do(ShelveParcel(waybill=waybill, person=person, courier="ZTO"))
        assert isinstance(done, Done), done
        return done

    def hand_over_with_slip(self, number: int) -> Done:
        """Hand a parcel over and print its slip."""
        parcel = self.shelve(number).told[0].identity
        ticket = new_ticket(self.premises.chance)
        done = self.desk.settle(
            HandOverParcels(parcels=(parcel,), paid_fen=0),
            PrintSlip(act=ticket),
            ticket=ticket,
        )
        assert isinstance(done, Done), done
        return done

    def act(self, done: Done) -> ActRow:
        """Return how an act stands in the journal now."""
        row = act_by_id(self.connection, done.act)
        assert row is not None
        return row

    def printed(self, number: str) -> str:
        """Return a number as papers of this start bear it."""
        return printed_number(int(number), self.premises.session.author.stream)

    def hand_over(self, number: int, *, cod_fen: int = 0) -> Done:
        """Shelve a parcel for the n-th villager and hand it over, its money taken."""
        parcel = self.shelve(number, f"73{900 + number:012d}", cod_fen=cod_fen).told[0].identity
        commands: list[Any] = [HandOverParcels(parcels=(parcel,), paid_fen=cod_fen)]
        if cod_fen:
            tender = Tender(way="cash", amount_fen=cod_fen)
            commands.append(TakePayment(due_fen=cod_fen, tenders=(tender,)))
        done = self.do(*commands)
        assert isinstance(done, Done), done
        return done

    def open_shift(self) -> None:
        counts = (Count(10_000, 3), Count(1_000, 10))
        done = self.do(OpenShift(counts=counts, reason="float", day=self.desk.now().day))
        assert isinstance(done, Done), done

    # --- The window ------------------------------------------------------------------------------

    def offers(self) -> tuple[Offer, ...]:
        texts = self.texts
        outfit = Outfit(self.premises.gatherer, texts, no_preview, lambda _paper, _act: None)
        edges = Edges(
            preview=lambda _receipt: Raster(8, 8, bytes(8)),
            put_out=lambda _receipt, _act: None,
            unsent=lambda: Unsent(0, 0, is_offline=False),
            acts_page="overview.acts",
            held=lambda connection: [
                work for find in selling.held for work in find(connection, texts)
            ],
        )
        device = self.premises.enrolment.device
        outfit_of_sales = SalesOutfit(
            people, texts, self.print_again, device=device, scale=self.scale, try_pin=self.try_pin
        )
        selling = sales.offer(outfit_of_sales)
        return (
            people_offer.offer(texts),
            parcels.offer(outfit),
            cash.offer(texts, people.operator_name, people.coworkers, edges),
            cash.right_offer(
                texts, people.operator_name, PaymentGatherer(people, people.coworkers)
            ),
            accounts.offer(AccountsOutfit(people, texts, self.print_again, self.photos)),
            bills.offer(BillsOutfit(people, texts, self, self.preview)),
            sending.offer(SendingOutfit(people, texts, self.print_again, self.preview)),
            farm.offer(FarmOutfit(people, texts, self.print_again, runs_out)),
            handing_on.offer(HandingOnOutfit(people, texts, open_work, parcels_here)),
            purchasing.offer(
                PurchasingOutfit(
                    people,
                    texts,
                    self.print_again,
                    self.photos,
                    self.put_out,
                )
            ),
            selling,
            produce_offer(self),
            quality_offer(self),
        )

    def try_pin(self, operator: str, pin: str, then: Callable[[str], None]) -> None:
        """Look at a colleague's PIN, as the drawer's edges do."""
        then("" if pin == PIN else "密码不对")

    def print_again(self, paper: Any, act: str) -> None:
        """Remember a paper that was asked for once more."""
        self.again.append((paper.document, act))

    def print_first(self, paper: Any, act: str) -> None:
        """Queue a paper for the first time, as the desk of papers does."""
        now, write = lambda: self.clock.at_ms, self.premises.session.write
        desk = PaperDesk(lambda put, _then: write(lambda r: put(r.connection)), now, lambda: None)
        desk.print_first(paper, act)

    def put_out(self, paper: Any, act: str = "") -> None:
        """Remember a paper that belongs to no act."""
        self.again.append((paper, act))

    def couriers(self) -> Sequence[CourierPattern]:
        return reference.patterns(self.connection, self.desk.now().day)

    def parts(self) -> StationParts:
        values: dict[str, Any] = {
            "desk": self.desk,
            "texts": self.texts,
            "sounds": self.sounds,
            "voice": self.sounds,
            "drafts": self.drafts,
            "tickets": lambda: new_ticket(self.premises.chance),
            "offers": self.offers(),
            "vocabulary": VOCABULARY,
            "write": lambda work, then: then(work(self.connection)),
            "live": lambda: self.premises.session.author.stream,
            "now": lambda: self.clock.at_ms,
            "sync": self.line,
            "spool": self.papers,
            "door": self.door,
            "attendance": self.premises.signed_in,
            "look": lambda: self.signs or Signs(now_ms=self.clock.at_ms, built_ms=1),
            "remedies": self.remedies,
            "couriers": self.couriers,
            "printer_names": {"receipt": "小票机", "label": "标签机"},
            "county_phone": lambda: "0377-6533 0000",
            "idle_ms": 0,
            "photos": self.photos,
        }
        return StationParts(**{**values, **self.more})

    def show(self, size: tuple[int, int] = (1366, 768)) -> StationWindow:
        """Make and show the window; the lock page is in front."""
        self.window = build_window(self.parts())
        self._bring_up(size)
        self.window.begin()
        settle()
        self.hand.settle()
        return self.window

    def show_first(self, work: EnrolmentWork, size: tuple[int, int] = (1366, 768)) -> None:
        """Show the window of the first run, which has no journal."""
        self._show_without_journal(enrolment_window(self._first_parts(), work), size)

    def show_closed(self, work: DoctorWork, size: tuple[int, int] = (1366, 768)) -> None:
        """Show the window of a start check before a journal that cannot be opened."""
        self._show_without_journal(closed_window(self._first_parts(), work), size)

    def _first_parts(self) -> FirstParts:
        return FirstParts(
            texts=self.texts,
            sounds=self.sounds,
            tickets=lambda: new_ticket(self.premises.chance),
            now=lambda: self.clock.at_ms,
        )

    def _show_without_journal(self, window: MainWindow, size: tuple[int, int]) -> None:
        self.window = window
        self._bring_up(size)
        window.start()
        self.hand.settle()

    def _bring_up(self, size: tuple[int, int]) -> None:
        assert self.window is not None
        self.window.resize(*size)
        self.window.show()
        self.window.activateWindow()
        self.qtbot.waitExposed(self.window)
        self.qtbot.waitUntil(self.window.isActiveWindow)
        self.hand = Hand(self.window, self.qtbot)

    def show_unlocked(self, size: tuple[int, int] = (1366, 768)) -> StationWindow:
        """Show the window with the manager signed in, as after a right PIN."""
        if not self.desk.read(colleagues):
            self.hire()
        window = self.show(size)
        self.type(PIN)
        settle()
        assert not window.is_locked(), "signed in"
        return window

    # --- Hands -----------------------------------------------------------------------------------

    def type(self, text: str) -> None:
        """Type as a person does, into whatever has the focus."""
        self.hand.type(text)
        settle()

    def press(self, *names: str) -> None:
        """Press keys by the names on their caps."""
        for name in names:
            self.hand.press(name)
            settle()

    def scan(self, text: str) -> None:
        """Scan: a burst, then Enter."""
        self.hand.burst(text)
        self.hand.settle()
        settle()

    def compose(self, text: str) -> None:
        """Type Chinese, as an input method does."""
        self.hand.compose(text)
        self.hand.settle()
        settle()

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Press the mouse on a widget."""
        place = at if at is not None else widget.rect().center()
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        settle()

    def toasts(self) -> list[str]:
        """Return the words of the toasts that are shown."""
        assert self.window is not None
        return [toast.notice.words for toast in self.window.toasts.toasts]

    @property
    def page(self):
        assert self.window is not None
        return self.window.deck.current


def settle() -> None:
    """Let everything happen that happens by itself."""
    for _ in range(6):
        QApplication.processEvents()
