"""What follows an intake: its label shown before it is printed, and goods that wait for the van."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QLineEdit

from station_app.printing.document import to_json
from station_app.printing.paint import TypeCase
from station_app.printing.press import Press
from station_app.printing.profiles import load_profiles
from station_app.resources_dir import resources
from station_app.shell.widgets.toast_place import is_in_the_way
from tests.long_shelf import HEIGHTS
from tests.overview.seen import check_fit, primary, shoot
from tests.services.consignment.test_intake_page import (
    begin,
    goods,
    grower,
    harvested,
    lots,
    weigh,
)


@pytest.fixture(scope="module")
def press(dressed):
    return Press(TypeCase(resources() / "fonts"))


def profiles():
    return load_profiles((resources() / "printers.toml").read_text("utf-8"))


@pytest.mark.parametrize("height", HEIGHTS)
def test_the_label_stands_beside_it_as_it_will_come_out_and_the_goods_wait_for_the_van(
    yard, height, press
):
    drawn = []

    def preview(label):
        drawn.append(label)
        return press.raster(label, profiles()["label_60x40"])

    yard.pc.preview = preview
    station = begin(yard, height)
    grower(station)
    goods(station)
    weigh(station)
    harvested(station)
    station.press("Alt+9")
    assert primary(station)[1]
    check_fit(station)
    shoot(station, f"intake_label_{height}")
    before = drawn[-1]
    station.press("Ctrl+G")
    station.press("Enter")
    (printed,) = yard.printed("label")
    assert to_json(before) == printed, "what was shown is what came out, number and code too"
    (row,) = lots(station)
    assert row.bound_for == "hub"
    assert not station.page.outcome.following.is_for_hub, "the next grower's stay here"


def test_what_waits_for_the_van_leaves_by_one_key_more(yard):
    first, second = yard.intake(is_for_hub=True), yard.intake(person=yard.pc.person(1))
    station = begin(yard)
    station.press("Ctrl+3")
    station.hand.settle()
    assert "等发县仓" in str(station.page.list.model().rows)
    station.press("Ctrl+G")
    shoot(station, "lots_bound_768")
    assert primary(station)[:2] == ("发县仓 24.68 斤", True)
    station.press("Enter")
    assert (yard.lot(first).in_transit, yard.lot(second).in_transit) == (12_340, 0)
    third = yard.intake(is_for_hub=True, person=yard.pc.person(1))
    fourth = yard.intake(is_for_hub=True, person=yard.pc.person(1))
    station.page.activated()
    station.hand.settle()
    station.press("Ctrl+G")
    assert primary(station)[0] == "2 批全发县仓，打交接单"
    station.press("Enter")
    assert [yard.lot(lot).in_transit for lot in (third, fourth, second)] == [12_340, 12_340, 0]


@pytest.mark.long
@pytest.mark.parametrize("height", HEIGHTS)
def test_the_toasts_of_two_lots_lay_over_the_price_of_the_third(yard, height, press):
    yard.pc.preview = lambda label: press.raster(label, profiles()["label_60x40"])
    station = begin(yard, height)
    for number in range(3):
        grower(station, number)
        goods(station)
        weigh(station)
        harvested(station)
        station.press("Alt+9")
        if number < 2:
            station.press("Enter")
        station.hand.settle()
    shoot(station, f"intake_toasts_{height}")
    window = station.window
    area = window.toasts
    assert len(area.toasts) == 2
    assert area.isVisible()
    typed = [
        field
        for field in window.content.findChildren(QLineEdit)
        if field.isVisible() and field.text()
    ]
    assert len(typed) >= 6
    for field in typed:
        there = QRect(field.mapTo(window.content, QPoint(0, 0)), field.size())
        assert not area.geometry().intersects(there), field.text()
    assert not is_in_the_way(area.geometry(), window.content, area)
