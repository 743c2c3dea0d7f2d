"""Many short lives of a small county, each with its own faults: `tests.village.simulate`."""

from pathlib import Path

import pytest

from station_app.journal.kinds import KERNEL_BODIES
from station_app.vocabulary import VOCABULARY
from tests.village.simulate import Village

CHUNKS, SEEDS_EACH = 8, 15
FOUND = Path(__file__).with_name("found_seeds.txt")


def found_seeds() -> list[int]:
    lines = FOUND.read_text("utf-8").splitlines()
    return [int(line.split()[0]) for line in lines if not line.startswith("#")]


def played(seed: int) -> list[str]:
    return [f"seed {seed}: {finding}" for finding in Village(seed).run()]


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_nothing_is_lost_whatever_fails(chunk: int, capsys: pytest.CaptureFixture[str]) -> None:
    first = 10_000 + chunk * SEEDS_EACH
    findings = [line for seed in range(first, first + SEEDS_EACH) for line in played(seed)]
    with capsys.disabled():
        print(f"\nvillage: seeds {first} to {first + SEEDS_EACH - 1}, {len(findings)} findings")
    assert findings == []


@pytest.mark.parametrize("seed", found_seeds())
def test_a_seed_that_once_found_something_finds_nothing(seed: int) -> None:
    assert played(seed) == []


def test_the_same_seed_is_the_same_history() -> None:
    one, other = Village(7), Village(7)
    assert one.run() == other.run() == []
    assert one.happened == other.happened
    assert [told.act for pc in one.all_pcs for told in pc.told] == [
        told.act for pc in other.all_pcs for told in pc.told
    ]


def test_every_kind_travels_through_the_village() -> None:
    """A kind that is new fails here until operators or the county say it."""
    said: set[str] = set()
    for seed in range(20_000, 20_050):
        village = Village(seed)
        village.stops_before_healing = True
        village.run()
        said |= village.kinds_said
    wanted = {body.KIND for body in VOCABULARY.kinds.values()}
    assert wanted - said == set()
    assert {body.KIND for body in KERNEL_BODIES} <= said
