"""Keys as the window system sends them, before any input method: only looked at, never taken.

Qt hands a key to the input method first and to the window afterwards, if anything is left of it.
The messages of the window system itself come before both (`QAbstractNativeEventFilter`).
"""

import ctypes
from collections.abc import Callable

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication
from PySide6.QtGui import QGuiApplication

from station_app.devices.scanner_pace import RawKey, key_of_windows, key_of_x

READERS: dict[bytes, tuple[int, Callable[[bytes], RawKey | None]]] = {
    b"xcb_generic_event_t": (32, key_of_x),
    b"windows_generic_MSG": (36, key_of_windows),
}
PLATFORMS = ("xcb", "windows")  # elsewhere there are no such messages, or none that we know


class RawKeys(QAbstractNativeEventFilter):
    """Tells `heard` of every key while it lives."""

    def __init__(self, heard: Callable[[RawKey], None]) -> None:
        """Begin to listen, where the platform has something to be heard."""
        super().__init__()
        self._heard = heard
        app = QCoreApplication.instance()
        if app is not None and QGuiApplication.platformName() in PLATFORMS:
            app.installNativeEventFilter(self)

    def nativeEventFilter(
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> object:
        """Look at a message and let it go its way."""
        reader = READERS.get(bytes(kind.data() if isinstance(kind, QByteArray) else kind))
        if reader is not None:
            size, read = reader
            key = read(ctypes.string_at(int(message), size))
            if key is not None:
                self._heard(key)
        return False, 0
