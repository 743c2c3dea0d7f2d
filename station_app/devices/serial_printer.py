"""A printer, or a drawer's trigger, on a serial plug: opened for every job."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Lock

from station_app.devices.printer import Conversation, Delivery, Patience, Status
from station_app.devices.printer_talks import TALKS
from station_app.devices.serial_line import SerialLine, SerialPlace, open_line, reason_of


class SerialPrinter:
    """The port of a printer behind a serial line. Implements `printer.Port`."""

    def __init__(
        self,
        place: SerialPlace,
        *,
        language: str,
        patience: Patience | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Speak over `place`; language: of `printer_talks`."""
        self._place = place
        self._patience = patience or Patience()
        self._pause = pause
        self._conversation = Conversation(TALKS[language], self._patience, pause)
        self._one_at_a_time = Lock()

    def status(self) -> Status:
        """Ask the printer how it is."""
        try:
            with self._one_at_a_time, self._open() as line:
                return self._conversation.ask(line)
        except OSError as problem:
            return Status("fault", reason_of(problem))

    def deliver(self, job: bytes) -> Delivery:
        """Send a job, and wait until the line has carried the last of it."""
        try:
            with self._one_at_a_time, self._open() as line:
                return self._conversation.deliver(line, job)
        except OSError as problem:  # only opening raises: the conversation answers for the rest
            reason = reason_of(problem)
            return Delivery("not_started", reason, Status("fault", reason))

    def _open(self) -> AbstractContextManager[SerialLine]:
        return open_line(self._place, stall=self._patience.stall, pause=self._pause)
