"""A PC that takes bills in, and the same with its window."""

import pytest

from tests.overview.conftest import dressed, furnished, station  # noqa: F401 - fixtures
from tests.services.accounts.pcs import Pc
from tests.services.bills.desk import Bills


@pytest.fixture
def bills(tmp_path):
    """A PC with an open shift of ¥300.00 and the billers of the demo county."""
    pc = Pc(tmp_path / "one", 1)
    pc.open_shift()
    made = Bills(pc)
    made.publish()
    yield made
    pc.close()


@pytest.fixture
def counter(station):  # noqa: F811 - the fixture of that name
    """A station with its window that takes bills in; the manager is signed in."""
    station.sign_in()
    station.open_shift()
    made = Bills(station)
    made.publish()
    return made
