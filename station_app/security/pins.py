"""PINs: who stands at the counter, and how often somebody may guess.

Six digits are few: whoever could try all of them would be in within days. So a try is counted
before it is looked at, five wrong ones lock for a minute, and each further five for twice as long,
up to an hour. The hash is slow (argon2id) and takes in a secret of this PC (the pepper), so a
stolen table alone is worth nothing. A PIN never wraps a key.

Time is the machine's *uptime*, not its clock: anybody can set a clock. Setting it back or forward
therefore changes nothing. Uptime begins anew when the PC starts; what a lock has left then simply
goes on from there, so time with the PC switched off does not count, and a restart gains nothing.
"""

import hashlib
import hmac
import itertools
from collections.abc import Callable
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from station_app.journal.log import Connection
from station_app.journal.migrations import Migration
from station_app.journal.store import transaction
from station_app.values.clock import Chance
from station_app.values.refusal import Refusal

DIGITS = 6
DIGITS_LEAST = 4  # of any PIN; from how many on it gives leave, the county says
TRIES = 5
LOCK_MS = 60_000
LOCK_MS_MAX = 3_600_000
SALT_BYTES = 16
TARGET_MS = 500

SCHEMA: tuple[str, ...] = (
    """CREATE TABLE pins (
        operator TEXT PRIMARY KEY,
        hash TEXT NOT NULL,
        failures INTEGER NOT NULL,
        wait_ms INTEGER NOT NULL,
        seen_ms INTEGER NOT NULL
    ) WITHOUT ROWID""",
)
PINS = Migration("security.pins", SCHEMA)


@dataclass(frozen=True, slots=True)
class PinCost:
    """How much work one try is. memory_kib: kept while it runs."""

    passes: int = 2
    memory_kib: int = 64 * 1024


LEAST_COST = PinCost(2, 19 * 1024)  # what is recommended as the least for argon2id
PASSES_MAX = 12


@dataclass(frozen=True, slots=True)
class Accepted:
    """This is the operator's PIN."""


@dataclass(frozen=True, slots=True)
class WrongPin:
    """It is not. tries_left: before the next lock."""

    tries_left: int


@dataclass(frozen=True, slots=True)
class Locked:
    """Nothing was looked at, or this was the last try for now. wait_ms: until the next one."""

    wait_ms: int


@dataclass(frozen=True, slots=True)
class NoPin:
    """This operator has no PIN on this PC."""


Answer = Accepted | WrongPin | Locked | NoPin


class PinHasher:
    """Hashes PINs with this PC's pepper."""

    def __init__(self, pepper: bytes, cost: PinCost = LEAST_COST) -> None:
        """Take the pepper (32 bytes from the key store) and the cost chosen at enrolment."""
        self._pepper = pepper
        self._hasher = PasswordHasher(
            time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=1
        )

    def hash(self, operator: str, pin: str, salt: bytes) -> str:
        """Return the hash to keep; slow on purpose."""
        return self._hasher.hash(self._peppered(operator, pin), salt=salt)

    def fits(self, kept: str, operator: str, pin: str) -> bool:
        """Tell whether a PIN is the one behind a hash; slow on purpose."""
        try:
            return self._hasher.verify(kept, self._peppered(operator, pin))
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, kept: str) -> bool:
        """Tell whether a hash was made at another cost than today's."""
        return self._hasher.check_needs_rehash(kept)

    def _peppered(self, operator: str, pin: str) -> bytes:
        text = f"{operator}\0{pin}".encode()
        return hmac.digest(self._pepper, text, hashlib.sha256)


def pin_refusal(pin: str, least: int = DIGITS) -> Refusal | None:
    """Say why a new PIN cannot be taken, or None. least: digits, as the county has set it."""
    if not least <= len(pin) <= DIGITS or not (pin.isascii() and pin.isdigit()):
        digits = f"{least}–{DIGITS}" if least < DIGITS else str(DIGITS)
        return Refusal("security.PIN_NOT_DIGITS", {"digits": digits})
    steps = {int(b) - int(a) for a, b in itertools.pairwise(pin)}
    half = pin[: len(pin) // 2]
    if (len(steps) == 1 and steps <= {-1, 0, 1}) or half * 2 == pin or len(set(pin)) < 3:
        return Refusal("security.PIN_TOO_EASY")
    return None


def set_pin(
    connection: Connection, operator: str, pin: str, *, hasher: PinHasher, chance: Chance
) -> None:
    """Give an operator a (new) PIN; a lock is lifted. `pin_refusal` was asked before."""
    kept = hasher.hash(operator, pin, chance.draw(SALT_BYTES))
    with transaction(connection):
        connection.execute(
            "INSERT OR REPLACE INTO pins(operator, hash, failures, wait_ms, seen_ms) "
            "VALUES (?, ?, 0, 0, 0)",
            (operator, kept),
        )


def forget_pin(connection: Connection, operator: str) -> None:
    """Remove an operator's PIN: they have left."""
    with transaction(connection):
        connection.execute("DELETE FROM pins WHERE operator = ?", (operator,))


def lift_lock(connection: Connection, operator: str) -> None:
    """Lift a lock at once: the manager's or the county's word."""
    with transaction(connection):
        connection.execute(
            "UPDATE pins SET failures = 0, wait_ms = 0 WHERE operator = ?", (operator,)
        )


def has_pin(connection: Connection, operator: str) -> bool:
    """Tell whether an operator has a PIN on this PC."""
    row = connection.execute("SELECT 1 FROM pins WHERE operator = ?", (operator,)).fetchone()
    return row is not None


def waiting_ms(connection: Connection, operator: str, uptime_ms: int) -> int:
    """Return how long a lock still lasts, 0 for none; keeps what has passed.

    A page that counts down calls it every few seconds.
    """
    with transaction(connection):
        row = _row(connection, operator)
        if row is None or not row[2]:
            return 0
        wait = _left(row[2], row[3], uptime_ms)
        _keep(connection, operator, row[1], wait, uptime_ms)
    return wait


def check_pin(
    connection: Connection, operator: str, pin: str, *, hasher: PinHasher, uptime_ms: int
) -> Answer:
    """Look at one try, unless a lock forbids it.

    uptime_ms: milliseconds of a clock that nobody can set (`time.monotonic`). Called outside a
    transaction: the try is on disk, as a wrong one, before the PIN is looked at, so pulling the
    plug saves no try.
    """
    assert not getattr(connection, "in_transaction", False), "a try must be on disk first"
    with transaction(connection):
        row = _row(connection, operator)
        if row is None:
            return NoPin()
        kept, failures = row[0], row[1] + 1
        wait = _left(row[2], row[3], uptime_ms)
        if wait:
            _keep(connection, operator, row[1], wait, uptime_ms)
            return Locked(wait)
        wait = lock_ms(failures)
        _keep(connection, operator, failures, wait, uptime_ms)
    if hasher.fits(kept, operator, pin):
        _welcome(connection, operator, pin, kept, hasher)
        return Accepted()
    return Locked(wait) if wait else WrongPin(TRIES - failures % TRIES)


def lock_ms(failures: int) -> int:
    """Return how long the n-th wrong try in a row locks: 0, but a while at each fifth."""
    if failures == 0 or failures % TRIES:
        return 0
    doublings = min(failures // TRIES - 1, LOCK_MS_MAX.bit_length())
    return min(LOCK_MS << doublings, LOCK_MS_MAX)


def calibrate(measure_ms: Callable[[PinCost], int], target_ms: int = TARGET_MS) -> PinCost:
    """Return the cost at which one try takes about `target_ms` on this PC.

    measure_ms: runs one try at a cost and says how long it took. Memory comes first, since it is
    what a thief's machines are short of; a weak PC gets the recommended least, never below.
    """
    roomy = PinCost(1, 64 * 1024)
    memory = roomy.memory_kib if measure_ms(roomy) * 2 <= target_ms else LEAST_COST.memory_kib
    one = max(measure_ms(PinCost(1, memory)), 1)
    passes = min(max(target_ms // one, LEAST_COST.passes), PASSES_MAX)
    return PinCost(passes, memory)


def measure_try(cost: PinCost, running_ms: Callable[[], int]) -> int:
    """Run one try at a cost and return the milliseconds it took by a running clock."""
    hasher = PinHasher(bytes(32), cost)
    began = running_ms()
    hasher.hash("", "000000", bytes(SALT_BYTES))
    return running_ms() - began


def _welcome(connection: Connection, operator: str, pin: str, kept: str, hasher: PinHasher) -> None:
    """Forget the wrong tries; bring an old hash to today's cost."""
    if hasher.is_outdated(kept):
        # The salt may stay: it is this operator's alone, and the PIN is the same.
        salt = hashlib.blake2b(kept.encode(), digest_size=SALT_BYTES).digest()
        kept = hasher.hash(operator, pin, salt)
    with transaction(connection):
        connection.execute(
            "UPDATE pins SET hash = ?, failures = 0, wait_ms = 0 WHERE operator = ?",
            (kept, operator),
        )


def _row(connection: Connection, operator: str) -> tuple[str, int, int, int] | None:
    row: tuple[str, int, int, int] | None = connection.execute(
        "SELECT hash, failures, wait_ms, seen_ms FROM pins WHERE operator = ?", (operator,)
    ).fetchone()
    return row


def _left(wait: int, seen: int, uptime_ms: int) -> int:
    """Return what is left of a lock. A clock that runs behind what was seen has begun anew."""
    passed = max(uptime_ms - seen, 0)
    return max(wait - passed, 0)


def _keep(connection: Connection, operator: str, failures: int, wait: int, uptime_ms: int) -> None:
    connection.execute(
        "UPDATE pins SET failures = ?, wait_ms = ?, seen_ms = ? WHERE operator = ?",
        (failures, wait, uptime_ms, operator),
    )
