"""Segments: runs of one stream, and whose word they are.

A *segment* says where it begins, its facts, and the author's signed head. The head is signed over
(county, stream, how far, identity there, key), so it does not matter who carries a segment, and any
holder may cut one at any head that he holds. How segments travel is in `sync.frame`.

Everything here is pure. Keys are passed in.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol

import msgspec

from station_app.journal.chain import Head
from station_app.journal.fact import Fact, blake, said_as

NAME_CHARACTERS_MAX = 80  # a kind, an act, an author: longer ones are nobody's
VERSION_MAX = 1_000_000
FACTS_MAX = 50_000  # of a frame: 1 MiB of the smallest; decoded they take a hundred times that
SEGMENTS_MAX = 2_000  # of a frame
KEY_ID_BYTES = 8
SIGNATURE_BYTES = 64
COUNTY = "county"
HEAD_LABEL = "head"
KEY_ANNOUNCED = "county_key.announced"  # the kind by which the county makes a further key known
STREAM = re.compile(
    r"[A-Z0-9]{1,16}/D[1-9][0-9]{0,3}/[0-9a-f]{16}|county\.[1-9][0-9]{0,8}/(all|[A-Z0-9]{1,16})"
)


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
    """A public key with its owner. check: (public key, label, message, signature) -> bool.

    is_former: its owner has renewed it: what it signs now is another's, or late.
    """

    owner: str
    public_key: bytes
    check: Verify
    is_former: bool = False

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

    reason: `cut_off`, `malformed`, `unknown_format`, `unknown_dictionary`, `unknown_place`,
    `too_big`, `unknown_key`, `bad_signature`, `bad_head`, `foreign_head` or `foreign_packer`;
    detail: for the technician.
    """

    reason: str
    detail: str = ""


def as_said(segment: Segment) -> Segment:
    """Return a segment as its author said it, whichever version of the stream it is kept as."""
    stream = said_as(segment.stream)
    if stream == segment.stream:
        return segment
    facts = tuple(msgspec.structs.replace(fact, stream=stream) for fact in segment.facts)
    head = replace(segment.head, stream=stream)
    return Segment(stream, segment.first, segment.prev, facts, head)


# --- Keys and heads ------------------------------------------------------------------------------


def author_of(stream: str) -> str:
    """Return who alone may write a stream: "NX0601/D1", or "county"."""
    return COUNTY if stream.startswith("county.") else stream.rsplit("/", 1)[0]


def head_message(county: str, stream: str, to: int, identity: str, key_id: str) -> bytes:
    """Return the bytes that an author signs: so far reaches my stream, in this county."""
    return msgspec.json.encode([county, stream, to, identity, key_id])


def sign_head(head: Head, county: str, signer: Signer) -> SignedHead:
    """Return an author's signed head."""
    stream = said_as(head.stream)
    message = head_message(county, stream, head.to, head.identity, signer.key_id)
    signature = signer.sign(HEAD_LABEL, message)
    return SignedHead(head.stream, head.to, head.identity, signer.key_id, signature)


def check_head(head: SignedHead, county: str, key_of: KeyOf) -> Rejected | None:
    """Return why a head is not to be believed, or None when its author signed it."""
    key = key_of(head.key_id)
    if key is None:
        return Rejected("unknown_key", head.key_id)
    if key.owner != author_of(head.stream):
        return Rejected("foreign_head", f"{key.owner} signed for {head.stream}")
    stream = said_as(head.stream)
    message = head_message(county, stream, head.to, head.identity, head.key_id)
    if not key.verify(HEAD_LABEL, message, head.signature):
        return Rejected("bad_head", f"{head.stream} {head.to}")
    return None


def keys_announced(segment: Segment, signed_with: Key | None) -> dict[str, Key]:
    """Return the county's keys that a proved segment announces: what follows may be signed so."""
    if author_of(segment.stream) != COUNTY or not isinstance(signed_with, KnownKey):
        return {}
    found: dict[str, Key] = {}
    for fact in segment.facts:
        if fact.kind == KEY_ANNOUNCED:
            with suppress(msgspec.DecodeError, ValueError):
                public_key = bytes.fromhex(
                    msgspec.json.decode(fact.body, type=_Announced).public_key
                )
                known = KnownKey(COUNTY, public_key, signed_with.check)
                found[blake(public_key).hex()[: KEY_ID_BYTES * 2]] = known
    return found


class _Announced(msgspec.Struct, frozen=True):
    """What is read of a key's announcement (`reference.facts.CountyKeyAnnounced`)."""

    public_key: str
