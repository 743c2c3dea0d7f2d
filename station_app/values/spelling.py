"""Names in pinyin: made when a name is typed, kept with it, and open to correction.

The library reads characters as in running text, where 单 is dan and 曾 is ceng. As surnames they
are shan and zeng, so surnames with a reading of their own are looked up first. The other readings
are kept for searching: whoever types ceng finds 曾 as well.
"""

import gc
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from station_app.values import finding

_WORD = re.compile("[A-Za-z0-9]+")
READINGS_MAX = 4  # of one surname; more would only make the index longer

# Only where the reading as a surname differs from the first one of the dictionary.
SURNAMES = {
    "单于": "chan yu",  # before 单, which would take it
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "查": "zha",
    "盖": "ge",
    "乐": "yue",
    "翟": "zhai",
    "区": "ou",
    "朴": "piao",
    "秘": "bi",
    "繁": "po",
    "折": "she",
    "种": "chong",
    "召": "shao",
    "员": "yun",
    "缪": "miao",
    "黑": "he",
    "祭": "zhai",
    "阚": "kan",
    "隗": "wei",
    "郇": "xun",
    "洗": "xian",
    "都": "du",
    "佴": "nai",
    "卜": "bu",
    "牟": "mu",
    "能": "nai",
    "句": "gou",
    "藏": "zang",
}


@dataclass(frozen=True, slots=True)
class Spelling:
    """pinyin: syllables joined by spaces, "zeng shi lan"; initials: "zsl"."""

    pinyin: str
    initials: str


@cache
def _library() -> Any:
    """Return the dictionary of readings: a sixth of a second to load, so not before it is needed.

    Its hundred thousand lists are no garbage: to look for some meanwhile took longer than the rest.
    """
    is_looked_for = gc.isenabled()
    gc.disable()
    try:
        import pypinyin
    finally:
        if is_looked_for:
            gc.enable()
    return pypinyin


def spell(name: str) -> Spelling:
    """Return how a name is read: surname first, then the rest as running text."""
    text = name.strip()
    surname = _surname(text)
    if surname:
        return _joined(SURNAMES[surname].split() + _syllables(text[len(surname) :]))
    return _joined(_syllables(text))


def readings(name: str) -> tuple[Spelling, ...]:
    """Return every way in which somebody may type a name, the proper one first."""
    proper = spell(name)
    found = [proper]
    text = name.strip()
    if text and not text[0].isascii():
        rest = proper.pinyin.split()[1:]
        library = _library()
        read = library.pinyin(text[0], heteronym=True, style=library.Style.NORMAL)
        for syllable in read[0][:READINGS_MAX]:
            other = _joined([syllable, *rest])
            if syllable.isascii() and other not in found:
                found.append(other)
    return tuple(found)


def words(name: str) -> set[str]:
    """Return every word under which a name is found in an index: its hanzi and its readings."""
    found = finding.name_words(name)
    for reading in readings(name):
        found |= finding.spelling_words(reading.pinyin, reading.initials)
    return found


def _surname(text: str) -> str:
    for length in (2, 1):
        if text[:length] in SURNAMES and len(text) >= length:
            return text[:length]
    return ""


def _syllables(text: str) -> list[str]:
    """Return syllables; ü is typed v, and of what is no hanzi only letters and digits stay."""
    words = _library().lazy_pinyin(text, errors=lambda other: " ".join(_WORD.findall(other)))
    return " ".join(words).lower().split()


def _joined(syllables: list[str]) -> Spelling:
    return Spelling(" ".join(syllables), "".join(syllable[0] for syllable in syllables))
