"""Eyes and ears of this PC: sounds and voice, the scanner's way in, the customer's display.

One value says how they are set (`shell/sense_settings.py`); `Senses.use` puts another one to work
at once, without a restart. The strip shows `Senses.states`.
"""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from threading import Thread

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QScreen

from station_app.devices.customer_display import (
    IDLE,
    SERIAL_BAUDS,
    CustomerDisplay,
    CustomerView,
    NoDisplay,
)
from station_app.devices.scanner_source import CodeSource, ScannerReader
from station_app.resources_dir import resources
from station_app.shell.sense_settings import SenseSettings
from station_app.shell.sounds import TONES, VOICES, DevicePlayer, ToneSounds, Tuning
from station_app.shell.widgets.strip import StatusItem
from station_app.values.spoken import SENTENCES, Phrase
from station_app.values.texts import Texts

SOUND = "sound"  # the key of its state in the strip
OWN_VOICE = "voice"  # folder of the data folder: a station's own recordings, by names of pieces

LET_GO_SECONDS = 3.0

log = logging.getLogger(__name__)


class _Ear(QObject):
    """Carries into the screen's thread what a scanner's says, and that of the sounds.

    It is the receiver itself: a queued call to a method of no QObject may outlive its object.
    number: of the reader; what an earlier one still says does not count.
    """

    heard = Signal(int, str)
    changed = Signal(int, str)
    silent = Signal()

    def __init__(
        self,
        take_heard: Callable[[int, str], None],
        take_changed: Callable[[int, str], None],
        take_silent: Callable[[], None],
    ) -> None:
        super().__init__()
        self._take_heard, self._take_changed = take_heard, take_changed
        self._take_silent = take_silent
        self.heard.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self.changed.connect(self._change, Qt.ConnectionType.QueuedConnection)
        self.silent.connect(self._fall_silent, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def _fall_silent(self) -> None:
        self._take_silent()

    @Slot(int, str)
    def _hear(self, number: int, code: str) -> None:
        self._take_heard(number, code)

    @Slot(int, str)
    def _change(self, number: int, state: str) -> None:
        self._take_changed(number, state)


class Senses:
    """Sounds, scanner and display as they are set now. Make and close it in the screen's thread."""

    def __init__(
        self, settings: SenseSettings, texts: Texts, folder: Path, *, is_silent: bool = False
    ) -> None:
        """Nothing is opened yet. folder: the data folder; is_silent: without any sound."""
        self.settings = settings
        self._texts = texts
        self._device = None if is_silent else DevicePlayer()
        brought = resources() / "sounds"
        pieces = (folder / OWN_VOICE, brought / "voice", brought / "lessons")
        self._ear = _Ear(self._heard, self._scanner_changed, self._fell_silent)
        self._is_soundless = False
        self._sounds = (
            ToneSounds(
                self._device,
                _tuning(settings),
                pieces=pieces,
                on_trouble=self._ear.silent.emit,
            )
            if self._device
            else None
        )
        self._display: CustomerDisplay = NoDisplay()
        self._is_serial = False
        self._view: CustomerView = IDLE
        self._reader: ScannerReader | None = None
        self._number = 0
        self._leaving: list[Thread] = []
        self.scanner_state = ""
        self._take_code: Callable[[str], None] = lambda _code: None
        self._expect_twins: Callable[[bool], None] = lambda _expected: None
        self._screen: Callable[[], QScreen | None] = lambda: None
        self._show_states: Callable[[], None] = lambda: None
        self.is_offline: Callable[[], bool] = lambda: False

    # --- What the window uses --------------------------------------------------------------------

    def play(self, name: str) -> None:
        """Play a tone. Implements `Sounds`."""
        assert name in TONES, name
        if self._sounds is not None:
            self._sounds.play(name)

    def speak(self, what: str, phrase: Phrase) -> None:
        """Speak a phrase. Implements `Voice`."""
        assert what in VOICES, what
        if self._sounds is not None:
            self._sounds.speak(what, phrase)

    def say_saved(self) -> None:
        """Say that an act is kept, where the line is down. Implements `Voice`."""
        if self.is_offline():
            self.speak("state", SENTENCES["saved"])

    def read_out(self, phrase: Phrase) -> None:
        """Speak what somebody has just asked to hear, whatever is muted."""
        if self._sounds is not None:
            self._sounds.read_out(phrase)

    def show(self, view: CustomerView) -> None:
        """Show the customer a view. Implements `CustomerDisplay`."""
        self._view = view
        self._display.show(view)

    def states(self) -> Sequence[StatusItem]:
        """Return the scanner for the strip, where it is no keyboard; and a sound nobody hears."""
        items: list[StatusItem] = []
        if self.settings.scanner != "keyboard" and self.scanner_state:
            is_ready = self.scanner_state == "ready"
            words = self._texts.say(f"shell.scanner.{self.scanner_state}")
            items.append(StatusItem("scanner", words, "ok" if is_ready else "warn", "scan"))
        if self._is_soundless and self.settings.loudness > 0:
            words = self._texts.say("shell.sound.none")
            items.append(StatusItem(SOUND, words, "waiting", "mute"))
        return tuple(items)

    # --- Life ------------------------------------------------------------------------------------

    def start(
        self,
        *,
        take_code: Callable[[str], None],
        expect_twins: Callable[[bool], None],
        screen: Callable[[], QScreen | None],
        show_states: Callable[[], None],
    ) -> None:
        """Open what is set. take_code, expect_twins: of the filter; screen: the window's."""
        self._take_code, self._expect_twins = take_code, expect_twins
        self._screen, self._show_states = screen, show_states
        self._open_scanner()
        self._open_display()

    def use(self, settings: SenseSettings) -> None:
        """Put other settings to work at once."""
        before, self.settings = self.settings, settings
        if self._sounds is not None:
            self._is_soundless = False  # the device is tried again at the next tone
            self._sounds.tune(_tuning(settings))
        if _scanner_of(before) != _scanner_of(settings):
            self._close_scanner()
            self._open_scanner()
        if _display_of(before) != _display_of(settings):
            self._close_display()
            self._open_display()
        self._show_states()

    def close(self) -> None:
        """Let go of everything."""
        self._close_scanner()
        self._close_display()
        for thread in self._leaving:
            thread.join(LET_GO_SECONDS)
        if self._sounds is not None:
            self._sounds.close()
        if self._device is not None:
            self._device.close()

    # --- Scanner ---------------------------------------------------------------------------------

    def _open_scanner(self) -> None:
        settings = self.settings
        self._expect_twins(settings.scanner == "raw_input")
        self.scanner_state = ""
        if settings.scanner == "keyboard":
            return
        self._number += 1
        heard = partial(self._ear.heard.emit, self._number)
        changed = partial(self._ear.changed.emit, self._number)
        self._reader = ScannerReader(lambda: _source(settings), heard, changed)
        self._reader.start()

    def _close_scanner(self) -> None:
        """Let go of the scanner; the screen waits for no thread, `close` does at the end."""
        if self._reader is not None:
            self._let_go(self._reader.stop)
        self._reader = None

    def _let_go(self, close: Callable[[], None]) -> None:
        self._leaving = [thread for thread in self._leaving if thread.is_alive()]
        thread = Thread(target=close, name="senses let go", daemon=True)
        self._leaving.append(thread)
        thread.start()

    def _heard(self, number: int, code: str) -> None:
        if self._reader is not None and number == self._number:
            self._take_code(code)

    def _fell_silent(self) -> None:
        """No tone can be heard here: the strip says so, or somebody listens for a warning."""
        self._is_soundless = True
        self._show_states()

    def _scanner_changed(self, number: int, state: str) -> None:
        if self._reader is not None and number == self._number:
            self.scanner_state = state
            self._show_states()

    # --- Display ---------------------------------------------------------------------------------

    def _open_display(self) -> None:
        settings = self.settings
        self._is_serial = settings.customer in SERIAL_BAUDS
        if settings.customer == "none":
            self._display = NoDisplay()
        elif settings.customer == "window":
            from station_app.shell.customer_window import SecondScreen  # only where there is one

            say = self._texts.say
            large = settings.customer_words or say("shell.customer.idle")
            second = SecondScreen(self._texts, (large, say("shell.customer.idle_small")))
            second.appear(self._screen())
            self._display = second
        else:
            from station_app.devices.customer_serial import SerialDisplay, open_plug

            place, baud = settings.customer_place, SERIAL_BAUDS[settings.customer]
            self._display = SerialDisplay(settings.customer, lambda: open_plug(place, baud))
        self._display.show(self._view)

    def _close_display(self) -> None:
        if self._is_serial:
            self._let_go(self._display.close)
        else:
            self._display.close()  # a window belongs to this thread
        self._is_serial = False
        self._display = NoDisplay()


def _tuning(settings: SenseSettings) -> Tuning:
    return Tuning(
        loudness=settings.loudness,
        silent=tuple(TONES) if settings.loudness <= 0 else settings.silent,
        spoken=() if settings.loudness <= 0 else settings.spoken,
    )


def _scanner_of(settings: SenseSettings) -> tuple[str, str, int]:
    return settings.scanner, settings.scanner_place, settings.scanner_baud


def _display_of(settings: SenseSettings) -> tuple[str, str, str]:
    return settings.customer, settings.customer_place, settings.customer_words


def _source(settings: SenseSettings) -> CodeSource:
    # Each is imported where it is wanted: a start waits for none of them.
    if settings.scanner == "serial":
        from station_app.devices.scanner_serial import SerialScanner

        return SerialScanner(settings.scanner_place, settings.scanner_baud)
    if settings.scanner == "evdev":
        from station_app.devices.scanner_evdev import EvdevScanner

        return EvdevScanner(settings.scanner_place)
    from station_app.devices.scanner_raw_input import RawInputScanner

    return RawInputScanner(settings.scanner_place)
