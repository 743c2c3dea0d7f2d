"""The fold's store at the county: the same rules as at the stations, on the county's tables.

What one push changes is gathered and written at its end, a statement per table, not per fact: a
day of one station is a few dozen statements. What is read is read ahead for all facts of the push.
Everything stands under one station; what all stations read stands under EVERYWHERE.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, select

from county_server.asking import ask, tell
from county_server.bare import Bare
from county_server.blobs import CountyBlobs
from county_server.bulk import put_rows
from county_server.journal import CountyJournal, in_pieces
from county_server.kept_back import CountyKeptBack
from county_server.private_parts import covered_by, persons_in
from county_server.questions import without
from county_server.schema import EVERYWHERE, column_name
from county_server.store import Store
from station_app.journal.fact import VERSION_MARK, Fact, Told, is_from_county
from station_app.journal.kinds import PrivateErased
from station_app.journal.projection import Cases, EntityKind
from station_app.journal.vocabulary import Unreadable

_Key = tuple[str, str]
_state_encoder = msgspec.json.Encoder(order="sorted")  # the canonical spelling, as at the stations


class _Filed(msgspec.Struct, frozen=True, order=True):
    """A fact as it is filed under its entity. told: None for one that stops its entity."""

    at: int
    identity: str
    stream: str
    seq: int
    act: str
    told: Told | None


class CountyFolds:
    """A `FoldStore` for one station, inside the transaction of its facts. End with `flush`."""

    def __init__(self, store: Store, connection: Connection, station: str) -> None:
        """Fold the facts that are kept under `station`."""
        self._store = store
        self._tables = store.tables
        self._questions = store.questions
        self._connection = connection
        self._station = station
        self._vocabulary = store.vocabulary
        self._kept_back = CountyKeptBack(store, connection, station)
        self._journal = CountyJournal(store, connection)
        self._decoders = self._vocabulary.state_decoders
        self._roots: dict[str, str] = {}
        self._last: dict[str, tuple[int, str] | None] = {}
        self._stopped: dict[str, set[str]] = {}
        self._new_roots: set[str] = set()  # of which the database held nothing when it was asked
        self._filed: dict[str, dict[str, _Filed]] = {}  # whole, once somebody asked for an entity
        self._fresh: dict[str, dict[str, _Filed]] = defaultdict(dict)  # by this store
        self._founders: dict[_Key, list[str]] = {}
        self._states: dict[_Key, Any] = {}  # None: there is none, as for all that were asked for
        self._asked: set[str] = set()  # entities whose states were read
        self._reversed: dict[str, set[str]] = {}
        self._changed: dict[_Key, Told | None] = {}
        self._cases: dict[str, Cases] = {}
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._erased_by: dict[str, str] = {}

    # --- Reading ahead ---------------------------------------------------------------------------

    def prepare(self, told: Sequence[Told]) -> None:
        """Read what the fold of these facts will ask for, in a few statements."""
        self._prepare_founders(told)
        named = {fact.entity or fact.identity for fact in told}
        known = {identity for found in self._founders.values() for identity in found}
        self._read_roots((named | known) - self._roots.keys())
        roots = {self.root_of(name) for name in named | known}
        self._read_lasts(roots - self._last.keys())
        self._read_states(roots)
        for stream in {fact.kept_as for fact in told} - self._reversed.keys():
            self._read_reversals(stream)

    def _prepare_founders(self, told: Sequence[Told]) -> None:
        wanted: dict[str, set[str]] = defaultdict(set)
        for fact in told:
            kind = self._vocabulary.entity_kind(type(fact.body))
            key_of = kind.natural_key.get(type(fact.body)) if kind else None
            if kind and key_of and not fact.entity:
                wanted[kind.name].add(key_of(fact))
        for name, keys in wanted.items():
            fresh = {key for key in keys if key and (name, key) not in self._founders}
            for key in fresh:
                self._founders[name, key] = []
            for piece in in_pieces(fresh):
                which = {"at": self._station, "kind": name, "names": piece}
                rows = ask(self._connection, self._questions.founders, which)
                for key, identity in rows:
                    self._founders[name, key].append(identity)

    def _read_roots(self, identities: Iterable[str]) -> None:
        wanted = set(identities)
        for piece in in_pieces(wanted):
            which = {"at": self._station, "names": piece}
            rows = ask(self._connection, self._questions.roots, which)
            self._roots.update((row[0], row[1]) for row in rows)
        for identity in wanted:
            self._roots.setdefault(identity, identity)

    def _read_lasts(self, roots: Iterable[str]) -> None:
        wanted = set(roots)
        for root in wanted:
            self._last[root], self._stopped[root] = None, set()
        self._new_roots |= wanted
        for piece in in_pieces(wanted):
            which = {"at": self._station, "names": piece}
            rows = ask(self._connection, self._questions.filed, which)
            for root, at, identity, stopped in rows:
                self._new_roots.discard(root)
                self._note_last(root, at, identity)
                if stopped:
                    self._stopped[root].add(stopped)

    def _note_last(self, root: str, at: int, identity: str) -> None:
        last = self._last[root]
        if last is None or last < (at, identity):
            self._last[root] = (at, identity)

    def _read_states(self, roots: Iterable[str]) -> None:
        fresh = set(roots) - self._asked
        self._asked |= fresh
        for piece in in_pieces(fresh - self._new_roots):  # of a new one nothing stands there
            which = {"at": self._station, "names": piece}
            for name, entity, data in ask(self._connection, self._questions.states, which):
                decoded = self._decoders[name].decode(bytes(data))
                self._states.setdefault((name, entity), decoded)

    def _read_reversals(self, stream: str) -> None:
        which = {"at": self._station, "stream": stream}
        rows = ask(self._connection, self._questions.reversed, which)
        self._reversed[stream] = {row[0] for row in rows}

    # --- What the fold asks ----------------------------------------------------------------------

    def root_of(self, identity: str) -> str:
        """Return the entity that this identity is joined to; itself when it is not."""
        if identity not in self._roots:
            self._read_roots({identity})
        return self._roots[identity]

    def found(self, kind: str, natural_key: str, identity: str) -> Sequence[str]:
        """Keep a founder under its key and return all founders with that key, this one too."""
        key = (kind, natural_key)
        if key not in self._founders:
            founders = self._tables.founders
            rows = self._connection.execute(
                select(founders.c.identity).where(
                    founders.c.station == self._station,
                    founders.c.kind == kind,
                    founders.c.natural_key == natural_key,
                )
            )
            self._founders[key] = [row[0] for row in rows]
        known = self._founders[key]
        if identity not in known:
            known.append(identity)
            row = {"kind": kind, "natural_key": natural_key, "identity": identity}
            self._rows["founders"].append(self._placed(row))
        return tuple(known)

    def join(self, member: str, root: str) -> None:
        """File everything that stands under `member` under `root` from now on."""
        self.flush()
        moved = {"under": self._station, "named": member, "to": root}
        tell(self._connection, self._questions.move_roots, moved)
        row = self._placed({"identity": member, "root": root})
        put_rows(self._connection, self._store.upsert(self._tables.roots), [row])
        tell(self._connection, self._questions.move_folds, moved)
        for identity, former in self._roots.items():
            if former == member:
                self._roots[identity] = root
        self._roots[member] = root
        for name in (member, root):
            self._last.pop(name, None)
            self._stopped.pop(name, None)
            self._forget_filed(name)

    def _forget_filed(self, root: str) -> None:
        """Let the facts of an entity be read from the database again; all is flushed."""
        self._filed.pop(root, None)
        self._fresh.pop(root, None)
        self._new_roots.discard(root)

    def file(self, root: str, told: Told) -> bool:
        """File a fact under its entity; True if it may be applied to the state as it stands."""
        if root not in self._last:
            self._read_lasts({root})
        last = self._last[root]
        self._file(root, _Filed(told.at, told.identity, told.kept_as, told.seq, told.act, told))
        is_last = last is None or last < (told.at, told.identity)
        return is_last and not self._stopped[root]

    def _file(self, root: str, filed: _Filed) -> None:
        row = {"root": root, "at": filed.at, "identity": filed.identity}
        row |= {"stream": filed.stream, "seq": filed.seq}
        self._rows["folds"].append(self._placed(row))
        self._note_last(root, filed.at, filed.identity)
        self._fresh[root][filed.identity] = filed
        if root in self._filed:
            self._filed[root][filed.identity] = filed

    def stop(self, root: str, fact: Fact, reason: str) -> None:
        """File a fact that cannot be read under its entity, and keep the reason (quarantine)."""
        if root not in self._last:
            self._read_lasts({root})
        filed = _Filed(fact.at, fact.identity, fact.stream, fact.seq, fact.act, None)
        self._file(root, filed)
        self._stopped[root].add(fact.identity)
        row = {"identity": fact.identity, "reason": reason}
        self._rows["quarantine"].append(self._placed(row))

    def live_facts(self, root: str) -> Sequence[Told]:
        """Return the live facts of an entity in order, up to the first in quarantine."""
        if root not in self._filed:
            self._read_filed(root)
        facts: list[Told] = []
        for filed in sorted(self._filed[root].values(), key=lambda f: (f.at, f.identity)):
            if self.is_beyond(filed.stream, filed.seq):
                continue
            if self.is_reversed(filed.stream, filed.act):
                continue
            if filed.told is None:
                break
            facts.append(filed.told)
        return facts

    def _read_filed(self, root: str) -> None:
        """Read the facts of an entity, unless this store has filed all of them itself."""
        if root not in self._stopped:
            self._read_lasts({root})
        filed: dict[str, _Filed] = {}
        if root not in self._new_roots:
            for fact in self._journal.filed_under(self._station, root):
                told = None
                if fact.identity not in self._stopped[root]:
                    told = self._told(fact)
                entry = _Filed(fact.at, fact.identity, fact.stream, fact.seq, fact.act, told)
                filed[fact.identity] = entry
        self._filed[root] = filed | self._fresh[root]

    def _told(self, fact: Fact) -> Told | None:
        try:
            return self._vocabulary.read(fact)
        except Unreadable:
            return None  # an older program reads a newer journal: the rest waits for its upgrade

    def is_reversed(self, stream: str, act: str) -> bool:
        """Tell whether a reversal names this act of this stream."""
        if stream not in self._reversed:
            self._read_reversals(stream)
        return act in self._reversed[stream]

    def reverse(self, reversal: Told) -> Sequence[str]:
        """Keep a reversal and return the entities that the undone act touched."""
        act = reversal.body.act
        stream = self._journal.line_of(reversal.kept_as, act)
        self.is_reversed(stream, act)
        self._reversed[stream].add(act)
        row = {"stream": stream, "act": act, "identity": reversal.identity}
        self._rows["reversals"].append(self._placed(row))
        return [self.root_of(entity or identity) for entity, identity in self._act(stream, act)]

    def _act(self, stream: str, act: str) -> list[tuple[str, str]]:
        return self._journal.act(stream, act)

    # --- What counts -----------------------------------------------------------------------------

    def is_beyond(self, stream: str, seq: int) -> bool:
        """Tell whether a fact lies beyond a cut: it is kept, and does not count."""
        return seq > self._kept_back.reach(stream)

    def is_limited_otherwise(self, stream: str) -> bool:
        """Tell whether decisions are about a stream, so that it is to be settled."""
        is_limited = VERSION_MARK in stream or bool(self._kept_back.about(stream))
        return is_limited and not is_from_county(stream)

    def rule(self, told: Told) -> Sequence[str]:
        """Keep a decision about what counts; return the entities that it touches."""
        return self._touched_by(self._kept_back.rule(told))

    def settle(self, stream: str) -> Sequence[str]:
        """Work out how far a stream counts that began or grew; return the entities touched."""
        return self._touched_by(self._kept_back.settle(stream))

    def _touched_by(self, shifts: Iterable[tuple[str, int, int]]) -> list[str]:
        """Return the entities of what lies between, once everything is flushed."""
        self._filed, self._fresh, self._new_roots = {}, defaultdict(dict), set()
        touched: list[str] = []
        for line, before, after in shifts:
            roots, reversals = self._kept_back.between(line, before, after)
            touched += roots
            for seq in reversals:
                (fact,) = self._journal.run(line, seq, seq)
                touched += self._turned(self._told(fact), holds=after > before)
        return touched

    def _turned(self, reversal: Told | None, *, holds: bool) -> Sequence[str]:
        """Let a reversal hold, or hold no more; return what it touches."""
        if reversal is None:
            return ()
        if holds:
            return self.reverse(reversal)
        table, act = self._tables.reversals, reversal.body.act
        mine = (table.c.station == self._station) & (table.c.identity == reversal.identity)
        self._connection.execute(delete(table).where(mine))
        line = self._journal.line_of(reversal.kept_as, act)
        self._read_reversals(line)
        return [self.root_of(entity or identity) for entity, identity in self._act(line, act)]

    def entities_of(self, facts: Iterable[Fact]) -> list[str]:
        """Return the entities of facts whose private parts have come or gone, to be read anew."""
        self._read_anew()
        return [self.root_of(fact.entity or fact.identity) for fact in facts]

    def _read_anew(self) -> None:
        """Write what has gathered, and let every entity be read from the database again."""
        self.flush()
        self._filed, self._fresh, self._new_roots = {}, defaultdict(dict), set()

    def erase(self, erasure: Told) -> Sequence[str]:
        """Remove the private parts that an erasure names; return the entities touched."""
        self._read_anew()
        body: PrivateErased = erasure.body
        doomed = covered_by(
            self._store, self._connection, self._station, persons=body.persons, named=body.named
        )
        for whose in body.named:
            known = self._erased_by.get(whose, erasure.identity)
            self._erased_by[whose] = min(known, erasure.identity)
        privates = self._tables.privates
        for piece in in_pieces(doomed):
            self._connection.execute(
                delete(privates).where(
                    privates.c.station == self._station, privates.c.identity.in_(piece)
                )
            )
        CountyBlobs(self._store, self._connection, self._station).unname(doomed)
        Bare(self._store, self._connection, self._station).forget({*doomed, *body.named})
        if doomed:
            self._store.note_erased(self._connection)
        return [self.root_of(entity or identity) for identity, entity in sorted(doomed.items())]

    def state(self, kind: EntityKind[Any], entity: str) -> Any:
        """Return the state, or None."""
        if entity not in self._asked:
            self._read_states({entity})
        return self._states.get((kind.name, entity))

    def put_state(self, kind: EntityKind[Any], entity: str, last: Told, state: Any) -> None:
        """Keep a state, as canonical bytes, and its row in the read table."""
        self._states[kind.name, entity] = state
        self._changed[kind.name, entity] = last

    def drop_state(self, kind: EntityKind[Any], entity: str) -> None:
        """Forget a state and its row: no live fact is left."""
        self._states[kind.name, entity] = None
        self._changed[kind.name, entity] = None

    def put_cases(self, kind: EntityKind[Any], entity: str, cases: Cases) -> None:
        """Keep the open cases of an entity in place of the former ones."""
        self._cases[entity] = cases

    # --- Writing ---------------------------------------------------------------------------------

    @property
    def has_new_erasures(self) -> bool:
        """Tell whether an erasure waits to be written."""
        return bool(self._erased_by)

    def _placed(self, row: dict[str, Any]) -> dict[str, Any]:
        return {"station": self._station, **row}

    def flush(self) -> None:
        """Write what has gathered."""
        for name in ("founders", "roots", "folds", "quarantine", "reversals"):
            rows = self._rows.pop(name, [])
            if rows:
                table = getattr(self._tables, name)
                put_rows(self._connection, self._store.upsert(table, keeps=True), rows)
        erased, self._erased_by = self._erased_by, {}
        if erased:  # of two erasures of one person the same one is named on every node
            table = self._tables.erased
            rows = [self._placed({"whose": w, "identity": i}) for w, i in sorted(erased.items())]
            put_rows(self._connection, self._store.upsert(table, lowers=("identity",)), rows)
        changed, self._changed = self._changed, {}
        for kind in self._vocabulary.entities:
            mine = {entity: last for (name, entity), last in changed.items() if name == kind.name}
            if mine:
                self._write_states(kind, mine)
        cases, self._cases = self._cases, {}
        if cases:
            self._write_cases(cases)

    def _write_states(self, kind: EntityKind[Any], changed: dict[str, Told | None]) -> None:
        states, read = self._tables.states, self._tables.read.get(kind.name)
        kept = {entity: last for entity, last in changed.items() if last is not None}
        gone = [entity for entity, last in changed.items() if last is None]
        if kept:
            rows = [
                self._placed(
                    {
                        "kind": kind.name,
                        "entity": entity,
                        "at": last.at,
                        "identity": last.identity,
                        "data": _state_encoder.encode(self._states[kind.name, entity]),
                    }
                )
                for entity, last in kept.items()
            ]
            put_rows(self._connection, self._store.upsert(states), rows)
        if kept and read is not None:
            rows = self._read_rows(kind, kept)
            put_rows(self._connection, self._store.upsert(read), rows)
        for piece in in_pieces(gone):
            which = {"at": self._station, "kind": kind.name, "names": piece}
            tell(self._connection, self._questions.drop_states, which)
            if read is not None:
                which = {"at": self._station, "names": piece}
                tell(self._connection, without(read), which)

    def _read_rows(self, kind: EntityKind[Any], entities: Iterable[str]) -> list[dict[str, Any]]:
        columns = kind.columns
        assert columns is not None
        names = ["station", "entity", *(column_name(name) for name, _ in columns.fields)]
        rows: list[dict[str, Any]] = []
        for entity in entities:
            values = columns.row(self._states[kind.name, entity])
            rows.append(dict(zip(names, (self._station, entity, *values), strict=True)))
        return rows

    def _write_cases(self, cases: dict[str, Cases]) -> None:
        table = self._tables.cases
        for piece in in_pieces(cases):
            tell(self._connection, without(table), {"at": self._station, "names": piece})
        rows = [
            self._placed({"kind": case, "entity": entity, "members": json.dumps(members)})
            for entity, found in cases.items()
            for case, members in sorted(found.items())
        ]
        if rows:
            put_rows(self._connection, self._questions.add_case, rows)


__all__ = ["EVERYWHERE", "CountyFolds", "persons_in"]
