"""Many short lives of a small county, each with its own faults: `tests.village.simulate`."""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from station_app.journal.kinds import KERNEL_BODIES
from station_app.sync.frame import COLUMNS, ROWS
from station_app.vocabulary import VOCABULARY
from tests.village.formats import ONLY_NEW
from tests.village.line import FAULTS
from tests.village.losing import LOST_ITS_END
from tests.village.mutants import KILLED_BY, MUTANTS
from tests.village.mutants import played as played_through
from tests.village.readmitting import DONE, HALF
from tests.village.simulate import Village

CHUNKS, SEEDS_EACH = 20, 25
FIRST_SEED = 20_000
NOTED = (0, 4)  # two chunks, 50 lives, of which it is noted what was said and granted in them
FOUND = Path(__file__).with_name("found_seeds.txt")
ALL_SEEDS = CHUNKS * SEEDS_EACH
MUTANTS_LEAST = 12

# What operators ask for in so many short lives; each of them is granted at least once. Repayments
# and two corrections need a longer history before them than most of these have.
MONEY = frozenset(
    "PutIn TakeOut OpenDrawer ComparePlace HandOverShift CloseShift LimitCredit "
    "PayRefund SettleDebit CorrectPayment SendRemittance "
    "AskRemittanceBack ReceiveCountyMoney PayCourier EnterOpening CorrectOpening EnterLot "
    "PlaceOrder PrintOrderSlip CancelOrder AskCancellation AnswerQuote PickUpOrder ReturnOrder "
    "SettleStep DismissOpening TakePayment GivePayment PrintAccountSlip PrintCorrection "
    "TakeBill AskBillCancellation PrintBillSlip TakeOnRun DeliverOnRun BringBack "
    "AcceptSending FinishSending HandSendingsOver CancelSending AskWaybills "
    "AskFarmPickup JoinVanRun EndFarmPickup CallFarmPickupOff LoadVan HandOn".split()
)

# What befalls machines and people, as RELIABILITY and the design of sync name it.
BEFALLS = frozenset(
    "power_cut power_cut_within county_restart county_dies clock late image_back twin county_back "
    "stick_out stick_in stick_at_county stick_to_sibling stick_refused join key_offered "
    f"county_key_taken_up revoked decided {HALF} {DONE} {LOST_ITS_END}".split()
)


def found_seeds() -> list[int]:
    lines = FOUND.read_text("utf-8").splitlines()
    return [int(line.split()[0]) for line in lines if not line.startswith("#")]


@dataclass(frozen=True, slots=True)
class Life:
    """One history: what does not hold, the kinds that were said, what operators were granted.

    happened: what befell its machines and people; faults: of its lines.
    """

    findings: list[str]
    kinds: frozenset[str]
    granted: Counter[str]
    happened: Counter[str]
    faults: Counter[str]


@cache
def noted(seed: int) -> Life:
    """Play a history once for all tests that ask after it; a crash is a finding."""
    village = Village(seed)
    granted, faults = Counter[str](), Counter[str]()
    try:
        findings = village.run()
    except Exception as problem:  # noqa: BLE001 - a crash is a finding, with its seed
        findings = [f"{type(problem).__name__}: {problem}"]
    for pc in village.all_pcs:
        granted.update(pc.granted)
        faults.update(pc.line.seen)
    lines = [f"seed {seed}: {finding}" for finding in findings]
    happened = Counter(village.happened)
    return Life(lines, frozenset(village.kinds_said), granted, happened, faults)


def played(seed: int) -> list[str]:
    return [f"seed {seed}: {finding}" for finding in played_through(seed)]


def seeds_of(chunk: int) -> list[int]:
    """Return the seeds of a chunk; the last one plays those that kill mutants, soundly, first."""
    first = FIRST_SEED + chunk * SEEDS_EACH
    seeds = range(first, first + SEEDS_EACH)
    killing = sorted(set(KILLED_BY.values())) if chunk == CHUNKS - 1 else []
    return [*killing, *seeds][:SEEDS_EACH]


def found_in(chunk: int, capsys: pytest.CaptureFixture[str]) -> list[str]:
    seeds = seeds_of(chunk)
    findings = [line for seed in seeds for line in noted(seed).findings]
    with capsys.disabled():
        print(
            f"\nvillage: {len(seeds)} of {ALL_SEEDS} seeds, {seeds[0]} to {seeds[-1]}, "
            f"{len(findings)} findings"
        )
    return findings


@pytest.mark.parametrize("chunk", sorted(set(range(CHUNKS)) - set(NOTED)))
def test_nothing_is_lost_whatever_fails(chunk: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert found_in(chunk, capsys) == []


@pytest.mark.parametrize("chunk", NOTED)
def test_nothing_is_lost_in_the_lives_that_are_noted(
    chunk: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert found_in(chunk, capsys) == []


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
def said_and_granted() -> tuple[frozenset[str], Counter[str]]:
    """Return the kinds that were said in the noted lives, and what was granted in them."""
    said: set[str] = set()
    granted: Counter[str] = Counter()
    for chunk in NOTED:
        for seed in seeds_of(chunk):
            said |= noted(seed).kinds
            granted.update(noted(seed).granted)
    return frozenset(said), granted


def test_every_kind_travels_through_the_village() -> None:
    """A kind that is new fails here until operators or the county say it."""
    said, _ = said_and_granted()
    wanted = {body.KIND for body in VOCABULARY.kinds.values()}
    assert wanted - said == set()
    assert {body.KIND for body in KERNEL_BODIES} <= said


def test_the_rules_of_money_say_yes_in_the_village() -> None:
    """An operator who is only ever refused would prove nothing."""
    _, granted = said_and_granted()
    assert MONEY - set(granted) == set()


def test_every_fault_that_a_line_or_a_machine_may_have_is_among_the_dice(
    capsys: pytest.CaptureFixture[str],
) -> None:
    happened, faults = Counter[str](), Counter[str]()
    for chunk in NOTED:
        for seed in seeds_of(chunk):
            happened += noted(seed).happened
            faults += noted(seed).faults
    with capsys.disabled():
        print(f"\nvillage: {happened['revoked']} PCs cut off, {happened[DONE]} let in again")
    assert set(FAULTS) - set(faults) == set()
    assert BEFALLS - set(happened) == set()


def test_both_formats_of_frames_travel_and_a_refused_one_travels_again_as_rows() -> None:
    """Somebody puts the county's former version back: it refuses columns and misses nothing."""
    sent: Counter[int] = Counter()
    for seed in range(40_009, 40_013):
        village = Village(seed)
        assert village.run() == []
        kinds: Counter[int] = Counter()
        for pc in village.all_pcs:
            kinds += Counter(pc.line.formats)
        if village.formats.mix == ONLY_NEW:
            # A county that is put back may lack what columns name, and asks for rows: not this one.
            assert "county_back" not in village.happened
            assert set(kinds) == {COLUMNS}
        sent += kinds
    assert set(sent) == {ROWS, COLUMNS}


# --- Whether it bites ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(KILLED_BY))
def test_the_village_finds_what_is_wrong(name: str) -> None:
    seed = KILLED_BY[name]
    with MUTANTS[name]():
        findings = played(seed)
    assert findings, f"{name} lives through seed {seed}"
    assert seed in seeds_of(CHUNKS - 1), "nobody plays it without the mutant"


def test_every_mutant_has_a_seed_that_kills_it() -> None:
    assert set(KILLED_BY) == set(MUTANTS)
    assert len(KILLED_BY) >= MUTANTS_LEAST
    assert max(KILLED_BY.values()) <= 500
