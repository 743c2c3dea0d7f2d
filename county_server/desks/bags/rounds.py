"""What couriers bring to the hub: each round counted against what was announced of its courier.

A piece is expected from when it was announced until it was counted in a round, or went into a bag.
What a round lacks may come with the next one, so no difference is a case.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, and_, func, select

from county_server.desks.bags.listing import LOOK_BACK_DAYS
from county_server.desks.bags.reading import Known
from county_server.desks.bags.returning import EMPTY, PIECE, Count, Item, count
from county_server.schema import EVERYWHERE
from county_server.store import Store
from station_app.services.parcels.load_facts import CourierRoundCounted, ListedPiece
from station_app.services.parcels.manifests import MANIFEST, ROUND, Manifest
from station_app.values.day import add_days
from station_app.values.waybills import CourierPattern

HUB, ACTIVE = "hub", "active"
ROUNDS_MAX = 500
ORDER = ("missing", "extra", "seen")  # on the paper
PIECES_MAX = 900  # of one round: more would not fit into one fact
_list = msgspec.json.Decoder(Manifest).decode


@dataclass(frozen=True, slots=True)
class Round:
    """A round that was counted. entity: the fact that says so."""

    entity: str
    state: Manifest

    @property
    def number(self) -> str:
        """Return its number, as on the paper: the day, and which round it was of all."""
        return f"{self.state.day[2:].replace('-', '')}-{self.state.number}"

    def number_of(self, state: str) -> int:
        """Return how many pieces are `seen`, `missing` or `extra`."""
        return sum(one.state == state for one in self.state.pieces)


def hub_of(store: Store, connection: Connection) -> str:
    """Return the code of the hub's own station, "" where the county has described none."""
    table = store.tables.read["station"].c
    found = connection.execute(
        select(table.code)
        .where(table.station == EVERYWHERE, table.level == HUB, table.status == ACTIVE)
        .order_by(table.code)
        .limit(1)
    ).scalar()
    return str(found or "")


def read_rounds(store: Store, connection: Connection, hub: str, today: str) -> list[Round]:
    """Return the rounds of these weeks, the newest first."""
    lists, states = store.tables.read[MANIFEST.name], store.tables.states
    is_state = and_(
        states.c.station == lists.c.station,
        states.c.kind == MANIFEST.name,
        states.c.entity == lists.c.entity,
    )
    rows = connection.execute(
        select(lists.c.entity, states.c.data)
        .join_from(lists, states, is_state)
        .where(lists.c.station == hub, lists.c.direction == ROUND)
        .where(lists.c.day >= add_days(today, -LOOK_BACK_DAYS))
        .order_by(lists.c.day.desc(), lists.c.number.desc())
        .limit(ROUNDS_MAX)
    )
    return [Round(entity, _list(bytes(data))) for entity, data in rows]


def next_number(store: Store, connection: Connection, hub: str) -> int:
    """Return the number of the next round: no two bear the same one."""
    lists = store.tables.read[MANIFEST.name].c
    last = connection.execute(
        select(func.max(lists.number)).where(lists.station == hub, lists.direction == ROUND)
    ).scalar()
    return int(last or 0) + 1


def expected(known: Mapping[str, Known], rounds: Iterable[Round]) -> dict[str, tuple[Item, ...]]:
    """Return what is still to come, by courier: announced, in no bag, in no round before."""
    came = {p.waybill for one in rounds for p in one.state.pieces if p.state != "missing"}
    found: dict[str, list[Item]] = {}
    for waybill, one in sorted(known.items()):
        if one.courier and one.station and not one.bag and waybill not in came:
            found.setdefault(one.courier, []).append(Item(PIECE, waybill, one.courier))
    return {courier: tuple(items) for courier, items in found.items()}


def count_round(
    listed: Sequence[Item], *, courier: str, scans: str, couriers: Sequence[CourierPattern]
) -> Count:
    """Count a round. A bag's tag is no parcel of a courier."""
    counted = count(listed, scans=scans, ticked=(), couriers=couriers, tags=())
    tags = tuple(one.code for one in counted.items if one.kind == EMPTY)
    items = tuple(
        Item(PIECE, one.code, one.courier or courier, one.state)
        for one in counted.items
        if one.kind == PIECE
    )
    return Count(items, (*counted.faults, *tags))


def said(counted: Count, *, courier: str, number: int, day: str) -> CourierRoundCounted:
    """Return what the county says of a round."""
    announced = sum(one.state != "extra" for one in counted.items)
    return CourierRoundCounted(
        number=number,
        courier=courier,
        announced=announced,
        pieces=tuple(
            ListedPiece(courier=one.courier, waybill=one.code, state=one.state)
            for one in sorted(counted.items, key=lambda one: ORDER.index(one.state))
        ),
        day=day,
    )
