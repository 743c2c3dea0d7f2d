"""The book of all kinds: how to read a fact, what it folds into, what it posts.

It is put together once, in `station_app.vocabulary`, from what the slices declare; the county
decodes with the same one.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from station_app.journal.fact import (
    INTEGER_MAX,
    VERSION_MARK,
    Body,
    Fact,
    NotCanonical,
    Private,
    Told,
    is_from_county,
    parse_tree,
    said_as,
)
from station_app.journal.kinds import (
    KERNEL_BODIES,
    RULINGS,
    ActReversed,
    CaseClosed,
    PaymentsReleased,
    PrivateErased,
)
from station_app.journal.projection import EntityKind
from station_app.ledger.accounts import is_legal
from station_app.ledger.posting import Entry, Line, imbalance

Poster = Callable[[Told], Entry]


class Unreadable(ValueError):
    """This program cannot read the fact: unknown kind or version, or a body that does not fit."""


def post_reversal(told: Told) -> Entry:
    """Return the lines that a reversal carries."""
    return tuple(Line(line.account, line.commodity, line.amount) for line in told.body.lines)


class Vocabulary:
    """Every kind of fact: how to read it, what it folds into, what it posts."""

    def __init__(
        self,
        *,
        entities: Iterable[EntityKind[Any]],
        postings: Mapping[type[Body], Poster],
        from_county: Iterable[type[Body]] = (),
        from_both: Iterable[type[Body]] = (),
        bodies: Iterable[type[Body]] = (),
    ) -> None:
        """Collect the entity kinds, the postings and the kinds that the county may send down.

        from_county: what the county says and no station may; from_both: what both say. bodies:
        kinds that fold into no entity, besides the kernel's own. state_decoders: by entity kind;
        to make them takes as long as a fold, and each start of a write needs them.
        """
        self.entities = tuple(entities)
        self._postings: dict[type[Body], Poster] = {ActReversed: post_reversal, **postings}
        self._entity_of: dict[type[Body], EntityKind[Any]] = {}
        self._bodies: dict[tuple[str, int], type[Body]] = {}
        both: tuple[type[Body], ...] = (*from_both, PrivateErased, CaseClosed)
        county_only: tuple[type[Body], ...] = (*from_county, PaymentsReleased, *RULINGS)
        self._from_county = {body.KIND for body in (*county_only, *both)}
        self._from_county_only = {body.KIND for body in county_only} - {b.KIND for b in both}
        for body in (*KERNEL_BODIES, *bodies):
            self._bodies[body.KIND, body.VERSION] = body
        for entity in self.entities:
            for body in entity.facts:
                if body in self._entity_of:
                    raise ValueError(f"{body.__name__} folds into two kinds of entity")
                self._entity_of[body] = entity
                self._bodies[body.KIND, body.VERSION] = body
        self._body_decoders = {
            key: msgspec.json.Decoder(body) for key, body in self._bodies.items()
        }
        self._private_decoders = {
            key: msgspec.json.Decoder(body.PRIVATE)
            for key, body in self._bodies.items()
            if body.PRIVATE is not None
        }
        self.state_decoders = {
            entity.name: msgspec.json.Decoder(entity.state) for entity in self.entities
        }

    @property
    def county_kinds(self) -> frozenset[str]:
        """Return the kinds that a station takes from the county's streams, and no others."""
        return frozenset(self._from_county)

    @property
    def county_only(self) -> frozenset[str]:
        """Return the kinds that count when the county says them, and of no station."""
        return frozenset(self._from_county_only)

    @property
    def kinds_for_everybody(self) -> frozenset[str]:
        """Return the kinds that the county may say to all stations at once.

        The county folds what one station says apart from what it says to all. So whatever a
        station also speaks of is said to that station; then both ends fold the same facts.
        """
        whole = {
            body.KIND
            for kind in self.entities
            if all(body.KIND in self._from_county for body in kind.facts)
            for body in kind.facts
        }
        return frozenset(whole | {PrivateErased.KIND})

    @property
    def kinds_that_carry_nothing(self) -> frozenset[str]:
        """Return the kinds that may be undone whatever happened to the same thing since."""
        return frozenset(body.KIND for body in self._bodies.values() if body.CARRIES_NOTHING)

    @property
    def kinds(self) -> dict[tuple[str, int], type[Body]]:
        """Return every kind and version with the struct that reads it."""
        return dict(self._bodies)

    def entity_kind(self, body: type[Body]) -> EntityKind[Any] | None:
        """Return the entity kind that facts of this class fold into; None for the kernel's."""
        return self._entity_of.get(body)

    def read(self, fact: Fact) -> Told:
        """Decode a fact; raises Unreadable if this program does not know it.

        A fact of the county is read only if its kind is one that the county may send, a fact of a
        station only if it is not one that the county alone may say.
        """
        body = self._read_body(fact)
        try:
            private = self._read_private((fact.kind, fact.v), fact.private)
        except (msgspec.ValidationError, msgspec.DecodeError, NotCanonical) as problem:
            raise Unreadable(f"{fact.kind}: {problem}") from problem
        return tell(fact, body, private)

    def _read_body(self, fact: Fact) -> Body:
        decoder = self._body_decoders.get((fact.kind, fact.v))
        if decoder is None:
            raise Unreadable(f"unknown kind {fact.kind} version {fact.v}")
        is_county = is_from_county(fact.stream)
        if is_county and fact.kind not in self._from_county:
            raise Unreadable(f"the county may not say {fact.kind}")
        if not is_county and fact.kind in self._from_county_only:
            raise Unreadable(f"only the county may say {fact.kind}")
        try:
            parse_tree(fact.body)
            return decoder.decode(fact.body)
        except (msgspec.ValidationError, msgspec.DecodeError, NotCanonical) as problem:
            raise Unreadable(f"{fact.kind}: {problem}") from problem

    def post_unread(self, fact: Fact) -> Entry:
        """Return what a fact in quarantine posts all the same: its body may be sound.

        Money that moved has moved, whatever is wrong with what the fact says about people.
        """
        try:
            return self.post(tell(fact, self._read_body(fact), None))
        except Unreadable:
            return ()

    def _read_private(self, key: tuple[str, int], private: bytes | None) -> Any:
        if private is None:
            return None
        decoder = self._private_decoders.get(key)
        if decoder is None:
            raise NotCanonical("this kind has no private part")
        parse_tree(private)
        return decoder.decode(private)

    def post(self, told: Told) -> Entry:
        """Return the entry of a fact: a pure function of its header and body.

        Raises Unreadable for a body that has no place in the books: it does not balance, or names
        an account that cannot be. Nobody's rules let it through, so another's program made it.
        """
        poster = self._postings.get(type(told.body))
        if poster is None:
            return ()
        try:
            entry = poster(told)
        except (ValueError, OverflowError) as problem:
            raise Unreadable(f"{told.kind} cannot be posted: {problem}") from problem
        for line in entry:
            if not is_legal(line.account) or abs(line.amount) > INTEGER_MAX:
                raise Unreadable(f"{told.kind} posts {line.amount} to {line.account}")
        lacking = imbalance(entry)
        if lacking:
            raise Unreadable(f"{told.kind} does not balance: {lacking}")
        return entry


def tell(fact: Fact, body: Body, private: Private | None) -> Told:
    """Return a fact in its decoded form."""
    return Told(
        identity=fact.identity,
        stream=said_as(fact.stream),
        seq=fact.seq,
        act=fact.act,
        at=fact.at,
        kind=fact.kind,
        by=fact.by,
        entity=fact.entity,
        body=body,
        private=private,
        line=fact.stream if VERSION_MARK in fact.stream else "",
    )
