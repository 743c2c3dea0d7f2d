"""The system's own windows that help: that of the clock, and that of the disk.

A counter program may not set the clock, and should not choose what to delete. It opens the window
in which the operator can; what this PC has no window for is not offered.
"""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_CLOCKS: Sequence[tuple[str, ...]] = (
    ("dde-control-center", "-s", "-m", "datetime"),  # UOS, Deepin
    ("ukui-control-center", "-m", "Date"),  # Kylin
    ("gnome-control-center", "datetime"),
    ("mate-time-admin",),
    ("time-admin",),
    ("systemsettings", "kcm_clock"),
)
_DISKS: Sequence[tuple[str, ...]] = (
    ("dde-file-manager",),
    ("peony",),  # Kylin
    ("xdg-open",),
)
_WINDOWS_CLOCK = "ms-settings:dateandtime"


def remedies(folder: Path) -> Mapping[str, Callable[[], None]]:
    """Return what can be opened here: `clock`, and `disk` at the folder of the journal."""
    if sys.platform == "win32":
        return {
            "clock": lambda: os.startfile(_WINDOWS_CLOCK),  # noqa: S606 - a window of the system
            "disk": lambda: os.startfile(folder),  # noqa: S606 - the same
        }
    found: dict[str, Callable[[], None]] = {}
    if clock := _first(_CLOCKS):
        found["clock"] = lambda: _open(clock)
    if disk := _first(_DISKS):
        found["disk"] = lambda: _open((*disk, str(folder)))
    return found


def _first(programs: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the first that is installed, () for none."""
    return next((one for one in programs if shutil.which(one[0])), ())


def _open(command: Sequence[str]) -> None:
    """Start a program that goes on by itself, and whose words are nobody's concern here."""
    program = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    threading.Thread(target=program.wait, daemon=True).start()  # or it stays as a zombie
