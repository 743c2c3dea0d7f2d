"""Pickup codes in the style that the county wants: serials, waybill tails, phone digits.

A code is a place and a number on it. In the default style the number is a serial. With `waybill`
it is the tail of the courier's number, "B-2-0017"; from the second PC of a station on it ends in
the letter of the PC's slot, "B-2-0017A", since two PCs that have not heard of each other may hold
the same tail. With `phone` the last digit of the receiver's phone stands before the place and
serials run below it, "6-B2-08". All three lie in one number, so places and rests are kept as ever:
`places.Code` writes it out. What a style cannot give (no number, no phone, a tail that is there
already or rests) gets a serial.

No style puts the four digits on a label that are the check at the counter, and none releases a
parcel: a code only finds it.
"""

from collections.abc import Set
from dataclasses import dataclass

from station_app.services.parcels.places import (
    MARK,
    PHONE_BASE,
    TAIL_BASE,
    TAIL_DIGITS,
    choose_serial,
    is_ours,
)


@dataclass(frozen=True, slots=True)
class MadeOf:
    """What a code is made of. style: `serial`, `waybill` or `phone`; phone: or its tail."""

    style: str = "serial"
    waybill: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Giver:
    """Which PC gives a code; see `places.choose_serial`."""

    slot: int
    slots: int
    start: int


def choose_number(made_of: MadeOf, taken: Set[int], giver: Giver, *, wanted: int = 0) -> int:
    """Return the number of a code that nobody may mistake for another one; 0 when none is left.

    taken: numbers on this layer that are on hand or still rest. wanted: the one that the screen
    has shown, given if it still may be.
    """
    if made_of.style == "waybill":
        tail = tail_number(made_of.waybill, slot=giver.slot, slots=giver.slots)
        if tail and tail not in taken and tail - TAIL_BASE not in taken:
            return tail
    base = phone_base(made_of.phone) if made_of.style == "phone" else 0
    if base:
        below = {number - base for number in taken if base <= number < base + MARK}
        serial = _serial(below, wanted - base, giver)
        return base + serial if serial else 0
    worn = {number - TAIL_BASE for number in taken if TAIL_BASE <= number < TAIL_BASE + MARK}
    return _serial(taken | worn, wanted, giver)


def _serial(taken: Set[int], wanted: int, giver: Giver) -> int:
    if wanted not in taken and is_ours(wanted, slot=giver.slot, slots=giver.slots):
        return wanted
    return choose_serial(taken, slot=giver.slot, slots=giver.slots, start=giver.start)


def tail_number(waybill: str, *, slot: int, slots: int) -> int:
    """Return the number of a waybill's tail, 0 for a waybill that does not end in four digits."""
    tail = waybill[-TAIL_DIGITS:]
    if len(tail) < TAIL_DIGITS or not (tail.isascii() and tail.isdigit()):
        return 0
    mark = slot + 1 if slots > 1 else 0
    return TAIL_BASE + mark * MARK + int(tail)


def phone_base(phone: str) -> int:
    """Return where the serials below the last digit of a phone begin, 0 without a phone."""
    last = phone[-1:]
    return PHONE_BASE + int(last) * MARK if last.isascii() and last.isdigit() else 0
