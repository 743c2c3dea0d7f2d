"""What a parcel asks for by its age: a reminder, a call, the way back, or a platform's last days.

Nothing here is a state: it is a view of the day on which a parcel came, and of today.
"""

from collections.abc import Mapping
from typing import Protocol

from station_app.values.day import days_between

STAGES = ("return", "call", "remind")  # the most urgent first
CLOCK, CLOCK_DAYS = "clock", 3  # so many days before a platform takes nothing back any more


class Days(Protocol):
    """After how many days a courier wants something."""

    @property
    def remind_days(self) -> int:
        """Return after how many days the receiver is reminded, 0 for never."""
        ...

    @property
    def call_days(self) -> int:
        """Return after how many days she is called."""
        ...

    @property
    def return_days(self) -> int:
        """Return after how many days it goes back."""
        ...


class Standing(Protocol):
    """A parcel on hand."""

    @property
    def waybill(self) -> str:
        """Return its number, "" for none."""
        ...

    @property
    def day_in(self) -> str:
        """Return when it came."""
        ...


def stage_today(
    row: Standing, today: str, courier: Days | None, last_days: Mapping[str, str]
) -> tuple[str, str]:
    """Return what a parcel asks for today, and the day of its platform's clock if that is it."""
    last_day = last_days.get(row.waybill, "") if row.waybill else ""
    if last_day and 0 <= days_between(today, last_day) <= CLOCK_DAYS:
        return CLOCK, last_day
    age = days_between(row.day_in, today)
    return (stage_of(age, courier) if age else ""), ""


def stage_of(age: int, courier: Days | None) -> str:
    """Return what a parcel of this age asks for: `return`, `call`, `remind` or ""."""
    if courier is None:
        return ""
    days = (courier.return_days, courier.call_days, courier.remind_days)
    for stage, after in zip(STAGES, days, strict=True):
        if after and age >= after:
            return stage
    return ""
