"""The purchasing desk: the buying list, every answer, money that adds up, waybills in a block."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from county_server.scribe import EVERYBODY, Scribe
from county_server.staff.roles import FINANCE, PURCHASER, Member
from county_server.verify import verify_county
from station_app.journal.fact import Saying
from station_app.ledger.accounts import COUNTY_CURRENT, claim, held_prepayment, refund_due
from station_app.ledger.balances import balance
from station_app.reference.facts import CourierPublished
from tests.county_server.finance_story import (
    Office,
    county_facts,
    open_office,
    open_till,
    post,
    seen,
)
from tests.county_server.order_story import POISON, OrderTill, catalogue
from tests.sync.stand import DAY, STATION, converse, direct, folded_here, folded_there

PEOPLE = (
    Member("P01", "吴示彤", (PURCHASER,)),
    Member("P02", "冯示雨", (PURCHASER,)),
    Member("F01", "郑示璐", (FINANCE,)),
)
COURIERS = (("ZTO", "中通快递", r"^7[3-68]\d{12}$"), ("YTO", "圆通速递", r"^YT\d{13}$"))
GOOD, OTHER = "73000000004711", "YT0000000431017"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = open_office(tmp_path, PEOPLE)
    county = made.county
    couriers = [
        Saying(
            CourierPublished(
                code=code, name=name, initial=code[0], pattern=pattern, example="", priority=n,
                must_confirm=0, remind_days=3, call_days=5, return_days=7, day=DAY,
            )
        )
        for n, (code, name, pattern) in enumerate(COURIERS)
    ]  # fmt: skip
    with county.store.write() as connection:
        scribe = Scribe(county.store, connection, county.keys, county.chance)
        sayings = [*catalogue(), *couriers]
        scribe.say(EVERYBODY, sayings, by="county", at=county.clock.now_ms())
        scribe.seal()
    yield made
    county.close()


@pytest.fixture
def till(office: Office, tmp_path: Path) -> Iterator[OrderTill]:
    pc = open_till(office, tmp_path / "pc").pc
    yield OrderTill(pc)
    pc.close()


def send(office: Office, till: OrderTill) -> None:
    converse(till.pc, direct(office.county))


def one(order: object) -> str:
    return f"/orders/{STATION}/{order.identity}"  # type: ignore[attr-defined]


def answer(office: Office, order: object, name: str, status: int = 303, **typed: str) -> str:
    return post(office["P01"], one(order), f"{one(order)}/{name}", typed, status)


def buy(office: Office, order: object, price: str = "25.80", number: str = "8841") -> None:
    answer(office, order, "buy", price=price, platform="京东", number=number)


def held(till: OrderTill, order: object) -> int:
    return -balance(till.pc.reader, held_prepayment(order.identity))  # type: ignore[attr-defined]


def test_orders_of_the_same_goods_are_one_row_of_the_buying_list(
    office: Office, till: OrderTill
) -> None:
    till.place(2_580)
    till.place(5_160, ceiling_fen=5_200, pieces=2)
    till.place(18_000, code="", words="老人手推购物车", ceiling_fen=20_000)
    send(office, till)
    page = seen(office["P01"].page("/orders"))
    assert "3 单合成 2 行" in page
    assert "雕牌洗衣粉 2.2公斤 京东 3 件 · 1 站 ¥26.00" in page, "the lowest ceiling for one piece"
    assert "老人手推购物车 找货 1 件 · 1 站 ¥200.00" in page


def test_dearer_agreed_bought_sent_fetched_returned_and_the_money_adds_up(
    office: Office, till: OrderTill
) -> None:
    order = till.place()
    send(office, till)
    assert "超过最高价" in answer(
        office, order, "buy", 422, price="29.80", platform="京东", number="1"
    )
    assert "直接买" in answer(office, order, "quote", 422, price="26")
    answer(office, order, "accept")
    answer(office, order, "quote", price="29.80")
    assert "等点头" in seen(office["P01"].page("/orders?tab=asked"))
    assert 'action="' + one(order) + '/buy"' not in office["P01"].page(one(order))
    send(office, till)
    (quoted,) = county_facts(office.county, "order.quoted_higher")
    till.agree(order, quoted.identity)
    send(office, till)
    buy(office, order, "29.80")
    answer(office, order, "ship", courier="ZTO", waybill="7300 0000 0047 11")
    send(office, till)
    assert held(till, order) == 800
    till.fetch(order, 2_980, 2_280, 800)
    till.bring_back(order, 2_980, 800)
    send(office, till)
    assert "站里报退 ¥29.80，已垫 ¥8.00" in seen(office["P01"].page(one(order)))
    assert "不少于站里垫的" in answer(office, order, "agree", 422, refund="7.99")
    answer(office, order, "agree", refund="29.80")
    send(office, till)
    reader = till.pc.reader
    assert balance(reader, claim(order.identity)) == 0
    assert balance(reader, refund_due(order.identity)) == -2_980
    assert balance(reader, COUNTY_CURRENT) == 0, "bought for 29.80, and given back"
    assert held(till, order) == 0
    assert folded_here(till.pc) == folded_there(office.county, STATION)
    assert not verify_county(office.county).findings


def test_cheaper_short_and_cancelled_are_owed_back_to_the_fen(
    office: Office, till: OrderTill
) -> None:
    cheap = till.place(prepaid_fen=2_680)
    short = till.place(5_160, pieces=2, ceiling_fen=5_160, prepaid_fen=5_260)
    cancelled, borne = till.place(), till.place()
    send(office, till)
    buy(office, cheap, "20.00", "1")
    assert "缺几件写清楚" in answer(office, short, "short", 422, line="1", pieces="3")
    answer(office, short, "short", line="1", pieces="1", remedy="refund")
    answer(office, cancelled, "cancel")
    till.ask_back(borne, 500)
    send(office, till)
    assert "没同意担这么多" in answer(office, borne, "cancel", 422, cost="5.01")
    answer(office, borne, "cancel", cost="3")
    send(office, till)
    due = [
        -balance(till.pc.reader, refund_due(x.identity)) for x in (cheap, short, cancelled, borne)
    ]
    assert due == [580, 2_580, 800, 500]
    assert balance(till.pc.reader, COUNTY_CURRENT) == -300, "the cost that she bears"
    assert not verify_county(office.county).findings


def test_a_cancellation_that_comes_too_late_is_refused_with_its_reason(
    office: Office, till: OrderTill
) -> None:
    order = till.place()
    send(office, till)
    buy(office, order)
    till.ask_back(order, words="想换成两袋")
    send(office, till)
    assert "乡亲要取消" in seen(office["P01"].page("/orders?tab=back"))
    assert "乡亲要取消或改：想换成两袋" in seen(office["P01"].page(one(order)))
    answer(office, order, "keep", reason="bought")
    (refused,) = county_facts(office.county, "order.cancellation_refused")
    assert b'"reason":"bought"' in refused.body


def test_of_two_purchasers_one_wins_and_the_other_is_told(office: Office, till: OrderTill) -> None:
    order = till.place()
    send(office, till)
    url = one(order)
    forms = {
        code: dict(re.findall(r'name="(token|mark)" value="([^"]+)"', office[code].page(url)))
        for code in ("P01", "P02")
    }
    typed = {"price": "25.80", "platform": "京东", "number": "1"}
    assert office["P01"].post(f"{url}/buy", forms["P01"] | typed).status_code == 303
    late = office["P02"].post(f"{url}/buy", forms["P02"] | typed | {"number": "2"})
    assert late.status_code == 409
    shown = seen(late.text)
    assert "吴示彤（P01） 记了「" in shown, "who was quicker"
    theirs, _, yours = shown.partition("您填的（没存上）")
    assert "¥25.80" in theirs, "and what she said"
    assert "单号 2" in yours, "beside what was typed"
    assert len(county_facts(office.county, "order.bought")) == 1


def test_blocked_goods_are_not_bought_at_the_county_either(office: Office, till: OrderTill) -> None:
    order = till.place(2_800, code=POISON, words="杀虫剂", ceiling_fen=2_800)
    send(office, till)
    page = office["P01"].page(one(order))
    assert "不能代购：持证经营类" in seen(page)
    assert f'action="{one(order)}/buy"' not in page
    form = dict(re.findall(r'name="(token|mark)" value="([^"]+)"', page))
    forced = office["P01"].post(f"{one(order)}/accept", form)
    assert forced.status_code == 422
    answer(office, order, "cancel")


def test_a_block_of_waybills_is_judged_line_by_line(office: Office, till: OrderTill) -> None:
    orders = [till.place() for _ in range(3)]
    send(office, till)
    for number, order in enumerate(orders):
        buy(office, order, number=f"2611{number}")
    rows = (
        f"26110 中通 {GOOD}", f"26111 圆通 {OTHER}", "26112 中通 730000", f"9999 中通 {GOOD}",
        f"26112 韵达 {GOOD}", "字",
    )  # fmt: skip
    block = "\n".join(rows)
    url = "/orders/waybills"
    html = post(office["P01"], "/orders?tab=numbers", url, {"block": block}, 422)
    page = seen(html)
    assert "记下 2 行，4 行要改" in page
    for fault in ("不是这家的单号", "没有这个订单号", "没有这家快递", "要写订单号"):
        assert fault in page, fault
    kept = html[html.index("<textarea") : html.index("</textarea>")]
    assert "9999" in kept
    assert "26110" not in kept, "what was good is done, what was bad stays"
    shipped = county_facts(office.county, "order.shipped")
    assert {fact.entity for fact in shipped} == {orders[0].identity, orders[1].identity}


def test_who_may_not_buy_only_looks(office: Office, till: OrderTill) -> None:
    order = till.place()
    send(office, till)
    page = office["F01"].page(one(order))
    assert "雕牌洗衣粉" in page
    assert "记已下单" not in page
    assert office["F01"].post(f"{one(order)}/accept", {}).status_code in (400, 403)
    assert not county_facts(office.county, "order.accepted")


def test_a_waybill_of_two_couriers_names_both_and_one_of_none_says_so(
    office: Office, till: OrderTill
) -> None:
    order, other = till.place(), till.place()
    send(office, till)
    for number, one_order in (("1", order), ("2", other)):
        buy(office, one_order, number=number)
    with office.county.store.write() as connection:
        scribe = Scribe(office.county.store, connection, office.county.keys, office.county.chance)
        twin = CourierPublished(
            code="STO", name="申通快递", initial="S", pattern=r"^7[3-68]\d{12}$", example="",
            priority=9, must_confirm=0, remind_days=3, call_days=5, return_days=7, day=DAY,
        )  # fmt: skip
        scribe.say(EVERYBODY, [Saying(twin)], by="county", at=office.county.clock.now_ms())
        scribe.seal()
    block = f"1 {GOOD}\n2 XX123456\n"
    page = post(office["P01"], "/orders?tab=numbers", "/orders/waybills", {"block": block}, 422)
    assert "像 中通快递、申通快递，写上是哪家" in page
    assert "哪家的单号都不像，重抄" in page
