"""What the voice says: numbers as they are read, every piece there, no name ever."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.resources_dir import resources
from station_app.values import spoken

TEXTS = {
    row["name"]: row["text"]
    for row in csv.DictReader(
        (resources() / "sounds" / "pieces.csv").read_text("utf-8").splitlines()
    )
}


def read(phrase):
    return "".join(TEXTS[piece] for piece in phrase)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "零"),
        (2, "两"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (22, "二十二"),
        (101, "一百零一"),
        (110, "一百一十"),
        (202, "两百零二"),
        (1_002, "一千零二"),
        (1_010, "一千零一十"),
        (2_200, "两千两百"),
        (10_000, "一万"),
        (20_012, "两万零一十二"),
        (100_500, "十万零五百"),
        (123_456, "十二万三千四百五十六"),
    ],
)
def test_numbers_are_read_as_people_read_them(value, text):
    assert read(spoken.number(value, counts=True)) == text


def value_of(text):
    """Read a number back, by a way of its own."""
    head, _, rest = text.rpartition("万")
    units = {"十": 10, "百": 100, "千": 1_000}
    figures = {sign: n for n, sign in enumerate("零一二三四五六七八九")} | {"两": 2}

    def small(part):
        total, figure = 0, None
        for sign in part:
            if sign in units:
                total += (1 if figure is None else figure) * units[sign]
                figure = None
            else:
                figure = figures[sign]
        return total + (figure or 0)

    return (small(head) * 10_000 if head else 0) + small(rest)


@given(st.integers(0, spoken.NUMBER_MAX))
def test_every_number_is_understood(value):
    assert value_of(read(spoken.number(value))) == value


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        (spoken.shelved("B", 2, 8), "到件一件B架二层八号"),
        (spoken.fetch("A", 1, "108"), "请到A架一层取幺零八"),
        (spoken.more(2), "还有两件没取"),
        (spoken.weight(6_150), "净重十二斤三两"),
        (spoken.weight(100), "净重二两"),
        (spoken.weight(0), "净重零斤"),
        (spoken.due(12_550), "请收一百二十五元五角"),
        (spoken.change(20_000, 7_450), "收您两百元找您七十四元五角"),
        (spoken.change(5_000, 1_705), "收您五十元找您十七元零五分"),
        (spoken.due(5), "请收五分"),
        (spoken.due(0), "请收零元"),
        (spoken.short(1_200), "现金短了十二元请再点一遍"),
        (
            spoken.call((2, 12), 8, has_others=True),
            "村站通知第二村民小组第十二村民小组和别的组共八位乡亲有包裹到站,请来取"
            "带上手机,报后四位,没有手机,带证件来",
        ),
        (
            spoken.call((), 2, has_others=False),
            "村站通知共两位乡亲有包裹到站,请来取带上手机,报后四位,没有手机,带证件来",
        ),
    ],
)
def test_sentences(phrase, text):
    assert read(phrase) == text


def test_every_prompt_is_there_and_every_piece_has_its_sound():
    rows = csv.DictReader(
        (resources() / "demo" / "voice_prompts.csv").read_text("utf-8").splitlines()
    )
    assert {row["key"] for row in rows} == set(spoken.PROMPTS)
    folder = resources() / "sounds" / "voice"
    assert {path.stem for path in folder.glob("*.wav")} == set(TEXTS)
    assert {piece for phrase in spoken.SENTENCES.values() for piece in phrase} <= set(TEXTS)
