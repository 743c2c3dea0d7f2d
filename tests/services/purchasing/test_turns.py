"""What else an order may come to, by keys: other goods, exchange, refused claim, a way home."""

import pytest

from station_app.ledger.accounts import (
    COMPENSATION,
    FEE_PURCHASE,
    claim,
    drawer,
    held_prepayment,
    part,
    receivable,
    refund_due,
)
from station_app.ledger.balances import balance
from station_app.reference.facts import ProductPublished
from station_app.services.accounts.commands import PayRefund
from station_app.services.cash.commands import GivePayment, TakePayment
from station_app.services.cash.facts import Tender
from station_app.services.parcels.commands import ShelveParcel
from station_app.services.parcels.records import overdue
from station_app.services.purchasing.facts import (
    OrderAccepted,
    OrderReturnRefused,
    OrderSwapOffered,
)
from station_app.shell.desk import Done
from station_app.values.day import add_days
from tests.long_shelf import HEIGHTS
from tests.overview.seen import check_fit, primary, shoot, words
from tests.services.purchasing.desk import RICE, SOAP
from tests.services.purchasing.test_orders_page import FLOAT, WAYBILL, begin, bought, entries
from tests.services.sales.store import DAY, product


def fetched(counter, station, prepaid_fen=800):
    """An order that came and was fetched at the page of orders."""
    order = counter.order(counter.line(SOAP), prepaid_fen=prepaid_fen)
    bought(counter, order)
    station.shelve_for(station.person(0), WAYBILL)
    station.page.open_with({"order": order})
    station.press("Enter", "Enter")
    assert counter.state(order).status == "picked_up"
    station.page.open_with({"order": order})
    return order


@pytest.mark.parametrize("height", HEIGHTS)
def test_other_goods_are_asked_about_by_keys(counter, height):
    order = counter.order(counter.line(SOAP), prepaid_fen=800)
    offer = OrderSwapOffered(answers=order, line=1, product=RICE, goods_fen=3_290, day=DAY)
    counter.hear(OrderAccepted(answers=order, day=DAY), offer, entity=order)
    station = begin(counter, height)
    assert "问换不换" in [row.cells[1].words for row in station.page.list.rows_model.rows]
    assert primary(station)[0] == "县里问换不换，问乡亲"
    station.press("Enter")
    assert "换成 东北大米，乡亲要吗" in words(station)
    assert "整单货款 ¥25.80，换了是 ¥32.90" in words(station)
    assert primary(station)[1:] == (False, "选同意还是不同意")
    check_fit(station)
    shoot(station, f"orders_swap_{height}")
    station.page.setFocus()
    station.press("1", "3", "Enter")
    assert counter.state(order).swap.answer == "yes"
    assert entries(station)[0] == "乡亲同意换"
    assert "县里问换一样，整单 ¥32.90" in entries(station)


@pytest.mark.parametrize("height", HEIGHTS)
def test_faulty_goods_are_exchanged_for_the_same_and_nobody_pays_twice(counter, height):
    """Return and new order are one act; the price may have risen meanwhile, and the fee is paid."""
    station = begin(counter, height)
    order = fetched(counter, station)
    cash = balance(station.connection, drawer("D1"))
    counter.hear(dearer())
    station.page.open_with({"order": order})
    station.press("Ctrl+R", "1", "F10")
    assert primary(station)[0] == "收下货，换一样的"
    assert "照原价 ¥25.80 再下一单一样的，不用再付" in words(station)
    check_fit(station)
    shoot(station, f"orders_exchange_{height}")
    station.press("Enter")
    (new,) = counter.connection.execute(
        "SELECT entity FROM orders WHERE status = 'placed'"
    ).fetchone()
    state = counter.state(new)
    assert (state.replaces, state.held_fen) == (order, 2_580)
    assert (state.goods_fen, state.fee_fen) == (2_580, 0)
    assert state.lines[0].product == SOAP
    assert balance(station.connection, drawer("D1")) == cash, "no money changed hands"
    assert balance(station.connection, refund_due(order)) == 0
    assert balance(station.connection, claim(order)) == 2_580, "until the county takes it over"
    assert balance(station.connection, held_prepayment(new)) == -2_580
    assert balance(station.connection, FEE_PURCHASE) == -100, "the fee was paid once"
    assert "代购退货单" in counter.papers()[-2]
    assert "代购预付款收据" in counter.papers()[-1]


def dearer() -> ProductPublished:
    return product(SOAP, "", "雕牌洗衣粉", price_fen=2_990, prepayment_bp=3_000, platform="京东")


def test_who_bears_what_the_county_refused_is_said_at_the_page(counter):
    station = begin(counter)
    order = fetched(counter, station)
    station.press("Ctrl+R", "1")
    station.page.back.advance.setFocus()
    station.type("8")
    station.press("Enter")
    (back,) = counter.state(order).open_backs
    counter.hear(OrderReturnRefused(answers=back.fact, reason="used", day=DAY), entity=order)
    tender = Tender(way="cash", amount_fen=800)
    refund = PayRefund(document=part(order), amount_fen=800)
    assert isinstance(station.do(refund, GivePayment(due_fen=800, tenders=(tender,))), Done)
    station.page.open_with({"order": order})
    assert primary(station)[0] == "县里没认 ¥8.00，定谁担"
    station.press("Enter")
    assert primary(station)[1:] == (False, "选谁担")
    check_fit(station)
    shoot(station, "orders_claim_768")
    station.page.setFocus()
    station.press("1", "Enter")
    assert balance(station.connection, claim(order)) == 0
    assert balance(station.connection, receivable(station.person(0))) == 800
    assert balance(station.connection, COMPENSATION) == 0


def test_the_goods_may_come_home(counter):
    order = counter.order(counter.line(SOAP), prepaid_fen=800)
    station = begin(counter)
    station.press("Ctrl+H")
    assert counter.state(order).delivery == "home"
    assert "乡亲要送到家" in words(station)
    assert entries(station)[0] == "要送到家"
    station.press("Ctrl+H")
    assert counter.state(order).delivery == "pickup"


# --- The parcel with the goods in it -------------------------------------------------------------


@pytest.mark.parametrize("height", HEIGHTS)
def test_the_hand_over_takes_the_balance_of_an_order_too(counter, height):
    """At F3 as at F4: goods leave only against what is due for them, in one act."""
    order = counter.order(counter.line(SOAP), prepaid_fen=800)
    bought(counter, order)
    station = begin(counter, height)
    station.shelve_for(station.person(0), WAYBILL)
    station.press("F3")
    station.page.open_with({"person": station.person(0)})
    station.scan(WAYBILL)
    assert "代购尾款 1 单" in words(station)
    assert "¥18.80" in words(station), "25.80 + 1.00 - 8.00"
    check_fit(station)
    shoot(station, f"handover_order_{height}")
    assert primary(station)[:2] == ("收 ¥18.80，交 1 件", True)
    station.press("Enter")
    state = counter.state(order)
    assert (state.status, state.held_fen) == ("picked_up", 0)
    assert balance(station.connection, drawer("D1")) == FLOAT + 2_680
    slip = counter.papers()[-1]
    assert [said in slip for said in ("代购取货单", "18.80")] == [True, True]


def test_a_parcel_with_an_orders_waybill_is_known_at_intake(counter):
    order = counter.order(counter.line(SOAP), person=counter.pc.person(1))
    bought(counter, order)
    station = begin(counter)
    station.press("F2")
    station.scan(WAYBILL)
    assert station.page.hand.entry.chosen is not None
    assert station.page.hand.entry.chosen.person == station.person(1)


CLOCK = ((3, ""), (4, "clock"), (7, "clock"))  # seven days, and three before they end


@pytest.mark.parametrize(("passed", "stage"), CLOCK)
def test_an_unfetched_order_moves_up_three_days_before_the_platform_ends(orders, passed, stage):
    order = orders.order(orders.line(SOAP))
    bought(orders, order)
    person = orders.pc.person(0)
    orders.pc.do(ShelveParcel(waybill=WAYBILL, courier="ZTO", person=person))
    orders.pc.do(ShelveParcel(waybill="73000000004712", courier="ZTO", person=person))
    gatherer = orders.pc.premises.gatherer
    last_days = gatherer.orders.last_days(orders.connection)
    day_in = orders.pc.premises.desk.now().day
    assert last_days == {WAYBILL: add_days(day_in, 7)}, "as the rule of the goods has it"
    found = overdue(orders.connection, add_days(day_in, passed), (), last_days)
    assert [one.stage for one in found] == ([stage] if stage else [])
    assert all(one.row.waybill == WAYBILL for one in found)


# --- Changed before anybody heard of it ----------------------------------------------------------


@pytest.mark.parametrize("height", HEIGHTS)
def test_an_order_nobody_heard_of_is_changed_and_only_the_difference_is_paid(counter, height):
    """Called off and placed anew in one act: what was paid goes over to the new one."""
    order = counter.order(counter.line(SOAP), prepaid_fen=800)
    station = begin(counter, height)
    station.press("Ctrl+E")
    assert "改 NO.1-6W，已收 ¥8.00" in words(station)
    station.type("dbdm")
    station.press("Enter")
    assert primary(station)[0] == "再收 ¥33.00，改单", "7.74 and 32.90, whole yuan: 41.00"
    check_fit(station)
    shoot(station, f"orders_change_{height}")
    station.press("Enter")
    assert "再收了 ¥33.00，单改好了" in words(station)
    (new,) = counter.connection.execute(
        "SELECT entity FROM orders WHERE status = 'placed'"
    ).fetchone()
    state = counter.state(new)
    assert (state.replaces, state.held_fen, len(state.lines)) == (order, 4_100, 2)
    assert counter.state(order).status == "cancelled"
    assert balance(station.connection, refund_due(order)) == 0
    assert balance(station.connection, held_prepayment(new)) == -4_100
    assert balance(station.connection, drawer("D1")) == FLOAT + 4_100, "all that she ever paid"
    slip = counter.papers()[-1]
    for part_of_slip in ("原订单", "NO.1-6W", "原订单转来", "8.00", "33.00"):
        assert part_of_slip in slip, part_of_slip


def test_what_is_owed_back_pays_another_order_and_only_the_rest_is_taken(counter):
    """Refund and new order in one act: the drawer gets the difference, and nothing stays owed."""
    order = counter.order(counter.line(SOAP), prepaid_fen=800)
    station = begin(counter)
    station.press("Ctrl+D", "Enter")
    station.page.open_with({"order": order})
    assert balance(station.connection, refund_due(order)) == -800
    station.press("Ctrl+B")
    assert "拿 NO.1-6W 该退的 ¥8.00 抵" in words(station)
    station.type("dbdm")
    station.press("Enter")
    assert primary(station)[0] == "再收 ¥25.00，下单", "rice is paid whole: 33.00 less 8.00"
    check_fit(station)
    shoot(station, "orders_set_off_768")
    kept = station.page.draft()
    station.page.begin()
    station.page.resume(kept)
    assert primary(station)[0] == "再收 ¥25.00，下单", "the offset outlives a power cut"
    station.press("Enter")
    assert "抵了，又收 ¥25.00，单下好了" in words(station)
    (new,) = counter.connection.execute(
        "SELECT entity FROM orders WHERE status = 'placed'"
    ).fetchone()
    assert balance(station.connection, refund_due(order)) == 0
    assert balance(station.connection, held_prepayment(new)) == -3_300
    assert balance(station.connection, drawer("D1")) == FLOAT + 3_300, "all that she ever paid"
    slip = counter.papers()[-1]
    assert "原订单转来" in slip
    station.window.open_page("purchasing.orders", {"order": order})
    assert "Ctrl+B" not in [action.key for action in station.page.action_bar()], "once only"


@pytest.mark.parametrize(("way", "words_of_it"), [("wechat", "微信"), ("cash", "现金")])
def test_a_refund_is_proposed_to_go_back_the_way_it_came(counter, way, words_of_it):
    tender = Tender(way=way, amount_fen=2_680, reference="" if way == "cash" else "42000017")
    done = counter.ask(
        counter.asking(counter.line(SOAP)), TakePayment(due_fen=2_680, tenders=(tender,))
    )
    order = done.told[0].identity
    station = begin(counter)
    station.press("Ctrl+D", "Enter")
    station.page.open_with({"order": order})
    assert primary(station)[0] == "去退 ¥26.80"
    station.press("Enter")
    assert f"当初付的：{words_of_it}。先按原路退，也可以另选" in words(station)
    assert station.page.out.money.paying.way == way
    check_fit(station)
    shoot(station, f"orders_refund_{way}_768")


def test_an_order_in_work_waits_while_another_is_paid_with_a_refund(counter):
    order = counter.order(counter.line(SOAP), prepaid_fen=800)
    station = begin(counter)
    station.press("Ctrl+D", "Enter", "Ctrl+1")
    station.page.open_with({"person": station.person(1), "product": RICE})
    station.window.open_page("purchasing.order", {"set_off": order})
    assert station.page.cart.sets_off == order
    assert len(station.page.draft()["parked"]) == 1, "nothing that was typed is lost"


def test_what_a_changed_order_costs_less_is_owed_back_and_one_that_left_is_not_changed(counter):
    order = counter.order(counter.line(SOAP), prepaid_fen=2_680)
    station = begin(counter)
    station.press("Ctrl+E")
    assert primary(station)[0] == "改单，该退 ¥18.80", "30 % of it are 8.00 now"
    stream, act = counter.connection.execute(
        "SELECT stream, act FROM facts WHERE identity = ?", (order,)
    ).fetchone()
    counter.connection.execute("INSERT INTO offered(stream, act) VALUES (?, ?)", (stream, act))
    station.press("Enter")
    assert any("县里可能已经在买，改为申请取消" in told for told in station.toasts())
    assert counter.state(order).status == "placed"
    assert len(station.page.cart.items) == 1, "the cart stays"
    counter.connection.execute("DELETE FROM offered")
    station.press("Enter")
    assert "单改好了，原单该退 ¥18.80" in words(station)
    assert balance(station.connection, refund_due(order)) == -1_880
