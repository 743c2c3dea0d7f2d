"""Somebody who practises: the program in its room, worked by keys."""

from PySide6.QtCore import QCoreApplication, QEvent

from station_app.app import Program
from station_app.overview.practice.lessons import LESSONS
from station_app.practice import Practice
from station_app.practice_room import make_room
from station_app.premises import SystemChance, SystemClock
from station_app.resources_dir import load_texts
from station_app.shell.sense_settings import SenseSettings
from tests.overview.stations import settle
from tests.shell.conftest import Hand


class Learner:
    """Somebody who practises. band: what the band says now."""

    def __init__(self, folder, qtbot, lesson=0):
        self.folder = folder
        made = make_room(folder, SystemChance(), SystemClock().now_ms(), SenseSettings())
        self.practice = Practice(load_texts(), lesson).__enter__()
        self.program = Program.open(*made, self.practice.edges(is_silent=True))
        self.practice.begin(self.program)
        self.window = self.program.window
        self.window.resize(1366, 768)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.hand = Hand(self.window, qtbot)
        settle()

    @property
    def band(self):
        band = self.window.content.band
        return f"{band.title.text()}　{band.words.text()}"

    @property
    def page(self):
        return self.window.deck.current

    def press(self, *names):
        for name in names:
            self.hand.press(name)
            self.hand.settle()
            settle()

    def type(self, text):
        self.hand.type(text)
        self.hand.settle()
        settle()

    def close(self):
        self.program.close()
        self.practice.__exit__()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(self.window, QEvent.Type.DeferredDelete)
        settle()


def lesson_called(key):
    return next(number for number, lesson in enumerate(LESSONS) if lesson.key == key)
