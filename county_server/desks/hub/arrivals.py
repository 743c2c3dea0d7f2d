"""What of the stations' lots is on its way to the hub, and where hub and station do not agree.

A lot leaves by `lot.dispatched`, all lots of one list in one act; it has arrived when a fact of the
county answers that one. What was undone at the station before it was received never left.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, and_, select

from county_server import published
from county_server.desks.hub.station_lots import StationLot, states_of
from county_server.store import Store
from station_app.ledger.rounding import BASIS_POINTS
from station_app.services.consignment.facts import (
    LotDispatched,
    LotReceived,
    LotReceivedBecause,
)
from station_app.services.consignment.lots import LOT, Lot
from station_app.values.codes import SLIP, TraceCode, make_code, recognise

_sent = msgspec.json.Decoder(LotDispatched).decode
_came = msgspec.json.Decoder(LotReceivedBecause).decode


@dataclass(frozen=True, slots=True)
class Sent(StationLot):
    """A part of a lot on its way. fact: by which it left; at: UTC ms."""

    fact: str
    quantity: int
    packages: int
    at: int


@dataclass(frozen=True, slots=True)
class Load:
    """What one act of a station sent: the lots on one list."""

    station: str
    act: str
    lines: tuple[Sent, ...]

    @property
    def at(self) -> int:
        """Return when it left, UTC ms."""
        return self.lines[0].at

    @property
    def packages(self) -> int:
        """Return in how many packages."""
        return sum(line.packages for line in self.lines)

    @property
    def facts(self) -> tuple[str, ...]:
        """Return by which facts it left: who receives one of them has overtaken this page."""
        return tuple(line.fact for line in self.lines)


@dataclass(frozen=True, slots=True)
class Differing(StationLot):
    """A lot of which the hub got less or more than was sent. received: the fact that said so."""

    received: str


@dataclass(frozen=True, slots=True)
class Stock(StationLot):
    """A lot that lies at the hub."""

    @property
    def key(self) -> str:
        """Return what its field in the form is called."""
        return f"use_{self.station}_{self.lot}"

    @property
    def floor_fen(self) -> int:
        """Return below which price no grower of it wants it sold."""
        return max((share.floor_fen for share in self.state.shares), default=0)

    @property
    def fee_bp(self) -> int:
        """Return which fee every grower of it has agreed to; of an own lot nobody has."""
        return min((share.commission_bp for share in self.state.shares), default=BASIS_POINTS)


def read_loads(store: Store, connection: Connection) -> list[Load]:
    """Return what is on its way, the first that left on top."""
    found: dict[tuple[str, str], list[Sent]] = {}
    lots = store.tables.read[LOT.name].c
    for station, lot, state in states_of(store, connection, lots.in_transit != 0):
        for act, line in _on_the_way(store, connection, station, lot, state):
            found.setdefault((station, act), []).append(line)
    loads = [
        Load(station, act, tuple(sorted(lines, key=lambda one: (one.state.produce, one.number))))
        for (station, act), lines in found.items()
    ]
    return sorted(loads, key=lambda load: (load.at, load.station, load.act))


def find_load(loads: Iterable[Load], station: str, act: str) -> Load | None:
    """Return one of them."""
    return next((one for one in loads if (one.station, one.act) == (station, act)), None)


def scanned_load(loads: Sequence[Load], text: str) -> Load | None:
    """Return the load of a list's code, of a label, or of a lot's number; None for no such."""
    bare = text.strip()
    code = recognise(bare, ())
    for load in loads:
        if make_code(SLIP, load.act) == bare.upper():
            return load
        for line in load.lines:
            is_label = isinstance(code, TraceCode) and code.digits == line.state.code
            if is_label or bare == line.number:
                return load
    return None


def read_differing(store: Store, connection: Connection) -> list[Differing]:
    """Return the lots of which hub and station do not agree, the oldest first."""
    lots = store.tables.read[LOT.name].c
    found = [
        Differing(station, lot, state, state.differing[-1] if state.differing else "")
        for station, lot, state in states_of(store, connection, lots.difference != 0)
    ]
    return sorted(found, key=lambda one: (one.state.day, one.station, one.number))


def grades_by_sort(store: Store, connection: Connection, day: str) -> Mapping[str, tuple[str, ...]]:
    """Return the grades that the county knows of each sort on a day, by its code."""
    known = published.terms_on(store, connection, day)
    return {code: tuple(one.name for one in terms.grades) for code, terms in known.items()}


def _on_the_way(
    store: Store, connection: Connection, station: str, lot: str, state: Lot
) -> list[tuple[str, Sent]]:
    """Return the leavings of a lot that nobody has received, each with its act."""
    facts, folds, undone = store.tables.facts, store.tables.folds, store.tables.reversals
    of_fact = and_(facts.c.station == folds.c.station, facts.c.identity == folds.c.identity)
    is_undone = and_(
        undone.c.station == facts.c.station,
        undone.c.stream == facts.c.stream,
        undone.c.act == facts.c.act,
    )
    rows = connection.execute(
        select(facts.c.identity, facts.c.kind, facts.c.act, facts.c.at, facts.c.body)
        .join_from(folds, facts, of_fact)
        .outerjoin(undone, is_undone)
        .where(
            folds.c.station == station,
            folds.c.root == lot,
            facts.c.kind.in_((LotDispatched.KIND, LotReceived.KIND)),
            undone.c.act.is_(None),
        )
        .order_by(facts.c.at, facts.c.identity)
    ).all()
    answered = {_came(bytes(row[4])).answers for row in rows if row[1] == LotReceived.KIND}
    found = []
    for identity, kind, act, at, body in rows:
        if kind == LotDispatched.KIND and identity not in answered:
            said = _sent(bytes(body))
            found.append(
                (act, Sent(station, lot, state, identity, said.quantity, said.packages, at))
            )
    return found


def read_stock(store: Store, connection: Connection) -> list[Stock]:
    """Return the lots of which something lies at the hub, the oldest first: that is sold first."""
    lots = store.tables.read[LOT.name].c
    found = [
        Stock(station, lot, state)
        for station, lot, state in states_of(store, connection, lots.at_hub > 0)
    ]
    return sorted(found, key=lambda one: (one.state.produce, one.state.day, one.station, one.lot))
