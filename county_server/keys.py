"""What must not stand in the database: the county's keys, and its word given.

The folder `keys` holds the signing seed, the number of the county epoch with the highest heads
that were ever given out, and what signs the browsers' sessions. Whoever steals the database cannot
speak for the county, and a database that was put back is noticed: it lacks heads that were given
out. Then a new epoch begins, and the stations offer everything again.
"""

import base64
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from station_app.journal.chain import Head
from station_app.security.signing import SEED_BYTES, Signer, fingerprint
from station_app.sync.segment import COUNTY
from station_app.values.clock import Chance

KEYS = "keys"
_SEED = "county.seed"
_EPOCH = "epoch.json"
_SESSIONS = "sessions.key"
_PRIVATE = 0o600


class NoCounty(RuntimeError):
    """This folder holds no county: `init` was not run here."""


class Given(msgspec.Struct, frozen=True):
    """How far the county's own streams were given out: seq and identity of the last fact."""

    seq: int
    identity: str


class Epoch(msgspec.Struct, frozen=True):
    """The present county epoch, and the highest heads given out so far, by stream."""

    number: int
    given: dict[str, Given] = msgspec.field(default_factory=dict)


@dataclass(slots=True)
class CountyKeys:
    """The opened folder of keys. `epoch` is what the file says; change it with `give`."""

    folder: Path
    signer: Signer
    epoch: Epoch
    session_key: bytes

    @property
    def county(self) -> str:
        """Return the county's id: the fingerprint of its first key."""
        return county_id(self.signer.public_key)

    def give(self, heads: Iterable[Head]) -> None:
        """Keep, on disk, that these heads are about to be given out."""
        with _only_one(self.folder):  # of the county's processes
            self.look_again()
            given = dict(self.epoch.given)
            for head in heads:
                given[head.stream] = Given(head.to, head.identity)
            self._write(Epoch(self.epoch.number, given))

    def look_again(self) -> None:
        """Read what another process of this county has written meanwhile."""
        self.epoch = _read_epoch(self.folder)

    def begin_epoch(self) -> None:
        """Begin the next county epoch: the database is not the one that gave these heads."""
        self._write(Epoch(self.epoch.number + 1, self.epoch.given))

    def _write(self, epoch: Epoch) -> None:
        _replace(self.folder / _EPOCH, msgspec.json.format(msgspec.json.encode(epoch)))
        self.epoch = epoch


def county_id(public_key: bytes) -> str:
    """Return the name by which heads and receipts call the county of this (first) key."""
    return base64.b32encode(fingerprint(public_key)).decode("ascii")


def new_password(chance: Chance) -> str:
    """Return a password of 60 random bits that can be read out: "k3fm-x2qd-7wpa"."""
    letters = base64.b32encode(chance.draw(SEED_BYTES)).decode("ascii").lower()
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))


def make_keys(data: Path, chance: Chance) -> CountyKeys:
    """Make the keys of a new county; raises FileExistsError where there are some."""
    folder = data / KEYS
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (folder / _SEED).exists():
        raise FileExistsError(str(folder / _SEED))
    _replace(folder / _SESSIONS, chance.draw(SEED_BYTES))
    _replace(folder / _EPOCH, msgspec.json.encode(Epoch(1)))
    _replace(folder / _SEED, chance.draw(SEED_BYTES))
    return open_keys(data)


def open_keys(data: Path) -> CountyKeys:
    """Open the keys of a county; raises NoCounty where none was made."""
    folder = data / KEYS
    try:
        seed = (folder / _SEED).read_bytes()
        epoch = _read_epoch(folder)
        session_key = (folder / _SESSIONS).read_bytes()
    except (OSError, msgspec.DecodeError) as problem:
        raise NoCounty(str(problem)) from problem
    if len(seed) != SEED_BYTES:
        raise NoCounty(f"{folder / _SEED} is no key")
    return CountyKeys(folder, Signer(seed), epoch, session_key)


def _read_epoch(folder: Path) -> Epoch:
    return msgspec.json.decode((folder / _EPOCH).read_bytes(), type=Epoch)


def is_put_back(epoch: Epoch, noted: int, held: Mapping[str, Given]) -> bool:
    """Tell whether a database is older than what the county has given out.

    noted: the epoch that the database was last used in. held: for each stream, what the database
    holds at the place of the head given out; what former epochs gave out may be lost for good.
    """
    if noted < epoch.number:
        return True
    present = f"{COUNTY}.{epoch.number}/"
    return any(
        held.get(stream) != given
        for stream, given in epoch.given.items()
        if stream.startswith(present)
    )


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Let one process at a time change the files of this folder.

    Several processes serve only beside PostgreSQL, which is not done on Windows.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _replace(path: Path, content: bytes) -> None:
    """Write a file so that after a power cut it holds the old content or the new, whole."""
    beside = path.with_suffix(path.suffix + ".new")
    handle = os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, _PRIVATE)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
