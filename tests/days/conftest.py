"""One county, made once, that every day of this folder begins from."""

from pathlib import Path

import pytest

from tests.stage import make_county


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county that nobody has enrolled with; copied, never served."""
    return make_county(tmp_path_factory.mktemp("pristine"))
