"""What the customer sees: her name masked, what was given and what comes back, never a debt."""

import pytest

from station_app.devices.customer_display import IDLE, CustomerView, with_paying
from station_app.values.masks import Personal, mask_name
from station_app.values.paying import CASH, ON_ACCOUNT, WECHAT, Part, Paying

HERS = CustomerView(person=Personal("王秀兰", mask_name))


@pytest.mark.parametrize(
    ("paying", "is_done", "total", "given", "change"),
    [
        (Paying(due_fen=12_550), False, 12_550, None, None),
        (Paying(due_fen=12_550, typed_fen=20_000), False, 12_550, 20_000, 7_450),
        (Paying(due_fen=12_550, typed_fen=10_000), False, 12_550, 10_000, None),
        (Paying(due_fen=12_550), True, 12_550, 12_550, None),
        (Paying(due_fen=12_550, round_off_fen=50, typed_fen=13_000), True, 12_500, 13_000, 500),
        (Paying(due_fen=12_550, way=WECHAT), True, 12_550, 12_550, None),
        (
            Paying(due_fen=12_550, parts=(Part(way=WECHAT, amount_fen=10_000),)),
            False,
            12_550,
            10_000,
            None,
        ),
        (
            Paying(due_fen=12_550, parts=(Part(way=WECHAT, amount_fen=10_000),), typed_fen=5_000),
            True,
            12_550,
            15_000,
            2_450,
        ),
        (Paying(due_fen=12_550, way=ON_ACCOUNT), True, 12_550, None, None),
        (
            Paying(due_fen=12_550, parts=(Part(way=ON_ACCOUNT, amount_fen=10_000),), way=CASH),
            True,
            12_550,
            None,
            None,
        ),
        (Paying(due_fen=3_000, gives=True), True, -3_000, None, None),
        (Paying(), True, 0, None, None),
    ],
)
def test_what_is_paid_stands_there_and_what_is_owed_does_not(paying, is_done, total, given, change):
    seen = with_paying(HERS, paying, is_done=is_done)
    assert (seen.total_fen, seen.given_fen, seen.change_fen) == (total, given, change)
    assert seen.is_done == is_done


def test_a_name_cannot_reach_the_display_whole():
    assert f"{HERS.person}" == "王*兰"
    assert "秀" not in repr(HERS)
    assert not HERS.is_idle
    assert IDLE.is_idle
