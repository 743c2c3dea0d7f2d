"""Columns: every fact comes back byte for byte, and hostile columns are answered with a reason."""

import base64
import json
import struct
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from station_app.journal.fact import FACT_BYTES_MAX, Fact, canonical, seal
from station_app.resources_dir import resources
from station_app.sync import columns
from station_app.sync.column_codes import (
    Malformed,
    Sink,
    Source,
    read_numbers,
    read_texts,
    write_numbers,
    write_texts,
)
from station_app.sync.column_writer import Writer
from station_app.sync.dictionary import Press, load_press
from station_app.sync.frame import COLUMNS, ROWS, format_of, pack, unpack
from station_app.sync.places import InFrames, Nowhere
from station_app.sync.segment import SEGMENTS_MAX, Rejected, Segment
from station_app.vocabulary import VOCABULARY
from tests.ledger.samples import sample
from tests.sync.test_segment import (
    D1,
    PRESS,
    STREAM,
    THE_COUNTY,
    key_of,
    run,
    segment,
    signed_frame,
)

GOLDEN = Path(__file__).parent / "golden"
OTHER = "NX0601/D1/" + "ab" * 8


def facts_of(*said: tuple[str, bytes, bytes | None], v: int = 1) -> tuple[Fact, ...]:
    """Facts of these kinds, bodies and private parts, one act each."""
    facts: list[Fact] = []
    for number, (kind, body, private) in enumerate(said, 1):
        header: dict[str, Any] = {"stream": STREAM, "seq": number, "kind": kind, "v": v}
        header |= {"act": base64.b32encode(number.to_bytes(10, "big")).decode(), "by": "ab" * 32}
        header |= {"at": 1_795_564_800_000 + number * 1_700, "entity": ""}
        header |= {"prev": facts[-1].identity if facts else ""}
        facts.append(seal(body, private, **header))
    return tuple(facts)


def back(whole: Segment, held: InFrames | None = None, **how: Any) -> Segment:
    """What a frame of columns gives back."""
    packed = pack((whole,), D1, PRESS, level=3, format_=COLUMNS, places=held, **how)
    assert format_of(packed) == COLUMNS
    opened = unpack(packed, key_of, PRESS, county=THE_COUNTY, places=held)
    assert not isinstance(opened, Rejected), opened
    return opened[0]


def plain_of(whole: Segment, press: Press = PRESS) -> bytes:
    """The compressible part of a frame of columns."""
    plain, _ = columns.write((whole,), Nowhere(), press.knows_kind)
    return plain


# --- What goes in comes out ----------------------------------------------------------------------


def test_every_kind_of_fact_comes_back() -> None:
    """As one frame, and each kind alone: the samples of the whole vocabulary."""
    said = []
    for (kind, _), body in sorted(VOCABULARY.kinds.items()):
        private = canonical({"name": "曾示兰", "salt": "A" * 16, "whose": ["ab" * 32]})
        said.append((kind, canonical(sample(body)), private if body.PRIVATE else None))
    whole = segment(facts_of(*said, *said))
    assert back(whole) == whole
    for one in said:
        alone = segment(facts_of(one))
        assert back(alone) == alone


def test_facts_with_references_erased_parts_and_many_streams_come_back() -> None:
    facts = run(60)
    erased = tuple(
        Fact(**{**{n: getattr(f, n) for n in f.__struct_fields__}, "private": None}) for f in facts
    )
    other = run(9, stream="NX0601/D1/" + "0" * 16)
    for whole in (
        segment(facts),
        segment(erased),
        segment(run(9, first=5, prev=facts[3].identity)),
    ):
        assert back(whole) == whole
    frame = pack((segment(facts), segment(other)), D1, PRESS, level=3, format_=COLUMNS)
    assert unpack(frame, key_of, PRESS, county=THE_COUNTY) == (segment(facts), segment(other))


trees = st.recursive(
    st.one_of(
        st.integers(-(2**53) + 1, 2**53 - 1),
        st.text(st.characters(codec="utf-8"), max_size=30),
        st.from_regex(r"[A-Z]{0,3}[0-9]{3,14}", fullmatch=True),
        st.sampled_from(["", "ab" * 32, "A" * 16, "ZTO", "\x01", "0123", "%s", '"', "\x7f"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


def spelt(tree: Any) -> bytes | None:
    try:
        return canonical(tree)
    except ValueError:
        return None


@settings(max_examples=40)
@given(st.lists(st.dictionaries(st.text(max_size=6), trees, max_size=4), min_size=1, max_size=6))
def test_any_tree_comes_back(found: list[dict[str, Any]]) -> None:
    bodies = [body for tree in found if (body := spelt(tree)) is not None]
    said = [("a.b", body, body if place % 2 else None) for place, body in enumerate(bodies)]
    if said:
        whole = segment(facts_of(*said, *said))
        assert back(whole) == whole


@settings(max_examples=60)
@given(st.lists(st.binary(max_size=60), min_size=1, max_size=6))
def test_any_bytes_come_back(bodies: list[bytes]) -> None:
    """Whatever somebody signed as a body: it travels as it is."""
    whole = segment(facts_of(*(("a.b", body, body) for body in bodies)))
    assert back(whole) == whole


NOT_PLAIN = [
    b'{"a": 1}',
    b'{"b":1,"a":2}',
    b'{"a":1.5}',
    b'{"a":true}',
    b'{"a":null}',
    b'{"a":[1,"x"]}',
    b'{"a":1,"a":1}',
    b'{"a":9007199254740993}',
    b'"text"',
    b"[" * 40 + b"]" * 40,
    b'{"a":"\\u0041"}',
    b"\x01\x02\x03\x04",
]


@pytest.mark.parametrize("body", NOT_PLAIN, ids=range(len(NOT_PLAIN)))
def test_what_columns_would_spell_otherwise_travels_as_it_is(body: bytes) -> None:
    others = [canonical({"a": n, "here": 1}) for n in (1, 2)]
    said = [("a.b", one, None) for one in others]
    whole = segment(facts_of(("a.b", body, body), *said))
    assert back(whole) == whole
    plain = plain_of(whole)
    assert plain.count(body) >= 2
    assert not any(other in plain for other in others), "only what must travels so"


def test_a_kind_or_a_version_that_is_not_known_here_travels_as_it_is() -> None:
    bodies = [canonical({"day": "2026-11-25", "n": n}) for n in (7, 8)]
    knowing = Press({}, kinds={("parcel.told", 1)})
    told = segment(facts_of(*(("parcel.told", body, None) for body in bodies)))
    landed = segment(facts_of(*(("drone.landed", body, body) for body in bodies)))
    newer = segment(facts_of(*(("parcel.told", body, None) for body in bodies), v=2))
    for body in bodies:
        assert plain_of(told, knowing).count(body) == 0
        assert plain_of(landed, knowing).count(body) == 2
        assert plain_of(newer, knowing).count(body) == 1


def test_a_fact_of_the_greatest_length_comes_back() -> None:
    body = canonical({"noise": base64.b64encode(bytes(range(256)) * 190).decode()})
    assert len(body) < FACT_BYTES_MAX
    whole = segment(facts_of(("a.b", body, None), ("a.b", body, None)))
    assert back(whole) == whole


# --- References ----------------------------------------------------------------------------------


def test_a_fact_that_both_hold_is_named_by_its_place() -> None:
    founder = segment(run(6, stream=OTHER))
    named = [fact.identity for fact in founder.facts]
    whole = segment(facts_of(*(("a.b", canonical({"of": one}), None) for one in named)))
    held = InFrames()
    held.note(founder.facts)
    assert back(whole, held) == whole
    with_places, without = columns.write((whole,), held), columns.write((whole,), Nowhere())
    assert sum(map(len, without)) - sum(map(len, with_places)) > 6 * 32 - 40  # less a stream's name
    for one in named:
        assert bytes.fromhex(one) in without[1]
        assert bytes.fromhex(one) not in with_places[1]


def test_a_place_that_is_not_held_here_refuses_the_frame() -> None:
    held = InFrames()
    held.note(run(3, stream=OTHER))
    body = canonical({"of": run(3, stream=OTHER)[1].identity})
    whole = segment(facts_of(("a.b", body, None)))
    frame = pack((whole,), D1, PRESS, level=3, format_=COLUMNS, places=held)
    refused = unpack(frame, key_of, PRESS, county=THE_COUNTY)
    assert isinstance(refused, Rejected)
    assert refused.reason == "unknown_place"


def test_another_fact_at_the_place_is_seen_at_the_head() -> None:
    """Here and there another version of a stream: the hashes do not come out."""
    ours, theirs = InFrames(), InFrames()
    ours.note(run(3, stream=OTHER))
    theirs.note(run(3, stream=OTHER, by="cd" * 32))
    body = canonical({"of": run(3, stream=OTHER)[1].identity})
    frame = pack((segment(facts_of(("a.b", body, None))),), D1, PRESS, level=3, format_=COLUMNS,
                 places=ours)  # fmt: skip
    refused = unpack(frame, key_of, PRESS, county=THE_COUNTY, places=theirs)
    assert isinstance(refused, Rejected)
    assert refused.reason == "bad_head"


def test_what_does_not_come_back_goes_as_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The writer is wrong, in whatever way: nothing wrong leaves, and everything does."""

    def spoilt(sink: Sink, values: Any) -> None:
        write_numbers(sink, [value + 1 for value in values])

    monkeypatch.setattr("station_app.sync.column_writer.write_numbers", spoilt)
    whole = segment(run(5))
    frame = pack((whole,), D1, PRESS, level=3, format_=COLUMNS)
    assert format_of(frame) == ROWS
    assert unpack(frame, key_of, PRESS, county=THE_COUNTY) == (whole,)


# --- Columns by themselves -----------------------------------------------------------------------


@given(st.lists(st.integers(-(2**53), 2**53), max_size=50))
def test_any_numbers_come_back(values: list[int]) -> None:
    sink = Sink()
    write_numbers(sink, values)
    source = Source(bytes(sink.plain), bytes(sink.noise))
    assert read_numbers(source, len(values)) == values
    assert source.is_empty


some_texts = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.from_regex(r"[A-Z2-7]{16}", fullmatch=True),
    st.from_regex(r"[A-Z]{0,4}[0-9]{1,20}", fullmatch=True),
)


@settings(max_examples=50)
@given(st.lists(some_texts, max_size=40))
def test_any_texts_come_back(values: list[str]) -> None:
    sink = Sink()
    write_texts(sink, values)
    source = Source(bytes(sink.plain), bytes(sink.noise))
    assert read_texts(source, len(values), str) == values
    assert source.is_empty


# --- Nothing else is taken -----------------------------------------------------------------------


def framed(plain: bytes, noise: bytes = b"") -> bytes:
    """A frame whose packer signed whatever it holds."""
    block = struct.pack(">I", len(noise)) + noise + zstandard.ZstdCompressor().compress(plain)
    return signed_frame(block, D1, 0, COLUMNS)


def reason(frame: bytes) -> str:
    refused = unpack(frame, key_of, PRESS, county=THE_COUNTY)
    assert isinstance(refused, Rejected), refused
    return refused.reason


@settings(max_examples=100)
@given(st.binary(max_size=300), st.binary(max_size=80))
def test_signed_garbage_is_refused(plain: bytes, noise: bytes) -> None:
    assert reason(framed(plain, noise)) in ("malformed", "unknown_place")


@settings(max_examples=150)
@given(st.integers(0, 10**6), st.integers(0, 255), st.sampled_from(["set", "cut", "insert"]))
def test_a_spoilt_byte_of_signed_columns_is_refused_or_changes_nothing(
    place: int, byte: int, how: str
) -> None:
    whole = segment(run(30))
    plain, noise = columns.write((whole,), Nowhere())
    at = place % len(plain)
    spoilt = {
        "set": plain[:at] + bytes([byte]) + plain[at + 1 :],
        "cut": plain[:at],
        "insert": plain[:at] + bytes([byte]) + plain[at:],
    }[how]
    opened = unpack(framed(spoilt, noise), key_of, PRESS, county=THE_COUNTY)
    assert isinstance(opened, Rejected) or opened == (whole,)
    if isinstance(opened, Rejected):
        assert opened.reason in (
            "malformed", "unknown_place", "bad_head", "unknown_key", "foreign_head",
        )  # fmt: skip


def test_a_few_bytes_do_not_become_many() -> None:
    """A text of 60 KB that 300 facts share: it says eighteen megabytes in less than seventy."""
    body = canonical({"x": "a" * 60_000})
    whole = segment(facts_of(*(("a.b", body, None) for _ in range(300))))
    sink = Sink()
    Writer((whole,), {}, columns.know_all).write(sink)
    assert len(sink.plain) < 70_000
    with pytest.raises(Malformed, match="unpacks to more"):
        columns.read(bytes(sink.plain), bytes(sink.noise), Nowhere())
    assert reason(framed(bytes(sink.plain), bytes(sink.noise))) == "malformed"


def said(*numbers: int) -> bytes:
    sink = Sink()
    for number in numbers:
        sink.number(number)
    return bytes(sink.plain)


LIARS = [
    said(10**15),
    b"\xff" * 40,
    said(0, 0),
    said(1, 10_000) + b"x" * 10_000,
    said(0, SEGMENTS_MAX),
]


@pytest.mark.parametrize("plain", LIARS, ids=range(len(LIARS)))
def test_counts_are_checked_before_anything_is_made(plain: bytes) -> None:
    assert reason(framed(plain)) == "malformed"


def test_a_bomb_is_not_unpacked() -> None:
    packed = zstandard.ZstdCompressor(level=19).compress(bytes(17_000_000))
    assert reason(signed_frame(bytes(4) + packed, D1, 0, COLUMNS)) == "too_big"
    assert reason(signed_frame(b"\0\0", D1, 0, COLUMNS)) == "malformed"
    assert reason(signed_frame(b"\xff\xff\xff\xff" + packed, D1, 0, COLUMNS)) == "malformed"


# --- For ever ------------------------------------------------------------------------------------


def recorded(name: str) -> tuple[bytes, list[str]]:
    kept = json.loads((GOLDEN / name).read_text("ascii"))
    return base64.b64decode(kept["frame"]), kept["identities"]


@pytest.mark.parametrize("name", ["rows.json", "columns.json"])
def test_a_frame_that_was_recorded_is_read_for_ever(name: str) -> None:
    """Made once, by the first program that wrote this format; never made again."""
    frame, identities = recorded(name)
    press = load_press(resources() / "dictionaries")
    opened = unpack(frame, key_of, press, county=THE_COUNTY)
    assert not isinstance(opened, Rejected), opened
    facts = [fact for one in opened for fact in one.facts]
    assert [fact.identity for fact in facts] == identities
