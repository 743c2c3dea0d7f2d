"""All ways of paying on the hand-over page (F10): several, on account, round-off, bad amounts."""

# ruff: noqa: F811 - the fixture of that name
import pytest

from station_app.ledger.accounts import receivable
from station_app.services.people.commands import LimitCredit
from station_app.values import spoken
from tests.house import ROOT
from tests.long_shelf import HEIGHTS
from tests.services.parcels.test_handover_page import (
    JT,
    OTHERS,
    YUNDA,
    ZTO,
    on_hand,
    served,  # noqa: F401 - a fixture
)


def scan_all(served):
    for waybill in (YUNDA, JT, ZTO):
        served.scan(waybill)


def test_two_ways_one_after_the_other(served):
    scan_all(served)
    served.press("F10")
    assert served.enter_caps() == ["收 ¥125.50，交 3 件"]
    served.press("Alt+2")
    served.scan("420000123456789012345678")
    served.page.ways.cash.setFocus()
    served.type("100")
    assert served.reason == "实收不够"
    served.press("F11")
    assert "微信 ¥100.00 ✓" in served.words()
    assert "还差" in served.words()
    served.type("30")
    assert "¥4.50" in served.words()  # the change, large
    served.press("Enter")
    shop = served.shop
    assert shop.balance("Assets:WeChat") == 100_00
    assert shop.balance("Assets:Drawer:D1") == 25_50
    assert "￥100.00" in shop.jobs()[-1][1]
    assert on_hand(served) == {served.others}


def test_on_account_within_the_limit_only(served):
    shop = served.shop
    shop.do(LimitCredit(person=served.wang, limit_fen=100_00))
    served.press("Esc")
    scan_all(served)
    served.press("F10", "Alt+5")
    assert served.reason == "超过赊账额度"
    assert "额度 ¥100.00，已欠 ¥0.00，最多记 ¥100.00" in served.words()
    served.press("Enter")
    assert len(on_hand(served)) == 4
    served.page.ways.cash.setFocus()
    served.type("100")
    served.press("F11", "Enter")
    account = receivable(served.wang)
    assert shop.balance(account) == 100_00
    assert shop.balance("Assets:Drawer:D1") == 25_50


def test_nobody_owes_without_a_limit_or_a_name(served):
    scan_all(served)
    served.press("F10", "Alt+5")
    assert served.reason == "没有赊账额度"
    assert "还没定额度，站长在村民档案里定" in served.words()
    served.press("Esc")
    assert served.page.mode == "serving"


@pytest.mark.parametrize("height", HEIGHTS)
def test_all_ways_fit(served, height):
    served.window.resize(1366, height)
    served.hand.settle()
    scan_all(served)
    served.press("F10")
    served.assert_fits()
    served.press("Alt+2")
    served.assert_fits()
    served.page.ways.cash.setFocus()
    served.type("100")
    served.assert_fits()
    served.scan("420000123456789012345678")
    assert served.page.handing.paying.reference == "420000123456789012345678"
    served.press("F11")
    served.assert_fits()
    served.press("Alt+1")
    served.type("100")
    served.assert_fits()
    served.picture(ROOT / "build" / "pictures", f"handover_ways_{height}")


def test_odd_fen_are_let_go_downwards_by_one_key(served):
    shop = served.shop
    shop.shelve("73000000000048", person=served.zhao, cod_fen=12_37, shelf="B", layer=2)
    served.scan(OTHERS)
    served.scan("73000000000048")
    served.press("F10", "Ctrl+M")
    assert "合计 ¥12.37  抹零 ¥0.07" in served.words()
    served.press("Ctrl+M")
    assert "合计 ¥12.37  抹零 ¥0.37" in served.words()
    served.type("50")
    assert served.primary == ("收 ¥12.00，交 2 件", True), "the button asks for what is taken"
    served.press("Enter")
    assert "收 ¥12.00，交给赵" in served.words()
    assert "¥38.00" in served.words()
    assert served.voice.spoken[-1] == ("money", spoken.change(50_00, 38_00))
    assert shop.balance("Expenses:RoundOff") == 37
    assert shop.balance("Assets:Drawer:D1") == 12_00


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("12a", "只能填数字"), ("2000000", "一次最多 ¥1,000,000.00，看看是不是多按了一位")],
)
def test_a_wrong_amount_is_said_beside_the_field(served, typed, sentence):
    scan_all(served)
    served.press("F10")
    served.type(typed)
    assert sentence in served.words()
    assert len(on_hand(served)) == 4


def test_full_width_digits_are_plain_ones(served):
    scan_all(served)
    served.press("F10")
    for sign in "２００":
        served.type(sign)
    assert served.page.ways.cash.text() == "200"
    assert "¥74.50" in served.words()


def test_a_minus_is_no_amount(served):
    scan_all(served)
    served.press("F10")
    served.type("-")
    assert "只能填数字" in served.words()
    served.type("5")
    assert served.page.handing.paying.typed_fen == 5_00
