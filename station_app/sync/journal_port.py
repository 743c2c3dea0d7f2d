"""The journal as the conversation with the county sees it: what to send, what has come.

Reads go through one connection, writes through the one writing thread: each is one transaction.
What was pulled and how far the feed is taken are written together, so a crash between them cannot
be. The exchange itself knows only the protocol; tests of the village put other journals under it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any, TypeVar

import msgspec

from station_app.journal import put_back
from station_app.journal.chain import Head
from station_app.journal.cuts import ends_here, missing_here
from station_app.journal.fact import Fact, said_as
from station_app.journal.islands import (
    NOTHING_ASIDE,
    Gap,
    Islands,
    gaps,
    is_begun,
    keep_known,
    keep_stage,
    stage_of,
)
from station_app.journal.log import Connection, FactLog
from station_app.journal.recorder import Recorder
from station_app.sync.bare import bare_here, kept_as, whole_here
from station_app.sync.bisecting import Lack
from station_app.sync.dictionary import NO_DICTIONARY
from station_app.sync.frame import ROWS
from station_app.sync.held import HeldHere, named_numbers
from station_app.sync.messages import (
    OPEN_THINGS,
    TIP_HASH_CHARACTERS,
    Contact,
    Held,
    Receipt,
    Tip,
)
from station_app.sync.places import Places
from station_app.sync.port import Ahead, Pending, Settled
from station_app.sync.progress import ATTEMPTS_KEPT, Attempt, Backlog
from station_app.sync.segment import Segment, SignedHead, author_of

SCHEMA = (
    """CREATE TABLE sync_attempts (
        number INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        outcome TEXT NOT NULL,
        facts_up INTEGER NOT NULL,
        facts_down INTEGER NOT NULL
    )""",
)
_EPOCH = "county_epoch"
_DICTIONARIES = "county_dictionaries"
_PCS = "county_heard"
_NAMED_BY = "named_by"
_COMPARED = "compared_at"
FOLDED_ACTS = 100  # at a time: the counter waits at most a tenth of a second for its turn
_FORMATS = "county_formats"
_BARE = "county_bare"
_KEEP = "INSERT OR REPLACE INTO local(name, value) VALUES (?, ?)"
_OTHER_VERSION = None
_LOWER_MARK = (
    "UPDATE acknowledged SET seq = 0, identity = '', receipt = ? "
    "WHERE county_epoch = ? AND stream = ? AND seq > 0"
)
_BEGIN_MARK = (
    "INSERT OR IGNORE INTO acknowledged(county_epoch, stream, seq, identity, receipt) "
    "VALUES (?, ?, 0, '', ?)"
)

T = TypeVar("T")
Write = Callable[[Callable[[Recorder], Any]], Any]


class StationJournal:
    """The `JournalPort` of a station's database."""

    def __init__(self, connection: Connection, write: Write, live: Callable[[], str]) -> None:
        """Read from `connection`, write through `write`.

        write: runs a function of the recorder in one transaction and returns what it returned.
        live: the stream of this start; another one after the database was opened again.
        """
        self._connection = connection
        self._write = write
        self._live = live
        self._log = FactLog(connection)

    @property
    def live(self) -> str:
        """Return the stream that this start of the program writes."""
        return self._live()

    def county_epoch(self) -> int:
        """Return the highest county epoch that a verified receipt named; 0 for none."""
        return _epoch_known(self._connection)

    def pending(self, county_epoch: int) -> Sequence[Pending]:
        """Return the streams that are not wholly confirmed, own ones first."""
        rows = self._connection.execute(
            "SELECT s.stream, s.length, s.head, coalesce(a.seq, 0), a.seq IS NULL AND EXISTS "
            "(SELECT 1 FROM acknowledged o "
            "WHERE o.stream = s.stream AND o.county_epoch < ? AND o.seq > 0) "
            "FROM streams s LEFT JOIN acknowledged a "
            "ON a.stream = s.stream AND a.county_epoch = ? "
            "WHERE coalesce(a.seq, 0) < s.length ORDER BY s.stream",
            (county_epoch, county_epoch),
        ).fetchall()
        own = self.live.rsplit("/", 1)[0] + "/"
        found = [Pending(row[0], row[1], row[2], row[3], bool(row[4])) for row in rows]
        return sorted(found, key=lambda p: (p.stream != self.live, not p.stream.startswith(own)))

    def tips(self) -> tuple[tuple[Tip, ...], tuple[str, ...]]:
        """Return the ends of all chains here, and what others continue that is not held here."""
        ends = {line: (seq, identity) for line, seq, identity in ends_here(self._connection)}
        for forked in self._forked():  # two versions are compared end by end
            ends[forked.stream] = (forked.to, forked.identity)
        tips = tuple(
            Tip(line, seq, identity[:TIP_HASH_CHARACTERS])
            for line, (seq, identity) in sorted(ends.items())
        )
        return tips, missing_here(self._connection)

    def _forked(self) -> list[Head]:
        """Return the ends of all lines of the streams of which two versions are held here."""
        rows = self._connection.execute("SELECT stream FROM streams WHERE stream GLOB '*~*'")
        lines = {row[0] for row in rows.fetchall()}
        return [self._log.head(line) for line in sorted({*lines, *map(said_as, lines)})]

    def forked(self) -> frozenset[str]:
        """Return the streams of which two versions are held here, by their own names."""
        return frozenset(said_as(head.stream) for head in self._forked())

    def line_at(self, tip: Tip) -> str | None:
        """Return which line of a stream holds this end: "" if others do, None if nothing stands
        there.
        """
        stream = said_as(tip.stream)
        rows = self._connection.execute(
            "SELECT stream, identity FROM facts WHERE seq = ? AND (stream = ? OR "
            "(stream > ? AND stream < ?))",
            (tip.seq, stream, f"{stream}~", f"{stream}~~"),
        ).fetchall()
        known = (line for line, identity in rows if identity.startswith(tip.mark))
        return next(known, "") if rows else None

    def head(self, stream: str) -> Head:
        """Return how far a stream reaches here."""
        return self._log.head(stream)

    def run(self, stream: str, first: int, last: int) -> Sequence[Fact]:
        """Return the facts `first` to `last` of a stream."""
        return self._log.run(stream, first, last)

    def heads_after(self, stream: str, seq: int) -> Sequence[SignedHead]:
        """Return the signed heads of another's stream beyond `seq`, in order."""
        rows = self._connection.execute(
            "SELECT stream, to_seq, identity, key_id, signature FROM heads "
            "WHERE stream = ? AND to_seq > ? ORDER BY to_seq",
            (stream, seq),
        ).fetchall()
        return [SignedHead(row[0], row[1], row[2], row[3], bytes(row[4])) for row in rows]

    def stream_of(self, identity: str) -> str:
        """Return the stream that holds a fact, "" when it is not held here."""
        fact = self._log.by_identity(identity)
        return fact.stream if fact else ""

    def asked_back(self, by: str = "") -> Sequence[Lack]:
        """Return what the last receipt, or a sibling, said is bare there and is whole here."""
        marks = _known(self._connection, f"{_BARE} {by}" if by else _BARE).split()
        return whole_here(self._connection, marks)

    def keep_asked(self, by: str, marks: Iterable[str]) -> None:
        """Keep which facts a sibling holds without their private part."""
        row = (f"{_BARE} {by}", kept_as(marks))
        self._write(lambda recorder: recorder.connection.execute(_KEEP, row) and None)

    def bare(self) -> Sequence[str]:
        """Return the marks of the county's words that are held without their private part."""
        return bare_here(self._connection)

    def cursor(self, county_epoch: int) -> int:
        """Return how far the county's feed was taken in that epoch."""
        row = self._connection.execute(
            "SELECT seq FROM pulled WHERE stream = ?", (_feed(county_epoch),)
        ).fetchone()
        return row[0] if row else 0

    def dictionaries(self) -> frozenset[int]:
        """Return the dictionaries that the county has named as readable; at least 0."""
        return frozenset({NO_DICTIONARY, *named_numbers(self._connection, _DICTIONARIES)})

    def formats(self) -> frozenset[int]:
        """Return the formats of frames that the county has named as readable; at least rows."""
        return frozenset({ROWS, *named_numbers(self._connection, _FORMATS)})

    @property
    def places(self) -> Places:
        """Return the facts held here, and those of them that the county holds, too."""
        return HeldHere(self._connection, author_of(self.live), self.marks)

    def stage(self) -> tuple[int, int]:
        """Return what of the station's history lacks here, and how far that stage was taken."""
        if not self.county_epoch() and not is_begun(self._connection):
            return OPEN_THINGS, 0
        return stage_of(self._connection)

    def set_stage(self, stage: int) -> None:
        """Keep that a stage begins."""
        self._write(lambda recorder: keep_stage(recorder.connection, stage))

    def note_known(self, total: int, since_at: int) -> None:
        """Keep how many facts the station has, and since when all of them are here."""
        self._write(lambda recorder: keep_known(recorder.connection, total, since_at))

    def named_by(self, sibling: str) -> Mapping[str, int]:
        """Return how far the streams reach at a sibling, by its last bundle; empty for none."""
        value = _known(self._connection, f"{_NAMED_BY} {sibling}")
        return msgspec.json.decode(value, type=dict[str, int]) if value else {}

    def keep_named(self, sibling: str, named: Mapping[str, int]) -> None:
        """Keep how far the streams reach at a sibling."""
        row = (f"{_NAMED_BY} {sibling}", msgspec.json.encode(named).decode("utf-8"))
        self._write(lambda recorder: recorder.connection.execute(_KEEP, row) and None)

    def doubted(self) -> Set[tuple[str, str]]:
        """Return the asking acts (stream, act) that may not leave before somebody has looked."""
        return {(one.stream, one.act) for one in put_back.doubted(self._connection)}

    def fold_aside(self) -> bool:
        """Fold some of what was set aside; False when there was nothing left."""
        folded: int = self._write(lambda recorder: recorder.fold_aside(FOLDED_ACTS))
        return folded > 0

    def islands(self, stream: str) -> Sequence[tuple[int, int]]:
        """Return what is held of a stream beyond a hole: (first, last)."""
        return Islands(self._connection).of(stream)

    def gaps(self) -> Sequence[Gap]:
        """Return what lacks below what is held, that below the latest first."""
        return gaps(self._connection)

    def between(self, first: tuple[str, int], end: tuple[str, int]) -> Sequence[Tip]:
        """Return every fact from one place up to before another, in order; no second versions."""
        rows = self._connection.execute(
            "SELECT stream, seq, substr(identity, 1, ?) FROM facts "
            "WHERE (stream, seq) >= (?, ?) AND (stream, seq) < (?, ?) "
            "AND instr(stream, '~') = 0 ORDER BY stream, seq",
            (TIP_HASH_CHARACTERS, *first, *end),
        ).fetchall()
        return [Tip(*row) for row in rows]

    def compared_at(self) -> int:
        """Return when everything was last compared with the county, UTC ms; 0 for never."""
        return int(_known(self._connection, _COMPARED) or 0)

    def keep_compared(self, at_ms: int) -> None:
        """Keep when everything was compared."""
        row = (_COMPARED, str(at_ms))
        self._write(lambda recorder: recorder.connection.execute(_KEEP, row) and None)

    def backlog(self) -> Backlog:
        """Return what the county has not confirmed."""
        row = self._connection.execute(
            "SELECT count(*), coalesce(sum(length(f.body) + coalesce(length(p.part), 0)), 0), "
            "coalesce(min(f.at), 0) FROM streams s "
            "LEFT JOIN acknowledged a ON a.stream = s.stream AND a.county_epoch = ? "
            "JOIN facts f ON f.stream = s.stream AND f.seq > coalesce(a.seq, 0) "
            "AND f.seq <= s.length "
            "LEFT JOIN privates p ON p.identity = f.identity "
            "WHERE s.length > coalesce(a.seq, 0) AND s.stream NOT LIKE 'county.%'",
            (self.county_epoch(),),
        ).fetchone()
        return Backlog(*row)

    def marks(self) -> dict[str, int]:
        """Return, for each stream, how far a verified receipt of the present epoch reaches."""
        rows = self._connection.execute(
            "SELECT stream, seq FROM acknowledged WHERE county_epoch = ?", (self.county_epoch(),)
        ).fetchall()
        return dict(rows)

    def heard(self) -> tuple[Contact, ...]:
        """Return when the county last heard each PC of the station, by its last receipt."""
        value = _known(self._connection, _PCS)
        return msgspec.json.decode(value, type=tuple[Contact, ...]) if value else ()

    def attempts(self) -> Sequence[Attempt]:
        """Return the last tries, the newest first."""
        rows = self._connection.execute(
            "SELECT at, outcome, facts_up, facts_down FROM sync_attempts ORDER BY number DESC"
        ).fetchall()
        return [Attempt(*row) for row in rows]

    def offer(self, acts: Iterable[tuple[str, str]]) -> None:
        """Keep that these acts (stream, act) are about to leave."""
        rows = list(acts)
        if not rows:
            return

        def work(recorder: Recorder) -> None:
            recorder.connection.executemany(
                "INSERT OR IGNORE INTO offered(stream, act) VALUES (?, ?)", rows
            )

        self._write(work)

    def take(
        self,
        segments: Sequence[Segment],
        *,
        county_epoch: int,
        cursor: int,
        ahead: Ahead | None = None,
    ) -> int:
        """Take facts of others and move the cursor, together; return how many were new."""

        def work(recorder: Recorder) -> int:
            new = 0
            for segment in segments:
                if ahead is None:
                    new += recorder.take(segment.facts).new
                else:
                    aside = ahead.aside.get(segment.stream, NOTHING_ASIDE)
                    new += recorder.take_ahead(segment.facts, aside).new
                keep_head(recorder.connection, segment.head)
            if ahead is not None:
                keep_stage(recorder.connection, ahead.stage, ahead.place)
            recorder.connection.execute(
                "INSERT INTO pulled(stream, seq) VALUES (?, ?) ON CONFLICT(stream) DO UPDATE "
                "SET seq = max(seq, excluded.seq)",
                (_feed(county_epoch), cursor),
            )
            return new

        taken: int = self._write(work)
        return taken

    def settle(
        self,
        receipt: Receipt,
        proof: bytes,
        *,
        is_late: bool = False,
        named: Set[str] | None = None,
    ) -> Settled:
        """Set the marks to what a verified receipt says; if it may be late, only upwards."""

        def work(recorder: Recorder) -> Settled:
            if is_late:
                return _settle_late(recorder.connection, receipt, proof)
            return _settle(recorder.connection, receipt, proof, named)

        settled: Settled = self._write(work)
        return settled

    def note(self, attempt: Attempt) -> None:
        """Keep how a try went; only the last ones are kept."""

        def work(recorder: Recorder) -> None:
            execute = recorder.connection.execute
            execute(
                "INSERT INTO sync_attempts(at, outcome, facts_up, facts_down) VALUES (?, ?, ?, ?)",
                (attempt.at, attempt.outcome, attempt.facts_up, attempt.facts_down),
            )
            execute(
                "DELETE FROM sync_attempts WHERE number <= "
                "(SELECT max(number) FROM sync_attempts) - ?",
                (ATTEMPTS_KEPT,),
            )

        self._write(work)


def keep_head(connection: Connection, head: SignedHead) -> None:
    """Keep an author's signed head: whoever holds it may pass the stream on up to there."""
    row = connection.execute(
        "SELECT stream FROM facts WHERE identity = ?", (head.identity,)
    ).fetchone()
    if row is not None:  # of another version it stands with that version
        head = replace(head, stream=row[0])
    connection.execute(
        "INSERT OR IGNORE INTO heads(stream, to_seq, identity, key_id, signature) "
        "VALUES (?, ?, ?, ?, ?)",
        (head.stream, head.to, head.identity, head.key_id, head.signature),
    )


def _settle_late(connection: Connection, receipt: Receipt, proof: bytes) -> Settled:
    """Settle by a receipt of a stick. One of a higher epoch begins with empty marks, as any."""
    present = _epoch_known(connection)
    if receipt.county_epoch < present:
        return Settled(0, 0, ())
    if receipt.county_epoch > present:
        return _settle(connection, receipt, proof, None)
    connection.execute(_KEEP, (_BARE, kept_as(receipt.bare or ())))
    held = connection.execute(
        "SELECT stream, seq FROM acknowledged WHERE county_epoch = ?", (present,)
    ).fetchall()
    known = dict(held)
    rising = [entry for entry in receipt.held if entry.seq > known.get(entry.stream, 0)]
    return _mark(connection, rising, present, proof)


def _epoch_known(connection: Connection) -> int:
    return int(_known(connection, _EPOCH) or 0)


def _known(connection: Connection, name: str) -> str:
    row = connection.execute("SELECT value FROM local WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else ""


def _settle(
    connection: Connection, receipt: Receipt, proof: bytes, named: Set[str] | None
) -> Settled:
    pcs = msgspec.json.encode(receipt.pcs).decode("utf-8")
    for name, value in (
        (_PCS, pcs),
        (_EPOCH, str(receipt.county_epoch)),
        (_DICTIONARIES, " ".join(map(str, receipt.dictionaries))),
        (_FORMATS, " ".join(map(str, receipt.formats))),
        (_BARE, kept_as(receipt.bare or ())),
    ):
        connection.execute(_KEEP, (name, value))
    if named is None:
        return _mark(connection, receipt.held, receipt.county_epoch, proof)
    rows = connection.execute(
        "SELECT stream, seq FROM acknowledged WHERE county_epoch = ?", (receipt.county_epoch,)
    ).fetchall()
    marks = dict(rows)
    told = [e for e in receipt.held if e.stream in named or e.seq > marks.get(e.stream, 0)]
    return _mark(connection, told, receipt.county_epoch, proof)


def _mark(connection: Connection, held: Sequence[Held], county_epoch: int, proof: bytes) -> Settled:
    marks = [_set_mark(connection, entry, county_epoch, proof) for entry in held]
    forks = tuple(
        entry.stream for entry, mark in zip(held, marks, strict=True) if mark is _OTHER_VERSION
    )
    moves = [mark or 0 for mark in marks]
    return Settled(sum(max(0, move) for move in moves), -sum(min(0, m) for m in moves), forks)


def _set_mark(connection: Connection, entry: Held, county_epoch: int, proof: bytes) -> int | None:
    """Set one mark; return by how much it rose, or _OTHER_VERSION if the county's fact differs."""
    stream = entry.stream
    if entry.seq:
        held = connection.execute(
            "SELECT stream FROM facts WHERE identity = ?", (entry.identity,)
        ).fetchone()
        is_here = held is not None and said_as(held[0]) == said_as(stream)
        stream = held[0] if is_here else stream  # that version may bear another name here
        if stream != entry.stream or not is_here:
            if _stands_there(connection, entry):
                # Nothing of ours is confirmed in this epoch, which is an answer, too: ours is
                # offered whole, and the county keeps it beside the other.
                connection.execute(_BEGIN_MARK, (county_epoch, entry.stream, proof))
                if not is_here:
                    # Nor is what was before: a county that was put back has lost it.
                    connection.execute(_LOWER_MARK, (proof, county_epoch, entry.stream))
                    return _OTHER_VERSION
            elif not is_here:
                return 0  # it is on its way down: the marks are set again when it is here
    before = connection.execute(
        "SELECT seq FROM acknowledged WHERE county_epoch = ? AND stream = ?",
        (county_epoch, stream),
    ).fetchone()
    if stream != entry.stream and before is not None and before[0] >= entry.seq:
        return 0  # said by the way, of another version than the one that was named
    connection.execute(
        "INSERT INTO acknowledged(county_epoch, stream, seq, identity, receipt) "
        "VALUES (?, ?, ?, ?, ?) ON CONFLICT(county_epoch, stream) DO UPDATE SET "
        "seq = excluded.seq, identity = excluded.identity, receipt = excluded.receipt",
        (county_epoch, stream, entry.seq, entry.identity, proof),
    )
    return entry.seq - (before[0] if before else 0)


def _stands_there(connection: Connection, entry: Held) -> bool:
    row = connection.execute(
        "SELECT 1 FROM facts WHERE stream = ? AND seq = ?", (entry.stream, entry.seq)
    ).fetchone()
    return row is not None


def _feed(county_epoch: int) -> str:
    return f"county.{county_epoch}"
