"""A county that was put back pays nothing twice: it waits for its own words, or for a clerk."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.applications import Starlette

from county_server.county import County
from county_server.desks.pen import Refused, writing
from county_server.pages import routes
from county_server.put_back import Lacking
from county_server.put_back_commands import in_lines
from county_server.revoking import revocation
from county_server.standing import FILE
from county_server.verify import verify_county
from station_app.journal.fact import Saying
from station_app.journal.kinds import PrivateErased
from station_app.resources_dir import load_texts
from station_app.services.clearing.facts import CountyMoneySentDown
from station_app.services.consignment.facts import LotCountySaleReturned
from tests.county_server.browser import Browser, give_account
from tests.county_server.finance_story import PEOPLE, Office
from tests.ledger.samples import sample
from tests.sync.stand import (
    DAY,
    STATION,
    Pc,
    SetClock,
    converse,
    direct,
    enrolled_pc,
    new_county,
    reopened_county,
)

REMARK = "夜里被偷了"


@dataclass
class Story:
    """A county that has lost a day, and the PC that holds it."""

    county: County
    pc: Pc
    clock: SetClock
    folder: Path
    erased: str


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    clock, folder = SetClock(), tmp_path / "county"
    county = new_county(folder, clock)
    for member in PEOPLE:
        give_account(county.store, member)
    pc = enrolled_pc(county, tmp_path / "d1", clock)
    lost = [
        enrolled_pc(county, tmp_path / name, clock, seed=s) for name, s in (("d2", 2), ("d3", 3))
    ]
    for one in (*lost, pc):
        converse(one, direct(county))
        one.shelve(1)
        converse(one, direct(county))
    for one in lost:
        one.close()
    with county.store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    shutil.copy(folder / "county.db", tmp_path / "saved.db")
    said = []
    for device in ("D2", "D3"):
        with writing(county, STATION, by="C01+F01", now=clock.at) as pen:
            cut = revocation(
                county.store, pen.connection, STATION, device, reason="lost", remark=REMARK, day=DAY
            )
            said += pen.say(cut)
    with writing(county, STATION, by="F01", now=clock.at) as pen:
        pen.say([Saying(PrivateErased(persons=(), facts=(said[1].identity,), day=DAY))])
    pay(county, "NX0601-001")
    converse(pc, direct(county))
    county.close()
    for leftover in ("county.db-wal", "county.db-shm"):
        (folder / leftover).unlink(missing_ok=True)
    shutil.copy(tmp_path / "saved.db", folder / "county.db")
    again = reopened_county(folder, clock)
    yield Story(again, pc, clock, folder, said[1].identity)
    again.close()
    pc.close()


def pay(county: County, number: str) -> None:
    body = CountyMoneySentDown(number=number, way="bank", amount_fen=500, covers=(), day=DAY)
    with writing(county, STATION, by="F01", now=county.clock.now_ms()) as pen:
        pen.say([Saying(body)])


def test_nothing_is_paid_before_the_stations_have_brought_the_countys_words_back(
    story: Story,
) -> None:
    county = story.county
    assert county.keys.epoch.number == 2
    with pytest.raises(Refused, match="payments_stopped"):
        pay(county, "NX0601-001")
    came_back = Saying(sample(LotCountySaleReturned), entity="ab" * 32)
    with (  # or growers would give back twice
        pytest.raises(Refused, match="payments_stopped"),
        writing(county, STATION, by="F01", now=county.clock.now_ms()) as pen,
    ):
        pen.say([came_back])
    converse(story.pc, direct(county))  # it hears of the new epoch, and goes on at once
    pay(county, "NX0601-002")
    with county.store.read() as connection:
        sums = connection.execute(
            text("SELECT count(*) FROM facts WHERE kind = 'county_money.sent_down'")
        ).scalar_one()
    assert sums == 2
    assert verify_county(county).findings == ()


def test_a_clerk_who_has_looked_lets_the_county_pay_although_no_pc_comes(story: Story) -> None:
    county = story.county
    app = Starlette(routes=list(routes(county, load_texts())))
    office = Office(county, app, story.clock)
    page = f"/finance/sendings/{STATION}"
    listed = office["F01"].get("/finance/sendings").text
    assert "1 个站：县里先不付钱、不采购" in listed
    assert "/finance/released/" not in listed, "it is let go on the page of the one station"
    assert "县里先不付钱" in office["F01"].get(page).text
    assert release(office["C01"], "/password", REMARK) == 403
    assert release(office["F01"], page, "") == 422
    with pytest.raises(Refused):
        pay(county, "NX0601-001")
    assert release(office["F01"], page, "打电话对过，钱没有到") == 303
    pay(county, "NX0601-001")
    assert "县里先不付钱" not in office["F01"].get(page).text
    assert "放行了，这个站可以照常付钱" in office["F01"].get(f"{page}?done=payments_released").text


def test_what_lacks_for_every_station_is_one_line_at_the_servers_console() -> None:
    """Three hundred stations read what is said to all: it was three hundred lines."""
    to_all, to_one = Lacking("county.1/all", 534, 531), Lacking("county.1/NX0001", 9, 4)
    found = {f"NX{number:04}": [to_all] for number in range(300)}
    found["NX0001"] = [to_one, to_all]
    assert in_lines(found) == [
        "300 stations: county.1/all is here up to 531 of 534",
        "NX0001: county.1/NX0001 is here up to 4 of 9",
    ]


def release(browser: Browser, page: str, remark: str) -> int:
    form = {"remark": remark, "token": browser.token(page)}
    return browser.post(f"/finance/released/{STATION}", form).status_code


def test_the_remark_of_a_revocation_comes_back_and_an_erased_one_does_not(story: Story) -> None:
    county = story.county
    with county.store.read() as connection:
        parts = connection.execute(
            text(
                "SELECT p.part FROM facts f LEFT JOIN privates p ON p.station = f.station "
                "AND p.identity = f.identity WHERE f.kind = 'device.revoked' ORDER BY f.seq"
            )
        ).scalars()
        remarks = [bytes(part).decode() if part else "" for part in parts]
    assert [REMARK in remark for remark in remarks] == [True, False]
    kept = (story.folder / "keys" / FILE).read_text("utf-8")
    assert REMARK not in kept
    assert kept.count('"sealed":""') < len(kept.splitlines())
