"""Farm pickups at the counter, by keys: a call, a run with its list, and what came of it."""

import pytest

from station_app.services.farm_pickups import records
from station_app.services.parcels.commands import TakeOnRun
from station_app.services.people import records as people
from tests.overview.conftest import dressed, furnished, station  # noqa: F401 - fixtures
from tests.overview.seen import check_fit, primary, shoot, words


@pytest.fixture
def farm(station):  # noqa: F811 - the fixture of that name
    station.sign_in()
    station.show_unlocked((1366, 768))
    station.window.open_page("farm_pickups.ask", {})
    station.hand.settle()
    return station


def seen(farm, name):
    for height in (690, 768):
        farm.window.resize(1366, height)
        farm.hand.settle()
        check_fit(farm)
        shoot(farm, f"{name}_{height}")


def ask(farm, who="", what="核桃", weight="200"):
    page = farm.page
    person = people.find(farm.connection, "1540000600")[0] if not who else None
    if person is not None:
        page.who.line.setFocus()
        farm.type(person.name)
        farm.press("Enter")
    else:
        page.who.set_text(who)
    page.place.line.setFocus()
    farm.type("村口老槐树")
    page.what.line.setFocus()
    farm.type(what)
    if page.list.rows_model.rows:
        farm.press("Enter")
    page.weight.line.setFocus()
    farm.type(weight)


def states(farm):
    data = farm.connection.execute("SELECT entity, status FROM farm_pickups ORDER BY entity")
    return [status for _, status in data.fetchall()]


def test_a_call_becomes_a_run_and_what_came_of_it(farm):
    assert farm.page.action_bar()[-1].reason == "写上谁家的"
    ask(farm)
    assert "念给她听：200 斤，就是 100 公斤" in words(farm)
    seen(farm, "farm_ask")
    farm.press("Enter")
    assert states(farm) == ["waiting"]
    farm.press("F11")
    ask(farm, who="路过的赵师傅", what="红薯粉条", weight="60斤")
    farm.press("Enter")
    assert states(farm) == ["waiting", "waiting"]
    assert primary(farm)[2] == "先勾上这趟收哪几户"
    table = farm.page.table
    for row in list(table.rows_model.rows):
        table.choose(row.subject)
        farm.press("Space")
    farm.page.side.driver.set_text("任例福")
    seen(farm, "farm_join")
    assert primary(farm)[0] == "2 户交给车，打收货单"
    farm.press("Enter")
    assert states(farm) == ["on_run", "on_run"]
    (row,) = farm.connection.execute("SELECT document FROM print_jobs ORDER BY job DESC LIMIT 1")
    paper = str(row[0])
    assert "任*福" in paper
    assert "路过" not in paper
    assert "15400" not in paper
    farm.press("F10")
    seen(farm, "farm_back")
    farm.type("196.5")
    assert primary(farm)[0] == "收来 196.5 斤"
    farm.press("Enter")
    farm.press("Alt+1")
    assert primary(farm)[0] == "没收成，明天再去"
    seen(farm, "farm_failed")
    farm.press("Enter")
    assert sorted(states(farm)) == ["fetched", "waiting"]
    farm.press("F10")
    seen(farm, "farm_over")
    assert "再去：家里没人" in str(farm.page.table.rows_model.rows)


def test_produce_joins_a_van_that_is_on_its_way_with_parcels(farm):
    farm.do(TakeOnRun(parcels=(farm.shelve().told[0].identity,), runner="任例福"))
    ask(farm)
    farm.press("Enter")
    farm.press("Space", "2")
    run = farm.page.side.run
    assert run.startswith("1-")
    farm.press("Enter")
    (row,) = records.on_run(farm.connection, people)
    assert row.run == run
