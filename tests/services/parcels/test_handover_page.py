"""Hand-over by keys and scanner alone: all parcels of a receiver, money first, nothing mixed up."""

from dataclasses import replace

import pytest

from station_app.services.parcels import records
from station_app.services.parcels.commands import ReturnParcels
from station_app.services.people.commands import AmendPerson, Details
from station_app.values.spoken import fetch
from tests.long_shelf import HEIGHTS

YUNDA, JT, ZTO, OTHERS = "460000000000017", "JT0000000000017", "73000000000017", "73000000000024"


@pytest.fixture
def served(station):
    """王秀兰 has two parcels, one of them with COD; her son has one with freight; 赵根喜 one."""
    shop = station.shop
    station.wang = shop.villager("王秀兰", "13800006021", hamlet="第3组", household="1")
    station.son = shop.villager("王小明", "", hamlet="第3组", household="1")
    station.zhao = shop.villager("赵根喜", "13800003308", hamlet="第1组")
    shop.is_now(day="2025-11-23")
    station.first = shop.shelve(
        YUNDA, person=station.wang, courier="YUNDA", shelf="B", layer=2, serial=3
    )
    shop.is_now(day="2025-11-24")
    station.second = shop.shelve(JT, person=station.wang, cod_fen=86_00, shelf="C", layer=1)
    shop.is_now(day="2025-11-25")
    station.third = shop.shelve(ZTO, person=station.son, freight_fen=39_50, shelf="B", layer=2)
    station.others = shop.shelve(OTHERS, person=station.zhao, shelf="B", layer=2)
    station.press("F3")
    return station


def on_hand(station):
    return {row.parcel for row in records.on_hand(station.shop.connection)}


def state(station, parcel):
    return records.parcel_state(station.shop.connection, parcel)


def test_three_with_cod_take_one_key(served):
    served.scan(YUNDA)
    assert "3 件在架，扫过 1 件" in served.words()
    assert "王小明 的" in served.words() or "王小明 的" in str(
        served.page.counted.table.rows_model.rows
    )
    assert served.primary[1] is False
    assert served.reason == "还差 2 件没扫"
    served.scan(JT)
    served.count_keys()
    served.scan(ZTO)
    assert served.primary == ("收 ¥125.50，交 3 件", True)
    assert served.enter_caps() == ["收 ¥125.50，交 3 件"]
    served.press("Enter")
    assert served.keys == 1
    assert on_hand(served) == {served.others}
    shop = served.shop
    assert shop.balance("Liabilities:Held:COD:JTSD:Here") == -86_00
    assert shop.balance("Liabilities:Held:Freight:ZTO:Here") == -39_50
    assert shop.balance("Assets:Drawer:D1") == 125_50
    roles = [role for role, _ in shop.jobs()]
    assert roles[-1] == "receipt"
    assert "￥125.50" in shop.jobs()[-1][1]
    assert served.sounds.played[-1] == "money"


def test_somebody_of_whom_nothing_is_here_is_not_said_to_be_scanned(served):
    served.page.open_with({"person": served.shop.villager("李空", "13800009999")})
    served.hand.settle()
    assert "这位没有在架的件" in served.words()
    assert "都扫过了" not in served.words()


def test_the_voice_sends_for_the_next_of_hers_as_its_label_is_read(served):
    served.window.open_page("parcels.handover", {"parcel": served.first})
    told = [phrase for what, phrase in served.voice.spoken if what == "place"]
    assert told == [fetch("B", 2, "03")], "请到 B 架二层，取 零三"
    for waybill in (YUNDA, YUNDA, JT):
        served.scan(waybill)
    told = [phrase for what, phrase in served.voice.spoken if what == "place"]
    row = records.parcel_row(served.shop.connection, served.third)
    assert row is not None
    assert told[1:] == [fetch("C", 1, "01"), fetch("B", 2, row.code.digits)], (
        "a second scan says nothing"
    )
    served.scan(ZTO)
    assert served.voice.spoken[-1][0] == "money", "nothing is left to fetch"


def test_the_scanners_enter_never_takes_the_money(served):
    for waybill in (YUNDA, JT, ZTO):
        served.scan(waybill)
    served.hand.burst(ZTO)
    served.hand.settle()
    assert len(on_hand(served)) == 4
    served.hand.at += 100
    served.hand.press("Enter", gap=20)  # within the guard of the scanner
    assert len(on_hand(served)) == 4
    served.press("Enter")
    assert len(on_hand(served)) == 1


def test_change_is_shown_large_and_stays(served):
    for waybill in (YUNDA, JT, ZTO):
        served.scan(waybill)
    served.page.pay.cash.setFocus()
    served.type("200")
    assert "找零 ¥74.50" in served.words()
    served.press("Enter")
    assert "收 ¥125.50，交给王秀兰 3 件" in served.words()
    assert "¥74.50" in served.words()
    assert served.shop.balance("Assets:Drawer:D1") == 125_50
    assert "￥74.50" in served.shop.jobs()[-1][1]
    served.press("Enter")  # the next one
    assert served.page.mode == "empty"


def test_too_little_cash_is_said(served):
    for waybill in (YUNDA, JT, ZTO):
        served.scan(waybill)
    served.page.pay.cash.setFocus()
    served.type("100")
    assert served.reason == "实收不够"
    assert "还少 ¥25.50" in served.words()
    served.press("Enter")
    assert len(on_hand(served)) == 4


def test_a_wrong_parcel_is_called_out_in_place(served):
    served.scan(YUNDA)
    served.scan(JT)
    served.scan(OTHERS)
    assert "拿错了：这件是赵根喜的（B-2-02）" in served.words()
    assert "放回 B 架 2 层，再拿 B-2-01" in served.words()
    assert served.primary[1] is False
    assert served.sounds.played[-1] == "stop"
    assert served.enter_caps() == ["知道了"]
    served.press("Enter")
    assert "拿错了" not in served.words()
    assert len(on_hand(served)) == 4
    served.scan(ZTO)
    served.press("Enter")
    assert on_hand(served) == {served.others}


def test_the_right_parcel_after_a_wrong_one_clears_the_alarm(served):
    served.scan(YUNDA)
    served.scan(OTHERS)
    served.scan(JT)
    assert "拿错了" not in served.words()


def test_the_other_receiver_may_be_meant(served):
    served.scan(YUNDA)
    served.scan(OTHERS)
    served.press("Ctrl+G")
    assert "赵根喜" in served.words()
    served.press("Enter")
    assert served.others not in on_hand(served)


def test_a_tail_typed_lists_everybody_and_takes_nobody(served):
    served.shop.shelve("73000000000031", person=served.shop.villager("李桂芳", "15400006021"))
    served.type("6021")
    hits = str(served.window.search_list.table.rows_model.rows)
    assert "王秀兰 手机尾号 6021" in hits
    assert "李桂芳 手机尾号 6021" in hits
    assert served.page.mode == "empty"
    served.press("Down", "Enter")
    assert served.page.mode == "serving"


@pytest.mark.parametrize("typed", ["B203", "秀兰", "wxl", "460000000000017"])
def test_every_way_to_find_her(served, typed):
    if typed.isascii():
        served.type(typed.lower())
    else:
        served.write(typed)
    served.press("Enter")
    assert served.page.handing.served.person == served.wang
    assert len(served.page.handing.items) == 3


def test_our_own_label_is_a_scan_of_its_parcel(served):
    bare = served.shop.shelve("", name="孙大娘", tail="0452", courier="OTHER")
    (document,) = [d for _, d in served.shop.jobs() if '"VP' in d]
    code = document.split('"VP')[1].split('"')[0]
    served.scan("VP" + code)
    assert [item.parcel for item in served.page.handing.items] == [bare]
    assert served.primary == ("交 1 件", True)
    served.press("Enter")
    assert bare not in on_hand(served)


def test_what_bears_her_tail_comes_along(served):
    label = served.shop.shelve("73000000000048", name="秀兰", tail="6021")
    served.scan(YUNDA)
    assert label in [item.parcel for item in served.page.handing.items]


def test_one_is_left_for_today(served):
    served.scan(YUNDA)
    served.press("Down", "Del")
    assert len(served.page.handing.items) == 2
    assert on_hand(served) >= {served.second}


def test_a_parcel_is_ticked_by_key_where_its_label_is_torn(served):
    served.scan(OTHERS)
    served.press("Esc")
    served.page.open_with({"parcel": served.others})
    served.hand.settle()
    assert served.primary[1] is False
    served.press("Space", "Enter")
    assert served.others not in on_hand(served)


# --- Money ---------------------------------------------------------------------------------------


def test_wechat_wants_the_number_of_the_payment(served):
    for waybill in (YUNDA, JT, ZTO):
        served.scan(waybill)
    served.press("2")
    assert served.reason == "还没输付款单号"
    served.scan("420000123456789012345678")  # from the villager's phone
    assert served.page.handing.paying.reference == "420000123456789012345678"
    served.press("Enter")
    assert served.shop.balance("Assets:WeChat") == 125_50
    assert served.shop.balance("Assets:Drawer:D1") == 0


def test_money_waits_for_a_shift_but_parcels_do_not(served):
    served.shop.is_now(shift="")
    served.scan(OTHERS)
    served.press("Enter")
    assert served.others not in on_hand(served)
    served.press("Enter")
    for waybill in (YUNDA, JT, ZTO):
        served.scan(waybill)
    assert served.reason == "收付钱先开班 F8"
    served.press("Enter")
    assert len(on_hand(served)) == 3


def test_somebody_else_comes_for_her(served):
    served.scan(OTHERS)
    served.press("5")
    assert served.reason == "写代取人名字"
    served.write("赵小喜")
    served.press("Tab")
    served.write("儿子")
    served.press("Alt+7", "Enter")
    taken = state(served, served.others)
    assert (taken.taken_by, taken.collector, taken.relation, taken.check) == (
        "on_behalf", "赵小喜", "儿子", "id_tail",
    )  # fmt: skip


def test_a_dear_parcel_is_not_given_to_a_neighbour_on_a_tail(served):
    dear = served.shop.shelve("73000000000055", person=served.zhao, cod_fen=600_00)
    served.scan("73000000000055")
    served.scan(OTHERS)
    served.press("5")
    served.write("孙二")
    served.press("Tab")
    served.write("邻居")
    served.press("Enter")
    assert "代取要看证件、签名或拍照" in served.toasts[-1]
    assert dear in on_hand(served)
    served.press("Alt+8", "Enter")
    assert dear not in on_hand(served)
    slip = served.shop.jobs()[-1][1]
    assert "取件人签字" in slip
    assert "柳荫洼村  站号 NX0601" in slip, "whom to turn to"
    assert "校验 " in slip


# --- Afterwards ----------------------------------------------------------------------------------


def test_a_hand_over_without_money_is_undone_at_once(served):
    served.scan(OTHERS)
    served.press("Enter")
    served.press("Ctrl+Z")
    assert served.others in on_hand(served)


def test_the_slip_finds_the_hand_over_and_is_printed_again(served):
    for waybill in (YUNDA, JT, ZTO):
        served.scan(waybill)
    served.press("Enter", "Enter")
    slip = served.shop.jobs()[-1][1]
    code = slip.split('"text":"VR')[1].split('"')[0]
    served.scan("VR" + code)
    assert "收 ¥125.50" in served.words()
    served.press("Ctrl+P")
    rows = served.shop.connection.execute(
        "SELECT role, copy_number FROM print_jobs ORDER BY job DESC LIMIT 1"
    ).fetchall()
    assert rows == [("receipt", 1)]


def test_parcels_go_back_to_the_courier_only_after_a_question(served):
    served.scan(OTHERS)
    served.press("Ctrl+R")
    assert "退回快递 1 件" in served.words()
    assert served.primary[1] is False
    served.press("Enter")
    assert served.others in on_hand(served)
    served.press("2", "Enter")
    assert state(served, served.others).reason == "refused"
    assert served.page.mode == "empty"


def test_a_parcel_that_left_meanwhile_leaves_the_screen(served):
    served.scan(YUNDA)
    served.shop.do(ReturnParcels(parcels=(served.second,), reason="refused"))
    served.window.deck.refresh(())
    assert [item.parcel for item in served.page.handing.items] == [served.first, served.third]


def test_what_is_gone_is_said(served):
    served.shop.hand_over(served.others)
    served.scan(OTHERS)
    assert "已经交出去了" in served.toasts[-1]
    assert served.page.mode == "empty"


def test_an_unknown_waybill_goes_to_intake_and_the_work_waits(served):
    served.scan(YUNDA)
    served.scan("73000000000062")
    assert served.page.key == "parcels.intake"
    assert "取件（王秀兰）" in served.toasts[-1]
    served.press("Ctrl+Z")
    assert served.page.key == "parcels.handover"
    assert "扫过 1 件" in served.words()


def test_after_a_power_cut_the_hand_over_is_there_again(served):
    served.scan(YUNDA)
    served.scan(JT)
    served.page.keep_draft()
    served.restart()
    assert served.page.key == "parcels.handover"
    assert served.toasts[-1] == "刚才断电了。王秀兰这单没收钱，接着办"
    assert served.page.handing.unscanned == 1
    assert len(on_hand(served)) == 4


def test_a_new_name_shows_at_once(served):
    served.scan(YUNDA)
    details = Details(name="王秀蓝", phone="13800006021", hamlet="第3组", household="1")
    served.shop.do(AmendPerson(person=served.wang, details=details))
    served.window.deck.refresh(())
    assert "王秀蓝" in served.words()


@pytest.mark.parametrize("height", HEIGHTS)
def test_nothing_is_cut_off(served, height):
    served.window.resize(1366, height)
    served.hand.settle()
    served.assert_fits()
    served.scan(YUNDA)
    served.assert_fits()
    served.scan(OTHERS)
    served.assert_fits()
    served.press("Enter")
    served.scan(JT)
    served.scan(ZTO)
    served.press("2")
    served.assert_fits()
    served.press("Alt+5")
    served.assert_fits()
    served.press("Alt+1", "Alt+4", "Ctrl+R")
    served.assert_fits()
    served.press("Esc", "Enter")
    served.assert_fits()


def test_the_amount_due_is_looked_at_again(served):
    """Another PC has learned of cash on delivery while these parcels lay on the counter."""
    served.scan(OTHERS)
    page = served.page
    page.handing = replace(
        page.handing,
        items=tuple(replace(item, row=replace(item.row, cod_fen=1)) for item in page.handing.items),
    )
    page.show_all()
    served.press("Enter")
    assert "现在是 ¥0.00" in served.toasts[-1]
    assert served.primary == ("交 1 件", True)


def test_a_parcel_filed_under_the_wrong_person_is_put_right_from_here(served):
    served.scan(OTHERS)
    served.press("Ctrl+E")
    assert served.page.key == "parcels.intake"
    served.type("6021")
    served.press("Enter")
    assert state(served, served.others).person == served.wang
    served.press("F3")
    assert served.page.handing.items == ()


def test_a_parcel_is_moved_while_its_receiver_is_put_right(served):
    served.scan(OTHERS)
    served.press("Ctrl+E", "F10", "1", "1")
    assert str(state(served, served.others).code) == "A-1-01"
