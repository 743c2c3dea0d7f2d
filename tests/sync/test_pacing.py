"""The manners on the line: how much, how often, how long to wait."""

import pytest

from station_app.sync import pacing
from station_app.sync.pacing import Pace
from tests.sync.stand import Dice

NOW = 1_795_564_800_000


class Always:
    """Chance that always gives the same."""

    def __init__(self, byte: int) -> None:
        self._byte = byte

    def draw(self, count: int) -> bytes:
        return bytes([self._byte]) * count


def waits(pace: Pace, failures: int) -> list[int]:
    found = []
    for _ in range(failures):
        pace.failed(NOW)
        found.append(pace.retry_at - NOW)
    return found


def test_the_ceiling_doubles_up_to_a_quarter_of_an_hour() -> None:
    longest = [round(wait / 1000) for wait in waits(Pace(Always(255)), 13)]
    assert longest == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


def test_the_wait_is_drawn_from_the_whole_range() -> None:
    drawn = [waits(Pace(Dice(seed)), 6)[-1] for seed in range(200)]
    assert min(drawn) < 2_000
    assert max(drawn) > 30_000
    assert waits(Pace(Always(0)), 3) == [0, 0, 0]


def test_what_moved_makes_patience_begin_anew() -> None:
    pace = Pace(Always(255))
    waits(pace, 8)
    pace.failed(NOW, has_moved=True)
    assert round((pace.retry_at - NOW) / 1000) == 1


@pytest.mark.parametrize(("asked_ms", "waited_ms"), [(90_000, 90_000), (10**9, 3_600_000)])
def test_the_county_may_ask_for_patience_but_not_for_ever(asked_ms: int, waited_ms: int) -> None:
    pace = Pace(Always(0))
    pace.failed(NOW, asked_ms=asked_ms)
    assert pace.retry_at - NOW == waited_ms


def test_a_clock_that_jumped_back_does_not_stop_the_sending() -> None:
    pace = Pace(Always(255))
    waits(pace, 12)
    assert pace.wait_until(NOW) > 0
    assert pace.wait_until(NOW - 30 * 365 * 86_400_000) == 0
    pace.succeeded(NOW, has_more=False, is_stuck=False)
    assert pace.poll_at(NOW - 30 * 365 * 86_400_000) == 0


def test_a_request_carries_ten_seconds_of_the_line() -> None:
    pace = Pace(Always(0))
    assert pace.room == pacing.ROOM_UNKNOWN
    pace.measure(16_000, 2_000)
    assert pace.room == 80_000
    pace.measure(400, 1_000)  # a short exchange tells of the round trip only
    assert pace.room == 80_000
    pace.measure(5_000, 50_000)
    assert pace.room == pacing.ROOM_MIN
    pace.measure(10**8, 10)
    assert pace.room == pacing.ROOM_MAX


def test_the_county_may_ask_for_less_at_a_time() -> None:
    pace = Pace(Always(0))
    pace.measure(10**8, 10)
    pace.limit(50_000)
    assert pace.room == 50_000
    pace.limit(0)
    assert pace.room == 25_000
    for _ in range(9):
        pace.limit(0)
    assert pace.room == pacing.ROOM_MIN


def test_quiet_lines_are_asked_for_news() -> None:
    pace = Pace(Always(0))
    assert pace.poll_at(NOW) == 0
    pace.succeeded(NOW, has_more=False, is_stuck=False)
    assert pace.poll_at(NOW + 1) == NOW + pacing.POLL_MS
    assert pace.poll_at(NOW + pacing.POLL_MS) == 0
    assert pace.wait_until(NOW + 1) == NOW + pacing.GAP_MS


def test_more_to_come_comes_at_once() -> None:
    pace = Pace(Always(0))
    pace.succeeded(NOW, has_more=True, is_stuck=False)
    assert pace.wait_until(NOW) == pace.poll_at(NOW) == 0


def test_after_closing_photos_begin_at_a_moment_of_each_device_within_twenty_minutes() -> None:
    def begins_after(device: str) -> int:
        pace = Pace(Always(0))
        assert pace.may_carry_bulk(NOW)
        pace.close_day(NOW, device)
        minutes = (m for m in range(21) if pace.may_carry_bulk(NOW + m * 60_000))
        return next(minutes)

    found = [begins_after(f"NX{number:04}/D1") for number in range(289)]
    assert {begins_after("NX0007/D1") for _ in range(5)} == {found[7]}  # the same every day
    assert max(found.count(minute) for minute in set(found)) < 40  # of 289, in one minute
    assert min(found) <= 1
    assert max(found) >= 19


def test_facts_do_not_wait_for_that_moment_and_a_clock_that_jumps_does_not_hold_it() -> None:
    pace = Pace(Always(0))
    pace.close_day(NOW, "NX0601/D1")
    assert pace.wait_until(NOW) == 0
    assert pace.may_carry_bulk(NOW - 30 * 365 * 86_400_000)
