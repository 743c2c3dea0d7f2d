"""The stories end as they were written by hand, in the books of both PCs and of the county.

That everything sums to zero cannot show a wrong account. So every posting row there is must be
told by some story, and the books must end otherwise if any row were wrong in any way.
"""

import functools

import pytest

from station_app.journal.log import FactLog
from station_app.journal.verify import verify
from station_app.vocabulary import VOCABULARY
from tests.ledger.mutants import CHANGES, Bookkeeper, Row, all_rows
from tests.ledger.tales import TALES
from tests.ledger.tales_of_cases import TALES_OF_CASES
from tests.ledger.tales_of_goods import TALES_OF_GOODS
from tests.ledger.tales_of_money import TALES_OF_MONEY
from tests.ledger.tales_of_parcels import TALES_OF_PARCELS
from tests.ledger.village import Story, Telling, tell
from tests.ledger.walking import NOTES, own_is_what_the_walk_finds

STORIES: list[Story] = [
    *TALES,
    *TALES_OF_MONEY,
    *TALES_OF_PARCELS,
    *TALES_OF_GOODS,
    *TALES_OF_CASES,
]
NAMES = [story.__name__ for story in STORIES]


@functools.cache
def telling(number: int) -> tuple[Telling, list[str]]:
    return tell(STORIES[number])


@functools.cache
def bookkeepers() -> tuple[Bookkeeper, ...]:
    return tuple(Bookkeeper(telling(number)[0]) for number in range(len(STORIES)))


@pytest.mark.parametrize("number", range(len(STORIES)), ids=NAMES)
def test_three_books_say_what_was_written_by_hand(number: int) -> None:
    _, wrong = telling(number)
    assert wrong == []


@pytest.mark.parametrize("number", range(len(STORIES)), ids=NAMES)
def test_both_ends_fold_the_same_states_and_cases(number: int) -> None:
    village = telling(number)[0].village
    ask = "SELECT kind, entity, data FROM states ORDER BY kind, entity"
    cases = "SELECT kind, entity, members FROM cases ORDER BY kind, entity"
    for sql in (ask, cases):
        with village.store.read() as connection:
            there = [tuple(row) for row in connection.exec_driver_sql(sql).all()]
        for node in (village.one, village.two):
            assert [tuple(row) for row in node.connection.execute(sql).fetchall()] == there
    assert verify(village.one.connection, VOCABULARY).is_sound


@pytest.mark.parametrize("number", range(len(STORIES)), ids=NAMES)
def test_the_walk_finds_the_same(number: int) -> None:
    for node in (telling(number)[0].village.one, telling(number)[0].village.two):
        own_is_what_the_walk_finds(node)


def test_the_walk_knows_every_kind_of_fact() -> None:
    kinds = {kind for kind, _ in VOCABULARY.kinds}
    assert kinds - set(NOTES.MEANINGS) - NOTES.NO_MONEY == set()


def test_every_fact_that_posts_has_its_story() -> None:
    """A row that no story tells could be wrong for ever: every one is told."""
    told: set[Row] = set().union(*(keeper.rows.keys() for keeper in bookkeepers()))
    assert sorted(all_rows() - told) == []
    kinds = {kind for kind, _, _ in told}
    facts = sum(len(FactLog(k.telling.village.one.connection).heads()) for k in bookkeepers())
    print(f"\n{len(STORIES)} stories tell {len(told)} rows of {len(kinds)} kinds ({facts} streams)")


def test_no_row_can_be_wrong_unnoticed() -> None:
    survivors: list[str] = []
    mutants = 0
    for row in sorted(set().union(*(keeper.rows.keys() for keeper in bookkeepers()))):
        mine = [keeper for keeper in bookkeepers() if row in keeper.rows]
        for name, change in CHANGES.items():
            mutants += 1
            if not any(keeper.notices(row, change) for keeper in mine):
                survivors.append(f"{' '.join(row)}: {name}")
    print(f"\n{mutants} wrong rows, {len(survivors)} unnoticed")
    assert survivors == []
    assert mutants > 1_000
