"""A station that orders: a PC by commands, and the same with its window."""

import pytest

from tests.overview.conftest import dressed, furnished, station  # noqa: F401 - fixtures
from tests.services.accounts.pcs import Pc
from tests.services.purchasing.desk import OrderDesk


@pytest.fixture
def orders(tmp_path):
    """A PC with an open shift of ¥300.00 and a catalogue."""
    pc = Pc(tmp_path / "one", 1)
    pc.open_shift()
    made = OrderDesk(pc)
    made.catalogue()
    yield made
    pc.close()


@pytest.fixture
def counter(station):  # noqa: F811 - the fixture of that name
    """A station with its window, a catalogue and a shift; the manager is signed in."""
    station.sign_in()
    station.open_shift()
    made = OrderDesk(station)
    made.catalogue()
    return made
