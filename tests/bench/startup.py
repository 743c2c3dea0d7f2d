"""`startup.first_paint`: from the start of the process to the first picture, against an empty
window; `startup.first_scan`: to the first scan that is taken, against the same.

All are processes of their own, and all load Python and Qt; the floor shows a plain widget. Ours is
the program as it is opened, with line and sounds, on the encrypted journal of an enrolled station.
The children say so themselves, once the whole picture has been painted. The scan is a colleague's
card, typed as a scanner does the moment the first picture stands there: it counts when the lock
page has chosen that colleague. The two take turns, so that a busy machine slows both.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from station_app.journal.recorder import new_ticket
from station_app.security.key_store import DATABASE as DATABASE_KEY
from station_app.security.key_store import PlainFileStore
from station_app.security.pins import PinHasher, set_pin
from station_app.services.people.commands import RegisterOperator
from station_app.shell.desk import Done
from station_app.values.codes import OPERATOR, identity_payload, make_code
from tests.bench.report import Measured, tell
from tests.proofs.kit import KEY, furnish, open_furnished

RUNS = 12
PEOPLE = 200
PINS = {"王示兰": "271828", "李示芳": "314159"}
ROOT = Path(__file__).resolve().parents[2]

EMPTY = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
def said():
    sys.stdout.write("painted\\n"); sys.stdout.flush(); app.quit()
class Empty(QWidget):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, said)
app = QApplication([])
window = Empty(); window.resize(1366, 768); window.show()
app.exec()
"""
OURS = """
import gc, sys
gc.disable()  # as the command `open` does before it loads anything
from pathlib import Path
from station_app import opening
from station_app.start import Start
from station_app.shell.application import make_application
app = make_application()
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent
def say(word):
    sys.stdout.write(word + "\\n"); sys.stdout.flush()
class Eye(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            app.removeEventFilter(self)
            QTimer.singleShot(0, self.painted)
        return False
    def painted(self):
        say("painted")
        window = QGuiApplication.focusWindow()
        for sign in sys.argv[2]:
            self.key(window, ord(sign.upper()), sign)
        self.key(window, Qt.Key.Key_Return, "\\r")
        self.poll = QTimer(interval=1)
        self.poll.timeout.connect(self.look)
        self.poll.start()
    def key(self, window, key, sign):
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, sign)
        QCoreApplication.sendEvent(window, event)
    def look(self):
        for window in app.topLevelWidgets():
            page = window.deck.current if hasattr(window, "deck") else None
            if page is not None and page.key == "overview.doctor" and page.isVisible():
                window.open_page("overview.lock")  # what it found is not what is measured
                for sign in sys.argv[2]:
                    self.key(window.windowHandle(), ord(sign.upper()), sign)
                self.key(window.windowHandle(), Qt.Key.Key_Return, "\\r")
            elif getattr(page, "chosen", "") == sys.argv[3] and page.isVisible():
                self.poll.stop()
                say("scanned")
                app.quit()
                return
eye = Eye()
app.installEventFilter(eye)
data = Path(sys.argv[1])
sys.exit(opening.open_station(Start(data / "data", data / "key")))
"""


def milliseconds(code: str, *arguments: str, words: tuple[str, ...]) -> list[float]:
    """Start a process and return the times until it says each of the words."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    passed = []
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        text=True,
    ) as child:
        assert child.stdout is not None
        for word in words:
            said = child.stdout.readline().strip()
            passed.append((time.perf_counter() - began) * 1000)
            if said != word:
                raise RuntimeError(f"the program said {said!r} instead of {word!r}")
        child.communicate(timeout=60)
    return passed


def prepare(folder: Path) -> tuple[str, str]:
    """Make a station with two colleagues; return the second one's card and identity."""
    furnish(folder / "data", people=PEOPLE)
    keys = PlainFileStore.create(folder / "key")
    keys.put(DATABASE_KEY, KEY)
    here = open_furnished(folder / "data", seed=3)
    here.signed_in.come("", is_manager=True)
    hasher = PinHasher(bytes(32))
    for number, (name, pin) in enumerate(PINS.items()):
        command = RegisterOperator(name=name, role="operator" if number else "manager")
        outcome = here.desk.settle(command, ticket=new_ticket(here.chance))
        if not isinstance(outcome, Done):
            raise TypeError(f"the colleague was not taken: {outcome}")
        identity = outcome.told[0].identity
        set_pin(here.session.connection, identity, pin, hasher=hasher, chance=here.chance)
    here.close()
    return make_code(OPERATOR, identity_payload(identity)), identity


def measure(runs: int = RUNS) -> list[Measured]:
    """Measure all and return the medians in milliseconds."""
    with tempfile.TemporaryDirectory(prefix="bench-start-") as place:
        folder = Path(place)
        card, identity = prepare(folder)
        painted, scanned, floor = [], [], []
        for run in range(runs + 1):
            (empty,) = milliseconds(EMPTY, words=("painted",))
            first, scan = milliseconds(
                OURS, str(folder), card, identity, words=("painted", "scanned")
            )
            if run:  # the first fills the caches of the disk
                floor.append(empty)
                painted.append(first)
                scanned.append(scan)
    return [
        Measured(
            name=name,
            ours=statistics.median(ours),
            limit=statistics.median(floor),
            unit="ms",
            runs=runs,
            sizes={"people": PEOPLE},
            notes={"ours_max": round(max(ours), 1), "limit_max": round(max(floor), 1)},
        )
        for name, ours in (("startup.first_paint", painted), ("startup.first_scan", scanned))
    ]


def main() -> None:
    """Measure and print."""
    for measured in measure():
        tell(measured)
