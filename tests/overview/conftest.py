"""Fixtures of the overview: journals on disk and the catalogue."""

import shutil

import pytest

from station_app.resources_dir import load_texts
from station_app.shell import theme
from tests.overview.journals import TestJournal
from tests.overview.stations import TestStation, settle
from tests.proofs.kit import furnish


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


@pytest.fixture(scope="session")
def furnished(tmp_path_factory):
    """A data folder that the county has furnished; every station of a test is a copy of it."""
    folder = tmp_path_factory.mktemp("furnished")
    furnish(folder)
    return folder


@pytest.fixture
def station(dressed, qtbot, tmp_path, furnished):
    """A furnished station; its window is made by the test."""
    shutil.copytree(furnished, tmp_path / "station")
    made = TestStation(tmp_path / "station", qtbot)
    yield made
    made.close()
    settle()
