"""Everything is compared by bisection: what lost its middle, on either end, is found and healed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET
from sqlalchemy import text

from county_server import intake
from county_server.county import County
from county_server.verify import verify_county
from station_app.journal.verify import verify
from station_app.sync.bisecting import ASKED_MAX, LEAF, WAYS, Between, Bisection, Place, answered
from station_app.sync.messages import Tip
from station_app.vocabulary import VOCABULARY
from tests.sync.stand import (
    STATION,
    Pc,
    converse,
    direct,
    folded_here,
    folded_there,
)

MANY = 20_000
ODD = 0x9E3779B97F4A7C15


def everything(count: int) -> list[Tip]:
    """Facts of streams of fifty, in order."""
    return [
        Tip(
            f"NX0601/D1/{number // 50:016x}",
            1 + number % 50,
            f"{number * ODD % 2**64:016x}",
        )
        for number in range(count)
    ]


def holder(items: list[Tip]) -> Between:
    def between(first: Place, end: Place) -> list[Tip]:
        return [item for item in items if first <= (item.stream, item.seq) < end]

    return between


spans_of_holes = st.lists(
    st.tuples(st.integers(0, 1_999), st.integers(1, 120)), min_size=0, max_size=6
)


@settings(max_examples=60, deadline=None)
@given(here=spans_of_holes, there=spans_of_holes)
def test_any_holes_on_either_end_are_found(
    here: list[tuple[int, int]], there: list[tuple[int, int]]
) -> None:
    whole = everything(2_000)

    def without(holes: list[tuple[int, int]]) -> list[Tip]:
        gone = {number for start, length in holes for number in range(start, start + length)}
        return [item for number, item in enumerate(whole) if number not in gone]

    mine, theirs = without(here), without(there)
    comparison = Bisection(holder(mine))
    comparison.begin()
    while not comparison.heard(answered(comparison.asked(), holder(theirs))):
        assert comparison.rounds < 40
    lacks_here, lacks_there = comparison.lacking()
    listed = [
        {(lack.stream, seq) for lack in lacks for seq in range(lack.first, lack.last + 1)}
        for lacks in (lacks_here, lacks_there)
    ]
    held = [{(item.stream, item.seq) for item in items} for items in (mine, theirs)]
    assert listed == [held[1] - held[0], held[0] - held[1]]


def test_one_hole_among_many_takes_a_handful_of_small_rounds() -> None:
    whole = everything(MANY)
    comparison = Bisection(holder(whole[:7_000] + whole[7_003:]))
    comparison.begin()
    while not comparison.heard(answered(comparison.asked(), holder(whole))):
        assert len(comparison.asked()) <= ASKED_MAX
    assert comparison.rounds <= 4  # 20,000 / 16 / 16 / 16 are less than a list
    assert MANY / WAYS**3 < LEAF
    (lack,) = comparison.lacking()[0]
    assert (lack.first, lack.last) == (1, 3)


def test_the_same_on_both_ends_is_one_round_without_a_word() -> None:
    whole = everything(1_000)
    comparison = Bisection(holder(whole))
    comparison.begin()
    assert answered(comparison.asked(), holder(whole)) == ()
    assert comparison.heard(())
    assert not comparison.may_heal()


# --- With real journals --------------------------------------------------------------------------


@pytest.fixture
def pcs(pc: Pc, sibling: Pc, county: County) -> list[Pc]:
    """Two PCs that have worked through two starts each, and hold the same."""
    made = [pc, sibling]
    for _ in range(2):
        for pc in made:
            pc.restart()
            pc.shelve(8)
            converse(pc, direct(county))
    for pc in made:
        converse(pc, direct(county))
    return made


def stream_of(pc: Pc, which: int) -> str:
    rows = pc.reader.execute("SELECT stream FROM streams ORDER BY stream").fetchall()
    return [str(row[0]) for row in rows if row[0].startswith(f"{pc.place}/")][which]


LOSE = (
    "DELETE FROM privates WHERE identity IN (SELECT identity FROM facts {which})",
    "DELETE FROM facts {which}",
)


def lose_here(pc: Pc, which: str) -> None:
    connection = pc.session.connection
    connection.execute("DROP TRIGGER IF EXISTS facts_are_never_removed")
    for sql in LOSE:
        connection.execute(sql.format(which=which))


def lose_there(county: County, which: str) -> None:
    with county.store.write() as connection:
        connection.execute(text("DROP TRIGGER IF EXISTS facts_are_never_removed"))
        for sql in LOSE:
            connection.execute(text(sql.format(which=which)))


def heals(pc: Pc, county: County, *, rounds: int) -> None:
    pc.exchange.compare()
    assert len(converse(pc, direct(county))) <= rounds
    report = verify(pc.reader, VOCABULARY, pc.known_keys().is_signed)
    assert report.is_sound, report.findings
    assert verify_county(county).findings == ()
    assert folded_here(pc) == folded_there(county, STATION)


def test_what_a_pc_lost_in_the_middle_of_any_stream_comes_back(
    pcs: list[Pc], county: County
) -> None:
    """Its own stream, its sibling's, and the county's words: no tip shows any of it."""
    one, two = pcs
    for stream in (stream_of(one, 0), stream_of(two, -1), f"county.1/{STATION}"):
        lose_here(one, f"WHERE stream = '{stream}' AND seq IN (2, 3)")
    assert not verify(one.reader, VOCABULARY).is_sound
    assert converse(one, direct(county))[-1].facts_down == 0  # tips agree
    heals(one, county, rounds=8)


def test_what_the_county_lost_in_the_middle_comes_back_also_from_a_sibling(
    pcs: list[Pc], county: County
) -> None:
    one, two = pcs
    for pc in (one, two):
        lose_there(county, f"WHERE stream = '{stream_of(pc, -1)}' AND seq IN (3, 4, 6)")
    assert verify_county(county).findings
    two.restart()
    heals(two, county, rounds=8)
    assert one.unconfirmed() == 0


def test_both_ends_lose_something_else(pcs: list[Pc], county: County) -> None:
    one, two = pcs
    lose_here(two, f"WHERE stream = '{stream_of(one, 0)}' AND seq = 4")
    lose_there(county, f"WHERE stream = '{stream_of(two, 0)}' AND seq = 5")
    heals(two, county, rounds=8)


def test_a_county_that_knows_nothing_of_it_is_left_in_peace(
    pcs: list[Pc], county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "compared", lambda *_known: UNSET)
    pcs[0].exchange.compare()
    pcs[0].shelve(1)
    outcomes = converse(pcs[0], direct(county))
    assert len(outcomes) <= 2
    assert pcs[0].unconfirmed() == 0


def test_everything_is_compared_by_itself_once_a_week_at_night(
    pcs: list[Pc], county: County
) -> None:
    one, _ = pcs
    lose_here(one, f"WHERE stream = '{stream_of(one, 0)}' AND seq = 2")
    one.clock.at += 14 * 3_600_000  # ten in the evening
    one.shelve(1)
    converse(one, direct(county))
    assert verify(one.reader, VOCABULARY).is_sound
