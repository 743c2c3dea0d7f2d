"""Text mode: the printer sets what it can, all of it is there, and no name is a command."""

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from station_app.printing.document import Bars, DrawerKick, Label, Line, Note, Qr, Receipt, Title
from station_app.printing.forms import parcel_label
from station_app.printing.grid import in_charset
from station_app.printing.profiles import Profile, named
from station_app.printing.stick import Words
from tests.printing import table
from tests.printing.papers import CODES, LABELS, PAPERS, PARCEL, PICKUP, RECEIPTS
from tests.printing.text_readers import Deed, escpos_deeds, tspl_deeds

READERS = {"escpos": escpos_deeds, "tspl": tspl_deeds}
SLIPS_ON = ("receipt_58_serial+text", "receipt_80_serial+text")


def homes(paper: str, profiles) -> list[tuple[str, Profile]]:
    if paper in RECEIPTS:
        return [(name, named(profiles, name)) for name in SLIPS_ON]
    fitting = [
        (f"{name}+text", named(profiles, f"{name}+text"))
        for name, profile in profiles.items()
        if profile.language == "tspl" and profile.height and table.suits(PAPERS[paper], profile)
    ]
    return fitting[:1]


def flat(text: str) -> str:
    """Return a text as it can be compared: the printer has a hyphen for our minus."""
    return text.replace("−", "-")


@pytest.mark.parametrize("paper", PAPERS)
def test_a_printer_that_sets_its_own_type_says_all_that_is_on_the_paper(paper, press, profiles):
    for name, profile in homes(paper, profiles):
        layout = press.lay_out(PAPERS[paper], profile)
        deeds = READERS[profile.language](press.render_bytes(PAPERS[paper], profile))
        said = [str(deed[4]) for deed in deeds if deed[0] == "text"]
        wanted = [flat(piece.text) for piece in layout.pieces if isinstance(piece, Words)]
        assert set(said) <= set(wanted), "nothing that the paper does not hold"
        pictured = [text for text in wanted if text not in said]
        if pictured:
            assert any(deed[0] == "picture" for deed in deeds), (name, pictured)
        codes = {str(deed[1]) for deed in deeds if deed[0] == "code"}
        assert codes == CODES[paper], name
        assert not [note for note in layout.shortened if note.how == "left_out"]
        asked = sum(map(len, wanted))
        assert sum(map(len, said)) >= asked * 6 // 10, (name, pictured)


def test_texts_stand_where_the_layout_has_them_and_never_on_each_other(press, profiles):
    profile = named(profiles, "label_60x40_serial+text")
    deeds = tspl_deeds(press.render_bytes(PARCEL, profile))
    boxes = [box_of(deed) for deed in deeds if deed[0] == "text"]
    assert len(boxes) >= 5
    for number, (left, top, right, bottom) in enumerate(boxes):
        assert 0 <= left < right <= 480
        assert 0 <= top < bottom <= 320
        for other in boxes[number + 1 :]:
            assert other[0] >= right or left >= other[2] or other[1] >= bottom or top >= other[3]


def box_of(deed: Deed) -> tuple[int, int, int, int]:
    _, x, y, enlarged, words = deed
    assert isinstance(x, int)
    assert isinstance(y, int)
    assert isinstance(enlarged, int)
    wide = sum(12 if char.isascii() else 24 for char in str(words)) * enlarged
    return x, y, x + wide, y + 24 * enlarged


def test_columns_of_amounts_end_at_the_edge_of_the_paper(press, profiles):
    profile = named(profiles, "receipt_58_serial+text")
    amounts = Receipt((Line("现金", "￥1,682.10"), Line("找零", "￥4.50")))
    boxes = [
        box_of(d) for d in escpos_deeds(press.render_bytes(amounts, profile)) if d[0] == "text"
    ]
    assert [box[2] for box in boxes if box[0] > 0] == [384, 384]


BYTES = [  # a serial printer at 9600 baud takes a second for each thousand
    ("parcel", "label_60x40_serial+text", 500),
    ("pickup", "receipt_58_serial+text", 4_000),
    ("order", "receipt_58_serial+text", 4_000),
    ("drawer_z", "receipt_58_serial+text", 9_000),
    ("sending", "label_100x150+text", 4_000),
]


@pytest.mark.parametrize(("paper", "name", "most"), BYTES)
def test_text_mode_saves_most_of_the_bytes(paper, name, most, press, profiles):
    native = len(press.render_bytes(PAPERS[paper], named(profiles, name)))
    drawn = len(press.render_bytes(PAPERS[paper], profiles[name.removesuffix("+text")]))
    assert native <= most
    assert native * 4 < drawn


def test_a_name_that_the_printer_has_not_is_drawn_the_rest_is_not(press, profiles):
    profile = named(profiles, "receipt_58_serial+text")
    paper = Receipt((Note("收件人"), Note("王\U00020bb7兰"), Note("电话")))
    deeds = escpos_deeds(press.render_bytes(paper, profile))
    assert [deed[4] for deed in deeds if deed[0] == "text"] == ["收件人", "电话"]
    pictures = [deed for deed in deeds if deed[0] == "picture"]
    assert any(any(row) for deed in pictures for row in deed[3])  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ['王"兰', "乗\\乘", "王\\", "\u4e57"])
def test_a_quote_or_backslash_on_a_label_is_drawn(name, press, profiles):
    profile = named(profiles, "label_60x40_serial+text")
    label = parcel_label(
        code="B-2-08",
        courier="中通",
        arrived="11-23 到",
        name=name,
        tail="尾号 6021",
        barcode="7836",
    )
    deeds = tspl_deeds(press.render_bytes(label, profile))
    assert [deed[0] for deed in deeds].count("PRINT") == 1
    has_quote = any(sign in name.encode("gb18030") for sign in (0x22, 0x5C))
    assert (name not in [deed[4] for deed in deeds if deed[0] == "text"]) == has_quote


def test_bars_in_sets_are_those_that_our_own_drawing_has(press, profiles):
    profile = named(profiles, "receipt_80_serial+text")
    for text in ("78364410291755", "YT8821700000311", "NX0601H2611230007", "a{b}9", "12345"):
        deeds = escpos_deeds(press.render_bytes(Receipt((Bars(text),)), profile))
        assert [deed[1] for deed in deeds if deed[0] == "code"] == [text]


@settings(max_examples=300, database=None)
@given(st.text(alphabet=st.characters(codec=None), max_size=40))
def test_what_is_sent_as_text_is_text(text):
    sent = in_charset(text)
    if sent is not None:
        assert min(sent, default=0x20) >= 0x20
        assert sent.decode("gb18030") == flat(text)
        assert all(len(char.encode("gb18030")) <= 2 for char in flat(text))


def test_the_drawer_and_the_preview_do_not_mind_text_mode(press, profiles):
    profile = named(profiles, "receipt_58_serial+text")
    assert press.render_bytes(DrawerKick(), profile) == b"\x1bp\x00\x19\xfa"
    preview = press.raster(PICKUP, profile)
    bits = np.unpackbits(np.frombuffer(preview.rows, np.uint8)).reshape(preview.height, -1)
    grey = np.pad(((1 - bits) * 255).astype(np.uint8), 40, constant_values=255)
    assert {code.text for code in zxingcpp.read_barcodes(grey)} == CODES["pickup"]


def test_a_label_of_60_by_40_finds_its_small_form(press, profiles):
    lot = LABELS["lot"]
    assert isinstance(lot, Label)
    small = press.raster(lot, profiles["label_40x30"])
    assert (small.width, small.height) == (320, 240)
    assert small == press.raster(LABELS["small_lot"], profiles["label_40x30"])


def test_a_title_of_controls_is_no_text_at_all(press, profiles):
    profile = named(profiles, "receipt_58_serial+text")
    deeds = escpos_deeds(press.render_bytes(Receipt((Title("\x1b\x1d\x10"), Qr(""))), profile))
    assert {deed[0] for deed in deeds} <= {"reset", "chinese", "feed"}
