"""What is held, as a receipt says it: of the streams that a device named, pushed or gets."""

from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from county_server.county import County
from county_server.downlink import Downlink
from county_server.forks import line_at
from county_server.journal import CountyJournal
from county_server.schema import EVERYWHERE, home_of
from station_app.journal.chain import Head
from station_app.journal.fact import VERSION_MARK, said_as
from station_app.journal.rulings import Parents
from station_app.sync.messages import Held, Opening, Tip


@dataclass(slots=True)
class Taken:
    """What a push came to.

    ends: for each stream that was pushed, the last fact that is held, on the main line or on a
    branch; refused: by place among the frames; photos: of a bundle, (name, state).
    """

    facts: int = 0
    has_gap: bool = False
    ends: dict[str, Head] = field(default_factory=dict)
    branched: set[str] = field(default_factory=set)
    refused: list[tuple[int, str]] = field(default_factory=list)
    photos: list[tuple[str, str]] = field(default_factory=list)


class Holdings:
    """Says what is held of the streams that a device named, pushed or gets."""

    def __init__(self, county: County, connection: Connection, station: str, taken: Taken) -> None:
        self._tables = county.store.tables
        self._connection = connection
        self._station = station
        self._taken = taken
        self._journal = CountyJournal(county.store, connection)
        self._forked: dict[str, Parents] = {}

    def of(self, opening: Opening, down: Downlink) -> tuple[Held, ...]:
        """Return one entry for each stream; nothing is said of other stations' streams."""
        self._forked = self._journal.forked(self._station)
        entries = {stream: tuple(held) for stream, held in down.held.items()}
        for tip in opening.tips:
            if tip.stream not in entries and self._may_see(tip.stream):
                entries[tip.stream] = (self._named(tip),)
        for stream, end in self._taken.ends.items():
            if stream not in {tip.stream for tip in opening.tips}:
                length = self._journal.head(stream).to
                entries[stream] = (Held(stream, end.to, end.identity, max(end.to, length)),)
        return tuple(held for stream in sorted(entries) for held in entries[stream])

    def _may_see(self, stream: str) -> bool:
        return home_of(stream) in (self._station, EVERYWHERE)

    def _named(self, tip: Tip) -> Held:
        """Return what is held of a stream up to where the device has it."""
        stream = tip.stream
        parents = self._forked.get(said_as(stream))
        if parents is not None or VERSION_MARK in stream:
            return self._named_version(tip, parents or {})
        head = self._journal.head(stream)
        if stream in self._taken.branched:
            end = self._taken.ends[stream]
            return Held(stream, end.to, end.identity, end.to)
        upto = min(head.to, tip.seq)
        identity = self._journal.identity_at(stream, upto) if upto else ""
        if upto == tip.seq and not identity.startswith(tip.mark):
            branch = self._branch_at(tip)
            if branch:
                self._taken.branched.add(stream)
                return Held(stream, tip.seq, branch, tip.seq)
        return Held(stream, upto, identity, head.to)

    def _named_version(self, tip: Tip, parents: Parents) -> Held:
        """Return what is held of the version that the device means, whatever its name is here."""
        stream = said_as(tip.stream)
        line, upto, identity = line_at(self._journal, tip, parents)
        end = self._taken.ends.get(tip.stream)
        if not line and end is not None and stream in self._taken.branched:
            return Held(tip.stream, end.to, end.identity, end.to)
        if not line:
            head = self._journal.head(stream)
            upto = min(head.to, tip.seq)
            identity = self._journal.identity_at(stream, upto) if upto else ""
            return Held(tip.stream, upto, identity, head.to)
        if line != stream and tip.stream == stream:
            self._taken.branched.add(stream)
        return Held(tip.stream, upto, identity, self._journal.head(line).to)

    def _branch_at(self, tip: Tip) -> str:
        """Return the identity of the device's version of what the county said, if it is kept."""
        branches = self._tables.branches
        rows = self._connection.execute(
            select(branches.c.identity).where(
                branches.c.station == home_of(tip.stream),
                branches.c.stream == tip.stream,
                branches.c.seq == tip.seq,
            )
        )
        return next((row[0] for row in rows if row[0].startswith(tip.mark)), "")
