"""Holds the program's figures against the walk that follows the notes by the facts alone."""

import importlib.util
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from station_app.chores import fact_lines
from station_app.ledger.balances import Books, books, purse_of
from tests.journal.notebook import Notebook


def independent_walk() -> Any:
    """Return the program that follows the notes: it is no part of any package."""
    place = Path(__file__).parent.parent / "independent" / "notes.py"
    spec = importlib.util.spec_from_file_location("notes", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["notes"] = module
    spec.loader.exec_module(module)
    return module


NOTES = independent_walk()


def own_is_what_the_walk_finds(node: Notebook) -> None:
    now = books(node.connection)
    station = NOTES.walk(fact_lines(node.connection))
    assert (station.money, station.not_mine, station.own) == (
        now.money_fen,
        now.not_mine_fen,
        now.own_fen,
    )
    assert station.purses == {(p.kind, p.owner): p.amount_fen for p in now.purses}
    assert nonzero(station.kept) == kept(now)
    assert walked_hands(station) == hands(now)
    in_debit(now)


PLACE_NAMES = {
    "Assets:Safe": "safe",
    "Assets:WeChat": "WeChat",
    "Assets:Alipay": "Alipay",
    "Assets:Bank": "bank",
}


def hands(now: Books) -> dict[str, int]:
    """Return what lies in every place, as the walk names them."""
    drawers = {f"drawer {device}": fen for device, fen in now.drawers}
    return drawers | {
        PLACE_NAMES[s.account]: s.amount for s in now.standings if s.account in PLACE_NAMES
    }


def walked_hands(station: Any) -> dict[str, int]:
    return {h: fen for h, fen in station.hands.items() if h not in NOTES.OUTSIDE and fen}


def kept(now: Books) -> dict[tuple[str, str], int]:
    """Return what every purse here holds, in debit or not: below zero too much was paid."""
    found: Counter[tuple[str, str]] = Counter()
    for standing in now.standings:
        purse = purse_of(standing.account)
        if purse is not None:
            found[purse] -= standing.amount
    return nonzero(found)


def nonzero(amounts: Counter[tuple[str, str]]) -> dict[tuple[str, str], int]:
    return {whose: fen for whose, fen in amounts.items() if fen}


def in_debit(now: Books) -> None:
    """Every purse from which too much was paid stands in the view of the case `debit`."""
    overdrawn = {s.account for s in now.overdrawn}
    for standing in now.standings:
        is_purse = standing.account.startswith(("Liabilities:Held", "Liabilities:RefundDue"))
        assert (standing.account in overdrawn) == (is_purse and standing.amount > 0)
