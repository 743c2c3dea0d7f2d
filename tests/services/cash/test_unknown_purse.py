"""A purse of a kind that this version does not know, from a newer PC, has a name all the same."""

from station_app.ledger.balances import Purse
from station_app.resources_dir import load_texts
from station_app.services.cash.figures import Names, purse_label


def test_a_purse_of_a_kind_that_is_not_known_here_does_not_hold_up_the_z_slip() -> None:
    names = Names(station="柳荫洼村站", couriers={"ZTO": "中通"})
    label = purse_label(Purse("Weather", "ZTO", 700), names, load_texts())
    assert label == load_texts().say("cash.purse.Other")
