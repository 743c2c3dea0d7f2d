"""What may be seen of a person where anybody may look, and what never slips into a log."""

import logging
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.values.masks import (
    Personal,
    board_tail,
    mask_account,
    mask_everything,
    mask_name,
    mask_phone,
    tail,
)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小明", "王*明"),
        ("李四", "李*"),
        ("王", "*"),
        ("", ""),
        ("欧阳桂兰", "欧**兰"),
        ("阿卜杜拉·热合曼", "阿***曼"),
        (" 陈样林 ", "陈*林"),
        ("葛\U000e0100城", "葛\U000e0100*"),  # a variant of one sign, chosen by a selector
        ("𠮷田样", "𠮷*样"),
    ],
)
def test_a_name_is_masked(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("15412341001", "154****1001"),
        ("154 1234 1001", "154****1001"),
        ("１５４１２３４１００１", "154****1001"),
        ("0377-66512345", "037****2345"),
        ("6651234", "****1234"),
        ("12315", "****"),
        ("", ""),
    ],
)
def test_a_phone_is_masked(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


def test_tails() -> None:
    assert mask_account("11010519491231002X") == "****002X"
    assert mask_account("1888") == "****"
    assert tail("154-1234-1001") == "1001"
    assert board_tail("15412341001") == "01"
    assert tail("7") == "7"


@given(st.text("王李小明兰样示例桂赵", min_size=2, max_size=12))
def test_a_masked_name_hides_all_but_two_signs(name: str) -> None:
    masked = mask_name(name)
    assert "*" in masked
    assert len(masked.replace("*", "")) <= 2


@given(st.text("0123456789", min_size=5, max_size=20))
def test_a_masked_number_hides_three_digits_at_least(number: str) -> None:
    for masked in (mask_phone(number), mask_account(number)):
        assert len(number) - len(masked.replace("*", "")) >= 3


def test_a_personal_text_shows_only_its_mask(caplog: pytest.LogCaptureFixture) -> None:
    name, phone = Personal("王小明", mask_name), Personal("15412341001", mask_phone)
    logging.getLogger("station").warning("%s %r for %s", name, [phone], {"who": name})
    shown = f"{caplog.text} {name} {phone!r} {name:>8} {(name, phone)}"
    assert "王*明" in shown
    assert "154****1001" in shown
    assert "小明" not in shown
    assert "1234" not in shown
    assert name.reveal() == "王小明"


def test_a_personal_text_is_never_written_out_by_mistake() -> None:
    name = Personal("王小明", mask_name)
    with pytest.raises(TypeError):
        pickle.dumps(name)
    with pytest.raises(TypeError):
        "".join([name])  # type: ignore[list-item]


def test_personal_texts_compare_by_what_they_hold() -> None:
    assert Personal("王小明", mask_name) == Personal("王小明", mask_everything)
    assert Personal("王小明") != Personal("王大明")
    assert Personal("王小明") != "王小明"
    assert len({Personal("a"), Personal("a"), Personal("b")}) == 2
    assert not Personal("")
    assert str(Personal("内乡县赤眉镇")) == "***"
