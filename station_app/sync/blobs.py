"""Photos on the line: `PUT` and `GET /v1/blobs/HASH`, a piece at a time, as words and as a machine.

A request is signed as every other: an opening block, here in the header `Authorization`, names the
device, its nonce, the blob and which bytes of it travel; a `PUT` has them as its body. The county
answers with a signed word under that nonce, so a login page with status 200 or 410 ends nothing.
What a blob is, its name says: whoever holds all bytes checks it, and a wrong one is refused.

A piece is as long as ten seconds of the line. What came of a piece that broke off is kept, and the
next one begins there, whoever sends it.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from station_app.journal.blob import BLOB_BYTES_MAX, GONE, PART, WHOLE, Waiting, blob_name
from station_app.journal.fact import blake
from station_app.sync import causes
from station_app.sync.judging import Nonce, Unsent, not_believed
from station_app.sync.messages import (
    CONTENT_TYPE,
    REQUEST_LABEL,
    Block,
    BodyReader,
    decode,
    encode,
    first_block,
    request_message,
    seal_block,
)
from station_app.sync.segment import COUNTY, Key, KeyOf, Rejected, Signer

BLOBS_PATH = "/v1/blobs/"
PUT, GET = "PUT", "GET"
SCHEME = "VillageStation"  # of the header Authorization: the signed opening, in base64
BLOB_RECEIPT_LABEL = "blob-receipt"
HEADER_CHARACTERS_MAX = 4096
ANSWER_BYTES_MAX = BLOB_BYTES_MAX + 8 * 1024

# What the county says of a blob besides `part`, `whole` and `gone` (`journal.blob`).
UNNAMED = "unnamed"  # no fact that it holds names it: the fact first
WRONG = "wrong"  # all bytes came, and they are not what the name says: begin again
ABSENT = "absent"  # it is named, and nobody has sent it yet

WITH_RECEIPT = (200, 404, 409, 410)
STATUS = {PART: 200, WHOLE: 200, UNNAMED: 409, WRONG: 409, ABSENT: 404, GONE: 410}
WRONG_MAX = 3  # of one blob in one start; then it rests until the next
LOOK_AHEAD = 8


class BlobOpening(msgspec.Struct, frozen=True, kw_only=True):
    """What a device says of a piece. device, epoch, counter: the nonce, as in every opening.

    size: of the whole blob, 0 when it is asked for; first: place of the first byte of the piece;
    length: bytes of it, or how many are wanted at most; digest: BLAKE2b-256 of a sent piece.
    """

    device: str
    epoch: str
    counter: int
    hash: str
    size: int
    first: int
    length: int
    digest: str = ""


class BlobReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """What the county says of a blob, after the commit, under the nonce that asked.

    state: `part`, `whole`, `gone`, `unnamed`, `wrong` or `absent`; held: bytes that it holds from
    the beginning; size: of the whole; first: of the bytes that follow, if it was asked for.
    """

    county: str
    county_epoch: int
    device: str
    epoch: str
    counter: int
    time: int
    hash: str
    state: str
    held: int = 0
    size: int = 0
    first: int = 0


# --- Words ---------------------------------------------------------------------------------------


def blob_path(name: str) -> str:
    """Return the path of a blob."""
    return BLOBS_PATH + name


def seal_opening(method: str, opening: BlobOpening, signer: Signer) -> dict[str, str]:
    """Return the headers of a signed request."""
    content = encode(opening)
    message = request_message(method, blob_path(opening.hash), content)
    block = seal_block(content, signer.sign(REQUEST_LABEL, message), signer.key_id)
    return {
        "content-type": CONTENT_TYPE,
        "accept": CONTENT_TYPE,
        "accept-encoding": "identity",
        "authorization": f"{SCHEME} {base64.b64encode(block).decode('ascii')}",
    }


def block_of(header: str) -> Block | None:
    """Return the signed block in a header `Authorization`, None if there is none."""
    scheme, _, text = header.partition(" ")
    if scheme != SCHEME or len(text) > HEADER_CHARACTERS_MAX:
        return None
    try:
        packed = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    block, rest = _split(packed)
    return None if rest else block


def read_blob_opening(block: Block, key: Key, method: str, path: str) -> BlobOpening | Rejected:
    """Return the opening that `key` signed for this method and path, or why it is none."""
    message = request_message(method, path, block.content)
    if not key.verify(REQUEST_LABEL, message, block.signature):
        return Rejected("bad_signature")
    opening = decode(block.content, BlobOpening)
    if isinstance(opening, Rejected):
        return opening
    if opening.device != key.owner:
        return Rejected("foreign_device", opening.device)
    if blob_path(opening.hash) != path:
        return Rejected("malformed", "another blob")
    return opening


def write_blob_receipt(receipt: BlobReceipt, signer: Signer) -> bytes:
    """Return the signed block that an answer begins with."""
    content = encode(receipt)
    return seal_block(content, signer.sign(BLOB_RECEIPT_LABEL, content), signer.key_id)


def _split(body: bytes) -> tuple[Block | None, bytes]:
    """Return the block at the beginning of a body, and what follows it."""
    packed, rest = first_block(iter((body,)))
    reader = BodyReader()
    for _ in reader.feed(packed):
        break
    return reader.block, b"".join(rest)


@dataclass(frozen=True, slots=True)
class BlobWord:
    """A signed word of the county that is believed, and the bytes that came with it."""

    receipt: BlobReceipt
    content: bytes


def judge_blob(  # noqa: PLR0913 - the parts of an answer, and what it is held against
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    nonce: Nonce,
    name: str,
    county: str,
    key_of: KeyOf,
) -> BlobWord | Unsent:
    """Return the county's word on a blob if it may be believed, else why not."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if status not in WITH_RECEIPT or kind != CONTENT_TYPE:
        return not_believed(status, headers, body)
    if headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        return Unsent(causes.GARBLED, "encoded")
    block, rest = _split(body)
    if block is None:
        return Unsent(causes.CUT_OFF)
    key = key_of(block.key_id)
    if key is None or key.owner != COUNTY:
        return Unsent(causes.WRONG_KEY, block.key_id)
    if not key.verify(BLOB_RECEIPT_LABEL, block.content, block.signature):
        return Unsent(causes.WRONG_KEY, "bad_signature")
    receipt = decode(block.content, BlobReceipt)
    if isinstance(receipt, Rejected):
        return Unsent(causes.GARBLED, receipt.detail)
    if receipt.county != county:
        return Unsent(causes.WRONG_KEY, receipt.county)
    if Nonce(receipt.device, receipt.epoch, receipt.counter) != nonce or receipt.hash != name:
        return Unsent(causes.REPLAYED, f"{receipt.device} {receipt.epoch} {receipt.counter}")
    return BlobWord(receipt, rest)


# --- The machine ---------------------------------------------------------------------------------


class BlobPort(Protocol):
    """What the conversation about photos needs of a journal. What writes is one transaction."""

    def county_epoch(self) -> int:
        """Return the highest county epoch that a verified receipt named."""
        ...

    def waiting_blobs(self, limit: int) -> list[Waiting]:
        """Return the blobs that are to go up, the oldest first: those whose facts are confirmed."""
        ...

    def unsent_blobs(self) -> list[str]:
        """Return all blobs that the county does not have, for a stick that carries facts, too."""
        ...

    def wanted_blobs(self, limit: int) -> list[str]:
        """Return the blobs that a page waits for."""
        ...

    def blob(self, name: str) -> bytes | None:
        """Return the bytes of a blob; None when they are not here."""
        ...

    def mark_blob(self, name: str, county_epoch: int, *, state: str, held: int) -> None:
        """Keep what the county has said of a blob."""
        ...

    def keep_blob(self, content: bytes, county_epoch: int, *, at: int) -> None:
        """Keep a blob that was fetched, if it is still named here; the county has it whole."""
        ...

    def unwant_blob(self, name: str) -> None:
        """Wait for a blob no longer."""
        ...


@dataclass(frozen=True, slots=True)
class BlobRequest:
    """A piece that is to be carried."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Piece:
    method: str
    name: str
    nonce: Nonce
    first: int


@dataclass(slots=True)
class BlobTalk:
    """Sends photos up and fetches those that a page waits for, a piece at a time.

    It has no clock and no pace of its own: the exchange asks it when nothing else wants the line.
    """

    port: BlobPort
    signer: Signer
    county: str
    key_of: KeyOf
    _piece: _Piece | None = None
    _resting: set[str] = field(default_factory=set)
    _wrong: dict[str, int] = field(default_factory=dict)
    _came: dict[str, bytes] = field(default_factory=dict)
    _probed: set[tuple[str, int]] = field(default_factory=set)

    @property
    def is_under_way(self) -> bool:
        """Tell whether an answer is waited for."""
        return self._piece is not None

    def has_work(self) -> bool:
        """Tell whether a photo is to go up or down now."""
        return bool(self._to_send() or self._to_fetch())

    def _to_send(self) -> Waiting | None:
        found = self.port.waiting_blobs(LOOK_AHEAD + len(self._resting))
        return next((one for one in found if one.name not in self._resting), None)

    def _to_fetch(self) -> str:
        found = self.port.wanted_blobs(LOOK_AHEAD + len(self._resting))
        return next((name for name in found if name not in self._resting), "")

    def county_holds_more(self) -> None:
        """The county has taken facts, or lost some: what it could not place before may go now."""
        self._resting -= {name for name in self._resting if self._wrong.get(name, 0) < WRONG_MAX}

    def next_request(self, nonce: Nonce, room: int) -> BlobRequest | None:
        """Return the next piece, at most `room` bytes; None when there is nothing to do."""
        assert self._piece is None, "one piece at a time"
        while (sending := self._to_send()) is not None:
            request = self._send(sending, nonce, room)
            if request is not None:
                return request
        wanted = self._to_fetch()
        return self._fetch(wanted, nonce, room) if wanted else None

    def _send(self, one: Waiting, nonce: Nonce, room: int) -> BlobRequest | None:
        content = self.port.blob(one.name)
        if content is None:  # a damaged page: the doctor's matter; the line goes on with the rest
            self._resting.add(one.name)
            return None
        place = (one.name, self.port.county_epoch())
        is_question = one.was_held and place not in self._probed
        self._probed.add(place)
        first = min(one.held, len(content))
        piece = b"" if is_question else content[first : first + room]
        opening = BlobOpening(
            device=nonce.device,
            epoch=nonce.epoch,
            counter=nonce.counter,
            hash=one.name,
            size=len(content),
            first=first,
            length=len(piece),
            digest=blake(piece).hex(),
        )
        self._piece = _Piece(PUT, one.name, nonce, first)
        return BlobRequest(PUT, blob_path(one.name), seal_opening(PUT, opening, self.signer), piece)

    def _fetch(self, name: str, nonce: Nonce, room: int) -> BlobRequest:
        first = len(self._came.get(name, b""))
        opening = BlobOpening(
            device=nonce.device,
            epoch=nonce.epoch,
            counter=nonce.counter,
            hash=name,
            size=0,
            first=first,
            length=room,
        )
        self._piece = _Piece(GET, name, nonce, first)
        return BlobRequest(GET, blob_path(name), seal_opening(GET, opening, self.signer), b"")

    def give_up(self) -> None:
        """No answer came."""
        self._piece = None

    def on_answer(
        self, status: int, headers: Mapping[str, str], body: bytes, now_ms: int
    ) -> Unsent | None:
        """Take an answer; return why it is not believed, None when it is."""
        piece, self._piece = self._piece, None
        assert piece is not None, "no piece is under way"
        word = judge_blob(
            status,
            headers,
            body,
            nonce=piece.nonce,
            name=piece.name,
            county=self.county,
            key_of=self.key_of,
        )
        if isinstance(word, Unsent):
            return word
        if word.receipt.county_epoch < self.port.county_epoch():
            return Unsent(causes.OLD_EPOCH)
        if piece.method == PUT:
            self._hear(word.receipt)
            return None
        return self._take(piece, word, now_ms)

    def _hear(self, receipt: BlobReceipt) -> None:
        name, state = receipt.hash, receipt.state
        if state in (PART, WHOLE, GONE):
            held = max(0, receipt.held)
            self.port.mark_blob(name, receipt.county_epoch, state=state, held=held)
        elif state == WRONG:
            self._wrong[name] = self._wrong.get(name, 0) + 1
            self.port.mark_blob(name, receipt.county_epoch, state=PART, held=0)
        if state in (UNNAMED, ABSENT) or self._wrong.get(name, 0) >= WRONG_MAX:
            self._resting.add(name)

    def _take(self, piece: _Piece, word: BlobWord, now_ms: int) -> Unsent | None:
        receipt, name = word.receipt, piece.name
        if receipt.state != WHOLE:
            self._came.pop(name, None)
            if receipt.state == GONE:
                self.port.unwant_blob(name)
            self._resting.add(name)  # nobody has sent it yet: asked again at the next start
            return None
        came = self._came.pop(name, b"")
        if receipt.first != len(came) or not 0 < receipt.size <= BLOB_BYTES_MAX:
            return Unsent(causes.GARBLED, "another place of the blob")
        came += word.content
        if len(came) < receipt.size:
            self._came[name] = came
            return None if word.content else Unsent(causes.CUT_OFF)
        if blob_name(came) != name:
            self._wrong[name] = self._wrong.get(name, 0) + 1
            if self._wrong[name] >= WRONG_MAX:
                self._resting.add(name)
            return Unsent(causes.GARBLED, "another blob")
        self.port.keep_blob(came, receipt.county_epoch, at=now_ms)
        return None
