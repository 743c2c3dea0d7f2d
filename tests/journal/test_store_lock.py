"""One program per data folder, and no lock that outlives its program."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from station_app.journal.one_process import LOCK_NAME, OneProcess
from station_app.journal.troubles import DiskFailed, OpenElsewhere

HOLDER = """
import sys
from pathlib import Path
from station_app.journal.one_process import OneProcess
lock = OneProcess(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another program that holds the folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.stdin.close()
    process.wait()
    process.stdout.close()


def test_a_second_program_is_refused_and_told_by_whom(
    tmp_path: Path, other: subprocess.Popen[str]
) -> None:
    for _ in range(2):
        with pytest.raises(OpenElsewhere) as caught:
            OneProcess(tmp_path)
        assert caught.value.slots == {"process": str(other.pid)}
        assert caught.value.text_key == "security.trouble.OPEN_ELSEWHERE"


def test_a_killed_program_holds_nothing(tmp_path: Path, other: subprocess.Popen[str]) -> None:
    other.send_signal(signal.SIGKILL)
    other.wait()
    assert (tmp_path / LOCK_NAME).exists()
    lock = OneProcess(tmp_path)
    with pytest.raises(OpenElsewhere):
        OneProcess(tmp_path)
    lock.release()


def test_a_released_folder_is_free(tmp_path: Path) -> None:
    OneProcess(tmp_path).release()
    lock = OneProcess(tmp_path)
    lock.release()


def test_two_folders_are_two_stations(tmp_path: Path, other: subprocess.Popen[str]) -> None:
    (tmp_path / "practice").mkdir()
    OneProcess(tmp_path / "practice").release()
    assert other.poll() is None


def test_a_folder_that_is_not_there_is_a_trouble(tmp_path: Path) -> None:
    with pytest.raises(DiskFailed):
        OneProcess(tmp_path / "gone")


def test_the_program_starts_on_a_full_disk(tmp_path: Path) -> None:
    """It ended in a traceback: its number for a second program found no room in the lock file."""
    (tmp_path / LOCK_NAME).symlink_to("/dev/full")
    lock = OneProcess(tmp_path)
    lock.release()
