"""The conversation by stick: late, twice, in any order, never believed beyond what it proves."""

import io
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from county_server.bundles import DAMAGED, NOT_OURS, OTHER_COUNTY, UNKNOWN_PC, NoBundle
from county_server.county import County
from county_server.verify import verify_county
from station_app.security.sealed_file import FROM_COUNTY, TO_COUNTY, ForAnotherKey, open_sealed
from station_app.security.sealed_file import Damaged as DamagedFile
from station_app.security.signing import Signer
from station_app.sync.courier import OLD_ANSWER, OTHER_PC, WRONG_COUNTY, Written
from station_app.sync.messages import BY_STICK, BodyReader, read_receipt, write_receipt
from tests.sync import mail
from tests.sync.stand import (
    Dice,
    Pc,
    SetClock,
    converse,
    direct,
    enrolled_pc,
    folded_here,
    folded_there,
    new_county,
    registered,
    reopened_county,
)

ASKING = frozenset({"person.registered"})


@pytest.fixture
def pc(county: County, tmp_path: Path, clock: SetClock) -> Iterator[Pc]:
    pc = enrolled_pc(county, tmp_path / "d1", clock, asking=ASKING)
    yield pc
    pc.close()


# --- Both ways -----------------------------------------------------------------------------------


def test_one_stick_brings_everything_up_and_the_news_down(pc: Pc, county: County) -> None:
    pc.shelve(20)
    carried = mail.carry(pc, county)
    assert (carried.trouble, carried.facts_up, carried.facts_down) == ("", 20, 9)
    assert pc.unconfirmed() == 0
    assert pc.marks()[pc.port.live] == 20
    assert folded_here(pc) == folded_there(county, "NX0601")
    assert carried.receipt is not None
    assert carried.receipt.upto == 20
    assert [attempt.outcome for attempt in pc.port.attempts()] == ["stick_in"]


def test_two_pcs_that_only_know_sticks_come_to_the_same(
    pc: Pc, sibling: Pc, county: County
) -> None:
    parcels = pc.shelve(10)
    mail.carry(pc, county)
    mail.carry(sibling, county)
    sibling.hand_over(parcels[2].identity)
    sibling.shelve(3)
    pc.call(parcels[2].identity)
    for one in (sibling, pc, sibling):
        assert mail.carry(one, county).trouble == ""
    assert folded_here(pc) == folded_here(sibling) == folded_there(county, "NX0601")
    assert not verify_county(county).findings


def test_carried_twice_is_harmless_and_answered_twice(pc: Pc, county: County) -> None:
    pc.shelve(5)
    written = mail.bundle(pc)
    first, answer = mail.read(county, written)
    again, other = mail.read(county, written)
    assert (first.facts, again.facts) == (5, 0)
    mail.take(pc, answer)
    before = folded_here(pc), pc.marks()
    assert mail.take(pc, other).facts_up == 0
    assert mail.take(pc, answer).trouble == ""
    assert (folded_here(pc), pc.marks()) == before


def test_a_journal_put_back_gets_its_own_lost_facts_by_stick(
    pc: Pc, county: County, tmp_path: Path, clock: SetClock
) -> None:
    mail.carry(pc, county)
    pc.shelve(4)
    live = pc.port.live
    mail.carry(pc, county)
    lost = Pc(tmp_path / "again", pc.place, clock, Dice(5), pc.signer, pc.county)
    lost.shelve(1)
    assert mail.carry(lost, county).trouble == ""
    assert lost.port.head(live).to == 4
    assert folded_here(lost) == folded_there(county, "NX0601")
    lost.close()


# --- Late ----------------------------------------------------------------------------------------


def test_a_late_answer_raises_marks_and_never_lowers_them(pc: Pc, county: County) -> None:
    pc.shelve(3)
    _, old = mail.read(county, mail.bundle(pc))
    pc.shelve(4)
    converse(pc, direct(county))
    marks = pc.marks()
    carried = mail.take(pc, old)
    assert (carried.trouble, carried.facts_up) == ("", 0)
    assert pc.marks() == marks
    assert pc.unconfirmed() == 0


def test_a_late_bundle_adds_nothing_to_what_the_line_has_brought(pc: Pc, county: County) -> None:
    pc.shelve(3)
    old = mail.bundle(pc)
    pc.shelve(4)
    converse(pc, direct(county))
    before = folded_there(county, "NX0601")
    assert mail.read(county, old)[0].facts == 0
    assert folded_there(county, "NX0601") == before


def test_an_answer_of_an_epoch_that_is_over_changes_nothing(
    pc: Pc, county: County, tmp_path: Path, clock: SetClock
) -> None:
    pc.shelve(3)
    _, old = mail.read(county, mail.bundle(pc))
    county.keys.begin_epoch()
    pc.shelve(1)
    converse(pc, direct(county))
    marks = pc.marks()
    assert mail.take(pc, old).trouble == OLD_ANSWER
    assert pc.marks() == marks


def test_an_answer_of_a_newer_epoch_begins_with_an_empty_mark(
    pc: Pc, county: County, tmp_path: Path, clock: SetClock
) -> None:
    pc.shelve(3)
    mail.carry(pc, county)
    county.close()
    (tmp_path / "county" / "county.db").unlink()
    for beside in ("county.db-wal", "county.db-shm"):
        (tmp_path / "county" / beside).unlink(missing_ok=True)
    other = new_county(tmp_path / "fresh", clock)
    other.store.close()
    (tmp_path / "fresh" / "county.db").rename(tmp_path / "county" / "county.db")
    restored = reopened_county(tmp_path / "county", clock)
    assert restored.keys.epoch.number == 2
    pc.shelve(2)
    live = pc.port.live
    carried = mail.carry(pc, restored)
    assert carried.trouble == ""
    assert pc.port.county_epoch() == 2
    assert pc.marks()[live] == 0  # what the lost county had confirmed counts for nothing
    assert pc.unconfirmed() == 5
    mail.carry(pc, restored)
    assert pc.unconfirmed() == 0
    assert folded_here(pc)[0] != []
    restored.close()


def test_the_cursor_does_not_move_over_news_that_were_taken_elsewhere(
    pc: Pc, sibling: Pc, county: County, tmp_path: Path, clock: SetClock
) -> None:
    image = Pc(tmp_path / "image", pc.place, clock, Dice(6), pc.signer, pc.county)
    converse(image, direct(county))  # it knows the keys, and stands at the beginning of the feed
    sibling.shelve(3)
    converse(sibling, direct(county))
    converse(pc, direct(county))
    sibling.restart()  # a stream of its own: nothing in it shows what came before
    sibling.shelve(2)
    converse(sibling, direct(county))
    _, later = mail.read(county, mail.bundle(pc))  # begins where this journal stands now
    assert mail.take(image, later).facts_down == 2  # and it lacks the first three
    assert image.port.cursor(1) == 0
    converse(image, direct(county))
    assert folded_here(image) == folded_there(county, "NX0601")
    image.close()


# --- Not believed --------------------------------------------------------------------------------


def test_an_answer_for_another_pc_is_not_opened(pc: Pc, sibling: Pc, county: County) -> None:
    _, answer = mail.read(county, mail.bundle(pc))
    with pytest.raises(ForAnotherKey):
        mail.take(sibling, answer)


def test_an_answer_that_was_sealed_anew_for_another_pc_is_refused(
    pc: Pc, sibling: Pc, county: County
) -> None:
    pc.shelve(2)
    _, answer = mail.read(county, mail.bundle(pc))
    content = mail.opened(answer, pc.signer, FROM_COUNTY)
    before = folded_here(sibling)
    forged = mail.sealed(sibling.signer.public_key, FROM_COUNTY, [content])
    assert mail.take(sibling, forged).trouble == OTHER_PC
    assert folded_here(sibling) == before


def test_a_receipt_of_the_line_is_none_of_a_stick(pc: Pc, county: County) -> None:
    pc.shelve(2)
    _, answer = mail.read(county, mail.bundle(pc))
    content = mail.opened(answer, pc.signer, FROM_COUNTY)
    reader = BodyReader(BY_STICK.bytes_max)
    list(reader.feed(content))
    assert reader.block is not None
    receipt = read_receipt(reader.block, county.key, BY_STICK)
    by_line = write_receipt(receipt, county.keys.signer)  # type: ignore[arg-type]
    forged = mail.sealed(pc.signer.public_key, FROM_COUNTY, [by_line])
    assert mail.take(pc, forged).trouble == WRONG_COUNTY
    assert pc.marks() == {}


def test_an_answer_of_another_county_is_refused(
    pc: Pc, county: County, tmp_path: Path, clock: SetClock
) -> None:
    other = new_county(tmp_path / "other", clock, seed=77)
    _, answer = mail.read(county, mail.bundle(pc))
    reader = BodyReader(BY_STICK.bytes_max)
    list(reader.feed(mail.opened(answer, pc.signer, FROM_COUNTY)))
    assert reader.block is not None
    receipt = read_receipt(reader.block, county.key, BY_STICK)
    theirs = write_receipt(receipt, other.keys.signer, BY_STICK)  # type: ignore[arg-type]
    forged = mail.sealed(pc.signer.public_key, FROM_COUNTY, [theirs])
    assert mail.take(pc, forged).trouble == WRONG_COUNTY
    pc.shelve(1)
    with pytest.raises(NoBundle, match=OTHER_COUNTY):
        mail.read(other, mail.bundle(pc))
    other.close()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", NOT_OURS),
        (b"PK\x03\x04" + bytes(400), NOT_OURS),
        (b"VSU1\x01" + bytes(9), OTHER_COUNTY),
    ],
)
def test_a_file_that_is_none_of_ours(county: County, content: bytes, reason: str) -> None:
    with pytest.raises(NoBundle, match=reason):
        mail.read(county, content)


def test_a_pc_that_the_county_does_not_know(pc: Pc, county: County) -> None:
    pc.shelve(1)
    pc.signer = Signer(bytes(32))
    with pytest.raises(NoBundle, match=UNKNOWN_PC):
        mail.read(county, mail.bundle(pc))


def test_cut_off_anywhere_nothing_of_it_is_taken(pc: Pc, county: County) -> None:
    pc.shelve(6)
    written = mail.bundle(pc)
    _, answer = mail.read(county, written)
    for end in range(14, len(written), 97):
        with pytest.raises(NoBundle, match=DAMAGED):
            mail.read(county, written[:end])
    for end in range(14, len(answer), 97):
        with pytest.raises(DamagedFile):
            mail.take(pc, answer[:end])
    assert pc.marks() == {}


def test_a_lost_stick_leaks_nothing(pc: Pc, county: County) -> None:
    pc.shelve(3)
    written = mail.bundle(pc)
    _, answer = mail.read(county, written)
    inside = mail.opened(written, county.keys.signer, TO_COUNTY)
    assert inside.startswith(b"VO")
    for planted in ("曾示兰", "1006", "NX0601", "73100000000001", "parcel"):
        for content in (written, answer):
            assert planted.encode() not in content
    assert b"NX0601" in inside  # the words would be found if they lay open


# --- What asks others ----------------------------------------------------------------------------


def offered(pc: Pc) -> int:
    return int(pc.reader.execute("SELECT count(*) FROM offered").fetchone()[0])


def test_an_act_that_asks_others_is_offered_before_its_first_byte_leaves(pc: Pc) -> None:
    pc.shelve(1)
    pc.say(registered("王示明"))
    pieces = mail.courier(pc).bundle(pc.clock.at, Written())
    next(pieces)
    assert offered(pc) == 0  # the opening names no act
    next(pieces)
    assert offered(pc) == 1


def test_it_goes_at_once_by_stick_and_stays_offered_when_the_stick_is_lost(
    pc: Pc, county: County
) -> None:
    pc.say(registered("王示明"))
    assert mail.read(county, mail.bundle(pc))[0].facts == 1
    pc.restart()
    assert offered(pc) == 1


# --- Any order -----------------------------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32))
def test_line_and_stick_in_any_order_come_to_the_same(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    dice = random.Random(seed)
    folder, clock = tmp_path_factory.mktemp("mix"), SetClock()
    county = new_county(folder / "county", clock)
    pcs = [enrolled_pc(county, folder / f"d{n}", clock, seed=n * 100) for n in (1, 2)]
    bundles: list[tuple[int, bytes]] = []
    answers: list[tuple[int, bytes]] = []
    for _ in range(24):
        n = dice.randrange(2)
        what = dice.choice(("work", "work", "write", "read", "read", "take", "line", "start"))
        if what == "work":
            pcs[n].shelve(dice.randrange(1, 4))
        elif what == "write":
            bundles.append((n, mail.bundle(pcs[n])))
        elif what == "read" and bundles:
            whose, written = dice.choice(bundles)
            answers.append((whose, mail.read(county, written)[1]))
        elif what == "take" and answers:
            whose, answer = dice.choice(answers)
            assert mail.take(pcs[whose], answer).trouble == ""
        elif what == "line":
            converse(pcs[n], direct(county))
        elif what == "start":
            pcs[n].restart()
        marks = pcs[n].marks()
        assert all(pcs[n].port.head(stream).to >= seq for stream, seq in marks.items())
    for one in (*pcs, *pcs):
        assert mail.carry(one, county).trouble == ""
    assert folded_here(pcs[0]) == folded_here(pcs[1]) == folded_there(county, "NX0601")
    assert all(one.unconfirmed() == 0 for one in pcs)
    assert not verify_county(county).findings
    for one in pcs:
        one.close()
    county.close()


def test_nothing_is_returned_of_a_file_before_its_end_was_seen(pc: Pc, county: County) -> None:
    pc.shelve(1)
    written = bytearray(mail.bundle(pc))
    written[-1] ^= 1
    with pytest.raises(DamagedFile):
        open_sealed(io.BytesIO(bytes(written)), county.keys.signer, TO_COUNTY)
