"""What the county says to its stations: who they are, which couriers there are, which PCs belong.

A station applies only kinds that its vocabulary lists as the county's, and shows with everything
that came down the day since which it holds.
"""

from typing import ClassVar

from station_app.journal.fact import Body, Private


class StationContact(Private, frozen=True, kw_only=True):
    """How to reach the station: a person's phone."""

    phone: str = ""


class StationDescribed(Body, frozen=True, kw_only=True):
    """A station as the county registers it. The latest description holds; key: `code`.

    level: county, hub, township or village; status: active, inactive_watch or closed.
    shelves: how many shelves it has (A, B, …), layers: per shelf, places: per layer.
    """

    KIND: ClassVar[str] = "station.described"
    PRIVATE: ClassVar[type[Private] | None] = StationContact
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
    day: str


class CourierPublished(Body, frozen=True, kw_only=True):
    """A courier company and how its waybills look. The latest version holds; key: `code`.

    pattern: regular expression for the whole waybill; example: one that it matches; priority:
    lower is asked first; must_confirm: 1 if the operator must name the company each time.
    remind_days, call_days, return_days: after how many days a parcel asks for each.
    """

    KIND: ClassVar[str] = "courier.published"
    code: str
    name: str
    initial: str
    pattern: str
    example: str
    priority: int
    must_confirm: int
    remind_days: int
    call_days: int
    return_days: int
    day: str


class DeviceEnrolled(Body, frozen=True, kw_only=True):
    """A PC belongs to a station from now on: its key speaks for it.

    Said once more of the same PC with another key it means: that PC has renewed its key, and the
    former one speaks no more (what it signed before stays signed).

    device: "D1", …, unique in the station for ever; slot: 0-7, never two living PCs in one;
    public_key: Ed25519, 64 hex digits.
    """

    KIND: ClassVar[str] = "device.enrolled"
    REVERSIBLE: ClassVar[bool] = False
    station: str
    device: str
    slot: int
    public_key: str
    day: str


class CountyKeyAnnounced(Body, frozen=True, kw_only=True):
    """The county has a signing key of this number, and may sign with it some day.

    Whoever believes the key that signed this believes that one, too. number: from 1, which is the
    key that the county was made with; public_key: Ed25519, 64 hex digits.
    """

    KIND: ClassVar[str] = "county_key.announced"
    REVERSIBLE: ClassVar[bool] = False
    number: int
    public_key: str
    day: str


class CountyKeyTakenUp(Body, frozen=True, kw_only=True):
    """From now on the county signs with the key of this number; lower ones sign nothing new."""

    KIND: ClassVar[str] = "county_key.taken_up"
    REVERSIBLE: ClassVar[bool] = False
    number: int
    day: str


class DeviceKeyAsked(Body, frozen=True, kw_only=True):
    """The county asks a PC of a station to renew its key, as soon as it hears of it."""

    KIND: ClassVar[str] = "device_key.asked"
    REVERSIBLE: ClassVar[bool] = False
    station: str
    device: str
    day: str


FROM_COUNTY: tuple[type[Body], ...] = (
    StationDescribed,
    CourierPublished,
    DeviceEnrolled,
    CountyKeyAnnounced,
    CountyKeyTakenUp,
    DeviceKeyAsked,
)
