"""Fixtures of the register: the real window with people and parcels, worked by keys."""

import pytest

from station_app.services.parcels import offer as parcels
from station_app.services.parcels import records as parcels_records
from station_app.services.people import offer as people
from station_app.shell import theme
from tests.services.parcels.conftest import Station
from tests.services.parcels.shop import TEXTS, Shop


@pytest.fixture
def station(qapp, qtbot, tmp_path):
    theme.dress(qapp)
    shop = Shop(folder=tmp_path)
    shop.is_described()

    def offers(outfit):
        register = people.offer(
            TEXTS,
            facts_about=(parcels_records.facts_about,),
            traces=(parcels.trace(outfit),),
            standings=(parcels.standing,),
        )
        return [register, parcels.offer(outfit)]

    made = Station(shop, offers, qtbot)
    made.open()
    yield made
    made.close()
    shop.close()
