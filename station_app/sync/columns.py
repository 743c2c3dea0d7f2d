"""Format 2: the facts of a frame as columns, one per kind and field.

Twenty parcels say twenty times the same names of fields, the same day, mostly the same courier. So
a frame says each shape once (`sync.shapes`) and then, field by field, what differs
(`sync.column_codes`).
What the reader can compute is left out (stream, seq, prev, digest, identity, hashes of bodies), a
hash that he holds is named by its place, an erased part is 32 bytes.

Nothing leaves that does not come back: the writer reads what it has written and compares. A body
that is not spelt as columns would spell it, and every kind and version that this program does not
know, travels as the bytes it is.

    segments   streams, from where, how many facts, keys and signatures of the heads
    forms      kind, version, shape of body and of private part: what facts here look like
    facts      which form, milliseconds after the fact before, act, author, entity
    places     where the facts stand that are named and not here
    fields     of each shape, then what travels as it is
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from station_app.journal.fact import (
    FACT_BYTES_MAX,
    INTEGER_MAX,
    Fact,
    NotCanonical,
    parse_tree,
    seal,
)
from station_app.sync.column_codes import (
    KNOWN,
    LOCAL,
    NEW,
    VALUES_MAX,
    Malformed,
    Ref,
    Sink,
    Source,
    read_numbers,
    read_texts,
    write_numbers,
    write_texts,
)
from station_app.sync.places import Place, Places
from station_app.sync.segment import (
    KEY_ID_BYTES,
    NAME_CHARACTERS_MAX,
    SIGNATURE_BYTES,
    STREAM,
    VERSION_MAX,
    Segment,
    SignedHead,
)
from station_app.sync.shapes import (
    FIELDS_MAX,
    SAME_AGAIN,
    SHAPE_BYTES_MAX,
    TEXT,
    Field,
    Maker,
    NotPlain,
    Template,
    key_of,
    said_in_turn,
    tree_of,
)

FACTS_MAX = 50_000
SEGMENTS_MAX = 2_000
STREAMS_MAX = 4_000
FORMS_MAX = 2_000
REBUILT_BYTES_MAX = 16 * 1024 * 1024  # of bodies and private parts, however little they came in
HASH_BYTES = 32
Knows = Callable[[str, int], bool]

# How a body or a private part travels; from SHAPE on: the shape of that number.
NONE, ERASED, VERBATIM, SHAPE = range(4)
_HASHES = re.compile(rb'"([0-9a-f]{64})"')
_HASH = re.compile(r"[0-9a-f]{64}")
_EPOCH = re.compile(r"(.*/)([0-9a-f]{16})")
_ANYWHERE = 0  # a place that is no place: the hash itself


class UnknownPlace(Malformed):
    """A fact is named by its place, and is not held here."""


class DoesNotComeBack(ValueError):
    """What was written reads as something else: it must not travel so."""


def know_all(_kind: str, _v: int) -> bool:
    """Know every kind and version."""
    return True


def write(
    segments: Sequence[Segment], places: Places, knows: Knows = know_all
) -> tuple[bytes, bytes]:
    """Return segments as columns: what a compressor shortens, and what it does not.

    places: facts that the reader holds; knows: whether a kind and version is known here. Raises
    DoesNotComeBack: then they must travel in another format.
    """
    found = places.find(_named_in(segments))
    for is_known in (knows, lambda _kind, _v: False):
        sink = Sink()
        _Writer(segments, found, is_known).write(sink)
        plain, noise = bytes(sink.plain), bytes(sink.noise)
        try:
            if read(plain, noise, _There(found)) == tuple(segments):
                return plain, noise
        except Malformed:
            continue
    raise DoesNotComeBack(segments[0].stream)


def read(plain: bytes, noise: bytes, places: Places) -> tuple[Segment, ...]:
    """Return the segments that columns hold; raises Malformed for anything else.

    places: where the facts are found that are named and not here.
    """
    source = Source(plain, noise)
    try:
        segments = tuple(_Reader(source, places).segments())
    except Malformed:
        raise
    except (ValueError, LookupError, OverflowError, StopIteration, RuntimeError) as problem:
        raise Malformed(f"{type(problem).__name__}: {problem}") from problem
    if not source.is_empty:
        raise Malformed("more than segments")
    return segments


@dataclass(frozen=True, slots=True)
class _There:
    """The places as the reader will find them, for the writer's own test."""

    found: Mapping[str, Place]

    def find(self, identities: Collection[str]) -> Mapping[str, Place]:
        return self.found

    def identities(self, places: Sequence[Place]) -> Sequence[str]:
        by_place = {place: identity for identity, place in self.found.items()}
        return [by_place.get(place, "") for place in places]


def _named_in(segments: Sequence[Segment]) -> set[str]:
    """Return the facts that these speak of and do not hold."""
    named: set[str] = set()
    for segment in segments:
        named.add(segment.prev)
        for fact in segment.facts:
            named.update((fact.entity, fact.by))
            for part in (fact.body, fact.private or b""):
                named.update(match.decode() for match in _HASHES.findall(part))
    named -= {fact.identity for segment in segments for fact in segment.facts}
    return {name for name in named if _HASH.fullmatch(name)}


# --- Writing -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Form:
    """What some facts have in common: how they travel. body, private: see NONE to SHAPE."""

    kind: str
    v: int
    has_entity: bool
    body: int
    private: int
    number: int
    entities: Field = field(default_factory=lambda: Field(TEXT))


class _Writer:
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
        self._makers: list[Maker] = []
        self._form_of: list[int] = []
        self._steps: list[int] = []
        self._acts, self._authors, self._before = Field(TEXT), Field(TEXT), Field(TEXT)
        self._verbatim: list[bytes] = []
        self._erased: list[bytes] = []

    def write(self, sink: Sink) -> None:
        at, act = 0, ""
        for segment in self._segments:
            self._before.add(segment.prev, self._ref)
            for fact in segment.facts:
                self._add(fact, at, act)
                at, act = fact.at, fact.act
        shapes = [maker.text() for maker in self._makers]
        streams = _Streams(self._segments, [self._found.get(name) for name in self._named])
        streams.write(sink)
        self._write_forms(sink, shapes)
        write_numbers(sink, self._form_of)
        write_numbers(sink, self._steps)
        for column in (self._acts, self._authors, self._before):
            write_texts(sink, column.values)
        for form in self._forms.values():
            if form.has_entity:
                write_texts(sink, form.entities.values)
        streams.write_places(sink, list(self._named))
        for maker in self._makers:
            maker.write(sink)
        write_numbers(sink, [len(part) for part in self._verbatim])
        sink.plain += b"".join(self._verbatim)
        sink.noise += b"".join(self._erased)

    def _write_forms(self, sink: Sink, shapes: Sequence[str]) -> None:
        """Write the forms; a shape stands where it is first spoken of."""
        said = 0
        sink.number(len(self._forms))
        for form in self._forms.values():
            sink.words(form.kind.encode())
            sink.number(form.v << 1 | form.has_entity)
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
            self._acts.add(fact.act, self._ref)
        self._authors.add(fact.by, self._ref)
        if form.has_entity:
            form.entities.add(fact.entity, self._ref)
        self._fill(body, body_tree, fact.body)
        self._fill(private, private_tree, fact.private or b"")
        if private == ERASED:
            self._erased.append(bytes.fromhex(fact.private_digest))
        self._here[fact.identity] = len(self._here)

    def _sort_of(self, fact: Fact, part: str, data: bytes, is_known: bool) -> tuple[int, object]:
        """Return how a body or a private part travels, and its tree if as columns."""
        if not is_known:
            return VERBATIM, None
        try:
            parse_tree(data)
            tree, signature = tree_of(data)
        except (NotCanonical, NotPlain):
            return VERBATIM, None
        key = (fact.kind, fact.v, part, key_of(signature))
        if key not in self._shapes:
            self._shapes[key] = len(self._makers)
            self._makers.append(Maker(signature))
        return SHAPE + self._shapes[key], tree

    def _form(self, fact: Fact, body: int, private: int) -> _Form:
        key = (fact.kind, fact.v, bool(fact.entity), body, private)
        if key not in self._forms:
            number = len(self._forms)
            self._forms[key] = _Form(fact.kind, fact.v, bool(fact.entity), body, private, number)
        return self._forms[key]

    def _fill(self, sort: int, tree: object, data: bytes) -> None:
        if sort >= SHAPE:
            self._makers[sort - SHAPE].fill(tree, self._ref)
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
        streams = [1 + self._numbers[place[0]] if place else _ANYWHERE for place in self._places]
        write_numbers(sink, streams)
        write_numbers(sink, [seq for _, seq in held])
        for name, place in zip(names, self._places, strict=True):
            if place is None:
                sink.noise += bytes.fromhex(name)


# --- Reading -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Read:
    """A form as it arrived."""

    kind: str
    v: int
    has_entity: bool
    body: int
    private: int
    entity: Callable[[], str] = str


class _Reader:
    """Reads all columns, and then gives the facts one after the other."""

    def __init__(self, source: Source, places: Places) -> None:
        self._source = source
        self._places = places
        self._identities: list[str] = []
        self._named: Sequence[str] = ()
        self._next_named = 0
        self._left = REBUILT_BYTES_MAX
        self._shapes: list[Template] = []
        self._erased: Iterator[str] = iter(())
        self._verbatim: Iterator[bytes] = iter(())

    def segments(self) -> Iterator[Segment]:
        source = self._source
        streams = [self._stream() for _ in range(source.number(STREAMS_MAX))]
        count = source.number(SEGMENTS_MAX)
        numbers = _from_zero(read_numbers(source, count))
        firsts = read_numbers(source, count)
        lengths = _from_zero(read_numbers(source, count))
        keys = [source.take_noise(KEY_ID_BYTES).hex() for _ in range(source.number(count))]
        key_numbers = _from_zero(read_numbers(source, count))
        signatures = [source.take_noise(SIGNATURE_BYTES) for _ in range(count)]
        self._read_columns(sum(lengths), count, streams)
        for place in range(count):
            stream, first = streams[numbers[place]], firsts[place]
            last = first + lengths[place] - 1
            if not STREAM.fullmatch(stream) or not 1 <= first <= last <= INTEGER_MAX:
                raise Malformed(f"{stream[:NAME_CHARACTERS_MAX]} from {first} to {last}")
            run = tuple(self._run(stream, first, last))
            key = keys[key_numbers[place]]
            head = SignedHead(stream, last, run[-1].identity, key, signatures[place])
            yield Segment(stream, first, run[0].prev, run, head)

    def _stream(self) -> str:
        name = self._source.text(NAME_CHARACTERS_MAX)
        return name + self._source.take_noise(8).hex() if name.endswith("/") else name

    # --- Columns ---

    def _read_columns(self, count: int, segments: int, streams: Sequence[str]) -> None:
        source = self._source
        if not 0 < count <= FACTS_MAX:
            raise Malformed(f"{count} facts")
        forms = [self._read_form() for _ in range(source.number(FORMS_MAX))]
        numbers = _from_zero(read_numbers(source, count))
        self._forms = iter([forms[number] for number in numbers])
        self._ats = iter(accumulate(read_numbers(source, count)))
        self._act, self._by = self._texts(count), self._texts(count)
        self._before = self._texts(segments)
        often = Counter(numbers)
        for number, form in enumerate(forms):
            if form.has_entity:
                form.entity = self._texts(often[number])
        self._read_places(streams)
        uses: Counter[int] = Counter()
        for number, form in enumerate(forms):
            uses[form.body] += often[number]
            uses[form.private] += often[number]
        if sum(shape.fields for shape in self._shapes) > FIELDS_MAX:
            raise Malformed("more fields than a frame may have")
        for number, shape in enumerate(self._shapes):
            shape.read(source, uses[SHAPE + number])
        lengths = _from_zero(read_numbers(source, uses[VERBATIM]))
        self._verbatim = iter([source.take(length) for length in lengths])
        self._erased = iter([self._hash() for _ in range(uses[ERASED])])

    def _read_form(self) -> _Read:
        kind = self._source.text(NAME_CHARACTERS_MAX)
        v_and_entity = self._source.number(2 * VERSION_MAX + 1)
        body, private = self._read_part(), self._read_part()
        if not kind or v_and_entity < 2 or body < VERBATIM:
            raise Malformed("no form")
        return _Read(kind, v_and_entity >> 1, bool(v_and_entity & 1), body, private)

    def _read_part(self) -> int:
        """Read how a body or private part travels, and its shape where that is first named."""
        known = SHAPE + len(self._shapes)
        part = self._source.number(known)
        if part == known:
            self._shapes.append(Template(self._source.text(SHAPE_BYTES_MAX), self._resolve))
        return part

    def _texts(self, count: int) -> Callable[[], str]:
        return said_in_turn(read_texts(self._source, count, str), self._resolve)

    def _hash(self) -> str:
        return self._source.take_noise(HASH_BYTES).hex()

    def _read_places(self, streams: Sequence[str]) -> None:
        source = self._source
        count = source.number(VALUES_MAX)
        numbers = _from_zero(read_numbers(source, count))
        where = [streams[number - 1] for number in numbers if number != _ANYWHERE]
        seqs = _from_zero(read_numbers(source, len(where)))
        places = list(zip(where, seqs, strict=True))
        held = self._places.identities(places) if places else ()
        if not all(held):
            raise UnknownPlace(str(places[list(held).index("")]))
        found = iter(held)
        self._named = [self._hash() if n == _ANYWHERE else next(found) for n in numbers]

    def _resolve(self, ref: Ref) -> str:
        """Return the hash that a reference of the present fact means."""
        if ref.how == LOCAL:
            here = len(self._identities) - ref.where
            if 0 <= here < len(self._identities):
                return self._identities[here]
        elif ref.how == NEW:
            self._next_named += 1
            if self._next_named <= len(self._named):
                return self._named[self._next_named - 1]
        elif 0 <= ref.where < len(self._named):
            return self._named[ref.where]
        raise Malformed(f"no fact {ref.where} to speak of")

    # --- Facts ---

    def _run(self, stream: str, first: int, last: int) -> Iterator[Fact]:
        prev = self._before()
        if not (_HASH.fullmatch(prev) or (first == 1 and not prev)):
            raise Malformed("no identity")
        for seq in range(first, last + 1):
            form, at = next(self._forms), next(self._ats)
            act, by, entity = self._act(), self._by(), form.entity()
            body = self._part(form.body)
            private = self._part(form.private) if form.private >= VERBATIM else None
            longest = max(len(act), len(by), len(entity))
            size = len(body) + len(private or b"")
            if not 0 <= at <= INTEGER_MAX or longest > NAME_CHARACTERS_MAX or size > FACT_BYTES_MAX:
                raise Malformed(f"{stream}: fact {seq}")
            fact = seal(
                body,
                private,
                private_digest=next(self._erased) if form.private == ERASED else None,
                stream=stream,
                seq=seq,
                act=act,
                at=at,
                kind=form.kind,
                v=form.v,
                entity=entity,
                by=by,
                prev=prev,
            )
            prev = fact.identity
            self._identities.append(prev)
            yield fact

    def _part(self, sort: int) -> bytes:
        """Return the next body or private part; all of them together are bounded."""
        if sort == VERBATIM:
            part = next(self._verbatim)
        else:
            part = self._shapes[sort - SHAPE].render().encode()
        self._left -= len(part)
        if self._left < 0:
            raise Malformed("unpacks to more than a frame may hold")
        return part


def _from_zero(values: list[int]) -> list[int]:
    """Return numbers that count or point at something, once none of them is negative."""
    if values and min(values) < 0:
        raise Malformed("below zero")
    return values
