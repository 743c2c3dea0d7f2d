"""A small season of growers, counted independently; whole ones are played by `dev long`."""

import json
from collections import Counter

import pytest

from station_app.chores import fact_lines
from tests.independent import grower
from tests.village.season import played

GROWERS, LOTS = 8, 60
WORKS = (
    "take_in sell bring_back spoil split merge dispatch settle reweigh undo return sample "
    "lot.received lot.difference_decided lot.sold_by_county "
    "lot.county_sale_returned"
).split()


@pytest.fixture(scope="module")
def season(tmp_path_factory):
    made = played(tmp_path_factory.mktemp("season") / "pc", seed=3, growers=GROWERS, lots=LOTS)
    yield made
    made[0].pc.close()


def test_books_and_papers_of_every_grower_are_as_an_independent_count_says(season):
    played_out, problems = season
    assert problems == []
    assert [work for work in WORKS if not played_out.done[work]] == []


# --- The count itself sees what is wrong ---


def counted(season, spoil):
    """Count with one fact said otherwise."""
    facts = [json.loads(line) for line in fact_lines(season[0].connection)]
    spoil(facts)
    return grower.Season().read(json.dumps(fact) for fact in facts).problems


def of_kind(facts, kind):
    """Return the first fact of a kind that was not undone."""
    gone = {(f["stream"], f["body"]["act"]) for f in facts if f["kind"] == "act.reversed"}
    return next(f for f in facts if f["kind"] == kind and (f["stream"], f["act"]) not in gone)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("sale.made", "what it comes to"),
        ("sale.settled", "what is settled"),
        ("payment.taken", "came from nowhere"),
        ("lot.sold", "less than nothing"),
        ("lot.made", "what it was made of"),
    ],
)
def test_one_fen_or_a_heap_too_much_is_seen(season, kind, words):
    def spoil(facts):
        body = of_kind(facts, kind)["body"]
        if kind == "payment.taken":
            body["change_fen"] += 1
        elif kind == "sale.settled":
            body["commission_fen"] += 1
        elif kind == "sale.made":
            body["amount_fen"] += 1
        else:
            body["quantity"] += 10_000_000

    found = counted(season, spoil)
    assert any(words in problem for problem in found), found


def test_a_wrong_share_of_a_merged_lot_is_seen(season):
    def spoil(facts):
        sale = next(f for f in facts if f["kind"] == "sale.made" and len(f["body"]["shares"]) > 1)
        first, second, *_ = sale["body"]["shares"]
        first["amount_fen"] += 1
        second["amount_fen"] -= 1

    assert any("whose it is" in problem for problem in counted(season, spoil))


def test_what_is_settled_is_told_apart_from_what_is_not(season):
    kinds = Counter(json.loads(line)["kind"] for line in fact_lines(season[0].connection))
    assert kinds["sale.settled"] >= kinds["settlement.made"] > GROWERS
