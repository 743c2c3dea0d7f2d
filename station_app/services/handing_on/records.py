"""What a handing on depends on, and those that there were."""

from dataclasses import dataclass
from typing import Protocol

import msgspec

from station_app.journal.log import Connection
from station_app.journal.series import printed_number, take_number
from station_app.ledger.accounts import drawer
from station_app.ledger.balances import balance
from station_app.ledger.paid_acts import facts_of_act
from station_app.reference import records as reference
from station_app.services.handing_on.commands import HandOn
from station_app.services.handing_on.facts import StationHandedOn
from station_app.services.handing_on.rules import HANDING_ON, HandingOn, Standing
from station_app.values.now import Now
from station_app.values.staff import Coworker

SERIES = "handing_on"
LISTED_MAX = 30


class People(Protocol):
    """The register, as far as this slice asks it; `services.people.records` is one."""

    def operator_name(self, connection: Connection, identity: str, /) -> str:
        """Return who works, or worked, at the counter."""
        ...

    def coworkers(self, connection: Connection, /) -> tuple[Coworker, ...]:
        """Return who works here now."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """A handing on as a list shows it."""

    entity: str
    state: HandingOn
    number: str


class Gatherer:
    """Reads what the rule needs."""

    def __init__(self, people: People) -> None:
        """Ask `people` who works here."""
        self._people = people

    def standing(self, connection: Connection, _command: HandOn, now: Now) -> Standing:
        """Return what a handing on depends on, and take the number of its paper."""
        return self._standing(connection, now, take_number(connection, f"{SERIES}/{now.device}"))

    def look(self, connection: Connection, now: Now) -> Standing:
        """Return the same for a page."""
        return self._standing(connection, now, 0)

    def _standing(self, connection: Connection, now: Now, number: int) -> Standing:
        return Standing(
            number=number,
            staff=[one.identity for one in self._people.coworkers(connection)],
            stations=takers(connection, now.station),
            centre=centre(connection),
            float_fen=balance(connection, drawer(now.device)),
        )


def takers(connection: Connection, here: str) -> dict[str, str]:
    """Return the stations that could take over: of the same township first, by code."""
    rows = connection.execute(
        "SELECT code, name FROM stations WHERE level IN ('village', 'township') AND code != ?1 "
        "AND status != 'closed' ORDER BY substr(code, 1, 4) != substr(?1, 1, 4), code",
        (here,),
    ).fetchall()
    return {str(code): str(name) for code, name in rows}


def centre(connection: Connection) -> str:
    """Return the code of the county's centre, "" while it is not described."""
    row = connection.execute("SELECT code FROM stations WHERE level = 'county' LIMIT 1").fetchone()
    return str(row[0]) if row else ""


def listed(connection: Connection) -> tuple[Row, ...]:
    """Return every handing on, the newest first."""
    rows = connection.execute(
        "SELECT h.entity, s.data FROM handings_on h "
        "JOIN states s ON s.kind = ? AND s.entity = h.entity ORDER BY h.at DESC LIMIT ?",
        (HANDING_ON.name, LISTED_MAX),
    ).fetchall()
    return tuple(_row(entity, data) for entity, data in rows)


def of_act(connection: Connection, act: str) -> Row | None:
    """Return the handing on of an act, also of the one that is being recorded."""
    for one in facts_of_act(connection, act):
        if one.kind == StationHandedOn.KIND:
            data = connection.execute(
                "SELECT data FROM states WHERE kind = ? AND entity = ?",
                (HANDING_ON.name, one.identity),
            ).fetchone()
            return _row(one.identity, data[0]) if data else None
    return None


def _row(entity: str, data: bytes) -> Row:
    state = msgspec.json.decode(data, type=HandingOn)
    return Row(entity, state, printed_number(state.number, state.stream))


def station_name(connection: Connection, code: str) -> str:
    """Return what a station is called."""
    row = reference.station(connection, code)
    return row.name if row else code
