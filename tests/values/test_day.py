"""Days are arithmetic: no time zone of any machine moves a shift."""

import datetime as dt
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.values.day import (
    DAY_MS,
    YEAR_2100_MS,
    add_days,
    days_between,
    is_day,
    local_day,
    local_midnight,
    local_time,
    say_day,
    say_moment,
    usable_clock,
    weekday,
)

EIGHT_HOURS = dt.timezone(dt.timedelta(hours=8))
MOMENTS = st.integers(0, YEAR_2100_MS)


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    return int(dt.datetime(year, month, day, hour, minute, tzinfo=EIGHT_HOURS).timestamp()) * 1000


@pytest.mark.parametrize(
    ("moment", "day", "time"),
    [
        (at(2026, 11, 25, 0, 0), "2026-11-25", "00:00"),
        (at(2026, 11, 25, 7, 59), "2026-11-25", "07:59"),  # still the 24th in UTC
        (at(2026, 11, 25, 23, 59), "2026-11-25", "23:59"),
        (at(2026, 11, 25) - 1, "2026-11-24", "23:59"),
        (at(2028, 2, 29, 12, 5), "2028-02-29", "12:05"),
        (0, "1970-01-01", "08:00"),
    ],
)
def test_a_moment_has_its_local_day(moment: int, day: str, time: str) -> None:
    assert local_day(moment) == day
    assert local_time(moment) == time


@given(MOMENTS)
def test_the_local_day_is_that_of_the_calendar(moment: int) -> None:
    there = dt.datetime.fromtimestamp(moment // 1000, EIGHT_HOURS)
    assert local_day(moment) == there.date().isoformat()
    assert local_time(moment) == f"{there:%H:%M}"
    assert local_midnight(local_day(moment)) <= moment < local_midnight(local_day(moment)) + DAY_MS


def test_the_zone_of_the_machine_plays_no_part() -> None:
    line = "from station_app.values.day import local_day; print(local_day(1795536000000))"
    days = {
        subprocess.run(
            [sys.executable, "-c", line],
            env={**os.environ, "TZ": zone, "PYTHONTZPATH": ""},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for zone in ("UTC", "America/Los_Angeles", "nonsense")
    }
    assert days == {"2026-11-25\n"}


@given(MOMENTS.map(local_day), st.integers(-3000, 3000))
def test_going_and_counting_agree(day: str, count: int) -> None:
    if day < "1979":
        count = abs(count)
    assert days_between(day, add_days(day, count)) == count
    assert (add_days(day, count) > day) == (count > 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-25", True),
        ("2028-02-29", True),
        ("2026-02-29", False),
        ("2026-13-01", False),
        ("2026-1-1", False),
        ("20261125", False),
        ("2026-W01-1", False),
        ("２０２６-11-25", False),
        ("", False),
    ],
)
def test_only_dates_of_the_calendar_are_days(text: str, expected: bool) -> None:
    assert is_day(text) is expected


def test_days_are_said() -> None:
    assert say_day("2026-11-05", "2026-12-31") == "11月5日"
    assert say_day("2025-11-05", "2026-12-31") == "2025年11月5日"
    assert say_day("2026-11-05") == "2026年11月5日"
    assert weekday("2026-11-25") == 3


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(2026, 11, 25), True),
        (at(2026, 6, 1), True),
        (at(2026, 6, 1) - 1, False),
        (at(2010, 1, 1), False),
        (YEAR_2100_MS - 1, True),
        (YEAR_2100_MS, False),
    ],
)
def test_a_clock_before_the_build_or_past_2100_is_not_believed(moment: int, expected: bool) -> None:
    assert usable_clock(moment, at(2026, 6, 1)) is expected


def test_after_midnight_a_moment_says_that_it_is_of_the_night():
    midnight = local_midnight("2026-11-24")
    assert say_moment(midnight - 60_000, "2026-11-23") == "2026年11月23日 23:59"
    assert say_moment(midnight, "2026-11-23") == "2026年11月23日 次日 00:00"
    assert say_moment(midnight + 110 * 60_000, "2026-11-23", "2026-11-24") == "11月23日 次日 01:50"
    assert say_moment(local_midnight("2027-01-01"), "2026-12-31") == "2026年12月31日 次日 00:00"
    assert say_moment(0, "2026-11-23") == "2026年11月23日 08:00", "a clock far off: the day holds"
