"""Goods that can be sold, and baskets that wait: queries.

Lots belong to another slice; what is read of them here are their rows and the few fields that a
sale needs. Everything is one look-up of an index, or a walk over what lies on the shelf.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import msgspec

from station_app.journal.log import Connection
from station_app.ledger.rounding import GRAM, PIECE
from station_app.reference import goods_records as reference
from station_app.reference.produce_records import sort_of
from station_app.reference.register import Register
from station_app.services.consignment.facts import Share
from station_app.services.sales.basket import Filling, Goods, Item
from station_app.services.sales.baskets import BASKET, HELD, Basket
from station_app.services.sales.facts import GoodsLine
from station_app.services.sales.rules import OWN, SHOP
from station_app.services.sales.selling import OnShelf
from station_app.values.paying import Credit
from station_app.values.spelling import spell
from station_app.values.staff import Coworker

LOTS_MAX = 500  # on one shelf; a village store has a few dozen
FOUND_MAX = 12
_basket = msgspec.json.Decoder(Basket).decode


class People(Register, Protocol):
    """The register, as far as this slice asks it; `services.people.records` is one."""

    def credit(self, connection: Connection, identity: str, /) -> Credit:
        """Return up to what she may owe, and what she owes."""
        ...

    def coworkers(self, connection: Connection, /) -> tuple[Coworker, ...]:
        """Return who works here now."""
        ...


class _Lot(msgspec.Struct):
    """What a sale needs of a lot's state."""

    code: str = ""
    produce: str = ""
    grade: str = ""
    unit: str = ""
    ownership: str = ""
    on_shelf: int = 0
    in_transit: int = 0
    at_hub: int = 0
    difference: int = 0
    cost_fen: int = 0
    shares: tuple[Share, ...] = ()
    day: str = ""
    founder: str = ""
    recalled: str = ""
    failed: str = ""


_lot = msgspec.json.Decoder(_Lot).decode


# --- Goods ---------------------------------------------------------------------------------------


def unit_of(said: str) -> str:
    """Return the unit of a lot; the first day of a station called grams `g`."""
    return PIECE if said == PIECE else GRAM


def lot_state(connection: Connection, lot: str) -> _Lot | None:
    """Return a lot as far as a sale needs it; None if it was never taken in."""
    row = connection.execute(
        "SELECT data FROM states WHERE kind = 'lot' AND entity = "
        "coalesce((SELECT root FROM roots WHERE identity = ?1), ?1)",
        (lot,),
    ).fetchone()
    state = _lot(row[0]) if row else None
    return state if state is not None and state.founder else None


def price_of(connection: Connection, key: str) -> int:
    """Return the price that stands for a lot or a product, 0 for none."""
    row = connection.execute("SELECT price_fen FROM prices WHERE goods = ?", (key,)).fetchone()
    return int(row[0]) if row else 0


def lot_name(connection: Connection, produce: str, grade: str) -> str:
    """Return what a lot is called: its sort as the county calls it, and its grade."""
    known = reference.produce_named(connection, produce)
    return " ".join(part for part in (known.name if known else produce, grade) if part)


def on_shelf(connection: Connection, key: str, day: str) -> OnShelf | None:
    """Return what a rule sees of a lot, or of a product by its code, at the price of a day."""
    lot = lot_state(connection, key)
    if lot is not None:
        return OnShelf(
            name=lot_name(connection, lot.produce, lot.grade),
            ownership=lot.ownership,
            unit=unit_of(lot.unit),
            on_shelf=lot.on_shelf,
            in_stock=lot.on_shelf + lot.in_transit + lot.at_hub + lot.difference,
            cost_fen=lot.cost_fen,
            shares=lot.shares,
            price_fen=price_of(connection, key),
            blocked=lot.recalled or lot.failed,
            blocked_by="recalled" if lot.recalled else "failed" if lot.failed else "",
        )
    product = reference.product(connection, key)
    if product is None:
        return None
    return OnShelf(
        name=product.name,
        ownership=SHOP,
        unit=PIECE,
        price_fen=price_of(connection, key) or product.price_on(day),
        blocked="" if product.may_be_sold else product.remark or product.policy,
    )


class Shelf:
    """Goods as the page shows them. small: (growers, day) → the line below a lot's name."""

    def __init__(self, people: People, small: Callable[[Sequence[str], bool, str], str]) -> None:
        """Name growers by `people`."""
        self._people = people
        self._small = small

    def goods(self, connection: Connection, key: str, day: str) -> Goods | None:
        """Return a lot by its identity, or a product by its code; None if nobody knows it."""
        seen = on_shelf(connection, key, day)
        if seen is None:
            return None
        if seen.ownership == SHOP:
            product = reference.product(connection, key)
            assert product is not None
            return Goods(
                ownership=SHOP,
                lot="",
                product=key,
                unit=PIECE,
                word=product.unit,
                name=product.name,
                small=product.spec,
                price_fen=seen.price_fen,
                blocked=seen.blocked,
            )
        lot = lot_state(connection, key)
        assert lot is not None
        sort = sort_of(connection, lot.produce, day)
        is_same_unit = sort is not None and sort.unit == seen.unit
        growers = [self._name(connection, share.person) for share in lot.shares]
        return Goods(
            ownership=lot.ownership,
            lot=key,
            product="",
            unit=seen.unit,
            word=sort.word if sort and seen.unit == PIECE else "",
            name=seen.name,
            small=self._small(growers, lot.ownership == OWN, lot.day),
            here=seen.on_shelf,
            price_fen=seen.price_fen,
            usual_fen=sort.price_fen if sort and is_same_unit else 0,
            floor_fen=seen.floor_fen,
            blocked=seen.blocked,
            blocked_by=seen.blocked_by,
        )

    def filled(
        self,
        connection: Connection,
        lines: Sequence[GoodsLine],
        day: str,
        *,
        basket: str,
        words: str,
    ) -> Filling:
        """Return a basket of these lines, with the goods as they are on a day."""
        items = tuple(
            Item(
                goods=goods,
                quantity=line.quantity,
                price_fen=line.price_fen,
                discount_fen=line.discount_fen,
                reason=line.reason,
                consent=line.consent,
                weighed=line.weighed,
                frame=line.frame,
            )
            for line in lines
            if (goods := self.goods(connection, line.lot or line.product, day)) is not None
        )
        return Filling(items=items, basket=basket, words=words)

    def _name(self, connection: Connection, person: str) -> str:
        known = self._people.person(connection, person)
        return known.name if known else ""


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot on the shelf, in a list."""

    lot: str
    code: str
    produce: str
    grade: str
    unit: str
    ownership: str
    on_shelf: int
    day: str


def lots_here(connection: Connection) -> tuple[LotRow, ...]:
    """Return the lots of which something lies here, the oldest first: that is sold first."""
    rows = connection.execute(
        "SELECT entity, code, produce, grade, unit, ownership, on_shelf, day FROM lots "
        "WHERE on_shelf > 0 ORDER BY day, code, entity LIMIT ?",
        (LOTS_MAX,),
    ).fetchall()
    return tuple(LotRow(*row) for row in rows)


def lot_of_code(connection: Connection, digits: str) -> str:
    """Return the lot with these digits of its trace code, "" for none."""
    row = connection.execute(
        "SELECT entity FROM lots WHERE code = ? AND code != ''", (digits,)
    ).fetchone()
    return str(row[0]) if row else ""


def lot_of_prefix(connection: Connection, prefix: str) -> str:
    """Return the lot whose identity begins so, as its label says, "" for none."""
    row = connection.execute(
        "SELECT entity FROM lots WHERE entity >= ? AND entity < ? LIMIT 1", (prefix, prefix + "g")
    ).fetchone()
    return str(row[0]) if row else ""


def lots_of_sort(connection: Connection, code: str) -> tuple[str, ...]:
    """Return the lots on the shelf that are of a sort, by the code that a scale prints."""
    known = reference.produce_named(connection, code)
    names = {code, known.name, known.name.partition("(")[0]} if known else {code}
    return tuple(row.lot for row in lots_here(connection) if row.produce in names)


@lru_cache(maxsize=2_000)
def _spelled(name: str) -> tuple[str, str]:
    spelling = spell(name)
    return spelling.pinyin.replace(" ", ""), spelling.initials


def find_lots(connection: Connection, typed: str) -> tuple[str, ...]:
    """Return the lots on the shelf whose name has this in it, or is spelled or abbreviated so."""
    bare = typed.strip().lower()
    if not bare:
        return ()
    found = []
    for row in lots_here(connection):
        name = lot_name(connection, row.produce, row.grade)
        pinyin, initials = _spelled(name)
        if bare in name.lower() or pinyin.startswith(bare) or initials.startswith(bare):
            found.append(row.lot)
    return tuple(found[:FOUND_MAX])


# --- Baskets that wait ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A basket that waits. device: the PC at which it lies; at: UTC ms."""

    basket: str
    device: str
    amount_fen: int
    lines: int
    day: str
    at: int


def held(connection: Connection) -> tuple[HeldRow, ...]:
    """Return the baskets that wait, of all PCs, the oldest first."""
    rows = connection.execute(
        "SELECT entity, device, amount_fen, lines, day, at FROM baskets WHERE status = ? "
        "ORDER BY at, entity",
        (HELD,),
    ).fetchall()
    return tuple(HeldRow(*row) for row in rows)


def count_held(connection: Connection, device: str) -> int:
    """Return how many wait at a PC."""
    row = connection.execute(
        "SELECT count(*) FROM baskets WHERE status = ? AND device = ?", (HELD, device)
    ).fetchone()
    return int(row[0])


def basket_state(connection: Connection, basket: str) -> Basket | None:
    """Return a basket as it stands."""
    row = connection.execute(
        "SELECT data FROM states WHERE kind = ? AND entity = ?", (BASKET.name, basket)
    ).fetchone()
    return _basket(row[0]) if row else None
