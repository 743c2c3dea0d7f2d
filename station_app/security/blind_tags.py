"""Blind tags: telling that a name and a phone tail are somebody's without knowing her name.

Who was erased leaves tags of what a label could have said of her. A label that comes later is put
through the same slow hash; if it comes out the same, it was hers. Names are few and tails are ten
thousand, so the hash is slow (argon2id) and the tags live in a private part, which goes again.
"""

import re
import unicodedata
from collections.abc import Iterable

from argon2.low_level import Type, hash_secret_raw

from station_app.security.pins import PinCost

SALT_BYTES = 16
TAG_BYTES = 16
TAG_COST = PinCost(passes=2, memory_kib=8 * 1024)  # some tens of milliseconds on a weak PC
TAIL_DIGITS = 4
_SALT = re.compile(r"[0-9a-f]{32}")
# Blanks, and the dots within a name as labels write them: 阿依·古丽.
_BETWEEN = re.compile(r"[\s\u00b7\u2022\u2027\u30fb.]+")


def plain_name(name: str) -> str:
    """Return a name as tags know it: one form of each sign, no blanks, no dots between."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", name)).casefold()


def plain_tail(phone: str) -> str:
    """Return the last four digits of a phone or a tail, "" when it has fewer."""
    digits = "".join(str(unicodedata.digit(sign)) for sign in phone if sign.isdigit())
    return digits[-TAIL_DIGITS:] if len(digits) >= TAIL_DIGITS else ""


def tag_of(name: str, phone: str, salt: str) -> str:
    """Return the tag of a name and a phone (or its tail), "" when one of them lacks.

    salt: 32 hex digits; "" comes back for anything else. Slow on purpose.
    """
    plain, tail = plain_name(name), plain_tail(phone)
    if not plain or not tail or not _SALT.fullmatch(salt):
        return ""
    return hash_secret_raw(
        f"{plain}\0{tail}".encode(),
        bytes.fromhex(salt),
        time_cost=TAG_COST.passes,
        memory_cost=TAG_COST.memory_kib,
        parallelism=1,
        hash_len=TAG_BYTES,
        type=Type.ID,
    ).hex()


def tags_of(described: Iterable[tuple[str, str]], salt: str, most: int) -> tuple[str, ...]:
    """Return the tags of each name with each tail that somebody was described with, sorted.

    described: (name, phone), the newest first; most: so many at most, those of the newest.
    """
    pairs = [(plain_name(name), plain_tail(phone)) for name, phone in described]
    names = dict.fromkeys(name for name, _ in pairs if name)
    tails = dict.fromkeys(tail for _, tail in pairs if tail)
    crossed = dict.fromkeys((*pairs, *((name, tail) for name in names for tail in tails)))
    whole = [(name, tail) for name, tail in crossed if name and tail]
    return tuple(sorted(tag_of(name, tail, salt) for name, tail in whole[:most]))
