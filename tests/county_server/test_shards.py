"""The county on tables that are cut apart by station, as a distributed PostgreSQL cuts them.

Citus itself is not to be had here (docs/OPERATIONS.md §13). What it asks of a schema is what
PostgreSQL asks of a table that it partitions by the hash of a column: every primary and unique key
holds that column, no row changes its place, nothing refers across. So every table that has a
`station` is partitioned by it, and the county works on that without knowing.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from county_server.county import County
from county_server.schema import REFERENCE_TABLES
from county_server.verify import verify_county
from station_app.journal.verify import verify
from station_app.vocabulary import VOCABULARY
from tests.conftest import ROOT
from tests.postgres import Cluster
from tests.sync.stand import (
    STATION,
    SetClock,
    converse,
    direct,
    enrolled_pc,
    folded_here,
    folded_there,
    new_county,
)

SHARDS = 3
OTHER = "NX0602"


@pytest.fixture
def county(tmp_path: Path, postgres: Cluster) -> Iterator[County]:
    made = new_county(tmp_path / "county", SetClock(), cluster=postgres)
    with made.store.engine.begin() as connection:
        for table in made.store.tables.metadata.tables.values():
            if table.name not in REFERENCE_TABLES:
                cut_apart(connection, table.name)
    yield made
    made.close()


def cut_apart(connection: Connection, table: str) -> None:
    """Partition a table by the hash of its station; a key without the station is refused."""
    whole = f"{table}_whole"
    connection.execute(text(f"ALTER TABLE {table} RENAME TO {whole}"))
    connection.execute(
        text(f"CREATE TABLE {table} (LIKE {whole} INCLUDING ALL) PARTITION BY HASH (station)")
    )
    for shard in range(SHARDS):
        values = f"FOR VALUES WITH (MODULUS {SHARDS}, REMAINDER {shard})"
        connection.execute(text(f"CREATE TABLE {table}_{shard} PARTITION OF {table} {values}"))
    connection.execute(text(f"INSERT INTO {table} SELECT * FROM {whole}"))
    connection.execute(text(f"DROP TABLE {whole}"))


def test_a_county_whose_tables_are_cut_apart_by_station_works_as_any(
    county: County, tmp_path: Path
) -> None:
    clock = SetClock()
    here = [enrolled_pc(county, tmp_path / f"d{n}", clock, seed=n) for n in (1, 2)]
    there = enrolled_pc(county, tmp_path / "other", clock, station=OTHER, seed=3)
    for pc in (*here, there):
        parcels = pc.shelve(20)
        pc.hand_over(parcels[0].identity)
    for pc in (*here, there, here[0]):
        converse(pc, direct(county))
    assert folded_here(here[0]) == folded_here(here[1]) == folded_there(county, STATION)
    assert folded_here(there) == folded_there(county, OTHER)
    assert verify_county(county).findings == ()
    with county.store.read() as connection:
        shards = [f"facts_{number}" for number in range(SHARDS)]
        counts = [
            connection.exec_driver_sql(f"SELECT count(DISTINCT station) FROM {shard}").scalar_one()
            for shard in shards
        ]
    assert sum(counts) == 3, "both stations, and what the county says to all"
    assert max(counts) < 3, "cut apart"
    for pc in (*here, there):
        assert verify(pc.reader, VOCABULARY).is_sound
        pc.close()


def test_the_handbook_names_the_tables_that_stand_everywhere() -> None:
    handbook = (ROOT / "docs" / "OPERATIONS.md").read_text("utf-8")
    named = re.search(r"create_reference_table\(t\) FROM unnest\(ARRAY\[(.*?)\]\)", handbook, re.S)
    assert named is not None
    assert set(re.findall(r"'(\w+)'", named[1])) == REFERENCE_TABLES
