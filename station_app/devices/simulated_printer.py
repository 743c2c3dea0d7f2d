"""A printer that exists only on port 9100 of this machine: for practice and for tests.

It speaks every language as a printer does, keeps what came out, and can be given every fault that a
counter knows: paper that ends in the middle, an open cover, a clone that never answers, a serial
line of 9600 baud, a plug that is pulled.
"""

import contextlib
import socket
import struct
import threading
from dataclasses import dataclass

from station_app.devices.simulated_paper import Mechanism, Paper, Reader, Unreadable
from station_app.devices.simulated_readers import READERS

BITS_PER_BYTE_SENT = 10  # a start bit, eight, a stop bit
READ = 4_096
PACED_READ = 240  # a quarter of a second at 9600 baud

SMALL_BUFFER = 4_096  # of the socket, so that a printer that reads no more is noticed at once


@dataclass
class Faults:
    """What is wrong with the printer.

    mute: never answers; takes_bytes: after so many of one job it reads no more, but keeps the
    line; cut_after: after so many it throws the connection away; baud: it reads no faster than a
    serial line of so many bits a second, 0 for at once.
    """

    mute: bool = False
    takes_bytes: int | None = None
    cut_after: int | None = None
    baud: int = 0


class SimulatedPrinter:
    """A printer behind a socket. Use it as a context: it listens inside, and is gone after."""

    def __init__(self, language: str, width: int, *, faults: Faults | None = None) -> None:
        """Read `language` (of `simulated_readers`) on paper of `width` dots.

        mechanism: its paper, cover and drawer, to be looked at and meddled with; rubbish: what
        was sent that is no command; bytes_read, jobs: so far.
        """
        self._language = language
        self.mechanism = Mechanism(width)
        self.faults = faults or Faults()
        self.rubbish: list[str] = []
        self.bytes_read = 0
        self.jobs = 0
        self._off = threading.Event()
        self._plug: socket.socket | None = None
        self._socket = socket.socket()
        self._thread = threading.Thread(target=self._serve, name="simulated printer", daemon=True)

    def __enter__(self) -> "SimulatedPrinter":
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._off.set()
        for plug in (self._socket, self._plug):
            if plug is not None:
                with contextlib.suppress(OSError):  # it may be gone already
                    plug.shutdown(socket.SHUT_RDWR)  # wakes the thread; closing alone would not
        self._thread.join()
        self._socket.close()

    @property
    def port(self) -> int:
        """The port of the loopback address on which it listens."""
        return int(self._socket.getsockname()[1])

    @property
    def papers(self) -> list[Paper]:
        """What has come out so far."""
        return self.mechanism.papers

    def seconds_at(self, baud: int) -> float:
        """Return how long all bytes so far would have taken over a serial line."""
        return self.bytes_read * BITS_PER_BYTE_SENT / baud

    def _serve(self) -> None:
        while not self._off.is_set():
            try:
                plug, _ = self._socket.accept()
            except OSError:  # switched off
                return
            with plug:
                self._plug = plug
                self._take(plug)
                self._plug = None
            self.jobs += 1

    def _take(self, plug: socket.socket) -> None:
        """Read one connection to its end, as the faults allow."""
        reader = READERS[self._language](self.mechanism, lambda said: self._answer(plug, said))
        taken = 0
        while not self._off.is_set():
            if self._is_reached(self.faults.takes_bytes, taken):
                self._off.wait()
                break
            if self._is_reached(self.faults.cut_after, taken):
                # Closing with no time to linger sends a reset, as pulling the plug does.
                plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                break
            try:
                read = plug.recv(PACED_READ if self.faults.baud else READ)
            except OSError:  # the other side threw the connection away
                break
            if not read:
                break
            taken += len(read)
            self.bytes_read += len(read)
            self._feed(reader, read)
            if self.faults.baud:
                self._off.wait(len(read) * BITS_PER_BYTE_SENT / self.faults.baud)
        reader.end()

    def _feed(self, reader: Reader, read: bytes) -> None:
        try:
            reader.feed(read)
        except Unreadable as problem:
            self.rubbish.append(str(problem))
            reader.end()

    def _is_reached(self, limit: int | None, taken: int) -> bool:
        return limit is not None and taken >= limit

    def _answer(self, plug: socket.socket, said: bytes) -> None:
        if not self.faults.mute:
            with contextlib.suppress(OSError):  # whoever asked is gone
                plug.sendall(said)
