"""The scale of the practice: it shows what was put on it, on every system and without a line.

Its frames go the way of a real scale's, through cutter and watch: so a weight is steady only after
half a second, and the pan must come back to nothing before the next one counts.
"""

from collections.abc import Callable

from station_app.devices.scale import ScaleNow, Weighed, WeightWatch
from station_app.devices.scale_profiles import FrameCutter, ScaleProfile
from station_app.devices.scale_reader import milliseconds
from station_app.devices.simulated_frames import head_frame


class PracticeScale:
    """Implements `scale.Scale`. It sends a frame whenever somebody looks."""

    def __init__(self, profile: ScaleProfile, clock_ms: Callable[[], int] = milliseconds) -> None:
        """profile: of the maker whose frames it sends (`head`).

        grams: what lies on it; is_over: it says too much; is_gone: its line was pulled out.
        """
        self._cutter = FrameCutter(profile)
        self._watch = WeightWatch()
        self._clock_ms = clock_ms
        self.grams = 0
        self.is_over = self.is_gone = False

    def now(self) -> ScaleNow:
        """Return what it shows."""
        return ScaleNow("gone") if self.is_gone else self._watch.now(self._look())

    def take(self) -> Weighed | None:
        """Take the steady weight."""
        return None if self.is_gone else self._watch.take(self._look())

    def _look(self) -> int:
        at = self._clock_ms()
        frame = head_frame(self.grams, stable=True, over=self.is_over)
        for reading in self._cutter.feed(frame):
            self._watch.feed(reading, at)
        return at
