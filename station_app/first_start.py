"""The first start: enrol this PC before there is a journal, and say why a bad start ends."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QMessageBox

from station_app import station_log
from station_app.journal.recorder import new_ticket
from station_app.journal.troubles import DamagedDatabase, StoreTrouble
from station_app.line import ENROLLED, enrol
from station_app.overview.doctor import DoctorWork
from station_app.overview.enrolment import DONE, EnrolmentWork, EnrolOutcome
from station_app.overview.examination import Signs
from station_app.overview.first_light import FirstLight
from station_app.overview.first_window import FirstParts, closed_window, enrolment_window
from station_app.practice_start import PracticeStart
from station_app.premises import BUILD_MS, DATABASE, SystemChance, SystemClock
from station_app.resources_dir import load_texts
from station_app.security.key_store import KeyStore
from station_app.shell.full_screen import fill_screen
from station_app.shell.sounds import Silence
from station_app.shell.tasks import Tasks
from station_app.shell.window import MainWindow

EXIT_CLOSED = 2
LOOK_MS = 200  # how soon the program ends after its window was closed


def enrol_first(
    data: Path, keys: KeyStore, address: str, light: FirstLight, *, anew: bool = False
) -> bool:
    """Show the enrolment page until the PC has its station; False if the window was closed.

    anew: it has one, was cut off there, and becomes another PC of it with the same journal.
    """
    tasks = Tasks()
    done: list[bool] = []

    def work(where: str, code: str) -> EnrolOutcome:
        outcome = enrol(data, keys, where, code, anew=anew)
        state = DONE if outcome.state == ENROLLED else outcome.state
        return EnrolOutcome(state, outcome.station, outcome.name)

    def by_stick(where: str, code: str) -> EnrolOutcome:
        from station_app.devices import sticks
        from station_app.stick_enrol import enrol_by_stick

        outcome = enrol_by_stick(data, keys, sticks.for_mail(), where, code, anew=anew)
        state = DONE if outcome.state == ENROLLED else outcome.state
        return EnrolOutcome(state, outcome.station, outcome.name)

    def enrolled(leave: Callable[[], None]) -> None:
        done.append(True)
        QTimer.singleShot(0, leave)

    loop, practice = QEventLoop(), PracticeStart(data, None, load_texts())
    page = EnrolmentWork(
        enrol=work,
        run=tasks.read,
        enrolled=lambda _outcome: enrolled(loop.quit),
        address=address,
        by_stick=by_stick,
        practise=None if anew else practice,
        is_again=anew,
    )
    window = enrolment_window(first_parts(), page)
    stay(window, loop, lambda: light.give_over(window, lambda: True))
    practice.stop()
    tasks.close()
    return bool(done)


def show_trouble(data: Path, trouble: StoreTrouble, light: FirstLight) -> int:
    """Say what is wrong with the data folder until the window is closed. Nothing is written."""
    if not isinstance(trouble, DamagedDatabase):
        light.leave()
        return _say(trouble)
    clock = SystemClock()
    words = load_texts().say(trouble.text_key, **trouble.slots)
    signs = Signs(
        now_ms=clock.now_ms(),
        built_ms=BUILD_MS,
        damaged=str(data / DATABASE),
        damage=f"{words} [{trouble.detail}]",
    )
    loop = QEventLoop()
    work = DoctorWork(look=lambda: signs, actions={}, opened=loop.quit, now=clock.now_ms)
    stay(closed_window(first_parts(), work), loop, light.leave)
    return EXIT_CLOSED


def _say(trouble: StoreTrouble) -> int:
    """Say it in a box: the database is sound, but cannot be opened now (open already, no key)."""
    texts = load_texts()
    box = QMessageBox()
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(texts.say("shell.brand"))
    box.setText(texts.say(trouble.text_key, **trouble.slots))
    box.setDetailedText(trouble.detail)
    box.exec()
    return EXIT_CLOSED


def first_parts() -> FirstParts:
    """Return what a window without a journal is made of."""
    chance = SystemChance()
    return FirstParts(
        texts=load_texts(),
        sounds=Silence(),
        tickets=lambda: new_ticket(chance),
        now=SystemClock().now_ms,
    )


def stay(window: MainWindow, loop: QEventLoop, shown: Callable[[], None]) -> None:
    """Show a window until the loop is left or the window is closed. shown: it is there."""
    look = QTimer(window, interval=LOOK_MS)
    look.timeout.connect(lambda: None if window.isVisible() else loop.quit())
    window.start()
    fill_screen(window)
    station_log.catch_the_rest(window.last_resort.tell)
    shown()
    look.start()
    loop.exec()
    look.stop()
    station_log.catch_the_rest()
    window.close()
