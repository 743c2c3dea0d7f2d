"""Which parcel a case is about: both sides speak of it, and whoever rings has to name it."""

import msgspec
from sqlalchemy import Connection, select

from county_server.dashboard.figures import courier_names
from county_server.store import Store
from station_app.services.parcels.places import Code
from station_app.services.parcels.visits import PARCEL, Parcel

_parcel = msgspec.json.Decoder(Parcel).decode


def piece_of(store: Store, connection: Connection, station: str, entity: str) -> str:
    """Return "中通 73000000000017（A-1-440）", "" where no parcel stands behind an entity.

    Without a name: a case may be about a parcel whose receiver was erased.
    """
    states = store.tables.states.c
    row = connection.execute(
        select(states.data).where(
            states.station == station, states.kind == PARCEL.name, states.entity == entity
        )
    ).first()
    if row is None:
        return ""
    parcel = _parcel(bytes(row[0]))
    names = courier_names(connection)
    said = " ".join(filter(None, (names.get(parcel.courier, parcel.courier), parcel.waybill)))
    code = str(Code(parcel.shelf, parcel.layer, parcel.serial)) if parcel.shelf else ""
    return f"{said}（{code}）" if said and code else said or code
