"""Statistics: their numbers equal a sum over the facts themselves; empty, one day, three years."""

import json
import random

import pytest

from station_app.services.parcels.commands import ReturnParcels
from station_app.services.parcels.statistics import (
    DWELLS,
    SPANS,
    Kept,
    Span,
    Sums,
    span_of,
    summed,
)
from station_app.services.parcels.statistics_records import statistics
from station_app.values.day import add_days, days_between, local_day, local_time
from tests.long_shelf import HEIGHTS
from tests.services.parcels.shop import DAY_MS, FIRST_MS, shops

TODAY = "2025-11-25"
COURIERS = {"7": "ZTO", "4": "YUNDA", "J": "JTSD"}

# What a parcel's visit said first and last, of the acts that stand: nothing of it is a read table.
OVER_FACTS = """
SELECT f.body, f.at, e.kind, e.body, e.at FROM facts f
LEFT JOIN facts e ON e.entity = f.identity
  AND e.kind IN ('parcel.handed_over', 'parcel.returned')
  AND NOT EXISTS (SELECT 1 FROM facts r WHERE r.kind = 'act.reversed'
                  AND json_extract(CAST(r.body AS TEXT), '$.act') = e.act)
WHERE f.kind = 'parcel.shelved'
  AND NOT EXISTS (SELECT 1 FROM facts r WHERE r.kind = 'act.reversed'
                  AND json_extract(CAST(r.body AS TEXT), '$.act') = f.act)
"""


def over_facts(connection, span):
    """Add up once more, from the facts alone."""
    whole = Sums()
    by_courier: dict[str, Sums] = {}
    came_at, handed_at = [0] * 24, [0] * 24
    for body, at, kind, ending, ended_at in connection.execute(OVER_FACTS):
        shelved = json.loads(body)
        closed = json.loads(ending)["day"] if ending else ""
        hour = int(local_time(at)[:2])
        both = (whole, by_courier.setdefault(shelved["courier"], Sums()))
        if span.holds(shelved["day"]):
            came_at[hour] += 1
        if kind == "parcel.handed_over" and span.holds(closed):
            handed_at[int(local_time(ended_at)[:2])] += 1
        for sums in both:
            sums.came += span.holds(shelved["day"])
            sums.here += not kind
            if kind and not span.holds(closed):
                continue
            days = days_between(shelved["day"], closed or span.today)
            sums.judged += 1
            sums.overdue += days >= 3
            if kind == "parcel.returned":
                sums.returned += 1
            elif kind:
                sums.handed += 1
                sums.days += days
                sums.dwells[sum(days > most for most in DWELLS)] += 1
    return whole, {c: s for c, s in by_courier.items() if not s.is_empty}, came_at, handed_at


def played(shop, first, last, count, seed):
    """Let parcels come and go over some days, at any hour, some of it undone again."""
    dice = random.Random(seed)
    span = days_between(first, last)
    here = []
    for number in range(count):
        day = add_days(first, number * span // max(1, count - 1))
        at = FIRST_MS + days_between(local_day(FIRST_MS), day) * DAY_MS
        shop.is_now(day=day, at=at + dice.randrange(-3, 9) * 3_600_000)
        head = dice.choice(("73", "4300000", "JT"))
        waybill = {"73": f"73{number:012}", "4300000": f"43{number:013}", "JT": f"JT{number:013}"}
        courier = {"73": "ZTO", "4300000": "YUNDA", "JT": "JTSD"}[head]
        here.append(shop.shelve(waybill[head], courier=courier, tail=f"{number % 9000 + 1000}"))
        if len(here) > 6:
            leaving = here.pop(dice.randrange(len(here)))
            if dice.random() < 0.2:
                shop.do(ReturnParcels(parcels=(leaving,), reason="overdue"))
                continue
            done = shop.hand_over(leaving)
            if dice.random() < 0.2:
                shop.undo(done.act)
                here.append(leaving)


@pytest.fixture(scope="module")
def three_years():
    with shops(1) as (shop,):
        played(shop, "2022-11-28", TODAY, 160, seed=7)
        shop.is_now(day=TODAY)
        yield shop


@pytest.mark.parametrize("name", SPANS)
def test_the_numbers_equal_a_sum_over_the_facts(three_years, name):
    span = span_of(name, TODAY)
    found = statistics(three_years.connection, span)
    whole, by_courier, came_at, handed_at = over_facts(three_years.connection, span)
    assert found.whole == whole
    assert dict(found.by_courier) == by_courier
    assert (list(found.came_at), list(found.handed_at)) == (came_at, handed_at)
    if name == "three_years":
        assert whole.came > 100
        assert min(whole.handed, whole.returned, whole.here, whole.overdue) > 0
        assert sum(1 for count in whole.dwells if count) > 2


def test_nothing_is_nothing():
    with shops(1) as (shop,):
        found = statistics(shop.connection, span_of("year", TODAY))
    assert found.whole == Sums()
    assert found.whole.is_empty
    assert found.by_courier == []
    assert (found.whole.tenths, found.whole.per_mille) == (0, 0)


def test_averages_and_shares_are_rounded_to_the_tenth():
    span = Span("2025-11-19", TODAY, TODAY)
    kept = [
        Kept("ZTO", "handed_over", "2025-11-20", "2025-11-21", 2),
        Kept("ZTO", "handed_over", "2025-11-20", "2025-11-24", 1),
        Kept("SF", "on_hand", "2025-11-01", "", 1),
    ]
    found = summed(span, kept, {"ZTO": 4}, ([0] * 24, [0] * 24))
    assert (found.whole.tenths, found.whole.per_mille) == (20, 250)
    (zto, sums), (sf, other) = found.by_courier
    assert (zto, sf) == ("ZTO", "SF")
    assert (sums.overdue, sums.judged) == (1, 3)
    assert (other.overdue, other.came) == (0, 0), "a courier without days is never late"


# --- The page ------------------------------------------------------------------------------------


def test_empty_one_day_and_a_span_by_keys(station):
    station.press("F3", "Ctrl+5")
    assert "这一段没有件" in station.words()
    parcel = station.shop.shelve("73000000000017", tail="6021")
    station.shop.shelve("73000000000024", tail="6021")
    station.shop.hand_over(parcel)
    station.press("Esc", "F3", "Ctrl+5", "1")
    page = station.page
    assert page.found.span == Span(TODAY, TODAY, TODAY)
    assert [cell.words for cell in page.table.rows_model.rows[0].cells] == [
        "一共", "2", "1", "—", "1", "0.0 天", "0.0%",
    ]  # fmt: skip
    assert [(bar.label, bar.count) for bar in page.by_courier.bars] == [("中通", 2)]
    assert page.by_dwell.bars[0].whole == 1
    assert sum(bar.whole for bar in page.by_hour.bars) == 3
    assert "中通 2" in page.by_courier.accessibleName()
    assert "9 点最忙，3 件" in station.words()
    station.press("5")
    assert page.found.span.first == "2022-11-27"


@pytest.mark.parametrize("height", HEIGHTS)
def test_nothing_is_cut_off(station, height):
    station.shop.shelve("73000000000017", tail="6021")
    station.press("F3", "Ctrl+5")
    station.window.resize(1366, height)
    station.hand.settle()
    station.assert_fits()
