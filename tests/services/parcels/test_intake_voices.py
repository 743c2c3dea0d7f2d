"""What a scan at intake may meet: on hand, handed over, expected elsewhere, full, unreadable.

Told apart in words, by tone and by voice; and a label is read out loud without anybody's name.
"""

import pytest

from station_app.services.parcels.facts import ParcelAnnounced, Receiver
from station_app.values.codes import PARCEL, identity_payload, make_code
from station_app.values.spoken import shelved

ZTO, ZTO2, ZTO3, ZTO4 = "73000000000017", "73000000000024", "73000000000031", "73000000000048"


@pytest.fixture
def intake(station):
    shop = station.shop
    shop.is_described(shelves=1, layers=2, places=1)
    shop.wang = shop.villager("王秀兰", "13800006021", hamlet="第3组")
    station.press("F2")
    return station


def heard(station, waybill: str) -> tuple[list[str], tuple[str, ...], str]:
    """Scan; return the tones, what the voice said, and all words that are shown."""
    del station.sounds.played[:], station.voice.spoken[:]
    station.scan(waybill)
    return told(station)


def told(station):
    said = station.voice.spoken
    assert [what for what, _ in said] == ["hindrance"]
    return station.sounds.played, said[0][1], station.words() + " ".join(station.toasts)


def test_the_five_hindrances_are_told_apart_in_words_tone_and_voice(intake):
    shop = intake.shop
    shop.hand_over(shop.shelve(ZTO, person=shop.wang))
    tones, said, words = heard(intake, ZTO)
    assert "已经交给 王秀兰" in words
    assert (tones, said) == (["gone"], ("handed_over",))
    intake.press("Esc")

    shop.shelve(ZTO2, person=shop.wang)
    tones, said, words = heard(intake, ZTO2)
    assert "这件已经在架" in words
    assert (tones, said) == (["duplicate"], ("on_hand",))

    body = ParcelAnnounced(
        courier="ZTO", waybill=ZTO3, station="NX0602", person="", cod_fen=0, freight_fen=0,
        day="2025-11-24",
    )  # fmt: skip
    shop.county((body, Receiver()))
    tones, said, words = heard(intake, ZTO3)
    assert "这件是发给 碧水河村站 的" in words
    assert (tones, said) == (["stop"], ("elsewhere",))
    intake.press("Esc")

    tones, said, words = heard(intake, "7300\x02000000048")
    assert "码里有看不懂的符号，再扫一遍" in words
    assert (tones, said) == (["warn"], ("unreadable",))

    shop.shelve(ZTO3, person=shop.wang, stays_here=True)
    intake.scan(ZTO4)
    intake.type("6021")
    del intake.sounds.played[:], intake.voice.spoken[:]
    intake.press("Enter")
    tones, said, words = told(intake)
    assert "架子都满了" in words
    assert (tones, said) == (["full"], ("full",))


def test_a_label_of_a_parcel_that_left_is_not_told_as_one_that_is_here(intake):
    shop = intake.shop
    parcel = shop.shelve(ZTO, person=shop.wang)
    label = make_code(PARCEL, identity_payload(parcel))
    shop.hand_over(parcel)
    tones, said, words = heard(intake, label)
    assert "已经交出去了" in words
    assert (tones, said) == (["gone"], ("handed_over",))


def test_the_place_on_the_label_is_read_out_loud_and_nobodys_name(intake):
    intake.scan(ZTO)
    intake.type("6021")
    intake.press("Enter")
    assert intake.voice.spoken == [("place", shelved("A", 1, 1))]
    assert "王秀兰" in intake.toasts[-1]
