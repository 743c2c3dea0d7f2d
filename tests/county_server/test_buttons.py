"""Every button of the county's pages is dressed: a bare one shows boxes where Chinese should be."""

import re

from tests.conftest import ROOT

TOP_BAR = {("member.html", f'say("{word}")') for word in ("find.act", "nav.leave")}


def test_no_button_is_left_in_the_browsers_own_clothes() -> None:
    bare = [
        (page.name, told)
        for page in sorted((ROOT / "county_server").rglob("templates/*.html"))
        for told in re.findall(r"<button>\{\{ (.*?) \}\}", page.read_text("utf-8"))
    ]
    assert set(bare) == TOP_BAR, "those of the top bar are dressed by their place"
