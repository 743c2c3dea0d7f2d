"""The desk: where what is asked becomes what has happened.

A page asks with commands. The desk gathers the state each command needs, lets the slice's own
rules decide, and records all their facts as one act, or none. It knows no service and no Qt: the
slices hand in their rules, and the composition root hands in the threads.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from station_app.journal.fact import Saying, Told
from station_app.journal.log import Connection, FactLog
from station_app.journal.projection import StateChange
from station_app.journal.recorder import ActRefused, Batch, Recorder
from station_app.journal.session import Session
from station_app.journal.store import CommitUnknown, StoreTrouble
from station_app.ledger.balances import repaid_since
from station_app.printing import spool
from station_app.printing.document import Document
from station_app.values.now import Now
from station_app.values.refusal import Refusal

C = TypeVar("C")
S = TypeVar("S")
T = TypeVar("T")

COMMIT_TRIES = 2  # a full disk gives its reserve at the first failure; more would only hang


@dataclass(frozen=True, slots=True)
class Paper:
    """A document to print with an act. role: `label`, `receipt`; persons: of whom it speaks."""

    role: str
    document: Document
    persons: tuple[str, ...] = ()


def no_papers(
    _connection: Connection, _command: Any, _told: Sequence[Told], _now: Now
) -> Sequence[Paper]:
    """Print nothing."""
    return ()


@dataclass(frozen=True, slots=True)
class Rule(Generic[C, S]):
    """How one kind of command is decided.

    gather: reads what the decision needs, inside the act's transaction (it may take numbers of a
    series there: a refusal puts them back). decide: pure. papers: what to print with it.
    """

    command: type[C]
    gather: Callable[[Connection, C, Now], S]
    decide: Callable[[S, C, Now], Sequence[Saying] | Refusal]
    papers: Callable[[Connection, C, Sequence[Told], Now], Sequence[Paper]] = no_papers


@dataclass(frozen=True, slots=True)
class Done:
    """It happened, and it is on disk. already: by an earlier try with the same ticket."""

    act: str
    told: tuple[Told, ...] = ()
    changes: tuple[StateChange, ...] = ()
    jobs: tuple[int, ...] = ()
    already: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """The world failed (disk, database); nothing of it was recorded. `text_key` says what to do."""

    text_key: str
    slots: Mapping[str, str | int] = field(default_factory=dict)


Outcome = Done | Refusal | Trouble


class _Refused(Exception):
    """Carries a calm no out of the transaction."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reason)
        self.refusal = refusal


def _bars_nothing(_connection: Connection, _now: Now, _said: Sequence[Saying]) -> None:
    """Let everything through."""


class Threads:
    """Runs work at once, in this thread: for commands, tests and the village."""

    def write(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Run `work` where writing is allowed, then `then` with its result."""
        then(work())

    def read(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Run `work` where reading is allowed, then `then` with its result."""
        then(work())


class Desk:
    """Performs commands, undoes acts, answers queries."""

    def __init__(  # noqa: PLR0913 - every edge of the desk is handed in
        self,
        session: Session,
        rules: Sequence[Rule[Any, Any]],
        circumstances: Callable[[Connection], Now],
        *,
        reading: Callable[[], Connection] | None = None,
        threads: Threads | None = None,
        sealing_kinds: frozenset[str] = frozenset({"shift.closed"}),
        bars: Callable[[Connection, Now, Sequence[Saying]], Refusal | None] = _bars_nothing,
    ) -> None:
        """Work on an open session.

        circumstances: returns the present `Now`; reading: returns this thread's own connection
        for queries (the session's if None); sealing_kinds: kinds after which what lies before
        them in the stream can no longer be undone; bars: says no to what rules would have said,
        whatever its slice: on a PC that was cut off.
        """
        self.session = session
        self._rules = {rule.command: rule for rule in rules}
        self._circumstances = circumstances
        self._reading_here = reading
        self._threads = threads or Threads()
        self._sealing_kinds = sealing_kinds
        self._bars = bars
        self._listeners: list[Callable[[Done], None]] = []

    def listen(self, listener: Callable[[Done], None]) -> None:
        """Call `listener` after every act, in the thread of the screen."""
        self._listeners.append(listener)

    def tell(self, done: Done) -> None:
        """Tell all listeners that something happened, here or elsewhere."""
        for listener in self._listeners:
            listener(done)

    def now(self) -> Now:
        """Return the present moment and place."""
        return self._circumstances(self._reading())

    def read(self, query: Callable[[Connection], T]) -> T:
        """Answer a quick query (below 50 ms) at once."""
        return query(self._reading())

    def look_up(self, query: Callable[[Connection], T], then: Callable[[T], None]) -> None:
        """Answer a query that may take longer, without holding up the screen."""
        self._threads.read(lambda: query(self._reading()), then)

    def _reading(self) -> Connection:
        if self._reading_here is not None:
            return self._reading_here()
        connection: Connection = self.session.connection
        return connection

    def perform(self, *commands: Any, ticket: str, then: Callable[[Outcome], None]) -> None:
        """Do all of these, as one act, or none; `then` gets the outcome, in the caller's thread.

        ticket: made when the screen opened and kept by it: the same ticket again is answered
        "already done", also after a restart.
        """
        self._threads.write(lambda: self.settle(*commands, ticket=ticket), self._report(then))

    def undo(self, act: str, *, ticket: str, then: Callable[[Outcome], None]) -> None:
        """Reverse an act of this stream (撤销), if nothing stands on it yet."""
        self._threads.write(lambda: self.settle_undo(act, ticket=ticket), self._report(then))

    def _report(self, then: Callable[[Outcome], None]) -> Callable[[Outcome], None]:
        def report(outcome: Outcome) -> None:
            then(outcome)
            if isinstance(outcome, Done):
                self.tell(outcome)

        return report

    def settle(self, *commands: Any, ticket: str) -> Outcome:
        """Do it now, in this thread, which must be the one that writes."""
        return self._settled(ticket, lambda recorder: self._act(recorder, commands, ticket))

    def settle_undo(self, target: str, *, ticket: str) -> Outcome:
        """Undo it now, in this thread, which must be the one that writes."""
        return self._settled(ticket, lambda recorder: self._undo(recorder, target, ticket))

    def _settled(self, ticket: str, work: Callable[[Recorder], Done]) -> Outcome:
        try:
            return self._written(ticket, work, tries=COMMIT_TRIES)
        except _Refused as no:
            return no.refusal
        except StoreTrouble as trouble:
            return Trouble(trouble.text_key, trouble.slots)
        except ActRefused as no:
            return Refusal(no.reason)

    def _written(self, ticket: str, work: Callable[[Recorder], Done], *, tries: int) -> Done:
        """Do the work; a failed COMMIT is looked up, and what is not there goes round again."""
        try:
            return self.session.write(work)
        except CommitUnknown:
            if self.session.recorder.is_done(ticket):
                return Done(ticket, already=True)
            if tries == 1:
                raise
            return self._written(ticket, work, tries=tries - 1)

    def _act(self, recorder: Recorder, commands: Sequence[Any], ticket: str) -> Done:
        if recorder.is_done(ticket):
            return Done(ticket, already=True)
        connection = recorder.connection
        now = self._circumstances(connection)
        act = recorder.open_act(ticket, by=now.operator, at=now.at)
        papers: list[Paper] = []
        for command in commands:
            rule = self._rules[type(command)]
            decision = rule.decide(rule.gather(connection, command, now), command, now)
            if isinstance(decision, Refusal):
                raise _Refused(decision)
            barred = self._bars(connection, now, decision)
            if barred is not None:
                raise _Refused(barred)
            told = act.say(*decision)
            papers += rule.papers(connection, command, told, now)
        batch = act.close()
        jobs = tuple(_print(connection, paper, act=ticket, at=now.at) for paper in papers)
        return _done(ticket, batch, jobs)

    def _undo(self, recorder: Recorder, target: str, ticket: str) -> Done:
        if recorder.is_done(ticket):
            return Done(ticket, already=True)
        refusal = self._why_not_undo(recorder, target)
        if refusal is not None:
            raise _Refused(refusal)
        now = self._circumstances(recorder.connection)
        batch = recorder.undo(target, ticket=ticket, by=now.operator, at=now.at, day=now.day)
        return _done(ticket, batch, ())

    def _why_not_undo(self, recorder: Recorder, target: str) -> Refusal | None:
        """Return why an act cannot be undone any more, or None."""
        connection, stream = recorder.connection, recorder.author.stream
        facts = FactLog(connection).act(stream, target)
        if not facts:
            return Refusal("journal.NOT_IN_THIS_STREAM")
        later = connection.execute(
            "SELECT kind FROM facts WHERE stream = ? AND seq > ?", (stream, facts[-1].seq)
        ).fetchall()
        if any(kind in self._sealing_kinds for (kind,) in later):
            return Refusal("journal.SHIFT_CLOSED")
        offered = connection.execute(
            "SELECT 1 FROM offered WHERE stream = ? AND act = ?", (stream, target)
        ).fetchone()
        if offered is not None:
            return Refusal("journal.OFFERED_ALREADY")
        if repaid_since(connection, stream, target):
            return Refusal("journal.REPAID_SINCE")
        free = recorder.vocabulary.kinds_that_carry_nothing
        for fact in facts:
            if fact.kind in free:
                continue
            standing = connection.execute(
                "SELECT 1 FROM folds o JOIN facts f ON f.identity = o.identity "
                "WHERE o.root = coalesce((SELECT root FROM roots WHERE identity = ?1), ?1) "
                "AND (o.at, o.identity) > (?2, ?3) AND (f.stream, f.act) != (?4, ?5) "
                "AND NOT EXISTS "
                "(SELECT 1 FROM reversals r WHERE r.stream = f.stream AND r.act = f.act) LIMIT 1",
                (fact.entity or fact.identity, fact.at, fact.identity, stream, target),
            ).fetchone()
            if standing is not None:
                return Refusal("journal.STOOD_UPON")
        return None


def _print(connection: Connection, paper: Paper, *, act: str, at: int) -> int:
    return spool.enqueue(
        connection,
        at=at,
        act=act,
        role=paper.role,
        document=paper.document,
        persons=paper.persons,
    )


def _done(ticket: str, batch: Batch, jobs: tuple[int, ...]) -> Done:
    return Done(ticket, tuple(batch.told), tuple(batch.changes), jobs)
