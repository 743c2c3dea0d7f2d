"""The enrolment code before the network: is it whole, is it right, and if not, where to look.

The check character tells that something is wrong, not where. So the signs that people mix up on
paper are tried one by one: if putting one right makes the whole code right, that place is named.
Nothing here asks the county: a slip of the pen costs no one-time code.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from station_app.values.codes import ENROLMENT, OwnCode, recognise

SUSPECTS_MAX = 3  # more places than that are no help: then the whole is compared
ADDRESS_CHARACTERS_MAX = 200
_ALIKE = ("S5", "Z2", "G6", "UV", "MN", "O0", "I1", "B8", "L1", "Q0", "D0", "G9")
_NEVER = {"0": "O", "1": "I", "8": "B", "9": "G"}  # base32 has none of these
_ADDRESS = re.compile(
    r"(?P<scheme>https?://)?(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\])"
    r"(?P<port>:[0-9]{1,5})?(?P<path>(?:/[A-Za-z0-9._~-]+)*)/?"
)
_IN_QR = re.compile(r"(?P<address>https?://[^\s#?]+)?[#?]?(?:code=)?(?P<code>VE[A-Z0-9 -]+)", re.I)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A place to look at again. position: from 1, as people count; guess: what it may be."""

    position: int
    found: str
    guess: str


@dataclass(frozen=True, slots=True)
class CodeVerdict:
    """What can be said of the signs so far.

    state: `short` (missing says by how many), `foreign` (no enrolment code begins so), `wrong` or
    `right`. suspects: where to look; while the code is short, only signs that no code has.
    """

    state: str
    missing: int = 0
    suspects: tuple[Suspect, ...] = ()


@dataclass(frozen=True, slots=True)
class EnrolmentPaper:
    """What the county's paper says when it is scanned: the code, and where the county is."""

    code: str
    address: str = ""


def judge_code(typed: str, count: int) -> CodeVerdict:
    """Judge what was typed so far. count: how many signs a whole code has."""
    bare = bare_code(typed)
    if not ENROLMENT.startswith(bare[: len(ENROLMENT)]):
        return CodeVerdict("foreign", missing=max(count - len(bare), 0))
    if len(bare) < count:
        return CodeVerdict("short", count - len(bare), tuple(_never(bare))[:SUSPECTS_MAX])
    if is_right(bare) and len(bare) == count:
        return CodeVerdict("right")
    suspects = _suspects(bare)
    few = tuple(suspects) if len(suspects) <= SUSPECTS_MAX else ()
    return CodeVerdict("wrong", suspects=few)


def is_right(code: str) -> bool:
    """Tell whether these are all signs of a code whose check character is right."""
    found = recognise(code, ())
    return isinstance(found, OwnCode) and found.kind == ENROLMENT


def bare_code(typed: str) -> str:
    """Return the signs in capitals, without the spaces and hyphens that make them readable."""
    folded = unicodedata.normalize("NFKC", typed).upper()
    return "".join(sign for sign in folded if sign.isalnum())


def _suspects(code: str) -> list[Suspect]:
    """Find where to look: signs that cannot stand there, look-alikes, then two signs turned."""
    return list(_never(code[:-1])) or list(_mistaken(code)) or list(_turned(code))


def _never(code: str) -> Iterator[Suspect]:
    for place, sign in enumerate(code, 1):
        if sign in _NEVER:
            yield Suspect(place, sign, _NEVER[sign])


def _mistaken(code: str) -> Iterator[Suspect]:
    for place, sign in enumerate(code):
        for other in _look_alikes(sign):
            if is_right(code[:place] + other + code[place + 1 :]):
                yield Suspect(place + 1, sign, other)


def _turned(code: str) -> Iterator[Suspect]:
    for place in range(len(code) - 1):
        first, second = code[place], code[place + 1]
        if first != second and is_right(code[:place] + second + first + code[place + 2 :]):
            yield Suspect(place + 1, first + second, second + first)


def _look_alikes(sign: str) -> Iterator[str]:
    for pair in _ALIKE:
        if sign in pair:
            yield pair.replace(sign, "")


def may_stand(sign: str) -> bool:
    """Tell whether a sign may stand in a code: capitals and digits."""
    return sign.isascii() and sign.isalnum()


def read_paper(scanned: str) -> EnrolmentPaper | None:
    """Return what the county's paper says, from its QR or barcode; None if it is another thing."""
    found = _IN_QR.fullmatch(unicodedata.normalize("NFKC", scanned.strip())[:512])
    if found is None:
        return None
    return EnrolmentPaper(bare_code(found["code"]), found["address"] or "")


def clean_address(typed: str) -> str | None:
    """Return the county's address as it is asked, or None when it cannot be one.

    Without a scheme it is https; a trailing slash is dropped.
    """
    text = unicodedata.normalize("NFKC", typed.strip())
    if len(text) > ADDRESS_CHARACTERS_MAX:
        return None
    found = _ADDRESS.fullmatch(text)
    if found is None:
        return None
    port = found["port"] or ""
    if port and not 0 < int(port[1:]) < 65_536:
        return None
    return f"{found['scheme'] or 'https://'}{found['host']}{port}{found['path']}"
