"""A county with its office and the till of a PC; the county and PC of the tests of the line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.county_server.browsing import browser
from tests.county_server.finance_story import Office, Till, open_office, open_till
from tests.county_server.serving import Server
from tests.sync.conftest import clock, county, pc, sibling
from tests.sync.stand import Pc, enrolled_pc

__all__ = ["clock", "county", "pc", "sibling"]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = open_office(tmp_path)
    yield opened
    opened.county.close()


@pytest.fixture
def till(office: Office, tmp_path: Path) -> Iterator[Till]:
    opened = open_till(office, tmp_path / "d1")
    yield opened
    opened.pc.close()


@pytest.fixture
def pcs(office: Office, tmp_path: Path) -> Iterator[list[Pc]]:
    """Three PCs of the station."""
    made = [enrolled_pc(office.county, tmp_path / f"d{n}", office.clock, seed=n) for n in (1, 2, 3)]
    yield made
    for one in made:
        one.close()


@pytest.fixture(scope="module")  # its event loop would be in the way of other modules
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def server(data: Path) -> Iterator[Server]:
    running = Server(data)
    yield running
    assert running.stop() == 0
