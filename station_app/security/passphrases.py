"""Passphrases: what may be taken for one, and how often somebody may guess.

A passphrase guards a key that a thief can carry home and try out, so it has to be long; it must be
typed at every start, so it holds only signs that every keyboard has without an input method. At
this PC wrong ones are counted as wrong PINs are: on disk before they are looked at, each fifth
makes one wait. That keeps a neighbour from guessing; against a copied disk only the length counts.
"""

import itertools
from pathlib import Path

import msgspec

from station_app.journal.replaced_file import replace_file
from station_app.security.key_store import WrappedFileStore, WrongPassphrase
from station_app.security.pins import LOCK_MS_MAX, TRIES, Locked, WrongPin, lock_ms
from station_app.values.clock import Chance
from station_app.values.refusal import Refusal

CHARACTERS_LEAST = 10  # some 50 bits of typed signs; each guess costs a thief 64 MiB and a moment
CHARACTERS_MAX = 64
DIFFERENT_LEAST = 5
GOOD_CHARACTERS = 16
GOOD_MIXED_CHARACTERS = 12
MIXED_KINDS = 3
WEAK, FAIR, GOOD = "weak", "fair", "good"
_FILE_BYTES_MAX = 1024


def passphrase_refusal(passphrase: str) -> Refusal | None:
    """Say why a new passphrase cannot be taken, or None."""
    if not (passphrase.isascii() and passphrase.isprintable()):
        return Refusal("security.PASSPHRASE_SIGNS")
    if len(passphrase) < CHARACTERS_LEAST:
        return Refusal("security.PASSPHRASE_SHORT", {"least": CHARACTERS_LEAST})
    steps = {ord(b) - ord(a) for a, b in itertools.pairwise(passphrase)}
    half = passphrase[: len(passphrase) // 2]
    is_easy = (
        len(set(passphrase)) < DIFFERENT_LEAST or steps <= {-1, 0, 1} or half * 2 == passphrase
    )
    return Refusal("security.PASSPHRASE_EASY") if is_easy else None


def strength(passphrase: str) -> str:
    """Return how good a passphrase is: `weak` (not taken), `fair` or `good`."""
    if passphrase_refusal(passphrase) is not None:
        return WEAK
    kinds = (str.islower, str.isupper, str.isdigit, lambda sign: not sign.isalnum())
    mixed = sum(any(is_kind(sign) for sign in passphrase) for is_kind in kinds)
    is_good = len(passphrase) >= GOOD_CHARACTERS or (
        len(passphrase) >= GOOD_MIXED_CHARACTERS and mixed >= MIXED_KINDS
    )
    return GOOD if is_good else FAIR


class _Counted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Wrong tries in a row, what a lock has left, and the uptime at which that was so."""

    failures: int = 0
    wait_ms: int = 0
    seen_ms: int = 0


class Tries:
    """Counts tries in a file beside the key: there is no journal yet when they are made."""

    def __init__(self, path: Path) -> None:
        """Count in `path`, which need not be there."""
        self._path = path

    def waiting_ms(self, uptime_ms: int) -> int:
        """Return how long a lock still lasts, 0 for none; keeps what has passed."""
        counted = self._read()
        if not counted.wait_ms:
            return 0
        passed = max(uptime_ms - counted.seen_ms, 0)  # a clock that is behind has begun anew
        wait = max(counted.wait_ms - passed, 0)
        self._write(_Counted(counted.failures, wait, uptime_ms))
        return wait

    def count(self, uptime_ms: int) -> int:
        """Count a try as a wrong one, on disk; return how long it locks, 0 for not at all."""
        failures = self._read().failures + 1
        wait = lock_ms(failures)
        self._write(_Counted(failures, wait, uptime_ms))
        return wait

    def forgive(self) -> None:
        """The right one came: begin anew."""
        self._write(_Counted())

    @property
    def failures(self) -> int:
        """Return how many wrong ones came in a row."""
        return self._read().failures

    def _read(self) -> _Counted:
        try:
            with self._path.open("rb") as file:
                return msgspec.json.decode(file.read(_FILE_BYTES_MAX), type=_Counted)
        except FileNotFoundError:
            return _Counted()
        except (OSError, msgspec.DecodeError):
            return _Counted(TRIES, LOCK_MS_MAX)  # somebody had a hand in it

    def _write(self, counted: _Counted) -> None:
        replace_file(self._path, msgspec.json.encode(counted))


def unlock(
    path: Path, passphrase: str, *, tries: Tries, uptime_ms: int, chance: Chance
) -> WrappedFileStore | WrongPin | Locked:
    """Open the file under a passphrase, unless a lock forbids to look; takes a moment.

    uptime_ms: of a clock that nobody can set. Raises KeyPlaceFailed for a file that is no such.
    """
    wait = tries.waiting_ms(uptime_ms)
    if wait:
        return Locked(wait)
    wait = tries.count(uptime_ms)
    try:
        opened = WrappedFileStore(path, passphrase, chance)
    except WrongPassphrase:
        return Locked(wait) if wait else WrongPin(TRIES - tries.failures % TRIES)
    tries.forgive()
    return opened
