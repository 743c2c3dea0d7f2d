"""Bodies without what repeats: a shape is said once, and its fields become columns.

A shape is read off the canonical JSON tree itself, never off a version of a kind, so whoever
unpacks need not know what a fact means. On the wire it is the JSON text with marks where values
differ:

    {"courier":TEXT,"day":"2026-11-25","tenders":[LIST{"amount_fen":NUMBER,"way":TEXT}END]}

Canonical JSON holds no control characters, so five of them serve as marks. What is the same in all
facts of a frame stands in the shape as it is; what differs is a column.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from station_app.journal.fact import DEPTH_MAX, FACT_BYTES_MAX, INTEGER_MAX
from station_app.sync.column_codes import (
    SAME,
    Malformed,
    Ref,
    Sink,
    Source,
    Text,
    read_numbers,
    read_texts,
    write_numbers,
    write_texts,
)

NUMBER, TEXT, LIST, END = "\x01", "\x02", "\x03", "\x04"
SHAPE_BYTES_MAX = 64 * 1024
FIELDS_MAX = 20_000  # of all shapes of a frame: a hundred kinds have some two thousand
_MARKS = re.compile("([\x01-\x04])")
_HASH = re.compile(r"[0-9a-f]{64}")
_NEVER_SAID_ONCE = re.compile(r"[0-9a-f]{64}|[A-Z2-7]{16}")  # shorter as a reference, or as noise

_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder()
Signature = Any
RefOf = Callable[[str], Ref]
SAME_AGAIN = Ref(SAME)


class NotPlain(ValueError):
    """These bytes hold something that columns are not made of."""


def spelt(text: str) -> str:
    """Return a text as canonical JSON spells it."""
    return _encoder.encode(text).decode("utf-8")


def tree_of(data: bytes) -> tuple[Any, Signature]:
    """Return the tree that JSON bytes spell, and its signature: what two trees share in shape.

    Raises NotPlain for anything but objects, lists of like elements, integers and texts, spelt as
    facts are.
    """
    try:
        tree = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise NotPlain(str(problem)) from problem
    if not isinstance(tree, dict):
        raise NotPlain("not an object")
    signature = _signature(tree, 0)
    if _encoder.encode(tree) != data:
        raise NotPlain("another spelling of the same value")
    return tree, signature


def _signature(tree: Any, depth: int) -> Signature:
    if depth > DEPTH_MAX:
        raise NotPlain("nested too deep")
    if type(tree) is str:
        return TEXT
    if type(tree) is int:
        if not -INTEGER_MAX <= tree <= INTEGER_MAX:
            raise NotPlain("a number beyond 2^53")
        return NUMBER
    if type(tree) is dict:
        return tuple((key, _signature(value, depth + 1)) for key, value in tree.items())
    if type(tree) is not list:
        raise NotPlain(type(tree).__name__)
    found = [_signature(value, depth + 1) for value in tree]
    if any(one != found[0] for one in found[1:]):
        raise NotPlain("a list of unlike things")
    return [found[0]] if found else []


def key_of(signature: Signature) -> str:
    """Return a signature as something that can be a key."""
    return repr(signature)


# --- Making --------------------------------------------------------------------------------------


@dataclass(slots=True)
class Field:
    """A place in a shape, and what the facts say there. sort: NUMBER, TEXT, LIST (its lengths)."""

    sort: str
    values: list[Any] = field(default_factory=list)
    last: str = ""  # what stood here before
    is_said_once: bool = False  # all say the same, so it can stand in the shape: see `settle`

    def add(self, value: Any, ref_of: RefOf) -> None:
        """Add what the next fact says here."""
        if self.sort == TEXT:
            before, self.last = self.last, value
            if len(value) == 64 and _HASH.fullmatch(value):
                value = SAME_AGAIN if value == before else ref_of(value)
        self.values.append(value)

    def settle(self) -> None:
        """Say whether all of them say the same."""
        if self.sort == LIST or any(type(value) is Ref for value in self.values):
            return
        first = self.values[0] if self.values else ""
        is_noise = self.sort == TEXT and _NEVER_SAID_ONCE.fullmatch(first) is not None
        self.is_said_once = not is_noise and self.values.count(first) == len(self.values)


class Maker:
    """One shape being filled with facts."""

    def __init__(self, signature: Signature) -> None:
        """Begin without any."""
        self._signature = signature
        self._order: list[Field] = []
        self._declare(signature)

    def _declare(self, signature: Signature) -> None:
        if signature in (NUMBER, TEXT):
            self._order.append(Field(signature))
        elif isinstance(signature, list):
            self._order.append(Field(LIST))
            for element in signature:
                self._declare(element)
        else:
            for _, value in signature:
                self._declare(value)

    def fill(self, tree: Any, ref_of: RefOf) -> None:
        """Add one fact's tree, field by field in the order of the text."""
        self._fill(self._signature, tree, 0, ref_of)

    def _fill(self, signature: Signature, tree: Any, place: int, ref_of: RefOf) -> int:
        if signature in (NUMBER, TEXT):
            self._order[place].add(tree, ref_of)
            return place + 1
        if isinstance(signature, list):
            self._order[place].values.append(len(tree))
            after = place + 1
            for element in tree:
                after = self._fill(signature[0], element, place + 1, ref_of)
            return after if tree else place + 1 + _fields_of(signature)
        for key, value in signature:
            place = self._fill(value, tree[key], place, ref_of)
        return place

    def text(self) -> str:
        """Return the shape, once all facts are in it, with what all say alike in its place."""
        for one in self._order:
            one.settle()
        return "".join(self._pieces(self._signature, iter(self._order)))

    def _pieces(self, signature: Signature, fields: Iterator[Field]) -> Iterator[str]:
        if signature in (NUMBER, TEXT):
            one = next(fields)
            if not one.is_said_once:
                yield signature
            else:
                yield spelt(one.values[0]) if signature == TEXT else str(one.values[0])
        elif isinstance(signature, list):
            next(fields)
            yield "[" + LIST
            for element in signature:
                yield from self._pieces(element, fields)
            yield END + "]"
        else:
            mark = "{"
            for key, value in signature:
                yield f"{mark}{spelt(key)}:"
                yield from self._pieces(value, fields)
                mark = ","
            yield "}" if signature else "{}"

    def write(self, sink: Sink) -> None:
        """Write the columns of what is not said once."""
        for one in self._order:
            if one.is_said_once:
                continue
            if one.sort == TEXT:
                write_texts(sink, one.values)
            else:
                write_numbers(sink, one.values)


def _fields_of(signature: Signature) -> int:
    if signature in (NUMBER, TEXT):
        return 1
    if isinstance(signature, list):
        return sum(map(_fields_of, signature))
    return sum(_fields_of(value) for _, value in signature)


# --- Reading -------------------------------------------------------------------------------------

Slot = Callable[[], str]


class Template:
    """A shape as it arrived, to be filled with the values of one fact after the other."""

    def __init__(self, text: str, resolve: Callable[[Ref], str]) -> None:
        """Take a shape's text apart. resolve: finds the hash that a reference means."""
        self._resolve = resolve
        self._format: list[str] = []
        self._sorts: list[str] = []
        self._inner: list[Template | None] = []
        self.fields = 0
        self._take_apart(_MARKS.split(text))
        self.fields += len(self._sorts)
        self.length = sum(map(len, self._format))
        self._pattern = "%s".join(part.replace("%", "%%") for part in self._format)
        self._slots: list[Slot] = []

    def _take_apart(self, pieces: list[str]) -> None:
        """Split into literal parts and marks. pieces: text and marks in turn."""
        self._format.append(pieces[0])
        place = 1
        while place < len(pieces):
            mark, after = pieces[place], pieces[place + 1]
            inner = None
            if mark == LIST:
                end = _end_of_list(pieces, place)
                inside = "".join(pieces[place + 1 : end])
                inner = Template(inside, self._resolve)
                self.fields += inner.fields
                after = pieces[end + 1]
                place = end
            elif mark == END:
                raise Malformed("a list that did not begin")
            self._sorts.append(mark)
            self._inner.append(inner)
            self._format.append(after)
            place += 2

    def read(self, source: Source, count: int) -> None:
        """Read the columns of so many facts."""
        for sort, inner in zip(self._sorts, self._inner, strict=True):
            if sort == NUMBER:
                self._slots.append(map(str, read_numbers(source, count)).__next__)
            elif sort == TEXT:
                texts = read_texts(source, count, spelt)
                self._slots.append(_tokens(texts, self._resolve))
            else:
                lengths = read_numbers(source, count)
                assert inner is not None
                inner.read(source, _in_all(lengths))
                self._slots.append(_listing(iter(lengths), inner))

    def render(self) -> str:
        """Return the next fact's text."""
        slots = self._slots
        if not slots:
            return self._format[0]
        return self._pattern % tuple([slot() for slot in slots])


def _end_of_list(pieces: Sequence[str], start: int) -> int:
    depth = 0
    for place in range(start, len(pieces), 2):
        depth += (pieces[place] == LIST) - (pieces[place] == END)
        if depth > DEPTH_MAX:
            raise Malformed("nested too deep")
        if depth == 0:
            return place
    raise Malformed("a list without an end")


def _in_all(lengths: Sequence[int]) -> int:
    if lengths and min(lengths) < 0:
        raise Malformed("no length of a list")
    return sum(lengths)


def _listing(lengths: Iterator[int], inner: Template) -> Slot:
    def said() -> str:
        count = next(lengths)
        if count * (inner.length + 1) > FACT_BYTES_MAX:
            raise Malformed("longer than a fact may be")
        return ",".join([inner.render() for _ in range(count)])

    return said


def _tokens(texts: Sequence[Text], resolve: Callable[[Ref], str]) -> Slot:
    """Return a slot that gives the texts in turn, and finds what references mean when it comes."""
    if all(type(text) is str for text in texts):
        return iter(texts).__next__  # type: ignore[return-value]
    return said_in_turn(texts, lambda ref: f'"{resolve(ref)}"')


def said_in_turn(texts: Sequence[Text], resolve: Callable[[Ref], str]) -> Slot:
    """Return a slot over texts of which some are references."""

    def turns() -> Iterator[str]:
        last = ""
        for text in texts:
            if isinstance(text, str):
                last = text
            elif text.how != SAME:
                last = resolve(text)
            yield last

    return turns().__next__
