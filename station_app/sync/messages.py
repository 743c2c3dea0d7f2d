"""What device and county say to each other around the frames: opening, receipt, enrolment.

A body (of a request or of an answer) is one signed block of canonical JSON and then frames. The
device's block is the *opening*: who I am, my nonce, how far my streams reach. The county's block
is the *receipt*: what it holds of the streams that I named, under my nonce. It stands first, so
that an answer that breaks off has said the most important thing already.

Both ends share these words; neither the network nor a database is known here.
"""

import contextlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

import msgspec

from station_app.journal.blob import BLOB_BYTES_MAX
from station_app.journal.fact import blake
from station_app.sync.frame import FRAME_HEAD_BYTES, FRAME_MAGIC, frame_length
from station_app.sync.segment import COUNTY, FACTS_MAX, SIGNATURE_BYTES, Key, Rejected, Signer
from station_app.sync.short import NotShort, lengthen, shorten
from station_app.sync.span import Span as Span
from station_app.sync.span import Tip as Tip

CONTENT_TYPE = "application/vnd.village-station"  # what marks a body as ours
PROBLEM_TYPE = "application/vnd.village-station.problem+json"
SYNC_METHOD = "POST"
SYNC_PATH = "/v1/sync"
ENROL_PATH = "/v1/enrol"
STICK_METHOD, STICK_PATH = "CARRY", "/stick"  # what a device signs of a bundle: no HTTP call
SIBLING_PATH = "/stick/sibling"  # from one PC of a station to another: no receipt comes back
HEALTH_PATH = "/v1/health"

REQUEST_LABEL = "request"
RECEIPT_LABEL = "receipt"
STICK_RECEIPT_LABEL = "stick-receipt"  # it comes late: good for less than one of the line
ENROLMENT_LABEL = "enrolment"

BLOCK_MAGIC = b"VO"
SHORT_MAGIC = b"VQ"  # the same, its JSON written short
BLOCK_BYTES_MAX = 256 * 1024  # thousands of streams; more are named in the next request
BODY_BYTES_MAX = 2 * 1024 * 1024  # a frame of the largest size, its block, and room
STICK_BYTES_MAX = 256 * 1024 * 1024
TIP_HASH_CHARACTERS = 16  # 8 bytes: enough to see a difference, which is then looked into
NAMED_STREAMS_MAX = 300
BARE_NAMED_MAX = 16
RUN_MAX = FACTS_MAX  # of an Aside: no frame holds more

# In which order a new PC gets a station's history (`Opening.stage`); FOLDING is its own affair.
WHOLE, OPEN_THINGS, LATELY, THE_REST, FOLDING = range(5)

NOTE_MAGIC = b"VN"  # of what a sibling says of its photos, before them (`sync.sibling`)
NOTE_BYTES_MAX = 256 * 1024
PHOTO_MAGIC = b"VP"  # of a photo in a bundle, behind the frames: it is named by one of their facts
_PHOTO = struct.Struct(">2sI")  # magic, length; then its bytes, which are their own name
_BLOCK = struct.Struct(">2sI8s")  # magic, length, key id; then the signature, then the JSON
BLOCK_HEAD_BYTES = _BLOCK.size + SIGNATURE_BYTES


class Wanted(msgspec.Struct, array_like=True, frozen=True):
    """A stream of which the speaker holds so much, and knows that there is more.

    upto: the last fact that lacks, where something beyond it is held; 0 when nothing is.
    """

    stream: str
    seq: int
    upto: int = 0


class Aside(msgspec.Struct, array_like=True, frozen=True):
    """Which facts of a run that comes early are not to be folded yet.

    runs: the first and the last seq of each run of them, one after the other.
    """

    stream: str
    runs: tuple[int, ...]

    def seqs(self) -> frozenset[int]:
        """Return them one by one; at most as many as a frame may hold."""
        pairs = zip(self.runs[::2], self.runs[1::2], strict=False)
        return frozenset(
            seq for first, last in pairs for seq in range(first, min(last, first + RUN_MAX) + 1)
        )


class Held(msgspec.Struct, array_like=True, frozen=True):
    """What the county holds of a stream that was named: up to `seq`, with that fact's identity.

    seq: at most what the device named, so that it can compare; length: all that the county holds.
    """

    stream: str
    seq: int
    identity: str
    length: int


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """What a device says first.

    device: "NX0601/D1"; epoch: of its live stream, and counter from 1: together the nonce.
    county_epoch: the highest known here, 0 before the first contact; cursor: how far this
    epoch's feed of the siblings' streams was taken; room: bytes of answer that it can take in
    one go; dictionary: the newest that it can read; formats: of frames that it takes. clock: this
    machine's, right or wrong; fold_version: of its rules.
    waiting: facts that the county has not confirmed; oldest_at: since when (0: none wait).
    tips: how far the named streams reach here; wanted, missing: what the last comparison showed
    to be lacking here, as streams and as identities of facts that others continue.
    stage: what of the station's history this PC still lacks (OPEN_THINGS, then LATELY, then
    THE_REST); place: how far that stage was taken.
    county_key: the newest key of the county that is believed here; not said where only that of the
    enrolment is known and the county was heard. spans: of all facts, to be compared; said only
    while that is done. bare: the beginnings (16 hex digits) of the identities of some words of the
    county that are held here without their private part, and not erased as far as is known.
    """

    device: str
    epoch: str
    counter: int
    county_epoch: int
    cursor: int
    room: int
    clock: int
    fold_version: int
    dictionary: int = 0
    formats: tuple[int, ...] = (1,)
    waiting: int = 0
    oldest_at: int = 0
    tips: tuple[Tip, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    missing: tuple[str, ...] = ()
    stage: int = 0
    place: int = 0
    county_key: str | msgspec.UnsetType = msgspec.UNSET
    spans: tuple[Span, ...] | msgspec.UnsetType = msgspec.UNSET
    bare: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET


class Contact(msgspec.Struct, array_like=True, frozen=True):
    """When the county last heard a PC of the station ("D2"), and what it then still held back."""

    device: str
    at: int
    waiting: int


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What the county says first: its signed word of what it holds, after the commit.

    county_epoch, device, epoch, counter: whom and what it answers; time: the county's clock, ms.
    held: for each stream that was named or pushed, and for each that follows in a frame;
    branched: those of them of which the device's version is not the one that is folded.
    cursors: how far the feed is taken after each frame that follows, begun: from where; more: 1 if
    there is more to come down. tips, missing: the county's own, for the device to compare.
    photos: how each photo of a bundle stands now, (name, state of `journal.blob`).
    refused: why frames of the request were not taken, by place. formats, dictionaries: that the
    county can read.
    stage: what a new PC is to ask for next; places: of its present stage, how far that is taken
    after each frame; aside: what of these frames is not to be folded yet; total: how many facts
    the station has in all; since: UTC ms from which on all of them come with stage LATELY.
    pcs: when each PC of the station was last heard. speaks: only to a PC that asked with a key
    which it has renewed: the public key (64 hex digits) that speaks for it now. spans: the parts
    of those spans of the opening that differ. bare: the beginnings (16 hex digits) of the
    identities of some facts that the county holds without their private part, and not erased.
    """

    county: str
    county_epoch: int
    device: str
    epoch: str
    counter: int
    time: int
    held: tuple[Held, ...] = ()
    branched: tuple[str, ...] = ()
    cursors: tuple[int, ...] = ()
    begun: int = 0
    more: int = 0
    tips: tuple[Tip, ...] = ()
    missing: tuple[str, ...] = ()
    refused: tuple[tuple[int, str], ...] = ()
    photos: tuple[tuple[str, str], ...] = ()
    formats: tuple[int, ...] = (1,)
    dictionaries: tuple[int, ...] = (0,)
    stage: int = 0
    places: tuple[int, ...] = ()
    aside: tuple[Aside, ...] = ()
    total: int = 0
    since: int = 0
    pcs: tuple[Contact, ...] = ()
    speaks: str | msgspec.UnsetType = msgspec.UNSET
    spans: tuple[Span, ...] | msgspec.UnsetType = msgspec.UNSET
    bare: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET


class EnrolRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a new PC says: which code, which key, and proof that it knows the code's secret.

    lookup: by which the county finds the code; proof: over the public key, so that whoever reads
    the line cannot enrol a key of its own; nonce: 32 hex digits.
    """

    lookup: str
    proof: str
    public_key: str
    nonce: str


class EnrolAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What the county answers: which PC of which station this is now.

    county_key: in hex, as public_key, that of the request; slot: 0-7; slots: how many living slots
    the station has; nonce: that of the request; time: the county's clock, UTC ms; formats,
    dictionaries: that the county can read. address: where the county answers, for a PC that asked
    by stick and may have a line one day.
    """

    county: str
    county_epoch: int
    county_key: str
    station: str
    device: str
    slot: int
    slots: int
    public_key: str
    nonce: str
    time: int
    formats: tuple[int, ...] = (1,)
    dictionaries: tuple[int, ...] = (0,)
    address: str = ""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why the county did not answer with a receipt. It is not signed: good for words only.

    limit: bytes of body that it would take, if that was the reason.
    """

    reason: str
    detail: str = ""
    limit: int = 0


_encoder = msgspec.json.Encoder(order="sorted")
M = TypeVar("M", bound=msgspec.Struct)


# --- Blocks --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Block:
    """A signed block as it arrived: whose key it names, signature, canonical JSON."""

    key_id: str
    signature: bytes
    content: bytes


def encode(message: msgspec.Struct) -> bytes:
    """Return the canonical JSON of a message."""
    return _encoder.encode(message)


def seal_block(content: bytes, signature: bytes, key_id: str, *, is_short: bool = False) -> bytes:
    """Return a block as it travels. is_short: the reader reads short ones; the JSON is signed."""
    magic = BLOCK_MAGIC
    if is_short:
        with contextlib.suppress(NotShort):
            content, magic = shorten(content), SHORT_MAGIC
    return _BLOCK.pack(magic, len(content), bytes.fromhex(key_id)) + signature + content


def request_message(method: str, path: str, content: bytes) -> bytes:
    """Return what a device signs of a request: method, path and the digest of its opening."""
    return msgspec.json.encode([method, path, blake(content).hex()])


@dataclass(frozen=True, slots=True)
class Way:
    """How a body travels: by line or by stick. What is signed for one way is nothing on the other.

    method, path: what a device signs besides its opening; label: of receipts; bytes_max: of
    a body.
    """

    method: str
    path: str
    label: str
    bytes_max: int


BY_LINE = Way(SYNC_METHOD, SYNC_PATH, RECEIPT_LABEL, BODY_BYTES_MAX)
BY_HAND = Way(STICK_METHOD, SIBLING_PATH, STICK_RECEIPT_LABEL, STICK_BYTES_MAX)
BY_STICK = Way(STICK_METHOD, STICK_PATH, STICK_RECEIPT_LABEL, STICK_BYTES_MAX)


def open_request(
    opening: Opening, signer: Signer, way: Way = BY_LINE, *, is_short: bool = False
) -> bytes:
    """Return the signed opening block of a sync request, or of a bundle."""
    content = encode(opening)
    message = request_message(way.method, way.path, content)
    signature = signer.sign(REQUEST_LABEL, message)
    return seal_block(content, signature, signer.key_id, is_short=is_short)


def write_receipt(
    receipt: Receipt, signer: Signer, way: Way = BY_LINE, *, is_short: bool = False
) -> bytes:
    """Return the signed receipt block of an answer."""
    content = encode(receipt)
    signature = signer.sign(way.label, content)
    return seal_block(content, signature, signer.key_id, is_short=is_short)


def read_opening(block: Block, key: Key, way: Way = BY_LINE) -> Opening | Rejected:
    """Return the opening that `key` signed for its owner, or why it is none."""
    message = request_message(way.method, way.path, block.content)
    if not key.verify(REQUEST_LABEL, message, block.signature):
        return Rejected("bad_signature")
    opening = decode(block.content, Opening)
    if isinstance(opening, Opening) and opening.device != key.owner:
        return Rejected("foreign_device", opening.device)
    return opening


def read_receipt(block: Block, county: Key, way: Way = BY_LINE) -> Receipt | Rejected:
    """Return the receipt that the county signed, or why it is none."""
    if county.owner != COUNTY or not county.verify(way.label, block.content, block.signature):
        return Rejected("bad_signature")
    return decode(block.content, Receipt)


def decode(content: bytes, kind: type[M]) -> M | Rejected:
    """Return a message from its JSON; unknown fields are those of a newer program."""
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        return Rejected("malformed", str(problem))


def digest_shown(content: bytes) -> str:
    """Return the beginning of a receipt's digest, for screen and paper."""
    return blake(content).hex()[:8]


def first_block(pieces: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return the block that some bytes begin with, as it travels, and the pieces after it.

    A block that is cut off, too long or none at all comes out as what there is of it.
    """
    waiting, end = b"", BLOCK_HEAD_BYTES
    for piece in pieces:
        waiting += piece
        if len(waiting) >= _BLOCK.size:
            length = _BLOCK.unpack_from(waiting)[1]
            end = BLOCK_HEAD_BYTES + min(length, BLOCK_BYTES_MAX)
        if len(waiting) >= end:
            break
    return waiting[:end], chain((waiting[end:],), pieces)


def seal_photo(content: bytes) -> bytes:
    """Return a photo as it travels in a bundle."""
    return _PHOTO.pack(PHOTO_MAGIC, len(content)) + content


def seal_note(content: bytes) -> bytes:
    """Return what a PC says of its photos as it travels in a bundle for a sibling."""
    return _PHOTO.pack(NOTE_MAGIC, len(content)) + content


# --- Bodies --------------------------------------------------------------------------------------


class BodyReader:
    """Takes a body as it arrives, in pieces of any size, and gives its block and whole frames.

    `block` is None until it is there. What comes after the last whole frame waits. `trouble` is
    set when the bytes are no body of ours; then nothing more is taken. photos: those of a bundle
    that are whole; whoever reads takes them out. note: what a sibling says of its own.
    """

    def __init__(self, bytes_max: int = BODY_BYTES_MAX, *, has_photos: bool = False) -> None:
        """Begin before the first byte of a body of at most so many."""
        self.photos: list[bytes] = []
        self.note = b""
        self._has_photos = has_photos
        self.block: Block | None = None
        self.trouble = ""
        self.taken = 0
        self._bytes_max = bytes_max
        self._waiting = bytearray()

    @property
    def is_between_frames(self) -> bool:
        """Tell whether the body may end here."""
        return self.block is not None and not self._waiting and not self.trouble

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Take some bytes; yield the frames that are whole now."""
        self._gather(piece)
        if not self.trouble and self.block is None:
            self._take_block()
        while not self.trouble and self.block is not None:
            frame = self._take_frame()
            if frame is None:
                return
            yield frame

    def _gather(self, piece: bytes) -> None:
        """Keep some bytes, unless nothing of the body is taken any more."""
        self.taken += len(piece)
        if self.taken > self._bytes_max:
            self.trouble = "too_big"
        self._waiting += piece
        if self.trouble:
            self._waiting.clear()

    def _take_block(self) -> None:
        is_short = self._waiting[:2] == SHORT_MAGIC
        if not is_short and not _begins(self._waiting, BLOCK_MAGIC):
            self.trouble = "malformed"
        if self.trouble or len(self._waiting) < BLOCK_HEAD_BYTES:
            return
        _, length, key_id = _BLOCK.unpack_from(self._waiting)
        if length > BLOCK_BYTES_MAX:
            self.trouble = "too_big"
            return
        end = BLOCK_HEAD_BYTES + length
        if len(self._waiting) < end:
            return
        signature = bytes(self._waiting[_BLOCK.size : BLOCK_HEAD_BYTES])
        content = bytes(self._waiting[BLOCK_HEAD_BYTES:end])
        del self._waiting[:end]
        try:
            content = lengthen(content, BLOCK_BYTES_MAX) if is_short else content
        except NotShort:
            self.trouble = "malformed"
            return
        self.block = Block(key_id.hex(), signature, content)

    def _take_photo(self) -> bool:
        """Take a photo, or a note about photos, if the next thing is one and it is whole."""
        magic = bytes(self._waiting[: len(PHOTO_MAGIC)])
        if magic not in (PHOTO_MAGIC, NOTE_MAGIC):
            return False
        if len(self._waiting) < _PHOTO.size:
            return False
        _, length = _PHOTO.unpack_from(self._waiting)
        if not 0 < length <= (BLOB_BYTES_MAX if magic == PHOTO_MAGIC else NOTE_BYTES_MAX):
            self.trouble = "too_big"
            return False
        end = _PHOTO.size + length
        if len(self._waiting) < end:
            return False
        content = bytes(self._waiting[_PHOTO.size : end])
        if magic == PHOTO_MAGIC:
            self.photos.append(content)
        else:
            self.note = content
        del self._waiting[:end]
        return True

    def _take_frame(self) -> bytes | None:
        while self._has_photos and self._take_photo():
            continue
        begins = bytes(self._waiting[: len(PHOTO_MAGIC)])
        if self._has_photos and (PHOTO_MAGIC.startswith(begins) or NOTE_MAGIC.startswith(begins)):
            return None  # nothing waits, or a photo that is not whole yet
        if self._waiting and not _begins(self._waiting, FRAME_MAGIC):
            self.trouble = "malformed"
        if self.trouble or len(self._waiting) < FRAME_HEAD_BYTES:
            return None
        length = frame_length(bytes(self._waiting[:FRAME_HEAD_BYTES]))
        if length is None:
            self.trouble = "malformed"
            return None
        if len(self._waiting) < length:
            return None
        frame = bytes(self._waiting[:length])
        del self._waiting[:length]
        return frame


def _begins(waiting: bytearray, magic: bytes) -> bool:
    return magic.startswith(bytes(waiting[: len(magic)])) if waiting else True
