"""What can be said when a station, or what lies in it, passes into other hands (交站)."""

from typing import ClassVar

import msgspec

from station_app.journal.fact import Body, Private


class HandingOnWords(Private, frozen=True, kw_only=True):
    """Who takes it over where no operator's identity says so, where to, and what else was said."""

    taker: str = ""
    place: str = ""
    remark: str = ""


class HandedKey(msgspec.Struct, frozen=True, kw_only=True):
    """Keys of one kind: `door`, `cabinet`, `drawer` or `safe`."""

    kind: str
    count: int


class OpenWork(msgspec.Struct, frozen=True, kw_only=True):
    """Work that is open and goes along. page: what its page is called, as a key of the texts."""

    page: str
    count: int


class StationHandedOn(Body, frozen=True, kw_only=True):
    """Keys, float and open work were handed on, one list of them signed by both.

    reason: `operator_leaves`, `moves`, `merges` or `closes`; leaving, taker: identities of
    operators, "" for none; to_station: code, of the station that takes over, of the county's centre
    when the station closes; number: on the paper; float_fen: in the drawer of this PC; forwarded:
    parcels that were sent on in this act; is_alone: 1 when nobody here could sign for the others.
    """

    KIND: ClassVar[str] = "station.handed_on"
    PRIVATE: ClassVar[type[Private] | None] = HandingOnWords
    reason: str
    number: int
    leaving: str
    taker: str
    to_station: str
    keys: tuple[HandedKey, ...]
    float_fen: int
    work: tuple[OpenWork, ...]
    forwarded: int
    is_alone: int
    day: str


FACTS: tuple[type[Body], ...] = (StationHandedOn,)
