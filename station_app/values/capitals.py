"""Amounts in the capital numerals of receipts: 肆佰壹拾捌元柒角陆分, which nobody can alter.

The rules are those of Chinese bills: 零 stands once for any number of empty places within an
amount, never at its end, and 整 closes an amount without 分.
"""

from station_app.values.money import FEN_IN_YUAN

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")
GROUP = 10_000


def say_capitals(fen: int) -> str:
    """Return an amount in capital numerals; below zero it begins with 负."""
    yuan, rest = divmod(abs(fen), FEN_IN_YUAN)
    jiao, cents = divmod(rest, 10)
    words = f"{_whole(yuan)}元" if yuan else ""
    if jiao:
        words += f"{DIGITS[jiao]}角"
    elif cents and yuan:
        words += DIGITS[0]
    if cents:
        words += f"{DIGITS[cents]}分"
    elif words:
        words += "整"
    return ("负" if fen < 0 else "") + (words or "零元整")


def _whole(yuan: int) -> str:
    groups: list[int] = []
    while yuan:
        yuan, group = divmod(yuan, GROUP)
        groups.append(group)
    words, has_gap = "", False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            has_gap = True
            continue
        if words and (has_gap or group < GROUP // 10):
            words += DIGITS[0]
        words += _group(group) + GROUPS[place]
        has_gap = False
    return words


def _group(group: int) -> str:
    """Return four digits in words, one 零 for empty places between others."""
    words, has_gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if not digit:
            has_gap = bool(words)
            continue
        words += (DIGITS[0] if has_gap else "") + DIGITS[digit] + PLACES[place]
        has_gap = False
    return words
