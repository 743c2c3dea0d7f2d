"""Codes: what a scanned or typed text is, told offline from the text alone.

The counter has one box for everything: labels of ours, a courier's waybill, the barcode of goods,
a phone tail, a shelf, somebody's initials. `recognise` says which of these a text is, in a fixed
order: own codes, goods, couriers by their patterns, and what people type. Whether the thing is
known here is another question.

Own codes have one grammar: V and a letter for the kind, a payload, a check character (ISO 7064
mod 37,36). No waybill is one: a text that begins so is ours or misread, never a parcel of a
courier (the one exception are insured letters, VP123456785CN, whose own check digit is right).

Couriers are data of the county: `station_app/values/waybills.py`.
"""

import base64
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from stdnum import ean, luhn
from stdnum.iso7064 import mod_37_36

from station_app.values.waybills import (
    CourierPattern as CourierPattern,
)
from station_app.values.waybills import (
    Waybill as Waybill,
)
from station_app.values.waybills import (
    has_postal_check,
    is_postal,
    is_sure,
    read_waybill,
)

PARCEL, LOT, SLIP, OPERATOR, SHELF, BAG, ENROLMENT = "VP", "VL", "VR", "VO", "VS", "VB", "VE"
IDENTITY_BYTES = 10  # 80 bits: nobody finds a second thing with the same code
IDENTITY_CHARACTERS = 16
TEXT_CHARACTERS_MAX = 64  # longer than any code that we print or know
_RAW_CHARACTERS_MAX = 256  # one sign may fold into eighteen; this bounds the folding itself

_IDENTITY = re.compile(r"[A-Z2-7]{16}")
_PAYLOADS = {
    PARCEL: _IDENTITY,
    LOT: _IDENTITY,
    SLIP: _IDENTITY,
    OPERATOR: _IDENTITY,
    BAG: _IDENTITY,
    SHELF: re.compile(r"[A-Z0-9]{1,8}"),
    ENROLMENT: re.compile(r"[A-Z2-7]{16,60}"),
}
# Signs that base32 leaves out, and what was misread or mistyped as them.
_CONFUSED = {"0": "O", "1": "IL", "8": "B", "9": "GQ"}
_TRACE_ADDRESS = re.compile(r"HTTPS?://[A-Z0-9.:\[\]-]+/T/([0-9]{20})")
_TRACE_DIGITS = 20
_SPACES = str.maketrans("", "", " \t\r\n\u00a0\u3000")
_PHONE = re.compile(r"1[3-9][0-9]{9}")
_SHELF = re.compile(
    r"[A-Z]{1,2}[0-9]{1,4}|(?=[A-Z0-9])[A-Z]{0,2}[0-9]{0,3}(?:-[0-9]{1,4}){1,2}[A-Z]?"
)


@dataclass(frozen=True, slots=True)
class OwnCode:
    """A code of ours whose check character is right. kind: `PARCEL`, `LOT`, …"""

    kind: str
    payload: str


@dataclass(frozen=True, slots=True)
class BadCheck:
    """A code of ours (or of the post: kind "S10") that was misread.

    wrong: place of the character that cannot be right, from 0, or None when any may be; meant:
    the whole code that was probably meant, "" when there is not exactly one guess.
    """

    kind: str
    text: str
    wrong: int | None = None
    meant: str = ""


@dataclass(frozen=True, slots=True)
class TraceCode:
    """The 20 digits of a lot, from its QR (an address) or typed; the Luhn digit is right."""

    digits: str


@dataclass(frozen=True, slots=True)
class Barcode:
    """The barcode of goods, its EAN check digit right. waybill: what else it may be, or None."""

    number: str
    waybill: Waybill | None = None


@dataclass(frozen=True, slots=True)
class Phone:
    """A whole mobile number."""

    number: str


@dataclass(frozen=True, slots=True)
class PhoneTail:
    """Digits of a phone: four are the tail, other short runs any part of it."""

    digits: str


@dataclass(frozen=True, slots=True)
class ShelfCode:
    """A place or a pickup code as people say it: "B208", "B-2-08", "1-4-4230", "Q7-32"."""

    text: str


@dataclass(frozen=True, slots=True)
class PinyinLetters:
    """Letters: the pinyin of a name or its initials, in lower case."""

    letters: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Nothing of these. reason: EMPTY, TOO_LONG, CONTROL, CHINESE, OTHER_SCRIPT or UNKNOWN."""

    reason: str


Recognised = (
    OwnCode
    | BadCheck
    | TraceCode
    | Barcode
    | Waybill
    | Phone
    | PhoneTail
    | ShelfCode
    | PinyinLetters
    | Unreadable
)


def make_code(kind: str, payload: str) -> str:
    """Return a whole code with its check character; asserts that the payload suits the kind."""
    assert _PAYLOADS[kind].fullmatch(payload), f"no payload of {kind}: {payload}"
    return kind + payload + str(mod_37_36.calc_check_digit(kind + payload))


def identity_payload(identity: str) -> str:
    """Return the first 80 bits of an identity (64 hex digits) as 16 characters of base32."""
    return base64.b32encode(bytes.fromhex(identity)[:IDENTITY_BYTES]).decode("ascii")


def identity_prefix(payload: str) -> str:
    """Return the 20 hex digits with which the identity behind a payload begins."""
    return base64.b32decode(payload[:IDENTITY_CHARACTERS]).hex()


def recognise(text: str, couriers: Iterable[CourierPattern]) -> Recognised:
    """Say what a scanned or typed text is. It never raises, and knows only these couriers."""
    bare = normalised(text)
    if isinstance(bare, Unreadable):
        return bare
    postal = read_postal(bare, couriers)
    return postal or _own(bare) or _trace(bare) or _goods(bare, couriers) or _rest(bare, couriers)


def normalised(text: str) -> str | Unreadable:
    """Return a text in capital ASCII without spaces, or why it cannot be a code."""
    if len(text) > _RAW_CHARACTERS_MAX:
        return Unreadable("TOO_LONG")
    bare = unicodedata.normalize("NFKC", text).translate(_SPACES)
    if not bare:
        return Unreadable("EMPTY")
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for c in bare):
        return Unreadable("CONTROL")
    if not bare.isascii():
        is_chinese = any("CJK" in unicodedata.name(c, "") for c in bare)
        return Unreadable("CHINESE" if is_chinese else "OTHER_SCRIPT")
    return bare.upper() if len(bare) <= TEXT_CHARACTERS_MAX else Unreadable("TOO_LONG")


def read_postal(bare: str, couriers: Iterable[CourierPattern]) -> Waybill | BadCheck | None:
    """Read a postal item (S10): the only waybill with a check digit of its own."""
    if not is_postal(bare):
        return None
    if has_postal_check(bare):
        return read_waybill(bare, couriers)
    is_like_ours = bare[:2] in _PAYLOADS
    return None if is_like_ours else BadCheck("S10", bare)


def _own(bare: str) -> OwnCode | BadCheck | None:
    text = bare.replace("-", "")
    payload = _PAYLOADS.get(text[:2])
    if payload is None:
        return None
    if payload.fullmatch(text[2:-1]) and mod_37_36.is_valid(text):
        return OwnCode(text[:2], text[2:-1])
    is_word = text.isalpha() and len(text) < len(PARCEL) + IDENTITY_CHARACTERS + 1
    return None if is_word else _misread(text[:2], text)


def _misread(kind: str, text: str) -> BadCheck:
    """Point at a sign that cannot stand there, and guess what was meant."""
    if kind == SHELF or not text.isalnum():
        odd = next((place for place, c in enumerate(text) if not c.isalnum()), None)
        return BadCheck(kind, text, odd)
    places = [n for n, c in enumerate(text[:-1]) if n > 1 and c in _CONFUSED]
    guesses = [text]
    for place in places[:4]:
        guesses = [
            guess[:place] + sign + guess[place + 1 :]
            for guess in guesses
            for sign in _CONFUSED[text[place]]
        ]
    meant = [g for g in guesses if _PAYLOADS[kind].fullmatch(g[2:-1]) and mod_37_36.is_valid(g)]
    return BadCheck(kind, text, places[0] if places else None, meant[0] if len(meant) == 1 else "")


def _trace(bare: str) -> TraceCode | None:
    found = _TRACE_ADDRESS.fullmatch(bare)
    digits = found[1] if found else bare
    is_trace = len(digits) == _TRACE_DIGITS and digits.isdigit() and luhn.is_valid(digits)
    return TraceCode(digits) if is_trace else None


def _goods(bare: str, couriers: Iterable[CourierPattern]) -> Barcode | None:
    if not (bare.isdigit() and len(bare) in (8, 12, 13) and ean.is_valid(bare)):
        return None
    waybill = read_waybill(bare, couriers)
    return Barcode(bare, None if waybill is None or waybill.must_confirm else waybill)


def _rest(bare: str, couriers: Iterable[CourierPattern]) -> Recognised:
    """What is neither ours nor goods: a sure waybill first, then what people type."""
    waybill = read_waybill(bare, couriers)
    if waybill is not None and is_sure(waybill, couriers):
        return waybill
    if bare.isalpha():
        return PinyinLetters(bare.lower())
    if _PHONE.fullmatch(bare):
        return Phone(bare)
    if bare.isdigit() and 2 < len(bare) < 8:
        return PhoneTail(bare)
    if _SHELF.fullmatch(bare):
        return ShelfCode(bare)
    return waybill or Unreadable("UNKNOWN")
