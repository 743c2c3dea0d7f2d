"""Weighing: from frames to a weight that may be taken.

A weight counts when the scale is still: two frames or more over half a second, the same grams, each
marked stable; a scale that gives no mark is watched for longer. It must be above the minimum, and
after it was taken the pan must come back to nothing before the next one: so one basket is never
weighed in twice. The frame itself is kept as the proof. `WeightWatch` is pure: moments come in.
"""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from station_app.devices.scale_profiles import Reading

FRAMES_LEAST = 2
STILL_MS = 500
FRAMES_UNMARKED, STILL_UNMARKED_MS = 4, 1_000  # where the scale does not say that it is still
MINIMUM_GRAMS = 20  # twenty times the step of a usual scale; lighter is a leaf on the pan
SILENT_MS = 2_000  # without a frame

State = Literal[
    "none",  # no scale is set up, or its line was opened only now
    "gone",  # the line cannot be opened, or was pulled out
    "silent",  # nothing comes
    "garbled",  # what comes is no frame
    "overload",
    "negative",
    "empty",
    "moving",
    "steady",
    "return",  # the same load was taken already: first off with it
]


@dataclass(frozen=True, slots=True)
class ScaleNow:
    """What the scale shows now. grams: 0 when nothing is known; reason: why it is `gone`.

    frame: what it said, in hex; the same weight is the same whatever its frame.
    """

    state: State
    grams: int = 0
    reason: str = ""
    frame: str = field(default="", compare=False)

    @property
    def is_answering(self) -> bool:
        """Tell whether frames come from it."""
        return self.state not in ("none", "gone", "silent", "garbled")


@dataclass(frozen=True, slots=True)
class Weighed:
    """A weight that was taken. frame: the stable frame in hex, the proof of it."""

    grams: int
    frame: str


class Scale(Protocol):
    """The scale, as a page sees it. Neither method waits for anything."""

    def now(self) -> ScaleNow:
        """Return what it shows."""
        ...

    def take(self) -> Weighed | None:
        """Take the steady weight; None when it is not steady any more, or was taken before."""
        ...


class NoScale:
    """No scale is set up: everything is typed. Implements `Scale`."""

    def now(self) -> ScaleNow:
        """Return that there is none."""
        return ScaleNow("none")

    def take(self) -> Weighed | None:
        """Return nothing."""
        return None


class WeightWatch:
    """Judges frames as they come."""

    def __init__(self, minimum_grams: int = MINIMUM_GRAMS) -> None:
        """Begin with an empty pan that nobody has seen."""
        self._minimum = minimum_grams
        self._last: Reading | None = None
        self._last_ms = 0
        self._same_since_ms = 0
        self._same = 0
        self._must_return = False

    def feed(self, reading: Reading, at_ms: int) -> None:
        """Take a frame and the moment at which it came."""
        last, self._last = self._last, reading
        is_same = (
            last is not None
            and last.state == reading.state == "weight"
            and last.grams == reading.grams
            and last.is_stable is not False
            and at_ms - self._last_ms <= SILENT_MS
        )
        self._last_ms = at_ms
        if is_same and reading.is_stable is not False:
            self._same += 1
        else:
            self._same, self._same_since_ms = 1, at_ms
        if reading.state == "weight" and reading.grams < self._minimum:
            self._must_return = False

    def now(self, at_ms: int) -> ScaleNow:
        """Return what stands on the scale at this moment."""
        reading = self._last
        if reading is None or at_ms - self._last_ms > SILENT_MS:
            return ScaleNow("silent")
        if reading.state == "overload":
            return ScaleNow("overload")
        return ScaleNow(self._state_of(reading), reading.grams, frame=reading.frame.hex())

    def _state_of(self, reading: Reading) -> State:
        if reading.grams < 0:
            return "negative"
        if reading.grams < self._minimum:
            return "empty"
        if not self._is_still(reading):
            return "moving"
        return "return" if self._must_return else "steady"

    def _is_still(self, reading: Reading) -> bool:
        if reading.is_stable is False:
            return False
        is_marked = reading.is_stable is True
        frames = FRAMES_LEAST if is_marked else FRAMES_UNMARKED
        still_ms = STILL_MS if is_marked else STILL_UNMARKED_MS
        return self._same >= frames and self._last_ms - self._same_since_ms >= still_ms

    def take(self, at_ms: int) -> Weighed | None:
        """Take the steady weight; the pan must be empty before there is another one."""
        if self.now(at_ms).state != "steady" or self._last is None:
            return None
        self._must_return = True
        return Weighed(self._last.grams, self._last.frame.hex())
