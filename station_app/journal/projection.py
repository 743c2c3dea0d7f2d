"""The fold: how facts become states, the same on every node, in whatever order they arrive.

The state of an entity is a pure function of its live facts, sorted by (at, identity), and of the
erasures. A fact that comes at the end is applied to the state; a late one, a reversal or an
erasure folds its entity anew. Founding facts with the same natural key are one entity: its name
is the smallest of their identities.

This module knows no database: it works on a `FoldStore`, of which the station and the county
each have their own.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from station_app.journal.fact import Body, Fact, Told, is_from_county
from station_app.journal.kinds import RULINGS, ActReversed, CaseClosed, PrivateErased

FOLD_VERSION = 1

S = TypeVar("S", bound=msgspec.Struct)
Cases = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Columns(Generic[S]):
    """A read table: copies of chosen fields of a state, for queries. One row per entity.

    fields: (name, "TEXT" or "INTEGER") after the first column, which is always `entity`.
    row: the values of those fields. indexes: tuples of column names.
    """

    table: str
    fields: tuple[tuple[str, str], ...]
    row: Callable[[S], tuple[str | int, ...]]
    indexes: tuple[tuple[str, ...], ...] = ()


def as_said(state: type[S], told: Told, **more: Any) -> S:
    """Return a state that is what a fact says, field by field of the same name.

    For kinds of which the newest fact is the whole state. more: fields that it does not say.
    """
    body = told.body
    said = {name: getattr(body, name) for name in state.__struct_fields__ if name not in more}
    return state(**said, **more)


def no_cases(_state: Any) -> Cases:
    """Return no cases: for entities in which nothing can disagree."""
    return {}


def may_matter(_state: Any) -> bool:
    """Tell that something is not over: of kinds that do not say when it is."""
    return True


@dataclass(frozen=True, slots=True)
class EntityKind(Generic[S]):
    """A kind of thing that facts happen to.

    fold: (state or None, fact) -> state; total: any fact may come first, since its founder may
    arrive later or never. natural_key: for each founding class, the key by which two founders are
    one thing ("" keeps them apart). cases: what the state says is in conflict. is_open: whether
    somebody may still have to do with it; a new PC gets those things first.
    """

    name: str
    state: type[S]
    facts: tuple[type[Body], ...]
    fold: Callable[[S | None, Told], S]
    natural_key: Mapping[type[Body], Callable[[Told], str]] = field(default_factory=dict)
    columns: Columns[S] | None = None
    cases: Callable[[S], Cases] = no_cases
    is_open: Callable[[S], bool] = may_matter

    def __repr__(self) -> str:
        """Return its name: the rest would fill a page of every report."""
        return f"EntityKind({self.name})"


@dataclass(frozen=True, slots=True)
class StateChange:
    """What a fold did to one entity: the state before and after (None: there is none)."""

    kind: EntityKind[Any]
    entity: str
    before: Any
    after: Any


class FoldStore(Protocol):
    """What the fold needs of a database."""

    def root_of(self, identity: str) -> str:
        """Return the entity that this identity is joined to; itself when it is not."""
        ...

    def found(self, kind: str, natural_key: str, identity: str) -> Sequence[str]:
        """Keep a founder under its key and return all founders with that key, this one too."""
        ...

    def join(self, member: str, root: str) -> None:
        """File everything that stands under `member` under `root` from now on."""
        ...

    def file(self, root: str, told: Told) -> bool:
        """File a fact under its entity; True if it may be applied to the state as it stands.

        That is: it is the last of its entity by (at, identity), and none is quarantined.
        """
        ...

    def stop(self, root: str, fact: Fact, reason: str) -> None:
        """File a fact that cannot be read under its entity, and keep the reason (quarantine)."""
        ...

    def live_facts(self, root: str) -> Sequence[Told]:
        """Return the live facts of an entity, sorted by (at, identity).

        Not those that a reversal names or that lie beyond a cut. The list ends before the first
        fact in quarantine: it stops its own entity only.
        """
        ...

    def is_beyond(self, stream: str, seq: int) -> bool:
        """Tell whether a fact lies beyond a cut: it is kept, and does not count."""
        ...

    def rule(self, told: Told) -> Sequence[str]:
        """Keep a decision about what counts; return the entities that it touches."""
        ...

    def settle(self, stream: str) -> Sequence[str]:
        """Work out how far a stream counts that began or grew; return the entities touched."""
        ...

    def is_reversed(self, stream: str, act: str) -> bool:
        """Tell whether a reversal names this act of this stream."""
        ...

    def reverse(self, reversal: Told) -> Sequence[str]:
        """Keep a reversal and return the entities that the undone act touched."""
        ...

    def erase(self, erasure: Told) -> Sequence[str]:
        """Remove the private parts that an erasure names; return the entities touched."""
        ...

    def state(self, kind: EntityKind[Any], entity: str) -> Any:
        """Return the state, or None."""
        ...

    def put_state(self, kind: EntityKind[Any], entity: str, last: Told, state: Any) -> None:
        """Keep a state, as canonical bytes, and its row in the read table."""
        ...

    def drop_state(self, kind: EntityKind[Any], entity: str) -> None:
        """Forget a state and its row: no live fact is left."""
        ...

    def put_cases(self, kind: EntityKind[Any], entity: str, cases: Cases) -> None:
        """Keep the open cases of an entity in place of the former ones."""
        ...


class Projection:
    """Folds facts into states, one after the other, and says what changed."""

    def __init__(
        self,
        store: FoldStore,
        entity_kind: Callable[[type[Body]], EntityKind[Any] | None],
        kinds: Iterable[EntityKind[Any]],
    ) -> None:
        """Fold on `store`, with the entity kinds of the vocabulary."""
        self._store = store
        self._entity_kind = entity_kind
        self._kinds = tuple(kinds)

    def apply(self, told: Told) -> list[StateChange]:
        """Fold one fact that is now in the journal; return the states that it changed."""
        if isinstance(told.body, RULINGS) and is_from_county(told.stream):
            return self._fold_all(self._store.rule(told))
        if isinstance(told.body, ActReversed):
            if self._store.is_beyond(told.kept_as, told.seq):
                return []
            return self._fold_all(self._store.reverse(told))
        if isinstance(told.body, PrivateErased):
            return self._fold_all(self._store.erase(told))
        if isinstance(told.body, CaseClosed):
            root = self._store.root_of(told.subject)
            self._store.file(root, told)
            return self._fold_all([root])
        kind = self._entity_kind(type(told.body))
        return self._apply_to_entity(kind, told) if kind else []

    def settle(self, stream: str) -> list[StateChange]:
        """Fold what changes because a stream began or grew that decisions are about."""
        return self._fold_all(self._store.settle(stream))

    def fold_again(self, roots: Iterable[str]) -> list[StateChange]:
        """Fold entities anew of whose facts private parts have come that lacked here."""
        return self._fold_all(roots)

    def quarantine(self, fact: Fact, reason: str) -> list[StateChange]:
        """File a fact that cannot be read; its entity stops at it, everything else goes on."""
        root = self._store.root_of(fact.entity or fact.identity)
        self._store.stop(root, fact, reason)
        return self._fold_all([root])

    def _apply_to_entity(self, kind: EntityKind[Any], told: Told) -> list[StateChange]:
        root, dissolved = self._root(kind, told)
        is_last = self._store.file(root, told)
        is_out = self._store.is_beyond(told.kept_as, told.seq) or self._store.is_reversed(
            told.kept_as, told.act
        )
        late = dissolved or not is_last or is_out
        if late:
            known = [change for change in dissolved if change.before is not None]
            return [*known, self._fold_anew(kind, root, self._store.live_facts(root))]
        before = self._store.state(kind, root)
        after = kind.fold(before, told)
        if kind.cases(after) or (before is not None and kind.cases(before)):
            return [self._fold_anew(kind, root, self._store.live_facts(root))]
        self._store.put_state(kind, root, told, after)
        return [StateChange(kind, root, before, after)]

    def _root(self, kind: EntityKind[Any], told: Told) -> tuple[str, list[StateChange]]:
        """Return the entity of a fact, and what became of those that it dissolved into one."""
        if told.entity:
            return self._store.root_of(told.entity), []
        key_of = kind.natural_key.get(type(told.body))
        natural_key = key_of(told) if key_of else ""
        if not natural_key:
            return self._store.root_of(told.identity), []
        founders = self._store.found(kind.name, natural_key, told.identity)
        root = min(founders)
        dissolved: list[StateChange] = []
        for founder in founders:
            former = self._store.root_of(founder)
            if former != root:
                before = self._store.state(kind, former)
                self._store.drop_state(kind, former)
                self._store.put_cases(kind, former, {})
                self._store.join(former, root)
                dissolved.append(StateChange(kind, former, before, None))
        return root, dissolved

    def _fold_all(self, roots: Iterable[str]) -> list[StateChange]:
        changes: list[StateChange] = []
        for root in sorted(set(roots)):
            facts = self._store.live_facts(root)
            classes = {type(told.body) for told in facts}
            changes += [
                self._fold_anew(kind, root, facts)
                for kind in self._kinds
                if classes.intersection(kind.facts) or self._store.state(kind, root) is not None
            ]
        return changes

    def _fold_anew(self, kind: EntityKind[Any], root: str, facts: Sequence[Told]) -> StateChange:
        before = self._store.state(kind, root)
        folded = fold_facts(kind, facts)
        if folded is None:
            self._store.drop_state(kind, root)
            self._store.put_cases(kind, root, {})
            return StateChange(kind, root, before, None)
        self._store.put_state(kind, root, folded.last, folded.state)
        self._store.put_cases(kind, root, folded.cases)
        return StateChange(kind, root, before, folded.state)


@dataclass(frozen=True, slots=True)
class Folded:
    """What the live facts of an entity come to: state, the last of them, open cases."""

    state: Any
    last: Told
    cases: Cases


def fold_facts(kind: EntityKind[Any], facts: Iterable[Told]) -> Folded | None:
    """Fold live facts in order; None when none of them is of this kind. Touches no store."""
    state: Any = None
    last: Told | None = None
    closings: list[Told] = []
    for told in facts:
        if type(told.body) in kind.facts:
            state, last = kind.fold(state, told), told
        elif isinstance(told.body, CaseClosed):
            closings.append(told)
    if last is None:
        return None
    return Folded(state, last, open_cases(kind.cases(state), closings))


def open_cases(found: Cases, closings: Sequence[Told]) -> Cases:
    """Return the cases that no closing settles.

    A closing settles exactly the set of facts that it saw: a member that comes or goes opens the
    case again, and so does a second closing, which then stands among the members.
    """
    still: Cases = {}
    for case, members in found.items():
        mine = [told for told in closings if told.body.case == case]
        if len(mine) == 1 and tuple(sorted(mine[0].body.members)) == tuple(sorted(members)):
            continue
        several = tuple(told.identity for told in mine) if len(mine) > 1 else ()
        still[case] = tuple(sorted((*members, *several)))
    return still
