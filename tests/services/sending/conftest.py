"""A PC at which parcels are sent, and the same with its window."""

import pytest

from tests.overview.conftest import dressed, furnished, station  # noqa: F401 - fixtures
from tests.services.accounts.pcs import Pc
from tests.services.sending.desk import Counter


@pytest.fixture
def sending(tmp_path):
    """A PC with an open shift of ¥300.00, the demo's prices and twenty waybill numbers."""
    pc = Pc(tmp_path / "one", 1)
    pc.open_shift()
    made = Counter(pc)
    made.publish()
    made.grant()
    yield made
    pc.close()


@pytest.fixture
def counter(station):  # noqa: F811 - the fixture of that name
    """A station with its window that sends parcels; the manager is signed in."""
    station.sign_in()
    station.open_shift()
    made = Counter(station)
    made.publish()
    made.grant()
    return made
