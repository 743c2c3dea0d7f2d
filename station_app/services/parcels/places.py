"""Places on the shelves, and the pickup codes that follow from them.

A pickup code is shelf-layer-serial, "B-2-08". A villager reads it out at the counter, so no two
parcels on hand may bear the same one, also when two PCs of the station have not heard of each
other for days; and a code that somebody may still remember is not given again for a while.

Two PCs keep apart by arithmetic: as long as there is one PC, it gives two digits; from the second
on, each gives three digits and more, of which the remainder by eight is its slot. A PC that runs
out of two digits keeps to the same rule, so codes given before a second PC came stay apart too.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from functools import cache
from itertools import chain

from station_app.values.day import add_days

SLOTS_MAX = 8  # the county gives each PC a slot from 0 to 7
REST_DAYS = 30  # for how long a code that was used is not given again
SHORT_BAND = (1, 99)
LONG_BANDS = ((100, 999), (1000, 9999))
BANDS = (SHORT_BAND, *LONG_BANDS)
LAYERS_MAX = 9  # one digit in the code
SHELVES_MAX = 702  # A to ZZ

# How the other styles of codes (`styles`) lie in the number behind a place.
TAIL_BASE, PHONE_BASE, MARK = 1_000_000, 2_000_000, 10_000
TAIL_DIGITS = 4
SLOT_LETTERS = "ABCDEFGH"
PRACTICE_SHELF = "9"  # a station calls none by a digit: nobody seeks what was practised

_CODE = re.compile(r"([A-Z]{1,2}|9(?=-))-?([1-9])-?(\d{2,4})([A-H]?)", re.ASCII)
_PHONE_CODE = re.compile(r"(\d)-?([A-Z]{1,2})-?([1-9])-?(\d{2,4})", re.ASCII)
_LAYER = re.compile(r"([A-Z]{1,2}|9(?=-))-?([1-9])", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Layer:
    """A layer of a shelf: "B", 2."""

    shelf: str
    number: int


@dataclass(frozen=True, slots=True)
class Code:
    """A pickup code: a place with its serial, or what another style has in its place."""

    shelf: str
    layer: int
    serial: int

    @property
    def style(self) -> str:
        """Return in which style it was given: `serial`, `waybill` or `phone`."""
        return ("serial", "waybill", "phone")[self.serial // TAIL_BASE]

    @property
    def mark(self) -> int:
        """Return the digit of a phone, or which slot's letter (1 = A), 0 for none."""
        return self.serial % TAIL_BASE // MARK

    @property
    def number(self) -> int:
        """Return the serial itself, or the four digits of a waybill's tail."""
        return self.serial % MARK

    @property
    def digits(self) -> str:
        """Return the digits that its label ends with: "08", "0017"."""
        return f"{self.number:04d}" if self.style == "waybill" else f"{self.number:02d}"

    def __str__(self) -> str:
        """Return "B-2-08", "B-2-0017A" or "6-B2-08", as it stands on labels."""
        if self.style == "waybill":
            letter = SLOT_LETTERS[self.mark - 1] if self.mark else ""
            return f"{self.shelf}-{self.layer}-{self.digits}{letter}"
        if self.style == "phone":
            return f"{self.mark}-{self.shelf}{self.layer}-{self.digits}"
        return f"{self.shelf}-{self.layer}-{self.digits}"


@dataclass(frozen=True, slots=True)
class Room:
    """The shelves of a station, and how many parcels stand on each layer.

    places: per layer; counts: only layers that hold something need to be named. only: the one
    layer of a practice, None at a station.
    """

    shelves: int
    layers: int
    places: int
    counts: Mapping[Layer, int] = field(default_factory=dict)
    only: Layer | None = None

    def all_layers(self) -> tuple[Layer, ...]:
        """Return every layer, shelf by shelf."""
        if self.only is not None:
            return (self.only,)
        return tuple(
            Layer(shelf_name(shelf), number)
            for shelf in range(min(self.shelves, SHELVES_MAX))
            for number in range(1, min(self.layers, LAYERS_MAX) + 1)
        )

    def count(self, layer: Layer) -> int:
        """Return how many parcels stand on a layer."""
        return self.counts.get(layer, 0)

    def left(self, layer: Layer) -> int:
        """Return how many more fit on a layer; 0 when it is crowded already."""
        return max(0, self.places - self.count(layer))

    def has(self, layer: Layer) -> bool:
        """Tell whether the station has such a layer."""
        return layer in self.all_layers()


def practice_room(counts: Mapping[Layer, int]) -> Room:
    """Return where parcels of a practice stand: all of them on 9-9, which no station has."""
    only = Layer(PRACTICE_SHELF, LAYERS_MAX)
    return Room(1, LAYERS_MAX, SHORT_BAND[1], counts, only)


def shelf_name(index: int) -> str:
    """Return the name of the shelf with this index from 0: A to Z, then AA, AB, …"""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def propose(room: Room, theirs: Mapping[Layer, int]) -> Layer | None:
    """Return the layer for the next parcel; None when every layer is full.

    theirs: layers where parcels of the same receiver stand, and how many: she should find all in
    one place, so the layer with most of them comes first while it has room. Else the least filled.
    """
    free = [layer for layer in room.all_layers() if room.left(layer)]
    same = [layer for layer in free if theirs.get(layer)]
    if same:
        return min(same, key=lambda layer: (-theirs[layer], layer))
    near = {layer.shelf for layer in theirs}
    same_shelf = [layer for layer in free if layer.shelf in near]
    if same_shelf:
        return min(same_shelf, key=room.count)
    return min(free, key=room.count, default=None)


def is_ours(serial: int, *, slot: int, slots: int) -> bool:
    """Tell whether this PC may give this serial without asking the others."""
    if SHORT_BAND[0] <= serial <= SHORT_BAND[1]:
        return slots <= 1
    return LONG_BANDS[0][0] <= serial <= LONG_BANDS[-1][1] and serial % SLOTS_MAX == slot


def choose_serial(taken: Set[int], *, slot: int, slots: int, start: int) -> int:
    """Return a serial that nobody may mistake for another one; 0 when none is left.

    taken: serials on this layer that are on hand or were used within the last REST_DAYS.
    start: where to begin looking, another place after each start of the program, since a journal
    that was put back does not know which codes it gave last.
    """
    for (first, last), own in zip(BANDS, _own_of_bands(slot, slots), strict=True):
        begin = bisect_left(own, first + start % (last - first + 1))
        for serial in chain(own[begin:], own[:begin]):
            if serial not in taken:
                return serial
    return 0


@cache  # a few pairs only; and a label is waited for
def _own_of_bands(slot: int, slots: int) -> tuple[tuple[int, ...], ...]:
    """Return the serials of each band that this PC may give, rising."""
    return tuple(
        tuple(n for n in range(first, last + 1) if is_ours(n, slot=slot, slots=slots))
        for first, last in BANDS
    )


def rest_since(day: str) -> str:
    """Return the first day whose codes still rest on `day` (both as "2026-11-25")."""
    return add_days(day, -REST_DAYS)


def parse_codes(text: str) -> tuple[Code, ...]:
    """Return what a typed pickup code may be: "b208", "B-2-0017A", "6b208"; () if it is none.

    Four digits behind a place are a serial or the tail of a waybill: no two parcels on hand bear
    the same one, so at most one of the readings is there.
    """
    typed = text.strip().upper()
    found = _CODE.fullmatch(typed)
    if found is not None:
        shelf, layer, digits, letter = found[1], int(found[2]), found[3], found[4]
        mark = SLOT_LETTERS.index(letter) + 1 if letter else 0
        tail = Code(shelf, layer, TAIL_BASE + mark * MARK + int(digits))
        if len(digits) < TAIL_DIGITS:
            return () if letter else (Code(shelf, layer, int(digits)),)
        return (tail,) if letter else (Code(shelf, layer, int(digits)), tail)
    found = _PHONE_CODE.fullmatch(typed)
    if found is None:
        return ()
    base = PHONE_BASE + int(found[1]) * MARK
    return (Code(found[2], int(found[3]), base + int(found[4])),)


def parse_layer(text: str) -> Layer | None:
    """Return the layer that somebody typed or whose tag was scanned, "b2" or "B-2"; or None."""
    found = _LAYER.fullmatch(text.strip().upper())
    return Layer(found[1], int(found[2])) if found else None
