"""Bags on their way to stations, as the hub sees them, and what still waits for a bag.

A bag is announced by the county's word and received by the station's: what came of it stands where
both are known. A township that sorts sends bags on; these stand in the same list.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, and_, select

from county_server.desks.bags.posts import Post, above
from county_server.desks.bags.reading import Known
from county_server.store import Store
from station_app.services.parcels.announcements import ANNOUNCEMENT
from station_app.services.parcels.bags import BAG
from station_app.services.parcels.facts import ListedPiece
from station_app.services.parcels.manifests import ANNOUNCED_BAG, MANIFEST, AnnouncedBag
from station_app.values.day import add_days

LOOK_BACK_DAYS = 14
BAGS_MAX = 2_000
COMING, HERE, OPENED = "coming", "here", "opened"
_OWN = re.compile(r"[A-Z]{2}[0-9]{4}-[0-9]{6}-[0-9]{2,}", re.ASCII)
_AS_LISTED: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
_bag = msgspec.json.Decoder(AnnouncedBag).decode


class _Counted(msgspec.Struct):
    """Of a list that was signed, what is read here."""

    pieces: tuple[ListedPiece, ...] = ()


_list = msgspec.json.Decoder(_Counted).decode


@dataclass(frozen=True, slots=True)
class Line:
    """A bag that was announced. day: received or opened.

    missing, extra: pieces that were not in it, or on no list, once it was counted.
    """

    station: str
    entity: str
    state: AnnouncedBag
    step: str
    day: str
    missing: frozenset[str] = frozenset()
    extra: frozenset[str] = frozenset()

    @property
    def is_ours(self) -> bool:
        """Tell whether the hub sent it, and no township."""
        return _OWN.fullmatch(self.state.manifest) is not None


def number_of(lines: Iterable[Line], station: str, day: str) -> str:
    """Return the number of the next list to a station: no two bear the same one."""
    stem = f"{station}-{day[2:].replace('-', '')}-"
    used = [one.state.manifest for one in lines if one.station == station]
    places = [int(one.removeprefix(stem)) for one in used if re.fullmatch(stem + r"\d+", one)]
    return f"{stem}{max(places, default=0) + 1:02}"


def read_lines(store: Store, connection: Connection, today: str) -> list[Line]:
    """Return the bags of the last two weeks, the newest first."""
    said, came = store.tables.read[ANNOUNCED_BAG.name].c, store.tables.read[BAG.name]
    states = store.tables.states
    is_state = and_(
        states.c.station == said.station,
        states.c.kind == ANNOUNCED_BAG.name,
        states.c.entity == said.entity,
    )
    is_bag = and_(
        came.c.station == said.station,
        came.c.code == said.code,
        came.c.manifest == said.manifest,
    )
    since = add_days(today, -LOOK_BACK_DAYS)
    rows = connection.execute(
        select(
            said.station, said.entity, states.c.data,
            came.c.entity.label("bag"), came.c.day, came.c.opened_day,
        )
        .select_from(store.tables.read[ANNOUNCED_BAG.name])
        .join(states, is_state)
        .outerjoin(came, is_bag)
        .where(said.since >= since)
        .order_by(said.since.desc(), said.manifest.desc(), said.station)
        .limit(BAGS_MAX)
    ).all()  # fmt: skip
    counted = _counted(store, connection, since)
    found = []
    for row in rows:
        missing, extra = counted.get((row.station, row.bag), _AS_LISTED)
        step = OPENED if row.opened_day else HERE if row.day else COMING
        day = row.opened_day or row.day or ""
        state = _bag(bytes(row.data))
        found.append(Line(row.station, row.entity, state, step, day, missing, extra))
    return found


def _counted(
    store: Store, connection: Connection, since: str
) -> dict[tuple[str, str], tuple[frozenset[str], frozenset[str]]]:
    """Return what was missing from bags and what was too many, by station and bag."""
    lists, states = store.tables.read[MANIFEST.name], store.tables.states
    is_state = and_(
        states.c.station == lists.c.station,
        states.c.kind == MANIFEST.name,
        states.c.entity == lists.c.entity,
    )
    rows = connection.execute(
        select(lists.c.station, lists.c.bag, states.c.data)
        .join_from(lists, states, is_state)
        .where(lists.c.direction == "in", lists.c.day >= since, lists.c.bag != "")
    )
    found = {}
    for station, bag, data in rows:
        pieces = _list(bytes(data)).pieces
        missing, extra = (
            frozenset(one.waybill for one in pieces if one.state == state)
            for state in ("missing", "extra")
        )
        if missing or extra:
            found[station, bag] = (missing, extra)
    return found


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many parcels that were announced for stations below wait for a bag to one of them."""

    station: str
    pieces: int


def known_parcels(
    store: Store, connection: Connection, lines: Iterable[Line], today: str
) -> dict[str, Known]:
    """Return what the county knows of the waybills of these weeks.

    A piece that was missing when its bag was counted is in none: it lies at the hub, or turns up.
    """
    table = store.tables.read[ANNOUNCEMENT.name].c
    rows = connection.execute(
        select(table.waybill, table.courier, table.station)
        .where(table.station == table.its_station)
        .where(table.since >= add_days(today, -LOOK_BACK_DAYS))
        .order_by(table.since)
    )
    known = {row[0]: Known(courier=row[1], station=row[2]) for row in rows}
    for line in lines:
        for piece in line.state.pieces if line.is_ours else ():
            if piece.waybill in line.missing:
                continue
            before = known.get(piece.waybill, Known(courier=piece.courier))
            known[piece.waybill] = Known(before.courier, before.station, line.state.manifest)
    return known


def waiting_of(known: Mapping[str, Known], posts: Mapping[str, Post]) -> list[Waiting]:
    """Return where bags are to be made for, the fullest first."""
    counts: dict[str, int] = {}
    for one in known.values():
        if one.station in posts and not one.bag:
            to = above(posts, one.station) or one.station
            counts[to] = counts.get(to, 0) + 1
    return [Waiting(to, n) for to, n in sorted(counts.items(), key=lambda c: (-c[1], c[0]))]
