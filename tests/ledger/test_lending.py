"""When it is said that money going out would be other people's: a line a case.

Each case begins with the same books but for own money: a float, 200.00 of a courier, 50.00 owed
back, a prepayment of 30.00 and 100.00 of the county. What is said depends on the
whole act, never on the payment alone.
"""

import pytest

from station_app.ledger.accounts import COUNTY_CURRENT, drawer
from station_app.ledger.balances import Books, Standing, books
from station_app.ledger.lending import Lending, lending
from station_app.ledger.posting import CNY, Line
from tests.ledger.book import HandBook, lines_of

COD, REFUND = "Liabilities:Held:COD:ZTO:Here", "Liabilities:RefundDue:A"
PREPAYMENT, CLAIM = "Liabilities:Held:Prepayment:O", "Assets:Claim:A"


def stands(own: str) -> Books:
    """Return books with this much own money, in yuan, and other people's 380.00."""
    book = HandBook()
    book.write(
        f"cash > {COD} 200.00",
        f"cash > {REFUND} 50.00",
        f"cash > {PREPAYMENT}:Here 30.00",
        "cash > county 100.00",
        f"Equity:Drawings > cash {own[1:]}" if own[0] == "-" else f"cash > Equity:Float {own}",
    )
    return books(book.connection)


def act(*moves: str) -> list[Line]:
    """Return the lines of an act: "debit > credit yuan" each."""
    written = [line for move in moves for line in lines_of(move)]
    return [Line(line.account, line.commodity, line.amount) for line in written]


CASES = [
    # what happens, own money before, the lines, what is lent then and by whom
    ("drawings that own money covers", "300.00", ["Equity:Drawings > cash 300.00"], 0, ()),
    ("drawings a fen beyond it", "300.00", ["Equity:Drawings > cash 300.01"], 1, ("County",)),
    ("petty cash while it is short", "-7.00", ["Expenses:Petty > cash 1.00"], 800, ("County",)),
    ("drawer to safe while it is short", "-7.00", ["Assets:Safe > cash 100.00"], 0, ()),
    ("safe to bank", "0.00", ["Assets:Bank > Assets:Safe 100.00"], 0, ()),
    ("a refund that is due", "0.00", [f"{REFUND} > cash 50.00"], 0, ()),
    ("a refund that is due, while short", "-7.00", [f"{REFUND} > cash 50.00"], 0, ()),
    ("more than the refund that is due", "0.00", [f"{REFUND} > cash 60.00"], 1_000, ("County",)),
    ("goods back before the county agrees", "20.00",
     [f"{CLAIM} > {REFUND} 30.00", f"{REFUND} > cash 30.00"], 1_000, ("County",)),
    ("a courier gets what is its own", "-7.00", [f"{COD} > cash 200.00"], 0, ()),
    ("a courier, less the station's fee", "-7.00",
     [f"{COD} > cash 190.00", f"{COD} > Income:Fee:Parcel 10.00"], 0, ()),
    ("a courier, with a fine", "5.00",
     [f"{COD} > cash 200.00", "Expenses:Compensation > cash 15.00"], 1_000, ("County",)),
    ("the county gets what is its own", "-7.00", ["county > cash 100.00"], 0, ()),
    ("the county gets more than its own", "10.00", ["county > cash 130.00"], 2_000, ("Courier",)),
    ("a prepayment goes up", "0.00",
     ["county > cash 30.00", f"{PREPAYMENT}:Here > {PREPAYMENT}:County 30.00"], 0, ()),
    ("money comes in while it is short", "-7.00", ["cash > Equity:Float 5.00"], 0, ()),
    ("own money back and others' out", "-7.00",
     ["cash > Equity:Float 5.00", f"{COD} > cash 100.00"], 0, ()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("own", "moves", "lent_fen", "lenders"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_what_is_said_before_money_goes(own, moves, lent_fen, lenders):
    said = lending(stands(own), act(*moves))
    assert said.asks == bool(lent_fen)
    assert said.lent_fen == lent_fen
    assert tuple(kind for kind, _ in said.lent_by) == lenders
    assert sum(fen for _, fen in said.lent_by) == lent_fen


def test_an_act_that_posts_nothing_asks_nothing():
    assert lending(stands("-7.00"), []) == Lending()


def test_other_commodities_are_no_money():
    before = Books((Standing(COUNTY_CURRENT, CNY, -100), Standing(drawer("D1"), CNY, 100)))
    assert lending(before, [Line("Equity:Pieces:Shelf", "PCS", -1)]) == Lending()
