"""How tests wait for a window: they look again as soon as anything has happened.

`QtBot.waitUntil` sleeps ten milliseconds whatever happens meanwhile. A page is worked by hundreds
of keys, and each of them is waited for: half of what the tests of pages took.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from pytestqt.exceptions import TimeoutError as TookTooLong
from pytestqt.qtbot import QtBot

LOOK_AGAIN_MS = 1  # also where nothing happens in this thread


class QuickBot(QtBot):
    """Looks after every event, and at least each millisecond."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = 5_000) -> None:
        """Wait until `callback` returns True, or returns None without an AssertionError."""
        __tracebackhide__ = True
        ends = time.monotonic() + timeout / 1_000
        clock = QTimer()
        clock.start(LOOK_AGAIN_MS)
        while not (found := _look(callback))[0]:
            if time.monotonic() > ends:
                raise TookTooLong(f"waited {timeout} ms in vain") from found[1]
            let_happen(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def let_happen(
    how: QEventLoop.ProcessEventsFlag = QEventLoop.ProcessEventsFlag.AllEvents,
) -> None:
    """Let happen what waits, as a loop of events does: also that windows given up are gone.

    One that is only forgotten goes on hearing the keys of those that come after it.
    """
    QCoreApplication.processEvents(how)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _look(callback: Callable[[], bool | None]) -> tuple[bool, AssertionError | None]:
    try:
        return callback() in (None, True), None
    except AssertionError as error:
        return False, error
