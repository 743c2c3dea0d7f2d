"""The village with photos: a few histories in the suite, and whether it finds what is wrong."""

import pytest

from tests.village.pictures import KILLED_WITHIN, MUTANTS, PictureVillage, played

SEEDS_EACH = 6
EVENTS = frozenset(
    f"{name}_photo" for name in ("attach", "send", "erase", "county_erases", "race", "look")
)
MUTANTS_LEAST = 4


@pytest.mark.parametrize("chunk", [0, pytest.param(1, marks=pytest.mark.long)])
def test_photos_arrive_and_erased_ones_are_nowhere(chunk: int) -> None:
    first = 1 + chunk * SEEDS_EACH
    found = {seed: played(seed) for seed in range(first, first + SEEDS_EACH)}
    assert {seed: findings for seed, findings in found.items() if findings} == {}


def test_what_is_played_happens() -> None:
    """Photos that nobody attaches, erases or races would prove nothing."""
    happened: set[str] = set()
    recorded = 0
    for seed in range(1, 13):
        village = PictureVillage(seed)
        village.stops_before_healing = True
        village.run()
        happened |= set(village.happened)
        recorded += len(village.facts)
        if happened >= EVENTS and recorded > 5:
            return
    raise AssertionError(f"{recorded} photos, never: {sorted(EVENTS - happened)}")


@pytest.mark.parametrize("name", sorted(MUTANTS))
def test_the_village_finds_what_is_wrong_with_photos(name: str) -> None:
    assert len(MUTANTS) >= MUTANTS_LEAST
    for seed in range(1, KILLED_WITHIN + 1):
        with MUTANTS[name]():
            findings = played(seed)
        if findings:
            assert played(seed) == [], "the seed finds something without the mutant, too"
            return
    raise AssertionError(f"{name} lives through {KILLED_WITHIN} seeds")
