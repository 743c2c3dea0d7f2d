"""A keyboard plugged into an X server: whole bursts in one go, each key with its own delay there.

The server itself counts the delays (XTEST): a busy machine turns no scanner into a person.
"""

import ctypes
from ctypes import c_char_p, c_int, c_uint, c_ulong, c_void_p

KEYS = {"\r": "Return", "+": "KP_Add", ".": "period"}
POINTER_ROOT = 1  # the window that has the focus when another one goes


class Keyboard:
    """Presses keys of one display."""

    def __init__(self, display: str) -> None:
        self._x = ctypes.CDLL("libX11.so.6")
        self._test = ctypes.CDLL("libXtst.so.6")
        self._x.XOpenDisplay.restype = c_void_p
        self._x.XOpenDisplay.argtypes = [c_char_p]
        self._x.XStringToKeysym.restype = c_ulong
        self._x.XKeysymToKeycode.argtypes = [c_void_p, c_ulong]
        self._x.XSetInputFocus.argtypes = [c_void_p, c_ulong, c_int, c_ulong]
        for function in (self._x.XFlush, self._x.XCloseDisplay):
            function.argtypes = [c_void_p]
        self._x.XSync.argtypes = [c_void_p, c_int]
        self._test.XTestFakeKeyEvent.argtypes = [c_void_p, c_uint, c_int, c_ulong]
        self._display = self._x.XOpenDisplay(display.encode())
        assert self._display, f"no display {display}"

    def focus(self, window: int) -> None:
        """Give the focus to a window, as a window manager would."""
        self._x.XSetInputFocus(self._display, window, POINTER_ROOT, 0)
        self._x.XFlush(self._display)

    def _code(self, name: str) -> int:
        symbol = self._x.XStringToKeysym(KEYS.get(name, name).encode())
        code = int(self._x.XKeysymToKeycode(self._display, symbol))
        assert code, f"no key {name}"
        return code

    def _put(self, name: str, is_down: int, wait_ms: int) -> None:
        self._test.XTestFakeKeyEvent(self._display, self._code(name), is_down, wait_ms)

    def press(self, *names: str, wait_ms: int = 0) -> None:
        """Press and release keys, one after the other, each after a wait."""
        for name in names:
            needs_shift = len(name) == 1 and name.isupper()
            if needs_shift:
                self._put("Shift_L", 1, 0)
            self._put(name, 1, wait_ms)
            self._put(name, 0, 0)
            if needs_shift:
                self._put("Shift_L", 0, 0)
        self._x.XFlush(self._display)

    def chord(self, holder: str, name: str) -> None:
        """Hold one key and press another."""
        self._put(holder, 1, 0)
        self._put(name, 1, 0)
        self._put(name, 0, 0)
        self._put(holder, 0, 0)
        self._x.XFlush(self._display)

    def close(self) -> None:
        """Unplug it."""
        self._x.XCloseDisplay(self._display)
