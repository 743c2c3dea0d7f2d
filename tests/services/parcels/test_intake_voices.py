"""What a scan at intake may meet, told apart by words and by sound."""

import pytest

from station_app.services.parcels.facts import ParcelAnnounced, Receiver

ZTO, ZTO2, ZTO3 = "73000000000017", "73000000000024", "73000000000031"


@pytest.fixture
def intake(station):
    shop = station.shop
    shop.is_described(shelves=1, layers=2, places=1)
    shop.wang = shop.villager("王秀兰", "13800006021", hamlet="第3组")
    station.press("F2")
    return station


def heard(station, waybill: str) -> tuple[str, str]:
    """Scan, and return the last sound and all words that are shown."""
    station.scan(waybill)
    return station.sounds.played[-1], station.words() + " ".join(station.toasts)


def test_each_hindrance_has_its_words_and_a_sound_that_fits(intake):
    shop = intake.shop
    shop.hand_over(shop.shelve(ZTO, person=shop.wang))
    sound, words = heard(intake, ZTO)
    assert "已经交给 王秀兰" in words
    assert sound == "duplicate"
    intake.press("Esc")
    shop.shelve(ZTO2, person=shop.wang)
    sound, words = heard(intake, ZTO2)
    assert "这件已经在架" in words
    assert sound == "duplicate"
    body = ParcelAnnounced(
        courier="ZTO", waybill=ZTO3, station="NX0602", person="", cod_fen=0, freight_fen=0,
        day="2025-11-24",
    )  # fmt: skip
    shop.county((body, Receiver()))
    sound, words = heard(intake, ZTO3)
    assert "这件是发给 碧水河村站 的" in words
    assert sound == "stop"
    intake.press("Esc")
    sound, words = heard(intake, "7300\x02000000048")
    assert sound == "warn"
    assert "码里有看不懂的符号，再扫一遍" in words


def test_a_full_shelf_is_said_and_heard(intake):
    shop = intake.shop
    for waybill in (ZTO, ZTO2):
        shop.shelve(waybill, person=shop.wang)
    intake.scan(ZTO3)
    intake.type("6021")
    intake.press("Enter")
    assert "架子都满了" in intake.toasts[-1]
    assert intake.sounds.played[-1] == "warn"
