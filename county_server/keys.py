"""What must not stand in the database: the county's keys, and its word given.

The folder `keys` holds the signing seeds, the number of the county epoch with the highest heads
that were ever given out, and what signs the browsers' sessions. Whoever steals the database cannot
speak for the county, and a database that was put back is noticed: it lacks heads that were given
out. Then a new epoch begins, and the stations offer everything again.

The signing key may be renewed. Keys have numbers from 1; one of them is taken up and signs. The
former ones stay: they open what was sealed to them, and speak to a PC that has not heard of a newer
one yet, since it believes nobody else.
"""

import base64
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from station_app.journal.chain import Head
from station_app.security.signing import SEED_BYTES, NotForThisKey, Signer, fingerprint, key_id
from station_app.sync.segment import COUNTY
from station_app.values.clock import Chance

KEYS = "keys"
_SEED = "county.seed"
_LIST = "county_keys.json"
_EPOCH = "epoch.json"
_SESSIONS = "sessions.key"
_PRIVATE = 0o600


class NoCounty(RuntimeError):
    """This folder holds no county: `init` was not run here."""


class SeedIsThere(ValueError):
    """The seed of the key in use is not lost."""


class Given(msgspec.Struct, frozen=True):
    """How far the county's own streams were given out: seq and identity of the last fact."""

    seq: int
    identity: str


class Epoch(msgspec.Struct, frozen=True):
    """The present county epoch, and the highest heads given out so far, by stream."""

    number: int
    given: dict[str, Given] = msgspec.field(default_factory=dict)


class KeyList(msgspec.Struct, frozen=True):
    """The county's public keys in the order of their numbers, and which of them is taken up.

    public_keys: 64 hex digits each; the first one names the county for ever. lost: numbers of keys
    whose seed is gone.
    """

    public_keys: tuple[str, ...]
    in_use: int = 1
    lost: tuple[int, ...] = ()


@dataclass(slots=True)
class SigningKeys:
    """The county's signing keys, as the files say: another process may renew them meanwhile."""

    folder: Path
    _seen: tuple[int, int] | None = None
    _list: KeyList = field(default_factory=lambda: KeyList(()))
    _signers: dict[str, Signer] = field(default_factory=dict)

    def known(self) -> KeyList:
        """Return the list as it stands on disk now."""
        try:
            there = (self.folder / _LIST).stat()
            stamp = (there.st_ino, there.st_mtime_ns)
        except FileNotFoundError:
            stamp = (0, 0)  # never renewed: there is one key
        if stamp != self._seen:
            self._list, self._signers = _read_list(self.folder)
            self._seen = stamp
        return self._list

    def in_use(self) -> Signer:
        """Return the key that signs."""
        known = self.known()
        return self._signers[_id_of(known.public_keys[known.in_use - 1])]

    def at(self, number: int) -> Signer | None:
        """Return the key of a number; None if there is none, or its seed is lost."""
        known = self.known()
        is_there = 1 <= number <= len(known.public_keys)
        return self._signers.get(_id_of(known.public_keys[number - 1])) if is_there else None

    def all(self) -> dict[str, Signer]:
        """Return all keys whose seed is here, by id."""
        self.known()
        return dict(self._signers)

    def open_sealed(self, letter: bytes) -> bytes:
        """Return what was sealed to any of the county's keys; raises NotForThisKey."""
        for signer in self.all().values():
            with suppress(NotForThisKey):
                return signer.open_sealed(letter)
        raise NotForThisKey("none of the county's keys")

    def speaking_to(self, key_id: str) -> Signer:
        """Return the key for whoever believes the keys up to the one of this id ("": the first).

        That is the key in use, or an earlier one for a PC that has not heard of it yet.
        """
        known = self.known()
        ids = [_id_of(key) for key in known.public_keys]
        heard = ids.index(key_id) + 1 if key_id in ids else 1
        return self.at(min(heard, known.in_use)) or self.in_use()


@dataclass(slots=True)
class CountyKeys:
    """The opened folder of keys. `epoch` is what the file says; change it with `give`."""

    folder: Path
    signing: SigningKeys
    epoch: Epoch
    session_key: bytes

    @property
    def signer(self) -> Signer:
        """Return the key that signs now."""
        return self.signing.in_use()

    @property
    def county(self) -> str:
        """Return the county's id: the fingerprint of its first key."""
        return county_id(bytes.fromhex(self.signing.known().public_keys[0]))

    def add_key(self, chance: Chance) -> int:
        """Make the next signing key, durable, and return its number. It signs nothing yet."""
        with _only_one(self.folder):
            known = self.signing.known()
            seed = chance.draw(SEED_BYTES)
            number = len(known.public_keys) + 1
            replace_file(self.folder / _seed_name(number), seed)
            public = (*known.public_keys, Signer(seed).public_key.hex())
            self._write_list(msgspec.structs.replace(known, public_keys=public))
        return number

    def take_up(self, number: int) -> None:
        """Let the key of this number sign from now on."""
        with _only_one(self.folder):
            known = self.signing.known()
            if number > known.in_use:
                self._write_list(msgspec.structs.replace(known, in_use=number))

    def _write_list(self, known: KeyList) -> None:
        replace_file(self.folder / _LIST, msgspec.json.format(msgspec.json.encode(known)))

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
        replace_file(self.folder / _EPOCH, msgspec.json.format(msgspec.json.encode(epoch)))
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
    replace_file(folder / _SESSIONS, chance.draw(SEED_BYTES))
    replace_file(folder / _EPOCH, msgspec.json.encode(Epoch(1)))
    seed = chance.draw(SEED_BYTES)
    first = KeyList((Signer(seed).public_key.hex(),))
    replace_file(folder / _LIST, msgspec.json.format(msgspec.json.encode(first)))
    replace_file(folder / _SEED, seed)
    return open_keys(data)


def open_keys(data: Path) -> CountyKeys:
    """Open the keys of a county; raises NoCounty where none was made."""
    folder = data / KEYS
    try:
        signing = SigningKeys(folder)
        signing.known()
        epoch = _read_epoch(folder)
        session_key = (folder / _SESSIONS).read_bytes()
    except (OSError, msgspec.DecodeError) as problem:
        raise NoCounty(str(problem)) from problem
    return CountyKeys(folder, signing, epoch, session_key)


def replace_lost_key(data: Path, chance: Chance) -> int:
    """Make a new signing key where the seed of the one in use is gone; return its number.

    No former key vouches for it, so no PC believes it: each has to be enrolled anew. Raises
    NoCounty where no list of public keys is left, SeedIsThere where it is there after all.
    """
    folder = data / KEYS
    try:
        known = msgspec.json.decode((folder / _LIST).read_bytes(), type=KeyList)
    except (OSError, msgspec.DecodeError) as problem:
        raise NoCounty(str(problem)) from problem
    if (folder / _seed_name(known.in_use)).exists():
        raise SeedIsThere("the seed of the key in use is there: announce a new one instead")
    with _only_one(folder):
        number = len(known.public_keys) + 1
        seed = chance.draw(SEED_BYTES)
        replace_file(folder / _seed_name(number), seed)
        numbers = range(1, number)
        lost = tuple(n for n in numbers if not (folder / _seed_name(n)).exists())
        public = (*known.public_keys, Signer(seed).public_key.hex())
        after = KeyList(public, number, lost)
        replace_file(folder / _LIST, msgspec.json.format(msgspec.json.encode(after)))
    return number


def _read_list(folder: Path) -> tuple[KeyList, dict[str, Signer]]:
    """Return the list, and the keys whose seeds are here; raises NoCounty if they do not fit."""
    try:
        known = msgspec.json.decode((folder / _LIST).read_bytes(), type=KeyList)
    except FileNotFoundError:
        known = KeyList((_read_seed(folder, 1).public_key.hex(),))
    signers: dict[str, Signer] = {}
    for number, public in enumerate(known.public_keys, start=1):
        if number in known.lost:
            continue
        signer = _read_seed(folder, number)
        if signer.public_key.hex() != public:
            raise NoCounty(f"{folder / _seed_name(number)} is another key")
        signers[signer.key_id] = signer
    return known, signers


def _read_seed(folder: Path, number: int) -> Signer:
    seed = (folder / _seed_name(number)).read_bytes()
    if len(seed) != SEED_BYTES:
        raise NoCounty(f"{folder / _seed_name(number)} is no key")
    return Signer(seed)


def _seed_name(number: int) -> str:
    """Return the file of a seed: that of the first key has been called so from the beginning."""
    return _SEED if number == 1 else f"county-{number}.seed"


def _id_of(public_key: str) -> str:
    return key_id(bytes.fromhex(public_key))


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


def replace_file(path: Path, content: bytes) -> None:
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
