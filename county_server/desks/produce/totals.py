"""What growers brought in a year, by sort, and only where nobody can be seen in it.

What one household brought or was paid is its own business. A total is shown from `LEAST` households
on; sorts with fewer are added up, and shown as the rest if that is of as many. The sum below is of
the lines that are shown, so nothing can be found by taking one from the other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection, and_, column, or_, select, table

from county_server.schema import EVERYWHERE
from station_app.ledger.rounding import PIECE, line_fen
from station_app.services.consignment.taking import lot_number

LEAST = 10
REST = ""  # the sorts of which too few households brought something

_lots = table("lots", *map(column, ("station", "entity", "produce", "unit", "day")))
_states = table("states", *map(column, ("station", "kind", "entity", "data")))
_produce = table("produce", *map(column, ("station", "code", "name")))
_persons = table("persons", *map(column, ("station", "entity", "household")))
_roots = table("roots", *map(column, ("station", "identity", "root")))
_merges = table("merges", *map(column, ("station", "other", "kept")))
_sales = table("sales", *map(column, ("station", "entity", "lot", "ownership", "day")))

Home = tuple[str, str]  # a station, and a household or a person there


class _Share(msgspec.Struct):
    person: str
    quantity: int = 0
    amount_fen: int = 0
    back_fen: int = 0


class _Lot(msgspec.Struct):
    quantity: int = 0
    parts: tuple[msgspec.Raw, ...] = ()
    shares: tuple[_Share, ...] = ()
    seller: str = ""
    price_fen: int = 0
    founder: str = ""


class _Sale(msgspec.Struct):
    shares: tuple[_Share, ...] = ()


@dataclass
class Total:
    """Of one sort, or of several. grams, pieces: brought; fen: sold for growers, or bought for.

    homes: everybody's who brought or sold something of it.
    """

    produce: str
    homes: set[Home] = field(default_factory=set)
    lots: int = 0
    grams: int = 0
    pieces: int = 0
    fen: int = 0

    def add(self, other: "Total") -> None:
        """Add another one."""
        self.homes |= other.homes
        self.lots += other.lots
        self.grams += other.grams
        self.pieces += other.pieces
        self.fen += other.fen

    @property
    def is_shown(self) -> bool:
        """Tell whether enough households stand behind it."""
        return len(self.homes) >= LEAST


@dataclass(frozen=True)
class Shown:
    """What may be seen of a year. hidden: how many sorts are in no line."""

    lines: tuple[Total, ...]
    whole: Total
    hidden: int


def shown_of(totals: Iterable[Total]) -> Shown:
    """Return what may be seen, the sort of most households first."""
    every = sorted(totals, key=lambda one: (-len(one.homes), one.produce))
    lines = [one for one in every if one.is_shown]
    few = [one for one in every if not one.is_shown]
    rest = Total(REST)
    for one in few:
        rest.add(one)
    if len(few) > 1 and rest.is_shown:
        lines.append(rest)
        few = []
    whole = Total(REST)
    for one in lines:
        whole.add(one)
    return Shown(tuple(lines), whole, len(few))


def read_year(connection: Connection, year: str) -> list[Total]:
    """Return the totals of a year by sort, whoever may see them."""
    homes = _Homes(connection)
    totals: dict[str, Total] = {}
    sorts: dict[Home, str] = {}
    of_lots = and_(_states.c.station == _lots.c.station, _states.c.entity == _lots.c.entity)
    lots = connection.execute(
        select(_lots.c.station, _lots.c.entity, _lots.c.produce, _lots.c.unit, _lots.c.day,
               _states.c.data)
        .join_from(_lots, _states, and_(of_lots, _states.c.kind == "lot"))
    )  # fmt: skip
    for station, entity, produce, unit, day, data in lots:
        sorts[station, entity] = produce
        lot = _lot(bytes(data))
        if not lot.founder or lot.parts or not str(day).startswith(year):
            continue
        total = totals.setdefault(produce, Total(produce))
        persons = {share.person for share in lot.shares} | {lot.seller} - {""}
        total.homes |= {homes.of(station, person) for person in persons}
        total.lots += 1
        total.pieces += lot.quantity if unit == PIECE else 0
        total.grams += 0 if unit == PIECE else lot.quantity
        if lot.seller:
            total.fen += line_fen(lot.quantity, lot.price_fen, unit)
    _add_sales(connection, year, totals, sorts, homes)
    return list(totals.values())


def _add_sales(
    connection: Connection,
    year: str,
    totals: dict[str, Total],
    sorts: Mapping[Home, str],
    homes: "_Homes",
) -> None:
    of_sales = and_(_states.c.station == _sales.c.station, _states.c.entity == _sales.c.entity)
    sales = connection.execute(
        select(_sales.c.station, _sales.c.lot, _states.c.data)
        .join_from(_sales, _states, and_(of_sales, _states.c.kind == "sale"))
        .where(_sales.c.ownership == "consigned", _sales.c.day.like(f"{year}-%"))
    )
    for station, lot, data in sales:
        produce = sorts.get((station, lot), "")
        total = totals.setdefault(produce, Total(produce))
        for share in _sale(bytes(data)).shares:
            total.homes.add(homes.of(station, share.person))
            total.fen += share.amount_fen - share.back_fen


class _Homes:
    """In which household somebody lives; a record without one stands for itself.

    Records that became one are one: by a code (`roots`) or by a merge.
    """

    def __init__(self, connection: Connection) -> None:
        r, m, p = _roots.c, _merges.c, _persons.c
        rows = connection.execute(select(r.station, r.identity, r.root).where(r.identity != r.root))
        self._roots = {(row[0], row[1]): row[2] for row in rows}
        merged = connection.execute(select(m.station, m.other, m.kept).where(m.kept != ""))
        self._kept = {(row[0], row[1]): row[2] for row in merged}
        homed = select(p.station, p.entity, p.household).where(p.household != "")
        homes = connection.execute(homed)
        self._numbers = {(row[0], row[1]): row[2] for row in homes}

    def of(self, station: str, person: str) -> Home:
        passed: set[str] = set()
        one = self._root(station, person)
        while one not in passed and (station, one) in self._kept:
            passed.add(one)
            one = self._root(station, self._kept[station, one])
        one = min(passed) if one in passed else one
        number = self._numbers.get((station, one), "")
        return station, f"home {number}" if number else one

    def _root(self, station: str, person: str) -> str:
        return str(self._roots.get((station, person), person))


@dataclass(frozen=True, slots=True)
class Sent:
    """A lot of a station of which something is not said yet. Quantities in grams or pieces."""

    station: str
    lot: str
    code: str
    produce: str
    unit: str
    on_road: int
    at_hub: int
    difference: int
    day: str

    @property
    def number(self) -> str:
        """Return its number as it stands on its labels."""
        return lot_number(self.code, self.lot)


def read_sent(connection: Connection) -> list[Sent]:
    """Return the lots that are on the way, lie at the hub, or differ; differences first."""
    lots = table(
        "lots",
        *map(column, ("station", "entity", "code", "produce", "unit", "in_transit", "at_hub",
                      "difference", "day")),
    ).c  # fmt: skip
    rows = connection.execute(
        select(lots.station, lots.entity, lots.code, lots.produce, lots.unit, lots.in_transit,
               lots.at_hub, lots.difference, lots.day)
        .where(or_(lots.in_transit != 0, lots.at_hub != 0, lots.difference != 0))
    )  # fmt: skip
    found = [Sent(*row) for row in rows]
    return sorted(found, key=lambda one: (not one.difference, one.day, one.station, one.code))


def read_names(connection: Connection) -> dict[str, str]:
    """Return what the county calls its sorts, by code."""
    c = _produce.c
    rows = connection.execute(select(c.code, c.name).where(c.station == EVERYWHERE))
    return {row[0]: row[1] for row in rows}


_lot = msgspec.json.Decoder(_Lot).decode
_sale = msgspec.json.Decoder(_Sale).decode
