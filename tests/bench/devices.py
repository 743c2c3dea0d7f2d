"""`devices.loop_gap`: the longest time for which the screen stood still while devices misbehaved.

The real program shows its page of devices while a receipt printer on a serial line of 9600 baud
prints a whole roll of slips, a label printer on the network is slow as a serial one and then pulled
out in the middle of a label, and the scale is pulled out, too. A timer of two milliseconds in the
screen's thread notes how late it comes. The floor is the same window in the same time with nobody
printing: its gaps are the machine's and Qt's own. Over 50 ms a person feels that it hangs.
"""

import os
import tempfile
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtTest import QTest

from station_app.app import Program, ProgramEdges
from station_app.devices.printer_setting import PrinterSetting
from station_app.devices.scale_reader import ScaleSetting
from station_app.devices.simulated_printer import Faults, SimulatedPrinter
from station_app.devices.simulated_scale import SimulatedScale
from station_app.devices.simulated_serial import SimulatedSerialPrinter
from station_app.security.key_store import DATABASE as DATABASE_KEY
from station_app.security.key_store import PlainFileStore
from station_app.shell.application import make_application
from tests.bench.report import Measured, tell
from tests.proofs.kit import KEY, furnish

SECONDS = 20
SLIPS = 2  # more than 20 s of a 9600-baud line
TICK_MS = 2
FELT_MS = 50
BAUD = 9_600


class Gaps:
    """Notes how long the screen's thread was away."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.seen: list[float] = []
        self._since = QElapsedTimer()
        self._timer = QTimer(interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Watch from now on."""
        self.seen.clear()
        self._since.start()
        self._timer.start()

    def stop(self) -> list[float]:
        """Return all gaps in milliseconds, the timer's own interval taken off."""
        self._timer.stop()
        return sorted(max(0.0, gap - TICK_MS) for gap in self.seen)

    def _tick(self) -> None:
        self.seen.append(self._since.nsecsElapsed() / 1_000_000)
        self._since.restart()


def open_program(folder: Path, label: int, receipt: str) -> Program:
    """Open a furnished station with these printers."""
    furnish(folder / "data")
    keys = PlainFileStore.create(folder / "key")
    keys.put(DATABASE_KEY, KEY)
    printers = (
        PrinterSetting(role="label", profile="label_60x40", port=f"tcp:127.0.0.1:{label}"),
        PrinterSetting(role="receipt", profile="receipt_58", port=f"serial:{receipt},{BAUD}"),
    )
    return Program.open(
        folder / "data", keys, ProgramEdges(has_line=False, is_silent=True, printers=printers)
    )


def measure() -> Measured:
    """Measure both and return the longest gaps."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    make_application()
    slow = Faults(baud=BAUD)
    with (
        tempfile.TemporaryDirectory(prefix="bench-devices-") as place,
        SimulatedPrinter("tspl", 480, faults=slow) as label,
        SimulatedSerialPrinter("escpos", 384) as receipt,
        SimulatedScale("cas_22") as scale,
    ):
        program = open_program(Path(place), label.port, receipt.name)
        program.premises.signed_in.come("", is_manager=True)
        program.start()
        program.window.resize(1366, 768)
        program.window.show()
        program.window.open_page("overview.devices")
        setting = ScaleSetting(place=scale.name, profile="cas_22")
        program.devices.keep_scale(setting, lambda: None)
        scale.put(12_460)
        QTest.qWait(2_000)
        gaps = Gaps()
        gaps.start()
        QTest.qWait(SECONDS * 1000)
        idle = gaps.stop()
        for _ in range(SLIPS):
            program.devices.print_trial("receipt")
        program.devices.print_trial("label")
        gaps.start()
        QTest.qWait(3_000)
        label.__exit__()
        scale.unplug()
        program.devices.print_trial("label")
        QTest.qWait((SECONDS - 3) * 1000)
        busy = gaps.stop()
        taken = receipt.bytes_read
        program.close()
    return Measured(
        "devices.loop_gap",
        busy[-1],
        idle[-1],
        "ms",
        1,
        {"seconds": SECONDS, "bytes_at_9600": taken},
        {
            "p99": round(busy[len(busy) * 99 // 100], 3),
            "p99_idle": round(idle[len(idle) * 99 // 100], 3),
            "over_50_ms": sum(gap > FELT_MS for gap in busy),
        },
    )


def main() -> None:
    """Print the measurement."""
    tell(measure())
