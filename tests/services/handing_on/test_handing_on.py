"""A station passes into other hands: what bars it, what is written down, what follows."""

from dataclasses import replace
from typing import Any

import pytest

from station_app.journal.fact import Saying
from station_app.reference.facts import StationDescribed
from station_app.services.handing_on import records, rules
from station_app.services.handing_on.commands import HandOn
from station_app.services.handing_on.rules import Standing
from station_app.services.parcels import records as parcels
from station_app.services.people import records as people
from station_app.values.now import Now
from station_app.values.refusal import Refusal
from tests.overview.conftest import dressed, furnished, station  # noqa: F401 - fixtures
from tests.overview.seen import check_fit, primary, shoot, words
from tests.services.county_words import say_from_county

NOW = Now(at=1, day="2026-11-25", operator="A", device="D1", station="NX0601")
STANDING = Standing(
    number=3, staff=("A", "B"), stations={"NX0602": "碧水河村站"}, centre="NX0000", float_fen=30_000
)
LEAVING: dict[str, Any] = {"reason": "operator_leaves", "leaving": "B", "taker": "A"}


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (LEAVING, ""),
        ({**LEAVING, "keys": (("door", 2), ("safe", 1))}, ""),
        ({**LEAVING, "keys": (("door", 100),)}, "KEYS_WRONG"),
        ({**LEAVING, "keys": (("car", 1),)}, "KEYS_WRONG"),
        ({**LEAVING, "leaving": "X"}, "LEAVING_MISSING"),
        ({**LEAVING, "taker": "B"}, "TAKER_MISSING"),
        ({**LEAVING, "taker": ""}, "TAKER_MISSING"),
        ({"reason": ""}, "REASON_MISSING"),
        ({"reason": "moves"}, "PLACE_MISSING"),
        ({"reason": "moves", "place": "老供销社东屋"}, ""),
        ({"reason": "merges", "taker_name": "任例福"}, "STATION_MISSING"),
        ({"reason": "merges", "to_station": "NX0602"}, "TAKER_NAME_MISSING"),
        ({"reason": "merges", "to_station": "NX0602", "taker_name": "任例福"}, ""),
        ({"reason": "closes", "taker_name": "任例福"}, ""),
        ({"reason": "closes"}, "TAKER_NAME_MISSING"),
        ({"reason": "moves", "place": "x" * 61}, "TOO_LONG"),
    ],
)
def test_somebody_takes_it_or_nothing_is_handed_on(asked, why):
    decided = rules.hand_on(STANDING, HandOn(**asked), NOW)
    found = decided.reason if isinstance(decided, Refusal) else ""
    assert found.removeprefix("handing_on.") == why


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (replace(NOW, shift="ff"), "SHIFT_STILL_OPEN"),
        (replace(NOW, is_manager=False), "MANAGER_DOES_IT"),
    ],
)
def test_a_float_that_was_not_counted_is_not_signed_for(now, why):
    decided = rules.hand_on(STANDING, HandOn(**LEAVING), now)
    assert isinstance(decided, Refusal)
    assert decided.reason == f"handing_on.{why}"


def test_a_closed_station_is_the_county_s_and_one_alone_is_marked():
    alone = replace(STANDING, staff=("A",))
    decided = rules.hand_on(alone, HandOn(reason="closes", taker_name="任例福"), NOW)
    assert not isinstance(decided, Refusal)
    body: Any = decided[0].body
    assert (body.to_station, body.is_alone, body.float_fen) == ("NX0000", 1, 30_000)


@pytest.fixture
def page(station):  # noqa: F811 - the fixture of that name
    manager = station.sign_in()
    station.hire("王示明", "operator")
    station.sign_in(manager)
    village = StationDescribed(
        code="NX0602", name="碧水河村站", level="village", parent="NX0000", township="赤眉镇",
        village="碧水河村", status="active", shelves=4, layers=4, places=30, day="2026-11-01",
    )  # fmt: skip
    say_from_county(station, Saying(village))
    station.shelve()
    station.show_unlocked((1366, 768))
    station.window.open_page("handing_on.page", {})
    station.hand.settle()
    return station


def seen(page, name):
    for height in (690, 768):
        page.window.resize(1366, height)
        page.hand.settle()
        check_fit(page)
        shoot(page, f"{name}_{height}")


def paper(page):
    row = page.connection.execute("SELECT document FROM print_jobs ORDER BY job DESC LIMIT 1")
    return str(row.fetchone()[0])


def test_an_operator_leaves_and_the_other_signs_for_keys_and_float(page):
    assert primary(page)[2] == "选一下为什么交"
    page.press("1", "6")
    assert "王示明走，交给谁" in words(page)
    page.press("5")
    manager = next(o for o in people.coworkers(page.connection) if o.name != "王示明")
    page.page.keys["door"].set_text("2")
    seen(page, "handing_on")
    assert "滞留" in str(page.page.table.rows_model.rows), "what is open goes along"
    page.press("Enter")
    assert [one.name for one in people.coworkers(page.connection)] == [manager.name]
    said = paper(page)
    for text in ("交接书", "有人走", "王*明", "门钥匙", "2 把", "备用金", "滞留", "1 项"):
        assert text in said
    assert "王示明" not in said
    (row,) = records.listed(page.connection)
    assert row.state.keys[0].count == 2
    assert "以前交过的" in str(page.page.table.rows_model.rows)


def test_a_station_that_is_merged_sends_its_shelves_on(page):
    page.press("3")
    page.page.station.line.setFocus()
    page.type("碧水河")
    page.page.taker.line.setFocus()
    page.type("任例福")
    seen(page, "handing_on_merge")
    assert "并到 碧水河村站" in words(page)
    assert primary(page)[0] == "交接，架上 1 件转过去"
    page.press("Enter")
    assert parcels.on_hand(page.connection) == []
    (row,) = records.listed(page.connection)
    assert (row.state.to_station, row.state.forwarded) == ("NX0602", 1)
