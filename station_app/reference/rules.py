"""How the county's words fold: the latest description of a key holds.

Reference facts of one code are joined by that code, so that a row has one state however often it
was published, and whichever of the publications arrived first.
"""

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Columns, EntityKind
from station_app.reference.billers import BILLER
from station_app.reference.brands import BRAND_LICENCE
from station_app.reference.couriers import COURIER
from station_app.reference.facts import (
    CountyKeyAnnounced,
    CountyKeyTakenUp,
    DeviceEnrolled,
    DeviceKeyAsked,
    PinAnswered,
    StationDescribed,
)
from station_app.reference.goods import PRODUCE, PRODUCT, SCALE_LABEL
from station_app.reference.order_terms import ORDER_TERMS
from station_app.reference.platforms import PLATFORM
from station_app.reference.produce import PRODUCE_RULE, PRODUCE_TERMS
from station_app.reference.purchasing_account import PURCHASING_ACCOUNT
from station_app.reference.settings import SETTING
from station_app.reference.zones import SENDING_ZONE


class Station(msgspec.Struct, frozen=True, kw_only=True):
    """A station as last described."""

    code: str
    name: str
    level: str
    parent: str
    township: str
    village: str
    status: str
    shelves: int
    layers: int
    places: int
    phone: str
    since: str


class Device(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A PC of a station.

    former: the keys that spoke for it before it renewed them; asked_on: the day on which the
    county asked it to renew the present one, "" for never.
    """

    station: str
    device: str
    slot: int
    public_key: str
    since: str
    former: tuple[str, ...] = ()
    asked_on: str = ""


class CountyKey(msgspec.Struct, frozen=True, kw_only=True):
    """A signing key of the county.

    public_key: "" while only its taking up is known; is_taken_up: 1 if it ever signed.
    """

    number: int
    public_key: str
    is_taken_up: int


def fold_station(_state: Station | None, told: Told) -> Station:
    """Take the newer description of a station whole."""
    body: StationDescribed = told.body
    return Station(
        code=body.code,
        name=body.name,
        level=body.level,
        parent=body.parent,
        township=body.township,
        village=body.village,
        status=body.status,
        shelves=body.shelves,
        layers=body.layers,
        places=body.places,
        phone=told.private.phone if told.private else "",
        since=body.day,
    )


def fold_device(state: Device | None, told: Told) -> Device:
    """Take the newer enrolment of a device whole, and remember the keys that it had.

    An answer by phone changes nothing of it.
    """
    body: DeviceEnrolled | DeviceKeyAsked | PinAnswered = told.body
    known = (*state.former, state.public_key) if state else ()
    if isinstance(body, DeviceKeyAsked | PinAnswered):
        was = state or Device(
            station=body.station, device=body.device, slot=0, public_key="", since=body.day
        )
        is_asked = isinstance(body, DeviceKeyAsked)
        return msgspec.structs.replace(was, asked_on=body.day) if is_asked else was
    former = dict.fromkeys(key for key in known if key not in ("", body.public_key))
    return Device(
        station=body.station,
        device=body.device,
        slot=body.slot,
        public_key=body.public_key,
        since=body.day,
        former=tuple(former),
    )


def fold_county_key(state: CountyKey | None, told: Told) -> CountyKey:
    """The first announcement of a number holds: nobody slips another key under it later."""
    body: CountyKeyAnnounced | CountyKeyTakenUp = told.body
    was = state or CountyKey(number=body.number, public_key="", is_taken_up=0)
    if isinstance(body, CountyKeyTakenUp):
        return msgspec.structs.replace(was, is_taken_up=1)
    return was if was.public_key else msgspec.structs.replace(was, public_key=body.public_key)


STATION = EntityKind(
    name="station",
    state=Station,
    facts=(StationDescribed,),
    fold=fold_station,
    natural_key={StationDescribed: lambda told: str(told.body.code)},
    columns=Columns(
        table="stations",
        fields=(
            ("code", "TEXT"),
            ("name", "TEXT"),
            ("level", "TEXT"),
            ("parent", "TEXT"),
            ("township", "TEXT"),
            ("village", "TEXT"),
            ("status", "TEXT"),
            ("shelves", "INTEGER"),
            ("layers", "INTEGER"),
            ("places", "INTEGER"),
        ),
        row=lambda s: (
            s.code,
            s.name,
            s.level,
            s.parent,
            s.township,
            s.village,
            s.status,
            s.shelves,
            s.layers,
            s.places,
        ),
        indexes=(("code",),),
    ),
)

DEVICE = EntityKind(
    name="device",
    state=Device,
    facts=(DeviceEnrolled, DeviceKeyAsked, PinAnswered),
    fold=fold_device,
    natural_key={
        kind: lambda told: f"{told.body.station}/{told.body.device}"
        for kind in (DeviceEnrolled, DeviceKeyAsked, PinAnswered)
    },
    columns=Columns(
        table="devices",
        fields=(
            ("station", "TEXT"),
            ("device", "TEXT"),
            ("slot", "INTEGER"),
            ("public_key", "TEXT"),
        ),
        row=lambda s: (s.station, s.device, s.slot, s.public_key),
    ),
)

COUNTY_KEY = EntityKind(
    name="county_key",
    state=CountyKey,
    facts=(CountyKeyAnnounced, CountyKeyTakenUp),
    fold=fold_county_key,
    natural_key={
        CountyKeyAnnounced: lambda told: str(told.body.number),
        CountyKeyTakenUp: lambda told: str(told.body.number),
    },
)

ENTITIES = (
    STATION,
    COURIER,
    DEVICE,
    COUNTY_KEY,
    PRODUCT,
    PRODUCE,
    SCALE_LABEL,
    ORDER_TERMS,
    BILLER,
    SETTING,
    PLATFORM,
    PURCHASING_ACCOUNT,
    PRODUCE_TERMS,
    PRODUCE_RULE,
    SENDING_ZONE,
    BRAND_LICENCE,
)
