"""The fold's store on the station's database: states, read tables, joins, cases.

Only plain `execute` is used: these are writes of a fact's transaction, and they must run on every
driver that the tests put under them.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from functools import cache
from typing import Any

from station_app.journal.fact import Fact, NotCanonical, Told, canonical, parse_tree
from station_app.journal.kept_back import KeptBack, Shift, way_here
from station_app.journal.kinds import ActReversed, PrivateErased
from station_app.journal.log import Connection, FactLog
from station_app.journal.projection import Cases, EntityKind
from station_app.journal.vocabulary import Unreadable, Vocabulary


def table_statements(kinds: Iterable[EntityKind[Any]]) -> tuple[str, ...]:
    """Return the statements that make the read tables of these kinds, and their indexes."""
    statements: list[str] = []
    for kind in kinds:
        columns = kind.columns
        if columns is None:
            continue
        fields = "".join(f", {name} {type_} NOT NULL" for name, type_ in columns.fields)
        statements.append(
            f"CREATE TABLE IF NOT EXISTS {columns.table} "
            f"(entity TEXT PRIMARY KEY{fields}) WITHOUT ROWID"
        )
        for index in columns.indexes:
            name = f"{columns.table}_by_{'_'.join(index)}"
            statements.append(
                f"CREATE INDEX IF NOT EXISTS {name} ON {columns.table} ({', '.join(index)})"
            )
    return tuple(statements)


def anew_statements(kinds: Sequence[EntityKind[Any]]) -> tuple[str, ...]:
    """Return the statements that make the read tables anew and empty, whatever shape they had."""
    tables = [kind.columns.table for kind in kinds if kind.columns is not None]
    return (*(f"DROP TABLE IF EXISTS {table}" for table in tables), *table_statements(kinds))


class SqlFoldStore:
    """A `FoldStore` on an open connection, inside the transaction of the facts."""

    def __init__(self, connection: Connection, vocabulary: Vocabulary) -> None:
        """Work on `connection`; the vocabulary decodes facts and states."""
        self._connection = connection
        self._vocabulary = vocabulary
        self._log = FactLog(connection)
        self._kept_back = KeptBack(connection)
        self._decoders = vocabulary.state_decoders
        self._upserts = _upserts(vocabulary)

    def root_of(self, identity: str) -> str:
        """Return the entity that this identity is joined to; itself when it is not."""
        row = self._connection.execute(
            "SELECT root FROM roots WHERE identity = ?", (identity,)
        ).fetchone()
        return row[0] if row else identity

    def found(self, kind: str, natural_key: str, identity: str) -> Sequence[str]:
        """Keep a founder under its key and return all founders with that key, this one too."""
        self._connection.execute(
            "INSERT OR IGNORE INTO founders(kind, natural_key, identity) VALUES (?, ?, ?)",
            (kind, natural_key, identity),
        )
        rows = self._connection.execute(
            "SELECT identity FROM founders WHERE kind = ? AND natural_key = ?",
            (kind, natural_key),
        ).fetchall()
        return [row[0] for row in rows]

    def join(self, member: str, root: str) -> None:
        """File everything that stands under `member` under `root` from now on."""
        execute = self._connection.execute
        execute("UPDATE roots SET root = ? WHERE root = ?", (root, member))
        execute("INSERT OR REPLACE INTO roots(identity, root) VALUES (?, ?)", (member, root))
        execute(
            "INSERT OR IGNORE INTO folds(root, at, identity, stream, seq) "
            "SELECT ?, at, identity, stream, seq FROM folds WHERE root = ?",
            (root, member),
        )
        execute("DELETE FROM folds WHERE root = ?", (member,))

    def file(self, root: str, told: Told) -> bool:
        """File a fact under its entity; True if it may be applied to the state as it stands."""
        last = self._connection.execute(
            "SELECT at, identity FROM folds WHERE root = ? ORDER BY at DESC, identity DESC LIMIT 1",
            (root,),
        ).fetchone()
        self._insert_fold(root, told.at, told.identity, told.kept_as, told.seq)
        if last is None:
            return True
        is_last: bool = (last[0], last[1]) < (told.at, told.identity)
        return is_last and not self._is_stopped(root)

    def _insert_fold(self, root: str, at: int, identity: str, stream: str, seq: int) -> None:
        self._connection.execute(
            "INSERT OR IGNORE INTO folds(root, at, identity, stream, seq) VALUES (?, ?, ?, ?, ?)",
            (root, at, identity, stream, seq),
        )

    def _is_stopped(self, root: str) -> bool:
        row = self._connection.execute(
            "SELECT 1 FROM folds f CROSS JOIN quarantine q ON q.identity = f.identity "
            "WHERE f.root = ? LIMIT 1",
            (root,),
        ).fetchone()
        return row is not None

    def stop(self, root: str, fact: Fact, reason: str) -> None:
        """File a fact that cannot be read under its entity, and keep the reason (quarantine)."""
        self._insert_fold(root, fact.at, fact.identity, fact.stream, fact.seq)
        self._connection.execute(
            "INSERT OR REPLACE INTO quarantine(identity, reason) VALUES (?, ?)",
            (fact.identity, reason),
        )

    def live_facts(self, root: str) -> Sequence[Told]:
        """Return the live facts of an entity in order, up to the first in quarantine."""
        facts: list[Told] = []
        for fact, is_out, is_stopped in self._log.filed_under(root):
            if is_out:
                continue
            if is_stopped:
                break
            try:
                facts.append(self._vocabulary.read(fact))
            except Unreadable:
                break  # an older program reads a newer journal: the rest waits for its upgrade
        return facts

    def is_reversed(self, stream: str, act: str) -> bool:
        """Tell whether a reversal names this act of this stream."""
        row = self._connection.execute(
            "SELECT 1 FROM reversals WHERE stream = ? AND act = ? LIMIT 1", (stream, act)
        ).fetchone()
        return row is not None

    def reverse(self, reversal: Told) -> Sequence[str]:
        """Keep a reversal and return the entities that the undone act touched."""
        line = self.line_of(reversal.kept_as, reversal.body.act)
        self._connection.execute(
            "INSERT OR IGNORE INTO reversals(stream, act, identity) VALUES (?, ?, ?)",
            (line, reversal.body.act, reversal.identity),
        )
        return self._touched_by_act(line, reversal.body.act)

    def line_of(self, line: str, act: str) -> str:
        """Return where an act stands that this line undoes: a version shares its beginning."""
        for one in way_here(self._connection, line):
            if self._touches(one, act):
                return one
        return line

    def _touches(self, line: str, act: str) -> bool:
        row = self._connection.execute(
            "SELECT 1 FROM facts WHERE stream = ? AND act = ? LIMIT 1", (line, act)
        ).fetchone()
        return row is not None

    def _touched_by_act(self, line: str, act: str) -> list[str]:
        rows = self._connection.execute(
            "SELECT entity, identity FROM facts WHERE stream = ? AND act = ?", (line, act)
        ).fetchall()
        return [self.root_of(entity or identity) for entity, identity in rows]

    # --- What counts -----------------------------------------------------------------------------

    def is_beyond(self, stream: str, seq: int) -> bool:
        """Tell whether a fact lies beyond a cut: it is kept, and does not count."""
        return seq > self._kept_back.reach(stream)

    def rule(self, told: Told) -> Sequence[str]:
        """Keep a decision about what counts; return the entities that it touches."""
        return self._touched_by(self._kept_back.rule(told))

    def settle(self, stream: str) -> Sequence[str]:
        """Work out how far a stream counts that began or grew; return the entities touched."""
        return self._touched_by(self._kept_back.settle(stream))

    def take_out(self, line: str, span: tuple[int, int]) -> Sequence[str]:
        """Take out what followed from facts of a line; return the entities touched.

        They are about to be filed with another line, and then all of it follows anew.
        """
        touched = self._touched_by([self._kept_back.take_out(line, span)])
        self._connection.execute(
            "DELETE FROM folds WHERE identity IN "
            "(SELECT identity FROM facts WHERE stream = ? AND seq BETWEEN ? AND ?)",
            (line, *span),
        )
        return touched

    def _touched_by(self, shifts: Iterable[Shift]) -> list[str]:
        touched: list[str] = []
        for shift in shifts:
            rows = self._connection.execute(
                "SELECT DISTINCT o.root FROM facts f CROSS JOIN folds o ON o.identity = f.identity "
                "WHERE f.stream = ? AND f.seq > ? AND f.seq <= ?",
                shift.between,
            ).fetchall()
            touched += [row[0] for row in rows]
            touched += self._reversals_between(shift)
        return touched

    def _reversals_between(self, shift: Shift) -> list[str]:
        """Let the reversals of these facts hold, or hold no more; return what they touch."""
        rows = self._connection.execute(
            "SELECT identity FROM facts f WHERE stream = ? AND seq > ? AND seq <= ? AND kind = ? "
            "AND NOT EXISTS (SELECT 1 FROM set_aside a WHERE a.stream = f.stream "
            "AND a.seq = f.seq)",
            (*shift.between, ActReversed.KIND),
        ).fetchall()
        touched: list[str] = []
        for (identity,) in rows:
            fact = self._log.by_identity(identity)
            assert fact is not None
            try:
                reversal = self._vocabulary.read(fact)
            except Unreadable:
                continue
            if shift.after > shift.before:
                touched += self.reverse(reversal)
                continue
            self._connection.execute("DELETE FROM reversals WHERE identity = ?", (identity,))
            line = self.line_of(reversal.kept_as, reversal.body.act)
            touched += self._touched_by_act(line, reversal.body.act)
        return touched

    def erase(self, erasure: Told) -> Sequence[str]:
        """Remove the private parts that an erasure names; return the entities touched."""
        body: PrivateErased = erasure.body
        doomed = dict(self.private_facts_of(body.persons, body.named))
        for whose in body.named:
            self._connection.execute(
                "INSERT INTO erased(whose, identity) VALUES (?, ?) ON CONFLICT(whose) "
                "DO UPDATE SET identity = min(identity, excluded.identity)",
                (whose, erasure.identity),
            )
        for identity in doomed:
            self._connection.execute("DELETE FROM privates WHERE identity = ?", (identity,))
        return [self.root_of(entity or identity) for identity, entity in sorted(doomed.items())]

    def private_facts_of(
        self, persons: Collection[str], named: Collection[str]
    ) -> list[tuple[str, str]]:
        """Return identity and entity of the facts whose private part an erasure covers.

        The list of an erasure is closed: a person who was joined with another is erased as far as
        her own facts go, whichever of them comes first. What names her is looked for in bytes,
        then made sure of. named: persons, and facts, which no private part speaks of.
        """
        own = self._connection.execute(
            "SELECT f.identity, f.entity FROM privates p JOIN facts f ON f.identity = p.identity "
            "WHERE f.identity IN (SELECT value FROM json_each(?1)) "
            "OR f.entity IN (SELECT value FROM json_each(?1))",
            (json.dumps([whose for whose in named if whose]),),
        ).fetchall()
        found = [(str(row[0]), str(row[1])) for row in own]
        for whose in filter(None, persons):
            naming = self._connection.execute(
                "SELECT f.identity, f.entity, p.part FROM privates p "
                "JOIN facts f ON f.identity = p.identity "
                "WHERE instr(p.part, CAST(? AS BLOB))",
                (whose,),
            ).fetchall()
            found += [(row[0], row[1]) for row in naming if whose in persons_in(bytes(row[2]))]
        return found

    def still_spoken_of(self, erased: Set[str]) -> Iterator[tuple[str, str]]:
        """Yield facts whose private part is here though it speaks of somebody who was erased."""
        rows = self._connection.execute(
            "SELECT f.identity, f.entity, p.part FROM privates p "
            "JOIN facts f ON f.identity = p.identity ORDER BY f.identity"
        )
        for identity, entity, part in rows:
            spoken_of = persons_in(part) if isinstance(part, bytes) else ()
            for whose in sorted({identity, entity, *spoken_of} & erased):
                yield str(identity), whose

    def state(self, kind: EntityKind[Any], entity: str) -> Any:
        """Return the state, or None."""
        row = self._connection.execute(
            "SELECT data FROM states WHERE kind = ? AND entity = ?", (kind.name, entity)
        ).fetchone()
        return self._decoders[kind.name].decode(row[0]) if row else None

    def put_state(self, kind: EntityKind[Any], entity: str, last: Told, state: Any) -> None:
        """Keep a state, as canonical bytes, and its row in the read table."""
        self._connection.execute(
            "INSERT OR REPLACE INTO states(kind, entity, at, identity, data) "
            "VALUES (?, ?, ?, ?, ?)",
            (kind.name, entity, last.at, last.identity, canonical(state)),
        )
        if kind.columns is not None:
            self._connection.execute(self._upserts[kind.name], (entity, *kind.columns.row(state)))

    def drop_state(self, kind: EntityKind[Any], entity: str) -> None:
        """Forget a state and its row: no live fact is left."""
        self._connection.execute(
            "DELETE FROM states WHERE kind = ? AND entity = ?", (kind.name, entity)
        )
        if kind.columns is not None:
            self._connection.execute(
                f"DELETE FROM {kind.columns.table} WHERE entity = ?",  # noqa: S608 - our own name
                (entity,),
            )

    def put_cases(self, kind: EntityKind[Any], entity: str, cases: Cases) -> None:
        """Keep the open cases of an entity in place of the former ones."""
        self._connection.execute("DELETE FROM cases WHERE entity = ?", (entity,))
        for case, members in sorted(cases.items()):
            self._connection.execute(
                "INSERT INTO cases(kind, entity, members) VALUES (?, ?, ?)",
                (case, entity, json.dumps(members)),
            )


def persons_in(private: bytes) -> tuple[str, ...]:
    """Return the persons that a private part says it speaks of; none if it cannot be read."""
    try:
        claimed = parse_tree(private).get("whose", [])
    except NotCanonical:
        return ()
    if not isinstance(claimed, list):
        return ()
    return tuple(whose for whose in claimed if isinstance(whose, str))


@cache
def _upserts(vocabulary: Vocabulary) -> dict[str, str]:
    return {kind.name: _upsert(kind) for kind in vocabulary.entities if kind.columns is not None}


def _upsert(kind: EntityKind[Any]) -> str:
    assert kind.columns is not None
    names = ["entity", *(name for name, _ in kind.columns.fields)]
    marks = ", ".join("?" * len(names))
    return (
        f"INSERT OR REPLACE INTO {kind.columns.table}"  # noqa: S608 - names come from our own code
        f"({', '.join(names)}) VALUES ({marks})"
    )
