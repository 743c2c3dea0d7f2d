"""Folds that wait: nothing is lost between the two, and nobody sees a figure without them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from county_server import behind
from county_server.behind import Behind
from county_server.catching_up import fold_one
from county_server.county import County
from county_server.verify import derived_tables, rebuild_county, verify_county
from station_app.journal.fact import Saying
from station_app.journal.kinds import PrivateErased
from tests.postgres import ON_BOTH_STORES, Cluster
from tests.sync.stand import (
    DAY,
    STATION,
    Pc,
    SetClock,
    converse,
    direct,
    enrolled_pc,
    new_county,
    reopened_county,
    shelved,
)


@pytest.fixture
def county(tmp_path: Path, store_in: Cluster | None) -> Iterator[County]:
    county = new_county(tmp_path / "county", SetClock(), cluster=store_in)
    yield county
    county.close()


@pytest.fixture
def pc(county: County, tmp_path: Path) -> Iterator[Pc]:
    pc = enrolled_pc(county, tmp_path / "d1", SetClock())
    converse(pc, direct(county))  # a new PC asks for what is open, which takes the folds
    yield pc
    pc.close()


def rows(county: County) -> dict[str, list[tuple[object, ...]]]:
    """Everything that follows from the facts, as it stands now, whoever waits."""
    with county.store.read(behind=True) as connection:
        return {
            table.name: [tuple(r) for r in connection.execute(
                table.select().order_by(*table.primary_key.columns))]
            for table in derived_tables(county.store)
        }  # fmt: skip


def waits(county: County) -> dict[str, int]:
    with county.store.read(behind=True) as connection:
        return Behind(county.store, connection).streams(STATION)


def parcels(county: County, *, is_behind: bool) -> int:
    table = county.store.tables.read["parcel"]
    with county.store.read(behind=is_behind) as connection:
        found: int = connection.execute(select(func.count()).select_from(table)).scalar_one()
    return found


def send_while_busy(county: County, pc: Pc) -> None:
    county.is_busy = True
    converse(pc, direct(county))
    county.is_busy = False


@ON_BOTH_STORES
def test_a_busy_county_keeps_at_once_and_folds_later(county: County, pc: Pc) -> None:
    first, *_ = pc.shelve(4)
    send_while_busy(county, pc)
    assert waits(county) == {first.stream: first.seq}
    assert not pc.unconfirmed()
    assert parcels(county, is_behind=True) == 0
    assert parcels(county, is_behind=False) == 4
    assert not waits(county)
    assert not verify_county(county).findings


@ON_BOTH_STORES
def test_whoever_is_late_comes_to_the_same_rows(county: County, pc: Pc, tmp_path: Path) -> None:
    """The same facts, once folded at once and once behind: every row is the same."""
    first = pc.shelve(3)
    converse(pc, direct(county))
    pc.hand_over(first[0].identity)
    pc.shelve(1)
    send_while_busy(county, pc)
    pc.call(first[1].identity)
    send_while_busy(county, pc)
    county.store.catch_up(county.store)  # type: ignore[misc]
    late = rows(county)
    rebuild_county(county)
    assert rows(county) == late


def test_a_power_cut_before_the_folds_loses_none(county: County, pc: Pc, tmp_path: Path) -> None:
    pc.shelve(3)
    send_while_busy(county, pc)
    county.close()
    again = reopened_county(tmp_path / "county", SetClock())
    assert parcels(again, is_behind=False) == 3
    assert not verify_county(again).findings
    again.close()


def test_verify_knows_what_waits_and_names_a_cursor_that_cannot_be(county: County, pc: Pc) -> None:
    (first, *_) = pc.shelve(3)
    send_while_busy(county, pc)
    county.store.catch_up = None
    assert not verify_county(county).findings
    with county.store.write(behind=True) as connection:
        Behind(county.store, connection).move(first.stream, 90)
    assert ("cursor", 90) in {(f.check, f.seq) for f in verify_county(county).findings}


def test_a_cursor_set_too_far_is_found(county: County, pc: Pc) -> None:
    (first, *_) = pc.shelve(3)
    send_while_busy(county, pc)
    county.store.catch_up = None
    with county.store.write(behind=True) as connection:
        Behind(county.store, connection).move(first.stream, first.seq + 2)
    assert "fold:states" in {f.check for f in verify_county(county).findings}


def test_an_erasure_is_obeyed_at_once_however_busy_the_county_is(county: County, pc: Pc) -> None:
    """No name may lie on the disk because the folds of its erasure wait."""
    (first, *_) = pc.shelve(2)
    send_while_busy(county, pc)
    pc.say(Saying(PrivateErased(persons=(), facts=(first.identity,), day=DAY)))
    send_while_busy(county, pc)
    assert not waits(county)
    table = county.store.tables.privates
    with county.store.read(behind=True) as connection:
        held = {row[0] for row in connection.execute(select(table.c.identity))}
    assert first.identity not in held


def test_a_piece_never_ends_inside_an_act(
    county: County, pc: Pc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(behind, "PIECE_FACTS", 4)
    pc.say(*(shelved(f"7399999999{n:04}", n) for n in (1, 2, 3)))
    pc.say(*(shelved(f"7399999999{n:04}", n) for n in (4, 5)))
    send_while_busy(county, pc)
    seen = []
    while fold_one(county.store):
        seen.append(parcels(county, is_behind=True))
    assert seen == [3, 5]


def test_what_the_county_says_is_folded_after_what_came_before(
    county: County, pc: Pc, tmp_path: Path
) -> None:
    """Facts came between the county's asking and its writing: they are folded first."""
    pc.shelve(2)
    send_while_busy(county, pc)
    county.store.catch_up = None
    other = enrolled_pc(county, tmp_path / "d2", SetClock(), seed=300)
    other.close()
    assert not waits(county)
    assert parcels(county, is_behind=True) == 2
