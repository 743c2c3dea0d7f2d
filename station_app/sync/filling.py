"""How a new PC comes to hold a station's history: what it needs to work first, the rest by night.

The stage is kept in the journal with the facts that it brought, so a power cut costs nothing. As
long as the rest lacks, it is asked for when the line is quick or idle: at night, or when somebody
asks for it. What comes then is set aside, and folded when nothing lacks any more.
"""

from collections.abc import Sequence

from station_app.sync.messages import (
    FOLDING,
    LATELY,
    NAMED_STREAMS_MAX,
    OPEN_THINGS,
    THE_REST,
    WHOLE,
    Receipt,
    Wanted,
)
from station_app.sync.packing import LEVEL_QUICK
from station_app.sync.port import JournalPort
from station_app.values.day import local_time

NIGHT = (20, 7)  # from eight in the evening to seven in the morning nobody waits at the counter


class Filling:
    """Decides what of the history is asked for now. It works in the thread of the line."""

    def __init__(self, port: JournalPort) -> None:
        """Look at `port`."""
        self._port = port
        self._is_hurried = False
        self._may_fill = False

    def hurry(self) -> None:
        """Somebody asked: fetch what lacks also by day, until the line fails."""
        self._is_hurried = True

    def failed(self) -> None:
        """The line failed: the next one to ask begins anew."""
        self._is_hurried = False

    def look(self, now_ms: int, level: int) -> None:
        """Decide whether the rest is asked for now; fold what was set aside when nothing lacks."""
        self._fold_what_waits()
        is_quick = level == LEVEL_QUICK
        self._may_fill = self._is_hurried or is_quick or is_night(now_ms)

    def missing(self) -> tuple[str, ...]:
        """Return the facts that others continue and that are not held, if they are to come now."""
        stage, _ = self._port.stage()
        if stage in (OPEN_THINGS, LATELY) or (stage == THE_REST and not self._may_fill):
            return ()
        return self._port.tips()[1]

    def wanted(self, ends: Sequence[tuple[str, int]], *, comes_anyway: bool) -> tuple[Wanted, ...]:
        """Return what to ask for. ends: how far streams reach at the county.

        comes_anyway: more is announced, and the streams of others are in it.
        """
        stage, _ = self._port.stage()
        if stage in (OPEN_THINGS, LATELY) or (stage == THE_REST and not self._may_fill):
            return ()
        if stage != THE_REST:
            here = {stream: self._port.head(stream).to for stream, _ in ends}
            lacking = [Wanted(s, here[s]) for s, length in dict(ends).items() if here[s] < length]
            return tuple(lacking)
        return self._lacking(ends, comes_anyway=comes_anyway)[:NAMED_STREAMS_MAX]

    def _lacking(
        self, ends: Sequence[tuple[str, int]], *, comes_anyway: bool
    ) -> tuple[Wanted, ...]:
        """Return what lacks while this PC is being filled: below what is held, and beyond it.

        All of it is old, since news come by the feed; so each says where it ends.
        """
        wanted: list[Wanted] = []
        for stream, length in dict(ends).items():
            islands = self._port.islands(stream)
            here = islands[-1][1] if islands else self._port.head(stream).to
            if here < length:
                wanted.append(Wanted(stream, here, length))
        if not comes_anyway:
            wanted += [Wanted(g.stream, g.first - 1, g.last) for g in self._port.gaps()]
        return tuple(wanted)

    def answered(self, asked: int, receipt: Receipt) -> None:
        """A whole answer came. asked: the stage that it answers; it says which is next.

        A station with little history comes whole at once. So may one in the middle of it, of a
        county that was put back and holds less than it did: what was set aside is folded then.
        """
        if _says_only_whose_key(receipt):
            return
        then = receipt.stage
        if then != WHOLE and not _says_nothing_of_the_station(receipt):
            since = receipt.since if then not in (OPEN_THINGS, LATELY) else 0
            self._port.note_known(receipt.total, since)
        if asked in (OPEN_THINGS, LATELY) and then != asked:
            self._port.set_stage(FOLDING if then == WHOLE else then)
            self._fold_what_waits()

    def end_if_whole(self, wanted: tuple[Wanted, ...], receipt: Receipt) -> None:
        """See whether anything still lacks that can be had; if not, fold what was set aside.

        What the county lacks, too, may be lost for ever: nobody waits for that.
        """
        stage, _ = self._port.stage()
        if stage != THE_REST or not self._may_fill or receipt.more or wanted:
            return
        if _says_only_whose_key(receipt) or _says_nothing_of_the_station(receipt):
            return
        if not self._port.gaps() and set(self._port.tips()[1]) <= set(receipt.missing):
            self._port.set_stage(FOLDING)
            self._fold_what_waits()

    def _fold_what_waits(self) -> None:
        """Fold a little at a time, so that the counter's acts come in between."""
        if self._port.stage()[0] != FOLDING:
            return
        while self._port.fold_aside():
            pass
        self._port.set_stage(WHOLE)


def _says_only_whose_key(receipt: Receipt) -> bool:
    """Tell whether it was asked with a key that was renewed: such an answer says nothing else."""
    return bool(receipt.speaks)


def _says_nothing_of_the_station(receipt: Receipt) -> bool:
    """Tell whether a PC that is being filled was cut off: it is not told how many facts there are.

    Nor is it told what it lacks, and does not take that for the end.
    """
    return not receipt.total


def is_night(now_ms: int) -> bool:
    """Tell whether the counter is closed at this hour of this PC's clock."""
    return not NIGHT[1] <= int(local_time(now_ms)[:2]) < NIGHT[0]
