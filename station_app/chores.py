"""What the commands do with a data folder, without a screen."""

import getpass
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from station_app.journal.findings import Report
from station_app.journal.log import FactLog
from station_app.journal.one_process import OneProcess
from station_app.journal.rebuild import Rebuilt
from station_app.journal.rebuild import rebuild as rebuild_journal
from station_app.journal.store import open_reader
from station_app.journal.troubles import FoldedElsewhere
from station_app.journal.upgrading import folded_as, shapes_of
from station_app.journal.verify import verify as verify_journal
from station_app.known_keys import KnownKeys
from station_app.premises import (
    DATABASE,
    REBUILDERS,
    NotEnrolled,
    Premises,
    SystemChance,
    SystemClock,
    enrolment_of,
    open_database,
    open_premises,
)
from station_app.resources_dir import load_texts
from station_app.security import key_place
from station_app.security.database_key import database_key
from station_app.security.key_store import KeyStore, PlainFileStore, WrongPassphrase
from station_app.security.passphrases import unlock
from station_app.security.pins import Locked, WrongPin
from station_app.values.texts import Texts
from station_app.vocabulary import VOCABULARY


def ask_in_terminal() -> str:
    """Return the passphrase that was typed, unseen, or came as a line of standard input."""
    if sys.stdin.isatty():
        return getpass.getpass(load_texts().say("command.said.passphrase"))
    return sys.stdin.readline().rstrip("\r\n")


def keys(
    key_file: Path | None, data: Path | None = None, *, ask: Callable[[], str] = ask_in_terminal
) -> KeyStore:
    """Return where this PC's keys are: a file that was named, else where the data folder says.

    data: the data folder, so that two stations of one account keep their keys apart; ask: returns
    the passphrase, if it is one. Raises the troubles of the place, WrongPassphrase among them.
    """
    if key_file is not None:
        if not key_file.exists():
            key_file.parent.mkdir(parents=True, exist_ok=True)
            return PlainFileStore.create(key_file)
        return PlainFileStore(key_file)
    folder = data or Path()
    place = key_place.kept_in(folder)
    if place == key_place.FILE:
        return key_place.own_file(folder)
    if place == key_place.PASSPHRASE:
        return _unlocked(folder, ask())
    return key_place.keyring_of(folder)


def _unlocked(folder: Path, passphrase: str) -> KeyStore:
    if not passphrase:
        raise key_place.PassphraseNeeded(str(folder))
    opened = unlock(
        folder / key_place.PASSPHRASE_FILE,
        passphrase,
        tries=key_place.tries_of(folder),
        uptime_ms=time.monotonic_ns() // 1_000_000,
        chance=SystemChance(),
    )
    if isinstance(opened, Locked):
        raise key_place.PassphraseLocked(str(folder), seconds=opened.wait_ms // 1000 + 1)
    if isinstance(opened, WrongPin):
        raise WrongPassphrase(str(folder))
    return opened


def key_of(data: Path, key_file: Path | None, kept: KeyStore | None = None) -> bytes:
    """Return the database key of an existing data folder; raises NotEnrolled without one."""
    if not (data / DATABASE).exists():
        raise NotEnrolled(str(data))
    kept = kept or keys(key_file, data)
    return database_key(kept, SystemChance(), database_exists=True)


@contextmanager
def opened(data: Path, key_file: Path | None, kept: KeyStore | None = None) -> Iterator[Premises]:
    """Open the premises for one command. kept: where the keys are, if that is known already."""
    key = key_of(data, key_file, kept)
    premises = open_premises(data, key, clock=SystemClock(), chance=SystemChance())
    try:
        yield premises
    finally:
        premises.close()


def verify(data: Path, key_file: Path | None) -> tuple[Report, Texts]:
    """Check a data folder; the program may be running on it.

    Raises FoldedElsewhere for one that this version has not opened yet.
    """
    connection = open_reader(data / DATABASE, key_of(data, key_file))
    try:
        if folded_as(connection) != shapes_of(VOCABULARY.entities):
            raise FoldedElsewhere(str(data))
        here = enrolment_of(connection)
        is_signed = KnownKeys(connection, here).is_signed if here else None
        return verify_journal(connection, VOCABULARY, is_signed), load_texts()
    finally:
        connection.close()


def rebuild(data: Path, key_file: Path | None) -> tuple[Rebuilt, Texts]:
    """Make everything anew from the facts; the program must not be running."""
    key = key_of(data, key_file)
    lock = OneProcess(data)
    try:
        connection = open_database(data, key)
        try:
            return rebuild_journal(connection, VOCABULARY, REBUILDERS), load_texts()
        finally:
            connection.close()
    finally:
        lock.release()


def exported(premises: Premises, what: str) -> Iterator[str]:
    """Return the lines of an export: `beancount` or `facts`."""
    connection = premises.session.connection
    if what == "facts":
        yield from fact_lines(connection)
    else:
        from station_app.ledger.export import beancount

        title = premises.enrolment.station
        yield from (line + "\n" for line in beancount(connection, title))


def write_books(premises: Premises, path: Path, *, first: str = "", last: str = "") -> int:
    """Write the books as a workbook; return how many rows it has. first, last: days, "" for all.

    Raises OSError.
    """
    from station_app.overview.ledger.workbook import Wanted, write_workbook

    wanted = Wanted(premises.enrolment.station, first, last)
    return write_workbook(premises.session.connection, premises.texts, wanted, path)


def fact_lines(connection: Any) -> Iterator[str]:
    """Return every fact as a line of JSON; a private part only as "held" or "erased"."""
    log = FactLog(connection)
    for head in log.heads():
        for fact in log.all_of(head.stream):
            held = "held" if fact.private is not None else "erased"
            shown = {
                "identity": fact.identity,
                "stream": fact.stream,
                "seq": fact.seq,
                "act": fact.act,
                "at": fact.at,
                "kind": fact.kind,
                "v": fact.v,
                "entity": fact.entity,
                "by": fact.by,
                "prev": fact.prev,
                "body": json.loads(fact.body),
                "private": held if fact.private_digest else "none",
            }
            yield json.dumps(shown, ensure_ascii=False, sort_keys=True) + "\n"
