"""What can be said when the shelves are counted (盘库), piece by piece."""

from typing import ClassVar

from station_app.journal.fact import Body


class ParcelMissed(Body, frozen=True, kw_only=True):
    """The shelf was counted (盘库) and it was not where it should stand. Missed is not lost."""

    KIND: ClassVar[str] = "parcel.missed"
    shelf: str
    layer: int
    day: str


class ParcelSeen(Body, frozen=True, kw_only=True):
    """It stood on a layer when that was counted, though it had been missed, or had left."""

    KIND: ClassVar[str] = "parcel.seen"
    shelf: str
    layer: int
    day: str


class LayerCounted(Body, frozen=True, kw_only=True):
    """One layer of a shelf was counted, piece by piece; the latest count of a layer holds.

    expected: pieces by the books of that moment; found: of these, those that were seen;
    misplaced: pieces of other layers; gone: pieces that had left by the books; unknown: numbers
    that nobody has shelved here.
    """

    KIND: ClassVar[str] = "layer.counted"
    shelf: str
    layer: int
    expected: int
    found: int
    misplaced: int
    gone: int
    unknown: int
    day: str
