"""Rows and columns between two programs of different age, and the short words around them."""

import dataclasses
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from county_server.county import County
from station_app.journal.fact import Saying
from station_app.sync.column_codes import Malformed
from station_app.sync.dictionary import Press
from station_app.sync.exchange import Exchange, Request
from station_app.sync.frame import COLUMNS, FORMATS, ROWS, format_of
from station_app.sync.messages import BLOCK_HEAD_BYTES, BodyReader, Opening, encode
from station_app.sync.short import NotShort, lengthen, shorten
from tests.sync.stand import (
    Pc,
    Reply,
    SetClock,
    converse,
    enrolled_pc,
    folded_here,
    folded_there,
    handed_over,
    once,
    post,
)

OLD = (ROWS,)


@dataclasses.dataclass
class Watched:
    """A line that keeps what goes over it: formats of frames up and down, and lengths."""

    county: County
    up: list[int] = dataclasses.field(default_factory=list)
    down: list[int] = dataclasses.field(default_factory=list)
    lengths: list[int] = dataclasses.field(default_factory=list)
    magics: list[bytes] = dataclasses.field(default_factory=list)

    def __call__(self, request: Request) -> Reply | str:
        self.up += [format_of(frame) for frame in BodyReader().feed(request.body)]
        self.lengths.append(len(request.body))
        reply = post(self.county, request.body)
        self.down += [format_of(frame) for frame in BodyReader().feed(reply[2])]
        self.magics += [request.body[:2], reply[2][:2]]
        return reply


def is_same(pc: Pc, county: County) -> bool:
    return folded_here(pc) == folded_there(county, pc.station)


def speak(pc: Pc, formats: tuple[int, ...]) -> None:
    """Let the PC run the program of this age."""
    pc.exchange = Exchange(
        pc.port,
        pc.signer,
        Press(),
        county=pc.county,
        key_of=pc.key_of,
        chance=pc.chance,
        formats=formats,
    )


def test_columns_are_sent_only_once_the_county_has_named_them(county: County, pc: Pc) -> None:
    line = Watched(county)
    pc.shelve(3)
    converse(pc, line)
    assert set(line.up) == {ROWS}, "it had not been heard yet"
    assert line.magics[0] == b"VO"
    pc.shelve(3)
    converse(pc, line)
    assert line.up[-1] == COLUMNS
    assert line.magics[-2:] == [b"VQ", b"VQ"]
    assert is_same(pc, county)


@pytest.mark.parametrize("old", ["county", "pc"])
def test_an_old_program_gets_what_it_can_read(county: County, pc: Pc, old: str) -> None:
    line = Watched(county)
    if old == "county":
        county.formats = OLD
    else:
        speak(pc, OLD)
    for _ in range(3):
        pc.shelve(2)
        converse(pc, line)
    assert set(line.up) == {ROWS}
    assert set(line.down) <= {ROWS}
    assert set(line.magics) == {b"VO"}
    assert is_same(pc, county)


def test_what_a_former_county_refuses_travels_again_at_once_as_rows(county: County, pc: Pc) -> None:
    """It was upgraded, named columns, and was put back to the former version."""
    line = Watched(county)
    converse(pc, line)
    county.formats = OLD
    line.up.clear()
    pc.shelve(5)
    outcomes = converse(pc, line)
    assert [outcome.what for outcome in outcomes] == ["sent", "sent"]
    assert line.up == [COLUMNS, ROWS]
    assert pc.unconfirmed() == 0
    assert is_same(pc, county)


def test_a_parcel_of_yesterday_is_named_by_its_place(county: County, pc: Pc) -> None:
    """Handed over today, shelved yesterday and confirmed: 32 bytes less for each."""
    line = Watched(county)
    parcels = pc.shelve(20)
    converse(pc, line)
    pc.restart()
    for parcel in parcels:
        pc.say(Saying(handed_over(), entity=parcel.identity))
    converse(pc, line)
    named = line.lengths[-1]
    assert line.up[-1] == COLUMNS
    assert is_same(pc, county)
    facts = 20 * (10 + 3) + 64 + 64 + 64  # tickets, times and places, signatures
    assert named < facts + 300, named


def test_a_place_that_the_county_lost_is_refused_and_the_fact_travels_as_it_is(
    county: County, pc: Pc, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Watched(county)
    parcel = pc.shelve(1)[0]
    converse(pc, line)
    line.up.clear()
    pc.call(parcel.identity)
    monkeypatch.setattr(
        "county_server.held.HeldThere.identities", lambda _, places: [""] * len(places)
    )
    outcomes = converse(pc, line)
    assert line.up == [COLUMNS, ROWS]
    assert [outcome.what for outcome in outcomes] == ["sent", "sent"]
    assert is_same(pc, county)


def test_an_answer_that_cannot_be_read_is_asked_for_as_rows(
    county: County, pc: Pc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is wrong with a frame of columns: the next answer comes as it is."""
    other = enrolled_pc(county, tmp_path / "other", SetClock(), seed=101)
    for one in (pc, other):
        converse(one, Watched(county))
    other.shelve(4)
    converse(other, Watched(county))
    line = Watched(county)
    with monkeypatch.context() as spoilt:
        spoilt.setattr("station_app.sync.frame._read_columns", _nothing)
        outcome = once(pc, line)
        assert (outcome.what, outcome.cause) == ("not_sent", "garbled")
    assert COLUMNS in line.down
    line.down.clear()
    pc.clock.at += 60_000
    converse(pc, line)
    assert set(line.down) == {ROWS}
    assert {fact.identity for fact in other.facts()} <= {fact.identity for fact in pc.facts()}


def _nothing(*_: Any) -> Any:
    raise Malformed("as if a bit of the memory had flipped")


# --- Short words ---------------------------------------------------------------------------------

OPENING = Opening(
    device="NX0601/D1",
    epoch="21f7dba114ae61a0",
    counter=7,
    county_epoch=1,
    cursor=3,
    room=32_768,
    clock=1_795_564_812_345,
    fold_version=1,
    formats=FORMATS,
)


def test_an_opening_is_short_and_comes_back() -> None:
    content = encode(OPENING)
    short = shorten(content)
    assert lengthen(short, len(content)) == content
    assert len(short) * 3 < len(content)
    with pytest.raises(NotShort):
        lengthen(short, len(content) - 1)


values = st.recursive(
    st.one_of(
        st.integers(-(2**53), 2**53),
        st.text(st.characters(codec="utf-8"), max_size=20),
        st.from_regex(r"[A-Z/]{0,9}([0-9a-f]{16}){0,3}", fullmatch=True),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=10,
)


@settings(max_examples=60)
@given(values)
def test_any_words_come_back(tree: Any) -> None:
    content = msgspec.json.encode(tree, order="sorted")
    assert lengthen(shorten(content), len(content)) == content


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_garbage_is_no_short_block(garbage: bytes) -> None:
    try:
        content = lengthen(garbage, 1_000)
    except NotShort:
        return
    assert len(content) <= 1_000


def test_a_short_bomb_is_not_blown_up(pc: Pc) -> None:
    bomb = shorten(msgspec.json.encode({"a": "x" * 3_000_000}))
    assert len(bomb) < 10_000
    reader = BodyReader()
    head = b"VQ" + len(bomb).to_bytes(4, "big") + bytes(8) + bytes(64)
    assert len(head) == BLOCK_HEAD_BYTES
    assert list(reader.feed(head + bomb)) == []
    assert reader.trouble == "malformed"
    assert reader.block is None
