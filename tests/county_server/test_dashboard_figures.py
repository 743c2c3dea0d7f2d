"""Figures of the county's pages: asked by SQL, held against a plain recount of the same facts."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from county_server.dashboard.figures import read_county, read_station
from county_server.dashboard.rows import (
    ACT,
    ACT_MS,
    NEVER,
    ONLINE,
    ONLINE_MS,
    QUIET,
    SILENT,
    SILENT_MS,
    Contact,
    County,
    Drawer,
    Place,
    Row,
    link_after,
)
from county_server.schema import EVERYWHERE
from county_server.store import Store
from station_app.reference.couriers import COURIER
from station_app.services.cash.rules import SHIFT
from station_app.services.parcels.visits import PARCEL
from station_app.values.day import add_days, days_between, local_midnight
from tests.county_server.sample_county import (
    FAR_OFF_STATION,
    HOUR,
    MINUTE,
    NOW,
    SILENT_STATION,
    TODAY,
    SampleCounty,
)

YESTERDAY = add_days(TODAY, -1)


@pytest.fixture(scope="module")
def sample() -> SampleCounty:
    return SampleCounty(work=4).fill()


@pytest.fixture(scope="module")
def store(sample: SampleCounty, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    laid = sample.lay(tmp_path_factory.mktemp("county"))
    yield laid
    laid.close()


@pytest.fixture(scope="module")
def county(store: Store, sample: SampleCounty) -> County:
    with store.read() as connection:
        return read_county(connection, sample.contacts, NOW)


def rows_of(sample: SampleCounty, kind: Any) -> list[dict[str, Any]]:
    return [row for name, row in sample.rows() if name == kind.name]


def row_of(county: County, code: str) -> Row:
    (found,) = [row for row in county.rows if row.place.code == code]
    return found


# --- Against a recount ---------------------------------------------------------------------------


def test_every_open_village_station_is_there_once(county: County) -> None:
    assert len(county.rows) == len({row.place.code for row in county.rows}) == 287
    assert county.name == "内乡县电商运营服务中心(示例)"


def test_parcels_of_every_station_are_what_a_recount_gives(
    sample: SampleCounty, county: County
) -> None:
    wanted: dict[str, Counter[str]] = {row.place.code: Counter() for row in county.rows}
    for parcel in rows_of(sample, PARCEL):
        counts = wanted[parcel["station"]]
        counts["came"] += parcel["day_in"] == TODAY
        if parcel["closed_day"] == TODAY:
            counts[parcel["status"]] += 1
        if parcel["status"] == "on_hand":
            age = days_between(parcel["day_in"], TODAY)
            counts["on_hand"] += 1
            counts["overdue"] += age >= 3
            counts["to_return"] += age >= 7
    for row in county.rows:
        counts = wanted[row.place.code]
        found = row.parcels
        assert (found.came, found.handed_over, found.returned) == (
            counts["came"],
            counts["handed_over"],
            counts["returned"],
        )
        assert (found.on_hand, found.overdue, found.to_return) == (
            counts["on_hand"],
            counts["overdue"],
            counts["to_return"],
        )
    assert county.parcels.came == sum(counts["came"] for counts in wanted.values()) > 100
    assert county.parcels.to_return == sum(counts["to_return"] for counts in wanted.values()) > 10


def test_yesterdays_drawers_are_what_a_recount_gives(sample: SampleCounty, county: County) -> None:
    closed = [s for s in rows_of(sample, SHIFT) if s["day"] == YESTERDAY and s["number"]]
    assert county.day_ends == len({shift["station"] for shift in closed}) > 200
    assert county.differing == sum(1 for shift in closed if shift["difference_fen"]) > 5
    assert county.over_fen - county.short_fen == sum(shift["difference_fen"] for shift in closed)
    far_off = row_of(county, FAR_OFF_STATION)
    assert (far_off.difference_fen, far_off.state, far_off.link) == (-12_00, ACT, ONLINE)


def test_states_and_waiting_facts_are_what_a_recount_gives(
    sample: SampleCounty, county: County
) -> None:
    silences = [NOW - contact.last_heard_at for contact in sample.contacts]
    assert county.online == sum(1 for silent in silences if silent <= 4 * HOUR)
    assert len(county.offline) == sum(1 for silent in silences if silent > 4 * HOUR)
    assert county.count(QUIET) == sum(1 for s in silences if 4 * HOUR < s <= 24 * HOUR)
    assert sum(county.count(state) for state in (ONLINE, QUIET, SILENT, ACT)) == 287
    assert county.waiting == sum(contact.waiting for contact in sample.contacts)
    assert county.longest is not None
    assert county.longest.place.code == SILENT_STATION


def test_townships_hold_every_station_the_urgent_ones_first(county: County) -> None:
    townships = county.townships
    assert len(townships) == 16
    assert sum(len(rows) for rows in townships.values()) == 287
    sizes = [len(rows) for rows in townships.values()]
    assert sizes == sorted(sizes, reverse=True)
    assert townships["七里坪乡"][0].place.code == SILENT_STATION


def test_days_of_a_station_are_what_a_recount_gives(sample: SampleCounty, store: Store) -> None:
    with store.read() as connection:
        page = read_station(connection, sample.contacts, code="NX0601", now=NOW, days=7)
    assert page is not None
    mine = [p for p in rows_of(sample, PARCEL) if p["station"] == "NX0601"]
    for day in page.days:
        assert day.came == sum(1 for parcel in mine if parcel["day_in"] == day.day)
        assert day.left == sum(1 for parcel in mine if parcel["closed_day"] == day.day)
    assert [day.day for day in page.days] == [add_days(TODAY, -back) for back in range(7)]
    standing = Counter(p["courier"] for p in mine if p["status"] == "on_hand")
    assert {one.courier: one.count for one in page.on_hand} == dict(standing)
    due = sum(p["cod_fen"] for p in mine if p["status"] == "on_hand")
    assert sum(one.due_fen for one in page.on_hand) == due
    assert [operator.role for operator in page.operators] == ["manager"]


# --- How far figures reach -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("silent_ms", "state"),
    [
        (-5 * MINUTE, ONLINE),
        (0, ONLINE),
        (ONLINE_MS, ONLINE),
        (ONLINE_MS + 1, QUIET),
        (SILENT_MS, QUIET),
        (SILENT_MS + 1, SILENT),
        (ACT_MS - 1, SILENT),
        (ACT_MS, ACT),
        (NOW, NEVER),
    ],
)
def test_a_connection_is_judged_by_time_alone(silent_ms: int, state: str) -> None:
    assert link_after(NOW - silent_ms, NOW) == state


def test_a_station_is_as_fresh_as_the_pc_heard_last() -> None:
    contacts = (
        Contact("NX0601", "D1", NOW - 30 * HOUR, 5, 100),
        Contact("NX0601", "D2", NOW - HOUR, 2, 50),
    )
    row = Row(Place("NX0601", "站"), NOW, contacts)
    assert (row.link, row.waiting, row.facts_held) == (ONLINE, 7, 150)


def drawer(difference_fen: int, number: int = 1) -> Drawer:
    return Drawer("D1", YESTERDAY, 1, number, number, difference_fen)


def test_differences_of_two_drawers_do_not_cancel_out() -> None:
    row = Row(Place("NX0601", "站"), NOW, (), yesterday=(drawer(-10_00), drawer(10_00)))
    assert (row.differing, abs(row.difference_fen), row.state) == (2, 10_00, ACT)
    county = County(NOW, "", (row,))
    assert (county.short_fen, county.over_fen, county.differing) == (10_00, 10_00, 1)


def test_a_small_difference_and_an_open_drawer_call_nobody() -> None:
    small = Row(Place("NX0601", "站"), NOW, (), yesterday=(drawer(-9_99),))
    still_open = Row(Place("NX0602", "站"), NOW, (), yesterday=(drawer(0, number=0),))
    assert small.state == still_open.state == NEVER
    assert still_open.closed == ()


# --- A small county, made by hand ----------------------------------------------------------------


Lay = Callable[[SampleCounty], Store]


@pytest.fixture
def lay(tmp_path: Path) -> Iterator[Lay]:
    """Lays a sample into a database of its own, and closes it."""
    laid: list[Store] = []

    def lay_one(sample: SampleCounty) -> Store:
        laid.append(sample.lay(tmp_path))
        return laid[-1]

    yield lay_one
    for store in laid:
        store.close()


@pytest.fixture
def small() -> SampleCounty:
    """A county whose stations are described, and silent."""
    sample = SampleCounty()
    sample.found()
    return sample


def station(store: Store, sample: SampleCounty, code: str = "NX0601") -> Any:
    with store.read() as connection:
        return read_station(connection, sample.contacts, code=code, now=NOW, days=7)


def test_a_county_without_anything_is_shown_as_such(lay: Lay) -> None:
    store = lay(SampleCounty())
    with store.read() as connection:
        county = read_county(connection, [], NOW)
        assert read_station(connection, [], code="NX0601", now=NOW, days=7) is None
    assert (county.rows, county.longest, county.townships, county.name) == ((), None, {}, "")


def test_places_beside_villages_are_shown_once_they_speak(lay: Lay, small: SampleCounty) -> None:
    small.heard("NX0001", NOW)
    small.heard("ZZ9999", NOW)
    store = lay(small)
    with store.read() as connection:
        county = read_county(connection, small.contacts, NOW)
    assert len(county.rows) == 289
    assert row_of(county, "NX0001").place.level == "hub"
    assert row_of(county, "ZZ9999").place.name == "ZZ9999"
    assert station(store, small, "ZZ9999").row.place.name == "ZZ9999"


def test_days_not_heard_of_are_unknown_and_not_nought(lay: Lay, small: SampleCounty) -> None:
    """Heard last two days ago at 11:42: that day in part, yesterday and today not at all."""
    small.heard("NX0601", NOW - 46 * HOUR)
    days = station(lay(small), small).days
    assert [(day.came, day.left, day.is_heard) for day in days[:4]] == [
        (None, None, False),
        (None, None, False),
        (0, 0, False),
        (0, 0, True),
    ]


def test_couriers_have_days_of_their_own(lay: Lay, small: SampleCounty) -> None:
    (zto,) = [told for _, _, (told, *_) in small.facts if getattr(told.body, "code", "") == "ZTO"]
    later = msgspec.structs.replace(zto.body, remind_days=0, return_days=2)
    small.facts = [facts for facts in small.facts if facts[2] != [zto]]
    small.add(COURIER, EVERYWHERE, [zto, small.tell(zto.stream, NOW + 1, later)])
    for courier in ("ZTO", "YTO", "NOBODY"):
        small.parcel("NX0601", local_midnight(TODAY) - 2 * 24 * HOUR, courier=courier)
        small.parcel("NX0601", local_midnight(TODAY) - 3 * 24 * HOUR, courier=courier)
    small.heard("NX0601", NOW)
    page = station(lay(small), small)
    found = {one.courier: (one.count, one.overdue, one.to_return) for one in page.on_hand}
    assert found == {"ZTO": (2, 0, 2), "YTO": (2, 1, 0), "NOBODY": (2, 0, 0)}
    assert (page.row.parcels.overdue, page.row.parcels.to_return) == (1, 2)


def test_open_shifts_and_two_drawers_are_shown(lay: Lay, small: SampleCounty) -> None:
    small.shift("NX0601", add_days(TODAY, -2), closed=False)
    small.shift("NX0601", YESTERDAY, difference_fen=50)
    small.shift("NX0601", YESTERDAY, difference_fen=-3_00, device="D2", number=77)
    small.shift("NX0601", TODAY, closed=False)
    small.heard("NX0601", NOW)
    page = station(lay(small), small)
    assert [shift.day for shift in page.open] == [add_days(TODAY, -2), TODAY]
    assert sorted(drawer.number for drawer in page.days[1].drawers) == [77, 511]
    assert (page.row.difference_fen, page.row.differing) == (-3_00, 2)
