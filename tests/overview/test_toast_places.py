"""On every page of the station a toast stands where it hides no total, no button and no field."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QLabel

from station_app.shell.counter import Notice
from station_app.shell.widgets.toast_place import is_in_the_way
from tests.conftest import ROOT
from tests.overview.seen import PACKED_QUICKLY

PICTURES = ROOT / "build" / "pictures" / "toasts"
SIZES = ((1366, 768), (1366, 690))


@pytest.mark.long
def test_a_toast_is_in_nobodys_way_on_any_page(station):
    station.sign_in()
    station.open_shift()
    for number in range(6):
        station.shelve(number, cod_fen=8600 if number == 1 else 0)
    station.papers.settle_all()
    station.premises.signed_in.go()
    window = station.show_unlocked()
    window.toast(Notice("A-1-38 单示山 标签打着", act="A"))
    PICTURES.mkdir(parents=True, exist_ok=True)
    hidden = []
    seen = 0
    for key, offer in window.book.offers.items():
        if offer.is_bare or not offer.fkey:
            continue
        window.open_page(key)
        for size in SIZES:
            window.resize(*size)
            station.hand.settle()
            area = window.toasts
            assert window.deck.current.key == key
            assert len(area.toasts) == 1
            window.grab().save(str(PICTURES / f"{key}_{size[1]}.png"), None, PACKED_QUICKLY)
            seen += 1
            if is_in_the_way(area.geometry(), window.content, area):
                hidden.append((key, size))
    assert hidden == []
    assert seen > 16


@pytest.mark.parametrize("size", SIZES, ids=["full", "low"])
def test_on_today_it_hides_no_heading(station, size):
    """In a low window it lay over 刚办完的, though the rows below were the better place."""
    station.sign_in()
    station.open_shift()
    for number in range(6):
        station.shelve(number)
    station.premises.signed_in.go()
    window = station.show_unlocked(size)
    window.toast(Notice("A-1-38 单示山 标签打着", act="A"))
    station.hand.settle()
    said = station.texts.say("overview.today.done_lately")
    (heading,) = [x for x in window.content.findChildren(QLabel) if x.text() == said]
    there = QRect(heading.mapTo(window.content, QPoint(0, 0)), heading.size())
    assert not window.toasts.geometry().intersects(there)


@pytest.mark.parametrize("size", SIZES, ids=["full", "low"])
def test_at_the_end_of_the_day_it_hides_neither_the_count_nor_the_slip(station, size):
    station.sign_in()
    station.open_shift()
    station.hand_over(1, cod_fen=8600)
    station.premises.signed_in.go()
    window = station.show_unlocked(size)
    station.press("F8")
    window.toast(Notice("A-1-38 单示山 标签打着", act="A"))
    PICTURES.mkdir(parents=True, exist_ok=True)
    for step in ("counting", "compared"):
        station.hand.settle()
        area = window.toasts
        window.grab().save(str(PICTURES / f"day_{step}_{size[1]}.png"), None, PACKED_QUICKLY)
        assert not is_in_the_way(area.geometry(), window.content, area), step
        if step == "counting":
            station.type("3")
            station.press("+")
