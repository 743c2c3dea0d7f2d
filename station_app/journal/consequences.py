"""What follows from a fact: its postings, the balances, the states, or quarantine.

Recording and taking a fact, and rebuilding everything from all of them, come through here, so
they cannot do it differently.
"""

from collections.abc import Sequence

from station_app.journal.fact import Fact, Told
from station_app.journal.islands import Islands
from station_app.journal.log import Connection, FactLog
from station_app.journal.projection import Projection, StateChange
from station_app.journal.states import SqlFoldStore
from station_app.journal.vocabulary import Unreadable, Vocabulary
from station_app.ledger.balances import CLEARING
from station_app.ledger.posting import Entry


class Consequences:
    """Posts and folds facts that stand in the log, inside their transaction."""

    def __init__(self, connection: Connection, vocabulary: Vocabulary) -> None:
        """Work on `connection`, with the kinds of `vocabulary`."""
        self._connection = connection
        self._vocabulary = vocabulary
        self.store = SqlFoldStore(connection, vocabulary)
        self._projection = Projection(self.store, vocabulary.entity_kind, vocabulary.entities)

    def of_fact(self, fact: Fact) -> tuple[Told | None, list[StateChange]]:
        """Read, post and fold a fact; what cannot be read is set aside, and None returned for it.

        It is the way of facts that others wrote: nothing that they say stops us.
        """
        try:
            told = self._vocabulary.read(fact)
            entry = self._vocabulary.post(told)
        except Unreadable as problem:
            self._post(fact.stream, fact.seq, self._vocabulary.post_unread(fact))
            return None, self._projection.quarantine(fact, str(problem))
        return told, self.of_told(told, entry)

    def of_told(self, told: Told, entry: Entry) -> list[StateChange]:
        """Post the entry of a fact and fold it; return the states that it changed."""
        self._post(told.kept_as, told.seq, entry)
        return self._projection.apply(told)

    def fold_again(self, facts: Sequence[Fact]) -> list[StateChange]:
        """Fold the entities of facts anew whose private parts have come that lacked here."""
        roots = [self.store.root_of(fact.entity or fact.identity) for fact in facts]
        return self._projection.fold_again(roots)

    def file_anew(self, line: str, to: str, span: tuple[int, int]) -> list[StateChange]:
        """File facts with the version that they go on from, and all that follows from them."""
        log = FactLog(self._connection)
        roots = self.store.take_out(line, span)
        log.file_anew(line, to, span)
        waiting = Islands(self._connection).aside_of(to)
        changes: list[StateChange] = []
        for fact in log.run(to, *span):
            if fact.seq not in waiting:
                changes += self.of_fact(fact)[1]
        return [*changes, *self._projection.fold_again(roots)]

    def settle(self, stream: str) -> list[StateChange]:
        """Look whether a stream that began or grew counts as far as it did: decisions may wait."""
        return self._projection.settle(stream)

    def _post(self, stream: str, seq: int, entry: Entry) -> None:
        """Post to the books, or aside what does not count."""
        if not entry:
            return
        is_aside = self.store.is_beyond(stream, seq)
        table = "postings_aside" if is_aside else "postings"
        self._connection.executemany(
            f"INSERT INTO {table}(stream, seq, line, account, commodity, amount) "  # noqa: S608
            "VALUES (?, ?, ?, ?, ?, ?)",
            [
                (stream, seq, number, line.account, line.commodity, line.amount)
                for number, line in enumerate(entry)
            ],
        )
        if is_aside:
            return
        self._connection.executemany(
            "INSERT INTO balances(account, commodity, amount) VALUES (?, ?, ?) "
            "ON CONFLICT(account, commodity) DO UPDATE SET amount = amount + excluded.amount",
            [
                (line.account, line.commodity, line.amount)
                for line in entry
                if not line.account.startswith(CLEARING)
            ],
        )
