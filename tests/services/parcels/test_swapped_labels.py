"""Two labels that were stuck on each other's parcels come out again."""

import pytest

ZTO, ZTO2, ZTO3 = "73000000000017", "73000000000024", "73000000000031"


@pytest.fixture
def intake(station):
    station.shop.villager("王秀兰", "13800006021", hamlet="第3组")
    station.shop.villager("赵根喜", "13800003308", hamlet="第1组")
    station.press("F2")
    return station


def test_two_labels_that_were_swapped_come_out_again_by_one_key(intake):
    for waybill, tail in ((ZTO, "6021"), (ZTO2, "3308"), (ZTO3, "6021")):
        intake.scan(waybill)
        intake.type(tail)
        intake.press("Enter")
    before = len(intake.shop.jobs())
    intake.press("Down")
    intake.count_keys()
    intake.press("Ctrl+R")
    assert intake.keys == 1
    again = [document for _, document in intake.shop.jobs()[before:]]
    assert len(again) == 2
    assert "赵*喜" in again[0]
    assert "王*兰" in again[1]
    assert "A-1-01" in again[1]
    assert "旧的撕掉" in intake.toasts[-1]


def test_one_label_alone_cannot_have_been_swapped(intake):
    intake.scan(ZTO)
    intake.type("6021")
    intake.press("Enter")
    assert "贴反了" not in intake.words()
