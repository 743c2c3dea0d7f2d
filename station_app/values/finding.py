"""Finding people by whatever somebody types: words for a full-text index, and the question to it.

Names have two or three characters and are asked for by one of them, so an index of trigrams does
not find them. A name is indexed by its characters and pairs of neighbours; a spelling and a number
by their ends (`zengshilan`, `shilan`, `lan`; `4001006`, `001006`, …), of which a beginning is
asked for: so any part of either is found by one look into the index.

The index is FTS5 with the tokenizer below; the words here hold nothing that it would split.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable

TOKENIZER = "unicode61 remove_diacritics 0"
QUESTION_CHARACTERS_MAX = 40  # longer than any name or number that somebody types
DIGITS_MAX = 20
_RUNS = re.compile(r"[0-9]+|[a-z]+|[^\W0-9a-z_]+")


def folded(text: str) -> str:
    """Return a text as it is compared: NFKC, small letters, ü typed as v."""
    return unicodedata.normalize("NFKC", text).lower().replace("ü", "v").strip()


def name_words(name: str) -> set[str]:
    """Return the words under which a name is found: characters, pairs, ends of Latin words."""
    words: set[str] = set()
    for run in _RUNS.findall(folded(name)):
        if run.isascii():
            words |= _ends(run)
        else:
            words |= set(run) | _pairs(run)
    return words


def spelling_words(pinyin: str, initials: str) -> set[str]:
    """Return the words of a spelling: its ends syllable by syllable, and those of the initials."""
    syllables = folded(pinyin).split()
    words = {"".join(syllables[start:]) for start in range(len(syllables))}
    letters = folded(initials)
    words |= {letters[start:] for start in range(max(1, len(letters) - 1))}
    return {word for word in words if word.isascii() and word.isalnum()}


def number_words(number: str) -> set[str]:
    """Return the words of a number: all its ends."""
    return _ends(re.sub(r"\D", "", folded(number))[:DIGITS_MAX])


def question(typed: str) -> str:
    """Return what to ask the index for, an FTS5 expression; "" when nothing can be asked.

    Everything that was typed must be there: 王 1006 is the Wang whose number holds 1006.
    """
    terms: list[str] = []
    for run in _RUNS.findall(folded(typed)[:QUESTION_CHARACTERS_MAX]):
        if run.isascii():
            terms.append(f'"{run}"*')
        else:
            terms += [f'"{word}"' for word in sorted(_pairs(run) or set(run))]
    return " AND ".join(terms)


def checker(typed: str) -> Callable[[Iterable[str]], bool]:
    """Return a check of what the index gave: does each run of hanzi stand in a name as it is?

    The index knows pairs, not their order: 王小王 holds both pairs of 小王小, and is not it. Up to
    two characters it is exact, and nothing is left to check.
    """
    long = [run for run in _RUNS.findall(folded(typed)) if not run.isascii() and len(run) > 2]
    if not long:
        return lambda _names: True

    def check(names: Iterable[str]) -> bool:
        whole = [folded(name) for name in names]
        return all(any(run in name for name in whole) for run in long)

    return check


def _pairs(run: str) -> set[str]:
    return {run[start : start + 2] for start in range(len(run) - 1)}


def _ends(run: str) -> set[str]:
    return {run[start:] for start in range(len(run))}
