"""A printer on a USB plug under Linux: the device file `/dev/usb/lp*` of the kernel's usblp."""

import errno
import os
import select
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from station_app.devices.printer import (
    BUSY,
    NO_ACCESS,
    UNREACHABLE,
    Conversation,
    Delivery,
    Patience,
    Status,
)
from station_app.devices.printer_talks import TALKS

CHUNK = 4_096
_REASONS = {errno.EACCES: NO_ACCESS, errno.EPERM: NO_ACCESS, errno.EBUSY: BUSY}


class DeviceFilePrinter:
    """The port of a printer behind a device file. Implements `printer.Port`."""

    def __init__(
        self,
        path: Path,
        *,
        language: str,
        patience: Patience | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Open `path` for every job; language: of `printer_talks`."""
        self._path = path
        self._patience = patience or Patience()
        self._conversation = Conversation(TALKS[language], self._patience, pause)
        self._one_at_a_time = Lock()

    def status(self) -> Status:
        """Ask the printer how it is."""
        try:
            with self._open() as line:
                return self._conversation.ask(line)
        except OSError as problem:
            return Status("fault", _reason(problem))

    def deliver(self, job: bytes) -> Delivery:
        """Send a job, and wait until the kernel has handed over the last of it."""
        try:
            with self._open() as line:
                return self._conversation.deliver(line, job)
        except OSError as problem:  # only opening raises: the conversation answers for the rest
            reason = _reason(problem)
            return Delivery("not_started", reason, Status("fault", reason))

    @contextmanager
    def _open(self) -> Iterator["_FileLine"]:
        with self._one_at_a_time:
            handle = os.open(self._path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
            try:
                yield _FileLine(handle, self._patience.stall)
            finally:
                os.close(handle)


def _reason(problem: OSError) -> str:
    return _REASONS.get(problem.errno or 0, UNREACHABLE)


class _FileLine:
    """An open device file. Implements `printer.Line`."""

    def __init__(self, handle: int, stall: float) -> None:
        self._handle = handle
        self._stall = stall

    def write(self, sent: bytes) -> None:
        at = 0
        while at < len(sent):
            self._wait_until_it_takes()
            at += os.write(self._handle, sent[at : at + CHUNK])
        self._wait_until_it_takes()  # closing early would throw away what the kernel still holds

    def read(self, seconds: float) -> bytes:
        readable, _, _ = select.select([self._handle], [], [], seconds)
        return os.read(self._handle, CHUNK) if readable else b""

    def _wait_until_it_takes(self) -> None:
        _, writable, _ = select.select([], [self._handle], [], self._stall)
        if not writable:
            raise TimeoutError("the printer takes no more")
