"""What the county does with a request: held once, forks kept, gaps asked for, keys obeyed."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select

from county_server.buckets import Buckets
from county_server.county import County
from county_server.intake import Push, Refused
from county_server.journal import CountyJournal
from county_server.verify import verify_county
from station_app.journal.chain import Head
from station_app.journal.fact import Fact, canonical, seal
from station_app.security.signing import Signer, verify
from station_app.sync.frame import pack
from station_app.sync.messages import (
    BodyReader,
    Opening,
    Problem,
    Receipt,
    Tip,
    encode,
    open_request,
    read_receipt,
    seal_block,
)
from station_app.sync.segment import COUNTY, KnownKey, Segment, sign_head
from tests.postgres import ON_BOTH_STORES
from tests.sync.stand import (
    STATION,
    Dice,
    Pc,
    Reply,
    SetClock,
    converse,
    direct,
    enrolled_pc,
    new_county,
    post,
)

EPOCH = "00112233445566aa"
STREAM = f"NX0601/D1/{EPOCH}"


class Hand:
    """Writes requests by hand, as a device that may say anything."""

    def __init__(self, county: County, pc: Pc) -> None:
        self.county, self.signer, self.place = county, pc.signer, pc.place
        self.counter = 0

    def opening(self, **changes: Any) -> Opening:
        self.counter += 1
        opening = Opening(
            device=self.place,
            epoch=EPOCH,
            counter=self.counter,
            county_epoch=1,
            cursor=0,
            room=50_000,
            clock=0,
            fold_version=1,
        )
        return msgspec.structs.replace(opening, **changes)

    def send(self, *frames: bytes, **changes: Any) -> Reply:
        block = open_request(self.opening(**changes), self.signer)
        return post(self.county, block + b"".join(frames))

    def frame(self, *segments: Segment) -> bytes:
        return pack(segments, self.signer, self.county.press, level=1)

    def segment(self, facts: tuple[Fact, ...], signer: Signer | None = None) -> Segment:
        last = facts[-1]
        head = Head(last.stream, last.seq, last.identity)
        signed = sign_head(head, self.county.id, signer or self.signer)
        return Segment(last.stream, facts[0].seq, facts[0].prev, facts, signed)

    def push(self, facts: tuple[Fact, ...], **changes: Any) -> Reply:
        return self.send(self.frame(self.segment(facts)), **changes)


@pytest.fixture
def hand(county: County, pc: Pc) -> Hand:
    return Hand(county, pc)


def facts(count: int, *, stream: str = STREAM, prev: str = "", say: str = "a") -> tuple[Fact, ...]:
    made: list[Fact] = []
    for seq in range(1, count + 1):
        header: dict[str, Any] = {"stream": stream, "seq": seq, "act": f"act-{seq}", "at": seq}
        header |= {"kind": "drone.landed", "v": 1, "entity": "", "by": ""}
        body = canonical({"say": say, "seq": seq})
        made.append(seal(body, None, prev=made[-1].identity if made else prev, **header))
    return tuple(made)


def receipt(county: County, reply: Reply) -> Receipt:
    reader = BodyReader()
    list(reader.feed(reply[2]))
    assert reader.block is not None, reply
    read = read_receipt(reader.block, county.key)
    assert isinstance(read, Receipt)
    return read


def held(county: County, reply: Reply, stream: str = STREAM) -> tuple[int, str, int]:
    (entry,) = [e for e in receipt(county, reply).held if e.stream == stream]
    return entry.seq, entry.identity, entry.length


def why(reply: Reply) -> tuple[int, str]:
    return reply[0], msgspec.json.decode(reply[2], type=Problem).reason


def length(county: County, stream: str = STREAM) -> int:
    with county.store.read() as connection:
        return CountyJournal(county.store, connection).head(stream).to


def count(county: County, table: str) -> int:
    tables = county.store.tables.metadata.tables
    with county.store.read() as connection:
        found: int = connection.execute(
            select(func.count()).select_from(tables[table])
        ).scalar_one()
    return found


def beside(county: County) -> int:
    """How many facts are kept of other versions, proved as those of the first."""
    facts = county.store.tables.facts.c
    with county.store.read() as connection:
        found: int = connection.execute(
            select(func.count()).where(facts.stream.like("%~%"))
        ).scalar_one()
        heads = connection.exec_driver_sql("SELECT stream, to_seq FROM heads").all()
        streams = connection.exec_driver_sql("SELECT stream, length FROM streams").all()
    assert {tuple(row) for row in streams if "~" in row[0]} <= {tuple(row) for row in heads}
    return found


# --- Once, in order, joined on -------------------------------------------------------------------


def test_the_receipt_says_what_is_held_after_the_commit(county: County, hand: Hand) -> None:
    sent = facts(5)
    reply = hand.push(sent)
    assert reply[0] == 200
    assert held(county, reply) == (5, sent[-1].identity, 5)
    assert length(county) == 5


@ON_BOTH_STORES
def test_held_facts_are_skipped(county: County, hand: Hand) -> None:
    sent = facts(6)
    hand.push(sent[:4])
    for again in (sent[:4], sent[:2], sent[2:6], sent):
        assert hand.push(again)[0] == 200
    assert length(county) == 6
    assert count(county, "runs") == 2


@ON_BOTH_STORES
def test_a_run_that_does_not_join_is_asked_for_from_where_it_should(
    county: County, hand: Hand
) -> None:
    sent = facts(6)
    hand.push(sent[:2])
    reply = hand.push(sent[4:], tips=(Tip(STREAM, 6, sent[-1].identity[:16]),))
    assert reply[0] == 409
    assert held(county, reply) == (2, sent[1].identity, 2)
    assert length(county) == 2


def test_one_bad_frame_does_not_stop_the_others(county: County, hand: Hand) -> None:
    sent = facts(2)
    other = facts(3, stream="NX0601/D1/" + "b" * 16)
    good = hand.frame(hand.segment(other))
    foreign = hand.frame(hand.segment(sent, Signer(b"x" * 32)))
    reply = hand.send(foreign, good)
    assert receipt(county, reply).refused == ((0, "unknown_key"),)
    assert length(county, other[0].stream) == 3
    assert length(county) == 0


@ON_BOTH_STORES
def test_a_kind_that_nobody_knows_is_kept_and_set_aside(county: County, hand: Hand) -> None:
    hand.push(facts(3))
    assert count(county, "quarantine") == 3
    assert not verify_county(county).findings


# --- Forks ---------------------------------------------------------------------------------------


def test_another_version_of_a_fact_is_kept_beside_the_first(county: County, hand: Hand) -> None:
    first, second = facts(4, say="a"), facts(5, say="b")
    hand.push(first)
    reply = hand.push(second, tips=(Tip(STREAM, 5, second[-1].identity[:16]),))
    assert receipt(county, reply).branched == (STREAM,)
    assert held(county, reply) == (5, second[-1].identity, 5)
    assert length(county) == 4
    assert beside(county) == 5
    with county.store.read() as connection:
        kept = CountyJournal(county.store, connection).run(STREAM, 1, 9)
    assert tuple(kept) == first
    assert not verify_county(county).findings


@ON_BOTH_STORES
def test_a_fork_in_the_middle_keeps_only_what_differs(county: County, hand: Hand) -> None:
    first = facts(4)
    fork = seal(
        canonical({"say": "other"}),
        None,
        stream=STREAM,
        seq=3,
        act="x",
        at=9,
        kind="drone.landed",
        v=1,
        entity="",
        by="",
        prev=first[1].identity,
    )
    hand.push(first)
    hand.push((*first[:2], fork))
    assert beside(county) == 1
    again = hand.push((*first[:2], fork))
    assert receipt(county, again).branched == (STREAM,)
    assert beside(county) == 1


@ON_BOTH_STORES
def test_a_named_branch_is_known_later_too(county: County, hand: Hand) -> None:
    hand.push(facts(4, say="a"))
    second = facts(2, say="b")
    hand.push(second)
    reply = hand.send(tips=(Tip(STREAM, 2, second[-1].identity[:16]),))
    assert held(county, reply) == (2, second[-1].identity, 2)
    assert receipt(county, reply).branched == (STREAM,)


# --- Whose --------------------------------------------------------------------------------------


def test_the_station_comes_from_the_key(
    county: County, hand: Hand, tmp_path: Path, clock: SetClock
) -> None:
    """A device of NX0602 packs a stream of NX0601, whose head it even has."""
    other = enrolled_pc(county, tmp_path / "other", clock, station="NX0602", seed=300)
    stolen = hand.segment(facts(2))
    theirs = Hand(county, other)
    reply = theirs.send(pack((stolen,), other.signer, county.press, level=1))
    assert receipt(county, reply).refused == ((0, "unknown_key"),)
    assert length(county) == 0
    other.close()


def test_who_says_to_be_another_device_is_refused(county: County, hand: Hand) -> None:
    assert why(hand.send(device="NX0601/D2")) == (400, "foreign_device")
    assert why(hand.send(device="NX0602/D1")) == (400, "foreign_device")


@ON_BOTH_STORES
def test_nothing_is_told_of_another_station(
    county: County, hand: Hand, tmp_path: Path, clock: SetClock
) -> None:
    sent = facts(3)
    hand.push(sent)
    other = enrolled_pc(county, tmp_path / "other", clock, station="NX0602", seed=300)
    asks: dict[str, Any] = {"wanted": ((STREAM, 0),), "missing": (sent[1].identity,)}
    asks |= {"tips": (Tip(STREAM, 3, sent[-1].identity[:16]), Tip("county.1/NX0601", 0, ""))}
    reply = Hand(county, other).send(**asks)
    got = receipt(county, reply)
    assert {entry.stream for entry in got.held} == {"county.1/all", "county.1/NX0602"}
    assert {tip.stream for tip in got.tips} == {"county.1/all", "county.1/NX0602"}
    assert sent[1].body not in reply[2]
    other.close()


def test_a_key_that_nobody_registered_gets_nothing(county: County, hand: Hand) -> None:
    hand.signer = Signer(b"x" * 32)
    assert why(hand.send()) == (401, "unknown_key")


def test_a_changed_opening_is_refused(county: County, hand: Hand) -> None:
    block = bytearray(open_request(hand.opening(), hand.signer))
    block[-3] ^= 1
    assert why(post(county, bytes(block))) == (401, "bad_signature")


def test_a_signature_of_another_call_does_not_serve(county: County, hand: Hand) -> None:
    content = encode(hand.opening())
    for label in ("receipt", "head", "frame", "enrolment"):
        block = seal_block(content, hand.signer.sign(label, content), hand.signer.key_id)
        assert why(post(county, block)) == (401, "bad_signature")


@ON_BOTH_STORES
def test_a_nonce_is_used_once(county: County, hand: Hand) -> None:
    block = open_request(hand.opening(), hand.signer)
    assert post(county, block)[0] == 200
    assert why(post(county, block)) == (409, "replayed")
    assert why(hand.send(counter=1)) == (409, "replayed")
    assert hand.send(counter=7)[0] == 200
    assert why(hand.send(counter=6)) == (409, "replayed")


def test_an_image_of_another_start_is_no_replay(county: County, hand: Hand) -> None:
    hand.send(counter=40)
    assert hand.send(counter=1, epoch="f" * 16)[0] == 200


@ON_BOTH_STORES
def test_a_refused_nonce_commits_nothing(county: County, hand: Hand) -> None:
    hand.send(counter=9)
    assert why(hand.push(facts(3), counter=9)) == (409, "replayed")
    assert length(county) == 0


ODD = [
    {"epoch": "xyz"},
    {"epoch": "A" * 16},
    {"counter": 0},
    {"counter": 2**60},
    {"cursor": -1},
    {"room": -1},
    {"clock": 2**60},
    {"waiting": -1},
    {"tips": tuple(Tip("x", 1, "") for _ in range(301))},
    {"tips": (Tip("x", -1, ""),)},
    {"missing": ("x",) * 301},
]


@pytest.mark.parametrize("changes", ODD)
def test_an_odd_opening_is_refused(county: County, hand: Hand, changes: dict[str, Any]) -> None:
    assert why(hand.send(**changes)) == (400, "malformed")


@pytest.mark.parametrize("stream", ["", "x", "../..", "county", "county.1", "NX0602/D1/", "/" * 9])
def test_odd_names_are_answered_with_nothing(county: County, hand: Hand, stream: str) -> None:
    odd: dict[str, Any] = {"tips": (Tip(stream, 3, "x"),), "wanted": ((stream, 1),)}
    reply = hand.send(**odd, missing=(stream,))
    assert reply[0] == 200
    assert {e.stream for e in receipt(county, reply).held if e.seq} <= {
        "county.1/all",
        "county.1/NX0601",
    }


# --- How much ------------------------------------------------------------------------------------


def test_a_body_over_the_limit_is_named_too_big(county: County, hand: Hand) -> None:
    block = open_request(hand.opening(), hand.signer)
    status, _, body, _ = post(county, block + bytes(3_000_000), pieces=1 << 22)
    said = msgspec.json.decode(body, type=Problem)
    assert (status, said.reason) == (413, "too_big")
    assert said.limit > 500_000


@ON_BOTH_STORES
def test_a_noisy_station_is_asked_to_wait(county: County, hand: Hand, clock: SetClock) -> None:
    county.buckets = Buckets(capacity=10, per_second=2)
    assert hand.push(facts(25))[0] == 200
    status, headers, _, _ = hand.send()
    assert status == 429
    assert 8 <= int(headers["retry-after"]) <= 30
    clock.at += 1000 * int(headers["retry-after"])
    assert hand.send()[0] == 200


def test_one_noisy_station_stops_no_other(
    county: County, hand: Hand, tmp_path: Path, clock: SetClock
) -> None:
    county.buckets = Buckets(capacity=10, per_second=2)
    hand.push(facts(25))
    other = enrolled_pc(county, tmp_path / "other", clock, station="NX0602", seed=300)
    assert Hand(county, other).send()[0] == 200
    other.close()


# --- As it trickles in ---------------------------------------------------------------------------


def test_a_body_may_come_byte_by_byte(county: County, hand: Hand) -> None:
    block = open_request(hand.opening(), hand.signer)
    sent = facts(5)
    reply = post(county, block + hand.frame(hand.segment(sent)), pieces=1)
    assert held(county, reply) == (5, sent[-1].identity, 5)


def test_a_slow_body_is_committed_each_second(county: County, hand: Hand, clock: SetClock) -> None:
    sent = facts(4)
    block = open_request(hand.opening(), hand.signer)
    push = Push(county)
    push.feed(block + hand.frame(hand.segment(sent[:2])))
    assert length(county) == 0
    clock.at += 1_000
    push.feed(hand.frame(hand.segment(sent[2:]))[:50])
    assert length(county) == 2
    push.break_off()
    assert length(county) == 2


@pytest.mark.parametrize("at", [0, 1, 40, 300])
def test_a_body_that_ends_inside_gets_no_receipt(county: County, hand: Hand, at: int) -> None:
    body = open_request(hand.opening(), hand.signer) + hand.frame(hand.segment(facts(2)))
    assert post(county, body[:at])[0] == 400
    with pytest.raises(Refused):
        Push(county).finish()


# --- What the county signed ----------------------------------------------------------------------


@ON_BOTH_STORES
def test_what_the_county_lost_comes_back_from_a_device(
    county: County, pc: Pc, tmp_path: Path, clock: SetClock
) -> None:
    """County facts carry the county's head: a device may hand them in, and only as they were."""
    converse(pc, direct(county))
    office = pc.port.run("county.1/NX0601", 1, 99)
    fresh = new_county(tmp_path / "fresh", clock)
    sibling = enrolled_pc(fresh, tmp_path / "d9", clock, seed=901)
    assert fresh.id == county.id  # the same seed made the same county
    hand = Hand(fresh, sibling)
    head = pc.port.heads_after("county.1/NX0601", 0)[-1]
    segment = Segment("county.1/NX0601", 1, "", tuple(office), head)
    reply = hand.send(hand.frame(segment))
    assert receipt(fresh, reply).refused == ()
    assert receipt(fresh, reply).branched == ("county.1/NX0601",)  # another device was enrolled
    forged = hand.segment(tuple(office), sibling.signer)
    assert receipt(fresh, hand.send(hand.frame(forged))).refused == ((0, "foreign_head"),)
    sibling.close()
    fresh.close()


def test_a_receipt_verifies_under_the_county_key_only(county: County, hand: Hand) -> None:
    reader = BodyReader()
    list(reader.feed(hand.push(facts(1))[2]))
    assert reader.block is not None
    assert isinstance(read_receipt(reader.block, county.key), Receipt)
    other = KnownKey(COUNTY, Signer(Dice(5).draw(32)).public_key, verify)
    assert not isinstance(read_receipt(reader.block, other), Receipt)
    device = KnownKey(f"{STATION}/D1", county.keys.signer.public_key, verify)
    assert not isinstance(read_receipt(reader.block, device), Receipt)
