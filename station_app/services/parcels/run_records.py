"""Which lists of home deliveries are on the road, and what came of each parcel on them."""

from dataclasses import dataclass

import msgspec

from station_app.journal.log import Connection
from station_app.services.parcels import records
from station_app.services.parcels.facts import (
    ParcelBroughtBack,
    ParcelHandedOverOnRun,
    ParcelTakenOnRun,
)
from station_app.services.parcels.records import ParcelRow
from station_app.services.parcels.visits import HANDED_OVER, ON_RUN
from station_app.values.runs import OpenRun

_LAST_TAKEN = (
    "SELECT f.body, f.stream, f.act, f.at FROM folds o JOIN facts f ON f.identity = o.identity "
    "WHERE o.root = ? AND f.kind = ? ORDER BY f.at DESC, f.identity DESC LIMIT 1"
)
_TAKEN_WITH = (
    "SELECT o.root FROM facts f JOIN folds o ON o.identity = f.identity "
    "WHERE f.stream = ? AND f.act = ? AND f.kind = ? ORDER BY f.seq"
)
_WHAT_CAME = (
    "SELECT f.kind, f.at, f.body FROM folds o JOIN facts f ON f.identity = o.identity "
    "WHERE o.root = ? AND f.kind IN (?, ?) AND f.at >= ? ORDER BY f.at DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Stop:
    """A parcel of a list that is on the road. outcome: "" while it is out, `delivered`, `back`.

    at: when that was written down; reason: why nobody took it, "" where nobody said.
    """

    row: ParcelRow
    outcome: str = ""
    at: int = 0
    reason: str = ""


def parcels_here(connection: Connection) -> tuple[str, ...]:
    """Return every parcel on a shelf, by its place."""
    return tuple(row.parcel for row in records.on_hand(connection))


def runs_out(connection: Connection) -> tuple[OpenRun, ...]:
    """Return the lists of which something is still on the road, the newest first."""
    out: dict[tuple[str, int, str], int] = {}
    rows = connection.execute("SELECT entity FROM parcels WHERE status = ?", (ON_RUN,)).fetchall()
    for (parcel,) in rows:
        taken = connection.execute(_LAST_TAKEN, (parcel, ParcelTakenOnRun.KIND)).fetchone()
        if taken is not None:
            body = msgspec.json.decode(taken[0], type=ParcelTakenOnRun)
            key = (body.day, body.run, str(taken[1]))
            out[key] = out.get(key, 0) + 1
    return tuple(
        OpenRun(number=number, stream=stream, day=day, places=places)
        for (day, number, stream), places in sorted(out.items(), reverse=True)
    )


def stops(connection: Connection) -> list[Stop]:
    """Return every parcel of the lists that are on the road, also those that came to an end."""
    acts: dict[tuple[str, str], int] = {}
    for row in records.with_status(connection, (ON_RUN,)):
        taken = connection.execute(_LAST_TAKEN, (row.parcel, ParcelTakenOnRun.KIND)).fetchone()
        if taken is not None:
            acts[(str(taken[1]), str(taken[2]))] = int(taken[3])
    found: dict[str, Stop] = {}
    for (stream, act), at in sorted(acts.items(), key=lambda item: item[1]):
        taken_with = connection.execute(_TAKEN_WITH, (stream, act, ParcelTakenOnRun.KIND))
        for (parcel,) in taken_with.fetchall():
            seen = records.parcel_row(connection, str(parcel))
            if seen is not None:
                found[seen.parcel] = _stop(connection, seen, at)
    return list(found.values())


def why_back(connection: Connection, parcel: str) -> str:
    """Return why a parcel on its shelf came back from its last run, "" if it was on none."""
    kinds = (ParcelBroughtBack.KIND, ParcelBroughtBack.KIND)
    came = connection.execute(_WHAT_CAME, (parcel, *kinds, 0)).fetchone()
    return msgspec.json.decode(came[2], type=ParcelBroughtBack).reason if came else ""


def _stop(connection: Connection, row: ParcelRow, since: int) -> Stop:
    if row.status == ON_RUN:
        return Stop(row)
    kinds = (ParcelHandedOverOnRun.KIND, ParcelBroughtBack.KIND)
    came = connection.execute(_WHAT_CAME, (row.parcel, *kinds, since)).fetchone()
    outcome = "delivered" if row.status == HANDED_OVER else "back"
    if came is None:
        return Stop(row, outcome)
    reason = ""
    if came[0] == ParcelBroughtBack.KIND:
        reason = msgspec.json.decode(came[2], type=ParcelBroughtBack).reason
    return Stop(row, outcome, int(came[1]), reason)
