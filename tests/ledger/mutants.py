"""Every posting row, and what would become of the books if it were wrong.

A row is a line that the postings of one kind of fact may have, with letters for identities: "a
hand-over credits Held:COD:*:Here". Each is changed in six ways, its entry kept in balance by
another line, so that nothing but a figure written by hand can tell.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator

import msgspec

from station_app.journal.fact import Body, Told
from station_app.journal.vocabulary import Unreadable
from station_app.ledger.balances import CLEARING, HELD
from station_app.ledger.posting import CNY, Entry, Line
from station_app.services.cash.facts import PlaceCompared
from station_app.vocabulary import VOCABULARY
from tests.ledger.samples import ACT, IDENTITY, sample
from tests.ledger.village import Moment, Sums, Telling

ELSEWHERE = "Equity:Elsewhere"
ENDS = {"Here": "County", "County": "Here"}
Row = tuple[str, str, str]  # kind, masked account, masked commodity

_IDENTITY = re.compile(r"[A-Z2-7]{16}")
_ACT = re.compile(r"(?<=Equity:Counter:).+|(?<=Assets:Drawer:).+")
_COURIER = re.compile(r"((?:COD|Freight|Sending|Courier):)[A-Z]+")

# What a word of a body may be, where its postings depend on it.
CHOICES: dict[str, tuple[str, ...]] = {
    "bearer": ("grower", "station", "county", "villager"),
    "into": ("shelf", "spoiled"),
    "payee": ("receiver", "courier"),
    "ownership": ("consigned", "own", "shelf"),
    "how": ("brought_back", "owed", "borne"),
    "place": ("drawer", "safe", "wechat", "alipay", "bank"),
    "reason": ("own", "safe", "bank", "petty", "drawings", "float", "over_short"),
    "direction": ("in", "out"),
    "way": ("cash", "wechat", "alipay", "bank", "account"),
    "bag": ("", IDENTITY),
    "purse": (
        *("drawer", "safe", "wechat", "alipay", "bank", "owed_grower", "person_owes"),
        *("owed_person", "cod", "freight", "courier_owes", "owed_county", "county_owes"),
    ),
}


def masked(name: str) -> str:
    return _ACT.sub("*", _COURIER.sub(r"\1*", _IDENTITY.sub("*", name)))


def row_of(told: Told, line: Line) -> Row:
    return told.kind, masked(line.account), masked(line.commodity)


# --- Which rows there are ------------------------------------------------------------------------


def all_rows() -> set[Row]:
    """Return every row that some body of some kind can post."""
    return {row_of(told, line) for told in specimens() for line in VOCABULARY.post(told)}


def specimens() -> Iterator[Told]:
    """Yield a fact of each kind, with every word that its postings may depend on."""
    for (kind, _), struct in sorted(VOCABULARY.kinds.items()):
        if kind == "act.reversed":
            continue  # it posts what it carries, and carries what was posted
        for body in variants(sample(struct)):
            told = Told(
                identity=IDENTITY,
                stream="NX0601/D1/00112233aabbccdd",
                seq=1,
                act=ACT,
                at=0,
                kind=kind,
                by="",
                entity="",
                body=body,
            )
            try:
                VOCABULARY.post(told)
            except Unreadable:
                continue
            yield told


def variants(body: Body) -> Iterator[Body]:
    fields = [name for name in CHOICES if hasattr(body, name)]
    for words in itertools.product(*(CHOICES[name] for name in fields)):
        changed = msgspec.structs.replace(body, **dict(zip(fields, words, strict=True)))
        if isinstance(changed, PlaceCompared) and changed.place == "drawer":
            continue  # a drawer is counted, not compared
        yield changed
        yield from _with_ways(changed)


def _with_ways(body: Body) -> Iterator[Body]:
    """Yield a body whose tenders, or those of what it was, are each of one way."""
    for field in ("tenders", "was"):
        for tender in getattr(body, field, ())[:1]:
            for way in CHOICES["way"]:
                other = msgspec.structs.replace(tender, way=way, person=IDENTITY, amount_fen=11)
                yield msgspec.structs.replace(body, **{field: (other,)})


# --- What a wrong row would do -------------------------------------------------------------------

Change = Callable[[Line], tuple[Line, int]]  # the line as it would be, and what it lacks then


def _elsewhere(line: Line) -> tuple[Line, int]:
    return Line(ELSEWHERE, line.commodity, line.amount), 0


def _other_end(line: Line) -> tuple[Line, int]:
    """Money here instead of at the county, and the other way round."""
    stem, _, end = line.account.rpartition(":")
    if not stem.startswith(HELD):
        return _elsewhere(line)
    return Line(f"{stem}:{ENDS[end]}", line.commodity, line.amount), 0


def _turned(line: Line) -> tuple[Line, int]:
    return Line(line.account, line.commodity, -line.amount), 2 * line.amount


def _one_more(line: Line) -> tuple[Line, int]:
    return Line(line.account, line.commodity, line.amount + 1), -1


def _one_less(line: Line) -> tuple[Line, int]:
    return Line(line.account, line.commodity, line.amount - 1), 1


def _lost(line: Line) -> tuple[Line, int]:
    return Line(line.account, line.commodity, 0), line.amount


CHANGES: dict[str, Change] = {
    "another account": _elsewhere,
    "the other end": _other_end,
    "the sign turned": _turned,
    "one more": _one_more,
    "one less": _one_less,
    "missing": _lost,
}


def changed(told: Told, entry: Entry, row: Row, change: Change) -> Entry:
    """Return an entry with every line of a row changed, and in balance again by another line."""
    lines = list(entry)
    for place, line in enumerate(entry):
        if row_of(told, line) != row:
            continue
        lines[place], lacking = change(lines[place])
        partner = next(
            n
            for n, other in enumerate(entry)
            if n != place and other.commodity == line.commodity and row_of(told, other) != row
        )
        other = lines[partner]
        lines[partner] = Line(other.account, other.commodity, other.amount + lacking)
    return tuple(lines)


class Bookkeeper:
    """Adds up a told story again, with one row changed, and holds it against the hand."""

    def __init__(self, telling: Telling) -> None:
        self.telling = telling
        self.entries = [(told, VOCABULARY.post(told)) for told in telling.told]
        self.rows: dict[Row, list[int]] = {}
        for number, (told, entry) in enumerate(self.entries):
            for line in entry:
                places = self.rows.setdefault(row_of(told, line), [])
                if number not in places:
                    places.append(number)
        self.sums = [self._sum(moment, self.entries) for moment in telling.moments]

    def notices(self, row: Row, change: Change) -> bool:
        """Tell whether anything written by hand, or the clearing of an act, would be wrong."""
        mine = [self.entries[number] for number in self.rows[row]]
        others = [(told, changed(told, entry, row, change)) for told, entry in mine]
        if any(
            _cleared(entry) != _cleared(other)
            for (_, entry), (_, other) in zip(mine, others, strict=True)
        ):
            return True  # the recorder refuses an act that does not clear
        for moment, sums in zip(self.telling.moments, self.sums, strict=True):
            now = dict(sums)
            _add(now, self._sum(moment, others))
            _add(now, self._sum(moment, mine), sign=-1)
            if moment.page.wrong({key: n for key, n in now.items() if n}):
                return True
        return False

    def _sum(self, moment: Moment, entries: Iterable[tuple[Told, Entry]]) -> Sums:
        sums: Sums = {}
        for told, entry in entries:
            if told.seq > moment.reach.get(told.stream, 0):
                continue
            for line in entry:
                if not line.account.startswith(CLEARING):
                    key = (line.account, line.commodity)
                    sums[key] = sums.get(key, 0) + line.amount
        return self.telling.village.lettered(sums)


def _add(sums: Sums, more: Sums, sign: int = 1) -> None:
    for key, amount in more.items():
        sums[key] = sums.get(key, 0) + sign * amount


def _cleared(entry: Entry) -> int:
    return sum(
        line.amount for line in entry if line.commodity == CNY and line.account.startswith(CLEARING)
    )
