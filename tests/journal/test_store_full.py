"""Full and failing disks: no lie, no half act, and work that goes on by itself afterwards."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from station_app.journal.reserve import LOW_BYTES, RESERVE_BYTES, RESERVE_NAME, Reserve
from station_app.journal.store import open_writer, transaction
from station_app.journal.troubles import CommitUnknown, DiskFull

ROOT = Path(__file__).resolve().parents[2]
KEY = bytes(range(32))
MOUNT = 'mount -t tmpfs -o size=40m tmpfs "$1" && exec "$2" -m tests.journal.full_disk "$1"'


def test_a_full_disk_costs_the_reserve_and_no_fact(tmp_path: Path) -> None:
    """On a real disk of 40 MiB, mounted in a name space of its own (no root needed)."""
    ran = subprocess.run(
        ["unshare", "-rm", "sh", "-c", MOUNT, "sh", str(tmp_path), sys.executable],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["reserve_at_first"]
    assert told["acts_before_full"] > 0
    assert not told["reserve_when_full"]
    assert told["free_after_reserve"] > RESERVE_BYTES // 2
    assert told["same_act_again"]
    assert told["acts_on_the_reserve"] > 20
    assert told["troubles"] == ["DiskFull"]
    assert told["refused_when_all_is_full"]
    assert told["heals_by_itself"]
    assert told["reserve_again"]
    assert told["torn"] == []
    assert told["all_there"]
    assert told["damage"] == []


LIMITED = """
import json, resource, sys
from pathlib import Path
from station_app.journal.store import open_writer, transaction, check_whole
from station_app.journal.troubles import CommitUnknown, StoreTrouble
path, key = Path(sys.argv[1]), bytes(range(32))
connection = open_writer(path, key)
connection.execute("CREATE TABLE facts (act INTEGER UNIQUE, body BLOB)")
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
done, troubles = [], []
def act(number):
    global connection
    try:
        with transaction(connection):
            connection.execute("INSERT INTO facts VALUES (?, ?)", (number, b"b" * 9000))
    except CommitUnknown as unknown:
        troubles.append("unknown " + type(unknown.cause).__name__)
        connection.close()
        connection = open_writer(path, key)
        if connection.execute("SELECT 1 FROM facts WHERE act = ?", (number,)).fetchone() is None:
            return False
    except StoreTrouble as trouble:
        troubles.append(type(trouble).__name__)
        return False
    done.append(number)
    return True
number = 0
# The first failure only fills the log; closing empties it into the file, until that is full too.
while number < 1000 and (act(number) or act(number) or act(number)):
    number += 1
before = len(done)
refused = not act(number)
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
heals = act(number)
rows = [row[0] for row in connection.execute("SELECT act FROM facts ORDER BY act").fetchall()]
connection.close()
damage = check_whole(path, key)
print(json.dumps([before, refused, heals, sorted(set(troubles)), rows == done, damage]))
"""


def test_a_disk_that_refuses_to_write_heals_by_itself(tmp_path: Path) -> None:
    """The file may not grow past a limit: writes fail with an error that is no "full"."""
    ran = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "journal.db")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    before, refused, heals, troubles, is_all_there, damage = json.loads(ran.stdout)
    assert 5 < before < 200
    assert refused
    assert heals
    assert troubles
    assert all(trouble.endswith("DiskFailed") for trouble in troubles)
    assert is_all_there
    assert damage == []


def test_a_database_that_may_not_grow_gives_up_the_reserve(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path, lambda _place: 10**9)
    connection = open_writer(tmp_path / "journal.db", KEY, reserve=reserve)
    assert reserve.is_kept()
    connection.execute("CREATE TABLE facts (body BLOB)")
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 4}")
    with pytest.raises(DiskFull) as caught:
        insert(connection, 100_000)
    assert caught.value.text_key == "security.trouble.DISK_FULL"
    assert not reserve.is_kept()
    assert connection.execute("SELECT count(*) FROM facts").fetchone() == (0,)
    connection.execute("PRAGMA max_page_count = 100000")
    insert(connection, 100_000)
    assert connection.execute("SELECT count(*) FROM facts").fetchone() == (1,)
    connection.close()


def insert(connection: Any, count: int) -> None:
    with transaction(connection):
        connection.execute("INSERT INTO facts VALUES (?)", (b"b" * count,))


class FailingCommit:
    """A driver whose disk fails at COMMIT, after or before the bytes have arrived."""

    def __init__(self, connection: Any, *, arrives: bool) -> None:
        self._connection = connection
        self._arrives = arrives

    @property
    def in_transaction(self) -> bool:
        """As the driver says."""
        is_open: bool = self._connection.in_transaction
        return is_open

    def execute(self, sql: str, *parameters: Any) -> Any:
        """Pass everything on; fail at the end of a transaction as a disk does."""
        if sql == "COMMIT":
            self._connection.execute("COMMIT" if self._arrives else "ROLLBACK")
            self._connection.execute("PRAGMA max_page_count = 1")
            self._connection.execute("CREATE TABLE too_much AS SELECT zeroblob(900000)")
        return self._connection.execute(sql, *parameters)


@pytest.mark.parametrize("arrives", [True, False])
def test_an_error_of_commit_says_unknown_and_only_a_look_tells(
    tmp_path: Path, arrives: bool
) -> None:
    path = tmp_path / "journal.db"
    connection = open_writer(path, KEY)
    connection.execute("CREATE TABLE facts (body BLOB)")
    with pytest.raises(CommitUnknown) as caught:
        insert(FailingCommit(connection, arrives=arrives), 10)
    assert isinstance(caught.value.cause, DiskFull)
    connection.close()
    again = open_writer(path, KEY)
    assert again.execute("SELECT count(*) FROM facts").fetchone() == (1 if arrives else 0,)
    again.close()


def test_the_reserve_is_kept_only_where_there_is_room(tmp_path: Path) -> None:
    free = [RESERVE_BYTES]
    reserve = Reserve(tmp_path, lambda _place: free[0])
    assert not reserve.keep()
    assert not reserve.give_up()
    free[0] = 10 * RESERVE_BYTES
    assert reserve.keep()
    assert (tmp_path / RESERVE_NAME).stat().st_size == RESERVE_BYTES
    (tmp_path / RESERVE_NAME).write_bytes(b"cut off")
    assert not reserve.is_kept()
    assert reserve.keep()
    assert reserve.give_up()
    assert not reserve.is_kept()


def test_new_business_waits_long_before_the_disk_is_full(tmp_path: Path) -> None:
    free = [LOW_BYTES]
    reserve = Reserve(tmp_path, lambda _place: free[0])
    assert reserve.space().is_low  # nothing is kept for bad days yet
    assert reserve.keep()
    assert not reserve.space().is_low
    free[0] -= 1
    assert reserve.space().is_low
    assert reserve.space().free_bytes == LOW_BYTES - 1
