"""A recall by two people across stations: said at once, known when heard, chased until answered."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from stdnum import luhn

from county_server.verify import verify_county
from station_app.journal.fact import Saying
from station_app.services.consignment.facts import (
    LotDrawn,
    LotMade,
    LotPart,
    LotSpoiled,
    RecallTold,
)
from station_app.services.consignment.lots import Lot
from tests.county_server.browser import PASSWORD
from tests.county_server.finance_story import (
    Office,
    Till,
    county_facts,
    post,
    seen,
)
from tests.county_server.hub_story import CODE, grower, lot, stands
from tests.sync.stand import DAY, STATION, enrolled_pc, folded_here, folded_there

OTHER = "NX0602"
NUMBER = "0601-261125-017"


@pytest.fixture
def other(office: Office, tmp_path: Path) -> Iterator[Till]:
    pc = enrolled_pc(office.county, tmp_path / "other", office.clock, station=OTHER, seed=300)
    made = Till(pc, office)
    yield made
    pc.close()


def call(office: Office, *lines: str, status: int = 303, act: str = "", **fields: str) -> str:
    typed = {
        "lots": "\n".join(lines), "reason": "毒死蜱超标", "second": "H01",
        "second_password": PASSWORD,
    } | fields  # fmt: skip
    if not act:
        return post(office["C01"], "/hub/recalls", "/hub/recalls", typed, status)
    form = {"token": office["C01"].token("/hub/recalls"), **typed}
    answer = office["C01"].post(f"/hub/recalls/{act}", form)
    assert answer.status_code == status, answer.text
    return answer.text


def split(till: Till, one: str, grams: int) -> str:
    """Make a lot of a part of one."""
    drawn = LotDrawn(quantity=grams, cost_fen=0, purpose="split", day=DAY)
    state: Lot = stands(till, one)
    made = LotMade(
        code="", produce="10018", grade="一级", unit="gram", ownership="consigned", quantity=grams,
        parts=(LotPart(lot=one, quantity=grams),), shares=state.shares, cost_fen=0, day=DAY,
    )  # fmt: skip
    return str(till.pc.say(Saying(drawn, entity=one), Saying(made)).facts[1].identity)


def test_two_people_call_lots_of_two_stations_back_with_all_made_of_them(
    office: Office, till: Till, other: Till
) -> None:
    one = lot(till, grower(till))
    part = split(till, one, 5_000)
    theirs = lot(other, grower(other), "piece", 60)
    till.send()
    other.send()
    call(office, NUMBER, theirs[:8].upper())
    assert len(county_facts(office.county, "lot.recalled")) == 2, "the lot and what was made of it"
    (fact,) = county_facts(office.county, "lot.recalled", OTHER)
    assert fact.by == "C01+H01", "two stand behind it"
    page = seen(office["C01"].page("/hub/recalls"))
    assert "停售的 3 批" in page
    assert page.count("还没连上，打电话") == 3

    whole = seen(office["C01"].page(f"/hub/recalls?station={STATION}&lot={one}"))
    for words in ("往上：谁种的 王*兰 20.000 公斤", "站里在架 15.000 公斤，已锁", "一克、一个不差",
                  "做成别的批次 5.000 公斤", "20.000 公斤 = 15.000 公斤 + 5.000 公斤"):  # fmt: skip
        assert words in whole, words
    assert "王示兰" not in whole

    office.clock.at += 60_000
    till.pc.clock.at += 60_000
    till.send()
    assert [stands(till, name).recalled for name in (one, part)] == ["毒死蜱超标"] * 2
    page = seen(office["C01"].page("/hub/recalls"))
    assert page.count("还没连上，打电话") == 1, "the other one has no line"
    assert page.count("连过，没办完") == 2

    told = RecallTold(lot=one, sale="", person="", way="board", outcome="reached", day=DAY)
    gone = [
        Saying(LotSpoiled(quantity=grams, reason="recalled", bearer="grower", amounts=(),
                          cost_fen=0, person="", day=DAY), entity=name)
        for name, grams in ((one, 15_000), (part, 5_000))
    ]  # fmt: skip
    till.pc.say(Saying(told), *gone)
    till.send()
    html = office["C01"].page("/hub/recalls")
    if os.environ.get("WEB_PICTURES"):
        Path(os.environ["WEB_PICTURES"]).write_text(html)
    assert seen(html).count("办完了") == 2
    assert "告示贴了" in seen(html)
    assert "1 批还没办完" in seen(html)

    call(office, NUMBER, act="release")
    office.clock.at += 60_000
    till.pc.clock.at += 60_000
    till.send()
    assert [stands(till, name).is_blocked for name in (one, part)] == [False, False]
    assert folded_here(till.pc) == folded_there(office.county, STATION)
    assert verify_county(office.county).findings == ()


_BAD = CODE[:-1] + str((int(luhn.calc_check_digit(CODE[:-1])) + 1) % 10)


@pytest.mark.parametrize(
    ("lines", "fields", "words"),
    [
        ((), {}, "一行一批"),
        ((NUMBER, "0601-261125-099"), {}, "不是收过的批次"),
        ((_BAD,), {}, "不是收过的批次"),
        ((NUMBER,), {"reason": " "}, "写为什么"),
        ((NUMBER,), {"second": ""}, "工号"),
        ((NUMBER,), {"second": "C01"}, "另一位"),
        ((NUMBER,), {"second_password": "猜的"}, "口令不对"),
        ((NUMBER,), {"second": "F01"}, "F01"),
    ],
)
def test_a_recall_that_is_not_whole_stops_nothing(
    office: Office, till: Till, lines: tuple[str, ...], fields: dict[str, str], words: str
) -> None:
    lot(till, grower(till))
    till.send()
    shown = seen(call(office, *lines, status=422, **fields))
    assert county_facts(office.county, "lot.recalled") == []
    assert words in shown or words == "F01", shown


def test_a_label_is_scanned_and_nothing_is_called_back_twice(office: Office, till: Till) -> None:
    lot(till, grower(till))
    till.send()
    assert "没有停售" in seen(call(office, CODE, act="release", status=422))
    call(office, f"https://trace.example.com/t/{CODE}")
    assert "已经召回过了" in seen(call(office, CODE, status=422))
    assert 'name="lots"' not in office["F01"].page("/hub/recalls"), "who may only look"
    office["T01"].get("/hub/recalls", 403)
