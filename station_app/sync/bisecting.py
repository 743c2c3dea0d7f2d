"""Comparing everything by bisection: which facts one end holds and the other does not.

A tip pins what lies before it, as long as nobody's disk has lost something in the middle. So now
and then, and whenever the comparison by tips does not come to rest, a PC compares all that it
holds with the county: facts stand in one order (stream, then number), a *span* of that order has
a count and a sum of identities. The county splits each span that differs into sixteen, or lists
what it has if that is little; the PC goes on with those that differ. A million facts are five
round trips, each on a request that would leave anyway.

Only the PC has to know the outcome: what lacks here it asks for, what lacks there it sends. An
older county says nothing of spans, and is left in peace. Everything here is pure.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from station_app.sync.messages import Span, Tip

WAYS = 16  # into how many a span is split
LEAF = 32  # facts of a span that are listed one by one
ASKED_MAX = 16  # spans of one request: at most 512 facts or 256 spans come back
EVERY_MS = 7 * 24 * 60 * 60 * 1000
TRIES_MAX = 3  # of healing that helps nothing: what then still differs is for people
LACKS_MAX = 5_000  # facts of one comparison; more come with the next
BEGINNING, END = ("", 0), ("~", 0)  # before and behind every stream's name
_SUM_BITS = 64

Place = tuple[str, int]
Items = Sequence[Tip]
Between = Callable[[Place, Place], Items]


def mark_of(items: Iterable[Tip]) -> str:
    """Return the sum of what facts are called: 16 hex digits."""
    total = sum(int(item.mark, 16) for item in items)
    return f"{total % (1 << _SUM_BITS):016x}"


def span_of(first: Place, end: Place, items: Items, *, is_listed: bool = False) -> Span:
    """Return a span with what it holds here. end: the place behind it."""
    listed = tuple(items) if is_listed else ()
    return Span(*first, *end, len(items), mark_of(items), listed)


def answered(asked: Sequence[Span], between: Between) -> tuple[Span, ...]:
    """Return what the county says to spans: of each that differs its parts, or all its facts."""
    found: list[Span] = []
    for span in asked[:ASKED_MAX]:
        items = between(span.first, span.end)
        if (len(items), mark_of(items)) == (span.count, span.mark):
            continue
        if len(items) <= LEAF:
            found.append(span_of(span.first, span.end, items, is_listed=True))
        else:
            found += _split(span, items)
    return tuple(found)


def _split(span: Span, items: Items) -> list[Span]:
    size = -(-len(items) // WAYS)
    pieces = [items[start : start + size] for start in range(0, len(items), size)]
    starts = [span.first, *((piece[0].stream, piece[0].seq) for piece in pieces[1:])]
    ends = [*starts[1:], span.end]
    return [
        span_of(first, end, piece) for first, end, piece in zip(starts, ends, pieces, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Lack:
    """A run of one stream that one end does not hold, both numbers included."""

    stream: str
    first: int
    last: int


@dataclass(slots=True)
class Bisection:
    """One PC's comparison with the county. between: what is held here between two places.

    rounds: answers of the comparison that is under way; differing: facts of which both ends hold
    another version, by the last one.
    """

    between: Between
    rounds: int = 0
    differing: int = 0
    is_under_way: bool = False
    _asking: list[Span] = field(default_factory=list)
    _here: set[Place] = field(default_factory=set)
    _there: set[Place] = field(default_factory=set)
    _tries: int = 0
    _found: int = 0

    def begin(self) -> None:
        """Compare everything, from the beginning."""
        self.rounds = self.differing = 0
        self._here, self._there = set(), set()
        self._asking = [span_of(BEGINNING, END, self.between(BEGINNING, END))]
        self.is_under_way = True

    def asked(self) -> tuple[Span, ...]:
        """Return the spans of the next request; none where nothing is compared."""
        return tuple(self._asking[:ASKED_MAX])

    def heard(self, spans: Sequence[Span] | None) -> bool:
        """Take what the county says to what was asked; tell whether the comparison has ended.

        spans: None from a county that does not know of spans.
        """
        if not self.is_under_way:
            return False
        if spans is None:
            self._asking = []
            self.is_under_way = False
            return True
        self.rounds += 1
        self._asking = self._asking[ASKED_MAX:]
        for span in spans:
            mine = self.between(span.first, span.end)
            if (len(mine), mark_of(mine)) == (span.count, span.mark):
                continue
            if len(span.items) == span.count:
                self._differ(mine, span.items)
            else:
                self._asking.append(span_of(span.first, span.end, mine))
        is_much = len(self._here) + len(self._there) > LACKS_MAX
        self.is_under_way = bool(self._asking) and not is_much
        return not self.is_under_way

    def _differ(self, mine: Items, theirs: Items) -> None:
        here = {(item.stream, item.seq): item.mark for item in mine}
        there = {(item.stream, item.seq): item.mark for item in theirs}
        self._here |= there.keys() - here.keys()
        self._there |= here.keys() - there.keys()
        self.differing += sum(there.get(place, mark) != mark for place, mark in here.items())

    def lacking(self) -> tuple[tuple[Lack, ...], tuple[Lack, ...]]:
        """Return what lacks here, and what lacks there."""
        return runs(self._here), runs(self._there)

    def may_heal(self) -> bool:
        """Tell whether what was found is worth another try; nothing found begins anew."""
        count = len(self._here) + len(self._there)
        has_helped = not self._found or count < self._found
        self._tries = 0 if not count else 1 if has_helped else self._tries + 1
        self._found = count
        return 0 < self._tries <= TRIES_MAX

    def rest(self) -> None:
        """Forget what was tried: the next comparison is another day's."""
        self._tries = self._found = 0


def runs(places: Iterable[Place]) -> tuple[Lack, ...]:
    """Return places as runs."""
    found: list[Lack] = []
    for stream, seq in sorted(places):
        last = found[-1] if found else None
        if last is not None and (last.stream, last.last + 1) == (stream, seq):
            found[-1] = Lack(stream, last.first, seq)
        else:
            found.append(Lack(stream, seq, seq))
    return tuple(found)
