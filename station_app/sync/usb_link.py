"""The stick: finds the files on it, writes one so that it is whole or not there, reads one.

A file is written beside its name, synced, and only then gets it: a stick that is pulled in the
middle holds the old bundle or none. Of what is found on a stick nothing is trusted: not its name,
not its length, not that it is a file. What a name says is for people; whose it is stands on the
cover, and what is true is signed inside.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

BUNDLE_SUFFIX, ANSWER_SUFFIX = ".bundle", ".answer"
ENROL_SUFFIX, SIBLING_SUFFIX = ".enrol", ".sibling"
PREFIX = "village-station-"
BESIDE = ".part"
FILES_LOOKED_AT_MAX = 200  # a stick with thousands of files is somebody's photo album

FULL, GONE, READ_ONLY, NO_STICK = "full", "gone", "read_only", "no_stick"


class StickTrouble(Exception):
    """The stick did not take or give a file. reason: `full`, `gone`, `read_only`, `no_stick`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        """Keep why."""
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Found:
    """A sealed file on a stick, as its cover says.

    use: see `security.sealed_file`; key_id: whose key opens it.
    """

    path: Path
    use: int
    key_id: str
    changed_ns: int


def bundle_name(device: str) -> str:
    """Return the name of a PC's bundle: "village-station-NX0601-D1.bundle"."""
    return f"{PREFIX}{device.replace('/', '-')}{BUNDLE_SUFFIX}"


def sibling_name(device: str, sibling: str) -> str:
    """Return the name of a bundle from one PC to another of its station."""
    return f"{PREFIX}{device.replace('/', '-')}-{sibling.rpartition('/')[2]}{SIBLING_SUFFIX}"


def answer_name(device: str) -> str:
    """Return the name of the answer to it."""
    return f"{PREFIX}{device.replace('/', '-')}{ANSWER_SUFFIX}"


@contextmanager
def beside(path: Path) -> Iterator["StickFile"]:
    """Give a file to be written, and the name only once all of it is on the stick.

    Raises StickTrouble. What is raised in between goes through; then nothing is left either.
    """
    half = path.with_name(path.name + BESIDE)
    try:
        half.unlink(missing_ok=True)
        handle = os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _BINARY, 0o600)
    except OSError as problem:
        raise _trouble(problem) from problem
    file = os.fdopen(handle, "wb")
    try:
        yield StickFile(file)
        _on(file)
        file.close()
        _rename(half, path)
    except BaseException:
        with suppress(OSError):
            file.close()  # it tries once more to write what found no room
        _forget(half)
        raise


def _on(file: BinaryIO) -> None:
    try:
        file.flush()
        os.fsync(file.fileno())
    except OSError as problem:
        raise _trouble(problem) from problem


def _rename(half: Path, path: Path) -> None:
    try:
        half.replace(path)
        if os.name == "posix":
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as problem:
        raise _trouble(problem) from problem


def _forget(half: Path) -> None:
    try:
        half.unlink(missing_ok=True)
    except OSError:
        return  # the stick is gone, and the half file with it


class StickFile:
    """A file on a stick: what goes wrong with it is a trouble of the stick and of nothing else."""

    def __init__(self, file: BinaryIO) -> None:
        """Write to an open file."""
        self._file = file

    def write(self, content: bytes, /) -> int:
        """Write all of it; raises StickTrouble."""
        try:
            return self._file.write(content)
        except OSError as problem:
            raise _trouble(problem) from problem


def _trouble(problem: OSError) -> StickTrouble:
    if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StickTrouble(FULL, str(problem))
    if problem.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return StickTrouble(READ_ONLY, str(problem))
    return StickTrouble(GONE, str(problem))


Look = Callable[[BinaryIO], tuple[int, str]]
"""Reads the cover of a sealed file: use and key id; raises ValueError if it is none."""


def find(sticks: Iterable[Path], suffix: str, look: Look) -> Sequence[Found]:
    """Return the sealed files that lie at the top of the sticks, the newest first.

    Links, devices and what cannot be read are passed over.
    """
    found: list[Found] = []
    for stick in sticks:
        found += [one for path in _named(stick, suffix) if (one := _found(path, look))]
    return sorted(found, key=lambda one: (-one.changed_ns, str(one.path)))


def _named(stick: Path, suffix: str) -> list[Path]:
    try:
        with os.scandir(stick) as entries:
            names = [e.name for e in entries if e.name.lower().endswith(suffix)]
    except OSError:
        return []
    return [stick / name for name in sorted(names)[:FILES_LOOKED_AT_MAX]]


def _found(path: Path, look: Look) -> Found | None:
    try:
        with open_file(path) as file:
            use, key_id = look(file)
            changed_ns = os.fstat(file.fileno()).st_mtime_ns
    except (StickTrouble, OSError, ValueError):
        return None
    return Found(path, use, key_id, changed_ns)


def open_file(path: Path) -> BinaryIO:
    """Open a plain file to read, and nothing else that bears a name. Raises StickTrouble."""
    try:
        handle = os.open(path, os.O_RDONLY | _BINARY | _NO_LINK | _NO_WAIT)
    except OSError as problem:
        raise _trouble(problem) from problem
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise StickTrouble(GONE, "no file")
    return os.fdopen(handle, "rb")


_BINARY = getattr(os, "O_BINARY", 0)  # Windows would turn line ends otherwise
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)  # a pipe would be waited for
