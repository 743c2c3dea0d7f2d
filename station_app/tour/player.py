"""Plays a working day on the real window, by key and scan events only.

The keys go to the window's handle, as the system would send them, so they pass the scan filter
and the key table like any other. The player never calls into the program; it looks at the screen,
waits until the program is quiet, and notes which step every act came from.

Every key bears its own moment, as the window system gives it one, and the program tells a scanner
from a hand by these moments. So the player writes a hand's pace on the keys (`Pace`) instead of
sitting it out: a day of seven hundred keys takes the time that the program needs for them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QCoreApplication,
    QDeadlineTimer,
    QElapsedTimer,
    QEvent,
    QEventLoop,
    QObject,
    Qt,
)
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QWidget,
)

from station_app.shell.key_table import PLUS
from station_app.tour.script import Step, repeated, with_controls

QUIET_MS_MAX = 30_000  # a step that is not over by then hangs, also on a busy machine
GUARD_MS = 330  # an Enter right behind a scan belongs to the scanner; a hand takes longer
TYPING_GAP_MS = 70  # slower than any scanner: the filter must take it for typing
SHAKES, RUBBISH = "晃", "乱码"
SCANNER_GAP_MS = 2  # a wedge that is set to be quick


class Pace(QObject):
    """Puts the moment of a hand or of a scanner on every key that the player strikes."""

    def __init__(self) -> None:
        """Begin now."""
        super().__init__()
        self._since = QElapsedTimer()
        self._since.start()
        self._struck = QElapsedTimer()
        self._struck.start()
        self._moment = 1  # 0 would be a key without a moment

    def after(self, gap_ms: int) -> None:
        """Let the next key come so much later than the last, or now if that is later still."""
        self._moment = max(self._moment + gap_ms, self._since.elapsed())

    def right_after(self, gap_ms: int) -> None:
        """Let the next key come just so much later, however busy this machine is meanwhile."""
        self._moment += gap_ms

    def right_now(self) -> None:
        """Let the next key come now, as seen by who counts the time since the last one.

        What an input method commits bears no moment: the program takes it to come when it comes.
        """
        self._moment += self._struck.restart()

    def lead(self, handle: QWindow) -> None:
        """See the keys of a window before any other filter of it does."""
        handle.installEventFilter(self)

    def leave(self, handle: QWindow) -> None:
        """See the keys of a window no longer."""
        handle.removeEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Write the moment on a key; everything goes on."""
        if isinstance(event, QKeyEvent):
            event.setTimestamp(self._moment)
            self._struck.restart()
        return False


class StepFailed(AssertionError):
    """A step did not do what the script says; names the line."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What the player needs of the world around the window.

    is_quiet: no task is running and nothing waits to be shown. set_clock: takes "2026-11-23 07:50".
    line: switches the line to the county. printed, synced: tell whether all has come out. weight:
    puts so many grams on the scale, at rest or not; None lets it say rubbish. pass_pause: what is
    held until a pause tells typing from a scan is decided now; each key bears its moment, so it is
    decided as it would be after the pause.
    """

    window: QWidget
    is_quiet: Callable[[], bool]
    set_clock: Callable[[str], None]
    line: Callable[[bool], None]
    printed: Callable[[], bool]
    synced: Callable[[], bool]
    weight: Callable[[int | None, bool], None] = lambda _grams, _is_stable: None
    pass_pause: Callable[[], None] = lambda: None


@dataclass(slots=True)
class Played:
    """What happened. acts: (act id, line of the step that caused it); pictures: (file, caption)."""

    acts: list[tuple[str, int]] = field(default_factory=list)
    pictures: list[tuple[str, str]] = field(default_factory=list)
    keys: int = 0
    scans: int = 0


class Player:
    """Plays steps one after the other; raises StepFailed at the first that does not hold."""

    def __init__(self, stage: Stage, pictures: Path) -> None:
        """Play on `stage`, and leave pictures in the folder `pictures`."""
        self._stage = stage
        self._pictures = pictures
        self._step: Step | None = None
        self._pace = Pace()
        self.played = Played()

    def note_act(self, act: str) -> None:
        """Note that an act was recorded during the present step."""
        if self._step is None or not self._step.is_key:
            raise StepFailed(f"act {act} was not caused by a key press")
        self.played.acts.append((act, self._step.line))

    def play(self, steps: tuple[Step, ...]) -> Played:
        """Play all steps."""
        for step in steps:
            self._step = step
            getattr(self, f"_{step.verb}")(step.words)
            self._stage.pass_pause()
            self._wait(self._stage.is_quiet, "the program to be quiet")
            self._look_at_keys()
        return self.played

    def _look_at_keys(self) -> None:
        """No key may be promised by two buttons: one of them would not keep it."""
        keys = getattr(self._stage.window, "keys", None)
        doubled = keys.doubled_caps() if keys is not None else []
        if doubled:
            raise StepFailed(f"{self._where()}: two buttons show {', '.join(doubled)}")

    def leave(self) -> None:
        """Leave the window to whoever sits before it: its keys bear their own moments again."""
        handle = self._stage.window.windowHandle()
        if handle is not None:
            self._pace.leave(handle)

    def _wait(self, ready: Callable[[], bool], what: str) -> None:
        deadline = QDeadlineTimer(QUIET_MS_MAX)
        while True:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            if ready():
                QCoreApplication.sendPostedEvents()
                QCoreApplication.processEvents()
                return
            if deadline.hasExpired():
                raise StepFailed(f"{self._where()}: waited in vain for {what}")
            QTest.qWait(1)  # the threads that work need the interpreter more than this loop

    def _where(self) -> str:
        return f"line {self._step.line} ({self._step.text})" if self._step else "before the start"

    def _handle(self) -> Any:  # QTest's types know only widgets
        """Return the window that gets the next key, led by the pace."""
        active = QApplication.activeModalWidget() or self._stage.window
        handle = active.windowHandle()
        self._pace.lead(handle)
        return handle

    def _scan(self, words: str) -> None:
        self._begin_scan()
        for character in with_controls(words):
            self._strike(character)
        self._end_scan()

    def _begin_scan(self) -> None:
        """Take up the scanner: from the keys to its trigger a hand needs a while."""
        self.played.scans += 1
        self._pace.after(GUARD_MS)

    def _end_scan(self) -> None:
        self._strike("\r")

    def _scan_twice_ended(self, words: str) -> None:
        """Scan with a scanner that is set to end with CR and LF: both come as Enter."""
        self._scan(words)
        self._end_scan()

    def _scan_mixed(self, words: str) -> None:
        """Scan while an input method is on: it takes the letters and commits words instead."""
        self.played.scans += 1
        QTest.qWait(GUARD_MS)  # it begins with a commit, so this while cannot be written down
        focus = self._focus()
        for run in re.findall(r"[ -~]+|[^ -~]+", words):
            if run.isascii():
                for character in run:
                    self._strike(character)
                continue
            QCoreApplication.sendEvent(focus, QInputMethodEvent("y", []))
            self._commit(focus, run)
            self._pace.right_now()
        self._end_scan()

    def _strike(self, character: str) -> None:
        """Send one sign of a scan. What no key of a keyboard writes bears no key.

        A scan reaches the program's queue whole while the program does something else, so no event
        is handled between two of its signs, as `QTest` would do.
        """
        key, modifiers = 0, Qt.KeyboardModifier.NoModifier
        if character == "\r":
            key = Qt.Key.Key_Return
        elif character.isascii() and character.isprintable():
            key = ord(character.upper())
        elif character.isascii():  # control signs come as Ctrl and the key 64 places further on
            key, modifiers = ord(character) + 64, Qt.KeyboardModifier.ControlModifier
        handle = self._handle()
        self._pace.right_after(SCANNER_GAP_MS)
        for kind in (
            QEvent.Type.ShortcutOverride,
            QEvent.Type.KeyPress,
            QEvent.Type.KeyRelease,
        ):
            QCoreApplication.sendEvent(handle, QKeyEvent(kind, key, modifiers, character))

    def _paste(self, words: str) -> None:
        QGuiApplication.clipboard().setText(repeated(words))
        self._press("Ctrl+V")

    def _type(self, words: str) -> None:
        if not words.isascii():
            self._compose(words)
            return
        for character in words:
            self.played.keys += 1
            self._pace.after(TYPING_GAP_MS)
            QTest.keyClick(self._handle(), character)  # type: ignore[call-overload]
            QCoreApplication.processEvents()

    def _compose(self, words: str) -> None:
        """Type Chinese: an input method commits it to whatever has the focus."""
        self.played.keys += len(words)
        self._commit(self._focus(), words)

    def _focus(self) -> QObject:
        focus = QGuiApplication.focusObject()
        if focus is None:
            raise StepFailed(f"{self._where()}: nothing has the focus")
        return focus

    def _commit(self, focus: QObject, words: str) -> None:
        commit = QInputMethodEvent()
        commit.setCommitString(words)
        QCoreApplication.sendEvent(focus, commit)

    def _press(self, words: str) -> None:
        self.played.keys += 1
        combination = QKeySequence.fromString(words)
        key = None if combination.isEmpty() else combination[0]  # type: ignore[index]
        if key is None or key.key() == Qt.Key.Key_unknown:
            raise StepFailed(f"{self._where()}: no such key")
        self._pace.after(GUARD_MS if words == "Enter" else TYPING_GAP_MS)
        is_plus = words == PLUS  # the one of the number block: in a field the other is typed
        modifiers = Qt.KeyboardModifier.KeypadModifier if is_plus else key.keyboardModifiers()
        QTest.keyClick(self._handle(), key.key(), modifiers)

    def _change_operator(self, words: str) -> None:
        """Lock, choose by the place on the lock page, type the PIN, and be in."""
        place, _, pin = words.partition(" ")
        self._press("F12")
        self._stage.pass_pause()
        self._wait(self._stage.is_quiet, "the lock")
        self._press(f"Alt+{place}")
        self._stage.pass_pause()
        self._wait(self._stage.is_quiet, "the boxes of the PIN")
        self._type(pin)

    def _picture(self, words: str) -> None:
        name, _, caption = words.partition(" ")
        QTest.qWait(1)
        self._pictures.mkdir(parents=True, exist_ok=True)
        file = self._pictures / f"{name}.png"
        if not self._stage.window.grab().save(str(file)):
            raise StepFailed(f"{self._where()}: the picture could not be written")
        self.played.pictures.append((file.name, caption or name))

    def _see(self, words: str) -> None:
        self._wait(lambda: words in self._visible(), f"「{words}」 on the screen")

    def _see_not(self, words: str) -> None:
        if words in self._visible():
            raise StepFailed(f"{self._where()}: 「{words}」 stands on the screen")

    def _visible(self) -> str:
        """Return every text that stands on the window now."""
        texts: list[str] = []
        for widget in (self._stage.window, *self._stage.window.findChildren(QWidget)):
            if not widget.isVisible():
                continue
            if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
                texts.append(widget.text())
            if isinstance(widget, QAbstractItemView):
                texts += _rows(widget)
            texts.append(widget.accessibleName())
            texts.append(widget.accessibleDescription())
        return "\n".join(texts)

    def _clock(self, words: str) -> None:
        self._stage.set_clock(words)

    def _weight(self, words: str) -> None:
        shaking, _, grams = words.rpartition(" ")
        if words != RUBBISH and (not grams.isdigit() or shaking not in ("", SHAKES)):
            raise StepFailed(f"{self._where()}: how many grams?")
        self._stage.weight(None if words == RUBBISH else int(grams), not shaking)

    def _line_down(self, _words: str) -> None:
        self._stage.line(False)  # noqa: FBT003 - down

    def _line_up(self, _words: str) -> None:
        self._stage.line(True)  # noqa: FBT003 - up

    def _printed(self, _words: str) -> None:
        self._wait(self._stage.printed, "the printers")

    def _synced(self, _words: str) -> None:
        self._wait(self._stage.synced, "the county")

    def _others(self, words: str) -> None:
        """Wait while somebody else is at work: the pictures' folder lies in the album."""
        told = self._pictures.parent.with_name(words)
        self._wait(told.exists, f"{told.name} beside the album")


def _rows(view: QAbstractItemView) -> list[str]:
    """Return the words of every row of a list, as a reader of the screen would hear them."""
    model = view.model()
    return [
        str(model.data(model.index(row, column), role) or "")
        for row in range(model.rowCount())
        for column in range(model.columnCount())
        for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
    ]
