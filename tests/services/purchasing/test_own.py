"""Orders that villagers place on their own accounts: noted, counted, their parcel is known."""

from dataclasses import replace

import pytest

from station_app.ledger.posting import CNY
from station_app.services.purchasing.commands import NoteOwnOrder, TellOwnWaybill
from station_app.shell.desk import Done
from station_app.values.refusal import Refusal
from tests.long_shelf import HEIGHTS
from tests.overview.seen import check_fit, primary, shoot, words

WAYBILL = "73000000004799"


def money(counter):
    rows = counter.connection.execute(
        "SELECT account, amount FROM balances WHERE commodity = ? ORDER BY account", (CNY,)
    )
    return rows.fetchall()


@pytest.mark.parametrize("height", HEIGHTS)
def test_an_order_of_her_own_is_noted_without_money_and_its_parcel_is_hers(counter, height):
    station = counter.pc
    station.show_unlocked((1366, height))
    before = money(counter)
    station.press("F4", "Ctrl+3")
    station.type("6001")
    check_fit(station)
    station.press("Enter")
    assert "不收钱" in words(station)
    assert primary(station)[1:] == (False, "写哪个平台")
    for field, typed in (("platform", "淘宝"), ("number", "2611001"), ("item", "棉鞋")):
        getattr(station.page, field).line.take(typed)
    assert primary(station)[1:] == (False, "写实付多少，到分")
    station.page.amount.setFocus()
    station.type("49.9")
    check_fit(station)
    shoot(station, f"own_order_{height}")
    assert primary(station) == ("记下这一单", True, "")
    station.press("Enter")
    assert money(counter) == before, "nothing is paid here"
    assert "这个月 1 单，¥49.90" in words(station)
    assert "没填运单" in [row.cells[2].words for row in station.page.list.rows_model.rows]
    station.page.list.choose(station.page.list.rows_model.rows[0].subject)
    station.press("F11")
    station.page.late.line.take("7300 0000 004799")
    assert primary(station) == ("记下运单号", True, "")
    station.press("Enter")
    check_fit(station)
    shoot(station, f"own_orders_{height}")
    station.press("F2")
    station.scan(WAYBILL)
    assert station.page.hand.entry.chosen.person == station.person(1)


def no(orders, command):
    outcome = orders.ask(command)
    assert isinstance(outcome, Refusal), outcome
    return orders.pc.premises.texts.say(outcome.text_key, **outcome.slots)


def test_what_is_refused(orders):
    good = NoteOwnOrder(
        person=orders.pc.person(0), platform="淘宝", number="7", amount_fen=4_990, item="棉鞋"
    )
    for command, sentence in (
        (replace(good, person="f" * 64), "不在册"),
        (replace(good, platform=" "), "哪个平台"),
        (replace(good, number="x" * 41), "最多 40 字"),
        (replace(good, amount_fen=0), "实付多少"),
        (replace(good, item="字" * 121), "写得太长"),
        (replace(good, waybill="12 3"), "运单号不对"),
        (TellOwnWaybill(order="f" * 64, waybill=WAYBILL), "撤销了"),
    ):
        assert sentence in no(orders, command), sentence
    done = orders.ask(good)
    assert isinstance(done, Done)
    assert "订单 7 记过了" in no(orders, good)
    assert "运单号不对" in no(orders, TellOwnWaybill(order=done.told[0].identity, waybill="?"))
