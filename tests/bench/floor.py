"""The floor of the size bench: about how few bytes any format could say these facts in.

It is no format: nobody could read it back, and nothing here is the program's own. Facts are taken
apart into columns, one per kind and field, hashes become `(stream, number)` or a distance, and of
what a receiver can compute nothing is counted. Of every column all ways to write it that are known
here are tried, and the shortest is taken: as lines, as a table with places in it, as heads and
numbers, numbers as planes of bytes, of values or of differences. All columns together are packed by
zstd 19 in one block, with a dictionary trained on other days and without; and each by itself,
without the heads of blocks. The shortest of these is counted, and to it what nothing can shorten:

    10 bytes for each salt and each ticket of an act, 32 for each hash that nobody holds,
    64 for the author's signed head, 64 for the packer's signature, 64 for the request's

What a body needs besides is not in it: names of streams, keys, how far the device's streams reach,
the nonce, frames. A request must say these, so its ratio to this floor cannot be 1.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import zstandard

from station_app.journal.fact import Fact
from station_app.sync.places import Places

LEVEL = 19
SIGNATURE_BYTES = 64
SIGNATURES = 3
HASH_BYTES = 32
RANDOM_BYTES = 10  # of a salt, of a ticket
DICTIONARY = Path(__file__).with_name("floor.zstd")
_HASH = re.compile(r"[0-9a-f]{64}")
_RANDOM = re.compile(r"[A-Z2-7]{16}")
_DIGITS = re.compile(r"(.*?)([0-9]{3,15})", re.DOTALL)
Column = list[Any]


@dataclass(frozen=True, slots=True)
class Floor:
    """So many bytes of columns, packed, and so many that nothing can shorten."""

    packed: int
    random: int

    @property
    def size(self) -> int:
        """Return both together."""
        return self.packed + self.random


def floor_of(facts: Sequence[Fact], held: Places) -> Floor:
    """Return the floor of a run of facts. held: what both ends hold besides."""
    apart = _Apart(facts, held)
    ways = [_shortest(column) for column in apart.columns.values()]
    whole = b"".join(ways)
    dictionary = zstandard.ZstdCompressionDict(DICTIONARY.read_bytes())
    together = [_packed(whole), _packed(whole, dictionary)]
    one_by_one = sum(min(len(way), _packed(way)) for way in ways)
    return Floor(min(*together, one_by_one), apart.random + SIGNATURES * SIGNATURE_BYTES)


def columns_of(facts: Sequence[Fact], held: Places) -> bytes:
    """Return the columns of some facts before packing, for the training of a dictionary."""
    return b"".join(_shortest(column) for column in _Apart(facts, held).columns.values())


class _Apart:
    """Facts taken apart. random: bytes that nothing can shorten."""

    def __init__(self, facts: Sequence[Fact], held: Places) -> None:
        self.columns: dict[tuple[str, ...], Column] = defaultdict(list)
        self.random = 0
        self._here: dict[str, int] = {}
        named = {fact.prev for fact in facts} | {fact.by for fact in facts}
        named |= {fact.entity for fact in facts}
        for fact in facts:
            named |= set(re.findall("[0-9a-f]{64}", (fact.body + (fact.private or b"")).decode()))
        self._held = held.find(named - {""})
        self._streams: dict[str, int] = {}
        self._unheld: dict[str, int] = {}
        self._before: dict[tuple[str, ...], str] = {}
        at, act = 0, ""
        for fact in facts:
            self._header(fact, at, act)
            at, act = fact.at, fact.act
            self._take((fact.kind, "body"), json.loads(fact.body))
            if fact.private is not None:
                self._take((fact.kind, "private"), json.loads(fact.private))
            self._here[fact.identity] = len(self._here)

    def _header(self, fact: Fact, at: int, act: str) -> None:
        self.columns["kind",].append(f"{fact.kind} {fact.v} {fact.private is None}")
        self.columns["at",].append(fact.at - at)
        self.columns["act",].append(int(fact.act == act))
        self.random += 0 if fact.act == act else RANDOM_BYTES
        if fact.private is None and fact.private_digest:
            self.random += HASH_BYTES
        self._text(("by",), fact.by)
        self._text((fact.kind, "entity"), fact.entity)

    def _take(self, path: tuple[str, ...], tree: Any) -> None:
        if isinstance(tree, dict):
            for key, value in tree.items():
                self._take((*path, key), value)
        elif isinstance(tree, list):
            self.columns[(*path, "#")].append(len(tree))
            for value in tree:
                self._take((*path, "*"), value)
        elif isinstance(tree, int):
            self.columns[path].append(tree)
        else:
            self._text(path, tree)

    def _text(self, path: tuple[str, ...], text: str) -> None:
        before, self._before[path] = self._before.get(path, ""), text
        if not _HASH.fullmatch(text):
            is_random = _RANDOM.fullmatch(text) is not None
            self.random += RANDOM_BYTES if is_random else 0
            self.columns[path].append("" if is_random else text)
        elif text == before:
            self.columns[path].append("=")
        elif text in self._here:
            self.columns[path].append("<")
            self.columns[(*path, "<")].append(len(self._here) - self._here[text])
        elif text in self._held:
            stream, seq = self._held[text]
            self.columns[path].append("@")
            self.columns[(*path, "@")].append(self._streams.setdefault(stream, len(self._streams)))
            self.columns[(*path, "@@")].append(seq)
        else:
            self.random += 0 if text in self._unheld else HASH_BYTES
            self.columns[path].append("?")
            self.columns[(*path, "?")].append(self._unheld.setdefault(text, len(self._unheld)))


# --- Ways to write a column ----------------------------------------------------------------------


def _shortest(column: Column) -> bytes:
    """Return a column the way in which it packs best by itself."""
    if not any(column):
        return b""
    ways = list(_number_ways(column) if type(column[0]) is int else _text_ways(column))
    return min(ways, key=lambda way: (min(len(way), _packed(way)), len(way)))


def _number_ways(column: Sequence[int]) -> Iterator[bytes]:
    steps = [after - before for before, after in pairwise(column)]
    yield _planes(column)
    yield column[0].to_bytes(8, "little", signed=True).rstrip(b"\0") + _planes(steps)
    yield from _tables(column, lambda value: str(value).encode())


def _planes(column: Sequence[int]) -> bytes:
    low = min(column, default=0)
    width = ((max(column, default=0) - low).bit_length() + 7) // 8
    whole = b"".join((value - low).to_bytes(width, "little") for value in column)
    start = low.to_bytes(8, "little", signed=True).rstrip(b"\0")
    return start + b"".join(whole[place::width] for place in range(width))


def _tables(column: Sequence[Any], spell: Callable[[Any], bytes]) -> Iterator[bytes]:
    often = Counter(column)
    if len(often) < 250:
        table = [value for value, _ in often.most_common()]
        places = {value: place for place, value in enumerate(table)}
        places_said = bytes([places[value] for value in column]) if len(table) > 1 else b""
        yield b"\n".join(map(spell, table)) + b"\n" + places_said


def _text_ways(column: Sequence[str]) -> Iterator[bytes]:
    yield "\n".join(column).encode()
    yield from _tables(column, str.encode)
    split = [_DIGITS.fullmatch(text) for text in column]
    heads = [
        f"{match[1]}{len(match[2])}" if match else text
        for match, text in zip(split, column, strict=True)
    ]
    numbers: dict[str, list[int]] = defaultdict(list)
    for match, head in zip(split, heads, strict=True):
        if match:
            numbers[head].append(int(match[2]))
    if numbers:
        for way in (*_tables(heads, str.encode), "\n".join(heads).encode()):
            yield way + b"".join(_planes(some) for some in numbers.values())


def _packed(data: bytes, dictionary: zstandard.ZstdCompressionDict | None = None) -> int:
    """Return how long zstd 19 makes it, without magic, size and dictionary number."""
    compressor = zstandard.ZstdCompressor(
        level=LEVEL,
        dict_data=dictionary,
        write_content_size=False,
        write_dict_id=False,
        write_checksum=False,
    )
    return len(compressor.compress(data)) - 6  # magic, descriptor, window
