"""A keyboard scanner under Linux, taken for this program alone (evdev grab).

`/dev/input/event*` gives every key with its code; `EVIOCGRAB` keeps all of them from desktop and
input method, so a scan can be typed nowhere. The signs are those of the US layout, which is what
scanners press. Written with `struct` and one ioctl: the layout of `input_event` is the kernel's
promise, and a package for it would have to be built on every PC.
"""

import errno
import os
import select
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

BY_ID: Final = Path("/dev/input/by-id")
EVENT: Final = struct.Struct("@llHHi")  # struct input_event of a 64-bit or 32-bit kernel's own
EV_KEY: Final = 1
PRESSED, RELEASED = 1, 0
EVIOCGRAB: Final = 0x4004_4590
READ_EVENTS: Final = 64

_ROWS: Final = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
    (71, "789-456+1230.", "789-456+1230."),
)
_SIGNS: Final = {first + n: sign for first, plain, _ in _ROWS for n, sign in enumerate(plain)}
_SHIFTED: Final = {first + n: sign for first, _, up in _ROWS for n, sign in enumerate(up)}
_SIGNS[55] = _SHIFTED[55] = "*"
_SIGNS[98] = _SHIFTED[98] = "/"
_ENTERS: Final = frozenset({28, 96, 15})  # Enter, that of the number block, Tab
_SHIFTS: Final = frozenset({42, 54})
_CONTROLS: Final = frozenset({29, 97})
_CAPS_LOCK: Final = 58
_GROUP_SEPARATOR_KEY: Final = 27  # Ctrl+] is the separator of GS1 codes


@dataclass(slots=True)
class KeyReader:
    """Turns the events of a device into codes. Pure: bytes in, codes out."""

    _rest: bytes = b""
    _signs: list[str] = field(default_factory=list)
    _held: set[int] = field(default_factory=set)
    _is_caps: bool = False

    def feed(self, came: bytes) -> list[str]:
        """Take bytes as the device gave them; return the codes that they complete."""
        data = self._rest + came
        whole = len(data) - len(data) % EVENT.size
        self._rest = data[whole:]
        codes = []
        for _sec, _usec, kind, key, value in EVENT.iter_unpack(data[:whole]):
            if kind == EV_KEY and (code := self.take(key, value)):
                codes.append(code)
        return codes

    def take(self, key: int, value: int) -> str:
        """Take one key by its code; return the code that it completes, "" if it does not."""
        if value == RELEASED:
            self._held.discard(key)
            return ""
        if value != PRESSED:  # a key held down repeats; a scanner presses each anew
            return ""
        self._held.add(key)
        if key == _CAPS_LOCK:
            self._is_caps = not self._is_caps
        elif key in _ENTERS:
            return self.pause()
        elif sign := self._sign(key):
            self._signs.append(sign)
        return ""

    def _sign(self, key: int) -> str:
        if self._held & _CONTROLS:
            return "\x1d" if key == _GROUP_SEPARATOR_KEY else ""
        sign = (_SHIFTED if self._held & _SHIFTS else _SIGNS).get(key, "")
        return sign.swapcase() if self._is_caps else sign

    def pause(self) -> str:
        """Return what is held as a code, "" if nothing is."""
        signs, self._signs = "".join(self._signs), []
        return signs


class EvdevScanner:
    """An input device of Linux that only this program hears. Implements `CodeSource`."""

    def __init__(self, path: str) -> None:
        """Open and take it. Raises OSError."""
        self._reader = KeyReader()
        self._file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            import fcntl

            fcntl.ioctl(self._file, EVIOCGRAB, 1)
        except BaseException:
            os.close(self._file)
            raise

    def read(self, seconds: float) -> list[str]:
        """Return the codes that came within this time; a pause ends one without a suffix."""
        ready, _, _ = select.select([self._file], [], [], seconds)
        if not ready:
            code = self._reader.pause()
            return [code] if code else []
        came = os.read(self._file, EVENT.size * READ_EVENTS)
        if not came:
            raise OSError(errno.ENODEV, "the scanner was pulled")
        return self._reader.feed(came)

    def close(self) -> None:
        """Give it back to the desktop."""
        os.close(self._file)


def keyboards(folder: Path = BY_ID) -> tuple[tuple[str, str], ...]:
    """Return what is plugged in as a keyboard: (path that stays the same, name in words)."""
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return ()
    found = [entry for entry in entries if entry.name.endswith("-event-kbd")]
    return tuple((str(one), _words(one.name)) for one in found)


def _words(name: str) -> str:
    bare = name.removeprefix("usb-").removesuffix("-event-kbd")
    return bare.replace("_", " ").strip()
