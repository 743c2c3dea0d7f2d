"""A PC of a store, and the same with its window."""

import pytest

from tests.overview.conftest import dressed, furnished, station  # noqa: F401 - fixtures
from tests.services.accounts.pcs import Pc
from tests.services.sales.store import Store


@pytest.fixture
def store(tmp_path):
    """A store with an open shift of ¥300.00."""
    pc = Pc(tmp_path / "one", 1)
    pc.open_shift()
    made = Store(pc)
    made.catalogue()
    yield made
    pc.close()


@pytest.fixture
def shop(station):  # noqa: F811 - the fixture of that name
    """A store with its window; the manager is signed in."""
    station.sign_in()
    station.open_shift()
    made = Store(station)
    made.catalogue()
    return made
