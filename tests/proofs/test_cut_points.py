"""Promise 1, named: what is left after a kill at each of eight places from key press to paper."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.proofs.cut_points import POINTS, RECORDED_FROM

KILLS_EACH = 6


@pytest.mark.timeout(240)
def test_eight_cut_points_between_key_press_and_paper(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-m", "tests.proofs.cut_points", "--kills", str(KILLS_EACH)]
    run = subprocess.run(
        [*command, str(tmp_path / "data")], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    with capsys.disabled():
        sys.stdout.write(f"\n{run.stderr}")
    rows = json.loads(run.stdout)
    assert {row["point"] for row in rows} == set(POINTS)
    assert len(rows) == KILLS_EACH * len(POINTS)
    for row in rows:
        place = POINTS.index(row["point"])
        assert row["fact"] == (place >= RECORDED_FROM), row  # whole or not at all
        assert not row["shown"] or row["fact"], row  # nothing shown that is not there
        assert row["acts"] == 1, row  # the same ticket again: exactly once
        assert row["papers_in_all"] <= 1, row  # no second paper by itself
    unknown = [row for row in rows if row["shown"] and row["job"] == "uncertain"]
    assert unknown, "none was left done with its paper unknown"
