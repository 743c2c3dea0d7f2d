"""Code 128 as bars: the shortest row of symbols for a text, by sets B and C.

Couriers' numbers mix letters and digits ("YT" and thirteen digits), and every symbol costs 11
modules of a label that is 60 mm wide: so the switches between the sets are chosen by counting back
from the end, which finds the shortest row, instead of by a rule of thumb.
"""

_WIDTHS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 "
    "122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 "
    "321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 "
    "211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 "
    "213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 "
    "121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 "
    "241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 "
    "412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 "
    "211214 211232 2331112"
).split()
START_B, START_C, TO_C, TO_B, STOP = 104, 105, 99, 100, 106
SYMBOL_MODULES, STOP_MODULES = 11, 13
MODULE_DOTS_MAX = 4


class NotEncodable(ValueError):
    """The text holds a character that Code 128 has no bars for."""


def _bits(widths: str, module: int) -> int:
    """Return the bars of one symbol as bits, each module so many dots wide."""
    bits = ""
    for number, width in enumerate(widths):
        bits += ("0" if number % 2 else "1") * int(width) * module
    return int(bits, 2)


_SYMBOLS = {
    module: tuple(_bits(widths, module) for widths in _WIDTHS)
    for module in range(1, MODULE_DOTS_MAX + 1)
}


def is_encodable(text: str) -> bool:
    """Tell whether the text can be drawn: printable ASCII, not empty."""
    return bool(text) and text.isascii() and text.isprintable()


def symbols(text: str) -> list[int]:
    """Return the numbers of the symbols from start to stop. Raises NotEncodable."""
    if not is_encodable(text):
        raise NotEncodable(ascii(text[:40]))
    row = _shortest(text)
    check = row[0] + sum(place * number for place, number in enumerate(row))
    return [*row, check % 103, STOP]


def width_of(row: list[int], module: int) -> int:
    """Return how many dots the symbols are wide, without quiet zones."""
    return ((len(row) - 1) * SYMBOL_MODULES + STOP_MODULES) * module


def bars(row: list[int], module: int) -> int:
    """Return one row of dots as an integer of `width_of` bits, the first bar highest."""
    drawn = _SYMBOLS[module]
    step = SYMBOL_MODULES * module
    bits = 0
    for number in row[:-1]:
        bits = bits << step | drawn[number]
    return bits << STOP_MODULES * module | drawn[STOP]


def _shortest(text: str) -> list[int]:
    """Return the shortest row from the start symbol on, found from the end backwards.

    in_b[i], in_c[i]: how many symbols the text from i on costs when set B (C) is in force there.
    """
    length = len(text)
    in_b, in_c = [0] * (length + 2), [0] * (length + 2)
    in_c[length + 1] = length * 4  # half a pair cannot be drawn
    pairs = [text[at : at + 2].isdigit() and at + 1 < length for at in range(length)]
    for at in range(length - 1, -1, -1):
        as_pair = 1 + in_c[at + 2] if pairs[at] else length * 4
        as_char = 1 + in_b[at + 1]
        in_b[at] = min(as_char, 1 + as_pair)
        in_c[at] = min(as_pair, 1 + as_char)
    wide = in_c[0] <= in_b[0]
    row = [START_C if wide else START_B]
    at = 0
    while at < length:
        if wide and in_c[at] == (1 + in_c[at + 2] if pairs[at] else -1):
            row.append(int(text[at : at + 2]))
            at += 2
        elif wide:
            row.append(TO_B)
            wide = False
        elif in_b[at] == 1 + in_b[at + 1]:
            row.append(ord(text[at]) - 32)
            at += 1
        else:
            row.append(TO_C)
            wide = True
    return row
