"""Accounts, differences and charges in village words, the same on screen, paper and in cases."""

from station_app.ledger.accounts import COUNTY, COUNTY_CURRENT
from station_app.ledger.balances import HELD
from station_app.services.clearing.comparison import (
    ACCOUNT,
    BEFORE,
    COUNT,
    DOUBLED,
    EARLY,
    EQUAL,
    MISSING,
    UNKNOWN,
    UNPOSTED,
    WAITS,
    Row,
)
from station_app.values.money import say_yuan
from station_app.values.texts import Texts

Lines = tuple[tuple[str, str], ...]
ONLY_OURS = (MISSING, WAITS)
NOT_HERE = (UNKNOWN, UNPOSTED)


def account_words(account: str, texts: Texts) -> str:
    """Return what an account of a statement is called; one that nobody knows is spelled out."""
    if account == COUNTY_CURRENT:
        return texts.say("clearing.account.current")
    parts = account.split(":")
    if len(parts) == 5 and parts[4] == COUNTY and texts.has(f"clearing.account.{parts[2]}"):
        return texts.say(f"clearing.account.{parts[2]}", key=parts[3][:4])
    return account


def kind_words(kind: str, texts: Texts) -> str:
    """Return what a kind of fact says happened."""
    key = f"overview.kind.{kind}"
    return texts.say(key) if texts.has(key) else kind


def difference_words(difference: str, texts: Texts) -> str:
    """Return what is wrong, in one sentence; for equal and waiting lines what they are."""
    return texts.say(f"clearing.difference.{difference}")


def side_words(row: Row, texts: Texts) -> tuple[str, str]:
    """Return what the county says and what stands here, each with its account and amount."""
    theirs, ours = _sides(row, texts)
    return texts.say("clearing.side.theirs", what=theirs), texts.say(
        "clearing.side.ours", what=ours
    )


def side_lines(row: Row, texts: Texts) -> tuple[Lines, Lines]:
    """Return the same as (word, value), for two cards that stand side by side."""
    word = texts.say("clearing.side.word")
    theirs, ours = _sides(row, texts)
    return ((word, theirs),), ((word, ours),)


def _sides(row: Row, texts: Texts) -> tuple[str, str]:
    say = texts.say
    if row.state == COUNT:
        what = say(f"clearing.side.{row.kind}")
        return say("clearing.side.count", what=what), say("clearing.side.count_ours")
    theirs = _entry(row.account, row.theirs_fen, texts)
    ours = _entry(row.other_account, row.ours_fen, texts)
    if row.state in ONLY_OURS:
        theirs = say("clearing.side.theirs_nothing")
    elif row.state in NOT_HERE or row.state in (DOUBLED, BEFORE, EARLY):
        ours = say(f"clearing.side.ours_{row.state}")
    return theirs, ours


def _entry(account: str, fen: int, texts: Texts) -> str:
    amount = signed(fen, account, texts)
    return texts.say("clearing.side.entry", account=account_words(account, texts), amount=amount)


def signed(fen: int, account: str, texts: Texts) -> str:
    """Return an amount of a statement as one reads it: in whose favour it is.

    On the current account a debit is what the county owes, a credit what it is owed; on a purse a
    credit is what the county has come to hold for a villager or grower.
    """
    if fen == 0:
        return say_yuan(0)
    key = "for_us" if fen > 0 else "for_them"
    if account.startswith(HELD):
        key = "less_held" if fen > 0 else "more_held"
    return texts.say(f"clearing.signed.{key}", amount=say_yuan(abs(fen)))


def shown_amount(row: Row, texts: Texts) -> str:
    """Return the amount in a list: one when both sides agree or only one has it, else both."""
    if row.state == COUNT:
        return ""
    if row.state in (EQUAL, *ONLY_OURS):
        return signed(row.ours_fen, row.other_account, texts)
    if row.state in (ACCOUNT, DOUBLED, BEFORE, EARLY, *NOT_HERE):
        return signed(row.theirs_fen, row.account, texts)
    is_same_way = (row.theirs_fen < 0) == (row.ours_fen < 0)
    theirs, ours = (
        say_yuan(abs(fen) if is_same_way else fen) for fen in (row.theirs_fen, row.ours_fen)
    )
    return texts.say("clearing.signed.both", theirs=theirs, ours=ours)


def charge_words(account: str, amount_fen: int, texts: Texts) -> str:
    """Return what a charge or subsidy is, by its account."""
    key = f"clearing.charge_account.{account.replace(':', '_')}"
    name = texts.say(key) if texts.has(key) else account
    return texts.say(f"clearing.charge.{'gives' if amount_fen > 0 else 'takes'}", what=name)


def month_words(month: str, texts: Texts) -> str:
    """Return "2026-11" as 2026年11月; anything else as it stands."""
    year, _, number = month.partition("-")
    if not (year.isdigit() and number.isdigit()):
        return month
    return texts.say("clearing.month", year=year, month=int(number))
