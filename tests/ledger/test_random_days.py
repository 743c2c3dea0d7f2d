"""What is always true, over days as they come: undone acts, late facts, two PCs, erasures."""

import functools
import random
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from station_app.chores import fact_lines
from station_app.journal.fact import Saying, Told
from station_app.journal.rebuild import rebuild
from station_app.journal.verify import verify
from station_app.ledger.accounts import GOODS, PLACES, held_bill, held_prepayment, lot_commodity
from station_app.ledger.balances import Books, Standing, balance, purse_of, standings
from station_app.ledger.export import beancount
from station_app.ledger.posting import CNY, Entry, Line
from station_app.ledger.rounding import basis_points
from station_app.services.bills.rules import BILL
from station_app.services.consignment import rules as consignment
from station_app.services.consignment.facts import LotMade, LotTakenBack
from station_app.services.consignment.lots import LOT
from station_app.services.purchasing.rules import ORDER
from station_app.vocabulary import VOCABULARY
from tests.journal.notebook import FOLDED, Notebook
from tests.ledger.mutants import CHANGES, Row, changed, row_of
from tests.ledger.random_days import OFTEN, STEPS, RandomDay, Step
from tests.ledger.sayings import came_back, returned, settled, share, sold
from tests.ledger.test_export import accepted
from tests.ledger.village import P, Q, Village, as_sums, say, taken
from tests.ledger.village import given as given_
from tests.ledger.walking import (
    NOTES,
    hands,
    kept,
    nonzero,
    own_is_what_the_walk_finds,
    walked_hands,
)

STEP = st.tuples(
    st.integers(0, len(OFTEN) - 1), st.integers(0, 11), st.integers(1, 9_999), st.integers(1, 999)
)
DAYS = st.lists(STEP, min_size=20, max_size=60)


def lived(steps: list[Step]) -> RandomDay:
    day = RandomDay()
    for step in steps:
        day.take(step)
    day.village.share()
    return day


@settings(max_examples=20, deadline=None)
@given(DAYS)
def test_what_is_always_true(steps: list[Step]) -> None:
    village = lived(steps).village
    sums = list(village.books().values())
    assert sums[0] == sums[1] == sums[2], "both PCs and the county have the same books"
    for node in (village.one, village.two):
        report = verify(node.connection, VOCABULARY)  # chains, folds, zero per fact and act
        assert report.is_sound, report.first_broken
        assert report.quarantined == 0
        closed_or_a_case(node)
        goods_are_conserved(node)
        own_is_what_the_walk_finds(node)
    assert follows(village.one) == follows(village.two)


def follows(node: Notebook) -> list[list[tuple[Any, ...]]]:
    """Return everything that follows from the facts: states, cases, postings, balances."""
    asked = [sql for sql in FOLDED if "FROM toys" not in sql]
    return [[tuple(row) for row in node.connection.execute(sql).fetchall()] for sql in asked]


def cases(node: Notebook) -> set[tuple[str, str]]:
    rows = node.connection.execute("SELECT kind, entity FROM cases").fetchall()
    return {(row[0], row[1]) for row in rows}


def known(node: Notebook, kind: Any) -> list[tuple[str, Any]]:
    return RandomDay.known(RandomDay.__new__(RandomDay), node, kind)


def closed_or_a_case(node: Notebook) -> None:
    """What is over holds nothing, or somebody is told to look; states agree with the books."""
    open_cases = cases(node)
    for entity, order in known(node, ORDER):
        for where, held_fen in (("Here", order.held_here_fen), ("County", order.held_county_fen)):
            posted = -balance(node.connection, held_prepayment(entity, where))
            assert posted == held_fen
            if order.closings and held_fen:
                assert ("purchasing.held_left", entity) in open_cases
    for entity, bill in known(node, BILL):
        assert bill.held_fen == -balance(node.connection, held_bill(entity))
        if bill.answers and bill.held_fen and bill.founder:
            assert ("bills.held_left", entity) in open_cases


def goods_are_conserved(node: Notebook) -> None:
    open_cases = cases(node)
    for entity, lot in known(node, LOT):
        unit = lot_commodity(entity)
        assert balance(node.connection, GOODS, unit) == 0
        on_shelf = balance(node.connection, f"{GOODS}:Shelf", unit)
        assert on_shelf == lot.on_shelf
        if lot.founder:
            gone = lot.sold + lot.spoiled + lot.returned + lot.sampled + lot.drawn
            assert lot.quantity == lot.in_stock + gone
        assert balance(node.connection, f"{GOODS}:Hub", unit) == lot.at_hub
        if on_shelf < 0 and lot.founder:
            assert ("consignment.lot_below_zero", entity) in open_cases


@settings(max_examples=5, deadline=None)
@given(DAYS)
def test_made_anew_from_the_facts_everything_is_the_same(steps: list[Step]) -> None:
    node = lived(steps).village.one
    before = follows(node)
    rebuild(node.connection, VOCABULARY)
    assert follows(node) == before


def month(seed: int, steps: int) -> list[Step]:
    """Return a month of mixed business, the same for ever."""
    chance = random.Random(seed)
    return [
        (
            chance.randrange(len(OFTEN)),
            chance.randrange(12),
            chance.randint(1, 9_999),
            chance.randint(1, 999),
        )
        for _ in range(steps)
    ]


@functools.cache
def a_month() -> RandomDay:
    return lived(month(seed=11, steps=700))


def test_a_month_of_mixed_business_is_accepted_by_beancount(tmp_path: Path) -> None:
    day = a_month()
    assert set(STEPS) - set(day.done) == set(), "everything happens in a month"
    node = day.village.one
    own_is_what_the_walk_finds(node)
    assert accepted("\n".join(beancount(node.connection, "NX0601")) + "\n", tmp_path) == ""
    facts = node.connection.execute("SELECT count(*) FROM facts").fetchone()[0]
    print(f"\n{len(day.done)} steps, {facts} facts: {dict(sorted(Counter(day.done).items()))}")


def test_the_walk_notices_a_wrong_row_wherever_money_or_a_purse_is() -> None:
    """The walk shares nothing with the postings: each of them, wrong, is told by it alone."""
    node = a_month().village.one
    station = NOTES.walk(fact_lines(node.connection))
    walked = (walked_hands(station), nonzero(station.kept))
    posted = [(told, VOCABULARY.post(told)) for told in map(VOCABULARY.read, node.facts())]
    sums = as_sums(standings(node.connection))
    rows = {row_of(told, line) for told, entry in posted for line in entry if is_here(line)}
    rows = {row for row in rows if row[0] != "act.reversed"}
    survivors: list[str] = []
    for row in sorted(rows):
        mine = [(told, entry) for told, entry in posted if row in row_keys(told, entry)]
        for name, change in CHANGES.items():
            now = Counter(sums)
            for told, entry in mine:
                for sign, lines in ((-1, entry), (1, changed(told, entry, row, change))):
                    for line in lines:
                        now[line.account, line.commodity] += sign * line.amount
            wrong = Books(tuple(Standing(a, u, n) for (a, u), n in now.items() if u == CNY and n))
            if (hands(wrong), kept(wrong)) == walked:
                survivors.append(f"{' '.join(row)}: {name}")
    print(f"\n{len(rows) * len(CHANGES)} wrong rows, {len(survivors)} unnoticed by the walk")
    assert survivors == []
    assert len(rows) > 40


def row_keys(told: Told, entry: Entry) -> set[Row]:
    return {row_of(told, line) for line in entry}


def is_here(line: Line) -> bool:
    """Tell whether a line is of money in hand, or of a purse that is kept here."""
    is_place = line.account.startswith("Assets:Drawer:") or line.account in PLACES
    return is_place or purse_of(line.account) is not None


@settings(max_examples=20, deadline=None)
@given(
    grams=st.integers(2, 9_000),
    price_fen=st.integers(1, 3_000),
    discount_bp=st.integers(0, 9_000),
    terms=st.tuples(st.integers(0, 3_000), st.integers(0, 4_000), st.integers(0, 1)),
    parts=st.lists(st.integers(1, 3_000), max_size=4),
    settled_after=st.integers(0, 5),
)
def test_a_sale_with_all_its_returns_and_settlements_is_nothing(
    grams: int,
    price_fen: int,
    discount_bp: int,
    terms: tuple[int, int, int],
    parts: list[int],
    settled_after: int,
) -> None:
    """Whatever comes back in which parts, before and after settling: no fen is left anywhere."""
    village = Village()
    bp, guaranteed_fen, is_net = terms
    more = {"commission_bp": bp, "guaranteed_fen": guaranteed_fen, "is_net": is_net}
    shares = (share(P, 6_000, **more), share(Q, 3_000, commission_bp=500))
    whole = consignment.merged_shares(shares)
    made_of = say(LotMade, unit="gram", ownership="consigned", quantity=9_000, shares=whole)
    lot = village.act(made_of)[0].identity
    start = as_sums(standings(village.one.connection))
    made, goods = sold(lot, whole, grams, price_fen)
    due_fen = made.body.amount_fen  # type: ignore[attr-defined]
    discount_fen = basis_points(due_fen, discount_bp)
    due_fen -= discount_fen
    round_off_fen = due_fen % 10
    body = msgspec.structs.replace(
        made.body, discount_fen=discount_fen, round_off_fen=round_off_fen
    )
    paid = (taken(due_fen, round_off_fen=round_off_fen),) if due_fen else ()
    sale = village.act(Saying(body), goods, *paid)[0].identity
    left = grams
    for number, part_grams in enumerate([*parts, grams]):
        if number == settled_after:
            village.act(*settled(village, sale))
        quantity = min(left, part_grams)
        if quantity:
            left -= quantity
            back = returned(village, sale, quantity)
            assert back.paid_fen >= 0
            pays = (given_(back.paid_fen),) if back.paid_fen else ()
            it = say(LotTakenBack, lot, quantity=quantity, into="shelf")
            village.act(came_back(back, sale), it, *pays)
    assert as_sums(standings(village.one.connection)) == start
