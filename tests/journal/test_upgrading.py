"""What an older program had set aside, at the start of a newer one."""

from typing import Any

from station_app.journal.fact import Saying
from station_app.journal.upgrading import read_what_became_readable
from station_app.journal.vocabulary import Vocabulary
from tests.journal.notebook import TOYS, Notebook, ToyBroken, folded, found


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
