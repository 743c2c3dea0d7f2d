"""The other end of a serial line, over a pseudo-terminal: for practice and tests under Linux.

A pseudo-terminal is a real serial port to whoever opens its name, so nothing above is told apart.
"""

import contextlib
import os
import pty
import select
import threading
import tty
from typing import Self

from station_app.devices.simulated_paper import Mechanism, Paper, Reader, Unreadable
from station_app.devices.simulated_readers import READERS

LOOK_SECONDS = 0.02
READ = 256


class SerialEnd:
    """A device at the far end of a line. Use it as a context; `name` is what a program opens.

    Subclasses answer: `hear` is called in the device's thread with what came, b"" when nothing did.
    """

    def __init__(self) -> None:
        """Make the line; nothing runs before the context is entered."""
        self._far, self._near = pty.openpty()
        tty.setraw(self._near)
        self.name = os.ttyname(self._near)
        self._off = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="simulated device", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.unplug()

    def unplug(self) -> None:
        """Pull the plug: the line is gone for whoever has it open."""
        if self._off.is_set():
            return
        self._off.set()
        self._thread.join()
        for handle in (self._near, self._far):
            with contextlib.suppress(OSError):
                os.close(handle)

    def say(self, sent: bytes) -> None:
        """Send; what nobody reads is lost, as on a real line."""
        _, writable, _ = select.select([], [self._far], [], 0)
        if writable:
            with contextlib.suppress(OSError):
                os.write(self._far, sent)

    def hear(self, came: bytes) -> None:
        """Take what came in."""

    def _serve(self) -> None:
        while not self._off.is_set():
            readable, _, _ = select.select([self._far], [], [], LOOK_SECONDS)
            came = b""
            if readable:
                try:
                    came = os.read(self._far, READ)
                except OSError:  # nobody has opened it yet
                    self._off.wait(LOOK_SECONDS)
            self.hear(came)


class SimulatedSerialPrinter(SerialEnd):
    """A printer on a serial line."""

    def __init__(self, language: str, width: int, *, mute: bool = False) -> None:
        """Read `language` on paper of `width` dots. rubbish: what was no command."""
        super().__init__()
        self.mechanism = Mechanism(width)
        self.rubbish: list[str] = []
        self.bytes_read = 0
        self._mute = mute
        self._reader: Reader = READERS[language](self.mechanism, self._answer)

    @property
    def papers(self) -> list[Paper]:
        """What has come out so far."""
        return self.mechanism.papers

    def hear(self, came: bytes) -> None:
        """Print what came."""
        if came:
            self.bytes_read += len(came)
            try:
                self._reader.feed(came)
            except Unreadable as problem:
                self.rubbish.append(str(problem))
                self._reader.end()

    def _answer(self, said: bytes) -> None:
        if not self._mute:
            self.say(said)
