"""The figures of a slip, each with the accounts behind it: what is printed can be opened.

A slip, the screen and the list behind a figure are made from these values, so a figure and what
opens behind it come to the same amount (a test adds them up).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from station_app.ledger.accounts import (
    ALIPAY,
    BANK,
    DRAWERS,
    DRAWINGS,
    FLOAT,
    OPENING,
    OVER_SHORT,
    PLACES,
    SAFE,
    WECHAT,
    drawer,
)
from station_app.ledger.balances import (
    EXPENSES,
    INCOME,
    Books,
    Purse,
    is_below,
    purse_of,
)
from station_app.services.cash.sheet import Sheet
from station_app.values.texts import Texts

ALWAYS_COUNTED = ("acts", "handed_over", "returned", "reversed", "shelved")  # nought, too
COUNTED_IN_MONEY = ("consigned", "growers_paid", "sold", "taken_back")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names on a slip. couriers: short name by code."""

    station: str
    address: str = ""
    operator: str = ""
    couriers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One amount or count, and what it is made of.

    key: unique on its slip; accounts: whose postings up to the cut it sums up, `sign` times;
    part: instead of that, the lines of the shift which count there (see `movement_records`);
    is_sum: it is the sum of the figures below it; is_money: fen, else a number of things.
    """

    key: str
    label: str
    amount: int
    accounts: tuple[str, ...] = ()
    sign: int = 1
    part: str = ""
    is_sum: bool = False
    is_money: bool = True


def purse_label(purse: Purse, names: Names, texts: Texts) -> str:
    """Return how a purse is called on paper and screen."""
    owner = names.couriers.get(purse.owner, purse.owner)
    return texts.say_known(f"cash.purse.{purse.kind}", "cash.purse.Other", owner=owner).rstrip()


def purse_figures(books: Books, names: Names, texts: Texts) -> tuple[Figure, ...]:
    """Return other people's money line by line: couriers each, villagers and papers together."""
    sums: dict[str, int] = {}
    for purse in books.purses:
        label = purse_label(purse, names, texts)
        sums[label] = sums.get(label, 0) + purse.amount_fen
    accounts: dict[str, list[str]] = {}
    for standing in books.standings:
        key = purse_of(standing.account)
        if key is not None and standing.amount < 0:
            label = purse_label(Purse(*key, 0), names, texts)
            accounts.setdefault(label, []).append(standing.account)
    return tuple(
        Figure(
            key=f"purse:{label}",
            label=label,
            amount=amount,
            accounts=tuple(accounts[label]),
            sign=-1,
        )
        for label, amount in sums.items()
    )


def own_figures(books: Books, texts: Texts) -> tuple[Figure, ...]:
    """Return what own money is made of; the lines come to it exactly."""
    float_of = _those(books, lambda name: _below_any(name, (FLOAT, OPENING, DRAWINGS)))
    over = _those(books, lambda name: is_below(name, OVER_SHORT))
    earned = _those(books, lambda name: _below_any(name, (INCOME, EXPENSES)) and name not in over)
    held = {s.account for s in books.standings if purse_of(s.account) is not None and s.amount < 0}
    known = {*float_of, *over, *earned, *held}
    lent = _those(
        books, lambda name: name not in known and not _below_any(name, (DRAWERS, *PLACES))
    )
    over_key = "over" if books.over_short_fen > 0 else "short"
    lent_key = "lent" if books.lent_fen > 0 else "lent_in"
    rows = (
        ("float", books.float_fen, float_of),
        ("earned", books.earned_fen, earned),
        (over_key, books.over_short_fen, over),
        (lent_key, -books.lent_fen, lent),
    )
    return tuple(
        Figure(
            key=f"own:{key}",
            label=texts.say(f"cash.slip.{key}"),
            amount=amount,
            accounts=accounts,
            sign=-1,
        )
        for key, amount, accounts in rows
        if amount or key in ("float", "earned")
    )


def place_figures(books: Books, device: str, texts: Texts) -> tuple[Figure, ...]:
    """Return where the money lies: drawers, safe, WeChat, Alipay, bank."""
    drawers = dict(books.drawers) | {device: books.expected_fen(device)}
    say = texts.say
    rows = [
        (say("cash.slip.drawer", device=name.lstrip("D")), drawer(name)) for name in sorted(drawers)
    ]
    if books.amount(SAFE):
        rows.append((say("cash.slip.safe"), SAFE))
    rows += [
        (say("cash.slip.wechat"), WECHAT),
        (say("cash.slip.alipay"), ALIPAY),
        (say("cash.slip.bank"), BANK),
    ]
    return tuple(
        Figure(
            key=f"place:{account}", label=label, amount=books.amount(account), accounts=(account,)
        )
        for label, account in rows
    )


def all_figures(sheet: Sheet, names: Names, texts: Texts) -> tuple[Figure, ...]:
    """Return every figure of a slip whose drawer is counted, in its order, to be opened."""
    books, say = sheet.books, texts.say
    purses = purse_figures(books, names, texts)
    own = own_figures(books, texts)
    places = place_figures(books, sheet.state.device, texts)
    return (
        _sum("not_mine", say("cash.slip.not_mine"), books.not_mine_fen, purses),
        *purses,
        _sum("own", say("cash.slip.own"), books.own_fen, own),
        *own,
        _sum("places", say("cash.slip.places"), books.money_fen, places),
        *places,
        *drawer_figures(sheet, texts),
        *closing_figures(sheet, texts),
        *aside_figures(books, texts),
        *count_figures(sheet, texts),
    )


def shown_before_count(sheet: Sheet, names: Names, texts: Texts) -> tuple[Figure, ...]:
    """Return the figures that may be opened while the drawer is not counted: as on an X slip."""
    books = sheet.books
    purses = purse_figures(books, names, texts)
    return (
        _sum("not_mine", texts.say("cash.slip.not_mine"), books.not_mine_fen, purses),
        *purses,
        *aside_figures(books, texts),
        *count_figures(sheet, texts),
    )


def drawer_figures(sheet: Sheet, texts: Texts) -> tuple[Figure, ...]:
    """Return how the drawer came from its float to what the books expect in it."""
    state, moved, say = sheet.state, sheet.movements, texts.say
    till = (drawer(state.device),)
    rows = [
        Figure(key="cash_in", label="", amount=moved.cash_in_fen, part="cash_in"),
        Figure(key="cash_out", label="", amount=-moved.cash_out_fen, part="cash_out"),
    ]
    labels = {
        "cash_in": say("cash.slip.cash_in", count=moved.cash_in),
        "cash_out": say("cash.slip.cash_out", count=moved.cash_out),
        "put_in": say("cash.slip.put_in", count=moved.put_in),
        "taken_out": say("cash.slip.taken_out", count=moved.taken_out),
        "hand_over": say("cash.slip.handed", count=len(state.hand_overs)),
    }
    if moved.put_in:
        rows.append(Figure(key="put_in", label="", amount=moved.put_in_fen, part="put_in"))
    if moved.taken_out:
        out_fen = -moved.taken_out_fen
        rows.append(Figure(key="taken_out", label="", amount=out_fen, part="taken_out"))
    if moved.handed_fen:
        rows.append(Figure(key="hand_over", label="", amount=moved.handed_fen, part="hand_over"))
    named = [
        Figure(key=f.key, label=labels[f.key], amount=f.amount, accounts=till, part=f.part)
        for f in rows
    ]
    opening = Figure(
        key="opening",
        label=say("cash.slip.opening"),
        amount=state.float_fen,
        accounts=till,
        part="opening",
    )
    return (opening, *named)


def closing_figures(sheet: Sheet, texts: Texts) -> tuple[Figure, ...]:
    """Return what the books expected in the drawer, and what was counted in a closed shift."""
    state, till = sheet.state, (drawer(sheet.state.device),)
    expected = Figure(
        key="expected",
        label=texts.say("cash.slip.expected"),
        amount=sheet.books.expected_fen(state.device) - state.difference_fen,
        accounts=till,
        part="expected",
    )
    counted = Figure(
        key="counted",
        label=texts.say("cash.slip.counted"),
        amount=state.counted_fen,
        accounts=till,
    )
    return (expected, counted) if state.closings else (expected,)


def aside_figures(books: Books, texts: Texts) -> tuple[Figure, ...]:
    """Return what others owe the station, and what was paid for others beyond their money."""
    rows = (
        ("villagers_owe", books.villagers_owe_fen, "Assets:Receivable"),
        ("claims", books.claims_fen, "Assets:Claim"),
    )
    return tuple(
        Figure(
            key=key,
            label=texts.say(f"cash.slip.{key}"),
            amount=amount,
            accounts=_those(books, partial(_is_among, prefix=prefix)),
        )
        for key, amount, prefix in rows
        if amount
    )


def count_figures(sheet: Sheet, texts: Texts) -> tuple[Figure, ...]:
    """Return what was counted in pieces and acts, and what the goods sold and back came to."""
    moved, say = sheet.movements, texts.say
    rows = (
        ("shelved", moved.shelved),
        ("handed_over", moved.handed_over),
        ("returned", moved.returned),
        ("ordered", moved.ordered),
        ("arrived", moved.arrived),
        ("lots", moved.lots),
        ("consigned", moved.consigned_fen),
        ("growers_paid", moved.growers_paid_fen),
        ("drawer_opened", moved.opened),
        ("alone", moved.alone),
        ("reversed", moved.reversals),
        ("corrected", moved.corrected),
        ("acts", moved.acts),
        ("sold", moved.sold_fen),
        ("taken_back", moved.taken_back_fen),
    )
    return tuple(
        Figure(
            key=key,
            label=say(f"cash.figure.{key}"),
            amount=amount,
            sign=-1 if key in ("shelved", "taken_back", "growers_paid") else 1,
            part=key,
            is_money=key in COUNTED_IN_MONEY,
        )
        for key, amount in rows
        if amount or key in ALWAYS_COUNTED
    )


def _sum(key: str, label: str, amount: int, parts: Iterable[Figure]) -> Figure:
    accounts = tuple(account for part in parts for account in part.accounts)
    sign = -1 if key == "not_mine" else 1
    if key == "own":
        return Figure(key=key, label=label, amount=amount, is_sum=True)
    return Figure(key=key, label=label, amount=amount, accounts=accounts, sign=sign, is_sum=True)


def _those(books: Books, wanted: Callable[[str], bool]) -> tuple[str, ...]:
    return tuple(s.account for s in books.standings if wanted(s.account))


def _is_among(account: str, *, prefix: str) -> bool:
    return is_below(account, prefix)


def _below_any(account: str, prefixes: Iterable[str]) -> bool:
    return any(is_below(account, prefix) for prefix in prefixes)
