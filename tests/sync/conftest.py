"""A county, a PC of it and its sibling, as most tests of the line begin with them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from county_server.county import County
from tests.postgres import Cluster
from tests.sync.stand import Pc, SetClock, enrolled_pc, new_county


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def county(tmp_path: Path, clock: SetClock, store_in: Cluster | None) -> Iterator[County]:
    """A county on a file; on each store in tests that are marked ON_BOTH_STORES."""
    county = new_county(tmp_path / "county", clock, cluster=store_in)
    yield county
    county.close()
    if store_in:
        store_in.drop_database(str(county.store.engine.url))


@pytest.fixture
def pc(county: County, tmp_path: Path, clock: SetClock) -> Iterator[Pc]:
    pc = enrolled_pc(county, tmp_path / "d1", clock)
    yield pc
    pc.close()


@pytest.fixture
def sibling(pc: Pc, county: County, tmp_path: Path, clock: SetClock) -> Iterator[Pc]:
    sibling = enrolled_pc(county, tmp_path / "d2", clock, seed=200)
    yield sibling
    sibling.close()
