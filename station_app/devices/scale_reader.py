"""The scale's own thread: opens the line, listens or asks, and opens it again when it was pulled.

Pages look at `now()` as often as they like; nobody ever waits for the scale.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from station_app.devices.printer import Line
from station_app.devices.scale import (
    MINIMUM_GRAMS,
    SILENT_MS,
    NoScale,
    Scale,
    ScaleNow,
    Weighed,
    WeightWatch,
)
from station_app.devices.scale_profiles import FrameCutter, ScaleProfile
from station_app.devices.serial_line import SerialPlace, open_line, parse_place, reason_of

LISTEN_SECONDS = 0.1
ASK_SECONDS = 0.2  # between two questions
AGAIN_SECONDS = (0.5, 1.0, 2.0, 5.0)  # between two tries to open the line
RUBBISH_MAX = 60  # bytes that fit no frame: three frames of another language
STOP_SECONDS = 3.0
SAMPLE_BYTES_MAX = 2_000


class ScaleSetting(msgspec.Struct, frozen=True, kw_only=True):
    """The scale of this PC. place: its line, as `SerialPlace` is written; profile: its name.

    learned: the profile that was learned from a sample, instead of a named one; verified_until: the
    last day of its verification (检定), "" when nobody has said; minimum_grams: of a weight.
    """

    place: str
    profile: str
    learned: ScaleProfile | None = None
    verified_until: str = ""
    minimum_grams: int = MINIMUM_GRAMS


def milliseconds() -> int:
    """Return a moment of a clock that never goes back."""
    return time.monotonic_ns() // 1_000_000


class ScaleReader:
    """A scale on a line. Implements `Scale`."""

    def __init__(
        self,
        place: SerialPlace,
        profile: ScaleProfile,
        *,
        minimum_grams: int = MINIMUM_GRAMS,
        clock_ms: Callable[[], int] = milliseconds,
    ) -> None:
        """Nothing runs before `start`."""
        self._place = place
        self._profile = profile
        self._watch = WeightWatch(minimum_grams)
        self._cutter = FrameCutter(profile)
        self._clock_ms = clock_ms
        self._gone = ""
        self._heard_ms = self._opened_ms = self._came_ms = clock_ms()
        self._rubbish = 0
        self._guard = threading.Lock()
        self._off = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scale", daemon=True)

    def start(self) -> None:
        """Listen from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Let go of the line."""
        self._off.set()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def now(self) -> ScaleNow:
        """Return what the scale shows."""
        with self._guard:
            if self._gone:
                return ScaleNow("gone", reason=self._gone)
            at = self._clock_ms()
            now = self._watch.now(at)
            is_speaking = at - self._came_ms <= SILENT_MS
            if now.state == "silent" and is_speaking and self._rubbish > RUBBISH_MAX:
                return ScaleNow("garbled")
            if now.state == "silent" and at - self._opened_ms <= SILENT_MS:
                return ScaleNow("none")  # it has had no time to say anything
            return now

    def take(self) -> Weighed | None:
        """Take the steady weight."""
        with self._guard:
            return None if self._gone else self._watch.take(self._clock_ms())

    def _run(self) -> None:
        failures = 0
        while not self._off.is_set():
            try:
                with open_line(self._place) as line:
                    failures = 0
                    self._set_gone("")
                    self._listen(line)
            except OSError as problem:
                self._set_gone(reason_of(problem))
                failures += 1
                self._off.wait(AGAIN_SECONDS[min(failures, len(AGAIN_SECONDS)) - 1])

    def _set_gone(self, reason: str) -> None:
        with self._guard:
            self._gone = reason
            self._opened_ms = self._clock_ms()

    def _listen(self, line: Line) -> None:
        while not self._off.is_set():
            came = self._asked(line) if self._profile.ask else line.read(LISTEN_SECONDS)
            self._take_in(came)

    def _asked(self, line: Line) -> bytes:
        """Put the questions one after the other; return what came for the last one."""
        *first, last = (bytes.fromhex(word) for word in self._profile.ask)
        ready = bytes.fromhex(self._profile.ready)
        for question in first:
            line.write(question)
            if ready and ready not in line.read(LISTEN_SECONDS):
                self._off.wait(ASK_SECONDS)
                return b""
        line.write(last)
        came = line.read(LISTEN_SECONDS)
        self._off.wait(ASK_SECONDS)
        return came + line.read(0.01)

    def _take_in(self, came: bytes) -> None:
        if not came:
            return
        with self._guard:
            at = self._came_ms = self._clock_ms()
            readings = self._cutter.feed(came)
            for reading in readings:
                self._watch.feed(reading, at)
            quiet_ms = at - self._heard_ms
            if readings:
                self._heard_ms, self._rubbish = at, 0
            elif quiet_ms > SILENT_MS // 2:
                self._rubbish += len(came)


@dataclass(frozen=True, slots=True)
class Sample:
    """What a scale sent while it showed a weight that somebody read aloud."""

    raw: bytes
    grams: int


def listen(place: SerialPlace, seconds: float, enough: int = SAMPLE_BYTES_MAX) -> bytes:
    """Return what comes over a line within so many seconds. Blocks; raises OSError."""
    came = b""
    until = time.monotonic() + seconds
    with open_line(place) as line:
        while len(came) < enough and time.monotonic() < until:
            came += line.read(LISTEN_SECONDS)
    return came


class ScaleStand:
    """The place of the scale at this counter: whichever is set up now. Implements `Scale`."""

    def __init__(
        self, profiles: Callable[[], "dict[str, ScaleProfile]"], without: Scale | None = None
    ) -> None:
        """Begin without a scale; profiles: returns the named kinds, when one is wanted.

        without: what stands there while none is set up, that of a practice; else there is none.
        """
        self._profiles = profiles
        self._without = without or NoScale()
        self._scale: Scale = self._without
        self._one_at_a_time = threading.Lock()
        self.setting: ScaleSetting | None = None

    def now(self) -> ScaleNow:
        """Return what the scale shows."""
        return self._scale.now()

    def take(self) -> Weighed | None:
        """Take the steady weight."""
        return self._scale.take()

    def put(self, setting: ScaleSetting | None) -> None:
        """Use another scale from now on, None for none. Waits until the old line is let go."""
        with self._one_at_a_time:
            if isinstance(self._scale, ScaleReader):
                self._scale.stop()
            self._scale, self.setting = self._without, setting
            profile = self._profile_of(setting)
            if setting is not None and profile is not None:
                reader = ScaleReader(
                    parse_place(setting.place), profile, minimum_grams=setting.minimum_grams
                )
                reader.start()
                self._scale = reader

    def _profile_of(self, setting: ScaleSetting | None) -> ScaleProfile | None:
        if setting is None:
            return None
        return setting.learned or self._profiles().get(setting.profile)
