"""Times, spans and sizes in the words of the counter."""

import pytest

from station_app.overview.moments import (
    countdown,
    day_and_time,
    given_name,
    how_long,
    part_of_day,
    size,
    weekday,
    when,
)
from station_app.resources_dir import load_texts
from station_app.values.day import DAY_MS, local_midnight

TEXTS = load_texts()
MIDNIGHT = local_midnight("2026-11-23")
MINUTE = 60_000
HOUR = 60 * MINUTE


def at(hour, minute=0):
    return MIDNIGHT + hour * HOUR + minute * MINUTE


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(6, 30), "今天 06:30"),
        (at(0), "今天 00:00"),
        (at(0) - 1, "昨天 23:59"),
        (at(18, 21) - 3 * DAY_MS, "11月20日 18:21"),
        (at(9) - 365 * DAY_MS, "2025年11月23日 09:00"),
    ],
)
def test_a_moment_is_said_as_seen_from_now(moment, words):
    assert when(TEXTS, moment, at(9, 42)) == words


def test_a_date_is_said_also_of_today():
    assert day_and_time(at(8, 2), at(9)) == "11月23日 08:02"
    assert weekday(TEXTS, at(9)) == "星期一"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (-5, "不到 1 分"),
        (59_999, "不到 1 分"),
        (MINUTE, "1 分"),
        (3 * HOUR + 12 * MINUTE + 59_000, "3 小时 12 分"),
        (3 * HOUR, "3 小时"),
        (2 * DAY_MS + 3 * HOUR + 4 * MINUTE, "2 天 3 小时"),
    ],
)
def test_a_span_is_said_in_its_two_largest_units(span, words):
    assert how_long(TEXTS, span) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [(0, "1 秒"), (1, "1 秒"), (40_000, "40 秒"), (60_000, "1 分"), (79_001, "1 分 20 秒")],
)
def test_a_countdown_never_says_zero(span, words):
    assert countdown(TEXTS, span) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (512, "512 B"),
        (1024, "1 KB"),
        (86 * 1024 - 1, "86 KB"),
        (3_355_444, "3.2 MB"),
        (1_932_735_283, "1.7 GB"),
    ],
)
def test_sizes(count, words):
    assert size(count) == words


@pytest.mark.parametrize(
    ("hour", "part"),
    [
        (0, "night"), (4, "night"), (5, "dawn"), (8, "morning"), (11, "noon"),
        (13, "afternoon"), (18, "evening"), (21, "evening"), (22, "night"),
    ],
)  # fmt: skip
def test_greetings_follow_the_clock_on_the_wall(hour, part):
    assert part_of_day(at(hour)) == part
    assert TEXTS.has(f"overview.hello.{part}")


@pytest.mark.parametrize(
    ("name", "called"),
    [("李桂芳", "桂芳"), ("王明", "王明"), ("欧阳修文", "修文"), ("兰", "兰"), ("", "")],
)
def test_colleagues_are_called_by_their_given_name(name, called):
    assert given_name(name) == called
