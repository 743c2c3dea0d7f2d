"""One query behind every figure: now from the table, a cut from the same table less the rest."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station_app.journal.cuts import Tip, reach, tips_here
from station_app.ledger import balances
from station_app.ledger.balances import Purse, Standing, books, imbalances, standings
from station_app.ledger.posting import CNY, PCS
from tests.ledger.book import HandBook, Written

ACCOUNTS = [
    "Assets:Drawer:D1",
    "Assets:Drawer:D10",
    "Assets:WeChat",
    "Liabilities:Held:COD:JTSD:Here",
    "Liabilities:Held:COD:JTSD:County",
    "Liabilities:RefundDue:AAAAAAAAAAAAAAAA",
    "Liabilities:County",
    "Income:Sales",
    "Equity:Float",
    "Equity:Pieces:Shelf",
]
MOVE = st.tuples(
    st.sampled_from(ACCOUNTS),
    st.sampled_from(ACCOUNTS),
    st.integers(-500, 500),
    st.sampled_from([CNY, CNY, PCS, "LOT-AAAAAAAAAAAAAAAA"]),
    st.booleans(),
)


def filled(moves: list[tuple[str, str, int, str, bool]], place: str = "NX0601/D1") -> HandBook:
    book = HandBook(place, seed=len(place) + int(place[-1]))
    for debit, credit, amount, unit, restart in moves:
        if restart:
            book.restart()
        counter = f"Equity:Counter:{'A' * 16}"
        lines = (Written(debit, unit, amount), Written(credit, unit, -amount))
        cleared = (Written(counter, unit, 7), Written(counter, unit, -7))
        book.put((*lines, *cleared))
    return book


def summed(book: HandBook, cut: dict[str, int]) -> dict[tuple[str, str], int]:
    """Add up the rows themselves: the slow way, which nobody doubts."""
    sums: dict[tuple[str, str], int] = {}
    rows = book.connection.execute("SELECT stream, seq, account, commodity, amount FROM postings")
    for stream, seq, account, unit, amount in rows:
        if seq <= cut.get(stream, 0) and not account.startswith("Equity:Counter:"):
            sums[account, unit] = sums.get((account, unit), 0) + amount
    return {key: amount for key, amount in sums.items() if amount}


def as_sums(found: tuple[Standing, ...]) -> dict[tuple[str, str], int]:
    return {(s.account, s.commodity): s.amount for s in found}


@settings(max_examples=80)
@given(st.lists(MOVE, max_size=10), st.lists(MOVE, max_size=6), st.data())
def test_a_cut_is_the_sum_of_the_rows_within_it(mine, others, data):
    book = filled(mine)
    book.hears(filled(others, "NX0601/D2"))
    lengths = dict(book.connection.execute("SELECT stream, length FROM streams").fetchall())
    cut = {
        stream: data.draw(st.integers(0, length), label=stream)
        for stream, length in sorted(lengths.items())
        if data.draw(st.booleans())
    }
    assert as_sums(standings(book.connection, upto=cut)) == summed(book, cut)
    assert as_sums(standings(book.connection)) == summed(book, lengths)
    assert standings(book.connection, upto=lengths) == standings(book.connection)
    assert standings(book.connection, upto={}) == ()
    assert imbalances(standings(book.connection, upto=cut)) == {}


@settings(max_examples=40)
@given(st.lists(MOVE, min_size=1, max_size=8), st.lists(MOVE, min_size=1, max_size=8))
def test_a_cut_by_its_tips_stays_the_same_whatever_comes_later(before, after):
    book = filled(before)
    tips = tips_here(book.connection)
    then = standings(book.connection)
    assert standings(book.connection, upto=reach(book.connection, tips)) == then
    for debit, credit, amount, unit, restart in after:
        if restart:
            book.restart()
        book.put((Written(debit, unit, amount), Written(credit, unit, -amount)))
    book.hears(filled(after, "NX0601/D2"))
    assert standings(book.connection, upto=reach(book.connection, tips)) == then


def test_a_cut_names_one_tip_however_often_the_program_was_started():
    book = HandBook()
    for _ in range(30):
        book.restart()
        book.write("cash > Equity:Float 1.00")
    tips = tips_here(book.connection)
    assert len(tips) == 1
    assert len(reach(book.connection, tips)) == 30


def test_a_stream_continued_from_its_middle_is_a_tip_too():
    """A restored image: what was written after it was taken is a branch beside the new one."""
    book = HandBook()
    for _ in range(3):
        book.write("cash > Equity:Float 1.00")
    facts = book.facts()
    restored = HandBook(seed=5)
    restored.recorder.take(facts[:2])
    restored.connection.execute(
        "INSERT INTO local VALUES ('last_identity', ?)", (facts[1].identity,)
    )
    restored.restart()
    restored.write("cash > Equity:Float 5.00")
    restored.recorder.take(facts)
    tips = tips_here(restored.connection)
    assert len(tips) == 2
    assert reach(restored.connection, tips) == {facts[0].stream: 3, restored.author.stream: 1}


def test_what_is_missing_behind_a_chain_is_named():
    other = HandBook("NX0601/D2", seed=2)
    other.write("cash 2 > Equity:Float 1.00")
    first = other.facts()
    other.restart()
    later = other.write("cash 2 > Equity:Float 2.00").facts
    book = HandBook()
    book.recorder.take(later)
    tips = tips_here(book.connection)
    assert tips == (
        Tip(later[0].stream, 1, later[0].identity),
        Tip("", 0, first[0].identity),
    )
    book.recorder.take(first)
    assert reach(book.connection, tips) == {later[0].stream: 1}


def test_prefixes_end_where_a_name_ends():
    book = HandBook()
    book.write("cash > Equity:Float 3.00")
    book.put((Written("Assets:Drawer:D10", CNY, 500), Written("Equity:Float", CNY, -500)))
    ask = book.connection
    assert balances.balance(ask, "Assets:Drawer:D1") == 300
    assert balances.balance(ask, "Assets:Drawer") == 800
    assert balances.balance(ask, "Assets:Drawer:") == 800
    assert balances.balance(ask, "Assets:Draw") == 0
    assert balances.balance(ask, "") == 0
    assert balances.balance(ask, "Equity:Float", PCS) == 0


@given(st.lists(MOVE, max_size=8))
def test_the_figures_follow_from_the_accounts(moves):
    now = books(filled(moves).connection)
    found = {s.account: s.amount for s in now.standings}
    money = sum(n for a, n in found.items() if a.startswith(("Assets:Drawer", "Assets:WeChat")))
    held = sum(
        max(0, -amount)
        for account, amount in found.items()
        if (account.startswith("Liabilities:") and not account.endswith(":County"))
        or account == "Liabilities:County"
    )
    assert (now.money_fen, now.not_mine_fen) == (money, held)
    assert now.own_fen == money - held
    assert sum(purse.amount_fen for purse in now.purses) == held
    parts = now.float_fen + now.earned_fen + now.over_short_fen - now.lent_fen
    assert parts == now.own_fen
    lent = sum(amount for _, amount in now.lent_by)
    assert lent == max(0, held - max(0, money))


def test_nothing_is_netted():
    book = HandBook()
    book.write(
        "cash > Liabilities:Held:COD:JTSD:Here 10.00",
        "Liabilities:Held:COD:ZTO:Here > cash 4.00",
        "county > cash 3.00",
    )
    now = books(book.connection)
    assert now.purses == (Purse("COD", "JTSD", 1_000),)
    assert (now.not_mine_fen, now.money_fen, now.own_fen) == (1_000, 300, -700)
    assert [s.account for s in now.overdrawn] == ["Liabilities:Held:COD:ZTO:Here"]


@pytest.mark.parametrize(
    ("name", "figure"),
    [("money", 300), ("not_mine", 1_000), ("own", -700)],
)
def test_each_figure_can_be_asked_alone(name, figure):
    book = HandBook()
    book.write("cash > Liabilities:Held:COD:JTSD:Here 10.00", "Equity:Drawings > cash 7.00")
    assert getattr(balances, name)(book.connection) == figure
    assert getattr(balances, name)(book.connection, {}) == 0
    assert balances.trial_balance(book.connection) == standings(book.connection)


def test_other_peoples_money_in_use_is_named():
    book = HandBook()
    book.write(
        "cash > Equity:Float 300.00",
        "cash > Liabilities:Held:COD:JTSD:Here 200.00",
        "Equity:Drawings > cash 307.00",
    )
    now = books(book.connection)
    assert now.own_fen == -700
    assert now.lent_by == (("Courier", 700),)


def test_who_is_covered_first_when_the_money_is_short():
    book = HandBook()
    book.write(
        "cash > Liabilities:RefundDue:O 10.00",
        "cash > Liabilities:Held:Prepayment:O:Here 20.00",
        "cash > Liabilities:Held:Bill:B:Here 30.00",
        "cash > Liabilities:Held:Grower:P:Here 40.00",
        "cash > Liabilities:Held:COD:JTSD:Here 50.00",
        "cash > Liabilities:Held:Sending:JTSD:Here 5.00",
        "cash > county 60.00",
        "Equity:Drawings > cash 140.00",
    )
    now = books(book.connection)
    assert (now.money_fen, now.own_fen) == (7_500, -14_000)
    assert now.lent_by == (("Grower", 2_500), ("Courier", 5_500), ("County", 6_000))
