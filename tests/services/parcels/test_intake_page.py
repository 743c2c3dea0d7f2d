"""Intake by keys and scanner alone, typed into the window of a real station."""

import pytest

from station_app.services.parcels import records
from station_app.services.parcels.commands import ReturnParcels
from station_app.services.parcels.facts import ParcelAnnounced, Receiver
from station_app.services.parcels.places import Layer
from station_app.services.people import records as people_records
from station_app.services.people.commands import ErasePerson
from tests.long_shelf import HEIGHTS

ZTO, ZTO2, ZTO3 = "73000000000017", "73000000000024", "73000000000031"
AMBIGUOUS, AMBIGUOUS2 = "430000000000017", "430000000000024"


@pytest.fixture
def intake(station):
    shop = station.shop
    shop.wang = shop.villager("王秀兰", "13800006021", hamlet="第3组")
    shop.zhao = shop.villager("赵根喜", "13800003308", hamlet="第1组")
    station.press("F2")
    return station


def last(station):
    rows = records.recent_intake(station.shop.connection, "2025-11-25")
    return rows[0] if rows else None


def count(station):
    return len(records.on_hand(station.shop.connection))


def test_one_known_parcel_takes_five_keys(intake):
    intake.scan(ZTO)
    intake.count_keys()
    intake.type("6021")
    assert intake.primary == ("打标签，扫下一件", True)
    assert intake.enter_caps() == ["打标签，扫下一件"]
    intake.press("Enter")
    assert intake.keys == 5
    row = last(intake)
    assert (row.person, row.waybill, str(row.code)) == (intake.shop.wang, ZTO, "A-1-01")
    assert [role for role, _ in intake.shop.jobs()] == ["label"]
    assert "王*兰" in intake.shop.jobs()[0][1]
    assert intake.toasts == ["A-1-01 王秀兰 标签打着"]
    assert intake.sounds.played[-1] == "ok"
    assert "A-1-01" in intake.words()


def test_the_next_one_needs_no_key_between(intake):
    for waybill, tail in ((ZTO, "6021"), (ZTO2, "3308"), (ZTO3, "6021")):
        intake.scan(waybill)
        intake.type(tail)
        intake.press("Enter")
    assert count(intake) == 3
    assert "这一趟已入库 3 件" in intake.words()
    # The second parcel of the same person stands beside the first.
    codes = {str(r.code) for r in records.on_hand_of(intake.shop.connection, (intake.shop.wang,))}
    assert codes == {"A-1-01", "A-1-02"}


def test_the_scanners_enter_never_puts_a_parcel_away(intake):
    intake.scan(ZTO)
    intake.type("6021")
    intake.hand.burst(ZTO)  # the same again, with its Enter
    intake.hand.settle()
    assert count(intake) == 0
    intake.press("Enter")
    assert count(intake) == 1


def test_scanning_the_next_counts_as_enter_when_nothing_is_missing(intake):
    intake.scan(ZTO)
    intake.type("6021")
    intake.scan(ZTO2)
    assert count(intake) == 1
    assert intake.page.hand.entry.waybill == ZTO2
    intake.scan(ZTO3)  # the second has no tail yet
    assert count(intake) == 1
    assert intake.page.hand.entry.waybill == ZTO2
    assert "先办完手上这件" in intake.toasts[-1]


def test_of_several_with_one_tail_none_is_taken(intake):
    intake.shop.villager("李桂芳", "15400006021", hamlet="第2组")
    intake.scan(ZTO)
    intake.type("6021")
    assert intake.reason == "选一位乡亲"
    assert "尾号一样的有 2 位" in intake.words()
    intake.press("Enter")
    assert count(intake) == 0
    intake.press("2")
    assert intake.primary[1] is True
    intake.press("Enter")
    assert last(intake).person == intake.shop.wang


def test_none_of_them_is_a_choice_too(intake):
    intake.shop.villager("李桂芳", "15400006021", hamlet="第2组")
    intake.scan(ZTO)
    intake.type("6021")
    intake.press("3", "Enter")
    row = last(intake)
    assert (row.person, row.name, row.tail) == ("", "", "6021")
    assert "没对上人" in [c.words for r in intake.page.round.table.rows_model.rows
                        for c in r.cells if hasattr(c, "words")]  # fmt: skip


def test_she_who_was_taken_alone_may_be_somebody_else(intake):
    intake.scan(ZTO)
    intake.type("6021")
    intake.press("Ctrl+E", "2", "Enter")
    assert (last(intake).person, last(intake).tail) == ("", "6021")


def test_a_name_from_a_label_is_offered_to_the_next_with_its_tail(intake):
    intake.shop.shelve(ZTO3, name="王大牛", tail="0452")
    intake.scan(ZTO)
    intake.type("0452")
    assert "王大牛" in intake.words()
    intake.press("Enter")
    assert (last(intake).name, last(intake).tail) == ("王大牛", "0452")


# --- Couriers ------------------------------------------------------------------------------------


def test_an_ambiguous_number_asks_once(intake):
    intake.scan(AMBIGUOUS)
    assert "选一家" in intake.words()
    assert intake.reason == "选快递公司"
    intake.press("2")
    intake.type("6021")
    intake.press("Enter")
    assert last(intake).courier == "YUNDA"
    intake.scan(AMBIGUOUS2)
    assert "按上次选的" in intake.words()
    intake.type("6021")
    intake.press("Enter")
    assert [r.courier for r in records.on_hand(intake.shop.connection)] == ["YUNDA", "YUNDA"]


# --- Without a phone, without a number -----------------------------------------------------------


def test_a_receiver_without_a_phone(intake):
    intake.scan(ZTO)
    intake.press("Ctrl+N")
    intake.write("孙大娘")
    intake.press("Enter")
    row = last(intake)
    assert (row.name, row.tail, row.person) == ("孙大娘", "", "")


def test_a_name_finds_villagers_but_takes_none(intake):
    intake.scan(ZTO)
    intake.press("Ctrl+N")
    intake.write("秀兰")
    assert "在册的有 1 位" in intake.words()
    assert intake.page.hand.entry.chosen is None
    intake.press("Alt+1", "Enter")
    assert last(intake).person == intake.shop.wang


def test_a_new_villager_is_registered_on_the_way(intake):
    intake.scan(ZTO)
    intake.press("Ctrl+N")
    intake.write("曾示兰")
    intake.press("Tab")
    intake.type("15400001006")
    intake.press("Ctrl+G")
    assert intake.page.hand.entry.chosen.name == "曾示兰"
    intake.press("Enter")
    person = people_records.person(intake.shop.connection, last(intake).person)
    assert person is not None
    assert (person.name, person.pinyin, person.tail) == ("曾示兰", "zeng shi lan", "1006")


def test_a_parcel_whose_number_cannot_be_read(intake):
    intake.press("Ctrl+N")
    intake.press("7")  # 其他
    intake.write("孙大娘")
    intake.press("Enter")
    row = last(intake)
    assert (row.waybill, row.courier, row.name) == ("", "OTHER", "孙大娘")
    assert '"VP' in intake.shop.jobs()[0][1]  # its label bears a code of ours


# --- What stands against it ----------------------------------------------------------------------


def test_a_parcel_on_hand_is_pointed_at(intake):
    intake.shop.shelve(ZTO, person=intake.shop.wang)
    intake.scan(ZTO)
    assert intake.toasts == ["这件已经在架：A-1-01，王秀兰"]
    assert intake.sounds.played[-1] == "duplicate"
    assert intake.page.hand.entry is None
    assert count(intake) == 1


def test_a_parcel_that_was_handed_over_is_taken_again_when_told_so(intake):
    intake.shop.hand_over(intake.shop.shelve(ZTO, person=intake.shop.wang))
    intake.scan(ZTO)
    assert "已经交给 王秀兰" in intake.words()
    assert intake.primary[1] is False
    intake.press("Ctrl+G")
    intake.type("6021")
    intake.press("Enter")
    assert count(intake) == 1


def test_what_came_back_from_the_courier_comes_in_unasked(intake):
    parcel = intake.shop.shelve(ZTO, person=intake.shop.wang)
    intake.shop.do(ReturnParcels(parcels=(parcel,), reason="refused"))
    intake.scan(ZTO)
    intake.type("6021")
    intake.press("Enter")
    assert count(intake) == 1


def test_a_parcel_for_another_station_is_said_and_stays_by_choice(intake):
    body = ParcelAnnounced(
        courier="ZTO", waybill=ZTO, station="NX0602", person="", cod_fen=0, freight_fen=0,
        day="2025-11-24",
    )  # fmt: skip
    intake.shop.county((body, Receiver()))
    intake.scan(ZTO)
    assert "这件是发给 碧水河村站 的" in intake.words()
    assert intake.sounds.played[-1] == "stop"
    intake.press("Ctrl+G")
    intake.type("6021")
    intake.press("Enter")
    assert count(intake) == 1


def test_an_announced_parcel_takes_one_key(intake):
    body = ParcelAnnounced(
        courier="YUNDA", waybill=AMBIGUOUS, station="NX0601", person=intake.shop.wang,
        cod_fen=86_00, freight_fen=0, day="2025-11-24",
    )  # fmt: skip
    intake.shop.county((body, Receiver()))
    intake.scan(AMBIGUOUS)
    intake.count_keys()
    assert "有预报" in intake.words()
    intake.press("Enter")
    assert intake.keys == 1
    row = last(intake)
    assert (row.courier, row.person, row.cod_fen) == ("YUNDA", intake.shop.wang, 86_00)


# --- Money, place, consent -----------------------------------------------------------------------


def test_cash_on_delivery_is_typed_on_the_way(intake):
    intake.scan(ZTO)
    intake.type("6021")
    intake.press("F11")
    intake.type("86")
    intake.press("Tab")
    intake.type("12.5")
    intake.press("Alt+9", "Enter")
    row = last(intake)
    assert (row.cod_fen, row.freight_fen, row.size) == (86_00, 12_50, "L")


def test_another_place_is_two_digits(intake):
    intake.scan(ZTO)
    intake.type("6021")
    intake.press("F10")
    assert "放哪个架" in intake.words()
    intake.press("3", "2")
    assert "C-2-01" in intake.words()
    intake.press("Enter")
    assert str(last(intake).code) == "C-2-01"


def test_full_shelves_are_said_and_crowded_by_choice(station):
    shop = station.shop
    shop.is_described(shelves=1, layers=2, places=1)
    shop.villager("王秀兰", "13800006021")
    station.press("F2")
    for waybill in (ZTO, ZTO2):
        station.scan(waybill)
        station.type("6021")
        station.press("Enter")
    station.scan(ZTO3)
    station.type("6021")
    station.press("Enter")
    assert count(station) == 2
    assert "架子都满了" in station.toasts[-1]
    station.press("F10", "1", "Enter")
    assert count(station) == 3
    assert records.taken(shop.connection, Layer("A", 1), "2025-11-25") == {1, 2}


def test_consent_is_asked_once(intake):
    intake.scan(ZTO)
    intake.type("6021")
    assert "还没问过能不能放站里" in intake.words()
    intake.press("Ctrl+Y", "Enter")
    person = people_records.person(intake.shop.connection, intake.shop.wang)
    assert person is not None
    assert person.consent_leave == "yes"
    assert count(intake) == 1
    intake.scan(ZTO2)
    intake.type("6021")
    assert "还没问过" not in intake.words()


# --- Corrections ---------------------------------------------------------------------------------


def test_the_last_one_is_undone(intake):
    intake.scan(ZTO)
    intake.type("6021")
    intake.press("Enter")
    intake.press("Ctrl+Z")
    assert count(intake) == 0
    assert intake.page.corrections.undoable == []


def test_the_wrong_person_of_one_tail_is_three_keys(intake):
    li = intake.shop.villager("李桂芳", "15400006021", hamlet="第2组")
    intake.scan(ZTO)
    intake.type("6021")
    intake.press("2", "Enter")
    intake.count_keys()
    intake.press("Ctrl+E", "1", "Enter")
    assert intake.keys == 3
    assert last(intake).person == li
    assert [role for role, _ in intake.shop.jobs()] == ["label", "label"]


def test_the_wrong_tail_is_corrected_by_the_right_one(intake):
    intake.scan(ZTO)
    intake.type("3308")
    intake.press("Enter")
    intake.press("Ctrl+E")
    intake.type("6021")
    assert intake.primary[0] == "改成这位，重打标签"
    intake.press("Enter")
    assert last(intake).person == intake.shop.wang


def test_a_name_is_added_to_a_parcel_without_one(intake):
    intake.scan(ZTO)
    intake.type("0452")
    intake.press("Enter")
    intake.press("Ctrl+E", "Ctrl+N")
    intake.write("王大牛")
    intake.press("Enter")
    assert (last(intake).name, last(intake).person) == ("王大牛", "")


def test_the_wrong_shelf_is_three_keys(intake):
    intake.scan(ZTO)
    intake.type("6021")
    intake.press("Enter")
    intake.count_keys()
    intake.press("F10", "2", "3")
    assert intake.keys == 3
    assert str(last(intake).code) == "B-3-01"
    assert intake.toasts[-1] == "换到 B-3-01，贴上新标签"
    intake.press("Ctrl+Z")
    assert str(last(intake).code) == "A-1-01"


def test_the_label_is_printed_again_as_a_copy(intake):
    intake.scan(ZTO)
    intake.type("6021")
    intake.press("Enter", "Ctrl+P")
    rows = intake.shop.connection.execute("SELECT copy_number FROM print_jobs").fetchall()
    assert [row[0] for row in rows] == [0, 1]


# --- The round, and a power cut ------------------------------------------------------------------


def test_the_round_is_summed_up_and_another_begins(intake):
    for waybill, tail in ((ZTO, "6021"), (ZTO2, "0452")):
        intake.scan(waybill)
        intake.type(tail)
        intake.press("Enter")
    intake.press("Esc")
    assert "这一趟 2 件，收工" in intake.words()
    assert "没对上人 1" in intake.words()
    intake.press("F11")
    assert intake.page.key == "parcels.overdue"
    assert "在架 2 件" in intake.words()
    intake.press("Enter", "F2")
    icons = [row.cells[0].name for row in intake.page.round.table.rows_model.rows]
    assert "phone" in icons
    intake.scan(ZTO3)
    intake.type("6021")
    intake.press("Enter")
    assert "这一趟已入库 1 件" in intake.words()


def test_escape_gives_up_what_is_in_hand(intake):
    intake.scan(ZTO)
    intake.type("60")
    intake.press("Esc")
    assert intake.page.hand.entry is None
    assert count(intake) == 0


def test_after_a_power_cut_the_parcel_in_hand_is_there_again(intake):
    intake.scan(ZTO)
    intake.type("6021")
    intake.press("Enter")
    intake.scan(ZTO2)
    intake.type("33")
    intake.page.keep_draft()
    before = intake.page.hand.entry
    intake.restart()
    assert intake.page.key == "parcels.intake"
    assert (intake.page.hand.entry.waybill, intake.page.hand.entry.typed) == (ZTO2, "33")
    assert before is not None
    assert "刚才断电了" in intake.toasts[-1]
    intake.type("08")
    intake.press("Enter")
    assert count(intake) == 2
    assert "这一趟已入库 2 件" in intake.words()


@pytest.mark.parametrize("height", HEIGHTS)
def test_nothing_is_cut_off(intake, height):
    intake.window.resize(1366, height)
    intake.hand.settle()
    intake.assert_fits()
    intake.scan(ZTO)
    intake.type("6021")
    intake.assert_fits()
    intake.press("F11")
    intake.assert_fits()
    intake.press("Enter")
    intake.assert_fits()
    intake.scan(AMBIGUOUS)
    intake.assert_fits()
    intake.press("Esc", "Ctrl+N", "7")
    intake.write("王")
    intake.assert_fits()
    intake.press("Esc", "F10")
    intake.assert_fits()


def test_names_are_blanked_by_one_key(intake):
    intake.scan(ZTO)
    intake.type("6021")
    assert "王秀兰" in intake.words()
    intake.press("Ctrl+B")
    assert "王秀兰" not in intake.words()
    assert "王*兰" in intake.words()


def test_erased_people_are_not_offered(intake):
    intake.shop.do(ErasePerson(person=intake.shop.wang))
    intake.scan(ZTO)
    intake.type("6021")
    assert "没对上人" in intake.words()


def test_an_amount_nobody_can_read_was_shelved_with_nothing_to_collect(intake):
    intake.scan(ZTO)
    intake.type("6021")
    intake.press("F11")
    intake.type("5.6.0")
    assert intake.primary == ("打标签，扫下一件", False)
    assert "先把标红的金额改好" in intake.reason
    intake.press("Enter")
    intake.press("F11")  # folding it away does not make it nothing
    intake.press("Enter")
    intake.scan(ZTO2)
    assert count(intake) == 0
    assert intake.page.parcel.amounts.isVisible()
    intake.page.parcel.cod.line.selectAll()
    intake.type("56")
    intake.press("F11")
    assert intake.page.parcel.amounts.isVisible(), "what is to be collected stays in sight"
    intake.press("Enter")
    assert last(intake).cod_fen == 5600
