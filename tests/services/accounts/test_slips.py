"""The slips look as when somebody last looked at them; nobody stands on one in full."""

import pytest

from station_app.printing.document import to_json
from tests.printing.drawing import RECEIPTS, new_press, printed
from tests.printing.golden import read
from tests.services.accounts.slips import ACT, FOLDER, SLIPS


@pytest.fixture(scope="module")
def press(qapp):
    return new_press()


@pytest.mark.parametrize("width", RECEIPTS)
@pytest.mark.parametrize("name", SLIPS)
def test_the_slip_is_the_one_that_was_looked_at(press, name, width):
    out = printed(press, SLIPS[name](width), RECEIPTS[width])
    assert out == read(FOLDER / f"{name}_{width}.png")


@pytest.mark.parametrize("name", SLIPS)
def test_names_are_masked_and_the_code_leads_back(name):
    text = to_json(SLIPS[name](576))
    assert "王示兰" not in text
    assert "李示芳" not in text
    assert f"VR{ACT}" in text
