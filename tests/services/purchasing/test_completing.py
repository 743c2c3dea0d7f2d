"""Orders that the county gives back to be completed; and what of their words goes with her."""

import pytest

from station_app.printing.document import to_json
from station_app.services.people.commands import ErasePerson
from station_app.services.purchasing import records
from station_app.services.purchasing.commands import (
    AskCancellation,
    CompleteOrder,
    NoteOwnOrder,
)
from station_app.services.purchasing.completion_records import facts_about, wanted_count
from station_app.services.purchasing.facts import (
    CompletionAsked,
    OrderRemark,
)
from station_app.services.purchasing.fates import Wanting
from station_app.services.purchasing.timeline_records import fate_of
from station_app.shell.desk import Done
from station_app.values.refusal import Refusal
from tests.long_shelf import HEIGHTS
from tests.overview.seen import check_fit, primary, shoot, words
from tests.services.parcels.test_trouble import Stick
from tests.services.purchasing.desk import FREE, SOAP
from tests.services.purchasing.test_orders_page import bought, entries
from tests.services.sales.store import DAY

CART = "老人手推购物车"
SHARED = "【淘宝】https://m.tb.cn/h.5abcDEF 「老人手推购物车 能坐 16寸」点击链接直接打开"


def free(orders, **more):
    """An order of something that no catalogue has."""
    line = orders.line(SOAP, **FREE)
    return orders.order(line, items=(CART,), link="￥aB3dE6gH9￥", prepaid_fen=5_000, **more)


def give_back(orders, order, reason="link", said="打不开，请乡亲重发"):
    orders.pc.clock.at_ms += 1_000
    body = CompletionAsked(order=order, line=1, reason=reason, day=DAY)
    return orders.hear(body, said=OrderRemark(remark=said) if said else None)


def no(orders, command):
    outcome = orders.ask(command)
    assert isinstance(outcome, Refusal), outcome
    return orders.pc.premises.texts.say(outcome.text_key, **outcome.slots)


@pytest.mark.parametrize("height", HEIGHTS)
def test_what_the_county_gave_back_stands_on_today_and_is_completed_by_keys(counter, height):
    counter.pc.photos = Stick(counter.connection)
    order = free(counter)
    give_back(counter, order)
    station = counter.pc
    station.show_unlocked((1366, height))
    station.press("Home")
    assert "1 单县里退回来补" in words(station)
    check_fit(station)
    shoot(station, f"orders_given_back_today_{height}")
    station.press("F4", "Ctrl+2")
    assert "退回来补" in [row.cells[1].words for row in station.page.list.rows_model.rows]
    assert entries(station)[0] == "县里退回来补：链接、口令打不开"
    assert primary(station)[0] == "县里退回来补，问清补上"
    check_fit(station)
    station.press("Enter")
    assert "县里退回：链接、口令打不开" in words(station)
    assert "县里说：打不开，请乡亲重发" in words(station)
    assert primary(station) == ("补上，报县里", False, "贴新链接、改说明、拍照，补一样就行")
    station.page.complete.paste.line.take(SHARED)
    assert "看出来了：淘宝，链接 1 个" in words(station)
    assert station.page.complete.what.text() == "老人手推购物车 能坐 16寸"
    station.press("F11", "Enter")
    assert "照片 1 张，一起报" in words(station)
    assert station.page.complete.what.text() == "老人手推购物车 能坐 16寸", "typed words stay"
    check_fit(station)
    shoot(station, f"orders_complete_{height}")
    station.press("Enter")
    assert entries(station)[0] == "站里补上了"
    assert counter.state(order).held_fen == 5_000, "no money moves"
    now = records.words_now(counter.connection, order)
    assert now.items == ("老人手推购物车 能坐 16寸",)
    assert now.link == "https://m.tb.cn/h.5abcDEF"
    assert SHARED in now.remark, "all of it is kept"
    assert wanted_count(counter.connection) == 0
    assert station.page.list.rows_model.rows[0].cells[1].words == "等县里"
    assert "看照片 1 张" in [action.label for action in station.page.action_bar()]
    shoot(station, f"orders_completed_{height}")
    station.press("Home")
    assert "退回来补" not in words(station)
    station.press("F4", "Ctrl+2", "Ctrl+P")
    copy = to_json(station.again[-1][0])
    assert CART in copy
    assert "16寸" not in copy, "a copy of its slip says what it said"


def test_what_is_refused(orders):
    order = free(orders)
    assert "没有要补的" in no(orders, CompleteOrder(completion="", item="x"))
    asked = give_back(orders, order)
    assert "一样也没补" in no(orders, CompleteOrder(completion=asked, item="  "))
    assert "最多" in no(orders, CompleteOrder(completion=asked, item="长" * 121))
    done = orders.ask(CompleteOrder(completion=asked, remark="16 寸，蓝的"))
    assert isinstance(done, Done)
    assert "补过了" in no(orders, CompleteOrder(completion=asked, item="再补"))
    once_more = give_back(orders, order, "unclear", "")
    assert fate_of(orders.connection, order).wanting == Wanting(once_more, 1, "unclear", "")
    bought(orders, order, 18_000, "")
    assert fate_of(orders.connection, order).wanting is None, "nobody has to answer any more"
    assert "已经买好或取消了" in no(orders, CompleteOrder(completion=once_more, item="晚了"))
    assert wanted_count(orders.connection) == 0


def test_who_is_erased_takes_the_words_of_her_orders_along_and_the_amounts_stay(orders):
    person = orders.pc.person(0)
    order = free(orders, person=person, remark="给王秀兰家老人的")
    asked = give_back(orders, order)
    assert isinstance(orders.ask(CompleteOrder(completion=asked, remark="王秀兰说要蓝的")), Done)
    assert isinstance(orders.ask(AskCancellation(order=order, remark="王秀兰不要了")), Done)
    own = NoteOwnOrder(
        person=person, platform="淘宝", number="1", amount_fen=100, item="王秀兰的鞋"
    )
    assert isinstance(orders.ask(own), Done)
    other = free(orders, person=orders.pc.person(1), remark="别人的")
    facts = facts_about(orders.connection, [person])
    assert isinstance(orders.ask(ErasePerson(person=person, facts=facts)), Done)
    parts = orders.connection.execute("SELECT part FROM privates").fetchall()
    assert not [part for (part,) in parts if "王秀兰" in bytes(part).decode()]
    assert records.words_now(orders.connection, order).items == ()
    assert orders.state(order).held_fen == 5_000
    assert records.words_of(orders.connection, other).remark == "别人的"
    line = orders.line()
    assert "不在册" in orders.no(line, person=person), "nothing new is ordered for her"
