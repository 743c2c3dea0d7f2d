"""Fixtures of the overview: journals on disk and the catalogue."""

import pytest

from station_app.resources_dir import load_texts
from tests.overview.journals import TestJournal


@pytest.fixture(scope="session")
def texts():
    return load_texts()


@pytest.fixture
def journal(tmp_path):
    made = TestJournal(tmp_path)
    yield made
    made.session.close()
