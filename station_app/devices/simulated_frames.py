"""What scales of different makers send, written after their manuals: for practice and tests.

It shares nothing with the tables that read these frames.
"""

from collections.abc import Callable


def enq_frame(grams: int, *, stable: bool, over: bool = False) -> bytes:
    """CAS SW-II and the like, 15 bytes."""
    sign = b"F" if over else b"-" if grams < 0 else b" "
    body = (b"S" if stable else b"U") + sign + _kilograms(grams, 2) + b"kg"
    check = 0
    for byte in body:
        check ^= byte
    return b"\x01\x02" + body + bytes((check, 3, 4))


def cas_frame(grams: int, *, stable: bool, over: bool = False) -> bytes:
    """CAS CI-600D, 22 bytes."""
    head = b"OL" if over else b"ST" if stable else b"US"
    shown = (b"-" if grams < 0 else b"") + _kilograms(grams, 2)
    return head + b",GS,1\xc4," + shown.rjust(8) + b" kg\r\n"


def head_frame(grams: int, *, stable: bool, over: bool = False) -> bytes:
    """A&D, Excell, 18 bytes."""
    head = b"OL" if over else b"ST" if stable else b"US"
    sign = b"-" if grams < 0 else b"+"
    return head + b",GS," + sign + _kilograms(grams, 1).rjust(7) + b"kg\r\n"


def bcd_frame(grams: int, *, stable: bool, over: bool = False) -> bytes:
    """友声 JCS-B, six bytes."""
    state = 3 | (0x20 if grams < 0 else 0) | (0x40 if stable else 0) | (0x80 if over else 0)
    digits = f"{abs(grams):06}"
    return bytes((0xFF, state, *(int(digits[at : at + 2], 16) for at in (4, 2, 0)), 0))


def indicator_frame(grams: int, *, stable: bool, over: bool = False) -> bytes:
    """A weighing indicator, twelve bytes; it has no mark of being still, nor of too much."""
    del stable, over
    body = (b"-" if grams < 0 else b"+") + f"{abs(grams):06}3".encode()
    check = 0
    for byte in body:
        check ^= byte
    return b"\x02" + body + f"{check:02X}".encode() + b"\x03"


def toledo_frame(grams: int, *, stable: bool, over: bool = False) -> bytes:
    """Toledo 8530, 18 bytes: three decimals, kilograms."""
    second = 0x30 | (0x02 if grams < 0 else 0) | (0x04 if over else 0) | (0 if stable else 0x08)
    frame = bytes((2, 0x20 | 5, second, 0x20)) + f"{abs(grams):06}000000\r".encode()
    return frame + bytes((-sum(frame) & 0x7F,))


def _kilograms(grams: int, whole: int) -> bytes:
    kilograms, rest = divmod(abs(grams), 1000)
    return f"{kilograms:0{whole}}.{rest:03}".encode()


FRAMES: dict[str, Callable[..., bytes]] = {
    "enq_dc1": enq_frame,
    "cas_22": cas_frame,
    "head": head_frame,
    "bcd_6": bcd_frame,
    "indicator_12": indicator_frame,
    "toledo_18": toledo_frame,
}
