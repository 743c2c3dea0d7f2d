"""Where parcels are found: queries over their table. No query here grows with the years.

Everything at the counter is one look-up by waybill, by person, by label, by code, or a walk over
what is on hand, which is as large as the shelves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from station_app.journal.log import Connection
from station_app.ledger.paid_acts import stream_of_act
from station_app.reference.couriers import CourierRules
from station_app.reference.records import StationRow
from station_app.services.parcels.announcements import ANNOUNCEMENT, Announcement
from station_app.services.parcels.facts import Collector
from station_app.services.parcels.lateness import CLOCK, STAGES, stage_today
from station_app.services.parcels.lateness import stage_of as stage_of
from station_app.services.parcels.places import Code, Layer, Room, practice_room, rest_since
from station_app.services.parcels.visits import (
    ON_HAND,
    PARCEL,
    STATUSES,
    Parcel,
)
from station_app.values.day import days_between

PRACTICE = "practice"  # a name in the table `local` of a journal that is not real
SHELVES_UNKNOWN = (
    4,
    3,
    20,
)  # before the county has described the station, work goes on all the same
FOUND_MAX = 50
VISITS_MAX = 20  # of one waybill; a real one comes twice
NO_DAYS: Mapping[str, str] = {}

_FIELDS = (
    "entity, courier, waybill, person, name, tail, shelf, layer, serial, status, cod_fen, "
    "freight_fen, size, day_in, at_in, device_in, closed_day, closed_by, slip, told_count, "
    "told_day, told_way, told_outcome"
)


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """A parcel in a list; see `visits.Parcel`."""

    parcel: str
    courier: str
    waybill: str
    person: str
    name: str
    tail: str
    shelf: str
    layer: int
    serial: int
    status: str
    cod_fen: int
    freight_fen: int
    size: str
    day_in: str
    at_in: int
    device_in: str
    closed_day: str
    closed_by: str
    slip: int
    told_count: int
    told_day: str
    told_way: str
    told_outcome: str

    @property
    def code(self) -> Code:
        """Return the pickup code."""
        return Code(self.shelf, self.layer, self.serial)

    @property
    def due_fen(self) -> int:
        """Return what is to be collected before it may leave."""
        return self.cod_fen + self.freight_fen

    @property
    def is_on_hand(self) -> bool:
        """Tell whether it stands on a shelf here."""
        return self.status == ON_HAND


@dataclass(frozen=True, slots=True)
class Overdue:
    """A parcel that has been here for long. stage: `clock`, `remind`, `call` or `return`.

    last_day: with `clock`, until when the platform takes back what was ordered.
    """

    row: ParcelRow
    age: int
    stage: str
    last_day: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is, for the tiles. untold: on hand, and nobody has told the receiver yet."""

    on_hand: int
    in_today: int
    out_today: int
    untold: int
    overdue: int
    due_fen: int


# --- One parcel ----------------------------------------------------------------------------------


def root_of(connection: Connection, parcel: str) -> str:
    """Return the visit that an identity has been joined to, itself when it has not."""
    row = connection.execute("SELECT root FROM roots WHERE identity = ?", (parcel,)).fetchone()
    return row[0] if row else parcel


def parcel_state(connection: Connection, parcel: str) -> Parcel | None:
    """Return all that is known of a parcel."""
    row = connection.execute(
        "SELECT data FROM states WHERE kind = ? AND entity = ?",
        (PARCEL.name, root_of(connection, parcel)),
    ).fetchone()
    return msgspec.json.decode(row[0], type=Parcel) if row else None


def parcel_row(connection: Connection, parcel: str) -> ParcelRow | None:
    """Return the row of a parcel."""
    found = _rows(connection, "entity = ?", (root_of(connection, parcel),))
    return found[0] if found else None


def by_prefix(connection: Connection, prefix: str) -> list[ParcelRow]:
    """Return the parcels whose identity begins with these hex digits, as on our own label."""
    rows = _rows(connection, "entity >= ? AND entity < ?", (prefix, prefix + "g"), most=3)
    if rows:
        return rows
    joined = connection.execute(
        "SELECT root FROM roots WHERE identity >= ? AND identity < ? LIMIT 2",
        (prefix, prefix + "g"),
    ).fetchall()
    return [row for (root,) in joined for row in _rows(connection, "entity = ?", (root,))]


def by_waybill(connection: Connection, waybill: str) -> list[ParcelRow]:
    """Return all visits of a waybill, what is on hand first, then the latest."""
    rows = _rows(connection, "waybill = ?", (waybill,), most=VISITS_MAX)
    return sorted(rows, key=lambda r: (r.is_on_hand, r.day_in, r.at_in), reverse=True)


def by_code(connection: Connection, code: Code) -> list[ParcelRow]:
    """Return the parcels on hand that bear a pickup code: one, or two after a mishap."""
    return _rows(
        connection,
        "status = ? AND shelf = ? AND layer = ? AND serial = ?",
        (ON_HAND, code.shelf, code.layer, code.serial),
    )


def visits_of(connection: Connection, waybill: str) -> list[tuple[str, Parcel]]:
    """Return every visit of a waybill with its state; none for a parcel without a number."""
    if not waybill:
        return []
    found = [
        (row.parcel, parcel_state(connection, row.parcel))
        for row in by_waybill(connection, waybill)
    ]
    return [(parcel, state) for parcel, state in found if state is not None]


def announcement(connection: Connection, waybill: str, station: str) -> Announcement | None:
    """Return what the county said of a waybill, rather for this station than for another one."""
    if not waybill:
        return None
    rows = connection.execute(
        "SELECT entity, station FROM announcements WHERE waybill = ? ORDER BY since, entity",
        (waybill,),
    ).fetchall()
    if not rows:
        return None
    entity = max(rows, key=lambda row: row[1] == station)[0]
    data = connection.execute(
        "SELECT data FROM states WHERE kind = ? AND entity = ?", (ANNOUNCEMENT.name, entity)
    ).fetchone()[0]
    return msgspec.json.decode(data, type=Announcement)


# --- Parcels of somebody -------------------------------------------------------------------------


def on_hand_of(connection: Connection, persons: Sequence[str]) -> list[ParcelRow]:
    """Return what is on hand for these persons, by code."""
    rows: list[ParcelRow] = []
    for person in dict.fromkeys(persons):
        rows += _rows(connection, "person = ? AND status = ?", (person, ON_HAND))
    return sorted(rows, key=_by_code)


def on_hand_for_label(connection: Connection, tail: str, name: str = "") -> list[ParcelRow]:
    """Return what is on hand for a label that nobody was found for: by tail, perhaps by name."""
    if name:
        where = "tail = ? AND name = ? AND status = ? AND person = ''"
        return sorted(_rows(connection, where, (tail, name, ON_HAND)), key=_by_code)
    where = "tail = ? AND status = ? AND person = ''"
    return sorted(_rows(connection, where, (tail, ON_HAND)), key=_by_code) if tail else []


def history_of(connection: Connection, persons: Sequence[str], most: int) -> list[ParcelRow]:
    """Return the newest parcels of a person, on hand or not."""
    rows: list[ParcelRow] = []
    for person in dict.fromkeys(persons):
        for status in STATUSES:
            rows += _rows(
                connection,
                "person = ? AND status = ? ORDER BY day_in DESC",
                (person, status),
                most=most,
            )
    return sorted(rows, key=lambda r: (r.day_in, r.at_in), reverse=True)[:most]


def facts_about(connection: Connection, persons: Sequence[str]) -> tuple[str, ...]:
    """Return facts whose private part speaks of a parcel of one of these persons: erased with her.

    That is its label, what was broken, who took it for her and how it was signed for. So is what
    the county announced of such a label, when it did not know yet whose it is.
    """
    found: list[str] = []
    for person in persons:
        rows = connection.execute(
            "SELECT o.identity FROM parcels p JOIN folds o ON o.root = p.entity "
            "JOIN privates r ON r.identity = o.identity WHERE p.person = ?1 "
            "UNION ALL SELECT o.identity FROM parcels p JOIN announcements a "
            "ON a.waybill = p.waybill JOIN folds o ON o.root = a.entity "
            "JOIN privates r ON r.identity = o.identity "
            "WHERE p.person = ?1 AND p.waybill != ''",
            (person,),
        ).fetchall()
        found += [row[0] for row in rows]
    return tuple(sorted(set(found)))


def waybills_on_hand(connection: Connection) -> frozenset[str]:
    """Return the numbers of all that stands on the shelves: a whole sheet is compared."""
    rows = connection.execute(
        "SELECT waybill FROM parcels WHERE status = ? AND waybill != ''", (ON_HAND,)
    ).fetchall()
    return frozenset(row[0] for row in rows)


# --- Shelves -------------------------------------------------------------------------------------


def room(connection: Connection, station: StationRow | None) -> Room:
    """Return the shelves of the station with what stands on them."""
    rows = connection.execute(
        "SELECT shelf, layer, count(*) FROM parcels WHERE status = ? GROUP BY shelf, layer",
        (ON_HAND,),
    ).fetchall()
    counts = {Layer(shelf, layer): count for shelf, layer, count in rows}
    if connection.execute("SELECT 1 FROM local WHERE name = ?", (PRACTICE,)).fetchone():
        return practice_room(counts)
    shelves, layers, places = SHELVES_UNKNOWN
    counted = connection.execute(
        "SELECT shelves, layers, places FROM shelves_arranged WHERE station = ?",
        (station.code if station is not None else "",),
    ).fetchone()
    if counted is not None:
        shelves, layers, places = counted
    elif station is not None and station.shelves and station.layers and station.places:
        shelves, layers, places = station.shelves, station.layers, station.places
    return Room(shelves, layers, places, counts)


def taken(connection: Connection, layer: Layer, day: str) -> frozenset[int]:
    """Return the serials of a layer that may not be given on `day`: on hand, or still resting."""
    rows = connection.execute(
        "SELECT serial FROM parcels WHERE status = ?1 AND shelf = ?2 AND layer = ?3 "
        "UNION SELECT serial FROM codes_used WHERE shelf = ?2 AND layer = ?3 AND day >= ?4",
        (ON_HAND, layer.shelf, layer.number, rest_since(day)),
    ).fetchall()
    return frozenset(row[0] for row in rows)


def layers_of(rows: Iterable[ParcelRow]) -> Mapping[Layer, int]:
    """Return on which layers these parcels stand, and how many on each."""
    found: dict[Layer, int] = {}
    for row in rows:
        layer = Layer(row.shelf, row.layer)
        found[layer] = found.get(layer, 0) + 1
    return found


# --- Lists ---------------------------------------------------------------------------------------


def on_hand(connection: Connection) -> list[ParcelRow]:
    """Return everything on the shelves, by code."""
    return sorted(_rows(connection, "status = ?", (ON_HAND,)), key=_by_code)


def with_status(connection: Connection, statuses: Sequence[str]) -> list[ParcelRow]:
    """Return the parcels that are in one of these states, by code."""
    rows = [row for status in statuses for row in _rows(connection, "status = ?", (status,))]
    return sorted(rows, key=_by_code)


def on_layer(connection: Connection, layer: Layer) -> list[ParcelRow]:
    """Return what stands on one layer, by serial."""
    where = "status = ? AND shelf = ? AND layer = ?"
    return sorted(_rows(connection, where, (ON_HAND, layer.shelf, layer.number)), key=_by_code)


def overdue(
    connection: Connection,
    today: str,
    couriers: Iterable[CourierRules],
    last_days: Mapping[str, str] = NO_DAYS,
) -> list[Overdue]:
    """Return what has been here for long by its courier's days, the most urgent first.

    last_days: until when a platform takes back what was ordered, by waybill. Three days before
    that it moves to the top, since afterwards nobody takes it back.
    """
    rules = {courier.code: courier for courier in couriers}
    found = [
        Overdue(row, days_between(row.day_in, today), stage, last_day)
        for row in on_hand(connection)
        for stage, last_day in [stage_today(row, today, rules.get(row.courier), last_days)]
        if stage
    ]
    return sorted(found, key=_by_urgency)


def _by_urgency(one: Overdue) -> tuple[int, str, int, tuple[str, int, int]]:
    stages = (CLOCK, *STAGES)
    return stages.index(one.stage), one.last_day, -one.age, _by_code(one.row)


def counts(
    connection: Connection,
    today: str,
    couriers: Iterable[CourierRules],
    last_days: Mapping[str, str] = NO_DAYS,
) -> Counts:
    """Return the figures of the tiles."""
    standing = on_hand(connection)
    rules = {courier.code: courier for courier in couriers}
    came = connection.execute("SELECT count(*) FROM parcels WHERE day_in = ?", (today,)).fetchone()
    left = connection.execute(
        "SELECT count(*) FROM parcels WHERE closed_day = ?", (today,)
    ).fetchone()
    return Counts(
        on_hand=len(standing),
        in_today=came[0],
        out_today=left[0],
        untold=sum(1 for row in standing if not row.told_count),
        overdue=sum(
            1 for row in standing if stage_today(row, today, rules.get(row.courier), last_days)[0]
        ),
        due_fen=sum(row.due_fen for row in standing),
    )


def recent_intake(
    connection: Connection, day: str, *, since: int = 0, device: str = "", most: int = FOUND_MAX
) -> list[ParcelRow]:
    """Return what came in on a day, the newest first; `since` (ms) and `device` narrow it."""
    where = "day_in = ? AND at_in >= ? AND (? = '' OR device_in = ?)"
    return _rows(
        connection,
        f"{where} ORDER BY at_in DESC, entity",
        (day, since, device, device),
        most=most,
    )


def starts_with(connection: Connection, waybill: str, most: int = FOUND_MAX) -> list[ParcelRow]:
    """Return the parcels whose waybill begins so, what is on hand first."""
    rows = _rows(connection, "waybill >= ? AND waybill < ?", (waybill, waybill + "~"), most=most)
    return sorted(rows, key=lambda r: (not r.is_on_hand, r.waybill))


# --- Facts behind the rows -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact as papers and words need it. subject: its entity, or itself if it founds one."""

    stream: str
    kind: str
    subject: str
    at: int
    by: str
    body: bytes
    identity: str


_FACT = (
    "f.stream, f.kind, coalesce(nullif(f.entity, ''), f.identity), f.at, f.by_, f.body, f.identity"
)


def fact(connection: Connection, identity: str) -> FactRow | None:
    """Return one fact."""
    row = connection.execute(
        f"SELECT {_FACT} FROM facts f WHERE f.identity = ?",  # noqa: S608 - our own columns
        (identity,),
    ).fetchone()
    return FactRow(*row) if row else None


def relation_of(connection: Connection, identity: str) -> str:
    """Return how whoever took a parcel stands to its receiver, "" for herself or once erased."""
    row = connection.execute("SELECT part FROM privates WHERE identity = ?", (identity,)).fetchone()
    return msgspec.json.decode(bytes(row[0]), type=Collector).relation if row and row[0] else ""


def facts_of_act(connection: Connection, act: str) -> list[FactRow]:
    """Return the facts of an act of this PC or a sibling, in order; none for one not recorded."""
    return facts_in(connection, stream_of_act(connection, act), act)


def facts_in(connection: Connection, stream: str, act: str) -> list[FactRow]:
    """Return the facts of an act of a stream, in order."""
    rows = connection.execute(
        f"SELECT {_FACT} FROM facts f "  # noqa: S608 - our own columns
        "WHERE f.stream = ? AND f.act = ? ORDER BY f.seq",
        (stream, act),
    ).fetchall()
    return [FactRow(*row) for row in rows]


def act_of(connection: Connection, row: ParcelRow) -> str:
    """Return the act in which a parcel was shelved, "" when its founding fact is missing."""
    found = connection.execute("SELECT act FROM facts WHERE identity = ?", (row.parcel,)).fetchone()
    return found[0] if found else ""


def handed_over_in(connection: Connection, act: str) -> list[ParcelRow]:
    """Return the parcels that an act of this PC handed over, by code; none if it was undone."""
    found = [
        parcel_row(connection, one.subject)
        for one in facts_of_act(connection, act)
        if one.kind == "parcel.handed_over"
    ]
    return sorted((row for row in found if row and not row.is_on_hand), key=_by_code)


def courier_choice(connection: Connection, shape: str) -> str:
    """Return which courier the operator last named for waybills of this shape, "" for none."""
    row = connection.execute(
        "SELECT courier FROM courier_choices WHERE shape = ?", (shape,)
    ).fetchone()
    return row[0] if row else ""


def _by_code(row: ParcelRow) -> tuple[Any, ...]:
    return (len(row.shelf), row.shelf, row.layer, row.serial, row.parcel)


def _rows(
    connection: Connection, where: str, parameters: Sequence[Any], most: int = 0
) -> list[ParcelRow]:
    limit = " LIMIT ?" if most else ""
    rows = connection.execute(
        f"SELECT {_FIELDS} FROM parcels WHERE {where}{limit}",  # noqa: S608 - our own words
        (*parameters, most) if most else tuple(parameters),
    ).fetchall()
    return [ParcelRow(*row) for row in rows]
