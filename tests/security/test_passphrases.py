"""What may be a passphrase, and how often somebody may guess, over restarts and bad files."""

from pathlib import Path

import pytest

from station_app.resources_dir import load_texts
from station_app.security import passphrases
from station_app.security.key_place import kept_in, make_way
from station_app.security.key_store import DATABASE, PlainFileStore, WrappedFileStore
from station_app.security.passphrases import (
    FAIR,
    GOOD,
    WEAK,
    Tries,
    passphrase_refusal,
    strength,
    unlock,
)
from station_app.security.pins import Locked, WrongPin
from tests.security.chance import SeededChance

RIGHT = "you tao gou 3000 mu"


@pytest.mark.parametrize(
    ("typed", "reason", "how_good"),
    [
        ("", "PASSPHRASE_SHORT", WEAK),
        ("youtaogou", "PASSPHRASE_SHORT", WEAK),
        ("aaaaaaaaaaaaaaaaaa", "PASSPHRASE_EASY", WEAK),
        ("abcdefghijklm", "PASSPHRASE_EASY", WEAK),
        ("9876543210", "PASSPHRASE_EASY", WEAK),
        ("liushuliushu", "PASSPHRASE_EASY", WEAK),
        ("油桃沟三千亩地好", "PASSPHRASE_SIGNS", WEAK),
        ("youtaogou\t3000", "PASSPHRASE_SIGNS", WEAK),
        ("youtaogou3", "", FAIR),
        ("Youtaogou-3000", "", GOOD),
        (RIGHT, "", GOOD),
    ],
)
def test_what_is_taken(typed: str, reason: str, how_good: str) -> None:
    refusal = passphrase_refusal(typed)
    assert (refusal.reason if refusal else "").removeprefix("security.") == reason
    assert strength(typed) == how_good
    if refusal:
        assert "{" not in load_texts().say(refusal.text_key, **refusal.slots)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("station_app.security.key_store.MEMORY_KIB", 64)
    WrappedFileStore.create(tmp_path / "key", RIGHT, SeededChance()).put(DATABASE, bytes(32))
    return tmp_path / "key"


def attempt(path: Path, typed: str, uptime_ms: int) -> object:
    tries = Tries(path.with_name("tries"))
    return unlock(path, typed, tries=tries, uptime_ms=uptime_ms, chance=SeededChance(2))


def test_five_wrong_ones_lock_and_each_further_five_lock_longer(path: Path) -> None:
    uptime = 0
    for expected in (60_000, 120_000, 240_000):
        for left in (4, 3, 2, 1):
            assert attempt(path, "wrong", uptime) == WrongPin(left)
        assert attempt(path, "wrong", uptime) == Locked(expected)
        assert attempt(path, RIGHT, uptime + expected - 1) == Locked(1)
        uptime += expected
    assert isinstance(attempt(path, RIGHT, uptime), WrappedFileStore)
    assert attempt(path, "wrong", uptime) == WrongPin(4), "the right one begins anew"


def test_a_thousand_tries_in_a_minute_look_at_five(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    true_open = WrappedFileStore

    def counting(where: Path, typed: str, chance: SeededChance) -> WrappedFileStore:
        looked.append(typed)
        return true_open(where, typed, chance)

    monkeypatch.setattr(passphrases, "WrappedFileStore", counting)
    for number in range(1_000):
        attempt(path, f"guess {number}", number % 50)  # restarts set the uptime back each time
    assert len(looked) == 5


def test_a_try_counts_before_it_is_looked_at(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def power_cut(*_: object) -> WrappedFileStore:
        raise KeyboardInterrupt

    monkeypatch.setattr(passphrases, "WrappedFileStore", power_cut)
    with pytest.raises(KeyboardInterrupt):
        attempt(path, "wrong", 0)
    assert Tries(path.with_name("tries")).failures == 1


def test_a_count_that_somebody_scribbled_in_locks(path: Path) -> None:
    path.with_name("tries").write_text("{}[")
    assert isinstance(attempt(path, RIGHT, 0), Locked)


def test_the_files_say_where_the_key_is_and_no_key_is_ever_removed(path: Path) -> None:
    folder = path.parent
    assert kept_in(folder) == "keyring"
    assert kept_in(folder, folder / "any.key") == "file"
    PlainFileStore.create(folder / "own.key")
    assert kept_in(folder) == "file"
    path.replace(folder / "passphrase.key")
    assert kept_in(folder) == "passphrase"
    content = (folder / "passphrase.key").read_bytes()
    make_way(folder)
    assert kept_in(folder) == "keyring"
    assert (folder / "passphrase.key.old").read_bytes() == content
