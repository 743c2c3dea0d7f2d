"""Tables come to be step by step, and a power cut at any statement leaves no half a step."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from station_app.journal.migrations import (
    JOURNAL,
    Migration,
    migrate,
    named_by_content,
    refuse_newer,
)
from station_app.journal.store import open_writer, transaction
from station_app.journal.troubles import NewerDatabase

KEY = bytes(range(32))
SECOND = Migration(
    "shelf.first",
    (
        "CREATE TABLE shelves (code TEXT PRIMARY KEY, layers INTEGER)",
        "INSERT INTO shelves VALUES ('A', 3)",
        "ALTER TABLE shelves ADD COLUMN note TEXT",
        "UPDATE shelves SET note = 'by the door'",
    ),
)
STEPS = (*JOURNAL, SECOND)

PLACES = [
    f"{step.name}[{place}]"
    for step in STEPS
    for place in (*range(len(step.statements)), "commit", "done")
]


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Any]:
    connection = open_writer(tmp_path / "journal.db", KEY)
    yield connection
    connection.close()


def tables(connection: Any) -> set[str]:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {row[0] for row in rows}


def schema(connection: Any) -> list[Any]:
    rows: list[Any] = connection.execute(
        "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
    ).fetchall()
    return rows


def test_steps_are_taken_once_and_in_order(connection: Any) -> None:
    assert migrate(connection, STEPS) == (
        *("journal.first", "journal.islands", "journal.rulings"),
        *("journal.closings", "journal.names", "journal.refiling"),
        "journal.watches",
        "shelf.first",
    )
    before = schema(connection)
    assert migrate(connection, STEPS) == ()
    assert schema(connection) == before
    row = connection.execute("SELECT * FROM shelves").fetchone()
    assert row == ("A", 3, "by the door")


def test_the_journal_has_its_tables(connection: Any) -> None:
    migrate(connection, JOURNAL)
    assert tables(connection) == {
        *("facts", "privates", "streams", "heads", "postings", "balances", "folds", "states"),
        *("founders", "roots", "reversals", "erased", "quarantine", "cases", "tickets", "series"),
        *("offered", "acknowledged", "pulled", "local", "migrations", "islands", "set_aside"),
        *("rulings", "kept_back", "postings_aside", "compared"),
    }


def test_a_step_with_an_error_leaves_nothing(connection: Any) -> None:
    broken = Migration("broken.first", (*SECOND.statements, "INSERT INTO nowhere VALUES (1)"))
    with pytest.raises(Exception, match="nowhere"):
        migrate(connection, (*JOURNAL, broken))
    assert "facts" in tables(connection)
    assert "shelves" not in tables(connection)
    assert migrate(connection, STEPS) == ("shelf.first",)


def killed_at(path: Path, place: str) -> int:
    """Migrate in a process that ends at once at this place; return its exit status."""

    def die(now: str) -> None:
        if now == place:
            os._exit(9)

    child = os.fork()
    if child == 0:
        try:
            migrate(open_writer(path, KEY), STEPS, before_each=die)
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("place", PLACES)
def test_a_kill_at_any_statement_leaves_whole_steps(tmp_path: Path, place: str) -> None:
    path = tmp_path / "journal.db"
    assert killed_at(path, place) == 9
    connection = open_writer(path, KEY)
    # Whatever the moment: each step is there with its note and all its rows, or not at all.
    found = tables(connection)
    done = {row[0] for row in connection.execute("SELECT name FROM migrations").fetchall()}
    assert ("facts" in found) == ("local" in found) == ("journal.first" in done)
    assert ("shelves" in found) == ("shelf.first" in done)
    is_past = PLACES.index(place) >= PLACES.index("shelf.first[done]")
    assert ("shelves" in found) == is_past
    migrate(connection, STEPS)
    fresh = sqlite3.connect(":memory:", isolation_level=None)
    migrate(fresh, STEPS)
    assert schema(connection) == schema(fresh)
    assert connection.execute("SELECT count(*) FROM shelves").fetchone() == (1,)
    connection.close()


def test_an_edited_step_is_a_bug(connection: Any) -> None:
    migrate(connection, STEPS)
    edited = Migration("shelf.first", ("CREATE TABLE shelves (code TEXT)",))
    with pytest.raises(AssertionError, match="edited"):
        migrate(connection, (*JOURNAL, edited))


def test_two_steps_of_one_name_are_a_bug(connection: Any) -> None:
    with pytest.raises(AssertionError, match="one name"):
        migrate(connection, (SECOND, SECOND))


def test_a_step_named_by_its_content_runs_again_when_it_grows(connection: Any) -> None:
    one = "CREATE TABLE IF NOT EXISTS shelves (code TEXT)"
    two = "CREATE TABLE IF NOT EXISTS layers (code TEXT)"
    assert len(migrate(connection, [named_by_content("tables", [one])])) == 1
    assert len(migrate(connection, [named_by_content("tables", [one])])) == 0
    assert len(migrate(connection, [named_by_content("tables", [one, two])])) == 1
    assert {"shelves", "layers"} <= tables(connection)
    refuse_newer(connection, [])


def test_an_older_program_does_not_touch_a_newer_database(connection: Any) -> None:
    refuse_newer(connection, STEPS)
    migrate(connection, STEPS)
    refuse_newer(connection, STEPS)
    with pytest.raises(NewerDatabase) as caught:
        refuse_newer(connection, JOURNAL)
    assert caught.value.text_key == "security.trouble.NEWER_DATABASE"
    assert caught.value.slots["step"] == "shelf.first"


# --- What the tables themselves refuse -----------------------------------------------------------

FACT = ("NX0601/D1/00", 1, "ACT", 5, "parcel.shelved", 1, "", "op", "", "dd", "id1", b"{}", "")
INSERT_FACT = f"INTO facts VALUES ({', '.join('?' * 13)})"


@pytest.fixture
def journal(connection: Any) -> Any:
    migrate(connection, JOURNAL)
    connection.execute(f"INSERT {INSERT_FACT}", FACT)
    connection.execute("INSERT INTO privates VALUES ('id1', ?)", (b'{"name":"x"}',))
    return connection


@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize(
    ("sql", "parameters"),
    [
        ("UPDATE facts SET body = x'00'", ()),
        ("UPDATE OR REPLACE facts SET seq = 2", ()),
        ("UPDATE facts SET stream = stream || '~11'", ()),
        ("DELETE FROM facts", ()),
        (f"INSERT {INSERT_FACT}", FACT),
        (f"INSERT OR REPLACE {INSERT_FACT}", FACT),
        (f"INSERT OR REPLACE {INSERT_FACT}", (*FACT[:1], 2, *FACT[2:])),
        (f"INSERT OR REPLACE {INSERT_FACT}", (*FACT[:10], "id2", *FACT[11:])),
        (f"REPLACE {INSERT_FACT}", FACT),
        ("UPDATE privates SET part = x'00'", ()),
        ("INSERT OR REPLACE INTO privates VALUES ('id1', x'00')", ()),
        (f"INSERT {INSERT_FACT}", (*FACT[:1], 0, *FACT[2:10], "id3", *FACT[11:])),
    ],
)
def test_no_statement_changes_or_removes_a_fact(
    journal: Any, sql: str, parameters: tuple[Any, ...], recursive: str
) -> None:
    journal.execute(f"PRAGMA recursive_triggers = {recursive}")
    before = journal.execute("SELECT * FROM facts").fetchall()
    with pytest.raises(Exception, match=r"never|CHECK|UNIQUE") as caught, transaction(journal):
        journal.execute(sql, parameters)
    assert type(caught.value).__name__ == "IntegrityError"
    assert journal.execute("SELECT * FROM facts").fetchall() == before
    assert journal.execute("SELECT part FROM privates").fetchall() == [(b'{"name":"x"}',)]


def test_a_private_part_may_be_erased(journal: Any) -> None:
    journal.execute("DELETE FROM privates WHERE identity = 'id1'")
    assert journal.execute("SELECT count(*) FROM privates").fetchone() == (0,)


def test_the_folds_are_found_by_index(journal: Any) -> None:
    for sql in (
        "SELECT * FROM folds WHERE root = 'r' ORDER BY at, identity",
        "SELECT * FROM folds WHERE identity = 'i'",
        "SELECT * FROM facts WHERE identity = 'i'",
        "SELECT * FROM facts WHERE stream = 's' AND act = 'a'",
        "SELECT * FROM facts WHERE stream = 's' AND seq BETWEEN 1 AND 2 ORDER BY seq",
        "SELECT sum(amount) FROM postings WHERE account = 'a' AND commodity = 'CNY'",
        "UPDATE roots SET root = 'b' WHERE root = 'a'",
        "DELETE FROM cases WHERE entity = 'e'",
    ):
        plan = " ".join(row[3] for row in journal.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall())
        assert "SEARCH" in plan, sql
        assert "SCAN" not in plan, sql
        assert "TEMP B-TREE" not in plan, sql


def test_the_child_really_dies_where_it_is_told(tmp_path: Path) -> None:
    assert killed_at(tmp_path / "journal.db", "nowhere") == 0
