"""The store: settings of every connection, keys, secrecy at rest, transactions."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest
from sqlcipher3 import dbapi2

from station_app.journal.store import (
    SETTINGS,
    WrongKey,
    apply_settings,
    check_settings,
    check_whole,
    open_reader,
    open_writer,
    transaction,
    wipe_erased,
)
from station_app.journal.troubles import (
    Busy,
    CommitUnknown,
    DiskFailed,
    StoreTrouble,
    UnsafeSettings,
)

KEY = bytes(range(32))
SECRET = "示样兰15412341001"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def writer(path: Path) -> Iterator[Any]:
    connection = open_writer(path, KEY)
    yield connection
    connection.close()


def test_every_connection_has_every_setting(path: Path, writer: Any) -> None:
    reader = open_reader(path, KEY)
    for connection in (writer, reader):
        for name, _, wanted in SETTINGS:
            assert connection.execute(f"PRAGMA {name}").fetchone() == (wanted,), name
    reader.close()


@pytest.mark.parametrize("name", [name for name, _, _ in SETTINGS if name != "journal_mode"])
def test_a_connection_that_lost_a_setting_is_refused(writer: Any, name: str) -> None:
    weak = {"synchronous": "NORMAL", "trusted_schema": "ON", "temp_store": "FILE"}
    writer.execute(f"PRAGMA {name} = {weak.get(name, '0')}")
    with pytest.raises(UnsafeSettings, match=name):
        check_settings(writer)


def test_another_journal_mode_is_refused(writer: Any) -> None:
    writer.execute("PRAGMA journal_mode = DELETE")
    with pytest.raises(UnsafeSettings, match="journal_mode"):
        check_settings(writer)


def test_a_reader_writes_nothing(path: Path, writer: Any) -> None:
    writer.execute("CREATE TABLE a (x)")
    reader = open_reader(path, KEY)
    with pytest.raises(dbapi2.OperationalError, match="readonly"):
        reader.execute("INSERT INTO a VALUES (1)")
    assert reader.execute("SELECT count(*) FROM a").fetchone() == (0,)
    reader.close()


def test_a_reader_makes_no_database(path: Path) -> None:
    with pytest.raises(DiskFailed):
        open_reader(path, KEY)
    assert not path.exists()


def test_another_key_opens_nothing_and_changes_nothing(path: Path) -> None:
    fill(path)
    before = path.read_bytes()
    for opener in (open_writer, open_reader):
        with pytest.raises(WrongKey) as caught:
            opener(path, bytes(32))
        assert caught.value.text_key == "security.trouble.WRONG_KEY"
    assert path.read_bytes() == before


def test_nothing_that_was_written_can_be_read_from_the_files(path: Path) -> None:
    connection = fill(path, close=False)
    connection.execute("CREATE TEMP TABLE sorted AS SELECT x FROM people ORDER BY x DESC")
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == ["journal.db", "journal.db-shm", "journal.db-wal"]
    planted = [SECRET.encode(form) for form in ("utf-8", "utf-16-le", "gb18030")]
    for file in files:
        content = file.read_bytes()
        assert not any(word in content for word in planted), file.name
    connection.close()
    assert not any(word in path.read_bytes() for word in planted)
    # The search itself bites: the same rows in an open database are found.
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        sqlite3.connect(path).execute("SELECT * FROM sqlite_master").fetchall()
    open_one = sqlite3.connect(path.with_name("open.db"))
    open_one.execute("CREATE TABLE people AS SELECT ? AS x", (SECRET,))
    open_one.commit()
    open_one.close()
    assert planted[0] in path.with_name("open.db").read_bytes()


def test_an_unencrypted_file_is_not_taken_for_the_journal(path: Path) -> None:
    plain = sqlite3.connect(path)
    plain.execute("CREATE TABLE a (x)")
    plain.close()
    with pytest.raises(UnsafeSettings, match="not encrypted"):
        open_writer(path, KEY)


@pytest.mark.usefixtures("writer")
def test_only_the_owner_may_read_the_file(path: Path) -> None:
    assert path.stat().st_mode & 0o077 == 0


def fill(path: Path, *, close: bool = True, rows: int = 2000) -> Any:
    """Make a database with personal data in it."""
    connection = open_writer(path, KEY)
    connection.execute("CREATE TABLE people (x TEXT, y TEXT)")
    with transaction(connection):
        connection.executemany(
            "INSERT INTO people VALUES (?, ?)", [(f"{SECRET}{n}", "x" * 50) for n in range(rows)]
        )
    if close:
        connection.close()
    return connection


# --- Erasure on the disk -------------------------------------------------------------------------


def erase_everything(path: Path, *, wipe: bool) -> bytes:
    """Write a name, remove it, and return what the file and its log still hold, in the clear.

    Runs on an unencrypted database with the same settings: else nothing could be searched for.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    apply_settings(connection)
    if not wipe:
        connection.execute("PRAGMA secure_delete = OFF")
    connection.execute("CREATE TABLE privates (identity TEXT PRIMARY KEY, part) WITHOUT ROWID")
    connection.executemany(
        "INSERT INTO privates VALUES (?, ?)", [(str(n), f"{SECRET}{n}" * 20) for n in range(50)]
    )
    connection.execute("DELETE FROM privates")
    if wipe:
        wipe_erased(connection)
    left = b"".join(file.read_bytes() for file in path.parent.iterdir())
    connection.close()
    return left


def test_what_was_erased_is_gone_from_the_pages_and_the_log(tmp_path: Path) -> None:
    for name, wipe in (("wiped", True), ("left", False)):
        (tmp_path / name).mkdir()
        left = erase_everything(tmp_path / name / "a.db", wipe=wipe)
        assert (SECRET.encode() in left) != wipe, name


# --- Transactions, on the three drivers ----------------------------------------------------------


def on_sqlcipher(path: Path) -> Any:
    return open_writer(path, KEY)


def on_sqlite(path: Path) -> Any:
    connection = sqlite3.connect(path, isolation_level=None)
    apply_settings(connection)
    check_settings(connection)
    return connection


def on_apsw(path: Path) -> Any:
    connection = apsw.Connection(str(path))
    apply_settings(connection)
    check_settings(connection)
    return connection


@pytest.fixture(params=[on_sqlcipher, on_sqlite, on_apsw], ids=["sqlcipher", "sqlite", "apsw"])
def opener(request: pytest.FixtureRequest) -> Callable[[Path], Any]:
    chosen: Callable[[Path], Any] = request.param
    return chosen


@pytest.fixture
def connection(path: Path, opener: Callable[[Path], Any]) -> Iterator[Any]:
    connection = opener(path)
    connection.execute("CREATE TABLE a (x INTEGER UNIQUE)")
    yield connection
    connection.close()


def rows(connection: Any) -> list[int]:
    return [row[0] for row in connection.execute("SELECT x FROM a ORDER BY x").fetchall()]


def put(connection: Any, *numbers: int) -> None:
    for number in numbers:
        connection.execute("INSERT INTO a VALUES (?)", (number,))


def put_and_fail(connection: Any, error: BaseException, *numbers: int) -> None:
    """Insert rows, the last in a transaction of its own, and raise."""
    put(connection, *numbers[:-1])
    with transaction(connection):
        put(connection, numbers[-1])
    raise error


def test_a_transaction_is_kept_whole(
    path: Path, connection: Any, opener: Callable[[Path], Any]
) -> None:
    with transaction(connection):
        put(connection, 1, 2)
    again = opener(path)
    assert rows(again) == [1, 2]
    again.close()


def test_an_error_takes_back_everything(connection: Any) -> None:
    with pytest.raises(KeyError), transaction(connection):
        put_and_fail(connection, KeyError(), 1)
    assert rows(connection) == []
    assert not connection.in_transaction


def test_an_interrupt_takes_back_everything(connection: Any) -> None:
    with pytest.raises(KeyboardInterrupt), transaction(connection):
        put_and_fail(connection, KeyboardInterrupt(), 1)
    assert rows(connection) == []


def test_an_inner_error_takes_back_the_inner_part_only(connection: Any) -> None:
    with transaction(connection):
        put(connection, 1)
        with pytest.raises(KeyError), transaction(connection):
            put_and_fail(connection, KeyError(), 2, 3)
        with transaction(connection):
            put(connection, 4)
    assert rows(connection) == [1, 4]


def test_a_broken_constraint_is_our_own_mistake_and_no_trouble(connection: Any) -> None:
    put(connection, 1)
    with pytest.raises(Exception, match=r"(?i)unique") as caught, transaction(connection):
        put(connection, 2, 1)
    assert not isinstance(caught.value, StoreTrouble)
    assert rows(connection) == [1]


def test_the_write_lock_is_taken_at_the_beginning(
    path: Path, connection: Any, opener: Callable[[Path], Any]
) -> None:
    other = opener(path)
    other.execute("PRAGMA busy_timeout = 1")
    with transaction(connection), pytest.raises(Busy) as caught, transaction(other):
        pytest.fail("two writers at once")
    assert caught.value.text_key == "security.trouble.BUSY"
    other.close()


def test_a_foreign_key_that_fails_at_commit_is_no_unknown(connection: Any) -> None:
    connection.execute("CREATE TABLE b (x REFERENCES a(x) DEFERRABLE INITIALLY DEFERRED)")
    with pytest.raises(Exception, match=r"(?i)foreign key") as caught, transaction(connection):
        connection.execute("INSERT INTO b VALUES (7)")
    assert not isinstance(caught.value, StoreTrouble)
    assert not connection.in_transaction
    assert connection.execute("SELECT count(*) FROM b").fetchall() == [(0,)]


def test_a_sound_file_has_no_damage(path: Path) -> None:
    fill(path)
    assert check_whole(path, KEY) == ()


def test_a_folder_that_is_not_there_is_a_trouble(tmp_path: Path) -> None:
    with pytest.raises(DiskFailed):
        open_writer(tmp_path / "gone" / "journal.db", KEY)


def test_a_file_that_may_not_be_written_is_a_trouble(path: Path) -> None:
    fill(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(DiskFailed):
        open_writer(path, KEY)


def test_commit_unknown_speaks_with_the_words_of_its_cause() -> None:
    unknown = CommitUnknown(DiskFailed("disk i/o error"))
    assert unknown.text_key == "security.trouble.DISK_FAILED"
    assert str(unknown) == "disk i/o error"


def test_a_key_of_another_length_is_a_bug(path: Path) -> None:
    with pytest.raises(AssertionError):
        open_writer(path, os.urandom(16))
