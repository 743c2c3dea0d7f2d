"""Two PCs of a station, fresh for each test."""

import pytest

from tests.services.accounts.pcs import Pc


@pytest.fixture
def one(tmp_path):
    pc = Pc(tmp_path / "one", 1)
    yield pc
    pc.close()


@pytest.fixture
def two(tmp_path):
    pc = Pc(tmp_path / "two", 2)
    yield pc
    pc.close()
