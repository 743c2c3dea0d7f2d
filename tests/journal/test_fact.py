"""A fact has one spelling, one digest and one identity, and says only what may be said."""

import json
import unicodedata
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.journal.fact import (
    DEPTH_MAX,
    FACT_BYTES_MAX,
    INTEGER_MAX,
    Fact,
    NotCanonical,
    canonical,
    device_of,
    digest_of,
    is_from_county,
    is_intact,
    parse_tree,
    seal,
    station_of,
)

texts = st.text(st.characters(codec="utf-8"), max_size=12).filter(
    lambda text: unicodedata.is_normalized("NFC", text)
)
integers = st.integers(-INTEGER_MAX, INTEGER_MAX)
trees = st.dictionaries(
    texts,
    st.recursive(
        texts | integers,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
        max_leaves=12,
    ),
    max_size=5,
)


def depth(tree: Any) -> int:
    inner = list(tree.values()) if isinstance(tree, dict) else tree
    return 1 + max(map(depth, inner), default=0) if isinstance(inner, list) else 0


@given(trees.filter(lambda tree: depth(tree) <= DEPTH_MAX))
def test_canonical_bytes_read_back_as_the_same_value(tree):
    assert parse_tree(canonical(tree)) == tree


@given(trees.filter(lambda tree: depth(tree) <= DEPTH_MAX and len(tree) > 1))
def test_keys_have_one_order_whatever_order_they_were_said_in(tree):
    backwards = dict(reversed(list(tree.items())))
    assert canonical(backwards) == canonical(tree)
    out_of_order = json.dumps(dict(sorted(tree.items(), reverse=True)), ensure_ascii=False)
    with pytest.raises(NotCanonical):
        parse_tree(out_of_order.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    "other",
    [
        b'{"a": 1}',
        b' {"a":1}',
        b'{"a":1}\n',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b'{"a":01}',
        b'{"a":-0}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":true}',
        b'{"a":null}',
        b'{"a":NaN}',
        b'{"a":"\\u0041"}',
        b'{"a":"\\/"}',
        b'{"a":"\\ud800"}',
        b'{"a":"e\xcc\x81"}',
        b'{"e\xcc\x81":1}',
        b'{"a":"\xff"}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":9007199254740992}',
        b'{"a":-9007199254740992}',
        b'{"a":12345678901234567890123}',
        b"[1]",
        b'"a"',
        b"1",
        b"",
        b"{",
        b'{"a":1}{}',
        b"\xef\xbb\xbf{}",
        b'{"a":' + b"[" * 9 + b"]" * 9 + b"}",
        b"[" * 60_000,
    ],
)
def test_every_other_spelling_is_refused(other):
    with pytest.raises(NotCanonical):
        parse_tree(other)


def test_text_has_to_be_composed_before_it_is_recorded():
    assert canonical({"name": "\u00e9"}) == b'{"name":"\xc3\xa9"}'
    with pytest.raises(NotCanonical):
        canonical({"name": "e\u0301"})
    after_a_line = {"name": "\n\u0303"}  # spelled "\\n" and a tilde, which together look like ñ
    assert parse_tree(canonical(after_a_line)) == after_a_line


@pytest.mark.parametrize("value", [1.0, True, None, INTEGER_MAX + 1, -INTEGER_MAX - 1, "\ud800"])
def test_what_has_no_place_in_a_fact(value):
    with pytest.raises(NotCanonical):
        canonical({"a": value})


def test_deepest_tree():
    tree: Any = 1
    for _ in range(DEPTH_MAX):
        tree = {"a": tree}
    assert parse_tree(canonical(tree)) == tree
    with pytest.raises(NotCanonical):
        canonical({"a": tree})


def test_longest_fact():
    room = FACT_BYTES_MAX - len(b'{"a":""}')
    assert parse_tree(b'{"a":"' + b"x" * room + b'"}')
    with pytest.raises(NotCanonical):
        parse_tree(b'{"a":"' + b"x" * (room + 1) + b'"}')


def sample(**changes: Any) -> Fact:
    header = {
        "stream": "NX0601/D1/00112233aabbccdd",
        "seq": 7,
        "act": "ACT0000000000001",
        "at": 1_795_564_800_000,
        "kind": "toy.lent",
        "v": 1,
        "entity": "ab" * 32,
        "by": "cd" * 32,
        "prev": "ef" * 32,
    }
    body = changes.pop("body", b'{"times":1}')
    private = changes.pop("private", b'{"salt":"AAAAAAAAAAAAAAAA","whose":[],"words":"x"}')
    return seal(body, private, **{**header, **changes})


def test_identity_is_pinned():
    # Written down once. If it changes, no journal in the world verifies any more.
    fact = sample()
    assert fact.digest == "88916bf8c3142b13c0361e25661bb87951a56a32fe6d6c1ab60babde1195a61a"
    assert fact.identity == "ae7897f7ccc0731b2d56252fdaacb6e1c10115ebf0b338dffb2726b820f4d21e"


@given(
    st.sampled_from(
        ["stream", "seq", "act", "at", "kind", "v", "entity", "by", "prev", "digest", "identity"]
    )
)
def test_no_field_of_the_header_can_be_changed_unseen(name):
    fact = sample()
    value = getattr(fact, name)
    other = (
        value + 1 if isinstance(value, int) else f"{value[:-1]}{'0' if value[-1] != '0' else '1'}"
    )
    assert is_intact(fact)
    assert not is_intact(msgspec.structs.replace(fact, **{name: other}))


@pytest.mark.parametrize(
    "changes",
    [
        {"body": b'{"times":2}'},
        {"private": b'{"salt":"AAAAAAAAAAAAAAAA","whose":[],"words":"y"}'},
        {"private_digest": "00" * 32},
        {"private_digest": ""},
    ],
)
def test_neither_body_nor_private_part_can_be_changed_unseen(changes):
    assert not is_intact(msgspec.structs.replace(sample(), **changes))


def test_an_erased_private_part_leaves_the_fact_whole():
    fact = sample()
    erased = msgspec.structs.replace(fact, private=None)
    assert is_intact(erased)
    assert erased.identity == fact.identity
    again = seal(
        fact.body,
        None,
        private_digest=fact.private_digest,
        **{
            n: getattr(fact, n) for n in ("stream", "seq", "act", "at", "kind", "v", "entity", "by")
        },
        prev=fact.prev,
    )
    assert again == erased


def test_a_fact_that_never_had_a_private_part_cannot_be_given_one():
    bare = sample(private=None)
    assert bare.private_digest == ""
    assert bare.digest == digest_of(bare.body, "")
    assert not is_intact(msgspec.structs.replace(bare, private=b"{}"))


@pytest.mark.parametrize(
    ("stream", "device", "station", "county"),
    [
        ("NX0601/D1/00112233aabbccdd", "D1", "NX0601", False),
        ("county.1/all", "", "all", True),
        ("county.1/NX0601", "", "NX0601", True),
    ],
)
def test_who_wrote_a_stream(stream, device, station, county):
    assert device_of(stream) == device
    assert station_of(stream) == station
    assert is_from_county(stream) is county
