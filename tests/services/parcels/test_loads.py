"""What a van takes along: rounds that nobody announced, the way back, a township's villages."""

import json
import os
from pathlib import Path

import pytest
from openpyxl import load_workbook

from station_app.ledger.accounts import PIECES_BAG, PIECES_TRANSIT
from station_app.ledger.posting import PCS
from station_app.overview.ledger.list_files import ListWriter
from station_app.printing.list_file import PDF, XLSX
from station_app.reference.facts import SettingPublished, StationDescribed
from station_app.services.parcels import bag_records, load_records
from station_app.services.parcels.case_telling import CaseTelling
from station_app.services.parcels.commands import (
    CloseManifest,
    LoadVan,
    ReceiveBag,
    ReturnParcels,
    SendToVillage,
)
from station_app.services.parcels.facts import BagAnnounced, ListedPiece, ParcelAnnounced, Receiver
from station_app.services.parcels.list_sheets import sheet_of
from station_app.services.parcels.load_facts import LoadedPiece, UnloadedBag, VanUnloaded
from station_app.services.parcels.loading import Loading, load_van
from station_app.services.parcels.manifest_records import ManifestDesk
from station_app.values.codes import BAG, identity_payload, make_code
from station_app.values.goods_out import GoodsOut
from station_app.values.now import Now
from station_app.values.refusal import Refusal
from tests.services.parcels.shop import TEXTS

FIRST, SECOND, THIRD = (f"730000000000{n}" for n in ("17", "24", "31"))
NAMES = ("麦香", "春晓", "梨花", "柳荫", "翠屏", "凤鸣", "槐荫", "兰溪", "松坪", "望山")
NOW = Now(at=1, day="2025-11-25", operator="", device="D1", station="NX0601")
WALNUTS = GoodsOut(
    dispatch="aa" * 32, code="B-0007", name="核桃", quantity=60_000, unit="gram", packages=3,
    day="2025-11-25",
)  # fmt: skip


def seen(station, name):
    for height in (690, 768):
        station.window.resize(1366, height)
        station.hand.settle()
        station.assert_fits()
        if os.environ.get("SENSES_PICTURES"):
            station.picture(Path(os.environ["SENSES_PICTURES"]), f"{name}_{height}")


def papers(station, role="receipt"):
    return [doc for which, doc in station.shop.jobs() if which == role]


def described(code, level, parent, name):
    return StationDescribed(
        code=code, name=name, level=level, parent=parent, township="赤眉镇", village=name[:3],
        status="active", shelves=4, layers=4, places=30, day="2025-11-25",
    )  # fmt: skip


@pytest.fixture
def desk(station):
    station.press("F2", "Ctrl+4")
    return station


@pytest.fixture
def township(station):
    shop = station.shop
    shop.county(described("NX0601", "township", "NX0000", "赤眉镇电商综合服务站"))
    shop.county(described("NX0602", "village", "NX0601", "碧水河村站"))
    shop.county(described("NX0603", "village", "NX0601", "石磨庄村站"))
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


def test_a_round_without_a_bag_has_what_was_shelved_of_it_on_its_list(desk):
    for waybill in (FIRST, SECOND):
        desk.shop.shelve(waybill, tail="6021")
    desk.press("F10")
    assert sorted(desk.page.work.seen) == [FIRST, SECOND], "nobody scans them again"
    desk.press("Enter")
    assert bag_records.arrived(desk.shop.connection, "2025-11-25") == {}
    desk.press("F10")
    assert desk.page.work.seen == {}, "the next round begins with nothing"


def told_of(shop, waybill, courier="ZTO"):
    body = ParcelAnnounced(
        courier=courier, waybill=waybill, station="NX0601", person="", cod_fen=0,
        freight_fen=0, day=NOW.day,
    )  # fmt: skip
    shop.county((body, Receiver(name="王小明", tail="1011")))


def test_a_round_of_a_courier_is_counted_against_what_was_announced_of_it(desk):
    for waybill in (FIRST, SECOND, THIRD, "73000000000055"):
        told_of(desk.shop, waybill)
    told_of(desk.shop, "43000000000001", "YD")
    bagged = (ListedPiece(courier="ZTO", waybill=THIRD, state="seen"),)
    desk.shop.county(
        BagAnnounced(
            code="B1", manifest="M1", station="NX0601", seal="", day=NOW.day, pieces=bagged
        )
    )
    desk.shop.shelve(FIRST, tail="6021")
    desk.press("F10")
    assert desk.page.work.seen == {FIRST: "ZTO"}, "it stands on a shelf already"
    desk.scan("73000000000062")
    assert desk.primary == ("签收，记少 2 多 1", True), "the other courier's and the bag's are not"
    asides = {row.subject: row.cells[2] for row in desk.page.list.table.rows_model.rows}
    assert asides[f"missing/{SECOND}"].words == "王小明 尾号 1011", "who waits for it can be told"
    assert asides[f"seen/{FIRST}"] is None
    seen(desk, "loose_round")
    desk.scan(SECOND)
    desk.press("Enter")
    (row,) = bag_records.all_lists(desk.shop.connection, NOW.day)
    assert row.state.announced == 3
    assert {p.waybill: p.state for p in row.state.pieces} == {
        "73000000000055": "missing", "73000000000062": "extra", FIRST: "seen", SECOND: "seen",
    }  # fmt: skip
    assert desk.shop.connection.execute("SELECT kind FROM cases").fetchall() == []
    desk.scan("73000000000055")
    assert desk.primary == ("签收，打两份", True), "it comes with the next round"


def test_the_way_back_lists_parcels_and_produce_once(desk):
    shop = desk.shop
    shop.gatherer.goods = lambda _connection, _since: (WALNUTS,)
    back = shop.shelve(FIRST, tail="6021")
    shop.do(ReturnParcels(parcels=(back,), reason="overdue"))
    desk.press("Ctrl+B")
    assert desk.primary == ("装车：包裹 1 件、货 3 件，打两份", True)
    seen(desk, "van")
    desk.page.side.other.set_text("任例福")
    desk.press("Enter")
    first, second = papers(desk)
    assert first == second, "one for each side"
    for words in ("回程装车单", "核桃", "120 斤 3 件", "任*福", '"type":"qr"'):
        assert words in first, "the hub finds it by its code"
    desk.press("Ctrl+B")
    assert desk.reason == "没有要带走的"


def states(desk, column=-1):
    """Return the pills of a column of the list."""
    rows = desk.page.table.rows_model.rows
    return [row.cells[column].words for row in rows if row.cells[column] is not None]


def case_of(shop, kind):
    """Return a case as the page of cases shows it: its title, and what each side says."""
    entity, members = shop.connection.execute(
        "SELECT entity, members FROM cases WHERE kind = ?", (kind,)
    ).fetchone()
    telling = CaseTelling(shop.gatherer)
    found = telling.case(shop.connection, kind, entity, json.loads(members), TEXTS)
    return found.title, [(side.who, side.words, side.lines) for side in found.sides]


def emptied(shop, code):
    bag = shop.do(ReceiveBag(code=code, pieces=1)).told[0].identity
    shop.do(CloseManifest(direction="in", bag=bag, seen=((f"7300000000{code[-4:]}", "ZTO"),)))
    return bag


def test_an_empty_bag_goes_back_with_the_van_once_and_one_that_is_kept_stays(desk):
    shop = desk.shop
    emptied(shop, "XC-0001")
    second = emptied(shop, "XC-0002")
    desk.press("Ctrl+B")
    assert desk.primary == ("装车：空袋 2 个，打两份", True)
    desk.press("Down", "Down")
    assert desk.page.list.table.current() == second
    desk.press("Ctrl+D")
    seen(desk, "van_bags")
    desk.press("Enter")
    paper = papers(desk)[-1]
    assert "空袋 1 个" in paper
    assert "XC-0001" in paper
    assert "XC-0002" not in paper
    desk.press("Ctrl+L")
    assert "空袋 1 个·在路上" in states(desk)
    desk.press("F11", "Ctrl+B")
    assert desk.primary == ("装车：空袋 1 个，打两份", True), "the one that was kept"
    shop.county(
        BagAnnounced(
            code="XC-0002", manifest="M2", station="NX0601", seal="", day=NOW.day,
            pieces=(ListedPiece(courier="ZTO", waybill=FIRST, state="seen"),),
        )
    )  # fmt: skip
    shop.do(ReceiveBag(code="XC-0002"))
    again = shop.no(LoadVan())
    assert again.reason == "parcels.MANIFEST_EMPTY", "it stands here closed, and full"


def test_the_hubs_count_stands_on_the_stub_and_a_difference_is_a_case(desk):
    shop = desk.shop
    emptied(shop, "XC-0001")
    made = shop.do(LoadVan(driver="任例福")).told[0].identity
    shop.county(
        VanUnloaded(pieces=(), bags=(UnloadedBag(code="XC-0001", state="missing"),), day=NOW.day),
        entity=made,
    )
    desk.press("Ctrl+L")
    assert "空袋 1 个·县仓收了，差 1" in states(desk)
    cases = shop.connection.execute("SELECT kind, entity FROM cases").fetchall()
    assert [tuple(row) for row in cases] == [("parcels.van_differs", made)]
    assert case_of(shop, "parcels.van_differs") == (
        "县仓收到的和装车单不一样",
        [
            ("县里", "县仓收到：什么都没有", (("没见到", "XC-0001"),)),
            ("1 号电脑", "装车：空袋 1 个", ()),
        ],
    )
    seen(desk, "van_differs")


def test_a_bag_that_is_not_as_announced_is_a_case_with_both_sides(desk):
    shop = desk.shop
    pieces = tuple(ListedPiece(courier="ZTO", waybill=one, state="seen") for one in (FIRST, SECOND))
    shop.county(
        BagAnnounced(
            code="B1", manifest="M1", station="NX0601", seal="0077", day=NOW.day, pieces=pieces
        )
    )
    bag = shop.do(ReceiveBag(code="B1")).told[0].identity
    shop.do(CloseManifest(direction="in", bag=bag, seen=((FIRST, "ZTO"), (THIRD, "ZTO"))))
    assert case_of(shop, "parcels.bag_differs") == (
        "袋里的件和报的不一样",
        [
            ("县里", "报了 2 件", (("封签", "0077"),)),
            ("1 号电脑", "说有 2 件，实点 2 件", (("没见到", SECOND), ("多出", THIRD))),
        ],
    )


def test_a_list_is_looked_at_printed_again_and_written_as_a4_and_workbook(desk, tmp_path):
    shop = desk.shop
    shop.shelve(FIRST, tail="6021")
    desk.press("F10")
    desk.page.side.other.set_text("=cmd|' /C calc'!A0")
    desk.press("Enter", "Ctrl+L")
    assert desk.page.title == "交接单存根"
    seen(desk, "stubs")
    desk.press("Enter")
    assert len(papers(desk)) == 3
    (row,) = bag_records.all_lists(shop.connection, "2025-11-01")
    said = ManifestDesk(shop.gatherer, TEXTS).said(shop.connection, row.entity)
    sheet = sheet_of(said, TEXTS)
    writer = ListWriter(TEXTS)
    pdf = tmp_path / writer.write(sheet, PDF, tmp_path)
    assert pdf.read_bytes().startswith(b"%PDF")
    book = load_workbook(tmp_path / writer.write(sheet, XLSX, tmp_path))
    cells = [cell for line in book.active.iter_rows() for cell in line if cell.value is not None]
    assert FIRST in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells} <= {"s", "n"}, "no formula, whoever brought it"


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


def test_a_bag_that_lacks_a_piece_is_opened_again(township):
    closed_bags(township)
    township.scan(township.page.heaps.closed[0].code)
    township.press("Ctrl+T")
    assert township.page.title == "分拣"
    assert township.page.heaps.open["NX0603"] == {FIRST: "ZTO"}
    assert bags(township)[0] == ("1", "碧水河", "0 件，封了 1 袋")
    township.press("F4")
    assert township.primary == ("发车 1 袋 1 件，打交接单", True)


def test_a_step_is_taken_back_by_one_key_and_a_piece_put_into_another_bag_by_its_number(township):
    township.scan(FIRST)
    township.press("F11")
    assert township.reason == "输右边有的袋号"
    township.type("1")
    assert township.primary == ("放进 1 号袋 碧水河村站", True)
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


def test_a_bag_with_a_tag_of_ours_gets_no_other(township):
    tag = make_code(BAG, identity_payload("aa" * 32))
    township.scan(FIRST)
    township.scan(tag)
    assert f"袋签 {tag}" in township.words()
    before = len(papers(township, "waybill"))
    township.press("Enter", "F4", "Enter")
    assert len(papers(township, "waybill")) == before
    assert load_records.bags_left(township.shop.connection, NOW.day) == {tag}


def test_eighteen_bags_are_in_sight_and_a_key_shows_the_rest(township):
    for number in range(4, 24):
        name = f"{NAMES[number % 10]}{NAMES[-number % 7]}村站"
        township.shop.county(described(f"NX06{number:02}", "village", "NX0601", name))
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
    assert "袋 1 碧水河村站满了" in township.toasts[-1]
    assert township.page.heaps.open["NX0602"] == {SECOND: "ZTO"}
    seen(township, "sorting_full")
    township.scan(THIRD)
    assert sorted(township.page.heaps.open["NX0602"]) == [SECOND, THIRD]


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
    township.page.seal.line.setFocus()
    township.type("0077")
    township.press("F3")
    township.scan(THIRD)
    township.page.keep_draft()
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


def test_an_empty_van_and_an_endless_one_are_none():
    nothing = load_van(Loading(number=1), LoadVan(), NOW)
    many = tuple(LoadedPiece(courier="ZTO", waybill=str(n)) for n in range(301))
    endless = load_van(Loading(number=1, pieces=many), LoadVan(), NOW)
    reasons = [one.reason for one in (nothing, endless) if isinstance(one, Refusal)]
    assert reasons == ["parcels.MANIFEST_EMPTY", "parcels.TOO_MANY"]
