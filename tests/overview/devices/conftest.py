"""The whole program at a counter with simulated devices, for all tests of a module.

Every call that reaches for a device is noted with the thread in which it was made: a socket that
is connected, a device file that is opened, a program of the printing system that is started.
"""

import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from station_app.app import Program, ProgramEdges
from station_app.devices.simulated_printer import SimulatedPrinter
from station_app.devices.simulated_scale import SimulatedScale
from station_app.journal.recorder import new_ticket
from station_app.security.key_store import DATABASE as DATABASE_KEY
from station_app.security.key_store import PlainFileStore
from station_app.services.people.commands import RegisterOperator
from station_app.shell import theme
from station_app.shell.desk import Done
from tests.overview.stations import settle
from tests.proofs.kit import KEY, furnish
from tests.shell.conftest import Hand

DEVICE_EVENTS = ("socket.connect", "subprocess.Popen")
_reached: list[tuple[str, str]] = []
_is_listening = threading.Event()


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if not _is_listening.is_set():
        return
    is_device = event in DEVICE_EVENTS
    if event == "open" and isinstance(arguments[0], str):
        is_device = arguments[0].startswith(("/dev/pts/", "/dev/tty", "/dev/usb/"))
    if is_device:
        _reached.append((event, threading.current_thread().name))


sys.addaudithook(_note)


@pytest.fixture
def reached():
    """What reached for a device while a test ran: (audit event, thread)."""
    _reached.clear()
    _is_listening.set()
    yield _reached
    _is_listening.clear()


class Counter:
    """The program, its window, and the devices around it."""

    def __init__(self, folder: Path, label, receipt, scale) -> None:
        self.label, self.receipt, self.scale = label, receipt, scale
        furnish(folder / "data")
        keys = PlainFileStore.create(folder / "key")
        keys.put(DATABASE_KEY, KEY)
        edges = ProgramEdges(has_line=False, is_silent=True)
        self.program = Program.open(folder / "data", keys, edges)
        premises = self.program.premises
        premises.signed_in.come("", is_manager=True)
        command = RegisterOperator(name="李示芳", role="manager")
        done = premises.desk.settle(command, ticket=new_ticket(premises.chance))
        assert isinstance(done, Done)
        premises.signed_in.come(done.told[0].identity, is_manager=True)
        self.window = self.program.window
        self.program.start()
        self.window.resize(1366, 768)
        self.window.show()
        self.window.open_page("overview.today")
        self.hand: Hand

    @property
    def page(self):
        return self.window.deck.current

    @property
    def toasts(self):
        return [toast.notice.words for toast in self.window.toasts.toasts]

    def open(self, key, **subject):
        self.window.open_page(key, subject)
        settle()

    def press(self, *names):
        for name in names:
            self.hand.press(name)
            settle()

    def compose(self, text):
        self.hand.compose(text)
        self.hand.settle()
        settle()

    def local(self, name):
        query = "SELECT value FROM local WHERE name = ?"
        row = self.program.reading().execute(query, (name,)).fetchone()
        return row[0] if row else ""


@pytest.fixture(scope="module")
def around():
    """The devices of a counter."""
    with (
        SimulatedPrinter("tspl", 480) as label,
        SimulatedPrinter("escpos", 576) as receipt,
        SimulatedScale("cas_22") as scale,
    ):
        yield SimpleNamespace(label=label, receipt=receipt, scale=scale)


@pytest.fixture(scope="module")
def opened(qapp, tmp_path_factory, around):
    theme.dress(qapp)
    folder = tmp_path_factory.mktemp("counter")
    made = Counter(folder, around.label, around.receipt, around.scale)
    yield made
    made.program.close()
    # Qt ends it here and now, else its ear would go on listening to other windows' keys.
    made.window.deleteLater()
    QCoreApplication.sendPostedEvents(made.window, QEvent.Type.DeferredDelete)
    settle()


@pytest.fixture
def counter(opened, qtbot):
    qtbot.waitExposed(opened.window)
    opened.hand = Hand(opened.window, qtbot)
    return opened
