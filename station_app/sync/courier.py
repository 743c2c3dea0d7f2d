"""The conversation with the county by USB stick: a bundle out, and days later an answer in.

What travels is what travels on the line: an opening and frames out, a receipt and frames back. It
is only late, in any order, perhaps twice, perhaps never. So a bundle holds everything that the
county has not confirmed, and an answer is never believed for more than it proves: its receipt only
raises marks, its frames are taken one by one if they join on, and the feed's cursor moves only if
the answer begins where this journal stands.

Everything here is pure but for the journal behind `JournalPort`. The file is `sync.usb_link`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from msgspec import UNSET

from station_app.journal.blob import GONE, WHOLE
from station_app.journal.projection import FOLD_VERSION
from station_app.sync.blobs import BlobPort
from station_app.sync.dictionary import Press
from station_app.sync.frame import FORMATS
from station_app.sync.messages import (
    BY_STICK,
    NAMED_STREAMS_MAX,
    Block,
    BodyReader,
    Opening,
    Receipt,
    digest_shown,
    open_request,
    read_receipt,
    seal_photo,
)
from station_app.sync.outgoing import HoldBack, Loader
from station_app.sync.packing import Frame
from station_app.sync.port import JournalPort
from station_app.sync.progress import STICK_IN, STICK_OUT, Attempt, LastReceipt
from station_app.sync.segment import KeyOf, Rejected, Signer
from station_app.sync.taking import County, Taker

BUNDLE_BYTES_MAX = BY_STICK.bytes_max - 1024 * 1024  # room for what sealing and an opening take
ROOM_BYTES = 32 * 1024 * 1024  # of an answer: years of a station; what is more comes the next time

# Why an answer is not taken: each has its sentence in the catalogue, `sync.stick.<reason>`.
WRONG_COUNTY = "wrong_county"
OTHER_PC = "other_pc"
OLD_ANSWER = "old_answer"
DAMAGED = "damaged"


@dataclass(slots=True)
class Written:
    """What went into a bundle. has_more: the rest did not fit and goes with the next one."""

    facts: int = 0
    photos: int = 0
    size: int = 0
    has_more: bool = False

    def filled(self, block: bytes, frames: Iterable[Frame]) -> Iterator[bytes]:
        """Yield the opening and then as many frames as fit."""
        self.size = len(block)
        yield block
        for frame in frames:
            if self.size + len(frame.packed) > BUNDLE_BYTES_MAX:
                self.has_more = True
                return
            self.size += len(frame.packed)
            self.facts += frame.count
            yield frame.packed

    def with_photos(
        self, names: Iterable[str], blob: Callable[[str], bytes | None]
    ) -> Iterator[bytes]:
        """Yield photos behind the facts, as many as fit. blob: the bytes of one, None if gone."""
        if self.has_more:
            return
        for name in names:
            content = blob(name)
            if content is None:
                continue
            packed = seal_photo(content)
            if self.size + len(packed) > BUNDLE_BYTES_MAX:
                self.has_more = True
                return
            self.size += len(packed)
            self.photos += 1
            yield packed


@dataclass(frozen=True, slots=True)
class Carried:
    """What an answer brought. trouble: "" or why it, or the rest of it, was not taken.

    facts_up: newly confirmed; facts_down: taken; photos: of a sibling, kept. must_reopen: the
    county holds something of this start's stream that is not held here. has_more: the county has
    more to send down. refused: frames of the bundle that the county did not take. renewed: the key
    that speaks for this PC, if the bundle was signed with one that the county knows as a former
    one.
    """

    trouble: str = ""
    detail: str = ""
    facts_up: int = 0
    facts_down: int = 0
    photos: int = 0
    must_reopen: bool = False
    has_more: bool = False
    refused: int = 0
    receipt: LastReceipt | None = None
    renewed: str = ""


@dataclass(slots=True)
class Courier:
    """One device's correspondence with its county."""

    port: JournalPort
    signer: Signer
    press: Press
    county: County
    key_of: KeyOf
    asking: frozenset[str] = frozenset()
    blobs: BlobPort | None = None
    _counter: int = field(default=0)

    # --- Out -------------------------------------------------------------------------------------

    def bundle(self, now_ms: int, written: Written) -> Iterator[bytes]:
        """Yield the opening and then frames, and count them in `written`.

        Acts that ask others to act are marked as offered before the frame that holds them is
        handed out, and stay so whatever becomes of the stick.
        """
        hold = HoldBack(self.asking)
        loader = Loader(self.port, self.signer, self.press, county=self.county.id, hold=hold)
        tips, frames = loader.stick_load()
        device, epoch = self.port.live.rsplit("/", 1)
        self._counter += 1
        county_epoch = self.port.county_epoch()
        backlog = self.port.backlog()
        opening = Opening(
            device=device,
            epoch=epoch,
            counter=self._counter,
            county_epoch=county_epoch,
            cursor=self.port.cursor(county_epoch),
            room=ROOM_BYTES,
            clock=now_ms,
            fold_version=FOLD_VERSION,
            dictionary=self.press.newest,
            formats=FORMATS,
            waiting=backlog.facts,
            oldest_at=backlog.oldest_at,
            tips=tips,
            missing=self.port.tips()[1],
            county_key=self.county.newest_key() or UNSET,
            bare=tuple(self.port.bare()[:NAMED_STREAMS_MAX]) or UNSET,
        )
        block = open_request(opening, self.signer, BY_STICK)
        yield from written.filled(block, frames)
        if self.blobs is not None:
            yield from written.with_photos(self.blobs.unsent_blobs(), self.blobs.blob)

    def note_written(self, now_ms: int, written: Written) -> None:
        """Remember that a bundle lies on a stick, whole."""
        self.port.note(Attempt(now_ms, STICK_OUT, written.facts))

    # --- In --------------------------------------------------------------------------------------

    def take(self, answer: Iterable[bytes], now_ms: int) -> Carried:
        """Take an answer that arrives in pieces; what is not proved changes nothing.

        If the journal must be opened anew, nothing but marks was taken: take it once more then.
        """
        reader = BodyReader(BY_STICK.bytes_max)
        taking: _Taking | Carried | None = None
        for piece in answer:
            for frame in reader.feed(piece):
                taking = taking or self._begin(reader)
                if isinstance(taking, Carried):
                    return taking
                if not taking.take(frame):
                    break
        taking = taking or self._begin(reader)
        if isinstance(taking, Carried):
            return taking
        carried = taking.end(is_whole=reader.is_between_frames)
        if not carried.trouble:
            self.port.note(Attempt(now_ms, STICK_IN, carried.facts_up, carried.facts_down))
        return carried

    def _begin(self, reader: BodyReader) -> "_Taking | Carried":
        if reader.block is None:
            return Carried(DAMAGED, reader.trouble or "no receipt")
        key = self.county.speaker(reader.block.key_id)
        if key is None:
            return Carried(WRONG_COUNTY, reader.block.key_id)
        receipt = read_receipt(reader.block, key, BY_STICK)
        if isinstance(receipt, Rejected):
            return Carried(WRONG_COUNTY, receipt.reason)
        if receipt.county != self.county.id:
            return Carried(WRONG_COUNTY, receipt.county)
        if receipt.device != self.port.live.rsplit("/", 1)[0]:
            return Carried(OTHER_PC, receipt.device)
        if receipt.county_epoch < self.port.county_epoch():
            return Carried(OLD_ANSWER, str(receipt.county_epoch))
        taker = Taker(self.port, self.press, self.county, self.key_of)
        taking = _Taking(self.port, taker, receipt, reader.block)
        for name, state in receipt.photos:
            if self.blobs is not None and state in (WHOLE, GONE):
                self.blobs.mark_blob(name, receipt.county_epoch, state=state, held=0)
        return taking


class _Taking:
    """An answer whose receipt is proved, being taken."""

    def __init__(self, port: JournalPort, taker: Taker, receipt: Receipt, block: Block) -> None:
        self._port = port
        self._taker = taker
        self._receipt = receipt
        self._packer = block.key_id
        self._proof = proof = block.signature + block.content
        self._down = 0
        self._place = 0
        self._trouble: Rejected | None = None
        settled = port.settle(receipt, proof, is_late=True)
        self._up = settled.confirmed
        self._is_ahead = taker.is_ahead_of_us(receipt, settled.forks)
        taker.forked.update(settled.forks, receipt.branched)
        self._joins = receipt.begun <= port.cursor(receipt.county_epoch)

    def take(self, frame: bytes) -> bool:
        """Take the next frame; False when nothing after it is to be taken."""
        if self._is_ahead or self._trouble is not None:
            return False
        if self._place >= len(self._receipt.cursors):
            self._trouble = Rejected("malformed", "more frames than announced")
            return False
        cursor = self._receipt.cursors[self._place] if self._joins else 0
        self._place += 1
        epoch = self._receipt.county_epoch
        taken = self._taker.take_frame(frame, epoch, cursor, packer=self._packer)
        if isinstance(taken, Rejected):
            self._trouble = taken
            return False
        self._down += taken
        return True

    def end(self, *, is_whole: bool) -> Carried:
        """Say what came of it."""
        receipt = self._receipt
        if self._down:  # marks of what was on its way down are set now that it is here
            self._port.settle(receipt, self._proof, is_late=True)
        is_all = is_whole and self._place == len(receipt.cursors)
        trouble = "" if self._is_ahead or (is_all and self._trouble is None) else DAMAGED
        upto = next((h.seq for h in receipt.held if h.stream == self._port.live), 0)
        return Carried(
            trouble=trouble,
            detail=self._trouble.reason if self._trouble else "",
            facts_up=self._up,
            facts_down=self._down,
            must_reopen=self._is_ahead,
            has_more=bool(receipt.more),
            refused=len(receipt.refused),
            receipt=LastReceipt(upto, digest_shown(self._proof), receipt.time),
            renewed=receipt.speaks or "",
        )
