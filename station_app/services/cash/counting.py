"""A count of a drawer: which faces there are, what it comes to, what is no count."""

from collections.abc import Iterable

from station_app.services.cash.facts import Count
from station_app.values.paying import FACES
from station_app.values.refusal import Refusal

PIECES_MAX = 9_999  # of one face: four digits fit the field, and no village drawer holds more
REMARK_MAX = 200
RECOUNTS_MAX = 1


def counted(counts: Iterable[Count]) -> int:
    """Return what a count by faces comes to, in fen."""
    return sum(count.face_fen * count.pieces for count in counts)


def counts_refused(counts: tuple[Count, ...]) -> Refusal | None:
    """Say what is wrong with a count, or None."""
    faces = [count.face_fen for count in counts]
    for count in counts:
        if count.face_fen not in FACES or faces.count(count.face_fen) > 1:
            return Refusal("cash.FACE_UNKNOWN")
        if not 0 <= count.pieces <= PIECES_MAX:
            return Refusal("cash.PIECES_OUT_OF_RANGE", {"max": PIECES_MAX})
    return None


def in_order(counts: tuple[Count, ...]) -> tuple[Count, ...]:
    """Return a count from the largest face down, without the faces that there are none of."""
    kept = (count for count in counts if count.pieces)
    return tuple(sorted(kept, key=lambda count: -count.face_fen))
