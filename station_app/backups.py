"""Backups: the journal in one file, taken while the counter goes on, put back into an empty folder.

A backup is the encrypted database as it stood at one moment, copied page by page under the same
key, with a line in front that says whose it is and when it was made, and the key sealed to the
county: without that, a backup would be of no use on the day on which the PC is gone. Each of the
two has a digest, so that a byte that has changed anywhere is noticed.

Putting one back never overwrites anything. The journal that comes of it begins a new epoch like
every start, obeys the erasures that are listed (`journal.erasures`), and says at the start check
that it was put back, until the county was heard.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from sqlcipher3 import dbapi2

from station_app.journal import erasures
from station_app.journal.replaced_file import BESIDE
from station_app.journal.store import check_whole, open_copy, open_reader
from station_app.journal.troubles import DiskFailed, StoreTrouble, trouble_of
from station_app.premises import DATABASE, RESTORED_FILE, Enrolment, NotEnrolled, enrolment_of
from station_app.recovery import COPY_FILE, copy_letter
from station_app.values.day import DAY_MS, local_day, local_time

FOLDER = "backups"
STICK_FOLDER = "village-station"  # on a stick: where it is, the nightly backup goes too
SUFFIX = ".backup"
KEPT = 7  # a week of nights
DUE_FROM = "21:00"  # the counter is closed, the PC often still on
MAGIC = b"village-station backup 2\n"
FORMER_MAGIC = b"village-station backup 1\n"  # its header has no digest of its own
HEADER_BYTES_MAX = 16 * 1024
_STEP_PAGES = 512
_CHUNK = 1024 * 1024


class BackupUnread(StoreTrouble):
    """The file is no backup, or a byte of it is wrong."""

    reason = "BACKUP_UNREAD"


class FolderTaken(StoreTrouble):
    """There is a journal in the folder already: a backup never replaces one."""

    reason = "FOLDER_TAKEN"


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a backup says of itself, in the clear: codes, counts and a sealed letter; no names.

    at: UTC ms; size, digest: of the database behind it; copy: the key, sealed to the county.
    """

    station: str
    device: str
    at: int
    facts: int
    size: int
    digest: str
    copy: str


@dataclass(frozen=True, slots=True)
class Source:
    """Whose journal is backed up."""

    folder: Path
    key: bytes
    enrolment: Enrolment


def source_of(folder: Path, key: bytes) -> Source:
    """Return what is to be backed up; raises NotEnrolled for a folder that is no station's yet."""
    connection: Any = open_reader(folder / DATABASE, key)
    try:
        enrolment = enrolment_of(connection)
    finally:
        connection.close()
    if enrolment is None:
        raise NotEnrolled(str(folder))
    return Source(folder, key, enrolment)


# --- Taking --------------------------------------------------------------------------------------


def take(source: Source, out: Path, *, at: int) -> Header:
    """Write a backup to `out`; the program may be working on the journal meanwhile.

    After a power cut `out` is the old file or the new one, whole. Raises a StoreTrouble.
    """
    pages = out.with_name(out.name + ".pages")
    beside = out.with_name(out.name + BESIDE)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        erased, facts = _copy_pages(source, pages)
        bad = check_whole(pages, source.key)
        if bad:
            raise BackupUnread(bad[0])
        size, digest = _measure(pages)
        here = source.enrolment
        header = Header(
            station=here.station,
            device=here.device,
            at=at,
            facts=facts,
            size=size,
            digest=digest,
            copy=copy_letter(source.folder),
        )
        _write(beside, header, pages)
        beside.replace(out)
        erasures.keep_list(out.parent, erased)
    except OSError as problem:
        raise DiskFailed(str(problem)) from problem
    except dbapi2.Error as error:
        raise (trouble_of(error) or DiskFailed(str(error))) from error
    finally:
        for left in (pages, beside):
            left.unlink(missing_ok=True)
    return header


def _copy_pages(source: Source, pages: Path) -> tuple[frozenset[str], int]:
    """Copy the database as it stands now; return what it has erased and how many facts it has."""
    pages.unlink(missing_ok=True)
    reading: Any = open_reader(source.folder / DATABASE, source.key)
    try:
        reading.execute("BEGIN")  # one moment for the whole copy, whatever is written meanwhile
        facts = reading.execute("SELECT count(*) FROM facts").fetchone()[0]
        erased = erasures.known_to(reading)
        copy = open_copy(pages, source.key)
        try:
            reading.backup(copy, pages=_STEP_PAGES)
            copy.execute("PRAGMA journal_mode = DELETE").fetchone()  # one file, nothing beside it
        finally:
            copy.close()
    finally:
        reading.close()
    return erased, int(facts)


def _measure(path: Path) -> tuple[int, str]:
    digest, size = hashlib.blake2b(digest_size=32), 0
    with path.open("rb") as file:
        for chunk in _chunks(file):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


def _write(path: Path, header: Header, pages: Path) -> None:
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as file, pages.open("rb") as content:
        line = msgspec.json.encode(header) + b"\n"
        file.write(MAGIC + line + _digest_line(line))
        for chunk in _chunks(content):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def _digest_line(line: bytes) -> bytes:
    return hashlib.blake2b(line, digest_size=32).hexdigest().encode("ascii") + b"\n"


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


# --- By night ------------------------------------------------------------------------------------


def is_due(now_ms: int, last_ms: int) -> bool:
    """Tell whether the nightly backup is to be made: after closing time, or a day late."""
    if not last_ms or now_ms - last_ms >= DAY_MS:
        return True
    is_evening = local_time(now_ms) >= DUE_FROM
    made_this_evening = local_day(last_ms) == local_day(now_ms) and local_time(last_ms) >= DUE_FROM
    return is_evening and not made_this_evening


def take_nightly(source: Source, *, at: int, sticks: Sequence[Path] = ()) -> Header:
    """Write the backup of this night and let the oldest go; a stick that has our folder gets one.

    Raises a StoreTrouble if the local one failed; a stick that is full keeps what it has.
    """
    name = _name(source.enrolment, at)
    header = take(source, source.folder / FOLDER / name, at=at)
    _let_go(source.folder / FOLDER / name, source.enrolment)
    for stick in sticks:
        folder = stick / STICK_FOLDER
        try:
            if folder.is_dir():
                take(source, folder / name, at=at)
                _let_go(folder / name, source.enrolment)
        except (StoreTrouble, OSError):
            continue  # pulled out, or full: the next night, or the next stick
    return header


def _name(enrolment: Enrolment, at: int) -> str:
    moment = f"{local_day(at)}-{local_time(at).replace(':', '')}"
    return f"{enrolment.station}-{enrolment.device}-{moment}{SUFFIX}"


def _let_go(made: Path, enrolment: Enrolment) -> None:
    """Remove the oldest beside the one that was just made, which a wrong clock may call older.

    One that cannot be removed (another program holds it) stays for the next night.
    """
    prefix = f"{enrolment.station}-{enrolment.device}-"
    others = [path for path in _files(made.parent, prefix) if path != made]
    for old in others[KEPT - 1 :]:
        with suppress(OSError):
            old.unlink(missing_ok=True)


def _files(folder: Path, prefix: str = "") -> list[Path]:
    """Return the backups of a folder, the newest first: their names hold the moment."""
    return sorted(folder.glob(f"{prefix}*{SUFFIX}"), reverse=True)


def headers(folder: Path) -> list[Header]:
    """Return what the readable backups of a data folder say of themselves, by name backwards."""
    found: list[Header] = []
    for path in _files(folder / FOLDER):
        with suppress(StoreTrouble):
            found.append(read_header(path))
    return found


def newest(folder: Path, *, by: int | None = None) -> Header | None:
    """Return what the newest readable backup of a data folder says of itself; None without one.

    by: UTC ms; one that says it was made later does not count: the clock has fallen back since.
    """
    known = [one for one in headers(folder) if by is None or one.at <= by]
    return max(known, key=lambda one: one.at, default=None)


# --- Putting back --------------------------------------------------------------------------------


def read_header(path: Path) -> Header:
    """Return what a backup says of itself; raises BackupUnread."""
    try:
        with path.open("rb") as file:
            return _header(file)
    except OSError as problem:
        raise BackupUnread(str(problem)) from problem


def _header(file: BinaryIO) -> Header:
    magic = file.read(len(MAGIC))
    if magic not in (MAGIC, FORMER_MAGIC):
        raise BackupUnread("it does not begin as a backup does")
    line = file.readline(HEADER_BYTES_MAX)
    if magic == MAGIC and file.readline(HEADER_BYTES_MAX) != _digest_line(line):
        raise BackupUnread("a byte of its header is wrong")
    try:
        return msgspec.json.decode(line, type=Header)
    except msgspec.DecodeError as problem:
        raise BackupUnread(str(problem)) from problem


def put_back(path: Path, data: Path) -> Header:
    """Put a backup into a data folder without a journal; nothing is opened, no key is needed.

    Erasures that the folder or the backup's own folder list are kept for the first opening.
    Raises BackupUnread, FolderTaken or another StoreTrouble; then nothing was put there.
    """
    if (data / DATABASE).exists():
        raise FolderTaken(str(data))
    beside = data / (DATABASE + BESIDE)
    try:
        data.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as file:
            header = _header(file)
            _unpack(file, beside, header)
        erasures.keep_list(data, erasures.read_list(path.parent))
        (data / RESTORED_FILE).write_bytes(msgspec.json.encode({"taken_at": header.at}))
        if header.copy and not (data / COPY_FILE).exists():
            (data / COPY_FILE).write_text(header.copy, "ascii")
        for rest in ("-wal", "-shm"):  # of a journal that was moved away
            (data / (DATABASE + rest)).unlink(missing_ok=True)
        beside.replace(data / DATABASE)
    except OSError as problem:
        raise DiskFailed(str(problem)) from problem
    finally:
        beside.unlink(missing_ok=True)
    return header


def _unpack(file: BinaryIO, beside: Path, header: Header) -> None:
    digest, size = hashlib.blake2b(digest_size=32), 0
    beside.unlink(missing_ok=True)
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(beside, flags, 0o600), "wb") as out:
        for chunk in _chunks(file):
            size += len(chunk)
            if size > header.size:
                break
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if size != header.size or digest.hexdigest() != header.digest:
        raise BackupUnread("a byte of it is wrong")
