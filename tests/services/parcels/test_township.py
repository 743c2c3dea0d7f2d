"""A township: its rail, sorting by scan, bags that wait and leave, its villages' figures."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect

from station_app.ledger.accounts import PIECES_BAG, PIECES_TRANSIT
from station_app.ledger.posting import PCS
from station_app.reference.facts import SettingPublished
from station_app.services.parcels import bag_records, load_records
from station_app.services.parcels.commands import (
    CloseManifest,
    LoadVan,
    ReceiveBag,
    SendToVillage,
)
from station_app.services.parcels.facts import ParcelAnnounced
from station_app.services.parcels.pages.sorting_parts import GoesTo
from station_app.services.parcels.telling import Telling
from station_app.values.codes import BAG, identity_payload, make_code
from station_app.values.now import Now
from station_app.values.refusal import Refusal
from tests.services.parcels.loads import described, papers, seen, states
from tests.services.parcels.shop import TEXTS

FIRST, SECOND, THIRD = (f"730000000000{n}" for n in ("17", "24", "31"))
NAMES = ("麦香", "春晓", "梨花", "柳荫", "翠屏", "凤鸣", "槐荫", "兰溪", "松坪", "望山")
NOW = Now(at=1, day="2025-11-25", operator="", device="D1", station="NX0601")


@pytest.fixture
def township(station):
    shop = station.shop
    shop.county(described("NX0601", "township", "NX0000", "赤眉镇电商综合服务站"))
    shop.county(described("NX0602", "village", "NX0601", "碧水河村站", "碧水河村"))
    shop.county(described("NX0603", "village", "NX0601", "石磨庄村电商服务站(示例)", "石磨庄村"))
    shop.county(
        ParcelAnnounced(
            courier="ZTO", waybill=FIRST, station="NX0603", person="", cod_fen=0, freight_fen=0,
            day="2025-11-25",
        )
    )  # fmt: skip
    bag = shop.do(ReceiveBag(code="HUB1", pieces=3)).told[0].identity
    pieces = tuple((one, "ZTO") for one in (FIRST, SECOND, THIRD))
    shop.do(CloseManifest(direction="in", bag=bag, seen=pieces, other="任例福"))
    station.window.faces.look()
    station.press("F3")
    assert station.page.title == "分拣"
    return station


def is_hidden(station, part):
    """Tell whether a toast lies over a part of the page."""
    toasts = station.window.toasts
    area = QRect(part.mapToGlobal(QPoint(0, 0)), part.size())
    return part.isVisible() and any(
        area.intersects(QRect(toast.mapToGlobal(QPoint(0, 0)), toast.size()))
        for toast in toasts.toasts
    )


def bags(township):
    """What stands on the tiles in sight: number, village, what lies in it."""
    return [(t.number, t.name, t.small) for t in township.page.grid.shown.values()]


def test_a_townships_rail_leads_along_the_way_of_the_bags(township):
    titles = {}
    for key in ("F2", "F3", "F4", "F5", "F6"):
        township.press(key)
        titles[township.window.rail.buttons[key].text()] = township.page.title
        assert township.window.rail.buttons[key].isChecked()
        assert township.window.keys.doubled_caps() == []
        seen(township, f"township_{key}")
    assert titles == {
        "收袋": "交接单", "分拣": "分拣", "发车": "发车", "回程": "回程", "各村": "各村",
    }  # fmt: skip
    township.press("Ctrl+2")
    assert township.page.title == "交接单存根"
    township.press("Alt+K")
    assert township.page.title == "扫件入库", "the counter's own work has not gone"
    assert [township.window.rail.buttons[key].text() for key in ("F2", "F3")] == ["入库", "取件"]
    seen(township, "township_counter")
    township.press("F3")
    assert township.page.title == "取件"
    township.press("Alt+K")
    assert township.page.title == "交接单"
    township.shop.shelve("43000000000001", tail="6021")
    township.scan("43000000000001")
    assert township.page.title == "取件", "a piece on the shelf is handed over"
    assert township.window.rail.buttons["F3"].text() == "取件", "the rail turned with it"
    township.press("Alt+K", "F6")
    township.scan(FIRST)
    assert township.page.title == "分拣", "what came in a bag is sorted from wherever one stands"


def test_a_village_station_has_no_rail_to_turn(station):
    assert "Alt+K" not in station.window.rail.buttons
    station.press("F2", "Alt+K", "F4")
    assert station.page.title == "扫件入库"


def test_a_township_sorts_by_scan_and_sends_each_village_its_list(township):
    shop = township.shop
    assert township.reason == "扫一件，看放进哪个袋"
    township.scan(FIRST)
    assert township.primary == ("封袋 2，打袋签", True), "the county said for whom it is"
    assert township.voice.spoken[-1] == ("place", ("n2", "number")), "to be heard across the room"
    assert "县里预报过" in township.words()
    township.page.grid.chosen.emit("NX0602")
    township.scan(SECOND)
    township.scan(SECOND)
    assert township.sounds.played[-1] == "duplicate"
    assert bags(township) == [("1", "碧水河", "1 件"), ("2", "石磨庄", "1 件")]
    seen(township, "sorting")
    before = len(papers(township, "waybill"))
    township.press("Enter")
    (tag,) = papers(township, "waybill")[before:]
    assert "碧水河" in tag
    assert shop.balance(PIECES_BAG, PCS) == 3, "a closed bag has not left"
    township.scan(SECOND)
    assert "这件在封好的袋 1 里" in township.toasts[-1]
    township.press("F4")
    assert township.primary == ("发车 1 袋 1 件，打交接单", True)
    township.page.driver.set_text("任例福")
    township.page.seal.line.setFocus()
    township.type("0077")
    seen(township, "departures")
    township.press("Enter")
    assert shop.balance(PIECES_BAG, PCS) == 2, "what lies in an open bag has not left"
    assert shop.balance(PIECES_TRANSIT, PCS) == -2
    first, second = papers(township)[-2:]
    assert first == second
    for words in ("发村交接单", "碧水河村站", "任*福", "0077"):
        assert words in first
    assert len(papers(township, "waybill")) == before + 1, "the bag has its tag"
    township.press("F3")
    township.scan(SECOND)
    assert "已经发到村里了" in township.toasts[-1]
    assert load_records.loads_of_day(shop.connection, "2025-11-25") == {"NX0602": 1}


def test_what_left_stands_among_the_acts_of_the_day(township):
    telling = Telling(township.shop.gatherer, TEXTS)
    sent = township.shop.do(SendToVillage(station="NX0602", pieces=((SECOND, "ZTO"),)))
    back = township.shop.do(LoadVan(driver="任例福"))
    words = [
        telling.manifest_act(township.shop.connection, done.act, TEXTS) for done in (sent, back)
    ]
    assert [one.words for one in words] == ["发碧水河村站 1 件", "回程装车：空袋 1 个"]
    assert [one.page for one in words] == ["parcels.stubs"] * 2
    for done, said in zip((sent, back), words, strict=True):
        assert said.subject == {"manifest": done.told[0].subject}


def test_a_bag_that_was_closed_is_out_of_hand(township):
    township.page.grid.chosen.emit("NX0602")
    township.scan(SECOND)
    township.press("Enter")
    assert township.reason == "扫一件，看放进哪个袋"
    assert bags(township)[0] == ("1", "碧水河", "封了 1 袋")
    township.scan(THIRD)
    assert township.page.heaps.open["?"] == {THIRD: "ZTO"}, "a village is chosen anew"


def closed_bags(township):
    """Close a bag for each village, and go where they wait for the van."""
    township.scan(FIRST)
    township.press("Enter")
    township.page.grid.chosen.emit("NX0602")
    township.scan(SECOND)
    township.press("Enter", "F4")
    assert township.page.title == "发车"


def test_all_bags_of_a_van_leave_in_one_act_that_is_taken_back_whole(township):
    closed_bags(township)
    assert township.primary == ("发车 2 袋 2 件，打交接单", True)
    township.press("Ctrl+D")
    assert township.primary == ("发车 1 袋 1 件，打交接单", True)
    assert states(township) == ["先不走", "上车"], "the bag in which the cursor stands"
    seen(township, "departures_stays")
    township.press("Ctrl+D", "Enter")
    assert len(papers(township)) == 6, "the bag's own list, and one of each village, twice"
    assert township.words().count("没有封好的袋") == 1
    seen(township, "departures_empty")
    township.press("Ctrl+Z")
    assert township.primary == ("发车 2 袋 2 件，打交接单", True), "they stand here again"
    township.press("Enter")
    numbers = {row.number for row in bag_records.all_lists(township.shop.connection, NOW.day)}
    assert len(numbers) == 3, "no two papers have one number"


def test_more_than_a_draft_holds_is_told_when_a_seal_is_noted(township):
    closed_bags(township)
    bag = township.page.heaps.closed[0]
    many = tuple((f"73{number:012}", "ZTO") for number in range(3_000))
    township.page.heaps.closed[0] = replace(bag, pieces=many)
    township.page.seal.line.setFocus()
    township.type("7")
    assert "这页东西太多了" in township.toasts[-1]


def test_a_bag_that_lacks_a_piece_is_opened_again(township):
    closed_bags(township)
    township.scan(township.page.heaps.closed[0].code)
    township.press("Ctrl+T")
    assert township.page.title == "分拣"
    assert township.page.heaps.open["NX0603"] == {FIRST: "ZTO"}
    assert bags(township)[0] == ("1", "碧水河", "封了 1 袋")
    township.press("F4")
    assert township.primary == ("发车 1 袋 1 件，打交接单", True)


def test_a_step_is_taken_back_by_one_key_and_a_piece_put_into_another_bag_by_its_number(township):
    township.scan(FIRST)
    township.press("F11")
    assert township.reason == "输右边有的袋号"
    township.type("1")
    assert township.primary == ("放进 1 号袋 碧水河村", True)
    seen(township, "sorting_other_bag")
    township.press("Enter")
    assert township.page.heaps.open["NX0602"] == {FIRST: "ZTO"}
    township.press("Ctrl+Z")
    assert township.page.heaps.open["NX0603"] == {FIRST: "ZTO"}, "back into the one before"
    township.press("Ctrl+Z")
    assert township.page.heaps.count() == 0
    township.scan(SECOND)
    township.press("F11", "Esc")
    assert township.page.heaps.open["?"] == {SECOND: "ZTO"}
    township.press("F11")
    township.type("9")
    assert township.primary[1] is False
    township.page.grid.chosen.emit("NX0603")
    assert township.page.heaps.open["NX0603"] == {SECOND: "ZTO"}, "or by a click on the bag"


def test_a_scan_does_not_read_the_lists_of_a_month_again(township):
    asked: list[str] = []
    township.shop.connection.set_trace_callback(asked.append)
    township.scan(FIRST)
    township.shop.connection.set_trace_callback(None)
    assert asked, "what the county said of the piece is looked up"
    assert not [one for one in asked if "FROM manifests" in one], "six hundred lists, each scan"


def test_a_bag_with_a_tag_of_ours_gets_no_other(township):
    tag = make_code(BAG, identity_payload("aa" * 32))
    township.scan(FIRST)
    township.scan(tag)
    assert f"袋签 {tag}" in township.words()
    before = len(papers(township, "waybill"))
    township.press("Enter", "F4", "Enter")
    assert len(papers(township, "waybill")) == before
    assert load_records.bags_left(township.shop.connection, NOW.day) == {tag}


def test_a_tag_that_is_on_the_road_or_on_another_bag_is_not_taken_again(township):
    tag = make_code(BAG, identity_payload("aa" * 32))
    township.scan(FIRST)
    township.scan(tag)
    township.press("Enter")
    township.page.grid.chosen.emit("NX0602")
    township.scan(SECOND)
    township.scan(tag)
    assert "这个袋签已经用在别的袋上" in township.toasts[-1]
    township.press("F4", "Enter", "F3")
    township.page.grid.chosen.emit("NX0602")
    township.scan(tag)
    assert "这个袋签已经用在别的袋上" in township.toasts[-1]
    township.press("Enter", "F4")
    assert township.primary == ("发车 1 袋 1 件，打交接单", True), "no bag goes out of sight"


def test_a_piece_of_the_townships_own_counter_is_told_apart(township):
    own = "73000000000093"
    township.shop.county(
        ParcelAnnounced(
            courier="ZTO", waybill=own, station="NX0601", person="", cod_fen=0, freight_fen=0,
            day=NOW.day,
        )
    )  # fmt: skip
    township.scan(own)
    assert township.toasts[-1] == "这件是本站的，放一边，按 Alt+K 去入库"
    assert township.page.heaps.count() == 0


def test_eighteen_bags_are_in_sight_and_a_key_shows_the_rest(township):
    for number in range(4, 24):
        village = f"{NAMES[number % 10]}{NAMES[-number % 7]}村"
        township.shop.county(
            described(f"NX06{number:02}", "village", "NX0601", f"{village}站", village)
        )
    township.page.activated()
    township.scan(FIRST)
    assert len(bags(township)) == 18
    seen(township, "sorting_many")
    township.press("PgDown")
    assert [one[0] for one in bags(township)] == ["19", "20", "21", "22"]
    township.press("PgDown")
    assert bags(township)[0][0] == "1"


def test_a_piece_of_an_unknown_village_does_not_follow_the_one_before_it(township):
    township.scan(FIRST)
    assert township.primary[0] == "封袋 2，打袋签"
    township.scan(SECOND)
    assert township.page.heaps.open["?"] == {SECOND: "ZTO"}, "it lies on the shelf of problems"
    assert township.sounds.played[-1] == "warn"
    assert township.reason == "换袋 F11，或选个村再扫一遍"
    seen(township, "sorting_problem")
    township.page.grid.chosen.emit("NX0602")
    township.scan(SECOND)
    assert township.page.heaps.open["NX0602"] == {SECOND: "ZTO"}
    township.scan(THIRD)
    assert THIRD in township.page.heaps.open["NX0602"], "many of one village: chosen once"
    township.press("F10")
    assert township.page.heaps.open["?"] == {THIRD: "ZTO"}
    township.scan(FIRST)
    township.page.keep_draft()
    township.restart()
    township.press("F3")
    assert township.page.heaps.open["?"] == {THIRD: "ZTO"}, (
        "a power cut takes nothing off the shelf"
    )


def test_a_full_bag_is_closed_first_unless_the_piece_is_scanned_once_more(township):
    shop = township.shop
    shop.county(
        SettingPublished(name="township.bag_pieces", station="NX0601", value="1", day=NOW.day)
    )
    township.page.activated()
    township.page.grid.chosen.emit("NX0602")
    township.scan(SECOND)
    assert ("1", "碧水河", "满了，先封") in bags(township)
    township.scan(THIRD)
    assert "袋 1 碧水河村满了" in township.toasts[-1]
    assert township.page.heaps.open["NX0602"] == {SECOND: "ZTO"}
    seen(township, "sorting_full")
    township.scan(THIRD)
    assert sorted(township.page.heaps.open["NX0602"]) == [SECOND, THIRD]


@pytest.mark.parametrize("height", [690, 768])
def test_no_toast_hides_where_a_piece_goes(township, height):
    township.window.resize(1366, height)
    township.page.grid.chosen.emit("NX0602")
    for number in range(10):
        township.scan(f"7300000000{number}055")
    township.press("Ctrl+Z")
    assert "从 1 号袋拿下了" in township.toasts[-1]
    parts = [*township.page.findChildren(GoesTo), *township.page.grid.buttons]
    assert not any(is_hidden(township, part) for part in parts)


def test_every_village_has_its_figures_and_its_lists(township):
    shop = township.shop
    shop.county(
        ParcelAnnounced(
            courier="ZTO", waybill="73000000000055", station="NX0602", person="", cod_fen=0,
            freight_fen=0, day=NOW.day,
        )
    )  # fmt: skip
    shop.do(SendToVillage(station="NX0602", pieces=((SECOND, "ZTO"),), seal="0077"))
    township.press("F6")
    assert township.page.title == "各村"
    rows = {row.subject: row.cells for row in township.page.table.rows_model.rows}
    words = {
        code: [cell.words if cell else "" for cell in cells[1:]] for code, cells in rows.items()
    }
    assert words == {
        "NX0602": ["路上 1", "", "今天发 1", "七天 1"],
        "NX0603": ["", "在这儿 1", "", ""],
    }
    assert "路上 1 件，在这儿 1 件，今天发 1 件，七天发 1 件；还有 1 件没预报" in township.words()
    assert "封签 0077" in township.words()
    seen(township, "villages")
    township.press("Down")
    assert township.reason == "这个村还没发过"
    township.press("Up", "Enter")
    assert township.page.title == "交接单存根"
    assert "发村交接单" in township.words()


def test_heaps_outlive_a_power_cut(township):
    closed_bags(township)
    township.press("F3")
    township.scan(THIRD)
    township.page.keep_draft()
    township.press("F4")
    township.page.seal.line.setFocus()
    township.type("0077")
    kept = township.drafts.find("parcels.sorting")
    assert [bag["seal"] for bag in kept["closed"]] == ["", "0077"], "before anybody closes the page"
    township.restart()
    assert "袋里的 3 件还在，封好没发的 2 袋" in township.toasts[-1]
    assert township.page.heaps.open == {"?": {THIRD: "ZTO"}}
    township.press("F4")
    assert township.primary == ("发车 2 袋 2 件，打交接单", True)
    assert [bag.seal for bag in township.page.heaps.closed] == ["", "0077"]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({}, ""),
        ({"station": "NX0101"}, "NO_SUCH_VILLAGE"),
        ({"pieces": ()}, "MANIFEST_EMPTY"),
        ({"code": "x" * 41}, "BAG_UNREADABLE"),
        ({"driver": "任" * 31}, "NAME_TOO_LONG"),
        ({"pieces": tuple((str(n), "ZTO") for n in range(301))}, "TOO_MANY"),
    ],
)
def test_what_may_not_leave_for_a_village(township, more, why):
    command = SendToVillage(**{"station": "NX0602", "pieces": ((SECOND, "ZTO"),), **more})
    outcome = township.shop.ask(command)
    assert (outcome.reason if isinstance(outcome, Refusal) else "").removeprefix("parcels.") == why
    if not why:
        again = SendToVillage(station="NX0603", pieces=((SECOND, "ZTO"),))
        assert township.shop.no(again).reason == "parcels.LEFT_ALREADY"
