"""Time and chance as arguments.

Nothing below the composition root may ask the machine for the time or for random bytes: that is
what lets a test run weeks of many stations in seconds, with clocks that lie and seeds that replay.
"""

from typing import Protocol


class Clock(Protocol):
    """Tells the time of this machine, right or wrong."""

    def now_ms(self) -> int:
        """Return UTC milliseconds since 1970."""
        ...


class Chance(Protocol):
    """Gives random bytes, from the system or from a seed."""

    def draw(self, count: int) -> bytes:
        """Return `count` random bytes."""
        ...
