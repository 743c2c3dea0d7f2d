"""Online sales of what lies at the hub: counted first, said to every station, to the fen."""

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from county_server.desks.hub import selling
from county_server.desks.hub.arrivals import Stock
from county_server.desks.hub.selling import Terms, parts_of
from county_server.desks.pen import Refused
from county_server.verify import verify_county
from station_app.journal.fact import Saying
from station_app.ledger.accounts import COMMISSION, COUNTY, COUNTY_CURRENT, held_grower
from station_app.ledger.balances import balance
from station_app.services.consignment.county_sale_records import by_county, county_lines
from station_app.services.consignment.facts import Share
from station_app.services.consignment.lots import Lot
from station_app.services.quality.facts import LotRecalled
from tests.county_server.finance_story import (
    Office,
    Till,
    county_facts,
    post,
    say,
    seen,
)
from tests.county_server.hub_story import grower, lot, receive, send, stands
from tests.sync.stand import DAY, STATION, folded_here, folded_there


def at_the_hub(office: Office, till: Till, person: str) -> str:
    one = lot(till, person)
    receive(office, send(till, (one, 20_000)), got_0="20")
    till.send()
    return one


def order(office: Office, status: int = 303, **fields: str) -> str:
    typed = {"price": "15.60", "station": "5", "county": "3", "act": "sell"} | fields
    return post(office["F01"], "/hub/sales", "/hub/sales", typed, status)


def test_an_order_is_counted_then_said_and_every_fen_is_somebodys(
    office: Office, till: Till
) -> None:
    person = grower(till)
    one = at_the_hub(office, till, person)
    use = f"use_{STATION}_{one}"
    costs = {"platform": "7.80", "freight": "10.50", "packing": "4.00"}
    html = order(office, 200, act="count", **{use: "10"}, **costs)
    if os.environ.get("WEB_PICTURES"):
        Path(os.environ["WEB_PICTURES"]).write_text(html)
    counted = seen(html)
    # 10 kg at 15.60 are 156.00; costs 22.30 leave 133.70; 5 % are 6.69, 3 % are 4.01
    sums = ("¥156.00", "¥7.80", "¥10.50", "¥4.00", "¥6.69", "¥4.01", "¥123.00")
    beside = ("剩 10.000 公斤", "合 ¥12.30 一公斤", "扣完费用 ¥133.70", "记卖出 ¥156.00，分到 1 站")
    for amount in (*sums, *beside):
        assert amount in counted, amount
    assert county_facts(office.county, "lot.sold_by_county") == []
    order(office, 303, **{use: "10"}, **costs)
    till.send()
    state = stands(till, one)
    assert (state.at_hub, state.sold) == (10_000, 10_000)
    books = till.pc.reader
    assert balance(books, held_grower(person, COUNTY)) == -12_300
    assert balance(books, COMMISSION) == -669
    assert balance(books, COUNTY_CURRENT) == 12_300 + 669
    assert folded_here(till.pc) == folded_there(office.county, STATION)
    assert verify_county(office.county).findings == ()
    waiting = seen(office["F01"].page(f"/finance/sendings/{STATION}"))
    assert "123.00" in waiting, "the finance desk can send it down"


def test_an_order_is_found_by_the_platforms_number_and_said_once(
    office: Office, till: Till
) -> None:
    one = at_the_hub(office, till, grower(till))
    fields = {f"use_{STATION}_{one}": "10", "shop": "县自营淘宝店", "order": "261123000118"}
    assert "还没记过线上销售" in seen(office["F01"].page("/hub/sales"))
    order(office, 303, **fields)
    listed = seen(office["F01"].page("/hub/sales"))
    for words in (
        "近来卖的 1 单",
        "261123000118",
        "县自营淘宝店",
        "10.000 公斤",
        "¥156.00",
        "¥143.52",
    ):
        assert words in listed, words
    again = seen(order(office, 422, **fields))
    assert f"订单号 261123000118 在 {DAY} 记过了" in again
    order(office, 303, sure="1", **fields)
    assert "近来卖的 1 单" in seen(office["F01"].page("/hub/sales")), "the rest of the same order"
    till.send()
    said = [
        msgspec.json.decode(fact.body) for fact in county_facts(office.county, "lot.sold_by_county")
    ]
    assert {(body["shop"], body["order"]) for body in said} == {("县自营淘宝店", "261123000118")}
    assert folded_here(till.pc) == folded_there(office.county, STATION)


def test_what_a_contract_promised_beyond_the_sale_is_added_by_the_county(
    office: Office, till: Till
) -> None:
    person = grower(till)
    one = lot(till, person, guaranteed_fen=800)
    receive(office, send(till, (one, 20_000)), got_0="20")
    till.send()
    use = f"use_{STATION}_{one}"
    # 10 kg at 6.50 are 65.00, less 3.25 and 1.95; to 8.00 a kilogram 15.00 are missing
    counted = seen(order(office, 200, act="count", price="6.50", **{use: "10"}))
    for words in ("¥59.80", "合同补差 ¥15.00"):
        assert words in counted, words
    order(office, 303, price="6.50", **{use: "10"})
    till.send()
    assert balance(till.pc.reader, held_grower(person, COUNTY)) == -(5_980 + 1_500)
    (line,) = county_lines(till.pc.reader, person)
    assert (line.amount_fen, line.quantity) == (5_980 + 1_500, 10_000), "as she is settled with"
    at = till.pc.clock.at
    assert by_county(till.pc.reader, person, [line.fact], at) == 5_980 + 1_500, "as her slip says"
    order(office, 303, price="8.10", **{use: "10"})
    assert len(county_facts(office.county, "lot.topped_up")) == 1, "above its price nothing is"
    till.send()
    assert folded_here(till.pc) == folded_there(office.county, STATION)
    assert verify_county(office.county).findings == ()


def test_the_same_order_is_sold_once_and_never_more_than_lies_there(
    office: Office, till: Till
) -> None:
    one = at_the_hub(office, till, grower(till))
    use = f"use_{STATION}_{one}"
    page = office["F01"].page("/hub/sales")
    mark = page.split('name="mark" value="')[1].split('"')[0]
    form = {
        "token": office["F01"].token("/hub/sales"), "mark": mark, "produce": "10018",
        "price": "10", "station": "5", "county": "3", "act": "sell", use: "15",
    }  # fmt: skip
    assert office["F01"].post("/hub/sales", form).status_code == 303
    again = office["F01"].post("/hub/sales", form)
    assert again.status_code == 422
    assert "县仓没有这么多" in seen(again.text)
    late = office["F01"].post("/hub/sales", form | {use: "5"})
    assert late.status_code == 409, "the page was overtaken"
    assert len(county_facts(office.county, "lot.sold_by_county")) == 1


def test_what_is_stopped_is_not_sold_and_who_only_looks_has_no_form(
    office: Office, till: Till
) -> None:
    one = at_the_hub(office, till, grower(till))
    say(office, [Saying(LotRecalled(reason="农残", day=DAY), entity=one)])
    page = office["F01"].page("/hub/sales")
    assert "停售：农残" in seen(page)
    assert f"use_{STATION}_{one}" not in page
    assert "停售" in seen(order(office, 422, **{f"use_{STATION}_{one}": "1"}))
    for code in ("H01", "C01", "U01"):
        assert 'name="price"' not in office[code].page("/hub/sales")
    office["T01"].get("/hub/sales", 403)


# --- What each lot gets, as a table --------------------------------------------------------------


def stock(name: str, *shares: tuple[str, int], **more: Any) -> Stock:
    quantity = sum(grams for _, grams in shares)
    values: dict[str, Any] = {
        "unit": "gram", "ownership": "consigned", "produce": "10018", "quantity": quantity,
        "at_hub": quantity, "founder": "f",
        "shares": tuple(
            Share(person=person, quantity=grams, commission_bp=800, floor_fen=900,
                  guaranteed_fen=0, is_net=0, contract="")
            for person, grams in shares
        ),
    }  # fmt: skip
    return Stock("NX0601", name, Lot(**{**values, **more}))


LOTS = (
    stock("a", ("p", 20_000), ("q", 18_160)),
    stock("b", ("q", 52_400)),
    stock("c", ("r", 29_440)),
)
COSTS = {"platform": 9_360, "freight": 12_600, "packing": 4_800}


def terms(**more: Any) -> Terms:
    values: dict[str, Any] = {
        "price_fen": 1_560, "costs": COSTS, "station_bp": 500, "county_bp": 300
    }  # fmt: skip
    return Terms(**{**values, **more})


def test_an_order_of_three_lots_loses_no_fen() -> None:
    uses = [(one, one.state.at_hub) for one in LOTS]
    parts = parts_of(uses, terms(), DAY)
    assert sum(one.body.gross_fen for one in parts) == 187_200, "120 kg at 15.60"
    for name, fen in COSTS.items():
        paid = [cost.amount_fen for one in parts for cost in one.body.costs if cost.name == name]
        assert sum(paid) == fen, name
    for one in parts:
        fees = one.body.station_commission_fen + one.body.county_commission_fen
        whole = sum(cost.amount_fen for cost in one.body.costs) + fees + one.net_fen
        assert whole == one.body.gross_fen
        assert sum(amount.amount_fen for amount in one.body.amounts) == one.net_fen
    assert [amount.person for amount in parts[0].body.amounts] == ["p", "q"]


@pytest.mark.parametrize(
    ("price_fen", "is_net", "added"),
    [
        (650, 0, {"p": 3_000, "q": 1_500}),  # 1.50 for each kilogram
        (800, 0, {}),
        (650, 1, {"p": 4_040, "q": 2_020}),  # 160.00 less her net of 119.60
        (
            869,
            1,
            {"p": 11, "q": 5},
        ),  # 260.70 less 13.04 and 7.82 are 239.84, of it 159.89 and 79.95
        (870, 1, {}),
    ],
)
def test_a_contract_is_topped_up_by_its_price_or_by_her_net(
    price_fen: int, is_net: int, added: dict[str, int]
) -> None:
    promised = tuple(
        Share(person=person, quantity=grams, commission_bp=800, floor_fen=0, guaranteed_fen=800,
              is_net=is_net, contract="c")
        for person, grams in (("p", 20_000), ("q", 10_000))
    )  # fmt: skip
    one = stock("a", ("p", 20_000), ("q", 10_000), shares=promised)
    (part,) = parts_of([(one, 30_000)], terms(costs={}, price_fen=price_fen), DAY)
    assert {one.person: one.amount_fen for one in part.top_ups} == added


def test_an_own_lot_has_no_grower_and_leaves_at_its_cost() -> None:
    own = stock("o", ("p", 10_000), ownership="own", shares=(), cost_fen=6_000, seller="p")
    (part,) = parts_of([(own, 5_000)], terms(costs={}), DAY)
    assert (part.body.amounts, part.body.cost_fen) == ((), 3_000)
    assert part.body.station_commission_fen == 0, "it is all the station's"
    assert part.net_fen == 7_800 - 234


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"price_fen": 899}, "sale_floor"),
        ({"station_bp": 600}, "sale_agreed"),
        ({"costs": {"freight": 100_000}}, "sale_loss"),
    ],
)
def test_what_nobody_agreed_to_is_refused(more: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused) as refused:
        parts_of([(LOTS[0], 1_000)], terms(**more), DAY)
    assert refused.value.reason == why


def test_below_the_floor_goes_when_somebody_asked() -> None:
    parts = parts_of([(LOTS[0], 1_000)], terms(price_fen=899, costs={}, is_sure=True), DAY)
    assert parts[0].body.gross_fen == 899


EGGS = stock("e", ("p", 60), unit="piece", produce="10010")


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({}, "sale_nothing"),
        ({"use_NX0601_a": "39"}, "sale_above"),
        ({"use_NX0601_a": "x"}, "hub_weight"),
        ({"use_NX0601_a": "0"}, "hub_weight"),
        ({"use_NX0601_a": "1", "use_NX0601_e": "2"}, "sale_mixed"),
        ({"use_NX0601_e": "2.5"}, "hub_pieces"),
    ],
)
def test_how_much_of_which_lots_is_looked_at(form: dict[str, str], why: str) -> None:
    with pytest.raises(Refused) as refused:
        selling.read_uses((*LOTS, EGGS), form)
    assert refused.value.reason == why


def test_a_weight_may_be_in_jin() -> None:
    assert [quantity for _, quantity in selling.read_uses(LOTS, {"use_NX0601_a": "1斤"})] == [500]
