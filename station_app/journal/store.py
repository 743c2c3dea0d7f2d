"""The store: an encrypted database that keeps what it has said it kept.

Every connection is set up the same way and says so before anything is written: write-ahead log
with a full sync at each commit (Python's default loses the last sale in a power cut), triggers
that also fire for REPLACE (without them a fact could be overwritten), pages that are wiped when
something is erased. The settings are checked, not trusted: a build without encryption or a disk
without shared memory must stop the program, not weaken it.

There is one transaction of our own, because the drivers begin theirs late or not at all and an
error of COMMIT does not mean "no".
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from station_app.journal.log import Connection
from station_app.journal.reserve import Reserve
from station_app.journal.troubles import (
    BUSY,
    NOTADB,
    CommitUnknown,
    DamagedDatabase,
    DiskFailed,
    StoreTrouble,
    UnsafeSettings,
    WrongKey,
    result_code,
    trouble_of,
)

__all__ = [
    "CommitUnknown",
    "DamagedDatabase",
    "StoreTrouble",
    "WrongKey",
    "check_whole",
    "open_copy",
    "open_reader",
    "open_writer",
    "transaction",
    "wipe_erased",
]

KEY_BYTES = 32
BUSY_WAIT_MS = 5_000  # the nightly copy reads for a moment; nobody else writes
SAVEPOINT = "inner"
QUICK_CHECK_STEPS = 25  # of 100 operations: 10 MB in some 25 ms, however large the journal is
PLAIN_HEADER = b"SQLite format 3\0"

# What every connection is set to, and the value that it must then report.
SETTINGS: tuple[tuple[str, str, str | int], ...] = (
    ("busy_timeout", str(BUSY_WAIT_MS), BUSY_WAIT_MS),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("recursive_triggers", "ON", 1),
    ("foreign_keys", "ON", 1),
    ("secure_delete", "ON", 1),
    ("temp_store", "MEMORY", 2),  # a sort of names must not spill to the disk in the clear
    ("trusted_schema", "OFF", 0),
    ("cell_size_check", "ON", 1),
)
# What a connection with a key must report besides: the format of SQLCipher 4.
CIPHER: tuple[tuple[str, str], ...] = (
    ("cipher_page_size", "4096"),
    ("cipher_use_hmac", "1"),
    ("cipher_hmac_algorithm", "HMAC_SHA512"),
    ("cipher_plaintext_header_size", "0"),
)


class Database(dbapi2.Connection):  # type: ignore[misc] # the driver ships no types
    """A connection that knows the reserve of its disk."""

    reserve: Reserve | None = None


def open_writer(path: Path, key: bytes, *, reserve: Reserve | None = None) -> Database:
    """Open (or make) the database for writing and check it.

    key: 32 random bytes. reserve: made now if there is room, given up when the disk is full.
    Raises WrongKey, DamagedDatabase, UnsafeSettings or another StoreTrouble; then nothing was
    written.
    """
    if not path.exists():
        _make_private(path)
    connection = _open(path, key)
    connection.reserve = reserve
    try:
        apply_settings(connection)
        check_settings(connection)
        check_quickly(connection)
    except BaseException:
        connection.close()
        raise
    if reserve is not None:
        reserve.keep()
    return connection


def open_reader(path: Path, key: bytes) -> Database:
    """Open the database so that nothing can be written through this connection."""
    if not path.exists():
        raise DiskFailed(f"{path} does not exist")
    connection = _open(path, key)
    try:
        apply_settings(connection)
        connection.execute("PRAGMA query_only = ON")
        check_settings(connection)
        if connection.execute("PRAGMA query_only").fetchone() != (1,):
            raise UnsafeSettings("query_only is off", setting="query_only")
    except BaseException:
        connection.close()
        raise
    return connection


def open_copy(path: Path, key: bytes) -> Database:
    """Make an empty database under a key, for a copy of another's pages; `path` is not there yet.

    It is no journal yet, so it has none of a journal's settings: `check_whole` looks at it after.
    """
    _make_private(path)
    return _open(path, key)


def _make_private(path: Path) -> None:
    """Make the file before the driver does: readable by its owner only."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as problem:
        raise DiskFailed(str(problem)) from problem


def _open(path: Path, key: bytes) -> Database:
    """Connect with a key and touch the first page."""
    assert len(key) == KEY_BYTES, "a raw key has 32 bytes"
    try:
        with path.open("rb") as file:
            is_plain = file.read(len(PLAIN_HEADER)) == PLAIN_HEADER
    except OSError as problem:
        raise DiskFailed(str(problem)) from problem
    if is_plain:
        raise UnsafeSettings(f"{path} is not encrypted", setting="cipher")
    try:
        connection: Database = dbapi2.connect(
            str(path), isolation_level=None, check_same_thread=False, factory=Database
        )
    except dbapi2.Error as error:
        raise _known(error) from error
    try:
        # The library would write each failed page to the terminal; troubles are ours to tell.
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA cipher_compatibility = 4")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except dbapi2.Error as error:
        trouble = _first_page(connection, path) if result_code(error) == NOTADB else _known(error)
        connection.close()
        raise trouble from error
    return connection


def _first_page(connection: Database, path: Path) -> StoreTrouble:
    """Tell a wrong key from a damaged first page: with the right key, other pages verify."""
    pages = path.stat().st_size // 4096
    bad = [row[0] for row in connection.execute("PRAGMA cipher_integrity_check")]
    if len(bad) >= pages:
        return WrongKey(f"no page of {path} verifies")
    return DamagedDatabase(bad[0] if bad else "page 1")


def _known(error: BaseException) -> StoreTrouble:
    return trouble_of(error) or DiskFailed(str(error))


def apply_settings(connection: Connection) -> None:
    """Set what every connection must have; the driver may be any of the three."""
    for name, value, _ in SETTINGS:
        try:
            list(connection.execute(f"PRAGMA {name} = {value}"))
        except Exception as error:
            trouble = trouble_of(error)
            if trouble is None:
                raise
            raise trouble from error


def check_settings(connection: Connection) -> None:
    """Raise UnsafeSettings unless the connection reports every setting, and encryption if ours."""
    for name, _, wanted in SETTINGS:
        _expect(connection, name, wanted)
    if isinstance(connection, Database):
        if connection.execute("PRAGMA cipher_version").fetchone() is None:
            raise UnsafeSettings("this build cannot encrypt", setting="cipher")
        for cipher_name, cipher_wanted in CIPHER:
            _expect(connection, cipher_name, cipher_wanted)


def _expect(connection: Connection, name: str, wanted: str | int) -> None:
    row = connection.execute(f"PRAGMA {name}").fetchone()
    found = row[0] if row else None
    if found != wanted:
        raise UnsafeSettings(f"{name} is {found}, not {wanted}", setting=name)


def check_quickly(connection: Database) -> None:
    """Raise DamagedDatabase if the first trees of the database are damaged.

    Each page that is read proves its own authenticity. The work is bounded by a number of steps,
    so a start is quick after ten years too; `check_whole` looks at everything.
    """
    steps = 0

    def is_enough() -> bool:
        nonlocal steps
        steps += 1
        return steps > QUICK_CHECK_STEPS

    connection.set_progress_handler(is_enough, 100)
    try:
        rows = connection.execute("PRAGMA quick_check(1)").fetchall()
    except dbapi2.Error as error:
        if "interrupted" in str(error):
            return
        raise _known(error) from error
    finally:
        connection.set_progress_handler(None, 0)
    if rows != [("ok",)]:
        raise DamagedDatabase(str(rows[0][0]))


def check_whole(path: Path, key: bytes) -> tuple[str, ...]:
    """Return every damage found in the whole file, in the words of the checks; empty when sound.

    Reads everything, so it runs on demand and by night, with a connection of its own.
    """
    try:
        connection = open_reader(path, key)
    except DamagedDatabase as trouble:
        return (trouble.where,)
    try:
        forged = [str(row[0]) for row in connection.execute("PRAGMA cipher_integrity_check")]
        if forged:  # each names its page; after one such page the structure cannot be read
            return tuple(forged)
        rows = connection.execute("PRAGMA integrity_check").fetchall()
    except dbapi2.Error as error:
        return (_known(error).detail,)
    finally:
        connection.close()
    return tuple(str(row[0]) for row in rows if row[0] != "ok")


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Run the body as one transaction: all of it is on disk afterwards, or nothing.

    Inside another transaction it is a savepoint: an error takes back this part only. Raises
    CommitUnknown when COMMIT fails, another StoreTrouble when the disk fails before it, and
    whatever the body raises.
    """
    if _is_open(connection):
        with _savepoint(connection):
            yield
        return
    _run(connection, "BEGIN IMMEDIATE")
    try:
        yield
    except BaseException as error:
        _roll_back(connection)
        trouble = _explained(connection, error)
        if trouble is None:
            raise
        raise trouble from error
    _commit(connection)


@contextmanager
def _savepoint(connection: Connection) -> Iterator[None]:
    _run(connection, f"SAVEPOINT {SAVEPOINT}")
    try:
        yield
    except BaseException:
        # A full disk may have ended the whole transaction already; then nothing is left to undo.
        if _is_open(connection):
            _run(connection, f"ROLLBACK TO {SAVEPOINT}")
            _run(connection, f"RELEASE {SAVEPOINT}")
        raise
    _run(connection, f"RELEASE {SAVEPOINT}")


def _commit(connection: Connection) -> None:
    try:
        connection.execute("COMMIT")
    except Exception as error:
        trouble = _explained(connection, error)
        is_undecided = trouble is not None and result_code(error) != BUSY
        if _is_open(connection):
            _roll_back(connection)
        if trouble is None:
            raise
        raise (CommitUnknown(trouble) if is_undecided else trouble) from error


def _roll_back(connection: Connection) -> None:
    """Leave the transaction. If not even that works, the connection is good for nothing more."""
    if not _is_open(connection):
        return
    try:
        connection.execute("ROLLBACK")
    except Exception as second:
        trouble = _explained(connection, second) or DiskFailed(str(second))
        raise CommitUnknown(trouble) from second


def _run(connection: Connection, sql: str) -> None:
    try:
        connection.execute(sql)
    except Exception as error:
        trouble = _explained(connection, error)
        if trouble is None:
            raise
        raise trouble from error


def _explained(connection: Connection, error: BaseException) -> StoreTrouble | None:
    """Return the trouble behind an error; a full disk costs the reserve at once."""
    trouble = trouble_of(error)
    reserve: Reserve | None = getattr(connection, "reserve", None)
    if trouble is not None and trouble.reason == "DISK_FULL" and reserve is not None:
        reserve.give_up()
    return trouble


def _is_open(connection: Any) -> bool:
    is_open: bool = connection.in_transaction
    return is_open


def wipe_erased(connection: Connection) -> None:
    """Bring the database file up to date and empty the write-ahead log.

    After an erasure the old pages still stand in the log, encrypted but whole. Readers that are
    at work leave it for the next time.
    """
    _run(connection, "PRAGMA wal_checkpoint(TRUNCATE)")
