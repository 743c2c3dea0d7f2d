"""What goes down with an answer: the county's own words first, then the siblings' facts.

A device gets the county's streams from where it stands, then its siblings' runs from where its
cursor stands in the station's feed, then what the last comparison showed that it lacks. A new PC of
a station with much history begins at the end of the feed, and gets what it needs to work before
all else (`early`). Nothing of another station is ever looked at.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from sqlalchemy import Connection

from county_server.county import County
from county_server.cut_off import CutOff
from county_server.early import Early, EarlyUnit, joined, next_stage
from county_server.forks import is_another, named_lines
from county_server.held import HeldByDevice
from county_server.journal import CountyJournal, Run
from county_server.rebuilding import first_seq
from county_server.schema import EVERYWHERE, home_of
from county_server.scribe import EVERYBODY
from station_app.journal.chain import Head
from station_app.journal.fact import Fact, said_as
from station_app.security.signing import Signer
from station_app.sync.frame import COLUMNS, ROWS, pack
from station_app.sync.messages import LATELY, OPEN_THINGS, THE_REST, WHOLE, Aside, Held, Opening
from station_app.sync.packing import Unit, by_acts, by_heads, frames_of, level_for
from station_app.sync.places import InFrames, Nowhere
from station_app.sync.segment import COUNTY, Segment, SignedHead, author_of, sign_head

RUNS_AT_ONCE = 500
READ_FACTS = 500
ROOM_MAX = 1024 * 1024
STICK_ROOM_MAX = 32 * 1024 * 1024
EARLY_ROOM_MAX = 256 * 1024  # what is to be set aside must be named in the receipt
STREAMS_MAX = 1_000  # of one answer: the receipt says of each what is held
AIR_TIME_S = 10


@dataclass(slots=True)
class Downlink:
    """Frames for one answer.

    cursors: how far the feed is taken after each, begun: from where; held: in what each stream
    ends in each frame, so that whoever gets only some of them knows that the county holds those.
    stage, places, aside: of a new PC, see `Receipt`. is_cut_off: to a PC that was cut off nothing
    is said of what its station holds besides.
    """

    frames: list[bytes] = field(default_factory=list)
    cursors: list[int] = field(default_factory=list)
    held: dict[str, list[Held]] = field(default_factory=dict)
    has_more: bool = False
    begun: int = 0
    stage: int = WHOLE
    places: list[int] = field(default_factory=list)
    aside: tuple[Aside, ...] = ()
    total: int = 0
    since: int = 0
    is_cut_off: bool = False


class Dispatch:
    """Puts together what one device gets."""

    def __init__(  # noqa: PLR0913 - what is known of who asks is said by keyword
        self,
        county: County,
        connection: Connection,
        opening: Opening,
        signer: Signer,
        *,
        is_stick: bool = False,
        is_former: bool = False,
    ) -> None:
        """Answer an opening that was checked.

        signer: the county's key that the device believes. is_stick: there may be no second word
        for days, so the county compares for both. is_former: the device has renewed the key that
        it spoke with.
        """
        self._signer = signer
        self._is_stick = is_stick
        self._county = county
        self._opening = opening
        self._station = opening.device.rpartition("/")[0]
        self._cut_off = CutOff(county.store, connection, opening.device)
        self._is_former = is_former
        self._journal = CountyJournal(county.store, connection)
        self._forked = self._journal.forked(self._station)
        self._named = named_lines(self._journal, opening.tips, self._forked)
        others = (t.stream for t in opening.tips if is_another(t.stream, self._named))
        self._versions = {*self._forked, *map(said_as, others)}  # held in two, here or there
        is_present = opening.county_epoch == county.keys.epoch.number
        self._cursor = opening.cursor if is_present else 0
        self._heads: dict[tuple[str, int], SignedHead] = {}
        self._run_ends: dict[tuple[str, int], int] = {}
        self._early = Early(
            county.store,
            connection,
            self._station,
            county.plans,
            now_ms=county.clock.now_ms(),
        )
        self._place = opening.place
        self._sent_early: dict[tuple[str, int], EarlyUnit] = {}
        self._aside: list[Aside] = []
        self._fed: dict[str, tuple[int, int]] = {}  # by stream, what this answer's feed brings
        is_told_little = self._cut_off.is_so or is_former
        self._stage = WHOLE if is_stick or is_told_little else self._stage_now()
        self._early_upto = self._cursor
        self._again: set[tuple[str, int]] = set()  # ends of acts that are brought once more

    def _stage_now(self) -> int:
        """Return the stage that this answer serves; a new PC begins at the end of the feed."""
        stage = self._opening.stage
        if stage not in (OPEN_THINGS, LATELY):
            return THE_REST if stage == THE_REST else WHOLE
        if self._cursor == 0:
            if not self._early.is_worth_it():
                return WHOLE
            self._cursor = self._early.end_of_feed()
        return stage

    def load(self) -> Downlink:
        """Return the frames that fit into the room that the device has."""
        opening, down = self._opening, Downlink(begun=self._cursor)
        room = min(max(opening.room, 1), STICK_ROOM_MAX if self._is_stick else ROOM_MAX)
        room = min(room, EARLY_ROOM_MAX) if self._stage else room
        level = level_for(opening.room // AIR_TIME_S)

        best = max(set(opening.formats) & set(self._county.formats), default=ROWS)
        number = self._county.press.best_of(
            range(opening.dictionary + 1), for_columns=best == COLUMNS
        )
        is_sure = not self._is_stick and self._stage == WHOLE  # that it holds what it has named
        held = HeldByDevice(self._journal, self._station, self._named) if is_sure else Nowhere()
        places = InFrames(held, self._versions)

        def packed(segments: Sequence[Segment]) -> bytes:
            signer, press = self._signer, self._county.press
            return pack(
                segments,
                signer,
                press,
                level=level,
                dictionary=number,
                format_=best,
                places=places,
            )

        # Who may sign for the siblings is among the county's words: those are taken in before.
        sent = dict(self._named)
        units: tuple[Iterable[Unit], ...] = (
            self._county_words(sent),
            self._station_words(sent),
            self._early_units(),
            self._names_asked_for(),
        )
        if self._cut_off.is_so:
            units = (self._cut_off.words(self._named),)
        if self._is_former:
            units = ()  # its receipt says which key speaks for it; with that one it gets all
        frames = chain.from_iterable(frames_of(one, self._head, packed) for one in units)
        taken = 0
        for frame in frames:
            is_full = taken + len(frame.packed) > room or len(down.held) >= STREAMS_MAX
            if down.frames and is_full:
                down.has_more = True
                break
            taken += len(frame.packed)
            down.frames.append(frame.packed)
            for segment in frame.segments:
                self._note(segment, down)
                places.note(segment.facts)
            down.cursors.append(self._cursor)
            down.places.append(self._place)
        self._close_stage(down)
        down.is_cut_off = self._cut_off.is_so or self._is_former
        if (
            down.is_cut_off and not self._is_stick
        ):  # it is told nothing, and does not take that for the end of its stage
            down.stage = self._opening.stage
        return down

    def _close_stage(self, down: Downlink) -> None:
        """Say how far a new PC is: to the end of its stage only if nothing was left out."""
        down.stage = self._stage
        down.aside = joined(self._aside)
        if self._stage != WHOLE:
            down.total, down.since = self._early.total(), self._early.since
        if self._stage in (OPEN_THINGS, LATELY):
            down.stage = self._stage if down.has_more else next_stage(self._stage)
            down.has_more = True  # the next stage, or the comparison that brings the rest

    def _early_units(self) -> Iterator[Unit]:
        if self._stage not in (OPEN_THINGS, LATELY):
            return
        units = self._early.units(
            self._opening.device, self._stage, self._place, self._early_upto, self._heads
        )
        for unit in units:
            if unit.aside:
                self._aside.append(unit.aside)
            self._sent_early[unit.facts[-1].stream, unit.facts[-1].seq] = unit
            yield unit.facts

    def _names_asked_for(self) -> Iterator[Unit]:
        """Yield once more those words of the county of which the device lacks the names."""
        for act in self._journal.acts_named(self._opening.bare or (), self._station):
            self._again.add((act.stream, act.last))
            yield tuple(self._facts(act))

    def _note(self, segment: Segment, down: Downlink) -> None:
        stream, last = segment.stream, segment.last
        if (stream, last) in self._again:
            return  # it holds them: nothing is said of how far the stream reaches
        length = last if self._cut_off.is_so else max(last, self._journal.head(stream).to)
        held = Held(stream, last, segment.head.identity, length)
        down.held.setdefault(stream, []).append(held)
        for fact in segment.facts:
            self._cursor = max(self._cursor, self._run_ends.get((stream, fact.seq), 0))
            early = self._sent_early.get((stream, fact.seq))
            self._place = max(self._place, early.place if early else 0)

    def _county_words(self, sent: dict[str, int]) -> Iterator[Unit]:
        for stream, first in self._county_streams():
            yield from self._from(stream, first, sent)
        for identity in self._opening.missing:  # it names a newer one and lacks some before it
            if author_of(self._journal.stream_of(identity, self._station) or "/") == COUNTY:
                yield from self._behind(identity, sent)

    def _station_words(self, sent: dict[str, int]) -> Iterator[Unit]:
        yield from self._feed()
        for wanted in self._opening.wanted:
            if self._may_see(wanted.stream):
                first = wanted.seq + 1
                if said_as(wanted.stream) in self._versions:  # it holds what it has named, no more
                    first = sent.get(wanted.stream, 0) + 1
                begun, reached = self._fed.get(wanted.stream, (0, 0))
                if not wanted.upto and begun <= first:  # the feed has brought what it lacks
                    first = max(first, reached + 1)
                units = self._from(wanted.stream, first, sent, wanted.upto)
                yield from self._set_aside(units) if wanted.upto else units
        if self._is_stick:
            yield from self._lacking_there(sent)
        for identity in self._opening.missing:
            yield from self._set_aside(self._behind(identity, sent))

    def _set_aside(self, units: Iterator[Unit]) -> Iterator[Unit]:
        """Note that these are old: a PC that is being filled folds them when nothing lacks."""
        for unit in units:
            if self._stage == THE_REST and author_of(unit[0].stream) != COUNTY:
                self._aside.append(Aside(said_as(unit[0].stream), (unit[0].seq, unit[-1].seq)))
            yield unit

    def _behind(self, identity: str, sent: dict[str, int]) -> Iterator[Unit]:
        """Yield the stream that holds a fact, the one before it, and so on: what lies behind."""
        while identity:
            stream = self._journal.stream_of(identity, self._station)
            if not stream or sent.get(stream, 0) >= self._journal.head(stream).to:
                return
            yield from self._from(stream, sent.get(stream, 0) + 1, sent)
            begun = first_seq(self._journal, stream)
            first = self._journal.run(stream, begun, begun)
            identity = first[0].prev if first else ""

    def _lacking_there(self, sent: dict[str, int]) -> Iterator[Unit]:
        """Yield what the device's own streams hold here beyond what it has: its disk was put back.

        The streams of the siblings come by the feed.
        """
        for tip in self._journal.tips(self._station):
            is_own = author_of(tip.stream) == self._opening.device
            if is_own and sent.get(tip.stream, 0) < tip.to:
                yield from self._from(tip.stream, sent.get(tip.stream, 0) + 1, sent)

    def _county_streams(self) -> Iterator[tuple[str, int]]:
        """Yield the county's streams of this station, each with where to begin.

        Of those that continue one another the device names only the newest: its chain pins the
        rest. What is not named at all is sent whole, the oldest epoch first.
        """
        for audience in (EVERYBODY, self._station):
            lacking: list[tuple[str, int]] = []
            for epoch in range(self._county.keys.epoch.number, 0, -1):
                stream = f"{COUNTY}.{epoch}/{audience}"
                lacking.append((stream, self._named.get(stream, 0) + 1))
                if stream in self._named:
                    break
            yield from reversed(lacking)

    def _from(self, stream: str, first: int, sent: dict[str, int], upto: int = 0) -> Iterator[Unit]:
        """Yield a stream from a fact on, up to its last head, or to one that lies before `upto`."""
        end = self._journal.head(stream).to
        end = min(end, self._next_head(stream, upto)) if upto else end
        if first > end:
            return
        sent[stream] = max(end, sent.get(stream, 0))
        facts = self._facts(Run(0, stream, first, end))
        if author_of(stream) == COUNTY:
            yield from by_acts(facts)
        else:
            yield from by_heads(facts, self._known_heads(stream, first))

    def _next_head(self, stream: str, upto: int) -> int:
        """Return where a run may end that holds this fact: at its author's next head."""
        if author_of(stream) == COUNTY:
            return self._journal.head(stream).to
        heads = self._journal.heads_after(stream, upto - 1)
        return heads[0].to if heads else upto

    def _feed(self) -> Iterator[Unit]:
        """Yield the siblings' runs beyond the cursor, leaving out what the device has named."""
        feed = self._cursor
        while True:
            runs = self._journal.runs_after(
                self._station, feed, but=self._opening.device, limit=RUNS_AT_ONCE
            )
            for run in runs:
                feed = run.feed
                if self._named.get(run.stream, 0) >= run.last:
                    self._skip(run)
                    continue
                first = max(run.first, self._named.get(run.stream, 0) + 1)
                rest = Run(run.feed, run.stream, first, run.last)
                self._run_ends[run.stream, run.last] = run.feed
                begun, reached = self._fed.get(run.stream, (first, first - 1))
                self._fed[run.stream] = (begun, run.last if first == reached + 1 else reached)
                yield from by_heads(self._facts(rest), self._known_heads(run.stream, first))
            if len(runs) < RUNS_AT_ONCE:
                return

    def _skip(self, run: Run) -> None:
        """Let the cursor pass a run that need not travel, if nothing before it still has to."""
        if not self._run_ends:
            self._cursor = run.feed

    def _facts(self, run: Run) -> Iterator[Fact]:
        first = run.first
        while first <= run.last:
            last = min(run.last, first + READ_FACTS - 1)
            yield from self._journal.run(run.stream, first, last)
            first = last + 1

    def _known_heads(self, stream: str, first: int) -> Iterable[SignedHead]:
        heads = self._journal.heads_after(stream, first - 1)
        self._heads.update(((head.stream, head.to), head) for head in heads)
        return heads

    def _head(self, fact: Fact) -> SignedHead:
        if author_of(fact.stream) == COUNTY:
            head = Head(fact.stream, fact.seq, fact.identity)
            return sign_head(head, self._county.id, self._signer)
        return self._heads[fact.stream, fact.seq]

    def _may_see(self, stream: str) -> bool:
        return home_of(stream) in (self._station, EVERYWHERE)
