"""The layout alone, with a type of which every width is known: no screen is needed."""

from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.printing.document import (
    Beside,
    Box,
    Code128,
    Column,
    Heading,
    Label,
    Line,
    Note,
    Qr,
    QrCode,
    Receipt,
    Signature,
    Table,
    Text,
    Total,
    clean,
)
from station_app.printing.layout import lay_out
from station_app.printing.stick import Cells, Ink, Stripes, TooLarge, Words
from station_app.printing.wrap import NEVER_FIRST, NEVER_LAST, wrapped

NOWHERE = Box(0, 0, 0, 0)


class Squares:
    """A type whose Chinese is as wide as high, and whose Latin half as wide."""

    def advances(self, size, bold):
        widths: dict[str, int] = defaultdict(lambda: size)
        widths.update({chr(code): size // 2 for code in range(0x20, 0x7F)})
        return widths


def receipt(*blocks, width=576):
    return lay_out(Receipt(blocks, width), Squares())


def label(*elements):
    return lay_out(Label(480, 320, elements, NOWHERE), Squares())


def words(layout):
    return [piece for piece in layout.pieces if isinstance(piece, Words)]


def right_edge(piece):
    return piece.x + sum(Squares().advances(piece.size, piece.bold)[char] for char in piece.text)


def test_words_begin_at_the_left_and_amounts_end_at_the_right():
    left, right = sorted(words(receipt(Line("合计", "12.00"))), key=lambda piece: piece.x)
    assert left.text == "合计"
    assert left.x == 0
    assert right.text == "12.00"
    assert right_edge(right) == 576


def test_long_words_shrink_before_the_amount_does():
    layout = receipt(Line("很长的货名" * 4, "12,345.67", size=28))
    amount, name = words(layout)
    assert (amount.text, amount.size) == ("12,345.67", 28)
    assert name.size == 20
    assert right_edge(name) <= amount.x
    (note,) = layout.shortened
    assert (note.how, note.size) == ("shrunk", 20)


def test_what_does_not_fit_at_18_dots_is_cut_and_said():
    layout = receipt(Line("很长的货名" * 20, "12.00"))
    amount, name = words(layout)
    assert amount.text == "12.00"
    assert name.text.endswith("…")
    assert name.size == 18
    assert right_edge(name) <= amount.x
    assert [note.how for note in layout.shortened] == ["cut"]
    assert layout.shortened[0].text == "很长的货名" * 20


@given(st.text(max_size=60), st.text(max_size=30), st.sampled_from([384, 576]), st.booleans())
def test_nothing_leaves_the_paper_and_nothing_overlaps(left, right, width, is_total):
    block = Total(left, right) if is_total else Line(left, right)
    layout = receipt(block, Heading(left, right), width=width)
    for piece in words(layout):
        assert piece.x >= 0
        assert right_edge(piece) <= width
        assert piece.size >= 18
        assert 0 < piece.baseline < layout.height
    rows = defaultdict(list)
    for piece in words(layout):
        rows[piece.baseline // 20].append(piece)
    for row in rows.values():
        for before, after in pairwise(sorted(row, key=lambda piece: piece.x)):
            assert right_edge(before) <= after.x


@given(st.text(max_size=40), st.integers(20, 300), st.integers(18, 92), st.integers(10, 60))
def test_a_text_stays_in_its_box(text, width, size, least):
    layout = label(Text(Box(10, 10, width, 60), text, size, size_min=least))
    for piece in words(layout):
        assert piece.x >= 10
        assert right_edge(piece) <= 10 + width
        assert 18 <= piece.size <= size
    if words(layout) and (words(layout)[0].text, words(layout)[0].size) != (clean(text), size):
        assert layout.shortened


def test_alignment_in_a_box():
    boxes = [
        Text(Box(100, 0, 200, 40), "一二", 40, align=way) for way in ("left", "centre", "right")
    ]
    assert [piece.x for piece in words(label(*boxes))] == [100, 160, 220]


def test_white_words_stand_on_black():
    layout = label(Text(Box(20, 20, 112, 48), "中通", 32, align="centre", inverse=True))
    black, white = layout.pieces
    assert black == Ink(20, 20, 112, 48)
    assert white.inverse
    assert white.bold
    assert white.x == 20 + (112 - 64) // 2


def test_bars_narrow_to_two_dots_and_it_is_said():
    fits = label(Code128(Box(20, 0, 440, 64), "78364410291755", 3))
    long = label(Code128(Box(20, 0, 440, 64), "JDVA12345678901", 3))
    assert [type(piece) for piece in fits.pieces] == [Stripes]
    assert not fits.shortened
    (bars,) = long.pieces
    assert bars.width < 440
    assert [note.how for note in long.shortened] == ["narrowed"]


@pytest.mark.parametrize("text", ["", "运单", "A" * 60])
def test_bars_that_cannot_be_drawn_are_left_out_and_it_is_said(text):
    layout = label(Code128(Box(20, 0, 440, 64), text, 3))
    assert not layout.pieces
    assert [note.how for note in layout.shortened] == ["left_out"]


def test_a_qr_narrows_to_four_dots_and_no_further():
    text = "https://t.example/41132506012611230075"
    assert label(QrCode(Box(0, 0, 150, 150), text, 5)).pieces[0].module == 5
    small = label(QrCode(Box(0, 0, 120, 120), text, 5))
    assert small.pieces[0].module == 4
    assert small.shortened[0].how == "narrowed"
    none = label(QrCode(Box(0, 0, 100, 100), text, 5))
    assert not none.pieces
    assert none.shortened[0].how == "left_out"


def test_too_much_text_for_a_qr_is_left_out_and_said():
    layout = receipt(Qr("字" * 1990))
    assert not layout.pieces
    assert layout.shortened[0].how == "left_out"


def test_on_narrow_paper_the_code_comes_below_its_notes():
    block = Beside((Note("一"), Note("二")), Qr("VR1"))
    for width, is_beside in ((576, True), (384, False)):
        layout = receipt(block, width=width)
        (code,) = [piece for piece in layout.pieces if isinstance(piece, Cells)]
        last = max(piece.baseline for piece in words(layout))
        assert (code.y < last) is is_beside
        side = len(code.rows) * code.module
        assert code.x + side + 4 * code.module <= width, "white around the code"
        assert code.y + side + 4 * code.module <= layout.height + 16


def test_two_signatures_share_the_width():
    first, second = (
        piece
        for piece in receipt(Signature(("交班：", "接班：")), width=384).pieces
        if isinstance(piece, Ink)
    )
    assert first.x + first.width < second.x
    assert second.x + second.width == 384


def test_a_line_too_short_for_a_name_goes_on_a_row_of_its_own():
    asked = Signature(("收款人：", "交款人："))
    narrow = [piece for piece in receipt(asked, width=384).pieces if isinstance(piece, Ink)]
    assert [line.x + line.width for line in narrow] == [384, 384]
    assert narrow[0].y < narrow[1].y
    assert min(line.width for line in narrow) > 80
    wide = [piece for piece in receipt(asked, width=576).pieces if isinstance(piece, Ink)]
    assert wide[0].y == wide[1].y


def test_cells_keep_to_their_columns():
    columns = (Column(1), Column(2, "right"), Column(1, "centre"))
    layout = receipt(Table(columns, (("一二三四五六七八", "2 件", "天"),)))
    first, second, third = words(layout)
    assert right_edge(first) <= 144 <= second.x
    assert right_edge(second) == 432 - 12
    assert third.x == 432 + (144 - 28) // 2


def test_a_row_with_too_few_cells_is_a_bug():
    with pytest.raises(ValueError):
        receipt(Table((Column(1), Column(1)), (("一",),)))


def test_a_receipt_flows_into_the_width_of_the_printer():
    paper = Receipt((Note("字" * 40),), 576)
    wide, narrow = lay_out(paper, Squares()), lay_out(paper, Squares(), width=384)
    assert (wide.width, narrow.width) == (576, 384)
    assert len(words(wide)) == 2
    assert len(words(narrow)) == 3


def test_a_label_does_not_shrink_to_a_narrower_roll():
    with pytest.raises(TooLarge):
        lay_out(Label(480, 320, (), NOWHERE), Squares(), width=320)


def test_a_receipt_without_end_is_refused():
    with pytest.raises(TooLarge):
        receipt(Note("字\n" * 900))


def chars(text):
    return len(text)


WRAPPED = [
    ("", 5, [""]),
    ("一二三四五六七", 5, ["一二三四五", "六七"]),
    ("一二三四五。六", 5, ["一二三四", "五。六"]),
    ("一二三四（五）", 5, ["一二三四", "（五）"]),
    ("abc defg hi", 5, ["abc", "defg", "hi"]),
    ("abcdefghijkl", 5, ["abcde", "fghij", "kl"]),
    ("价￥12.00 元", 8, ["价￥12.00", "元"]),
    ("一二三 ￥12.00", 8, ["一二三", "￥12.00"]),
]


@pytest.mark.parametrize(("text", "room", "lines"), WRAPPED)
def test_lines_break_where_print_breaks_them(text, room, lines):
    assert wrapped(text, room, chars) == lines


@given(st.text(alphabet="一二三，。（）abc 12￥", max_size=60), st.integers(6, 20))
def test_wrapping_loses_nothing_but_spaces(text, room):
    lines = wrapped(text, room, chars)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(len(line) <= room for line in lines)


def test_signs_that_must_not_stand_alone_are_told_apart():
    assert not NEVER_FIRST & NEVER_LAST
