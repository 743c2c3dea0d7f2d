"""The county's door: facts come in with everything that follows from them, or not at all.

What devices send and what the county says itself both pass here, inside one transaction: appended,
read, posted, folded. What cannot be read is set aside and stops its own entity only.
"""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, select

from county_server.accounts import CountyBooks
from county_server.asking import ask
from county_server.bare import Bare
from county_server.behind import Behind
from county_server.blobs import CountyBlobs
from county_server.journal import CountyJournal, in_pieces
from county_server.projections import CountyFolds, persons_in
from county_server.questions import ERASED_FEW, here
from county_server.refolding import note_closings
from county_server.schema import EVERYWHERE, home_of
from county_server.store import Store
from station_app.journal.chain import Head
from station_app.journal.fact import Fact, Told, is_from_county
from station_app.journal.kinds import RULINGS, PrivateErased
from station_app.journal.projection import Projection
from station_app.journal.vocabulary import Unreadable, Vocabulary
from station_app.ledger.posting import Entry


class Recording:
    """One transaction's worth of facts, of any number of streams. End with `flush`."""

    def __init__(self, store: Store, connection: Connection, *, defers: bool = False) -> None:
        """Record on an open writing connection.

        defers: keep what stations say and leave folds and postings for later (`behind`).
        """
        self._store = store
        self._defers = defers
        self._connection = connection
        self._journal = CountyJournal(store, connection)
        self._behind = Behind(store, connection)
        self._folds: dict[str, CountyFolds] = {}
        self._books: dict[str, CountyBooks] = {}

    @property
    def vocabulary(self) -> Vocabulary:
        """Return the words that this county reads."""
        return self._store.vocabulary

    def enter(self, facts: Sequence[Fact], before: Head) -> None:
        """Take a run of one stream that continues `before`; the caller has checked that."""
        station = home_of(facts[0].stream)
        is_to_wait = self._defers and _may_wait(facts) and not self._is_limited(facts[0].stream)
        if not is_to_wait:
            self._fold_what_waits(station)
        obeyed = self._obey_erasures(facts, station)
        self._journal.append(obeyed, before)
        Bare(self._store, self._connection, station).note(facts)
        CountyBlobs(self._store, self._connection, station).name(obeyed)
        note_closings(self._store, self._connection, obeyed)
        if is_to_wait:
            self._behind.note(obeyed[0])
            return
        self.settle(obeyed[0].stream, station)
        self.follow(obeyed)

    def mend(self, lost: Sequence[Fact], unfolded: Sequence[Fact]) -> None:
        """Put facts back that were lost in the middle of a stream.

        unfolded: those of which nothing stands here that follows from them.
        """
        station = home_of(lost[0].stream)
        self._fold_what_waits(station)
        obeyed = self._obey_erasures(lost, station)
        self._journal.put_back(obeyed)
        Bare(self._store, self._connection, station).note(lost)
        names = {fact.identity for fact in unfolded}
        fresh = [fact for fact in obeyed if fact.identity in names]
        if fresh:
            self.follow(fresh)

    def give_back(self, facts: Sequence[Fact]) -> None:
        """Take the private parts of facts of one stream that are held, where they lack here."""
        station = home_of(facts[0].stream)
        bare = Bare(self._store, self._connection, station)
        lacking = bare.lacking(facts)
        if not lacking:
            return
        self._fold_what_waits(station)
        whole = [fact for fact in self._obey_erasures(lacking, station) if fact.private is not None]
        bare.forget(fact.identity for fact in lacking)
        self._journal.keep_privates(whole)
        CountyBlobs(self._store, self._connection, station).name(whole)
        folds, _ = self._of(station)
        self._projection(folds).fold_again(folds.entities_of(whole))

    def fold_from(self, stream: str, first: int) -> int:
        """Fold a piece of a stream that waits; return where it goes on, 0 if it is whole now."""
        facts, after = self._behind.piece(stream, first)
        if facts:
            self.follow(facts)
        self._behind.move(stream, after)
        return after

    def _fold_what_waits(self, station: str) -> None:
        """Fold first what came before: what is said now may decide over it."""
        waiting = self._behind.streams(station)
        for stream, first in waiting.items():
            while first:
                first = self.fold_from(stream, first)

    def settle(self, stream: str, station: str) -> None:
        """Look how far a stream counts that has begun or grown: a decision may have waited."""
        if self._is_limited(stream):
            folds, _ = self._of(station)
            self.flush()
            self._projection(folds).settle(stream)

    def _is_limited(self, stream: str) -> bool:
        folds, _ = self._of(home_of(stream))
        return folds.is_limited_otherwise(stream)

    def follow(self, facts: Sequence[Fact]) -> None:
        """Post and fold facts of one stream that stand in the journal already."""
        station = home_of(facts[0].stream)
        vocabulary = self._store.vocabulary
        read: list[tuple[Fact, Told | None, Entry, str]] = []
        for fact in facts:
            try:
                told = vocabulary.read(fact)
                read.append((fact, told, vocabulary.post(told), ""))
            except Unreadable as problem:
                read.append((fact, None, vocabulary.post_unread(fact), str(problem)))
        CountyBlobs(self._store, self._connection, station).name(facts)
        folds, books = self._of(station)
        folds.prepare([told for _, told, _, _ in read if told is not None])
        projection = self._projection(folds)
        for fact, known, entry, reason in read:
            is_aside = folds.is_beyond(fact.stream, fact.seq)
            books.post(fact.stream, fact.seq, entry, is_aside=is_aside)
            if known is None:
                projection.quarantine(fact, reason)
                continue
            if isinstance(known.body, RULINGS):
                self.flush()  # it moves what stands in the tables
            projection.apply(known)
            if station == EVERYWHERE and isinstance(known.body, PrivateErased):
                self._erase_everywhere(known)

    def flush(self) -> None:
        """Write what has gathered."""
        for folds in self._folds.values():
            folds.flush()
        for books in self._books.values():
            books.flush()

    def _of(self, station: str) -> tuple[CountyFolds, CountyBooks]:
        if station not in self._folds:
            self._folds[station] = CountyFolds(self._store, self._connection, station)
            self._books[station] = CountyBooks(self._store, self._connection, station)
        return self._folds[station], self._books[station]

    def _projection(self, folds: CountyFolds) -> Projection:
        vocabulary = self._store.vocabulary
        return Projection(folds, vocabulary.entity_kind, vocabulary.entities)

    def _erase_everywhere(self, told: Told) -> None:
        """Apply an erasure that all stations read to what each of them holds."""
        streams = self._store.tables.streams
        stations = self._connection.execute(
            select(streams.c.station).where(streams.c.station != EVERYWHERE).distinct()
        )
        for station in sorted(row[0] for row in stations):
            self._store.lock(self._connection, station)
            folds, _ = self._of(station)
            self._projection(folds).apply(told)

    def _obey_erasures(self, facts: Sequence[Fact], station: str) -> list[Fact]:
        """Drop private parts that are to be erased before they touch the disk."""
        for folds in self._folds.values():
            if folds.has_new_erasures:
                folds.flush()
        few = self._few_erased(station)
        if few is not None and not few:
            return list(facts)
        spoken_of = {
            fact.identity: {*persons_in(fact.private), fact.identity, fact.entity}
            for fact in facts
            if fact.private is not None
        }
        names = set().union(*spoken_of.values()) if spoken_of else set()
        erased = self._erased(names, station) if few is None else names & few
        if not erased:
            return list(facts)
        doomed = [f for f in facts if spoken_of.get(f.identity, set()) & erased]
        dropped = [fact.private for fact in doomed if fact.private is not None]
        CountyBlobs(self._store, self._connection, station).refuse(dropped)
        return [
            msgspec.structs.replace(fact, private=None)
            if spoken_of.get(fact.identity, set()) & erased
            else fact
            for fact in facts
        ]

    def _few_erased(self, station: str) -> set[str] | None:
        """Return who was erased, as far as it concerns a station; None if they are many."""
        rows = ask(self._connection, self._store.questions.some_erased, {"at": station})
        return {row[0] for row in rows} if len(rows) < ERASED_FEW else None

    def _erased(self, names: set[str], station: str) -> set[str]:
        found: set[str] = set()
        for piece in in_pieces(names - {""}):
            which = {"here": here(station), "names": piece}
            rows = self._connection.execute(self._store.questions.erased, which)
            found.update(row[0] for row in rows)
        return found


def _may_wait(facts: Sequence[Fact]) -> bool:
    """Tell whether folds may wait: a word of the county and an erasure act at once."""
    is_county = is_from_county(facts[0].stream)
    return not is_county and all(fact.kind != PrivateErased.KIND for fact in facts)
