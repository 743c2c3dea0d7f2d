"""What can be asked about pictures: that one is kept for what else is done in the act."""

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
