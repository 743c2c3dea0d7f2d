"""A full disk at the counter gets a sentence, costs no act, and work goes on once there is room."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOUNT = 'mount -t tmpfs -o size=40m none "$1" && exec "$2" -m tests.proofs.full_desk "$1"'


@pytest.mark.timeout(200)
def test_work_goes_on_after_the_disk_was_full(tmp_path: Path) -> None:
    ran = subprocess.run(
        ["unshare", "-rm", "sh", "-c", MOUNT, "sh", str(tmp_path), sys.executable],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["done"] > 100
    assert told["trouble"] == "security.trouble.DISK_FULL"
    assert told["reserve_was_used"]
    assert told["same_ticket_after_room"]
    assert told["missing"] == 0
    assert told["sound"]
