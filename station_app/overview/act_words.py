"""Acts in words: what the slices say of their acts, and which of them may still be undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from station_app.journal.log import Connection
from station_app.journal.vocabulary import Vocabulary
from station_app.overview.acts import ActRow
from station_app.overview.fact_words import kind_words
from station_app.shell.offers import ActOffer, ActWords
from station_app.values.texts import Texts

SEALING_KINDS = frozenset({"shift.closed"})  # as the desk has it: what lies before stays


@dataclass(frozen=True, slots=True)
class ShownAct:
    """An act as a list shows it. may_undo: by what is known now; the desk decides anew."""

    row: ActRow
    words: ActWords
    may_undo: bool


def act_words(
    connection: Connection, offers: Sequence[ActOffer], texts: Texts, row: ActRow
) -> ActWords:
    """Return the words of the slice whose kind comes first in the act, else the kinds' own."""
    by_kind: Mapping[str, ActOffer] = {kind: offer for offer in offers for kind in offer.kinds}
    for kind in row.kinds:
        if kind in by_kind:
            return by_kind[kind].describe(connection, row.act, texts)
    kinds = dict.fromkeys(kind_words(texts, kind) for kind in row.kinds)
    return ActWords("document", " · ".join(kinds))


def may_undo(connection: Connection, vocabulary: Vocabulary, row: ActRow, live: str) -> bool:
    """Tell whether an act can be undone: of this start, not sealed, nothing stands on it.

    live: the stream of this start. The same questions as `Desk.undo` asks; a test holds the two
    against each other.
    """
    if row.stream != live or row.is_undone:
        return False
    bodies = {kind: body for (kind, _), body in vocabulary.kinds.items()}
    if not all(kind in bodies and bodies[kind].REVERSIBLE for kind in row.kinds):
        return False
    last = row.first_seq + row.facts - 1
    later = connection.execute(
        "SELECT DISTINCT kind FROM facts WHERE stream = ? AND seq > ?", (row.stream, last)
    ).fetchall()
    if any(kind in SEALING_KINDS for (kind,) in later):
        return False
    standing = connection.execute(
        "SELECT 1 FROM facts mine "
        "JOIN folds o ON o.root = coalesce((SELECT root FROM roots WHERE identity = "
        "coalesce(nullif(mine.entity, ''), mine.identity)), "
        "coalesce(nullif(mine.entity, ''), mine.identity)) "
        "JOIN facts f ON f.identity = o.identity "
        "WHERE mine.stream = ?1 AND mine.act = ?2 AND f.act != ?2 "
        "AND (o.at, o.identity) > (mine.at, mine.identity) "
        "AND NOT EXISTS (SELECT 1 FROM reversals r WHERE r.stream = f.stream AND r.act = f.act) "
        "LIMIT 1",
        (row.stream, row.act),
    ).fetchone()
    return standing is None


def shown_acts(
    connection: Connection,
    rows: Sequence[ActRow],
    words: tuple[Sequence[ActOffer], Texts],
    undoing: tuple[Vocabulary, str],
) -> tuple[ShownAct, ...]:
    """Return these acts with words. undoing: the vocabulary and the stream of this start."""
    offers, texts = words
    vocabulary, live = undoing
    return tuple(
        ShownAct(
            row,
            act_words(connection, offers, texts, row),
            may_undo(connection, vocabulary, row, live),
        )
        for row in rows
    )
