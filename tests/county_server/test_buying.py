"""Buying for many at once: by platform and cut-off, row by row, on paper; other goods, finding."""

import io
import re
import zipfile

import pytest

from county_server.scribe import EVERYBODY, Scribe
from county_server.staff.accounts import EXPORTED, StaffBook
from station_app.journal.fact import Saying
from station_app.ledger.accounts import held_prepayment, refund_due
from station_app.ledger.balances import balance
from station_app.services.purchasing.facts import OwnOrderNoted, SwapAnswered
from tests.county_server.finance_story import Office, cutoffs_at, post, seen
from tests.county_server.order_story import POISON, SOAP, OrderTill
from tests.county_server.test_orders_desk import (
    answer,
    office,  # noqa: F401 - a fixture
    one,
    send,
    till,  # noqa: F401 - a fixture
)
from tests.services.sales.store import product
from tests.sync.stand import DAY, STATION

BLEACH = "P0011"


def publish(there: Office) -> None:
    """The catalogue has other goods, too, from another platform."""
    county = there.county
    with county.store.write() as connection:
        scribe = Scribe(county.store, connection, county.keys, county.chance)
        goods = product(BLEACH, "", "立白洗衣粉", price_fen=1_990, platform="自营")
        scribe.say(EVERYBODY, [Saying(goods)], by="county", at=county.clock.now_ms())
        scribe.seal()


def marks(there: Office, url: str) -> list[str]:
    """What a tick of each order on a page says."""
    return re.findall(r'name="order" value="([^"]+)"', there["P01"].page(url))


@pytest.fixture
def shop(office: Office, till: OrderTill) -> tuple[Office, OrderTill]:  # noqa: F811
    publish(office)
    return office, till


def test_orders_wait_by_platform_until_its_cut_off(shop: tuple[Office, OrderTill]) -> None:
    there, here = shop
    here.place()
    here.place(1_990, code=BLEACH, words="立白洗衣粉", ceiling_fen=2_000)
    here.place(18_000, code="", words="老人手推购物车", ceiling_fen=20_000)
    send(there, here)
    refused = post(there["P01"], "/orders/cutoffs", "/orders/cutoffs",
                   {"name": "京东", "cutoff": "25:00"}, 422)  # fmt: skip
    assert "时间写成 11:00 这样" in refused
    assert 'value="25:00"' in refused, "what was typed stays"
    for name, cutoff in (("京东", "00:01"), ("自营", "23:59")):
        typed = {"name": name, "cutoff": cutoff}
        post(there["P01"], "/orders/cutoffs", "/orders/cutoffs", typed)
    page = seen(there["P01"].page("/orders"))
    assert "京东 1 00:01 截单 过了，明天买" in page
    assert re.search(r"自营 1 23:59 截单 剩 \d+ 时 \d+ 分", page)
    assert "找货 1 随时" in page
    typed = {"name": "京东", "cutoff": "18:00", "from_day": "明天"}
    assert "从哪天起写成 2026-12-01 这样" in post(
        there["P01"], "/orders/cutoffs", "/orders/cutoffs", typed, 422
    )
    post(there["P01"], "/orders/cutoffs", "/orders/cutoffs", typed | {"from_day": "2099-01-01"})
    times = there["P01"].page("/orders/cutoffs")
    assert "2099-01-01 起 18:00" in seen(times)
    assert 'value="00:01"' in times
    assert 'value="18:00"' not in times
    assert "京东 1 00:01 截单" in seen(there["P01"].page("/orders")), "until then as before"
    page = seen(there["P01"].page("/orders?platform=自营"))
    assert "立白洗衣粉" in page
    assert "雕牌洗衣粉" not in page
    paper = seen(there["P01"].page("/orders/list?platform=京东"))
    assert "采购单 京东" in paper
    assert "□ 雕牌洗衣粉 2.2公斤 1 ¥27.09" in paper
    assert "立白" not in paper
    send(there, here)
    assert cutoffs_at(here.pc.reader)["自营"] == "23:59", "stations hear of it"


def test_the_buying_list_is_taken_along_as_a_workbook_order_by_order(
    shop: tuple[Office, OrderTill],
) -> None:
    there, here = shop
    here.place(2_580, ceiling_fen=2_709)
    here.place(5_160, pieces=2, ceiling_fen=6_000)
    here.place(1_990, code=BLEACH, words="立白洗衣粉", ceiling_fen=2_000)
    send(there, here)
    token = there["P01"].token("/orders?platform=京东")
    answer = there["P01"].post("/orders/list/file", {"token": token, "platform": "京东"})
    assert answer.status_code == 200
    book = zipfile.ZipFile(io.BytesIO(answer.content))
    told = re.findall(r"<t[^>]*>([^<]*)</t>", book.read("xl/sharedStrings.xml").decode())
    assert told[:10] == ["货", "规格", "编号", "平台", "村站", "单号", "件数", "最高限价（元一件）",
                         "链接或口令", "备注"]  # fmt: skip
    assert {"雕牌洗衣粉", "27.09", "30.00", SOAP, "京东"} <= set(told)
    assert "立白洗衣粉" not in told, "the other platform has its own"
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert len(re.findall("<row ", sheet)) == 3, "each order has its row"
    with there.county.store.read() as connection:
        log = StaffBook(there.county.store, connection).log(0, there.clock.at + 1)
    noted = [(line.by, line.detail) for line in log if line.what == EXPORTED]
    assert noted == [("P01", "orders 京东 1")], "who took it along"


def test_ticked_rows_are_bought_for_all_and_each_keeps_its_own_ceiling(
    shop: tuple[Office, OrderTill],
) -> None:
    """What is no good comes back as it was typed; what is, is said."""
    there, here = shop
    cheap = here.place(2_580, ceiling_fen=2_600)
    easy = here.place(5_160, pieces=2, ceiling_fen=6_000)
    send(there, here)
    page = "/orders?platform=京东"
    (row,) = re.findall(r'name="row" value="([^"]+)"', there["P01"].page(page))
    ticks = re.findall(r'name="order_[^"]+" value="([^"]+)"', there["P01"].page(page))
    assert "一行也没勾" in post(there["P01"], page, "/orders/rows", {}, 422)
    typed = {"row": row, f"price_{row}": "27.00", f"number_{row}": "", f"order_{row}": ticks}
    back = post(there["P01"], page, "/orders/rows", typed, 422)
    assert "要现价和订单号" in back
    assert 'value="27.00"' in back, "what was typed stays"
    back = post(there["P01"], page, "/orders/rows", typed | {f"number_{row}": "2611"}, 422)
    assert "有的超过最高价，先报价" in back
    send(there, here)
    rows = dict(here.pc.reader.execute("SELECT entity, status FROM orders").fetchall())
    assert rows == {cheap.identity: "placed", easy.identity: "bought"}, "27.00 is above one ceiling"
    (fen,) = here.pc.reader.execute(
        "SELECT goods_fen FROM orders WHERE entity = ?", (easy.identity,)
    ).fetchone()
    assert fen == 5_400
    typed |= {f"price_{row}": "25.80", f"number_{row}": "2612"}
    back = post(there["P01"], page, "/orders/rows", typed, 422)
    assert "有的别人办过了" in back, "a stale tick buys nothing twice"
    send(there, here)
    assert here.pc.reader.execute(
        "SELECT count(*) FROM facts WHERE kind = 'order.bought'"
    ).fetchone() == (2,)


def test_ticked_orders_are_taken_over_together_also_where_they_were_sought(
    shop: tuple[Office, OrderTill],
) -> None:
    there, here = shop
    order = here.place()
    send(there, here)
    (mark,) = set(marks(there, "/orders"))
    post(there["P01"], "/orders?find=洗衣粉", "/orders/together", {"order": mark})
    send(there, here)
    (status,) = here.pc.reader.execute(
        "SELECT status FROM orders WHERE entity = ?", (order.identity,)
    ).fetchone()
    assert status == "accepted"
    assert "未知" not in there["P01"].page("/orders?said=1&kept=0")


def test_other_goods_are_offered_agreed_to_and_bought(shop: tuple[Office, OrderTill]) -> None:
    there, here = shop
    order = here.place(2_580, prepaid_fen=2_680)
    send(there, here)
    for typed, sentence in (
        ({"line": "1", "product": "P9999", "swap": "19.90"}, "写目录里的编号"),
        ({"line": "1", "product": SOAP, "swap": "19.90"}, "和原来的不一样"),
        ({"line": "1", "product": POISON, "swap": "19.90"}, "不能代购：持证经营类"),
        ({"line": "2", "product": BLEACH, "swap": "19.90"}, "哪一行"),
        ({"line": "1", "product": BLEACH, "swap": "x"}, "金额写到分"),
    ):
        assert sentence in answer(there, order, "swap", 422, **typed), sentence
    answer(there, order, "swap", line="1", product=BLEACH, swap="19.90")
    page = seen(there["P01"].page(one(order)))
    assert "问着换第 1 行成 立白洗衣粉，整单 ¥19.90，等乡亲点头" in page
    assert 'action="' + one(order) + '/buy"' not in there["P01"].page(one(order))
    send(there, here)
    (offer,) = here.pc.reader.execute(
        "SELECT identity FROM facts WHERE kind = 'order.swap_offered'"
    ).fetchone()
    here.say(order, SwapAnswered(offer=offer, answer="yes", way="phone", day=DAY))
    send(there, here)
    answer(there, order, "buy", price="19.90", platform="自营", number="77")
    send(there, here)
    assert -balance(here.pc.reader, held_prepayment(order.identity)) == 2_090, "price and fee"
    assert balance(here.pc.reader, refund_due(order.identity)) == -590, "the rest is hers again"
    assert "立白洗衣粉" in seen(there["P01"].page(one(order))), "it says what she gets"


def test_an_order_is_found_by_number_waybill_station_or_goods(
    shop: tuple[Office, OrderTill],
) -> None:
    there, here = shop
    order = here.place()
    send(there, here)
    answer(there, order, "buy", price="25.80", platform="京东", number="8841")
    for typed in ("8841", STATION, "雕牌", "1"):
        page = seen(there["P01"].page(f"/orders?find={typed}"))
        assert f"找「{typed}」 1" in page, typed
    assert "没找到" in seen(there["P01"].page("/orders?find=nobody"))


def test_what_villagers_ordered_themselves_is_counted_and_nothing_else(
    shop: tuple[Office, OrderTill],
) -> None:
    there, here = shop
    noted = OwnOrderNoted(
        person="5e" * 32, platform="淘宝", number="7", amount_fen=4_990, waybill="", day=DAY
    )
    here.pc.say(Saying(noted))
    send(there, here)
    page = seen(there["P01"].page("/orders?tab=over"))
    assert "乡亲自己下的，这个月 1" in page
    assert "淘宝 1 ¥49.90" in page
