"""What a scale's frame looks like, as data (`resources/scales.toml`), and how it is read.

A frame is known by its length and by the bytes that always stand at the same places; its end is
never searched for, since a checksum or a digit may be any byte. What does not fit is dropped byte
by byte until the next frame does.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec

Form = Literal["ascii", "ascii_backwards", "bcd_low_first", "bcd_high_first"]
ReadingState = Literal["weight", "overload"]

FRAME_BYTES_MAX = 64
KILOGRAM = 1_000
GRAMS_MAX = 10_000_000  # ten tonnes: a station's scale weighs less
_NUMBER = re.compile(r"([+-]?)([0-9]{1,9})(?:\.([0-9]{0,6}))?")


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Part of a layout."""


class WeightPlace(_Part, frozen=True, kw_only=True):
    """Where the digits stand, and how they are written."""

    at: int
    length: int
    form: Form = "ascii"


class Decimals(_Part, frozen=True, kw_only=True):
    """How many digits stand behind the point: `fixed`, or (byte at `at` & mask) + plus.

    Where the digits hold a point themselves, it is that which counts.
    """

    fixed: int = 0
    at: int = -1
    mask: int = 255
    plus: int = 0


class Flag(_Part, frozen=True, kw_only=True):
    """A sign: set when (byte at `at` & mask) is `value`, in hex."""

    at: int
    value: str
    mask: int = 255

    def is_set(self, frame: bytes) -> bool:
        """Tell whether a frame carries it."""
        return frame[self.at] & self.mask == int(self.value, 16)


class Unit(_Part, frozen=True, kw_only=True):
    """Where the unit stands, and what each of its words weighs in grams."""

    at: int
    length: int
    grams: Mapping[str, int]


class Check(_Part, frozen=True, kw_only=True):
    """A checksum over the bytes first … last.

    xor: one byte; xor_hex: the same as two letters of hex; sum_7: with it, seven bits sum to 0.
    """

    kind: Literal["xor", "xor_hex", "sum_7"]
    first: int
    last: int
    at: int

    def is_right(self, frame: bytes) -> bool:
        """Tell whether a frame carries the right sum."""
        part = frame[self.first : self.last + 1]
        if self.kind == "sum_7":
            return (sum(byte & 0x7F for byte in part) + frame[self.at]) & 0x7F == 0
        xor = 0
        for byte in part:
            xor ^= byte
        if self.kind == "xor":
            return frame[self.at] == xor
        return frame[self.at : self.at + 2].upper() == f"{xor:02X}".encode()


class FrameLayout(_Part, frozen=True, kw_only=True):
    """One kind of frame. fixed: place → byte in hex; unit_grams: of the digits, without a `unit`.

    stable: absent on scales that do not say so; kilogram: must be set, else it weighs in another
    unit and the frame is not understood.
    """

    length: int
    fixed: Mapping[int, str]
    weight: WeightPlace
    decimals: Decimals = Decimals()
    stable: Flag | None = None
    negative: Flag | None = None
    overload: Flag | None = None
    kilogram: Flag | None = None
    unit: Unit | None = None
    unit_grams: int = KILOGRAM
    check: Check | None = None

    def __post_init__(self) -> None:
        if not 4 <= self.length <= FRAME_BYTES_MAX or not self.fixed:
            raise ValueError(
                f"a frame of {self.length} bytes with {len(self.fixed)} that are fixed"
            )

    def may_begin(self, held: bytes | bytearray) -> bool:
        """Tell whether what is held, whole or not, may be the beginning of such a frame."""
        return all(held[at] == int(byte, 16) for at, byte in self.fixed.items() if at < len(held))

    def read(self, frame: bytes) -> "Reading | None":
        """Return what a frame of the right length says, None when it is none after all."""
        if self.check is not None and not self.check.is_right(frame):
            return None
        is_stable = self.stable.is_set(frame) if self.stable else None
        if self.overload is not None and self.overload.is_set(frame):
            return Reading("overload", 0, is_stable, frame)
        if self.kilogram is not None and not self.kilogram.is_set(frame):
            return None
        number = self._number(frame)
        unit = self._unit(frame)
        if number is None or unit is None:
            return None
        value, decimals = number
        if self.negative is not None and self.negative.is_set(frame):
            value = -abs(value)
        grams = in_grams(value, decimals, unit)
        return None if abs(grams) > GRAMS_MAX else Reading("weight", grams, is_stable, frame)

    def _number(self, frame: bytes) -> tuple[int, int] | None:
        place, rule = self.weight, self.decimals
        decimals = rule.fixed
        if rule.at >= 0:
            decimals = (frame[rule.at] & rule.mask) + rule.plus
        found = read_digits(frame[place.at : place.at + place.length], place.form)
        if found is None:
            return None
        value, behind_point = found
        return value, decimals if behind_point is None else behind_point

    def _unit(self, frame: bytes) -> int | None:
        if self.unit is None:
            return self.unit_grams
        word = frame[self.unit.at : self.unit.at + self.unit.length].decode("latin-1")
        return self.unit.grams.get(word)


class ScaleProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of scale. ask: what the PC sends, in hex, one after the other; between them the
    scale answers `ready`; without `ask` it sends by itself.
    """

    layouts: tuple[FrameLayout, ...]
    ask: tuple[str, ...] = ()
    ready: str = ""
    baud: int = 9_600
    framing: str = "8N1"


@dataclass(frozen=True, slots=True)
class Reading:
    """One frame. is_stable: what the scale says itself, None where it says nothing of it."""

    state: ReadingState
    grams: int
    is_stable: bool | None
    frame: bytes


def load_scales(text: str) -> Mapping[str, ScaleProfile]:
    """Return the profiles of a `scales.toml` by name. Raises msgspec.ValidationError."""
    return msgspec.convert(tomllib.loads(text), dict[str, ScaleProfile], strict=False)


def read_digits(field: bytes, form: Form) -> tuple[int, int | None] | None:
    """Return (value, digits behind the point, None without one), None for what is no number."""
    if form in ("bcd_low_first", "bcd_high_first"):
        digits = (field[::-1] if form == "bcd_low_first" else field).hex()
        return (int(digits), None) if digits.isdigit() else None
    text = field.decode("latin-1").replace(" ", "")
    found = _NUMBER.fullmatch(text[::-1] if form == "ascii_backwards" else text)
    if found is None:
        return None
    sign, whole, behind = found.groups()
    value = int(whole + (behind or ""))
    return (-value if sign == "-" else value), None if behind is None else len(behind)


def in_grams(value: int, decimals: int, unit_grams: int) -> int:
    """Return whole grams, rounded half away from zero: a scale may show half a gram."""
    if decimals <= 0:
        return int(value * unit_grams * 10**-decimals)
    whole, rest = divmod(abs(value) * unit_grams, 10**decimals)
    grams = int(whole + (2 * rest >= 10**decimals))
    return -grams if value < 0 else grams


class FrameCutter:
    """Cuts what a scale sends into frames; what fits none is dropped."""

    def __init__(self, profile: ScaleProfile) -> None:
        """Begin with nothing held."""
        self._layouts = profile.layouts
        self._held = bytearray()

    def feed(self, more: bytes) -> list[Reading]:
        """Take what came, and return the frames that are complete with it, oldest first."""
        self._held += more
        found: list[Reading] = []
        while self._held:
            reading = self._first()
            if reading is not None:
                found.append(reading)
                del self._held[: len(reading.frame)]
            elif self._may_come():
                break
            else:
                del self._held[0]
        return found

    def _first(self) -> Reading | None:
        for layout in self._layouts:
            if len(self._held) >= layout.length and layout.may_begin(self._held):
                reading = layout.read(bytes(self._held[: layout.length]))
                if reading is not None:
                    return reading
        return None

    def _may_come(self) -> bool:
        return any(
            len(self._held) < layout.length and layout.may_begin(self._held)
            for layout in self._layouts
        )
