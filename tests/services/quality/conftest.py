"""A station that takes produce in and looks after its papers, without and with its window."""

from tests.overview.conftest import dressed, furnished, station  # noqa: F401 - fixtures
from tests.services.consignment.conftest import barn, yard  # noqa: F401 - fixtures
