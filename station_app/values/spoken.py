"""What the voice says, put together from pieces: numbers, places, money, weights, whole sentences.

A phrase is a row of names of pieces (`resources/sounds/pieces.csv`). The sentences are those of
`resources/demo/voice_prompts.csv`. The voice never says a name, a phone or a debt; what it says is
shown on the screen as well.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

Phrase = tuple[str, ...]

NUMBER_MAX: Final = 99_999_999
YUAN_FEN, JIAO_FEN = 100, 10
JIN_GRAMS, LIANG_GRAMS = 500, 50
_UNITS = ("", "ten", "hundred", "thousand")


def digits(text: str) -> Phrase:
    """Return digits one by one, 一 as yāo: 1-2-08 is 幺二零八."""
    return tuple(
        "yao" if sign == "1" else f"n{sign}" for sign in text if sign.isascii() and sign.isdigit()
    )


def number(value: int, *, counts: bool = False) -> Phrase:
    """Return a number as it is read. counts: it counts something, so a lone 2 is 两."""
    assert 0 <= value <= NUMBER_MAX, value
    if counts and value == 2:
        return ("liang",)
    wan, rest = divmod(value, 10_000)
    if not wan:
        return _four(rest) or ("n0",)
    head = ("liang",) if wan == 2 else _four(wan)
    gap = ("n0",) if 0 < rest < 1_000 else ()
    return (*head, "wan", *gap, *_four(rest, follows=True))


def _four(value: int, *, follows: bool = False) -> Phrase:
    """Return 1 to 9,999. follows: something stands before it, so 12 is 一十二."""
    said: list[str] = []
    is_gap = False
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if not digit:
            is_gap = is_gap or bool(said)
            continue
        if is_gap:
            said.append("n0")
        is_gap = False
        if place == 1 and digit == 1 and not said and not follows:
            said.append("ten")
            continue
        said.append("liang" if digit == 2 and place >= 2 else f"n{digit}")
        if place:
            said.append(_UNITS[place])
    return tuple(said)


def money(fen: int) -> Phrase:
    """Return an amount: 32.50 is 三十二元五角; 0.05 is 五分."""
    yuan, rest = divmod(fen, YUAN_FEN)
    jiao, odd = divmod(rest, JIAO_FEN)
    said: list[str] = []
    if yuan or not rest:
        said += [*number(yuan, counts=True), "yuan"]
    if jiao:
        said += [f"n{jiao}" if jiao != 2 or yuan else "liang", "jiao"]
    if odd:
        said += [*(("n0",) if yuan and not jiao else ()), f"n{odd}", "fen"]
    return tuple(said)


def letters(text: str) -> Phrase:
    """Return a shelf's letters; that of a practice is a digit."""
    return tuple(
        f"letter_{sign}" if "A" <= sign <= "Z" else f"n{sign}"
        for sign in text.upper()
        if "A" <= sign <= "Z" or "0" <= sign <= "9"
    )


def place(shelf: str, layer: int, serial: int, *, tail: str = "") -> Phrase:
    """Return where a parcel stands, as its label is read out: B 架 二层 八号.

    tail: digits that stand in the place of the serial, each read by itself.
    """
    where = (*letters(shelf), "shelf", *number(layer), "layer")
    return (*where, *(digits(tail) if tail else number(serial)), "number")


def shelved(shelf: str, layer: int, serial: int, *, tail: str = "") -> Phrase:
    """Return what is said when a parcel came in: 到件一件, then its place."""
    return ("arrived", *place(shelf, layer, serial, tail=tail))


def fetch(shelf: str, layer: int, code: str) -> Phrase:
    """Return where to fetch a parcel and which: 请到 B 架二层，取 二零八."""
    where = (*letters(shelf), "shelf", *number(layer), "layer")
    return ("go_to", *where, "take", *digits(code))


def heap_number(place: int) -> Phrase:
    """Return onto which heap of a township a piece goes: 三号."""
    return (*number(place), "number")


def more(count: int) -> Phrase:
    """Return how many of hers are still here: 还有两件没取."""
    return ("still", *number(count, counts=True), "piece", "not_taken")


def weight(grams: int) -> Phrase:
    """Return a net weight: 净重十二斤三两. What is less than a liang is not said."""
    jin, rest = divmod(max(0, grams), JIN_GRAMS)
    liang = rest // LIANG_GRAMS
    said: list[str] = [*number(jin, counts=True), "jin"] if jin or not liang else []
    if liang:
        said += [f"n{liang}", "liang_weight"]
    return ("net", *said)


def due(fen: int) -> Phrase:
    """Return what is to be paid: 请收三十二元五角."""
    return ("collect", *money(fen))


def change(given_fen: int, change_fen: int) -> Phrase:
    """Return what was given and comes back: 收您五十元，找您十七元五角."""
    return ("received", *money(given_fen), "change", *money(change_fen))


def short(fen: int) -> Phrase:
    """Return that cash is short: 现金短了十二元，请再点一遍."""
    return ("short", *money(fen), "recount")


def call(groups: Sequence[int], count: int, *, has_others: bool) -> Phrase:
    """Return what is called over the loudspeaker: 村站通知，第二村民小组…共八位乡亲有包裹到站.

    groups: numbers of the hamlets; has_others: there are some that no number names.
    """
    said: list[str] = ["call"]
    for group in groups:
        said += ["nth", *number(group), "group"]
    if has_others and groups:
        said.append("others")
    return (*said, "together", *number(count, counts=True), "called", "bring")


# What is said as it stands. Keys: what happened.
SENTENCES: Final[Mapping[str, Phrase]] = {
    "on_hand": ("on_hand",),
    "handed_over": ("handed_over",),
    "elsewhere": ("elsewhere",),
    "full": ("full",),
    "unreadable": ("unreadable",),
    "unknown": ("unknown",),
    "wrong": ("wrong",),
    "saved": ("saved",),
    "recall": ("recall",),
}

# The keys of voice_prompts.csv, each made with the values that its slots have in its text.
PROMPTS: Final[Mapping[str, Callable[..., Phrase]]] = {
    "scan_ok": shelved,
    "scan_dup": lambda: SENTENCES["on_hand"],
    "scan_unknown": lambda: SENTENCES["unknown"],
    "pickup_code": fetch,
    "pickup_wrong": lambda: SENTENCES["wrong"],
    "pickup_more": more,
    "weigh_stable": weight,
    "pay_due": due,
    "pay_change": change,
    "offline_saved": lambda: SENTENCES["saved"],
    "recall_stop": lambda: SENTENCES["recall"],
    "close_short": short,
}
