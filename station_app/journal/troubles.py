"""Troubles of the store: what the world did, and what an operator can do about it.

A driver says "database disk image is malformed" and the like. Here each such error becomes one of
a few exceptions with a sentence in the catalogue; everything else that a driver raises (a broken
constraint, bad SQL) is our own mistake and goes on as it is.
"""

from collections.abc import Mapping

ROOM = "security.trouble"

# Result codes of SQLite; the low byte of an extended code is its family.
BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT = 5, 6, 7, 8, 10, 11
FULL, CANTOPEN, NOTADB = 13, 14, 26
_FAMILY = 0xFF

# For drivers that raise plain errors without a code (opening a file, for one).
_SENTENCES = {
    "database or disk is full": FULL,
    "disk i/o error": IOERR,
    "database disk image is malformed": CORRUPT,
    "file is not a database": NOTADB,
    "unable to open database file": CANTOPEN,
    "database is locked": BUSY,
    "attempt to write a readonly database": READONLY,
}


class StoreTrouble(Exception):
    """The store failed. `text_key` and `slots` make the sentence, `detail` is for a technician."""

    reason = "DISK_FAILED"

    def __init__(self, detail: str = "", **slots: str | int) -> None:
        """Keep the technical detail and what the sentence has slots for."""
        super().__init__(detail or self.reason)
        self.detail = detail
        self.slots: Mapping[str, str | int] = slots

    @property
    def text_key(self) -> str:
        """Return the catalogue key of the sentence."""
        return f"{ROOM}.{self.reason}"


class DiskFailed(StoreTrouble):
    """The disk refused to read or write. Nothing of the transaction was recorded."""


class DiskFull(StoreTrouble):
    """No space is left. Nothing was recorded; the reserve has been given up, so try again."""

    reason = "DISK_FULL"


class Busy(StoreTrouble):
    """Another program has held the database longer than we wait."""

    reason = "BUSY"


class WrongKey(StoreTrouble):
    """The key does not open this file: another key, or the first 16 bytes are damaged."""

    reason = "WRONG_KEY"


class DamagedDatabase(StoreTrouble):
    """Pages of the file are not what was written. `where` names the first of them."""

    reason = "DAMAGED"

    def __init__(self, where: str) -> None:
        """Keep where the damage is, in the words of the check."""
        super().__init__(where, where=where)
        self.where = where


class UnsafeSettings(StoreTrouble):
    """A setting on which durability or secrecy depends cannot be had here."""

    reason = "UNSAFE_SETTINGS"


class OpenElsewhere(StoreTrouble):
    """The program is running on this data folder already."""

    reason = "OPEN_ELSEWHERE"


class NewerDatabase(StoreTrouble):
    """A newer program has changed this database; an older one must not write into it."""

    reason = "NEWER_DATABASE"


class FoldedElsewhere(StoreTrouble):
    """Another program folded this journal; it is opened once by this one before it is checked."""

    reason = "FOLDED_ELSEWHERE"


class CommitUnknown(StoreTrouble):
    """COMMIT raised an error: the transaction may be on disk or not.

    Whoever catches it closes the database, opens it again, and looks for the act's ticket. Only
    then is there an answer. `cause` is what the disk said.
    """

    reason = "COMMIT_UNKNOWN"

    def __init__(self, cause: StoreTrouble) -> None:
        """Speak with the words of the cause: it is what the operator can do something about."""
        super().__init__(cause.detail, **cause.slots)
        self.cause = cause
        self.reason = cause.reason


def result_code(error: BaseException) -> int:
    """Return SQLite's result code of an error of any of the three drivers, 0 when it has none."""
    for name in ("sqlite_errorcode", "result"):
        code = getattr(error, name, None)
        if isinstance(code, int):
            return code & _FAMILY
    text = str(error).lower()
    return next((code for sentence, code in _SENTENCES.items() if sentence in text), 0)


def trouble_of(error: BaseException) -> StoreTrouble | None:
    """Return the trouble that a driver's error stands for; None when the error is our own bug."""
    if isinstance(error, StoreTrouble) or type(error).__module__.split(".")[0] not in _DRIVERS:
        return None
    detail = f"{type(error).__name__}: {error}"
    code = result_code(error)
    if code == FULL:
        return DiskFull(detail)
    if code in (BUSY, LOCKED):
        return Busy(detail)
    if code in (CORRUPT, NOTADB):
        return DamagedDatabase(detail)
    if code in (IOERR, CANTOPEN, READONLY, NOMEM):
        return DiskFailed(detail)
    return None


_DRIVERS = ("sqlcipher3", "sqlite3", "apsw", "pysqlite3")
