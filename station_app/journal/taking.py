"""How facts of others enter the journal: as the continuation of a stream, or ahead of it.

Part of the one door: only the recorder comes here, inside its transaction. What is held already is
skipped, what contradicts it is another version and kept beside it, and everything that follows from
a fact follows at once, unless it is set aside (`journal.islands`).
"""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field

import msgspec

from station_app.journal.chain import Break, Head, first_break
from station_app.journal.consequences import Consequences
from station_app.journal.fact import Fact, Told, said_as
from station_app.journal.islands import NOTHING_ASIDE, Islands
from station_app.journal.log import Connection, FactLog
from station_app.journal.projection import StateChange
from station_app.journal.rulings import line_of_version

Spans = Sequence[tuple[int, int]]


class Broken(ValueError):
    """Facts that arrived do not continue the stream that is held here."""

    def __init__(self, where: Break) -> None:
        """Keep which fact it is and why it does not fit."""
        super().__init__(f"{where.stream} {where.seq}: {where.reason}")
        self.where = where


@dataclass(slots=True)
class Batch:
    """What one transaction has added so far, for the writers.

    facts: as recorded; told: those that could be read; changes: what the folds did. new: how many
    facts were added to the log, those too that were set aside.
    """

    facts: list[Fact] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    changes: list[StateChange] = field(default_factory=list)
    new: int = 0


class Taking:
    """Takes runs of others' streams inside one transaction."""

    def __init__(
        self,
        connection: Connection,
        consequences: Consequences,
        obey: Callable[[Fact], Fact],
        finish: Callable[[Batch], None],
    ) -> None:
        """Work on `connection`.

        obey: drops a private part that is to be erased before it touches the disk; finish: calls
        the writers.
        """
        self._log = FactLog(connection)
        self._islands = Islands(connection)
        self._consequences = consequences
        self._obey = obey
        self._finish = finish

    def take(self, facts: Sequence[Fact], aside: Set[int] = NOTHING_ASIDE) -> Batch:
        """Take a run that continues what is held; raises Broken if it does not."""
        batch = Batch()
        if not facts:
            return batch
        head = self._log.head(facts[0].stream)
        if self._is_version(facts, head):
            return self._take_version(facts, aside)
        held = [fact for fact in facts if fact.seq <= head.to]
        self._mend(held, batch)
        self._give_back(held, batch)
        fresh = [fact for fact in facts if fact.seq > head.to]
        broken = first_break(fresh, head)
        if broken is not None:
            raise Broken(broken)
        if fresh:
            self._settle(head.stream, batch)
            islands = self._islands.of(fresh[0].stream)
            for fact in fresh:
                self._enter_once(fact, batch, islands, aside)
            self._reach(fresh[0], fresh[-1], islands)
            self._settle(head.stream, batch)
        self._let_follow(facts, aside, batch)
        self._finish(batch)
        return batch

    def _mend(self, facts: Sequence[Fact], batch: Batch) -> None:
        """Put back what a disk has lost in the middle of a stream: a proved run that fits there."""
        if not facts or self._log.count(facts[0].stream, facts[0].seq, facts[-1].seq) == len(facts):
            return
        first = facts[0]
        broken = first_break(facts, Head(first.stream, first.seq - 1, first.prev))
        if broken is not None:
            raise Broken(broken)
        self._agree_at_the_edges(first, facts[-1])
        for fact in facts:
            if self._held(fact.stream, fact.seq) is not None:
                self._agree(fact)
                continue
            obeyed = self._obey(fact)
            self._log.append(obeyed)
            batch.new += 1
            if not self._log.has_followed(fact):
                batch.facts.append(obeyed)
                self._follow(obeyed, batch)

    def _give_back(self, facts: Sequence[Fact], batch: Batch) -> None:
        """Take the private parts of facts that are held, where they lack here.

        The digest that stands in a fact proves them; what was erased stays so.
        """
        whole = [
            obeyed
            for fact in facts
            if fact.private is not None and self._log.is_bare(fact.identity)
            if (obeyed := self._obey(fact)).private is not None
        ]
        for fact in whole:
            self._log.keep_private(fact)
        folded = [fact for fact in whole if not self._islands.is_aside(fact.stream, fact.seq)]
        batch.facts += folded
        batch.changes += self._consequences.fold_again(folded)

    def take_ahead(self, facts: Sequence[Fact], aside: Set[int]) -> Batch:
        """Take a run that proves itself, wherever in its stream it lies."""
        batch = Batch()
        if not facts:
            return batch
        first, last = facts[0], facts[-1]
        head = self._log.head(first.stream)
        if first.seq <= head.to + 1 or self._is_version(facts, head):
            return self.take(facts, aside)
        broken = first_break(facts, Head(first.stream, first.seq - 1, first.prev))
        if broken is not None:
            raise Broken(broken)
        self._agree_at_the_edges(first, last)
        self._settle(first.stream, batch)
        islands = self._islands.of(first.stream)
        self._give_back(facts, batch)
        for fact in facts:
            self._enter_once(fact, batch, islands, aside)
        self._settle(first.stream, batch)
        self._let_follow(facts, aside, batch)
        self._islands.add(first.stream, first.seq, last.seq)
        self._finish(batch)
        return batch

    # --- Other versions --------------------------------------------------------------------------

    def _is_version(self, facts: Sequence[Fact], head: Head) -> bool:
        """Tell whether a run is of another version than the one that is kept under its own name."""
        first = facts[0]
        follows = first.seq == head.to + 1
        joins_on = follows and first.prev == (head.identity or first.prev)
        if joins_on and not self._islands.of(first.stream):
            return False
        here = self._log.identities(first.stream, first.seq, facts[-1].seq)
        if any(here.get(fact.seq, fact.identity) != fact.identity for fact in facts):
            return True
        if first.seq <= head.to + 1:
            return follows and not joins_on
        places = (self._place_of(first.prev), self._place_of(first.identity))
        return any(place is not None and place[0] != first.stream for place in places)

    def _take_version(self, facts: Sequence[Fact], aside: Set[int]) -> Batch:
        """Take a run of another version: it stands beside, from the first fact that differs.

        What it goes on from must be here; raises Broken (`hole`) if it is not.
        """
        batch = Batch()
        known = [place for fact in facts if (place := self._place_of(fact.identity)) is not None]
        fresh = facts[len(known) :]
        if fresh:
            line, is_new = self._line_of_version(fresh[0])
            first = fresh[0]
            if is_new:
                self._log.advance(Head(line, first.seq - 1, first.prev), first.prev)
            kept = [msgspec.structs.replace(fact, stream=line) for fact in fresh]
            broken = first_break(kept, Head(line, first.seq - 1, first.prev))
            if broken is not None or any(self._place_of(fact.identity) for fact in fresh):
                raise Broken(broken or Break(first.stream, first.seq, "hole"))
            self._settle(line, batch)
            for fact in kept:
                self._enter_once(fact, batch, (), aside)
            self._log.advance(Head(line, kept[-1].seq, kept[-1].identity), first.prev)
            self._settle(line, batch)
        for line, seq in known:
            if seq not in aside and self._islands.take_back(line, [seq]):
                self._fold(line, seq, batch)
        self._file_anew(facts[0].stream, batch)
        self._finish(batch)
        return batch

    def _file_anew(self, stream: str, batch: Batch) -> None:
        """File islands with the version that they turn out to go on from.

        Whatever lies beyond a hole stands under the stream's own name, until what comes before it
        is here; that may be of the other version.
        """
        for first, last in self._islands.of(stream):
            begin, end = self._held(stream, first), self._held(stream, last)
            assert begin is not None, "an island is held"
            assert end is not None, "to its end"
            before = self._place_of(begin.prev)
            if before is None or before[0] == stream:
                continue
            line, is_new = self._line_of_version(begin)
            if is_new:
                self._log.advance(Head(line, first - 1, begin.prev), begin.prev)
                self._settle(line, batch)
            batch.changes += self._consequences.file_anew(stream, line, (first, last))
            self._islands.forget(stream, first)
            self._log.advance(Head(line, last, end.identity), begin.prev)
            self._settle(stream, batch)
            self._settle(line, batch)

    def _line_of_version(self, first: Fact) -> tuple[str, bool]:
        """Return the line that a version goes on in from this fact on; True if it begins here."""
        stream = first.stream
        before = self._place_of(first.prev)
        if first.seq == 1:
            return line_of_version(stream, first.identity), True
        if before is None or (said_as(before[0]), before[1]) != (stream, first.seq - 1):
            raise Broken(Break(stream, first.seq, "hole"))
        if self._held(before[0], first.seq) is not None:
            return line_of_version(stream, first.identity), True
        if before[0] == stream:
            raise Broken(Break(stream, first.seq, "hole"))  # an island of it lies beyond
        return before[0], False

    def _place_of(self, identity: str) -> tuple[str, int] | None:
        fact = self._log.by_identity(identity)
        return (fact.stream, fact.seq) if fact else None

    # --- Set aside -------------------------------------------------------------------------------

    def fold_aside(self, acts_max: int) -> tuple[int, Batch]:
        """Fold some of what was set aside, whole acts, the latest first; return how many facts.

        The latest first: so nothing that is over stands on the shelf even for a moment.
        """
        batch = Batch()
        waiting = self._islands.aside_acts(acts_max)
        for stream, seqs in waiting:
            for seq in self._islands.take_back(stream, seqs):
                self._fold(stream, seq, batch)
        self._finish(batch)
        return sum(len(seqs) for _, seqs in waiting), batch

    def _enter_once(self, fact: Fact, batch: Batch, islands: Spans, aside: Set[int]) -> None:
        """Append a fact unless an island holds it, and let follow what follows from it."""
        if any(low <= fact.seq <= high for low, high in islands):
            self._agree(fact)
            return
        obeyed = self._obey(fact)
        self._log.append(obeyed)
        batch.new += 1
        if fact.seq in aside:
            self._islands.set_aside(fact.stream, fact.seq, fact.identity)
        else:
            batch.facts.append(obeyed)
            self._follow(obeyed, batch)

    def _settle(self, stream: str, batch: Batch) -> None:
        """Let decisions of the county apply to what begins or grows."""
        batch.changes += self._consequences.settle(stream)

    def _follow(self, fact: Fact, batch: Batch) -> None:
        told, changes = self._consequences.of_fact(fact)
        if told is not None:
            batch.told.append(told)
        batch.changes += changes

    def _let_follow(self, facts: Sequence[Fact], aside: Set[int], batch: Batch) -> None:
        """Fold what was set aside before and is not any more."""
        if not self._islands.has_aside(facts[0].stream):
            return
        wanted = [fact.seq for fact in facts if fact.seq not in aside]
        for seq in self._islands.take_back(facts[0].stream, wanted):
            self._fold(facts[0].stream, seq, batch)

    def _reach(self, first: Fact, last: Fact, islands: Spans) -> None:
        """Move the end of a stream; islands that it has reached become part of it."""
        stream = last.stream
        if not islands:
            self._log.advance(Head(stream, last.seq, last.identity), first.prev)
            return
        follower = self._held(stream, last.seq + 1)
        if follower is not None and follower.prev != last.identity:
            raise Broken(Break(stream, follower.seq, "fork"))
        end = self._islands.join(stream, last.seq)
        held = last if end == last.seq else self._held(stream, end)
        assert held is not None, "an island ends in a fact that is held"
        self._log.advance(Head(stream, end, held.identity), first.prev)

    def _fold(self, stream: str, seq: int, batch: Batch) -> None:
        """Let follow what follows from a fact that was set aside until now."""
        fact = self._held(stream, seq)
        assert fact is not None, "what is set aside is held"
        batch.facts.append(fact)
        self._follow(fact, batch)

    def _held(self, stream: str, seq: int) -> Fact | None:
        found = self._log.run(stream, seq, seq)
        return found[0] if found else None

    def _agree(self, fact: Fact) -> None:
        held = self._held(fact.stream, fact.seq)
        if held is None or held.identity != fact.identity:
            raise Broken(Break(fact.stream, fact.seq, "fork"))

    def _agree_at_the_edges(self, first: Fact, last: Fact) -> None:
        """Where a run touches what is held, the one must continue the other."""
        before = self._held(first.stream, first.seq - 1)
        after = self._held(last.stream, last.seq + 1)
        if before is not None and before.identity != first.prev:
            raise Broken(Break(first.stream, first.seq, "fork"))
        if after is not None and after.prev != last.identity:
            raise Broken(Break(last.stream, after.seq, "fork"))
