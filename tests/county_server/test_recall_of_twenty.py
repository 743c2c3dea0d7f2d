"""A recall across twenty stations: most have a line, three have none, one gets it by stick."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from county_server.master_import import import_master
from county_server.verify import verify_county
from station_app.journal.fact import Saying
from station_app.services.consignment.facts import LotSold, LotSpoiled, RecallTold
from tests.county_server.finance_story import Office, Till, county_facts, seen
from tests.county_server.hub_story import grower, lot, stands
from tests.county_server.test_recalls import call
from tests.sync import mail
from tests.sync.stand import DAY, enrolled_pc, folded_here, folded_there

CODES = tuple(f"NX06{number:02}" for number in range(1, 21))
ACCEPTED = 20_000  # grams of each lot
SOLD = 3_000
AWAY = CODES[3:6]  # no line
BY_STICK = CODES[6]


@pytest.fixture
def tills(office: Office, tmp_path: Path) -> Iterator[dict[str, Till]]:
    """A PC of each of the twenty, with the master data of all."""
    sheets = tmp_path / "more"
    sheets.mkdir()
    rows = "".join(
        f"{code},village,NX0600,赤眉镇,村{code},{code}村站,6,active\n" for code in CODES[2:]
    )
    head = (
        "station_code,level,parent_code,township_name,village_name,station_name,shelf_count,status"
    )
    (sheets / "stations.csv").write_text(f"{head}\n{rows}", "utf-8")
    import_master(office.county, sheets)
    made = {
        code: Till(
            enrolled_pc(
                office.county, tmp_path / code, office.clock, station=code, seed=500 + number * 7
            ),
            office,
        )
        for number, code in enumerate(CODES)
    }
    yield made
    for till in made.values():
        till.pc.close()


def all_listen(office: Office, tills: dict[str, Till], codes: tuple[str, ...]) -> None:
    office.clock.at += 60_000
    for code in codes:
        tills[code].pc.clock.at = office.clock.at
        tills[code].send()


def answers(till: Till, one: str) -> None:
    """What is left is destroyed, the notice hangs."""
    gone = LotSpoiled(
        quantity=stands(till, one).on_shelf, reason="recalled", bearer="grower", amounts=(),
        cost_fen=0, person="", day=DAY,
    )  # fmt: skip
    told = RecallTold(lot=one, sale="", person="", way="board", outcome="reached", day=DAY)
    till.pc.say(Saying(told), Saying(gone, entity=one))


@pytest.mark.long  # twenty PCs
def test_a_recall_reaches_twenty_stations_three_of_them_late_and_one_by_stick(
    office: Office, tills: dict[str, Till]
) -> None:
    lots = {}
    for code, till in tills.items():
        lots[code] = lot(till, grower(till))
        till.pc.say(Saying(LotSold(quantity=SOLD, cost_fen=0, day=DAY), entity=lots[code]))
        till.send()
    call(office, *(one[:8].upper() for one in lots.values()))
    assert all(len(county_facts(office.county, "lot.recalled", code)) == 1 for code in CODES)

    on_line = tuple(code for code in CODES if code not in (*AWAY, BY_STICK))
    all_listen(office, tills, on_line)
    page = seen(office["C01"].page("/hub/recalls"))
    assert "停售的 20 批" in page
    assert (page.count("还没连上，打电话"), page.count("连过，没办完")) == (4, 16)

    stick = tills[BY_STICK].pc
    mail.carry(stick, office.county)
    assert stands(tills[BY_STICK], lots[BY_STICK]).recalled == "毒死蜱超标"
    reached = (*on_line, BY_STICK)
    for code in reached:
        assert stands(tills[code], lots[code]).is_blocked, code
        answers(tills[code], lots[code])
    assert not any(stands(tills[code], lots[code]).is_blocked for code in AWAY), "nobody told them"
    mail.carry(stick, office.county)
    all_listen(office, tills, on_line)
    page = seen(office["C01"].page("/hub/recalls"))
    assert (page.count("办完了"), page.count("还没连上，打电话")) == (17, 3)
    assert "3 批还没办完" in page

    all_listen(office, tills, AWAY)
    for code in AWAY:
        assert stands(tills[code], lots[code]).is_blocked, code
        answers(tills[code], lots[code])
    all_listen(office, tills, CODES)
    page = seen(office["C01"].page("/hub/recalls"))
    assert (page.count("办完了"), page.count("还没连上，打电话")) == (20, 0)
    for code, till in tills.items():
        state = stands(till, lots[code])
        assert (state.on_shelf, state.sold, state.quantity) == (0, SOLD, ACCEPTED), code
        assert folded_here(till.pc) == folded_there(office.county, code), code
    assert verify_county(office.county).findings == ()
