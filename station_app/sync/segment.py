"""Segments and frames: the one format of wire, stick and backup (format 1).

A *segment* is a run of one stream: where it begins, its facts, and the author's signed head. What
the receiver can compute is left out: stream, seq, prev, digest, identity, and the hashes of bodies.
The head is signed by the author over (county, stream, how far, identity there, key), so it does
not matter who carries a segment, and any holder may cut one at any head that he holds.

A *frame* is one or more segments packed as one block and signed as bytes by whoever packed them.
On arrival the order is: size, signature, declared unpacked size, unpacking, chain, author's head.
Nothing is unpacked that was not signed by a known key, and nothing is believed that does not hang
together with a head of its author.

Everything here is pure. Keys and dictionaries are passed in.
"""

import base64
import re
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol

import msgspec

from station_app.journal.chain import Head
from station_app.journal.fact import FACT_BYTES_MAX, INTEGER_MAX, Fact, blake, seal
from station_app.sync.dictionary import Garbled, Press, TooBig

FORMAT = 1
FRAME_MAGIC = b"VF"
PACKED_BYTES_MAX = 1024 * 1024  # one request's worth: an act of 512 KiB fits whatever it holds
UNPACKED_BYTES_MAX = 16 * 1024 * 1024  # what a village PC can hold twice without swapping
FRAME_FACTS_MAX = 50_000  # 1 MiB of the smallest facts: decoded they take a hundred times that
FRAME_SEGMENTS_MAX = 2_000
NAME_CHARACTERS_MAX = 80  # a kind, an act, an author: longer ones are nobody's
VERSION_MAX = 1_000_000
KEY_ID_BYTES = 8
SIGNATURE_BYTES = 64
COUNTY = "county"
FRAME_LABEL = "frame"
HEAD_LABEL = "head"

# magic, format, dictionary, level, packed length, key id; then the signature, then the block
_PREFIX = struct.Struct(">2sBBBI8s")
FRAME_HEAD_BYTES = _PREFIX.size + SIGNATURE_BYTES
_STREAM = re.compile(
    r"[A-Z0-9]{1,16}/D[1-9][0-9]{0,3}/[0-9a-f]{16}|county\.[1-9][0-9]{0,8}/(all|[A-Z0-9]{1,16})"
)
_HASH = re.compile(r"[0-9a-f]{64}")
_TICKET = re.compile(r"[A-Z2-7]{16}")


class Signer(Protocol):
    """Signs as one key. The label keeps a signature of one use from serving another."""

    @property
    def key_id(self) -> str:
        """Return the name of the key: 16 hex digits."""
        ...

    def sign(self, label: str, message: bytes) -> bytes:
        """Return the signature (64 bytes) of `message` under a label."""
        ...


class Key(Protocol):
    """A public key, and whom it speaks for."""

    @property
    def owner(self) -> str:
        """Return "NX0601/D1" for a device, "county" for the county."""
        ...

    def verify(self, label: str, message: bytes, signature: bytes) -> bool:
        """Tell whether this key signed `message` under this label."""
        ...


KeyOf = Callable[[str], Key | None]
Verify = Callable[[bytes, str, bytes, bytes], bool]


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A public key with its owner. check: (public key, label, message, signature) -> bool."""

    owner: str
    public_key: bytes
    check: Verify

    def verify(self, label: str, message: bytes, signature: bytes) -> bool:
        """Tell whether this key signed `message` under this label."""
        return self.check(self.public_key, label, message, signature)


@dataclass(frozen=True, slots=True)
class SignedHead:
    """An author's word that his stream reached `to`, with that fact's identity."""

    stream: str
    to: int
    identity: str
    key_id: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of one stream. prev: identity of the fact before the first; head: at the last fact."""

    stream: str
    first: int
    prev: str
    facts: tuple[Fact, ...]
    head: SignedHead

    @property
    def last(self) -> int:
        """Return the seq of the last fact."""
        return self.first + len(self.facts) - 1


@dataclass(frozen=True, slots=True)
class Rejected:
    """A frame that is not taken, whole. Nothing of it was kept.

    reason: `cut_off`, `malformed`, `unknown_format`, `unknown_dictionary`, `too_big`,
    `unknown_key`, `bad_signature`, `bad_head` or `foreign_head`; detail: for the technician.
    """

    reason: str
    detail: str = ""


class _No(ValueError):
    """Carries a reason to the edge of this module."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.rejected = Rejected(reason, detail)


class _Row(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """One fact on the wire.

    at: milliseconds after the fact before (of the first: since 1970). private_digest: only of a
    part that was erased. act, by: None when as before. entity: seq of its founder in this very
    segment, or its name.
    """

    kind: str
    v: int
    at: int
    body: bytes
    private: bytes | None
    private_digest: bytes | None
    act: bytes | None
    by: bytes | None
    entity: int | bytes


class _Packed(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """One segment on the wire."""

    stream: str
    first: int
    prev: bytes
    rows: Annotated[tuple[_Row, ...], msgspec.Meta(max_length=FRAME_FACTS_MAX)]
    key_id: bytes
    signature: bytes


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(
    Annotated[tuple[_Packed, ...], msgspec.Meta(min_length=1, max_length=FRAME_SEGMENTS_MAX)]
)


# --- Keys and heads ------------------------------------------------------------------------------


def author_of(stream: str) -> str:
    """Return who alone may write a stream: "NX0601/D1", or "county"."""
    return COUNTY if stream.startswith("county.") else stream.rsplit("/", 1)[0]


def head_message(county: str, stream: str, to: int, identity: str, key_id: str) -> bytes:
    """Return the bytes that an author signs: so far reaches my stream, in this county."""
    return msgspec.json.encode([county, stream, to, identity, key_id])


def sign_head(head: Head, county: str, signer: Signer) -> SignedHead:
    """Return an author's signed head."""
    message = head_message(county, head.stream, head.to, head.identity, signer.key_id)
    signature = signer.sign(HEAD_LABEL, message)
    return SignedHead(head.stream, head.to, head.identity, signer.key_id, signature)


def check_head(head: SignedHead, county: str, key_of: KeyOf) -> Rejected | None:
    """Return why a head is not to be believed, or None when its author signed it."""
    key = key_of(head.key_id)
    if key is None:
        return Rejected("unknown_key", head.key_id)
    if key.owner != author_of(head.stream):
        return Rejected("foreign_head", f"{key.owner} signed for {head.stream}")
    message = head_message(county, head.stream, head.to, head.identity, head.key_id)
    if not key.verify(HEAD_LABEL, message, head.signature):
        return Rejected("bad_head", f"{head.stream} {head.to}")
    return None


# --- Packing -------------------------------------------------------------------------------------


def pack(
    segments: Sequence[Segment],
    signer: Signer,
    press: Press,
    *,
    level: int,
    dictionary: int | None = None,
) -> bytes:
    """Return one frame, signed by `signer`.

    level: of the compressor, 1 to 19; dictionary: number, by default the newest known. The frame
    is read back before it leaves: what does not come out equal must not travel.
    """
    number = press.newest if dictionary is None else dictionary
    raw = _encoder.encode(tuple(_packed(segment) for segment in segments))
    assert len(raw) <= UNPACKED_BYTES_MAX, "a frame holds a bounded number of facts"
    assert tuple(map(_opened, _decoder.decode(raw))) == tuple(segments), "unpacks to other facts"
    block = press.pack(raw, dictionary=number, level=level)
    assert len(block) <= PACKED_BYTES_MAX, "a frame holds a bounded number of facts"
    key = bytes.fromhex(signer.key_id)
    prefix = _PREFIX.pack(FRAME_MAGIC, FORMAT, number, level, len(block), key)
    return prefix + signer.sign(FRAME_LABEL, blake(prefix + block)) + block


def _packed(segment: Segment) -> _Packed:
    known: dict[str, int] = {}
    rows: list[_Row] = []
    at, act, by = 0, "", ""
    for fact in segment.facts:
        erased = bytes.fromhex(fact.private_digest) if fact.private_digest else None
        rows.append(
            _Row(
                kind=fact.kind,
                v=fact.v,
                at=fact.at - at,
                body=fact.body,
                private=fact.private,
                private_digest=erased if fact.private is None else None,
                act=_named(fact.act) if fact.act != act else None,
                by=_named(fact.by) if fact.by != by or not rows else None,
                entity=known.get(fact.entity) or _named(fact.entity),
            )
        )
        at, act, by = fact.at, fact.act, fact.by
        known[fact.identity] = fact.seq
    head = segment.head
    return _Packed(
        stream=segment.stream,
        first=segment.first,
        prev=_named(segment.prev),
        rows=tuple(rows),
        key_id=bytes.fromhex(head.key_id),
        signature=head.signature,
    )


def _named(text: str) -> bytes:
    """Return a hash in 33 bytes, a ticket in 11, any other text as it is."""
    if _HASH.fullmatch(text):
        return b"h" + bytes.fromhex(text)
    if _TICKET.fullmatch(text):
        return b"t" + base64.b32decode(text)
    return b"s" + text.encode("utf-8") if text else b""


# --- Unpacking -----------------------------------------------------------------------------------


def frame_length(start: bytes) -> int | None:
    """Return how long the frame is that begins so; None if its first bytes are no frame's.

    start: at least FRAME_HEAD_BYTES bytes. A frame over the limit is no frame.
    """
    magic, _, _, _, length, _ = _PREFIX.unpack_from(start)
    is_frame = magic == FRAME_MAGIC and length <= PACKED_BYTES_MAX
    return FRAME_HEAD_BYTES + length if is_frame else None


def packer_of(frame: bytes) -> str:
    """Return the id of the key that a frame says it was signed with; "" if it is too short."""
    return _PREFIX.unpack_from(frame)[5].hex() if len(frame) >= _PREFIX.size else ""


def unpack(
    frame: bytes, key_of: KeyOf, press: Press, *, county: str
) -> tuple[Segment, ...] | Rejected:
    """Check a frame and return its segments, or why it is not taken.

    Each segment that is returned hangs together and ends in a head that its author signed. That
    it continues what is held here is for the journal to say.
    """
    try:
        raw = _raw(frame, key_of, press)
        packed = _decoder.decode(raw)
        if sum(len(part.rows) for part in packed) > FRAME_FACTS_MAX:
            raise _No("too_big", "facts")
        segments = tuple(_opened(part) for part in packed)
    except _No as no:
        return no.rejected
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as problem:
        return Rejected("malformed", str(problem))
    for segment in segments:
        no_head = check_head(segment.head, county, key_of)
        if no_head is not None:
            return no_head
    return segments


def _raw(frame: bytes, key_of: KeyOf, press: Press) -> bytes:
    """Return what the block holds, once size and signature are right."""
    if len(frame) > FRAME_HEAD_BYTES + PACKED_BYTES_MAX:
        raise _No("too_big", f"{len(frame)} bytes packed")
    if len(frame) < FRAME_HEAD_BYTES:
        raise _No("cut_off")
    magic, version, dictionary, _level, length, key_id = _PREFIX.unpack_from(frame)
    if magic != FRAME_MAGIC:
        raise _No("malformed", "not a frame")
    prefix, block = frame[: _PREFIX.size], frame[FRAME_HEAD_BYTES:]
    if len(block) != length:
        raise _No("cut_off" if len(block) < length else "malformed")
    if version != FORMAT:
        raise _No("unknown_format", str(version))
    if not press.knows(dictionary):
        raise _No("unknown_dictionary", str(dictionary))
    key = key_of(key_id.hex())
    if key is None:
        raise _No("unknown_key", key_id.hex())
    signature = frame[_PREFIX.size : FRAME_HEAD_BYTES]
    if not key.verify(FRAME_LABEL, blake(prefix + block), signature):
        raise _No("bad_signature")
    try:
        return press.unpack(block, dictionary=dictionary, limit=UNPACKED_BYTES_MAX)
    except TooBig as problem:
        raise _No("too_big", str(problem)) from problem
    except Garbled as problem:
        raise _No("malformed", str(problem)) from problem


def _opened(packed: _Packed) -> Segment:
    """Return a segment with everything that was left out computed anew."""
    if not _STREAM.fullmatch(packed.stream):
        raise _No("malformed", f"stream {packed.stream[:NAME_CHARACTERS_MAX]}")
    last = packed.first + len(packed.rows) - 1
    if not packed.rows or packed.first < 1 or last > INTEGER_MAX:
        raise _No("malformed", f"{packed.stream} from {packed.first}")
    if len(packed.key_id) != KEY_ID_BYTES or len(packed.signature) != SIGNATURE_BYTES:
        raise _No("malformed", f"head of {packed.stream}")
    prev = _identity(_name(packed.prev), or_none=packed.first == 1)
    facts: list[Fact] = []
    for row in packed.rows:
        facts.append(_fact(row, packed, facts, prev))
        prev = facts[-1].identity
    key_id = packed.key_id.hex()
    head = SignedHead(packed.stream, last, prev, key_id, packed.signature)
    return Segment(packed.stream, packed.first, facts[0].prev, tuple(facts), head)


def _fact(row: _Row, packed: _Packed, before: list[Fact], prev: str) -> Fact:
    last = before[-1] if before else None
    at = row.at + (last.at if last else 0)
    act = _name(row.act) if row.act is not None else last.act if last else ""
    by = _name(row.by) if row.by is not None else last.by if last else ""
    if isinstance(row.entity, int):
        place = row.entity - packed.first
        if not 0 <= place < len(before):
            raise _No("malformed", f"{packed.stream}: no fact {row.entity} before this one")
        entity = before[place].identity
    else:
        entity = _name(row.entity)
    size = len(row.body) + len(row.private or b"")
    is_sane = 0 <= at <= INTEGER_MAX and 1 <= row.v <= VERSION_MAX and size <= FACT_BYTES_MAX
    if not is_sane or not 0 < len(row.kind) <= NAME_CHARACTERS_MAX:
        raise _No("malformed", f"{packed.stream}: fact {packed.first + len(before)}")
    erased = None
    if row.private_digest is not None:
        if row.private is not None or len(row.private_digest) != 32:
            raise _No("malformed", "digest of an erased part")
        erased = row.private_digest.hex()
    return seal(
        row.body,
        row.private,
        private_digest=erased,
        stream=packed.stream,
        seq=packed.first + len(before),
        act=act,
        at=at,
        kind=row.kind,
        v=row.v,
        entity=entity,
        by=by,
        prev=prev,
    )


def _name(packed: bytes) -> str:
    """Return the text that `_named` packed."""
    sort, rest = packed[:1], packed[1:]
    if sort == b"":
        return ""
    if sort == b"h" and len(rest) == 32:
        return rest.hex()
    if sort == b"t" and len(rest) == 10:
        return base64.b32encode(rest).decode("ascii")
    text = rest.decode("utf-8")
    if sort != b"s" or not 0 < len(text) <= NAME_CHARACTERS_MAX or _named(text)[:1] != b"s":
        raise _No("malformed", "a name")
    return text


def _identity(text: str, *, or_none: bool) -> str:
    if _HASH.fullmatch(text) or (or_none and not text):
        return text
    raise _No("malformed", "no identity")
