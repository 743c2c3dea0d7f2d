"""What a sort of produce fetched, by grade and day: bought for, at the counter, online. (价格对比)

Beside them stands what the county has published for that day and grade. A price is what was paid
in all, over all that it was paid for: a sack and a bag do not count alike. What came back does not
count. Whose goods they were is not asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, and_, select

from county_server import published
from county_server.desks.hub.sold import read_sold
from county_server.desks.hub.station_lots import states_of
from county_server.desks.master.history import Step, price_steps
from county_server.store import Store
from station_app.ledger.rounding import PIECE, line_fen
from station_app.reference.facts import ProducePublished
from station_app.services.consignment.lots import LOT, OWN
from station_app.services.sales.rules import SALE
from station_app.values.day import local_midnight

BOUGHT, COUNTER, ONLINE, NET = "bought", "counter", "online", "net"
PLACES = (BOUGHT, COUNTER, ONLINE, NET)
MONTH_CHARACTERS = len("2026-11")


@dataclass(frozen=True, slots=True)
class Deal:
    """Goods of a grade that changed hands. place: of PLACES; quantity: grams or pieces."""

    day: str
    grade: str
    place: str
    quantity: int
    fen: int


@dataclass
class Mean:
    """A price out of many deals."""

    quantity: int = 0
    fen: int = 0

    def price_fen(self, unit: str) -> int:
        """Return the price of a kilogram or piece, rounded half up; 0 without a deal."""
        if self.quantity <= 0:
            return 0
        whole = self.fen if unit == PIECE else self.fen * 1000
        return (2 * whole + self.quantity) // (2 * self.quantity)


@dataclass
class Line:
    """A grade on a day, or in a month. listed_fen: as the county published it, 0 for nothing."""

    when: str
    grade: str
    listed_fen: int
    means: dict[str, Mean] = field(default_factory=lambda: {place: Mean() for place in PLACES})

    def beyond(self, place: str, unit: str) -> int | None:
        """Return by how many tenths of a per cent a price lies above what was published."""
        fen = self.means[place].price_fen(unit)
        if not fen or not self.listed_fen:
            return None
        return round((fen - self.listed_fen) * 1000 / self.listed_fen)


@dataclass(frozen=True, slots=True)
class Listed:
    """What the county has published of a sort: prices by day, per cents by grade, in order."""

    steps: Sequence[Step] = ()
    percents: Mapping[str, int] = field(default_factory=dict)

    def fen(self, day: str, grade: str) -> int:
        """Return the price of a grade as it stood on a day, 0 where none was published yet."""
        held = [step.fen for step in self.steps if step.day <= day]
        return held[-1] * self.percents.get(grade, 100) // 100 if held else 0

    def order(self, grade: str) -> int:
        """Return where a grade stands: the best first, unknown ones behind."""
        names = list(self.percents)
        return names.index(grade) if grade in names else len(names)


def lines_of(deals: Iterable[Deal], listed: Listed, *, by_month: bool) -> list[Line]:
    """Return the prices, the newest day first and in it the best grade."""
    found: dict[tuple[str, str], Line] = {}
    last: dict[str, str] = {}
    for deal in deals:
        when = deal.day[:MONTH_CHARACTERS] if by_month else deal.day
        last[when] = max(last.get(when, ""), deal.day)
        line = found.setdefault((when, deal.grade), Line(when, deal.grade, 0))
        mean = line.means[deal.place]
        mean.quantity += deal.quantity
        mean.fen += deal.fen
    for line in found.values():
        line.listed_fen = listed.fen(last[line.when], line.grade)
    ordered = sorted(found.values(), key=lambda line: (listed.order(line.grade), line.grade))
    return sorted(ordered, key=lambda line: line.when, reverse=True)


def read_listed(store: Store, connection: Connection, produce: str, day: str) -> Listed:
    """Return what the county has published of a sort; the grades are those of a day."""
    terms = published.terms_on(store, connection, day).get(produce)
    steps = price_steps(store, connection, produce, ProducePublished.KIND)
    return Listed(steps, {one.name: one.percent for one in terms.grades} if terms else {})


def read_deals(store: Store, connection: Connection, produce: str, since: str) -> list[Deal]:
    """Return what was bought and sold of a sort since a day."""
    lots, sales = store.tables.read[LOT.name].c, store.tables.read[SALE.name].c
    bought = and_(lots.produce == produce, lots.ownership == OWN, lots.day >= since)
    found = [
        Deal(lot.day, lot.grade, BOUGHT, lot.quantity,
             line_fen(lot.quantity, lot.price_fen, lot.unit))
        for _, _, lot in states_of(store, connection, bought)
        if lot.price_fen and not lot.parts
    ]  # fmt: skip
    of_lot = and_(sales.station == lots.station, sales.lot == lots.entity)
    rows = connection.execute(
        select(sales.day, lots.grade, sales.quantity, sales.back_quantity, sales.amount_fen)
        .join_from(store.tables.read[SALE.name], store.tables.read[LOT.name], of_lot)
        .where(lots.produce == produce, sales.day >= since, sales.quantity > sales.back_quantity)
    )
    for day, grade, quantity, back, fen in rows:
        left = quantity - back
        found.append(Deal(day, grade, COUNTER, left, fen * left // quantity))
    for one in read_sold(store, connection, local_midnight(since)):
        if one.produce == produce and one.left > 0:
            gross_fen = one.gross_fen - one.back_gross_fen
            net_fen = one.net_fen - one.back_net_fen
            found.append(Deal(one.day, one.grade, ONLINE, one.left, gross_fen))
            found.append(Deal(one.day, one.grade, NET, one.left, net_fen))
    return found


def read_sorts(store: Store, connection: Connection, since: str) -> dict[str, str]:
    """Return the sorts of which something came in or was sold since a day, with their units."""
    lots, sales = store.tables.read[LOT.name].c, store.tables.read[SALE.name].c
    of_lot = and_(sales.station == lots.station, sales.lot == lots.entity)
    came = select(lots.produce, lots.unit).where(lots.day >= since)
    sold = (
        select(lots.produce, lots.unit)
        .join_from(store.tables.read[SALE.name], store.tables.read[LOT.name], of_lot)
        .where(sales.day >= since)
    )
    rows = connection.execute(came.union(sold)).all()
    return {produce: unit for produce, unit in sorted(map(tuple, rows)) if produce}
