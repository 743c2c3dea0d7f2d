"""A scanner that is no keyboard: it is read by itself, and nothing of it can be typed anywhere.

Three kinds stand behind one protocol: a serial port (best), a Linux input device taken for the
program alone, and Windows Raw Input. Whole codes come out; how the scanner ends them (CR, LF, Tab,
ETX or a pause) is found out here. The reader has a thread of its own, opens its source again when
it was pulled, and hands every code over; nobody ever waits for it.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Protocol

CODE_BYTES_MAX: Final = 300  # what is longer is no code; one more is kept to tell, no further
PAUSE_SECONDS: Final = 0.15  # ends a code without a suffix; a scanner sends one in one go
AGAIN_SECONDS: Final = (0.5, 1.0, 2.0, 5.0)  # between two tries to open
STOP_SECONDS: Final = 3.0
_ENDS: Final = frozenset(b"\r\n\t\x03\x00")
_STARTS: Final = frozenset(b"\x02")

log = logging.getLogger(__name__)


class CodeSource(Protocol):
    """An open scanner. Every method raises OSError when it is gone."""

    def read(self, seconds: float) -> list[str]:
        """Return the codes that came within this time, as soon as there is one; else none."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


@dataclass(slots=True)
class CodeCutter:
    """Cuts a stream of bytes into codes. Pure; `pause` is told when nothing came for a while."""

    _held: bytearray = field(default_factory=bytearray)

    def feed(self, came: bytes) -> list[str]:
        """Take bytes; return the codes that they complete."""
        return [code for sign in came if (code := self._take(sign))]

    def _take(self, sign: int) -> str:
        if sign in _ENDS:
            return self.pause()
        if sign not in _STARTS and len(self._held) <= CODE_BYTES_MAX:
            self._held.append(sign)
        return ""

    def pause(self) -> str:
        """Return what is held as a code, "" if nothing is."""
        held, self._held = bytes(self._held), bytearray()
        return text_of(held)

    @property
    def is_holding(self) -> bool:
        """Tell whether a code has begun."""
        return bool(self._held)


def text_of(held: bytes) -> str:
    """Return what a scanner sent as text: UTF-8, or the GB 18030 of a QR code made here."""
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            return held.decode(encoding)
    return held.decode("latin-1")


class ScannerReader:
    """Reads a source for as long as the program runs.

    `heard` gets every code, `changed` every change of state ("ready", or why it is not there), both
    in the reader's thread.
    """

    def __init__(
        self,
        open_source: Callable[[], CodeSource],
        heard: Callable[[str], None],
        changed: Callable[[str], None],
    ) -> None:
        """Nothing runs before `start`."""
        self._open = open_source
        self._heard = heard
        self._changed = changed
        self._state = ""
        self._off = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scanner", daemon=True)

    def start(self) -> None:
        """Listen from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Let go of the scanner."""
        self._off.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        waits = _waits()
        while not self._off.is_set():
            try:
                source = self._open()
            except (OSError, ValueError) as trouble:
                self._tell(reason_of(trouble))
                self._off.wait(next(waits))
                continue
            self._tell("ready")
            waits = _waits()
            try:
                self._listen(source)
            except OSError as trouble:
                log.info("the scanner is gone: %s", trouble)
                self._tell("gone")
                self._off.wait(next(waits))
            finally:
                with suppress(OSError):
                    source.close()

    def _listen(self, source: CodeSource) -> None:
        while not self._off.is_set():
            for code in source.read(PAUSE_SECONDS):
                self._heard(code)

    def _tell(self, state: str) -> None:
        if state != self._state:
            self._state = state
            self._changed(state)


def _waits() -> Iterator[float]:
    yield from AGAIN_SECONDS
    while True:
        yield AGAIN_SECONDS[-1]


def reason_of(trouble: Exception) -> str:
    """Return why a scanner cannot be opened: no_access, busy, gone or wrong."""
    if isinstance(trouble, ValueError):
        return "wrong"
    if isinstance(trouble, PermissionError) or "PermissionError" in str(trouble):
        return "no_access"
    if getattr(trouble, "errno", 0) in (11, 16):  # EAGAIN, EBUSY: another program has it
        return "busy"
    return "gone"
