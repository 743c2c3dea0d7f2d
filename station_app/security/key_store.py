"""Where secrets are kept on this PC: three places, each honest about what it is.

- The keyring of the operating system: unlocked with the user's log-in. Only backends that really
  keep something are taken; the others say "stored" and forget, or write it down in the clear.
- A file wrapped under a passphrase, which is asked for at every start.
- A plain file that only its owner may read: chosen by the manager on a page that says what a
  thief gets, or named by `--key-file` for tests and the tour.

Nothing counts as stored before it was read back and compared: a database whose key was never
kept is lost at the next start.
"""

import base64
import binascii
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import msgspec
from argon2.low_level import Type, hash_secret_raw
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from station_app.journal.replaced_file import replace_file
from station_app.journal.troubles import StoreTrouble
from station_app.values.clock import Chance

DATABASE, DEVICE_SEED, PEPPER = "database-key", "device-seed", "pin-pepper"
HIGH_WATER = "high-water"
# The key that is to follow the device's, and the one that it followed (`station_app.own_key`).
DEVICE_SEED_NEXT, DEVICE_SEED_FORMER = "device-seed-next", "device-seed-former"
SERVICE = "village-station"
FILE_BYTES_MAX = 64 * 1024
# A file is read, changed and put in place of itself: two threads of the program that did so at once
# (at a first start the pepper and the mark are made side by side) would lose each other's key.
_ONE_AT_A_TIME = threading.Lock()

# Backends that keep secrets under the user's log-in. Everything else is refused, whatever it says.
TRUSTED_BACKENDS = frozenset(
    {
        "keyring.backends.SecretService",
        "keyring.backends.libsecret",
        "keyring.backends.kwallet",
        "keyring.backends.Windows",
        "keyring.backends.macOS",
    }
)


class KeyStore(Protocol):
    """A place for secrets."""

    def get(self, name: str) -> bytes | None:
        """Return a secret, or None if the place works and does not hold it."""
        ...

    def put(self, name: str, secret: bytes) -> None:
        """Keep a secret. Raises a trouble unless it can be read back."""
        ...


class KeyPlaceFailed(StoreTrouble):
    """The place cannot be used now: locked, not there, or not to be trusted."""

    reason = "KEY_PLACE_FAILED"


class KeyNotKept(StoreTrouble):
    """The place took a secret and did not give it back."""

    reason = "KEY_NOT_KEPT"


class WrongPassphrase(StoreTrouble):
    """The passphrase does not open the file, or the file is damaged."""

    reason = "WRONG_PASSPHRASE"


class KeyFileOpenToAll(StoreTrouble):
    """Others than its owner may read the key file."""

    reason = "KEY_FILE_OPEN_TO_ALL"


class KeyringBackend(Protocol):
    """What we use of a backend of `keyring`."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return an entry, or None."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep an entry."""
        ...


def find_backend() -> KeyringBackend:
    """Return the trusted backend of this machine; raises KeyPlaceFailed when there is none."""
    import keyring.backend

    found = [b for b in keyring.backend.get_all_keyring() if is_trusted(b)]
    if not found:
        raise KeyPlaceFailed("no keyring of the operating system")
    return max(found, key=lambda backend: backend.priority)


def is_trusted(backend: object) -> bool:
    """Tell whether a backend is one of those that really keep a secret, itself and not derived."""
    return type(backend).__module__ in TRUSTED_BACKENDS


class KeyringStore:
    """Secrets in the keyring of the operating system."""

    def __init__(self, backend: KeyringBackend, place: str) -> None:
        """Keep secrets under `place`, which tells apart two data folders of one user.

        Raises KeyPlaceFailed for a backend that is not trusted.
        """
        if not is_trusted(backend):
            raise KeyPlaceFailed(f"{type(backend).__module__} keeps no secrets")
        self._backend = backend
        self._place = place

    def get(self, name: str) -> bytes | None:
        """Return a secret, or None. Raises KeyPlaceFailed if the keyring is locked or gone."""
        try:
            kept = self._backend.get_password(SERVICE, f"{self._place}/{name}")
        except Exception as problem:
            raise KeyPlaceFailed(f"{type(problem).__name__}: {problem}") from problem
        if kept is None:
            return None
        try:
            return base64.b64decode(kept, validate=True)
        except (binascii.Error, ValueError) as problem:
            raise KeyPlaceFailed(f"{name} in the keyring is not ours") from problem

    def put(self, name: str, secret: bytes) -> None:
        """Keep a secret and read it back. Raises KeyPlaceFailed or KeyNotKept."""
        text = base64.b64encode(secret).decode("ascii")
        try:
            self._backend.set_password(SERVICE, f"{self._place}/{name}", text)
        except Exception as problem:
            raise KeyPlaceFailed(f"{type(problem).__name__}: {problem}") from problem
        if self.get(name) != secret:
            raise KeyNotKept(name)


class _Plain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of a plain key file: name → secret in base64."""

    secrets: dict[str, bytes]
    version: int = 1


class PlainFileStore:
    """Secrets in a file that only its owner may read. Never chosen by the program itself."""

    def __init__(self, path: Path) -> None:
        """Open an existing file. Raises KeyPlaceFailed or KeyFileOpenToAll."""
        _read_private(path)
        self._path = path

    @classmethod
    def create(cls, path: Path) -> "PlainFileStore":
        """Make an empty file, which must not be there yet, and open it."""
        if path.exists():
            raise KeyPlaceFailed(f"{path} exists already")
        _write(path, msgspec.json.encode(_Plain({})))
        return cls(path)

    def get(self, name: str) -> bytes | None:
        """Return a secret, or None."""
        return self._secrets().get(name)

    def put(self, name: str, secret: bytes) -> None:
        """Keep a secret, durable before this returns."""
        with _ONE_AT_A_TIME:
            _write(self._path, msgspec.json.encode(_Plain({**self._secrets(), name: secret})))
            if self.get(name) != secret:
                raise KeyNotKept(name)

    def _secrets(self) -> Mapping[str, bytes]:
        try:
            return msgspec.json.decode(_read_private(self._path), type=_Plain).secrets
        except msgspec.DecodeError as problem:
            raise KeyPlaceFailed(f"{self._path} is not a key file") from problem


class _Wrapped(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of a wrapped key file. box: the secrets, sealed under the passphrase."""

    salt: bytes
    passes: int
    memory_kib: int
    lanes: int
    box: bytes
    version: int = 1


PASSES, MEMORY_KIB, LANES = 3, 64 * 1024, 4  # RFC 9106, low memory; once per start
PASSES_MAX, MEMORY_KIB_MAX, LANES_MAX = 32, 1024 * 1024, 16  # what a file may ask of this PC
SALT_BYTES = 16


class WrappedFileStore:
    """Secrets in a file under a passphrase (argon2id, then a secret box)."""

    def __init__(self, path: Path, passphrase: str, chance: Chance) -> None:
        """Open an existing file; takes a moment. Raises KeyPlaceFailed or WrongPassphrase."""
        self._path = path
        self._chance = chance
        self._file = self._read()
        self._key = _stretch(passphrase, self._file)
        self._secrets = self._unwrap()

    @classmethod
    def create(cls, path: Path, passphrase: str, chance: Chance) -> "WrappedFileStore":
        """Make an empty file, which must not be there yet, and open it."""
        if path.exists():
            raise KeyPlaceFailed(f"{path} exists already")
        _wrap(path, passphrase, chance, {})
        return cls(path, passphrase, chance)

    def get(self, name: str) -> bytes | None:
        """Return a secret, or None."""
        return self._secrets.get(name)

    def put(self, name: str, secret: bytes) -> None:
        """Keep a secret, durable before this returns."""
        with _ONE_AT_A_TIME:
            secrets = {**self._secrets, name: secret}
            box = _box(self._key, secrets, self._chance)
            _write(self._path, msgspec.json.encode(msgspec.structs.replace(self._file, box=box)))
            self._file = self._read()
            self._secrets = self._unwrap()
            if self.get(name) != secret:
                raise KeyNotKept(name)

    def change_passphrase(self, passphrase: str) -> None:
        """Wrap the same secrets anew, under another passphrase and salt."""
        with _ONE_AT_A_TIME:
            _wrap(self._path, passphrase, self._chance, self._secrets)
            self._file = self._read()
            self._key = _stretch(passphrase, self._file)
            self._secrets = self._unwrap()

    def move_to(self, path: Path) -> None:
        """Let the file stand at another place from now on, in place of what was there."""
        try:
            self._path.replace(path)
        except OSError as problem:
            raise KeyPlaceFailed(str(problem)) from problem
        self._path = path

    def _read(self) -> _Wrapped:
        try:
            file = msgspec.json.decode(_read_private(self._path), type=_Wrapped)
        except msgspec.DecodeError as problem:
            raise KeyPlaceFailed(f"{self._path} is not a key file") from problem
        is_modest = (
            0 < file.passes <= PASSES_MAX
            and 0 < file.lanes <= LANES_MAX
            and 8 * file.lanes <= file.memory_kib <= MEMORY_KIB_MAX
            and len(file.salt) == SALT_BYTES
        )
        if not is_modest:
            raise KeyPlaceFailed(f"{self._path} asks for too much")
        return file

    def _unwrap(self) -> dict[str, bytes]:
        try:
            content = SecretBox(self._key).decrypt(self._file.box)
            return msgspec.json.decode(content, type=_Plain).secrets
        except (CryptoError, ValueError, msgspec.DecodeError) as problem:
            raise WrongPassphrase(str(self._path)) from problem


def _wrap(path: Path, passphrase: str, chance: Chance, secrets: Mapping[str, bytes]) -> None:
    shape = _Wrapped(chance.draw(SALT_BYTES), PASSES, MEMORY_KIB, LANES, b"")
    box = _box(_stretch(passphrase, shape), secrets, chance)
    _write(path, msgspec.json.encode(msgspec.structs.replace(shape, box=box)))


def _stretch(passphrase: str, file: _Wrapped) -> bytes:
    return hash_secret_raw(
        passphrase.encode("utf-8"),
        file.salt,
        time_cost=file.passes,
        memory_cost=file.memory_kib,
        parallelism=file.lanes,
        hash_len=SecretBox.KEY_SIZE,
        type=Type.ID,
    )


def _box(key: bytes, secrets: Mapping[str, bytes], chance: Chance) -> bytes:
    content = msgspec.json.encode(_Plain(dict(secrets)), order="sorted")
    return bytes(SecretBox(key).encrypt(content, chance.draw(SecretBox.NONCE_SIZE)))


def _read_private(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(FILE_BYTES_MAX)
    except OSError as problem:
        raise KeyPlaceFailed(str(problem)) from problem
    if os.name == "posix" and mode & 0o077:
        raise KeyFileOpenToAll(str(path))
    return content


def _write(path: Path, content: bytes) -> None:
    try:
        replace_file(path, content)
    except OSError as problem:
        raise KeyPlaceFailed(str(problem)) from problem
