"""What the county has sent down, as the rest of the station asks for it.

The tables are made by the fold (`reference.rules`); here are the queries. A station of before its
first contact has none of it, and everything here answers with nothing rather than failing.
"""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from station_app.journal.log import Connection
from station_app.journal.rulings import REVOKED
from station_app.reference.couriers import COURIER, Courier, CourierRules, pattern_of, rules_on
from station_app.reference.rules import COUNTY_KEY, DEVICE, CountyKey, Device
from station_app.reference.settings import SETTING, Setting, SetValue
from station_app.values.day import local_day
from station_app.values.texts import Texts
from station_app.values.waybills import CourierPattern

STATIONS_MAX = 20  # of those that fit what was typed: one more sign shortens the list
SHORT_NAME_CHARACTERS = 2  # 中通快递 → 中通: every courier is known by its first two characters


@dataclass(frozen=True, slots=True)
class StationRow:
    """A station as last described; see `facts.StationDescribed`."""

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


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose a paper is: the station's name, and a small line that says where it is and its code."""

    station: str
    address: str


@dataclass(frozen=True, slots=True)
class CourierRow:
    """A courier by name, which holds on every day; see `facts.CourierPublished`."""

    code: str
    name: str
    initial: str

    @property
    def short_name(self) -> str:
        """Return the name as labels and lists have room for it: 中通."""
        return self.name[:SHORT_NAME_CHARACTERS]


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A PC of a station; slot: see `facts.DeviceEnrolled`."""

    station: str
    device: str
    slot: int
    public_key: str


def station(connection: Connection, code: str) -> StationRow | None:
    """Return the station with this code, None while the county has not described it."""
    row = connection.execute(
        "SELECT code, name, level, parent, township, village, status, shelves, layers, places "
        "FROM stations WHERE code = ?",
        (code,),
    ).fetchone()
    return StationRow(*row) if row else None


def letterhead(connection: Connection, code: str, texts: Texts) -> Letterhead:
    """Return what stands on top of a station's papers; its code while it is not described."""
    row = station(connection, code)
    place = f"{row.township}{row.village}" if row else ""
    address = texts.say("printing.top.where", place=place, code=code).strip()
    return Letterhead(row.name if row else code, address)


def is_township(code: str) -> Callable[[Connection], bool]:
    """Return what tells whether a station passes parcels on to villages of its own."""

    def look(connection: Connection) -> bool:
        row = station(connection, code)
        return row is not None and row.level == "township"

    return look


def stations_below(connection: Connection, parent: str) -> tuple[StationRow, ...]:
    """Return the stations that belong to another one, by code."""
    rows = connection.execute(
        "SELECT code, name, level, parent, township, village, status, shelves, layers, places "
        "FROM stations WHERE parent = ? ORDER BY code",
        (parent,),
    ).fetchall()
    return tuple(StationRow(*row) for row in rows)


def stations_called(connection: Connection, typed: str) -> tuple[StationRow, ...]:
    """Return the village stations whose name or code holds what was typed, by code."""
    rows = connection.execute(
        "SELECT code, name, level, parent, township, village, status, shelves, layers, places "
        "FROM stations WHERE level = 'village' AND (instr(name, ?1) OR instr(code, upper(?1))) "
        "ORDER BY code LIMIT ?2",
        (typed, STATIONS_MAX),
    ).fetchall()
    return tuple(StationRow(*row) for row in rows)


def couriers(connection: Connection) -> tuple[CourierRow, ...]:
    """Return all couriers by name, in the order in which their patterns are asked."""
    rows = connection.execute(
        "SELECT code, name, initial FROM couriers ORDER BY priority, code"
    ).fetchall()
    return tuple(CourierRow(*row) for row in rows)


def courier(connection: Connection, code: str) -> CourierRow | None:
    """Return the courier with this code, or None."""
    row = connection.execute(
        "SELECT code, name, initial FROM couriers WHERE code = ?", (code,)
    ).fetchone()
    return CourierRow(*row) if row else None


def courier_rules(connection: Connection, day: str) -> tuple[CourierRules, ...]:
    """Return what holds of all couriers on a day, in the order in which they are asked."""
    rows = connection.execute("SELECT data FROM states WHERE kind = ?", (COURIER.name,)).fetchall()
    found = [rules_on(_courier.decode(bytes(row[0])), day) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.priority, one.code)))


def patterns(connection: Connection, day: str) -> tuple[CourierPattern, ...]:
    """Return how the waybills of all couriers look on a day, for `values.codes.recognise`."""
    return tuple(pattern_of(row) for row in courier_rules(connection, day))


def patterns_on(day: str) -> Callable[[Connection], tuple[CourierPattern, ...]]:
    """Return what reads the patterns of a day."""
    return lambda connection: patterns(connection, day)


def living_devices(connection: Connection, of_station: str) -> tuple[DeviceRow, ...]:
    """Return the PCs of a station that were not cut off: those that give codes and numbers."""
    cut_off = {
        str(row[0])
        for row in connection.execute("SELECT name FROM rulings WHERE what = ?", (REVOKED,))
    }
    return tuple(
        row
        for row in devices(connection, of_station)
        if f"{row.station}/{row.device}" not in cut_off
    )


def devices(connection: Connection, of_station: str) -> tuple[DeviceRow, ...]:
    """Return the PCs of a station that the county has enrolled, by name."""
    rows = connection.execute(
        "SELECT station, device, slot, public_key FROM devices WHERE station = ? ORDER BY device",
        (of_station,),
    ).fetchall()
    return tuple(DeviceRow(*row) for row in rows)


def keys_of_devices(connection: Connection, of_station: str) -> tuple[Device, ...]:
    """Return the PCs of a station with the keys that they had before, by name."""
    rows = connection.execute("SELECT data FROM states WHERE kind = ?", (DEVICE.name,))
    found = (_device.decode(bytes(row[0])) for row in rows.fetchall())
    mine = [one for one in found if one.station == of_station and one.public_key]
    return tuple(sorted(mine, key=lambda one: one.device))


def county_keys(connection: Connection) -> tuple[CountyKey, ...]:
    """Return the signing keys that the county has told of, by number; none before the second."""
    rows = connection.execute("SELECT data FROM states WHERE kind = ?", (COUNTY_KEY.name,))
    found = (_county_key.decode(bytes(row[0])) for row in rows.fetchall())
    return tuple(sorted(found, key=lambda one: one.number))


def day_known(connection: Connection) -> str:
    """Return the local day of the newest fact that stands here: at least that day it is."""
    row = connection.execute(
        "SELECT max(f.at) FROM streams s JOIN facts f ON f.stream = s.stream AND f.seq = s.length"
    ).fetchone()
    return local_day(int(row[0] or 0))


_courier = msgspec.json.Decoder(Courier)
_set_value = msgspec.json.Decoder(SetValue).decode
_device = msgspec.json.Decoder(Device)
_county_key = msgspec.json.Decoder(CountyKey)


def read_setting(connection: Connection, setting: Setting, station: str, day: str) -> str:
    """Return what holds at a station on a day: its own, else that of all, else the default."""
    rows = connection.execute(
        "SELECT s.data FROM counter_settings c JOIN states s ON s.kind = ? "
        "AND s.entity = c.entity WHERE c.name = ? AND c.station IN ('', ?)",
        (SETTING.name, setting.name, station),
    ).fetchall()
    said = [_set_value(bytes(row[0])) for row in rows]
    values = {
        one.station: value
        for one in said
        if (value := one.on(day)) is not None and setting.fits(value)
    }
    return values.get(station, values.get("", setting.default))
