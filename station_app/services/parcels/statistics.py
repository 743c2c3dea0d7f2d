"""What the counter has done with parcels over a span of days: by courier, how long, at what hours.

Everything is a view over what is known of each parcel and today's date. A parcel is overdue from
the day on which its courier wants its receiver reminded, as on the page of overdue parcels.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from station_app.services.parcels.visits import HANDED_OVER, ON_HAND, RETURNED
from station_app.values.day import add_days, days_between

HOURS = 24
SPANS: Mapping[str, int] = {"day": 1, "week": 7, "month": 30, "year": 365, "three_years": 3 * 365}
# For how long parcels waited until they were handed over: up to so many days; the rest is longer.
DWELLS = (0, 1, 2, 4, 7)


@dataclass(frozen=True, slots=True)
class Span:
    """A span of days, both ends in it. today: how old what is here has become."""

    first: str
    last: str
    today: str

    def holds(self, day: str) -> bool:
        """Tell whether a day lies in it."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Kept:
    """So many parcels of one courier that came on one day and left on one, "" for not yet."""

    courier: str
    status: str
    day_in: str
    closed_day: str
    count: int


@dataclass(slots=True)
class Sums:
    """Pieces. days: that those handed over had waited, all together; judged: may be overdue."""

    came: int = 0
    handed: int = 0
    returned: int = 0
    here: int = 0
    days: int = 0
    judged: int = 0
    overdue: int = 0
    dwells: list[int] = field(default_factory=lambda: [0] * (len(DWELLS) + 1))

    @property
    def tenths(self) -> int:
        """Return for how long a piece waited on average, in tenths of a day."""
        return (10 * self.days + self.handed // 2) // self.handed if self.handed else 0

    @property
    def per_mille(self) -> int:
        """Return how many of a thousand were overdue."""
        return (1000 * self.overdue + self.judged // 2) // self.judged if self.judged else 0

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to say."""
        return not (self.came or self.handed or self.returned or self.here)


@dataclass(frozen=True, slots=True)
class Statistics:
    """All of it. by_courier: the busiest first; came_at, handed_at: pieces by hour of the day."""

    span: Span
    whole: Sums
    by_courier: Sequence[tuple[str, Sums]]
    came_at: Sequence[int]
    handed_at: Sequence[int]


def span_of(name: str, today: str) -> Span:
    """Return the days up to today that a name of `SPANS` stands for."""
    return Span(add_days(today, 1 - SPANS[name]), today, today)


def summed(
    span: Span,
    kept: Iterable[Kept],
    remind_days: Mapping[str, int],
    hours: tuple[Sequence[int], Sequence[int]],
) -> Statistics:
    """Add up. remind_days: by courier, 0 for never; hours: of coming and of handing over."""
    whole, sums = Sums(), dict[str, Sums]()
    for one in kept:
        for into in (whole, sums.setdefault(one.courier, Sums())):
            _add(into, one, span, remind_days.get(one.courier, 0))
    named = [(courier, of_it) for courier, of_it in sums.items() if not of_it.is_empty]
    busiest = sorted(named, key=lambda pair: (-pair[1].came, -pair[1].handed, pair[0]))
    return Statistics(span, whole, busiest, *hours)


def _add(sums: Sums, one: Kept, span: Span, remind: int) -> None:
    if span.holds(one.day_in):
        sums.came += one.count
    if one.status == ON_HAND:
        sums.here += one.count
        _judge(sums, one, days_between(one.day_in, span.today), remind)
    if one.status not in (HANDED_OVER, RETURNED) or not span.holds(one.closed_day):
        return
    days = max(0, days_between(one.day_in, one.closed_day))
    _judge(sums, one, days, remind)
    if one.status == RETURNED:
        sums.returned += one.count
        return
    sums.handed += one.count
    sums.days += days * one.count
    place = next((n for n, most in enumerate(DWELLS) if days <= most), len(DWELLS))
    sums.dwells[place] += one.count


def _judge(sums: Sums, one: Kept, days: int, remind: int) -> None:
    sums.judged += one.count
    if remind and days >= remind:
        sums.overdue += one.count
