"""Numbers on paper: no gaps, given back by a refusal, never the same twice on two papers."""

import pytest

from station_app.journal.series import printed_number, take_number
from station_app.journal.store import transaction
from tests.journal.notebook import Notebook


def test_each_series_counts_from_one_by_itself():
    connection = Notebook().connection
    taken = [take_number(connection, name) for name in ("z/D1", "z/D1", "slip", "z/D1")]
    assert taken == [1, 2, 1, 3]


def test_a_number_that_was_not_used_is_given_back():
    connection = Notebook().connection
    take_number(connection, "z/D1")

    def refused() -> None:
        with transaction(connection):
            assert take_number(connection, "z/D1") == 2
            raise RuntimeError("refused")

    with pytest.raises(RuntimeError):
        refused()
    assert take_number(connection, "z/D1") == 2


def test_series_go_on_over_starts():
    node = Notebook()
    take_number(node.connection, "z/D1")
    node.restart()
    assert take_number(node.connection, "z/D1") == 2


def test_the_mark_tells_two_histories_of_one_number_apart():
    one = printed_number(128, "NX0601/D1/00112233aabbccdd")
    two = printed_number(128, "NX0601/D1/ff112233aabbccdd")
    assert one.startswith("128-")
    assert len(one) == len("128-K7")
    assert one != two
