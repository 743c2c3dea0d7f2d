"""Weight: whole grams, from the scale or the field until screen or paper.

People here speak of 斤 (500 g) and 两 (50 g), scales and law of kilograms. Both are ways of typing
and showing the same integer.
"""

import re
from typing import NewType

from station_app.values.money import FULL_WIDTH, MINUS

Grams = NewType("Grams", int)

WEIGHT_GRAMS_MAX = 10**9  # a thousand tonnes: beyond any scale of a village
KILOGRAM = 1000
JIN = 500
LIANG = 50

UNITS = {
    "公斤": KILOGRAM,
    "千克": KILOGRAM,
    "kg": KILOGRAM,
    "斤": JIN,
    "两": LIANG,
    "克": 1,
    "g": 1,
}
DECIMALS_MAX = 3
_PART = re.compile(
    r"(?P<whole>[0-9]{1,9})?(?:\.(?P<rest>[0-9]{0,3}))?\s*(?P<unit>公斤|千克|kg|斤|两|克|g)?\s*"
)


def parse_kg(text: str) -> Grams | None:
    """Return the grams that a typed weight means, kilograms unless it names a unit."""
    return parse_weight(text, KILOGRAM)


def parse_jin(text: str) -> Grams | None:
    """Return the grams that a typed weight means, 斤 unless it names a unit."""
    return parse_weight(text, JIN)


def parse_weight(text: str, unit_grams: int) -> Grams | None:
    """Return the grams of "1.25", "2斤3两", "1.25kg", "500克"; None when it is no weight.

    unit_grams: the unit of a bare number. What is no whole number of grams is not taken, nor is
    a smaller unit before a larger one or a bare number after a named unit.
    """
    bare = text.strip().translate(FULL_WIDTH).lower()
    place, grams, last_unit = 0, 0, 0
    while place < len(bare):
        found = _PART.match(bare, place)
        if found is None or not (found["whole"] or found["rest"]):
            return None
        unit = UNITS[found["unit"]] if found["unit"] else unit_grams
        if last_unit and (unit >= last_unit or not found["unit"]):
            return None
        thousandths = int(found["whole"] or "0") * 10**DECIMALS_MAX
        thousandths += int((found["rest"] or "").ljust(DECIMALS_MAX, "0"))
        part, lost = divmod(thousandths * unit, 10**DECIMALS_MAX)
        if lost:
            return None
        grams, last_unit, place = grams + part, unit, found.end()
    return Grams(grams) if bare and grams <= WEIGHT_GRAMS_MAX else None


def kg_plain(grams: int) -> str:
    """Return kilograms with three decimals and no unit: "1.250", "−0.005"."""
    whole, rest = divmod(abs(grams), KILOGRAM)
    return f"{MINUS if grams < 0 else ''}{whole:,}.{rest:03}"


def jin_plain(grams: int) -> str:
    """Return 斤 with the decimals that it needs, at most three: "2.5", "2", "0.002"."""
    thousandths = abs(grams) * 10**DECIMALS_MAX // JIN
    whole, rest = divmod(thousandths, 10**DECIMALS_MAX)
    decimals = f".{rest:03}".rstrip("0").rstrip(".")
    return f"{MINUS if grams < 0 else ''}{whole:,}{decimals}"


def say_kg(grams: int) -> str:
    """Return a weight as scales show it: "1.250 kg"."""
    return f"{kg_plain(grams)} kg"


def say_jin(grams: int) -> str:
    """Return a weight as people say it: "2.5 斤"."""
    return f"{jin_plain(grams)} 斤"
