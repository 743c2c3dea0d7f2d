"""The first picture of a start: the lock page's face, painted before the journal is open.

Opening the journal and loading the pages takes longer than painting, so this window comes first and
says what is true by then: the time, and that the books are being opened. Where a journal lies
in the data folder the PIN may be typed at once. Every key, every scan and every press on the pad
is kept in order and given to the real window, with its own moment, so that a scan stays a scan.

What was typed here was meant for the lock page. If the PC has something else to say first (start
check, first operator, a database that cannot be opened) it is dropped: nobody can have
meant it for a page that he had not seen. Without a journal the next page takes the enrolment code,
and gets everything.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent, QResizeEvent, QWindow
from PySide6.QtWidgets import QApplication, QWidget

from station_app.overview.lock_face import LockCard, LockFace, dress_lock
from station_app.shell import theme
from station_app.shell.full_screen import fill_screen
from station_app.shell.icons import window_icon
from station_app.shell.widgets.words import Words
from station_app.values.texts import Texts

if TYPE_CHECKING:
    from station_app.shell.window import MainWindow

DIGITS: Final = 6  # of a PIN; the real page knows what the county has set
CARDS_HEIGHT: Final = 116  # where the colleagues will stand
KEPT_MAX: Final = 2_000  # keys; a cat on the keyboard ends here
PAINT_MS_MAX: Final = 1_000  # a window that nobody can see is not waited for
TICK_MS: Final = 1_000
_PAD: Final = {"clear": Qt.Key.Key_Delete, "back": Qt.Key.Key_Backspace}


class FirstLight(QWidget):
    """The window. Signal painted: it stands on the screen for the first time."""

    painted = Signal()

    def __init__(self, texts: Texts, now: Callable[[], int], *, has_journal: bool) -> None:
        """Make it. now: UTC ms; has_journal: whether there is a database to open."""
        super().__init__()
        self._texts = texts
        self._now = now
        self._is_painted = False
        self._kept: list[tuple[QKeyEvent, bool]] = []  # and whether it is a press on the pad
        self._heir: QWindow | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self.setWindowTitle(texts.say("shell.brand"))
        self.face = LockFace(texts.say("shell.brand"))
        self._card: LockCard | None = None
        if has_journal:
            self._card = LockCard(texts, DIGITS, self._pressed)
            self._card.grid.setRowMinimumHeight(0, CARDS_HEIGHT)
            self._card.say(texts.say("overview.opening.journal"), "ink2")
            dress_lock(self, self.face, self._card)
        else:
            words = Words(texts.say("overview.opening.first"), theme.STRONG, ink="rail_text")
            dress_lock(self, self.face, words)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._show_moment)

    # --- On the screen ---------------------------------------------------------------------------

    def shine(self) -> None:
        """Fill the screen, and return when the picture stands there."""
        self._show_moment()
        self._tick.start()
        fill_screen(self)
        handle = self.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)
        if self._card is not None:
            self._card.boxes.setFocus()
        loop = QEventLoop()
        self.painted.connect(loop.quit)
        QTimer.singleShot(PAINT_MS_MAX, loop, loop.quit)
        if not self._is_painted:
            loop.exec()
        self.setWindowIcon(window_icon())  # what the task bar shows may come after the picture

    def breathe(self) -> None:
        """Show what was typed meanwhile: a stage of the start is done."""
        QApplication.processEvents()

    def leave(self) -> None:
        """Go from the screen; nobody takes what was typed."""
        self._tick.stop()
        self._kept.clear()
        self.hide()

    def give_over(self, window: "MainWindow", is_meant: Callable[[], bool]) -> None:
        """Let another window take this one's place, and what was typed.

        is_meant: asked for each key, whether what is in front there is what it was typed for.
        """
        # A page that leads on to another one does so first (`LockPage`, for want of a PIN).
        QTimer.singleShot(0, window, lambda: self._give_over(window, is_meant))

    def _give_over(self, window: "MainWindow", is_meant: Callable[[], bool]) -> None:
        self._tick.stop()
        self._heir = window.windowHandle()
        kept, self._kept = self._kept, []
        for event, is_press in kept:
            if is_meant() and is_press:
                window.scan_filter.pass_on(event)
            elif is_meant():
                QCoreApplication.sendEvent(self._heir, event)
        window.activateWindow()
        self.hide()

    def _show_moment(self) -> None:
        self.face.show_moment(self._texts, self._now())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Notice the first picture."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            self.painted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be low in a low window, as the real page is."""
        super().resizeEvent(event)
        if self._card is not None:
            metrics = theme.metrics_for(event.size().height())
            self._card.fit(is_compact=metrics is theme.COMPACT, is_crowded=False)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stay: half a start cannot be ended in good order."""
        event.ignore()

    # --- Keys ------------------------------------------------------------------------------------

    @property
    def kept(self) -> int:
        """Return how many keys wait for the real window."""
        return len(self._kept)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Keep each key that is pressed; the boxes show it as well."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if self._heir is not None:  # it lay in the queue while the windows changed
                QCoreApplication.sendEvent(self._heir, event.clone())
                return True
            self._keep(event.clone(), is_press=False)
        return False

    def _keep(self, event: QKeyEvent, *, is_press: bool) -> None:
        if len(self._kept) < KEPT_MAX:
            self._kept.append((event, is_press))

    def _pressed(self, name: str) -> None:
        """Take a key of the pad on the screen as one of the keyboard."""
        key = _PAD.get(name, ord(name[0]))
        text = name if name.isdigit() else ""
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
        self._keep(event, is_press=True)
        if self._card is not None:
            QCoreApplication.sendEvent(self._card.boxes, event.clone())
