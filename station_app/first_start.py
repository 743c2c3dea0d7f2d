"""The first start: a window with the enrolment page and nothing else, and words for a bad start.

There is no journal yet, so there is no desk either: the page needs words, sounds and a thread.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox

from station_app.journal.recorder import new_ticket
from station_app.journal.troubles import StoreTrouble
from station_app.line import ENROLLED, enrol
from station_app.overview.enrolment import DONE, EnrolmentPage, EnrolmentWork, EnrolOutcome
from station_app.premises import BUILD_MS, SystemChance, SystemClock
from station_app.resources_dir import load_texts
from station_app.security.key_store import KeyStore
from station_app.shell.desk import Done, Outcome
from station_app.shell.drafts import DraftsInMemory
from station_app.shell.offers import Offer, PageOffer
from station_app.shell.sounds import Silence
from station_app.shell.tasks import Tasks
from station_app.shell.window import MainWindow, Surroundings
from station_app.values.day import local_day
from station_app.values.now import Now

T = TypeVar("T")

ENROL_PAGE = "overview.enrol"


class NoDesk:
    """The desk of a PC that belongs to no station: it can do nothing yet, and nothing asks it."""

    def perform(self, *_commands: Any, ticket: str, then: Callable[[Outcome], None]) -> None:
        """Refuse to work: only the enrolment page is shown."""
        raise AssertionError(f"{ticket} before enrolment")

    def undo(self, act: str, *, ticket: str, then: Callable[[Outcome], None]) -> None:
        """Refuse to work: there is nothing to undo."""
        raise AssertionError(f"{ticket} before enrolment: {act}")

    def read(self, query: Callable[[Any], T]) -> T:
        """Refuse to read: there is no journal."""
        raise AssertionError("there is no journal yet")

    def look_up(self, query: Callable[[Any], T], then: Callable[[T], None]) -> None:
        """Refuse to read: there is no journal."""
        raise AssertionError("there is no journal yet")

    def now(self) -> Now:
        """Return the moment; the place is not known yet."""
        at = SystemClock().now_ms()
        return Now(at=at, day=local_day(max(at, BUILD_MS)), operator="", device="", station="")

    def listen(self, listener: Callable[[Done], None]) -> None:
        """Nothing will happen here."""


def enrolment_window(
    data: Path, keys: KeyStore, address: str, tasks: Tasks, enrolled: Callable[[], None]
) -> MainWindow:
    """Return the window of the first start; `enrolled` is called once the PC has its station."""

    def work(where: str, code: str) -> EnrolOutcome:
        outcome = enrol(data, keys, where, code)
        state = DONE if outcome.state == ENROLLED else outcome.state
        return EnrolOutcome(state, outcome.station, outcome.name)

    page = EnrolmentWork(
        enrol=work, run=tasks.read, enrolled=lambda _outcome: enrolled(), address=address
    )
    offer = Offer(
        pages=(
            PageOffer(
                ENROL_PAGE,
                "overview.enrol.title",
                "key",
                "Home",
                lambda counter: EnrolmentPage(counter, ENROL_PAGE, page),
                is_bare=True,
            ),
        )
    )
    chance = SystemChance()
    around = Surroundings(
        desk=NoDesk(),
        texts=load_texts(),
        sounds=Silence(),
        drafts=DraftsInMemory(),
        tickets=lambda: new_ticket(chance),
    )
    return MainWindow([offer], around)


def enrol_first(data: Path, keys: KeyStore, address: str) -> bool:
    """Show the enrolment page until the PC has its station; False if the window was closed."""
    tasks = Tasks()
    loop = QEventLoop()
    done: list[bool] = []

    def enrolled() -> None:
        done.append(True)
        QTimer.singleShot(0, loop.quit)

    window = enrolment_window(data, keys, address, tasks, enrolled)
    application = QGuiApplication.instance()
    assert isinstance(application, QGuiApplication)
    closed = application.lastWindowClosed.connect(loop.quit)
    window.start()
    window.showFullScreen()
    loop.exec()
    application.lastWindowClosed.disconnect(closed)
    window.close()
    tasks.close()
    return bool(done)


def show_trouble(trouble: StoreTrouble) -> int:
    """Say why the station cannot be opened, and return the exit status. Nothing was written."""
    texts = load_texts()
    box = QMessageBox()
    box.setIcon(QMessageBox.Icon.Critical)
    box.setWindowTitle(texts.say("shell.brand"))
    box.setText(texts.say(trouble.text_key, **trouble.slots))
    box.setDetailedText(trouble.detail)
    box.exec()
    return 2
