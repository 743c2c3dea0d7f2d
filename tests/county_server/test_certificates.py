"""Certificates of growers at the county: which are over, which end soon, whose name is masked."""

import pytest

from county_server.desks.master.certificates import state_of
from station_app.journal.fact import Saying
from station_app.services.people.facts import PersonDetails, PersonRegistered
from station_app.services.quality.facts import CertificateShown
from tests.county_server.finance_story import Office, Till, seen
from tests.sync.stand import DAY

URL = "/master/certificates"


@pytest.mark.parametrize(
    ("until_day", "state"),
    [
        ("", "endless"), ("2026-11-22", "over"), ("2026-11-23", "soon"), ("2026-12-23", "soon"),
        ("2026-12-24", "holds"),
    ],
)  # fmt: skip
def test_whether_it_holds_on_a_day(until_day: str, state: str) -> None:
    assert state_of(until_day, "2026-11-23") == state


def test_what_growers_showed_stands_by_the_day_on_which_it_ends(office: Office, till: Till) -> None:
    assert "还没有证书" in seen(office["C01"].page(URL))
    details = PersonDetails(name="王示兰", pinyin="wang shi lan", initials="wsl")
    who = till.pc.say(Saying(PersonRegistered(code="", day=DAY), details)).facts[0].identity
    shown = (
        ("GI-7", "gi", "2026-01-01"),
        ("LS-1", "green", "2099-01-01"),
        ("9141", "coop", ""),
    )
    for number, sort, until_day in shown:
        body = CertificateShown(
            person=who, sort=sort, number=number, produce="", until_day=until_day, day=DAY
        )
        till.pc.say(Saying(body))
    till.send()
    page = seen(office["C01"].page(URL))
    assert "证书 3" in page
    assert "王*兰 地理标志 GI-7 她的都算 2026-01-01 过期了" in page
    assert page.index("GI-7") < page.index("LS-1") < page.index("9141"), "without end comes last"
    assert "合作社执照 9141 她的都算 — 没有期限" in page
    assert "王示兰" not in page
    over = seen(office["C01"].page(f"{URL}?state=over"))
    assert "GI-7" in over
    assert "LS-1" not in over
