"""How the county's words fold: the latest description of a key holds.

Reference facts of one code are joined by that code, so that a row has one state however often it
was published, and whichever of the publications arrived first.
"""

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Columns, EntityKind
from station_app.reference.facts import (
    CourierPublished,
    DeviceEnrolled,
    PinAnswered,
    StationDescribed,
)
from station_app.reference.goods import PRODUCE, PRODUCT, SCALE_LABEL


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


class Courier(msgspec.Struct, frozen=True, kw_only=True):
    """A courier company as last published."""

    code: str
    name: str
    initial: str
    pattern: str
    priority: int
    must_confirm: int
    remind_days: int
    call_days: int
    return_days: int
    since: str


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """A PC of a station."""

    station: str
    device: str
    slot: int
    public_key: str
    since: str


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


def fold_courier(_state: Courier | None, told: Told) -> Courier:
    """Take the newer publication of a courier whole."""
    body: CourierPublished = told.body
    return Courier(
        code=body.code,
        name=body.name,
        initial=body.initial,
        pattern=body.pattern,
        priority=body.priority,
        must_confirm=body.must_confirm,
        remind_days=body.remind_days,
        call_days=body.call_days,
        return_days=body.return_days,
        since=body.day,
    )


def fold_device(state: Device | None, told: Told) -> Device:
    """Take the newer enrolment of a device whole; an answer by phone changes nothing of it."""
    if isinstance(told.body, PinAnswered):
        body = told.body
        nobody = Device(
            station=body.station, device=body.device, slot=0, public_key="", since=body.day
        )
        return state or nobody
    enrolled: DeviceEnrolled = told.body
    return Device(
        station=enrolled.station,
        device=enrolled.device,
        slot=enrolled.slot,
        public_key=enrolled.public_key,
        since=enrolled.day,
    )


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

COURIER = EntityKind(
    name="courier",
    state=Courier,
    facts=(CourierPublished,),
    fold=fold_courier,
    natural_key={CourierPublished: lambda told: str(told.body.code)},
    columns=Columns(
        table="couriers",
        fields=(
            ("code", "TEXT"),
            ("name", "TEXT"),
            ("initial", "TEXT"),
            ("pattern", "TEXT"),
            ("priority", "INTEGER"),
            ("must_confirm", "INTEGER"),
            ("remind_days", "INTEGER"),
            ("call_days", "INTEGER"),
            ("return_days", "INTEGER"),
        ),
        row=lambda s: (
            s.code,
            s.name,
            s.initial,
            s.pattern,
            s.priority,
            s.must_confirm,
            s.remind_days,
            s.call_days,
            s.return_days,
        ),
        indexes=(("code",),),
    ),
)

DEVICE = EntityKind(
    name="device",
    state=Device,
    facts=(DeviceEnrolled, PinAnswered),
    fold=fold_device,
    natural_key={
        kind: lambda told: f"{told.body.station}/{told.body.device}"
        for kind in (DeviceEnrolled, PinAnswered)
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

ENTITIES = (STATION, COURIER, DEVICE, PRODUCT, PRODUCE, SCALE_LABEL)
