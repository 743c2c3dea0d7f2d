"""How one column of numbers or of texts becomes bytes, and back: the letters of format 2.

What a compressor cannot shorten (salts, tickets, signatures, the low bytes of scattered numbers)
is kept apart from what it can: mixed together, it would lengthen the rest. So everything is written
to two places, `plain`, which is compressed afterwards, and `noise`, which is not.

    numbers   constant | table and places in it | byte planes, of values or of differences
    texts     a tag for each, what the tags mean, and for each meaning a column of its own:
              the words themselves, `head + so many digits`, hashes as references, tickets, …

A column does not say how long it is: who reads it knows that from what was read before.
"""

import base64
import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

VALUES_MAX = 1_000_000  # in all columns of a frame: 50,000 facts with twenty fields each
CLASSES_MAX = 200
INTEGER_BYTES_MAX = 7  # differences of two numbers below 2^53
TEXT_BYTES_MAX = 64 * 1024
_TABLE_MAX = 64
_NOISE_BITS = 7.3  # a byte that carries more than this is left as it is
_PRIOR = 0.06  # weight of a byte value that was not seen: columns are short

_CONSTANT, _TABLE, _PLANES, _DIFFERENCES = range(4)
LITERAL, SAME, LOCAL, NEW, KNOWN, TICKET, WORDS, DIGITS = range(8)
_DIGITS = re.compile(r"(.*?)([0-9]{3,15})", re.DOTALL)
_TICKET = re.compile(r"[A-Z2-7]{16}")
_TICKET_BYTES = 10  # two whole groups of base32: many spelt at once need no padding


class Malformed(ValueError):
    """These bytes are no columns."""


class Ref(NamedTuple):
    """A hash that the reader can find: how (SAME, LOCAL, NEW, KNOWN), and where.

    where: LOCAL: so many facts back; KNOWN: place in the frame's table of places.
    """

    how: int
    where: int = 0


Text = str | Ref


class Sink:
    """Takes what is written."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.plain = bytearray()
        self.noise = bytearray()

    def number(self, value: int) -> None:
        """Write a number from 0 on, seven bits at a time."""
        while value > 0x7F:
            self.plain.append(value & 0x7F | 0x80)
            value >>= 7
        self.plain.append(value)

    def signed(self, value: int) -> None:
        """Write a number that may be negative."""
        self.number(value << 1 if value >= 0 else (-value << 1) - 1)

    def words(self, data: bytes) -> None:
        """Write bytes with their length before them."""
        self.number(len(data))
        self.plain += data


class Source:
    """Gives back what was written; raises Malformed where it ends too soon."""

    def __init__(self, plain: bytes, noise: bytes) -> None:
        """Begin at the first byte of each."""
        self._plain, self._at = plain, 0
        self._noise, self._noise_at = noise, 0
        self._values_left = VALUES_MAX

    @property
    def is_empty(self) -> bool:
        """Tell whether everything was read."""
        return self._at == len(self._plain) and self._noise_at == len(self._noise)

    def spend(self, count: int) -> int:
        """Count values against the frame's limit, and return how many they are."""
        self._values_left -= count
        if count < 0 or self._values_left < 0:
            raise Malformed("more values than a frame may hold")
        return count

    def byte(self) -> int:
        """Read one byte."""
        return self.take(1)[0]

    def take(self, count: int) -> bytes:
        """Read so many bytes of the plain part."""
        start, self._at = self._at, self._at + count
        if count < 0 or self._at > len(self._plain):
            raise Malformed("cut off")
        return self._plain[start : self._at]

    def take_noise(self, count: int) -> bytes:
        """Read so many bytes of the noise."""
        start, self._noise_at = self._noise_at, self._noise_at + count
        if count < 0 or self._noise_at > len(self._noise):
            raise Malformed("cut off")
        return self._noise[start : self._noise_at]

    def number(self, limit: int = (1 << 56) - 1) -> int:
        """Read a number from 0 to `limit`."""
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
            shift += 7
            if shift > 56:
                raise Malformed("a number without an end")
        if value > limit:
            raise Malformed(f"{value} is above {limit}")
        return value

    def signed(self) -> int:
        """Read a number that may be negative."""
        value = self.number()
        return value >> 1 if not value & 1 else -((value + 1) >> 1)

    def words(self, limit: int = TEXT_BYTES_MAX) -> bytes:
        """Read bytes that say how many they are."""
        return self.take(self.number(limit))

    def text(self, limit: int = TEXT_BYTES_MAX) -> str:
        """Read UTF-8."""
        return self.words(limit).decode("utf-8")


# --- Numbers -------------------------------------------------------------------------------------


def write_numbers(sink: Sink, values: Sequence[int]) -> None:
    """Write a column of numbers the shortest of four ways."""
    counts = Counter(values)
    if len(counts) <= 1:
        sink.plain.append(_CONSTANT)
        sink.signed(values[0] if values else 0)
        return
    planes = _Planes(values)
    steps = [after - before for before, after in pairwise(values)]
    differences = _Planes(steps)
    ways = [(planes.bits, _PLANES), (differences.bits + 24, _DIFFERENCES)]
    if len(counts) <= _TABLE_MAX:
        entries = sum(8 * (1 + value.bit_length() // 7) for value in counts)
        ways.append((_bits(counts.values()) + entries, _TABLE))
    _, way = min(ways)
    if way == _TABLE:
        table = [value for value, _ in counts.most_common()]
        sink.plain.append(_TABLE)
        sink.number(len(table))
        for value in table:
            sink.signed(value)
        places = {value: place for place, value in enumerate(table)}
        sink.plain += bytes([places[value] for value in values])
    elif way == _DIFFERENCES:
        sink.plain.append(_DIFFERENCES)
        sink.signed(values[0])
        differences.write(sink)
    else:
        sink.plain.append(_PLANES)
        planes.write(sink)


def read_numbers(source: Source, count: int) -> list[int]:
    """Read a column of so many numbers."""
    source.spend(count)
    way = source.byte()
    if way == _CONSTANT:
        return [source.signed()] * count
    if way == _TABLE:
        table = [source.signed() for _ in range(source.number(_TABLE_MAX))]
        places = source.take(count)
        if places and max(places) >= len(table):
            raise Malformed("no such entry")
        return [table[place] for place in places]
    if way == _PLANES:
        return _read_planes(source, count)
    if way != _DIFFERENCES or not count:
        raise Malformed("no way to write numbers")
    value = source.signed()
    values = [value]
    for step in _read_planes(source, count - 1):
        value += step
        values.append(value)
    return values


class _Planes:
    """Numbers above their smallest, their first bytes together, then their second ones, …

    bits: about how many they come to.
    """

    def __init__(self, values: Sequence[int]) -> None:
        self._base = min(values)
        highest = max(values) - self._base
        width = max(1, (highest.bit_length() + 7) // 8)
        whole = b"".join((v - self._base).to_bytes(width, "little") for v in values)
        self._planes = [whole[place::width] for place in range(width)]
        costs = [_bits(Counter(plane).values()) for plane in self._planes]
        limit = _NOISE_BITS * len(values)
        self._noisy = 0  # the low planes, as far as they are noise
        while self._noisy < width and costs[self._noisy] >= limit:
            self._noisy += 1
        noise = self._noisy * 8 * len(values)
        self.bits = 16 + noise + sum(costs[self._noisy :])

    def write(self, sink: Sink) -> None:
        """Write how many planes there are, how many of them are noise, the base, and them."""
        sink.plain.append(len(self._planes) << 3 | self._noisy)
        sink.signed(self._base)
        for place, plane in enumerate(self._planes):
            if place < self._noisy:
                sink.noise += plane
            else:
                sink.plain += plane


def _read_planes(source: Source, count: int) -> list[int]:
    shape = source.byte()
    width, noisy = shape >> 3, shape & 7
    if not 1 <= width <= INTEGER_BYTES_MAX or noisy > width:
        raise Malformed("no such planes")
    base = source.signed()
    whole = bytearray(width * count)
    for place in range(width):
        whole[place::width] = (source.take_noise if place < noisy else source.take)(count)
    if width == 1:
        return [base + byte for byte in whole]
    read = int.from_bytes
    starts = range(0, width * count, width)
    return [base + read(whole[start : start + width], "little") for start in starts]


def _bits(counts: Collection[int]) -> float:
    """Return about how many bits so many of each byte value come to in a short column."""
    lgamma = math.lgamma
    total = lgamma(sum(counts) + 256 * _PRIOR) - lgamma(256 * _PRIOR)
    for count in counts:
        total -= lgamma(count + _PRIOR) - lgamma(_PRIOR)
    return total / math.log(2)


# --- Texts ---------------------------------------------------------------------------------------

Class = tuple[int, int, str]  # what it is; how many digits; the word, or what stands before digits


def write_texts(sink: Sink, values: Sequence[Text]) -> None:
    """Write a column of texts."""
    often = Counter(value for value in values if type(value) is str)
    classes: dict[Class, int] = {}
    found: list[list[Text]] = []
    tags: list[int] = []
    for value in values:
        sort = _sort_of(value, often)
        if sort not in classes and len(classes) >= CLASSES_MAX:
            sort = (WORDS, 0, "")
        if sort not in classes:
            classes[sort] = len(classes)
            found.append([])
        tags.append(classes[sort])
        found[classes[sort]].append(value)
    sink.number(len(classes))
    for what, digits, word in classes:
        sink.plain.append(what | digits << 3)
        if what in (LITERAL, DIGITS):
            sink.words(word.encode())
    write_numbers(sink, tags)
    for sort, members in zip(classes, found, strict=True):
        _write_members(sink, sort, members)


def _sort_of(value: Text, often: "Counter[str]") -> Class:
    if not isinstance(value, str):
        return value.how, 0, ""
    if not value or often[value] > 1:
        return (LITERAL, 0, value) if len(value) < 200 else (WORDS, 0, "")
    if _TICKET.fullmatch(value):
        return TICKET, 0, ""
    match = _DIGITS.fullmatch(value)
    if match and len(match[1]) < 12:
        return DIGITS, len(match[2]), match[1]
    return WORDS, 0, ""


def _write_members(sink: Sink, sort: Class, members: Sequence[Text]) -> None:
    what, digits, _ = sort
    if what in (LOCAL, KNOWN):
        write_numbers(sink, [ref.where for ref in members])  # type: ignore[union-attr]
    elif what == DIGITS:
        write_numbers(sink, [int(str(text)[-digits:]) for text in members])
    elif what == TICKET:
        sink.noise += base64.b32decode("".join(map(str, members)))
    elif what == WORDS:
        encoded = [str(text).encode() for text in members]
        write_numbers(sink, [len(word) for word in encoded])
        sink.plain += b"".join(encoded)


def read_texts(source: Source, count: int, token: Callable[[str], str]) -> list[Text]:
    """Read a column of so many texts; each but a reference is turned into its `token`."""
    sorts = [_read_class(source) for _ in range(source.number(CLASSES_MAX + 1))]
    tags = read_numbers(source, count)
    if tags and not 0 <= min(tags) <= max(tags) < len(sorts):
        raise Malformed("no such sort of text")
    if len(sorts) == 1:
        return list(_read_members(source, sorts[0], count, token))
    members = Counter(tags)
    columns = [
        iter(_read_members(source, sort, members[tag], token)) for tag, sort in enumerate(sorts)
    ]
    return [next(columns[tag]) for tag in tags]


def _read_class(source: Source) -> Class:
    first = source.byte()
    what, digits = first & 7, first >> 3
    word = source.text() if what in (LITERAL, DIGITS) else ""
    if digits > 15 or (digits > 0) != (what == DIGITS):
        raise Malformed("no such sort of text")
    return what, digits, word


def _read_members(
    source: Source, sort: Class, count: int, token: Callable[[str], str]
) -> Sequence[Text]:
    what, digits, word = sort
    if what == LITERAL:
        return [token(word)] * count
    if what in (LOCAL, KNOWN):
        return [Ref(what, where) for where in read_numbers(source, count)]
    if what in (SAME, NEW):
        return [Ref(what)] * count
    if what == TICKET:
        whole = base64.b32encode(source.take_noise(_TICKET_BYTES * count)).decode()
        return [token(whole[place : place + 16]) for place in range(0, 16 * count, 16)]
    if what == DIGITS:
        return [token(word + _spelt(n, digits)) for n in read_numbers(source, count)]
    lengths = read_numbers(source, count)
    if lengths and not 0 <= min(lengths) <= max(lengths) <= TEXT_BYTES_MAX:
        raise Malformed("no length of a text")
    return [token(source.take(length).decode("utf-8")) for length in lengths]


def _spelt(number: int, digits: int) -> str:
    text = f"{number:0{digits}}"
    if number < 0 or len(text) != digits:
        raise Malformed("a number with too many digits")
    return text
