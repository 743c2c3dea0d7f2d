"""Overdue parcels: told by one key, returned after a question; and all of it by the mouse alone."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from station_app.services.parcels import records
from station_app.shell.widgets.keys import KeyButton
from tests.long_shelf import HEIGHTS

OLD, CALL, REMIND, FRESH = (f"730000000000{n}" for n in ("17", "24", "31", "48"))
ON_LABEL, NO_PHONE = "73000000000055", "73000000000062"


@pytest.fixture
def overdue(station):
    shop = station.shop
    station.wang = shop.villager("王秀兰", "13800006021", hamlet="第3组")
    station.zhao = shop.villager("赵根喜", "13800003308", hamlet="第1组")
    station.parcels = {}
    for day, waybill, person in (
        ("18", OLD, station.wang),
        ("20", CALL, station.zhao),
        ("22", REMIND, station.wang),
        ("25", FRESH, station.zhao),
    ):
        shop.is_now(day=f"2025-11-{day}")
        station.parcels[waybill] = shop.shelve(waybill, person=person)
    station.press("F3", "Ctrl+4")
    return station


def state(station, waybill):
    return records.parcel_state(station.shop.connection, station.parcels[waybill])


def shown(station):
    return [row.subject for row in station.page.table.rows_model.rows]


def test_the_most_urgent_stands_on_top(overdue):
    assert shown(overdue) == [overdue.parcels[n] for n in (OLD, CALL, REMIND)]
    assert "滞留 3 件" in overdue.words()
    assert "13800006021" in overdue.words()  # the whole number, to be dialled
    overdue.press("F10")
    assert shown(overdue)[-1] == overdue.parcels[FRESH]


def test_telling_counts_for_all_her_parcels_and_goes_on(overdue):
    overdue.press("Enter")
    assert (state(overdue, OLD).told_way, state(overdue, REMIND).told_way) == ("phone", "phone")
    assert state(overdue, CALL).told_count == 0
    assert overdue.toasts[-1] == "王秀兰 说到了"


def test_who_is_known_by_a_label_alone_can_be_called_and_told(overdue):
    """The label has her whole phone, or her name and no phone at all: neither could be told."""
    shop, parcels = overdue.shop, overdue.parcels
    shop.is_now(day="2025-11-17")
    parcels[ON_LABEL] = shop.shelve(ON_LABEL, name="张三妹", tail="7788", phone="15600007788")
    parcels[NO_PHONE] = shop.shelve(NO_PHONE, name="没电话")
    shop.is_now(day="2025-11-25")
    overdue.page.activated()
    overdue.page.table.choose(parcels[ON_LABEL])
    assert "15600007788" in overdue.words()
    overdue.page.table.choose(parcels[NO_PHONE])
    overdue.press("Enter")
    assert (state(overdue, NO_PHONE).told_count, state(overdue, ON_LABEL).told_count) == (1, 0)


def test_nobody_answers(overdue):
    overdue.press("Down", "F11")
    told = state(overdue, CALL)
    assert (told.told_outcome, told.told_count) == ("no_answer", 1)
    assert "没接 1 回" in str(overdue.page.table.rows_model.rows)


@pytest.mark.parametrize(
    ("key", "way"), [("1", "phone"), ("2", "in_person"), ("3", "loudspeaker"), ("4", "note")]
)
def test_every_way_of_telling_has_its_key(overdue, key, way):
    overdue.press("2" if key == "1" else "1", key, "Enter")
    told = state(overdue, OLD)
    assert (told.told_way, told.told_outcome) == (way, "reached")


def test_several_go_back_after_a_question(overdue):
    overdue.press("Space", "Down", "Space", "Ctrl+R")
    assert "退回快递 2 件" in overdue.words()
    assert len(records.on_hand(overdue.shop.connection)) == 4
    overdue.press("Enter")
    assert state(overdue, OLD).reason == "overdue"
    assert state(overdue, CALL).status == "returned"
    assert shown(overdue) == [overdue.parcels[REMIND]]


def test_the_question_may_be_left(overdue):
    overdue.press("Ctrl+R", "Esc")
    assert len(records.on_hand(overdue.shop.connection)) == 4
    assert overdue.page.key == "parcels.overdue"


def test_an_overdue_parcel_is_handed_over_like_any_other(overdue):
    overdue.press("Ctrl+G")
    assert overdue.page.key == "parcels.handover"
    overdue.scan(OLD)
    overdue.scan(REMIND)
    overdue.press("Enter")
    assert state(overdue, OLD).status == "handed_over"


@pytest.mark.parametrize("height", HEIGHTS)
def test_nothing_is_cut_off(overdue, height):
    overdue.window.resize(1366, height)
    overdue.hand.settle()
    overdue.assert_fits()
    overdue.press("Ctrl+R")
    overdue.assert_fits()


# --- The mouse alone -----------------------------------------------------------------------------


def click(station, words):
    """Click the button with these words."""
    buttons = [
        button
        for button in station.window.findChildren(KeyButton)
        if button.isVisible() and button.text() == words and button.isEnabled()
    ]
    assert len(buttons) == 1, f"{len(buttons)} buttons say {words}"
    QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    station.hand.settle()


def click_cell(station, table, row, column):
    index = table.rows_model.index(row, column)
    place = table.visualRect(index).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))
    station.hand.settle()


def test_telling_and_returning_by_mouse(overdue):
    click_cell(overdue, overdue.page.table, 1, 0)  # its tick
    click(overdue, "退回快递")
    click(overdue, "破损")
    click(overdue, "退回 1 件")
    assert state(overdue, CALL).reason == "damaged"
    click(overdue, "说到了，下一位")
    assert state(overdue, OLD).told_count == 1


def test_a_hand_over_by_mouse(overdue):
    click(overdue, "去交件")
    table = overdue.page.counted.table
    for row in range(2):
        click_cell(overdue, table, row, 0)
    click(overdue, "看证件")
    click(overdue, "交 2 件")
    assert state(overdue, OLD).check == "id_tail"
    click(overdue, "下一位")
    assert overdue.page.mode == "empty"
