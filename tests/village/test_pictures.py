"""The village with photos: a few histories in the suite, and whether it finds what is wrong."""

import pytest

from tests.village.pictures import KILLED_BY, MUTANTS, PictureVillage, played

CHUNKS, SEEDS_EACH = 2, 6


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_photos_arrive_and_erased_ones_are_nowhere(chunk: int) -> None:
    first = 1 + chunk * SEEDS_EACH
    found = {seed: played(seed) for seed in range(first, first + SEEDS_EACH)}
    assert {seed: findings for seed, findings in found.items() if findings} == {}


def test_what_is_played_happens() -> None:
    """Photos that nobody attaches, erases or races would prove nothing."""
    village = PictureVillage(6)
    assert village.run() == []
    assert len(village.facts) >= 2
    assert {"attach_photo", "send_photo"} <= set(village.happened)
    happened = set(village.happened)
    for seed in (1, 2, 3):
        other = PictureVillage(seed)
        other.run()
        happened |= set(other.happened)
    assert {"erase_photo", "county_erases_photo", "race_photo", "look_photo"} <= happened


@pytest.mark.parametrize("name", sorted(KILLED_BY))
def test_the_village_finds_what_is_wrong_with_photos(name: str) -> None:
    seed = KILLED_BY[name]
    with MUTANTS[name]():
        findings = played(seed)
    assert findings, f"{name} lives through seed {seed}"
    assert set(KILLED_BY) == set(MUTANTS)
