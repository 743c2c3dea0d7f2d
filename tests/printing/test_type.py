"""The bundled type and its dots: complete, legible, the same in every thread and on every start."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QImage, QRawFont

from station_app.printing.compose import Composer
from station_app.printing.document import Box, Label, Note, Receipt, Text
from station_app.printing.layout import lay_out
from station_app.printing.paint import FAMILY, FILES, FontMissing, TypeCase, image
from station_app.printing.press import Press
from station_app.resources_dir import resources
from tests.printing.papers import PARCEL

FONTS = resources() / "fonts"
FILE_BYTES_MAX = 6_500_000
NAMES = "镕喆堃翀犇赟䶮囯峯垚昇"
SIGNS = "￥¥−·×÷…—–‘’“”「」《》（）【】、。，；：？！％℃㎡№①⑳○●□■△▲◇◆☆★→←↑↓⏎✓│─┌┐└┘"
ROOT = Path(__file__).resolve().parents[2]


def raw(*, bold):
    font = QFont(FAMILY)
    font.setPixelSize(24)
    font.setBold(bold)
    return QRawFont.fromFont(font)


@pytest.mark.parametrize("bold", [False, True])
def test_the_font_has_every_character_that_a_register_may_hold(type_case, bold):
    face = raw(bold=bold)
    assert face.familyName() == FAMILY
    assert face.styleName() == ("Bold" if bold else "Regular")
    gbk = bytes(byte for row in range(0x81, 0xFF) for byte in _row(row)).decode("gbk", "ignore")
    hanzi = {char for char in gbk if "\u4e00" <= char <= "\u9fff"}
    assert len(hanzi) > 20_000
    missing = [char for char in sorted(hanzi | set(NAMES + SIGNS)) if not _has(face, char)]
    assert not missing


def _row(row):
    for cell in (*range(0x40, 0x7F), *range(0x80, 0xFF)):
        yield row
        yield cell


def _has(face, char):
    return face.supportsCharacter(ord(char))


def test_the_files_are_small_and_bring_their_licence():
    for name in FILES:
        assert (FONTS / name).stat().st_size < FILE_BYTES_MAX
    licence = (FONTS / "OFL.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Modified Version" in licence.splitlines()[0]


def test_a_missing_font_is_said_at_once(type_case, tmp_path, monkeypatch):
    monkeypatch.setattr("station_app.printing.paint.FAMILY", "No Such Family")
    with pytest.raises(FontMissing):
        TypeCase(tmp_path)


def test_a_character_that_no_font_has_is_a_box_not_a_gap(type_case):
    glyphs = type_case.glyphs(24, bold=False)
    assert glyphs["\U0001f600"] == glyphs["\u0e01"]
    assert glyphs["\U0001f600"].rows[0].bit_count() == glyphs["\U0001f600"].width
    assert glyphs["镕"] != glyphs["\U0001f600"]


def test_digits_are_equally_wide_and_the_money_sign_is_narrow(type_case):
    for bold in (False, True):
        widths = type_case.advances(28, bold)
        assert len({widths[digit] for digit in "0123456789"}) == 1
        assert widths["￥"] == widths["¥"] < 28
        assert widths["柳"] == 28


def test_bold_is_drawn_bold(type_case):
    plain, bold = (
        sum(row.bit_count() for row in type_case.glyphs(28, heavy)["柳"].rows)
        for heavy in (False, True)
    )
    assert bold > plain * 1.15


def test_ink_never_leaves_a_narrow_paper(type_case):
    # A "j" begins before its pen and an italic ends behind it: at the edges they are moved in.
    composer = Composer(type_case)
    box = Box(0, 0, 24, 40)
    sheet = composer.compose(lay_out(Label(24, 40, (Text(box, "jj", 40),), box), type_case))
    assert any(sheet.rows)
    left = [sheet.row(number)[0] >> 7 for number in range(40)]
    wide = composer.compose(lay_out(Label(48, 40, (Text(box, "jj", 40),), box), type_case))
    assert [wide.row(number)[:3] for number in range(40)] == [
        sheet.row(number) for number in range(40)
    ]
    assert sum(left) < 20


def test_the_preview_shows_the_very_bits(press, profiles):
    raster = press.raster(PARCEL, profiles["label_60x40"])
    shown = image(raster)
    assert (shown.width(), shown.height()) == (480, 320)
    grey = shown.convertToFormat(QImage.Format.Format_Grayscale8)
    values = bytes(grey.constBits())
    black = {0: 1, 255: 0}
    dots = [black[value] for value in values]
    bits = [byte >> 7 - place & 1 for byte in raster.rows for place in range(8)]
    assert dots == bits


def test_threads_draw_what_one_thread_draws(type_case, profiles):
    paper = Receipt((Note("村站打印机不等人，字要一样。" * 3, size=26),))
    alone = Press(type_case).render_bytes(paper, profiles["receipt_80"])
    shared = Press(TypeCase(FONTS))
    drawn = []
    threads = [
        threading.Thread(
            target=lambda: drawn.append(shared.render_bytes(paper, profiles["receipt_80"]))
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drawn == [alone] * 4


WITHOUT_WIDGETS = """
import sys, threading
from PySide6.QtGui import QGuiApplication
application = QGuiApplication(["station", "-platform", "offscreen"])
from station_app.printing.paint import TypeCase
from station_app.printing.press import Press
from station_app.printing.profiles import load_profiles
from station_app.resources_dir import resources
from tests.printing.papers import PARCEL
profile = load_profiles((resources() / "printers.toml").read_text("utf-8"))["label_60x40"]
press = Press(TypeCase(resources() / "fonts"))
jobs = []
thread = threading.Thread(target=lambda: jobs.append(press.render_bytes(PARCEL, profile)))
thread.start()
thread.join()
sys.stdout.buffer.write(jobs[0])
assert "PySide6.QtWidgets" not in sys.modules
"""


def test_a_program_without_widgets_prints_the_same_in_another_thread(press, profiles):
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_WIDGETS],
        cwd=ROOT,
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == press.render_bytes(PARCEL, profiles["label_60x40"])
