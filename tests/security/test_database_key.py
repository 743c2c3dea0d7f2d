"""The database's key: made once, with a way back, and never a new one for an old database."""

from pathlib import Path

import pytest

from station_app.journal.store import WrongKey, open_writer
from station_app.security.database_key import (
    KeyMissing,
    database_key,
    device_seed,
    pepper,
    put_recovered,
    sealed_copy,
)
from station_app.security.key_store import DATABASE, PEPPER, KeyNotKept, PlainFileStore
from station_app.security.signing import Signer
from tests.security.chance import SeededChance

COUNTY = Signer(bytes(32))


@pytest.fixture
def keys(tmp_path: Path) -> PlainFileStore:
    return PlainFileStore.create(tmp_path / "station.key")


def test_a_key_is_made_once_and_kept(keys: PlainFileStore, tmp_path: Path) -> None:
    key = database_key(keys, SeededChance(1), database_exists=False)
    assert len(key) == 32
    again = PlainFileStore(tmp_path / "station.key")
    assert database_key(again, SeededChance(2), database_exists=True) == key
    assert database_key(again, SeededChance(3), database_exists=False) == key


def test_each_secret_is_its_own(keys: PlainFileStore) -> None:
    chance = SeededChance()
    secrets = {
        database_key(keys, chance, database_exists=False),
        device_seed(keys, chance),
        pepper(keys, chance),
    }
    assert len(secrets) == 3
    assert device_seed(keys, SeededChance(7)) in secrets
    assert pepper(keys, SeededChance(7)) == keys.get(PEPPER)


def test_for_a_database_without_its_key_none_is_made(keys: PlainFileStore) -> None:
    with pytest.raises(KeyMissing) as caught:
        database_key(keys, SeededChance(), database_exists=True)
    assert caught.value.text_key == "security.trouble.KEY_MISSING"
    assert keys.get(DATABASE) is None


def test_the_county_brings_a_lost_key_back(keys: PlainFileStore, tmp_path: Path) -> None:
    key = database_key(keys, SeededChance(), database_exists=False)
    path = tmp_path / "journal.db"
    connection = open_writer(path, key)
    connection.execute("CREATE TABLE facts (x)")
    connection.close()
    copy = sealed_copy(key, COUNTY.public_key)
    assert key not in copy
    fresh = PlainFileStore.create(tmp_path / "new.key")
    put_recovered(fresh, COUNTY.open_sealed(copy))
    open_writer(path, database_key(fresh, SeededChance(5), database_exists=True)).close()
    with pytest.raises(WrongKey):
        open_writer(path, bytes(32))


def test_bytes_of_another_length_are_no_key(keys: PlainFileStore) -> None:
    with pytest.raises(KeyNotKept):
        put_recovered(keys, b"short")
    keys.put(DATABASE, b"short")
    with pytest.raises(KeyNotKept):
        database_key(keys, SeededChance(), database_exists=False)
