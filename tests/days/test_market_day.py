"""The money day: four witnesses that share nothing with the program agree to the fen.

What is true of it is computed by tests/independent/market.py from the facts alone; this file plays
the day, asks the four and, for each, makes one amount wrong and looks who notices.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from beancount import loader
from PIL import Image, ImageChops

from station_app.devices.simulated_paper import Paper
from tests.days.market import Market, amounts, market_day, told
from tests.independent.closed_shift import closes, expected_slip, slip_agrees
from tests.independent.market import compare, read_facts, totals
from tests.independent.slip import read_rows, read_slip
from tests.stage import DAYS

EXPECTED_FEN, COUNTED_FEN = 12_300, 11_100
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def market(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    with market_day(pristine, tmp_path_factory.mktemp("market")) as played:
        yield played


def close_of(lines: list[str]):
    """Return the facts of an export and the close of the market day in them."""
    facts = read_facts(lines)
    return facts, closes(facts)[0]


def test_it_was_a_market_day() -> None:
    text = (DAYS / "market_day.day").read_text("utf-8")
    assert len(re.findall(r"^换人 ", text, re.M)) == 30


def all_four_agree_to_the_fen(market: Market) -> None:
    evening = market.evening
    assert compare(evening.facts, evening.beancount, evening.county) == []
    facts, closed = close_of(evening.facts)
    assert slip_agrees(facts, closed, read_slip(market.slip)) == []
    _, errors, _ = loader.load_string("\n".join(evening.beancount))
    assert errors == []
    paper = amounts(market.slip)
    assert closed["difference_fen"] == -1_200
    assert (closed["counted_fen"], closed["recounts"]) == (COUNTED_FEN, 1)
    assert len(paper) > 20


def the_program_says_the_same(market: Market) -> None:
    """Figures of the program's own check, held against the independent walk."""
    found = totals(read_facts(market.evening.facts))
    report = market.summary["verify"]
    own = {f"{p['kind']} {p['owner']}".rstrip(): p["amount_fen"] for p in report["purses"]}
    assert own == {term: fen for term, fen in found.items() if term in own}
    assert report["not_mine_fen"] == sum(own.values())


def a_rebuild_changes_nothing(market: Market) -> None:
    assert market.rebuilt == market.evening
    assert compare(market.rebuilt.facts, market.rebuilt.beancount, market.rebuilt.county) == []


def what_came_late_changes_today_and_not_the_closed_shift(market: Market) -> None:
    before, after = market.evening, market.morning
    assert compare(after.facts, after.beancount, after.county) == []
    elsewhere = market.elsewhere
    assert compare(elsewhere.facts, elsewhere.beancount, elsewhere.county) == []
    facts, closed = close_of(after.facts)
    assert expected_slip(facts, closed) == expected_slip(*close_of(before.facts))
    assert read_slip(market.again) == read_slip(market.slip)
    assert slip_agrees(facts, closed, read_slip(market.again)) == []
    was, now = totals(read_facts(before.facts)), totals(facts)
    came = {term: now[term] - was[term] for term in now if now[term] != was[term]}
    assert came == {
        "drawer D2": 13_000, "safe": 12_000, "WeChat": 3_125, "float": 20_000,
        "COD ZTO": 5_000, "COD SF": 3_125,
        # the basket that waited over the night, sold in the morning
        "drawer D1": 450, next(term for term in now if term.startswith("Grower")): 450,
    }  # fmt: skip
    late = amounts(market.reading)["不是自己的钱"] - amounts(market.slip)["不是自己的钱"]
    assert late == 5_000 + 3_125


# --- Each witness is believed only as long as it agrees ------------------------------------------


def a_changed_fact_is_named(market: Market) -> None:
    books = market.evening
    place, fact = next(
        (place, fact)
        for place, fact in told(books.facts, "payment.taken")
        if fact["body"]["tenders"][0]["way"] == "cash"
    )
    fact["body"]["tenders"][0]["amount_fen"] += 1
    wrong = [*books.facts[:place], json.dumps(fact), *books.facts[place + 1 :]]
    problems = compare(wrong, books.beancount, books.county)
    assert [p for p in problems if p.startswith(f"facts line {place + 1}: payment.taken did")]
    assert not [p for p in problems if "county line" in p]
    facts, closed = close_of(wrong)
    said = slip_agrees(facts, closed, read_slip(market.slip))
    assert any("账上应有" in problem for problem in said)


def a_changed_line_of_the_beancount_file_is_named(market: Market) -> None:
    books = market.evening
    lines = list(books.beancount)
    place = next(n for n, text in enumerate(lines) if text.startswith("  Assets:WeChat  "))
    lines[place] = re.sub(r"(\d) CNY", lambda last: f"{(int(last[1]) + 1) % 10} CNY", lines[place])
    problems = compare(books.facts, lines, books.county)
    header = max(n for n in range(place) if " * " in lines[n])
    named = [p for p in problems if p.startswith(f"beancount line {header + 1}: ")]
    assert len(named) == 2, "it did something else, and does not add up"
    assert not [p for p in problems if p.startswith(("facts", "county"))]


def a_changed_amount_at_the_county_is_named(market: Market, part: str) -> None:
    books = market.evening
    place, fact = told(books.county, "cash.taken_out")[0]
    if part == "body":
        fact["body"]["amount_fen"] += 100
    else:
        for line in fact["postings"]:
            line["amount"] *= 2
    wrong = [*books.county[:place], json.dumps(fact), *books.county[place + 1 :]]
    (problem,) = compare(books.facts, books.beancount, wrong)
    name = "(fact)" if part == "body" else "(postings)"
    assert problem.startswith(f"county line {place + 1} {name}: cash.taken_out did")


def a_changed_amount_on_the_paper_is_named(market: Market, tmp_path: Path) -> None:
    """What was counted is painted over with what the books expected, in the same type."""
    wrong = tmp_path / "wrong.png"
    rows = read_rows(market.slip)
    counted = next(row for row in rows if row.fen == COUNTED_FEN and row.label.startswith("实"))
    expected = next(row for row in rows if row.fen == EXPECTED_FEN and row.label.startswith("账"))
    with Image.open(market.slip) as paper:
        middle, forged = paper.width // 2, paper.copy()
        cut = paper.crop((middle, expected.top, paper.width, expected.bottom))
        forged.paste(cut, (middle, counted.top))
        wrong.write_bytes(as_printed(forged))
    facts, closed = close_of(market.evening.facts)
    assert slip_agrees(facts, closed, read_slip(wrong)) == [
        "slip, 实点现金: 123.00, by the facts 111.00"
    ]


def as_printed(picture: Image.Image) -> bytes:
    """Return the PNG that the simulated printer would have drawn of these dots."""
    black = ImageChops.invert(picture.convert("L")).convert("1", dither=Image.Dither.NONE).tobytes()
    stride = picture.width // 8
    lines = [black[start : start + stride] for start in range(0, len(black), stride)]
    return Paper(picture.width, tuple(lines)).png()


def test_facts_paper_beancount_and_county_agree_to_the_fen(market: Market, tmp_path: Path) -> None:
    """One test, since the day is played for whoever asks first, and each worker would play it."""
    all_four_agree_to_the_fen(market)
    the_program_says_the_same(market)
    a_rebuild_changes_nothing(market)
    what_came_late_changes_today_and_not_the_closed_shift(market)
    a_changed_fact_is_named(market)
    a_changed_line_of_the_beancount_file_is_named(market)
    for part in ("body", "postings"):
        a_changed_amount_at_the_county_is_named(market, part)
    a_changed_amount_on_the_paper_is_named(market, tmp_path)
