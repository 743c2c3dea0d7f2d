"""Money: whole fen, from the moment it is typed until the moment it is shown.

Yuan exist only at the edge: in a field where somebody types and on paper where somebody reads.
Between the two there is one integer, so no sum is ever off by a fen.
"""

import re
from typing import NewType

Fen = NewType("Fen", int)

YUAN_FEN_MAX = 10**10  # a hundred million yuan: a typing error, not a sale
FEN_IN_YUAN = 100
MINUS = "−"

# What a Chinese input method leaves in a number field. Only these are read as digits: a general
# folding would also turn "5²" into 52.
FULL_WIDTH = str.maketrans("０１２３４５６７８９．。，", "0123456789..,")
_SIGN = re.compile(r"[¥￥]\s*")
_PLAIN = re.compile(
    r"(?P<yuan>[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2})?(?:\.(?P<rest>[0-9]{0,2}))?"
)


def parse_yuan(text: str) -> Fen | None:
    """Return the fen that a typed amount means, or None when it is no amount.

    Taken: "12", "12.5", ".5", "1,234.50", "¥12", full-width digits. Not taken: a sign, more than
    two decimals, letters, 一亿元 and more.
    """
    bare = text.strip().translate(FULL_WIDTH)
    sign = _SIGN.match(bare)
    bare = bare[sign.end() :] if sign else bare
    found = _PLAIN.fullmatch(bare)
    if found is None or not (found["yuan"] or found["rest"]):
        return None
    yuan = int((found["yuan"] or "0").replace(",", ""))
    amount = yuan * FEN_IN_YUAN + int((found["rest"] or "").ljust(2, "0"))
    return Fen(amount) if amount <= YUAN_FEN_MAX else None


def yuan_plain(fen: int) -> str:
    """Return an amount for files and fields: "1234.50", "-0.05"."""
    yuan, rest = divmod(abs(fen), FEN_IN_YUAN)
    return f"{'-' if fen < 0 else ''}{yuan}.{rest:02}"


def say_yuan(fen: int) -> str:
    """Return an amount for screen and paper: "¥1,234.50", "−¥0.05"."""
    yuan, rest = divmod(abs(fen), FEN_IN_YUAN)
    return f"{MINUS if fen < 0 else ''}¥{yuan:,}.{rest:02}"
