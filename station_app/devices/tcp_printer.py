"""A printer with a network plug: TCP port 9100, raw bytes, one connection for one job."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from station_app.devices.printer import (
    CUT_OFF,
    UNREACHABLE,
    Conversation,
    Delivery,
    Patience,
    Status,
)
from station_app.devices.printer_talks import TALKS

PORT = 9100
CHUNK = 4_096  # sent at once, so that a printer that stops taking is noticed


class TcpPrinter:
    """The port of a network printer. Implements `printer.Port`."""

    def __init__(
        self,
        host: str,
        port: int = PORT,
        *,
        language: str,
        patience: Patience | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Connect to `host` for every job; language: of `printer_talks`."""
        self._place = (host, port)
        self._patience = patience or Patience()
        self._conversation = Conversation(TALKS[language], self._patience, pause)
        self._one_at_a_time = Lock()

    def status(self) -> Status:
        """Ask the printer how it is, over a connection of its own."""
        try:
            with self._open() as line:
                return self._conversation.ask(line)
        except OSError:
            return Status("fault", UNREACHABLE)

    def deliver(self, job: bytes) -> Delivery:
        """Send a job; half-close, and give the printer time to close its side."""
        started = False
        try:
            with self._open() as line:
                started = True
                delivery = self._conversation.deliver(line, job)
                if delivery.outcome == "sent":
                    line.finish(self._patience.drain)
                return delivery
        except OSError:
            if started:
                return Delivery("interrupted", CUT_OFF)
            return Delivery("not_started", UNREACHABLE, Status("fault", UNREACHABLE))

    @contextmanager
    def _open(self) -> Iterator["_SocketLine"]:
        with (
            self._one_at_a_time,
            socket.create_connection(self._place, self._patience.connect) as plug,
        ):
            yield _SocketLine(plug, self._patience.stall)


class _SocketLine:
    """An open connection. Implements `printer.Line`."""

    def __init__(self, plug: socket.socket, stall: float) -> None:
        self._plug = plug
        self._stall = stall

    def write(self, sent: bytes) -> None:
        self._plug.settimeout(self._stall)
        for at in range(0, len(sent), CHUNK):
            self._plug.sendall(sent[at : at + CHUNK])

    def read(self, seconds: float) -> bytes:
        self._plug.settimeout(seconds)
        try:
            return self._plug.recv(CHUNK)
        except TimeoutError:
            return b""

    def finish(self, seconds: float) -> None:
        """Say that no more comes, and read until the printer closes, too, or the time is over.

        Raises OSError when the printer throws the connection away: the job was cut off.
        """
        self._plug.shutdown(socket.SHUT_WR)
        while self.read(seconds):
            continue
