"""What comes back to the hub on the vans: each station's list, counted against what is there.

A list waits from when its station closed it until a fact of the county answers it. Its parcels,
returned goods and empty bags are counted here; its produce is weighed at the desk beside.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import msgspec
from sqlalchemy import Connection, and_, or_, select

from county_server.desks.bags.reading import LINES_MAX, waybill_of
from county_server.store import Store
from station_app.journal.series import printed_number
from station_app.services.parcels.facts import ListedPiece
from station_app.services.parcels.load_facts import UnloadedBag, VanUnloaded
from station_app.services.parcels.manifests import ANNOUNCED_BAG, MANIFEST, Manifest
from station_app.values.codes import (
    BAG,
    SLIP,
    OwnCode,
    Unreadable,
    make_code,
    normalised,
    recognise,
)
from station_app.values.day import add_days
from station_app.values.waybills import CourierPattern

LOOK_BACK_DAYS, SHOWN_DAYS = 60, 7
TO_HUB = ("van", "orders")  # directions of lists of which the hub counts what is there
LISTS_MAX = 500
PIECE, EMPTY = "piece", "bag"
_list = msgspec.json.Decoder(Manifest).decode


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list. kind: `piece` or `bag`; state: `seen`, `missing` or `extra`."""

    kind: str
    code: str
    courier: str = ""
    state: str = "missing"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A list of a van that goes to the hub. entity: the fact that closed it; act: of that fact."""

    station: str
    entity: str
    state: Manifest
    act: str

    @property
    def number(self) -> str:
        """Return its number, as on the paper."""
        return printed_number(self.state.number, self.state.stream)

    @property
    def is_here(self) -> bool:
        """Tell whether it was counted."""
        return bool(self.state.came_day)

    @property
    def items(self) -> tuple[Item, ...]:
        """Return its lines; once it was counted, with what came of each."""
        said = self.state
        if self.is_here:
            pieces = [Item(PIECE, p.waybill, p.courier, p.state) for p in said.came]
            return (*pieces, *(Item(EMPTY, b.code, "", b.state) for b in said.came_bags))
        pieces = [Item(PIECE, p.waybill, p.courier) for p in said.pieces]
        return (*pieces, *(Item(EMPTY, b.code) for b in said.bags))

    @property
    def packages(self) -> int:
        """Return how many packages of produce came along."""
        return sum(one.packages for one in self.state.goods)


def read_arrivals(store: Store, connection: Connection, today: str) -> list[Arrival]:
    """Return what is on its way, the first that left on top, then what came in these days."""
    lists, states = store.tables.read[MANIFEST.name], store.tables.states
    is_state = and_(
        states.c.station == lists.c.station,
        states.c.kind == MANIFEST.name,
        states.c.entity == lists.c.entity,
    )
    facts = store.tables.facts
    is_founder = and_(facts.c.station == lists.c.station, facts.c.identity == lists.c.entity)
    lately = add_days(today, -SHOWN_DAYS)
    rows = connection.execute(
        select(lists.c.station, lists.c.entity, states.c.data, facts.c.act)
        .join_from(lists, states, is_state)
        .join(facts, is_founder)
        .where(lists.c.direction.in_(TO_HUB), lists.c.day >= add_days(today, -LOOK_BACK_DAYS))
        .where(or_(lists.c.came_day == "", lists.c.came_day >= lately))
        .order_by(lists.c.day.desc(), lists.c.station, lists.c.entity)
        .limit(LISTS_MAX)
    )
    found = [Arrival(row[0], row[1], _list(bytes(row[2])), row[3]) for row in rows]
    mine = [one for one in found if one.state.founder and (one.is_here or one.state.has_parcels)]
    return sorted(mine, key=lambda one: (one.is_here, one.state.at, one.station))


def find_arrival(arrivals: Iterable[Arrival], station: str, entity: str) -> Arrival | None:
    """Return one of them."""
    return next((x for x in arrivals if (x.station, x.entity) == (station, entity)), None)


def scanned_arrival(arrivals: Iterable[Arrival], text: str) -> Arrival | None:
    """Return the list of this code or number, or with this piece on it; who waits comes first."""
    bare = normalised(text)
    wanted = {text.strip().upper(), text.strip(), "" if isinstance(bare, Unreadable) else bare}
    for one in arrivals:
        if {one.number, make_code(SLIP, one.act)} & wanted or any(
            item.code in wanted for item in one.items
        ):
            return one
    return None


@dataclass(frozen=True, slots=True)
class Count:
    """A list as it was counted. items: its lines, then what is on no list; faults: unreadable."""

    items: tuple[Item, ...]
    faults: tuple[str, ...] = ()

    def number_of(self, state: str) -> int:
        """Return how many lines are `seen`, `missing` or `extra`."""
        return sum(one.state == state for one in self.items)

    @property
    def difference(self) -> tuple[str, ...]:
        """Return what does not agree, to be told apart from another count."""
        return tuple(f"{x.kind}/{x.code}/{x.state}" for x in self.items if x.state != "seen")

    def said(self, day: str) -> VanUnloaded:
        """Return what the county says of it."""
        return VanUnloaded(
            pieces=tuple(
                ListedPiece(courier=one.courier, waybill=one.code, state=one.state)
                for one in self.items
                if one.kind == PIECE
            ),
            bags=tuple(
                UnloadedBag(code=one.code, state=one.state)
                for one in self.items
                if one.kind == EMPTY
            ),
            day=day,
        )


def count(
    listed: Sequence[Item],
    *,
    scans: str,
    ticked: Collection[str],
    couriers: Sequence[CourierPattern],
    tags: Collection[str],
) -> Count:
    """Count a list. scans: one code a line; ticked: places of lines, from 0; tags: of our bags.

    A piece that was scanned twice is one piece.
    """
    open_lines = {place for place in range(len(listed)) if str(place) not in ticked}
    extra: dict[str, Item] = {}
    faults, known = [], {one.code for one in listed}
    for line in [text.strip() for text in scans.splitlines() if text.strip()][:LINES_MAX]:
        bare = normalised(line)
        code = line if isinstance(bare, Unreadable) else bare
        place = next((n for n in sorted(open_lines) if listed[n].code in (line, code)), None)
        if place is not None:
            open_lines.discard(place)
        elif line not in known and code not in known:
            item = _stranger(code, couriers, tags)
            if item is None:
                faults.append(line)
            else:
                extra[item.code] = item
    counted = tuple(
        replace(one, state="missing" if place in open_lines else "seen")
        for place, one in enumerate(listed)
    )
    return Count((*counted, *extra.values()), tuple(dict.fromkeys(faults)))


def _stranger(code: str, couriers: Sequence[CourierPattern], tags: Collection[str]) -> Item | None:
    """Return what was on no list; None for what is neither a parcel nor a bag."""
    own = recognise(code, ())
    if code in tags or (isinstance(own, OwnCode) and own.kind == BAG):
        return Item(EMPTY, code, "", "extra")
    waybill, candidates = waybill_of(code, couriers)
    if not waybill:
        return None
    return Item(PIECE, waybill, candidates[0] if len(candidates) == 1 else "", "extra")


def known_tags(store: Store, connection: Connection, today: str) -> set[str]:
    """Return the tags of the bags that went out lately."""
    table = store.tables.read[ANNOUNCED_BAG.name].c
    since = add_days(today, -LOOK_BACK_DAYS)
    return set(connection.execute(select(table.code).where(table.since >= since)).scalars())
