"""Putting a file where the operator wants it: whole, or not at all.

A file grows under a name of its own beside its place and is moved there when it is on the disk;
a full disk or a pulled stick leaves nothing half. Nothing that lies there already is written over.
"""

import contextlib
import errno
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import platformdirs

from station_app.devices import sticks
from station_app.values.texts import Texts

NUMBERS_MAX = 999  # of files of one name; more than that is no export but a mistake
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_GONE = (errno.ENOENT, errno.EIO, errno.ENODEV, errno.ENXIO, errno.ENOTDIR)
_CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS)


def places_here(texts: Texts) -> Sequence[tuple[str, Path]]:
    """Return where files may go, each with its words: the folder of documents, then sticks."""
    name = texts.say("ledger.out.stick_folder")
    documents = platformdirs.user_documents_path()
    home = documents if documents.is_dir() else Path.home()
    found = [(texts.say("ledger.out.documents"), home / name)]
    for stick in sticks.mounted():
        words = texts.say("ledger.out.stick", name=stick.name or str(stick))
        found.append((words, stick / name))
    return found


class NotWritten(Exception):
    """The file could not be written; nothing of it is there. `reason`: end of a text key.

    full, gone, closed or other: `ledger.out.<reason>` says what to do.
    """

    def __init__(self, reason: str, detail: str) -> None:
        """Keep why, and what the system said for the technician."""
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def put_file(folder: Path, name: str, write: Callable[[Path], object]) -> Path:
    """Write a file into a folder and return where it lies; `write` gets the path to fill.

    The folder is made if its parent is there: so a stick that is gone is not made anew on the
    disk. Raises NotWritten.
    """
    part = folder / f".{name}.part"
    try:
        folder.mkdir(exist_ok=True)
        try:
            write(part)
            _keep(part)
            target = _free_name(folder, name)
            part.replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise
        _keep_entry(folder)
    except OSError as problem:
        raise NotWritten(_reason(problem), str(problem)) from problem
    return target


def _free_name(folder: Path, name: str) -> Path:
    """Return the name, with a number behind it if there is such a file already."""
    wanted = folder / name
    for number in range(2, NUMBERS_MAX):
        if not wanted.exists():
            return wanted
        stem, dot, ending = name.partition(".")
        wanted = folder / f"{stem} {number}{dot}{ending}"
    raise FileExistsError(errno.EEXIST, "too many files of this name", name)


def _keep(path: Path) -> None:
    """Let the disk have it: a stick is pulled as soon as the sentence stands there."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _keep_entry(folder: Path) -> None:
    with contextlib.suppress(OSError):  # Windows opens no folders; the file itself is safe
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _reason(problem: OSError) -> str:
    for reason, numbers in (("full", _FULL), ("gone", _GONE), ("closed", _CLOSED)):
        if problem.errno in numbers:
            return reason
    return "other"
