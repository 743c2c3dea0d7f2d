"""Blind tags: the same villager is known however a label writes her, and nobody else."""

import pytest

from station_app.security.blind_tags import plain_name, plain_tail, tag_of, tags_of

SALT = "5a" * 16


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("王示兰", "王示兰"),
        (" 王 示\u3000兰\t", "王示兰"),
        ("Wang Lan", "wanglan"),
        ("Ｗａｎｇ", "wang"),
        ("阿依·古丽", "阿依古丽"),
        ("阿依•古丽", "阿依古丽"),
        ("阿依・古丽", "阿依古丽"),
        ("阿依．古丽", "阿依古丽"),
        ("王*兰", "王*兰"),
        (" · ", ""),
    ],
)
def test_a_name_is_one_however_it_is_written(name: str, plain: str) -> None:
    assert plain_name(name) == plain


@pytest.mark.parametrize(
    ("phone", "tail"),
    [
        ("15400006021", "6021"),
        ("154-0000-6021", "6021"),
        ("6021", "6021"),
        ("６０２１", "6021"),
        ("+86 154 0000 60 21", "6021"),
        ("602", ""),
        ("", ""),
        ("电话", ""),
    ],
)
def test_a_tail_is_the_last_four_digits(phone: str, tail: str) -> None:
    assert plain_tail(phone) == tail


def test_only_both_together_are_hers_and_only_with_the_salt_of_her_erasure() -> None:
    hers = tag_of("王示兰", "15400006021", SALT)
    assert len(hers) == 32
    assert tag_of("王 示兰", "6021", SALT) == hers
    others = {("王示兰", "6022", SALT), ("王示芳", "6021", SALT), ("王示兰", "6021", "5b" * 16)}
    assert hers not in {tag_of(*other) for other in others}
    nothing = [("", "6021", SALT), ("王示兰", "21", SALT), ("王示兰", "6021", ""), ("王", "", "zz")]
    assert {tag_of(*one) for one in nothing} == {""}


def test_each_name_and_phone_that_she_ever_had_is_tagged_the_newest_first() -> None:
    described = [("王示兰", "15400006021"), ("王小兰", "15400007000"), ("王小兰", "")]
    every = [(name, tail) for name in ("王示兰", "王小兰") for tail in ("6021", "7000")]
    assert tags_of(described, SALT, 9) == tuple(sorted(tag_of(*one, SALT) for one in every))
    assert tags_of(described, SALT, 1) == (tag_of("王示兰", "6021", SALT),)
    assert tags_of([("王示兰", "")], SALT, 9) == ()
