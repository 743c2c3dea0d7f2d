"""What comes back of an online sale: counted first, said to every station, to the fen."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from county_server.desks.hub import returning
from county_server.desks.hub.prices import NET, ONLINE, read_deals
from county_server.desks.hub.sold import Said, Sold
from county_server.desks.pen import Refused
from county_server.verify import verify_county
from station_app.journal.fact import Saying
from station_app.ledger.accounts import (
    COMMISSION,
    COUNTY,
    COUNTY_CURRENT,
    GOODS_COST,
    SALES,
    held_grower,
    inventory,
)
from station_app.ledger.balances import balance
from station_app.resources_dir import load_texts
from station_app.services.consignment.case_telling import HUB_DIFFERS, case
from station_app.services.consignment.county_sale_records import county_lines
from station_app.services.consignment.facts import GrowerAmount, LotBought, Weighing
from tests.county_server.finance_story import Office, Till, county_facts, post, seen
from tests.county_server.hub_story import CODE, grower, lot, receive, send, stands
from tests.sync.stand import DAY, STATION, folded_here, folded_there

URL, KIND = "/hub/sales/returns", "lot.county_sale_returned"


def sell(office: Office, one: str, **fields: str) -> str:
    """Sell 10 kg of a lot at 15.60; return the sale."""
    use = {f"use_{STATION}_{one}": "10", "order": "261123000118", "shop": "县自营淘宝店"}
    typed = {"price": "15.60", "station": "5", "county": "3", "act": "sell"} | use | fields
    post(office["F01"], "/hub/sales", "/hub/sales", typed, 303)
    return str(county_facts(office.county, "lot.sold_by_county")[-1].identity)


def sold_lot(office: Office, till: Till, person: str, **fields: str) -> tuple[str, str]:
    one = lot(till, person)
    receive(office, send(till, (one, 20_000)), got_0="20")
    till.send()
    sale = sell(office, one, **fields)
    till.send()
    return one, sale


def back(office: Office, sale: str, much: str, status: int = 303, **fields: str) -> str:
    typed = {"sale": sale, f"back_{sale}": much, "into": "hub", "reason": "quality", "act": "say"}
    return post(office["F01"], f"{URL}?sale={sale}", URL, typed | fields, status)


def test_a_part_comes_back_the_sale_shrinks_and_the_rest_comes_back_after_the_money_went_down(
    office: Office, till: Till
) -> None:
    person = grower(till)
    costs = {"platform": "7.80", "freight": "10.50", "packing": "4.00"}
    one, sale = sold_lot(office, till, person, **costs)
    # 156.00 less costs of 22.30; fees of 6.69 and 4.01; 123.00 are hers. 3 of 10 kg come back:
    html = back(office, sale, "3", 200, act="count")
    if os.environ.get("WEB_PICTURES"):
        Path(os.environ["WEB_PICTURES"]).write_text(html)
    counted = seen(html)
    for amount in ("¥46.80", "¥2.01", "¥1.20", "¥6.69", "¥36.90", "记退货 ¥46.80，告诉 1 站"):
        assert amount in counted, amount
    assert county_facts(office.county, KIND) == []
    back(office, sale, "3")
    till.send()
    books = till.pc.reader
    state = stands(till, one)
    assert (state.at_hub, state.sold) == (13_000, 7_000)
    assert balance(books, held_grower(person, COUNTY)) == -8_610
    assert balance(books, COMMISSION) == -468
    assert balance(books, COUNTY_CURRENT) == 8_610 + 468
    (line,) = county_lines(books, person)
    assert (line.amount_fen, line.quantity, line.back) == (8_610, 7_000, 3_000)
    listed = seen(office["F01"].page("/hub/sales"))
    assert "退 3.000 公斤" in listed
    assert "退 ¥46.80" in listed
    with office.county.store.read() as connection:
        deals = read_deals(office.county.store, connection, "10018", DAY)
    assert {(deal.place, deal.quantity, deal.fen) for deal in deals} == {
        (ONLINE, 7_000, 10_920), (NET, 7_000, 8_610),
    }, "156.00 less 46.80, 123.00 less 36.90"  # fmt: skip
    # What is left goes down to the station; then the rest comes back, spoiled.
    owner = held_grower(person).split(":")[3]
    sendings = f"/finance/sendings/{STATION}"
    post(office["F01"], sendings, sendings, {f"Grower|{owner}": "86.10", "way": "bank"}, 303)
    counted = seen(back(office, sale, "7", 200, act="count", sure="1", into="difference"))
    assert "¥86.10 已经下拨，下次结算扣回" in counted
    back(office, sale, "7", into="difference", sure="1")
    till.send()
    assert balance(books, held_grower(person, COUNTY)) == -8_610, "on its way, and it will come"
    assert balance(books, held_grower(person)) == 8_610, "once: what comes makes it even"
    assert (balance(books, COMMISSION), balance(books, COUNTY_CURRENT)) == (0, 0)
    state = stands(till, one)
    assert (state.at_hub, state.sold, state.difference) == (13_000, 0, 7_000)
    assert county_lines(books, person) == ()
    ((members,),) = books.execute("SELECT members FROM cases WHERE kind = ?", (HUB_DIFFERS,))
    told = case(books, HUB_DIFFERS, one, tuple(json.loads(members)), load_texts())
    assert "网上卖的退了，货坏了或没回来" in told.line
    assert told.sides[-1].words == "县里卖的退回，不能再卖"
    assert told.sides[-1].lines == (("退了", "14 斤"), ("因为", "质量不好"))
    assert "差" in seen(office["H01"].page("/hub")), "who bears it is decided as ever"
    assert "全退了" in seen(office["F01"].page(f"{URL}?sale={sale}"))
    assert "网上卖出的退回" in seen(office["F01"].page(f"/t/{CODE}"))
    assert folded_here(till.pc) == folded_there(office.county, STATION)
    assert verify_county(office.county).findings == ()


def test_the_same_return_is_asked_about_again_and_an_overtaken_page_is_told(
    office: Office, till: Till
) -> None:
    _, sale = sold_lot(office, till, grower(till))
    url = f"{URL}?sale={sale}"
    page = office["F01"].page(url)
    form = {
        "token": office["F01"].token(url), "mark": page.split('name="mark" value="')[1][:16],
        "sale": sale, f"back_{sale}": "3", "into": "hub", "reason": "refused", "act": "say",
    }  # fmt: skip
    assert office["F01"].post(URL, form).status_code == 303
    assert office["F01"].post(URL, form).status_code == 409, "somebody was quicker"
    again = seen(back(office, sale, "3", 422))
    assert f"在 {DAY} 退过一回了" in again
    assert len(county_facts(office.county, KIND)) == 1
    assert "没有这么多" in seen(back(office, sale, "8", 422, sure="1"))
    found = office["F01"].page(f"{URL}?number=000118")
    assert "261123000118" in found, "found by the platform's number"
    assert "没有这个订单号" in seen(office["F01"].page(f"{URL}?number=999"))
    assert f"back_{sale}" not in office["H01"].page(url), "who only looks has no form"


def test_an_own_lot_lies_at_the_hub_again_at_what_it_cost(office: Office, till: Till) -> None:
    person = grower(till)
    weighing = Weighing(gross_grams=0, tare_grams=0, deducted_grams=0, frame="")
    bought = LotBought(
        code="", produce="10018", grade="一级", unit="gram", quantity=20_000, weighing=weighing,
        person=person, price_fen=601, paid_fen=0, owed_fen=12_020, opening_fen=0, harvest_day="",
        slip=1, day=DAY,
    )  # fmt: skip
    one = str(till.pc.say(Saying(bought)).facts[0].identity)
    receive(office, send(till, (one, 20_000)), got_0="20")
    till.send()
    sale = sell(office, one)
    back(office, sale, "3.333")
    till.send()
    books = till.pc.reader
    # 156.00 less 3 % (4.68) are 151.32; of it 50.43(495) go back; of 60.10 cost, 20.03(133) return
    assert balance(books, SALES) == -(15_132 - 5_043)
    assert balance(books, GOODS_COST) == 6_010 - 2_003
    assert balance(books, inventory(one)) == 12_020 - 6_010 + 2_003
    assert stands(till, one).cost_fen == 12_020 - 6_010 + 2_003
    back(office, sale, "6.667", sure="1")
    till.send()
    every = [balance(books, account) for account in (SALES, GOODS_COST, COUNTY_CURRENT)]
    assert every == [0, 0, 0], "the last of it takes what is left"
    assert balance(books, inventory(one)) == 12_020
    assert folded_here(till.pc) == folded_there(office.county, STATION)


# --- What goes back of a sale, as a table --------------------------------------------------------


def sale(*backs: Any, **more: Any) -> Sold:
    """7 kg of two growers, 100.00 less 10.01, 4.50 and 2.70: 82.79, with 3.01 of a contract."""
    values: dict[str, Any] = {
        "ownership": "consigned", "quantity": 7_000, "gross_fen": 10_000, "day": DAY,
        "costs": ({"name": "freight", "amount_fen": 1_001},), "station_commission_fen": 450,
        "county_commission_fen": 270, "amounts": amounts(p=5_519, q=2_760),
    }  # fmt: skip
    said = Said(**{**values, **more})
    return Sold(STATION, "a", "", "10018", "", "gram", 0, "F01", "f", said, amounts(p=301), backs)


def amounts(**given: int) -> tuple[GrowerAmount, ...]:
    return tuple(GrowerAmount(person=one, amount_fen=fen) for one, fen in given.items())


FORM = {"into": "hub", "reason": "quality"}


def test_three_parts_of_one_sale_come_to_the_whole_of_it() -> None:
    waiting = {(STATION, "p"): 1_000, (STATION, "q"): 9_999}
    said: list[Any] = []
    for quantity in (1_000, 1_000, 5_000):
        (one,) = returning.backs_of([(sale(*said), quantity)], FORM, waiting, DAY)
        said.append(one.body)
    # of 5519: 788.43, and the last takes 3943 where it would be 3942.14; of 2760: 394.29
    assert [one.amounts for one in said] == [
        amounts(p=788, q=394), amounts(p=788, q=394), amounts(p=3_943, q=1_972),
    ]  # fmt: skip
    assert [one.top_ups for one in said] == [amounts(p=43), amounts(p=43), amounts(p=215)]
    assert [one.station_commission_fen for one in said] == [64, 64, 322]
    assert [one.gross_fen for one in said] == [1_429, 1_429, 7_142]
    # 10.00 of hers had not gone down: 8.31 are taken off that, then 1.69; the rest off what did
    assert [one.came_down for one in said] == [(), amounts(p=662), amounts(p=4_158)]
    assert waiting == {(STATION, "p"): 0, (STATION, "q"): 9_999 - 2_760}


def test_what_nobody_gives_back_the_county_bears() -> None:
    (one,) = returning.backs_of([(sale(), 7_000)], FORM, {}, DAY)
    assert (one.net_fen, one.borne_fen) == (8_279 + 301, 1_001), "the freight is lost"


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({}, "return_nothing"),
        ({"back_f": "0"}, "hub_weight"),
        ({"back_f": "7.001"}, "return_above"),
        ({"back_f": "7", "into": ""}, "return_fate"),
        ({"back_f": "7", "into": "moon"}, "return_fate"),
        ({"back_f": "7", "reason": ""}, "return_reason"),
    ],
)
def test_what_is_typed_is_looked_at(form: dict[str, str], why: str) -> None:
    with pytest.raises(Refused) as refused:
        returning.read_backs([sale()], FORM | form)
    assert refused.value.reason == why
