"""A station, and learners who practise beside it."""

import pytest

from station_app.shell import theme
from tests.practice.learner import Learner
from tests.proofs.kit import furnish


@pytest.fixture
def real(tmp_path):
    """The data folder of a real station."""
    furnish(tmp_path)
    return tmp_path


@pytest.fixture
def begin(qapp, qtbot, real):
    theme.dress(qapp)
    opened = []

    def made(lesson=0):
        opened.append(Learner(real, qtbot, lesson))
        return opened[-1]

    yield made
    for one in opened:
        one.close()
