"""Fixtures of the overview: journals on disk and the catalogue."""

import pytest

from station_app.resources_dir import load_texts
from station_app.shell import theme
from tests.overview.journals import TestJournal
from tests.overview.stations import TestStation, settle


@pytest.fixture(scope="session")
def texts():
    return load_texts()


@pytest.fixture
def journal(tmp_path):
    made = TestJournal(tmp_path)
    yield made
    made.session.close()


@pytest.fixture(scope="session")
def dressed(qapp):
    """Give the application its fonts and colours, once."""
    theme.dress(qapp)
    return qapp


@pytest.fixture
def station(dressed, qtbot, tmp_path):
    """A furnished station; its window is made by the test."""
    made = TestStation(tmp_path / "station", qtbot)
    yield made
    made.close()
    settle()
