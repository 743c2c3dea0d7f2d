"""The window as it looks: photographed into build/pictures, and measured.

Look at the pictures beside docs/DESIGN.md when a widget changes; the ruler finds what is cut off.
"""

import pytest

from station_app.shell.counter import Notice
from station_app.shell.offers import Hit
from station_app.shell.scaling import ScreenScale
from station_app.shell.search_list import Found
from tests.conftest import ROOT
from tests.shell import counter_pages as pages
from tests.shell.gallery import Gallery
from tests.shell.measure import faults
from tests.shell.sample_intake import nothing

PICTURES = ROOT / "build" / "pictures"
SIZES = ((1366, 768), (1366, 690), (1024, 576))
ON_THE_SHELF = [pytest.param(size, marks=pytest.mark.long) for size in ((1536, 864), (1093, 614))]
HITS = (
    Found(
        "人（手机尾号 6021）",
        (
            Hit(
                "王秀兰 手机尾号 6021",
                "柳沟村三组·3 件待取·1 单代购到货",
                "person",
                "toys.intake",
                {},
                "6021",
                ("money", "要收 ¥125.50"),
            ),
        ),
    ),
    Found(
        "包裹",
        (
            Hit(
                "B-2-06 韵达 4603 7715 6021",
                "赵根喜·昨天到",
                "parcel",
                "toys.intake",
                {},
                "6021",
                ("waiting", "待取"),
            ),
        ),
    ),
)


@pytest.fixture(params=[*SIZES, *ON_THE_SHELF], ids=lambda size: f"{size[0]}x{size[1]}")
def hand(request, shop, shown, tmp_path):
    window = shop.window(pages.OFFER, scale=ScreenScale(tmp_path))
    window.show_status(pages.STATUS)
    return shown(window, *request.param)


def photograph(hand, name):
    hand.settle()
    PICTURES.mkdir(parents=True, exist_ok=True)
    size = hand.window.size()
    file = PICTURES / f"{name}_{size.width()}x{size.height()}.png"
    assert hand.window.grab().save(str(file))
    found = faults(hand.window)
    assert not found, "\n".join([name, *found])


def test_today(hand):
    photograph(hand, "today")
    hand.window.show_status(pages.OFFLINE)
    photograph(hand, "today_offline")


def test_searching(hand):
    hand.window.top_bar.scan_box.show_text("6021")
    hand.window.search._show("6021", HITS)
    photograph(hand, "search")
    hand.window.search._show("6021", [])
    photograph(hand, "search_none")


def test_intake(hand):
    hand.window.show_scanned("78364410291755")
    hand.press("F2")
    photograph(hand, "intake")


def test_handover(hand):
    hand.window.open_page("toys.handover")
    photograph(hand, "handover")
    page = hand.window.deck.current
    page.alert.show()
    page.is_ready = False
    page.touch_actions()
    hand.window.toast(Notice("B-2-08 王秀兰 标签已打", act="A"))
    hand.window.toast(Notice("标签机没纸，已排队 3 张。换好纸自动接着打", "stop"))
    photograph(hand, "handover_wrong")


def test_an_empty_page(hand):
    hand.press("F4")
    photograph(hand, "empty")


def test_help(hand):
    hand.window.open_page("toys.handover")
    hand.press("F1")
    photograph(hand, "help")


def test_the_sheet_of_an_unknown_scan(hand):
    hand.press("F2")
    ways = [(words, nothing) for words in ("当包裹入库", "当商品查", "算了")]
    hand.window.ask_about_scan("没见过这个码：9988776655", "看看是什么，选一样", ways)
    photograph(hand, "sheet")


def test_the_keys_on_the_screen(hand):
    hand.press("F2")
    hand.window.switch_pad()
    photograph(hand, "pad")


def test_practice(hand):
    hand.window.set_practice(practice=True)
    hand.press("F2")
    photograph(hand, "practice")


def test_every_widget_in_every_state(dressed, texts, qtbot):
    gallery = Gallery(texts)
    qtbot.addWidget(gallery)
    gallery.resize(1366, 1400)
    gallery.show()
    gallery.put_focus()
    PICTURES.mkdir(parents=True, exist_ok=True)
    assert gallery.grab().save(str(PICTURES / "components.png"))
    assert faults(gallery) == ["2 Enter caps at once"]  # a sheet of samples, no window


def test_the_ruler_finds_what_is_cut_off(hand):
    hand.window.open_page("toys.handover")
    hand.window.deck.current.pay.buttons[0].setFixedWidth(30)
    hand.window.action_bar.primary_button.set_label(
        "一个很长很长很长很长很长很长很长很长的按钮" * 6
    )
    hand.settle()
    found = faults(hand.window)
    assert any("现金" in line for line in found)
    assert len(found) >= 2
