"""Where bags and manifests are found: bags on their way, bags here, what is on no list yet."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from station_app.journal.log import Connection
from station_app.journal.series import printed_number
from station_app.ledger.paid_acts import fact
from station_app.reference import records as reference
from station_app.services.parcels import records
from station_app.services.parcels.bags import BAG, Bag
from station_app.services.parcels.facts import ListedPiece
from station_app.services.parcels.manifests import ANNOUNCED_BAG, MANIFEST, AnnouncedBag, Manifest
from station_app.services.parcels.visits import RETURNED, Parcel
from station_app.values.day import add_days
from station_app.values.now import Now

LISTS_MAX = 300
EXPECTED_DAYS = 7  # what was announced longer ago has gone another way
LOOK_BACK_DAYS = 30  # a piece of a bag is shelved within days; what went back leaves with the next


@dataclass(frozen=True, slots=True)
class BagHere:
    """A bag that was received. identity: of its fact; announced: what the county said is in it."""

    identity: str
    state: Bag
    announced: AnnouncedBag | None


def announced_bag(connection: Connection, code: str) -> AnnouncedBag | None:
    """Return the latest announcement of a bag."""
    row = connection.execute(
        "SELECT s.data FROM announced_bags a JOIN states s ON s.kind = ? AND s.entity = a.entity "
        "WHERE a.code = ? ORDER BY a.since DESC, a.entity LIMIT 1",
        (ANNOUNCED_BAG.name, code),
    ).fetchone()
    return msgspec.json.decode(row[0], type=AnnouncedBag) if row else None


def bag(connection: Connection, code: str, manifest: str) -> BagHere | None:
    """Return a bag by its tag and its list."""
    row = connection.execute(
        "SELECT entity FROM bags WHERE code = ? AND manifest = ?", (code, manifest)
    ).fetchone()
    return bag_of(connection, row[0]) if row else None


def bag_of(connection: Connection, identity: str) -> BagHere | None:
    """Return a bag by its identity."""
    root = records.root_of(connection, identity)
    row = connection.execute(
        "SELECT data FROM states WHERE kind = ? AND entity = ?", (BAG.name, root)
    ).fetchone()
    if row is None:
        return None
    state = msgspec.json.decode(row[0], type=Bag)
    announced = announced_bag(connection, state.code)
    is_of_it = announced is not None and announced.manifest == state.manifest
    return BagHere(root, state, announced if is_of_it else None)


def announcement_of(connection: Connection, state: Bag) -> str:
    """Return by which fact a bag was announced, "" when nobody did."""
    row = connection.execute(
        "SELECT entity FROM announced_bags WHERE code = ? AND manifest = ?",
        (state.code, state.manifest),
    ).fetchone()
    return str(row[0]) if row else ""


def manifest_of(connection: Connection, entity: str) -> Manifest | None:
    """Return a list."""
    row = connection.execute(
        "SELECT data FROM states WHERE kind = ? AND entity = ?", (MANIFEST.name, entity)
    ).fetchone()
    return msgspec.json.decode(row[0], type=Manifest) if row else None


def unopened(connection: Connection) -> list[BagHere]:
    """Return the bags that stand here closed, the oldest first."""
    rows = connection.execute(
        "SELECT entity FROM bags WHERE opened_day = '' AND day != '' ORDER BY day, code"
    ).fetchall()
    return [found for (entity,) in rows if (found := bag_of(connection, entity)) is not None]


def is_tag(connection: Connection, code: str) -> bool:
    """Tell whether this is the tag of a bag that was announced or stands here closed."""
    waits = "SELECT 1 FROM bags WHERE code = ? AND opened_day = '' AND day != ''"
    if connection.execute(waits, (code,)).fetchone() is not None:
        return True
    return announced_bag(connection, code) is not None


def emptied(connection: Connection, since: str) -> dict[str, str]:
    """Return the bags that were opened since a day: code by identity, each tag where it was last.

    A tag that stands here closed again is no empty bag.
    """
    rows = connection.execute(
        "SELECT entity, code FROM bags b WHERE opened_day >= ? AND code != '' AND NOT EXISTS ("
        "SELECT 1 FROM bags other WHERE other.code = b.code AND other.entity != b.entity AND ("
        "(other.opened_day = '' AND other.day != '') OR "
        "(other.opened_day, other.day, other.entity) > (b.opened_day, b.day, b.entity))) "
        "ORDER BY opened_day, code",
        (since,),
    ).fetchall()
    return {str(entity): str(code) for entity, code in rows}


def manifests(connection: Connection, since: str, direction: str) -> list[Manifest]:
    """Return the lists of a direction since a day, the newest first."""
    rows = connection.execute(
        "SELECT s.data FROM manifests m JOIN states s ON s.kind = ? AND s.entity = m.entity "
        "WHERE m.direction = ? AND m.day >= ? ORDER BY m.at DESC, m.entity",
        (MANIFEST.name, direction, since),
    ).fetchall()
    return [msgspec.json.decode(data, type=Manifest) for (data,) in rows]


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list as the page of stubs shows it. act: that closed it; village: for which it is."""

    entity: str
    state: Manifest
    act: str
    number: str
    village: str


def all_lists(connection: Connection, since: str) -> tuple[ListRow, ...]:
    """Return the lists of every direction since a day, the newest first."""
    rows = connection.execute(
        "SELECT m.entity, s.data FROM manifests m JOIN states s ON s.kind = ? "
        "AND s.entity = m.entity WHERE m.day >= ? ORDER BY m.at DESC, m.entity LIMIT ?",
        (MANIFEST.name, since, LISTS_MAX),
    ).fetchall()
    found = []
    for entity, data in rows:
        state = msgspec.json.decode(data, type=Manifest)
        founder = fact(connection, entity)
        village = reference.station(connection, state.station) if state.station else None
        found.append(
            ListRow(
                entity=entity,
                state=state,
                act=founder.act if founder else "",
                number=printed_number(state.number, state.stream),
                village=village.name if village else state.station,
            )
        )
    return tuple(found)


def arrived(connection: Connection, day: str) -> dict[str, str]:
    """Return what came loose today, stands on a shelf and on no list: courier by waybill."""
    listed = {
        p.waybill for one in manifests(connection, add_days(day, -1), "in") for p in one.pieces
    }
    rows = connection.execute(
        "SELECT s.data FROM parcels p JOIN states s ON s.kind = 'parcel' AND s.entity = p.entity "
        "WHERE p.day_in = ? ORDER BY p.at_in, p.entity LIMIT ?",
        (day, LISTS_MAX),
    ).fetchall()
    states = [msgspec.json.decode(data, type=Parcel) for (data,) in rows]
    return {
        one.waybill: one.courier
        for one in states
        if one.waybill and not one.bag and one.waybill not in listed
    }


def expected_loose(connection: Connection, seen: Mapping[str, str], now: Now) -> list[ListedPiece]:
    """Return what was announced for here of the couriers of a round without a bag.

    seen: courier by waybill. What lies in an announced bag comes in that one, and what came before
    is no piece of this round.
    """
    since = add_days(now.day, -EXPECTED_DAYS)
    rows = connection.execute(
        "SELECT a.waybill, a.courier FROM announcements a WHERE a.station = ? AND a.since >= ? "
        "ORDER BY a.since, a.waybill",
        (now.station, since),
    ).fetchall()
    couriers = set(seen.values())
    bagged = {p.waybill for one in _announced_bags(connection, since) for p in one.pieces}
    listed = {p.waybill for one in manifests(connection, since, "in") for p in one.pieces}
    return [
        ListedPiece(courier=courier, waybill=waybill, state="seen")
        for waybill, courier in rows
        if courier in couriers
        and waybill not in bagged
        and (waybill in seen or (waybill not in listed and not _was_here(connection, waybill)))
    ]


def _announced_bags(connection: Connection, since: str) -> list[AnnouncedBag]:
    rows = connection.execute(
        "SELECT s.data FROM announced_bags a JOIN states s ON s.kind = ? AND s.entity = a.entity "
        "WHERE a.since >= ?",
        (ANNOUNCED_BAG.name, since),
    ).fetchall()
    return [msgspec.json.decode(data, type=AnnouncedBag) for (data,) in rows]


def _was_here(connection: Connection, waybill: str) -> bool:
    query = "SELECT 1 FROM parcels WHERE waybill = ? LIMIT 1"
    return connection.execute(query, (waybill,)).fetchone() is not None


def bag_with(connection: Connection, waybill: str, day: str) -> str:
    """Return the bag in which a piece was counted lately, "" when it came loose."""
    for one in manifests(connection, add_days(day, -LOOK_BACK_DAYS), "in") if waybill else ():
        counted = (p.waybill == waybill and p.state != "missing" for p in one.pieces)
        if one.bag and any(counted):
            return one.bag
    return ""


def leaving(connection: Connection, courier: str, day: str) -> list[ListedPiece]:
    """Return what was given back to a courier lately and stands on no list yet; "": to anybody."""
    since = add_days(day, -LOOK_BACK_DAYS)
    listed = {p.waybill for one in manifests(connection, since, "returns") for p in one.pieces}
    return [
        ListedPiece(courier=row.courier, waybill=row.waybill or str(row.code), state="seen")
        for row in records.with_status(connection, (RETURNED,))
        if row.closed_day >= since
        and courier in ("", row.courier)
        and (row.waybill or str(row.code)) not in listed
    ]
