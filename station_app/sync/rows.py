"""Format 1: the facts of a frame as rows of msgpack, one after the other.

What the receiver can compute is left out: stream, seq, prev, digest, identity, and the hashes of
bodies. An act and an author are said once, a reference to a fact of the same segment is its seq,
and a body travels as the bytes that it is. Every program reads this format for ever, and what
another format cannot say travels in it.
"""

import base64
import re
from collections.abc import Sequence
from typing import Annotated

import msgspec

from station_app.journal.fact import FACT_BYTES_MAX, INTEGER_MAX, Fact, seal
from station_app.sync.segment import (
    FACTS_MAX,
    KEY_ID_BYTES,
    NAME_CHARACTERS_MAX,
    SEGMENTS_MAX,
    SIGNATURE_BYTES,
    STREAM,
    VERSION_MAX,
    Segment,
    SignedHead,
)

_HASH = re.compile(r"[0-9a-f]{64}")
_TICKET = re.compile(r"[A-Z2-7]{16}")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_TEN_BITS = [one + other for one in _LETTERS for other in _LETTERS]


class NoRows(ValueError):
    """These bytes are no rows. reason: as of `Rejected`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        """Keep why."""
        super().__init__(detail)
        self.reason = reason


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
    rows: Annotated[tuple[_Row, ...], msgspec.Meta(max_length=FACTS_MAX)]
    key_id: bytes
    signature: bytes


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(
    Annotated[tuple[_Packed, ...], msgspec.Meta(min_length=1, max_length=SEGMENTS_MAX)]
)


def write(segments: Sequence[Segment]) -> bytes:
    """Return segments as rows."""
    return _encoder.encode(tuple(_packed(segment) for segment in segments))


def read(raw: bytes) -> tuple[Segment, ...]:
    """Return the segments that rows hold; raises NoRows for anything else."""
    try:
        packed = _decoder.decode(raw)
        if sum(len(part.rows) for part in packed) > FACTS_MAX:
            raise NoRows("too_big", "facts")
        return tuple(_opened(part) for part in packed)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as problem:
        raise NoRows("malformed", str(problem)) from problem


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


def _opened(packed: _Packed) -> Segment:
    """Return a segment with everything that was left out computed anew."""
    if not STREAM.fullmatch(packed.stream):
        raise NoRows("malformed", f"stream {packed.stream[:NAME_CHARACTERS_MAX]}")
    last = packed.first + len(packed.rows) - 1
    if not packed.rows or packed.first < 1 or last > INTEGER_MAX:
        raise NoRows("malformed", f"{packed.stream} from {packed.first}")
    if len(packed.key_id) != KEY_ID_BYTES or len(packed.signature) != SIGNATURE_BYTES:
        raise NoRows("malformed", f"head of {packed.stream}")
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
            raise NoRows("malformed", f"{packed.stream}: no fact {row.entity} before this one")
        entity = before[place].identity
    else:
        entity = _name(row.entity)
    size = len(row.body) + len(row.private or b"")
    is_sane = 0 <= at <= INTEGER_MAX and 1 <= row.v <= VERSION_MAX and size <= FACT_BYTES_MAX
    if not is_sane or not 0 < len(row.kind) <= NAME_CHARACTERS_MAX:
        raise NoRows("malformed", f"{packed.stream}: fact {packed.first + len(before)}")
    erased = None
    if row.private_digest is not None:
        if row.private is not None or len(row.private_digest) != 32:
            raise NoRows("malformed", "digest of an erased part")
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
        return _ticket(rest)
    text = rest.decode("utf-8")
    if sort != b"s" or not 0 < len(text) <= NAME_CHARACTERS_MAX or _named(text)[:1] != b"s":
        raise NoRows("malformed", "a name")
    return text


def _ticket(raw: bytes) -> str:
    """Return 80 bits in base32, ten at a time: every act has one, and `base64` takes four times."""
    bits = int.from_bytes(raw, "big")
    return "".join([_TEN_BITS[bits >> place & 1023] for place in range(70, -1, -10)])


def _identity(text: str, *, or_none: bool) -> str:
    if _HASH.fullmatch(text) or (or_none and not text):
        return text
    raise NoRows("malformed", "no identity")
