"""What can be said about the load of a van: what it takes along on its way back, or to a village.

A list of a round that came stands in `facts.ManifestClosed`; two kinds here found lists of what
goes, and the county says what of them it found when the van was there.
"""

from typing import ClassVar

import msgspec

from station_app.journal.fact import Body, Private


class LoadDriver(Private, frozen=True, kw_only=True):
    """Who takes it along."""

    name: str = ""


class LoadedPiece(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel on a van. bag: identity of the bag that it came here in, "" for none."""

    courier: str
    waybill: str
    bag: str = ""


class LoadedGoods(msgspec.Struct, frozen=True, kw_only=True):
    """Produce on a van. dispatch: identity of the fact by which it left; code: of its lot.

    quantity: grams or pieces, as `unit` says.
    """

    dispatch: str
    code: str
    name: str
    quantity: int
    unit: str
    packages: int


class VanLoaded(Body, frozen=True, kw_only=True):
    """The van takes along what goes to the hub on its way back (回程): parcels and produce.

    number: on the paper, in the series of manifests. Each piece and lot left by a fact of its own.
    """

    KIND: ClassVar[str] = "van.loaded"
    PRIVATE: ClassVar[type[Private] | None] = LoadDriver
    number: int
    pieces: tuple[LoadedPiece, ...]
    goods: tuple[LoadedGoods, ...]
    day: str


class LoadedBag(msgspec.Struct, frozen=True, kw_only=True):
    """A transfer bag that goes back empty. bag: identity of the bag; code: on its tag."""

    bag: str
    code: str


class VanLoadedWithBags(VanLoaded, frozen=True, kw_only=True):
    """The same, with the empty bags that go along."""

    VERSION: ClassVar[int] = 2
    bags: tuple[LoadedBag, ...] = ()


class ListedPiece(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel on a list that travels. state: `seen`, `missing` or `extra` (on no list before)."""

    courier: str
    waybill: str
    state: str


class UnloadedBag(msgspec.Struct, frozen=True, kw_only=True):
    """An empty bag that came to the hub, or did not. state: as of a piece."""

    code: str
    state: str


class VanUnloaded(Body, frozen=True, kw_only=True):
    """The hub took from the van what a station's list says, counted against it. Entity: the list.

    pieces, bags: the whole list with what was missing, and what was there and stood on no list.
    Its produce is weighed by itself. Private: who handed it over.
    """

    KIND: ClassVar[str] = "van.unloaded"
    PRIVATE: ClassVar[type[Private] | None] = LoadDriver
    pieces: tuple[ListedPiece, ...]
    bags: tuple[UnloadedBag, ...]
    day: str


class CourierRoundCounted(Body, frozen=True, kw_only=True):
    """A courier brought parcels to the hub, counted against what was announced of that courier.

    Told to the hub's own station. number: of its list there; announced: how many were still to
    come; pieces: all of them, and what nobody announced. Private: who handed them over.
    """

    KIND: ClassVar[str] = "courier_round.counted"
    PRIVATE: ClassVar[type[Private] | None] = LoadDriver
    number: int
    courier: str
    announced: int
    pieces: tuple[ListedPiece, ...]
    day: str


class VillageLoadLeft(Body, frozen=True, kw_only=True):
    """A township sent a village its parcels, sorted, in a closed bag, on a list of its own.

    station: of the village; code: on the tag of the bag; seal: number, "" for none.
    """

    KIND: ClassVar[str] = "village_load.left"
    PRIVATE: ClassVar[type[Private] | None] = LoadDriver
    number: int
    station: str
    code: str
    seal: str
    pieces: tuple[LoadedPiece, ...]
    day: str


FACTS: tuple[type[Body], ...] = (
    VanLoaded,
    VanLoadedWithBags,
    VanUnloaded,
    CourierRoundCounted,
    VillageLoadLeft,
)
FROM_COUNTY: tuple[type[Body], ...] = (VanUnloaded, CourierRoundCounted)
