"""The third check: the states and read tables are what the facts fold into, byte for byte.

First the tables that say which fact belongs where are held against what the facts themselves say;
only then is each entity folded anew by them and compared with its state, row and cases.
"""

import json
from collections.abc import Iterable, Set
from typing import Any

from station_app.journal.fact import VERSION_MARK, Fact, NotCanonical, Told, canonical, said_as
from station_app.journal.findings import Findings
from station_app.journal.kept_back import KeptBack, versions_of
from station_app.journal.kinds import RULINGS, ActReversed, CaseClosed, PrivateErased
from station_app.journal.log import Connection
from station_app.journal.projection import EntityKind, Folded, fold_facts
from station_app.journal.rulings import WHOLE, Ruling, author_of, reach_of, rulings_of
from station_app.journal.states import SqlFoldStore
from station_app.journal.vocabulary import Vocabulary

_Place = tuple[str, int, str]


class FoldCheck:
    """Collects what the facts say about joins, reversals and erasures; then compares the tables."""

    def __init__(self, connection: Connection, vocabulary: Vocabulary, findings: Findings) -> None:
        """Read from `connection`, decode with `vocabulary`, report to `findings`."""
        self._connection = connection
        self._vocabulary = vocabulary
        self._findings = findings
        self._store = SqlFoldStore(connection, vocabulary)
        self._quarantine: dict[str, str] = {}
        self._founders: dict[tuple[str, str], set[str]] = {}
        self._reversals: set[tuple[str, str, str]] = set()
        self._erased: dict[str, str] = {}
        self._rulings: set[tuple[Ruling, str]] = set()
        self._kept_back = KeptBack(connection)
        self._columns = {k.name: _read_row(k) for k in vocabulary.entities if k.columns}
        self._damaged: Set[str] = frozenset()
        self.entities = 0

    @property
    def quarantined(self) -> int:
        """Return how many facts this program cannot read."""
        return len(self._quarantine)

    def expect_quarantine(self, fact: Fact, reason: str) -> None:
        """Note a fact that cannot be read: it must stand in quarantine for this reason."""
        self._quarantine[fact.identity] = reason

    def expect(self, told: Told) -> None:
        """Note what a fact says about other facts."""
        body = told.body
        if isinstance(body, RULINGS):
            self._rulings.update((ruling, told.identity) for ruling in rulings_of(body))
        elif isinstance(body, ActReversed):
            if told.seq <= self._kept_back.reach(told.kept_as):
                line = self._store.line_of(told.kept_as, body.act)
                self._reversals.add((line, body.act, told.identity))
        elif isinstance(body, PrivateErased):
            for whose in body.named:
                known = self._erased.get(whose, told.identity)
                self._erased[whose] = min(known, told.identity)
        elif not told.entity:
            self._expect_founder(told)

    def _expect_founder(self, told: Told) -> None:
        kind = self._vocabulary.entity_kind(type(told.body))
        key_of = kind.natural_key.get(type(told.body)) if kind else None
        key = key_of(told) if key_of else ""
        if kind is not None and key:
            self._founders.setdefault((kind.name, key), set()).add(told.identity)

    def check_tables(self, damaged: Set[str]) -> None:
        """Compare every table that follows from the fold; leave alone what damaged facts touch."""
        self._damaged = damaged
        self._compare(
            "SELECT identity, reason FROM quarantine", set(self._quarantine.items()), "quarantine"
        )
        self._compare("SELECT stream, act, identity FROM reversals", self._reversals, "reversals")
        self._check_rulings()
        self._compare("SELECT whose, identity FROM erased", set(self._erased.items()), "erased")
        self._compare(
            "SELECT kind, natural_key, identity FROM founders",
            {(*key, identity) for key, found in self._founders.items() for identity in found},
            "founders",
        )
        self._compare("SELECT identity, root FROM roots", self._roots(), "roots")
        self._check_filing()
        self._check_entities()
        self._check_erased()

    def _check_rulings(self) -> None:
        """Every decision is kept, and each stream counts exactly as far as they say."""
        wanted = {(r.what, r.name, r.seq, r.hash, identity) for r, identity in self._rulings}
        self._compare("SELECT what, name, seq, hash, identity FROM rulings", wanted, "rulings")
        about: dict[str, set[Ruling]] = {}
        for ruling, _ in self._rulings:
            about.setdefault(ruling.name, set()).add(ruling)
        limited: set[tuple[Any, ...]] = set()
        streams = self._connection.execute("SELECT DISTINCT stream FROM facts").fetchall()
        for (line,) in streams:
            if not isinstance(line, str) or not (about or VERSION_MARK in line):
                continue
            known = about.get(author_of(line), set()) | about.get(said_as(line), set())
            parents = versions_of(self._connection, line) if known or VERSION_MARK in line else {}
            reach = reach_of(line, known, self._identity_at, parents)
            if reach != WHOLE:
                limited.add((line, reach))
        self._compare("SELECT stream, reach FROM kept_back", limited, "kept_back")

    def _identity_at(self, line: str, seq: int) -> str:
        row = self._connection.execute(
            "SELECT identity FROM facts WHERE stream = ? AND seq = ?", (line, seq)
        ).fetchone()
        return row[0] if row else ""

    def _roots(self) -> set[tuple[Any, ...]]:
        return {
            (identity, min(found))
            for found in self._founders.values()
            for identity in found
            if identity != min(found)
        }

    def _compare(self, sql: str, wanted: set[tuple[Any, ...]], table: str) -> None:
        kept = {tuple(row) for row in self._connection.execute(sql).fetchall()}
        for row in sorted(wanted - kept, key=str):
            self._findings.add("TABLE_DIFFERS", self._place_in(row), f"{table} lacks {row}")
        for row in sorted(kept - wanted, key=str):
            self._findings.add("TABLE_DIFFERS", self._place_in(row), f"{table} has {row}")

    def _place_in(self, row: Iterable[Any]) -> _Place:
        """Return the place of the first fact that a row of a table names."""
        for value in row:
            found = self._connection.execute(
                "SELECT stream, seq, kind FROM facts WHERE identity = ?", (value,)
            ).fetchone()
            if found is not None:
                return (str(found[0]), found[1] if isinstance(found[1], int) else 0, str(found[2]))
        return ("", 0, "")

    # --- Which fact belongs to which entity ------------------------------------------------------

    def _check_filing(self) -> None:
        """Every fact that happens to something is filed under it once, and nothing else is."""
        joined = dict(self._roots())
        rows = self._connection.execute(
            "SELECT f.identity, f.entity, f.at, f.stream, f.seq, f.kind, f.v, "
            "o.root, o.at, o.stream, o.seq FROM facts f "
            "LEFT JOIN folds o ON o.identity = f.identity WHERE NOT EXISTS "
            "(SELECT 1 FROM set_aside a WHERE a.stream = f.stream AND a.seq = f.seq) "
            "ORDER BY f.stream, f.seq"
        )
        for identity, entity, at, stream, seq, kind, version, *filed in rows:
            wanted: list[Any] = [None] * 4
            if identity in self._quarantine or self._is_filed(kind, version):
                named = entity or identity
                wanted = [joined.get(named, named), at, stream, seq]
            if filed != wanted:
                place = (str(stream), seq if isinstance(seq, int) else 0, str(kind))
                self._findings.add("TABLE_DIFFERS", place, f"folds has {filed}, not {wanted}")
        loose = self._connection.execute(
            "SELECT identity, stream, seq FROM folds "
            "WHERE identity NOT IN (SELECT identity FROM facts)"
        ).fetchall()
        for identity, stream, seq in loose:
            place = (str(stream), seq if isinstance(seq, int) else 0, "")
            self._findings.add("TABLE_DIFFERS", place, f"folds has {str(identity)[:12]}")

    def _is_filed(self, kind: str, version: int) -> bool:
        body = self._vocabulary.kinds.get((kind, version))
        if body is None:
            return False
        return body is CaseClosed or self._vocabulary.entity_kind(body) is not None

    # --- What became of each entity --------------------------------------------------------------

    def _check_entities(self) -> None:
        states: dict[str, int] = {kind.name: 0 for kind in self._vocabulary.entities}
        cases: set[tuple[Any, ...]] = set()
        roots = self._connection.execute("SELECT DISTINCT root FROM folds ORDER BY root")
        for (root,) in roots.fetchall():
            if self._is_damaged(root):
                continue
            facts = self._store.live_facts(root)
            classes = {type(told.body) for told in facts}
            for kind in self._vocabulary.entities:
                if not classes.intersection(kind.facts):
                    continue
                folded = fold_facts(kind, facts)
                if folded is not None:
                    states[kind.name] += 1
                    self._check_state(kind, root, folded)
                    cases |= {
                        (case, root, json.dumps(members)) for case, members in folded.cases.items()
                    }
        self.entities = sum(states.values())
        self._compare("SELECT kind, entity, members FROM cases", cases, "cases")
        for kind in self._vocabulary.entities:
            self._check_count(kind, states[kind.name])
        rows = self._connection.execute("SELECT DISTINCT kind, entity FROM states").fetchall()
        for name, entity in rows:
            if name not in states:
                what = f"states has {name} {str(entity)[:12]}"
                self._findings.add("TABLE_DIFFERS", self._place_in((entity,)), what)

    def _is_damaged(self, root: str) -> bool:
        if not self._damaged:
            return False
        rows = self._connection.execute("SELECT identity FROM folds WHERE root = ?", (root,))
        return any(row[0] in self._damaged for row in rows.fetchall())

    def _check_state(self, kind: EntityKind[Any], root: str, folded: Folded) -> None:
        last = folded.last
        place = (last.stream, last.seq, last.kind)
        try:
            wanted = (last.at, last.identity, canonical(folded.state))
        except NotCanonical as problem:
            self._findings.add("STATE_DIFFERS", place, f"{kind.name} {root[:12]}: {problem}")
            return
        row = self._connection.execute(
            "SELECT at, identity, data FROM states WHERE kind = ? AND entity = ?",
            (kind.name, root),
        ).fetchone()
        if row is None or tuple(row) != wanted:
            kept = "none" if row is None else str(row[2])[:200]
            what = f"{kind.name} {root[:12]}: kept {kept}, folded {wanted[2].decode()[:200]}"
            self._findings.add("STATE_DIFFERS", place, what)
        if kind.columns is not None:
            kept_row = self._connection.execute(self._columns[kind.name], (root,)).fetchone()
            row_wanted = kind.columns.row(folded.state)
            if kept_row is None or tuple(kept_row) != tuple(row_wanted):
                what = f"{kind.columns.table} {root[:12]}: {kept_row}, not {row_wanted}"
                self._findings.add("TABLE_DIFFERS", place, what)

    def _check_count(self, kind: EntityKind[Any], wanted: int) -> None:
        """A row too many belongs to an entity that has no live fact."""
        tables: list[tuple[str, tuple[str, ...]]] = [("states WHERE kind = ?", (kind.name,))]
        if kind.columns is not None:
            tables.append((kind.columns.table, ()))
        for table, parameters in tables:
            rows = self._connection.execute(
                f"SELECT entity FROM {table}",  # noqa: S608 - names of our own declarations
                parameters,
            ).fetchall()
            if len(rows) > wanted:
                for (entity,) in rows:
                    if not self._is_damaged(entity) and not self._has_live_fact(kind, entity):
                        what = f"{table.split()[0]} has {kind.name} {str(entity)[:12]}"
                        self._findings.add("TABLE_DIFFERS", self._place_in((entity,)), what)

    def _has_live_fact(self, kind: EntityKind[Any], entity: str) -> bool:
        return any(type(told.body) in kind.facts for told in self._store.live_facts(entity))

    def _check_erased(self) -> None:
        """No private part that an erasure names is still here."""
        for identity, whose in self._store.still_spoken_of(self._erased.keys()):
            place = self._place_in((identity,))
            self._findings.add("NOT_ERASED", place, f"speaks of {whose[:12]}, who was erased")


def _read_row(kind: EntityKind[Any]) -> str:
    assert kind.columns is not None
    names = ", ".join(name for name, _ in kind.columns.fields)
    return f"SELECT {names} FROM {kind.columns.table} WHERE entity = ?"  # noqa: S608 - our own
