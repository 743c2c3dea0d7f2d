"""Ten stories that end in balances written by hand.

That everything sums to zero cannot show a wrong account. So each story says in yuan what a sober
person would say, and every single line of it matters: change one, and its story ends differently.
"""

from dataclasses import dataclass

import pytest

from station_app.ledger.balances import balance, books
from tests.ledger.book import SHORT, HandBook, Written, lines_of

HELD = "Liabilities:Held"


@dataclass(frozen=True)
class Moment:
    """Entries, and what the books say after them: figures or accounts in yuan, debit positive."""

    entries: tuple[str, ...]
    says: dict[str, str]


def then(*entries: str, **says: str) -> Moment:
    return Moment(entries, says)


FLOAT = "cash > Equity:Float 300.00"

STORIES: dict[str, tuple[Moment, ...]] = {
    "1 price falls, a neighbour fetches, the surplus is paid, a refund before the county agrees": (
        then(
            FLOAT,
            f"cash > {HELD}:Prepayment:O:Here 103.00",
            f"{HELD}:Prepayment:O:Here > Liabilities:RefundDue:O 10.00",
            f"{HELD}:Prepayment:O:Here > county 90.00",
            f"{HELD}:Prepayment:O:Here > Income:Fee:Purchase 3.00",
            not_mine="100.00",
            own="303.00",
            county="-90.00",
            refund="-10.00",
            prepayment="0.00",
            fee="-3.00",
        ),
        then(
            "Liabilities:RefundDue:O > cash 10.00",
            "county > cash 90.00",
            own="303.00",
            not_mine="0.00",
            money="303.00",
        ),
        then(
            "Assets:Claim:O > Liabilities:RefundDue:O 30.00",
            "Liabilities:RefundDue:O > cash 30.00",
            own="273.00",
            claim="30.00",
            refund="0.00",
            money="273.00",
        ),
    ),
    "2 a parcel refused and corrected at the other PC": (
        then(
            FLOAT,
            f"cash > {HELD}:COD:JTSD:Here 286.00",
            own="300.00",
            not_mine="286.00",
        ),
        then(
            f"{HELD}:COD:JTSD:Here > cash 2 286.00",
            own="300.00",
            not_mine="0.00",
            drawer="586.00",
            drawer_2="-286.00",
            money="300.00",
        ),
    ),
    "3 a bill that failed": (
        then(
            FLOAT,
            f"cash > {HELD}:Bill:B:Here 127.50",
            f"{HELD}:Bill:B:Here > Liabilities:RefundDue:B 127.50",
            refund_b="-127.50",
            not_mine="127.50",
            own="300.00",
        ),
        then(
            "Liabilities:RefundDue:B > cash 127.50",
            refund_b="0.00",
            not_mine="0.00",
            own="300.00",
        ),
    ),
    "4 a consigned sale, rounded off, settled, returned": (
        then(
            FLOAT,
            f"cash > {HELD}:Grower:P:Here 32.30",
            f"round off > {HELD}:Grower:P:Here 0.07",
            own="299.93",
            not_mine="32.37",
        ),
        then(
            f"{HELD}:Grower:P:Here > commission 2.59",
            f"{HELD}:Grower:P:Here > cash 29.78",
            grower="0.00",
            commission="-2.59",
            not_mine="0.00",
            own="302.52",
        ),
        then(
            f"{HELD}:Grower:P:Here > cash 32.30",
            f"{HELD}:Grower:P:Here > round off 0.07",
            f"commission > {HELD}:Grower:P:Here 2.59",
            grower="29.78",
            commission="0.00",
            round_off="0.00",
            own="270.22",
            not_mine="0.00",
        ),
    ),
    "5 a contract with a guaranteed price, and two kilograms back": (
        then(
            FLOAT,
            f"cash > {HELD}:Grower:P:Here 65.00",
            f"{HELD}:Grower:P:Here > commission 3.25",
            f"county > {HELD}:Grower:P:Here 15.00",
            grower="-76.75",
            county="15.00",
            commission="-3.25",
            not_mine="76.75",
            own="288.25",
        ),
        then(
            f"{HELD}:Grower:P:Here > cash 76.75",
            grower="0.00",
            own="288.25",
            money="288.25",
        ),
        then(
            f"{HELD}:Grower:P:Here > cash 13.00",
            f"commission > {HELD}:Grower:P:Here 0.65",
            f"{HELD}:Grower:P:Here > county 3.00",
            grower="15.35",
            county="12.00",
            commission="-2.60",
            money="275.25",
        ),
    ),
    "6 spoilage, borne by the station, by the county, of an own lot": (
        then(
            FLOAT,
            f"Expenses:Spoilage > {HELD}:Grower:P:Here 9.20",
            own="290.80",
            spoilage="9.20",
        ),
        then(
            f"county > {HELD}:Grower:Q:County 9.20",
            own="290.80",
            not_mine="9.20",
            county="9.20",
            held="-18.40",
        ),
        then(
            "Assets:Inventory:LOT-A > cash 80.00",
            "Expenses:Spoilage > Assets:Inventory:LOT-A 8.00",
            inventory="72.00",
            spoilage="17.20",
            own="210.80",
        ),
    ),
    "7 dispatched, received lighter, decided on the county, paid down": (
        then(
            FLOAT,
            f"county > {HELD}:Grower:P:County 178.74",
            f"county > {HELD}:Grower:P:County 1.26",
            not_mine="0.00",
            own="300.00",
            held="-180.00",
            county="180.00",
        ),
        then(
            "Assets:Bank > county 180.00",
            f"{HELD}:Grower:P:County > {HELD}:Grower:P:Here 180.00",
            not_mine="180.00",
            own="300.00",
            county="0.00",
            grower="-180.00",
        ),
    ),
    "8 a merged lot keeps its shares": (
        then(
            FLOAT,
            f"cash > {HELD}:Grower:P:Here 19.98",
            f"cash > {HELD}:Grower:Q:Here 13.32",
            grower="-19.98",
            grower_q="-13.32",
            not_mine="33.30",
            own="300.00",
        ),
    ),
    "9 on account, repaid": (
        then(
            FLOAT,
            f"Assets:Receivable:P > {HELD}:Grower:Q:Here 50.00",
            own="250.00",
            receivable="50.00",
        ),
        then(
            "cash > Assets:Receivable:P 50.00",
            own="300.00",
            receivable="0.00",
            not_mine="50.00",
        ),
    ),
    "10 the owner draws other people's money": (
        then(
            FLOAT,
            f"cash > {HELD}:COD:JTSD:Here 200.00",
            "Equity:Drawings > cash 295.00",
            own="5.00",
            drawings="295.00",
        ),
        then(
            "Expenses:OverShort > cash 12.00",
            own="-7.00",
            not_mine="200.00",
            drawer="193.00",
            over_short="12.00",
        ),
    ),
}

ACCOUNTS = {
    "county": "Liabilities:County",
    "prepayment": f"{HELD}:Prepayment:O:Here",
    "fee": "Income:Fee:Purchase",
    "refund": "Liabilities:RefundDue:O",
    "refund_b": "Liabilities:RefundDue:B",
    "claim": "Assets:Claim:O",
    "drawer": "Assets:Drawer:D1",
    "drawer_2": "Assets:Drawer:D2",
    "grower": f"{HELD}:Grower:P:Here",
    "grower_q": f"{HELD}:Grower:Q:Here",
    "held": f"{HELD}:Grower",
    "commission": "Income:Commission",
    "round_off": "Expenses:RoundOff",
    "spoilage": "Expenses:Spoilage",
    "inventory": "Assets:Inventory",
    "receivable": "Assets:Receivable",
    "drawings": "Equity:Drawings",
    "over_short": "Expenses:OverShort",
}
FIGURES = ("not_mine", "own", "money")


def fen_of(yuan: str) -> int:
    sign, digits = (-1, yuan[1:]) if yuan.startswith("-") else (1, yuan)
    return sign * int(digits.replace(".", ""))


def told(book: HandBook, what: str) -> int:
    if what in FIGURES:
        amount: int = getattr(books(book.connection), f"{what}_fen")
        return amount
    return balance(book.connection, ACCOUNTS[what])


def ending(entries: list[list[tuple[Written, ...]]], story: tuple[Moment, ...]) -> bool:
    """Write these entries; tell whether each moment of the story says what was written by hand."""
    book = HandBook()
    for written, moment in zip(entries, story, strict=True):
        book.put(*written)
        if any(told(book, what) != fen_of(yuan) for what, yuan in moment.says.items()):
            return False
    return True


def entries_of(story: tuple[Moment, ...]) -> list[list[tuple[Written, ...]]]:
    return [[lines_of(entry) for entry in moment.entries] for moment in story]


@pytest.mark.parametrize("name", STORIES)
def test_the_story_ends_as_written_by_hand(name):
    book = HandBook()
    for moment in STORIES[name]:
        book.write(*moment.entries)
        said = {what: told(book, what) for what in moment.says}
        assert said == {what: fen_of(yuan) for what, yuan in moment.says.items()}


@pytest.mark.parametrize("name", STORIES)
def test_every_line_of_the_story_matters(name):
    story = STORIES[name]
    assert ending(entries_of(story), story)
    for place, moment in enumerate(story):
        for number in range(len(moment.entries)):
            for changed in changes(lines_of(moment.entries[number])):
                entries = entries_of(story)
                entries[place][number] = changed
                assert not ending(entries, story), (moment.entries[number], changed)


def changes(entry: tuple[Written, ...]) -> list[tuple[Written, ...]]:
    """Return an entry with a wrong account, sign or fen, and without itself."""
    debit, credit = entry
    elsewhere = "Equity:Elsewhere"
    unit = debit.commodity
    one_more = (
        Written(debit.account, unit, debit.amount + 1),
        Written(credit.account, unit, credit.amount - 1),
    )
    turned = (
        Written(debit.account, unit, -debit.amount),
        Written(credit.account, unit, -credit.amount),
    )
    lost = tuple(
        (Written(elsewhere, unit, line.amount), other)
        for line, other in ((debit, credit), (credit, debit))
        if line.account in (*SHORT.values(), *ACCOUNTS.values())
    )
    return [one_more, turned, (debit, Written(debit.account, unit, credit.amount)), *lost]


def test_other_peoples_money_in_use_is_named():
    book = HandBook()
    for moment in STORIES["10 the owner draws other people's money"]:
        book.write(*moment.entries)
    now = books(book.connection)
    assert now.own_fen == -700
    assert now.lent_by == (("Courier", 700),)


def test_who_is_covered_first_when_the_money_is_short():
    book = HandBook()
    book.write(
        "cash > Liabilities:RefundDue:O 10.00",
        f"cash > {HELD}:Prepayment:O:Here 20.00",
        f"cash > {HELD}:Bill:B:Here 30.00",
        f"cash > {HELD}:Grower:P:Here 40.00",
        f"cash > {HELD}:COD:JTSD:Here 50.00",
        f"cash > {HELD}:Sending:JTSD:Here 5.00",
        "cash > county 60.00",
        "Equity:Drawings > cash 140.00",
    )
    now = books(book.connection)
    assert (now.money_fen, now.own_fen) == (7_500, -14_000)
    assert now.lent_by == (("Grower", 2_500), ("Courier", 5_500), ("County", 6_000))
