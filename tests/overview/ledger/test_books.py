"""Leafing through the books: by days, by accounts, at cuts; and what it costs after ten years."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station_app.journal.fact import Fact
from station_app.journal.recorder import Batch
from station_app.overview.ledger import day_index
from station_app.overview.ledger.account_book import (
    AccountLine,
    Asked,
    account_page,
    closing_of,
    month_beside,
)
from station_app.overview.ledger.day_book import acts_in_day, credits_of, debits
from station_app.overview.ledger.day_index import (
    day_at,
    day_beside,
    first_day,
    last_day,
    rebuild_days,
    runs_of_day,
)
from station_app.values.day import DAY_MS, add_days
from tests.overview.ledger.long_books import COD, DRAWER, FIRST, Steps, empty, long_books


@pytest.fixture(scope="module")
def ten_years():
    """100,000 postings on two PCs, a start on each every day."""
    return long_books(2_500)


def put(connection, stream, days):
    """Write facts that bear these days, as a writer would be told of them."""
    facts = [
        Fact(
            stream=stream,
            seq=n,
            act="A",
            at=0,
            kind="x.done",
            v=1,
            entity="",
            by="",
            prev="",
            digest="",
            identity=f"{stream}{n}",
            body=(b'{"day":"%s"}' % day.encode()),
            private_digest="",
            private=None,
        )
        for n, day in enumerate(days, 1)
    ]
    return Batch(facts=facts)


# --- Days ----------------------------------------------------------------------------------------

DAYS = st.lists(
    st.sampled_from(["2026-11-24", "2026-11-25", "2026-11-26", "2026-02-30", "x", ""]), max_size=12
)


@settings(max_examples=25, deadline=None)
@given(DAYS, st.integers(1, 4))
def test_the_index_kept_act_by_act_is_the_index_made_anew(days, split):
    kept, anew = empty(), empty()
    batch = put(kept, "S/D1/00000001", days)
    for start in range(0, len(days), split):
        part = type(batch)(facts=batch.facts[start : start + split])
        day_index.keep_days(kept, part)
    for fact in batch.facts:
        head = (fact.stream, fact.seq, "A", 0, "x.done", 1, "", "", "", "")
        row = (*head, fact.identity, fact.body, "")
        anew.execute(f"INSERT INTO facts VALUES ({','.join('?' * 13)})", row)
    rebuild_days(anew)
    runs = "SELECT stream, first, last, day FROM day_runs ORDER BY stream, first"
    assert kept.execute(runs).fetchall() == anew.execute(runs).fetchall()
    covered = sum(last - first + 1 for _, first, last, _ in kept.execute(runs).fetchall())
    assert covered == len(days)


@settings(max_examples=25, deadline=None)
@given(DAYS, st.randoms(use_true_random=False))
def test_a_day_is_whole_also_when_its_facts_come_one_before_the_other(days, chance):
    """A new PC takes what matters first: days of the books lost the facts that came later."""
    kept = empty()
    facts = put(kept, "S/D1/00000001", days).facts
    for fact in facts:
        head = (fact.stream, fact.seq, "A", 0, "x.done", 1, "", "", "", "")
        row = (*head, fact.identity, fact.body, "")
        kept.execute(f"INSERT INTO facts VALUES ({','.join('?' * 13)})", row)
    rebuild_days(kept)
    runs = "SELECT stream, first, last, day FROM day_runs ORDER BY stream, first"
    whole = kept.execute(runs).fetchall()
    kept.execute("DELETE FROM day_runs")
    here: list[Fact] = []
    for fact in chance.sample(facts, len(facts)):
        here.append(fact)
        for _ in range(2):  # what was set aside is told of again when it follows
            day_index.keep_days(kept, Batch(facts=[fact]))
        shown = [day_at(kept, one.stream, one.seq) for one in here]
        assert shown == [day_index.day_of(one) for one in here]
    assert kept.execute(runs).fetchall() == whole


def test_a_real_day_keeps_the_index_as_it_would_be_made_anew(station):
    station.sign_in()
    station.open_shift()
    for number in range(3):
        station.hand_over(number, cod_fen=1_000)
        station.clock.at_ms += DAY_MS
    station.restart()
    station.shelve(7)
    runs = "SELECT stream, first, last, day FROM day_runs ORDER BY stream, first"
    before = station.connection.execute(runs).fetchall()
    assert len(before) > 2
    rebuild_days(station.connection)
    assert station.connection.execute(runs).fetchall() == before


def test_days_are_walked_one_by_one(ten_years):
    assert first_day(ten_years) == FIRST
    assert day_beside(ten_years, FIRST, -1) == ""
    assert day_beside(ten_years, FIRST, 1) == add_days(FIRST, 1)
    assert last_day(ten_years) == add_days(FIRST, 2_499)
    run = runs_of_day(ten_years, FIRST)[0]
    assert day_at(ten_years, run.stream, run.last) == FIRST


# --- The day book --------------------------------------------------------------------------------


def test_a_day_holds_every_act_with_its_entries_in_order(ten_years):
    acts = acts_in_day(ten_years, add_days(FIRST, 7))
    assert [act.at for act in acts] == sorted(act.at for act in acts)
    assert len(acts) == 10
    assert {act.stream.split("/")[1] for act in acts} == {"D1", "D2"}
    entries = [entry for act in acts for entry in act.entries]
    assert len(entries) == 40
    assert debits(entries) == credits_of(entries) == 1_000


def test_a_cut_keeps_out_what_lies_behind_it(ten_years):
    day = add_days(FIRST, 7)
    stream = runs_of_day(ten_years, day)[0].stream
    acts = acts_in_day(ten_years, day, {stream: 2})
    assert [(act.stream, act.entries[0].seq) for act in acts] == [(stream, 1), (stream, 2)]


# --- An account ----------------------------------------------------------------------------------


def test_pages_of_an_account_go_back_to_its_beginning_without_a_gap():
    books = long_books(30)
    asked = Asked(DRAWER)
    page, pages = account_page(books, asked), 0
    seen: list[AccountLine] = []
    assert page.closing == 30 * 5 * 100
    while True:
        pages += 1
        assert page.closing - page.opening == sum(line.amount for line in page.lines)
        balance = page.closing
        for line in page.lines:
            assert line.balance == balance
            balance -= line.amount
        seen += page.lines
        if not page.older:
            break
        page = account_page(books, asked, before=page.older, closing=page.opening)
    assert page.opening == 0
    assert len({(line.stream, line.seq, line.line) for line in seen}) == len(seen) == 150
    assert pages > 1
    assert [line.day for line in seen] == sorted((line.day for line in seen), reverse=True)


# An account that is read whole; one by days, summed up from behind, and from the beginning.
@pytest.mark.parametrize("days", [70, 90, 200])
def test_months_join_up(days):
    books = long_books(days)
    month, openings = "2016-02", {}
    for _ in range(2):
        page = account_page(books, Asked(DRAWER, month=month), limit=10_000)
        assert {line.day[:7] for line in page.lines} == {month}
        openings[month] = (page.opening, page.closing)
        month = month_beside(month, -1)
    assert openings["2016-01"] == (0, 31 * 500)
    assert openings["2016-02"] == (31 * 500, 60 * 500)
    assert (month_beside("2016-12", 1), month_beside("2016-01", -1)) == ("2017-01", "2015-12")


def test_an_account_at_a_cut_ends_at_the_cut():
    books = long_books(100)
    cut = {f"NX0601/D1/{n:08x}": 5 for n in range(99)} | {"NX0601/D1/00000063": 2}
    page = account_page(books, Asked(DRAWER, upto=cut))
    assert page.closing == 99 * 500 + 200
    assert page.lines[0].seq == 2
    assert closing_of(books, Asked(COD, upto=cut)) == -page.closing


# --- What it costs -------------------------------------------------------------------------------


def test_a_hundred_thousand_postings_cost_a_page_no_more_than_ten_thousand(ten_years):
    """By the database's own steps, not by time: nothing on the way depends on the years before."""
    (count,) = ten_years.execute("SELECT count(*) FROM postings").fetchone()
    assert count == 100_000
    few = long_books(250)
    looks = {
        "account": lambda c: account_page(c, Asked(COD)),
        "older": lambda c: account_page(c, Asked(COD), before="2016-04-01", closing=0),
        "day": lambda c: acts_in_day(c, "2016-04-01"),
        "beside": lambda c: day_beside(c, "2016-04-01", -1),
    }
    for name, look in looks.items():
        with Steps(few) as small:
            look(few)
        with Steps(ten_years) as large:
            look(ten_years)
        assert large.hundreds <= small.hundreds * 1.5 + 20, name
        assert large.hundreds < 400, name


def test_a_month_of_long_ago_is_summed_up_from_the_index_alone(ten_years):
    plan = ten_years.execute(
        "EXPLAIN QUERY PLAN SELECT coalesce(sum(amount), 0) FROM postings "
        "INDEXED BY postings_by_account WHERE account = ? AND commodity = ? "
        "AND stream = ? AND seq BETWEEN ? AND ?",
        (COD, "CNY", "s", 1, 2),
    ).fetchall()
    assert any("USING COVERING INDEX postings_by_account" in row[3] for row in plan), plan
    with Steps(ten_years) as steps:
        page = account_page(ten_years, Asked(COD, month="2019-06"), limit=10_000)
    assert page.opening == -1_247 * 1_000
    assert steps.hundreds < 3_000  # the half of ten years, at most; some 40 ms
