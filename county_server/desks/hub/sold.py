"""What the county sold online of late, order by order, read from its own words.

An order is what one form said: of one moment, by one clerk, of lots of several stations. Sales of
before `lot.sold_by_county` held an order number have none.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, and_, select

from county_server.store import Store
from station_app.services.consignment.facts import LotSoldByCounty
from station_app.services.consignment.lots import LOT


class _Said(msgspec.Struct):
    """What is read of a sale, of whichever version."""

    quantity: int
    gross_fen: int
    day: str
    costs: tuple[dict[str, object], ...] = ()
    station_commission_fen: int = 0
    county_commission_fen: int = 0
    shop: str = ""
    order: str = ""


_said = msgspec.json.Decoder(_Said).decode


@dataclass(frozen=True, slots=True)
class Sold:
    """A part of a lot that was sold online. at: UTC ms; net_fen: without costs and both fees."""

    station: str
    lot: str
    produce: str
    grade: str
    unit: str
    at: int
    by: str
    quantity: int
    gross_fen: int
    net_fen: int
    day: str
    shop: str
    order: str


@dataclass(frozen=True, slots=True)
class Order:
    """What was sold in one go."""

    parts: tuple[Sold, ...]

    @property
    def first(self) -> Sold:
        """Return its first part: shop, number, moment and sort are of all."""
        return self.parts[0]

    @property
    def quantity(self) -> int:
        """Return how much was sold."""
        return sum(one.quantity for one in self.parts)

    @property
    def gross_fen(self) -> int:
        """Return what the buyer paid."""
        return sum(one.gross_fen for one in self.parts)

    @property
    def net_fen(self) -> int:
        """Return what growers and stations get of it."""
        return sum(one.net_fen for one in self.parts)


def read_sold(store: Store, connection: Connection, since: int) -> list[Sold]:
    """Return what was sold since a moment (UTC ms), the newest first."""
    lots, states = store.tables.read[LOT.name].c, store.tables.states
    folds, facts = store.tables.folds, store.tables.facts
    of_lot = and_(
        states.c.station == lots.station,
        states.c.kind == LOT.name,
        states.c.entity == lots.entity,
        states.c.at >= since,  # a lot of which nothing was said since was not sold since
    )
    of_fold = and_(folds.c.station == lots.station, folds.c.root == lots.entity)
    of_fact = and_(facts.c.station == folds.c.station, facts.c.identity == folds.c.identity)
    rows = connection.execute(
        select(lots.station, lots.entity, lots.produce, lots.grade, lots.unit, facts.c.at,
               facts.c.by_, facts.c.body)
        .select_from(store.tables.read[LOT.name])
        .join(states, of_lot).join(folds, of_fold).join(facts, of_fact)
        .where(folds.c.at >= since, facts.c.kind == LotSoldByCounty.KIND)
        .order_by(facts.c.at.desc(), lots.station, lots.entity)
    )  # fmt: skip
    found = []
    for station, lot, produce, grade, unit, at, by, body in rows:
        said = _said(bytes(body))
        off_fen = sum(int(str(cost["amount_fen"])) for cost in said.costs)
        off_fen += said.station_commission_fen + said.county_commission_fen
        found.append(
            Sold(station, lot, produce, grade, unit, int(at), by, said.quantity, said.gross_fen,
                 said.gross_fen - off_fen, said.day, said.shop, said.order)
        )  # fmt: skip
    return found


def orders_of(sold: Iterable[Sold]) -> list[Order]:
    """Return the same by order, in the same order."""
    found: dict[tuple[object, ...], list[Sold]] = {}
    for one in sold:
        key = (one.shop, one.order) if one.order else (one.at // 1000, one.by, one.produce)
        found.setdefault((*key, one.day), []).append(one)
    return [Order(tuple(parts)) for parts in found.values()]
