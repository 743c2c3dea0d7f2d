"""A serial line, for printers, drawers and scales: opened, written within limits, read.

Cheap printers on a serial plug often have two wires only and no way to say stop, so what is sent
without a handshake is sent at the pace of the line: it never piles up in the driver, where nobody
knows of it. Where the printer says stop over RTS/CTS, it is listened to.
"""

import errno
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from station_app.devices.printer import BUSY, NO_ACCESS, UNREACHABLE

try:
    import termios
except ImportError:  # Windows
    NOT_OS_ERRORS: tuple[type[Exception], ...] = ()
else:
    NOT_OS_ERRORS = (termios.error,)  # pyserial lets it through; it is no OSError

BAUDS = (1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200)
FLOWS = ("none", "rtscts")
BITS_PER_BYTE = 10  # a start bit, eight, a stop bit
CHUNK = 256  # a quarter of a second at 9600 baud
READ_MAX = 4_096
_FRAMING = re.compile(r"([78])([NEO])([12])")
_REASONS = {
    errno.EACCES: NO_ACCESS,
    errno.EPERM: NO_ACCESS,
    errno.EBUSY: BUSY,
    errno.EAGAIN: BUSY,
}


class BadPlace(ValueError):
    """The text is no serial line."""


@dataclass(frozen=True, slots=True)
class SerialPlace:
    """Where a device hangs and how it speaks. framing: bits, parity, stop bits; flow: of FLOWS."""

    path: str
    baud: int = 9_600
    framing: str = "8N1"
    flow: str = "none"

    def __post_init__(self) -> None:
        if not self.path or self.baud not in BAUDS or self.flow not in FLOWS:
            raise BadPlace(str(self))
        if _FRAMING.fullmatch(self.framing) is None:
            raise BadPlace(str(self))

    def __str__(self) -> str:
        """Return it as settings hold it: `/dev/ttyUSB0,9600,8N1,none`."""
        return f"{self.path},{self.baud},{self.framing},{self.flow}"


def parse_place(text: str) -> SerialPlace:
    """Return the line that a text names; what is left out is usual. Raises BadPlace."""
    path, *rest = text.split(",")
    try:
        baud = int(rest[0]) if rest else 9_600
    except ValueError as problem:
        raise BadPlace(text) from problem
    framing = rest[1].upper() if len(rest) > 1 else "8N1"
    flow = rest[2].lower() if len(rest) > 2 else "none"
    if len(rest) > 3:
        raise BadPlace(text)
    return SerialPlace(path, baud, framing, flow)


def reason_of(problem: Exception) -> str:
    """Return why a line cannot be opened, as a reason of the catalogue."""
    number = getattr(problem, "errno", None)
    if number is None and "PermissionError" in str(problem):  # Windows: another program has it
        return BUSY
    return _REASONS.get(number or 0, UNREACHABLE)


class SerialLine:
    """An open serial line. Implements `printer.Line`; every method raises OSError."""

    def __init__(
        self, plug: Any, place: SerialPlace, stall: float, pause: Callable[[float], None]
    ) -> None:
        """Speak over an open pyserial `plug`; stall: seconds while it may take nothing."""
        self._plug = plug
        self._place = place
        self._stall = stall
        self._pause = pause

    def write(self, sent: bytes) -> None:
        """Send all of it, at the pace of the line. Raises TimeoutError when it takes no more."""
        import serial

        for at in range(0, len(sent), CHUNK):
            piece = sent[at : at + CHUNK]
            try:
                self._plug.write(piece)
            except serial.SerialTimeoutException as problem:
                raise TimeoutError(str(problem)) from problem
            if self._place.flow == "none":
                self._pause(len(piece) * BITS_PER_BYTE / self._place.baud)
        self._drain()

    def read(self, seconds: float) -> bytes:
        """Return what comes within this time, as soon as there is anything."""
        self._plug.timeout = seconds
        first: bytes = self._plug.read(1)
        if not first:
            return b""
        rest: bytes = self._plug.read(min(self._plug.in_waiting, READ_MAX))
        return first + rest

    def _drain(self) -> None:
        """Wait until the driver has sent all: closing early would throw the rest away."""
        step = CHUNK * BITS_PER_BYTE / self._place.baud
        waited, held = 0.0, self._plug.out_waiting
        while held:
            self._pause(step)
            now = self._plug.out_waiting
            waited = 0.0 if now < held else waited + step
            held = now
            if waited > self._stall:
                raise TimeoutError("the device takes no more")


@contextmanager
def open_line(
    place: SerialPlace, *, stall: float = 20.0, pause: Callable[[float], None] = time.sleep
) -> Iterator[SerialLine]:
    """Open a line for one piece of work; nobody else may have it meanwhile. Raises OSError."""
    import serial  # loaded by the first line that is opened, not by every start

    try:
        with serial.Serial(
            place.path,
            place.baud,
            bytesize=int(place.framing[0]),
            parity=place.framing[1],
            stopbits=int(place.framing[2]),
            rtscts=place.flow == "rtscts",
            timeout=0.5,
            write_timeout=stall,
            exclusive=True if os.name == "posix" else None,
        ) as plug:
            yield SerialLine(plug, place, stall, pause)
    except NOT_OS_ERRORS as problem:  # a line that goes away while it is set up
        raise OSError(errno.EIO, str(problem)) from problem
