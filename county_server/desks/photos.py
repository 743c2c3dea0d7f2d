"""Photos of slips: kept beside the database under the hash of their bytes, and never changed.

Only what begins as a JPEG, PNG or WebP is taken, whatever its name says, and it is handed out with
exactly that type, to be shown and not to be run. The same photo twice is one file.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from county_server.store import Store
from station_app.journal.fact import blake

_WEBP = b"RIFF"
_SIGNATURES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
_HASH_CHARACTERS = 64


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that belongs to an entity. hash: BLAKE2b-256 in hex; sort: "image/png"."""

    hash: str
    sort: str
    by: str
    at: int


def sort_of(content: bytes) -> str:
    """Return the type of a picture by its first bytes, "" for what is none."""
    for signature, sort in _SIGNATURES:
        if content.startswith(signature):
            return sort
    return "image/webp" if content[:4] == _WEBP and content[8:12] == b"WEBP" else ""


class PhotoStore:
    """The folder of photos of one county."""

    def __init__(self, folder: Path) -> None:
        """Keep photos below this folder; it is made with the first."""
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Keep a photo for good; return its hash."""
        name = blake(content).hex()
        path = self._path(name)
        if path.exists():
            return name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = path.with_suffix(f".{os.getpid()}.new")
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(0o600)
        beside.replace(path)
        return name

    def get(self, name: str) -> bytes | None:
        """Return a photo; None when it is not there, or is not what its name says any more."""
        if len(name) != _HASH_CHARACTERS or not name.isalnum() or not name.isascii():
            return None
        try:
            content = self._path(name).read_bytes()
        except OSError:
            return None
        return content if blake(content).hex() == name else None

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name


def photos_of(store: Store, connection: Connection, station: str, entity: str) -> list[Photo]:
    """Return the photos of an entity, the first first."""
    table = store.tables.photos
    rows = connection.execute(
        select(table.c.hash, table.c.sort, table.c.by_, table.c.at)
        .where(table.c.station == station, table.c.entity == entity)
        .order_by(table.c.at, table.c.hash)
    )
    return [Photo(*row) for row in rows]


def attach(store: Store, connection: Connection, station: str, entity: str, photo: Photo) -> None:
    """Keep that a photo belongs to an entity, and who said so."""
    row: dict[str, object] = {"station": station, "entity": entity, "hash": photo.hash}
    row |= {"sort": photo.sort, "by_": photo.by, "at": photo.at}
    connection.execute(store.upsert(store.tables.photos, keeps=True), [row])
