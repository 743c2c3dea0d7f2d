"""The spool: carries out the print jobs, with a thread for each printer. The counter never waits.

A job is marked `sending`, durably, before its first byte leaves: so after a crash it is known which
paper may have come out, and such a job is `uncertain`. An uncertain job is never sent again by
itself: two receipts for one sum are worse than none. The operator prints it once more with one key,
as a copy that says so on the paper, or says that it came out.

A printer that is at fault is asked again at growing intervals, and its jobs wait in order. A
printer that never answers is `unknown`, never ok, and printed on all the same.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, TypeVar

import msgspec

from station_app.journal.log import Connection
from station_app.printing import jobs
from station_app.printing.document import Document, from_json
from station_app.printing.jobs import SCHEMA as SCHEMA
from station_app.printing.jobs import Due as Due
from station_app.printing.jobs import Job as Job
from station_app.printing.jobs import NothingToReprint as NothingToReprint
from station_app.printing.jobs import document_of as document_of
from station_app.printing.jobs import enqueue as enqueue
from station_app.printing.jobs import enqueue_copy as enqueue_copy
from station_app.printing.jobs import find as find
from station_app.printing.jobs import forget as forget
from station_app.printing.jobs import queue as queue
from station_app.printing.jobs import recover as recover
from station_app.printing.jobs import release as release
from station_app.printing.jobs import reprint as reprint
from station_app.printing.jobs import shred as shred
from station_app.printing.jobs import withdraw as withdraw
from station_app.printing.profiles import Profile
from station_app.printing.stick import TooLarge
from station_app.values.day import DAY_MS

T = TypeVar("T")
log = logging.getLogger(__name__)

DRAWER_LATE_MS = 10_000  # a drawer that opens by itself a minute later is a gift to a thief
KEPT_MS = 400 * DAY_MS  # finished papers: somebody comes with a slip of last year
PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)  # seconds between two tries on a printer at fault
IDLE_ASK = 60.0  # seconds after which an idle printer is asked how it is
STOP_SECONDS = 30.0  # a job that is being sent may end before the program does

# Reasons of the catalogue besides those that the ports give, texts/zh_CN/printing.toml [reason].
CANNOT_DRAW, TOO_LARGE, OTHER = "CANNOT_DRAW", "TOO_LARGE", "OTHER"
NO_DRAWER, TOO_LATE = "NO_DRAWER", "TOO_LATE"


class Status(Protocol):
    """What a printer says of itself: ok, fault or unknown, and why."""

    @property
    def state(self) -> str:
        """`ok`, `fault` or `unknown`."""
        ...

    @property
    def reason(self) -> str:
        """A reason of the catalogue, or nothing."""
        ...


class Delivery(Protocol):
    """How a job ended: `sent`, `not_started` or `interrupted`."""

    @property
    def outcome(self) -> str:
        """One of the three."""
        ...

    @property
    def reason(self) -> str:
        """Why it did not end well."""
        ...

    @property
    def status(self) -> Status:
        """What the printer said last."""
        ...


class Port(Protocol):
    """What the spool asks of a printer's port; `devices.printer.Port` is one."""

    def status(self) -> Status:
        """Ask the printer how it is."""
        ...

    def deliver(self, job: bytes) -> Delivery:
        """Send a whole job."""
        ...


class Render(Protocol):
    """Turns a document into a printer's bytes; `Press.render_bytes` does."""

    def __call__(self, document: Document, profile: Profile, mark: str = "") -> bytes:
        """Return the job. Raises ValueError for paper that this printer cannot take."""
        ...


class Write(Protocol):
    """Runs work in a transaction of the one thread that writes, and waits for its result."""

    def __call__(self, work: Callable[[Connection], T], /) -> T:
        """Return what `work` returned, after the commit."""
        ...


@dataclass(frozen=True, slots=True)
class Printer:
    """One printer of the counter. roles: which papers it takes ("label", "receipt", "drawer")."""

    name: str
    profile: Profile
    port: Port
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrinterState:
    """What the screen shows: ok, fault or unknown; reason: of the catalogue."""

    state: str = "unknown"
    reason: str = ""


def _log_it(problem: Exception) -> None:
    log.error("a printer's thread stumbled and goes on", exc_info=problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the spool needs of the program around it.

    render: draws; mark: what copy number n says of itself, "" for an original; write, read: run
    work on the database; now_ms: the clock; changed: called in a printer's thread when the queue
    or a printer's state is another; trouble: gets what the database or a port broke with, which
    otherwise goes into the log.
    """

    render: Render
    mark: Callable[[int], str]
    write: Write
    read: Write
    now_ms: Callable[[], int]
    changed: Callable[[], None] = lambda: None
    trouble: Callable[[Exception], None] = _log_it


@dataclass(slots=True)
class _Bench:
    """One printer and where its thread stands.

    failures: tries in a row that a fault has turned away; unsettled: a state that is still to be
    written because the database failed in between; before: the thread of the printer in whose
    place it came, to be waited for, so that two never send at once; off: it is to end; is_asked:
    somebody wants to know how it is.
    """

    printer: Printer
    state: PrinterState = PrinterState()
    failures: int = 0
    unsettled: Callable[[Connection], Any] | None = None
    bell: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None
    before: threading.Thread | None = None
    off: threading.Event = field(default_factory=threading.Event)
    is_asked: bool = False

    @property
    def pause(self) -> float:
        """Seconds until the next try."""
        if not self.failures:
            return IDLE_ASK
        return PAUSES[min(self.failures, len(PAUSES)) - 1]


class Spool:
    """Prints what the table holds, on these printers."""

    def __init__(self, printers: Sequence[Printer], around: Surroundings) -> None:
        """Take these printers; nothing happens before `start`, or `step` in a test."""
        self._around = around
        self._benches = {printer.name: _Bench(printer) for printer in printers}
        self._stopping = threading.Event()

    # --- For the program: start, stop, wake ---

    def start(self) -> None:
        """Settle what a crash has left, then print, each printer in its own thread."""
        self._around.write(self._settle_the_past)
        for bench in self._benches.values():
            self._set_to_work(bench)

    def replace(self, printers: Sequence[Printer]) -> None:
        """Print on these printers from now on. Nobody waits: what is being sent ends by itself.

        What waited for a printer that is no more goes to whichever takes its role.
        """
        old = self._benches
        self._benches = {
            printer.name: _Bench(printer, before=old[printer.name].thread)
            if printer.name in old
            else _Bench(printer)
            for printer in printers
        }
        for bench in old.values():
            bench.off.set()
            bench.bell.set()
        names = list(self._benches)
        self._around.write(partial(release, printers=names))
        for bench in self._benches.values():
            self._set_to_work(bench)
        self._around.changed()

    def _settle_the_past(self, connection: Connection) -> None:
        recover(connection)
        release(connection, list(self._benches))
        shred(connection, before=self._around.now_ms() - KEPT_MS)

    def _set_to_work(self, bench: _Bench) -> None:
        bench.thread = threading.Thread(
            target=self._work, args=(bench,), name=f"printer {bench.printer.name}", daemon=True
        )
        bench.thread.start()

    def stop(self) -> None:
        """Let what is being sent end, and stop."""
        self._stopping.set()
        self.wake()
        for bench in list(self._benches.values()):
            if bench.thread is not None:
                bench.thread.join(STOP_SECONDS)

    def wake(self) -> None:
        """There is something new in the table, or somebody has mended a printer."""
        for bench in self._benches.values():
            bench.bell.set()

    # --- For the screen ---

    def states(self) -> Mapping[str, PrinterState]:
        """Return how each printer is, as far as it says."""
        return {name: bench.state for name, bench in self._benches.items()}

    def queue(self) -> list[Job]:
        """Return the jobs that are not finished."""
        return self._around.read(queue)

    def reprint(self, job: int, printer: str | None = None) -> int:
        """Print a paper once more, as a copy; return the new job. Raises NothingToReprint.

        printer: another one than it was on.
        """
        at = self._around.now_ms()

        def work(connection: Connection) -> int:
            new = reprint(connection, job, at=at, printer=printer)
            if printer is None:  # where it came from may be no more
                release(connection, list(self._benches))
            return new

        return self._ask_for(work)

    def redirect(self, job: int, printer: str) -> bool:
        """Give a waiting or failed job to another printer."""
        return self._ask_for(lambda connection: jobs.redirect(connection, job, printer))

    def cancel(self, job: int) -> bool:
        """Drop a job that is not being sent."""
        return self._ask_for(lambda connection: jobs.cancel(connection, job))

    def came_out(self, job: int) -> bool:
        """The operator has the paper of an uncertain job in hand."""
        return self._ask_for(lambda connection: jobs.came_out(connection, job))

    def retry(self, name: str) -> None:
        """The operator has mended a printer: try at once, and ask it how it is."""
        bench = self._benches.get(name)
        if bench is not None:
            bench.failures = 0
            bench.is_asked = True
            bench.bell.set()

    def _ask_for(self, work: Callable[[Connection], T]) -> T:
        answer = self._around.write(work)
        self._around.changed()
        self.wake()
        return answer

    # --- One printer's thread ---

    def _work(self, bench: _Bench) -> None:
        if bench.before is not None:
            bench.before.join()
            bench.before = None
        self._guarded(bench, self._look)
        while not self._is_over(bench):
            bench.bell.clear()
            if bench.is_asked:
                bench.is_asked = False
                self._guarded(bench, self._look)
            if self._guarded(bench, self._step):
                continue
            if not bench.bell.wait(bench.pause) and not self._is_over(bench):
                self._guarded(bench, self._look)

        self._guarded(bench, self._catch_up)  # nobody else knows how its last job ended

    def _catch_up(self, bench: _Bench) -> bool:
        """Write the state that is still to be written because the database failed."""
        if bench.unsettled is not None:
            self._around.write(bench.unsettled)
            bench.unsettled = None
        return True

    def _is_over(self, bench: _Bench) -> bool:
        return self._stopping.is_set() or bench.off.is_set()

    def _guarded(self, bench: _Bench, work: Callable[[_Bench], bool]) -> bool:
        """Run one piece of work; a thread that dies of an error would print nothing any more."""
        try:
            return work(bench)
        except Exception as problem:  # noqa: BLE001 - handed on whole, to be shown and kept
            bench.failures += 1
            self._around.trouble(problem)
            return False

    def look(self, name: str) -> bool:
        """Ask a printer how it is; return whether it can print, as far as it says."""
        return self._look(self._benches[name])

    def _look(self, bench: _Bench) -> bool:
        self._show(bench, bench.printer.port.status())
        return bench.state.state != "fault"

    def step(self, name: str) -> bool:
        """Carry out the oldest job of one printer; return whether anything was settled.

        False: nothing waits, or the printer is at fault and the job waits on.
        """
        return self._step(self._benches[name])

    def _step(self, bench: _Bench) -> bool:
        around = self._around
        self._catch_up(bench)
        printer = bench.printer
        due = around.read(lambda c: jobs.oldest_for(c, printer.name, printer.roles))
        if due is None:
            return False
        if due.role == jobs.DRAWER and abs(around.now_ms() - due.at) > DRAWER_LATE_MS:
            return self._settle(bench, due, "cancelled", TOO_LATE)
        if bench.state.state == "fault" and not self._look(bench):
            bench.failures += 1
            return False
        try:
            sent = around.render(
                from_json(due.document), printer.profile, around.mark(due.copy_number)
            )
        except (ValueError, msgspec.MsgspecError) as problem:
            return self._settle(bench, due, "failed", _reason_of(problem))
        if not sent:
            return self._settle(bench, due, "cancelled", NO_DRAWER)
        return self._send(bench, due, sent)

    def _send(self, bench: _Bench, due: Due, sent: bytes) -> bool:
        """Mark the job, send it, write down how it ended."""
        begin = partial(jobs.begin, job=due.job, printer=bench.printer.name)
        # If marking fails at COMMIT nobody knows whether it is marked, but nothing was sent.
        bench.unsettled = partial(jobs.settle, job=due.job, state="queued", held=("sending",))
        is_ours = self._around.write(begin)
        bench.unsettled = None
        if not is_ours:
            return True
        in_doubt: jobs.State = "cancelled" if due.role == jobs.DRAWER else "uncertain"
        bench.unsettled = partial(jobs.settle, job=due.job, state=in_doubt, error=OTHER)
        delivery = bench.printer.port.deliver(sent)
        if delivery.outcome == "sent":
            bench.failures = 0
            self._show(bench, delivery.status)
            return self._settle(bench, due, "sent")
        bench.failures += 1
        self._show(bench, PrinterState("fault", delivery.reason))
        if delivery.outcome == "not_started":
            self._settle(bench, due, "queued", delivery.reason)
            return False
        return self._settle(bench, due, in_doubt, delivery.reason)

    def _settle(self, bench: _Bench, due: Due, state: jobs.State, error: str = "") -> bool:
        """Write down how a job ended; if that fails, it is written before the next one."""
        bench.unsettled = partial(jobs.settle, job=due.job, state=state, error=error)
        self._around.write(bench.unsettled)
        bench.unsettled = None
        self._around.changed()
        return True

    def _show(self, bench: _Bench, status: Status) -> None:
        state = PrinterState(status.state, status.reason)
        if state != bench.state:
            bench.state = state
            self._around.changed()


def _reason_of(problem: Exception) -> str:
    """Return why a paper cannot be printed here, as a reason of the catalogue."""
    return TOO_LARGE if isinstance(problem, TooLarge) else CANNOT_DRAW
