"""A journal put back from an old copy is noticed, and its paper numbers are not given again."""

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.journal import high_water
from station_app.journal.high_water import Absent, Fine, Mark, PutBack
from station_app.journal.migrations import JOURNAL, migrate
from station_app.journal.series import take_number
from station_app.journal.store import open_writer, transaction

KEY = bytes(range(32))
PLACE = "NX0601/D1"
INSERT_FACT = f"INSERT INTO facts VALUES ({', '.join('?' * 13)})"


def open_journal(folder: Path) -> Any:
    connection = open_writer(folder / "journal.db", KEY)
    migrate(connection, JOURNAL)
    return connection


def record(connection: Any, stream: str, first: int, last: int) -> None:
    """Record facts and give each a number of the slips."""
    with transaction(connection):
        for seq in range(first, last + 1):
            identity = f"{stream}#{seq}"
            row = (stream, seq, "A", 5, "k.x", 1, "", "o", "", "d", identity, b"{}", "")
            connection.execute(INSERT_FACT, row)
            take_number(connection, "slip")
        connection.execute(
            "INSERT OR REPLACE INTO streams VALUES (?, ?, ?, '')", (stream, last, identity)
        )
        connection.execute("INSERT OR REPLACE INTO local VALUES ('last_identity', ?)", (identity,))


def saved(connection: Any, folder: Path, stream: str) -> Mark:
    mark = high_water.mark_of(connection, PLACE, stream)
    high_water.write(folder, mark)
    return mark


def reread(folder: Path) -> Mark:
    mark = high_water.read(folder)
    assert isinstance(mark, Mark)
    return mark


def test_the_mark_says_how_far_the_journal_is(tmp_path: Path) -> None:
    connection = open_journal(tmp_path)
    assert high_water.mark_of(connection, PLACE, f"{PLACE}/01") == Mark(PLACE)
    record(connection, f"{PLACE}/01", 1, 3)
    record(connection, "NX0601/D10/aa", 1, 9)  # a sibling's, not ours
    record(connection, f"{PLACE}/02", 1, 2)
    mark = high_water.mark_of(connection, PLACE, f"{PLACE}/02")
    assert mark == Mark(PLACE, f"{PLACE}/02", 2, f"{PLACE}/02#2", 5, {"slip": 15})
    # A new start without a fact of its own still names the last one.
    assert high_water.mark_of(connection, PLACE, f"{PLACE}/03") == mark
    connection.close()


def test_the_same_journal_is_fine_and_a_longer_one_too(tmp_path: Path) -> None:
    connection = open_journal(tmp_path)
    record(connection, f"{PLACE}/01", 1, 3)
    saved(connection, tmp_path, f"{PLACE}/01")
    assert high_water.compare(connection, reread(tmp_path)) == Fine()
    record(connection, f"{PLACE}/01", 4, 6)
    record(connection, f"{PLACE}/02", 1, 1)
    assert high_water.compare(connection, reread(tmp_path)) == Fine()
    connection.close()


@pytest.mark.parametrize("stream", [f"{PLACE}/01", f"{PLACE}/02"], ids=["same", "later"])
def test_a_journal_that_was_put_back_is_noticed(tmp_path: Path, stream: str) -> None:
    connection = open_journal(tmp_path)
    record(connection, f"{PLACE}/01", 1, 3)
    connection.close()
    shutil.copy(tmp_path / "journal.db", tmp_path / "old.db")
    connection = open_journal(tmp_path)
    record(connection, stream, 4 if stream.endswith("01") else 1, 5)
    saved(connection, tmp_path, stream)
    connection.close()
    shutil.copy(tmp_path / "old.db", tmp_path / "journal.db")
    connection = open_journal(tmp_path)
    found = high_water.compare(connection, reread(tmp_path))
    missing = 2 if stream.endswith("01") else 5
    assert found == PutBack(missing, stream, 5, {"slip": 4 + missing})
    # The numbers on paper go on behind those that are out there already.
    assert isinstance(found, PutBack)
    with transaction(connection):
        high_water.skip_numbers(connection, found.series)
        assert take_number(connection, "slip") == 4 + missing
        high_water.skip_numbers(connection, {"slip": 2})
        assert take_number(connection, "slip") == 5 + missing
    connection.close()


def test_an_empty_database_in_place_of_the_journal_is_noticed(tmp_path: Path) -> None:
    connection = open_journal(tmp_path)
    record(connection, f"{PLACE}/01", 1, 7)
    saved(connection, tmp_path, f"{PLACE}/01")
    connection.close()
    for file in tmp_path.glob("journal.db*"):
        file.unlink()
    connection = open_journal(tmp_path)
    found = high_water.compare(connection, reread(tmp_path))
    assert found == PutBack(7, f"{PLACE}/01", 7, {"slip": 8})
    connection.close()


def test_another_history_at_the_same_place_is_noticed(tmp_path: Path) -> None:
    connection = open_journal(tmp_path)
    record(connection, f"{PLACE}/01", 1, 3)
    mark = Mark(PLACE, f"{PLACE}/01", 3, "another identity", 3, {})
    assert high_water.compare(connection, mark) == PutBack(1, f"{PLACE}/01", 3, {})
    connection.close()


def test_numbers_that_were_given_out_count_by_themselves(tmp_path: Path) -> None:
    connection = open_journal(tmp_path)
    mark = Mark(PLACE, series={"waybills.7": 40})
    assert high_water.compare(connection, mark) == PutBack(0, "", 0, {"waybills.7": 40})
    connection.close()


def test_without_a_mark_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert high_water.read(tmp_path) == Absent()
    connection = sqlite3.connect(":memory:")
    assert high_water.compare(connection, None) == Absent()


def test_the_higher_of_two_copies_counts() -> None:
    low = Mark(PLACE, "s/1", 3, "i3", 3, {"slip": 9, "z": 2})
    high = Mark(PLACE, "s/2", 1, "j1", 4, {"slip": 8, "lot": 5})
    expected = Mark(PLACE, "s/2", 1, "j1", 4, {"slip": 9, "z": 2, "lot": 5})
    assert high_water.higher(low, high) == high_water.higher(high, low) == expected
    assert high_water.higher(None, low) == high_water.higher(low, None) == low
    assert high_water.higher(None, None) is None


@given(st.data())
def test_one_wrong_byte_makes_the_mark_unreadable_and_never_another_one(
    data: st.DataObject,
) -> None:
    whole = high_water.to_bytes(Mark(PLACE, f"{PLACE}/01", 17, "ab" * 32, 170, {"slip": 9}))
    place = data.draw(st.integers(0, len(whole) - 1))
    flip = data.draw(st.integers(1, 255))
    broken = whole[:place] + bytes([whole[place] ^ flip]) + whole[place + 1 :]
    assert high_water.from_bytes(broken) is None
    assert high_water.from_bytes(whole[:place]) is None


@pytest.mark.parametrize("junk", [b"", b"\n", b"[" * 300_000, b"\x00" * 100, b"{}\n0\n"])
def test_a_damaged_file_is_told_from_none(tmp_path: Path, junk: bytes) -> None:
    (tmp_path / high_water.FILE_NAME).write_bytes(junk)
    assert high_water.read(tmp_path) == Absent(is_unreadable=True)


CHILD = """
import os, sys
from pathlib import Path
from station_app.journal import high_water
folder, die_at, calls = Path(sys.argv[1]), int(sys.argv[2]), 0
def watch(event, _):
    global calls
    if event in ("open", "os.rename"):
        calls += 1
        if calls == die_at:
            os._exit(9)
sys.addaudithook(watch)
high_water.write(folder, high_water.Mark("NX0601/D1", seq=2))
os._exit(0)
"""


def test_a_kill_while_writing_leaves_the_old_mark_or_the_new_one(tmp_path: Path) -> None:
    old = Mark(PLACE, seq=1)
    seen = []
    for die_at in range(1, 9):
        high_water.write(tmp_path, old)
        ended = subprocess.run(
            [sys.executable, "-c", CHILD, str(tmp_path), str(die_at)], check=False
        ).returncode
        mark = reread(tmp_path)
        assert mark.seq in (1, 2)
        seen.append(mark.seq)
        if ended == 0:
            break
    assert seen[0] == 1
    assert seen[-1] == 2
    assert len(seen) > 2


def test_a_disk_that_refuses_leaves_the_old_mark(tmp_path: Path) -> None:
    high_water.write(tmp_path, Mark(PLACE, seq=1))
    (tmp_path / f"{high_water.FILE_NAME}.new").mkdir()
    with pytest.raises(OSError):
        high_water.write(tmp_path, Mark(PLACE, seq=2))
    assert reread(tmp_path).seq == 1
