"""A fact: what happened, in the past tense, for ever.

A fact has a header, a body and, where it must, a private part. The body holds amounts, grams,
ids and codes, and never says who; names, phones and free text stand in the private part, which an
erasure may remove without breaking anything: the header holds only a digest of both.

    digest   = BLAKE2b-256(BLAKE2b-256(body) || BLAKE2b-256(private), or 32 zero bytes)
    identity = BLAKE2b-256(canonical header)

The canonical form is UTF-8 JSON in NFC with sorted keys, no spaces, integers and strings only
(RFC 8785 restricted to these): one value has one spelling, so equal facts have equal bytes.
"""

import hashlib
import unicodedata
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

FACT_BYTES_MAX = 64 * 1024  # a receipt's worth of lines fits forty times; photos are blobs
INTEGER_MAX = 2**53 - 1  # what every JSON reader holds exactly
DEPTH_MAX = 8
NO_PRIVATE = bytes(32)
VERSION_MARK = "~"  # behind it stands which version of a stream a line keeps (`journal.rulings`)


def _plain() -> Any:
    """Return, as a type, what a fact may be made of: no more than DEPTH_MAX in one another."""
    number = Annotated[int, Meta(ge=-INTEGER_MAX, le=INTEGER_MAX)]
    empty = Meta(max_length=0)
    tree: Any = number | str | Annotated[list[str], empty] | Annotated[dict[str, str], empty]
    for _ in range(DEPTH_MAX):
        tree = number | str | list[tree] | dict[str, tree]
    return tree


_encoder = msgspec.json.Encoder(order="sorted")
_plain_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_plain())


class NotCanonical(ValueError):
    """These bytes, or this value, are not the canonical spelling of anything that we say."""


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a fact says. A subclass is one version of one kind, and never changes once shipped.

    REVERSIBLE: whether an act with this fact may be undone; shifts, keys and erasures never are.
    CARRIES_NOTHING: whether what happens to the same thing later never rests on it, so that it is
    undone all the same: kilograms that were sold of a lot of which others bought, too.
    SINCE_FOLD: the fold version of the first program that can post it.
    """

    KIND: ClassVar[str]
    VERSION: ClassVar[int] = 1
    REVERSIBLE: ClassVar[bool] = True
    CARRIES_NOTHING: ClassVar[bool] = False
    SINCE_FOLD: ClassVar[int] = 1
    PRIVATE: ClassVar["type[Private] | None"] = None


class Private(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a fact says about people.

    whose: the persons it speaks of (identities); empty for the founding fact of a person, which
    speaks of itself, and for what was only read off a label.
    salt: 80 random bits in base32, given by the recorder: without it a digest of a name could be
    guessed back.
    """

    whose: tuple[str, ...] = ()
    salt: str = ""


class Saying(msgspec.Struct, frozen=True):
    """A fact that is about to be recorded: what the rules return.

    entity: the thing that it happens to; empty when this fact founds it.
    """

    body: Body
    private: Private | None = None
    entity: str = ""


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """A recorded fact: header, body bytes and, if not erased, private bytes.

    Hashes are 64 lowercase hex digits. `private_digest` is "" when the fact never had a private
    part; it stays when the part is erased, so the chain still verifies.
    """

    stream: str
    seq: int
    act: str
    at: int
    kind: str
    v: int
    entity: str
    by: str
    prev: str
    digest: str
    body: bytes
    private: bytes | None
    private_digest: str
    identity: str


def fact_of(row: Any) -> Fact:
    """Return the fact of a row of a journal: its columns as stored, then the private part.

    The order is the same at a station and at the county: stream, seq, act, at, kind, v, entity,
    by, prev, digest, identity, body, digest of the private part, private part.
    """
    return Fact(
        stream=row[0],
        seq=row[1],
        act=row[2],
        at=row[3],
        kind=row[4],
        v=row[5],
        entity=row[6],
        by=row[7],
        prev=row[8],
        digest=row[9],
        identity=row[10],
        body=bytes(row[11]),
        private_digest=row[12],
        private=bytes(row[13]) if row[13] is not None else None,
    )


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A fact as folds and postings see it: decoded, with the private part if it may be read.

    stream: as its author said it, the same on every node; line: under which it is kept here, ""
    when that is its stream's own name.
    """

    identity: str
    stream: str
    seq: int
    act: str
    at: int
    kind: str
    by: str
    entity: str
    body: Any
    private: Any = None
    line: str = ""

    @property
    def kept_as(self) -> str:
        """Return the name under which its stream, or this version of it, is kept here."""
        return self.line or self.stream

    @property
    def device(self) -> str:
        """Return the author's device ("D1"), or "" for a fact of the county."""
        return device_of(self.stream)

    @property
    def subject(self) -> str:
        """Return the thing that this fact speaks of: its entity, or itself if it founds one."""
        return self.entity or self.identity


def device_of(stream: str) -> str:
    """Return the device of "NX0601/D1/<epoch>", and "" for the streams of the county."""
    parts = stream.split("/")
    return parts[1] if len(parts) == 3 else ""


def station_of(stream: str) -> str:
    """Return the station that a stream belongs to: its author's, or the one that it is sent to."""
    parts = stream.split("/")
    return parts[0] if len(parts) == 3 else parts[1]


def said_as(line: str) -> str:
    """Return the stream that a line holds a version of: its own name, or that before the mark."""
    return line.partition(VERSION_MARK)[0]


def is_from_county(stream: str) -> bool:
    """Tell whether the county wrote this stream ("county.1/all", "county.1/NX0601")."""
    return stream.startswith("county.")


def blake(data: bytes) -> bytes:
    """Return BLAKE2b-256 of `data`."""
    return hashlib.blake2b(data, digest_size=32).digest()


def canonical(value: Any) -> bytes:
    """Return the canonical bytes of a struct or a tree of dicts, lists, integers and strings.

    Raises NotCanonical for floats, booleans, nulls, text that is not NFC and integers beyond
    2^53: they have no place in a fact.
    """
    try:
        data = _encoder.encode(value)
    except (UnicodeEncodeError, TypeError, RecursionError) as problem:
        raise NotCanonical(str(problem)) from problem
    _check_texts(plain_tree(data), data)
    return data


def parse_tree(data: bytes) -> dict[str, Any]:
    """Return the tree that canonical bytes spell; raises NotCanonical for any other bytes."""
    if len(data) > FACT_BYTES_MAX:
        raise NotCanonical("longer than a fact may be")
    tree = plain_tree(data)
    if not isinstance(tree, dict):
        raise NotCanonical("not an object")
    if _encoder.encode(tree) != data:
        raise NotCanonical("another spelling of the same value")
    _check_texts(tree, data)
    return tree


def plain_tree(data: bytes) -> Any:
    """Return the tree of these JSON bytes, however they spell it.

    Raises NotCanonical for what is no JSON, and for what has no place in a fact, but for text
    that is not NFC.
    """
    try:
        return _plain_decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise NotCanonical(str(problem)) from problem


def _check_texts(tree: Any, data: bytes) -> None:
    """Raise NotCanonical unless all text of a tree is NFC. data: as the encoder spells it."""
    if data.isascii() or unicodedata.is_normalized("NFC", data.decode()):
        return  # what is part of a text in NFC is NFC, too
    for text in _texts_in(tree):
        if not unicodedata.is_normalized("NFC", text):
            raise NotCanonical("text is not in NFC")


def _texts_in(tree: Any) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        yield from tree
        for value in tree.values():
            yield from _texts_in(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _texts_in(value)


def digest_of(body: bytes, private_digest: str) -> str:
    """Return the digest that binds a body and the (perhaps erased) private part."""
    private = bytes.fromhex(private_digest) if private_digest else NO_PRIVATE
    return blake(blake(body) + private).hex()


def identity_of(header: dict[str, Any]) -> str:
    """Return the identity of a fact from its ten header fields."""
    return blake(_encoder.encode(header)).hex()


def seal(
    saying_body: bytes,
    private: bytes | None,
    *,
    private_digest: str | None = None,
    **header: Any,
) -> Fact:
    """Build a fact from canonical bytes and its header fields (all but `digest`).

    private_digest: given when the private part is erased and only its digest came along.
    """
    if private_digest is None:
        private_digest = blake(private).hex() if private is not None else ""
    header["digest"] = digest_of(saying_body, private_digest)
    identity = identity_of(header)
    return Fact(
        body=saying_body,
        private=private,
        private_digest=private_digest,
        identity=identity,
        **header,
    )


def header_of(fact: Fact) -> dict[str, Any]:
    """Return the ten header fields of a fact, as they are hashed."""
    return {
        "act": fact.act,
        "at": fact.at,
        "by": fact.by,
        "digest": fact.digest,
        "entity": fact.entity,
        "kind": fact.kind,
        "prev": fact.prev,
        "seq": fact.seq,
        "stream": said_as(fact.stream),
        "v": fact.v,
    }


def is_intact(fact: Fact) -> bool:
    """Tell whether body, private part, digest and identity of a fact still agree.

    Whatever stands in the fields, the answer is yes or no: they may come from a damaged disk.
    """
    try:
        if fact.private is not None and blake(fact.private).hex() != fact.private_digest:
            return False
        return (
            digest_of(fact.body, fact.private_digest) == fact.digest
            and identity_of(header_of(fact)) == fact.identity
        )
    except (ValueError, TypeError, AttributeError):
        return False
