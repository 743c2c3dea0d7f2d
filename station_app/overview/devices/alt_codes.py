"""Hears a scanner that types codes of characters on the keypad with Alt held (ALT mode).

On Windows the system makes characters of them. Elsewhere nothing does: the window lets such keys
choose nothing, so whoever tests that scanner would see nothing at all.
"""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QWindow

LEAST = 8  # digits: four characters, more than anybody types so
PAUSE_MS = 300
_HELD = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.KeypadModifier


class AltCodes(QObject):
    """Listens while it is asked to, and takes nothing. Signal heard(str): the digits of a scan."""

    heard = Signal(str)

    def __init__(self) -> None:
        """Hear nothing yet."""
        super().__init__()
        self._digits = ""
        self._pause = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._over)

    def begin(self) -> None:
        """Listen from now on."""
        self._digits = ""
        application = QCoreApplication.instance()
        assert application is not None, "a page is shown by an application"
        application.installEventFilter(self)

    def end(self) -> None:
        """Listen no more."""
        self._pause.stop()
        application = QCoreApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note a digit, as the window gets it, and let everybody have it."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(watched, QWindow)
            and isinstance(event, QKeyEvent)
            and event.modifiers() & _HELD == _HELD
            and Qt.Key.Key_0 <= event.key() <= Qt.Key.Key_9
        ):
            self._digits += chr(event.key())
            self._pause.start()
        return False

    def _over(self) -> None:
        digits, self._digits = self._digits, ""
        if len(digits) >= LEAST:
            self.heard.emit(digits)
