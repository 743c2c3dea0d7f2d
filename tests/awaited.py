"""The one place where a test waits for a process that cannot call it back.

Everything else waits for an event: a signal, a line of output, a page that changed.
`tests/house.py` lets nobody sleep elsewhere.
"""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
LOOK_AGAIN_SECONDS = 0.03  # between two looks: below what anybody notices in a suite


class Awaited(AssertionError):
    """It did not come in time."""


def until(look: Callable[[], T], seconds: float, what: str) -> T:
    """Return the first thing that `look` finds; what: that is waited for, in words."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise Awaited(f"waited {seconds} s in vain for {what}")
        time.sleep(LOOK_AGAIN_SECONDS)
    return found


def a_moment(seconds: float) -> None:
    """Let a process run on for a moment of chance, so that a kill falls anywhere in its work."""
    time.sleep(seconds)
