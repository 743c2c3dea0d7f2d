"""Scanner, sounds and customer's display behind their pages: looked for, tried, kept.

Trying puts a setting to work at once; only `keep` lets the next start find it. So a plug that was
chosen by mistake, or a keyboard taken for a scanner, is let go again by leaving the page.
"""

import sys
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from station_app.devices import scanner_evdev, scanner_raw_input
from station_app.devices.printer_search import serial_ports
from station_app.devices.serial_line import parse_place
from station_app.overview.devices.work import FoundPlace
from station_app.senses import Senses
from station_app.shell.sense_settings import SenseSettings, keep

T = TypeVar("T")
FOUND_MAX = 20  # more plugs than that has no PC


class Reads(Protocol):
    """What runs work beside the screen; `shell.tasks.Tasks` does."""

    def read(self, work: Callable[[], T], then: Callable[[T], None]) -> object:
        """Run `work` in a reading thread, then `then` in the screen's."""
        ...


class SenseDesk:
    """Implements `overview.devices.work.SenseWork`."""

    def __init__(
        self, senses: Senses, tasks: Reads, write_soon: Callable[[Callable[[Any], Any]], None]
    ) -> None:
        """Begin with what is at work. write_soon: runs work on the writing connection, later."""
        self._senses = senses
        self._tasks = tasks
        self._write_soon = write_soon
        self._kept = senses.settings

    @property
    def settings(self) -> SenseSettings:
        """Return what is at work now."""
        return self._senses.settings

    @property
    def scanner_state(self) -> str:
        """Return how the scanner is that is no keyboard: "ready", why not, or "" for none."""
        return self._senses.scanner_state

    @property
    def exclusive(self) -> str:
        """Return the way in which this system gives one keyboard to one program."""
        return "raw_input" if sys.platform == "win32" else "evdev"

    def try_out(self, settings: SenseSettings) -> None:
        """Put settings to work without keeping them."""
        if settings != self._senses.settings:
            self._senses.use(settings)

    def keep(self, settings: SenseSettings) -> None:
        """Put settings to work, and keep them."""
        self.try_out(settings)
        self._kept = settings
        self._write_soon(lambda connection: keep(connection, settings))

    def put_back(self) -> None:
        """Put to work what is kept: a try is over."""
        self.try_out(self._kept)

    def search(self, way: str, then: Callable[[Sequence[FoundPlace]], None]) -> None:
        """Look for plugs of a way: `serial`, `evdev` or `raw_input`."""
        self._tasks.read(lambda: found_places(way), then)


def found_places(way: str) -> Sequence[FoundPlace]:
    """Return what a scanner might be, for a way to listen to it."""
    if way == "serial":
        ports = serial_ports()
        found = [FoundPlace(parse_place(p.port.partition(":")[2]).path, p.words) for p in ports]
    elif way == "evdev":
        found = [FoundPlace(path, words) for path, words in scanner_evdev.keyboards()]
    else:
        assert way == "raw_input", way
        found = [FoundPlace(name, words) for name, words in scanner_raw_input.keyboards()]
    return tuple(found[:FOUND_MAX])
