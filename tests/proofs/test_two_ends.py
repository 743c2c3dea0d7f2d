"""Promise 2 over real sockets: what was called done reaches the county once."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from county_server.serving import listen
from tests.county_server.serving import ROOT
from tests.proofs.two_ends import kept_port

ATTEMPTS = {"sqlite": 300, "postgresql": 100}
FAULTS_LEAST = 17
ONE_IN = 50  # attempts at least comes through, however slow the machine is


@pytest.mark.timeout(300)
@pytest.mark.parametrize("store", ATTEMPTS)
def test_a_broken_line_and_killed_programs_lose_nothing_and_double_nothing(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--attempts", str(ATTEMPTS[store]), *(["--postgresql"] * (store != "sqlite"))]
    run = subprocess.run(
        [sys.executable, "-m", "tests.proofs.two_ends", *words, str(tmp_path / "ends")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    with capsys.disabled():
        sys.stdout.write(f"\ntwo ends: {run.stdout}")
    assert run.returncode == 0, run.stdout + run.stderr
    told = json.loads(run.stdout)
    assert told["found"] == []
    assert told["store"].startswith(store)
    assert told["attempts"] >= ATTEMPTS[store]
    assert told["acts"] > ATTEMPTS[store]
    assert told["outcomes"]["done"] >= ATTEMPTS[store] / ONE_IN
    assert told["kills"]["pcs"] > 2
    assert len(told["faults"].keys() - {"good"}) >= FAULTS_LEAST


def test_while_the_county_is_down_nobody_else_takes_its_port() -> None:
    """On a busy machine the proof ended with "the county does not start"."""
    with kept_port() as port:
        for _ in range(2):  # it is killed, and started again
            with socket.socket() as somebody, pytest.raises(OSError, match="in use"):
                somebody.bind(("127.0.0.1", port))
            listen("127.0.0.1", port).close()
