"""What holds from a day on: the versions of a publication, and which of them holds on a day.

A publication is put among the others by the day from which it holds; what was to begin on that day
or later is replaced. So what is planned lies here before it begins, and is taken back by a later
word.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

BEGUN_MAX = 6  # what holds, and what held when the papers of last month were made


class Beginning(Protocol):
    """A version. from_day: since when it holds, "" for since ever."""

    @property
    def from_day(self) -> str:
        """Return since when it holds."""
        ...


V = TypeVar("V", bound=Beginning)


def with_new(known: Sequence[V], new: V, day: str) -> tuple[V, ...]:
    """Return the versions with a new one, by the day of each.

    day: on which it was said. Of those that had begun by then only the newest are kept; none that
    is still to come is dropped, however many were planned.
    """
    versions = (*(one for one in known if one.from_day < new.from_day), new)
    begun = sum(1 for one in versions if one.from_day <= day)
    return versions[max(0, begun - BEGUN_MAX) :]


def begun(versions: Sequence[V], day: str) -> V | None:
    """Return what holds on a day, None before the first."""
    found = [one for one in versions if one.from_day <= day]
    return found[-1] if found else None
