"""What an answer of the county brings, taken frame by frame, whether it came by line or by stick.

A frame is taken whole or not at all, with the cursor of the feed, in one transaction. What does not
join on is left and asked for later; another version of a stream is kept beside the one that is held
here (`journal.taking`) for people to decide, and everything else goes on.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from station_app.journal.fact import VERSION_MARK, said_as
from station_app.journal.recorder import Broken
from station_app.sync.dictionary import Press
from station_app.sync.frame import COLUMNS, FORMATS, ROWS, format_of, packer_of, unpack
from station_app.sync.messages import WHOLE, Aside, Receipt, Tip
from station_app.sync.port import Ahead, JournalPort
from station_app.sync.segment import Key, KeyOf, Rejected, Segment


@dataclass(frozen=True, slots=True)
class County:
    """The county that this station believes: its id and its keys.

    key: what is sealed to the county is sealed to this one; without more it is the only one that
    is believed. speaking: finds a key among those that may sign something new now; newest: names
    the newest that is known here, "" for that of the enrolment.
    """

    id: str
    key: Key
    speaking: KeyOf | None = None
    newest: Callable[[], str] | None = None

    def speaker(self, key_id: str) -> Key | None:
        """Return the key that must have signed what names this key; None: it is not believed."""
        return self.speaking(key_id) if self.speaking else self.key

    def newest_key(self) -> str:
        """Return what an opening says of the county's keys: "" if only the enrolment's is known."""
        return self.newest() if self.newest else ""


def ends_of(receipt: Receipt) -> list[tuple[str, int]]:
    """Return how far each stream reaches at the county, of those that it says something of."""
    ends = [(entry.stream, entry.length) for entry in receipt.held]
    return ends + [(tip.stream, tip.seq) for tip in receipt.tips]


def is_shown(port: JournalPort, tip: Tip) -> bool:
    """Tell whether somebody else holds a fact of the live stream that is not held here."""
    return said_as(tip.stream) == port.live and not port.line_at(tip)


@dataclass(slots=True)
class Taker:
    """Takes frames into a journal.

    forked: streams of which another version is held elsewhere; formats: of frames that are taken.
    """

    port: JournalPort
    press: Press
    county: County
    key_of: KeyOf
    forked: set[str] = field(default_factory=set)
    formats: tuple[int, ...] = FORMATS

    def is_ahead_of_us(self, receipt: Receipt, forks: Iterable[str]) -> bool:
        """Tell whether the county holds something of the live stream that is not held here."""
        live = self.port.live
        if live in forks or live in receipt.branched:
            return True
        here = self.port.head(live).to
        if any(stream == live and here < length for stream, length in ends_of(receipt)):
            return True
        return any(is_shown(self.port, tip) for tip in receipt.tips)

    def forked_in(self, receipt: Receipt) -> set[str]:
        """Return the streams that are held in two versions, here or there: compared end by end."""
        there = {said_as(tip.stream) for tip in receipt.tips if VERSION_MARK in tip.stream}
        return {*self.port.forked(), *self.forked, *there}

    def take_frame(
        self,
        frame: bytes,
        county_epoch: int,
        cursor: int,
        ahead: Ahead | None = None,
        *,
        packer: str = "",
    ) -> int | Rejected:
        """Take one frame; return how many facts were new, or why nothing of it is believed.

        ahead: this PC is being filled, so facts may lie beyond a hole. packer: the key that signed
        the word before it; a frame that another one signed was slipped in.
        """
        if packer and packer_of(frame) != packer:
            return Rejected("foreign_packer", packer_of(frame))
        segments = unpack(
            frame,
            self.key_of,
            self.press,
            county=self.county.id,
            places=self.port.places,
            formats=self.formats,
        )
        if isinstance(segments, Rejected):
            if format_of(frame) == COLUMNS:
                self.formats = (ROWS,)  # it is asked for once more, as it is
            return segments
        return self._take_segments(segments, county_epoch, cursor, ahead)

    def _take_segments(
        self, segments: tuple[Segment, ...], county_epoch: int, cursor: int, ahead: Ahead | None
    ) -> int:
        """Take segments; without the streams that do not hang together with what is held here."""
        try:
            return self._take(segments, county_epoch, cursor, ahead)
        except Broken as broken:
            without = broken.where.stream
        fitting = tuple(s for s in segments if s.stream != without)
        assert len(fitting) < len(segments), "a stream that was left out cannot break"
        return self._take_segments(fitting, county_epoch, cursor, ahead)

    def _take(
        self, segments: tuple[Segment, ...], county_epoch: int, cursor: int, ahead: Ahead | None
    ) -> int:
        """Take what joins on; what hangs over a hole is asked for again by comparison.

        The live stream has one writer, and that is this program.
        """
        fitting = []
        reached: dict[str, int] = {}
        others = [segment for segment in segments if segment.stream != self.port.live]
        for segment in others:
            stream = segment.stream
            here = reached.setdefault(stream, self.port.head(stream).to)
            is_joined = segment.first <= here + 1 or bool(self.port.stream_of(segment.prev))
            if ahead is not None or is_joined:
                fitting.append(segment)
                reached[stream] = max(here, segment.last)
        has_hole = len(fitting) < len(others)
        upto = self.port.cursor(county_epoch) if has_hole else cursor
        return self.port.take(fitting, county_epoch=county_epoch, cursor=upto, ahead=ahead)


def ahead_of(stage: int, receipt: Receipt, number: int) -> Ahead | None:
    """Return how the frame of this number in an answer is taken; None where nothing lacks.

    stage: what this PC lacked when it asked; the answer says for which stage its frames are.
    """
    if stage == WHOLE or receipt.stage == WHOLE:
        return None
    place = receipt.places[number] if number < len(receipt.places) else 0
    return Ahead(_by_stream(receipt.aside), stage, place)


def _by_stream(parts: Iterable[Aside]) -> dict[str, frozenset[int]]:
    found: dict[str, frozenset[int]] = {}
    for part in parts:
        found[part.stream] = found.get(part.stream, frozenset()) | part.seqs()
    return found
