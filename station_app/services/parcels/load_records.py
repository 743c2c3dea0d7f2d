"""What decides about loads, read inside their act: what is to leave, what left already."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from station_app.journal.log import Connection
from station_app.journal.series import take_number
from station_app.reference import records as reference
from station_app.services.parcels.bag_records import (
    LOOK_BACK_DAYS,
    bag_with,
    emptied,
    leaving,
    manifests,
)
from station_app.services.parcels.commands import LoadVan, SendToVillage
from station_app.services.parcels.gathering import Gatherer
from station_app.services.parcels.load_facts import LoadedBag, LoadedPiece
from station_app.services.parcels.loading import Loading, Sending
from station_app.services.parcels.manifests import VAN, VILLAGE, Manifest
from station_app.values.codes import BAG, identity_payload, make_code
from station_app.values.day import add_days, local_midnight
from station_app.values.goods_out import GoodsOut
from station_app.values.now import Now

SERIES = "parcels.manifest"
WEEK_DAYS = 7


class LoadDesk:
    """Reads what the rules of loads need."""

    def __init__(self, gatherer: Gatherer) -> None:
        """Ask `gatherer` who knows of produce that left."""
        self._gatherer = gatherer

    def loading(self, connection: Connection, _command: LoadVan, now: Now) -> Loading:
        """Return what is to leave for the hub, and take the number of its list."""
        return Loading(
            number=take_number(connection, SERIES),
            pieces=self.pieces(connection, now.day),
            goods=self.goods(connection, now.day),
            bags=self.bags(connection, now.day),
        )

    def pieces(self, connection: Connection, day: str) -> tuple[LoadedPiece, ...]:
        """Return the parcels that were given back and stand on no list."""
        listed = {p.waybill for one in _loads(connection, VAN, day) for p in one.pieces}
        return tuple(
            LoadedPiece(courier=one.courier, waybill=one.waybill)
            for one in leaving(connection, "", day)
            if one.waybill not in listed
        )

    def bags(self, connection: Connection, day: str) -> tuple[LoadedBag, ...]:
        """Return the bags that were emptied here lately and stand on no list."""
        listed = {b.bag for one in _loads(connection, VAN, day) for b in one.bags}
        here = emptied(connection, add_days(day, -LOOK_BACK_DAYS))
        return tuple(
            LoadedBag(bag=one, code=code) for one, code in here.items() if one not in listed
        )

    def goods(self, connection: Connection, day: str) -> tuple[GoodsOut, ...]:
        """Return the produce that left for the hub and stands on no list."""
        listed = {g.dispatch for one in _loads(connection, VAN, day) for g in one.goods}
        since = local_midnight(add_days(day, -LOOK_BACK_DAYS))
        found = self._gatherer.goods(connection, since)
        return tuple(one for one in found if one.dispatch not in listed)

    def sending(self, connection: Connection, command: SendToVillage, now: Now) -> Sending:
        """Return what decides whether a village's load leaves."""
        left = _loads(connection, VILLAGE, now.day)
        waybills = [waybill for waybill, _ in command.pieces]
        number = take_number(connection, SERIES)
        said = f"{now.station}/{now.device}/{number}/{now.at}"
        made = identity_payload(hashlib.sha256(said.encode()).hexdigest())
        return Sending(
            number=number,
            made_code=make_code(BAG, made),
            villages=villages_of(connection, now.station),
            bags={one: bag_with(connection, one, now.day) for one in waybills},
            left={p.waybill for one in left for p in one.pieces},
            codes={one.code for one in left},
        )


def villages_of(connection: Connection, station: str) -> dict[str, str]:
    """Return the villages below a township's station, by code; none below any other.

    A village is called as people call it: what its station is called besides is of no use in a van.
    """
    here = reference.station(connection, station)
    if here is None or here.level != "township":
        return {}
    below = reference.stations_below(connection, station)
    return {one.code: one.village or one.name for one in below}


def loads_of_day(connection: Connection, day: str) -> dict[str, int]:
    """Return how many pieces left for each village on a day."""
    found: dict[str, int] = {}
    for one in manifests(connection, day, VILLAGE):
        if one.day == day:
            found[one.station] = found.get(one.station, 0) + len(one.pieces)
    return found


@dataclass(frozen=True, slots=True)
class VillageTotals:
    """How a village's parcels stand at its township.

    coming: announced and not here; here: counted out of bags and not left; today, week: left.
    """

    code: str
    name: str
    coming: int = 0
    here: int = 0
    today: int = 0
    week: int = 0


def village_totals(connection: Connection, now: Now) -> tuple[VillageTotals, ...]:
    """Return how every village stands: each piece in one column, what nobody announced in none."""
    villages = villages_of(connection, now.station)
    if not villages:
        return ()
    waiting = dict(unsorted(connection, now.day))
    gone = left_already(connection, now.day)
    counts: dict[str, dict[str, int]] = {code: {} for code in villages}
    for waybill, station in announced_lately(connection, now.day):
        if station in counts and waybill not in gone:
            place = "here" if waybill in waiting else "coming"
            counts[station][place] = counts[station].get(place, 0) + 1
    for one in _loads(connection, VILLAGE, now.day):
        mine = counts.get(one.station)
        if mine is None or one.day <= add_days(now.day, -WEEK_DAYS):
            continue
        mine["week"] = mine.get("week", 0) + len(one.pieces)
        if one.day == now.day:
            mine["today"] = mine.get("today", 0) + len(one.pieces)
    return tuple(VillageTotals(code, name, **counts[code]) for code, name in villages.items())


def announced_lately(connection: Connection, day: str) -> list[tuple[str, str]]:
    """Return what was announced in these weeks, as last said: (waybill, station)."""
    rows = connection.execute(
        "SELECT waybill, station FROM announcements WHERE since >= ?",
        (add_days(day, -LOOK_BACK_DAYS),),
    ).fetchall()
    return [(str(waybill), str(station)) for waybill, station in rows]


def left_already(connection: Connection, day: str) -> set[str]:
    """Return the pieces that left for a village lately."""
    return {p.waybill for one in _loads(connection, VILLAGE, day) for p in one.pieces}


def bags_left(connection: Connection, day: str) -> set[str]:
    """Return the codes of the bags that left for villages lately."""
    return {one.code for one in _loads(connection, VILLAGE, day)}


@dataclass(frozen=True, slots=True)
class ToSort:
    """What a township that sorts works on: read once, since scanning is no fact.

    waiting: courier by waybill of what came and has not left; left, bags: pieces and codes of bags
    that left lately; today: pieces that left today; said: of how many the county spoke, with these.
    """

    villages: Mapping[str, str]
    waiting: Mapping[str, str]
    left: Collection[str]
    bags: Collection[str]
    today: int
    said: int


def to_sort(connection: Connection, now: Now) -> ToSort:
    """Return what is to be sorted at a township."""
    villages = villages_of(connection, now.station)
    loads = _loads(connection, VILLAGE, now.day) if villages else []
    left = {piece.waybill for one in loads for piece in one.pieces}
    today = sum(len(one.pieces) for one in loads if one.day == now.day)
    announced = announced_lately(connection, now.day) if villages else []
    said = {waybill for waybill, station in announced if station in villages} - left
    return ToSort(
        villages=villages,
        waiting=_came(connection, now.day, left) if villages else {},
        left=left,
        bags={one.code for one in loads},
        today=today,
        said=today + len(said),
    )


def _came(connection: Connection, day: str, left: Collection[str]) -> dict[str, str]:
    """Return what came by a list lately and is not among what left: courier by waybill."""
    since = add_days(day, -LOOK_BACK_DAYS)
    return {
        p.waybill: p.courier
        for one in manifests(connection, since, "in")
        for p in one.pieces
        if p.state != "missing" and p.waybill not in left
    }


def unsorted(connection: Connection, day: str) -> tuple[tuple[str, str], ...]:
    """Return what came by a list lately and left for no village: (waybill, courier)."""
    return tuple(_came(connection, day, left_already(connection, day)).items())


def _loads(connection: Connection, direction: str, day: str) -> list[Manifest]:
    return manifests(connection, add_days(day, -LOOK_BACK_DAYS), direction)
