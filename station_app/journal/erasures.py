"""Which erasures are known, written outside the database: a list of identities and nothing else.

A backup that is put back does not know what was erased after it was made. The list does: it stands
in the data folder and beside the backups, and a restored journal obeys it before it opens for work.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from station_app.journal.log import Connection
from station_app.journal.replaced_file import replace_file
from station_app.journal.troubles import DamagedDatabase

LIST_FILE = "erased.list"
LIST_BYTES_MAX = 32 * 1024 * 1024  # half a million identities: more than a county has villagers
_IDENTITY = re.compile(r"[0-9a-f]{64}")


def known_to(connection: Connection) -> frozenset[str]:
    """Return the persons and facts whose private parts a journal has erased.

    Raises DamagedDatabase for a row that nobody can have written.
    """
    rows = connection.execute("SELECT whose FROM erased").fetchall()
    whole = frozenset(whose for (whose,) in rows if isinstance(whose, str))
    if len(whole) != len(rows):
        raise DamagedDatabase("erased")
    return whole


def read_list(folder: Path) -> frozenset[str]:
    """Return the list of a folder, empty if it has none; lines that are no identity are left out.

    Raises OSError for a list that is there and cannot be read: it is never taken for an empty one.
    """
    try:
        with (folder / LIST_FILE).open("rb") as file:
            content = file.read(LIST_BYTES_MAX).decode("ascii", "replace")
    except FileNotFoundError:
        return frozenset()
    return frozenset(line for line in content.split() if _IDENTITY.fullmatch(line))


def keep_list(folder: Path, erased: Iterable[str]) -> None:
    """Add to the list of a folder what is not on it. Raises OSError if the disk refuses."""
    listed = read_list(folder)
    whole = listed | {whose for whose in erased if _IDENTITY.fullmatch(whose)}
    if whole != listed:
        replace_file(folder / LIST_FILE, "".join(f"{one}\n" for one in sorted(whole)).encode())
