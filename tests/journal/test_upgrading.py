"""What an older program had set aside, at the start of a newer one."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from station_app.journal.fact import Saying
from station_app.journal.migrations import migrate
from station_app.journal.projection import EntityKind
from station_app.journal.store import open_writer
from station_app.journal.upgrading import (
    fold_by_these_rules,
    read_what_became_readable,
    shapes_of,
)
from station_app.journal.verify import verify
from station_app.journal.vocabulary import Vocabulary
from station_app.premises import DATABASE, MIGRATIONS, REBUILDERS, Premises, open_database
from station_app.services.people import records as people
from station_app.vocabulary import VOCABULARY
from tests.journal.notebook import TOYS, Notebook, ToyBroken, folded, found
from tests.proofs.kit import KEY, furnish, open_furnished


class Careless(Vocabulary):
    """A program whose postings nobody checks."""

    def post(self, told: Any) -> Any:
        return ()


def test_one_fact_that_does_not_balance_does_not_make_every_start_fold_ten_years_anew() -> None:
    author = Notebook("NX0601/D1", vocabulary=Careless(entities=TOYS.entities, postings={}))
    bear = author.say(found("bear")).facts[0].identity
    author.say(Saying(ToyBroken(account="Equity:X", debit=5, credit=4), entity=bear))
    node = Notebook("NX0601/D9", seed=9)
    node.recorder.take(author.facts())
    kept = folded(node.connection)

    def folded_anew(_connection: object) -> None:
        raise AssertionError("nothing can be read now that could not be read before")

    assert read_what_became_readable(node.connection, TOYS, [folded_anew]) == 0
    assert folded(node.connection) == kept


# --- Other shapes --------------------------------------------------------------------------------


HELD = ("states", "folds", "postings", "balances", "persons", "couriers", "products")


def held(premises: Premises) -> list[list[tuple[Any, ...]]]:
    """Return what follows from the facts here, and what a search finds in it."""
    connection = premises.session.connection
    assert [row.name for row in people.find(connection, "15400006001")] == ["王示共"]
    return [connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in HELD]


def with_older_tables(folder: Path) -> None:
    """Leave the folder as a program did that did not know of credit."""
    connection = open_writer(folder / DATABASE, KEY)
    connection.execute("ALTER TABLE persons DROP COLUMN credit_limit_fen")
    connection.execute("UPDATE local SET value = 'another' WHERE name = 'folded_as'")
    step = "SELECT name FROM migrations WHERE name LIKE 'tables.read@%'"
    (name,) = connection.execute(step).fetchone()
    connection.execute("UPDATE migrations SET name = 'tables.read@older' WHERE name = ?", (name,))
    connection.close()


@pytest.mark.parametrize("is_older", [True, False])
def test_a_folder_of_another_program_is_opened_with_all_it_holds(
    tmp_path: Path, *, is_older: bool
) -> None:
    furnish(tmp_path)
    before = open_furnished(tmp_path, seed=1)
    kept = held(before)
    before.close()
    if is_older:
        with_older_tables(tmp_path)
    else:
        connection = open_writer(tmp_path / DATABASE, KEY)  # it had a column more
        connection.execute("ALTER TABLE persons ADD COLUMN shoe_size TEXT")
        connection.execute("UPDATE persons SET credit_limit_fen = 99")
        connection.execute("UPDATE local SET value = 'another' WHERE name = 'folded_as'")
        connection.close()
    after = open_furnished(tmp_path, seed=2)
    assert held(after) == kept
    assert verify(after.session.connection, VOCABULARY).findings == ()
    after.close()


def test_an_upgrade_that_is_cut_off_is_made_up_for_at_the_next_start(tmp_path: Path) -> None:
    furnish(tmp_path)
    before = open_furnished(tmp_path, seed=1)
    kept = held(before)
    before.close()
    with_older_tables(tmp_path)
    connection = open_writer(tmp_path / DATABASE, KEY)
    migrate(connection, MIGRATIONS)  # and here the power fails: the tables are made, and empty
    assert connection.execute("SELECT count(*) FROM persons").fetchone() == (0,)
    connection.close()
    after = open_furnished(tmp_path, seed=2)
    assert held(after) == kept
    after.close()


def test_the_same_program_folds_nothing_anew(tmp_path: Path) -> None:
    furnish(tmp_path)
    connection = open_database(tmp_path, KEY)
    assert not fold_by_these_rules(connection, VOCABULARY, REBUILDERS)
    connection.close()


def test_a_field_more_in_a_struct_within_a_state_is_another_shape() -> None:
    class Inner(msgspec.Struct):
        one: int

    class Outer(msgspec.Struct):
        parts: tuple[Inner, ...] = ()

    def kind(state: type) -> EntityKind[Any]:
        return EntityKind(name="x", state=state, facts=(), fold=lambda known, _told: known)

    before = shapes_of([kind(Outer)])
    assert shapes_of([kind(Outer)]) == before
    Inner.__annotations__["two"] = int
    assert shapes_of([kind(Outer)]) != before
