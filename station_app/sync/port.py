"""What the conversation with the county needs of a journal: words only, no database.

Tests of the village put other journals under it; the station's own is `sync.journal_port`.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Protocol

from station_app.journal.chain import Head
from station_app.journal.fact import Fact
from station_app.journal.islands import Gap
from station_app.sync.bisecting import Lack
from station_app.sync.messages import Receipt, Tip
from station_app.sync.places import Places
from station_app.sync.progress import Attempt, Backlog
from station_app.sync.segment import Segment, SignedHead


@dataclass(frozen=True, slots=True)
class Pending:
    """A stream of which the county has not confirmed everything.

    mark: how far a receipt of this county epoch reaches; was_held: this epoch has said nothing
    of it and an earlier one confirmed some, so the county is asked before it is sent again.
    """

    stream: str
    length: int
    head: str
    mark: int
    was_held: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """What a receipt changed: facts newly confirmed, facts that the county turned out to lack.

    forks: streams where the county's fact differs.
    """

    confirmed: int
    lost: int
    forks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ahead:
    """How facts are taken that come before their time.

    aside: by stream, the seqs that are not folded yet; stage, place: how far the filling is with
    them.
    """

    aside: Mapping[str, Set[int]]
    stage: int
    place: int


class JournalPort(Protocol):
    """What the exchange needs of a journal. Every method that writes is one transaction."""

    @property
    def live(self) -> str:
        """Return the stream that this start of the program writes."""
        ...

    def county_epoch(self) -> int:
        """Return the highest county epoch that a verified receipt named; 0 for none."""
        ...

    def pending(self, county_epoch: int) -> Sequence[Pending]:
        """Return the streams that are not wholly confirmed, own ones first."""
        ...

    def tips(self) -> tuple[tuple[Tip, ...], tuple[str, ...]]:
        """Return the ends of all chains here, and what others continue that is not held here."""
        ...

    def forked(self) -> Set[str]:
        """Return the streams of which two versions are held here, by their own names."""
        ...

    def line_at(self, tip: Tip) -> str | None:
        """Return which line of a stream holds this end: "" if others do, None if nothing stands
        there.
        """
        ...

    def head(self, stream: str) -> Head:
        """Return how far a stream reaches here."""
        ...

    def run(self, stream: str, first: int, last: int) -> Sequence[Fact]:
        """Return the facts `first` to `last` of a stream."""
        ...

    def heads_after(self, stream: str, seq: int) -> Sequence[SignedHead]:
        """Return the signed heads of another's stream beyond `seq`, in order."""
        ...

    def stream_of(self, identity: str) -> str:
        """Return the stream that holds a fact, "" when it is not held here."""
        ...

    def asked_back(self, by: str = "") -> Sequence[Lack]:
        """Return what the last receipt, or a sibling, said is bare there and is whole here."""
        ...

    def keep_asked(self, by: str, marks: Sequence[str]) -> None:
        """Keep which facts a sibling holds without their private part."""
        ...

    def bare(self) -> Sequence[str]:
        """Return the marks of the county's words that are held without their private part."""
        ...

    def cursor(self, county_epoch: int) -> int:
        """Return how far the county's feed was taken in that epoch."""
        ...

    def dictionaries(self) -> frozenset[int]:
        """Return the dictionaries that the county has named as readable; at least 0."""
        ...

    def formats(self) -> frozenset[int]:
        """Return the formats of frames that the county has named as readable; at least rows."""
        ...

    @property
    def places(self) -> Places:
        """Return the facts held here, and those of them that the county holds, too."""
        ...

    def stage(self) -> tuple[int, int]:
        """Return what of the station's history lacks here (`messages.OPEN_THINGS` and on), and
        how far that stage was taken.
        """
        ...

    def set_stage(self, stage: int) -> None:
        """Keep that a stage begins."""
        ...

    def note_known(self, total: int, since_at: int) -> None:
        """Keep how many facts the station has, and since when all of them are here."""
        ...

    def named_by(self, sibling: str) -> Mapping[str, int]:
        """Return how far the streams reach at a sibling, by its last bundle; empty for none."""
        ...

    def keep_named(self, sibling: str, named: Mapping[str, int]) -> None:
        """Keep how far the streams reach at a sibling."""
        ...

    def doubted(self) -> Set[tuple[str, str]]:
        """Return the asking acts (stream, act) that may not leave before somebody has looked."""
        ...

    def fold_aside(self) -> bool:
        """Fold some of what was set aside; False when there was nothing left."""
        ...

    def islands(self, stream: str) -> Sequence[tuple[int, int]]:
        """Return what is held of a stream beyond a hole: (first, last)."""
        ...

    def gaps(self) -> Sequence[Gap]:
        """Return what lacks below what is held, that below the latest first."""
        ...

    def between(self, first: tuple[str, int], end: tuple[str, int]) -> Sequence[Tip]:
        """Return every fact from one place up to before another, in order."""
        ...

    def compared_at(self) -> int:
        """Return when everything was last compared with the county, UTC ms; 0 for never."""
        ...

    def keep_compared(self, at_ms: int) -> None:
        """Keep when everything was compared."""
        ...

    def backlog(self) -> Backlog:
        """Return what the county has not confirmed."""
        ...

    def attempts(self) -> Sequence[Attempt]:
        """Return the last tries, the newest first."""
        ...

    def offer(self, acts: Iterable[tuple[str, str]]) -> None:
        """Keep that these acts (stream, act) are about to leave."""
        ...

    def take(
        self,
        segments: Sequence[Segment],
        *,
        county_epoch: int,
        cursor: int,
        ahead: Ahead | None = None,
    ) -> int:
        """Take facts of others and move the cursor, together; return how many were new.

        ahead: they may lie beyond a hole. Raises Broken if they do not continue what is held here;
        then nothing is written.
        """
        ...

    def settle(
        self,
        receipt: Receipt,
        proof: bytes,
        *,
        is_late: bool = False,
        named: Set[str] | None = None,
    ) -> Settled:
        """Set the marks to what a verified receipt says, also downwards.

        proof: the receipt as it was signed. is_late: it came by stick, so it may be older than what
        is known: within an epoch it only raises marks, and one of a lower epoch changes nothing.
        named: the streams that the request named; of others the receipt tells how far the frames
        that follow it go, which lowers no mark. None: it answers to all of them.
        """
        ...

    def note(self, attempt: Attempt) -> None:
        """Keep how a try went."""
        ...
