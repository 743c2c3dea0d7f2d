"""Starts the practice beside the real window, and gives the scanner over for as long as it lasts.

A scanner on a port is heard by one program only. While somebody practises, it must be the practice:
else her trial scan would lie on the real page behind it.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QProcess

from station_app.sense_desk import SenseDesk
from station_app.shell.sense_settings import SenseSettings
from station_app.values.texts import Texts

STOP_MS = 2_000
BUSY = 3  # as `practice.practise` says it: another window is open still


def practice_command(data: Path, lesson: int, senses: str) -> Sequence[str]:
    """Return the words that start it: of the program that was built, or of its source."""
    is_built = getattr(sys, "frozen", False)
    head = [sys.executable] if is_built else [sys.executable, "-m", "station_app"]
    return [*head, "--data", str(data), "practice", "--lesson", str(lesson), "--senses", senses]


class PracticeStart(QObject):
    """Opens the practice, one at a time."""

    def __init__(self, data: Path, senses: SenseDesk | None, texts: Texts) -> None:
        """data: the real data folder, the practice makes its own room in it; senses: None before
        this PC has a journal.
        """
        super().__init__()
        self._data, self._senses, self._texts = data, senses, texts
        self._process: QProcess | None = None

    def __call__(self, lesson: int, then: Callable[[str], None]) -> None:
        """Open it at a lesson; `then` is told when it is over: "", or why it did not open."""
        if self._process is not None:
            then(self._texts.say("overview.practice.busy"))
            return
        settings = self._senses.settings if self._senses else SenseSettings()
        quiet = msgspec.structs.replace(settings, scanner="keyboard", scanner_place="")
        own = msgspec.structs.replace(settings, customer="none")  # she is not to see it
        if self._senses is not None:
            self._senses.try_out(quiet)
        words = practice_command(self._data, lesson, msgspec.json.encode(own).decode())
        process = self._process = QProcess(self)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedChannels)
        process.finished.connect(lambda status, _how: self._over(then, status))
        process.errorOccurred.connect(lambda error: self._not_started(then, error))
        process.start(words[0], words[1:])

    def _not_started(self, then: Callable[[str], None], error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._over(then, -1)

    def _over(self, then: Callable[[str], None], status: int) -> None:
        if self._process is None:
            return
        self._process.deleteLater()
        self._process = None
        if self._senses is not None:
            self._senses.put_back()
        key = {0: "", BUSY: "busy"}.get(status, "stumbled")
        then(self._texts.say(f"overview.practice.{key}") if key else "")

    def stop(self) -> None:
        """The real program ends: so does the practice."""
        if self._process is not None:
            self._process.terminate()
            self._process.waitForFinished(STOP_MS)
