"""Whoever touches a row behind the program's back is found, and the row is named."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlcipher3 import dbapi2

from station_app.journal import findings
from station_app.journal.fact import Saying
from station_app.journal.findings import Finding, Report
from station_app.journal.kinds import ActReversed, PrivateErased, ReversedLine
from station_app.journal.rebuild import rebuild
from station_app.journal.verify import SignedHead, verify
from station_app.ledger.posting import CNY
from station_app.resources_dir import load_texts
from station_app.values.texts import Texts
from tests.journal.notebook import TOYS, BoxClosed, Notebook, ToyOwed, found, lend, sell
from tests.journal.test_projection import NEWER, STEP, ToyPainted, play

TOUCHED = Saying(BoxClosed(counted_fen=700))


def lived() -> Notebook:
    """A journal in which everything has happened: two starts, two PCs, undo, a case, a new kind."""
    sibling = Notebook("NX0601/D2", vocabulary=NEWER, seed=2)
    node = Notebook()
    bear = node.say(found("bear", "words")).facts[0].identity
    node.say(Saying(ToyOwed(due_fen=5)), Saying(ToyOwed(due_fen=-5), entity=bear))
    node.say(sell(bear, 500), TOUCHED)
    node.undo(node.say(lend(bear, 2, "more")).facts[0].act)
    node.restart()
    sibling.say(Saying(sell(bear, 700).body, entity=bear))
    sibling.say(Saying(found("bear").body))
    sibling.say(Saying(ToyPainted(colour="red")))
    node.recorder.take(sibling.facts())
    node.say(lend(bear, 3))
    for stream, to, identity in node.connection.execute(
        "SELECT stream, length, head FROM streams"
    ).fetchall():
        node.connection.execute(
            "INSERT INTO heads(stream, to_seq, identity, key_id, signature) VALUES (?, ?, ?, ?, ?)",
            (stream, to, identity, "key", signature(stream, to, identity)),
        )
    return node


def erased() -> Notebook:
    node = Notebook()
    bear = node.say(found("bear", "words")).facts[0].identity
    node.say(lend(bear, 3, "more"))
    node.say(Saying(PrivateErased(persons=(bear,), day="2026-11-25")))
    return node


def signature(stream: str, to: int, identity: str) -> bytes:
    return f"{stream} {to} {identity} key".encode()


def is_signed(head: SignedHead) -> bool:
    return head.signature == signature(head.stream, head.to, head.identity) and head.key_id == "key"


def check(node: Notebook) -> Report:
    return verify(node.connection, TOYS, is_signed)


# --- Sound journals ------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [Notebook, lived, erased])
def test_an_untouched_journal_is_sound(make):
    report = check(make())
    assert list(report.findings) == []
    assert report.is_sound
    assert report.first_broken is None


@settings(max_examples=40)
@given(st.lists(STEP, min_size=3, max_size=20))
def test_whatever_happens_the_journal_stays_sound(steps):
    for author in play(steps).authors:
        report = verify(author.connection, NEWER)
        assert list(report.findings) == []


def test_a_report_counts():
    report = check(lived())
    assert (report.facts, report.streams, report.quarantined) == (11, 3, 1)
    assert report.acts == 9
    assert report.entities == 3
    assert report.sums["Income:Toys", CNY] == -1_200
    shown = json.loads(json.dumps(report.as_json()))
    assert shown["sound"] is True
    assert shown["first"] is None
    assert shown["facts"] == 11


# --- Every row of every table --------------------------------------------------------------------

TABLES = (
    "facts privates streams heads postings balances states toys cases folds roots founders "
    "reversals erased quarantine tickets"
).split()
# What says nothing about the journal: when a ticket was used.
FREE = {("tickets", "at")}
# A head that is not kept proves nothing; the next exchange brings it again.
MAY_LACK = {"heads"}
# Two tickets with each other's time: see FREE.
MAY_SWAP = {"tickets"}


def columns(node: Notebook, table: str) -> list[str]:
    return [row[1] for row in node.connection.execute(f"PRAGMA table_info({table})").fetchall()]


def rows(node: Notebook, table: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in node.connection.execute(f"SELECT * FROM {table}").fetchall()]


def others(value: Any) -> Iterator[Any]:
    """Other values for a column: a little different, and of another sort altogether."""
    if isinstance(value, int):
        yield value + 1
        yield "seven"
    elif isinstance(value, bytes):
        yield value[:-1] + bytes([value[-1] ^ 1])
        yield value.decode("utf-8")
    else:
        yield f"{value[:-1]}{'0' if value[-1:] != '0' else '1'}"
        yield b"\xff\x00"


def unguarded(node: Notebook) -> None:
    """Do what an attacker does first: take the triggers and the schema's own checks away."""
    names = node.connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (name,) in names.fetchall():
        node.connection.execute(f"DROP TRIGGER {name}")
    node.connection.execute("PRAGMA ignore_check_constraints = ON")


def put_back(node: Notebook, table: str, content: list[tuple[Any, ...]]) -> None:
    node.connection.execute(f"DELETE FROM {table}")
    marks = ", ".join("?" * len(columns(node, table)))
    node.connection.executemany(f"INSERT INTO {table} VALUES ({marks})", content)


def caught(node: Notebook, table: str, content: list[tuple[Any, ...]]) -> Finding | None:
    """Return what is found first when a table holds this; None when its own keys forbid it."""
    before = rows(node, table)
    node.connection.execute("BEGIN")
    try:
        put_back(node, table, content)
        return check(node).first_broken
    except dbapi2.IntegrityError as refused:
        return Finding("REFUSED", "", 0, "", str(refused))
    finally:
        node.connection.execute("ROLLBACK")
        assert rows(node, table) == before


@pytest.mark.parametrize("make", [lived, erased])
@pytest.mark.parametrize("table", TABLES)
def test_every_edit_of_every_column_of_every_row_is_found(make, table):
    node = make()
    unguarded(node)
    content = rows(node, table)
    names = columns(node, table)
    for number, row in enumerate(content):
        for column, name in enumerate(names):
            for other in others(row[column]):
                if (table, name) in FREE:
                    continue
                edited = (*row[:column], other, *row[column + 1 :])
                finding = caught(node, table, [*content[:number], edited, *content[number + 1 :]])
                assert finding is not None, f"{table}.{name} of {row} as {other!r}"
                if table == "facts" and name != "stream" and finding.reason != "REFUSED":
                    assert (finding.stream, finding.seq) == row[:2] or name == "seq", finding


@pytest.mark.parametrize("make", [lived, erased])
@pytest.mark.parametrize("table", [table for table in TABLES if table not in MAY_LACK])
def test_every_removed_row_is_found(make, table):
    node = make()
    unguarded(node)
    content = rows(node, table)
    for number, row in enumerate(content):
        finding = caught(node, table, [*content[:number], *content[number + 1 :]])
        assert finding is not None, f"{table} without {row}"
        if table == "facts":
            assert finding.stream == row[0]
            assert finding.seq in (row[1], row[1] + 1)


@pytest.mark.parametrize("table", [table for table in TABLES if table not in MAY_SWAP])
def test_every_swap_of_two_rows_is_found(table):
    node = lived()
    unguarded(node)
    content, names = rows(node, table), columns(node, table)
    keys = {"facts": 2, "postings": 3, "folds": 3, "founders": 2, "reversals": 2}.get(table, 1)
    for number in range(len(content) - 1):
        one, two = content[number], content[number + 1]
        swapped = [(*one[:keys], *two[keys:]), (*two[:keys], *one[keys:])]
        if {*swapped} == {one, two} or len(names) == keys:
            continue
        finding = caught(node, table, [*content[:number], *swapped, *content[number + 2 :]])
        assert finding is not None, f"{table}: {one} and {two}"


def test_a_doubled_fact_is_found():
    node = lived()
    unguarded(node)
    content = rows(node, "facts")
    for stream, seq, act, at, *rest in content:
        identity = f"{seq:064x}"
        copy = (stream, seq + 50, act, at, *rest[:6], identity, *rest[7:])
        finding = caught(node, "facts", [*content, copy])
        assert finding is not None
        assert finding.stream == stream


@pytest.mark.parametrize("table", ["states", "toys", "cases", "folds", "quarantine", "balances"])
def test_an_invented_row_is_found(table):
    node = lived()
    unguarded(node)
    content = rows(node, table)
    row = content[0]
    for column, value in enumerate(row):
        other = next(others(value))
        invented = (*row[:column], other, *row[column + 1 :])
        assert caught(node, table, [*content, invented]) is not None


def test_a_journal_cut_short_is_found_even_when_all_traces_are_removed():
    """The last act vanishes with everything that follows from it; the author's head remembers."""
    node = lived()
    unguarded(node)
    last = node.facts()
    cut = max(last, key=lambda fact: fact.at)
    execute = node.connection.execute
    execute("DELETE FROM facts WHERE identity = ?", (cut.identity,))
    execute("DELETE FROM tickets WHERE act = ?", (cut.act,))
    execute("UPDATE local SET value = ? WHERE name = 'last_identity'", (cut.prev,))
    rebuild(node.connection, TOYS)
    first = check(node).first_broken
    assert first is not None
    assert first.reason == "END_MISSING"
    assert (first.stream, first.seq) == (cut.stream, cut.seq)


# --- Wrong, though every hash is right -----------------------------------------------------------


def forged(*sayings: Saying) -> Notebook:
    """A journal written by a program without our rules: its hashes are right."""
    node = Notebook()
    node.say(found("bear"))
    act = node.recorder.open_act("FORGED0000000000", by="x", at=node.at + 1)
    act.say(*sayings)
    act._cleared.clear()
    act.close()
    return node


def test_an_act_that_does_not_clear_is_named():
    first = check(forged(Saying(ToyOwed(due_fen=5)))).first_broken
    assert first is not None
    assert first.reason == "ACT_DOES_NOT_CLEAR"
    assert first.seq == 2


@pytest.mark.parametrize(
    ("act", "lines"),
    [
        ("D1ACT00000000001", ()),
        ("D1ACT00000000001", (("Equity:Toys:Shelf", "PCS", -2), ("Equity:Toys:World", "PCS", 2))),
        ("NOSUCHACT0000000", ()),
        ("FORGED0000000000", ()),
    ],
)
def test_a_reversal_that_is_not_the_exact_negative_is_named(act, lines):
    body = ActReversed(act=act, lines=tuple(ReversedLine(*line) for line in lines), day="d")
    first = check(forged(Saying(body))).first_broken
    assert first is not None
    assert first.reason == "REVERSAL_WRONG"
    assert first.kind == "act.reversed"


def test_a_second_reversal_of_one_act_is_named():
    node = Notebook()
    act = node.say(found("bear")).facts[0].act
    body = node.undo(act).told[0].body
    node.say(Saying(body))
    first = check(node).first_broken
    assert first is not None
    assert (first.reason, first.seq) == ("REVERSAL_WRONG", 3)


def test_what_the_county_acknowledged_must_be_here():
    node = lived()
    stream, length, head = node.connection.execute(
        "SELECT stream, length, head FROM streams"
    ).fetchone()
    put = "INSERT OR REPLACE INTO acknowledged VALUES (1, ?, ?, ?, x'00')"
    node.connection.execute(put, (stream, length, head))
    assert check(node).is_sound
    node.connection.execute(put, (stream, length + 3, "ff" * 32))
    assert check(node).first_broken == Finding(
        "END_MISSING", stream, length + 3, "", "the county has another history"
    )


def test_a_finding_has_words_in_both_languages():
    node = lived()
    node.connection.execute("UPDATE balances SET amount = amount + 1 WHERE account = 'Assets:Box'")
    texts = Texts({"journal.finding.BALANCE_DIFFERS": "余额不对"})
    shown = check(node).as_json(texts)
    assert shown["sound"] is False
    assert shown["first"]["words"] == "余额不对"
    assert "Assets:Box CNY: 1201 kept, 1200 by the facts" in shown["first"]["what"]
    assert shown["found"] == 1


def test_every_reason_has_its_sentence():
    texts = load_texts()
    rooms = Path(findings.__file__).parent
    reasons = {
        reason
        for file in sorted(rooms.glob("verify_*.py"))
        for reason in re.findall(r'"([A-Z]+(?:_[A-Z]+)+|ALTERED|HOLE)"', file.read_text("utf-8"))
    }
    assert len(reasons) > 15
    for reason in sorted(reasons):
        assert Finding(reason, "NX0601/D1/00", 7, "toy.lent", "").as_json(texts)["words"]
