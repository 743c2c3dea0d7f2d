"""Fixtures of the first day: a furnished station with its home folder."""

import shutil

import pytest

from station_app.shell import theme
from tests.overview.stations import settle
from tests.proofs.kit import furnish
from tests.services.opening.first_station import FirstStation


@pytest.fixture(scope="session")
def furnished_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("furnished")
    furnish(folder)
    return folder


@pytest.fixture
def first(qapp, qtbot, tmp_path, furnished_once):
    """A furnished station; its window is made by the test."""
    theme.dress(qapp)
    shutil.copytree(furnished_once, tmp_path / "station")
    made = FirstStation(tmp_path / "station", qtbot, home=tmp_path / "home")
    yield made
    made.close()
    settle()
