"""Waybills: whose parcel a number on a courier's label is.

The patterns come from the county and are hints: two couriers may share one (`43…` with 15 digits),
one may be missing, and the operator's word goes before all of them. They come from outside, so
they are held to a small language in which no pattern can keep the counter waiting.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

CATCH_ALL = "OTHER"  # the courier who stands for "some other, or no number at all"
PATTERN_CHARACTERS_MAX = 200
_LETTER_RUN = re.compile(r"[A-Z]*")
_PIECE = re.compile(r"(JD[0-9A-Z]+)-([0-9]+)-([0-9]+)-?")
_POSTAL = re.compile(r"[A-Z]{2}([0-9]{8})([0-9])[A-Z]{2}")
_POSTAL_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_ALLOWED = re.compile(r"(?:[\^$|A-Z0-9,()\[\]{}?-]|\\d|\\d\+)*")
_REPEATED_GROUP = re.compile(r"\)[+*{]")
_CHOICE = re.compile(r"\{(?P<least>[0-9]{1,2})(?P<range>,(?P<most>[0-9]{0,2}))?\}|[+?|]")
_CHARACTERS_MAX = 64  # of the texts that are ever matched
_WAYS_MAX = 2**20  # through a pattern: a fraction of a second at the worst


@dataclass(frozen=True, slots=True)
class CourierPattern:
    """How the waybills of one courier look. The smaller `priority` is asked first.

    pattern: a regular expression for the whole number, in the language of `is_usable`;
    must_confirm: the operator is asked even if nobody else's pattern fits.
    """

    code: str
    name: str
    initial: str
    pattern: str
    priority: int
    must_confirm: bool


@dataclass(frozen=True, slots=True)
class Waybill:
    """A number on a courier's label.

    candidates: codes of the couriers that it fits, the likeliest first; number: as it is filed;
    raw: as it was read, with the piece of a shipment ("-1-2-") if there is one.
    """

    candidates: tuple[str, ...]
    number: str
    raw: str
    must_confirm: bool

    @property
    def prefix_and_length(self) -> str:
        """Return "43/15": what a choice of the operator is remembered for."""
        letters = _LETTER_RUN.match(self.number)
        prefix = letters[0] if letters and letters[0] else self.number[:2]
        return f"{prefix[:4]}/{len(self.number)}"


def read_waybill(bare: str, couriers: Iterable[CourierPattern]) -> Waybill | None:
    """Return which couriers a number in capitals may belong to, or None if it fits nobody.

    Couriers who must be confirmed stand back while a sure one fits, the catch-all behind all.
    """
    piece = _PIECE.fullmatch(bare)
    number = piece[1] if piece else bare
    matching = sorted((c for c in couriers if fits(c, number)), key=lambda c: (c.priority, c.code))
    sure = [courier for courier in matching if not courier.must_confirm]
    chosen = sure or [c for c in matching if c.code != CATCH_ALL] or matching
    if not chosen:
        return None
    codes = tuple(dict.fromkeys(courier.code for courier in chosen))
    return Waybill(codes, number, bare, must_confirm=len(codes) > 1 or not sure)


def is_sure(waybill: Waybill, couriers: Iterable[CourierPattern]) -> bool:
    """Tell whether a pattern of its own, and no catch-all, says that this is a waybill."""
    return any(c.code in waybill.candidates and not c.must_confirm for c in couriers)


def fits(courier: CourierPattern, number: str) -> bool:
    """Tell whether a number is one of this courier's; a pattern that cannot be used fits none."""
    if not is_usable(courier.pattern):
        return False
    return re.fullmatch(courier.pattern, number, re.ASCII) is not None


def is_usable(pattern: str) -> bool:
    r"""Tell whether a pattern is within the small language that never runs long.

    Capitals, digits, `\d`, `\d+`, classes, counted repeats, `?`, alternatives, no repeated group,
    and not too many ways through all of these together.
    """
    if len(pattern) > PATTERN_CHARACTERS_MAX or not _ALLOWED.fullmatch(pattern):
        return False
    if _REPEATED_GROUP.search(pattern) or _ways(pattern) > _WAYS_MAX:
        return False
    try:
        re.compile(pattern, re.ASCII)
    except (re.error, OverflowError):
        return False
    return True


def _ways(pattern: str) -> int:
    """Return a bound for the number of ways in which a pattern can be tried on one text."""
    ways = 1
    for choice in _CHOICE.finditer(pattern):
        if choice[0] in ("?", "|"):
            ways *= 2
        elif choice["range"] or choice[0] == "+":
            most = int(choice["most"] or _CHARACTERS_MAX)
            ways *= max(most - int(choice["least"] or 0), 0) + 1
    return ways


def is_postal(bare: str) -> bool:
    """Tell whether a text has the form of a postal item: two letters, nine digits, two letters."""
    return _POSTAL.fullmatch(bare) is not None


def has_postal_check(bare: str) -> bool:
    """Tell whether the check digit of a postal item is right (UPU S10)."""
    found = _POSTAL.fullmatch(bare)
    if found is None:
        return False
    total = sum(int(d) * w for d, w in zip(found[1], _POSTAL_WEIGHTS, strict=True))
    check = 11 - total % 11
    return int(found[2]) == {10: 0, 11: 5}.get(check, check)
