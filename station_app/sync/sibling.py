"""From one PC of a station to the other by stick, with no county in between.

What travels is what travels to the county: a signed opening that says how far the writer's streams
reach, and frames. It is sealed to the sibling's key. The reader believes the authors' heads and
nothing else: no mark moves, no cursor moves, since only the county can say what it holds.

A bundle holds what the county has not confirmed, and beyond what the sibling's own last bundle has
named, if one ever came: so two PCs without a line converge after each has carried once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from station_app.journal.projection import FOLD_VERSION
from station_app.sync.courier import (
    DAMAGED,
    OTHER_PC,
    ROOM_BYTES,
    Carried,
    Written,
)
from station_app.sync.dictionary import Press
from station_app.sync.journal_port import JournalPort
from station_app.sync.messages import BY_HAND, BodyReader, Opening, open_request, read_opening
from station_app.sync.outgoing import HoldBack, Loader
from station_app.sync.progress import STICK_IN, Attempt
from station_app.sync.segment import KeyOf, Rejected, Signer
from station_app.sync.taking import County, Taker


@dataclass(slots=True)
class SiblingMail:
    """One PC's correspondence with the others of its station."""

    port: JournalPort
    signer: Signer
    press: Press
    county: County
    key_of: KeyOf
    asking: frozenset[str] = frozenset()
    _counter: int = field(default=0)

    def bundle(self, sibling: str, now_ms: int, written: Written) -> Iterator[bytes]:
        """Yield the opening and then frames for a sibling ("NX0601/D2"); count in `written`."""
        hold = HoldBack(self.asking)
        loader = Loader(self.port, self.signer, self.press, county=self.county.id, hold=hold)
        tips, frames = loader.sibling_load(self.port.named_by(sibling))
        device, epoch = self.port.live.rsplit("/", 1)
        self._counter += 1
        opening = Opening(
            device=device,
            epoch=epoch,
            counter=self._counter,
            county_epoch=self.port.county_epoch(),
            cursor=0,
            room=ROOM_BYTES,
            clock=now_ms,
            fold_version=FOLD_VERSION,
            dictionary=self.press.newest,
            tips=tips,
            missing=self.port.tips()[1],
        )
        block = open_request(opening, self.signer, BY_HAND)
        yield from written.filled(block, frames)

    def take(self, bundle: Iterable[bytes], now_ms: int) -> Carried:
        """Take a sibling's bundle; each frame proves itself, and what does not join on is left."""
        reader = BodyReader(BY_HAND.bytes_max)
        opening: Opening | None = None
        taker = Taker(self.port, self.press, self.county, self.key_of)
        down, trouble = 0, ""
        for piece in bundle:
            for frame in reader.feed(piece):
                opening = opening or self._opening(reader)
                if opening is None:
                    return Carried(OTHER_PC)
                if self._is_ahead(opening):
                    return Carried(must_reopen=True)
                epoch = self.port.county_epoch()
                taken = taker.take_frame(frame, epoch, self.port.cursor(epoch))
                if isinstance(taken, Rejected):
                    trouble = trouble or taken.reason
                else:
                    down += taken
        opening = opening or self._opening(reader)
        if opening is None:
            return Carried(DAMAGED if reader.block is None else OTHER_PC)
        if not reader.is_between_frames or trouble:
            return Carried(DAMAGED, trouble, facts_down=down)
        self.port.keep_named(opening.device, {tip.stream: tip.seq for tip in opening.tips})
        self.port.note(Attempt(now_ms, STICK_IN, 0, down))
        return Carried(facts_down=down)

    def _opening(self, reader: BodyReader) -> Opening | None:
        """Return who wrote it, if that is another PC of this very station."""
        if reader.block is None:
            return None
        key = self.key_of(reader.block.key_id)
        here = self.port.live.rsplit("/", 1)[0]
        station = here.partition("/")[0]
        if key is None or key.owner == here or key.owner.partition("/")[0] != station:
            return None
        opening = read_opening(reader.block, key, BY_HAND)
        return opening if isinstance(opening, Opening) else None

    def _is_ahead(self, opening: Opening) -> bool:
        """Tell whether the sibling holds something of the live stream that is not held here."""
        live = self.port.live
        here = self.port.head(live).to
        return any(tip.stream == live and tip.seq > here for tip in opening.tips)
