"""After an upgrade: what follows from the facts is made by the rules of the program that runs.

States and read tables of another shape are made anew from the facts, whether the other program was
an older or a newer one. A kind or a version that a program did not know was kept, forwarded and
counted, and stopped its own entity. The newer program that can read it must not leave it there:
nobody would look for it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, get_args

import msgspec

from station_app.journal.log import Connection, FactLog
from station_app.journal.projection import FOLD_VERSION, EntityKind
from station_app.journal.rebuild import Rebuilder, rebuild
from station_app.journal.states import table_statements
from station_app.journal.store import transaction
from station_app.journal.vocabulary import Unreadable, Vocabulary

FOLDED_AS = "folded_as"


def fold_by_these_rules(
    connection: Connection, vocabulary: Vocabulary, rebuilders: Sequence[Rebuilder] = ()
) -> bool:
    """Fold everything anew if it was folded into other shapes; tell whether it was.

    The shapes are noted behind the fold: whatever is cut off in between begins again.
    """
    shapes = _shapes_of_all(vocabulary)
    if folded_as(connection) == shapes:
        return False
    is_begun = connection.execute("SELECT 1 FROM facts LIMIT 1").fetchone() is not None
    if is_begun:
        rebuild(connection, vocabulary, rebuilders)
    with transaction(connection):
        connection.execute(
            "INSERT OR REPLACE INTO local(name, value) VALUES (?, ?)", (FOLDED_AS, shapes)
        )
    return is_begun


@cache
def _shapes_of_all(vocabulary: Vocabulary) -> str:
    return shapes_of(vocabulary.entities)


def folded_as(connection: Connection) -> str:
    """Return into which shapes this journal was folded, "" if that was never noted."""
    row = connection.execute("SELECT value FROM local WHERE name = ?", (FOLDED_AS,)).fetchone()
    return str(row[0]) if row else ""


def shapes_of(kinds: Iterable[EntityKind[Any]]) -> str:
    """Return the digest of everything that states and read tables are shaped by."""
    kinds = tuple(kinds)
    lines = [str(FOLD_VERSION), *table_statements(kinds)]
    seen: set[Any] = set()
    for kind in kinds:
        lines.append(kind.name)
        lines += _fields_of(kind.state, seen)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _fields_of(shape: Any, seen: set[Any]) -> list[str]:
    """Return the fields of a struct and of the structs within it, each struct once."""
    if not isinstance(shape, type) or not issubclass(shape, msgspec.Struct):
        return [line for part in get_args(shape) for line in _fields_of(part, seen)]
    if shape in seen:
        return []
    seen.add(shape)
    lines = [f"{shape.__name__} {shape.__annotations__}"]
    for part in shape.__annotations__.values():
        lines += _fields_of(part, seen)
    return lines


def read_what_became_readable(
    connection: Connection, vocabulary: Vocabulary, rebuilders: Sequence[Rebuilder] = ()
) -> int:
    """Fold everything anew if something in quarantine can be read now; return how many facts can.

    At nearly every start the quarantine is empty, and nothing is done.
    """
    readable = sum(_is_readable(connection, vocabulary, *place) for place in _set_aside(connection))
    if readable:
        rebuild(connection, vocabulary, rebuilders)
    return readable


def _set_aside(connection: Connection) -> list[tuple[str, int]]:
    rows = connection.execute(
        "SELECT f.stream, f.seq FROM quarantine q JOIN facts f ON f.identity = q.identity"
    )
    return [(str(stream), int(seq)) for stream, seq in rows.fetchall()]


def _is_readable(connection: Connection, vocabulary: Vocabulary, stream: str, seq: int) -> bool:
    """Tell whether a fact can be read and posted: what stays unposted stays in quarantine."""
    try:
        vocabulary.post(vocabulary.read(FactLog(connection).run(stream, seq, seq)[0]))
    except Unreadable:
        return False
    return True
