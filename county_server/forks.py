"""Other versions of streams: kept beside the first, from the fact on that differs.

They come of two machines with one memory, or of a forger. A version stands in a line of its own,
`STREAM~hash`, proved like any other; the station is told (`branch.found`), and nothing of it counts
before somebody has looked at it. Whoever reads the station's streams gets it, too, so that all come
to the same when it is accepted.
"""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import Connection, or_, select

from county_server.county import County
from county_server.journal import CountyJournal, fact_row
from county_server.schema import home_of
from county_server.scribe import Scribe
from station_app.journal.chain import Head
from station_app.journal.fact import VERSION_MARK, Fact, Saying, said_as
from station_app.journal.kinds import BranchFound
from station_app.journal.rulings import FOUND, Parents, line_of_version, way_to
from station_app.sync.messages import Tip
from station_app.sync.segment import COUNTY, Segment, author_of
from station_app.values.day import local_day


class Forks:
    """Finds out where the facts of another version belong, inside the transaction of a push."""

    def __init__(self, county: County, connection: Connection, station: str) -> None:
        """Work for one station."""
        self._county = county
        self._connection = connection
        self._station = station
        self._journal = CountyJournal(county.store, connection)

    def fresh(self, facts: Sequence[Fact]) -> tuple[Fact, ...]:
        """Return those of a run that are held in no version."""
        named = [fact.identity for fact in facts]
        known = {i for i, _, _ in self._journal.places_of(named, self._station)}
        return tuple(fact for fact in facts if fact.identity not in known)

    def end_before(self, first: Fact) -> Head | None:
        """Return the end of the line that a version goes on in with this fact; None for a hole.

        A new line begins where something else follows what this fact goes on from.
        """
        stream, seq = first.stream, first.seq
        new = Head(line_of_version(stream, first.identity), seq - 1, first.prev if seq > 1 else "")
        if seq == 1:
            return new
        before = self._journal.place_of(first.prev, self._station)
        if before is None or (said_as(before[0]), before[1]) != (stream, seq - 1):
            return None
        is_continued = bool(self._journal.identity_at(before[0], seq))
        return new if is_continued else Head(before[0], seq - 1, first.prev)

    def say_found(self, first: Fact) -> None:
        """Tell the station, once, that this version does not count until somebody has looked.

        Of all that follow one fact, one may be unnamed: that is the one which counts. So after a
        county was put back, and hears the others first, it says the same.
        """
        county = self._county
        stream = said_as(first.stream)
        named = self._named(stream)
        if first.identity in named or not self._others_after(first) - named:
            return
        now = county.clock.now_ms()
        body = BranchFound(stream=stream, seq=first.seq, hash=first.identity, day=local_day(now))
        scribe = Scribe(county.store, self._connection, county.keys, county.chance)
        scribe.say(self._station, [Saying(body)], by=COUNTY, at=now)
        scribe.seal()

    def keep_what_the_county_said(self, segment: Segment) -> int:
        """Keep another version of the county's own words: of a former life of its database."""
        store, station = self._county.store, home_of(segment.stream)
        here = self._journal.run(segment.stream, segment.first, segment.last)
        held = {fact.identity for fact in here}
        other = [fact for fact in segment.facts if fact.identity not in held]
        rows = [{**fact_row(fact, station), "private": fact.private} for fact in other]
        self._connection.execute(store.upsert(store.tables.branches, keeps=True), rows)
        head = {
            "station": station,
            "stream": segment.stream,
            "to_seq": segment.last,
            "identity": segment.head.identity,
            "key_id": segment.head.key_id,
            "signature": segment.head.signature,
        }
        self._connection.execute(store.upsert(store.tables.branch_heads, keeps=True), [head])
        return len(rows)

    def _named(self, stream: str) -> set[str]:
        r = self._county.store.tables.rulings.c
        rows = self._connection.execute(
            select(r.hash).where(r.station == self._station, r.what == FOUND, r.name == stream)
        )
        return {row[0] for row in rows}

    def _others_after(self, first: Fact) -> set[str]:
        stream, f = said_as(first.stream), self._county.store.tables.facts.c
        lines = [stream, *self._journal.versions_of(stream)]
        rows = self._connection.execute(
            select(f.identity).where(
                f.station == self._station, f.stream.in_(lines), f.seq == first.seq
            ).where(or_(f.prev == first.prev, f.seq == 1))
        )  # fmt: skip
        return {row[0] for row in rows} - {first.identity}


def as_line(facts: Sequence[Fact], line: str) -> tuple[Fact, ...]:
    """Return facts under the name of the line that keeps them."""
    if not facts or facts[0].stream == line:
        return tuple(facts)
    return tuple(msgspec.structs.replace(fact, stream=line) for fact in facts)


# --- How far a device holds what ----------------------------------------------------------------


def line_at(journal: CountyJournal, tip: Tip, parents: Parents) -> tuple[str, int, str]:
    """Return which line holds the end that a device names: (line, seq, identity).

    Its version may be longer there than here: then how far it is held here, if its name tells
    which it is. ("", 0, "") when that cannot be said.
    """
    stream, _, mark = tip.stream.partition("~")
    for line in (stream, *parents):
        identity = journal.identity_at(line, tip.seq)
        if identity and identity.startswith(tip.mark):
            return line, tip.seq, identity
    for line in parents if mark else ():
        if line == tip.stream:
            upto = min(tip.seq, journal.head(line).to)
            return line, upto, journal.identity_at(line, upto)
    return "", 0, ""


def named_lines(
    journal: CountyJournal, tips: Sequence[Tip], forked: dict[str, Parents]
) -> dict[str, int]:
    """Return how far a device holds streams, by the names of the lines that are kept here.

    Of a stream that it holds in another version than the one that is known here it holds nothing
    for sure: then it is told all of it, and hands in its own.
    """
    named: dict[str, int] = {}
    for tip in tips:
        parents = forked.get(said_as(tip.stream), {})
        if not parents and tip.stream == said_as(tip.stream):
            if author_of(tip.stream) != COUNTY:
                here = journal.identity_at(tip.stream, tip.seq)
                if here and not here.startswith(tip.mark):
                    continue
            named[tip.stream] = max(tip.seq, named.get(tip.stream, 0))
            continue
        line, seq, _ = line_at(journal, tip, parents)
        for one, upto in way_to(line, parents).items() if line else ():
            named[one] = max(named.get(one, 0), seq if one == line else upto)
    return named


def is_another(stream: str, named: Mapping[str, int]) -> bool:
    """Tell whether a device names by this a version that is not known here, or one of two.

    named: what `named_lines` says of all that the device names. Whatever a device asks for of such
    a stream, it holds no more of it than is said there.
    """
    return VERSION_MARK in stream or stream not in named
