"""What was kept step by step equals what is made anew from the facts, byte for byte."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station_app.journal.migrations import JOURNAL, migrate
from station_app.journal.rebuild import DERIVED, rebuild
from tests.journal.notebook import TOYS, Notebook, folded, found, lend, sell
from tests.journal.test_projection import NEWER, STEP, play, receive


@settings(max_examples=60)
@given(st.lists(STEP, min_size=3, max_size=24), st.integers(0, 2**32))
def test_a_rebuild_equals_what_was_there(steps, seed):
    world = play(steps)
    for node, vocabulary in (
        (receive(world, random.Random(seed)), TOYS),
        (world.authors[0], NEWER),
    ):
        streams = node.connection.execute("SELECT * FROM streams ORDER BY stream").fetchall()
        before = folded(node.connection)
        rebuilt = rebuild(node.connection, vocabulary)
        assert folded(node.connection) == before
        again = node.connection.execute("SELECT * FROM streams ORDER BY stream").fetchall()
        assert again == streams
        assert rebuilt.facts == len(node.facts())
        assert rebuilt.streams == len(streams)


def busy() -> Notebook:
    node = Notebook()
    toy = node.say(found("bear", "words")).facts[0].identity
    node.say(lend(toy, 3, "more words"))
    node.undo(node.say(sell(toy, 500)).facts[0].act)
    node.restart()
    node.say(found("bear"), sell(toy, 700))
    return node


@pytest.mark.parametrize("table", [*DERIVED, "toys"])
def test_a_rebuild_mends_every_table_that_follows_from_the_facts(table):
    node = busy()
    before = folded(node.connection)
    node.connection.execute(f"DELETE FROM {table}")
    rebuild(node.connection, TOYS)
    assert folded(node.connection) == before


def test_work_goes_on_after_a_rebuild():
    one, other = busy(), busy()
    rebuild(one.connection, TOYS)
    toy = one.facts()[0].identity
    for node in (one, other):
        node.say(lend(toy, 9))
    assert folded(one.connection) == folded(other.connection)


def test_a_rebuild_that_fails_leaves_everything_as_it_was():
    node = busy()
    before = folded(node.connection)

    def fail(_connection: object) -> None:
        raise RuntimeError("the index cannot be made")

    with pytest.raises(RuntimeError):
        rebuild(node.connection, TOYS, [fail])
    assert folded(node.connection) == before


def test_rebuilders_come_last_and_see_the_new_states():
    node = busy()
    seen: list[int] = []
    node.connection.execute("DELETE FROM states")
    rebuild(
        node.connection,
        TOYS,
        [lambda c: seen.append(c.execute("SELECT count(*) FROM states").fetchone()[0])],
    )
    assert seen == [1]


def test_every_table_of_the_journal_is_either_kept_or_made_anew():
    """A table that somebody adds must say whether it follows from the facts."""
    kept = {"facts", "privates", "heads", "tickets", "series", "offered", "acknowledged"}
    kept |= {"pulled", "local", "migrations", "islands", "set_aside", "compared"}
    node = Notebook()
    migrate(node.connection, JOURNAL)
    rows = node.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    tables = {row[0] for row in rows} - {"toys"}
    assert tables == kept | set(DERIVED)
