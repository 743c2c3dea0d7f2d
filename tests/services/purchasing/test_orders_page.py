"""Orders on their way, by keys: the county's answers, the balance, what comes back, the refund."""

import pytest

from station_app.ledger.accounts import COUNTY_CURRENT, claim, drawer, held_prepayment, refund_due
from station_app.ledger.balances import balance
from station_app.printing.document import to_json
from station_app.services.purchasing.facts import (
    OrderAccepted,
    OrderBought,
    OrderCancellationAgreed,
    OrderQuotedHigher,
    OrderReturnAgreed,
    OrderShipped,
)
from station_app.shell.counter import Notice
from station_app.values.codes import SLIP, make_code
from tests.long_shelf import HEIGHTS
from tests.overview.seen import check_fit, hidden_headings, primary, shoot, words
from tests.services.parcels.test_trouble import Stick
from tests.services.purchasing.desk import RICE, SOAP
from tests.services.sales.store import DAY

FLOAT = 40_000
WAYBILL = "73000000004711"


def begin(counter, height=768):
    station = counter.pc
    station.show_unlocked((1366, height))
    station.press("F4", "Ctrl+2")
    return station


def bought(counter, order, goods_fen=2_580, waybill=WAYBILL):
    """The county accepts, buys and sends."""
    counter.hear(OrderAccepted(answers=order, day=DAY), entity=order)
    counter.hear(
        OrderBought(answers=order, platform="京东", number="8841", goods_fen=goods_fen, day=DAY),
        entity=order,
    )
    if waybill:
        counter.hear(
            OrderShipped(answers=order, courier="ZTO", waybill=waybill, day=DAY), entity=order
        )


def entries(station):
    return [row.cells[2].words for row in station.page.entries.rows_model.rows]


def test_before_there_is_an_order_the_page_says_how_to_begin(counter):
    station = begin(counter)
    assert "还没有单。按 Ctrl+1 下单" in words(station)
    assert station.page.action_bar() == []


@pytest.mark.parametrize("height", HEIGHTS)
def test_a_higher_price_is_asked_bought_sent_arrives_and_is_fetched(counter, height):
    order = counter.order(counter.line(SOAP), prepaid_fen=800, person=counter.pc.person(1))
    counter.hear(OrderQuotedHigher(answers=order, goods_fen=2_980, day=DAY), entity=order)
    station = begin(counter, height)
    assert primary(station)[0] == "县里报 ¥29.80，问乡亲"
    assert station.page.bar.steps[1].small == "高了 ¥4.00"
    check_fit(station)
    station.press("Enter")
    assert "原来 ¥25.80，多 ¥4.00" in words(station)
    assert primary(station)[1:] == (False, "选同意还是不同意")
    check_fit(station)
    shoot(station, f"orders_quote_{height}")
    station.page.setFocus()
    station.press("1", "4", "Enter")
    assert counter.state(order).goods_fen == 2_980
    assert entries(station)[0] == "乡亲同意"
    bought(counter, order, 2_980)
    station.page.refresh(())
    assert primary(station)[1] is False or "收" not in primary(station)[0], "it is not here yet"
    station.shelve_for(station.person(1), WAYBILL)
    station.page.refresh(())
    assert "到站了" in [row.cells[1].words for row in station.page.list.rows_model.rows]
    assert primary(station)[0] == "当面验货，收尾款 ¥22.80", "29.80 + 1.00 - 8.00"
    assert [(step.name, step.state) for step in station.page.bar.steps] == [
        *((name, "done") for name in ("下单", "县里接单", "买好", "发货", "到站")), ("取走", "now"),
    ]  # fmt: skip
    assert station.page.bar.needed_height() < station.page.bar.height(), "no date is cut off"
    check_fit(station)
    shoot(station, f"orders_arrived_{height}")
    station.press("Enter")
    check_fit(station)
    shoot(station, f"orders_fetch_{height}")
    station.press("Enter")
    state = counter.state(order)
    assert (state.status, state.paid_fen, state.held_fen) == ("picked_up", 3_080, 0)
    assert balance(station.connection, drawer("D1")) == FLOAT + 3_080
    assert balance(station.connection, COUNTY_CURRENT) == -2_980
    assert balance(station.connection, held_prepayment(order)) == 0
    (status,) = station.connection.execute("SELECT status FROM parcels").fetchone()
    assert status == "handed_over", "goods and parcel leave in one act"
    slip = counter.papers()[-1]
    for part in ("代购取货单", "22.80", "货已当面验过", "前能退", "站号 NX0601"):
        assert part in slip, part
    shoot(station, f"orders_fetched_{height}")
    assert entries(station) == [
        "取走，当面验货，付尾款 ¥22.80", "发货", "县里买好，¥29.80，京东", "县里接单",
        "乡亲同意", "县里报 ¥29.80，高过上限", "下单，收预付款 ¥8.00",
    ]  # fmt: skip


def test_what_she_paid_too_much_waits_among_the_refunds(counter):
    order = counter.order(counter.line(SOAP))
    bought(counter, order, 2_000)
    station = begin(counter)
    station.shelve_for(station.person(0), WAYBILL)
    station.page.refresh(())
    assert primary(station)[0] == "当面验货，交货"
    station.press("Enter", "Enter")
    assert balance(station.connection, refund_due(order)) == -580
    assert primary(station)[0] == "去退 ¥5.80"
    station.press("Enter")
    assert "5.80" in words(station), "the page where it is paid out, once"


def test_an_order_nobody_heard_of_is_cancelled_and_paid_back(counter):
    order = counter.order(counter.line(SOAP), prepaid_fen=800)
    station = begin(counter)
    station.press("Ctrl+D")
    assert "还没传到县里，预付款全退" in words(station)
    station.press("Enter")
    assert counter.state(order).status == "cancelled"
    assert balance(station.connection, refund_due(order)) == -800
    station.page.open_with({"order": order})
    assert primary(station)[0] == "去退 ¥8.00"


def test_an_order_that_was_offered_is_asked_for(counter):
    order = counter.order(counter.line(SOAP), prepaid_fen=800)
    stream, act = counter.connection.execute(
        "SELECT stream, act FROM facts WHERE identity = ?", (order,)
    ).fetchone()
    counter.connection.execute("INSERT INTO offered(stream, act) VALUES (?, ?)", (stream, act))
    station = begin(counter)
    station.press("Ctrl+D")
    assert "县里可能已经在买" in words(station)
    station.page.cancel.cost.setFocus()
    station.type("9")
    assert primary(station)[1:] == (False, "写的数不对，最多写到预付的")
    station.press("Backspace")
    station.type("5")
    assert primary(station)[1:] == (False, "选乡亲怎么同意的")
    check_fit(station)
    shoot(station, "orders_cancel_768")
    station.press("Alt+1", "Enter")
    state = counter.state(order)
    assert (state.status, state.is_cancellation_asked, state.cost_fen_max) == ("placed", 1, 500)
    counter.hear(
        OrderCancellationAgreed(
            answers=order, cost_fen=300, from_here_fen=800, from_county_fen=0, day=DAY
        ),
        entity=order,
    )
    station.page.open_with({"order": order})
    assert balance(station.connection, refund_due(order)) == -500
    assert primary(station)[0] == "去退 ¥5.00"


@pytest.mark.parametrize("height", HEIGHTS)
def test_goods_come_back_and_the_station_gives_a_part_at_once(counter, height):
    order = counter.order(counter.line(SOAP), prepaid_fen=800)
    bought(counter, order)
    station = begin(counter, height)
    station.shelve_for(station.person(0), WAYBILL)
    station.page.refresh(())
    station.press("Enter", "Enter")
    station.page.open_with({"order": order})
    station.press("Ctrl+R")
    assert primary(station)[1:] == (False, "选为什么退")
    station.press("1")
    assert "能退：取走第 0 天" in words(station)
    week = [("24", 1), ("25", 1), ("26", 1), ("27", 1), ("28", 1), ("29", 1), ("30", 1)]
    assert list(station.page.back.days.days) == week, "the day after she fetched it is the first"
    station.page.back.advance.setFocus()
    station.type("8")
    check_fit(station)
    shoot(station, f"orders_back_{height}")
    station.window.toast(Notice("收好了"))
    shoot(station, f"orders_back_toast_{height}")
    assert hidden_headings(station) == [], "it lay over 为什么退"
    field = station.page.back.advance
    assert field.height() >= field.minimumSizeHint().height(), "the amounts are seen whole"
    assert "怎么退：现金、原路退，或抵新的单" in words(station)
    assert primary(station)[0] == "收下货，先退 ¥8.00"
    station.press("Enter")
    state = counter.state(order)
    assert (state.asked_fen, state.claim_fen, state.pieces_back) == (2_580, 800, 1)
    assert balance(station.connection, claim(order)) == 800
    assert balance(station.connection, refund_due(order)) == -800
    assert "代购退货单" in counter.papers()[-1]
    station.page.open_with({"order": order})
    station.press("F11")
    assert "退货 1 件，交给车带走" in words(station)
    station.type("王师傅")
    check_fit(station)
    shoot(station, f"orders_leaving_{height}")
    station.press("Enter")
    assert counter.state(order).pieces_back == 0
    both = counter.papers()[-2:]
    assert both[0] == both[1], "a list for each side"
    for part in ("代购退货交接单", "王*傅", "雕牌洗衣粉", station.printed("1")):
        assert part in both[0], part
    counter.hear(
        OrderReturnAgreed(answers=order, refund_fen=2_580, claim_fen=800, day=DAY), entity=order
    )
    assert balance(station.connection, claim(order)) == 0
    assert balance(station.connection, refund_due(order)) == -2_580
    station.page.open_with({"order": order})
    assert primary(station)[0] == "去退 ¥25.80"
    station.press("Ctrl+L")
    story = to_json(station.again[-1][0])
    for part in ("代购来历", "王*兰", "下单，收预付款 ¥8.00", "退回来：有破损", "不凭它收钱退钱"):
        assert part in story, part
    assert story.index("下单，收") < story.index("县里买好") < story.index("退回来"), "oldest first"
    last = station.page.bar.steps[-2:]
    assert [(step.name, step.small) for step in last] == [
        ("退货", "11月23日"), ("退款", "该退 ¥25.80"),
    ]  # fmt: skip


def test_one_of_two_goods_comes_back_with_label_photos_and_a_slip_for_each_side(counter):
    station = counter.pc
    station.photos = Stick(station.connection)
    order = counter.order(counter.line(SOAP, 2), counter.line(RICE), items=("洗衣粉", "大米"))
    other = counter.order(counter.line(RICE), person=counter.pc.person(1))
    state = counter.state(order)
    bought(counter, order, state.goods_fen)
    begin(counter, 690)
    station.shelve_for(station.person(0), WAYBILL)
    station.page.open_with({"order": order})
    station.press("Enter", "Enter")
    station.page.open_with({"order": order})
    station.press("Ctrl+R", "Down", "Space")
    goods = station.page.back.goods
    assert [(one.line, one.pieces) for one in goods.lines] == [(1, 2)]
    assert station.page.back.refund_fen == 5_160, "of two bags of powder"
    station.press("Up", "Space")
    assert station.page.back.refund_fen == 2_580, "one bag less"
    assert "F10" not in [action.key for action in station.page.action_bar()], "a part only"
    station.press("1", "7", "8", "7", "7", "F11")
    assert primary(station)[:2] == ("附这张", True)
    check_fit(station)
    station.press("Enter")
    assert "照片 1 张" in words(station)
    check_fit(station)
    shoot(station, "orders_back_part_690")
    station.page.list.choose(other)
    assert station.page.mode == "list", "a question is about the order that it names"
    assert counter.state(order).backs == ()
    station.page.open_with({"order": order})
    station.hand.settle()
    station.press("Ctrl+R", "Down", "Space", "Up", "Space", "1", "7", "F11", "Enter", "Enter")
    (back,) = counter.state(order).backs
    assert [(one.line, one.pieces) for one in back.lines] == [(1, 1)]
    assert back.refund_fen == 2_580
    assert len(station.photos.named_by(order)) == 1
    hers, ours = counter.papers()[-2:]
    for slip in (hers, ours):
        assert "代购退货单" in slip
        assert "洗衣粉 ×1" in slip
        assert "大米" not in slip, "it stays with her"
        assert "东西在站里看过了" in slip
        assert "包装、配件都在" not in slip, "nobody said so"
    assert "凭本条领，只领一次" in hers
    assert "站里留底，不凭它退钱" in ours
    assert "凭本条领" not in ours, "nobody is paid by the copy of the station"
    assert "站里留底" not in hers
    (label,) = station.connection.execute(
        "SELECT document FROM print_jobs WHERE role = 'label' ORDER BY job DESC LIMIT 1"
    ).fetchone()
    for part in ("退货", station.printed("1"), "洗衣粉 ×1", "有破损", "王*兰", "VR", "1/1 件"):
        assert part in label, part
    station.page.open_with({"order": order})
    station.press("Ctrl+R")
    assert [(one.line, one.pieces) for one in goods.lines] == [(1, 1), (2, 1)], "one is back"
    shoot(station, "orders_back_again_690")


def test_the_slip_and_the_number_on_it_open_the_order(counter):
    first = counter.order(counter.line(SOAP))
    counter.order(counter.line(RICE), person=counter.pc.person(1))
    station = begin(counter)
    (act,) = counter.connection.execute(
        "SELECT act FROM facts WHERE identity = ?", (first,)
    ).fetchone()
    station.press("Home")
    station.scan(make_code(SLIP, act))
    assert station.page.order == first
    station.page.field.setFocus()
    station.type(station.printed("2"))
    assert [row.subject for row in station.page.list.rows_model.rows] != [first]
    assert len(station.page.list.rows_model.rows) == 1


def test_news_that_came_late_say_so(counter):
    order = counter.order(counter.line(SOAP))
    said = counter.pc.clock.at_ms
    counter.pc.clock.at_ms += 2 * 86_400_000
    counter.order(counter.line(RICE))
    late = counter.pc.clock.at_ms
    counter.pc.clock.at_ms = said + 60_000
    counter.hear(OrderAccepted(answers=order, day=DAY), entity=order)
    counter.pc.clock.at_ms = late
    station = begin(counter)
    station.page.open_with({"order": order})
    rows = station.page.entries.rows_model.rows
    assert rows[0].cells[2].small == "断网 2 天后才知道"
