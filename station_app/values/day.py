"""Days: the business day is a local date, and no machine's time zone has a say in it.

The whole country keeps UTC+8 without summer time, so a local day is arithmetic: no time-zone
database, whose absence or age on an old PC could move a shift to another day. A business day is
its own text, "2026-11-25"; such texts sort and compare as the days do.
"""

import datetime as dt
import re
from typing import NewType

BusinessDay = NewType("BusinessDay", str)

DAY_MS = 24 * 60 * 60 * 1000
BEIJING_MS = 8 * 60 * 60 * 1000
YEAR_2100_MS = 4_102_444_800_000  # 2100-01-01T00:00Z: a clock beyond it is broken
_EPOCH = dt.date(1970, 1, 1).toordinal()
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def local_day(at: int) -> BusinessDay:
    """Return the local date of a moment (UTC milliseconds)."""
    return _day(_EPOCH + (at + BEIJING_MS) // DAY_MS)


def local_time(at: int) -> str:
    """Return the local time of a moment on the 24-hour clock: "06:30"."""
    minutes = (at + BEIJING_MS) % DAY_MS // 60_000
    return f"{minutes // 60:02}:{minutes % 60:02}"


def local_midnight(day: str) -> int:
    """Return the moment (UTC milliseconds) at which a local day begins."""
    return (_ordinal(day) - _EPOCH) * DAY_MS - BEIJING_MS


def is_day(text: str) -> bool:
    """Tell whether a text is a date of the calendar in the form "2026-11-25"."""
    if not _DAY.fullmatch(text):
        return False
    try:
        _ordinal(text)
    except ValueError:
        return False
    return True


def days_between(first: str, last: str) -> int:
    """Return how many days `last` comes after `first` (negative when before)."""
    return _ordinal(last) - _ordinal(first)


def add_days(day: str, count: int) -> BusinessDay:
    """Return the day `count` days after (before, when negative)."""
    return _day(_ordinal(day) + count)


def weekday(day: str) -> int:
    """Return the day of the week, 1 for Monday to 7 for Sunday."""
    return dt.date.fromordinal(_ordinal(day)).isoweekday()


def say_day(day: str, today: str = "") -> str:
    """Return a day for screen and paper: "11月25日" in the year of `today`, else with the year."""
    year, month, date = day.split("-")
    short = f"{int(month)}月{int(date)}日"
    return short if today[:4] == year else f"{year}年{short}"


def say_moment(at: int, day: str, today: str = "") -> str:
    """Return a moment of a business day for screen and paper: "11月25日 18:10".

    After midnight the night still belongs to the day: "11月25日 次日 01:50", and not a time that
    lies a whole day before. A clock that is far off is shown as it stands: the day is the shift's.
    """
    night = "次日 " if local_day(at) == add_days(day, 1) else ""
    return f"{say_day(day, today)} {night}{local_time(at)}"


def usable_clock(at: int, build_at: int) -> bool:
    """Tell whether a clock may be believed: neither before this program was built nor past 2100.

    Both are UTC milliseconds. A flat battery on the board shows as 2010, a bad one as 2155.
    """
    return build_at <= at < YEAR_2100_MS


def _ordinal(day: str) -> int:
    return dt.date.fromisoformat(day).toordinal()


def _day(ordinal: int) -> BusinessDay:
    return BusinessDay(dt.date.fromordinal(ordinal).isoformat())
