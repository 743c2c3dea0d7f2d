"""What is asked quickly is what SQLAlchemy would be told; troubles are said in its words."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, Update, event
from sqlalchemy.exc import IntegrityError, OperationalError

from county_server.asking import ask, ask_one, tell
from county_server.bulk import add_rows, put_rows
from county_server.county import County
from county_server.questions import here
from tests.sync.stand import STATION, Pc, SetClock, converse, direct, enrolled_pc, new_county

LEAST_COMPARED, LEAST_ANSWERED = 45, 30
LEAST_UPDATES = 5


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


def questions_of(county: County) -> dict[str, Any]:
    """Every question that is written down, by its name."""
    asked = vars(county.store.questions).items()
    return {name: one for name, one in asked if isinstance(one, Select)}


def test_the_answers_are_those_of_sqlalchemy(county: County, pc: Pc) -> None:
    stream, device = pc.session.author.stream, pc.place.rpartition("/")[2]
    head = pc.facts()[-1]
    values: dict[str, Any] = {
        "at": STATION, "stream": stream, "named": head.prev, "seq": 1, "first": 1, "last": 99,
        "feed": 0, "but": "", "at_most": 9, "device": device, "epoch": "", "kind": head.kind,
        "begins": f"{pc.place}/", "long": len(pc.place) + 1, "here": here(STATION),
        "seqs": [1, 2, 3], "names": [head.prev, head.identity, head.entity, device],
    }  # fmt: skip
    compared = answered = 0
    with county.store.read() as connection:
        for name, question in questions_of(county).items():
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


def test_no_parameter_of_an_update_is_called_as_a_column(county: County) -> None:
    """PostgreSQL is told in the usual way, which takes such a parameter for what is to be set."""
    updates = [one for one in vars(county.store.questions).values() if isinstance(one, Update)]
    assert len(updates) >= LEAST_UPDATES
    for one in updates:
        one.compile(column_keys=list(one.compile().params))


def test_in_an_empty_list_nothing_is_found(county: County, pc: Pc) -> None:
    asked = {"at": STATION, "stream": pc.session.author.stream}
    with county.store.read() as connection:
        assert ask(connection, county.store.questions.identities_at, asked | {"seqs": []}) == []
        assert (
            len(ask(connection, county.store.questions.identities_at, asked | {"seqs": [1]})) == 1
        )


def test_what_is_told_is_kept_or_its_trouble_said_as_all_others_are(county: County) -> None:
    row = {"station": STATION, "device": "D9", "facts": 5, "at": 1}
    buckets, questions = county.store.tables.buckets, county.store.questions
    with county.store.write() as connection:
        put_rows(connection, county.store.upsert(buckets), [row, row | {"facts": 4}])
        assert ask_one(connection, questions.bucket, {"at": STATION, "named": "D9"}) == (4, 1)
        tell(connection, buckets.delete().where(buckets.c.device == "D9"))
        assert ask(connection, questions.bucket, {"at": STATION, "named": "D9"}) == []
        add_rows(connection, buckets, [(STATION, "D9", 5, 1)])
        with pytest.raises(IntegrityError, match="UNIQUE constraint failed: buckets"):
            add_rows(connection, buckets, [(STATION, "D8", 5, 1), (STATION, "D9", 5, 1)])
        connection.exec_driver_sql("ALTER TABLE kept_back RENAME TO gone")
        with pytest.raises(OperationalError, match="no such table: kept_back"):
            tell(connection, questions.count_whole, {"at": STATION, "stream": "x"})
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO kept_back")
