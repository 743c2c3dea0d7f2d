"""The sheets of stations and of couriers: one row is one description.

Stations form a tree below one county. Patterns of waybills run at every counter at every scan, so
they are held to the small language that never runs long, and to the example in their own row.
"""

import re
from collections.abc import Mapping

from county_server.sheets import Row
from station_app.reference.facts import CourierPublished, DatedCourierPublished, StationDescribed
from station_app.reference.rules import Station
from station_app.services.parcels.places import SHELVES_MAX
from station_app.values.waybills import CourierPattern, fits, is_usable

STATION_COLUMNS = (
    "station_code",
    "level",
    "parent_code",
    "township_name",
    "village_name",
    "station_name",
    "shelf_count",
    "status",
)
COURIER_COLUMNS = (
    "courier_code",
    "name",
    "initial",
    "waybill_regex",
    "example_waybill",
    "match_priority",
    "operator_must_confirm",
)
LEVELS = {"county": 0, "hub": 1, "township": 1, "village": 2}  # a parent stands higher: no circles
STATUSES = ("active", "inactive_watch", "closed")
LAYERS = 4  # of a shelf as they are sold; a station that built others says so in its settings
PLACES = 20  # parcels on a layer of 1.2 m; only the proposal of a place depends on it
REMIND_DAYS, CALL_DAYS, RETURN_DAYS = 3, 5, 7  # what couriers' contracts commonly say
DAYS_MAX = 60
NAME_MAX = 40  # characters: what the head of a slip holds in two lines
PRIORITY_MAX = 9999
STATION_CODE = re.compile(r"[A-Z]{2}[0-9]{4}", re.ASCII)
COURIER_CODE = re.compile(r"[A-Z][A-Z0-9]{1,15}", re.ASCII)
_INITIAL = re.compile(r"[A-Z]", re.ASCII)


def read_station(row: Row, day: str) -> StationDescribed:
    """Return the description that a row gives; what cannot be is noted in the row."""
    level = row.one_of("level", LEVELS)
    is_local = level in ("township", "village")
    return StationDescribed(
        code=row.matching("station_code", STATION_CODE, "NX0601"),
        name=row.text("station_name", most=NAME_MAX),
        level=level,
        parent=row.cell("parent_code"),
        township=row.text("township_name", most=NAME_MAX, needed=is_local),
        village=row.text("village_name", most=NAME_MAX, needed=level == "village"),
        status=row.one_of("status", STATUSES),
        shelves=row.number("shelf_count", 0, SHELVES_MAX),
        layers=LAYERS,
        places=PLACES,
        day=day,
    )


def judge_parents(
    rows: Mapping[str, Row],
    described: Mapping[str, StationDescribed],
    every: Mapping[str, StationDescribed | Station],
) -> None:
    """Note who hangs below nobody, below an equal, or stands beside the county itself."""
    counties = sorted(code for code, one in every.items() if one.level == "county")
    for code, station in described.items():
        row, parent = rows[code], every.get(station.parent)
        if station.level == "county":
            if station.parent:
                row.note("parent_code", "COUNTY_HAS_PARENT", "the county stands at the top")
            if code != counties[0]:
                first = counties[0]
                row.note("level", "SECOND_COUNTY", f"{first} is the county already", first=first)
        elif parent is None:
            detail = f"no station {station.parent!r}"
            row.note("parent_code", "NO_SUCH_PARENT", detail, found=station.parent)
        elif LEVELS[parent.level] >= LEVELS[station.level]:
            detail = f"{station.parent} is a {parent.level}, below it is no {station.level}"
            row.note("parent_code", "PARENT_TOO_LOW", detail, found=station.parent)


def read_courier(row: Row, day: str) -> CourierPublished:
    """Return the publication that a row gives; what cannot be is noted in the row."""
    courier = CourierPublished(
        code=row.matching("courier_code", COURIER_CODE, "ZTO"),
        name=row.text("name", most=NAME_MAX),
        initial=row.matching("initial", _INITIAL, "Z"),
        pattern=row.cell("waybill_regex"),
        example=row.cell("example_waybill"),
        priority=row.number("match_priority", 0, PRIORITY_MAX),
        must_confirm=row.number("operator_must_confirm", 0, 1),
        remind_days=row.number("remind_days", 1, DAYS_MAX, REMIND_DAYS),
        call_days=row.number("call_days", 1, DAYS_MAX, CALL_DAYS),
        return_days=row.number("return_days", 1, DAYS_MAX, RETURN_DAYS),
        day=day,
    )
    _judge_pattern(row, courier)
    if not courier.remind_days <= courier.call_days <= courier.return_days:
        days = f"{courier.remind_days}, {courier.call_days}, {courier.return_days}"
        row.note("return_days", "DAYS_OUT_OF_ORDER", f"{days} do not rise", days=days)
    return row.dated(courier, DatedCourierPublished)


def _judge_pattern(row: Row, courier: CourierPublished) -> None:
    """Note a pattern that does not compile, may run long, or does not know its own example."""
    column, pattern = "waybill_regex", courier.pattern
    if not pattern:
        row.note(column, "MISSING", "the cell is empty")
        return
    try:
        re.compile(pattern, re.ASCII)
    except (re.error, OverflowError) as problem:
        row.note(column, "PATTERN_BROKEN", f"does not compile: {problem}")
        return
    if not is_usable(pattern):
        row.note(column, "PATTERN_TOO_FREE", "outside the small language, or may run long")
    elif not fits(_pattern_of(courier), courier.example):
        detail = f"does not match its example {courier.example!r}"
        row.note(column, "PATTERN_MISSES_EXAMPLE", detail, example=courier.example)


def _pattern_of(courier: CourierPublished) -> CourierPattern:
    return CourierPattern(
        code=courier.code,
        name=courier.name,
        initial=courier.initial,
        pattern=courier.pattern,
        priority=courier.priority,
        must_confirm=bool(courier.must_confirm),
    )
