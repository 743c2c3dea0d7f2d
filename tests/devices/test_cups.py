"""A raw queue of a real CUPS, between our port and a simulated printer."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from station_app.devices.cups_printer import CupsQueues
from station_app.devices.printer import Status
from station_app.devices.queue_printer import QueuePrinter
from station_app.devices.simulated_printer import SimulatedPrinter
from tests.devices.jobs import LABEL, QUICK

CUPSD = """Listen {root}/cups.sock
Browsing No
DefaultAuthType None
<Location />
Order allow,deny
Allow all
</Location>
<Policy default>
<Limit All>
Order allow,deny
Allow all
</Limit>
</Policy>
"""
CUPS_FILES = """ServerRoot {root}
RequestRoot {root}
TempDir {root}
CacheDir {root}
StateDir {root}
ErrorLog {root}/error
AccessLog {root}/access
PageLog {root}/page
SystemGroup root
"""
QUEUE = """<Printer label>
DeviceURI socket://127.0.0.1:{port}
State Idle
Accepting Yes
ErrorPolicy stop-printer
</Printer>
"""


@pytest.fixture
def root():
    """A folder that the back ends of CUPS reach: they run as somebody else."""
    with tempfile.TemporaryDirectory(prefix="cups-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_a_raw_job_goes_through_a_real_cups_unchanged(root, qtbot):
    assert shutil.which("lp"), "apt-get install cups-client cups"
    with SimulatedPrinter("tspl", 480) as printer:
        (root / "cupsd.conf").write_text(CUPSD.format(root=root))
        (root / "cups-files.conf").write_text(CUPS_FILES.format(root=root))
        (root / "printers.conf").write_text(QUEUE.format(port=printer.port))
        if os.getuid() == 0:
            shutil.chown(root, "lp", "lp")
        words = ["/usr/sbin/cupsd", "-f", "-c", root / "cupsd.conf", "-s", root / "cups-files.conf"]
        with subprocess.Popen([str(word) for word in words]) as daemon:
            try:
                qtbot.waitUntil((root / "cups.sock").exists, timeout=10_000)
                queues = CupsQueues(str(root / "cups.sock"))
                assert queues.names() == ["label"]
                port = QueuePrinter("label", queues, patience=QUICK)
                assert port.deliver(LABEL).outcome == "sent"
                assert (len(printer.papers), printer.rubbish) == (1, [])
                assert printer.bytes_read == len(LABEL)
                assert QueuePrinter("label2", queues).status() == Status("fault", "NO_QUEUE")
            finally:
                daemon.terminate()
        assert port.status() == Status("fault", "UNREACHABLE")
