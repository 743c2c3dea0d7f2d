"""Waybill numbers as the desk looks at them: which PC has how many left, what may be given next.

How far a block is used follows from the parcels that came up: a PC that was not heard for long has
fewer than it says here. Two blocks of one courier never overlap, whoever they are given to.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, func, select

from county_server.dashboard.figures import read_couriers
from county_server.schema import EVERYWHERE
from county_server.store import Store
from station_app.reference.couriers import pattern_of
from station_app.reference.zones import SENDING_ZONE
from station_app.services.sending.facts import WaybillsGranted
from station_app.services.sending.rules import SENDING
from station_app.services.sending.waybills import (
    BLOCK_MAX,
    LOW_PERCENT,
    PREFIX_MAX,
    WAYBILL_STOCK,
    WIDTH_MAX,
    Block,
    WaybillStock,
)
from station_app.values.waybills import CourierPattern, fits

COUNT_USUAL = 200
_stock = msgspec.json.Decoder(WaybillStock).decode


@dataclass(frozen=True, slots=True)
class Stock:
    """The numbers of one PC and courier. left: as far as its parcels came up."""

    station: str
    state: WaybillStock
    left: int

    @property
    def size(self) -> int:
        """Return how many the newest block held."""
        return self.state.blocks[-1].count if self.state.blocks else 0

    @property
    def is_wanted(self) -> bool:
        """Tell whether more are due: it asked, or few are left."""
        return bool(self.state.asked_day) or self.left * 100 <= self.size * LOW_PERCENT


def read_stocks(store: Store, connection: Connection) -> list[Stock]:
    """Return the numbers of every PC, those that want more first."""
    states = store.tables.states
    rows = connection.execute(
        select(states.c.station, states.c.data).where(states.c.kind == WAYBILL_STOCK.name)
    )
    made = [(row[0], _stock(bytes(row[1]))) for row in rows]
    found = []
    for station, state in made:
        left = sum(_left(store, connection, station, state, block) for block in state.blocks)
        found.append(Stock(station, state, left))
    return sorted(
        found, key=lambda one: (not one.is_wanted, one.station, one.state.device, one.state.courier)
    )


def _left(
    store: Store, connection: Connection, station: str, state: WaybillStock, block: Block
) -> int:
    """Return how many of a block are left: they are given in their order."""
    table = store.tables.read[SENDING.name]
    last = connection.execute(
        select(func.max(table.c.waybill)).where(
            table.c.station == station,
            table.c.courier == state.courier,
            table.c.waybill >= block.waybill(1),
            table.c.waybill <= block.waybill(block.count),
        )
    ).scalar_one()
    used = int(last[len(block.prefix) :]) - block.first + 1 if last else 0
    return block.count - used


def couriers_of(connection: Connection, day: str) -> list[CourierPattern]:
    """Return the couriers that the county has published, and how their numbers look on a day."""
    return [pattern_of(rules) for rules in read_couriers(connection, day)]


def that_send(
    store: Store, connection: Connection, couriers: Sequence[CourierPattern]
) -> list[CourierPattern]:
    """Return couriers with those first by whom villagers send: that have a table of prices."""
    table = store.tables.read[SENDING_ZONE.name].c
    rows = connection.execute(select(table.courier).where(table.station == EVERYWHERE).distinct())
    priced = {row[0] for row in rows}
    return sorted(couriers, key=lambda one: one.code not in priced)


def next_first(stocks: Sequence[Stock], courier: str, prefix: str) -> int:
    """Return the first number after all that were given of a courier with a prefix, 0 for none."""
    ends = [
        block.first + block.count
        for one in stocks
        if one.state.courier == courier
        for block in one.state.blocks
        if block.prefix == prefix
    ]
    return max(ends, default=0)


def wrong_block(
    said: WaybillsGranted, courier: CourierPattern | None, known: Sequence[Stock]
) -> str:
    """Return why a block may not be given: the key of a refusal, "" when it may."""
    is_sized = 0 < said.count <= BLOCK_MAX and 0 < said.width <= WIDTH_MAX
    if not is_sized or len(said.prefix) > PREFIX_MAX:
        return "waybill_block"
    last = said.first + said.count - 1
    if len(str(last)) > said.width:
        return "waybill_block"
    block = Block("", said.prefix, said.first, said.count, said.width)
    if courier is None or not all(fits(courier, block.waybill(place)) for place in (1, said.count)):
        return "waybill_pattern"
    for one in known:
        for other in one.state.blocks if one.state.courier == said.courier else ():
            is_apart = last < other.first or other.first + other.count - 1 < said.first
            if other.prefix == said.prefix and other.width == said.width and not is_apart:
                return "waybill_overlap"
    return ""
