"""Format 2: the facts of a frame as columns, one per kind and field.

Twenty parcels say twenty times the same names of fields, the same day, mostly the same courier. So
a frame says each shape once (`sync.shapes`) and then, field by field, what differs
(`sync.column_codes`).
What the reader can compute is left out (stream, seq, prev, digest, identity, hashes of bodies), a
hash that he holds is named by its place, an erased part is 32 bytes.

Nothing leaves that does not come back: the writer reads what it has written and compares. A body
that is not spelt as columns would spell it, and every kind and version that this program does not
know, travels as the bytes it is.

    segments   streams, from where, how many facts, keys and signatures of the heads
    forms      kind, version, shape of body and of private part: what facts here look like
    facts      which form, milliseconds after the fact before, act, author, entity
    places     where the facts stand that are named and not here
    fields     of each shape, then what travels as it is
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from station_app.sync.column_codes import Malformed, Sink, Source
from station_app.sync.column_reader import Reader
from station_app.sync.column_writer import Knows, Writer
from station_app.sync.places import Place, Places
from station_app.sync.segment import Segment

_HASHES = re.compile(rb'"([0-9a-f]{64})"')
_HASH = re.compile(r"[0-9a-f]{64}")


class DoesNotComeBack(ValueError):
    """What was written reads as something else: it must not travel so."""


def know_all(_kind: str, _v: int) -> bool:
    """Know every kind and version."""
    return True


def write(
    segments: Sequence[Segment], places: Places, knows: Knows = know_all
) -> tuple[bytes, bytes]:
    """Return segments as columns: what a compressor shortens, and what it does not.

    places: facts that the reader holds; knows: whether a kind and version is known here. Raises
    DoesNotComeBack: then they must travel in another format.
    """
    found = places.find(_named_in(segments))
    for is_known in (knows, lambda _kind, _v: False):
        sink = Sink()
        Writer(segments, found, is_known).write(sink)
        plain, noise = bytes(sink.plain), bytes(sink.noise)
        try:
            if read(plain, noise, _There(found)) == tuple(segments):
                return plain, noise
        except Malformed:
            continue
    raise DoesNotComeBack(segments[0].stream)


def read(plain: bytes, noise: bytes, places: Places) -> tuple[Segment, ...]:
    """Return the segments that columns hold; raises Malformed for anything else.

    places: where the facts are found that are named and not here.
    """
    source = Source(plain, noise)
    try:
        segments = tuple(Reader(source, places).segments())
    except Malformed:
        raise
    except (ValueError, LookupError, OverflowError, StopIteration, RuntimeError) as problem:
        raise Malformed(f"{type(problem).__name__}: {problem}") from problem
    if not source.is_empty:
        raise Malformed("more than segments")
    return segments


@dataclass(frozen=True, slots=True)
class _There:
    """The places as the reader will find them, for the writer's own test."""

    found: Mapping[str, Place]

    def find(self, identities: Collection[str]) -> Mapping[str, Place]:
        return self.found

    def identities(self, places: Sequence[Place]) -> Sequence[str]:
        by_place = {place: identity for identity, place in self.found.items()}
        return [by_place.get(place, "") for place in places]


def _named_in(segments: Sequence[Segment]) -> set[str]:
    """Return the facts that these speak of and do not hold."""
    named: set[str] = set()
    for segment in segments:
        named.add(segment.prev)
        for fact in segment.facts:
            named.update((fact.entity, fact.by))
            for part in (fact.body, fact.private or b""):
                named.update(match.decode() for match in _HASHES.findall(part))
    named -= {fact.identity for segment in segments for fact in segment.facts}
    return {name for name in named if _HASH.fullmatch(name)}
