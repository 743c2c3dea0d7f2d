"""What of the lots left for the hub lately: lent to whoever lists what the van carries."""

import msgspec

from station_app.journal.log import Connection
from station_app.reference.goods_records import produce_named
from station_app.services.consignment.facts import LotDispatched
from station_app.services.consignment.lots import LOT, Lot
from station_app.services.consignment.taking import lot_number
from station_app.values.goods_out import GoodsOut

_LEFT = (
    "SELECT f.identity, f.body, s.data, s.entity FROM facts f "
    "JOIN folds o ON o.identity = f.identity "
    "JOIN states s ON s.kind = ?1 AND s.entity = o.root WHERE f.kind = ?2 AND f.at >= ?3 "
    "AND NOT EXISTS (SELECT 1 FROM reversals r WHERE r.stream = f.stream AND r.act = f.act) "
    "ORDER BY f.at, f.identity"
)


def goods_out(connection: Connection, since_ms: int) -> tuple[GoodsOut, ...]:
    """Return every leaving of produce since a moment, the oldest first."""
    rows = connection.execute(_LEFT, (LOT.name, LotDispatched.KIND, since_ms)).fetchall()
    found = []
    for identity, body, data, lot in rows:
        said = msgspec.json.decode(body, type=LotDispatched)
        state = msgspec.json.decode(data, type=Lot)
        sort = produce_named(connection, state.produce)
        found.append(
            GoodsOut(
                dispatch=str(identity),
                code=lot_number(state.code, str(lot)),
                name=sort.name if sort else state.produce,
                quantity=said.quantity,
                unit=state.unit,
                packages=said.packages,
                day=said.day,
            )
        )
    return tuple(found)
