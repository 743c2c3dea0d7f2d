"""What can be said about the load of a van: what it takes along on its way back, or to a village.

A list of a round that came stands in `facts.ManifestClosed`; these two found lists of what goes.
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


FACTS: tuple[type[Body], ...] = (VanLoaded, VillageLoadLeft)
