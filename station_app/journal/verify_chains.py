"""The first check: every fact is as it was written, in its place, and none is missing."""

from collections.abc import Callable, Iterator
from typing import Any

from station_app.journal.fact import VERSION_MARK, Fact, blake, is_intact
from station_app.journal.findings import Findings
from station_app.journal.islands import Islands
from station_app.journal.kept_back import versions_of
from station_app.journal.log import Connection

_ROWS = (
    "SELECT f.stream, f.seq, f.act, f.at, f.kind, f.v, f.entity, f.by_, f.prev, f.digest, "
    "f.identity, f.private_digest, f.body, p.part FROM facts f "
    "LEFT JOIN privates p ON p.identity = f.identity WHERE f.stream = ? ORDER BY f.seq"
)


class ChainCheck:
    """Walks every stream, then holds the tables of streams, heads and privates against it."""

    def __init__(self, connection: Connection, findings: Findings) -> None:
        """Read from `connection`, report to `findings`."""
        self._connection = connection
        self._findings = findings
        self.count = 0
        self.stream_count = 0
        self._ends: dict[Any, tuple[int, str, str]] = {}
        self._bare: list[tuple[str, int, str]] = []
        self.damaged: set[str] = set()
        self._islands = Islands(connection)
        self._with_islands = self._islands.streams()

    def streams(self) -> list[Any]:
        """Return the streams that have a fact, by name; a damaged name may be no text at all."""
        rows = self._connection.execute("SELECT DISTINCT stream FROM facts").fetchall()
        return sorted((row[0] for row in rows), key=str)

    def facts(self, stream: Any) -> Iterator[Fact]:
        """Go through a stream, reporting what does not fit; yields the facts that are intact.

        Before an island facts may lack; what is held of it hangs together up to a signed head.
        """
        self.stream_count += 1
        islands = dict(self._islands.of(stream)) if stream in self._with_islands else {}
        seq, before = self._where_it_begins(stream)
        first, first_prev = seq + 1, before
        end: tuple[int, str, str] | None = None
        for row in self._connection.execute(_ROWS, (stream,)):
            self.count += 1
            place = (str(stream), _number(row[1]), str(row[4]))
            fact = _fact_of(row)
            if fact is None or not is_intact(fact):
                part = "" if fact is None else _which_part(fact)
                self._findings.add("ALTERED", place, f"its hashes do not agree{part}")
                self.damaged.add(str(row[10]))
            if fact is None:
                seq, before = seq + 1, ""
                continue
            if fact.seq in islands:
                end = (seq, before, first_prev) if end is None else end
            elif fact.seq != seq + 1:
                what = f"follows {seq} directly"
                self._findings.add("HOLE", place, what)
            elif before and fact.prev != before:
                self._findings.add("WRONG_BEFORE", place, f"names {fact.prev[:12]} before it")
            first_prev = fact.prev if fact.seq == first else first_prev
            seq, before = _number(row[1]), fact.identity
            if fact.private_digest and fact.private is None:
                self._bare.append(place)
            if is_intact(fact):
                yield fact
        self._check_islands(stream, islands)
        end = (seq, before, first_prev) if end is None else end
        if end[0] or not islands:
            self._ends[stream] = end

    def _where_it_begins(self, stream: Any) -> tuple[int, str]:
        """Return the fact before the first: none, or where a version goes its own way."""
        if not isinstance(stream, str) or VERSION_MARK not in stream:
            return 0, ""
        parent, upto = versions_of(self._connection, stream).get(stream, ("", 0))
        return upto, (self._identity_at(parent, upto) or "") if parent else ""

    def _check_islands(self, stream: Any, islands: dict[int, int]) -> None:
        """An island begins and ends in facts that are here, and its author signed its end."""
        for first, last in islands.items():
            for seq in (first, last):
                if self._identity_at(stream, seq) is None:
                    self._findings.add("END_MISSING", (str(stream), seq, ""), "edge of an island")
            head = self._connection.execute(
                "SELECT 1 FROM heads WHERE stream = ? AND to_seq = ?", (stream, last)
            ).fetchone()
            if head is None:
                what = "no head of its author ends this island"
                self._findings.add("SIGNATURE_WRONG", (str(stream), last, ""), what)

    def check_tables(self, is_signed: Callable[[Any], bool] | None) -> None:
        """Hold the tables beside the log against what the streams say."""
        self._check_streams()
        self._check_heads(is_signed)
        self._check_acknowledged()
        self._check_joints()
        self._check_privates()
        self._check_tickets()

    def _check_streams(self) -> None:
        rows = self._connection.execute("SELECT stream, length, head, first_prev FROM streams")
        held = {row[0]: (row[1], row[2], row[3]) for row in rows}
        for stream in sorted({*held, *self._ends}, key=str):
            known, kept = self._ends.get(stream, (0, "", "")), held.get(stream)
            if kept is None:
                self._findings.add("STREAM_WRONG", (str(stream), known[0], ""), "not in the list")
            elif kept[0] != known[0] or kept[1] != known[1]:
                reason = "END_MISSING" if _number(kept[0]) > known[0] else "STREAM_WRONG"
                place = (str(stream), known[0] + (reason == "END_MISSING"), "")
                what = f"the list has {kept[0]} {str(kept[1])[:12]}, the log {known[0]}"
                self._findings.add(reason, place, f"{what} {known[1][:12]}")
            elif kept[2] != known[2]:
                self._findings.add("STREAM_WRONG", (stream, 1, ""), f"begins after {kept[2]}")

    def _check_heads(self, is_signed: Callable[[Any], bool] | None) -> None:
        rows = self._connection.execute(
            "SELECT stream, to_seq, identity, key_id, signature FROM heads ORDER BY 1, 2"
        ).fetchall()
        for row in rows:
            place = (str(row[0]), _number(row[1]), "")
            held = self._identity_at(row[0], row[1])
            if held is None:
                self._findings.add("END_MISSING", place, "its author signed more than is here")
            elif held != row[2]:
                self._findings.add("HEAD_DIFFERS", place, f"signed as {str(row[2])[:12]}")
            elif is_signed is not None and not is_signed(row):
                self._findings.add("SIGNATURE_WRONG", place, f"key {row[3]}")

    def _check_acknowledged(self) -> None:
        rows = self._connection.execute(
            "SELECT stream, seq, identity FROM acknowledged ORDER BY 1, 2"
        ).fetchall()
        for stream, seq, identity in rows:
            held = self._identity_at(stream, seq)
            if held != identity and seq != 0:
                reason = "END_MISSING" if held is None else "HEAD_DIFFERS"
                place = (str(stream), _number(seq), "")
                self._findings.add(reason, place, "the county has another history")

    def _identity_at(self, stream: str, seq: int) -> str | None:
        row = self._connection.execute(
            "SELECT identity FROM facts WHERE stream = ? AND seq = ?", (stream, seq)
        ).fetchone()
        return str(row[0]) if row else None

    def _check_joints(self) -> None:
        """Our own streams hang together: what one continues is held, and the last one is known.

        The last fact need not end its stream: of a machine that was imaged while it ran, what came
        after it may have come back from others.
        """
        own = {row[0] for row in self._connection.execute("SELECT DISTINCT stream FROM tickets")}
        for stream in sorted(own, key=str):
            _, _, first_prev = self._ends.get(stream, (0, "", ""))
            if first_prev and not self._is_held(first_prev):
                what = f"continues {first_prev[:12]}, which is not here"
                self._findings.add("END_MISSING", (stream, 1, ""), what)
        row = self._connection.execute(
            "SELECT value FROM local WHERE name = 'last_identity'"
        ).fetchone()
        if own and (row is None or self._stream_of(row[0]) not in own):
            kept = str(row[0])[:12] if row else "nothing"
            self._findings.add("END_MISSING", ("", 0, ""), f"this PC's last fact was {kept}")

    def _is_held(self, identity: str) -> bool:
        return self._stream_of(identity) is not None

    def _stream_of(self, identity: str) -> str | None:
        row = self._connection.execute(
            "SELECT stream FROM facts WHERE identity = ?", (identity,)
        ).fetchone()
        return str(row[0]) if row else None

    def _check_privates(self) -> None:
        """A private part is gone only where an erasure says so; there is none without its fact.

        Whom an erased part spoke of is gone with it: any erasure known here may have been the
        one. Parts that another PC erased come without them, perhaps before the erasure does.
        """
        is_any_erased = self._connection.execute("SELECT 1 FROM erased LIMIT 1").fetchone()
        own = {row[0] for row in self._connection.execute("SELECT DISTINCT stream FROM tickets")}
        for place in self._bare:
            if place[0] in own and not is_any_erased:
                self._findings.add("PRIVATE_MISSING", place, "no erasure explains it")
        rows = self._connection.execute(
            "SELECT identity FROM privates WHERE identity NOT IN (SELECT identity FROM facts)"
        ).fetchall()
        for row in rows:
            self._findings.add("PRIVATE_LOOSE", ("", 0, ""), f"of {str(row[0])[:12]}")

    def _check_tickets(self) -> None:
        """Every ticket stands for an act that is here, and every act of our own has its ticket.

        None has what came back from others of a machine that was imaged while it ran: that lies
        behind the fact from which this disk went on.
        """
        rows = self._connection.execute(
            "SELECT ticket, stream, act FROM tickets t WHERE ticket != act OR NOT EXISTS "
            "(SELECT 1 FROM facts f WHERE f.stream = t.stream AND f.act = t.act)"
        ).fetchall()
        for ticket, stream, _act in rows:
            self._findings.add("TICKET_LOOSE", (str(stream), 0, ""), f"ticket {ticket}")
        rows = self._connection.execute(
            "SELECT stream, min(seq), kind, act FROM facts f WHERE stream IN "
            "(SELECT stream FROM tickets) AND NOT EXISTS (SELECT 1 FROM tickets t "
            "WHERE t.ticket = f.act AND t.stream = f.stream) GROUP BY stream, act"
        ).fetchall()
        left_at = self._left_at() if rows else {}
        for stream, seq, kind, act in rows:
            place = (str(stream), _number(seq), str(kind))
            if place[1] <= left_at.get(place[0], place[1]):
                self._findings.add("TICKET_MISSING", place, f"act {act}")

    def _left_at(self) -> dict[str, int]:
        """Return, of the streams that this disk went on from, behind which fact."""
        rows = self._connection.execute(
            "SELECT stream, max(seq) FROM facts WHERE identity IN "
            "(SELECT value FROM local WHERE name = 'last_identity' UNION SELECT first_prev "
            "FROM streams WHERE stream IN (SELECT stream FROM tickets)) GROUP BY stream"
        ).fetchall()
        return {str(stream): _number(seq) for stream, seq in rows}


def _fact_of(row: Any) -> Fact | None:
    """Return a row as a fact, None if its columns are not even of the right sort."""
    *header, body, part = row
    if not isinstance(body, bytes) or not (part is None or isinstance(part, bytes)):
        return None
    texts = (*header[:1], header[2], header[4], *header[6:])
    if not all(isinstance(text, str) for text in texts):
        return None
    if not all(isinstance(number, int) for number in (header[1], header[3], header[5])):
        return None
    stream, seq, act, at, kind, v, entity, by, prev, digest, identity, private_digest = header
    return Fact(
        stream=stream,
        seq=seq,
        act=act,
        at=at,
        kind=kind,
        v=v,
        entity=entity,
        by=by,
        prev=prev,
        digest=digest,
        identity=identity,
        private_digest=private_digest,
        body=body,
        private=part,
    )


def _which_part(fact: Fact) -> str:
    """Return which part of a fact was changed, as far as that can be told."""
    if fact.private is None:
        return ""
    return "" if blake(fact.private).hex() == fact.private_digest else ": the private part"


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0
