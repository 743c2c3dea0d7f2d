"""A PC of a station that takes produce in, and the same with its window."""

import pytest

from tests.overview.conftest import dressed, furnished, station  # noqa: F401 - fixtures
from tests.services.accounts.pcs import Pc
from tests.services.consignment.barn import Barn


@pytest.fixture
def barn(tmp_path):
    """A station with an open shift of ¥300.00."""
    pc = Pc(tmp_path / "one", 1)
    pc.open_shift()
    made = Barn(pc)
    made.county_says()
    yield made
    pc.close()


@pytest.fixture
def yard(station):  # noqa: F811 - the fixture of that name
    """The same with its window; the manager is signed in."""
    station.sign_in()
    station.open_shift()
    made = Barn(station)
    made.county_says()
    return made
