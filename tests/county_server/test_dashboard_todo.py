"""What wants somebody first: which entries there are, in which order, and about whom."""

from county_server.dashboard import todo
from county_server.dashboard.rows import (
    ACT,
    NEVER,
    QUIET,
    SILENT,
    Contact,
    County,
    Drawer,
    Place,
    Row,
)
from county_server.dashboard.rows import Parcels as Held
from county_server.dashboard.todo import what_to_do

HOUR = 60 * 60 * 1000
NOW = 1_800_000_000_000


def row(
    code: str, hours: float | None = 1, *, township: str = "赤眉镇", difference_fen: int = 0,
    to_return: int = 0,
) -> Row:  # fmt: skip
    heard = () if hours is None else (Contact(code, "D1", NOW - int(hours * HOUR), 0, 1),)
    drawers = (Drawer("D1", "2026-11-22", 1, 2, 511, difference_fen),) if difference_fen else ()
    held = Held(to_return=to_return, on_hand=to_return)
    return Row(Place(code, code, township=township), NOW, heard, held, drawers)


def entries(*rows: Row) -> list[tuple[str, str, int, tuple[str, ...]]]:
    found = what_to_do(County(NOW, "", rows))
    return [(e.what, e.shape, e.count, tuple(r.place.code for r in e.rows)) for e in found]


def test_a_county_in_order_has_nothing_to_do() -> None:
    assert entries(row("A"), row("B", 3.9), row("C", 23)) == []


def test_a_drawer_far_off_comes_first_and_the_worst_ahead() -> None:
    assert entries(
        row("A", difference_fen=10_00), row("B", difference_fen=-45_00), row("C", 80)
    ) == [
        (todo.DIFFERENCE, ACT, 1, ("B",)),
        (todo.DIFFERENCE, ACT, 1, ("A",)),
        (todo.SILENCE, ACT, 1, ("C",)),
    ]


def test_silent_for_days_is_an_entry_each_and_for_a_day_one_for_all() -> None:
    assert entries(row("A", 73), row("B", 100), row("C", 30), row("D", 50)) == [
        (todo.SILENCE, ACT, 1, ("B",)),
        (todo.SILENCE, ACT, 1, ("A",)),
        (todo.SILENT_REST, SILENT, 2, ("C", "D")),
    ]


def test_a_township_that_fell_silent_together_is_one_entry() -> None:
    together = [row(code, 80 + index / 4, township="板场乡") for index, code in enumerate("ABCD")]
    assert entries(*together, row("E", 90, township="板场乡"), row("F", 80)) == [
        (todo.SILENCE, ACT, 1, ("E",)),
        (todo.SILENCE, ACT, 1, ("F",)),
        (todo.OUTAGE, SILENT, 4, ("D", "C", "B", "A")),
    ]


def test_two_stations_or_several_hours_are_no_outage() -> None:
    assert [entry[0] for entry in entries(row("A", 30), row("B", 30))] == [todo.SILENT_REST]
    apart = [row(code, 30 + 2 * index) for index, code in enumerate("ABC")]
    assert [entry[0] for entry in entries(*apart)] == [todo.SILENT_REST]


def test_stations_that_closed_for_the_night_are_no_outage() -> None:
    assert entries(*(row(code, 15) for code in "ABCDEF")) == []


def test_stations_without_a_township_are_not_taken_for_one() -> None:
    alone = [row(code, 30, township="") for code in "ABC"]
    assert [entry[0] for entry in entries(*alone)] == [todo.SILENT_REST]


def test_parcels_to_return_are_gathered_by_township() -> None:
    assert entries(
        row("A", to_return=2),
        row("B", 20, to_return=5),
        row("C", to_return=9, township="板场乡"),
    ) == [
        (todo.RETURNS, SILENT, 9, ("C",)),
        (todo.RETURNS, SILENT, 7, ("B", "A")),
    ]


def test_parcels_of_a_silent_station_may_be_gone_by_now() -> None:
    assert [entry[0] for entry in entries(row("A", 30, to_return=2))] == [todo.SILENT_REST]


def test_what_can_wait_stands_at_the_end() -> None:
    assert entries(row("A", None), row("B", difference_fen=-50), row("C", difference_fen=90)) == [
        (todo.SMALL_DIFFERENCES, QUIET, 2, ("C", "B")),
        (todo.UNHEARD, NEVER, 1, ("A",)),
    ]
