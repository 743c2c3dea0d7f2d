"""The log: the append-only table of facts, and nothing that follows from it.

Rows are only ever inserted. Triggers refuse every update and removal, but that an island may be
filed with another version of its stream; the private part has a table of its own, from which an
erasure may delete.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from station_app.journal.chain import Head
from station_app.journal.fact import VERSION_MARK, Fact, fact_of

_COLUMNS = (
    "f.stream, f.seq, f.act, f.at, f.kind, f.v, f.entity, f.by_, f.prev, f.digest, "
    "f.identity, f.body, f.private_digest, p.part"
)
_FROM = " FROM facts f LEFT JOIN privates p ON p.identity = f.identity "


class Connection(Protocol):
    """What the journal needs of a database connection: sqlcipher3, sqlite3 and apsw have it."""

    def execute(self, sql: str, parameters: Any = (), /) -> Any:
        """Run one statement."""
        ...

    def executemany(self, sql: str, parameters: Any, /) -> Any:
        """Run one statement for each row of parameters."""
        ...


class FactLog:
    """Reads and appends facts on an open connection."""

    def __init__(self, connection: Connection) -> None:
        """Work on `connection`; writing needs an open transaction."""
        self._connection = connection

    def append(self, fact: Fact) -> None:
        """Add one fact. The caller has checked that it continues its stream."""
        execute = self._connection.execute
        execute(
            "INSERT INTO facts(stream, seq, act, at, kind, v, entity, by_, prev, digest, identity, "
            "body, private_digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                fact.stream,
                fact.seq,
                fact.act,
                fact.at,
                fact.kind,
                fact.v,
                fact.entity,
                fact.by,
                fact.prev,
                fact.digest,
                fact.identity,
                fact.body,
                fact.private_digest,
            ),
        )
        if fact.private is not None:
            self.keep_private(fact)

    def keep_private(self, fact: Fact) -> None:
        """Add the private part of a fact that stands here."""
        self._connection.execute(
            "INSERT INTO privates(identity, part) VALUES (?, ?)", (fact.identity, fact.private)
        )

    def is_bare(self, identity: str) -> bool:
        """Tell whether a fact is held, and its private part is not."""
        row = self._connection.execute(
            "SELECT 1 FROM facts f WHERE identity = ? AND private_digest != '' "
            "AND NOT EXISTS (SELECT 1 FROM privates p WHERE p.identity = f.identity)",
            (identity,),
        ).fetchone()
        return row is not None

    def advance(self, head: Head, first_prev: str) -> None:
        """Keep how far a stream reaches now."""
        self._connection.execute(
            "INSERT INTO streams(stream, length, head, first_prev) VALUES (?, ?, ?, ?) "
            "ON CONFLICT(stream) DO UPDATE SET length = excluded.length, head = excluded.head",
            (head.stream, head.to, head.identity, first_prev),
        )

    def file_anew(self, line: str, to: str, span: tuple[int, int]) -> None:
        """File an island with the version of its stream that it goes on from, and its heads."""
        execute = self._connection.execute
        execute(
            "UPDATE heads SET stream = ? WHERE stream = ? AND identity IN "
            "(SELECT identity FROM facts WHERE stream = ? AND seq BETWEEN ? AND ?)",
            (to, line, line, *span),
        )
        for table in ("set_aside", "facts"):
            execute(
                f"UPDATE {table} SET stream = ? "  # noqa: S608 - our own names
                "WHERE stream = ? AND seq BETWEEN ? AND ?",
                (to, line, *span),
            )

    def head(self, stream: str) -> Head:
        """Return how far a stream reaches here; `to` = 0 when none of it is held."""
        row = self._connection.execute(
            "SELECT length, head FROM streams WHERE stream = ?", (stream,)
        ).fetchone()
        return Head(stream, row[0], row[1]) if row else Head(stream, 0, "")

    def heads(self) -> list[Head]:
        """Return how far every stream reaches here, by name."""
        rows = self._connection.execute("SELECT stream, length, head FROM streams ORDER BY stream")
        return [Head(*row) for row in rows.fetchall()]

    def run(self, stream: str, first: int, last: int) -> list[Fact]:
        """Return the facts `first` to `last` of a stream, both included."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS}{_FROM}WHERE f.stream = ? AND f.seq BETWEEN ? AND ? ORDER BY f.seq",
            (stream, first, last),
        )
        return [fact_of(row) for row in rows]

    def count(self, stream: str, first: int, last: int) -> int:
        """Return how many of the facts `first` to `last` of a stream are held."""
        row = self._connection.execute(
            "SELECT count(*) FROM facts WHERE stream = ? AND seq BETWEEN ? AND ?",
            (stream, first, last),
        ).fetchone()
        return int(row[0])

    def has_followed(self, fact: Fact) -> bool:
        """Tell whether what follows from a fact stands here, although the fact itself was lost."""
        row = self._connection.execute(
            "SELECT 1 FROM folds WHERE identity = ? UNION ALL "
            "SELECT 1 FROM postings WHERE stream = ? AND seq = ? LIMIT 1",
            (fact.identity, fact.stream, fact.seq),
        ).fetchone()
        return row is not None

    def identities(self, stream: str, first: int, last: int) -> dict[int, str]:
        """Return which facts are held of a run, by seq."""
        rows = self._connection.execute(
            "SELECT seq, identity FROM facts WHERE stream = ? AND seq BETWEEN ? AND ?",
            (stream, first, last),
        ).fetchall()
        return dict(rows)

    def first_of(self, stream: str) -> Fact | None:
        """Return the first fact of a stream; of a version of one, the first that differs."""
        if VERSION_MARK not in stream:
            first = self.run(stream, 1, 1)
        else:
            row = self._connection.execute(
                "SELECT min(seq) FROM facts WHERE stream = ?", (stream,)
            ).fetchone()
            first = self.run(stream, row[0], row[0]) if row[0] else []
        return first[0] if first else None

    def all_of(self, stream: str) -> Iterator[Fact]:
        """Go through a whole stream in order."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS}{_FROM}WHERE f.stream = ? ORDER BY f.seq",
            (stream,),
        )
        for row in rows:
            yield fact_of(row)

    def act(self, stream: str, act: str) -> list[Fact]:
        """Return the facts of one act, in order."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS}{_FROM}WHERE f.stream = ? AND f.act = ? ORDER BY f.seq",
            (stream, act),
        )
        return [fact_of(row) for row in rows]

    def of_kind(self, stream: str, kind: str) -> list[Fact]:
        """Return the facts of one kind in a stream, in order, also those that do not count."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS}{_FROM}WHERE f.stream = ? AND f.kind = ? ORDER BY f.seq",
            (stream, kind),
        )
        return [fact_of(row) for row in rows]

    def by_identity(self, identity: str) -> Fact | None:
        """Return the fact with this identity, or None."""
        row = self._connection.execute(
            f"SELECT {_COLUMNS}{_FROM}WHERE f.identity = ?",
            (identity,),
        ).fetchone()
        return fact_of(row) if row else None

    def filed_under(self, root: str) -> Sequence[tuple[Fact, bool, bool]]:
        """Return the facts of an entity, sorted by (at, identity), also those that do not count.

        With each stands whether it is left out (a reversal names its act, or it lies beyond a cut),
        and whether it is in quarantine.
        """
        rows = self._connection.execute(
            f"SELECT {_COLUMNS}, "  # noqa: S608
            "EXISTS (SELECT 1 FROM reversals r WHERE r.stream = f.stream AND r.act = f.act) "
            "OR EXISTS (SELECT 1 FROM kept_back k WHERE k.stream = f.stream AND f.seq > k.reach), "
            "EXISTS (SELECT 1 FROM quarantine q WHERE q.identity = f.identity) "
            "FROM folds o CROSS JOIN facts f ON f.identity = o.identity "
            "LEFT JOIN privates p ON p.identity = f.identity "
            "WHERE o.root = ? ORDER BY o.at, o.identity",
            (root,),
        )
        return [(fact_of(row), bool(row[14]), bool(row[15])) for row in rows.fetchall()]

    def latest_at(self, root: str) -> int:
        """Return the highest `at` among the facts of an entity; 0 when there are none."""
        row = self._connection.execute(
            "SELECT max(at) FROM folds WHERE root = ?", (root,)
        ).fetchone()
        return row[0] or 0
