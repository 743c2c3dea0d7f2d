"""The machine under the program: its clock, its chance, and what its data folder holds.

Light enough to be there before the first picture; everything else of the data folder is in
`premises`.
"""

import os
import time

DATABASE = "station.db"
KEY_UNDER_PASSPHRASE = "passphrase.key"  # noqa: S105 - the name of a file


class SystemClock:
    """This machine's clock."""

    def now_ms(self) -> int:
        """Return UTC milliseconds."""
        return time.time_ns() // 1_000_000


class SystemChance:
    """The system's random source."""

    def draw(self, count: int) -> bytes:
        """Return `count` random bytes."""
        return os.urandom(count)
