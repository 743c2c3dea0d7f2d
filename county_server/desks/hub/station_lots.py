"""Lots of stations as the county's desks read them: whose, which, how they stand, and how much.

A lot's identity is unique, but it is its station's: the county reads each beside its station's code
and calls it by the number on its labels.
"""

from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, and_, select

from county_server.store import Store
from station_app.services.consignment.lots import LOT, Lot
from station_app.services.consignment.moving import unit_of
from station_app.services.consignment.taking import lot_number

_lot = msgspec.json.Decoder(Lot).decode


@dataclass(frozen=True, slots=True)
class StationLot:
    """A lot of a station, as it stands at the county."""

    station: str
    lot: str
    state: Lot

    @property
    def number(self) -> str:
        """Return the number of the lot as it stands on its labels."""
        return lot_number(self.state.code, self.lot)

    @property
    def unit(self) -> str:
        """Return `gram` or `piece`."""
        return unit_of(self.state)


def states_of(store: Store, connection: Connection, wanted: object) -> list[tuple[str, str, Lot]]:
    """Return the lots for which a condition on their table holds: (station, lot, state)."""
    table, states = store.tables.read[LOT.name], store.tables.states
    of_lot = and_(
        states.c.station == table.c.station,
        states.c.kind == LOT.name,
        states.c.entity == table.c.entity,
    )
    rows = connection.execute(
        select(table.c.station, table.c.entity, states.c.data)
        .join_from(table, states, of_lot)
        .where(wanted)  # type: ignore[arg-type]  # a comparison of SQLAlchemy's own
    )
    return [(station, entity, _lot(bytes(data))) for station, entity, data in rows]
