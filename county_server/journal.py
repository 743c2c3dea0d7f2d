"""The county's copy of all journals: appended to, looked up, never changed.

A stream that continues another one hides its end: what is no tip is pinned by what follows. Two
flags keep that at hand, so that a comparison does not have to look at ten years of streams.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table

from county_server.asking import ask, ask_one, tell
from county_server.bulk import add_rows, put_rows
from county_server.questions import here
from county_server.schema import home_of
from county_server.store import WRITES, Store
from station_app.journal.chain import Head
from station_app.journal.fact import VERSION_MARK, Fact, fact_of, is_from_county, said_as
from station_app.journal.rulings import WHOLE, Parents, way_to
from station_app.sync.segment import SignedHead, author_of

HASH_DIGITS = 64
LIST_MAX = 500  # values in one IN list; SQLite allows more, PostgreSQL plans it well


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a stream as it came in, with its place in the station's feed."""

    feed: int
    stream: str
    first: int
    last: int


class CountyJournal:
    """Reads and appends facts on an open connection."""

    def __init__(self, store: Store, connection: Connection) -> None:
        """Work on `connection`; appending needs a writing one."""
        self._store = store
        self._tables = store.tables
        self._questions = store.questions
        self._connection = connection

    # --- Streams ---------------------------------------------------------------------------------

    def head(self, stream: str) -> Head:
        """Return how far a stream reaches here; who writes locks its row to the commit."""
        is_writing = self._connection.get_execution_options().get(WRITES)
        asked = self._questions.head_to_move if is_writing else self._questions.head
        row = ask_one(self._connection, asked, {"at": home_of(stream), "stream": stream})
        return Head(stream, row[0], row[1]) if row else Head(stream, 0, "")

    def tips(self, station: str) -> list[Head]:
        """Return the ends of all chains that a station may see."""
        rows = ask(self._connection, self._questions.tips, {"at": station})
        return [Head(*row) for row in rows]

    def ends(self, station: str) -> list[Head]:
        """Return what a comparison names: the tips, and every end of a stream that has versions.

        An end that something goes on from is no tip; but of two versions nothing else pins it.
        """
        found = {head.stream: head for head in self.tips(station)}
        for stream, versions in self.forked(station).items():
            found |= {line: self.head(line) for line in (stream, *versions)}
        return list(found.values())

    def missing(self, station: str, author: str = "") -> list[str]:
        """Return the facts that streams of this station continue and that are not held here.

        author: only streams of this PC ("NX0601/D2").
        """
        rows = ask(self._connection, self._questions.missing, {"at": station})
        return [row[0] for row in rows if not author or row[1].startswith(f"{author}/")]

    def streams(self, station: str) -> list[Head]:
        """Return how far every stream of a station reaches, by name."""
        rows = ask(self._connection, self._questions.all_heads, {"at": station})
        return [Head(*row) for row in rows]

    # --- Versions --------------------------------------------------------------------------------

    def versions_of(self, line: str) -> Parents:
        """Return the versions of the stream that a line is one of, and what each goes on from."""
        which = {"at": home_of(line), "stream": said_as(line)}
        rows = ask(self._connection, self._questions.versions_of, which)
        return {row[0]: (row[1], row[2]) for row in rows}

    def forked(self, station: str) -> dict[str, Parents]:
        """Return the streams of a station of which versions are held, with what these go on from.

        Normally there are none.
        """
        found: dict[str, dict[str, tuple[str, int]]] = {}
        rows = ask(self._connection, self._questions.versions, {"at": station})
        for stream, line, parent, upto in rows:
            found.setdefault(stream, {})[line] = (parent, upto)
        return dict(found)

    def place_of(self, identity: str, station: str) -> tuple[str, int] | None:
        """Return under which name, and where, a fact is kept that a station may see."""
        for _, stream, seq in self.places_of([identity], station):
            return stream, seq
        return None

    def _begin_version(self, first: Fact) -> None:
        station, stream = home_of(first.stream), said_as(first.stream)
        before = self.place_of(first.prev, station) if first.prev else None
        is_inside = before is not None and said_as(before[0]) == stream
        parent, upto = before if before is not None and is_inside else ("", 0)
        row = {"station": station, "line": first.stream, "stream": stream, "first": first.seq}
        row |= {"parent": parent, "upto": upto}
        self._connection.execute(self._tables.versions.insert(), [row])

    # --- Facts -----------------------------------------------------------------------------------

    def run(self, stream: str, first: int, last: int) -> list[Fact]:
        """Return the facts `first` to `last` of a stream."""
        which = {"at": home_of(stream), "stream": stream, "first": first, "last": last}
        rows = ask(self._connection, self._questions.run, which)
        return [fact_of(row) for row in rows]

    def filed_under(self, station: str, root: str) -> list[Fact]:
        """Return the facts of an entity, sorted by (at, identity), the undone ones too."""
        rows = ask(self._connection, self._questions.filed_under, {"at": station, "named": root})
        return [fact_of(row) for row in rows]

    def identity_at(self, stream: str, seq: int) -> str:
        """Return the identity of one fact, "" when it is not held."""
        which = {"at": home_of(stream), "stream": stream, "seq": seq}
        row = ask_one(self._connection, self._questions.identity_at, which)
        return row[0] if row else ""

    def identities_at(self, stream: str, seqs: Sequence[int]) -> list[tuple[int, str]]:
        """Return number and identity of those of these facts of a stream that are held."""
        which = {"at": home_of(stream), "stream": stream, "seqs": seqs}
        rows = ask(self._connection, self._questions.identities_at, which)
        return [(row[0], row[1]) for row in rows]

    def places_of(self, identities: Sequence[str], station: str) -> list[tuple[str, str, int]]:
        """Return identity, stream and number of those of these facts that a station may see."""
        which = {"here": here(station), "names": identities}
        rows = ask(self._connection, self._questions.places_of, which)
        return [(row[0], row[1], row[2]) for row in rows]

    def at_of(self, head: Head) -> int:
        """Return when the last fact of a stream happened; 0 for a stream without any."""
        if not head.to:
            return 0
        which = {"at": home_of(head.stream), "stream": head.stream, "seq": head.to}
        row = ask_one(self._connection, self._questions.at_of, which)
        # One that somebody took away is named by `verify`, and stops nothing here.
        return row[0] if row else 0

    def stream_of(self, identity: str, station: str) -> str:
        """Return the stream that holds a fact which this station may see, "" for none."""
        which = {"at": station, "named": identity}
        for row in ask(self._connection, self._questions.stream_of, which):
            return str(row[0])
        return ""

    def act(self, stream: str, act: str) -> list[tuple[str, str]]:
        """Return entity and identity of the facts of an act."""
        which = {"at": home_of(stream), "stream": stream, "named": act}
        rows = ask(self._connection, self._questions.act, which)
        return [(row[0], row[1]) for row in rows]

    def acts_named(self, marks: Iterable[str], station: str) -> list[Run]:
        """Return whole acts of the county with named facts whose private part is here.

        marks: the beginnings of their identities.
        """
        acts: dict[tuple[str, str], None] = {}
        for mark in marks:
            which = {"at": station, "first": mark, "last": mark.ljust(HASH_DIGITS, "f")}
            for stream, act in ask(self._connection, self._questions.with_mark, which):
                if is_from_county(stream) and VERSION_MARK not in stream:
                    acts[stream, act] = None
        runs: list[Run] = []
        for stream, act in acts:
            its = {"at": home_of(stream), "stream": stream, "named": act}
            first, last = ask(self._connection, self._questions.act_ends, its)[0]
            runs.append(Run(0, stream, first, last))
        return runs

    def line_of(self, line: str, act: str) -> str:
        """Return where an act stands that this line undoes: a version shares its beginning."""
        way = way_to(line, self.versions_of(line)) if VERSION_MARK in line else {line: WHOLE}
        return next((one for one in way if self.act(one, act)), line)

    def append(self, facts: Sequence[Fact], before: Head) -> None:
        """Add a run that continues `before`, and note where the stream ends now."""
        self.put_back(facts)
        is_version = VERSION_MARK in facts[0].stream
        is_begun = bool(self.head(facts[0].stream).to if is_version else before.to)
        if is_version and not is_begun:
            self._begin_version(facts[0])
        self._advance(facts[-1], facts[0], is_begun=is_begun)

    def put_back(self, facts: Sequence[Fact]) -> None:
        """Add facts of one stream wherever they lie; its end does not move."""
        station = home_of(facts[0].stream)
        rows = [tuple(fact_row(fact, station).values()) for fact in facts]
        add_rows(self._connection, self._tables.facts, rows)
        self.keep_privates(facts)

    def keep_privates(self, facts: Sequence[Fact]) -> None:
        """Add the private parts of facts that stand in the journal."""
        parts = [(home_of(f.stream), f.identity, f.private) for f in facts if f.private is not None]
        add_rows(self._connection, self._tables.privates, parts)

    def _advance(self, last: Fact, first: Fact, *, is_begun: bool) -> None:
        """Move the end of a stream, and keep the flags of all that hangs on it."""
        station, questions = home_of(last.stream), self._questions
        end = {"at": station, "named": last.identity}
        is_continued = ask(self._connection, questions.is_continued, end)[0][0]
        if is_begun:
            moved = {"moved": last.stream, "to": last.seq, "tip": int(not is_continued)}
            tell(self._connection, questions.advance, end | moved)
        else:
            is_anchored = not first.prev or bool(self.stream_of(first.prev, station))
            put_rows(
                self._connection,
                questions.begin,
                [
                    {
                        "station": station,
                        "stream": last.stream,
                        "author": author_of(last.stream),
                        "length": last.seq,
                        "head": last.identity,
                        "first_prev": first.prev,
                        "is_tip": int(not is_continued),
                        "is_anchored": int(is_anchored),
                    }
                ],
            )
            tell(self._connection, questions.no_tip, {"at": station, "named": first.prev})
        self._anchor(station)

    def _anchor(self, station: str) -> None:
        """Look whether a fact came for which a stream has been waiting; normally none does."""
        waiting = ask(self._connection, self._questions.waiting, {"at": station})
        for stream, first_prev in waiting:
            if self.stream_of(first_prev, station):
                which = {"at": station, "moved": stream}
                tell(self._connection, self._questions.anchor, which)

    # --- Heads and the feed ----------------------------------------------------------------------

    def keep_head(self, head: SignedHead) -> None:
        """Keep an author's signed head."""
        self.keep_heads([head])

    def keep_heads(self, heads: Sequence[SignedHead]) -> None:
        """Keep authors' signed heads."""
        rows = [
            {
                "station": home_of(head.stream),
                "stream": head.stream,
                "to_seq": head.to,
                "identity": head.identity,
                "key_id": head.key_id,
                "signature": head.signature,
            }
            for head in heads
        ]
        put_rows(self._connection, self._store.upsert(self._tables.heads, keeps=True), rows)

    def heads_after(self, stream: str, seq: int) -> list[SignedHead]:
        """Return the signed heads of a stream beyond `seq`, in order."""
        which = {"at": home_of(stream), "stream": stream, "seq": seq}
        rows = ask(self._connection, self._questions.heads_after, which)
        return [SignedHead(r[0], r[1], r[2], r[3], bytes(r[4])) for r in rows]

    def add_run(self, station: str, stream: str, first: int, last: int) -> None:
        """Put a run at the end of a station's feed."""
        counted = self._store.upsert(self._tables.feeds, adds=("newest",))
        put_rows(self._connection, counted, [{"station": station, "newest": 1}])
        newest = ask(self._connection, self._questions.newest_run, {"at": station})[0][0]
        row = {"station": station, "feed": newest, "stream": stream}
        row |= {"author": author_of(stream), "first": first, "last": last}
        put_rows(self._connection, self._questions.add_run, [row])

    def runs_after(self, station: str, feed: int, *, but: str, limit: int) -> list[Run]:
        """Return the runs of a station beyond a place in its feed, without those of one author."""
        which = {"at": station, "feed": feed, "but": but, "at_most": limit}
        rows = ask(self._connection, self._questions.runs_after, which)
        return [Run(*row) for row in rows]


_NAMES = "stream seq act at kind v entity by_ prev digest identity body private_digest".split()


def fact_columns(table: Table) -> Iterable[Any]:
    """Return the columns of a fact in the order of `fact_of`."""
    return (table.c[name] for name in _NAMES)


def fact_row(fact: Fact, station: str) -> dict[str, Any]:
    """Return a fact as a row, its columns in the order of the table's."""
    return {
        "station": station,
        "stream": fact.stream,
        "seq": fact.seq,
        "act": fact.act,
        "at": fact.at,
        "kind": fact.kind,
        "v": fact.v,
        "entity": fact.entity,
        "by_": fact.by,
        "prev": fact.prev,
        "digest": fact.digest,
        "identity": fact.identity,
        "body": fact.body,
        "private_digest": fact.private_digest,
    }


def in_pieces(values: Iterable[str]) -> Iterator[list[str]]:
    """Yield distinct values in lists that fit an IN."""
    distinct = sorted(set(values))
    for start in range(0, len(distinct), LIST_MAX):
        yield distinct[start : start + LIST_MAX]
