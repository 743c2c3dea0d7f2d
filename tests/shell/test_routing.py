"""What a scan means: the order of the ranks, ties, what is typed, what is no code at all."""

import pytest

from station_app.shell.offers import Meaning, Rank, Scan, ScanRoute
from station_app.shell.routing import (
    REPEAT_MS,
    Repeats,
    Unusable,
    is_for_search,
    meanings_of,
    misread_words,
    read_scan,
)
from station_app.values.codes import BadCheck, make_code
from tests.shell.shop import COURIERS

OWN = make_code("VP", "ABCDEFGH23456723")


def route(rank, *texts, kind=""):
    def look(_connection, text, _code):
        return Meaning(kind or rank.name, "page") if text in texts else None

    return ScanRoute(rank, look)


def read(raw, **more):
    scan = read_scan(raw, 1_000, COURIERS, **more)
    assert isinstance(scan, Scan)
    return scan


@pytest.mark.parametrize("known", [list(Rank)[n:] for n in range(4)])
def test_the_first_rank_that_knows_it_answers(known):
    routes = [route(rank, "X1234") for rank in reversed(known)]
    meanings = meanings_of(read("x1234"), routes, None)
    assert [m.kind for m in meanings] == [known[0].name]


def test_later_ranks_are_not_even_asked():
    asked = []
    late = ScanRoute(Rank.COURIER, lambda *_: asked.append(1))
    meanings_of(read("X1234"), [late, route(Rank.OWN_CODE, "X1234")], None)
    assert asked == []


def test_several_of_one_rank_are_a_question_and_the_same_twice_is_not():
    two = [route(Rank.KNOWN_HERE, "X1", kind="a"), route(Rank.KNOWN_HERE, "X1", kind="b")]
    assert len(meanings_of(read("X1"), two, None)) == 2
    same = [route(Rank.KNOWN_HERE, "X1", kind="a")] * 2
    assert len(meanings_of(read("X1"), same, None)) == 1
    assert meanings_of(read("Y9"), two, None) == ()


@pytest.mark.parametrize(
    ("typed", "is_search"),
    [
        ("6021", True),
        ("B208", True),
        ("B-2-08", True),
        ("zhangsan", True),
        ("zs", True),
        ("15412341001", True),
        ("73000000000017", False),
        ("12345678", False),
        ("1234567", True),
        ("6901234567892", False),
        (OWN, False),
    ],
)
def test_what_is_typed_is_searched_or_followed(typed, is_search):
    assert is_for_search(read(typed)) is is_search


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("", "empty"),
        (" \r\n", "empty"),
        ("7300今天0017", "chinese"),
        ("73000\x1d0017", "control"),
        ("7" * 300, "too_long"),
        ("Привет", "other_script"),
    ],
)
def test_what_is_no_code_gets_a_sentence(raw, key, texts):
    unusable = read_scan(raw, 0, COURIERS)
    assert isinstance(unusable, Unusable)
    assert unusable.text_key == f"shell.scan.{key}"
    assert texts.say(unusable.text_key, **unusable.slots)


def test_a_scan_is_folded_to_plain_capitals():
    scan = read("ｊｔ３０ 2298 1187609")
    assert (scan.text, scan.raw) == ("JT3022981187609", "ｊｔ３０ 2298 1187609")


def test_repeats():
    repeats = Repeats()
    first = Scan("A1", "A1", 10_000, read("A1").code)
    assert not repeats.is_repeat(first)
    assert repeats.is_repeat(Scan("A1", "A1", 10_000 + REPEAT_MS, first.code))
    assert not repeats.is_repeat(Scan("A1", "A1", 10_001 + 2 * REPEAT_MS, first.code))
    assert not repeats.is_repeat(Scan("B1", "B1", 10_002 + 2 * REPEAT_MS, first.code))
    repeats.forget()
    assert not repeats.is_repeat(Scan("B1", "B1", 10_003 + 2 * REPEAT_MS, first.code))


def test_a_misread_code_of_ours_is_told_where(texts):
    assert texts.say(misread_words(BadCheck("VP", "x"))[0])
    key, slots = misread_words(BadCheck("VP", "x", wrong=6))
    assert "第 7 位" in texts.say(key, **slots)
    key, slots = misread_words(BadCheck("VP", "x", wrong=6, meant=OWN))
    assert OWN in texts.say(key, **slots)
