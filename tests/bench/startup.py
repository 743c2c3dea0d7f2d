"""`startup.first_paint`: from the start of the process to the first picture, against an empty
window.

Both are processes of their own and both load Python and Qt; the floor shows a plain widget. Ours
opens the encrypted journal of an enrolled station, with its parcels, and paints its first page.
They take turns. The child says so itself at the end of its first paint event.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from station_app.security.key_store import DATABASE as DATABASE_KEY
from station_app.security.key_store import PlainFileStore
from tests.bench.report import Measured, tell
from tests.proofs.kit import KEY, furnish

RUNS = 12
ROOT = Path(__file__).resolve().parents[2]

EMPTY = """
import sys
from PySide6.QtWidgets import QApplication, QWidget
class Empty(QWidget):
    def paintEvent(self, event):
        super().paintEvent(event)
        sys.stdout.write("painted\\n"); sys.stdout.flush(); app.quit()
app = QApplication([])
window = Empty(); window.resize(1366, 768); window.show()
app.exec()
"""
OURS = """
import sys
from pathlib import Path
from PySide6.QtCore import QEvent, QObject, QTimer
from station_app.app import Program, ProgramEdges, make_application
from station_app.security.key_store import PlainFileStore
app = make_application()
class Eye(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            sys.stdout.write("painted\\n"); sys.stdout.flush()
            watched.removeEventFilter(self)
            QTimer.singleShot(0, app.quit)
        return False
data = Path(sys.argv[1])
edges = ProgramEdges(has_line=False, is_silent=True)
program = Program.open(data / "data", PlainFileStore(data / "key"), edges)
eye = Eye()
program.window.installEventFilter(eye)
program.window.resize(1366, 768)
program.start()
program.window.show()
app.exec()
program.close()
"""


def first_paint_ms(code: str, *arguments: str) -> float:
    """Start a process and return the time until it says that it has painted."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        text=True,
    ) as child:
        assert child.stdout is not None
        said = child.stdout.readline()
        passed = (time.perf_counter() - began) * 1000
        child.communicate(timeout=60)
    if said.strip() != "painted":
        raise RuntimeError(f"the window was not painted: {said!r}")
    return passed


def measure(runs: int = RUNS) -> Measured:
    """Measure both and return the medians in milliseconds."""
    with tempfile.TemporaryDirectory(prefix="bench-start-") as place:
        folder = Path(place)
        furnish(folder / "data", people=200)
        PlainFileStore.create(folder / "key").put(DATABASE_KEY, KEY)
        first_paint_ms(EMPTY)
        first_paint_ms(OURS, str(folder))
        ours, floor = [], []
        for _ in range(runs):
            floor.append(first_paint_ms(EMPTY))
            ours.append(first_paint_ms(OURS, str(folder)))
    return Measured(
        name="startup.first_paint",
        ours=statistics.median(ours),
        limit=statistics.median(floor),
        unit="ms",
        runs=runs,
        sizes={"people": 200},
    )


def main() -> None:
    """Measure and print."""
    tell(measure())
