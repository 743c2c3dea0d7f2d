"""Drafts: kept, taken up, dropped; on disk in the station's own database."""

import pytest
from sqlcipher3 import dbapi2

from station_app.shell.drafts import SCHEMA, DraftsInMemory, DraftTable, DraftTooLong


@pytest.fixture
def connection():
    made = dbapi2.connect(":memory:", isolation_level=None)
    made.execute(SCHEMA)
    yield made
    made.close()


@pytest.fixture(params=["memory", "table"])
def drafts(request, connection):
    if request.param == "memory":
        return DraftsInMemory()
    return DraftTable(connection, lambda work: work(connection))


def test_a_draft_is_found_as_it_was_kept(drafts):
    drafts.keep("a.page", {"name": "王秀兰", "amount_fen": 7200, "rows": [1, 2]})
    assert drafts.find("a.page") == {"name": "王秀兰", "amount_fen": 7200, "rows": [1, 2]}
    assert drafts.pages() == ["a.page"]
    drafts.drop("a.page")
    drafts.drop("a.page")
    assert drafts.find("a.page") is None


def test_what_is_found_is_a_copy(drafts):
    drafts.keep("a.page", {"rows": [1]})
    drafts.find("a.page")["rows"].append(2)
    assert drafts.find("a.page") == {"rows": [1]}


def test_a_draft_without_end_is_refused_and_the_one_before_stays(drafts):
    drafts.keep("a.page", {"name": "字"})
    with pytest.raises(DraftTooLong, match="characters"):
        drafts.keep("a.page", {"name": "字" * 100_000})
    assert drafts.find("a.page") == {"name": "字"}


def test_drafts_outlive_the_program(connection):
    before = DraftTable(connection, lambda work: work(connection))
    before.keep("a.page", {"name": "旧"})
    before.keep("a.page", {"name": "新"})
    before.keep("b.page", {})
    before.drop("b.page")
    after = DraftTable(connection, lambda work: work(connection))
    assert (after.pages(), after.find("a.page")) == (["a.page"], {"name": "新"})


def test_the_same_draft_again_is_not_written_again(connection):
    works: list = []
    drafts = DraftTable(connection, works.append)
    drafts.keep("a.page", {"name": "王"})
    drafts.keep("a.page", {"name": "王"})
    assert len(works) == 1
