"""When to try and how much to carry: the manners of one device on a thin, unreliable line.

A request carries what the line takes in ten seconds, by what the last ones took. After a failure
the wait is drawn by lot up to a ceiling that doubles: three hundred stations whose line comes back
in the same minute do not knock in the same second.

Moments come from this machine's clock, which may jump. A wait that turns out longer than any that
is ever set is one that the clock has spoilt, and is over.
"""

from station_app.journal.fact import blake
from station_app.sync.packing import level_for
from station_app.values.clock import Chance

POLL_MS = 5 * 60_000  # how old the county's news may get on a quiet line
GAP_MS = 20_000  # acts at the counter come in bursts: one request for several
BACK_OFF_FIRST_MS = 1_000
BACK_OFF_MAX_MS = 15 * 60_000
WAIT_MAX_MS = 60 * 60_000  # the county may ask for no more: one header switches nobody off
AIR_TIME_S = 10
ROOM_MIN = 4 * 1024
ROOM_MAX = 1024 * 1024
ROOM_UNKNOWN = 32 * 1024  # before the first measurement: four seconds at 64 kbit/s
TELLING_BYTES = 4 * 1024  # a shorter exchange measures the round trip, not the rate
SPREAD_MS = 20 * 60_000  # over which the stations of a county carry their photos after closing
_DOUBLINGS_MAX = 20


class Pace:
    """Keeps rate, room and the moment of the next try."""

    def __init__(self, chance: Chance) -> None:
        """Draw the waits from `chance`."""
        self._chance = chance
        self._rate = 0
        self._room_limit = ROOM_MAX
        self._failures = 0
        self._poll_at = 0
        self._bulk_at = 0
        self.retry_at = 0
        self.has_more = False

    @property
    def room(self) -> int:
        """Return how many bytes ten seconds of this line carry."""
        wished = self._rate * AIR_TIME_S if self._rate else ROOM_UNKNOWN
        return max(ROOM_MIN, min(wished, ROOM_MAX, self._room_limit))

    @property
    def level(self) -> int:
        """Return how hard to pack for this line."""
        return level_for(self._rate)

    def wait_until(self, now_ms: int) -> int:
        """Return until when nothing may be tried; 0 when it may."""
        return 0 if _is_over(self.retry_at, now_ms) else self.retry_at

    def poll_at(self, now_ms: int) -> int:
        """Return when to ask for news although there is nothing to send; 0 when that is now."""
        return 0 if self.has_more or _is_over(self._poll_at, now_ms) else self._poll_at

    def measure(self, size: int, elapsed_ms: int) -> None:
        """Learn the line's rate from an exchange that was long enough to tell, or quicker."""
        rate = size * 1000 // max(1, elapsed_ms)
        if size >= TELLING_BYTES or rate > self._rate:
            self._rate = rate

    def limit(self, bytes_max: int) -> None:
        """Carry less from now on: the county said how much, or (0) only that it was too much."""
        self._room_limit = max(ROOM_MIN, min(bytes_max or self.room // 2, ROOM_MAX))

    def failed(self, now_ms: int, *, asked_ms: int = 0, has_moved: bool = False) -> None:
        """Set the next try after a failure.

        asked_ms: the wait that the county asked for; has_moved: something came across, so the
        line is there and patience begins anew.
        """
        self._failures = 1 if has_moved else self._failures + 1
        doublings = min(self._failures - 1, _DOUBLINGS_MAX)
        ceiling = min(BACK_OFF_MAX_MS, BACK_OFF_FIRST_MS << doublings)
        drawn = ceiling * int.from_bytes(self._chance.draw(4), "big") >> 32
        self.retry_at = now_ms + max(drawn, min(asked_ms, WAIT_MAX_MS))
        self.has_more = True

    def succeeded(self, now_ms: int, *, has_more: bool, is_stuck: bool) -> None:
        """Set the next try after a success.

        has_more: go on at once; is_stuck: what was sent moved nothing, so it is not sent again
        in a hurry.
        """
        self._failures = 0
        self.has_more = has_more
        self.retry_at = 0 if has_more else now_ms + (POLL_MS if is_stuck else GAP_MS)
        self._poll_at = now_ms + POLL_MS

    def carried(self) -> None:
        """A piece of a photo went over: go on at once; when news are due has not changed."""
        self._failures = 0
        self.retry_at = 0

    def close_day(self, now_ms: int, device: str) -> None:
        """The counter closes: what nobody waits for any more begins at this device's own moment.

        Three hundred stations close at six. What they have recorded goes at once, while the
        operator looks; photos are spread over twenty minutes, each PC at the same place every day.
        """
        digest = blake(device.encode("utf-8"))
        self._bulk_at = now_ms + int.from_bytes(digest[:4], "big") * SPREAD_MS // 2**32

    def may_carry_bulk(self, now_ms: int) -> bool:
        """Tell whether photos may go now."""
        return _is_over(self._bulk_at, now_ms)

    def at_once(self) -> None:
        """Let the next try come now."""
        self.retry_at = self._poll_at = 0


def _is_over(moment: int, now_ms: int) -> bool:
    return now_ms >= moment or moment > now_ms + WAIT_MAX_MS
