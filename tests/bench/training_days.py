"""Other days than the pinned one, to train dictionaries on: what packs a day must not have seen it.

    python -m tests.bench.training_days columns resources/dictionaries/2.zstd
    python -m tests.bench.training_days floor tests/bench/floor.zstd

The first writes the dictionary of format 2 that both ends ship, the second the one that the floor
of the size bench is given, so that it is as well informed. A dictionary that was shipped is never
made again: both ends must have the very same bytes under a number.
"""

import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import zstandard

from station_app.journal.chain import Head
from station_app.journal.fact import Fact
from station_app.journal.log import FactLog
from station_app.sync import columns
from station_app.sync.places import InFrames
from station_app.sync.segment import Segment, sign_head
from tests.bench import floor
from tests.bench.mixed_day import SEED, MixedDay

BYTES = 32 * 1024
SEEDS = tuple(range(1, 13))  # the pinned day's is none of them
LENGTHS = (3, 8, 20, 20, 20, 40, 80, 160, 240)  # facts in a request: a counter sends few, often
assert SEED not in SEEDS


@dataclass(frozen=True, slots=True)
class Lived:
    """A day that was lived: its facts, those held before, and how a run of it becomes a segment."""

    facts: tuple[Fact, ...]
    before: tuple[Fact, ...]
    segment: Callable[[Sequence[Fact]], Segment]


def lived(seed: int) -> Lived:
    """Live another day."""
    folder = Path(tempfile.mkdtemp(prefix="training-day-"))
    try:
        day = MixedDay(folder, seed)
        day.live()
        log = FactLog(day.reader)
        streams = [h.stream for h in log.heads() if h.stream != day.facts[0].stream]
        before = tuple(fact for stream in streams for fact in log.all_of(stream))
        signer, county, facts = day.signer, day.pin.id, day.facts
        day.close()
        day.county.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)

    def segment(run: Sequence[Fact]) -> Segment:
        last = run[-1]
        head = sign_head(Head(last.stream, last.seq, last.identity), county, signer)
        return Segment(last.stream, run[0].seq, run[0].prev, tuple(run), head)

    return Lived(facts, before, segment)


def runs(day: Lived, seed: int) -> Iterator[tuple[InFrames, Sequence[Fact]]]:
    """Yield the day in requests of all lengths, each with what is held when it leaves."""
    dice = random.Random(seed)
    held = InFrames()
    held.note(day.before)
    start = 0
    while start < len(day.facts):
        run = day.facts[start : start + dice.choice(LENGTHS)]
        yield held, run
        held.note(run)
        start += len(run)


def samples(seed: int, of: str) -> list[bytes]:
    """Return what a day's requests hold before they are packed."""
    day = lived(seed)
    if of == "floor":
        return [floor.columns_of(run, held) for held, run in runs(day, seed)]
    return [columns.write((day.segment(run),), held)[0] for held, run in runs(day, seed)]


def main() -> int:
    """Train and write one dictionary."""
    of, to = sys.argv[1], Path(sys.argv[2])
    found = [sample for seed in SEEDS for sample in samples(seed, of)]
    trained = zstandard.train_dictionary(BYTES, [*found], level=19).as_bytes()
    to.write_bytes(trained)
    sys.stdout.write(f"{to}: {len(trained)} bytes from {len(found)} samples\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
