"""The blobs of a station: photos in the encrypted database, beside the facts that name them.

In the database, not in files of their own: an act and its photo are lost or kept together, a
backup and the room that is held back for a full disk count them without knowing them, a removed
one is overwritten (`secure_delete`), and the power-loss tests of the journal are theirs too.

What the county has is let go here once there is a lot of it, the oldest first; a page that wants
it again fetches it (`want`). What it does not have is never let go.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from station_app.journal.blob import (
    BLOB_BYTES_MAX,
    GONE,
    WHOLE,
    Waiting,
    blob_name,
    photos_named,
)
from station_app.journal.kinds import PrivateErased
from station_app.journal.log import Connection
from station_app.journal.recorder import Batch

SCHEMA = (
    """CREATE TABLE blobs (
        hash TEXT PRIMARY KEY,
        size INTEGER NOT NULL,
        at INTEGER NOT NULL,
        content BLOB NOT NULL
    )""",
    """CREATE TABLE blob_names (
        hash TEXT NOT NULL,
        identity TEXT NOT NULL,
        PRIMARY KEY (hash, identity)
    ) WITHOUT ROWID""",
    """CREATE TABLE blob_marks (
        hash TEXT NOT NULL,
        county_epoch INTEGER NOT NULL,
        state TEXT NOT NULL,
        held INTEGER NOT NULL,
        PRIMARY KEY (hash, county_epoch)
    ) WITHOUT ROWID""",
    """CREATE TABLE blobs_wanted (hash TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID""",
)

KEPT_BYTES = 64 * 1024 * 1024  # of photos that the county has: two years of a busy station
LOOSE_MS = 7 * 24 * 3_600_000  # a photo that no act has taken: a form left half filled over a week


@dataclass(frozen=True, slots=True)
class Standing:
    """How a blob stands. is_here: its bytes are; state, held: what the county has said of it.

    state: `part`, `whole`, `gone` or ""; held: bytes of it that the county has.
    """

    name: str
    is_here: bool
    state: str = ""
    held: int = 0
    size: int = 0


# --- Keeping -------------------------------------------------------------------------------------


def put(connection: Connection, content: bytes, *, at: int) -> str:
    """Keep a blob and return its name; inside a transaction. The same photo twice is one."""
    assert 0 < len(content) <= BLOB_BYTES_MAX, len(content)
    name = blob_name(content)
    connection.execute(
        "INSERT OR IGNORE INTO blobs(hash, size, at, content) VALUES (?, ?, ?, ?)",
        (name, len(content), at, content),
    )
    connection.execute("DELETE FROM blobs_wanted WHERE hash = ?", (name,))
    return name


def put_named(connection: Connection, content: bytes, *, at: int) -> bool:
    """Keep a blob that came from elsewhere, if a private part here names it; tell whether."""
    if not is_named(connection, blob_name(content)):
        return False
    put(connection, content, at=at)
    return True


def get(connection: Connection, name: str) -> bytes | None:
    """Return the bytes of a blob; None when they are not here, or not what their name says."""
    row = connection.execute("SELECT content FROM blobs WHERE hash = ?", (name,)).fetchone()
    content = bytes(row[0]) if row else b""
    return content if content and blob_name(content) == name else None


def is_named(connection: Connection, name: str) -> bool:
    """Tell whether a private part that is held here names this blob."""
    row = connection.execute("SELECT 1 FROM blob_names WHERE hash = ? LIMIT 1", (name,)).fetchone()
    return row is not None


def names_of(connection: Connection, entity: str) -> tuple[str, ...]:
    """Return the blobs that facts of an entity name, in the order of the facts.

    What was undone shows none any more; the act itself still does.
    """
    rows = connection.execute(
        "SELECT n.hash, min(f.at) FROM facts f JOIN blob_names n ON n.identity = f.identity "
        "WHERE (f.identity IN (SELECT identity FROM folds WHERE root = ?1) OR f.identity = ?1) "
        "AND NOT EXISTS (SELECT 1 FROM reversals r WHERE r.stream = f.stream AND r.act = f.act) "
        "GROUP BY n.hash ORDER BY min(f.at), n.hash",
        (entity,),
    ).fetchall()
    return tuple(row[0] for row in rows)


def standing(connection: Connection, name: str) -> Standing:
    """Return how a blob stands, here and at the county in its present epoch."""
    row = connection.execute("SELECT size FROM blobs WHERE hash = ?", (name,)).fetchone()
    mark = connection.execute(
        "SELECT state, held FROM blob_marks WHERE hash = ? ORDER BY county_epoch DESC LIMIT 1",
        (name,),
    ).fetchone()
    state, held = mark or ("", 0)
    return Standing(name, row is not None, state, held, row[0] if row else 0)


# --- What follows from facts ---------------------------------------------------------------------


def keep_names(connection: Connection, batch: Batch) -> None:
    """Follow an act: what its facts name is named, what an erasure unnames is gone.

    A writer of the recorder, in the transaction of the act.
    """
    _name(connection, ((f.identity, f.private) for f in batch.facts if f.private is not None))
    if any(isinstance(told.body, PrivateErased) for told in batch.told):
        _forget_unnamed(connection)


def rebuild_names(connection: Any) -> None:
    """Make the names anew from the private parts that are held."""
    connection.execute("DELETE FROM blob_names")
    rows = connection.execute(
        "SELECT identity, part FROM privates WHERE instr(part, CAST('\"photo' AS BLOB))"
    ).fetchall()
    _name(connection, ((row[0], bytes(row[1])) for row in rows))


def _name(connection: Connection, parts: Iterable[tuple[str, bytes]]) -> None:
    for identity, part in parts:
        for name in photos_named(part):
            connection.execute(
                "INSERT OR IGNORE INTO blob_names(hash, identity) VALUES (?, ?)", (name, identity)
            )


def _forget_unnamed(connection: Connection) -> None:
    """Remove the blobs whose last private part has just been erased."""
    rows = connection.execute(
        "SELECT hash, identity FROM blob_names n "
        "WHERE NOT EXISTS (SELECT 1 FROM privates p WHERE p.identity = n.identity)"
    ).fetchall()
    for name, identity in rows:
        connection.execute(
            "DELETE FROM blob_names WHERE hash = ? AND identity = ?", (name, identity)
        )
    for name in sorted({row[0] for row in rows}):
        if not is_named(connection, name):
            _drop(connection, name)


def _drop(connection: Connection, name: str) -> None:
    for table in ("blobs", "blob_marks", "blobs_wanted"):
        connection.execute(f"DELETE FROM {table} WHERE hash = ?", (name,))  # noqa: S608 - our own


def sweep(connection: Connection, *, in_use: Iterable[str], now_ms: int) -> int:
    """Remove photos that were attached and never recorded; return how many. At a start.

    in_use: those that a half-filled form still names.
    """
    rows = connection.execute(
        "SELECT hash FROM blobs b WHERE at < ? "
        "AND NOT EXISTS (SELECT 1 FROM blob_names n WHERE n.hash = b.hash)",
        (now_ms - LOOSE_MS,),
    ).fetchall()
    loose = sorted({row[0] for row in rows} - set(in_use))
    for name in loose:
        _drop(connection, name)
    return len(loose)


# --- Up and down ---------------------------------------------------------------------------------


def waiting(connection: Connection, county_epoch: int, *, limit: int) -> Sequence[Waiting]:
    """Return the blobs whose fact the county has confirmed and whose bytes it has not, in order."""
    rows = connection.execute(
        "SELECT b.hash, b.size, coalesce(m.held, 0), EXISTS (SELECT 1 FROM blob_marks o "
        "  WHERE o.hash = b.hash AND o.county_epoch < ?1 AND o.state = 'whole') "
        "FROM blobs b LEFT JOIN blob_marks m ON m.hash = b.hash AND m.county_epoch = ?1 "
        "WHERE coalesce(m.state, '') NOT IN ('whole', 'gone') AND EXISTS ("
        "  SELECT 1 FROM blob_names n JOIN facts f ON f.identity = n.identity "
        "  JOIN acknowledged a ON a.stream = f.stream AND a.county_epoch = ?1 AND a.seq >= f.seq "
        "  WHERE n.hash = b.hash) "
        "ORDER BY b.at, b.hash LIMIT ?2",
        (county_epoch, limit),
    ).fetchall()
    return [Waiting(row[0], row[1], row[2], bool(row[3])) for row in rows]


def unsent(connection: Connection, county_epoch: int) -> Sequence[str]:
    """Return the named blobs that the county does not have yet, confirmed facts or not."""
    rows = connection.execute(
        "SELECT b.hash FROM blobs b LEFT JOIN blob_marks m "
        "ON m.hash = b.hash AND m.county_epoch = ? "
        "WHERE coalesce(m.state, '') NOT IN ('whole', 'gone') "
        "AND EXISTS (SELECT 1 FROM blob_names n WHERE n.hash = b.hash) ORDER BY b.at, b.hash",
        (county_epoch,),
    ).fetchall()
    return [row[0] for row in rows]


def waiting_count(connection: Connection, county_epoch: int) -> int:
    """Return how many named blobs the county does not have yet."""
    return len(unsent(connection, county_epoch))


def mark(connection: Connection, name: str, county_epoch: int, *, state: str, held: int) -> None:
    """Keep what the county has said of a blob; inside a transaction."""
    connection.execute(
        "INSERT INTO blob_marks(hash, county_epoch, state, held) VALUES (?, ?, ?, ?) "
        "ON CONFLICT(hash, county_epoch) DO UPDATE SET state = excluded.state, "
        "held = excluded.held",
        (name, county_epoch, state, held),
    )
    if state == WHOLE:
        _let_go(connection, county_epoch)
    if state == GONE:
        connection.execute("DELETE FROM blobs_wanted WHERE hash = ?", (name,))


def _let_go(connection: Connection, county_epoch: int) -> None:
    """Let the oldest go of what the county has, once it takes more room than it should."""
    rows = connection.execute(
        "SELECT b.hash, b.size FROM blobs b JOIN blob_marks m ON m.hash = b.hash "
        "AND m.county_epoch = ? AND m.state = 'whole' ORDER BY b.at DESC, b.hash",
        (county_epoch,),
    ).fetchall()
    room = KEPT_BYTES
    for name, size in rows:
        room -= size
        if room < 0:
            connection.execute("DELETE FROM blobs WHERE hash = ?", (name,))


def want(connection: Connection, name: str, *, at: int) -> None:
    """Ask for a blob that is named here and not held: it comes with the next exchange."""
    connection.execute(
        "INSERT OR IGNORE INTO blobs_wanted(hash, at) SELECT ?1, ?2 "
        "WHERE NOT EXISTS (SELECT 1 FROM blobs WHERE hash = ?1)",
        (name, at),
    )


def wanted(connection: Connection, *, limit: int) -> Sequence[str]:
    """Return the blobs that a page waits for, the longest waiting first."""
    rows = connection.execute(
        "SELECT w.hash FROM blobs_wanted w WHERE EXISTS "
        "(SELECT 1 FROM blob_names n WHERE n.hash = w.hash) ORDER BY w.at, w.hash LIMIT ?",
        (limit,),
    ).fetchall()
    return [row[0] for row in rows]


def unwant(connection: Connection, name: str) -> None:
    """Wait for a blob no longer: nobody has it."""
    connection.execute("DELETE FROM blobs_wanted WHERE hash = ?", (name,))
