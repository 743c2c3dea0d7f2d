"""A new PC of a station that has worked for a year: it can work before it holds everything."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from county_server.__main__ import main
from county_server.county import County
from station_app.journal.islands import floor_of
from station_app.journal.rebuild import rebuild
from station_app.journal.verify import verify
from station_app.security.signing import Signer
from station_app.sync.exchange import Outcome, Request
from station_app.sync.filling import Filling
from station_app.sync.messages import (
    FOLDING,
    LATELY,
    OPEN_THINGS,
    THE_REST,
    WHOLE,
    BodyReader,
    Receipt,
    read_receipt,
)
from station_app.values.day import DAY_MS
from station_app.vocabulary import VOCABULARY
from tests.sync.stand import (
    MORNING_MS,
    STATION,
    Dice,
    Pc,
    Reply,
    SetClock,
    converse,
    direct,
    enrolled_pc,
    folded_here,
    folded_there,
    new_county,
    once,
    pinned,
    post,
    reopened_county,
)
from tests.sync.test_key_change import offer, reopen, with_pocket

STARTS = 24  # of the old PC, in a year
A_DAY = 15 * DAY_MS


@pytest.fixture(scope="module")
def a_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county and a PC that has been there for a year; each test works on a copy.

    Every day is a start of the program, and on each a parcel stays until the next.
    """
    folder = tmp_path_factory.mktemp("year")
    clock = SetClock(MORNING_MS - 360 * DAY_MS)
    county = new_county(folder / "county", clock)
    pc = enrolled_pc(county, folder / "d1", clock)
    late = pc.shelve(1)[0].identity
    for _ in range(STARTS):
        pc.restart()
        parcels = pc.shelve(3)
        once(pc, direct(county))  # so that what follows begins a run of its own
        for parcel in parcels[:2]:
            pc.hand_over(parcel.identity)
        pc.hand_over(late)
        late = parcels[2].identity
        converse(pc, direct(county))
        clock.at += A_DAY
    pc.close()
    county.close()
    return folder


@pytest.fixture
def clock() -> SetClock:
    return SetClock(MORNING_MS)


@pytest.fixture
def county(a_year: Path, tmp_path: Path, clock: SetClock) -> Iterator[County]:
    shutil.copytree(a_year / "county", tmp_path / "county")
    county = reopened_county(tmp_path / "county", clock, seed=1_000)
    county.plans.whole_upto = 50
    yield county
    county.close()


@pytest.fixture
def old(a_year: Path, county: County, tmp_path: Path, clock: SetClock) -> Iterator[Pc]:
    shutil.copytree(a_year / "d1", tmp_path / "d1")
    signer = Signer(Dice(100).draw(32))
    pc = Pc(tmp_path / "d1", "NX0601/D1", clock, Dice(101), signer, pinned(county))
    yield pc
    pc.close()


@pytest.fixture
def new(old: Pc, county: County, tmp_path: Path, clock: SetClock) -> Iterator[Pc]:
    pc = enrolled_pc(county, tmp_path / "d2", clock, seed=200)
    yield pc
    pc.close()


def by_day(pc: Pc, county: County) -> list[Outcome]:
    """Let it talk without anybody asking for more, over a thin line, by day."""
    outcomes: list[Outcome] = []
    for _ in range(200):
        pc.clock.at += 30_000
        request = pc.exchange.next_request(pc.clock.at)
        if not isinstance(request, Request):
            return outcomes
        reply = post(county, request.body)
        pc.clock.at += 9_000  # a slow line: the rest is left for the night
        status, headers, body, is_whole = reply
        outcomes.append(
            pc.exchange.on_answer(status, headers, body, pc.clock.at, is_whole=is_whole)
        )
        if not outcomes[-1].again:
            return outcomes
    raise AssertionError("no end")


def count(pc: Pc) -> int:
    """How many facts of its station a PC holds, also those beyond a hole."""
    sql = "SELECT count(*) FROM facts WHERE stream LIKE 'NX%'"
    found: int = pc.reader.execute(sql).fetchone()[0]
    return found


def on_hand(pc: Pc) -> set[str]:
    rows = pc.reader.execute("SELECT entity FROM parcels WHERE status = 'on_hand'").fetchall()
    return {row[0] for row in rows}


def test_yesterdays_parcel_is_handed_over_after_the_first_answers(
    old: Pc, new: Pc, county: County
) -> None:
    by_day(new, county)
    assert new.port.stage()[0] == THE_REST
    assert count(new) < count(old) // 2
    assert on_hand(new) == on_hand(old)
    (parcel,) = on_hand(new)
    new.hand_over(parcel)
    converse(new, direct(county))
    converse(old, direct(county))
    assert on_hand(old) == set()


def test_nothing_that_is_over_stands_on_the_shelf_again_meanwhile(
    old: Pc, new: Pc, county: County
) -> None:
    shelf = on_hand(old)
    seen = []
    for _ in range(100):
        outcome = once(new, direct(county))
        seen.append(on_hand(new))
        assert seen[-1] <= shelf, f"after {len(seen)} answers"
        if not outcome.again:
            break
    assert seen[-1] == shelf


def test_what_lacks_is_known_and_kept_over_a_start(old: Pc, new: Pc, county: County) -> None:
    by_day(new, county)
    floor = floor_of(new.reader)
    assert floor.facts == count(old) - count(new)
    assert floor.since_at // DAY_MS == MORNING_MS // DAY_MS - 90
    new.restart()
    assert floor_of(new.reader) == floor
    assert new.port.stage()[0] == THE_REST
    report = verify(new.session.connection, VOCABULARY)
    assert report.is_sound, report.findings[:3]
    assert report.floor == floor


def test_it_equals_its_sibling_state_for_state_when_the_rest_has_come(
    old: Pc, new: Pc, county: County, clock: SetClock
) -> None:
    by_day(new, county)
    clock.at += 14 * 3_600_000  # ten in the evening
    by_day(new, county)
    assert new.port.stage()[0] == WHOLE
    assert floor_of(new.reader).is_whole
    converse(old, direct(county))
    assert {f.identity for f in new.facts()} == {f.identity for f in old.facts()}
    assert folded_here(new) == folded_here(old) == folded_there(county, STATION)
    before = folded_here(new)
    rebuild(new.session.connection, VOCABULARY)
    assert folded_here(new) == before
    report = verify(new.session.connection, VOCABULARY)
    assert report.is_sound, report.findings[:3]


def test_a_new_pc_whose_key_was_renewed_meanwhile_does_not_take_that_for_the_end(
    old: Pc, new: Pc, county: County, clock: SetClock
) -> None:
    """The answer to the former key says nothing of what lacks; all was folded (seed 9210192)."""
    own = with_pocket(new, seed=200)
    offer(new, own)
    stage = new.port.stage()
    while not (outcome := once(new, direct(county))).renewed:
        stage = new.port.stage()
    assert new.port.stage() == stage
    assert stage[0] in (OPEN_THINGS, LATELY)
    assert on_hand(new) <= on_hand(old)
    assert own.settle(outcome.renewed)
    reopen(new, own)
    clock.at += 14 * 3_600_000
    by_day(new, county)
    converse(old, direct(county))
    assert folded_here(new) == folded_here(old) == folded_there(county, STATION)


def test_a_new_pc_that_is_cut_off_meanwhile_does_not_take_that_for_the_end(
    old: Pc, new: Pc, county: County, tmp_path: Path
) -> None:
    """It is told nothing any more; let in again as another PC it never asked (seed 9300024)."""
    once(new, direct(county))
    stage = new.port.stage()
    assert stage[0] in (OPEN_THINGS, LATELY)
    words = ("device", "revoke", "NX0601", "D2", "--reason", "stolen", "--remark", "夜里被偷")
    assert main(["--data", str(tmp_path / "county"), *words]) == 0
    once(new, direct(county))
    assert new.port.stage()[0] == stage[0]
    assert on_hand(new) <= on_hand(old)


def test_a_new_pc_cut_off_before_the_rest_does_not_say_that_all_is_here(
    tmp_path: Path, clock: SetClock
) -> None:
    """No hole shows, since all that lacks is a PC's that is gone: the county's silence told it."""
    clock.at -= 360 * DAY_MS
    county = new_county(tmp_path / "county", clock)
    county.plans.whole_upto = 1
    gone = enrolled_pc(county, tmp_path / "d1", clock)
    gone.hand_over(gone.shelve(1)[0].identity)
    converse(gone, direct(county))
    clock.at += 360 * DAY_MS
    beside = enrolled_pc(county, tmp_path / "d2", clock, seed=200)
    beside.shelve(2)
    converse(beside, direct(county))
    new = enrolled_pc(county, tmp_path / "d3", clock, seed=300)
    by_day(new, county)
    lacking = floor_of(new.reader)
    assert (lacking.stage, lacking.facts) == (THE_REST, count(gone))
    words = ("device", "revoke", "NX0601", "D3", "--reason", "stolen", "--remark", "夜里被偷")
    assert main(["--data", str(tmp_path / "county"), *words]) == 0
    clock.at += 14 * 3_600_000
    by_day(new, county)
    assert floor_of(new.reader) == lacking
    for pc in (gone, beside, new):
        pc.close()
    county.close()


def test_a_rebuild_in_the_middle_changes_nothing(old: Pc, new: Pc, county: County) -> None:
    by_day(new, county)
    before = folded_here(new)
    rebuild(new.session.connection, VOCABULARY)
    assert folded_here(new) == before
    assert verify(new.session.connection, VOCABULARY).is_sound


def test_a_line_that_breaks_in_every_answer_costs_no_fact(old: Pc, new: Pc, county: County) -> None:
    def broken(request: Request) -> Reply:
        status, headers, body, is_whole = post(county, request.body)
        reader = BodyReader()
        frames = list(reader.feed(body))
        if len(frames) > 1:
            return status, headers, body[: len(body) - len(frames[-1]) // 2], False
        return status, headers, body, is_whole

    for _ in range(300):
        once(new, broken)
        if new.port.stage()[0] == WHOLE:
            break
    converse(old, direct(county))
    assert folded_here(new) == folded_here(old)


def test_news_of_a_sibling_come_while_the_rest_lacks(old: Pc, new: Pc, county: County) -> None:
    by_day(new, county)
    old.restart()
    (fresh,) = [fact for fact in old.shelve(1) if fact.kind == "parcel.shelved"]
    converse(old, direct(county))
    new.clock.at += 600_000
    by_day(new, county)
    assert new.port.stage()[0] == THE_REST
    assert fresh.identity in on_hand(new)


def test_a_power_cut_between_the_last_answer_and_its_folding_is_made_good(
    old: Pc, new: Pc, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(_port: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(type(new.port), "fold_aside", cut)
        with pytest.raises(KeyboardInterrupt):
            converse(new, direct(county))
    new.restart()
    assert new.port.stage()[0] == FOLDING
    converse(new, direct(county))
    converse(old, direct(county))
    assert folded_here(new) == folded_here(old)


def test_what_was_set_aside_was_never_folded_when_a_restored_county_held_little(
    old: Pc, new: Pc, county: County
) -> None:
    """Found by a village's seed: a county put back says that all is here, in the middle of it."""
    while not aside(new):
        once(new, direct(county))
    stage, waiting = new.port.stage()[0], aside(new)
    assert stage in (OPEN_THINGS, LATELY)
    assert waiting
    said: list[Receipt] = []

    def heard(request: Request) -> Reply:
        reply = post(county, request.body)
        reader = BodyReader()
        list(reader.feed(reply[2]))
        assert reader.block is not None
        receipt = read_receipt(reader.block, pinned(county).key)
        assert isinstance(receipt, Receipt)
        said.append(receipt)
        return reply

    once(new, heard)
    Filling(new.port).answered(stage, msgspec.structs.replace(said[0], stage=WHOLE))
    assert (new.port.stage()[0], aside(new)) == (WHOLE, 0)


def aside(pc: Pc) -> int:
    return int(pc.reader.execute("SELECT count(*) FROM set_aside").fetchone()[0])
