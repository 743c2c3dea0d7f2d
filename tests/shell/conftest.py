"""Fixtures of the shell: a dressed application, a toy shop, keys as a window system sends them."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QKeyCombination, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QKeySequence

from station_app.resources_dir import load_texts
from station_app.shell import theme
from tests.shell.quick_bot import let_happen
from tests.shell.shop import open_shop


@pytest.fixture(scope="session")
def dressed(qapp):
    theme.dress(qapp)
    return qapp


@pytest.fixture(scope="session")
def texts():
    return load_texts()


@pytest.fixture
def shop(dressed):
    return open_shop()


class Hand:
    """Presses keys on a window's handle, each with its own moment, as a window system does.

    First the ShortcutOverride, then the press, then the release: a key that the override does not
    accept would fire a shortcut.

    is_patient: a key that may belong to a scan is waited for until its pause has passed, as a
    person does. Else the pause is over at once: pages are worked by thousands of keys, and what a
    pause means is shown where the ear of the scanner is tested.
    """

    is_patient = False

    def __init__(self, window, qtbot):
        self.window = window
        self.qtbot = qtbot
        self.at = 10_000
        self.unclaimed = []

    def _send(self, kind, key, modifiers, text):
        event = QKeyEvent(kind, key, modifiers, text)
        event.setTimestamp(self.at)
        event.ignore()
        QCoreApplication.sendEvent(self.window.windowHandle(), event)
        return event.isAccepted()

    def key(self, key, modifiers=Qt.KeyboardModifier.NoModifier, text=""):
        if not self._send(QEvent.Type.ShortcutOverride, key, modifiers, text):
            self.unclaimed.append(key)
        self._send(QEvent.Type.KeyPress, key, modifiers, text)
        self._send(QEvent.Type.KeyRelease, key, modifiers, text)

    def sign(self, sign):
        plain = Qt.KeyboardModifier.NoModifier
        self.key(ord(sign.upper()) if sign.isascii() else 0, plain, sign)

    def burst(self, text, gap=8, suffix="\r"):
        """What a scanner does."""
        for sign in text:
            self.at += gap
            self.sign(sign)
        self.at += gap
        if suffix:
            key = Qt.Key.Key_Return if suffix == "\r" else Qt.Key.Key_Tab
            self.key(key, text=suffix)

    def type(self, text, gap=120):
        """What a person does; waits until the last sign has arrived."""
        for sign in text:
            self.at += gap
            self.sign(sign)
        self.settle()

    def press(self, name, gap=400):
        """One key of a name as on a cap: "Enter", "Ctrl+Z", "F2", "+"."""
        self.at += gap
        if name == "+":
            self.key(Qt.Key.Key_Plus, Qt.KeyboardModifier.KeypadModifier, "+")
        else:
            sequence = QKeyCombination.fromCombined(
                QKeySequence(name.replace("Enter", "Return"))[0].toCombined()  # type: ignore[index]
            )
            text = {"Enter": "\r", "Esc": "\x1b", "Tab": "\t"}.get(name, "")
            if len(name) == 1:
                text = name
            self.key(sequence.key(), sequence.keyboardModifiers(), text)
        self.settle()

    def compose(self, commit):
        """What an input method does."""
        event = QInputMethodEvent()
        event.setCommitString(commit)
        QCoreApplication.sendEvent(QGuiApplication.focusObject(), event)

    def settle(self):
        """Wait until no key is held and nothing is to be shown."""
        ear = getattr(self.window, "scan_filter", None)  # the first window has none
        if ear is not None and not self.is_patient:
            ear.flush()
        self.qtbot.waitUntil(lambda: self.window.is_quiet, timeout=3_000)
        for _ in range(3):
            let_happen()
        keys = getattr(self.window, "keys", None)
        doubled = keys.doubled_caps() if keys is not None else []
        assert doubled == [], "two buttons promise one key"


class Keys(Hand):
    """Keys as a window system sends them: a press is accepted unless somebody refuses it."""

    def _send(self, kind, key, modifiers, text):
        event = QKeyEvent(kind, key, modifiers, text)
        event.setTimestamp(self.at)
        event.setAccepted(kind != QEvent.Type.ShortcutOverride)
        QCoreApplication.sendEvent(self.window.windowHandle(), event)
        return event.isAccepted()


class Sounds:
    """Remembers what was played."""

    def __init__(self):
        self.played = []

    def play(self, name):
        self.played.append(name)


@pytest.fixture
def patient(monkeypatch):
    """Let hands wait out the pauses that tell a scan from typing."""
    monkeypatch.setattr(Hand, "is_patient", True)


@pytest.fixture
def shown(qtbot, dressed):
    """Show a window in full size and take it in hand."""
    yield from showing(qtbot, Hand)


def showing(qtbot, hand):
    """Yield what shows a window and takes it in hand; remove those windows in the end."""
    windows = []

    def show(window, width=1366, height=768):
        window.resize(width, height)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        windows.append(window)
        window.start()
        taken = hand(window, qtbot)
        taken.settle()
        return taken

    yield show
    for window in windows:
        window.close()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
