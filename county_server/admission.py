"""Who is let in, and when: requests of devices wait here, few together are committed at once.

A commit waits for the disk, however little is in it. So pushes that have come whole and wait at
the same time share one transaction (SQLite), each as a savepoint of its own: one that is refused
leaves the others alone. Everybody is answered after the commit. While many wait, their facts are
kept and the folds left for later; an idle server folds what waits.

What waits is bounded, in requests and in bytes. Who comes beyond that is told when to come again.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field

from county_server.catching_up import fold_one
from county_server.county import County
from county_server.intake import Push, Refused
from county_server.loads import announce_what_waits
from county_server.refolding import refold_one
from station_app.sync.messages import Problem

REQUESTS_MAX = 600  # all stations of a county with two PCs each, at the same moment
WAITING_BYTES_MAX = 64 * 1024 * 1024  # of bodies that wait: thirty of the longest
GROUP_PUSHES = 16  # about 100 ms of work: nobody waits long for others, and a commit is shared
BUSY_FROM = 4  # waiting pushes from which on the folds are left for later
COME_AGAIN_S = 5  # and up to fifteen seconds more, by lot
QUIET_S = 1.0  # so long nobody has come: the herd is through
LOOK_EVERY_S = 5.0  # another process may have left something to fold
Outcome = tuple[int, bytes] | Exception


@dataclass(slots=True)
class Admission:
    """The queue before one county's database, in one process of the server."""

    county: County
    _waiting: deque[tuple[Push, "asyncio.Future[Outcome]"]] = field(default_factory=deque)
    _inside: int = 0
    _bytes: int = 0
    _draining: "asyncio.Task[None] | None" = None
    _seen_at: float = -QUIET_S
    _left_behind: asyncio.Event = field(default_factory=asyncio.Event)

    @contextmanager
    def request(self) -> Iterator["Visit"]:
        """Let a request in for as long as the body runs; raises Refused when all is full."""
        if self._inside >= REQUESTS_MAX:
            raise self._full()
        self._inside += 1
        visit = Visit(self)
        try:
            yield visit
        finally:
            self._inside -= 1
            self._seen_at = _now()
            self._bytes -= visit.taken

    def add_bytes(self, count: int) -> None:
        """Count bytes that wait; raises Refused when they are too many."""
        self._bytes += count
        if self._bytes > WAITING_BYTES_MAX:
            raise self._full()

    def _full(self) -> Refused:
        return Refused(503, Problem(reason="busy"), COME_AGAIN_S + self.county.spread_s())

    async def finish(self, push: Push) -> tuple[int, bytes]:
        """Commit a push that has come whole, perhaps together with others; return its answer."""
        await asyncio.sleep(0)  # who arrives in the same moment comes in meanwhile
        if self._inside == 1 and not self._waiting:
            return push.finish()  # alone: there is nobody to share with
        push.check_whole()
        done: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((push, done))
        if self._draining is None or self._draining.done():
            self._draining = asyncio.create_task(self._drain())
        outcome = await done
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def _drain(self) -> None:
        """Take those who wait, a few at a time, until nobody does."""
        while self._waiting:
            group = [self._waiting.popleft() for _ in range(min(GROUP_PUSHES, len(self._waiting)))]
            self.county.is_busy = self._inside >= BUSY_FROM
            for outcome, (_, done) in zip(
                finish_together(self.county, [push for push, _ in group]), group, strict=True
            ):
                if not done.cancelled():
                    done.set_result(outcome)
            if self.county.is_busy:
                self._left_behind.set()
            await asyncio.sleep(0)  # answers leave, others are read in
        self.county.is_busy = False

    async def fold_behind(self) -> None:
        """Fold what waits while nobody has been at the door for a moment; runs until cancelled.

        Villages hear then of the loads that nobody has announced to them yet.
        """
        loop = asyncio.get_running_loop()
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._left_behind.wait(), LOOK_EVERY_S)
            self._left_behind.clear()
            while not self._is_quiet(loop.time()):
                await asyncio.sleep(QUIET_S / 4)
            store = self.county.store
            while self._is_quiet(loop.time()) and (fold_one(store) or refold_one(store)):
                await asyncio.sleep(0)
            if self._is_quiet(loop.time()):
                announce_what_waits(self.county)
            if not self._is_quiet(loop.time()):
                self._left_behind.set()

    def _is_quiet(self, now: float) -> bool:
        return not self._inside and now - self._seen_at >= QUIET_S

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Fold behind the intake while the server runs; what waits at its end waits on disk."""
        folding = asyncio.create_task(self.fold_behind())
        try:
            yield
        finally:
            folding.cancel()
            with suppress(asyncio.CancelledError):
                await folding


def _now() -> float:
    """Return the loop's time; by hand, without a loop, it stands still."""
    try:
        return asyncio.get_running_loop().time()
    except RuntimeError:
        return 0.0


def finish_together(county: County, pushes: Sequence[Push]) -> list[Outcome]:
    """Finish pushes that have come whole; return an answer or what went wrong for each.

    On SQLite they share one commit, each within a savepoint: what goes wrong with one undoes
    that one only. On PostgreSQL processes commit side by side, each its own.
    """
    if len(pushes) == 1 or not county.store.is_sqlite:
        return [_outcome(push.finish) for push in pushes]
    failed: dict[int, Exception] = {}
    try:
        with county.store.write(behind=True) as connection:
            for place, push in enumerate(pushes):
                try:
                    with connection.begin_nested():
                        push.enter(connection)
                except Exception as problem:  # noqa: BLE001 - it is this push's alone
                    failed[place] = problem
    except Exception as problem:  # noqa: BLE001 - what is kept is unknown: no receipts
        return [problem for _ in pushes]
    return [failed.get(place) or _outcome(push.reply) for place, push in enumerate(pushes)]


def _outcome(work: Callable[[], tuple[int, bytes]]) -> Outcome:
    try:
        return work()
    except Exception as problem:  # noqa: BLE001 - handed to whoever waits for this one
        return problem


@dataclass(slots=True)
class Visit:
    """One request inside; its bytes count for as long as it is."""

    admission: Admission
    taken: int = 0

    def count(self, piece: bytes) -> bytes:
        """Count some bytes of the body and return them; raises Refused when all is full."""
        self.taken += len(piece)
        self.admission.add_bytes(len(piece))
        return piece
