"""The printing room of the tests: the bundled type, the press and the profiles that ship."""

from collections.abc import Mapping

import pytest

from station_app.printing.paint import TypeCase
from station_app.printing.press import Press
from station_app.printing.profiles import Profile, load_profiles
from station_app.resources_dir import resources


@pytest.fixture(scope="session")
def type_case(qapp) -> TypeCase:
    return TypeCase(resources() / "fonts")


@pytest.fixture(scope="session")
def press(type_case) -> Press:
    return Press(type_case)


@pytest.fixture(scope="session")
def profiles() -> Mapping[str, Profile]:
    return load_profiles((resources() / "printers.toml").read_text("utf-8"))
