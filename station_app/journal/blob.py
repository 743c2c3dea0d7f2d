"""A blob: a photo that a fact names by the hash of its bytes, and that travels after the fact.

Who is on a photo is personal, so its hash stands in the private part of a fact, in a field called
`photo` (one) or `photos` (several), whatever the kind: a program that does not know a newer kind
still knows which photos it names. A blob is kept for as long as a private part that is held here
names it. So an erasure, which removes private parts, ends every photo that nothing else names,
and none of them is taken in again: that is the whole rule, on every node.
"""

import re
from dataclasses import dataclass

from station_app.journal.fact import NotCanonical, blake, parse_tree

BLOB_BYTES_MAX = 512 * 1024  # what is taken; a station makes at most 200 KiB of a photo
NAMED_MAX = 12  # photos that one fact may name

# What the county says of a blob that it was offered, and a station keeps of it.
PART, WHOLE, GONE = "part", "whole", "gone"

_FIELDS = ("photo", "photos")
_HINT = b'"photo'
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A blob that is to go up. was_held: a former county epoch had it whole, so ask first."""

    name: str
    size: int
    held: int
    was_held: bool


def blob_name(content: bytes) -> str:
    """Return what a blob is called: BLAKE2b-256 of its bytes, 64 hex digits."""
    return blake(content).hex()


def is_blob_name(text: str) -> bool:
    """Tell whether a text can be a blob's name."""
    return _HASH.fullmatch(text) is not None


def photos_named(private: bytes) -> tuple[str, ...]:
    """Return the blobs that a private part names, each once; none if it cannot be read."""
    if _HINT not in private:
        return ()  # most parts by far: nothing is parsed
    try:
        tree = parse_tree(private)
    except NotCanonical:
        return ()
    named: dict[str, None] = {}
    for field in _FIELDS:
        value = tree.get(field, "")
        for one in value if isinstance(value, list) else (value,):
            if isinstance(one, str) and is_blob_name(one):
                named[one] = None
    return tuple(named)[:NAMED_MAX]
