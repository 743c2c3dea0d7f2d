"""Frames: what goes in comes out, and nothing else is ever taken."""

import dataclasses
from typing import Any

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from station_app.journal.chain import Head
from station_app.journal.fact import FACT_BYTES_MAX, Fact, blake, canonical, seal
from station_app.security.signing import Signer, verify
from station_app.sync import frame as wire
from station_app.sync import rows
from station_app.sync.dictionary import Press
from station_app.sync.frame import FRAME_HEAD_BYTES, pack, unpack
from station_app.sync.segment import (
    COUNTY,
    FACTS_MAX,
    Key,
    KnownKey,
    Rejected,
    Segment,
    author_of,
    sign_head,
)

THE_COUNTY = "ABCDEFGHIJKLMNOP"
D1, D2, OFFICE = Signer(b"1" * 32), Signer(b"2" * 32), Signer(b"c" * 32)
OWNERS = {D1: "NX0601/D1", D2: "NX0601/D2", OFFICE: COUNTY}
STREAM = "NX0601/D1/00112233445566aa"
PRESS = Press({1: b"parcel.shelved courier waybill ZTO shelf B " * 50})


def key_of(key_id: str) -> Key | None:
    for signer, owner in OWNERS.items():
        if signer.key_id == key_id:
            return KnownKey(owner, signer.public_key, verify)
    return None


def run(
    count: int, *, stream: str = STREAM, first: int = 1, prev: str = "", **changes: Any
) -> tuple[Fact, ...]:
    facts: list[Fact] = []
    for number in range(first, first + count):
        header: dict[str, Any] = {
            "stream": stream,
            "seq": number,
            "act": f"ACT{number // 3:013}".replace("0", "A").replace("1", "B"),
            "at": 1_795_564_800_000 + number * 997,
            "kind": "parcel.shelved",
            "v": 1,
            "entity": facts[0].identity if facts and number % 2 else "",
            "by": "ab" * 32,
            "prev": facts[-1].identity if facts else prev,
        }
        private = canonical({"name": "曾示兰", "salt": f"S{number}"}) if number % 3 else None
        facts.append(
            seal(canonical({"n": number, "day": "2026-11-25"}), private, **header | changes)
        )
    return tuple(facts)


def segment(facts: tuple[Fact, ...], signer: Signer = D1) -> Segment:
    last = facts[-1]
    head = sign_head(Head(last.stream, last.seq, last.identity), THE_COUNTY, signer)
    return Segment(facts[0].stream, facts[0].seq, facts[0].prev, facts, head)


def frame(*segments: Segment, signer: Signer = D1, **how: Any) -> bytes:
    return pack(segments, signer, PRESS, **{"level": 3} | how)


def opened(packed: bytes, press: Press = PRESS, county: str = THE_COUNTY) -> Any:
    return unpack(packed, key_of, press, county=county)


def reason(packed: bytes, **how: Any) -> str:
    rejected = opened(packed, **how)
    assert isinstance(rejected, Rejected), rejected
    return rejected.reason


def forged(raw: bytes, *, signer: Signer = D1, number: int = 0) -> bytes:
    """A frame whose packer signed whatever it holds: the attacks of somebody with a key."""
    block = zstandard.ZstdCompressor().compress(raw)
    return signed_frame(block, signer, number)


def signed_frame(block: bytes, signer: Signer, number: int = 0, version: int = 1) -> bytes:
    key = bytes.fromhex(signer.key_id)
    prefix = wire._PREFIX.pack(b"VF", version, number, 3, len(block), key)
    return prefix + signer.sign("frame", blake(prefix + block)) + block


def raw_of(*segments: Segment) -> list[Any]:
    """The rows of a frame as plain lists, to be spoilt."""
    packed = frame(*segments, dictionary=0)
    raw = zstandard.ZstdDecompressor().decompress(packed[FRAME_HEAD_BYTES:])
    spoilt: list[Any] = msgspec.msgpack.decode(raw)
    return spoilt


# --- What goes in comes out ----------------------------------------------------------------------


def test_a_frame_gives_back_every_fact_whole() -> None:
    first, other = segment(run(20)), segment(run(3, stream="NX0601/D2/aa" + "0" * 14), D2)
    assert opened(frame(first, other)) == (first, other)


@pytest.mark.parametrize("level", [1, 3, 19])
@pytest.mark.parametrize("dictionary", [0, 1])
def test_it_does_whatever_the_level_and_the_dictionary(level: int, dictionary: int) -> None:
    whole = segment(run(50))
    assert opened(frame(whole, level=level, dictionary=dictionary)) == (whole,)


def test_the_newest_dictionary_is_used_and_named() -> None:
    assert frame(segment(run(1)))[3] == 1


def test_an_erased_part_travels_as_its_digest_only() -> None:
    facts = tuple(msgspec.structs.replace(fact, private=None) for fact in run(6))
    assert any(fact.private_digest for fact in facts)
    packed = frame(segment(facts))
    assert opened(packed)[0].facts == facts
    assert "曾示兰".encode() not in zstandard.ZstdDecompressor().decompress(
        frame(segment(facts), dictionary=0)[FRAME_HEAD_BYTES:]
    )


def test_a_kind_of_a_newer_program_travels_as_it_is() -> None:
    facts = run(3, kind="drone.landed", v=9)
    assert opened(frame(segment(facts)))[0].facts == facts


def test_a_segment_goes_on_from_the_middle_of_a_stream() -> None:
    whole = run(10)
    later = segment(whole[6:])
    assert opened(frame(later)) == (later,)
    assert later.first == 7
    assert later.prev == whole[5].identity


def test_who_carries_it_does_not_matter() -> None:
    """A sibling, or the county, passes on what D1's head vouches for."""
    for carrier in (D2, OFFICE):
        assert opened(frame(segment(run(4)), signer=carrier))[0].facts == run(4)


texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=80).filter(
    lambda text: "\0" not in text
)


@given(
    names=st.lists(st.one_of(texts, st.just("ab" * 32), st.just("A" * 16)), min_size=1, max_size=5),
    moments=st.lists(st.integers(0, 2**53 - 1), min_size=5, max_size=5),
)
def test_any_names_and_moments_come_back(names: list[str], moments: list[int]) -> None:
    facts: list[Fact] = []
    for number, name in enumerate(names, 1):
        header: dict[str, Any] = {"act": name, "by": name[::-1], "entity": name, "v": 1}
        header |= {
            "kind": "parcel.told",
            "stream": STREAM,
            "seq": number,
            "prev": facts[-1].identity if facts else "",
        }
        facts.append(seal(b"{}", None, at=moments[number - 1], **header))
    whole = segment(tuple(facts))
    assert opened(frame(whole)) == (whole,)


# --- Nothing else is taken -----------------------------------------------------------------------


def test_every_flipped_bit_is_seen() -> None:
    packed = frame(segment(run(3)))
    for place in range(len(packed)):
        for bit in (1, 128):
            spoilt = bytearray(packed)
            spoilt[place] ^= bit
            assert isinstance(opened(bytes(spoilt)), Rejected), place


def test_every_shorter_frame_is_cut_off() -> None:
    packed = frame(segment(run(3)))
    assert {reason(packed[:length]) for length in range(len(packed))} == {"cut_off"}
    assert reason(packed + b"x") == "malformed"


@given(st.binary(max_size=400))
def test_garbage_is_garbage(noise: bytes) -> None:
    assert isinstance(opened(noise), Rejected)
    assert isinstance(opened(b"VF\x01" + noise), Rejected)


@given(st.binary(max_size=2_000))
def test_signed_garbage_is_garbage_too(noise: bytes) -> None:
    assert reason(forged(noise)) == "malformed"
    assert reason(signed_frame(noise, D1)) in ("malformed", "too_big")


def test_a_stranger_packs_nothing() -> None:
    stranger = Signer(b"x" * 32)
    assert reason(frame(segment(run(2)), signer=stranger)) == "unknown_key"


def test_a_head_is_signed_by_the_author_and_by_nobody_else() -> None:
    assert reason(frame(segment(run(2), D2))) == "foreign_head"
    assert reason(frame(segment(run(2), OFFICE))) == "foreign_head"


def test_a_device_does_not_speak_for_the_county() -> None:
    facts = run(2, stream="county.1/all")
    assert reason(frame(segment(facts, D1), signer=OFFICE)) == "foreign_head"
    assert opened(frame(segment(facts, OFFICE)))[0].facts == facts


def test_a_head_of_another_county_is_no_head() -> None:
    assert reason(frame(segment(run(2))), county="Z" * 16) == "bad_head"


def test_a_head_of_another_fact_is_no_head() -> None:
    long, short = segment(run(3)), segment(run(2))
    crossed = dataclasses.replace(short, head=dataclasses.replace(long.head, to=2))
    raw = msgspec.msgpack.encode([rows._packed(crossed)])
    assert reason(forged(raw)) == "bad_head"


def test_a_signature_of_another_use_is_no_signature() -> None:
    packed = bytearray(frame(segment(run(2))))
    prefix, block = bytes(packed[:17]), bytes(packed[FRAME_HEAD_BYTES:])
    packed[17:FRAME_HEAD_BYTES] = D1.sign("receipt", blake(prefix + block))
    assert reason(bytes(packed)) == "bad_signature"


def test_what_this_program_cannot_read_is_named() -> None:
    packed = frame(segment(run(2)), dictionary=1)
    assert reason(packed, press=Press()) == "unknown_dictionary"
    assert reason(signed_frame(b"x", D1, version=3)) == "unknown_format"


def test_a_bomb_is_not_unpacked() -> None:
    """A signed block of some 16 KB that says it holds 500 MB."""
    bomb = zstandard.ZstdCompressor(level=19).compress(bytes(500_000_000))
    assert len(bomb) < 64 * 1024
    assert reason(signed_frame(bomb, D1)) == "too_big"


def test_a_bomb_that_does_not_say_its_size_is_not_unpacked_either() -> None:
    packer = zstandard.ZstdCompressor(level=3, write_content_size=False)
    assert reason(signed_frame(packer.compress(bytes(20_000_000)), D1)) == "too_big"


def test_a_frame_over_the_limit_is_not_even_hashed() -> None:
    assert reason(frame(segment(run(2))) + bytes(wire.PACKED_BYTES_MAX)) == "too_big"


def test_more_facts_than_a_frame_may_hold_are_refused() -> None:
    (packed,) = raw_of(segment(run(2)))
    packed[3] = packed[3][1:] * (FACTS_MAX + 1)
    assert reason(forged(msgspec.msgpack.encode([packed]))) == "malformed"


SPOILT = [
    (lambda p: p.__setitem__(0, "NX0601/D1/../../x"), "malformed"),
    (lambda p: p.__setitem__(0, "county.0/all"), "malformed"),
    (lambda p: p.__setitem__(1, 0), "malformed"),
    (lambda p: p.__setitem__(1, 2**53), "malformed"),
    (lambda p: p.__setitem__(2, b"h123"), "malformed"),
    (lambda p: p.__setitem__(3, []), "malformed"),
    (lambda p: p.__setitem__(4, b"short"), "malformed"),
    (lambda p: p.__setitem__(5, b"short"), "malformed"),
    (lambda p: p.append("more"), "malformed"),
    (lambda p: p[3][0].__setitem__(0, ""), "malformed"),
    (lambda p: p[3][0].__setitem__(0, "k" * 81), "malformed"),
    (lambda p: p[3][0].__setitem__(1, 0), "malformed"),
    (lambda p: p[3][0].__setitem__(1, 1.5), "malformed"),
    (lambda p: p[3][0].__setitem__(2, -5), "malformed"),
    (lambda p: p[3][1].__setitem__(2, 2**60), "malformed"),
    (lambda p: p[3][0].__setitem__(3, bytes(FACT_BYTES_MAX + 1)), "malformed"),
    (lambda p: p[3][0].__setitem__(5, b"short"), "malformed"),
    (lambda p: p[3][1].__setitem__(8, 99), "malformed"),
    (lambda p: p[3][0].__setitem__(8, 1), "malformed"),
    (lambda p: p[3][0].__setitem__(8, b"s" + b"x" * 81), "malformed"),
    (lambda p: p[3][0].__setitem__(8, b"s" + b"a" * 64), "malformed"),
    (lambda p: p[3][0].__setitem__(6, b"s\xff\xfe"), "malformed"),
    (lambda p: p[3][1].__setitem__(2, 1), "bad_head"),
    (lambda p: p[3].pop(), "bad_head"),
    (lambda p: p[3].reverse(), "malformed"),
]


@pytest.mark.parametrize(("spoil", "why"), SPOILT)
def test_a_signed_frame_is_still_checked_field_by_field(spoil: Any, why: str) -> None:
    (packed,) = raw_of(segment(run(3)))
    spoil(packed)
    assert reason(forged(msgspec.msgpack.encode([packed]))) == why


def test_depth_does_not_break_the_reader() -> None:
    nested = b"\x91" * 200_000 + b"\x01"
    assert reason(forged(nested)) == "malformed"
    assert reason(forged(b"\x91\x96" + nested)) == "malformed"


def test_authors() -> None:
    assert author_of(STREAM) == "NX0601/D1"
    assert author_of("county.3/NX0601") == author_of("county.3/all") == COUNTY
