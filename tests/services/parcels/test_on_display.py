"""The customer's display during a hand-over, on the real window: what she sees follows the keys."""

import pytest

from station_app.devices.customer_display import IDLE

ZTO, OTHERS = "73000000000017", "73000000000024"


@pytest.fixture
def seen(station):
    """Every view that the window has shown, the newest last."""
    views: list = []

    class Display:
        def show(self, view):
            views.append(view)

    object.__setattr__(station.window._around, "customer", Display())
    shop = station.shop
    wang = shop.villager("王秀兰", "13800006021", hamlet="第3组")
    zhao = shop.villager("赵根喜", "13800003308", hamlet="第1组")
    shop.shelve(ZTO, person=wang, cod_fen=86_00, shelf="B", layer=2)
    station.others = shop.shelve(OTHERS, person=zhao, shelf="B", layer=3)
    station.press("F3")
    return views


def test_she_sees_her_parcel_the_sum_and_her_change(station, seen):
    station.scan(ZTO)
    view = seen[-1]
    assert str(view.person) == "王*兰"
    assert [(line.amount_fen, line.small) for line in view.lines] == [(86_00, "代收货款 ¥86.00")]
    assert (view.total_fen, view.given_fen, view.change_fen) == (86_00, None, None)

    station.page.pay.cash.setFocus()
    station.type("100")
    assert (seen[-1].given_fen, seen[-1].change_fen) == (100_00, 14_00)
    station.press("+")
    assert (seen[-1].is_done, seen[-1].total_fen, seen[-1].change_fen) == (True, 86_00, 14_00)

    station.press("F2")
    assert seen[-1] == IDLE


def test_a_parcel_of_somebody_else_is_not_shown_to_her(station, seen):
    station.scan(ZTO)
    station.scan(OTHERS)
    assert station.page.handing.wrong is not None
    assert seen[-1] == IDLE
