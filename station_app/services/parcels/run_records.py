"""Which lists of home deliveries are on the road, and what stands here: lent to others."""

import msgspec

from station_app.journal.log import Connection
from station_app.services.parcels import records
from station_app.services.parcels.facts import ParcelTakenOnRun
from station_app.services.parcels.visits import ON_RUN
from station_app.values.runs import OpenRun

_LAST_TAKEN = (
    "SELECT f.body, f.stream FROM folds o JOIN facts f ON f.identity = o.identity "
    "WHERE o.root = ? AND f.kind = ? ORDER BY f.at DESC, f.identity DESC LIMIT 1"
)


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
