"""Business days: the local date, counted without asking any machine for the time.

A business day belongs to a shift and is proposed from the clock. A clock lies now and then: one
that goes back, jumps, or is plainly impossible is asked about in words, once, and work goes on.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

DAY_MS = 86_400_000
LOCAL_AHEAD_MS = 8 * 3_600_000  # Asia/Shanghai: no summer time since 1991
JUMP_DAYS_MAX = 7
CLOCK_MS_MAX = 4_102_444_800_000  # 2100-01-01: a clock beyond it is broken

GOES_BACK = "goes_back"
JUMPS = "jumps"
IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class DayProposal:
    """The business day to work on, and whether the operator must be asked about it.

    day: proposed; asks: "" or why to ask: `goes_back`, `jumps`, `impossible`; clock_day: what
    the clock says; last_day: the latest day that a shift of this station has used, "" for none.
    """

    day: str
    asks: str
    clock_day: str
    last_day: str


def local_day(at_ms: int) -> str:
    """Return the local date of a moment in UTC milliseconds, as "2026-11-25"."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms + LOCAL_AHEAD_MS)
    return moment.date().isoformat()


def local_minute(at_ms: int) -> str:
    """Return the local time of a moment, as "18:10"."""
    minutes = (at_ms + LOCAL_AHEAD_MS) % DAY_MS // 60_000
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def is_day(text: str) -> bool:
    """Tell whether this is a date as we write it."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def days_between(earlier: str, later: str) -> int:
    """Return how many days lie between two dates; negative when they stand the other way."""
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days


def propose_day(clock_ms: int, build_ms: int, last_day: str) -> DayProposal:
    """Propose the business day from the clock and the latest day used so far.

    A day before the latest used one is never proposed: its Z slip is printed.
    """
    if not build_ms <= clock_ms < CLOCK_MS_MAX:
        day = last_day or local_day(build_ms)
        return DayProposal(day, IMPOSSIBLE, "", last_day)
    clock_day = local_day(clock_ms)
    if not last_day:
        return DayProposal(clock_day, "", clock_day, "")
    passed = days_between(last_day, clock_day)
    if passed < 0:
        return DayProposal(last_day, GOES_BACK, clock_day, last_day)
    asks = JUMPS if passed > JUMP_DAYS_MAX else ""
    return DayProposal(clock_day, asks, clock_day, last_day)
