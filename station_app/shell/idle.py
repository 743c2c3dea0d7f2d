"""Idleness: when nobody has touched keyboard, scanner or mouse for a while, the screen locks."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.InputMethod,
    }
)


class IdleWatch(QObject):
    """Watches one window. Signal idle: nothing was touched for so long."""

    idle = Signal()

    def __init__(self, window: QObject) -> None:
        """Begin switched off."""
        super().__init__(window)
        self._clock = QTimer(self, singleShot=True)
        self._clock.timeout.connect(self.idle)

    def set_patience(self, ms: int) -> None:
        """Be idle after so many ms; 0 never is."""
        self._clock.stop()
        self._clock.setInterval(ms)
        if ms > 0:
            self._clock.start()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Begin to wait anew at every touch; never keep an event."""
        if event.type() in _TOUCHES and self._clock.interval() > 0:
            self._clock.start()
        return False
