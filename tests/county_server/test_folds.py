"""The county folds as the stations do, in whatever order and however often things arrive."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from county_server.county import County
from county_server.recording import Recording
from county_server.store import Store
from county_server.verify import derived_tables, rebuild_county, verify_county
from station_app.journal.chain import Head
from station_app.journal.fact import Fact, Saying
from station_app.journal.kinds import PrivateErased
from station_app.journal.recorder import new_ticket
from station_app.services.people.facts import PersonAmended, PersonDetails
from station_app.vocabulary import VOCABULARY
from tests.sync.stand import (
    DAY,
    Pc,
    SetClock,
    converse,
    direct,
    enrolled_pc,
    folded_here,
    folded_there,
    new_county,
    registered,
)

NAME = "赵根喜"


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[tuple[Fact, ...]], Any]:
    """A day of two PCs, undone acts, two that shelve one parcel, an erasure: runs, and the end."""
    folder = tmp_path_factory.mktemp("day")
    clock = SetClock()
    county = new_county(folder / "county", clock)
    one = enrolled_pc(county, folder / "d1", clock, seed=100)
    two = enrolled_pc(county, folder / "d2", clock, seed=200)
    work(one, two)
    for pc in (one, two, one, two):
        converse(pc, direct(county))
    assert folded_here(one) == folded_here(two) == folded_there(county, "NX0601")
    runs = [run for pc in (one, two) for run in runs_of(pc)]
    one.close()
    two.close()
    county.close()
    store = fed(runs, range(len(runs)))
    end = derived(store)
    store.close()
    return runs, end


def work(one: Pc, two: Pc) -> None:
    parcels = one.shelve(4)
    person = one.say(registered(NAME)).facts[0].identity
    one.restart()
    one.call(parcels[0].identity)
    undone = one.hand_over(parcels[1].identity).facts[0].act
    one.session.write(
        lambda recorder: recorder.undo(
            undone, ticket=new_ticket(one.chance), by="x", at=one.clock.at, day=DAY
        )
    )
    one.say(
        Saying(PersonAmended(day=DAY), PersonDetails(name=NAME, phone="15400001888"), entity=person)
    )
    two.acts = 0
    two.place, place = one.place, two.place
    two.shelve(2)  # the same waybills as the other PC: two founders of one visit
    two.place = place
    two.shelve(3)
    one.say(Saying(PrivateErased(persons=(person,), day=DAY)))


def runs_of(pc: Pc) -> list[tuple[Fact, ...]]:
    """Whole acts, in runs of a few."""
    found: list[tuple[Fact, ...]] = []
    streams = {fact.stream for fact in pc.facts() if fact.stream.startswith(pc.place)}
    for stream in sorted(streams):
        facts = pc.port.run(stream, 1, 999)
        found += [tuple(facts[start : start + 2]) for start in range(0, len(facts), 2)]
    return found


def fed(runs: Sequence[tuple[Fact, ...]], order: Sequence[int]) -> Store:
    """An empty county that gets these runs in this order; what does not join on waits."""
    store = Store("sqlite://", VOCABULARY)
    store.make()
    waiting = [runs[place] for place in order]
    while waiting:
        before = len(waiting)
        waiting = [run for run in waiting if not took(store, run)]
        assert len(waiting) < before
    return store


def took(store: Store, run: tuple[Fact, ...]) -> bool:
    with store.write() as connection:
        recording = Recording(store, connection)
        head = recording._journal.head(run[0].stream)
        if run[0].seq > head.to + 1:
            return False
        fresh = run[head.to + 1 - run[0].seq :]
        if fresh:
            recording.enter(fresh, head)
            recording.flush()
    return True


def derived(store: Store) -> list[list[tuple[Any, ...]]]:
    with store.read() as connection:
        return [
            sorted(tuple(row) for row in connection.execute(select(*table.columns)))
            for table in derived_tables(store)
        ]


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6))
def test_any_order_and_any_repetition_gives_the_same_tables(
    day: tuple[list[tuple[Fact, ...]], Any], seed: int
) -> None:
    runs, plain = day
    chance = random.Random(seed)
    order = list(range(len(runs)))
    order += chance.sample(order, len(order) // 2)
    chance.shuffle(order)
    mixed = fed(runs, order)
    assert derived(mixed) == plain
    mixed.close()


def test_one_push_and_many_give_the_same(day: tuple[list[tuple[Fact, ...]], Any]) -> None:
    runs, plain = day
    at_once = Store("sqlite://", VOCABULARY)
    at_once.make()
    with at_once.write() as connection:
        recording = Recording(at_once, connection)
        for stream in sorted({run[0].stream for run in runs}):
            whole = [fact for run in runs if run[0].stream == stream for fact in run]
            recording.enter(whole, Head(stream, 0, ""))
        recording.flush()
    assert derived(at_once) == plain
    at_once.close()


def test_the_day_has_everything_that_makes_folding_hard(
    day: tuple[list[tuple[Fact, ...]], Any],
) -> None:
    runs, end = day
    kinds = {fact.kind for run in runs for fact in run}
    assert {"act.reversed", "private.erased", "person.amended"} <= kinds
    states, _, founders, joined = end[:4]
    assert states
    assert joined, "two PCs shelved one waybill"
    assert len({row[:3] for row in founders}) < len(founders)


# --- Erasure -------------------------------------------------------------------------------------


@pytest.fixture
def county(tmp_path: Path, clock: SetClock) -> County:
    return new_county(tmp_path / "county", clock)


def test_an_erased_name_stands_nowhere_in_the_county(
    county: County, tmp_path: Path, clock: SetClock
) -> None:
    pc = enrolled_pc(county, tmp_path / "d1", clock)
    person = pc.say(registered(NAME)).facts[0].identity
    converse(pc, direct(county))
    assert NAME.encode() in everything(tmp_path / "county")
    pc.say(Saying(PrivateErased(persons=(person,), day=DAY)))
    converse(pc, direct(county))
    assert NAME.encode() not in everything(tmp_path / "county", county)
    assert not verify_county(county).findings
    pc.close()


def test_a_name_that_comes_after_its_erasure_is_not_kept(
    county: County, tmp_path: Path, clock: SetClock
) -> None:
    one = enrolled_pc(county, tmp_path / "d1", clock, seed=100)
    two = enrolled_pc(county, tmp_path / "d2", clock, seed=200)
    person = one.say(registered(NAME)).facts[0].identity
    converse(one, direct(county))
    converse(two, direct(county))
    one.say(Saying(PersonAmended(day=DAY), PersonDetails(name=NAME + "改"), entity=person))
    two.say(Saying(PrivateErased(persons=(person,), day=DAY)))
    converse(two, direct(county))
    converse(one, direct(county))
    assert (NAME + "改").encode() not in everything(tmp_path / "county", county)
    converse(one, direct(county))
    assert folded_here(one) == folded_there(county, "NX0601")
    one.close()
    two.close()


def everything(folder: Path, county: County | None = None) -> bytes:
    """All bytes of the data folder; the log is emptied first, as the next checkpoint does."""
    if county is not None:
        with county.store.engine.connect() as connection:
            raw = connection.connection.driver_connection
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
    return b"".join(
        file.read_bytes() for file in folder.rglob("*") if file.name.startswith("county.db")
    )


# --- Rebuild -------------------------------------------------------------------------------------


def test_rebuild_gives_back_every_row(county: County, tmp_path: Path, clock: SetClock) -> None:
    one = enrolled_pc(county, tmp_path / "d1", clock, seed=100)
    two = enrolled_pc(county, tmp_path / "d2", clock, seed=200)
    work(one, two)
    for pc in (one, two):
        converse(pc, direct(county))
    before = derived(county.store)
    with county.store.write() as connection:
        for table in ("states", "parcels", "postings", "balances"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    assert verify_county(county).findings
    assert rebuild_county(county) == verify_county(county).facts
    after = derived(county.store)
    assert [sorted(rows) for rows in after] == [sorted(rows) for rows in before]
    assert not verify_county(county).findings
    one.close()
    two.close()
