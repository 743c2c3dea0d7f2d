"""Promise 1, against power cuts, of the real process: its own system calls, replayed."""

import sys

import pytest

from tests.proofs.strace_replay import run

STATES = 3_000
CONTROL_STATES = 150


@pytest.mark.timeout(240)
def test_no_power_cut_takes_an_act_that_the_program_had_called_done(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tally = run(STATES, 1)
    with capsys.disabled():
        sys.stdout.write(f"\n{tally.states} states of {tally.calls} calls, {tally.acts} acts\n")
    assert (tally.lost, tally.in_part, tally.unsound) == ([], [], [])
    assert tally.states == STATES
    assert tally.acts >= 25
    assert tally.calls > 1_000
    assert tally.verified >= STATES // 100


@pytest.mark.timeout(120)
def test_a_setting_that_is_known_to_lose_does_lose() -> None:
    tally = run(CONTROL_STATES, 1, normal=True)
    assert tally.lost, "a proof in which it passes proves nothing"
    assert tally.unsound == []
