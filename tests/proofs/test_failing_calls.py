"""Any system call of the program may fail: no act is called done that is not, and it goes on."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.county_server.serving import ROOT

RUNS = 150
LYING_RUNS = 24


def played(*words: str) -> tuple[int, Any]:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.proofs.failing_calls", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout, ran.stderr
    return ran.returncode, json.loads(ran.stdout)


@pytest.mark.timeout(240)
def test_a_failing_call_is_told_in_a_sentence_and_costs_no_act(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, told = played("--runs", str(RUNS))
    with capsys.disabled():
        sys.stdout.write(f"\nfailing calls: {told}\n")
    assert told["found"] == []
    assert status == 0
    assert told["runs"] == RUNS + RUNS // 4
    assert told["met"] >= RUNS * 3 // 4
    assert sum(told["heard"].values()) > RUNS // 5


@pytest.mark.long
@pytest.mark.timeout(120)
def test_a_desk_that_says_done_whatever_the_disk_says_is_found_out() -> None:
    status, told = played("--runs", str(LYING_RUNS), "--lying")
    assert status == 1
    assert any("was called done" in finding for finding in told["found"])
