"""Bodies without what repeats: a shape is said once, and its fields become columns.

A shape is read off the canonical JSON tree itself, never off a version of a kind, so whoever
unpacks need not know what a fact means. On the wire it is the JSON text with marks where values
differ:

    {"courier":TEXT,"day":"2026-11-25","tenders":[LIST{"amount_fen":NUMBER,"way":TEXT}END]}

Canonical JSON holds no control characters, so five of them serve as marks. What is the same in all
facts of a frame stands in the shape as it is; what differs is a column.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from station_app.journal.fact import DEPTH_MAX, FACT_BYTES_MAX, NotCanonical, plain_tree
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
HASH_CHARACTERS = 64
_HASH = re.compile(r"[0-9a-f]{64}")
_TICKET = re.compile(r"[A-Z2-7]{16}")
_SORT_OF: Mapping[type, str] = {int: NUMBER, str: TEXT}

_encoder = msgspec.json.Encoder(order="sorted")
RefOf = Callable[[str], Ref]
SAME_AGAIN = Ref(SAME)


@dataclass(frozen=True, slots=True)
class _ListOf:
    """The signature of a list. element: that of its elements, None without any."""

    element: "Signature | None" = None


Signature = str | tuple[tuple[str, "Signature"], ...] | _ListOf  # NUMBER, TEXT, an object, a list


class NotPlain(ValueError):
    """These bytes hold something that columns are not made of."""


def spelt(text: str) -> str:
    """Return a text as canonical JSON spells it."""
    return _encoder.encode(text).decode("utf-8")


def tree_of(data: bytes) -> tuple[dict[str, Any], Signature]:
    """Return the tree that JSON bytes spell, and its signature: what two trees share in shape.

    Raises NotPlain for anything but objects, lists of like elements, integers and texts, spelt as
    facts are.
    """
    try:
        tree = plain_tree(data)
    except NotCanonical as problem:
        raise NotPlain(str(problem)) from problem
    if not isinstance(tree, dict):
        raise NotPlain("not an object")
    signature = _signature(tree)
    if _encoder.encode(tree) != data:
        raise NotPlain("another spelling of the same value")
    return tree, signature


def _signature(tree: dict[str, Any]) -> Signature:
    return tuple([(key, _SORT_OF.get(type(at)) or _inner(at)) for key, at in tree.items()])


def _inner(tree: dict[str, Any] | list[Any]) -> Signature:
    if isinstance(tree, dict):
        return _signature(tree)
    found = {_SORT_OF.get(type(element)) or _inner(element) for element in tree}
    if len(found) > 1:
        raise NotPlain("a list of unlike things")
    return _ListOf(*found)


# --- Making --------------------------------------------------------------------------------------


class Numbers:
    """A place in a shape where facts say numbers."""

    def __init__(self) -> None:
        """Begin without any."""
        self.values: list[int] = []
        self.add = self.values.append
        self._is_said_once = False

    def text(self) -> str:
        """Return what stands here in the shape: a mark, or what all facts say alike."""
        first = self.values[0]
        self._is_said_once = self.values.count(first) == len(self.values)
        return str(first) if self._is_said_once else NUMBER

    def write(self, sink: Sink) -> None:
        """Write the column, unless the shape says it."""
        if not self._is_said_once:
            write_numbers(sink, self.values)


class Texts:
    """A place where facts say texts, or name other facts. ref_of: how the reader finds a hash."""

    def __init__(self, ref_of: RefOf) -> None:
        """Begin without any."""
        self.values: list[Text] = []
        self._ref_of = ref_of
        self._last = ""
        self._has_refs = False
        self._is_said_once = False

    def add(self, text: str) -> None:
        """Add what the next fact says here."""
        last, self._last = self._last, text
        if len(text) != HASH_CHARACTERS or not _HASH.fullmatch(text):
            self.values.append(text)
            return
        self._has_refs = True
        self.values.append(SAME_AGAIN if text == last else self._ref_of(text))

    def text(self) -> str:
        """Return what stands here in the shape: a mark, or what all facts say alike."""
        first = self.values[0]
        if isinstance(first, Ref) or self._has_refs or _TICKET.fullmatch(first):
            return TEXT  # a ticket is shorter among the noise, however often it is said
        self._is_said_once = self.values.count(first) == len(self.values)
        return spelt(first) if self._is_said_once else TEXT

    def write(self, sink: Sink) -> None:
        """Write the column, unless the shape says it."""
        if not self._is_said_once:
            write_texts(sink, self.values)


class _Lists:
    """A place where facts hold lists: how long each is, and one column of all their elements.

    element: None when all lists are empty.
    """

    def __init__(self, element: "Column | None") -> None:
        self._lengths: list[int] = []
        self._element = element

    def add(self, elements: Sequence[Any]) -> None:
        self._lengths.append(len(elements))
        for element in elements:
            assert self._element is not None, "a list of this signature is empty"
            self._element.add(element)

    def text(self) -> str:
        inside = self._element.text() if self._element else ""
        return f"[{LIST}{inside}{END}]"

    def write(self, sink: Sink) -> None:
        write_numbers(sink, self._lengths)
        if self._element:
            self._element.write(sink)


class _Objects:
    """A place where facts hold objects, or a whole part of a fact: a column for each key."""

    def __init__(self, columns: "Mapping[str, Column]") -> None:
        self._columns = columns
        self._adding = [column.add for column in columns.values()]

    def add(self, tree: Mapping[str, Any]) -> None:
        for add, value in zip(self._adding, tree.values(), strict=True):
            add(value)

    def text(self) -> str:
        said = [f"{spelt(key)}:{column.text()}" for key, column in self._columns.items()]
        return "{" + ",".join(said) + "}"

    def write(self, sink: Sink) -> None:
        for column in self._columns.values():
            column.write(sink)


Column = Numbers | Texts | _Lists | _Objects


def column_for(signature: Signature, ref_of: RefOf) -> Column:
    """Return what takes trees of this signature, one fact after the other.

    Once all facts are in it, `text` returns the shape, and `write` writes what it does not say.
    """
    if isinstance(signature, str):
        return Numbers() if signature == NUMBER else Texts(ref_of)
    if isinstance(signature, _ListOf):
        element = signature.element
        return _Lists(None if element is None else column_for(element, ref_of))
    return _Objects({key: column_for(sort, ref_of) for key, sort in signature})


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
