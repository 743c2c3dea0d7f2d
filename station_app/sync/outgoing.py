"""What leaves with the next request: which facts, in which order, how many, and what must wait.

The order is: the stream of this start, this device's earlier ones, those of the siblings, and last
what the county itself once signed (it only lacks that after it was restored). Whoever holds a fact
sends it; the author's signed head says whose it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from station_app.journal.chain import Head
from station_app.journal.fact import VERSION_MARK, Fact
from station_app.sync.bisecting import Lack
from station_app.sync.dictionary import Press
from station_app.sync.frame import COLUMNS, FORMATS, ROWS, format_of, pack
from station_app.sync.messages import NAMED_STREAMS_MAX, TIP_HASH_CHARACTERS, Tip
from station_app.sync.packing import LEVEL_QUICK, Frame, Unit, by_acts, by_heads, frames_of
from station_app.sync.places import InFrames, Nowhere, Places
from station_app.sync.port import JournalPort, Pending
from station_app.sync.segment import COUNTY, Segment, SignedHead, Signer, author_of, sign_head

HOLD_BACK_MS = 60_000  # an order may be undone for a minute before anybody acts on it
ACT_FACTS_MAX = 500  # of one act: the recorder refuses longer ones
READ_FACTS = 200  # facts read at a time: a request rarely takes more


@dataclass(slots=True)
class Load:
    """What one request carries.

    asking: acts (stream, act) that ask others to do something and leave now; held_until: when
    the first act that was held back may leave, 0 when none was. has_more: there is more to send
    than fits, or something may be sent once the county has said how much of it it holds. unsure:
    streams of which it has to say that.
    """

    frames: list[Frame] = field(default_factory=list)
    tips: tuple[Tip, ...] = ()
    asking: list[tuple[str, str]] = field(default_factory=list)
    held_until: int = 0
    has_more: bool = False
    unsure: int = 0

    @property
    def count(self) -> int:
        """Return how many facts it carries."""
        return sum(frame.count for frame in self.frames)

    @property
    def size(self) -> int:
        """Return how many bytes its frames have."""
        return sum(len(frame.packed) for frame in self.frames)


class HoldBack:
    """Keeps acts that ask others to act for a minute, so that they can still be undone.

    The minute is counted from when an act was first seen here, or from its own time where the
    clock makes sense of it: a clock that was put back must not hold an order for an hour.
    """

    def __init__(self, kinds: frozenset[str]) -> None:
        """Hold back acts with a fact of these kinds."""
        self._kinds = kinds
        self._seen: dict[tuple[str, str], int] = {}

    def asks(self, unit: Unit) -> bool:
        """Tell whether an act asks others to do something."""
        return any(fact.kind in self._kinds for fact in unit)

    def until(self, unit: Unit, now_ms: int) -> int:
        """Return when an asking act may leave; not later than now when it may."""
        first = unit[0]
        seen = self._seen.setdefault((first.stream, first.act), now_ms)
        begun = min(seen, first.at) if first.at <= now_ms else min(seen, now_ms)
        return begun + HOLD_BACK_MS

    def forget(self, unit: Unit) -> None:
        """Stop counting: the act has left."""
        self._seen.pop((unit[0].stream, unit[0].act), None)


class Loader:
    """Puts together what one request carries."""

    def __init__(  # noqa: PLR0913 - every end of the work is handed in
        self,
        port: JournalPort,
        signer: Signer,
        press: Press,
        *,
        county: str,
        hold: HoldBack,
        formats: tuple[int, ...] = FORMATS,
    ) -> None:
        """Read from `port`; sign own heads and all frames with `signer`.

        formats: of frames that this program writes.
        """
        self._port = port
        self._signer = signer
        self._press = press
        self._county = county
        self._hold = hold
        self._formats = formats
        self._verbatim: set[str] = set()

    def take_back(self, load: Load, refused: Sequence[int]) -> bool:
        """Let what the county could not read travel as it is from now on.

        refused: frames by their place in the load. Tells whether one of them was columns: then it
        is worth sending again.
        """
        frames = [load.frames[place] for place in refused if place < len(load.frames)]
        columns = [frame for frame in frames if format_of(frame.packed) == COLUMNS]
        self._verbatim.update(s.stream for frame in columns for s in frame.segments)
        return bool(columns)

    def question(self, asked: Sequence[str] = ()) -> Load:
        """Return a load without facts: what the county holds is asked before more is sent."""
        pending = self._port.pending(self._port.county_epoch())
        return Load(tips=self._named(pending, asked), has_more=True)

    def load(  # noqa: PLR0913 - what a request depends on is said by keyword
        self,
        *,
        room: int,
        level: int,
        now_ms: int,
        at_once: bool,
        asked: Sequence[str] = (),
        holes: Sequence[Lack] = (),
    ) -> Load:
        """Return what to send now.

        room: bytes of frames; at least one frame goes even if it is longer. at_once: nothing is
        held back, because the operator asked, or the day is over. asked: streams of which to ask
        how far the county holds them, besides the tips and those that are pending. holes: what the
        county lacks in the middle of what it has confirmed.
        """
        pending = self._port.pending(self._port.county_epoch())
        load = Load(tips=self._named(pending, asked))
        heads: dict[tuple[str, int], SignedHead] = {}
        units = chain(
            self._mending(holes, heads),
            self._units(pending, load, heads, None if at_once else now_ms),
        )
        taken = 0
        for frame in self._frames(units, heads, level, self._port.places):
            if load.frames and taken + len(frame.packed) > room:
                load.has_more = True
                break
            load.frames.append(frame)
            taken += len(frame.packed)
        load.asking = self._asking(load.frames)
        return load

    def stick_load(self) -> tuple[tuple[Tip, ...], Iterator[Frame]]:
        """Return all that the county has not confirmed: what is named, and frame after frame.

        Nothing is held back, and nothing is asked before it is sent: a stick takes days. Before a
        frame is handed out its asking acts are marked as offered.
        """
        pending = self._port.pending(self._port.county_epoch())
        back = self._port.asked_back()
        return self._named(pending, ()), self._stick_frames(pending, back)

    def sibling_load(
        self, named: Mapping[str, int], back: Sequence[Lack] = ()
    ) -> tuple[tuple[Tip, ...], Iterator[Frame]]:
        """Return what a sibling may lack: what is named, and frame after frame.

        named: how far the streams reach there, by its own last word; back: of what it holds, facts
        whose private part it lacks.
        """
        pending = self._port.pending(self._port.county_epoch())
        marks = {entry.stream: entry.mark for entry in pending}
        entries = []
        streams = {*marks, *(tip.stream for tip in self._port.tips()[0])}
        for stream in sorted(streams, key=lambda name: (not is_for_all(name), name)):
            head = self._port.head(stream)
            unnamed = 0 if named and VERSION_MARK in stream else marks.get(stream, head.to)
            start = named.get(stream, unnamed)
            if start < head.to:
                entries.append(Pending(stream, head.to, head.identity, start, was_held=False))
        return self._named(pending, ()), self._stick_frames(entries, back)

    def _stick_frames(
        self, pending: Sequence[Pending], back: Sequence[Lack] = ()
    ) -> Iterator[Frame]:
        heads: dict[tuple[str, int], SignedHead] = {}
        all_of_it = [replace(entry, was_held=False) for entry in pending]
        units = chain(self._mending(back, heads), self._units(all_of_it, Load(), heads, None))
        for frame in self._frames(units, heads, LEVEL_QUICK, Nowhere()):
            self._port.offer(self._asking([frame]))
            yield frame

    def _frames(
        self,
        units: Iterator[Unit],
        heads: dict[tuple[str, int], SignedHead],
        level: int,
        held: Places,
    ) -> Iterator[Frame]:
        """Yield frames. held: facts that the county holds, besides those in the frames before."""
        readable = self._port.dictionaries()
        best = max(self._port.formats() & set(self._formats), default=ROWS)
        places = InFrames(held, self._port.forked())

        def packed(segments: Sequence[Segment]) -> bytes:
            is_readable = self._verbatim.isdisjoint(segment.stream for segment in segments)
            format_ = best if is_readable else ROWS
            return pack(
                segments,
                self._signer,
                self._press,
                level=level,
                dictionary=self._press.best_of(readable, for_columns=format_ == COLUMNS),
                format_=format_,
                places=places,
            )

        for frame in frames_of(units, lambda fact: self._head(fact, heads), packed):
            for segment in frame.segments:
                places.note(segment.facts)
            yield frame

    def _named(self, pending: Sequence[Pending], asked: Sequence[str]) -> tuple[Tip, ...]:
        """Return all tips, the pending streams and what is asked about."""
        tips, _ = self._port.tips()
        named = {tip.stream: tip for tip in tips}
        ends = [self._port.head(stream) for stream in asked]
        ends += [Head(p.stream, p.length, p.head) for p in pending[:NAMED_STREAMS_MAX]]
        for end in ends:
            mark = end.identity[:TIP_HASH_CHARACTERS]
            named.setdefault(end.stream, Tip(end.stream, end.to, mark))
        return tuple(named.values())[:NAMED_STREAMS_MAX]

    def _units(
        self,
        pending: Sequence[Pending],
        load: Load,
        heads: dict[tuple[str, int], SignedHead],
        now_ms: int | None,
    ) -> Iterator[Unit]:
        own = author_of(self._port.live)
        doubted = self._port.doubted()
        for entry in pending:
            if entry.was_held:
                load.has_more = True
                load.unsure += 1
                continue  # the county was restored: it is asked what it holds before we send
            facts = self._facts(entry)
            if author_of(entry.stream) != own:
                known = self._port.heads_after(entry.stream, entry.mark)
                heads.update(((head.stream, head.to), head) for head in known)
                yield from by_heads(facts, known)
                continue
            for unit in by_acts(facts):
                if (unit[0].stream, unit[0].act) in doubted:
                    break  # a journal that was put back: the operator looks at it first
                if now_ms is not None and self._hold.asks(unit):
                    until = self._hold.until(unit, now_ms)
                    if until > now_ms:
                        load.held_until = min(load.held_until or until, until)
                        break  # what was said after it waits behind it: a stream has no holes
                yield unit

    def _mending(
        self, holes: Sequence[Lack], heads: dict[tuple[str, int], SignedHead]
    ) -> Iterator[Unit]:
        """Yield whole acts, or whole runs up to their authors' heads, that hold these facts."""
        own = author_of(self._port.live)
        # It may lack just what would be named by its place there.
        self._verbatim.update(hole.stream for hole in holes)
        for hole in holes:
            if author_of(hole.stream) == own:
                around = self._port.run(
                    hole.stream, hole.first - ACT_FACTS_MAX, hole.last + ACT_FACTS_MAX
                )
                acts = by_acts(around)
                yield from (
                    act for act in acts if act[0].seq <= hole.last and act[-1].seq >= hole.first
                )
                continue
            known = self._port.heads_after(hole.stream, 0)
            first = max((head.to for head in known if head.to < hole.first), default=0) + 1
            last = min((head.to for head in known if head.to >= hole.last), default=0)
            heads.update(((head.stream, head.to), head) for head in known)
            yield from by_heads(self._port.run(hole.stream, first, last), known)

    def _facts(self, entry: Pending) -> Iterator[Fact]:
        first = entry.mark + 1
        while first <= entry.length:
            last = min(entry.length, first + READ_FACTS - 1)
            yield from self._port.run(entry.stream, first, last)
            first = last + 1

    def _head(self, fact: Fact, heads: dict[tuple[str, int], SignedHead]) -> SignedHead:
        if author_of(fact.stream) == author_of(self._port.live):
            head = Head(fact.stream, fact.seq, fact.identity)
            return sign_head(head, self._county, self._signer)
        return heads[fact.stream, fact.seq]

    def _asking(self, frames: Sequence[Frame]) -> list[tuple[str, str]]:
        asking = []
        for frame in frames:
            for segment in frame.segments:
                for unit in by_acts(segment.facts):
                    if self._hold.asks(unit):
                        self._hold.forget(unit)
                        asking.append((segment.stream, unit[0].act))
        return asking


def is_for_all(stream: str) -> bool:
    """Tell whether the county says it to all stations: its keys are among those words."""
    return author_of(stream) == COUNTY and stream.endswith("/all")
