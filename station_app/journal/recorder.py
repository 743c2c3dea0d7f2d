"""The one door: nothing enters the journal but through here, and nothing without its consequences.

A recorder works inside the transaction of one act. It makes the facts (identity, chain, time),
appends them, folds them, posts them, and calls the list of writers that the composition root put
together: read tables are part of the fold, the spool and the search index are writers. When the
transaction commits, everything is there; when it does not, nothing is.

It has no clock and no random source of its own, and it never commits: whoever opened the
transaction does, and knows that an error raised by COMMIT means "unknown", not "no".
"""

import base64
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass

import msgspec

from station_app.journal.chain import Head
from station_app.journal.consequences import Consequences
from station_app.journal.fact import (
    FACT_BYTES_MAX,
    Fact,
    NotCanonical,
    Private,
    Saying,
    Told,
    canonical,
    seal,
)
from station_app.journal.kinds import ActReversed, ReversedLine
from station_app.journal.log import Connection, FactLog
from station_app.journal.states import persons_in
from station_app.journal.taking import Batch as Batch
from station_app.journal.taking import Broken as Broken
from station_app.journal.taking import Taking
from station_app.journal.vocabulary import Unreadable, Vocabulary, tell
from station_app.ledger.balances import CLEARING
from station_app.ledger.posting import Line, negated
from station_app.values.clock import Chance

ACT_FACTS_MAX = 500  # a whole bag of parcels fits; beyond it a receipt would be unreadable
ACT_BYTES_MAX = 512 * 1024
SALT_BYTES = 10
TICKET_BYTES = 10


class ActRefused(ValueError):
    """The act breaks a rule of the journal itself. `reason` is a catalogue key of this room.

    It says that a rule of a slice is wrong, or that an act is too big to be recorded whole.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        """Keep the reason (`journal.ACT_TOO_BIG`, …) and a detail for the technician."""
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


Writer = Callable[[Connection, Batch], None]


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes here since this start of the program.

    stream: "NX0601/D1/<epoch>", made anew at every start; before: the last identity of this
    device's journal at that moment, which the first fact of the stream names.
    """

    stream: str
    before: str


def new_ticket(chance: Chance) -> str:
    """Return a fresh ticket: 80 random bits in base32. It becomes the id of the act."""
    return base64.b32encode(chance.draw(TICKET_BYTES)).decode("ascii")


class Recorder:
    """Records acts on an open connection, inside its transaction."""

    def __init__(
        self,
        connection: Connection,
        vocabulary: Vocabulary,
        author: Author,
        *,
        chance: Chance,
        writers: Sequence[Writer] = (),
    ) -> None:
        """Write as `author`; `writers` are called once an act is complete."""
        self.connection = connection
        self.vocabulary = vocabulary
        self.author = author
        self._chance = chance
        self._writers = tuple(writers)
        self._log = FactLog(connection)
        self._consequences = Consequences(connection, vocabulary)
        self._store = self._consequences.store
        self._taking = Taking(connection, self._consequences, self._obey_erasures, self._finish)

    def is_done(self, ticket: str) -> bool:
        """Tell whether the act of this ticket is in the journal already."""
        row = self.connection.execute(
            "SELECT 1 FROM tickets WHERE ticket = ?", (ticket,)
        ).fetchone()
        return row is not None

    def open_act(self, ticket: str, *, by: str, at: int) -> "Act":
        """Begin an act; it counts only after `close`, in a transaction that commits."""
        return Act(self, ticket, by, at)

    def undo(self, target: str, *, ticket: str, by: str, at: int, day: str) -> Batch:
        """Reverse a whole act of this very stream; its postings are taken back line by line.

        Raises ActRefused if the stream does not hold the act, or it is undone already, or it
        holds a fact that is never reversed.
        """
        facts = self._log.act(self.author.stream, target)
        if not facts:
            raise ActRefused("journal.NOT_IN_THIS_STREAM")
        if self._is_undone(target):
            raise ActRefused("journal.UNDONE_ALREADY")
        posted: list[Line] = []
        for fact in facts:
            told = self.vocabulary.read(fact)
            if not told.body.REVERSIBLE:
                raise ActRefused("journal.NEVER_REVERSED", fact.kind)
            posted += self.vocabulary.post(told)
        act = self.open_act(ticket, by=by, at=at)
        act.say(Saying(ActReversed(act=target, lines=reversed_lines(posted), day=day)))
        return act.close()

    def _is_undone(self, target: str) -> bool:
        """Tell whether an act was undone here, also by a fact that does not count for now.

        A PC that was cut off goes on writing; once what it wrote counts, two undoings of one act
        would take its money back twice.
        """
        stream = self.author.stream
        undoings = self._log.of_kind(stream, ActReversed.KIND)
        return self._store.is_reversed(stream, target) or any(
            self.vocabulary.read(fact).body.act == target for fact in undoings
        )

    def take(self, facts: Sequence[Fact]) -> Batch:
        """Take a run of another author's stream that continues what is held here.

        The run ends with a whole act: the caller holds the author's signed head. Facts that are
        held already are skipped; raises Broken if the rest does not continue the stream.
        """
        return self._taking.take(facts)

    def fold_aside(self, acts_max: int) -> int:
        """Fold some acts that were set aside; return how many facts, 0 when none is left."""
        return self._taking.fold_aside(acts_max)[0]

    def take_ahead(self, facts: Sequence[Fact], aside: Set[int]) -> Batch:
        """Take a run of another author's stream that need not continue what is held here.

        The caller holds the author's signed head at its end. aside: the seqs of facts that are
        kept but not folded yet (`journal.islands`). Raises Broken if the run contradicts what is
        held.
        """
        return self._taking.take_ahead(facts, aside)

    def _obey_erasures(self, fact: Fact) -> Fact:
        """Drop a private part that is to be erased before it touches the disk."""
        if fact.private is None:
            return fact
        spoken_of = (*persons_in(fact.private), fact.identity, fact.entity)
        if any(self._is_erased(whose) for whose in spoken_of):
            return msgspec.structs.replace(fact, private=None)
        return fact

    def _is_erased(self, whose: str) -> bool:
        row = self.connection.execute("SELECT 1 FROM erased WHERE whose = ?", (whose,)).fetchone()
        return row is not None

    def _finish(self, batch: Batch) -> None:
        for writer in self._writers:
            writer(self.connection, batch)


class Act:
    """What the operator does in one go: several facts, recorded and shown together."""

    def __init__(self, recorder: Recorder, ticket: str, by: str, at: int) -> None:
        """Begin at the end of the author's stream and keep the ticket; ActRefused if it is used."""
        if recorder.is_done(ticket):
            raise ActRefused("journal.ALREADY_DONE")
        self._recorder = recorder
        self._ticket = ticket
        self._by = by
        self._at = at
        stream = recorder.author.stream
        self._head = recorder._log.head(stream)
        self._first_prev = self._head.identity or recorder.author.before
        self._cleared: dict[str, int] = {}
        self._bytes = 0
        self.batch = Batch()
        # From its first fact on its name stands for this act, not for one of a copy of this PC.
        recorder.connection.execute(
            "INSERT INTO tickets(ticket, stream, act, at) VALUES (?, ?, ?, ?)",
            (ticket, stream, ticket, at),
        )
        if not self._head.to:
            recorder._consequences.settle(stream)  # a PC that was cut off may not know it yet

    def say(self, *sayings: Saying) -> list[Told]:
        """Record facts; they are folded and posted at once, so the next rule sees them."""
        return [self._say(saying) for saying in sayings]

    def _say(self, saying: Saying) -> Told:
        recorder = self._recorder
        body = _canonical_struct(saying.body)
        private = saying.private
        if private is not None and not private.salt:
            private = _salted(private, recorder._chance)
        private_bytes = _canonical_struct(private) if private is not None else None
        size = len(body) + len(private_bytes or b"")
        self._bytes += size
        if size > FACT_BYTES_MAX:
            raise ActRefused("journal.FACT_TOO_BIG", saying.body.KIND)
        if len(self.batch.facts) >= ACT_FACTS_MAX or self._bytes > ACT_BYTES_MAX:
            raise ActRefused("journal.ACT_TOO_BIG")
        fact = seal(
            body,
            private_bytes,
            stream=recorder.author.stream,
            seq=self._head.to + 1,
            act=self._ticket,
            at=self._moment(saying.entity),
            kind=saying.body.KIND,
            v=saying.body.VERSION,
            entity=saying.entity,
            by=self._by,
            prev=self._head.identity or self._first_prev,
        )
        fact = recorder._obey_erasures(fact)
        recorder._log.append(fact)
        self._head = Head(fact.stream, fact.seq, fact.identity)
        self.batch.facts.append(fact)
        told = tell(fact, saying.body, private if fact.private is not None else None)
        try:
            entry = recorder.vocabulary.post(told)
        except Unreadable as problem:
            raise ActRefused("journal.DOES_NOT_BALANCE", str(problem)) from problem
        self.batch.told.append(told)
        self.batch.changes += recorder._consequences.of_told(told, entry)
        for line in entry:
            if line.account.startswith(CLEARING):
                self._cleared[line.commodity] = self._cleared.get(line.commodity, 0) + line.amount
        return told

    def _moment(self, entity: str) -> int:
        """Return `at`: this clock, but never before what is known of the entity."""
        if not entity:
            return self._at
        store = self._recorder._store
        return max(self._at, self._recorder._log.latest_at(store.root_of(entity)) + 1)

    def close(self) -> Batch:
        """Check the act as a whole, call the writers, return what it added."""
        if not self.batch.facts:
            raise ActRefused("journal.NOTHING_SAID")
        if any(self._cleared.values()):
            raise ActRefused("journal.DOES_NOT_CLEAR", str(self._cleared))
        recorder = self._recorder
        recorder._log.advance(self._head, self._first_prev)
        recorder.connection.execute(
            "INSERT OR REPLACE INTO local(name, value) VALUES ('last_identity', ?)",
            (self._head.identity,),
        )
        recorder._finish(self.batch)
        return self.batch


def reversed_lines(posted: Iterable[Line]) -> tuple[ReversedLine, ...]:
    """Return what takes these lines back, one line an account: an act of 500 facts fits in one."""
    sums: dict[tuple[str, str], int] = {}
    for line in negated(posted):
        key = (line.account, line.commodity)
        sums[key] = sums.get(key, 0) + line.amount
    return tuple(ReversedLine(*key, amount) for key, amount in sorted(sums.items()) if amount)


def _canonical_struct(struct: msgspec.Struct) -> bytes:
    """Return canonical bytes, having made sure that they read back as the same value."""
    try:
        data = canonical(struct)
    except NotCanonical as problem:
        raise ActRefused(
            "journal.NOT_CANONICAL", f"{type(struct).__name__}: {problem}"
        ) from problem
    if msgspec.json.decode(data, type=type(struct)) != struct:
        raise ActRefused("journal.NOT_CANONICAL", type(struct).__name__)
    return data


def _salted(private: Private, chance: Chance) -> Private:
    salt = base64.b32encode(chance.draw(SALT_BYTES)).decode("ascii")
    return msgspec.structs.replace(private, salt=salt)
