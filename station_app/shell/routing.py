"""From a scanned text to what it means: pure, so every order and every tie is tested in tables.

A scan is first read (`values.codes`: what can it be?), then looked up by the routes of all slices
in the order of their ranks: own codes, what is known here, goods, couriers' patterns. The first
rank that knows it answers; several answers of one rank are a question for the operator.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from station_app.shell.offers import Meaning, Rank, Scan, ScanRoute
from station_app.values.codes import (
    BadCheck,
    Phone,
    PhoneTail,
    PinyinLetters,
    ShelfCode,
    Unreadable,
    normalised,
    recognise,
)
from station_app.values.waybills import CourierPattern

REPEAT_MS: Final = 3_000  # a trembling hand, not a second parcel
WAYBILL_DIGITS: Final = 8  # so many digits are a number on a label, fewer part of a phone

FAULT_KEYS: Final = {
    "EMPTY": "shell.scan.empty",
    "TOO_LONG": "shell.scan.too_long",
    "CONTROL": "shell.scan.control",
    "CHINESE": "shell.scan.chinese",
    "OTHER_SCRIPT": "shell.scan.other_script",
    "BROKEN": "shell.scan.broken",
}


@dataclass(frozen=True, slots=True)
class Unusable:
    """A scan that is no code at all. text_key: the sentence that says what to do."""

    text_key: str
    slots: dict[str, int | str]


def read_scan(
    raw: str, at: int, couriers: Iterable[CourierPattern], *, is_typed: bool = False
) -> Scan | Unusable:
    """Read a scan or a typed text; says why if it cannot be any code."""
    code = recognise(raw, couriers)
    if isinstance(code, Unreadable) and code.reason in FAULT_KEYS:
        return Unusable(FAULT_KEYS[code.reason], {"count": len(raw)})
    bare = normalised(raw)
    assert isinstance(bare, str)
    return Scan(text=bare, raw=raw, at=at, code=code, is_typed=is_typed)


def meanings_of(scan: Scan, routes: Sequence[ScanRoute], connection: Any) -> tuple[Meaning, ...]:
    """Return what a scan means: nothing, one thing, or several of the same rank."""
    for rank in Rank:
        found: list[Meaning] = []
        for route in routes:
            if route.rank == rank:
                meaning = route.look(connection, scan.text, scan.code)
                if meaning is not None and meaning not in found:
                    found.append(meaning)
        if found:
            return tuple(found)
    return ()


def with_meaning(scan: Scan, meaning: Meaning | None) -> Scan:
    """Return the scan with what it turned out to be."""
    return replace(scan, meaning=meaning)


def is_for_search(scan: Scan) -> bool:
    """Tell whether a typed text asks for people and things rather than for one code.

    Four digits are a phone's tail, B208 a place, letters somebody's initials; eight digits and
    more are a number that stands on something.
    """
    if isinstance(scan.code, PhoneTail | Phone | ShelfCode | PinyinLetters):
        return True
    is_number = scan.text.isdigit() and len(scan.text) >= WAYBILL_DIGITS
    return isinstance(scan.code, Unreadable) and not is_number


def misread_words(code: BadCheck) -> tuple[str, dict[str, int | str]]:
    """Return the key and slots of the sentence about a misread code of ours."""
    if code.meant:
        return "shell.scan.misread_meant", {"meant": code.meant}
    if code.wrong is not None:
        return "shell.scan.misread", {"place": code.wrong + 1}
    return "shell.scan.misread_anywhere", {}


class Repeats:
    """Remembers the last scan, to tell a trembling hand from a second parcel."""

    def __init__(self) -> None:
        """Begin with none."""
        self._text = ""
        self._at = 0

    def is_repeat(self, scan: Scan) -> bool:
        """Tell whether the same code came within the last three seconds; remember this one."""
        is_same = scan.text == self._text and 0 <= scan.at - self._at <= REPEAT_MS
        self._text, self._at = scan.text, scan.at
        return is_same

    def forget(self) -> None:
        """Let the next scan be a new one."""
        self._text = ""
