"""The dots are the same as when somebody last looked at them, on this machine as on that one."""

import pytest

from tests.printing.golden import FOLDER, KEPT, home_of, read
from tests.printing.papers import PAPERS
from tests.printing.witness import only_paper


@pytest.mark.parametrize("paper", KEPT)
def test_the_paper_is_the_one_that_was_looked_at(paper, press, profiles):
    profile = profiles[home_of(PAPERS[paper])]
    out = only_paper(press.render_bytes(PAPERS[paper], profile), profile)
    assert out == read(FOLDER / f"{paper}.png")
