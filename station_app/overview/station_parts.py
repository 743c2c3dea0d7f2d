"""Everything that the window of the station is made of, handed in by the composition root."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from station_app.devices.customer_display import CustomerDisplay, NoDisplay
from station_app.devices.scanner import Timing
from station_app.journal.log import Connection
from station_app.journal.vocabulary import Vocabulary
from station_app.overview.attention import SetUpLine
from station_app.overview.devices.work import DeviceWork, SenseWork
from station_app.overview.examination import Signs
from station_app.overview.practice.practice_page import Practise
from station_app.overview.print_queue import QueueWork, SpoolLike
from station_app.overview.sign_in import Attendance, PinDoor, Write
from station_app.overview.strip_items import pictures
from station_app.overview.sync_view import SyncView
from station_app.printing.document import Receipt
from station_app.printing.raster import Raster
from station_app.shell.desk import Desk
from station_app.shell.drafts import Drafts
from station_app.shell.offers import Offer
from station_app.shell.photos import PhotoDesk
from station_app.shell.scaling import ScreenScale
from station_app.shell.sounds import Mute, Sounds, Voice
from station_app.shell.widgets.strip import StatusItem
from station_app.values.texts import Texts
from station_app.values.waybills import CourierPattern

IDLE_MS = 10 * 60_000  # long enough to weigh a sack, short enough for a busy square


def nothing_to_set_up(_connection: Connection) -> Sequence[SetUpLine]:
    """Return no lines: the first day is over."""
    return ()


def no_preview(_document: Any) -> Raster | None:
    """Return no picture of a paper: nothing here draws."""
    return None


def no_places() -> Sequence[tuple[str, Path]]:
    """Return no folder for files."""
    return ()


def no_devices() -> Sequence[StatusItem]:
    """Return no devices besides the printers."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StationParts:
    """Everything that the window is made of.

    offers: of the slices; write: runs work in the writing thread; live: the stream of this start;
    now: UTC ms; printer_names: words for each printer of the spool; devices: other items of the
    strip (scale, drawer); set_up: what is left of the first day; idle_ms: until the screen locks
    itself, 0 for never; look, remedies: the start check and what helps (`Finding.action`);
    back_up, print_sheet, print_list: what the start check offers besides (`DoctorWork`); put_out:
    prints a slip of no act; preview: draws a paper as its printer will; file_places: folder and
    sticks for files, with their words; hardware, senses: the devices behind their pages,
    None without those pages; scale: how large the screen draws, None where nobody chooses; photos:
    of acts, None where none are kept.
    is_township: whether the station passes parcels on to its villages.
    is_practice: nothing is real: no lock, no start check; practise: opens the practice at a lesson
    and tells when it is over, None where there is none.
    """

    desk: Desk
    texts: Texts
    sounds: Sounds
    drafts: Drafts
    tickets: Callable[[], str]
    offers: Sequence[Offer]
    vocabulary: Vocabulary
    write: Write
    live: Callable[[], str]
    now: Callable[[], int]
    sync: SyncView
    spool: SpoolLike
    door: PinDoor
    attendance: Attendance
    look: Callable[[], Signs]
    remedies: Mapping[str, Callable[[], None]] = field(default_factory=dict)
    couriers: Callable[[], Sequence[CourierPattern]] = tuple
    printer_names: Mapping[str, str] = field(default_factory=dict)
    devices: Callable[[], Sequence[StatusItem]] = no_devices
    voice: Voice = field(default_factory=Mute)
    customer: CustomerDisplay = field(default_factory=NoDisplay)
    set_up: Callable[[Connection], Sequence[SetUpLine]] = nothing_to_set_up
    timing: Timing = field(default_factory=Timing)
    county_phone: Callable[[], str] = str
    idle_ms: int = IDLE_MS
    back_up: Callable[[Callable[[str], None]], None] | None = None
    print_sheet: Callable[[], str] | None = None
    print_list: Callable[[Signs], str] | None = None
    put_out: Callable[[Receipt, str], None] | None = None
    preview: Callable[[Any], Raster | None] = no_preview
    file_places: Callable[[], Sequence[tuple[str, Path]]] = no_places
    hardware: DeviceWork | None = None
    senses: SenseWork | None = None
    scale: ScreenScale | None = None
    photos: PhotoDesk | None = None
    is_township: Callable[[], bool] = lambda: False
    is_practice: bool = False
    practise: Practise | None = None

    def pictures(self) -> frozenset[str]:
        """Return the printers that are none. Those of the practice are as good as real ones."""
        return frozenset() if self.is_practice else pictures(self.hardware)

    def queue_work(self, counted: Callable[[], None]) -> QueueWork:
        """Return what the page of the queue needs. counted: told of more or fewer papers."""
        return QueueWork(
            spool=self.spool,
            names=self.printer_names,
            now=self.now,
            pictures=self.pictures,
            counted=counted,
        )
