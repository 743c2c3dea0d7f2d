"""A scanner as a serial port (USB-COM): the surest way, since no key is ever pressed.

Most scanners become one by scanning a barcode of their manual ("USB COM", "Virtual COM Port").
"""

import errno
import os

import serial

from station_app.devices.scanner_source import PAUSE_SECONDS, CodeCutter
from station_app.devices.serial_line import BAUDS, NOT_OS_ERRORS, READ_MAX

# pyserial's own ways to say that somebody pulled the plug
_PULLED: tuple[type[Exception], ...] = (*NOT_OS_ERRORS, TypeError)


class SerialScanner:
    """An open serial scanner. Implements `CodeSource`."""

    def __init__(self, path: str, baud: int = 9_600) -> None:
        """Open it for this program alone. Raises OSError, or ValueError for another speed."""
        if baud not in BAUDS:
            raise ValueError(f"{baud} is no speed of a scanner")
        self._cutter = CodeCutter()
        try:
            only_here = True if os.name == "posix" else None
            self._plug = serial.Serial(path, baud, timeout=PAUSE_SECONDS, exclusive=only_here)
        except NOT_OS_ERRORS as trouble:
            raise OSError(errno.EIO, str(trouble)) from trouble

    def read(self, seconds: float) -> list[str]:
        """Return the codes that came within this time; a pause ends one without a suffix."""
        self._plug.timeout = seconds
        try:
            came = self._plug.read(1)
            if came:
                came += self._plug.read(min(self._plug.in_waiting, READ_MAX))
        except _PULLED as trouble:
            raise OSError(errno.EIO, str(trouble)) from trouble
        if came:
            return self._cutter.feed(came)
        code = self._cutter.pause()
        return [code] if code else []

    def close(self) -> None:
        """Let go of the port."""
        self._plug.close()
