"""Numbers that two people read out to each other by phone: eight digits, the last one a check.

Both ends use this module: the PC draws a challenge, the county checks that it was typed without a
slip. What the answer is, `signing.Signer.spoken_answer` works out.
"""

from typing import Final

from station_app.values.clock import Chance

DIGITS: Final = 8
_DRAWN_BYTES: Final = 8  # 64 bits over ten million: no digit is noticeably likelier than another


def question(station: str, device: str, challenge: str) -> str:
    """Return what both ends answer: a challenge of one PC."""
    return f"{station}/{device}/{challenge}"


def draw(chance: Chance) -> str:
    """Return eight digits, the last of which finds a slip in reading out (Luhn)."""
    number = int.from_bytes(chance.draw(_DRAWN_BYTES), "big") % 10 ** (DIGITS - 1)
    head = f"{number:0{DIGITS - 1}}"
    return head + luhn(head)


def luhn(digits: str) -> str:
    """Return the check digit that follows these digits."""
    total = 0
    for place, sign in enumerate(reversed(digits)):
        value = int(sign) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def is_challenge(text: str) -> bool:
    """Tell whether eight digits were read out and typed without a slip."""
    is_number = len(text) == DIGITS and text.isascii() and text.isdigit()
    return is_number and luhn(text[:-1]) == text[-1]
