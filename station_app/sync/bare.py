"""Words of the county that came without their private part: which they are here, and whose part is.

They are named by the beginnings of their identities. Only the county's can be bare and not erased:
a PC that was cut off is told them so, and so is whoever hears them from a county that heard them
from such a PC first.
"""

from collections.abc import Iterable, Sequence

from station_app.journal.log import Connection
from station_app.sync.bisecting import Lack
from station_app.sync.messages import NAMED_STREAMS_MAX, TIP_HASH_CHARACTERS

_BARE = (
    "SELECT substr(f.identity, 1, ?) FROM facts f INDEXED BY facts_told_with_names "
    "WHERE f.private_digest != '' AND f.stream >= 'county.' AND f.stream < 'county/' "
    "AND NOT EXISTS (SELECT 1 FROM privates p WHERE p.identity = f.identity) "
    "AND NOT EXISTS (SELECT 1 FROM erased e WHERE e.whose IN (f.identity, f.entity)) "
    "ORDER BY f.identity"
)
_WHOLE = (
    "SELECT f.stream, f.seq FROM facts f JOIN privates p ON p.identity = f.identity "
    "WHERE f.identity >= ? AND f.identity < ? AND instr(f.stream, '~') = 0 LIMIT 1"
)


def bare_here(connection: Connection) -> tuple[str, ...]:
    """Return the beginnings of the identities of those that are bare here, and not erased.

    Of an erased one nobody knows here any more whom it spoke of: it may be among them.
    """
    rows = connection.execute(_BARE, (TIP_HASH_CHARACTERS,)).fetchall()
    return tuple(row[0] for row in rows)


def whole_here(connection: Connection, marks: Iterable[str]) -> Sequence[Lack]:
    """Return where those of the named facts stand whose private part is here."""
    rows = [connection.execute(_WHOLE, (mark, f"{mark}~")).fetchone() for mark in marks]
    return [Lack(row[0], row[1], row[1]) for row in rows if row]


def kept_as(marks: Iterable[str] | None) -> str:
    """Return what another end has named as bare, as it is kept: without what is no mark."""
    named = [mark for mark in marks or () if len(mark) == TIP_HASH_CHARACTERS]
    return " ".join(named[:NAMED_STREAMS_MAX])
