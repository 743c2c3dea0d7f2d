"""Acts in words: what the slices say of their acts, and which of them may still be undone."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from station_app.journal.log import Connection
from station_app.journal.vocabulary import Vocabulary
from station_app.ledger.balances import repaid_since
from station_app.ledger.paid_acts import stream_of_act
from station_app.overview.acts import ActRow
from station_app.overview.fact_words import FactWords
from station_app.shell.offers import ActOffer, ActWords, Offer

SEALING_KINDS = frozenset({"shift.closed"})  # as the desk has it: what lies before stays


@dataclass(frozen=True, slots=True)
class ShownAct:
    """An act as a list shows it. may_undo: by what is known now; the desk decides anew."""

    row: ActRow
    words: ActWords
    may_undo: bool


class ActReader:
    """Reads acts as lists show them. live: returns the stream of this start."""

    def __init__(self, offers: Sequence[Offer], words: FactWords, live: Callable[[], str]) -> None:
        """Take the words of these slices; where none has any, those of the facts."""
        self._by_kind = {kind: act for offer in offers for act in offer.acts for kind in act.kinds}
        self._words = words
        self._live = live

    def shown(self, connection: Connection, rows: Sequence[ActRow]) -> tuple[ShownAct, ...]:
        """Return these acts with words."""
        live = self._live()
        return tuple(
            ShownAct(
                row,
                self.words(connection, row),
                may_undo(connection, self._words.vocabulary, row, live),
            )
            for row in rows
        )

    def words(self, connection: Connection, row: ActRow) -> ActWords:
        """Return the words of the slice whose kind comes first in the act.

        While names are blanked only the kinds are said: the slices' words hold names. So it is for
        an act of a copy with our luck: by its name the slices would find ours.
        """
        offer: ActOffer | None = next(
            (self._by_kind[kind] for kind in row.kinds if kind in self._by_kind), None
        )
        if offer is not None and stream_of_act(connection, row.act) == row.stream:
            said = offer.describe(connection, row.act, self._words.texts)
            if not self._words.privacy.is_masked:
                return said
            return ActWords(said.icon, self._kinds(row), said.amount, said.page, said.subject)
        return ActWords("document", self._kinds(row))

    def _kinds(self, row: ActRow) -> str:
        return "·".join(dict.fromkeys(self._words.kind(kind) for kind in row.kinds))


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
    offered = connection.execute(
        "SELECT 1 FROM offered WHERE stream = ? AND act = ?", (row.stream, row.act)
    ).fetchone()
    if offered is not None or repaid_since(connection, row.stream, row.act):
        return False
    standing = connection.execute(
        "SELECT 1 FROM facts mine "
        "JOIN folds o ON o.root = coalesce((SELECT root FROM roots WHERE identity = "
        "coalesce(nullif(mine.entity, ''), mine.identity)), "
        "coalesce(nullif(mine.entity, ''), mine.identity)) "
        "JOIN facts f ON f.identity = o.identity "
        "WHERE mine.stream = ?1 AND mine.act = ?2 AND (f.stream, f.act) != (?1, ?2) "
        "AND mine.kind NOT IN (SELECT value FROM json_each(?3)) "
        "AND (o.at, o.identity) > (mine.at, mine.identity) "
        "AND NOT EXISTS (SELECT 1 FROM reversals r WHERE r.stream = f.stream AND r.act = f.act) "
        "LIMIT 1",
        (row.stream, row.act, json.dumps(sorted(vocabulary.kinds_that_carry_nothing))),
    ).fetchone()
    return standing is None
