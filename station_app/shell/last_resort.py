"""The last resort: what nobody has caught is said on the screen, and no page waits for ever.

The log holds what it was (`station_log`). An act whose rule stumbled never answers, so its page
would say 正在记 until the program is started anew. Its ticket is kept: a second try is one act.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Signal

from station_app.shell.counter import Front, Notice
from station_app.shell.page import Page


class LastResort(QObject):
    """Told from any thread; speaks in the screen's."""

    _came = Signal()

    def __init__(self, front: Front, pages: Callable[[], Sequence[Page]], words: str) -> None:
        """Work for one window. pages: those that were made."""
        super().__init__()
        self._front = front
        self._pages = pages
        self._words = words
        self._came.connect(self._say, Qt.ConnectionType.QueuedConnection)

    def tell(self) -> None:
        """Something went wrong that nobody has thought of."""
        self._came.emit()

    def _say(self) -> None:
        for page in self._pages():
            page.wait_no_longer()
        self._front.toast(Notice(self._words, "stop"))
