"""The Qt ear of the scanner: every key of a window passes here first.

It takes plain keys and Enter away from Qt's shortcuts (by accepting their ShortcutOverride),
gives them to the timing machine of `devices/scanner`, and then either has a scan or hands the keys
on, in order, to where they belong: the key table or the focused widget. Keys that end an input
method's composition come by another way (`QInputMethodEvent` to the focused object) and are held
just the same, so a scan through a Chinese input method is refused instead of half typed. What an
input method keeps to itself never comes here at all: the keys that were really pressed are counted
beside it (`devices/scanner_pace`), and a scan of which signs are missing is refused whole.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QWidget

from station_app.devices.scanner import ENTER, TAB, Outcome, Scanner, Timing
from station_app.devices.scanner_pace import LATE_MS, Pace, RawKey
from station_app.devices.scanner_twins import NO_TWINS, NoTwins, Twins
from station_app.shell.key_table import is_typing_key
from station_app.shell.raw_keys import RawKeys
from station_app.shell.widgets.focus import application, takes_text

_ENDS = {Qt.Key.Key_Return: ENTER, Qt.Key.Key_Enter: ENTER, Qt.Key.Key_Tab: TAB}
_PLAIN = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


@dataclass(frozen=True, slots=True)
class Burst:
    """A scan as it came. raw: the signs; fault: "", CHINESE, CONTROL or BROKEN; slowest_gap_ms."""

    raw: str
    fault: str = ""
    slowest_gap_ms: int = 0


class ScanFilter(QObject):
    """Listens to one window.

    Signals: scanned(Burst). `act(event, focus, has_text_focus)` is the key table's.
    """

    scanned = Signal(object)

    def __init__(self, act: Callable[..., bool], timing: Timing | None = None) -> None:
        """Begin with the timing of a usual scanner."""
        super().__init__()
        self._act = act
        self._scanner = Scanner(timing)
        self._waiting: list[QEvent] = []
        self._released: set[int] = set()
        self._is_replaying = False
        self._since = QElapsedTimer()
        self._last_at = 0
        self._pause = QTimer(self, singleShot=True)
        self._pause.setTimerType(Qt.TimerType.PreciseTimer)
        self._pause.timeout.connect(self._look_again)
        self._after_queue = QTimer(self, singleShot=True, interval=0)
        self._after_queue.timeout.connect(self._tick)
        self._pace = Pace(self._scanner.timing)
        self._twins: Twins | NoTwins = NO_TWINS
        self._life = QElapsedTimer()
        self._life.start()
        self._raw_keys = RawKeys(self._heard_raw)
        self._all_pressed = QTimer(self, singleShot=True)
        self._all_pressed.timeout.connect(self._look_what_came)
        self._deaf = QTimer(self, singleShot=True)
        self._late = QTimer(self, singleShot=True, interval=LATE_MS)
        self._focus: QObject | None = None
        application().focusObjectChanged.connect(self._follow_focus)

    @property
    def timing(self) -> Timing:
        """Return the timing in use."""
        return self._scanner.timing

    def set_timing(self, timing: Timing) -> None:
        """Use the timing that was measured for this scanner."""
        self.flush()
        self._scanner = Scanner(timing)
        self._pace = Pace(timing)

    @property
    def is_holding(self) -> bool:
        """Tell whether keys wait here to be understood."""
        is_waiting = self._all_pressed.isActive() or self._deaf.isActive()
        return self._scanner.is_holding or is_waiting

    def watch(self, window: QWindow) -> None:
        """Listen to a window of ours."""
        window.installEventFilter(self)
        self._follow_focus(QGuiApplication.focusObject())

    def _follow_focus(self, focus: QObject | None) -> None:
        if self._focus is not None and self._focus is not focus:
            self._focus.removeEventFilter(self)
        self._focus = focus if isinstance(focus, QWidget) else None
        if self._focus is not None:
            self._focus.destroyed.connect(self._forget_focus)
            self._focus.installEventFilter(self)

    def _forget_focus(self) -> None:
        self._focus = None

    # --- What comes in ---------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what is ours; everything else goes its way."""
        if self._is_replaying:
            return False
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            return self._claim(event)
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if isinstance(watched, QWindow):
                return self._take_key(event)
            return self._take_stray_key(event)
        if kind == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
            return self._take_release(event)
        if kind == QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            return watched is self._focus and self._take_commit(event)
        if kind == QEvent.Type.MouseButtonPress and isinstance(watched, QWindow):
            self.flush()
        return False

    def _heard_raw(self, key: RawKey) -> None:
        """A key was pressed or let go; whether anything of it comes here is another matter."""
        if self._pace.take(key):
            self._all_pressed.start(self._pace.timing.guard_ms)

    def _look_what_came(self) -> None:
        """A burst is over: if nothing of it has come by now, an input method has it."""
        if self._scanner.is_holding:
            self._all_pressed.start(self._pace.timing.guard_ms)
        elif self._pace.is_burst and _composes(QGuiApplication.focusObject()):
            self._refuse_eaten()
        else:
            self._pace.forget()

    def _refuse_eaten(self) -> None:
        """Refuse a scan whole of which an input method has taken signs; nothing of it stays."""
        self._scanner.flush()
        self._waiting.clear()
        self._pause.stop()
        self._pace.refuse()
        self._all_pressed.stop()
        self._deaf.start(self._pace.timing.guard_ms)
        self._late.start()
        QGuiApplication.inputMethod().reset()
        self.scanned.emit(Burst("", "CHINESE"))

    def _claim(self, event: QKeyEvent) -> bool:
        """Take a key away from Qt's shortcuts."""
        is_end = Qt.Key(event.key()) in _ENDS and not event.modifiers() & ~_PLAIN
        if is_typing_key(event) or is_end:
            event.accept()
            return True
        return False

    def _take_key(self, event: QKeyEvent) -> bool:
        end = _ENDS.get(Qt.Key(event.key())) if not event.modifiers() & ~_PLAIN else None
        if end is not None:
            return self._take_end(event, end)
        if is_typing_key(event):
            self._released.add(event.key())
            if self._is_of_refused(event):
                return True
            # The window system takes two equal signs of a scanner that come within one
            # millisecond for a key held down; a key that is really held repeats much later.
            is_alone = not self._scanner.is_holding and not self._pace.is_burst
            if event.isAutoRepeat() and is_alone:
                self._replay(event.clone())
            else:
                self._feed(event.text(), event.clone(), self._moment(event))
            return True
        if event.text() in ("\r", "\n") and self._scanner.guards_enter(self._moment(event)):
            return self._take_end(event, ENTER)  # Ctrl+J and Ctrl+M: a scanner that ends with LF
        if self._scanner.is_burst and _is_control(event):
            self._feed(event.text(), event.clone(), self._moment(event))
            return True
        if event.key() in _MODIFIER_KEYS:
            return False
        self.flush()
        return self._hand_to_table(event)

    def _take_stray_key(self, event: QKeyEvent) -> bool:
        """Take a plain key that an input method sent to the widget, past the window."""
        if not event.spontaneous() and is_typing_key(event) and not event.isAutoRepeat():
            if not self._is_of_refused(event):
                self._feed(event.text(), event.clone(), self._moment(event))
            return True
        return False

    def _is_of_refused(self, event: QKeyEvent) -> bool:
        """Tell whether a key was pressed in a scan that was refused, however late it comes."""
        if self._deaf.isActive():
            return True
        return event.timestamp() > 0 and self._pace.is_late(event.timestamp())

    def _take_release(self, event: QKeyEvent) -> bool:
        if event.key() in self._released and not event.isAutoRepeat():
            self._released.discard(event.key())
            return True
        return False

    def _take_commit(self, event: QInputMethodEvent) -> bool:
        commit = event.commitString()
        # A commit has no moment of its own, but a person presses a key before there is one.
        if self._deaf.isActive() or (self._late.isActive() and self._pace.awaits_hand):
            return True
        if not commit or event.preeditString() or event.replacementLength():
            if event.preeditString() and not self._scanner.is_burst:
                self.flush()
            return False
        copy = QInputMethodEvent()
        copy.setCommitString(commit)
        self._feed(commit, copy, self._moment(None))
        return True

    def _take_end(self, event: QKeyEvent, end: str) -> bool:
        if event.isAutoRepeat():
            return True
        at = self._moment(event)
        is_of_burst = self._pace.guards(at)
        outcome = self._scanner.feed(end, at)
        self._settle(outcome)
        if outcome.is_swallowed or is_of_burst or self._deaf.isActive():
            self._released.add(event.key())
            return True
        return False if end == TAB else self._hand_to_table(event)

    # --- What becomes of it ----------------------------------------------------------------------

    def _feed(self, unit: str, event: QEvent, at: int) -> None:
        before = len(self._waiting)
        outcome = self._scanner.feed(unit, at)
        self._waiting.append(event)
        self._settle(outcome, keep=len(self._waiting) - before)
        self._wait()

    def _wait(self) -> None:
        due = self._scanner.due_ms
        if due is None:
            self._pause.stop()
        else:
            self._pause.start(max(1, due - self._last_at + 1))

    def _moment(self, event: QKeyEvent | None) -> int:
        """Return the event's own time, or one that follows the last by the time that passed."""
        stamp = event.timestamp() if event is not None else 0
        passed = self._since.elapsed() if self._since.isValid() else 0
        self._last_at = stamp or self._last_at + passed
        self._since.restart()
        return self._last_at

    def take_code(self, code: str) -> None:
        """Take a whole code of a scanner that is no keyboard; in the screen's thread.

        One that Windows lets be a keyboard besides comes as keys, too, and counts once.
        """
        self.flush()
        if not self._twins.is_second("port", code, self._life.elapsed()):
            self.scanned.emit(Burst(code, fault_in(code)))

    def expect_twins(self, *, expected: bool) -> None:
        """Say whether the codes of `take_code` come as keys of this window, too."""
        self._twins = Twins() if expected else NO_TWINS

    def _look_again(self) -> None:
        """The pause is over; but keys may wait in the queue of a busy window: ask after them."""
        self._after_queue.start()

    def _tick(self) -> None:
        passed = self._since.elapsed() if self._since.isValid() else 0
        self._settle(self._scanner.tick(self._last_at + passed))
        self._wait()

    def flush(self) -> None:
        """Decide now about what is held."""
        self._settle(self._scanner.flush())
        self._pause.stop()

    def _settle(self, outcome: Outcome, *, keep: int = 0) -> None:
        """Pass typing on, or tell of a scan. keep: so many of the newest events still wait."""
        if outcome.burst is None and not outcome.typed:
            return
        ripe = len(self._waiting) - (keep if outcome.is_held else 0)
        events, self._waiting = self._waiting[:ripe], self._waiting[ripe:]
        came = outcome.burst if outcome.burst is not None else "".join(outcome.typed)
        if self._pace.has_lost(len(came)) and _composes(QGuiApplication.focusObject()):
            self._refuse_eaten()
            return
        if outcome.burst is not None:
            self._pace.forget()
            self._all_pressed.stop()
        if outcome.burst is not None:
            fault = fault_in(outcome.burst) or ("BROKEN" if outcome.is_broken else "")
            if not self._twins.is_second("keys", outcome.burst, self._life.elapsed()):
                self.scanned.emit(Burst(outcome.burst, fault, outcome.slowest_gap_ms))
            return
        for event in events:
            self._replay(event)

    def _replay(self, event: QEvent) -> None:
        popup = QApplication.activePopupWidget()
        focus = QApplication.focusWidget() if popup is None else popup
        if isinstance(event, QInputMethodEvent):
            self._send(focus, event)
            return
        assert isinstance(event, QKeyEvent)
        if popup is None and self._act(event, focus, has_text_focus=takes_text(focus)):
            return
        self._send(focus, event)
        release = QKeyEvent(QEvent.Type.KeyRelease, event.key(), event.modifiers(), event.text())
        self._send(focus, release)

    def pass_on(self, event: QKeyEvent) -> None:
        """Give a key of the pad on the screen to the focused widget, at once."""
        self.flush()
        self._send(QApplication.focusWidget(), event)

    def _send(self, focus: QObject | None, event: QEvent) -> None:
        if focus is None:
            return
        self._is_replaying = True
        try:
            QCoreApplication.sendEvent(focus, event)
        finally:
            self._is_replaying = False

    def _hand_to_table(self, event: QKeyEvent) -> bool:
        if QApplication.activePopupWidget() is not None:
            return False  # an open list of choices has its own keys
        focus = QApplication.focusWidget()
        return self._act(event, focus, has_text_focus=takes_text(focus))


_MODIFIER_KEYS = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
        0,
    }
)


def _composes(focus: QObject | None) -> bool:
    """Tell whether an input method may have keys of this widget."""
    return isinstance(focus, QWidget) and focus.testAttribute(
        Qt.WidgetAttribute.WA_InputMethodEnabled
    )


def _is_control(event: QKeyEvent) -> bool:
    """Tell whether a key gives a control character, as a GS1 scanner sends between its parts."""
    text = event.text()
    return len(text) == 1 and unicodedata.category(text) == "Cc" and text not in "\x1b\x08\x7f"


def fault_in(raw: str) -> str:
    """Return why a burst is no code: CHINESE, CONTROL, or "" if it may be one."""
    folded = unicodedata.normalize("NFKC", raw)
    if any("CJK" in unicodedata.name(sign, "") for sign in folded):
        return "CHINESE"
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs") for sign in folded):
        return "CONTROL"
    return ""
