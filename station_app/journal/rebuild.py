"""Rebuild: everything that follows from the facts, made anew from nothing but the facts.

What a program kept over the years must equal what it would make today from the same facts, byte
for byte; a test holds it to that. So a rebuild is safe at any time: after an upgrade with a new
fold version, after `verify` has found a damaged table, or for a newcomer who wants to be sure.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from station_app.journal.chain import Head
from station_app.journal.consequences import Consequences
from station_app.journal.fact import VERSION_MARK
from station_app.journal.islands import beginnings
from station_app.journal.log import Connection, FactLog
from station_app.journal.states import table_statements
from station_app.journal.store import transaction
from station_app.journal.vocabulary import Vocabulary

# The tables of the journal that follow from its facts; the read tables of the slices besides.
DERIVED = (
    "states",
    "cases",
    "folds",
    "roots",
    "founders",
    "reversals",
    "erased",
    "quarantine",
    "postings",
    "balances",
    "postings_aside",
    "rulings",
    "kept_back",
    "streams",
)

Rebuilder = Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild went through."""

    streams: int
    facts: int
    quarantined: int


def rebuild(
    connection: Connection, vocabulary: Vocabulary, rebuilders: Sequence[Rebuilder] = ()
) -> Rebuilt:
    """Fold and post all facts anew, in one transaction: either all of it is new, or nothing.

    rebuilders: called at the end, each makes a slice's own tables (search) anew from the states.
    Facts, private parts, tickets and series stay as they are.
    """
    with transaction(connection):
        _clear(connection, vocabulary)
        streams = _refill_streams(connection)
        facts, quarantined = _refold(connection, vocabulary)
        for make_anew in rebuilders:
            make_anew(connection)
    return Rebuilt(streams, facts, quarantined)


def _clear(connection: Connection, vocabulary: Vocabulary) -> None:
    for table in DERIVED:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
    for kind in vocabulary.entities:
        if kind.columns is not None:
            connection.execute(f"DROP TABLE IF EXISTS {kind.columns.table}")
    for statement in table_statements(vocabulary.entities):
        connection.execute(statement)


def _refill_streams(connection: Connection) -> int:
    """Find anew how far every stream reaches without a hole; what is ahead of one stays there."""
    log = FactLog(connection)
    lengths = dict(
        connection.execute("SELECT stream, max(seq) FROM facts GROUP BY stream").fetchall()
    )
    lengths |= beginnings(connection, lengths)
    for stream, length in lengths.items():
        if not length:
            continue
        first, last = log.first_of(stream), log.run(stream, length, length)
        log.advance(Head(stream, length, last[0].identity), first.prev if first else "")
    return len(lengths)


def _refold(connection: Connection, vocabulary: Vocabulary) -> tuple[int, int]:
    """Go through all facts in the order of time: then almost none comes late to its entity.

    A version of a stream waits also while no decision speaks of it, so that is settled first.
    """
    consequences = Consequences(connection, vocabulary)
    log = FactLog(connection)
    for head in log.heads():
        if VERSION_MARK in head.stream:
            consequences.settle(head.stream)
    order = connection.execute(
        "SELECT stream, seq FROM facts f WHERE NOT EXISTS (SELECT 1 FROM set_aside a "
        "WHERE a.stream = f.stream AND a.seq = f.seq) ORDER BY at, identity"
    ).fetchall()
    quarantined = 0
    for stream, seq in order:
        told, _changes = consequences.of_fact(log.run(stream, seq, seq)[0])
        quarantined += told is None
    return len(order), quarantined
