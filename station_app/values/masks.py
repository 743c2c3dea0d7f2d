"""Masks: how a person is shown where anybody may look.

On the operator's own unlocked screen names stand in full. Everywhere else (paper, boards, second
display, logs, exports, practice) they pass through here. `Personal` carries a text that must not
slip into a log: whatever prints it prints its mask.
"""

import unicodedata
from collections.abc import Callable
from typing import NoReturn

STAR = "*"
STARS_MAX = 3  # a mask need not tell how long a long name is
PHONE_HEAD = 3
TAIL = 4
BOARD_TAIL = 2


def mask_name(name: str) -> str:
    """Return 王*明 for 王小明, 李* for 李四, * for a name of one character."""
    signs = _signs(name.strip())
    if len(signs) < 2:
        return STAR * len(signs)
    if len(signs) == 2:
        return signs[0] + STAR
    return signs[0] + STAR * min(len(signs) - 2, STARS_MAX) + signs[-1]


def mask_phone(phone: str) -> str:
    """Return 154****1001; of shorter numbers the last four, of very short ones nothing."""
    digits = _alphanumeric(phone)
    if len(digits) >= PHONE_HEAD + TAIL + TAIL:
        return digits[:PHONE_HEAD] + STAR * 4 + digits[-TAIL:]
    return mask_account(digits)


def mask_account(number: str) -> str:
    """Return ****1888: the last four of an ID or account number, if enough of it stays hidden."""
    bare = _alphanumeric(number)
    if len(bare) < TAIL + PHONE_HEAD:
        return STAR * TAIL if bare else ""
    return STAR * TAIL + bare[-TAIL:]


def tail(number: str, count: int = TAIL) -> str:
    """Return the last digits or letters of a number; all of it when it is no longer than that."""
    return _alphanumeric(number)[-count:]


def board_tail(phone: str) -> str:
    """Return the two last digits: all that a notice board may show, four being the check."""
    return tail(phone, BOARD_TAIL)


def mask_everything(_text: str) -> str:
    """Return a mask that tells nothing: for addresses and free text."""
    return STAR * STARS_MAX


class Personal:
    """A personal text that shows only its mask in logs, messages and tracebacks.

    It is no `str` on purpose: joining, encoding or pickling one is an error, not a leak.
    `reveal` gives the text to a widget or a label that may show it.
    """

    __slots__ = ("_mask", "_text")

    def __init__(self, text: str, mask: Callable[[str], str] = mask_everything) -> None:
        """Wrap `text`; `mask` says how it is shown: `mask_name`, `mask_phone`, `mask_account`."""
        self._text = text
        self._mask = mask

    def reveal(self) -> str:
        """Return the text itself."""
        return self._text

    def __str__(self) -> str:
        return self._mask(self._text)

    def __repr__(self) -> str:
        return f"Personal({self._mask(self._text)})"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Personal) and self._text == other._text

    def __hash__(self) -> int:
        return hash((Personal, self._text))

    def __bool__(self) -> bool:
        return bool(self._text)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a personal text is not written out whole")


def _signs(text: str) -> list[str]:
    """Split a text into what a reader sees: marks and variation selectors stay with their sign."""
    signs: list[str] = []
    for character in unicodedata.normalize("NFC", text):
        is_mark = unicodedata.category(character) in ("Mn", "Me", "Mc")
        if is_mark and signs:
            signs[-1] += character
        else:
            signs.append(character)
    return signs


def _alphanumeric(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())
