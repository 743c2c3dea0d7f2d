"""Photos of slips at the desk: those that a station's fact names, and those that a clerk adds.

Both lie under one roof (`county_server.blobs`), and both are pictures that this program has drawn
itself: a station's was, a clerk's is before it is kept. A clerk's stands beside the slip until her
confirmation names it. They are handed out as exactly what they are, to be shown and not to be run.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
from sqlalchemy import Connection, exists, or_, select
from starlette.responses import Response

from county_server.blobs import CountyBlobs
from county_server.desks.pen import Refused
from county_server.store import Store
from county_server.web.frame import HEADERS
from station_app.journal.blob import blob_name
from station_app.services.pictures.facts import PictureKept

_SORTS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_kept = msgspec.json.Decoder(PictureKept).decode
_FOLDER = "photos"  # where earlier versions kept them, beside the database


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that belongs to a thing. hash: BLAKE2b-256 in hex; by: code of a clerk or a station.

    is_here: its bytes have arrived; a station's may still be on the way.
    """

    hash: str
    by: str
    at: int
    is_here: bool


def photos_of(store: Store, connection: Connection, station: str, entity: str) -> list[Photo]:
    """Return the photos of a thing, the first first: the station's, then the clerks'."""
    found: dict[str, Photo] = {}
    rows = [
        *_named(store, connection, station, entity),
        *_added(store, connection, station, entity),
    ]
    here = CountyBlobs(store, connection, station).here({name for name, _, _ in rows})
    for name, by, at in rows:
        found.setdefault(name, Photo(name, by, at, name in here))
    return list(found.values())


def photos_beside(
    store: Store, connection: Connection, station: str, things: Collection[str]
) -> list[Photo]:
    """Return the photos that a station kept for facts of these things, in the act of each.

    A picture is a fact of its own beside the one that it is for; an act that was undone has none.
    """
    f, p, names = store.tables.facts.alias(), store.tables.facts.alias(), store.tables.blob_names
    undone = store.tables.reversals.c
    is_undone = exists().where(
        undone.station == p.c.station, undone.stream == p.c.stream, undone.act == p.c.act
    )
    rows = connection.execute(
        select(names.c.hash, p.c.at, p.c.body, f.c.kind)
        .join(p, (p.c.station == names.c.station) & (p.c.identity == names.c.identity))
        .join(f, (f.c.station == p.c.station) & (f.c.stream == p.c.stream) & (f.c.act == p.c.act))
        .where(names.c.station == station, p.c.kind == PictureKept.KIND, ~is_undone)
        .where(or_(f.c.identity.in_(things), f.c.entity.in_(things)))
        .order_by(p.c.at, names.c.hash)
    ).all()
    here = CountyBlobs(store, connection, station).here({row[0] for row in rows})
    found: dict[str, Photo] = {}
    for name, at, body, kind in rows:
        if _kept(bytes(body)).fact_kind == kind:
            found.setdefault(name, Photo(name, station, at, name in here))
    return list(found.values())


def shown(content: bytes | None) -> Response:
    """Return a photo as exactly what it is, to be shown and not to be run; 404 for none."""
    sort = sort_of(content or b"")
    if content is None or not sort:
        return Response(status_code=404, headers=HEADERS)
    headers = HEADERS | {"Content-Security-Policy": "default-src 'none'; sandbox"}
    headers["Cache-Control"] = "private, no-store"
    return Response(content, media_type=sort, headers=headers)


def _named(
    store: Store, connection: Connection, station: str, entity: str
) -> Iterator[tuple[str, str, int]]:
    facts, names = store.tables.facts, store.tables.blob_names
    rows = connection.execute(
        select(names.c.hash, facts.c.stream, facts.c.by_, facts.c.at)
        .join(facts, (facts.c.station == names.c.station) & (facts.c.identity == names.c.identity))
        .where(names.c.station == station)
        .where(or_(facts.c.identity == entity, facts.c.entity == entity))
        .order_by(facts.c.at, names.c.hash)
    )
    for name, stream, by, at in rows:
        is_from_station = stream.startswith(f"{station}/")
        yield name, station if is_from_station else by, at


def _added(
    store: Store, connection: Connection, station: str, entity: str
) -> Iterator[tuple[str, str, int]]:
    table = store.tables.photos
    rows = connection.execute(
        select(table.c.hash, table.c.by_, table.c.at)
        .where(table.c.station == station, table.c.entity == entity)
        .order_by(table.c.at, table.c.hash)
    )
    yield from ((row[0], row[1], row[2]) for row in rows)


def added_by_clerks(store: Store, connection: Connection, station: str, entity: str) -> list[str]:
    """Return the photos that clerks have added to a thing."""
    return [name for name, _, _ in _added(store, connection, station, entity)]


def add(  # noqa: PLR0913 - a row of the table
    store: Store,
    connection: Connection,
    station: str,
    entity: str,
    content: bytes,
    *,
    by: str,
    at: int,
) -> str:
    """Keep a picture that was drawn here (`security.pictures`), and who added it; return its name.

    A photo that was erased before is not taken again: the name comes back, and nothing is kept.
    """
    blobs = CountyBlobs(store, connection, station)
    name = blob_name(content)
    if blobs.is_gone(name):
        return name
    blobs.put(content, at)
    row: dict[str, object] = {"station": station, "entity": entity, "hash": name}
    row |= {"sort": "image/jpeg", "by_": by, "at": at}
    connection.execute(store.upsert(store.tables.photos, keeps=True), [row])
    return name


def sort_of(content: bytes) -> str:
    """Return the type of a picture by its first bytes, "" for what is none."""
    from station_app.security.pictures import format_of

    return _SORTS.get(format_of(content), "")


def bring_in(store: Store, folder: Path) -> int:
    """Take photos in that an earlier version kept as files, remove the files; return how many."""
    old = folder / _FOLDER
    if not old.is_dir():
        return 0
    taken = 0
    table = store.tables.photos
    with store.write() as connection:
        rows = connection.execute(select(table.c.station, table.c.hash, table.c.at)).all()
        for station, name, at in rows:
            path = old / name[:2] / name
            content = path.read_bytes() if path.is_file() else b""
            if content and blob_name(content) == name:
                CountyBlobs(store, connection, station).put(content, at)
                taken += 1
    for path in sorted(old.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    old.rmdir()
    return taken


def drawn(content: bytes) -> bytes:
    """Return a picture as it may be kept; raises Refused with the sentence of why not."""
    from county_server.pictures_apart import drawn_apart
    from station_app.security.pictures import PictureRefused

    try:
        return drawn_apart(content)
    except PictureRefused as refused:
        raise Refused(f"photo_{refused.reason}") from refused
