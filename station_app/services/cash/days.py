"""Which business day it is: proposed from the clock, asked about when the clock cannot be right.

A business day belongs to a shift. A clock lies now and then: one that goes back, jumps, or is
plainly impossible is asked about in words, once, and work goes on.
"""

from dataclasses import dataclass

from station_app.values.day import days_between, local_day, usable_clock

NIGHT_ENDS_MS = 5 * 60 * 60 * 1000  # a shift of yesterday that ends by five is no forgotten one
JUMP_DAYS_MAX = 7  # a station closed for the New Year week opens without a question

GOES_BACK = "goes_back"
JUMPS = "jumps"
IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class DayProposal:
    """The business day to work on, and whether the operator must be asked about it.

    day: proposed; asks: "" or why to ask: `goes_back`, `jumps`, `impossible`; clock_day: what
    the clock says, "" when it is impossible; last_day: the latest day that a shift of this station
    has used, "" for none.
    """

    day: str
    asks: str
    clock_day: str
    last_day: str


def is_next_day(day: str, at: int) -> bool:
    """Tell whether a moment (UTC ms) is beyond a shift's day, and the night after it too."""
    return local_day(at - NIGHT_ENDS_MS) > day


def propose_day(clock_ms: int, build_ms: int, last_day: str) -> DayProposal:
    """Propose the business day from the clock and the latest day used so far.

    A day before the latest used one is never proposed: its Z slip is printed.
    """
    if not usable_clock(clock_ms, build_ms):
        return DayProposal(last_day or local_day(build_ms), IMPOSSIBLE, "", last_day)
    clock_day = local_day(clock_ms)
    if not last_day:
        return DayProposal(clock_day, "", clock_day, "")
    passed = days_between(last_day, clock_day)
    if passed < 0:
        return DayProposal(last_day, GOES_BACK, clock_day, last_day)
    return DayProposal(clock_day, JUMPS if passed > JUMP_DAYS_MAX else "", clock_day, last_day)
