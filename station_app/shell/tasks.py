"""Tasks: work that must not hold up the screen, and how its result comes back.

One thread writes, so acts stand in one order; a few threads read. A result is handed over in the
screen's thread, through Qt's own queue. Work that fails is a bug: it is raised in the screen's
thread, where the program's last resort shows it, and is never lost in a thread.
`station_app.shell.desk.Threads` is the twin that runs everything at once.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from station_app.shell.desk import Threads

T = TypeVar("T")

READERS: Final = 2  # a search and a page; more would only fight for the same two cores
Progress = Callable[[int, int], None]


class Job:
    """Work under way. `cancel` forgets its result; a long work asks `is_cancelled` itself."""

    def __init__(self) -> None:
        """Begin wanted."""
        self._is_cancelled = threading.Event()

    def cancel(self) -> None:
        """Nobody wants the result any more."""
        self._is_cancelled.set()

    @property
    def is_cancelled(self) -> bool:
        """Tell whether nobody wants the result any more."""
        return self._is_cancelled.is_set()


@dataclass(frozen=True, slots=True)
class _Piece:
    work: Callable[[], Any]
    then: Callable[[Any], None]
    job: Job


class _Post(QObject):
    """Carries results from any thread into the one in which it was made."""

    came = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.came.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def _run(self, delivery: Callable[[], None]) -> None:
        delivery()


class Tasks(Threads):
    """One writer, several readers. Make it in the screen's thread."""

    def __init__(self, readers: int = READERS) -> None:
        """Start the threads."""
        self._post = _Post()
        self._pending = 0
        self._is_closed = False
        self._writing: SimpleQueue[_Piece | None] = SimpleQueue()
        self._reading: SimpleQueue[_Piece | None] = SimpleQueue()
        self._writer = self._thread("writer", self._writing)
        self._readers = [self._thread(f"reader-{n}", self._reading) for n in range(readers)]

    def _thread(self, name: str, queue: "SimpleQueue[_Piece | None]") -> threading.Thread:
        thread = threading.Thread(target=self._serve, args=(queue,), name=name, daemon=True)
        thread.start()
        return thread

    @property
    def is_idle(self) -> bool:
        """Tell whether no work is under way and no result waits to be handed over."""
        return self._pending == 0

    def write(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Run `work` in the writing thread, after all that was asked before, then `then` here."""
        self._ask(self._writing, work, then)

    def read(  # type: ignore[override]
        self, work: Callable[[], T], then: Callable[[T], None]
    ) -> Job:
        """Run `work` in a reading thread, then `then` here."""
        return self._ask(self._reading, work, then)

    def read_slowly(
        self,
        work: Callable[[Job, Progress], T],
        then: Callable[[T], None],
        progress: Callable[[int, int], None],
    ) -> Job:
        """Run long work in a reading thread. It gets its job and says (done, of how many).

        progress: told here, in the screen's thread.
        """
        job = Job()

        def say(done: int, of: int) -> None:
            self._hand_over(job, lambda: progress(done, of))

        return self._ask(self._reading, lambda: work(job, say), then, job)

    def _ask(
        self,
        queue: "SimpleQueue[_Piece | None]",
        work: Callable[[], T],
        then: Callable[[T], None],
        job: Job | None = None,
    ) -> Job:
        assert not self._is_closed, "work asked for after closing"
        job = job or Job()
        self._pending += 1
        queue.put(_Piece(work, then, job))
        return job

    def _serve(self, queue: "SimpleQueue[_Piece | None]") -> None:
        while (piece := queue.get()) is not None:
            self._run(piece)

    def _run(self, piece: _Piece) -> None:
        try:
            if piece.job.is_cancelled and threading.current_thread() is not self._writer:
                self._hand_over(piece.job, lambda: None, is_last=True)
                return
            result = piece.work()
        except BaseException as error:  # noqa: BLE001 - it is raised again where it is seen
            failed = error

            def bug() -> None:
                raise failed

            self._hand_over(piece.job, bug, is_last=True, is_wanted=True)
        else:
            self._hand_over(piece.job, lambda: piece.then(result), is_last=True)

    def _hand_over(
        self,
        job: Job,
        delivery: Callable[[], None],
        *,
        is_last: bool = False,
        is_wanted: bool = False,
    ) -> None:
        def deliver() -> None:
            if self._is_closed:
                return  # it lay in Qt's queue already; what it would touch is closed as well
            if is_last:
                self._pending -= 1
            if is_wanted or not job.is_cancelled:
                delivery()

        self._post.came.emit(deliver)

    def close(self) -> None:
        """Finish all writing, drop reading that has not begun, and end the threads.

        After it returns, nothing runs any more; results that were not handed over are forgotten.
        """
        if self._is_closed:
            return
        self._is_closed = True
        with suppress(Empty):  # a reader may take the last one at any moment
            while True:
                self._reading.get_nowait()
        for _ in self._readers:
            self._reading.put(None)
        self._writing.put(None)
        for thread in (self._writer, *self._readers):
            thread.join()
        self._post.came.disconnect()
        self._pending = 0


class PerThread(Generic[T]):
    """One object for each thread that asks: a reading connection of its own."""

    def __init__(self, opener: Callable[[], T]) -> None:
        """Remember how to open one."""
        self._opener = opener
        self._held = threading.local()

    def __call__(self) -> T:
        """Return this thread's own, opened when it first asks."""
        found: T | None = getattr(self._held, "it", None)
        if found is None:
            found = self._held.it = self._opener()
        return found
