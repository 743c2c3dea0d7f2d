"""The database's key and the other secrets of this device: made once, kept, never guessed.

The key is 32 random bytes: nothing to remember, nothing to try out. It is made only for a database
that does not exist yet. If the database is there and the key is not, the answer is never a new
key; it is the copy that is sealed to the county.
"""

from station_app.journal.store import KEY_BYTES
from station_app.journal.troubles import StoreTrouble
from station_app.security.key_store import DATABASE, DEVICE_SEED, PEPPER, KeyNotKept, KeyStore
from station_app.security.signing import SEED_BYTES, seal
from station_app.values.clock import Chance

PEPPER_BYTES = 32


class KeyMissing(StoreTrouble):
    """The database is there, its key is not: it must be recovered, and nothing may be made new."""

    reason = "KEY_MISSING"


def database_key(keys: KeyStore, chance: Chance, *, database_exists: bool) -> bytes:
    """Return the key of the database; make and keep one if there is no database yet.

    Raises KeyMissing, or the trouble of the place where keys are kept.
    """
    kept = keys.get(DATABASE)
    if kept is None and database_exists:
        raise KeyMissing("the database exists, its key does not")
    return _kept(keys, chance, DATABASE, KEY_BYTES)


def device_seed(keys: KeyStore, chance: Chance) -> bytes:
    """Return the seed of this device's signing key; make and keep one the first time."""
    return _kept(keys, chance, DEVICE_SEED, SEED_BYTES)


def pepper(keys: KeyStore, chance: Chance) -> bytes:
    """Return the secret that goes into every PIN's hash; make and keep one the first time."""
    return _kept(keys, chance, PEPPER, PEPPER_BYTES)


def sealed_copy(key: bytes, county_public_key: bytes) -> bytes:
    """Return the key (with whose it is) as a letter that only the county can open."""
    return seal(county_public_key, key)


def put_recovered(keys: KeyStore, key: bytes) -> None:
    """Keep a key that the county has opened for us; `open_writer` then says if it is the right."""
    if len(key) != KEY_BYTES:
        raise KeyNotKept("a key has 32 bytes")
    keys.put(DATABASE, key)


def _kept(keys: KeyStore, chance: Chance, name: str, count: int) -> bytes:
    kept = keys.get(name)
    if kept is None:
        kept = chance.draw(count)
        keys.put(name, kept)
    if len(kept) != count:
        raise KeyNotKept(f"{name} has {len(kept)} bytes")
    return kept
