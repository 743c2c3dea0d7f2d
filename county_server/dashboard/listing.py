"""The list of stations: which of them, in which order, which page of it. All of it is in the URL.

So a list can be sent to a colleague, printed, and found again with the browser's own keys.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from county_server.dashboard.rows import County, Row
from station_app.values import finding, spelling

WAITING, SILENCE, DIFFERENCE, OVERDUE = "waiting", "silence", "difference", "overdue"
ROWS_PER_PAGE = 50
QUESTION_CHARACTERS_MAX = 40
GUESSES_MAX = 3
ALL = "all"
CALLED = "站"  # people add it to the village; the list does, too
_LATIN = re.compile(r"[a-z0-9]+")


def _by_waiting(row: Row) -> tuple[int, int]:
    """Most first; then those of whom nobody knows, the longest silent first."""
    return -row.waiting, -_silence(row)


def _by_silence(row: Row) -> tuple[int, int]:
    return -_silence(row), -row.waiting


def _by_difference(row: Row) -> tuple[int, int]:
    return -abs(row.difference_fen), -row.differing


def _by_overdue(row: Row) -> tuple[int, int]:
    return -row.parcels.overdue, -row.parcels.to_return


def _silence(row: Row) -> int:
    """Return for how long a station has been silent; who is online, or never spoke, comes last."""
    return row.silent_ms if row.last_heard_at and not row.is_online else 0


@dataclass(frozen=True, slots=True)
class Order:
    """An order of the list, and what its chip counts: the stations that gave it its name."""

    key: Callable[[Row], tuple[int, int]]
    is_meant: Callable[[Row], bool]


ORDERS: Mapping[str, Order] = {
    WAITING: Order(_by_waiting, lambda row: row.waiting > 0),
    SILENCE: Order(_by_silence, lambda row: bool(row.last_heard_at) and not row.is_online),
    DIFFERENCE: Order(_by_difference, lambda row: row.differing > 0),
    OVERDUE: Order(_by_overdue, lambda row: row.parcels.overdue > 0),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a URL asks for. page: from 1, or 0 for all on one page."""

    order: str = WAITING
    question: str = ""
    township: str = ""
    page: int = 1

    def url(self, **changes: object) -> str:
        """Return the URL of the same list with something changed; defaults stay out of it."""
        asked = replace(self, **changes)  # type: ignore[arg-type]
        said = {
            "sort": asked.order if asked.order != WAITING else "",
            "q": asked.question,
            "township": asked.township,
            "page": {0: ALL, 1: ""}.get(asked.page, str(asked.page)),
        }
        query = urlencode({name: value for name, value in said.items() if value})
        return f"/?{query}" if query else "/"


def asked_by(query: Mapping[str, str]) -> Asked:
    """Read a URL's query; whatever cannot be understood is left at its default."""
    order, page = query.get("sort", ""), query.get("page", "")
    number = int(page) if re.fullmatch(r"[0-9]{1,4}", page, re.ASCII) else 1
    return Asked(
        order if order in ORDERS else WAITING,
        query.get("q", "").strip()[:QUESTION_CHARACTERS_MAX],
        query.get("township", "")[:QUESTION_CHARACTERS_MAX],
        0 if page == ALL else max(number, 1),
    )


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list. shown: its rows; found: how many there are on all pages.

    counts: for each order, the stations of the township that gave it its name. guesses: stations
    whose name sounds as what was asked for, when none is called so.
    """

    asked: Asked
    shown: Sequence[Row]
    found: int
    pages: int
    counts: Mapping[str, int]
    guesses: Sequence[Row] = ()


def list_stations(county: County, asked: Asked) -> Listing:
    """Return the rows that a URL asks for."""
    here = [
        row for row in county.rows if not asked.township or row.place.township == asked.township
    ]
    rows = [row for row in here if matches(row, asked.question)] if asked.question else here
    rows.sort(key=lambda row: (ORDERS[asked.order].key(row), row.place.code))
    pages = max(-(-len(rows) // ROWS_PER_PAGE), 1)
    page = min(asked.page, pages)
    first = (page - 1) * ROWS_PER_PAGE
    return Listing(
        replace(asked, page=page),
        rows[first : first + ROWS_PER_PAGE] if page else rows,
        len(rows),
        pages,
        {name: sum(map(order.is_meant, here)) for name, order in ORDERS.items()},
        [] if rows else sounds_like(county.rows, asked.question),
    )


def matches(row: Row, question: str) -> bool:
    """Tell whether a station is meant: by a part of its names, its code, or how it is spelled.

    Spellings count from a syllable on: `lyw` and `yinwa` find 柳荫洼, `inwa` does not.
    """
    asked = finding.folded(question)
    place = row.place
    names = [finding.folded(name) for name in (place.village, place.name, place.township)]
    spoken = asked.removesuffix(CALLED) or asked
    if any(spoken in name for name in names) or asked.replace(" ", "") in place.code.lower():
        return True
    letters = "".join(_LATIN.findall(asked))
    if not letters or letters != asked.replace(" ", ""):
        return False
    return any(word.startswith(letters) for word in _spellings(place.village or place.name))


def _spellings(name: str) -> set[str]:
    words: set[str] = set()
    for reading in spelling.readings(name):
        words |= finding.spelling_words(reading.pinyin, reading.initials)
    return words


def sounds_like(rows: Iterable[Row], question: str) -> list[Row]:
    """Return stations whose village sounds as a question in hanzi does: 柳阴洼 means 柳荫洼."""
    if not question or question.isascii():
        return []
    sound = spelling.spell(question).pinyin
    return [
        row
        for row in rows
        if sound and (spelling.spell(row.place.village).pinyin + " ").startswith(sound + " ")
    ][:GUESSES_MAX]
