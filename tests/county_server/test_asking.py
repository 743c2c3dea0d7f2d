"""What is asked quickly is what SQLAlchemy would be told; troubles are said in its words."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, event
from sqlalchemy.dialects.sqlite.pysqlite import dialect as sqlite_dialect
from sqlalchemy.exc import OperationalError

from county_server.asking import ask, ask_one
from county_server.county import County
from tests.sync.stand import STATION, Pc, SetClock, converse, direct, enrolled_pc, new_county

LEAST_COMPARED, LEAST_ANSWERED = 20, 12


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    made = new_county(tmp_path / "county", SetClock())
    yield made
    made.close()


@pytest.fixture
def pc(county: County, tmp_path: Path) -> Iterator[Pc]:
    """A PC that has handed in a few parcels."""
    made = enrolled_pc(county, tmp_path / "pc", SetClock())
    made.shelve(3)
    converse(made, direct(county))
    yield made
    made.close()


def single_valued(county: County) -> dict[str, Any]:
    """Every question that asks for no list, by its name."""
    asked = vars(county.store.questions).items()
    selects = {name: one for name, one in asked if isinstance(one, Select)}
    return {
        name: one
        for name, one in selects.items()
        if "POSTCOMPILE" not in one.compile(dialect=sqlite_dialect()).string
    }


def test_the_answers_are_those_of_sqlalchemy(county: County, pc: Pc) -> None:
    stream, device = pc.session.author.stream, pc.place.rpartition("/")[2]
    head = pc.facts()[-1]
    values: dict[str, Any] = {
        "at": STATION, "stream": stream, "named": head.prev, "seq": 1, "first": 1, "last": 99,
        "feed": 0, "but": "", "at_most": 9, "device": device, "epoch": "",
    }  # fmt: skip
    compared = answered = 0
    with county.store.read() as connection:
        for name, question in single_valued(county).items():
            wanted = {n for n, v in question.compile().params.items() if v is None}
            for named in (values["named"], device, "parcel", "schema"):
                which = {n: v for n, v in (values | {"named": named}).items() if n in wanted}
                usual = [tuple(row) for row in connection.execute(question, which)]
                assert ask(connection, question, which) == usual, name
                answered += bool(usual)
            compared += 1
    assert compared >= LEAST_COMPARED
    assert answered >= LEAST_ANSWERED


def test_one_row_or_none(county: County, pc: Pc) -> None:
    asked, stream = county.store.questions.head, pc.session.author.stream
    own = [fact for fact in pc.facts() if fact.stream == stream]
    with county.store.read() as connection:
        found = ask_one(connection, asked, {"at": STATION, "stream": stream})
        assert found == (len(own), own[-1].identity)
        assert ask_one(connection, asked, {"at": STATION, "stream": "nobody's"}) is None


def test_a_trouble_is_said_as_all_others_are(county: County) -> None:
    asked = county.store.questions.bucket
    with county.store.write() as connection:
        connection.exec_driver_sql("ALTER TABLE buckets RENAME TO gone")
        with pytest.raises(OperationalError, match="no such table: buckets"):
            ask(connection, asked, {"at": STATION, "named": "D1"})
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO buckets")
        assert ask(connection, asked, {"at": STATION, "named": "D1"}) == []


def test_whoever_listens_hears_of_every_question(county: County) -> None:
    heard: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: object) -> None:
        heard.append(statement)

    event.listen(county.store.engine, "before_cursor_execute", hear)
    with county.store.read(behind=True) as connection:
        assert ask(connection, county.store.questions.unfolded) == []
    assert any("FROM unfolded" in statement for statement in heard)


def test_a_list_is_no_single_value(county: County) -> None:
    with county.store.read() as connection, pytest.raises(AssertionError, match="as many places"):
        ask(connection, county.store.questions.roots, {"at": STATION, "names": ["x"]})
