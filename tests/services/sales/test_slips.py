"""The slips look as when somebody last looked at them; nobody stands on one in full."""

import pytest

from station_app.printing.document import to_json
from station_app.printing.paint import TypeCase
from station_app.printing.press import Press
from station_app.printing.profiles import load_profiles
from station_app.resources_dir import resources
from tests.printing.golden import read
from tests.printing.witness import only_paper
from tests.services.sales.slips import ACT, FOLDER, PROFILES, SLIPS


@pytest.fixture(scope="module")
def press(qapp):
    return Press(TypeCase(resources() / "fonts"))


@pytest.mark.parametrize("width", PROFILES)
@pytest.mark.parametrize("name", SLIPS)
def test_the_slip_is_the_one_that_was_looked_at(press, name, width):
    profiles = load_profiles((resources() / "printers.toml").read_text("utf-8"))
    profile = profiles[PROFILES[width]]
    out = only_paper(press.render_bytes(SLIPS[name](width), profile), profile)
    assert out == read(FOLDER / f"{name}_{width}.png")


@pytest.mark.parametrize("name", SLIPS)
def test_names_are_masked_and_the_code_leads_back(name):
    text = to_json(SLIPS[name](576))
    assert text.count("李") == 1
    assert "李示芳" not in text
    assert f"VR{ACT}" in text
