"""A scale that exists only on a pseudo-terminal: for practice and tests.

Its frames are written after the makers' manuals, without the tables that read them.
"""

from collections.abc import Callable

from station_app.devices.simulated_frames import FRAMES as FRAMES
from station_app.devices.simulated_frames import head_frame as head_frame
from station_app.devices.simulated_serial import SerialEnd

EVERY_LOOKS = 5  # a frame in each tenth of a second
GARBAGE = b"\x15\x80??\x00hello\x7f"


class SimulatedScale(SerialEnd):
    """A scale at the far end of a line. Use it as a context.

    grams, is_stable, is_over: what it shows; is_mute: says nothing; is_garbled: says rubbish.
    """

    def __init__(
        self, profile: str = "cas_22", *, frame: Callable[..., bytes] | None = None
    ) -> None:
        """Speak as `profile` does, or by a frame of one's own."""
        super().__init__()
        self._frame = frame or FRAMES[profile]
        self._is_asked = profile == "enq_dc1" and frame is None
        self._looks = 0
        self.grams, self.is_stable, self.is_over = 0, True, False
        self.is_mute = self.is_garbled = False

    def put(self, grams: int, *, stable: bool = True) -> None:
        """Put something on the pan."""
        self.grams, self.is_stable, self.is_over = grams, stable, False

    def hear(self, came: bytes) -> None:
        """Answer questions, or send by itself."""
        self._looks += 1
        if self.is_mute:
            return
        if self._is_asked:
            if b"\x05" in came:
                self.say(b"\x06")
            if b"\x11" in came:
                self.say(self._now())
        elif self._looks % EVERY_LOOKS == 0:
            self.say(self._now())

    def _now(self) -> bytes:
        if self.is_garbled:
            return GARBAGE
        return self._frame(self.grams, stable=self.is_stable, over=self.is_over)
