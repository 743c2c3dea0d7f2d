"""A keyboard scanner under Windows, told from all other keyboards (Raw Input).

Windows lets a program see which device pressed a key, but not take the keys away from others: the
window gets them too, and whoever reads both must count a scan once (`scanner_twins`). What is
gained: a scan is read from the device's own keys, whatever an input method makes of them.

The numbers of keys are those of the old PC keyboard, from which Linux took its own, so one reader
serves both (`scanner_evdev.KeyReader`).
"""

import ctypes
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Final

from station_app.devices.scanner_evdev import PRESSED, RELEASED, KeyReader

KEYBOARD: Final = 1  # dwType of RAWINPUTHEADER
_BREAK, _E0, _E1 = 1, 2, 4  # Flags of RAWKEYBOARD
_EXTENDED: Final = {28: 96, 29: 97, 53: 98, 56: 100}  # the number block's Enter and /, right Ctrl
HEADER_BYTES: Final = 24  # of a 64-bit program: dwType 4, dwSize 4, hDevice 8, wParam 8
_PAGE, _KEYBOARD_USAGE, _INPUT_SINK = 1, 6, 0x100
_WM_INPUT, _WM_QUIT = 0x00FF, 0x0012
_RID_INPUT, _RIDI_DEVICENAME = 0x1000_0003, 0x2000_0007
_MESSAGE_ONLY = -3


@dataclass(frozen=True, slots=True)
class PressedKey:
    """A key of one device. device: its handle; key, value: as evdev has them."""

    device: int
    key: int
    value: int


def key_of(packet: bytes) -> PressedKey | None:
    """Return the key of a RAWINPUT structure (64 bit), None for a mouse or a key unknown."""
    if len(packet) < HEADER_BYTES + 8 or int.from_bytes(packet[0:4], "little") != KEYBOARD:
        return None
    device = int.from_bytes(packet[8:16], "little")
    make = int.from_bytes(packet[24:26], "little")
    flags = int.from_bytes(packet[26:28], "little")
    if flags & _E1 or (flags & _E0 and make not in _EXTENDED):
        return None  # Pause, arrows and the like, and the shifts that Windows makes up for them
    key = _EXTENDED[make] if flags & _E0 else make
    return PressedKey(device, key, RELEASED if flags & _BREAK else PRESSED)


def _windows() -> tuple[Any, Any]:
    libraries: Any = getattr(ctypes, "windll", None)
    if libraries is None:
        raise OSError("Raw Input is a thing of Windows")
    return libraries.user32, libraries.kernel32


class _Device(ctypes.Structure):
    _fields_ = (
        ("page", ctypes.c_ushort),
        ("usage", ctypes.c_ushort),
        ("flags", ctypes.c_uint32),
        ("window", ctypes.c_void_p),
    )


class _Listed(ctypes.Structure):
    _fields_ = (("device", ctypes.c_void_p), ("kind", ctypes.c_uint32))


class _Message(ctypes.Structure):
    _fields_ = (
        ("window", ctypes.c_void_p),
        ("message", ctypes.c_uint32),
        ("wide", ctypes.c_size_t),
        ("long", ctypes.c_ssize_t),
        ("time", ctypes.c_uint32),
        ("x", ctypes.c_int32),
        ("y", ctypes.c_int32),
    )


def keyboards() -> Sequence[tuple[str, str]]:
    """Return what is plugged in as a keyboard: (name of Windows, the same in fewer signs)."""
    user32, _ = _windows()
    count = ctypes.c_uint32()
    user32.GetRawInputDeviceList(None, ctypes.byref(count), ctypes.sizeof(_Listed))
    listed = (_Listed * count.value)()
    user32.GetRawInputDeviceList(listed, ctypes.byref(count), ctypes.sizeof(_Listed))
    handles = [one.device for one in listed if one.kind == KEYBOARD]
    names = [_name(user32, handle) for handle in handles]
    return [(name, name.removeprefix("\\\\?\\").split("{")[0].rstrip("#")) for name in names]


def _name(user32: Any, handle: int) -> str:
    size = ctypes.c_uint32()
    ask = user32.GetRawInputDeviceInfoW
    ask(ctypes.c_void_p(handle), _RIDI_DEVICENAME, None, ctypes.byref(size))
    text = ctypes.create_unicode_buffer(size.value + 1)
    ask(ctypes.c_void_p(handle), _RIDI_DEVICENAME, text, ctypes.byref(size))
    return text.value


class RawInputScanner:
    """One keyboard of Windows, read beside all others. Implements `CodeSource`."""

    def __init__(self, name: str) -> None:
        """Begin to listen; name: of `keyboards`. Raises OSError where there is none such."""
        user32, _ = _windows()
        if name not in [one for one, _words in keyboards()]:
            raise OSError("the scanner is not plugged in")
        self._user32 = user32
        self._name = name
        self._reader = KeyReader()
        self._codes: SimpleQueue[str] = SimpleQueue()
        self._thread_id = 0
        self._is_ready = threading.Event()
        self._trouble = ""
        self._thread = threading.Thread(target=self._listen, name="raw input", daemon=True)
        self._thread.start()
        if not self._is_ready.wait(5) or self._trouble:
            raise OSError(self._trouble or "Windows does not answer")

    def read(self, seconds: float) -> list[str]:
        """Return the codes that came within this time."""
        try:
            return [self._codes.get(timeout=seconds)]
        except Empty:
            code = self._reader.pause()
            return [code] if code else []

    def close(self) -> None:
        """Stop listening."""
        self._user32.PostThreadMessageW(self._thread_id, _WM_QUIT, 0, 0)
        self._thread.join(2)

    def _listen(self) -> None:
        user32, kernel32 = _windows()
        self._thread_id = kernel32.GetCurrentThreadId()
        create = user32.CreateWindowExW
        create.restype = ctypes.c_void_p
        parent = ctypes.c_void_p(_MESSAGE_ONLY)
        window = create(0, "STATIC", None, 0, 0, 0, 0, 0, parent, None, None, None)
        wanted = _Device(_PAGE, _KEYBOARD_USAGE, _INPUT_SINK, window)
        if not user32.RegisterRawInputDevices(ctypes.byref(wanted), 1, ctypes.sizeof(wanted)):
            self._trouble = "Windows lets nobody listen"
        self._is_ready.set()
        message = _Message()
        while user32.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
            if message.message == _WM_INPUT:
                self._take(user32, message.long)
            user32.DispatchMessageW(ctypes.byref(message))
        user32.DestroyWindow(ctypes.c_void_p(window))

    def _take(self, user32: Any, handle: int) -> None:
        size = ctypes.c_uint32()
        read = user32.GetRawInputData
        where = ctypes.c_void_p(handle)
        read(where, _RID_INPUT, None, ctypes.byref(size), HEADER_BYTES)
        packet = ctypes.create_string_buffer(size.value)
        read(where, _RID_INPUT, packet, ctypes.byref(size), HEADER_BYTES)
        key = key_of(packet.raw)
        if key is not None and _name(user32, key.device) == self._name:
            code = self._reader.take(key.key, key.value)
            if code:
                self._codes.put(code)
