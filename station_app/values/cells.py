"""Text for the cells of a spreadsheet: whatever somebody typed stays text.

A cell that begins as a formula is run by whoever opens the file: =, +, -, @, their full-width
forms, which some programs fold, and what a tab or a return leaves before them. Such a text gets an
apostrophe, which every program takes for "this is text". Signs that nobody sees are removed.
"""

import unicodedata

_BEGINS_FORMULA = "=+-@＝＋－＠"
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def cell_text(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    seen = "".join(sign for sign in text if unicodedata.category(sign) not in _UNSEEN)
    is_formula = seen.lstrip()[:1] in tuple(_BEGINS_FORMULA)
    return f"'{seen}" if is_formula else seen
