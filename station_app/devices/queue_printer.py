"""A printer behind a queue of the operating system: CUPS here, the Windows spooler beside it.

A queue takes everything and says nothing of the printer, only of the job. So the state is never
`ok`: `unknown`, or a fault of the queue itself. A job that the queue has not carried out within
its time is taken back, since paper that comes by itself an hour later would be a second receipt.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Literal, Protocol

from station_app.devices.printer import (
    CUT_OFF,
    NO_QUEUE,
    OTHER,
    QUEUE_STOPPED,
    STALLED,
    UNKNOWN,
    UNREACHABLE,
    Delivery,
    Patience,
    Status,
)

JobState = Literal["waits", "done", "failed", "gone"]
DEADLINE_SECONDS = 120.0  # a serial printer behind a queue takes 20 s for a label


@dataclass(frozen=True, slots=True)
class QueueState:
    """A queue of the system. is_there: it exists; is_stopped: it carries nothing out; reason."""

    is_there: bool = True
    is_stopped: bool = False
    reason: str = ""


class PartlySent(OSError):
    """A job broke off while it was handed over: some of it may have been printed already."""


class SystemQueues(Protocol):
    """The printing system of the PC. Every method raises OSError when it is not there."""

    def names(self) -> list[str]:
        """Return the queues that there are."""
        ...

    def state(self, name: str) -> QueueState:
        """Return how a queue is."""
        ...

    def submit(self, name: str, job: bytes) -> str:
        """Hand a job over, unchanged; return its number. Raises PartlySent besides OSError."""
        ...

    def job(self, name: str, number: str) -> JobState:
        """Return how far a job is; `gone` when the queue does not know it (any more)."""
        ...

    def cancel(self, name: str, number: str) -> None:
        """Take a job back."""
        ...


class QueuePrinter:
    """The port of a printer behind a queue. Implements `printer.Port`."""

    def __init__(
        self,
        name: str,
        queues: SystemQueues,
        *,
        patience: Patience | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Print on the queue `name` of the system."""
        self._name = name
        self._queues = queues
        self._patience = patience or Patience()
        self._pause = pause
        self._one_at_a_time = Lock()

    def status(self) -> Status:
        """Tell what is wrong with the queue; of the printer itself nothing is known."""
        try:
            state = self._queues.state(self._name)
        except OSError:
            return Status("fault", UNREACHABLE)
        if not state.is_there:
            return Status("fault", NO_QUEUE)
        if state.reason:
            return Status("fault", state.reason)
        return Status("fault", QUEUE_STOPPED) if state.is_stopped else UNKNOWN

    def deliver(self, job: bytes) -> Delivery:
        """Hand a job over and follow it until the queue has sent it, or take it back."""
        with self._one_at_a_time:
            before = self.status()
            if before.state == "fault":
                return Delivery("not_started", before.reason, before)
            try:
                number = self._queues.submit(self._name, job)
            except PartlySent:
                return Delivery("interrupted", CUT_OFF)
            except OSError:
                return Delivery("not_started", UNREACHABLE, Status("fault", UNREACHABLE))
            try:
                return self._follow(number)
            except OSError:
                return Delivery("interrupted", OTHER)

    def _follow(self, number: str) -> Delivery:
        waited = 0.0
        while waited <= DEADLINE_SECONDS:
            state = self._queues.job(self._name, number)
            if state in ("done", "gone"):
                return Delivery("sent", "", UNKNOWN)
            now = self.status()
            if state == "failed" or now.state == "fault":
                self._queues.cancel(self._name, number)
                return Delivery("interrupted", now.reason or OTHER, now)
            self._pause(self._patience.between)
            waited += self._patience.between or 1.0
        self._queues.cancel(self._name, number)
        return Delivery("interrupted", STALLED)
