"""Comparing everything with a PC, and putting back what this database has lost in the middle.

A fact that lies in the middle of a stream and is not held is taken from whoever holds it, if the
run that brings it is signed by its author and fits between what is held before and behind. So is a
private part that a held fact lacks here (`bare`).
"""

from collections.abc import Sequence

from msgspec import UNSET, UnsetType
from sqlalchemy import Connection, select

from county_server.asking import ask
from county_server.journal import CountyJournal
from county_server.questions import here
from county_server.recording import Recording
from county_server.schema import home_of
from county_server.store import Store
from station_app.journal.fact import INTEGER_MAX, Fact
from station_app.journal.rulings import VERSION_MARK
from station_app.sync.bisecting import Items, Place, answered
from station_app.sync.messages import TIP_HASH_CHARACTERS, Opening, Span, Tip
from station_app.sync.segment import Segment


def compared(
    store: Store, connection: Connection, opening: Opening
) -> tuple[Span, ...] | UnsetType:
    """Return what differs of the spans that a PC has named; UNSET where it named none."""
    if opening.spans is UNSET:
        return UNSET
    asked: Sequence[Span] = opening.spans or ()
    station = opening.device.rpartition("/")[0]
    rows = ask(connection, store.questions.streams_here, {"here": here(station)})
    names = sorted((row[1], row[0]) for row in rows if VERSION_MARK not in row[1])

    def between(first: Place, end: Place) -> Items:
        found: list[Tip] = []
        for name, home in names:
            if not first[0] <= name <= end[0]:
                continue
            which = {"at": home, "stream": name, "long": TIP_HASH_CHARACTERS}
            which["first"] = first[1] if name == first[0] else 0
            which["last"] = end[1] - 1 if name == end[0] else INTEGER_MAX
            of_it = ask(connection, store.questions.tips_between, which)
            found += [Tip(name, row[0], row[1]) for row in of_it]
        return found

    return answered(asked, between)


def mended(store: Store, connection: Connection, recording: Recording, segment: Segment) -> int:
    """Put back what lacks of a run in the middle of a stream; return how many facts that were."""
    journal = CountyJournal(store, connection)
    before = journal.head(segment.stream)
    shared = [fact for fact in segment.facts if fact.seq <= before.to]
    held = dict(journal.identities_at(segment.stream, [fact.seq for fact in shared]))
    same = [fact for fact in shared if held.get(fact.seq) == fact.identity]
    if any(fact.private is not None for fact in same):
        recording.give_back(same)
    lost = [fact for fact in shared if fact.seq not in held]
    if not lost or not _fits(journal, segment, shared, held):
        return 0
    recording.mend(lost, [fact for fact in lost if not _has_followed(store, connection, fact)])
    return len(lost)


def _fits(
    journal: CountyJournal, segment: Segment, shared: Sequence[Fact], held: dict[int, str]
) -> bool:
    """Tell whether a run says the same as what is held in it, before it and behind it."""
    if any(held.get(fact.seq, fact.identity) != fact.identity for fact in shared):
        return False
    if journal.identity_at(segment.stream, segment.first - 1) not in ("", segment.prev):
        return False
    behind = journal.run(segment.stream, segment.last + 1, segment.last + 1)
    return not behind or behind[0].prev == segment.head.identity


def _has_followed(store: Store, connection: Connection, fact: Fact) -> bool:
    """Tell whether what follows from a fact stands here, although the fact itself was lost."""
    folds, postings = store.tables.folds.c, store.tables.postings.c
    home = home_of(fact.stream)
    filed = select(folds.identity).where(folds.station == home, folds.identity == fact.identity)
    posted = select(postings.seq).where(
        postings.station == home, postings.stream == fact.stream, postings.seq == fact.seq
    )
    return any(connection.execute(one.limit(1)).first() is not None for one in (filed, posted))
