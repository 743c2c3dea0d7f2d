"""Photos of produce: how it came, and what of it was lost; seen with the lot, gone with her."""

import pytest
from PySide6.QtCore import QPoint, QRect

from station_app.journal import blobs
from station_app.journal.kinds import PrivateErased
from station_app.services.consignment import records
from station_app.shell.counter import Notice
from tests.long_shelf import HEIGHTS
from tests.overview.seen import check_fit, primary, shoot
from tests.services.consignment.test_intake_page import goods, grower, harvested, weigh
from tests.services.parcels.test_trouble import Stick


@pytest.fixture
def yard_with_stick(yard):
    yard.pc.photos = Stick(yard.pc.connection)
    return yard


def named(station, lot):
    return blobs.names_of(station.connection, lot)


def open_lots(station, height=768):
    station.show_unlocked((1366, height))
    station.press("F5", "Ctrl+3")
    station.hand.settle()


@pytest.mark.parametrize("height", HEIGHTS)
def test_how_it_came_is_photographed_before_the_lot_is_taken_in(yard_with_stick, height):
    station = yard_with_stick.pc
    station.show_unlocked((1366, height))
    station.press("F5")
    station.hand.settle()
    grower(station)
    goods(station)
    weigh(station)
    harvested(station)
    station.press("Ctrl+O")
    assert primary(station)[:2] == ("附这张", True)
    check_fit(station)
    shoot(station, f"produce_photo_{height}")
    station.press("Enter")
    assert primary(station)[:2] == ("收货，打凭证和标签", True), "all that was typed is there still"
    station.press("Enter")
    (row,) = records.lots_here(station.connection)
    assert len(named(station, row.lot)) == 1
    grower(station)
    goods(station)
    weigh(station)
    harvested(station)
    station.press("Enter")
    lots = {one.lot for one in records.lots_here(station.connection)} - {row.lot}
    assert [named(station, lot) for lot in lots] == [()], "the next lot has none of its own"


@pytest.mark.parametrize("height", HEIGHTS)
def test_no_toast_lies_over_the_code_that_a_telephone_has_to_scan(yard_with_stick, height):
    """What she did just before hid its lower edge for as long as she did nothing else."""
    station = yard_with_stick.pc
    station.photos.open_phone = lambda: "http://192.0.2.2:8080/" + "7f3a" * 8
    station.show_unlocked((1366, height))
    station.press("F5")
    grower(station)
    goods(station)
    weigh(station)
    harvested(station)
    station.window.toast(Notice("A-1-54 陈样林 标签打着", act="A"))
    station.press("Ctrl+O", "Down")
    view, toasts = station.page.photo.panel.view, station.window.toasts
    toasts.look_again()
    station.hand.settle()
    assert view.has_photo
    there = QRect(view.mapTo(station.window.content, QPoint(0, 0)), view.size())
    assert not toasts.geometry().intersects(there)


def test_a_photo_that_was_not_taken_leaves_everything_as_it_was(yard_with_stick):
    station = yard_with_stick.pc
    station.show_unlocked((1366, 768))
    station.press("F5")
    grower(station)
    goods(station)
    weigh(station)
    harvested(station)
    station.press("Ctrl+O", "Esc")
    assert primary(station)[:2] == ("收货，打凭证和标签", True)
    station.press("Enter")
    (row,) = records.lots_here(station.connection)
    assert named(station, row.lot) == ()


@pytest.mark.parametrize("height", HEIGHTS)
def test_what_spoiled_is_photographed_and_seen_with_the_lot(yard_with_stick, height):
    lot = yard_with_stick.intake()
    station = yard_with_stick.pc
    open_lots(station, height)
    station.page.quantity.setFocus()
    station.type("2斤")
    station.press("Alt+7", "F11")
    assert primary(station)[:2] == ("附这张", True)
    check_fit(station)
    station.press("Enter")
    assert primary(station)[:2] == ("记损耗 2 斤", True)
    station.press("Enter")
    assert len(named(station, lot)) == 1
    assert yard_with_stick.lot(lot).spoiled == 1_000
    station.press("Ctrl+P")
    assert station.page.seen.is_open
    check_fit(station)
    shoot(station, f"lot_photos_{height}")
    station.press("Esc")
    assert not station.page.seen.is_open
    assert primary(station)[2] == "写多少"


def test_an_erasure_of_the_grower_takes_the_photo_along(yard_with_stick):
    lot = yard_with_stick.intake()
    station = yard_with_stick.pc
    open_lots(station)
    station.page.quantity.setFocus()
    station.type("2斤")
    station.press("Alt+7", "F11", "Enter", "Enter")
    (name,) = named(station, lot)
    assert blobs.get(station.connection, name)
    person = station.person(0)
    yard_with_stick.publish(PrivateErased(persons=(person,), day="2026-11-23"))
    assert blobs.get(station.connection, name) is None


def test_the_key_is_not_there_where_nothing_can_be_kept(yard):
    station = yard.pc
    yard.intake()
    open_lots(station)
    keys = [action.key for action in station.page.action_bar()]
    assert "F11" not in keys
    assert "Ctrl+P" not in keys
