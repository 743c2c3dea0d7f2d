"""What the sending page shows, as plain values that the composition root fills.

The page must never ask the network anything. It looks at a snapshot, and a snapshot can be made
by hand, so every state of the line (on, off, under way, never met, held up) has a test.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from station_app.journal import put_back
from station_app.journal.fact import VERSION_MARK
from station_app.journal.islands import NO_FLOOR, Floor, floor_of
from station_app.journal.log import Connection
from station_app.overview.branches import outside
from station_app.sync.progress import (
    ALONE,
    BUSY,
    HELD_UP,
    OFFLINE,
    ONLINE,
    Attempt,
    LastReceipt,
    SyncStatus,
)

LINES = (ONLINE, OFFLINE, BUSY, HELD_UP, ALONE)

PHOTOS = "photos"  # those that the county does not have, whatever their facts are about
GROUPS = ("parcels", "money", "orders", "produce", "people", "county", PHOTOS, "rest")
"""In the order in which they are listed; each has a word and a picture of its own."""

_NOUNS = {
    "parcels": "parcel shelving ending manifest bag sending handover signature layer shelves",
    "money": "payment change shift drawer place cash remittance bill bill_account sale basket "
    "account credit refund claim debit difference courier courier_payment county_money opening "
    "statement",
    "orders": "order prepayment quote",
    "produce": "lot settlement contract goods",
    "people": "person consent operator id pin private erasure",
}
_GROUP_OF_NOUN = {noun: group for group, nouns in _NOUNS.items() for noun in nouns.split()}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One group of facts that the county has not confirmed: how many, how big, how old.

    oldest_at: UTC ms of the earliest of them.
    """

    group: str
    facts: int
    size: int
    oldest_at: int


@dataclass(frozen=True, slots=True)
class PcSign:
    """A PC of the station: when the county last heard it, and what it then still held back.

    device: "D2"; at: 0 when never. is_here: this one, of which the last success is known here.
    is_cut_off: the county has cut it off; outside: acts of it that count nowhere yet.
    is_renewed_elsewhere: another key speaks for it (a copy, an old image): it hands in and gets
    nothing until it is enrolled anew.
    """

    device: str
    at: int
    waiting: int
    is_here: bool = False
    is_cut_off: bool = False
    outside: int = 0
    is_renewed_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Signs:
    """What wants a look on the sending page, each a count that opens what it counts.

    floor: what is not here yet; lost: facts of this PC that nobody has given back; doubted: acts
    that wait for the operator; branches: lines of a PC that begin at the same fact; outside: acts
    that count nowhere until the county has looked at them, outside_fen: the cash that they moved.
    """

    floor: Floor = NO_FLOOR
    lost: int = 0
    doubted: int = 0
    branches: int = 0
    outside: int = 0
    outside_fen: int = 0


NO_SIGNS = Signs()


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand between this PC and the county, at one moment.

    line: one of LINES: `alone` means that the county was never met yet; `held_up` that the line is
    there, but something (`cause`) must be seen to first. since: when the line became so;
    last_success_at, next_try_at: 0 if there is none.
    sent, to_send: progress while `busy`. quarantined: facts from outside that cannot be read.
    pcs: the PCs of the station; signs: what wants a look besides; marks: up to where the county
    holds each stream; clock_ahead_ms: of this PC before the county's, 0 while nothing was heard.
    """

    line: str
    since: int
    waiting: tuple[Waiting, ...] = ()
    last_success_at: int = 0
    next_try_at: int = 0
    attempts: tuple[Attempt, ...] = ()
    receipt: LastReceipt | None = None
    cause: str = ""
    sent: int = 0
    to_send: int = 0
    quarantined: int = 0
    pcs: tuple[PcSign, ...] = ()
    signs: Signs = NO_SIGNS
    marks: Mapping[str, int] = field(default_factory=dict)
    clock_ahead_ms: int = 0

    @property
    def facts_held(self) -> int:
        """Return how many facts that this PC recorded the county holds, over all its starts."""
        here = {pc.device for pc in self.pcs if pc.is_here}
        mine = {name: upto for name, upto in self.marks.items() if VERSION_MARK not in name}
        return sum(upto for name, upto in mine.items() if here & set(name.split("/")[1:2]))

    @property
    def facts_waiting(self) -> int:
        """Return how many facts the county has not confirmed, and photos that it lacks."""
        return sum(group.facts for group in self.waiting)

    @property
    def bytes_waiting(self) -> int:
        """Return how big they are, as they lie here."""
        return sum(group.size for group in self.waiting)

    @property
    def oldest_at(self) -> int:
        """Return since when the oldest of them waits; 0 when nothing waits."""
        return min((group.oldest_at for group in self.waiting), default=0)


def standing_of(
    status: SyncStatus, waiting: tuple[Waiting, ...] = (), quarantined: int = 0
) -> Standing:
    """Put together what the conversation knows and what the journal counts."""
    return Standing(
        line=status.line,
        since=status.since,
        waiting=waiting,
        last_success_at=status.last_success_at,
        next_try_at=status.next_try_at,
        attempts=status.attempts,
        receipt=status.receipt,
        cause=status.cause,
        sent=status.sent,
        to_send=status.to_send,
        quarantined=quarantined,
        clock_ahead_ms=status.clock_ahead_ms,
    )


@dataclass(frozen=True, slots=True)
class StickSign:
    """What was seen of USB sticks: whether one is there, and a new answer of the county on it."""

    is_there: bool = False
    has_answer: bool = False


class SyncView(Protocol):
    """What the pages need of the sending machinery."""

    def standing(self) -> Standing:
        """Return how things stand now; quick, from memory."""
        ...

    def try_now(self) -> None:
        """Ask for a try at once, in the background; listeners hear how it goes."""
        ...

    def confirm_act(self, stream: str, act: str, then: Callable[[], None]) -> None:
        """An asking act of a journal that was put back may leave; `then` when that is kept."""
        ...

    def entered_again(self, lost: put_back.Lost, then: Callable[[], None]) -> None:
        """What nobody holds was entered again; `then` when that is kept."""
        ...

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` in the thread of the screen whenever something changed."""
        ...

    def stick(self) -> StickSign:
        """Return which stick was there at the last look; from memory."""
        ...

    def look_for_stick(self) -> None:
        """Look for sticks in the background; listeners hear when something changed."""
        ...

    def write_stick(self, then: Callable[[str, bool], None]) -> None:
        """Write a bundle in the background; `then` gets a sentence, and whether it went well."""
        ...

    def take_stick(self, then: Callable[[str, bool], None]) -> None:
        """Take the county's answer in the background; `then` as in `write_stick`."""
        ...


def group_of(kind: str) -> str:
    """Return in which group a kind of fact is counted: "parcel.shelved" in `parcels`."""
    return _GROUP_OF_NOUN.get(kind.partition(".")[0], "rest")


def count_quarantined(connection: Connection) -> int:
    """Return how many facts are kept aside because this program cannot read them."""
    count: int = connection.execute("SELECT count(*) FROM quarantine").fetchone()[0]
    return count


def signs_of(connection: Connection) -> Signs:
    """Return what wants a look; quick: it is asked each second."""
    apart = outside(connection)
    return Signs(
        floor=floor_of(connection),
        lost=sum(one.facts for one in put_back.lacking(connection)),
        doubted=len(put_back.doubted(connection)),
        branches=len(branches(connection)),
        outside=sum(one.acts for one in apart),
        outside_fen=sum(one.money_fen for one in apart),
    )


def branches(connection: Connection) -> list[tuple[str, str, int]]:
    """Return lines of PCs that begin where another one goes on: (stream, after, length).

    A disk that was put back, or copied, makes them; both are kept, and what counts the county says.
    """
    rows = connection.execute(
        "SELECT s.stream, s.first_prev, s.length FROM streams s WHERE s.first_prev != '' AND ("
        "EXISTS (SELECT 1 FROM streams o WHERE o.first_prev = s.first_prev "
        "AND o.stream != s.stream) OR "
        "EXISTS (SELECT 1 FROM facts f JOIN streams o ON o.stream = f.stream "
        "WHERE f.identity = s.first_prev AND o.length > f.seq)) ORDER BY s.stream"
    ).fetchall()
    return [(str(row[0]), str(row[1]), row[2]) for row in rows]


def waiting_facts(connection: Connection, held: Mapping[str, int]) -> tuple[Waiting, ...]:
    """Return what the county does not hold yet, by group, in the order of GROUPS.

    held: for each stream of this station, up to which seq a verified receipt reaches.
    """
    return WaitingMemory().count(connection, held)


def waiting_photos(connection: Connection, county_epoch: int) -> tuple[Waiting, ...]:
    """Return the photos that the county does not have yet, as a group of their own."""
    row = connection.execute(
        "SELECT count(*), coalesce(sum(b.size), 0), coalesce(min(b.at), 0) FROM blobs b "
        "LEFT JOIN blob_marks m ON m.hash = b.hash AND m.county_epoch = ? "
        "WHERE coalesce(m.state, '') NOT IN ('whole', 'gone') "
        "AND EXISTS (SELECT 1 FROM blob_names n WHERE n.hash = b.hash)",
        (county_epoch,),
    ).fetchone()
    return (Waiting(PHOTOS, *row),) if row[0] else ()


@dataclass(slots=True)
class _Run:
    """Facts of one stream that are counted already: after `held`, up to `upto`."""

    held: int
    upto: int
    groups: dict[str, Waiting]


class WaitingMemory:
    """Counts what waits, and each fact only once: months offline must not slow the screen."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self._runs: dict[str, _Run] = {}

    def count(self, connection: Connection, held: Mapping[str, int]) -> tuple[Waiting, ...]:
        """Return what waits; only facts that came since the last time are looked at."""
        streams = connection.execute(
            "SELECT stream, length FROM streams WHERE stream NOT LIKE 'county.%'"
        ).fetchall()
        waiting = {s: length for s, length in streams if length > held.get(s, 0)}
        for gone in [stream for stream in self._runs if stream not in waiting]:
            del self._runs[gone]
        for stream, length in waiting.items():
            self._catch_up(connection, stream, held.get(stream, 0), length)
        gathered: dict[str, Waiting] = {}
        for run in self._runs.values():
            for group in run.groups.values():
                _add(gathered, group)
        return tuple(gathered[group] for group in GROUPS if group in gathered)

    def _catch_up(self, connection: Connection, stream: str, held: int, length: int) -> None:
        run = self._runs.get(stream)
        if run is None or run.held != held or run.upto > length:
            run = self._runs[stream] = _Run(held, held, {})
        if run.upto == length:
            return
        rows = connection.execute(
            "SELECT f.kind, count(*), sum(length(f.body) + coalesce(length(p.part), 0)), min(f.at) "
            "FROM facts f LEFT JOIN privates p ON p.identity = f.identity "
            "WHERE f.stream = ? AND f.seq > ? AND f.seq <= ? GROUP BY f.kind",
            (stream, run.upto, length),
        ).fetchall()
        for kind, facts, size, oldest_at in rows:
            _add(run.groups, Waiting(group_of(kind), facts, size, oldest_at))
        run.upto = length


def _add(gathered: dict[str, Waiting], more: Waiting) -> None:
    before = gathered.get(more.group)
    if before is None:
        gathered[more.group] = more
        return
    gathered[more.group] = Waiting(
        more.group,
        before.facts + more.facts,
        before.size + more.size,
        min(before.oldest_at, more.oldest_at),
    )
