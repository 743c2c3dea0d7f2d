"""After an upgrade: what an older program had to set aside is read by the newer one.

A kind or a version that this program did not know was kept, forwarded and counted, and stopped its
own entity. The newer program that can read it must not leave it there: nobody would look for it.
"""

from collections.abc import Sequence

from station_app.journal.log import Connection, FactLog
from station_app.journal.rebuild import Rebuilder, rebuild
from station_app.journal.vocabulary import Unreadable, Vocabulary


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
