"""Where secrets are kept: a real Secret Service, wrapped and plain files, and liars refused."""

import base64
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import keyring.backends.chainer
import keyring.backends.fail
import keyring.backends.null
import msgspec
import pytest

from station_app.security.key_store import (
    DATABASE,
    KeyFileOpenToAll,
    KeyNotKept,
    KeyPlaceFailed,
    KeyringStore,
    PlainFileStore,
    WrappedFileStore,
    WrongPassphrase,
    is_trusted,
)
from tests.security.chance import SeededChance

ROOT = Path(__file__).resolve().parents[2]
SECRET = bytes(range(32))


def spellings(secret: bytes) -> list[bytes]:
    """Return how a secret might stand in a file."""
    return [secret, secret.hex().encode(), base64.b64encode(secret)]


# --- The keyring ---------------------------------------------------------------------------------

UNLOCKED = (
    'eval "$(printf "\\n" | gnome-keyring-daemon --unlock --components=secrets)" && exec "$@"'
)
ROUND = """
import sys
from pathlib import Path
from station_app.journal.store import WrongKey, open_writer
from station_app.security.database_key import KeyMissing, database_key, device_seed, put_recovered
from station_app.security.database_key import sealed_copy
from station_app.security.key_store import SERVICE, KeyringStore, find_backend
from station_app.security.signing import Signer
from tests.security.chance import SeededChance

path, county = Path(sys.argv[1]), Signer(bytes(32))
backend = find_backend()
print(type(backend).__module__)
keys = KeyringStore(backend, "NX0601/practice")
assert keys.get("database-key") is None
key = database_key(keys, SeededChance(), database_exists=False)
connection = open_writer(path, key)
connection.execute("CREATE TABLE facts (x)")
connection.close()
# Another start: the same key, other folders apart, the seed beside it.
again = KeyringStore(find_backend(), "NX0601/practice")
assert database_key(again, SeededChance(9), database_exists=True) == key
assert KeyringStore(backend, "NX0601/main").get("database-key") is None
assert device_seed(again, SeededChance(2)) == device_seed(keys, SeededChance(3))
# The keyring is lost; the copy sealed to the county brings the key back.
copy = sealed_copy(key, county.public_key)
backend.delete_password(SERVICE, "NX0601/practice/database-key")
try:
    database_key(keys, SeededChance(4), database_exists=True)
    raise SystemExit("a new key was made for an old database")
except KeyMissing:
    pass
assert keys.get("database-key") is None
put_recovered(keys, county.open_sealed(copy))
recovered = open_writer(path, database_key(keys, SeededChance(5), database_exists=True))
print(recovered.execute("SELECT name FROM sqlite_master").fetchall())
"""


def in_a_session(folder: Path, *line: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a D-Bus session of its own, with a home of its own."""
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    kept = {n: v for n, v in os.environ.items() if n not in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS")}
    return subprocess.run(
        ["dbus-run-session", "--", *line],
        cwd=ROOT,
        env={**kept, **home, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_real_secret_service_keeps_the_key(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    database = tmp_path / "journal.db"
    ran = in_a_session(
        home, "bash", "-c", UNLOCKED, "sh", sys.executable, "-c", ROUND, str(database)
    )
    assert ran.returncode == 0, ran.stderr
    backend, tables = ran.stdout.splitlines()[-2:]
    assert backend in ("keyring.backends.SecretService", "keyring.backends.libsecret")
    assert tables == "[('facts',)]"
    key = SeededChance().draw(32)
    for file in [f for f in tmp_path.rglob("*") if f.is_file()]:
        assert not any(spelling in file.read_bytes() for spelling in spellings(key)), file


NO_SERVICE = """
import station_app.security.key_store as places
try:
    places.KeyringStore(places.find_backend(), "NX0601").get("database-key")
    print("silence")
except places.KeyPlaceFailed as trouble:
    print("told", trouble.text_key)
"""


def test_without_a_keyring_the_place_is_said_to_fail(tmp_path: Path) -> None:
    environment = {n: v for n, v in os.environ.items() if not n.startswith("DBUS")}
    environment |= {"PYTHONPATH": str(ROOT), "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/no"}
    ran = subprocess.run(
        [sys.executable, "-c", NO_SERVICE],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert ran.stdout == "told security.trouble.KEY_PLACE_FAILED\n"


class Forgetful:
    """A backend that takes everything and keeps nothing, under a trusted name."""

    def get_password(self, service: str, username: str) -> str | None:
        """Nothing was ever kept."""
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        """Say yes and forget."""


class Garbled(Forgetful):
    """A backend that gives back something else."""

    def get_password(self, service: str, username: str) -> str | None:
        """Another key."""
        return base64.b64encode(bytes(32)).decode()


class Foreign(Forgetful):
    """A keyring that holds what we never wrote."""

    def get_password(self, service: str, username: str) -> str | None:
        """No base64."""
        return "päss word"


class Locked(Forgetful):
    """A keyring that is locked, with an error of its own making."""

    def get_password(self, service: str, username: str) -> str | None:
        """As D-Bus does."""
        raise OSError("Failed to unlock the collection!")


for liar in (Forgetful, Garbled, Foreign, Locked):
    liar.__module__ = "keyring.backends.SecretService"


@pytest.mark.parametrize("liar", [Forgetful, Garbled])
def test_what_is_not_given_back_is_not_stored(liar: type[Forgetful]) -> None:
    with pytest.raises(KeyNotKept):
        KeyringStore(liar(), "NX0601").put(DATABASE, SECRET)


@pytest.mark.parametrize("broken", [Foreign, Locked])
def test_a_keyring_that_cannot_be_read_is_no_empty_one(broken: type[Forgetful]) -> None:
    with pytest.raises(KeyPlaceFailed):
        KeyringStore(broken(), "NX0601").get(DATABASE)


def test_backends_that_keep_nothing_or_keep_it_in_the_clear_are_refused() -> None:
    class PlaintextKeyring(Forgetful):
        """As keyrings.alt has it."""

    PlaintextKeyring.__module__ = "keyrings.alt.file"
    for backend in (
        keyring.backends.null.Keyring(),
        keyring.backends.fail.Keyring(),
        keyring.backends.chainer.ChainerBackend(),
        PlaintextKeyring(),
    ):
        assert not is_trusted(backend)
        with pytest.raises(KeyPlaceFailed):
            KeyringStore(backend, "NX0601")


# --- Files ---------------------------------------------------------------------------------------


def test_a_plain_file_keeps_secrets_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "station.key"
    with pytest.raises(KeyPlaceFailed):
        PlainFileStore(path)
    store = PlainFileStore.create(path)
    assert store.get(DATABASE) is None
    store.put(DATABASE, SECRET)
    store.put("device-seed", b"seed")
    assert PlainFileStore(path).get(DATABASE) == SECRET
    assert PlainFileStore(path).get("device-seed") == b"seed"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [f.name for f in tmp_path.iterdir()] == ["station.key"]
    with pytest.raises(KeyPlaceFailed):
        PlainFileStore.create(path)


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "station.key"
    PlainFileStore.create(path).put(DATABASE, SECRET)
    for mode in (0o640, 0o604, 0o622):
        path.chmod(mode)
        with pytest.raises(KeyFileOpenToAll):
            PlainFileStore(path)
    path.chmod(0o600)
    assert PlainFileStore(path).get(DATABASE) == SECRET


def test_a_file_of_something_else_is_no_key_file(tmp_path: Path) -> None:
    path = tmp_path / "station.key"
    for junk in (b"", b"{}", b"[1]", b'{"secrets":{"a":"*"}}', b"\xff" * 99):
        path.write_bytes(junk)
        path.chmod(0o600)
        with pytest.raises(KeyPlaceFailed):
            PlainFileStore(path).get(DATABASE)
        with pytest.raises(KeyPlaceFailed):
            WrappedFileStore(path, "x", SeededChance())


def test_a_wrapped_file_opens_with_its_passphrase_only(tmp_path: Path) -> None:
    path = tmp_path / "station.key"
    WrappedFileStore.create(path, "油桃沟 三千亩", SeededChance()).put(DATABASE, SECRET)
    assert WrappedFileStore(path, "油桃沟 三千亩", SeededChance(2)).get(DATABASE) == SECRET
    for wrong in ("", "油桃沟", "油桃沟 三千亩 "):
        with pytest.raises(WrongPassphrase):
            WrappedFileStore(path, wrong, SeededChance())
    content = path.read_bytes()
    assert not any(spelling in content for spelling in spellings(SECRET))
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(KeyPlaceFailed):
        WrappedFileStore.create(path, "other", SeededChance())


@pytest.mark.parametrize("kind", ["plain", "wrapped"])
def test_keys_that_two_threads_keep_at_once_are_both_there(tmp_path: Path, kind: str) -> None:
    """At a first start the PINs' pepper, the mark and the device's seed are made side by side."""
    path, chance = tmp_path / "keys", SeededChance(1)
    store: PlainFileStore | WrappedFileStore
    if kind == "plain":
        store = PlainFileStore.create(path)
    else:
        store = WrappedFileStore.create(path, "一二三四", chance)

    together = threading.Barrier(4)

    def keep(number: int) -> None:
        for place in range(40):
            together.wait(10)
            store.put(f"{number}.{place}", bytes([number, place]))

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # the threads go on in turns, step by step
    try:
        with ThreadPoolExecutor(4) as threads:
            for done in [threads.submit(keep, number) for number in range(4)]:
                done.result()
    finally:
        sys.setswitchinterval(before)
    kept = {f"{n}.{p}": store.get(f"{n}.{p}") for n in range(4) for p in range(40)}
    assert kept == {f"{n}.{p}": bytes([n, p]) for n in range(4) for p in range(40)}


def test_a_changed_passphrase_keeps_the_secrets(tmp_path: Path) -> None:
    path = tmp_path / "station.key"
    store = WrappedFileStore.create(path, "old", SeededChance())
    store.put(DATABASE, SECRET)
    store.change_passphrase("new")
    store.put("device-seed", b"seed")
    with pytest.raises(WrongPassphrase):
        WrappedFileStore(path, "old", SeededChance())
    again = WrappedFileStore(path, "new", SeededChance())
    assert (again.get(DATABASE), again.get("device-seed")) == (SECRET, b"seed")


def test_a_wrapped_file_may_not_ask_for_all_memory(tmp_path: Path) -> None:
    path = tmp_path / "station.key"
    WrappedFileStore.create(path, "x", SeededChance())
    whole = msgspec.json.decode(path.read_bytes())
    for field, value in [("memory_kib", 2**31), ("passes", 10**6), ("lanes", 0), ("salt", "AA==")]:
        path.write_bytes(msgspec.json.encode({**whole, field: value}))
        with pytest.raises(KeyPlaceFailed):
            WrappedFileStore(path, "x", SeededChance())
    box = base64.b64decode(whole["box"])
    for place in (0, 24, len(box) - 1):
        broken = box[:place] + bytes([box[place] ^ 1]) + box[place + 1 :]
        path.write_bytes(msgspec.json.encode({**whole, "box": broken}))
        with pytest.raises(WrongPassphrase):
            WrappedFileStore(path, "x", SeededChance())


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(KeyPlaceFailed):
        PlainFileStore.create(tmp_path / "gone" / "station.key")
