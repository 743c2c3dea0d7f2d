"""PINs: how many guesses anybody gets, whatever is done to the clock, the program or the PC."""

import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.journal.migrations import migrate
from station_app.journal.store import open_writer
from station_app.security.pins import (
    LEAST_COST,
    LOCK_MS,
    LOCK_MS_MAX,
    PINS,
    TRIES,
    Accepted,
    Answer,
    Locked,
    NoPin,
    PinCost,
    PinHasher,
    WrongPin,
    calibrate,
    check_pin,
    forget_pin,
    has_pin,
    lift_lock,
    lock_ms,
    measure_try,
    pin_refusal,
    set_pin,
    waiting_ms,
)
from station_app.values.refusal import Refusal
from tests.security.chance import SeededChance

KEY = bytes(range(32))
CHEAP = PinCost(1, 8)  # tests are about counting, not about the cost of a try
HASHER = PinHasher(b"pepper" * 5, CHEAP)
MINUTE = 60_000
HOUR = 60 * MINUTE


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Any]:
    connection = open_writer(tmp_path / "journal.db", KEY)
    migrate(connection, (PINS,))
    set_pin(connection, "wang", "480137", hasher=HASHER, chance=SeededChance())
    yield connection
    connection.close()


def attempt(connection: Any, pin: str, uptime_ms: int, operator: str = "wang") -> Answer:
    return check_pin(connection, operator, pin, hasher=HASHER, uptime_ms=uptime_ms)


def test_the_right_pin_is_accepted_and_wrong_ones_are_counted_down(connection: Any) -> None:
    assert attempt(connection, "480137", 0) == Accepted()
    for left in (4, 3, 2, 1):
        assert attempt(connection, "000000", 0) == WrongPin(left)
    assert attempt(connection, "480137", 0) == Accepted()
    assert attempt(connection, "000000", 0) == WrongPin(4)


def test_the_fifth_wrong_pin_locks_and_even_the_right_one_waits(connection: Any) -> None:
    answers = [attempt(connection, "000000", 1000) for _ in range(TRIES)]
    assert answers[-1] == Locked(MINUTE)
    assert attempt(connection, "480137", 1000) == Locked(MINUTE)
    assert attempt(connection, "480137", 1000 + MINUTE - 1) == Locked(1)
    assert attempt(connection, "480137", 1000 + MINUTE) == Accepted()
    assert waiting_ms(connection, "wang", 1000 + MINUTE) == 0


def test_locks_double_up_to_an_hour() -> None:
    locks = [lock_ms(n) for n in range(1, 51) if lock_ms(n)]
    assert locks == [m * MINUTE for m in (1, 2, 4, 8, 16, 32, 60, 60, 60, 60)]
    assert [n for n in range(51) if lock_ms(n)] == list(range(5, 51, 5))
    assert lock_ms(5_000_000) == LOCK_MS_MAX


def test_the_count_goes_on_after_a_lock(connection: Any) -> None:
    now = 0
    for expected in (1, 2, 4, 8, 16, 32, 60, 60):
        answers = [attempt(connection, "000000", now) for _ in range(TRIES)]
        assert answers[:-1] == [WrongPin(4), WrongPin(3), WrongPin(2), WrongPin(1)]
        assert answers[-1] == Locked(expected * MINUTE)
        now += expected * MINUTE
    assert attempt(connection, "480137", now) == Accepted()
    assert [attempt(connection, "000000", now) for _ in range(TRIES)][-1] == Locked(MINUTE)


def test_the_fifth_try_may_still_be_the_right_one(connection: Any) -> None:
    for _ in range(TRIES - 1):
        attempt(connection, "000000", 0)
    assert attempt(connection, "480137", 0) == Accepted()


def test_counting_down_on_the_lock_page_keeps_what_has_passed(connection: Any) -> None:
    for _ in range(TRIES):
        attempt(connection, "000000", 5 * HOUR)
    assert waiting_ms(connection, "wang", 5 * HOUR + 45_000) == 15_000
    # The PC starts anew: its uptime too, and what is left goes on.
    assert waiting_ms(connection, "wang", 100) == 15_000
    assert attempt(connection, "480137", 5_100) == Locked(10_000)
    assert waiting_ms(connection, "wang", 15_100) == 0
    assert waiting_ms(connection, "nobody", 0) == 0


@given(st.lists(st.integers(-(10**13), 10**13), max_size=12))
def test_a_clock_set_back_never_shortens_a_lock(jumps: list[int]) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, (PINS,))
    set_pin(connection, "wang", "480137", hasher=HASHER, chance=SeededChance())
    clock = 1_795_536_000_000
    for _ in range(TRIES):
        attempt(connection, "000000", clock)
    gone = 0
    for jump in jumps:
        gone += max(jump, 0)
        clock += jump
        wait = waiting_ms(connection, "wang", clock)
        assert wait == max(LOCK_MS - gone, 0)
        if wait:
            assert attempt(connection, "480137", clock) == Locked(wait)


def allowed_tries(elapsed_ms: int) -> int:
    """How many tries anybody gets in a stretch of real time, by the words of the rule alone."""
    tries, lock = TRIES, MINUTE
    while elapsed_ms >= lock:
        elapsed_ms -= lock
        tries += TRIES
        lock = min(lock * 2, HOUR)
    return tries


@pytest.mark.parametrize("seed", range(3))
def test_a_thousand_tries_with_restarts_and_clock_changes(tmp_path: Path, seed: int) -> None:
    """A patient thief at the counter: kills the program, pulls the plug, sets the clock."""
    draw = random.Random(seed)
    path = tmp_path / "journal.db"
    connection = open_writer(path, KEY)
    migrate(connection, (PINS,))
    set_pin(connection, "wang", "480137", hasher=HASHER, chance=SeededChance())
    real, booted, clock_error, looked_at = 0, -10 * HOUR, 0, 0
    for _ in range(1000):
        deed = draw.random()
        if deed < 0.15:  # the program ended and started again
            connection.close()
            connection = open_writer(path, KEY)
        elif deed < 0.2:  # the PC off for a while, and on
            real += draw.randrange(10 * MINUTE)
            booted = real
        elif deed < 0.35:  # the clock set by years; nothing here asks for it
            clock_error = draw.randrange(-30, 30) * 365 * 24 * HOUR
        real += draw.randrange(0, 2 * MINUTE)
        answer = attempt(connection, f"{draw.randrange(10**6):06}", uptime_ms=real - booted)
        assert isinstance(answer, WrongPin | Locked)
        wrong = connection.execute("SELECT failures FROM pins").fetchone()[0]
        looked_at = max(looked_at, wrong)
        assert looked_at <= allowed_tries(real), (seed, real, clock_error)
    assert allowed_tries(real) < 200
    assert looked_at >= TRIES * 5  # the thief was not kept out for good, only slowed down
    connection.close()


KILLED = """
import os, sys
from pathlib import Path
from station_app.journal.store import open_writer
from station_app.security.pins import PinHasher, check_pin
class Killed(PinHasher):
    def fits(self, kept, operator, pin):
        os._exit(9)
connection = open_writer(Path(sys.argv[1]), bytes(range(32)))
check_pin(connection, "wang", "111111", hasher=Killed(b"pepper" * 5), uptime_ms=0)
"""


def test_a_kill_while_a_pin_is_looked_at_saves_no_try(tmp_path: Path, connection: Any) -> None:
    path = tmp_path / "journal.db"
    for _ in range(TRIES):
        killed = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
        assert killed.returncode == 9
    assert attempt(connection, "480137", 0) == Locked(MINUTE)


def test_a_try_inside_a_transaction_is_a_bug(connection: Any) -> None:
    connection.execute("BEGIN")
    with pytest.raises(AssertionError):
        attempt(connection, "480137", 0)
    connection.execute("ROLLBACK")


def test_the_manager_lifts_a_lock_and_a_new_pin_does_too(connection: Any) -> None:
    for _ in range(TRIES):
        attempt(connection, "000000", 0)
    lift_lock(connection, "wang")
    assert attempt(connection, "480137", 0) == Accepted()
    for _ in range(TRIES):
        attempt(connection, "000000", 0)
    set_pin(connection, "wang", "915204", hasher=HASHER, chance=SeededChance(2))
    assert attempt(connection, "480137", 0) == WrongPin(4)
    assert attempt(connection, "915204", 0) == Accepted()


def test_operators_are_locked_and_leave_one_by_one(connection: Any) -> None:
    set_pin(connection, "li", "480137", hasher=HASHER, chance=SeededChance(3))
    for _ in range(TRIES):
        attempt(connection, "000000", 0)
    assert attempt(connection, "480137", 0, operator="li") == Accepted()
    forget_pin(connection, "li")
    assert not has_pin(connection, "li")
    assert has_pin(connection, "wang")
    assert attempt(connection, "480137", 0, operator="li") == NoPin()


def test_a_hash_is_of_this_operator_and_this_pc() -> None:
    salt = bytes(16)
    kept = HASHER.hash("wang", "480137", salt)
    assert kept.startswith("$argon2id$")
    assert "480137" not in kept
    assert HASHER.fits(kept, "wang", "480137")
    assert not HASHER.fits(kept, "li", "480137")
    assert not PinHasher(b"other" * 6, CHEAP).fits(kept, "wang", "480137")
    assert not HASHER.fits("no hash", "wang", "480137")
    assert not HASHER.fits(kept[:-4], "wang", "480137")


def test_a_hash_of_an_old_cost_is_renewed_by_its_owner(connection: Any) -> None:
    dearer = PinHasher(b"pepper" * 5, PinCost(2, 16))
    before = connection.execute("SELECT hash FROM pins").fetchone()[0]
    assert check_pin(connection, "wang", "000000", hasher=dearer, uptime_ms=0) == WrongPin(4)
    assert connection.execute("SELECT hash FROM pins").fetchone()[0] == before
    assert check_pin(connection, "wang", "480137", hasher=dearer, uptime_ms=0) == Accepted()
    after = connection.execute("SELECT hash FROM pins").fetchone()[0]
    assert after != before
    assert not dearer.is_outdated(after)
    assert check_pin(connection, "wang", "480137", hasher=dearer, uptime_ms=0) == Accepted()


@pytest.mark.parametrize(
    ("pin", "digits", "reason"),
    [
        ("480137", 6, ""),
        ("4801", 4, ""),
        ("4801", 6, "security.PIN_NOT_DIGITS"),
        ("48013a", 6, "security.PIN_NOT_DIGITS"),
        ("４８０１３７", 6, "security.PIN_NOT_DIGITS"),
        ("", 6, "security.PIN_NOT_DIGITS"),
        ("123456", 6, "security.PIN_TOO_EASY"),
        ("987654", 6, "security.PIN_TOO_EASY"),
        ("888888", 6, "security.PIN_TOO_EASY"),
        ("123123", 6, "security.PIN_TOO_EASY"),
        ("121212", 6, "security.PIN_TOO_EASY"),
        ("1122", 4, "security.PIN_TOO_EASY"),
    ],
)
def test_a_new_pin_is_looked_at(pin: str, digits: int, reason: str) -> None:
    refusal = pin_refusal(pin, digits)
    assert refusal == (Refusal(reason, refusal.slots) if refusal else None)
    assert (refusal.reason if refusal else "") == reason


@pytest.mark.parametrize(
    ("per_pass_ms", "cost"),
    [
        (30, PinCost(12, 64 * 1024)),
        (100, PinCost(5, 64 * 1024)),
        (250, PinCost(2, 64 * 1024)),
        (600, PinCost(2, 19 * 1024)),
        (5000, LEAST_COST),
        (0, PinCost(12, 64 * 1024)),
    ],
)
def test_the_cost_fits_the_pc(per_pass_ms: int, cost: PinCost) -> None:
    """per_pass_ms: of one pass over 64 MiB, which is also a measure of the machine."""

    def measure(tried: PinCost) -> int:
        return per_pass_ms * tried.passes * tried.memory_kib // (64 * 1024)

    assert calibrate(measure) == cost


def test_a_try_is_measured_by_the_clock_that_is_handed_in() -> None:
    ticks = iter([1000, 1042])
    assert measure_try(CHEAP, lambda: next(ticks)) == 42
