"""Lots on the shelf by keys: a loss with its bearer, a count, a part, several that become one."""

import pytest

from station_app.ledger.accounts import held_grower
from station_app.ledger.balances import balance
from station_app.services.consignment import records
from tests.overview.seen import caps, check_fit, primary, shoot, words

HEIGHTS = (768, 690)


def begin(yard, height=768):
    station = yard.pc
    station.show_unlocked((1366, height))
    station.press("F5", "Ctrl+3")
    station.hand.settle()
    return station


def amount(station, typed):
    station.page.quantity.setFocus()
    station.type(typed)


@pytest.mark.parametrize("height", HEIGHTS)
def test_a_loss_says_who_bears_it_and_what_the_grower_gets(yard, height):
    lot = yard.intake()
    station = begin(yard, height)
    assert primary(station)[1:] == (False, "写多少")
    check_fit(station)
    amount(station, "2斤")
    assert primary(station)[2] == "选谁担"
    station.press("Alt+8")
    assert primary(station)[2] == "写赔多少"
    station.page.value.setFocus()
    station.type("9.2")
    assert primary(station)[:2] == ("记损耗 2 斤", True)
    assert caps(station) == ["记损耗 2 斤"]
    check_fit(station)
    shoot(station, f"lots_{height}")
    station.press("Enter")
    assert yard.lot(lot).spoiled == 1_000
    assert balance(station.connection, held_grower(station.person(0))) == -920


def test_what_goes_back_and_what_is_sent_off(yard):
    lot = yard.intake()
    station = begin(yard)
    station.press("2")
    amount(station, "1公斤")
    station.press("Enter", "4")
    amount(station, "10斤")
    assert primary(station)[2] == "写几件"
    station.page.packages.setFocus()
    station.type("2")
    station.press("Enter")
    state = yard.lot(lot)
    assert (state.returned, state.in_transit, state.packages) == (1_000, 5_000, 2)


def test_a_part_becomes_a_lot_and_two_lots_become_one(yard):
    yard.intake()
    station = begin(yard)
    station.press("5")
    amount(station, "2.34公斤")
    station.press("Enter")
    assert len(records.lots_here(station.connection)) == 2
    for row in records.lots_here(station.connection):
        station.page.list.choose(row.lot)
        station.press("Space")
    assert primary(station)[0] == "2 批并成一批"
    station.press("Enter")
    (row,) = records.lots_here(station.connection)
    assert row.on_shelf == 12_340


def test_a_count_writes_down_what_is_missing_and_more_is_refused_beside_its_field(yard):
    lot = yard.intake()
    station = begin(yard)
    station.press("6")
    amount(station, "30斤")
    station.press("Alt+7", "Enter")
    assert "多出来的去改重量" in words(station)
    station.press("Ctrl+A")
    station.type("24斤")
    station.press("Enter")
    assert yard.lot(lot).on_shelf == 12_000
