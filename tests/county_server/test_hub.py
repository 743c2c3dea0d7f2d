"""The hub's desk of produce: a list weighed in, a difference borne, seen at both ends."""

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from county_server.desks.hub import weighing
from county_server.desks.hub.arrivals import Differing, Sent
from county_server.desks.pen import Refused
from county_server.verify import verify_county
from station_app.journal.fact import Saying
from station_app.journal.kinds import ActReversed
from station_app.ledger.accounts import COUNTY, held_grower
from station_app.ledger.balances import balance
from station_app.resources_dir import load_texts
from station_app.services.consignment.case_telling import HUB_DIFFERS, case
from station_app.services.consignment.facts import LotDispatched, LotDisputed, LotRemark, Share
from station_app.services.consignment.lots import Lot
from station_app.values.codes import SLIP, make_code
from tests.county_server.finance_story import (
    Office,
    Till,
    county_facts,
    post,
    seen,
)
from tests.county_server.hub_story import CODE, grower, lot, receive, send, stands
from tests.sync.stand import DAY, STATION, folded_here, folded_there

WRONG = CODE[:-1] + str((int(CODE[-1]) + 1) % 10)


def decide(office: Office, one: str, bearer: str, price: str = "", status: int = 303) -> str:
    url = f"/hub/{STATION}/{one}/bearer"
    return post(office["F01"], "/hub", url, {"bearer": bearer, "price": price}, status)


def said(office: Office, kind: str) -> list[Any]:
    return [msgspec.json.decode(fact.body) for fact in county_facts(office.county, kind)]


def test_twenty_kilograms_are_received_as_less_and_the_county_bears_the_rest(
    office: Office, till: Till
) -> None:
    person = grower(till)
    one, eggs = lot(till, person), lot(till, person, "piece", 60)
    act = send(till, (one, 20_000), (eggs, 60))
    page = office["H01"].page("/hub")
    for words in ("等着收的 1 张单", "20.000 公斤", "60 个", "差数没定的 0 批"):
        assert words in seen(page), words
    if os.environ.get("WEB_PICTURES"):
        Path(os.environ["WEB_PICTURES"]).write_text(page)
    assert "王" not in seen(page), "no grower is named"
    receive(office, act, got_0="19.86", reason_0="short", got_1="60", reason_1="damaged")
    till.send()
    assert [body["reason"] for body in said(office, "lot.received")] == ["short", ""], (
        "if it differs"
    )
    row = till.pc.reader.execute("SELECT members FROM cases").fetchone()
    told = case(till.pc.reader, HUB_DIFFERS, one, tuple(row[0].split('"')[1::2]), load_texts())
    assert ("县仓看", "少装了，等站里答") in told.sides[1].lines
    state = stands(till, one)
    assert (state.in_transit, state.at_hub, state.difference) == (0, 19_860, 140)
    assert (stands(till, eggs).at_hub, stands(till, eggs).difference) == (60, 0)
    cases = till.pc.reader.execute("SELECT kind, entity FROM cases").fetchall()
    assert [tuple(row) for row in cases] == [("consignment.hub_differs", one)]
    assert "差数没定的 1 批" in seen(office["H01"].page("/hub"))
    assert "bearer" not in office["H01"].page("/hub"), "who weighs does not decide"
    url = f"/cases/{STATION}/consignment.hub_differs/{one}"
    assert "在县仓收货那一页定" in seen(office["F01"].page(url)), "and no word ends it"
    for verdict, status, words in (("station", 422, "在县仓收货那一页定"), ("ask", 303, "")):
        answer = post(office["F01"], url, url, {"verdict": verdict, "remark": "少装了吗"}, status)
        assert words in seen(answer)

    decide(office, one, "county", "9.00")
    till.send()
    state = stands(till, one)
    assert (state.difference, state.spoiled, state.at_hub) == (0, 140, 19_860)
    assert balance(till.pc.reader, held_grower(person, COUNTY)) == -126, "0.14 kg at 9.00"
    assert till.pc.reader.execute("SELECT count(*) FROM cases").fetchone()[0] == 0
    assert folded_here(till.pc) == folded_there(office.county, STATION)
    assert verify_county(office.county).findings == ()


def test_a_list_is_received_once_and_what_did_not_come_stays_on_the_road(
    office: Office, till: Till
) -> None:
    person = grower(till)
    one, eggs = lot(till, person), lot(till, person, "piece", 60)
    act = send(till, (one, 20_000), (eggs, 60))
    form = office["H01"].page("/hub")
    mark = form.split('name="mark" value="')[1].split('"')[0]
    receive(office, act, got_0="20")
    late = {"token": office["H01"].token("/hub"), "mark": mark, "got_0": "20"}
    again = office["H01"].post(f"/hub/{STATION}/{act}", late)
    assert again.status_code == 409, "somebody was quicker, or the same form came twice"
    assert "等着收的 1 张单" in seen(office["H01"].page("/hub"))
    receive(office, act, got_0="58")
    gone = office["H01"].post(f"/hub/{STATION}/{act}", late)
    assert gone.status_code == 422
    assert "一张单只收一次" in seen(gone.text)
    assert [body["quantity"] for body in said(office, "lot.received")] == [20_000, 58]


def test_a_lot_that_came_in_two_loads_is_received_twice(office: Office, till: Till) -> None:
    one = lot(till, grower(till))
    for grams, got in ((12_000, "11.9"), (8_000, "8")):
        act = send(till, (one, grams))
        receive(office, act, got_0=got, reason_0="short")
        till.send()
    assert (stands(till, one).at_hub, stands(till, one).difference) == (19_900, 100)
    send(till, (lot(till, grower(till)), 1_000))
    assert "等着收的 1 张单" in seen(office["H01"].page("/hub"))


def test_what_was_undone_before_it_came_never_left(office: Office, till: Till) -> None:
    one = lot(till, grower(till))
    done = till.pc.say(Saying(LotDispatched(quantity=5_000, packages=1, day=DAY), entity=one))
    till.pc.say(Saying(ActReversed(act=done.facts[0].act, lines=(), day=DAY)))
    send(till, (one, 3_000))
    page = seen(office["H01"].page("/hub"))
    assert "3.000 公斤" in page
    assert "5.000 公斤" not in page


CANNOT_BE: tuple[tuple[dict[str, str], str], ...] = (
    ({}, "还没有一行过磅"),
    ({"got_0": "很多"}, "写公斤数"),
    ({"got_0": "-3"}, "写公斤数"),
    ({"got_0": "2", "grade_0": "一级"}, "差一半还多"),
    ({"got_0": "19.8612"}, "写公斤数"),
    ({"got_0": "20", "got_1": "1.5"}, "写几个，不写公斤"),
    ({"got_0": "20", "got_1": "60公斤"}, "写几个，不写公斤"),
)


def test_a_weight_that_cannot_be_says_why_and_nothing_is_received(
    office: Office, till: Till
) -> None:
    person = grower(till)
    act = send(till, (lot(till, person), 20_000), (lot(till, person, "piece", 60), 60))
    for fields, words in CANNOT_BE:
        assert words in seen(receive(office, act, 422, **fields)), words
    assert said(office, "lot.received") == []


SCANS = (
    (CODE, 200),
    (f"https://trace.example.com/t/{CODE}", 200),
    ("0601-261125-017", 200),
    (WRONG, 404),  # its check digit is wrong
    ("VRAAAAAAAAAAAAAAAAA", 404),
)


def test_a_scan_finds_its_list_and_a_wrong_code_is_said(office: Office, till: Till) -> None:
    act = send(till, (lot(till, grower(till)), 20_000))
    for text, status in (*SCANS, (make_code(SLIP, act), 200)):
        answer = office["H01"].get(f"/hub?scan={text}", status)
        assert (f"/hub/{STATION}/{act}" in str(answer.text)) == (status == 200), text


def test_a_screen_reader_finds_the_heading_in_the_main_part(office: Office) -> None:
    for where in ("", "/packing", "/sales", "/prices", "/recalls", "/samples"):
        page = office["H01"].page(f"/hub{where}")
        assert page.index("<main") < page.index("<h1") < page.index("</main>"), where


def test_another_grade_and_who_may_do_what(office: Office, till: Till) -> None:
    one = lot(till, grower(till))
    act = send(till, (one, 20_000))
    for code in ("F01", "C01", "U01"):
        page = office[code].page("/hub")
        assert "20.000 公斤" in seen(page)
        assert 'name="got_0"' not in page
    office["T01"].get("/hub", 403)
    assert office["F01"].post(
        f"/hub/{STATION}/{act}", {"token": office["F01"].token("/hub"), "got_0": "20"}
    ).status_code == 403  # fmt: skip
    receive(office, act, got_0="20.2", grade_0="二级")
    till.send()
    assert stands(till, one).grade == "二级"
    assert stands(till, one).difference == -200, "more came than was sent"
    assert "按站里报的" in seen(office["F01"].page("/hub"))
    decide(office, one, "")
    till.send()
    state = stands(till, one)
    assert (state.at_hub, state.difference, state.spoiled) == (20_000, 0, 0)


# --- Who bears, as a table -----------------------------------------------------------------------

SHARES = (
    Share(person="aa", quantity=6_000, commission_bp=800, floor_fen=0, guaranteed_fen=0, is_net=0,
          contract=""),
    Share(person="bb", quantity=4_000, commission_bp=800, floor_fen=0, guaranteed_fen=0, is_net=0,
          contract=""),
)  # fmt: skip


def differing(**more: Any) -> Differing:
    values: dict[str, Any] = {
        "unit": "gram", "ownership": "consigned", "quantity": 10_000, "shares": SHARES,
        "at_hub": 9_000, "difference": 1_000, "founder": "f",
    }  # fmt: skip
    return Differing(STATION, "l", Lot(**{**values, **more}), "r")


@pytest.mark.parametrize(
    ("more", "bearer", "price", "amounts", "cost_fen", "person"),
    [
        ({}, "county", "9.00", [("aa", 540), ("bb", 360)], 0, ""),
        ({}, "grower", "", [], 0, ""),
        ({"ownership": "own", "cost_fen": 10_000, "shares": (), "seller": "cc"}, "county", "", [],
         1_000, ""),
        ({"ownership": "own", "cost_fen": 10_000, "shares": (), "seller": "cc"}, "grower", "", [],
         1_000, "cc"),
    ],
)  # fmt: skip
def test_whoever_bears_it_pays_the_growers_or_the_cost(
    more: dict[str, Any], bearer: str, price: str, amounts: list[Any], cost_fen: int, person: str
) -> None:
    body = weighing.decided(differing(**more), bearer, price, DAY)
    assert [(one.person, one.amount_fen) for one in body.amounts] == amounts
    assert (body.lost, body.found, body.cost_fen, body.person) == (1_000, 0, cost_fen, person)


@pytest.mark.parametrize(
    ("more", "bearer", "price", "why"),
    [
        ({}, "", "9.00", "hub_bearer"),
        ({}, "nobody", "9.00", "hub_bearer"),
        ({}, "county", "", "hub_price"),
        ({}, "station", "0", "hub_price"),
        ({"ownership": "own", "shares": (), "cost_fen": 5}, "grower", "", "hub_seller"),
    ],
)
def test_nobody_bears_it_by_half_a_word(
    more: dict[str, Any], bearer: str, price: str, why: str
) -> None:
    with pytest.raises(Refused) as refused:
        weighing.decided(differing(**more), bearer, price, DAY)
    assert refused.value.reason == why


def test_what_the_road_and_two_scales_explain_is_small() -> None:
    sent = Sent(STATION, "l", Lot(unit="gram", founder="f"), "f", 40_000, 1, 0)
    for typed, allowed in (("39.8", True), ("39.79", False), ("40.2", True), ("38.16", False)):
        line = weighing.weighed(sent, typed, "", is_sure=False)
        assert weighing.is_allowed(line.difference, sent.quantity) is allowed, typed
    assert weighing.weighed(sent, "0", "", is_sure=True).got == 0, "the whole package was lost"


def test_a_lot_that_is_disputed_says_at_the_county_what_is_wrong(
    office: Office, till: Till
) -> None:
    person = grower(till)
    one = lot(till, person)
    words = LotRemark(remark="秤上看是十三斤", whose=(person,))
    till.pc.say(
        Saying(LotDisputed(lot=one, person=person, reason="quantity_wrong", day=DAY), words)
    )
    till.send()
    page = seen(office["F01"].page("/cases"))
    for said_there in ("货主不认这批的账", "货主有争议", "斤两不对"):
        assert said_there in page, said_there
    assert "十三斤" not in page, "her words stay at the station"
