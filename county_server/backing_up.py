"""A backup of the county's database, taken while the server works: one file, whole or not there."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from county_server.county import County

PAGES_AT_ONCE = 2_000
_BESIDE = ".new"


class NoBackup(RuntimeError):
    """Nothing was written; the sentence says why."""


def back_up(county: County, out: Path) -> int:
    """Copy the database as it stands at one moment into a file; return its bytes.

    The file that lies there already is replaced once the new one is whole, read through and on the
    disk. Raises NoBackup, also for a database on PostgreSQL, which brings tools of its own.
    """
    source = county.store.engine.url.database
    if not county.store.is_sqlite or not source or not Path(source).is_file():
        raise NoBackup("this database is no file here: use pg_dump")
    if out.exists() and out.samefile(source):
        raise NoBackup("that is the database itself")
    beside = out.with_name(out.name + _BESIDE)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(beside)) as copy:
            reading.backup(copy, pages=PAGES_AT_ONCE)
            copy.execute("PRAGMA journal_mode = DELETE").fetchone()
            said = copy.execute("PRAGMA integrity_check").fetchone()
        if said[0] != "ok":
            raise NoBackup(f"the copy does not hold: {said[0]}")
        handle = os.open(beside, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        beside.replace(out)
    except (OSError, sqlite3.Error) as problem:
        raise NoBackup(f"{type(problem).__name__}: {problem}") from problem
    finally:
        beside.unlink(missing_ok=True)
    return out.stat().st_size
