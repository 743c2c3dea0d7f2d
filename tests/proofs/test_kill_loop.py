"""Promise 1, against the death of the process: what was shown as done is there after any kill."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

KILLS = 300


@pytest.mark.timeout(240)
def test_no_acknowledged_act_is_lost_in_three_hundred_kills(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-m", "tests.proofs.kill_loop", "--kills", str(KILLS)]
    run = subprocess.run(
        [*command, str(tmp_path / "data")], capture_output=True, text=True, check=False
    )
    with capsys.disabled():
        sys.stdout.write(f"\nkill loop: {run.stdout}")
    assert run.returncode == 0, run.stdout + run.stderr
    summary = json.loads(run.stdout)
    assert summary["kills"] == KILLS
    assert summary["acknowledged"] > KILLS
    assert summary["lost"] == 0
