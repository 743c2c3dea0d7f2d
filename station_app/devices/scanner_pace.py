"""How many keys a scanner pressed, counted where no input method can eat them.

An input method takes keys before the program sees them: with pinyin on, a scanned JT3022981187609
became the letters JT in a name field, or the number JT187609 (libpinyin under IBus, as measured in
docs/decisions/0095-scanner-and-input-methods.md). What it leaves may look like a whole, shorter
scan; only the count of keys that were really pressed tells. This machine is pure: presses come in
with their moments, from the window system's own messages, and it says how many belonged to a burst.
"""

from dataclasses import dataclass, field
from typing import Final

from station_app.devices.scanner import Timing

LEAST_PRESSES: Final = 6  # fewer come from a hand that rolls over its keys
LATE_MS: Final = 10_000  # an input method that hangs longer has been given up by its system
GAP_MS_CAP: Final = 60  # whoever measured a slower scanner still types pinyin faster than that

# Keys that give a sign, by the codes of X (evdev) and of Windows. VK_PROCESSKEY is what Windows
# says of any key that an input method has taken.
X_SIGN_KEYS: Final = frozenset(
    {*range(10, 22), *range(24, 36), *range(38, 50), *range(51, 62), 63, *range(79, 92), 106}
)
WINDOWS_SIGN_KEYS: Final = frozenset(
    {*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x60, 0x70), *range(0xBA, 0xE3), 0xE5}
)


@dataclass(frozen=True, slots=True)
class RawKey:
    """A key of the window system. code: its own; at: its moment in ms; is_sign: gives a sign."""

    code: int
    at: int
    is_press: bool
    is_sign: bool


@dataclass(slots=True)
class Pace:
    """Counts presses that follow each other as only a scanner's do.

    awaits_hand: a burst was refused, and nobody has pressed a key since.
    """

    timing: Timing
    presses: int = 0
    last_ms: int = 0
    awaits_hand: bool = False
    _refused_ms: int | None = None
    _down: set[int] = field(default_factory=set)

    def take(self, key: RawKey) -> bool:
        """Take a key; returns whether it was one more press of a burst."""
        if not key.is_press:
            self._down.discard(key.code)
            return False
        # A key held down repeats without being let go. Windows' input methods report all keys
        # alike, so there only the pace tells.
        if not key.is_sign or (key.code in self._down and key.code != 0xE5):
            return False
        self._down.add(key.code)
        gap = key.at - self.last_ms
        if self.awaits_hand and 0 <= gap <= self.timing.silence_ms:
            self.last_ms = self._refused_ms = key.at
            return False
        self.awaits_hand = False
        most = self.timing.silence_ms if self.is_burst else min(GAP_MS_CAP, self.timing.gap_ms)
        self.presses = self.presses + 1 if 0 <= gap <= most else 1
        self.last_ms = key.at
        return self.is_burst

    @property
    def is_burst(self) -> bool:
        """Tell whether the presses can only be a scanner's."""
        return self.presses >= LEAST_PRESSES

    def guards(self, at: int) -> bool:
        """Tell whether an Enter of this moment is the scanner's, whatever became of its signs."""
        if self.is_burst and 0 <= at - self.last_ms <= self.timing.guard_ms:
            return True
        return self._is_of_refused(at, self.timing.guard_ms)

    def is_late(self, at: int) -> bool:
        """Tell whether a key was pressed in the refused burst, however late it comes."""
        return self._is_of_refused(at, 0)

    def _is_of_refused(self, at: int, after_ms: int) -> bool:
        # The clock of X begins anew every 49 days, so "before it" has an end.
        if self._refused_ms is None:
            return False
        return -LATE_MS <= at - self._refused_ms <= after_ms

    def has_lost(self, signs: int) -> bool:
        """Tell whether fewer signs arrived than were pressed."""
        return self.is_burst and signs < self.presses

    def forget(self) -> None:
        """The burst has been dealt with."""
        self.presses = 0

    def refuse(self) -> None:
        """The burst is refused: what an input method still makes of it is nobody's typing."""
        self.forget()
        self.awaits_hand = True
        self._refused_ms = self.last_ms


X_PRESS, X_RELEASE = 2, 3
_X_SENT, _X_CONTROL_OR_ALT = 0x80, 0x0C
WM_KEYDOWN, WM_KEYUP = 0x0100, 0x0101


def key_of_x(event: bytes) -> RawKey | None:
    """Return the key of an X event (its 32 bytes as they lie in memory), None for another event."""
    kind = event[0] & ~_X_SENT
    if kind not in (X_PRESS, X_RELEASE):
        return None
    at = int.from_bytes(event[4:8], "little")
    state = int.from_bytes(event[28:30], "little")
    code = event[1]
    is_sign = code in X_SIGN_KEYS and not state & _X_CONTROL_OR_ALT
    return RawKey(code, at, kind == X_PRESS, is_sign)


def key_of_windows(message: bytes) -> RawKey | None:
    """Return the key of a Windows MSG (64 bit, 40 bytes or more), None for another message.

    HWND 8, message 4 and 4 to align, wParam 8, lParam 8, time 4. Alt makes it WM_SYSKEYDOWN,
    which is none of ours.
    """
    kind = int.from_bytes(message[8:12], "little")
    if kind not in (WM_KEYDOWN, WM_KEYUP):
        return None
    code = int.from_bytes(message[16:24], "little")
    at = int.from_bytes(message[32:36], "little")
    return RawKey(code, at, kind == WM_KEYDOWN, code in WINDOWS_SIGN_KEYS)
