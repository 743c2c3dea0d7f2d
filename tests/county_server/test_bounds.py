"""What nobody can use is taken up to a bound; beyond it a frame stays with its PC, told by name."""

from pathlib import Path

import pytest

from county_server import bounds
from county_server.bounds import quarantined, version_facts
from county_server.county import County
from county_server.journal import CountyJournal
from county_server.verify import verify_county
from station_app.sync import causes
from tests.county_server.test_intake import (
    STREAM,
    Hand,
    facts,
    hand,
    length,
    receipt,
)
from tests.sync.stand import SetClock, converse, direct, enrolled_pc, new_county
from tests.sync.test_exchange import copied

__all__ = ["hand"]
AUTHOR = STREAM.rpartition("/")[0]


@pytest.fixture
def low(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "QUARANTINED_MAX", 6)
    monkeypatch.setattr(bounds, "VERSION_FACTS_MAX", 3)


def test_what_nobody_can_read_is_taken_up_to_a_bound(county: County, hand: Hand, low: None) -> None:
    sent = facts(9)
    assert hand.push(sent[:6])[0] == 200
    reply = hand.push(sent[6:])
    assert receipt(county, reply).refused == ((0, "quarantine_full"),)
    assert length(county) == 6  # nothing of it was acknowledged, so nothing is lost
    with county.store.read() as connection:
        assert quarantined(county.store, connection, AUTHOR) == 6
    other = facts(2, stream=f"{AUTHOR}/{'b' * 16}")
    assert receipt(county, hand.push(other)).refused == ((0, "quarantine_full"),)
    assert not verify_county(county).findings


def test_other_versions_are_taken_up_to_a_bound(county: County, hand: Hand, low: None) -> None:
    hand.push(facts(2, say="a"))
    assert receipt(county, hand.push(facts(3, say="b"))).refused == ()
    assert receipt(county, hand.push(facts(1, say="c"))).refused == ((0, "branches_full"),)
    with county.store.read() as connection:
        assert version_facts(county.store, connection, AUTHOR) == 3
    assert not verify_county(county).findings


def test_a_pc_is_told_that_its_frame_stays_here_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SetClock()
    county = new_county(tmp_path / "county", clock)
    pc = enrolled_pc(county, tmp_path / "d1", clock)
    pc.shelve(2)
    converse(pc, direct(county))
    clone = copied(pc, tmp_path / "clone", clock, 998)
    clone.session.author = clone.session.recorder.author = pc.session.author
    pc.shelve(1)
    converse(pc, direct(county))
    monkeypatch.setattr(bounds, "VERSION_FACTS_MAX", 0)
    clone.shelve(1)
    clone.restart()
    later = clone.shelve(1)
    outcome = converse(clone, direct(county))[-1]
    assert (outcome.what, outcome.cause) == ("not_sent", causes.KEPT_HERE)
    with county.store.read() as connection:
        assert CountyJournal(county.store, connection).head(later[0].stream).to == 1
    assert clone.unconfirmed() == 1
    monkeypatch.setattr(bounds, "VERSION_FACTS_MAX", 1)  # somebody has looked
    converse(clone, direct(county))
    assert clone.unconfirmed() == 0
    for one in (pc, clone):
        one.close()
    county.close()
