"""Many short lives of a small county, each with its own faults: `tests.village.simulate`."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from station_app.journal.kinds import KERNEL_BODIES
from station_app.sync.frame import COLUMNS, ROWS
from station_app.vocabulary import VOCABULARY
from tests.village.formats import ONLY_NEW
from tests.village.mutants import KILLED_BY, MUTANTS
from tests.village.mutants import played as played_through
from tests.village.simulate import Village

CHUNKS, SEEDS_EACH = 20, 25
SHORT_LIVES = range(20_000, 20_050)  # of which only the acts are played, not what follows
FOUND = Path(__file__).with_name("found_seeds.txt")
ALL_SEEDS = CHUNKS * SEEDS_EACH
MUTANTS_LEAST = 12

# What operators ask for in so many short lives; each of them is granted at least once. Repayments
# and two corrections need a longer history before them than most of these have.
MONEY = frozenset(
    "PutIn TakeOut OpenDrawer ComparePlace HandOverShift CloseShift LimitCredit "
    "PayRefund SettleDebit CorrectPayment SendRemittance "
    "AskRemittanceBack ReceiveCountyMoney PayCourier EnterOpening CorrectOpening EnterLot "
    "SettleStep DismissOpening TakePayment GivePayment PrintAccountSlip PrintCorrection".split()
)


def found_seeds() -> list[int]:
    lines = FOUND.read_text("utf-8").splitlines()
    return [int(line.split()[0]) for line in lines if not line.startswith("#")]


def played(seed: int) -> list[str]:
    return [f"seed {seed}: {finding}" for finding in played_through(seed)]


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_nothing_is_lost_whatever_fails(chunk: int, capsys: pytest.CaptureFixture[str]) -> None:
    first = 10_000 + chunk * SEEDS_EACH
    findings = [line for seed in range(first, first + SEEDS_EACH) for line in played(seed)]
    with capsys.disabled():
        last = first + SEEDS_EACH - 1
        print(f"\nvillage: seeds {first} to {last} of {ALL_SEEDS}, {len(findings)} findings")
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


# --- What is played ------------------------------------------------------------------------------


@cache
def short_lives() -> tuple[frozenset[str], Counter[str]]:
    """Play some histories up to their end; return the kinds that were said, what was granted."""
    said: set[str] = set()
    granted: Counter[str] = Counter()
    for seed in SHORT_LIVES:
        village = Village(seed)
        village.stops_before_healing = True
        village.run()
        said |= village.kinds_said
        for pc in village.all_pcs:
            granted.update(pc.granted)
    return frozenset(said), granted


def test_every_kind_travels_through_the_village() -> None:
    """A kind that is new fails here until operators or the county say it."""
    said, _ = short_lives()
    wanted = {body.KIND for body in VOCABULARY.kinds.values()}
    assert wanted - said == set()
    assert {body.KIND for body in KERNEL_BODIES} <= said


def test_the_rules_of_money_say_yes_in_the_village() -> None:
    """An operator who is only ever refused would prove nothing."""
    _, granted = short_lives()
    assert MONEY - set(granted) == set()


def test_both_formats_of_frames_travel_and_a_refused_one_travels_again_as_rows() -> None:
    """Somebody puts the county's former version back: it refuses columns and misses nothing."""
    sent: Counter[int] = Counter()
    for seed in range(40_000, 40_004):
        village = Village(seed)
        assert village.run() == []
        kinds: Counter[int] = Counter()
        for pc in village.all_pcs:
            kinds += Counter(pc.line.formats)
        if village.formats.mix == ONLY_NEW:
            assert set(kinds) == {COLUMNS}
        sent += kinds
    assert set(sent) == {ROWS, COLUMNS}


# --- Whether it bites ----------------------------------------------------------------------------


@cache
def played_soundly(seed: int) -> list[str]:
    """Play a seed without any mutant: several are killed by the same one."""
    return played(seed)


@pytest.mark.parametrize("name", sorted(KILLED_BY))
def test_the_village_finds_what_is_wrong(name: str) -> None:
    seed = KILLED_BY[name]
    with MUTANTS[name]():
        findings = played(seed)
    assert findings, f"{name} lives through seed {seed}"
    assert played_soundly(seed) == [], "the seed finds something without the mutant, too"


def test_every_mutant_has_a_seed_that_kills_it() -> None:
    assert set(KILLED_BY) == set(MUTANTS)
    assert len(KILLED_BY) >= MUTANTS_LEAST
    assert max(KILLED_BY.values()) <= 500
