"""What a new PC gets first: what it needs to work, long before it holds everything.

First all facts of the things that are not over (parcels on the shelf, open orders, purses, people),
then all facts of what was touched in the last ninety days. Each run that holds one of them is sent
as it is, from one head of its author to the next, so it proves itself. What else stands in such
a run is named: it is kept there and not folded yet, since its end may not have come along.

Whole acts matter together: who handed over six parcels in one go did one thing. So if one fact of
an act matters, all of it does, and all other facts of what it touched.

The rest follows by comparison, from the latest backwards.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection, func, select

from county_server.asking import ask
from county_server.journal import CountyJournal
from county_server.store import Store
from station_app.journal.fact import said_as
from station_app.journal.kinds import PrivateErased
from station_app.sync.messages import LATELY, OPEN_THINGS, THE_REST, Aside
from station_app.sync.packing import Unit, by_heads
from station_app.sync.segment import COUNTY, SignedHead
from station_app.values.day import DAY_MS

WHOLE_UPTO_FACTS = 2_000  # 60 kB: eight seconds at 64 kbit/s, not worth any order
LATELY_DAYS = 90
RUNS_AT_ONCE = 500
PLANS_MAX = 16  # new PCs at a time whose plan is remembered

_Act = tuple[str, str]
Wanted = dict[str, frozenset[int]]


@dataclass(slots=True)
class Plans:
    """Which facts matter to the PCs that are being filled, so that each answer need not ask anew.

    whole_upto: a station with fewer facts is not worth an order.
    """

    whole_upto: int = WHOLE_UPTO_FACTS
    lately_days: int = LATELY_DAYS
    _known: dict[tuple[str, int], Wanted] = field(default_factory=dict)

    def get(self, device: str, stage: int) -> Wanted | None:
        """Return what matters at this stage, if it was worked out before."""
        return self._known.get((device, stage))

    def keep(self, device: str, stage: int, wanted: Wanted) -> None:
        """Remember it; the oldest is forgotten."""
        self._known[device, stage] = wanted
        while len(self._known) > PLANS_MAX:
            del self._known[next(iter(self._known))]


@dataclass(frozen=True, slots=True)
class EarlyUnit:
    """A run that comes early. place: how far the stage is taken with it."""

    place: int
    facts: Unit
    aside: Aside | None


class Early:
    """Yields, of one station's feed, the runs that a new PC needs at one stage."""

    def __init__(
        self, store: Store, connection: Connection, station: str, plans: Plans, *, now_ms: int
    ) -> None:
        """Read on `connection`. now_ms: the county's clock, from which ninety days count."""
        self._store = store
        self._tables = store.tables
        self._connection = connection
        self._station = station
        self._plans = plans
        self._since = now_ms - plans.lately_days * DAY_MS
        self._journal = CountyJournal(store, connection)

    @property
    def since(self) -> int:
        """Return from when on everything comes with the second stage (UTC ms)."""
        return self._since

    def is_worth_it(self) -> bool:
        """Tell whether the station has so much history that it should come in order."""
        return self.total() > self._plans.whole_upto

    def total(self) -> int:
        """Return how many facts the station has."""
        streams, versions = self._tables.streams, self._tables.versions
        shared: int = self._connection.execute(
            select(func.coalesce(func.sum(versions.c.upto), 0)).where(
                versions.c.station == self._station
            )
        ).scalar_one()
        held: int = self._connection.execute(
            select(func.coalesce(func.sum(streams.c.length), 0)).where(
                streams.c.station == self._station, streams.c.author != COUNTY
            )
        ).scalar_one()
        return int(held) - int(shared)

    def end_of_feed(self) -> int:
        """Return where the station's feed ends now: what comes after it is news."""
        runs = self._tables.runs
        end: int = self._connection.execute(
            select(func.coalesce(func.max(runs.c.feed), 0)).where(runs.c.station == self._station)
        ).scalar_one()
        return end

    def units(
        self,
        device: str,
        stage: int,
        place: int,
        upto: int,
        heads: dict[tuple[str, int], SignedHead],
    ) -> Iterator[EarlyUnit]:
        """Yield the runs of a stage after `place` in the feed and not after `upto`.

        heads: takes up the author's heads, at which the runs end.
        """
        wanted = self._plans.get(device, stage)
        if wanted is None:
            wanted = self._wanted(stage)
            self._plans.keep(device, stage, wanted)
        while True:
            runs = self._journal.runs_after(self._station, place, but=device, limit=RUNS_AT_ONCE)
            for run in runs:
                if run.feed > upto:
                    return
                place = run.feed
                seqs = wanted.get(run.stream, frozenset())
                if not seqs.isdisjoint(range(run.first, run.last + 1)):
                    known = self._journal.heads_after(run.stream, run.first - 1)
                    heads.update(((head.stream, head.to), head) for head in known)
                    facts = self._journal.run(run.stream, run.first, run.last)
                    for unit in by_heads(facts, known):
                        if not seqs.isdisjoint(fact.seq for fact in unit):
                            yield EarlyUnit(place, unit, _aside(unit, seqs))
            if len(runs) < RUNS_AT_ONCE:
                return

    # --- What matters ----------------------------------------------------------------------------

    def _wanted(self, stage: int) -> Wanted:
        """Return the facts that matter at a stage, as seqs of their streams."""
        roots = self._open_roots() | (self._roots_of_late() if stage == LATELY else set())
        return self._with_whole_acts(roots, is_lately=stage == LATELY)

    def _open_roots(self) -> set[str]:
        """Return the things that are not over, or in which something disagrees."""
        cases = self._tables.cases
        found: set[str] = set()
        for kind in self._store.vocabulary.entities:
            decoder = msgspec.json.Decoder(kind.state)
            which = {"at": self._station, "named": kind.name}
            rows = ask(self._connection, self._store.questions.states_of_kind, which)
            found.update(row[0] for row in rows if kind.is_open(decoder.decode(bytes(row[1]))))
        asked = select(cases.c.entity).where(cases.c.station == self._station)
        found.update(self._connection.execute(asked).scalars())
        return found

    def _roots_of_late(self) -> set[str]:
        states = self._tables.states
        rows = self._connection.execute(
            select(states.c.entity).where(
                states.c.station == self._station, states.c.at >= self._since
            )
        )
        return {row[0] for row in rows}

    def _with_whole_acts(self, roots: set[str], *, is_lately: bool) -> Wanted:
        """Return the facts of these things, with whole acts, and of all that those touched."""
        acts_of, roots_of, places = self._all_acts(is_lately=is_lately)
        todo = set().union(*(acts_of.get(root, ()) for root in roots), acts_of[_ALWAYS])
        done: set[_Act] = set()
        seen = set(roots)
        while todo:
            done |= todo
            touched = {root for act in todo for root in roots_of.get(act, ())} - seen
            seen |= touched
            todo = set().union(*(acts_of[root] for root in touched)) - done
        wanted: dict[str, set[int]] = defaultdict(set)
        for act in done:
            for stream, seq in places.get(act, ()):
                wanted[stream].add(seq)
        return {stream: frozenset(seqs) for stream, seqs in wanted.items()}

    def _all_acts(
        self, *, is_lately: bool
    ) -> tuple[dict[str, set[_Act]], dict[_Act, set[str]], dict[_Act, list[tuple[str, int]]]]:
        """Return, for this station: acts by thing, things by act, facts by act.

        A reversal belongs to the act that it takes back. Erasures, facts that nobody can read and,
        lately, what is not about any thing always matter.
        """
        facts, folds, quarantine = self._tables.facts, self._tables.folds, self._tables.quarantine
        undone = self._undone()
        here = self._station
        rows = self._connection.execute(
            select(
                facts.c.stream,
                facts.c.seq,
                facts.c.act,
                facts.c.at,
                facts.c.kind,
                facts.c.identity,
                folds.c.root,
                quarantine.c.identity,
            )
            .select_from(
                facts.outerjoin(
                    folds,
                    (folds.c.station == here) & (folds.c.identity == facts.c.identity),
                ).outerjoin(
                    quarantine,
                    (quarantine.c.station == here) & (quarantine.c.identity == facts.c.identity),
                )
            )
            .where(facts.c.station == here)
        )
        acts_of: dict[str, set[_Act]] = defaultdict(set)
        roots_of: dict[_Act, set[str]] = defaultdict(set)
        places: dict[_Act, list[tuple[str, int]]] = defaultdict(list)
        for stream, seq, act, at, kind, identity, root, unread in rows:
            whole = (stream, undone.get(identity, act))
            places[whole].append((stream, seq))
            if root:
                acts_of[root].add(whole)
                roots_of[whole].add(root)
            is_late = is_lately and at >= self._since
            if is_late or unread or kind == PrivateErased.KIND:
                acts_of[_ALWAYS].add(whole)
        return acts_of, roots_of, places

    def _undone(self) -> dict[str, str]:
        """Return, by identity of a reversal, the act that it takes back."""
        reversals = self._tables.reversals
        rows = self._connection.execute(
            select(reversals.c.identity, reversals.c.act).where(
                reversals.c.station == self._station
            )
        )
        return {row[0]: row[1] for row in rows}


_ALWAYS = ""  # no thing bears this name


def next_stage(stage: int) -> int:
    """Return what comes after a stage: THE_REST when a PC has what it needs to work."""
    return LATELY if stage == OPEN_THINGS else THE_REST


def _aside(unit: Unit, wanted: Set[int]) -> Aside | None:
    seqs = [fact.seq for fact in unit if fact.seq not in wanted]
    return Aside(said_as(unit[0].stream), tuple(_runs(seqs))) if seqs else None


def _runs(seqs: Iterable[int]) -> Iterator[int]:
    """Yield first and last of each run of ascending numbers."""
    first = last = 0
    for seq in seqs:
        if first and seq == last + 1:
            last = seq
            continue
        if first:
            yield from (first, last)
        first = last = seq
    if first:
        yield from (first, last)


def joined(parts: Sequence[Aside]) -> tuple[Aside, ...]:
    """Return one entry for each stream."""
    runs: dict[str, list[int]] = {}
    for part in parts:
        runs.setdefault(part.stream, []).extend(part.runs)
    return tuple(Aside(stream, tuple(found)) for stream, found in runs.items())
