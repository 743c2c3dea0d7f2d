"""What is read about parcels in trouble: the list of them, and what each command needs to see."""

from dataclasses import dataclass

import msgspec

from station_app.journal.log import Connection
from station_app.reference import records as reference
from station_app.services.parcels import records
from station_app.services.parcels.commands import (
    CompensateParcel,
    ForwardParcel,
    MarkValuable,
    ReleaseParcel,
    ReportDamage,
)
from station_app.services.parcels.facts import Damage
from station_app.services.parcels.records import ParcelRow
from station_app.services.parcels.trouble import Forwarding
from station_app.services.parcels.visits import LOST, ON_HAND, Parcel
from station_app.values.now import Now

TROUBLES_MAX = 200


@dataclass(frozen=True, slots=True)
class Trouble:
    """A parcel that something is wrong with. what: `lost`, `missed`, `damaged` or `doubted`."""

    row: ParcelRow
    what: str
    compensation_fen: int = 0


def troubles(connection: Connection) -> list[Trouble]:
    """Return what is lost, then what is on hand and damaged, missed or paid for already."""
    found = []
    for row in records.with_status(connection, (LOST, ON_HAND)):
        state = records.parcel_state(connection, row.parcel) if _may_be(connection, row) else None
        what = _what(state) if state is not None else ""
        if state is not None and what:
            found.append(Trouble(row, what, state.compensation_fen))
    return sorted(found, key=lambda one: (one.what != "lost", str(one.row.code)))[:TROUBLES_MAX]


def _may_be(connection: Connection, row: ParcelRow) -> bool:
    if row.status == LOST:
        return True
    found = connection.execute(
        "SELECT 1 FROM folds o JOIN facts f ON f.identity = o.identity WHERE o.root = ? AND "
        "f.kind IN ('parcel.missed', 'parcel.damaged', 'parcel.lost', 'parcel.compensated') "
        "LIMIT 1",
        (row.parcel,),
    ).fetchone()
    return found is not None


def _what(state: Parcel) -> str:
    if state.status == LOST:
        return "lost"
    if state.damaged:
        return "damaged"
    if state.compensation_fen:
        return "doubted"
    return "missed" if state.missed else ""


def damage_words(connection: Connection, parcel: str) -> str:
    """Return what somebody wrote about the damage of a parcel, the latest words first."""
    state = records.parcel_state(connection, parcel)
    for identity in reversed(state.damaged if state is not None else ()):
        row = connection.execute(
            "SELECT part FROM privates WHERE identity = ?", (identity,)
        ).fetchone()
        if row and row[0]:
            words = msgspec.json.decode(bytes(row[0]), type=Damage).words
            if words:
                return words
    return ""


Asked = ReportDamage | MarkValuable | CompensateParcel | ReleaseParcel


def parcel(connection: Connection, command: Asked, _now: Now) -> Parcel | None:
    """Return the parcel that a command names."""
    return records.parcel_state(connection, command.parcel)


def forwarding(connection: Connection, command: ForwardParcel, _now: Now) -> Forwarding:
    """Return the parcel, and whether there is such a station."""
    return Forwarding(
        parcel=records.parcel_state(connection, command.parcel),
        is_known=reference.station(connection, command.station) is not None,
    )
