"""The conversation, with a real county and real journals and no line at all."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from county_server.county import County
from county_server.keys import Epoch
from county_server.verify import verify_county
from station_app.journal.recorder import Recorder, new_ticket
from station_app.journal.verify import verify
from station_app.sync.exchange import MUST_REOPEN, Request, Wait
from station_app.sync.messages import BodyReader, Opening
from station_app.sync.pacing import GAP_MS, POLL_MS
from station_app.sync.progress import ALONE, BUSY, ONLINE, SENT
from station_app.vocabulary import VOCABULARY
from tests.sync.stand import (
    Pc,
    SetClock,
    converse,
    direct,
    enrolled_pc,
    folded_here,
    folded_there,
    once,
    post,
    registered,
    reopened_county,
)

ASKING = frozenset({"person.registered"})


def opening_of(request: Request) -> Opening:
    reader = BodyReader()
    list(reader.feed(request.body))
    assert reader.block is not None
    return msgspec.json.decode(reader.block.content, type=Opening)


def frames_of(request: Request) -> int:
    return len(list(BodyReader().feed(request.body)))


def asked(pc: Pc) -> Request | Wait:
    """What it would do now; a request is lost on the way."""
    step = pc.exchange.next_request(pc.clock.at)
    if isinstance(step, Request):
        pc.exchange.on_failure("no_line", pc.clock.at)
    return step


# --- Both ways in one round trip -----------------------------------------------------------------


def test_twenty_facts_and_the_first_news_are_one_round_trip(pc: Pc, county: County) -> None:
    pc.shelve(20)
    (outcome,) = converse(pc, direct(county))
    assert (outcome.what, outcome.facts_up, outcome.facts_down) == (SENT, 20, 9)
    assert pc.marks()[pc.port.live] == 20
    assert pc.unconfirmed() == 0
    assert folded_here(pc) == folded_there(county, "NX0601")


def test_two_pcs_of_a_station_come_to_the_same(pc: Pc, sibling: Pc, county: County) -> None:
    parcels = pc.shelve(10)
    converse(pc, direct(county))
    converse(sibling, direct(county))
    sibling.hand_over(parcels[2].identity)
    sibling.shelve(3)
    pc.call(parcels[2].identity)
    for one in (sibling, pc, sibling):
        converse(one, direct(county))
    assert folded_here(pc) == folded_here(sibling) == folded_there(county, "NX0601")
    assert not verify_county(county).findings


def test_another_station_hears_nothing_of_it(
    pc: Pc, county: County, tmp_path: Path, clock: SetClock
) -> None:
    pc.shelve(3)
    converse(pc, direct(county))
    other = enrolled_pc(county, tmp_path / "other", clock, station="NX0602", seed=300)
    converse(other, direct(county))
    streams = {fact.stream.split("/")[0] for fact in other.facts()}
    assert streams == {"county.1"}
    assert not [fact for fact in other.facts() if fact.stream == "county.1/NX0601"]
    other.close()


def test_a_long_history_comes_in_several_requests_and_all_of_it(
    pc: Pc, sibling: Pc, county: County
) -> None:
    for _ in range(3):
        pc.shelve(40)
        pc.restart()
    pc.exchange._pace._room_limit = 4096  # a line of a few hundred bytes a second
    outcomes = converse(pc, direct(county))
    assert len(outcomes) > 1
    assert sum(outcome.facts_up for outcome in outcomes) == 120
    sibling.exchange._pace._room_limit = 4096
    assert len(converse(sibling, direct(county))) > 1
    assert folded_here(pc) == folded_here(sibling) == folded_there(county, "NX0601")


def test_a_second_round_sends_nothing_again(pc: Pc, county: County) -> None:
    pc.shelve(5)
    converse(pc, direct(county))
    pc.exchange.hurry()
    request = pc.exchange.next_request(pc.clock.at)
    assert isinstance(request, Request)
    assert frames_of(request) == 0
    pc.exchange.on_failure("no_line", pc.clock.at)


def test_what_came_down_is_not_sent_up_again(pc: Pc, sibling: Pc, county: County) -> None:
    pc.shelve(5)
    converse(pc, direct(county))
    converse(sibling, direct(county))
    assert not sibling.port.pending(1)
    (outcome,) = converse(sibling, direct(county))
    assert (outcome.facts_up, outcome.facts_down) == (0, 0)


# --- When -----------------------------------------------------------------------------------------


def test_a_quiet_pc_asks_for_news_now_and_then(pc: Pc, county: County, clock: SetClock) -> None:
    converse(pc, direct(county))
    heard = clock.at
    assert pc.exchange.next_request(clock.at) == Wait(heard + GAP_MS)
    clock.at = heard + GAP_MS
    assert pc.exchange.next_request(clock.at) == Wait(heard + POLL_MS)
    clock.at = heard + POLL_MS
    assert isinstance(asked(pc), Request)


def test_several_acts_in_a_burst_are_one_request(pc: Pc, county: County, clock: SetClock) -> None:
    converse(pc, direct(county))
    pc.shelve(4)
    step = pc.exchange.next_request(clock.at)
    assert isinstance(step, Wait)
    clock.at = step.until
    request = asked(pc)
    assert isinstance(request, Request)
    assert frames_of(request) == 1


def test_the_counter_of_the_nonce_rises_and_begins_anew_with_a_start(pc: Pc) -> None:
    seen = []
    for _ in range(2):
        pc.exchange.hurry()
        request = asked(pc)
        assert isinstance(request, Request)
        opening = opening_of(request)
        seen.append((opening.epoch, opening.counter))
    pc.restart()
    request = asked(pc)
    assert isinstance(request, Request)
    again = opening_of(request)
    assert [counter for _, counter in seen] == [1, 2]
    assert again.counter == 1
    assert again.epoch != seen[0][0]


# --- Acts that ask others to act -----------------------------------------------------------------


def offered(pc: Pc) -> set[str]:
    return {row[0] for row in pc.reader.execute("SELECT act FROM offered").fetchall()}


@pytest.fixture
def asking(county: County, tmp_path: Path, clock: SetClock) -> Iterator[Pc]:
    pc = enrolled_pc(county, tmp_path / "asking", clock, asking=ASKING)
    converse(pc, direct(county))
    clock.at += GAP_MS
    yield pc
    pc.close()


def test_an_act_that_asks_waits_a_minute_and_all_behind_it_too(
    asking: Pc, county: County, clock: SetClock
) -> None:
    asking.shelve(1)
    asking.say(registered("赵根喜"))
    asking.shelve(2)
    said = clock.at - 2_000
    outcome = once(asking, direct(county), hurry=False)
    assert outcome.facts_up == 1
    assert not offered(asking)
    clock.at = said + 60_000 - 1
    assert isinstance(asking.exchange.next_request(clock.at), Wait)
    clock.at = said + 60_000
    assert once(asking, direct(county), hurry=False).facts_up == 3


def test_the_mark_is_on_disk_before_the_first_byte_leaves(asking: Pc, clock: SetClock) -> None:
    act = asking.say(registered("赵根喜")).facts[0].act
    clock.at += 60_000
    assert not offered(asking)
    request = asking.exchange.next_request(clock.at)
    assert isinstance(request, Request)
    assert offered(asking) == {act}
    asking.exchange.on_failure("no_line", clock.at)
    assert offered(asking) == {act}


def test_by_key_nothing_is_held_back(asking: Pc, county: County) -> None:
    asking.say(registered("赵根喜"))
    assert once(asking, direct(county), hurry=True).facts_up == 1


def test_a_clock_that_went_back_holds_nothing_for_an_hour(
    asking: Pc, county: County, clock: SetClock
) -> None:
    asking.say(registered("赵根喜"))
    clock.at -= 7_200_000
    request = asked(asking)
    assert isinstance(request, Request)
    assert frames_of(request) == 0
    clock.at += 60_000
    assert once(asking, direct(county), hurry=False).facts_up == 1


# --- Trees, holes, restores ----------------------------------------------------------------------


def copied(pc: Pc, to: Path, clock: SetClock, seed: int) -> Pc:
    """The same disk in another machine, or put back later."""
    pc.close()
    to.mkdir(parents=True)
    (to / "station.db").write_bytes((pc.folder / "station.db").read_bytes())
    twin = Pc(to, pc.place, clock, type(pc.chance)(seed), pc.signer, pc.county)
    pc.open()
    return twin


def test_an_image_of_a_running_machine_that_got_its_lost_facts_again_is_sound(
    pc: Pc, county: County, tmp_path: Path, clock: SetClock
) -> None:
    """Its last act stood in the middle of its stream, and the doctor missed the end of it."""
    pc.shelve(3)
    author = pc.session.author
    image = copied(pc, tmp_path / "image", clock, 999)
    pc.session.author = pc.session.recorder.author = author
    pc.shelve(2)
    converse(pc, direct(county))
    converse(image, direct(county))
    assert [fact.seq for fact in image.facts() if fact.stream == author.stream] == [1, 2, 3, 4, 5]
    assert verify(image.reader, VOCABULARY).findings == ()
    image.close()


def test_a_put_back_image_gets_its_lost_facts_again(
    pc: Pc, county: County, tmp_path: Path, clock: SetClock
) -> None:
    pc.shelve(3)
    converse(pc, direct(county))
    image = copied(pc, tmp_path / "image", clock, 999)
    pc.shelve(4)
    converse(pc, direct(county))
    pc.restart()
    pc.shelve(2)
    converse(pc, direct(county))
    image.shelve(1)
    converse(image, direct(county))
    converse(pc, direct(county))
    assert len([f for f in image.facts() if f.kind == "parcel.shelved"]) == 10
    assert folded_here(image) == folded_there(county, "NX0601") == folded_here(pc)
    assert not verify_county(county).findings
    image.close()


def test_a_clone_on_the_same_stream_must_open_its_journal_anew(
    pc: Pc, county: County, tmp_path: Path, clock: SetClock
) -> None:
    """A live snapshot: two machines go on writing one stream."""
    pc.shelve(2)
    converse(pc, direct(county))
    clone = copied(pc, tmp_path / "clone", clock, 998)
    clone.session.author = pc.session.author
    clone.session.recorder.author = pc.session.author
    pc.shelve(3)
    clone.shelve(2)
    converse(pc, direct(county))
    outcomes = converse(clone, direct(county))
    assert (outcomes[0].what, outcomes[0].cause) == (MUST_REOPEN, "twin")
    assert outcomes[-1].what == SENT
    with county.store.read() as connection:
        branched = connection.exec_driver_sql(
            "SELECT count(*) FROM facts WHERE stream LIKE '%~%'"
        ).scalar_one()
    assert branched == 2  # both versions are kept; only the first is folded
    assert not verify_county(county).findings
    clone.close()


def test_the_live_stream_is_longer_at_the_county(
    pc: Pc, county: County, tmp_path: Path, clock: SetClock
) -> None:
    """A disk that lied: the last acts reached the county and not the disk."""
    pc.shelve(2)
    converse(pc, direct(county))
    disk = copied(pc, tmp_path / "disk", clock, 997)
    live = pc.session.author
    pc.shelve(3)
    converse(pc, direct(county))
    disk.session.author = disk.session.recorder.author = live
    disk.exchange._epoch, disk.exchange._counter = live.stream.rsplit("/", 1)[1], 50
    outcomes = converse(disk, direct(county))
    assert (outcomes[0].what, outcomes[0].cause) == (MUST_REOPEN, "fork")
    assert outcomes[-1].what == SENT
    assert disk.port.live != live.stream
    assert disk.port.head(live.stream).to == 3
    assert folded_here(disk) == folded_there(county, "NX0601")
    disk.close()


def test_a_county_that_lost_its_database_gets_everything_again(
    pc: Pc, sibling: Pc, county: County, tmp_path: Path, clock: SetClock
) -> None:
    pc.shelve(5)
    converse(pc, direct(county))
    county.store.close()
    image = (tmp_path / "county" / "county.db").read_bytes()
    second = reopened_county(tmp_path / "county", clock)
    converse(sibling, direct(second))
    third = enrolled_pc(second, tmp_path / "d3", clock, seed=300)
    pc.shelve(5)
    converse(pc, direct(second))
    second.close()
    for leftover in (tmp_path / "county").glob("county.db*"):
        leftover.unlink()
    (tmp_path / "county" / "county.db").write_bytes(image)

    restored = reopened_county(tmp_path / "county", clock, seed=55)
    assert restored.keys.epoch.number == 2
    for one in (pc, sibling, pc, sibling):
        converse(one, direct(restored))
    assert pc.port.county_epoch() == 2
    assert pc.unconfirmed() == 0
    assert len([f for f in pc.facts() if f.kind == "parcel.shelved"]) == 10
    assert folded_here(pc) == folded_here(sibling) == folded_there(restored, "NX0601")
    assert not [f for f in verify_county(restored).findings if f.check != "head"]
    third.close()
    restored.close()


def test_a_county_put_back_unnoticed_heals_by_comparison(
    pc: Pc, sibling: Pc, county: County, tmp_path: Path, clock: SetClock
) -> None:
    """Nothing of its own was lost, so it begins no new epoch; the tips tell all the same."""
    for one in (pc, sibling):
        converse(one, direct(county))
    county.store.close()
    image = (tmp_path / "county" / "county.db").read_bytes()
    second = reopened_county(tmp_path / "county", clock)
    for _ in range(3):
        pc.shelve(2)
        converse(pc, direct(second))
        pc.restart()
    converse(sibling, direct(second))
    second.close()
    for leftover in (tmp_path / "county").glob("county.db*"):
        leftover.unlink()
    (tmp_path / "county" / "county.db").write_bytes(image)

    restored = reopened_county(tmp_path / "county", clock, seed=55)
    assert restored.keys.epoch.number == 1
    sibling.shelve(1)
    pc.shelve(1)
    for one in (pc, sibling, pc):
        converse(one, direct(restored))
    assert len([f for f in pc.facts() if f.kind == "parcel.shelved"]) == 8
    assert folded_here(pc) == folded_here(sibling) == folded_there(restored, "NX0601")
    assert not verify_county(restored).findings
    restored.close()


def test_an_answer_of_a_former_epoch_is_not_believed(
    pc: Pc, county: County, clock: SetClock
) -> None:
    county.keys.epoch = Epoch(2, county.keys.epoch.given)
    converse(pc, direct(county))
    county.keys.epoch = Epoch(1, county.keys.epoch.given)
    pc.shelve(1)
    outcome = once(pc, direct(county))
    assert (outcome.what, outcome.cause) == ("not_sent", "old_epoch")
    assert pc.unconfirmed() == 1


def test_facts_over_a_hole_are_not_taken_and_are_asked_for_again(
    pc: Pc, sibling: Pc, county: County
) -> None:
    """The feed says that all was given; the journal of the sibling lacks the beginning."""
    pc.shelve(3)
    converse(pc, direct(county))
    converse(sibling, direct(county))
    pc.shelve(3)
    converse(pc, direct(county))
    pc.shelve(3)
    converse(pc, direct(county))
    newest = sibling.port.cursor(1) + 1

    def skip(recorder: Recorder) -> None:
        recorder.connection.execute("UPDATE pulled SET seq = ?", (newest,))

    sibling.session.write(skip)
    outcomes = converse(sibling, direct(county))
    assert sum(outcome.facts_down for outcome in outcomes) == 6
    assert folded_here(sibling) == folded_there(county, "NX0601")


# --- What the page sees --------------------------------------------------------------------------


def test_the_status_tells_where_things_stand(pc: Pc, county: County, clock: SetClock) -> None:
    pc.talk()
    assert pc.exchange.status().line == ALONE
    pc.shelve(7)
    pc.exchange.hurry()
    request = pc.exchange.next_request(clock.at)
    assert isinstance(request, Request)
    under_way = pc.exchange.status()
    assert (under_way.line, under_way.sent, under_way.to_send) == (BUSY, 0, 7)
    assert under_way.backlog.size > 500
    status, headers, body, is_whole = post(county, request.body)
    clock.at += 400
    pc.exchange.on_answer(status, headers, body, clock.at, is_whole=is_whole)
    after = pc.exchange.status()
    assert (after.line, after.backlog.facts, after.last_success_at) == (ONLINE, 0, clock.at)
    assert after.receipt is not None
    assert after.receipt.upto == 7
    assert after.attempts[0].facts_up == 7


def test_tries_are_remembered_over_a_start(pc: Pc, county: County) -> None:
    converse(pc, direct(county))
    once(pc, lambda _request: "no_line")
    pc.restart()
    outcomes = [attempt.outcome for attempt in pc.exchange.status().attempts]
    assert outcomes == ["no_line", "sent"]
    assert pc.exchange.status().last_success_at > 0


def test_the_county_sees_how_much_waits(asking: Pc, county: County) -> None:
    asking.shelve(1)
    asking.say(registered("赵根喜"))  # waits for a minute, and all behind it
    asking.shelve(2)
    once(asking, direct(county), hurry=False)
    assert waiting_at(county) == ("D1", 3)
    once(asking, direct(county))
    assert waiting_at(county) == ("D1", 0)


def waiting_at(county: County) -> tuple[object, ...]:
    with county.store.read() as connection:
        return tuple(connection.exec_driver_sql("SELECT device, waiting FROM contacts").one())


def test_a_ticket_is_unique(pc: Pc) -> None:
    """The stand's own: two acts never share a ticket, or the rest proves nothing."""
    assert new_ticket(pc.chance) != new_ticket(pc.chance)
