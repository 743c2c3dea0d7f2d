"""Papers as data: they survive the table, and what they say is clean before anybody draws it."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.printing.document import (
    TEXT_MAX,
    DrawerKick,
    Note,
    Receipt,
    clean,
    from_json,
    grouped,
    money,
    to_json,
)
from tests.printing.papers import PAPERS


@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_comes_back_from_its_row_as_it_was(paper):
    assert from_json(to_json(PAPERS[paper])) == PAPERS[paper]


def test_a_drawer_is_a_document_too():
    assert from_json(to_json(DrawerKick())) == DrawerKick()


def test_half_a_character_does_not_stop_the_act_that_prints_it():
    stored = to_json(Receipt((Note("王\ud800兰"),)))
    assert from_json(stored) == Receipt((Note("王兰"),))


@pytest.mark.parametrize("rubbish", ["", "{}", '{"type":"poster"}', '{"type":"receipt"}', "[]"])
def test_a_row_that_is_no_paper_is_refused(rubbish):
    with pytest.raises(msgspec.MsgspecError):
        from_json(rubbish)


CLEANED = [
    ("王\x1bp\x00\x19\xfa兰", "王p\xfa兰"),
    ("a\r\nPRINT 9\r\n", "aPRINT 9"),
    ("一\t二", "一 二"),
    ("left\u202eright\u200b\u2066", "leftright"),
    ("\ufeff\u2028\u2029x", "x"),
    ("王\ue863兰", "王〓兰"),
    ("王\U00031f00兰", "王〓兰"),
    ("户　号", "户　号"),
    ("王😀", "王😀"),
    ("¥12.00", "￥12.00"),
    ("", ""),
]


@pytest.mark.parametrize(("dirty", "text"), CLEANED)
def test_nothing_but_characters_is_left(dirty, text):
    assert clean(dirty) == text


def test_a_text_has_an_end():
    assert len(clean("字" * (TEXT_MAX + 5))) == TEXT_MAX


@given(st.text(alphabet=st.characters(codec=None), max_size=80))
def test_cleaning_twice_is_cleaning_once(text):
    once = clean(text)
    assert clean(once) == once
    assert not any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 for char in once)
    once.encode("gb18030")


AMOUNTS = [
    (0, "￥0.00"),
    (5, "￥0.05"),
    (-1200, "−￥12.00"),
    (168210, "￥1,682.10"),
    (123456789, "￥1,234,567.89"),
]


@pytest.mark.parametrize(("fen", "shown"), AMOUNTS)
def test_money_on_paper(fen, shown):
    assert money(fen) == shown


def test_numbers_are_read_out_in_fours():
    assert grouped("78364410291755") == "7836 4410 2917 55"
    assert grouped("") == ""
