"""How a fraction of a fen is decided: half-up, in whole integers, the same on every node.

Amounts and quantities here are never negative: what is taken back is worked out as it was given,
and negated afterwards, so that both ways round to the same fen.
"""

GRAM = "gram"
PIECE = "piece"
GRAMS_OF_PRICE = 1000  # produce is priced by the kilogram
BASIS_POINTS = 10_000


def half_up(numerator: int, denominator: int) -> int:
    """Return numerator / denominator, a half rounded up; raises ValueError below zero."""
    if numerator < 0 or denominator <= 0:
        raise ValueError(f"{numerator} / {denominator}")
    return (2 * numerator + denominator) // (2 * denominator)


def basis_points(amount_fen: int, rate_bp: int) -> int:
    """Return so many basis points of an amount: 800 of 32.37 yuan are 2.59 yuan."""
    return half_up(amount_fen * rate_bp, BASIS_POINTS)


def line_fen(quantity: int, price_fen: int, unit: str) -> int:
    """Return what a quantity costs: grams by the kilogram, pieces by the piece."""
    if unit not in (GRAM, PIECE):
        raise ValueError(unit)
    return half_up(quantity * price_fen, GRAMS_OF_PRICE if unit == GRAM else 1)
