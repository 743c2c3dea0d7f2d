"""Plays a working day on the real window, by key and scan events only.

The keys go to the window's handle, as the system would send them, so they pass the scan filter
and the key table like any other. The player never calls into the program; it looks at the screen,
waits until the program is quiet, and notes which step every act came from.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEvent, QEventLoop, QObject, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QWidget,
)

from station_app.tour.script import Step, repeated, with_controls

QUIET_MS_MAX = 15_000  # a step that is not over by then hangs
GUARD_MS = 330  # an Enter right behind a scan belongs to the scanner; a hand takes longer
TYPING_GAP_MS = 70  # slower than any scanner: the filter must take it for typing


class StepFailed(AssertionError):
    """A step did not do what the script says; names the line."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What the player needs of the world around the window.

    is_quiet: no task is running and nothing waits to be shown. set_clock: takes "2026-11-23 07:50".
    line: switches the line to the county. printed, synced: tell whether all has come out.
    """

    window: QWidget
    is_quiet: Callable[[], bool]
    set_clock: Callable[[str], None]
    line: Callable[[bool], None]
    printed: Callable[[], bool]
    synced: Callable[[], bool]


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
        self._has_typed = False
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
            self._wait(self._stage.is_quiet, "the program to be quiet")
        return self.played

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

    def _where(self) -> str:
        return f"line {self._step.line} ({self._step.text})" if self._step else "before the start"

    def _handle(self) -> Any:  # what QTest takes beside widgets, its types do not know
        active = QApplication.activeModalWidget() or self._stage.window
        return active.windowHandle()

    def _scan(self, words: str) -> None:
        self._begin_scan()
        for character in with_controls(words):
            self._strike(character)
        QTest.keyClick(self._handle(), Qt.Key.Key_Return)

    def _begin_scan(self) -> None:
        """Take up the scanner: from the keys to its trigger a hand needs a while."""
        self.played.scans += 1
        if self._has_typed:
            QTest.qWait(GUARD_MS)
        self._has_typed = False

    def _scan_twice_ended(self, words: str) -> None:
        """Scan with a scanner that is set to end with CR and LF: both come as Enter."""
        self._scan(words)
        QTest.keyClick(self._handle(), Qt.Key.Key_Return)

    def _scan_mixed(self, words: str) -> None:
        """Scan while an input method is on: it takes the letters and commits words instead."""
        self._begin_scan()
        focus = self._focus()
        for run in re.findall(r"[ -~]+|[^ -~]+", words):
            if run.isascii():
                for character in run:
                    self._strike(character)
                continue
            QCoreApplication.sendEvent(focus, QInputMethodEvent("y", []))
            self._commit(focus, run)
        QTest.keyClick(self._handle(), Qt.Key.Key_Return)

    def _strike(self, character: str) -> None:
        if character.isascii() and character.isprintable():
            QTest.keyClick(self._handle(), character)  # type: ignore[call-overload]
            return
        if character.isascii():
            self._strike_control(character)
            return
        # No key of a keyboard writes this; a scanner behind a wrong setting sends it all the same.
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, character)
            QCoreApplication.sendEvent(self._handle(), event)

    def _strike_control(self, character: str) -> None:
        """Send a control character as scanners do: Ctrl and the key 64 places further on."""
        key, ctrl = ord(character) + 64, Qt.KeyboardModifier.ControlModifier
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, ctrl, character)
            QCoreApplication.sendEvent(self._handle(), event)

    def _paste(self, words: str) -> None:
        QGuiApplication.clipboard().setText(repeated(words))
        self._press("Ctrl+V")

    def _type(self, words: str) -> None:
        if not words.isascii():
            self._compose(words)
            return
        for character in words:
            self.played.keys += 1
            QTest.keyClick(self._handle(), character)  # type: ignore[call-overload]
            QTest.qWait(TYPING_GAP_MS)
        self._has_typed = True

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
        if words == "Enter":
            QTest.qWait(GUARD_MS)
        combination = QKeySequence.fromString("Plus" if words == "+" else words)
        if combination.isEmpty():
            raise StepFailed(f"{self._where()}: no such key")
        key = combination[0]  # type: ignore[index]
        QTest.keyClick(self._handle(), key.key(), key.keyboardModifiers())
        QTest.qWait(TYPING_GAP_MS)
        self._has_typed = True

    def _change_operator(self, words: str) -> None:
        """Lock, choose by the place on the lock page, type the PIN, and be in."""
        place, _, pin = words.partition(" ")
        self._press("F12")
        self._wait(self._stage.is_quiet, "the lock")
        self._press(f"Alt+{place}")
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

    def _line_down(self, _words: str) -> None:
        self._stage.line(False)  # noqa: FBT003 - down

    def _line_up(self, _words: str) -> None:
        self._stage.line(True)  # noqa: FBT003 - up

    def _printed(self, _words: str) -> None:
        self._wait(self._stage.printed, "the printers")

    def _synced(self, _words: str) -> None:
        self._wait(self._stage.synced, "the county")


def _rows(view: QAbstractItemView) -> list[str]:
    """Return the words of every row of a list, as a reader of the screen would hear them."""
    model = view.model()
    return [
        str(model.data(model.index(row, column), role) or "")
        for row in range(model.rowCount())
        for column in range(model.columnCount())
        for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
    ]
