"""Where facts stand that a frame names and does not bring: `(stream, seq)` instead of a hash.

Who packs may name a place only of a fact that the reader holds; who reads finds the hash there. A
wrong guess does no harm: the hashes of the facts, or the author's head, do not come out, the frame
is refused, and what it held travels again without references.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import groupby
from typing import Protocol, TypeVar

from station_app.journal.fact import Fact, said_as

Place = tuple[str, int]
LIST_MAX = 500  # values in one IN list
NOTED_MAX = 200_000  # facts of earlier frames in memory: some 60 MB; older ones are in the journal
T = TypeVar("T")


class Places(Protocol):
    """Facts that both ends hold."""

    def find(self, identities: Collection[str]) -> Mapping[str, Place]:
        """Return the places of those of these facts that the reader holds, too."""
        ...

    def identities(self, places: Sequence[Place]) -> Sequence[str]:
        """Return which facts stand at these places, "" for what is not held here."""
        ...


class Nowhere:
    """No places: frames that stand for themselves, as on a stick or in the files of a test."""

    def find(self, identities: Collection[str]) -> Mapping[str, Place]:
        """Return none."""
        return {}

    def identities(self, places: Sequence[Place]) -> Sequence[str]:
        """Return none."""
        return [""] * len(places)


@dataclass(slots=True)
class InFrames:
    """What earlier frames of the same body brought, before what the journal holds.

    forked: streams of which two versions are held: a place in them says too little.
    """

    beyond: Places = field(default_factory=Nowhere)
    forked: Set[str] = frozenset()
    _places: dict[str, Place] = field(default_factory=dict)
    _identities: dict[Place, str] = field(default_factory=dict)

    def note(self, facts: Collection[Fact]) -> None:
        """Remember the facts of a frame that comes before those that follow."""
        if len(self._places) > NOTED_MAX:
            self._places.clear()
            self._identities.clear()
        for fact in facts:
            if said_as(fact.stream) in self.forked:
                continue
            place = (fact.stream, fact.seq)
            self._places[fact.identity] = place
            self._identities.setdefault(place, fact.identity)

    def find(self, identities: Collection[str]) -> Mapping[str, Place]:
        """Return the places of those of these facts that the reader holds, too."""
        known = self._places
        found = {identity: known[identity] for identity in identities if identity in known}
        rest = [identity for identity in identities if identity not in found]
        beyond = self.beyond.find(rest) if rest else {}
        return found | {i: at for i, at in beyond.items() if said_as(at[0]) not in self.forked}

    def identities(self, places: Sequence[Place]) -> Sequence[str]:
        """Return which facts stand at these places, "" for what is not held here."""
        rest = [place for place in places if place not in self._identities]
        beyond = dict(zip(rest, self.beyond.identities(rest), strict=True)) if rest else {}
        return [self._identities.get(place) or beyond.get(place, "") for place in places]


def by_stream(places: Sequence[Place]) -> Iterator[tuple[str, Sequence[int]]]:
    """Yield each stream with the numbers that are asked of it, not too many at a time."""
    for stream, group in groupby(sorted(set(places)), key=lambda place: place[0]):
        for some in pieces([seq for _, seq in group]):
            yield stream, some


def pieces(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield values, at most so many as one query may list."""
    return (values[start : start + LIST_MAX] for start in range(0, len(values), LIST_MAX))
