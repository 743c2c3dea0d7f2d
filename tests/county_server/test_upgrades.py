"""A county's database of any age becomes one of today, in place, or stays as it was."""

import gzip
import shutil
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError

from county_server import upgrades
from county_server.county import County
from county_server.store import Store
from county_server.upgrades import HERE, NEWEST, TooNew
from county_server.verify import verify_county
from station_app.vocabulary import VOCABULARY
from tests.county_server.serving import command
from tests.postgres import ON_BOTH_STORES, Cluster
from tests.sync.stand import SetClock, converse, direct, enrolled_pc, new_county, reopened_county

RECORDED = Path(__file__).with_name("old_counties")
VERSIONS = sorted(folder.name for folder in RECORDED.iterdir())
FACTS = {"1": 22}  # what each held when it was recorded


def recorded(version: str, folder: Path) -> Path:
    """Lay out a county that a former program left behind."""
    shutil.copytree(RECORDED / version / "keys", folder / "keys")
    packed = (RECORDED / version / "county.db.gz").read_bytes()
    (folder / "county.db").write_bytes(gzip.decompress(packed))
    return folder


def differences(county: County) -> list[Any]:
    """What Alembic would have to do to make this database what the schema says."""
    with county.store.read(behind=True) as connection:
        context = MigrationContext.configure(connection)
        found: list[Any] = compare_metadata(context, county.store.tables.metadata)
        return found


def version_of(county: County) -> str:
    with county.store.read(behind=True) as connection:
        found: str = connection.execute(
            text("SELECT version_num FROM alembic_version")
        ).scalar_one()
        return found


@pytest.mark.parametrize("version", VERSIONS)
def test_a_county_of_former_days_opens_and_goes_on(version: str, tmp_path: Path) -> None:
    folder = recorded(version, tmp_path / "county")
    county = reopened_county(folder, SetClock())
    report = verify_county(county)
    assert report.facts == FACTS[version]
    assert not report.findings
    assert not differences(county)
    assert version_of(county) == NEWEST
    pc = enrolled_pc(county, tmp_path / "d2", SetClock(), seed=300)
    pc.shelve(2)
    converse(pc, direct(county))
    assert not pc.unconfirmed()
    assert not verify_county(county).findings
    pc.close()
    county.close()


def test_the_feed_goes_on_where_it_was(tmp_path: Path) -> None:
    """Numbers of a feed that were given out are never given again: a sibling would miss facts."""
    county = reopened_county(recorded("1", tmp_path / "county"), SetClock())
    with county.store.read(behind=True) as connection:
        feeds = connection.execute(county.store.tables.feeds.select()).all()
    county.close()
    assert [tuple(row) for row in feeds if row.station == "NX0601"] == [("NX0601", 2)]


def test_the_newest_version_is_the_last_revision() -> None:
    scripts = ScriptDirectory(str(HERE))
    assert scripts.get_heads() == [NEWEST]
    assert scripts.get_bases() == [upgrades.FIRST]


@ON_BOTH_STORES
def test_a_new_database_is_what_the_schema_says(tmp_path: Path, store_in: Cluster | None) -> None:
    county = new_county(tmp_path / "county", SetClock(), cluster=store_in)
    assert not differences(county)
    assert version_of(county) == NEWEST
    county.close()


@ON_BOTH_STORES
def test_an_old_schema_comes_up_on_either_store(tmp_path: Path, store_in: Cluster | None) -> None:
    """As the first version made it: without notes of versions, and without today's tables."""
    county = new_county(tmp_path / "county", SetClock(), cluster=store_in)
    url = county.store.engine.url.render_as_string(hide_password=False)
    with county.store.write(behind=True) as connection:
        for table in ("feeds", "unfolded", "buckets", "versions", "refolds", "alembic_version"):
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("DELETE FROM settings WHERE name = 'folded_as'"))
    county.close()
    again = reopened_county(tmp_path / "county", SetClock(), url=url)
    assert not differences(again)
    assert not verify_county(again).findings
    again.close()


@ON_BOTH_STORES
def test_an_upgrade_that_fails_leaves_the_old_database(
    tmp_path: Path, store_in: Cluster | None
) -> None:
    """Something stands in the way of the last step: nothing of the upgrade stays."""
    county = new_county(tmp_path / "county", SetClock(), cluster=store_in)
    url = county.store.engine.url.render_as_string(hide_password=False)
    with county.store.write(behind=True) as connection:
        for table in ("unfolded", "alembic_version"):  # but feeds is there: 0002 cannot make it
            connection.execute(text(f"DROP TABLE {table}"))
    county.close()
    with pytest.raises(SQLAlchemyError):
        reopened_county(tmp_path / "county", SetClock(), url=url)
    store = Store(url, VOCABULARY)
    with store.read(behind=True) as connection:
        there = inspect(connection).get_table_names()
    store.close()
    assert "alembic_version" not in there
    assert "unfolded" not in there


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    county = new_county(tmp_path / "county", SetClock())
    with county.store.write(behind=True) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    county.close()
    with pytest.raises(TooNew):
        reopened_county(tmp_path / "county", SetClock())
    done = command(tmp_path / "county", "verify", status=2)
    assert "version 9999" in done.stderr


@ON_BOTH_STORES
def test_a_table_that_is_declared_anew_is_filled_from_the_facts(
    tmp_path: Path, store_in: Cluster | None
) -> None:
    county = new_county(tmp_path / "county", SetClock(), cluster=store_in)
    url = county.store.engine.url.render_as_string(hide_password=False)
    with county.store.write(behind=True) as connection:
        connection.execute(text("DROP INDEX persons_by_name"))
        connection.execute(text("ALTER TABLE persons DROP COLUMN name"))
        connection.execute(text("UPDATE settings SET value = 'x' WHERE name = 'folded_as'"))
    county.close()
    again = reopened_county(tmp_path / "county", SetClock(), url=url)
    assert not differences(again)
    assert not verify_county(again).findings
    again.close()
