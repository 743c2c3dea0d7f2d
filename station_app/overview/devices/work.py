"""What the device pages ask of the world: everything slow is answered later, in their own thread.

`device_desk.DeviceDesk` is the real one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from station_app.devices.printer import Delivery
from station_app.devices.printer_search import FoundPort
from station_app.devices.printer_setting import PrinterSetting
from station_app.devices.scale import Scale
from station_app.devices.scale_profiles import ScaleProfile
from station_app.devices.scale_reader import ScaleSetting
from station_app.devices.scanner import Timing
from station_app.devices.serial_line import SerialPlace
from station_app.printing.profiles import Profile
from station_app.printing.raster import Raster
from station_app.shell.sense_settings import SenseSettings

SCANNER, SCALE, DRAWER = "scanner", "scale", "drawer"


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What was tried at this counter and found good: device → UTC ms.

    gap_ms: the slowest gap of the scanner; is_enough: the rest is not wanted here.
    """

    at: Mapping[str, int] = {}
    gap_ms: int = 0
    is_enough: bool = False


@dataclass(frozen=True, slots=True)
class KeptPrinter:
    """A printer of this PC. name: as the queue calls it; words: 标签机 2; kind: 60×40 …"""

    name: str
    words: str
    kind: str
    setting: PrinterSetting
    language: str

    @property
    def is_picture(self) -> bool:
        """Tell whether it is a folder of pictures: no printer is set up yet."""
        return self.setting.kind == "folder"


@dataclass(frozen=True, slots=True)
class HeardScale:
    """What came over a line. trouble: a reason of the catalogue, "" when bytes came or none did."""

    raw: bytes
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A plug that a scanner or a display may hang on. place: as settings hold it."""

    place: str
    words: str


class Search(Protocol):
    """A search under way."""

    def cancel(self) -> None:
        """Nobody wants the result any more."""
        ...


class DeviceWork(Protocol):
    """The devices of this PC."""

    @property
    def scale(self) -> Scale:
        """Return the scale."""
        ...

    # --- Printers ---

    def printers(self) -> Sequence[KeptPrinter]:
        """Return the printers of this PC, the pictures if there are none."""
        ...

    def profiles(self) -> Mapping[str, Profile]:
        """Return the kinds of printers."""
        ...

    def search(self, then: Callable[[list[FoundPort]], None]) -> None:
        """Look for ports of this PC."""
        ...

    def search_network(
        self, progress: Callable[[int, int], None], then: Callable[[list[FoundPort]], None]
    ) -> Search:
        """Look for printers on the network."""
        ...

    def trial(self, profile: str) -> Raster:
        """Draw the page that tries a printer of this kind."""
        ...

    def try_printer(self, setting: PrinterSetting, then: Callable[[Delivery], None]) -> None:
        """Print the trial page on a printer that may not be set up yet."""
        ...

    def print_trial(self, name: str) -> None:
        """Queue the trial page for a printer that is set up."""
        ...

    def keep_printer(
        self, setting: PrinterSetting, instead_of: str, then: Callable[[], None]
    ) -> None:
        """Set a printer up, in the place of another one or ("") beside the others."""
        ...

    def drop_printer(self, name: str, then: Callable[[], None]) -> None:
        """Forget a printer."""
        ...

    # --- Scale ---

    def scale_setting(self) -> ScaleSetting | None:
        """Return which scale is set up."""
        ...

    def scale_kinds(self) -> Mapping[str, ScaleProfile]:
        """Return the kinds of scales."""
        ...

    def keep_scale(self, setting: ScaleSetting | None, then: Callable[[], None]) -> None:
        """Use another scale from now on; None for none."""
        ...

    def listen_to_scale(
        self, place: SerialPlace, seconds: float, then: Callable[[HeardScale], None]
    ) -> None:
        """Hear what comes over a line; the scale that is set up lets go of it meanwhile."""
        ...

    # --- Scanner, and what was tried ---

    def keep_timing(self, slowest_gap_ms: int) -> Timing:
        """Use the timing that fits a scanner whose slowest gap was measured."""
        ...

    def tried(self) -> Tried:
        """Return what was tried."""
        ...

    def mark_tried(self, device: str) -> None:
        """A device works: the operator has seen it."""
        ...

    def mark_enough(self) -> None:
        """Nothing else is to be connected here."""
        ...


class SenseWork(Protocol):
    """Scanner, sounds and customer's display of this PC; `sense_desk.SenseDesk` is the real one."""

    @property
    def settings(self) -> SenseSettings:
        """Return what is at work now."""
        ...

    @property
    def scanner_state(self) -> str:
        """Return how the scanner is that is no keyboard: "ready", why not, or "" for none."""
        ...

    @property
    def exclusive(self) -> str:
        """Return the way in which this system gives one keyboard to one program."""
        ...

    def try_out(self, settings: SenseSettings) -> None:
        """Put settings to work without keeping them."""
        ...

    def keep(self, settings: SenseSettings) -> None:
        """Put settings to work, and keep them."""
        ...

    def put_back(self) -> None:
        """Put to work what is kept: a try is over."""
        ...

    def search(self, way: str, then: Callable[[Sequence[FoundPlace]], None]) -> None:
        """Look for plugs of a way: `serial`, `evdev` or `raw_input`."""
        ...
