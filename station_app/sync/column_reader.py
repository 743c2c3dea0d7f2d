"""Reading columns: every field of a frame first, and then one fact after the other.

What is read was signed by somebody with a key, and is believed no more for that: everything is
counted before it is made, what is rebuilt is bounded however little it came in, and whatever does
not fit together is Malformed.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from station_app.journal.fact import FACT_BYTES_MAX, INTEGER_MAX, Fact, seal
from station_app.sync.column_codes import (
    LOCAL,
    NEW,
    VALUES_MAX,
    Malformed,
    Ref,
    Source,
    read_numbers,
    read_texts,
)
from station_app.sync.places import Places
from station_app.sync.segment import (
    FACTS_MAX,
    KEY_ID_BYTES,
    NAME_CHARACTERS_MAX,
    SEGMENTS_MAX,
    SIGNATURE_BYTES,
    STREAM,
    VERSION_MAX,
    Segment,
    SignedHead,
)
from station_app.sync.shapes import FIELDS_MAX, SHAPE_BYTES_MAX, Template, said_in_turn

STREAMS_MAX = 4_000
FORMS_MAX = 2_000
REBUILT_BYTES_MAX = 16 * 1024 * 1024  # of bodies and private parts, however little they came in
HASH_BYTES = 32

# How a body or a private part travels; from SHAPE on: the shape of that number.
NONE, ERASED, VERBATIM, SHAPE = range(4)
_HASH = re.compile(r"[0-9a-f]{64}")
ANYWHERE = 0  # a place that is no place: the hash itself


class UnknownPlace(Malformed):
    """A fact is named by its place, and is not held here."""


@dataclass(slots=True)
class _Read:
    """A form as it arrived."""

    kind: str
    v: int
    has_entity: bool
    body: int
    private: int
    entity: Callable[[], str] = str


class Reader:
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
        """Yield the segments; everything is read with the first."""
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
        where = [streams[number - 1] for number in numbers if number != ANYWHERE]
        seqs = _from_zero(read_numbers(source, len(where)))
        places = list(zip(where, seqs, strict=True))
        held = self._places.identities(places) if places else ()
        if not all(held):
            raise UnknownPlace(str(places[list(held).index("")]))
        found = iter(held)
        self._named = [self._hash() if n == ANYWHERE else next(found) for n in numbers]

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
