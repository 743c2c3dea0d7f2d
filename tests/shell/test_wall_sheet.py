"""The sheet for the wall: ten keys, those that this station has, printed from the page of help."""

from station_app.printing.document import Receipt, Table
from station_app.shell.rail import LOCK, PLACES
from station_app.shell.wall_sheet import KEYS_MAX, PAGES, wall_sheet
from tests.shell.shop import offer_of
from tests.shell.till import TillPage


def keys_on(sheet: Receipt) -> list[str]:
    return [block.rows[0][0] for block in sheet.blocks if isinstance(block, Table)]


def test_the_sheet_fits_ten_keys_of_the_whole_daily_loop(texts):
    rail = {place.key: texts.say(place.words) for place in (*PLACES, LOCK)}
    keys = keys_on(wall_sheet(rail, texts))
    assert len(keys) == KEYS_MAX == 10
    assert {"F2", "F3", "F4", "F5", "F6", "F8", "Enter", "Esc"} <= set(keys)


def test_a_page_that_this_station_has_not_is_not_promised(texts):
    keys = keys_on(wall_sheet({"F2": "入库", "F3": "取件", "F8": "日结", "F9": "同步"}, texts))
    assert keys == ["F2", "F3", "F8", "Enter", "Esc", "Ctrl+Z", "F1", "F9"]
    assert set(keys) & set(PAGES) == {"F2", "F3", "F8"}


def test_f10_on_the_page_of_help_prints_it(shop, shown):
    printed = []

    def put_out(paper, act):
        printed.append((paper, act))

    window = shop.window(offer_of(TillPage), put_out=put_out)
    hand = shown(window)
    hand.press("F1")
    hand.press("F10")
    (paper, act), *rest = printed
    assert (rest, act) == ([], "")
    assert "Enter" in keys_on(paper)
    assert window.toasts.toasts[-1].notice.words == shop.texts.say("shell.wall.printed")
