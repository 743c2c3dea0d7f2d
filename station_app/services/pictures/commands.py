"""What can be asked about pictures: that one is kept for what else is done in the act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PHOTO, SIGNATURE, OWN_SIGNATURE = "photo", "signature", "own_signature"


@dataclass(frozen=True, slots=True)
class KeepPicture:
    """Keep pictures for the fact of `fact_kind` of this act; whose: persons they speak of.

    photos: hashes; line: of the things that the fact lists, from 1; 0 for all of it.
    """

    fact_kind: str
    photos: tuple[str, ...]
    purpose: str = PHOTO
    line: int = 0
    whose: tuple[str, ...] = ()


def signed(fact_kind: str, taken: Mapping[str, str], whose: str) -> Sequence[KeepPicture]:
    """Return what keeps signatures, by purpose, with the act. whose: a person, "" for nobody."""
    return [KeepPicture(fact_kind, (name,), what, 0, (whose,)) for what, name in taken.items()]
