"""The devices of this PC behind their pages: searched, tried, kept, and put to use at once.

Whatever touches a device runs in a reading thread, whatever is kept is written by the writer; the
pages get their answer in the screen's thread. So nothing on the screen ever waits for a cable.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar

import msgspec

from station_app import printers
from station_app.devices.cups_printer import CupsQueues
from station_app.devices.own_address import own_address
from station_app.devices.printer import Delivery
from station_app.devices.printer_search import (
    FoundPort,
    search_here,
    search_network,
)
from station_app.devices.printer_setting import PrinterSetting, port_of
from station_app.devices.scale import Scale
from station_app.devices.scale_profiles import ScaleProfile, load_scales
from station_app.devices.scale_reader import ScaleSetting, ScaleStand, listen
from station_app.devices.scanner import Timing
from station_app.devices.serial_line import SerialPlace, reason_of
from station_app.devices.windows_printer import WindowsQueues
from station_app.overview.devices.work import SCANNER, HeardScale, KeptPrinter, Search, Tried
from station_app.premises import Premises
from station_app.printing.document import DrawerKick, Label, Receipt
from station_app.printing.forms import trial_label, trial_slip
from station_app.printing.press import Press
from station_app.printing.profiles import TEXT_MODE, Profile, named
from station_app.printing.raster import Raster
from station_app.printing.spool import Spool, enqueue
from station_app.resources_dir import resources

T = TypeVar("T")

_SCALE, _TRIED = "scale", "devices_tried"
TRIAL_CODE = "NX-TEST-01"
LABEL_DEFAULT, RECEIPT_DEFAULT = "label_60x40", "receipt_80"


class Work(Search, Protocol):
    """Work under way."""

    @property
    def is_cancelled(self) -> bool:
        """Tell whether nobody wants its result any more."""
        ...


class Background(Protocol):
    """What runs work beside the screen and brings its result back; `shell.tasks.Tasks` does."""

    def write(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Run `work` in the writing thread, then `then` in the screen's."""
        ...

    def read(self, work: Callable[[], T], then: Callable[[T], None]) -> object:
        """Run `work` in a reading thread, then `then` in the screen's."""
        ...

    def read_slowly(
        self,
        work: Callable[[Any, Callable[[int, int], None]], T],
        then: Callable[[T], None],
        progress: Callable[[int, int], None],
    ) -> Search:
        """Run long work in a reading thread: it gets its own `Work`, and says how far it is."""
        ...


def kept_scale(connection: Any) -> ScaleSetting | None:
    """Return the scale of this PC."""
    found = _local(connection, _SCALE)
    return msgspec.json.decode(found, type=ScaleSetting | None) if found else None


def tried(connection: Any) -> Tried:
    """Return what was tried at this counter."""
    found = _local(connection, _TRIED)
    return msgspec.json.decode(found, type=Tried) if found else Tried()


def _local(connection: Any, name: str) -> str:
    row = connection.execute("SELECT value FROM local WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else ""


def _keep(connection: Any, name: str, value: Any) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO local(name, value) VALUES (?, ?)",
        (name, msgspec.json.encode(value).decode("utf-8")),
    )


class DeviceDesk:
    """The devices of this PC. Implements `overview.devices.work.DeviceWork`."""

    def __init__(
        self,
        premises: Premises,
        tasks: Background,
        press: Press,
        given: Sequence[PrinterSetting] = (),
        scale: Scale | None = None,
    ) -> None:
        """Read what is kept. given: printers instead of those; `spool` is put in later.

        scale: what is weighed on while none is set up.
        """
        self._premises = premises
        self._tasks = tasks
        self._press = press
        self._known = printers.profiles()
        connection = premises.session.connection
        self._folder = premises.folder / "papers"
        self._pictures = printers.in_pictures(self._folder)
        self._settings = tuple(given) or printers.kept(connection) or self._pictures
        self._stand = ScaleStand(self.scale_kinds, scale)
        self._scale_setting = kept_scale(connection)
        self._tried = tried(connection)
        self._search: Search | None = None
        self.spool: Spool | None = None
        self.names: dict[str, str] = {}
        self._name_them()

    def start(self) -> None:
        """Let the scale be heard, if one is set up."""
        self._tasks.read(partial(self._stand.put, self._scale_setting), lambda _done: None)

    def stop(self) -> None:
        """Let go of the scale's line; nobody waits for what a search would find."""
        if self._search is not None:
            self._search.cancel()
        self._stand.put(None)

    @property
    def scale(self) -> Scale:
        """Return the scale."""
        return self._stand

    @property
    def timing(self) -> Timing:
        """Return the timing of the scanner that was measured here."""
        return Timing.measured(self._tried.gap_ms) if self._tried.gap_ms else Timing()

    # --- Printers --------------------------------------------------------------------------------

    def made(self) -> tuple[Any, ...]:
        """Return the printers for the spool."""
        beside = printers.instead_of_waybills(self._settings, self._folder)
        return printers.made((*self._settings, *beside))

    def profile(self, document: Label | Receipt) -> Profile:
        """Return the kind of printer on which a paper will come out."""
        role = "label" if isinstance(document, Label) else "receipt"
        if isinstance(document, Label) and document.width >= printers.WAYBILL_WIDTH:
            return self._known[printers.WAYBILL_PROFILE]
        found = next((s for s in self._settings if s.role == role), None)
        if found is None:
            return self._known[LABEL_DEFAULT if role == "label" else RECEIPT_DEFAULT]
        return printers.profile_of(self._known, found)

    def printers(self) -> Sequence[KeptPrinter]:
        """Return the printers of this PC, the pictures if there are none."""
        kept = []
        for name, setting in zip(printers.names(self._settings), self._settings, strict=True):
            profile = printers.profile_of(self._known, setting)
            kind = self._kind_words(setting)
            kept.append(KeptPrinter(name, self.names[name], kind, setting, profile.language))
        return kept

    def _kind_words(self, setting: PrinterSetting) -> str:
        texts, plain = self._premises.texts, setting.profile.removesuffix(TEXT_MODE)
        key = f"printing.profile.{plain}"
        return texts.say(key) if texts.has(key) else ""

    def _name_them(self) -> None:
        self.names.clear()
        self.names.update(printers.words(self._premises.texts, self._settings))

    def profiles(self) -> Mapping[str, Profile]:
        """Return the kinds of printers."""
        return self._known

    def search(self, then: Callable[[list[FoundPort]], None]) -> None:
        """Look for ports of this PC."""
        queues = (("cups", CupsQueues()), ("windows", WindowsQueues()))
        self._tasks.read(lambda: search_here(queues), then)

    def search_network(
        self, progress: Callable[[int, int], None], then: Callable[[list[FoundPort]], None]
    ) -> Search:
        """Look for printers on the network."""

        def work(job: Work, say: Callable[[int, int], None]) -> list[FoundPort]:
            return search_network(own_address(), say, is_cancelled=lambda: job.is_cancelled)

        self._search = self._tasks.read_slowly(work, then, progress)
        return self._search

    def _trial(self, profile: Profile) -> Label | Receipt:
        say = self._premises.texts.say
        title = say("printing.test_page.title")
        lines = tuple(say(f"printing.test_page.{line}") for line in ("line", "names"))
        if profile.height:
            return trial_label(
                profile.width, profile.height, title=title, lines=lines, code=TRIAL_CODE
            )
        lines = (*lines, say("printing.test_page.scan"))
        return trial_slip(title=title, lines=lines, code=TRIAL_CODE)

    def trial(self, profile: str) -> Raster:
        """Draw the page that tries a printer of this kind."""
        known = named(self._known, profile)
        return self._press.raster(self._trial(known), known)

    def try_printer(self, setting: PrinterSetting, then: Callable[[Delivery], None]) -> None:
        """Print the trial page, or open the drawer, on a printer that may not be set up yet."""
        profile = printers.profile_of(self._known, setting)

        def work() -> Delivery:
            document = DrawerKick() if setting.role == "drawer" else self._trial(profile)
            job = self._press.render_bytes(document, profile)
            port = port_of(setting, language=profile.language, width=profile.width)
            return port.deliver(job)

        self._tasks.read(work, then)

    def print_trial(self, name: str) -> None:
        """Queue the trial page for a printer that is set up."""
        found = next(printer for printer in self.printers() if printer.name == name)
        document = self._trial(printers.profile_of(self._known, found.setting))
        at, role = self._premises.clock.now_ms(), found.setting.role

        def work(connection: Any) -> None:
            enqueue(connection, at=at, act="", role=role, document=document, printer=name)

        self._write(work, self._wake)

    def _wake(self) -> None:
        if self.spool is not None:
            self.spool.wake()

    def keep_printer(
        self, setting: PrinterSetting, instead_of: str, then: Callable[[], None]
    ) -> None:
        """Set a printer up, in the place of another one or ("") beside the others."""
        settings = list(self._settings)
        called = printers.names(self._settings)
        if instead_of in called:
            settings[called.index(instead_of)] = setting
        else:
            settings.append(setting)
        self._keep_printers(settings, then)

    def drop_printer(self, name: str, then: Callable[[], None]) -> None:
        """Forget a printer; without any the papers become pictures again."""
        called = zip(printers.names(self._settings), self._settings, strict=True)
        self._keep_printers([setting for known, setting in called if known != name], then)

    def _keep_printers(self, settings: Sequence[PrinterSetting], then: Callable[[], None]) -> None:
        """Keep them; a picture folder stands in only for a role that has no printer."""
        real = {setting.role for setting in settings if setting.kind != "folder"}
        kept = [s for s in settings if s.kind != "folder" or s.role not in real]
        roles = {setting.role for setting in kept}
        kept += [stand_in for stand_in in self._pictures if stand_in.role not in roles]

        self._settings = tuple(kept)
        self._name_them()

        def done() -> None:
            if self.spool is not None:
                self.spool.replace(self.made())
            then()

        self._write(lambda connection: printers.keep(connection, kept), done)

    # --- Scale -----------------------------------------------------------------------------------

    def scale_setting(self) -> ScaleSetting | None:
        """Return which scale is set up."""
        return self._scale_setting

    def scale_kinds(self) -> dict[str, ScaleProfile]:
        """Return the kinds of scales."""
        return dict(load_scales((resources() / "scales.toml").read_text("utf-8")))

    def keep_scale(self, setting: ScaleSetting | None, then: Callable[[], None]) -> None:
        """Use another scale from now on; None for none."""
        self._scale_setting = setting

        def kept() -> None:
            self._tasks.read(partial(self._stand.put, setting), lambda _done: then())

        self._write(lambda connection: _keep(connection, _SCALE, setting), kept)

    def listen_to_scale(
        self, place: SerialPlace, seconds: float, then: Callable[[HeardScale], None]
    ) -> None:
        """Hear what comes over a line; the scale that is set up lets go of it meanwhile."""

        def work() -> HeardScale:
            self._stand.put(None)
            try:
                return HeardScale(listen(place, seconds))
            except OSError as problem:
                return HeardScale(b"", reason_of(problem))
            finally:
                self._stand.put(self._scale_setting)

        self._tasks.read(work, then)

    # --- Scanner, and what was tried -------------------------------------------------------------

    def keep_timing(self, slowest_gap_ms: int) -> Timing:
        """Use the timing that fits a scanner whose slowest gap was measured."""
        self._tried = msgspec.structs.replace(self._tried, gap_ms=max(1, slowest_gap_ms))
        self.mark_tried(SCANNER)
        return self.timing

    def tried(self) -> Tried:
        """Return what was tried."""
        return self._tried

    def mark_tried(self, device: str) -> None:
        """A device works: the operator has seen it."""
        at = {**self._tried.at, device: self._premises.clock.now_ms()}
        self._keep_tried(msgspec.structs.replace(self._tried, at=at))

    def mark_enough(self) -> None:
        """Nothing else is to be connected here."""
        self._keep_tried(msgspec.structs.replace(self._tried, is_enough=True))

    def _keep_tried(self, tried_now: Tried) -> None:
        self._tried = tried_now
        self._write(lambda connection: _keep(connection, _TRIED, tried_now), lambda: None)

    def _write(self, work: Callable[[Any], Any], then: Callable[[], None]) -> None:
        session = self._premises.session
        self._tasks.write(
            lambda: session.write(lambda recorder: work(recorder.connection)), lambda _done: then()
        )
