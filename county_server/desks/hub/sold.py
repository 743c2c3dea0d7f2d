"""What the county sold online of late, order by order, read from its own words.

An order is what one form said: of one moment, by one clerk, of lots of several stations. Sales of
before `lot.sold_by_county` held an order number have none.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, and_, select

from county_server.store import Store
from station_app.services.consignment.facts import (
    GrowerAmount,
    LotCountySaleReturned,
    LotSoldByCounty,
    LotToppedUp,
)
from station_app.services.consignment.lots import LOT
from station_app.services.consignment.taking import lot_number


class Said(msgspec.Struct, frozen=True):
    """What is read of a sale, of whichever version."""

    ownership: str
    quantity: int
    gross_fen: int
    day: str
    costs: tuple[dict[str, object], ...] = ()
    station_commission_fen: int = 0
    county_commission_fen: int = 0
    amounts: tuple[GrowerAmount, ...] = ()
    cost_fen: int = 0
    shop: str = ""
    order: str = ""

    @property
    def net_fen(self) -> int:
        """Return what is left without costs and both fees."""
        off_fen = sum(int(str(cost["amount_fen"])) for cost in self.costs)
        return self.gross_fen - off_fen - self.station_commission_fen - self.county_commission_fen


_said = msgspec.json.Decoder(Said).decode
_topped_up = msgspec.json.Decoder(LotToppedUp).decode
_returned = msgspec.json.Decoder(LotCountySaleReturned).decode


@dataclass(frozen=True, slots=True)
class Sold:
    """A part of a lot that was sold online. at: UTC ms; net_fen: without costs and both fees.

    fact: the sale; top_ups: what contracts added to it; backs: what came back of it, in order.
    """

    station: str
    lot: str
    code: str
    produce: str
    grade: str
    unit: str
    at: int
    by: str
    fact: str
    said: Said
    top_ups: tuple[GrowerAmount, ...] = ()
    backs: tuple[LotCountySaleReturned, ...] = ()

    @property
    def number(self) -> str:
        """Return the number of its lot as it stands on its labels."""
        return lot_number(self.code, self.lot)

    @property
    def quantity(self) -> int:
        """Return how much was sold."""
        return self.said.quantity

    @property
    def gross_fen(self) -> int:
        """Return what the buyer paid."""
        return self.said.gross_fen

    @property
    def net_fen(self) -> int:
        """Return what growers, or the station of its own lot, got of it."""
        return self.said.net_fen

    @property
    def day(self) -> str:
        """Return when it was sold."""
        return self.said.day

    @property
    def back_quantity(self) -> int:
        """Return how much of it came back."""
        return sum(one.quantity for one in self.backs)

    @property
    def back_gross_fen(self) -> int:
        """Return what its buyer got back."""
        return sum(one.gross_fen for one in self.backs)

    @property
    def back_net_fen(self) -> int:
        """Return what went back of the net."""
        return sum(
            one.own_fen + sum(amount.amount_fen for amount in one.amounts) for one in self.backs
        )

    @property
    def left(self) -> int:
        """Return how much of it has not come back."""
        return self.quantity - self.back_quantity


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

    @property
    def back_quantity(self) -> int:
        """Return how much of it came back."""
        return sum(one.back_quantity for one in self.parts)

    @property
    def back_gross_fen(self) -> int:
        """Return what the buyer got back."""
        return sum(one.back_gross_fen for one in self.parts)


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
    kinds = (LotSoldByCounty.KIND, LotToppedUp.KIND, LotCountySaleReturned.KIND)
    rows = connection.execute(
        select(lots.station, lots.entity, lots.code, lots.produce, lots.grade, lots.unit,
               facts.c.at, facts.c.by_, facts.c.identity, facts.c.kind, facts.c.act, facts.c.body)
        .select_from(store.tables.read[LOT.name])
        .join(states, of_lot).join(folds, of_fold).join(facts, of_fact)
        .where(folds.c.at >= since, facts.c.kind.in_(kinds))
        .order_by(facts.c.at.desc(), lots.station, lots.entity)
    ).all()  # fmt: skip
    added: dict[tuple[str, str, str], tuple[GrowerAmount, ...]] = {}
    backs: dict[tuple[str, str], list[LotCountySaleReturned]] = defaultdict(list)
    for station, lot, *_, kind, act, body in rows:
        if kind == LotToppedUp.KIND:
            added[station, lot, act] = _topped_up(bytes(body)).amounts
        elif kind == LotCountySaleReturned.KIND:
            came = _returned(bytes(body))
            backs[station, came.answers].insert(0, came)
    return [
        Sold(station, lot, code, produce, grade, unit, int(at), by, fact, _said(bytes(body)),
             added.get((station, lot, act), ()), tuple(backs[station, fact]))
        for station, lot, code, produce, grade, unit, at, by, fact, kind, act, body in rows
        if kind == LotSoldByCounty.KIND
    ]  # fmt: skip


def orders_of(sold: Iterable[Sold]) -> list[Order]:
    """Return the same by order, in the same order."""
    found: dict[tuple[object, ...], list[Sold]] = {}
    for one in sold:
        said = one.said
        key = (said.shop, said.order) if said.order else (one.at // 1000, one.by, one.produce)
        found.setdefault((*key, one.day), []).append(one)
    return [Order(tuple(parts)) for parts in found.values()]
