"""The last resort: what nobody has caught is said on the screen, and no page waits for ever.

The log holds what it was (`station_log`). An act whose rule stumbled never answers, so its page
would say 正在记 until the program is started anew. Its ticket is kept: a second try is one act.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Signal

from station_app.journal.troubles import StoreTrouble
from station_app.shell.counter import Front, Notice
from station_app.shell.page import Page
from station_app.values.texts import Texts


class LastResort(QObject):
    """Told from any thread; speaks in the screen's."""

    _came = Signal(object)

    def __init__(self, front: Front, pages: Callable[[], Sequence[Page]], texts: Texts) -> None:
        """Work for one window. pages: those that were made."""
        super().__init__()
        self._front = front
        self._pages = pages
        self._texts = texts
        self._came.connect(self._say, Qt.ConnectionType.QueuedConnection)

    def tell(self, problem: BaseException) -> None:
        """Something went wrong that nobody has dealt with."""
        self._came.emit(problem)

    def _say(self, problem: BaseException) -> None:
        """Say it: what the store refuses in its own words, all else as a fault of the program."""
        words = self._texts.say("shell.trouble.unexpected")
        if isinstance(problem, StoreTrouble):
            words = self._texts.say(problem.text_key, **problem.slots)
        for page in self._pages():
            page.wait_no_longer(words)
        self._front.toast(Notice(words, "stop"))
