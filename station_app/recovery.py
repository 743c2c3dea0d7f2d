"""What makes a lost keyring no lost journal: done at each start, used when the key is gone.

The key of the database is sealed to the county and kept beside it. The other secrets of this PC
(its seed, its pepper) stand once more inside the encrypted database: with the key they all come
back, and the county never sees more than the key of a database that it does not have.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from station_app.journal.fact import Saying
from station_app.journal.kinds import KeyKept
from station_app.journal.recorder import Recorder, new_ticket
from station_app.journal.replaced_file import replace_file
from station_app.journal.store import open_reader
from station_app.journal.troubles import StoreTrouble
from station_app.known_keys import KnownKeys
from station_app.premises import DATABASE, Premises
from station_app.security.database_key import (
    device_seed,
    pepper,
    put_recovered,
    sealed_copy,
)
from station_app.security.key_store import (
    DEVICE_SEED,
    DEVICE_SEED_FORMER,
    DEVICE_SEED_NEXT,
    PEPPER,
    KeyStore,
)
from station_app.security.signing import SEED_BYTES, NotForThisKey, Signer
from station_app.sync.recovery import (
    ANSWER,
    COPY,
    KeyLetter,
    NotALetter,
    check_digits,
    pack_key,
    read_letter,
    unpack_key,
    write_letter,
    write_request,
)
from station_app.values.clock import Chance

COPY_FILE = "recovery.copy"
REQUEST_FILE, ANSWER_FILE = "village-station.request", "village-station.answer"
LETTER_BYTES_MAX = 4096
_SEED = "recovery-seed"
_SECRETS = (DEVICE_SEED, PEPPER, DEVICE_SEED_NEXT, DEVICE_SEED_FORMER)
_COPIED = "recovery-copy"


class NoCopy(StoreTrouble):
    """There is no copy of the key that was sealed to the county."""

    reason = "NO_COPY"


class AnswerUnread(StoreTrouble):
    """What was scanned, typed or read from a stick is no answer of the county."""

    reason = "ANSWER_UNREAD"


class AnswerForAnother(StoreTrouble):
    """The answer is sealed to another request, or its key opens another PC's journal."""

    reason = "ANSWER_FOR_ANOTHER"


@dataclass(frozen=True, slots=True)
class Asking:
    """A request for the county. letter: its text; digits: to be read out by phone."""

    letter: str
    digits: str


# --- At each start -------------------------------------------------------------------------------


def provide(premises: Premises, keys: KeyStore, *, kept_in: str) -> None:
    """Keep what the way back needs, and say in the journal where the key is kept, if that is new.

    Does next to nothing at a start at which nothing has changed.
    """
    wanted = {
        DEVICE_SEED: device_seed(keys, premises.chance),
        PEPPER: pepper(keys, premises.chance),
        **{name: keys.get(name) or b"" for name in (DEVICE_SEED_NEXT, DEVICE_SEED_FORMER)},
    }
    connection = premises.session.connection
    held = {name: _local(connection, name) for name in _SECRETS}
    known = connection.execute(
        "SELECT body FROM facts WHERE kind = ? AND substr(stream, 1, ?) = ? "
        "ORDER BY at DESC, seq DESC LIMIT 1",
        (KeyKept.KIND, len(_own(premises)), _own(premises)),
    ).fetchone()
    is_new = known is None or f'"kept_in":"{kept_in}"'.encode() not in bytes(known[0])
    if held != wanted or is_new:
        day, at = premises.desk.now().day, premises.clock.now_ms()

        def work(recorder: Recorder) -> None:
            for name, secret in wanted.items():
                _put_local(recorder.connection, name, secret)
            if is_new:
                act = recorder.open_act(new_ticket(premises.chance), by="", at=at)
                device = premises.enrolment.device
                act.say(Saying(KeyKept(device=device, kept_in=kept_in, day=day)))
                act.close()

        premises.session.write(work)
    _keep_copy(premises)


def _own(premises: Premises) -> str:
    return f"{premises.enrolment.station}/{premises.enrolment.device}/"


def _keep_copy(premises: Premises) -> None:
    """Seal the key to the county, unless the copy that is here was made for key and county."""
    here = premises.enrolment
    county = KnownKeys(premises.session.connection, here).to_seal_to()
    path = premises.folder / COPY_FILE
    written = _read(path)
    sealed_for = hashlib.blake2b(premises.key + county + written, digest_size=32).digest()
    if written and _local(premises.session.connection, _COPIED) == sealed_for:
        return
    content = pack_key(KeyLetter(premises.key, here.station, here.device))
    try:
        letter = write_letter(COPY, sealed_copy(content, county)).encode("ascii")
        replace_file(path, letter)
    except (OSError, ValueError):
        return  # a full disk, or no county's key: the next start tries again, and the doctor says
    mark = hashlib.blake2b(premises.key + county + letter, digest_size=32).digest()
    premises.session.write(lambda recorder: _put_local(recorder.connection, _COPIED, mark))


def copy_letter(folder: Path) -> str:
    """Return the sealed copy of a data folder as a letter, "" if there is none."""
    return _read(folder / COPY_FILE).decode("ascii", "replace")


# --- When the key is gone ------------------------------------------------------------------------


def ask(folder: Path, keys: KeyStore, chance: Chance, *, copy: str = "") -> Asking:
    """Return the request for the county; asked again, it is the same one.

    copy: the letter on the sheet that was printed, instead of the file in the data folder.
    Raises NoCopy or the troubles of the place where keys are kept.
    """
    text = copy or copy_letter(folder)
    try:
        sealed = read_letter(COPY, text)
    except NotALetter as problem:
        raise NoCopy(str(problem)) from problem
    seed = keys.get(_SEED)
    if seed is None or len(seed) != SEED_BYTES:
        seed = chance.draw(SEED_BYTES)
        keys.put(_SEED, seed)
    public_key = Signer(seed).public_key
    return Asking(write_request(sealed, public_key), check_digits(public_key))


def take(folder: Path, keys: KeyStore, answer: str) -> None:
    """Open the county's answer, and keep the key if it opens this journal; then all comes back.

    Raises AnswerUnread, AnswerForAnother or the troubles of opening; then nothing was changed.
    """
    try:
        sealed = read_letter(ANSWER, answer)
    except NotALetter as problem:
        raise AnswerUnread(str(problem)) from problem
    seed = keys.get(_SEED)
    if seed is None:
        raise AnswerForAnother("nothing was asked here")
    try:
        letter = unpack_key(Signer(seed).open_sealed(sealed))
    except (NotForThisKey, NotALetter) as problem:
        raise AnswerForAnother(str(problem)) from problem
    connection = open_reader(folder / DATABASE, letter.key)
    try:
        secrets = {name: _local(connection, name) for name in _SECRETS}
    finally:
        connection.close()
    for name, secret in secrets.items():
        if secret:
            keys.put(name, secret)
    put_recovered(keys, letter.key)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LETTER_BYTES_MAX)
    except OSError:
        return b""


def read_file(path: Path) -> str:
    """Return the letter in a file of a stick; raises AnswerUnread."""
    content = _read(path)
    if not content:
        raise AnswerUnread(str(path))
    return content.decode("ascii", "replace")


def _local(connection: Any, name: str) -> bytes:
    row = connection.execute("SELECT value FROM local WHERE name = ?", (name,)).fetchone()
    return bytes(row[0]) if row else b""


def _put_local(connection: Any, name: str, value: bytes) -> None:
    connection.execute("INSERT OR REPLACE INTO local(name, value) VALUES (?, ?)", (name, value))
