"""How facts are put into frames: small ones, and never a cut inside an act."""

import dataclasses
import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from station_app.journal.chain import Head
from station_app.journal.fact import Fact, canonical, seal
from station_app.security.signing import Signer
from station_app.sync.dictionary import Press
from station_app.sync.frame import pack
from station_app.sync.packing import (
    LEVEL_QUICK,
    LEVEL_SLOW,
    LINE_FRAME_BYTES,
    by_acts,
    by_heads,
    frames_of,
    level_for,
)
from station_app.sync.segment import SignedHead, sign_head

SIGNER = Signer(b"1" * 32)
STREAM = "NX0601/D1/00112233445566aa"


def facts_of(acts: list[int], *, noise: int = 0, seed: int = 1) -> list[Fact]:
    """Acts of so many facts each; `noise` bytes in each that nothing can pack."""
    chance = random.Random(seed)
    facts: list[Fact] = []
    for number, count in enumerate(acts):
        for _ in range(count):
            header: dict[str, Any] = {
                "act": f"act-{number}",
                "by": "x",
                "entity": "",
                "kind": "a.b",
                "v": 1,
            }
            header |= {"stream": STREAM, "seq": len(facts) + 1, "at": 1000 * len(facts)}
            body = canonical({"n": len(facts), "noise": chance.randbytes(noise).hex()})
            facts.append(seal(body, None, prev=facts[-1].identity if facts else "", **header))
    return facts


def head_of(fact: Fact) -> SignedHead:
    return sign_head(Head(fact.stream, fact.seq, fact.identity), "C" * 16, SIGNER)


def pack_quickly(segments: object) -> bytes:
    return pack(segments, SIGNER, Press(), level=1)  # type: ignore[arg-type]


@given(acts=st.lists(st.integers(1, 60), min_size=1, max_size=12), noise=st.integers(0, 400))
def test_no_frame_ends_inside_an_act_and_nothing_is_lost(acts: list[int], noise: int) -> None:
    facts = facts_of(acts, noise=noise)
    frames = list(frames_of(by_acts(facts), head_of, pack_quickly))
    carried = [fact for f in frames for segment in f.segments for fact in segment.facts]
    assert carried == facts
    for frame in frames:
        last = frame.segments[-1].facts[-1]
        assert last.seq == len(facts) or facts[last.seq].act != last.act
        units = {fact.act for segment in frame.segments for fact in segment.facts}
        assert len(frame.packed) <= LINE_FRAME_BYTES or len(units) == 1


def test_an_act_larger_than_a_frame_travels_alone() -> None:
    facts = facts_of([1, 40, 1], noise=600)
    sizes = [frame.count for frame in frames_of(by_acts(facts), head_of, pack_quickly)]
    assert sizes == [1, 40, 1]


def test_many_starts_of_one_day_share_a_frame() -> None:
    """Seven days offline are seven streams with little in each: one frame, seven heads."""
    starts: list[Fact] = []
    for number in range(7):
        stream = f"NX0601/D1/{number:016x}"
        for fact in facts_of([1, 2]):
            header: dict[str, Any] = {
                "act": fact.act,
                "by": "x",
                "entity": "",
                "kind": "a.b",
                "v": 1,
            }
            header |= {"stream": stream, "seq": fact.seq, "at": fact.at}
            prev = starts[-1].identity if starts and starts[-1].stream == stream else ""
            starts.append(seal(fact.body, None, prev=prev, **header))
    (frame,) = frames_of(by_acts(starts), head_of, pack_quickly)
    assert [segment.last for segment in frame.segments] == [3] * 7


def test_the_stream_of_another_is_cut_only_where_its_author_signed() -> None:
    facts = facts_of([2, 2, 2, 2])
    heads = [head_of(facts[3]), head_of(facts[5])]
    units = list(by_heads(facts, heads))
    assert [len(unit) for unit in units] == [4, 2]
    assert [unit[-1] for unit in units] == [facts[3], facts[5]]


def test_what_follows_the_last_head_waits() -> None:
    facts = facts_of([2, 2])
    assert list(by_heads(facts, [])) == []
    assert list(by_heads(facts, [dataclasses.replace(head_of(facts[1]))])) == [tuple(facts[:2])]


def test_a_slow_line_is_packed_hard() -> None:
    assert level_for(0) == level_for(8_000) == LEVEL_SLOW
    assert level_for(250_000) == level_for(10**8) == LEVEL_QUICK
