"""From runs of facts to frames of a good size, for both ends.

On a line a frame is small, so that a reset costs little: at most 8 KiB packed, unless one act (or
one run between two heads of another's stream) is larger. Nothing is cut inside such a unit.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from station_app.journal.fact import Fact
from station_app.sync.frame import UNPACKED_BYTES_MAX
from station_app.sync.segment import Segment, SignedHead

LINE_FRAME_BYTES = 8 * 1024
LEVEL_SLOW = 19  # the line is slower than the compressor
LEVEL_QUICK = 3  # from 2 Mbit/s on the compressor would be the bottleneck
QUICK_BYTES_PER_SECOND = 2_000_000 // 8
_ROW_BYTES = 90  # header and private digest, besides body and private part
_FIRST_GUESS = 30  # per cent of the raw size that a frame packs to, before anything is known
_ROOM_FOR_ONE = UNPACKED_BYTES_MAX // 4

Unit = tuple[Fact, ...]
HeadOf = Callable[[Fact], SignedHead]
Pack = Callable[[Sequence[Segment]], bytes]


@dataclass(frozen=True, slots=True)
class Frame:
    """A packed frame, and what is in it."""

    packed: bytes
    segments: tuple[Segment, ...]

    @property
    def count(self) -> int:
        """Return how many facts it carries."""
        return sum(len(segment.facts) for segment in self.segments)


def level_for(bytes_per_second: int) -> int:
    """Return how hard to pack for a line of this rate; 0 when nothing is known of it."""
    return LEVEL_QUICK if bytes_per_second >= QUICK_BYTES_PER_SECOND else LEVEL_SLOW


def by_acts(facts: Iterable[Fact]) -> Iterator[Unit]:
    """Yield the acts of a run: what no receiver may ever see in part."""
    for _, act in groupby(facts, key=lambda fact: fact.act):
        yield tuple(act)


def by_heads(facts: Iterable[Fact], heads: Iterable[SignedHead]) -> Iterator[Unit]:
    """Yield the runs that end at a head; what follows the last head is left out.

    For the streams of others: their author alone can sign, so only he says where one may stop.
    """
    ends = {head.to for head in heads}
    run: list[Fact] = []
    for fact in facts:
        run.append(fact)
        if fact.seq in ends:
            yield tuple(run)
            run = []


def frames_of(units: Iterable[Unit], head_of: HeadOf, pack: Pack) -> Iterator[Frame]:
    """Yield frames of about LINE_FRAME_BYTES that hold these units in order."""
    batch: list[Unit] = []
    raw, share = 0, _FIRST_GUESS
    for unit in units:
        size = _raw_size(unit)
        is_full = (raw + size) * share // 100 > LINE_FRAME_BYTES or raw + size > _ROOM_FOR_ONE
        if batch and is_full:
            for frame in _packed(batch, head_of, pack):
                share = 1 + len(frame.packed) * 100 // _frame_raw_size(frame)  # rather too short
                yield frame
            batch, raw = [], 0
        batch.append(unit)
        raw += size
    if batch:
        yield from _packed(batch, head_of, pack)


def _packed(units: Sequence[Unit], head_of: HeadOf, pack: Pack) -> Iterator[Frame]:
    """Yield one frame, or two halves if it came out too long."""
    segments = tuple(_segments(units, head_of))
    packed = pack(segments)
    if len(packed) <= LINE_FRAME_BYTES or len(units) == 1:
        yield Frame(packed, segments)
        return
    middle = len(units) // 2
    yield from _packed(units[:middle], head_of, pack)
    yield from _packed(units[middle:], head_of, pack)


def _segments(units: Sequence[Unit], head_of: HeadOf) -> Iterator[Segment]:
    run: list[Fact] = []
    for unit in units:
        if run and (unit[0].stream, unit[0].seq) != (run[-1].stream, run[-1].seq + 1):
            yield _segment(run, head_of)
            run = []
        run += unit
    yield _segment(run, head_of)


def _segment(run: Sequence[Fact], head_of: HeadOf) -> Segment:
    first = run[0]
    return Segment(first.stream, first.seq, first.prev, tuple(run), head_of(run[-1]))


def _raw_size(unit: Unit) -> int:
    return sum(_ROW_BYTES + len(fact.body) + len(fact.private or b"") for fact in unit)


def _frame_raw_size(frame: Frame) -> int:
    return sum(_raw_size(segment.facts) for segment in frame.segments)
