"""Two machines with one memory, and a county that was put back: both versions arrive again."""

from pathlib import Path

from county_server.county import County
from county_server.forks import named_lines
from county_server.journal import CountyJournal
from station_app.sync import causes
from station_app.sync.messages import Tip
from station_app.sync.progress import SENT
from tests.sync.stand import (
    Pc,
    SetClock,
    answered,
    converse,
    direct,
    enrolled_pc,
    new_county,
    once,
    reopened_county,
)
from tests.sync.test_exchange import copied


def imaged_and_copied(tmp_path: Path, clock: SetClock) -> tuple[County, bytes, Pc, Pc]:
    """Return a county with its image of before, a PC, and a copy that goes on in its stream."""
    county = new_county(tmp_path / "county", clock)
    pc = enrolled_pc(county, tmp_path / "d1", clock)
    pc.shelve(2)
    converse(pc, direct(county))
    county.store.close()
    image = (tmp_path / "county" / "county.db").read_bytes()
    county = reopened_county(tmp_path / "county", clock)
    pc.restart()
    clone = copied(pc, tmp_path / "clone", clock, 998)
    clone.acts = 500
    clone.session.author = clone.session.recorder.author = pc.session.author
    return county, image, pc, clone


def put_back(tmp_path: Path, image: bytes, clock: SetClock) -> County:
    """Return the county as its image has it."""
    for leftover in (tmp_path / "county").glob("county.db*"):
        leftover.unlink()
    (tmp_path / "county" / "county.db").write_bytes(image)
    return reopened_county(tmp_path / "county", clock, seed=55)


def held_by(county: County) -> set[str]:
    """Return the identities of the facts that a county holds."""
    with county.store.read() as connection:
        return {str(row[0]) for row in connection.exec_driver_sql("SELECT identity FROM facts")}


def test_what_stands_beside_the_main_line_is_offered_to_a_county_that_was_put_back(
    tmp_path: Path,
) -> None:
    """The clone asked without end how far the county held its stream, and never sent it."""
    clock = SetClock()
    county = new_county(tmp_path / "county", clock)
    pc = enrolled_pc(county, tmp_path / "d1", clock)
    sibling = enrolled_pc(county, tmp_path / "d2", clock, seed=200)
    pc.shelve(2)
    converse(pc, direct(county))
    county.store.close()
    image = (tmp_path / "county" / "county.db").read_bytes()
    county = reopened_county(tmp_path / "county", clock)
    clone = copied(pc, tmp_path / "clone", clock, 998)
    clone.session.author = clone.session.recorder.author = pc.session.author
    pc.shelve(3)
    clone.shelve(2)
    converse(pc, direct(county))
    converse(clone, direct(county))
    third = enrolled_pc(county, tmp_path / "d3", clock, seed=300)  # what the image lacks
    beside = {fact.identity for fact in clone.facts()} - {fact.identity for fact in pc.facts()}
    assert len(beside) >= 2
    county.close()
    restored = put_back(tmp_path, image, clock)
    assert restored.keys.epoch.number == 2
    for one in (pc, pc, clone, clone):
        assert converse(one, direct(restored))[-1].what == SENT
    held = held_by(restored)
    assert beside <= held
    assert clone.unconfirmed() == pc.unconfirmed() == 0
    for one in (pc, sibling, clone, third):
        one.close()
    restored.close()


def test_who_holds_another_version_of_a_stream_is_not_taken_to_hold_what_is_held_here(
    tmp_path: Path,
) -> None:
    """It got what came behind, which joined on to nothing, and asked for ever (seed 9220105)."""
    clock = SetClock()
    county = new_county(tmp_path / "county", clock)
    pc = enrolled_pc(county, tmp_path / "d1", clock)
    pc.shelve(5)
    converse(pc, direct(county))
    stream, third = next(
        (f.stream, f.identity[:16]) for f in pc.facts() if f.seq == 3 and f.stream == pc.port.live
    )
    with county.store.read() as connection:
        journal = CountyJournal(county.store, connection)
        for mark, seq, named in (
            (third, 3, {stream: 3}),
            ("ab" * 8, 3, {}),
            ("ab" * 8, 9, {stream: 9}),
        ):
            assert named_lines(journal, [Tip(stream, seq, mark)], {}) == named
    pc.close()
    county.close()


def test_what_was_confirmed_of_a_stream_that_now_begins_otherwise_there_is_offered_again(
    tmp_path: Path,
) -> None:
    """The mark of before stood, and what came behind it joined on to nothing (seed 9260170)."""
    clock = SetClock()
    county, image, pc, clone = imaged_and_copied(tmp_path, clock)
    pc.shelve(2)
    converse(pc, direct(county))
    county.close()
    restored = put_back(tmp_path, image, clock)
    assert restored.keys.epoch.number == 1, "it had said nothing since"
    clone.shelve(11)
    converse(clone, direct(restored))
    pc.shelve(3)
    for _ in range(4):
        clock.at += 60_000
        converse(pc, direct(restored))
    assert {fact.identity for fact in pc.facts()} <= held_by(restored)
    assert pc.unconfirmed() == 0
    for one in (pc, clone):
        one.close()
    restored.close()


def test_who_holds_the_shorter_version_of_a_stream_gets_the_longer_one_whole_and_hands_in_its_own(
    tmp_path: Path,
) -> None:
    """It got what came behind its own end, which joined on to nothing, for ever (seed 9800091)."""
    clock = SetClock()
    county, image, pc, clone = imaged_and_copied(tmp_path, clock)
    pc.shelve(9)
    converse(pc, direct(county))
    clone.shelve(2)
    once(clone, lambda request: (answered(county, request), causes.CUT_OFF)[1])
    once(clone, direct(county))  # it is confirmed, and nothing of the other has come
    clone.restart()
    assert clone.unconfirmed() == 0
    third = enrolled_pc(county, tmp_path / "d3", clock, seed=300)  # what the image lacks
    county.close()
    restored = put_back(tmp_path, image, clock)
    assert restored.keys.epoch.number == 2
    converse(pc, direct(restored))
    clone.shelve(1)
    for _ in range(4):
        clock.at += 60_000
        converse(clone, direct(restored))
    held = held_by(restored)
    assert {fact.identity for one in (pc, clone) for fact in one.facts()} <= held
    assert {fact.identity for fact in pc.facts()} <= {fact.identity for fact in clone.facts()}
    assert clone.unconfirmed() == 0
    for one in (pc, clone, third):
        one.close()
    restored.close()
