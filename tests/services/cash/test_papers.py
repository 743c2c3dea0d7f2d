"""The slips of the drawer on real paper: both widths, nothing cut, the code can be read."""

import pytest
import zxingcpp

from station_app.printing.paint import image
from station_app.printing.profiles import load_profiles
from station_app.resources_dir import resources
from station_app.services.cash import documents
from station_app.services.cash.figures import (
    own_figures,
    place_figures,
    purse_figures,
)
from station_app.values.codes import SLIP, identity_payload, make_code
from tests.printing.golden import read
from tests.printing.witness import only_paper
from tests.services.cash import golden
from tests.services.cash.sample_sheet import NAMES, sheet
from tests.services.cash.till import TEXTS


@pytest.fixture(scope="module")
def profiles():
    return load_profiles((resources() / "printers.toml").read_text("utf-8"))


@pytest.mark.parametrize("width", ["receipt_58", "receipt_80"])
@pytest.mark.parametrize("make", [documents.z_slip, documents.x_slip])
def test_nothing_is_cut_on_either_paper(press, profiles, width, make):
    layout = press.lay_out(make(sheet(), NAMES, TEXTS), profiles[width])
    amounts = [s for s in layout.shortened if "￥" in s.text or "¥" in s.text]
    assert amounts == []
    assert layout.width == profiles[width].width


@pytest.mark.parametrize("width", ["receipt_58", "receipt_80"])
def test_the_code_on_a_z_slip_can_be_read(press, profiles, width):
    raster = press.raster(documents.z_slip(sheet(), NAMES, TEXTS), profiles[width])
    picture = image(raster).convertToFormat(image(raster).Format.Format_Grayscale8)
    (found,) = zxingcpp.read_barcodes(
        memoryview(picture.constBits()).cast("B", (picture.height(), picture.bytesPerLine()))
    )
    assert found.text == make_code(SLIP, identity_payload("5e" * 32))


def test_both_halves_come_to_the_money_there_is():
    books = sheet().books
    own = sum(figure.amount for figure in own_figures(books, TEXTS))
    held = sum(figure.amount for figure in purse_figures(books, NAMES, TEXTS))
    places = sum(figure.amount for figure in place_figures(books, "D1", TEXTS))
    assert own == books.own_fen
    assert held == books.not_mine_fen
    assert places == books.money_fen == own + held


def test_a_slip_names_whose_money_is_in_use():
    slip = documents.z_slip(sheet(), NAMES, TEXTS)
    words = [getattr(block, "left", getattr(block, "text", "")) for block in slip.blocks]
    assert any(word.startswith("垫用") for word in words)
    assert "多付了 农户货款" in words
    assert words.index("代收货款 极兔") < words.index("代购预付款") < words.index("县里的钱")
    assert "次日补结，11月25日 数的钱" in words
    assert "2 号电脑的账看到 11月25日 07:59" in words
    assert "3 号电脑的账看到 07:59" not in words


def test_an_x_slip_names_nothing_that_gives_the_drawer_away():
    slip = documents.x_slip(sheet(), NAMES, TEXTS)
    words = [getattr(block, "left", "") for block in slip.blocks]
    for secret in ("自己的钱", "钱在哪儿", "账上应有", "1 号电脑钱箱", "微信", "收现金 231 笔"):
        assert secret not in words


@pytest.mark.parametrize("width", ["receipt_58", "receipt_80"])
@pytest.mark.parametrize("name", ["z", "x", "voucher", "hand_over"])
def test_what_comes_out_of_the_printer_is_what_was_looked_at(press, profiles, width, name):
    profile = profiles[width]
    out = only_paper(press.render_bytes(golden.slips()[name], profile), profile)
    assert out == read(golden.FOLDER / f"{name}_{out.width}.png")
