"""Writing facts as columns: each goes field by field into the columns of its form."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from station_app.journal.fact import Fact
from station_app.sync.column_codes import KNOWN, LOCAL, NEW, Ref, Sink, write_numbers
from station_app.sync.column_reader import ANYWHERE, ERASED, NONE, SHAPE, VERBATIM
from station_app.sync.places import Place
from station_app.sync.segment import Segment
from station_app.sync.shapes import SAME_AGAIN, Column, NotPlain, Texts, column_for, tree_of

Knows = Callable[[str, int], bool]
_EPOCH = re.compile(r"(.*/)([0-9a-f]{16})")


@dataclass(slots=True)
class _Form:
    """What some facts have in common: how they travel. body, private: see NONE to SHAPE."""

    kind: str
    v: int
    body: int
    private: int
    number: int
    entities: Texts | None  # None: these facts found what they speak of


class Writer:
    """Turns facts into columns, one after the other, and writes them."""

    def __init__(
        self, segments: Sequence[Segment], found: Mapping[str, Place], knows: Knows
    ) -> None:
        self._segments = segments
        self._found = found
        self._knows = knows
        self._here: dict[str, int] = {}  # the facts before, and their number
        self._named: dict[str, int] = {}  # those not here, in the order in which they are named
        self._forms: dict[tuple[object, ...], _Form] = {}
        self._shapes: dict[tuple[object, ...], int] = {}
        self._columns: list[Column] = []  # by the number of the shape
        self._form_of: list[int] = []
        self._steps: list[int] = []
        self._acts, self._authors, self._before = (Texts(self._ref) for _ in range(3))
        self._verbatim: list[bytes] = []
        self._erased: list[bytes] = []

    def write(self, sink: Sink) -> None:
        """Write them all."""
        at, act = 0, ""
        for segment in self._segments:
            self._before.add(segment.prev)
            for fact in segment.facts:
                self._add(fact, at, act)
                at, act = fact.at, fact.act
        shapes = [column.text() for column in self._columns]
        streams = _Streams(self._segments, [self._found.get(name) for name in self._named])
        streams.write(sink)
        self._write_forms(sink, shapes)
        write_numbers(sink, self._form_of)
        write_numbers(sink, self._steps)
        for texts in (self._acts, self._authors, self._before):
            texts.write(sink)
        for form in self._forms.values():
            if form.entities:
                form.entities.write(sink)
        streams.write_places(sink, list(self._named))
        for column in self._columns:
            column.write(sink)
        write_numbers(sink, [len(part) for part in self._verbatim])
        sink.plain += b"".join(self._verbatim)
        sink.noise += b"".join(self._erased)

    def _write_forms(self, sink: Sink, shapes: Sequence[str]) -> None:
        """Write the forms; a shape stands where it is first spoken of."""
        said = 0
        sink.number(len(self._forms))
        for form in self._forms.values():
            sink.words(form.kind.encode())
            sink.number(form.v << 1 | (form.entities is not None))
            for part in (form.body, form.private):
                sink.number(part)
                if part == SHAPE + said:
                    sink.words(shapes[said].encode())
                    said += 1

    def _add(self, fact: Fact, at: int, act: str) -> None:
        is_known = self._knows(fact.kind, fact.v)
        body, body_tree = self._sort_of(fact, "body", fact.body, is_known)
        if fact.private is not None:
            private, private_tree = self._sort_of(fact, "private", fact.private, is_known)
        else:
            private, private_tree = (ERASED if fact.private_digest else NONE), None
        form = self._form(fact, body, private)
        self._form_of.append(form.number)
        self._steps.append(fact.at - at)
        if fact.act == act:
            self._acts.values.append(SAME_AGAIN)
        else:
            self._acts.add(fact.act)
        self._authors.add(fact.by)
        if form.entities:
            form.entities.add(fact.entity)
        self._fill(body, body_tree, fact.body)
        self._fill(private, private_tree, fact.private or b"")
        if private == ERASED:
            self._erased.append(bytes.fromhex(fact.private_digest))
        self._here[fact.identity] = len(self._here)

    def _sort_of(self, fact: Fact, part: str, data: bytes, is_known: bool) -> tuple[int, Any]:
        """Return how a body or a private part travels, and its tree if as columns."""
        if not is_known:
            return VERBATIM, None
        try:
            tree, signature = tree_of(data)
        except NotPlain:
            return VERBATIM, None
        key = (fact.kind, fact.v, part, signature)
        number = self._shapes.get(key)
        if number is None:
            number = self._shapes[key] = len(self._columns)
            self._columns.append(column_for(signature, self._ref))
        return SHAPE + number, tree

    def _form(self, fact: Fact, body: int, private: int) -> _Form:
        key = (fact.kind, fact.v, bool(fact.entity), body, private)
        form = self._forms.get(key)
        if form is None:
            entities = Texts(self._ref) if fact.entity else None
            number = len(self._forms)
            form = self._forms[key] = _Form(fact.kind, fact.v, body, private, number, entities)
        return form

    def _fill(self, sort: int, tree: Any, data: bytes) -> None:
        if sort >= SHAPE:
            self._columns[sort - SHAPE].add(tree)
        elif sort == VERBATIM:
            self._verbatim.append(data)

    def _ref(self, identity: str) -> Ref:
        """Return how the reader finds a hash."""
        here = self._here.get(identity)
        if here is not None:
            return Ref(LOCAL, len(self._here) - here)
        known = self._named.get(identity)
        if known is not None:
            return Ref(KNOWN, known)
        self._named[identity] = len(self._named)
        return Ref(NEW)


class _Streams:
    """The segments' heads, and the streams in which the named facts stand."""

    def __init__(self, segments: Sequence[Segment], places: Sequence[Place | None]) -> None:
        self._segments = segments
        self._places = places
        names = [segment.stream for segment in segments]
        names += [place[0] for place in places if place is not None]
        self._numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}

    def write(self, sink: Sink) -> None:
        sink.number(len(self._numbers))
        for name in self._numbers:
            match = _EPOCH.fullmatch(name)
            sink.words((match[1] if match else name).encode())
            sink.noise += bytes.fromhex(match[2]) if match else b""
        segments = self._segments
        sink.number(len(segments))
        write_numbers(sink, [self._numbers[segment.stream] for segment in segments])
        write_numbers(sink, [segment.first for segment in segments])
        write_numbers(sink, [len(segment.facts) for segment in segments])
        keys = list(dict.fromkeys(segment.head.key_id for segment in segments))
        sink.number(len(keys))
        sink.noise += b"".join(map(bytes.fromhex, keys))
        write_numbers(sink, [keys.index(segment.head.key_id) for segment in segments])
        sink.noise += b"".join(segment.head.signature for segment in segments)

    def write_places(self, sink: Sink, names: Sequence[str]) -> None:
        """Write where the named facts stand, or their hashes."""
        held = [place for place in self._places if place is not None]
        sink.number(len(self._places))
        streams = [1 + self._numbers[place[0]] if place else ANYWHERE for place in self._places]
        write_numbers(sink, streams)
        write_numbers(sink, [seq for _, seq in held])
        for name, place in zip(names, self._places, strict=True):
            if place is None:
                sink.noise += bytes.fromhex(name)
