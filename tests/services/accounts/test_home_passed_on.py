"""A dead PC's home is passed on: a real county says it, two real PCs obey."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from county_server.county import County
from county_server.journal import CountyJournal
from county_server.passing import NotPassed, pass_home
from station_app.services.accounts.rules import home_now
from tests.services.accounts.pcs import MINUTE_MS, Pc, accepted, refused
from tests.sync import stand
from tests.sync.stand import STATION

CHAINS = [
    ("D1", {}, "D1"),
    ("D1", {"D1": "D2"}, "D2"),
    ("D1", {"D1": "D2", "D2": "D3"}, "D3"),
    ("D3", {"D1": "D2"}, "D3"),
    ("D1", {"D1": "D1"}, "D1"),
    ("D1", {"D1": "D2", "D2": "D1"}, "D2"),
]


@pytest.mark.parametrize(("device", "passed_on", "home"), CHAINS)
def test_who_answers(device: str, passed_on: dict[str, str], home: str) -> None:
    assert home_now(device, passed_on) == home


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    clock = stand.SetClock()
    made = stand.new_county(tmp_path / "county", clock)
    for number in (1, 2, 3):
        stand.enrolled_pc(made, tmp_path / f"at-{number}", clock, seed=100 + number).close()
    yield made
    made.close()


def hears_county(pc: Pc, county: County) -> None:
    """Carry what the county says to the station over to one of its PCs."""
    with county.store.read() as connection:
        journal = CountyJournal(county.store, connection)
        stream = f"county.{county.keys.epoch.number}/{STATION}"
        facts = journal.run(stream, 1, journal.head(stream).to)
    pc.premises.session.write(lambda recorder: recorder.take(facts))


def test_another_pc_pays_as_if_it_were_its_own(one: Pc, two: Pc, county: County) -> None:
    one.open_shift()
    two.open_shift()
    key = one.owe_back(2_000)
    two.hears(one)
    two.clock.at_ms = one.clock.at_ms + 60 * MINUTE_MS
    assert refused(two.pay_back(key, 2_000)) == "SLIP_FIRST"
    pass_home(county, STATION, from_device="D1", to_device="D2")
    hears_county(two, county)
    done = accepted(two.pay_back(key, 2_000))
    body: Any = next(told.body for told in done.told if told.kind == "refund.paid")
    assert (body.home, body.permission, body.slip_taken) == ("D2", "home", 0)


def test_the_old_home_asks_like_any_other_pc_once_it_hears(
    one: Pc, two: Pc, county: County
) -> None:
    one.open_shift()
    key = one.owe_back(2_000)
    pass_home(county, STATION, from_device="D1", to_device="D2")
    hears_county(one, county)
    assert refused(one.pay_back(key, 2_000)) == "SLIP_FIRST"
    assert two.connection is not None


def test_what_the_dead_one_paid_and_never_sent_is_a_purse_in_debit(
    one: Pc, two: Pc, county: County
) -> None:
    one.open_shift()
    two.open_shift()
    key = one.owe_back(2_000)
    two.hears(one)
    accepted(one.pay_back(key, 2_000))  # and then it burns
    pass_home(county, STATION, from_device="D1", to_device="D2")
    hears_county(two, county)
    accepted(two.pay_back(key, 2_000))
    assert two.twice() == ()
    two.hears(one)  # its disk is read after all
    (twice,) = two.twice()
    assert (twice.debit_fen, len(twice.members)) == (2_000, 2)


@pytest.mark.parametrize(
    ("dead", "living", "why"),
    [
        ("D9", "D2", "knows no PC D9"),
        ("D1", "D9", "knows no PC D9"),
        ("D2", "D2", "its own home"),
        ("D3", "D1", "was passed on itself"),
        ("D1", "D2", "already"),
    ],
)
def test_what_is_not_passed_on(county: County, dead: str, living: str, why: str) -> None:
    pass_home(county, STATION, from_device="D1", to_device="D2")
    with pytest.raises(NotPassed, match=why):
        pass_home(county, STATION, from_device=dead, to_device=living)
