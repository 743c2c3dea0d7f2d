"""The tables and the settings of the county's database."""

from pathlib import Path

import pytest
from sqlalchemy import UniqueConstraint
from sqlalchemy.exc import IntegrityError

from county_server import store as store_module
from county_server.schema import EVERYWHERE, REFERENCE_TABLES, STATION, Tables, home_of
from county_server.store import Store, UnsafeDatabase
from station_app.vocabulary import VOCABULARY


def test_every_primary_and_unique_key_contains_the_station() -> None:
    for table in Tables(VOCABULARY.entities).metadata.tables.values():
        if table.name in REFERENCE_TABLES:
            assert STATION not in table.columns
            continue
        keys = [set(table.primary_key.columns.keys())]
        keys += [set(index.columns.keys()) for index in table.indexes if index.unique]
        keys += [
            set(constraint.columns.keys())
            for constraint in table.constraints
            if isinstance(constraint, UniqueConstraint)
        ]
        for key in keys:
            assert STATION in key, f"{table.name}: {key}"


def test_every_kind_with_columns_has_a_table() -> None:
    tables = Tables(VOCABULARY.entities)
    for kind in VOCABULARY.entities:
        if kind.columns is not None:
            assert tables.read[kind.name].name == kind.columns.table
            assert len(tables.read[kind.name].columns) == len(kind.columns.fields) + 2


@pytest.mark.parametrize(
    ("stream", "home"),
    [
        ("NX0601/D1/00112233445566aa", "NX0601"),
        ("county.1/NX0601", "NX0601"),
        ("county.12/all", EVERYWHERE),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_where_a_stream_is_kept(stream: str, home: str) -> None:
    assert home_of(stream) == home


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(f"sqlite:///{tmp_path / 'county.db'}", VOCABULARY)
    made.make()
    made.make()
    return made


def test_every_connection_keeps_what_it_is_told(store: Store) -> None:
    with store.read() as one, store.read() as other:
        for connection in (one, other):
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
            assert connection.exec_driver_sql("PRAGMA secure_delete").scalar_one() == 1
    store.close()


def test_a_setting_that_does_not_hold_stops_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "_SETTINGS", (("synchronous", "OFF", 2),))
    broken = Store(f"sqlite:///{tmp_path / 'county.db'}", VOCABULARY)
    with pytest.raises(UnsafeDatabase, match="synchronous"):
        broken.make()
    broken.close()


FACT = {
    "station": "NX0601",
    "stream": "NX0601/D1/00112233445566aa",
    "seq": 1,
    "act": "A",
    "at": 1,
    "kind": "a.b",
    "v": 1,
    "entity": "",
    "by_": "",
    "prev": "",
    "digest": "d",
    "identity": "i",
    "body": b"{}",
    "private_digest": "",
}


@pytest.mark.parametrize("sql", ["UPDATE facts SET kind = 'x'", "DELETE FROM facts"])
def test_a_fact_is_never_changed_nor_removed(store: Store, sql: str) -> None:
    with store.write() as connection:
        connection.execute(store.tables.facts.insert(), [FACT])
    with pytest.raises(IntegrityError, match="a fact is never"), store.write() as connection:
        connection.exec_driver_sql(sql)
    with store.read() as connection:
        assert connection.execute(store.tables.facts.select()).one().kind == "a.b"
    store.close()


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    with pytest.raises(IntegrityError), store.write() as connection:
        connection.execute(store.tables.facts.insert(), [FACT, FACT])
    with store.read() as connection:
        assert connection.execute(store.tables.facts.select()).all() == []
    store.close()


def test_amounts_add_up(store: Store) -> None:
    row = {"station": "NX0601", "account": "Assets:Safe", "commodity": "CNY"}
    upsert = store.upsert(store.tables.balances, adds=("amount",))
    for amount in (500, -200):
        with store.write() as connection:
            connection.execute(upsert, [row | {"amount": amount}])
    with store.read() as connection:
        assert connection.execute(store.tables.balances.select()).one().amount == 300
    store.close()
