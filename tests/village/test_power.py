"""Power cuts: what was called done is there afterwards, with our settings and no others."""

import pytest

from tests.village.power import CONTROLS, Trial

POINTS = 5_000  # four histories: 20,000 cuts
CONTROL_POINTS = 500  # one loss is enough


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_power_cut_at_any_change_of_the_disk_loses_nothing(
    seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    tally = Trial(seed, POINTS).run()
    with capsys.disabled():
        print(
            f"\n{tally.points} power cuts over {tally.acts} acts, {tally.verified} verified, "
            f"{tally.seen_before} left a disk that was looked at before"
        )
    assert (tally.lost, tally.in_part, tally.unsound) == ([], [], [])
    assert tally.points == POINTS
    assert tally.acts >= POINTS // 200
    assert tally.verified >= POINTS // 1000
    assert tally.seen_before < POINTS // 2


@pytest.mark.parametrize("settings", CONTROLS)
def test_settings_that_are_known_to_lose_do_lose(settings: str) -> None:
    tally = Trial(1, CONTROL_POINTS, CONTROLS[settings]).run()
    assert tally.lost, "a proof in which they pass proves nothing"
