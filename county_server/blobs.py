"""The photos of the county: bytes in the database, under the station whose facts name them.

In the database, as at the stations: what a fact names and what an erasure removes change in one
transaction, every process sees the same, a backup is one thing. A photo is kept for as long as a
private part that is held here names it; what no part names any more is removed at once, and its
name is kept, so that whoever offers it again is told that it is gone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, exists, select

from county_server.journal import in_pieces
from county_server.store import Store
from station_app.journal.blob import BLOB_BYTES_MAX, GONE, PART, WHOLE, blob_name, photos_named
from station_app.journal.fact import Fact
from station_app.sync.blobs import ABSENT, UNNAMED, WRONG


@dataclass(frozen=True, slots=True)
class Held:
    """How a blob stands here. held: bytes from its beginning; size: of the whole, 0 if unknown."""

    state: str
    held: int = 0
    size: int = 0


class CountyBlobs:
    """The blobs of one station on an open connection; changing them needs a writing one."""

    def __init__(self, store: Store, connection: Connection, station: str) -> None:
        """Work on what is kept under `station`."""
        self._store = store
        self._tables = store.tables
        self._connection = connection
        self._station = station

    # --- What follows from facts -----------------------------------------------------------------

    def name(self, facts: Iterable[Fact]) -> None:
        """Keep which blobs these facts name."""
        rows = [
            {"station": self._station, "hash": name, "identity": fact.identity}
            for fact in facts
            if fact.private is not None
            for name in photos_named(fact.private)
        ]
        if rows:
            upsert = self._store.upsert(self._tables.blob_names, keeps=True)
            self._connection.execute(upsert, rows)

    def refuse(self, privates: Iterable[bytes]) -> None:
        """Keep that the blobs of private parts are gone that were dropped as they came."""
        self._bury({name for part in privates for name in photos_named(part)})

    def unname(self, identities: Iterable[str]) -> None:
        """Remove what the private parts of these facts named, now that they are erased."""
        names = self._tables.blob_names
        unnamed: set[str] = set()
        for piece in in_pieces(identities):
            mine = (names.c.station == self._station) & names.c.identity.in_(piece)
            rows = self._connection.execute(select(names.c.hash).where(mine)).all()
            if rows:
                unnamed.update(row[0] for row in rows)
                self._connection.execute(delete(names).where(mine))
        self._bury(unnamed)

    def _bury(self, hashes: set[str]) -> None:
        """Remove those of these blobs that nothing names any more, and remember their names."""
        lonely = sorted(name for name in hashes if not self._is_named(name))
        if not lonely:
            return
        tables = self._tables
        for piece in in_pieces(lonely):
            for table in (tables.blobs, tables.blob_parts, tables.photos):
                self._connection.execute(
                    delete(table).where(table.c.station == self._station, table.c.hash.in_(piece))
                )
        rows = [{"station": self._station, "hash": name} for name in lonely]
        self._connection.execute(self._store.upsert(tables.blobs_gone, keeps=True), rows)

    # --- Taking ----------------------------------------------------------------------------------

    def take(self, name: str, size: int, first: int, piece: bytes, now_ms: int) -> Held:
        """Take a piece of a blob that a fact names; return how it stands then."""
        standing = self.standing(name)
        if standing.state != PART:
            return standing
        known = self._parts(name)
        if known and known[0][1] != size:  # of another length than was said before: all anew
            self._forget_parts(name)
            known = []
        held = sum(length for _, _, length in known)
        if first != held or not piece or not 0 < size <= BLOB_BYTES_MAX or held >= size:
            return Held(PART, held, size)
        part = piece[: size - held]
        row = {"station": self._station, "hash": name, "first": held, "size": size}
        row |= {"length": len(part), "content": part}
        self._connection.execute(self._tables.blob_parts.insert(), [row])
        held += len(part)
        return self._whole(name, size, now_ms) if held == size else Held(PART, held, size)

    def take_whole(self, content: bytes, now_ms: int) -> tuple[str, str]:
        """Take a blob that came in one piece, on a stick; return its name and how it stands."""
        name = blob_name(content)
        standing = self.standing(name)
        if standing.state != PART:
            return name, standing.state
        self._forget_parts(name)
        self.put(content, now_ms)
        return name, WHOLE

    def _whole(self, name: str, size: int, now_ms: int) -> Held:
        parts = self._tables.blob_parts
        rows = self._connection.execute(
            select(parts.c.content)
            .where(parts.c.station == self._station, parts.c.hash == name)
            .order_by(parts.c.first)
        )
        content = b"".join(bytes(row[0]) for row in rows)
        self._forget_parts(name)
        if blob_name(content) != name:
            return Held(WRONG)
        self.put(content, now_ms)
        return Held(WHOLE, size, size)

    def _parts(self, name: str) -> Sequence[tuple[int, int, int]]:
        parts = self._tables.blob_parts
        rows = self._connection.execute(
            select(parts.c.first, parts.c.size, parts.c.length)
            .where(parts.c.station == self._station, parts.c.hash == name)
            .order_by(parts.c.first)
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def _forget_parts(self, name: str) -> None:
        parts = self._tables.blob_parts
        self._connection.execute(
            delete(parts).where(parts.c.station == self._station, parts.c.hash == name)
        )

    def put(self, content: bytes, now_ms: int) -> str:
        """Keep a whole blob and return its name; the caller knows that it is wanted here."""
        name = blob_name(content)
        row = {"station": self._station, "hash": name, "size": len(content), "at": now_ms}
        row |= {"content": content}
        self._connection.execute(self._store.upsert(self._tables.blobs, keeps=True), [row])
        return name

    # --- Looking ---------------------------------------------------------------------------------

    def standing(self, name: str) -> Held:
        """Return how a blob stands: whole, part, gone, or named by no fact that is held."""
        if not self._is_named(name):
            return Held(GONE if self.is_gone(name) else UNNAMED)
        blobs = self._tables.blobs
        row = self._connection.execute(
            select(blobs.c.size).where(blobs.c.station == self._station, blobs.c.hash == name)
        ).first()
        if row is not None:
            return Held(WHOLE, row[0], row[0])
        known = self._parts(name)
        return Held(PART, sum(length for _, _, length in known), known[0][1] if known else 0)

    def here(self, names: Iterable[str]) -> set[str]:
        """Return those of these blobs that are here whole."""
        blobs = self._tables.blobs
        found: set[str] = set()
        for piece in in_pieces(names):
            rows = self._connection.execute(
                select(blobs.c.hash).where(
                    blobs.c.station == self._station, blobs.c.hash.in_(piece)
                )
            )
            found.update(row[0] for row in rows)
        return found

    def get(self, name: str) -> bytes | None:
        """Return a whole blob; None when it is not here, or is not what its name says."""
        blobs = self._tables.blobs
        row = self._connection.execute(
            select(blobs.c.content).where(blobs.c.station == self._station, blobs.c.hash == name)
        ).first()
        content = bytes(row[0]) if row else b""
        return content if content and blob_name(content) == name else None

    def fetch(self, name: str, first: int, length: int) -> tuple[Held, bytes]:
        """Return how a blob stands, and some of its bytes if it is here whole."""
        standing = self.standing(name)
        if standing.state == PART:
            return Held(ABSENT), b""
        content = self.get(name) if standing.state == WHOLE else None
        return standing, (content or b"")[first : first + length]

    def is_gone(self, name: str) -> bool:
        """Tell whether an erasure has removed this blob and nothing names it again."""
        gone = self._tables.blobs_gone
        found = self._connection.execute(
            select(exists().where(gone.c.station == self._station, gone.c.hash == name))
        ).scalar_one()
        return bool(found) and not self._is_named(name)

    def _is_named(self, name: str) -> bool:
        names = self._tables.blob_names
        found = self._connection.execute(
            select(exists().where(names.c.station == self._station, names.c.hash == name))
        ).scalar_one()
        return bool(found)
