"""What is fetched at growers' doors, as the counter looks at it; and what its rules need."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from station_app.journal.log import Connection
from station_app.journal.series import printed_number, take_number
from station_app.ledger.paid_acts import FactRow, fact, facts_of_act
from station_app.reference.goods_records import produce_named
from station_app.reference.register import Register
from station_app.services.farm_pickups.commands import (
    AskFarmPickup,
    CallFarmPickupOff,
    EndFarmPickup,
    JoinVanRun,
)
from station_app.services.farm_pickups.facts import FarmPickupJoinedRun
from station_app.services.farm_pickups.rules import (
    FARM_PICKUP,
    ON_RUN,
    WAITING,
    Asking,
    FarmPickup,
    Joining,
)
from station_app.values.day import add_days
from station_app.values.now import Now
from station_app.values.runs import RUN_SERIES, OpenRun

LIST_MAX = 200
KEPT_DAYS = 7  # how long what is over stays on the list
FOUND_MAX = 8
_pickup = msgspec.json.Decoder(FarmPickup).decode
_ROWS = (
    "SELECT x.entity, s.data FROM farm_pickups x "
    "JOIN states s ON s.kind = 'farm_pickup' AND s.entity = x.entity "
)


@dataclass(frozen=True, slots=True)
class PickupRow:
    """One place as a list shows it. name, phone: hers now, else as was said."""

    pickup: str
    state: FarmPickup
    act: str
    name: str
    phone: str
    produce: str

    @property
    def run(self) -> str:
        """Return the number of its run as it stands on the list, "" for none."""
        known = self.state
        return printed_number(known.run, known.run_stream) if known.run else ""


def pickup_state(connection: Connection, identity: str) -> FarmPickup | None:
    """Return what is known of one place."""
    row = connection.execute(
        "SELECT data FROM states WHERE kind = ? AND entity = ?", (FARM_PICKUP.name, identity)
    ).fetchone()
    return _pickup(row[0]) if row else None


def row_of(connection: Connection, identity: str, people: Register) -> PickupRow | None:
    """Return one place as a line of a list."""
    state = pickup_state(connection, identity)
    return _row(connection, identity, state, people) if state else None


def waiting(connection: Connection, day: str, people: Register) -> tuple[PickupRow, ...]:
    """Return what waits for a run, the earliest first; then what came to its end lately."""
    rows = connection.execute(
        f"{_ROWS} WHERE x.status = ?1 OR (x.closed_day >= ?2 AND x.status NOT IN (?1, ?3)) "
        "ORDER BY x.status != ?1, x.wanted_day, x.entity LIMIT ?4",
        (WAITING, add_days(day, -KEPT_DAYS), ON_RUN, LIST_MAX),
    ).fetchall()
    return _rows(connection, rows, people)


def on_run(connection: Connection, people: Register) -> tuple[PickupRow, ...]:
    """Return what is on the road, run by run."""
    rows = connection.execute(
        f"{_ROWS} WHERE x.status = ? ORDER BY x.run_stream, x.run, x.entity LIMIT ?",
        (ON_RUN, LIST_MAX),
    ).fetchall()
    return _rows(connection, rows, people)


def runs_out(connection: Connection) -> tuple[OpenRun, ...]:
    """Return the lists of which some place is still on the road."""
    rows = connection.execute(
        "SELECT x.run, x.run_stream, count(*), max(x.entity) FROM farm_pickups x "
        "WHERE x.status = ? GROUP BY x.run, x.run_stream ORDER BY max(x.entity)",
        (ON_RUN,),
    ).fetchall()
    found = []
    for number, stream, places, last in rows:
        state = pickup_state(connection, last) or FarmPickup()
        found.append(OpenRun(number=number, stream=stream, day=state.run_day, places=places))
    return tuple(sorted(found, key=lambda one: (one.day, one.number), reverse=True))


def count_waiting(connection: Connection) -> int:
    """Return how many wait for a run."""
    row = connection.execute("SELECT count(*) FROM farm_pickups WHERE status = ?", (WAITING,))
    return int(row.fetchone()[0])


def count_on_run(connection: Connection) -> int:
    """Return how many places are on the road."""
    row = connection.execute("SELECT count(*) FROM farm_pickups WHERE status = ?", (ON_RUN,))
    return int(row.fetchone()[0])


def of_persons(
    connection: Connection, persons: Sequence[str], people: Register
) -> tuple[PickupRow, ...]:
    """Return what was fetched, or is to be fetched, at some villagers' doors."""
    where = f"x.person IN ({', '.join('?' * len(persons))})"
    rows = connection.execute(
        f"{_ROWS} WHERE {where} ORDER BY x.wanted_day DESC LIMIT ?", (*persons, FOUND_MAX)
    ).fetchall()
    return _rows(connection, rows, people)


def facts_about(connection: Connection, persons: Sequence[str]) -> tuple[str, ...]:
    """Return facts whose private part tells where one of these persons lives, and her phone."""
    found: set[str] = set()
    for person in persons:
        rows = connection.execute(
            "SELECT o.identity FROM farm_pickups x JOIN folds o ON o.root = x.entity "
            "JOIN privates r ON r.identity = o.identity JOIN facts f ON f.identity = o.identity "
            "WHERE x.person = ? AND f.kind != ?",
            (person, FarmPickupJoinedRun.KIND),
        ).fetchall()
        found |= {str(row[0]) for row in rows}
    return tuple(sorted(found))


def joined_in(connection: Connection, act: str) -> tuple[FactRow, ...]:
    """Return the facts of an act that put places on the list of a run."""
    facts = facts_of_act(connection, act)
    return tuple(one for one in facts if one.kind == FarmPickupJoinedRun.KIND)


def _rows(
    connection: Connection, rows: Sequence[tuple[str, bytes]], people: Register
) -> tuple[PickupRow, ...]:
    found = (_row(connection, entity, _pickup(data), people) for entity, data in rows)
    return tuple(row for row in found if row is not None)


def _row(
    connection: Connection, entity: str, state: FarmPickup, people: Register
) -> PickupRow | None:
    founder = fact(connection, state.founder) if state.founder else None
    if founder is None:
        return None
    person = people.person(connection, state.person) if state.person else None
    sort = produce_named(connection, state.produce)
    return PickupRow(
        pickup=entity,
        state=state,
        act=founder.act,
        name=person.name if person else state.name,
        phone=(person.phone if person else "") or state.phone,
        produce=sort.name if sort else state.produce,
    )


# --- What the rules need -------------------------------------------------------------------------


def gather_asking(connection: Connection, command: AskFarmPickup, _now: Now) -> Asking:
    """Return whether she asked for the same already."""
    if not command.person:
        return Asking()
    rows = connection.execute(
        f"{_ROWS} WHERE x.person = ? AND x.status = ?", (command.person, WAITING)
    ).fetchall()
    wanted = command.produce.strip()
    same = (_pickup(data) for _, data in rows)
    return Asking(same=next((one for one in same if one.produce == wanted), None))


def gather_joining(connection: Connection, command: JoinVanRun, _now: Now) -> Joining:
    """Return what is chosen, and the number of the list."""
    return Joining(
        chosen=[pickup_state(connection, one) for one in command.pickups],
        run=command.run or take_number(connection, RUN_SERIES),
    )


def gather_one(
    connection: Connection, command: EndFarmPickup | CallFarmPickupOff, _now: Now
) -> FarmPickup | None:
    """Return the one place."""
    return pickup_state(connection, command.pickup)
