"""The slips of the drawer on real paper: both widths, nothing cut, the code can be read."""

import pytest
import zxingcpp

from station_app.ledger.balances import Books, Standing
from station_app.ledger.posting import CNY
from station_app.printing.paint import image
from station_app.printing.profiles import load_profiles
from station_app.resources_dir import resources
from station_app.services.cash import documents
from station_app.services.cash.figures import (
    Names,
    own_figures,
    place_figures,
    purse_figures,
)
from station_app.services.cash.rules import Shift
from station_app.services.cash.sheet import Movements, Seen, Sheet
from station_app.values.codes import SLIP, identity_payload, make_code
from tests.services.cash.till import MORNING_MS, TEXTS

KEY = "ABCDEFGHIJKLMN23"
FULL = (
    ("Assets:Drawer:D1", 213_450),
    ("Assets:Drawer:D2", -28_600),
    ("Assets:Safe", 1_000_000),
    ("Assets:WeChat", 123_456_789),
    ("Assets:Alipay", 1_205),
    ("Assets:Receivable:" + KEY, 5_000),
    ("Assets:Claim:" + KEY, 3_000),
    ("Equity:Drawings", 29_500),
    ("Equity:Float", -30_000),
    ("Expenses:OverShort", 1_200),
    ("Expenses:RoundOff", 7),
    ("Income:Fee:Parcel", -16_440),
    ("Liabilities:County", -9_000),
    (f"Liabilities:Held:Bill:{KEY}:Here", -24_000),
    ("Liabilities:Held:COD:JTSD:Here", -28_600),
    ("Liabilities:Held:COD:ZTO:Here", -124_623_600),
    ("Liabilities:Held:Freight:ZTO:Here", -1_207),
    (f"Liabilities:Held:Grower:{KEY}:Here", 2_978),
    (f"Liabilities:Held:Prepayment:{KEY}:Here", -41_150),
    ("Liabilities:Held:Sending:ZTO:Here", -1_200),
    ("Liabilities:RefundDue:" + KEY, -1_000),
)


def sheet(accounts: tuple[tuple[str, int], ...] = FULL) -> Sheet:
    state = Shift(
        device="D1",
        day="2026-11-24",
        opened_by="op",
        opened_at=MORNING_MS,
        float_fen=30_000,
        closings=("c",),
        closed_by="op",
        closed_at=MORNING_MS,
        number=12_345,
        counted_fen=213_450,
        expected_fen=214_650,
        difference_fen=-1_200,
        remark="09:36 找零多给了王家的，第二天去要回来，先记在这里",
        booked_late=1,
    )
    return Sheet(
        shift="5e" * 32,
        state=state,
        at=MORNING_MS,
        operator="op",
        books=Books(tuple(Standing(name, CNY, amount) for name, amount in sorted(accounts))),
        movements=Movements(
            acts=85,
            reversals=2,
            cash_in=231,
            cash_in_fen=177_726,
            cash_out=2,
            cash_out_fen=43_076,
            put_in=1,
            put_in_fen=50_000,
            taken_out=3,
            taken_out_fen=123_450,
            opened=1,
            alone=2,
            shelved=118,
            handed_over=131,
            returned=2,
        ),
        first=112_081,
        last=112_165,
        tail="7f3a91c20d44" + "0" * 52,
        stream="NX0601/D1/00112233aabbccdd",
        seen=(Seen("D2", MORNING_MS - 60_000), Seen("D3", MORNING_MS - 86_400_000)),
    )


NAMES = Names(
    station="柳荫洼村电商服务站",
    address="赤眉镇  站号 NX0601",
    operator="李示芳",
    couriers={"JTSD": "极兔", "ZTO": "中通"},
)


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
