"""Which of the places of `key_store` holds the keys of a data folder.

The files themselves say it: whoever finds a wrapped key file in the folder has to ask for its
passphrase, whoever finds a plain one uses it, and without any of them it is the keyring of the
operating system. So no setting can be wrong about where the key is. The choice is made once, on a
page; the journal then holds a fact of it (`key.kept`).
"""

from pathlib import Path

from station_app.journal.troubles import StoreTrouble
from station_app.machine import KEY_UNDER_PASSPHRASE
from station_app.security.key_store import (
    DATABASE,
    KeyNotKept,
    KeyPlaceFailed,
    KeyringStore,
    KeyStore,
    PlainFileStore,
    find_backend,
)
from station_app.security.passphrases import Tries

KEYRING, PASSPHRASE, FILE = "keyring", "passphrase", "file"
PASSPHRASE_FILE = KEY_UNDER_PASSPHRASE
OWN_FILE = "own.key"
TRIES_FILE = "passphrase.tries"
OLD = ".old"  # of a key file that nobody can open any more: it may be remembered one day
_PROBE, _PROBE_SECRET = "probe", b"village station"


class PassphraseNeeded(StoreTrouble):
    """The key is under a passphrase, and nobody gave one."""

    reason = "PASSPHRASE_NEEDED"


class PassphraseLocked(StoreTrouble):
    """Too many wrong passphrases: nothing was looked at."""

    reason = "PASSPHRASE_LOCKED"


def kept_in(data: Path, key_file: Path | None = None) -> str:
    """Return where the keys of a data folder are: KEYRING, PASSPHRASE or FILE."""
    if key_file is not None:
        return FILE
    if (data / PASSPHRASE_FILE).exists():
        return PASSPHRASE
    return FILE if (data / OWN_FILE).exists() else KEYRING


def keyring_of(data: Path) -> KeyringStore:
    """Return the system's keyring, for one data folder; raises KeyPlaceFailed without one."""
    return KeyringStore(find_backend(), str(data.resolve()))


def own_file(data: Path) -> PlainFileStore:
    """Return the plain key file that the manager chose."""
    return PlainFileStore(data / OWN_FILE)


def tries_of(data: Path) -> Tries:
    """Return where wrong passphrases of a data folder are counted."""
    return Tries(data / TRIES_FILE)


def usable_keyring(data: Path, *, is_first: bool) -> KeyringStore | None:
    """Return the keyring if it can really be used now, else None.

    is_first: nothing is kept yet, so it has to show first that it gives back what it takes.
    """
    try:
        store = keyring_of(data)
        store.get(DATABASE)
        if is_first:
            store.put(_PROBE, _PROBE_SECRET)
    except (KeyPlaceFailed, KeyNotKept):
        return None
    return store


def holds_key(store: KeyStore | None) -> bool:
    """Tell whether a place holds the key of a database."""
    return store is not None and store.get(DATABASE) is not None


def make_way(data: Path) -> None:
    """Put key files that cannot be used aside, before a recovered key gets their place."""
    for name in (PASSPHRASE_FILE, OWN_FILE):
        path = data / name
        if path.exists():
            path.replace(data / (name + OLD))
    (data / TRIES_FILE).unlink(missing_ok=True)
