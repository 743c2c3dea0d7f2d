"""What a van takes along: rounds that nobody announced, the way back, a township's villages."""

import json

import pytest
from openpyxl import load_workbook

from station_app.overview.ledger.list_files import ListWriter
from station_app.printing.list_file import PDF, XLSX
from station_app.services.parcels import bag_records
from station_app.services.parcels.case_telling import CaseTelling
from station_app.services.parcels.commands import (
    CloseManifest,
    LoadVan,
    ReceiveBag,
    ReturnParcels,
)
from station_app.services.parcels.facts import BagAnnounced, ListedPiece, ParcelAnnounced, Receiver
from station_app.services.parcels.list_sheets import sheet_of
from station_app.services.parcels.load_facts import LoadedPiece, UnloadedBag, VanUnloaded
from station_app.services.parcels.loading import Loading, load_van
from station_app.services.parcels.manifest_records import ManifestDesk
from station_app.values.goods_out import GoodsOut
from station_app.values.now import Now
from station_app.values.refusal import Refusal
from tests.services.parcels.loads import papers, seen, states
from tests.services.parcels.shop import TEXTS

FIRST, SECOND, THIRD = (f"730000000000{n}" for n in ("17", "24", "31"))
NOW = Now(at=1, day="2025-11-25", operator="", device="D1", station="NX0601")
WALNUTS = GoodsOut(
    dispatch="aa" * 32, code="B-0007", name="核桃", quantity=60_000, unit="gram", packages=3,
    day="2025-11-25",
)  # fmt: skip


@pytest.fixture
def desk(station):
    station.press("F2", "Ctrl+4")
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
    assert "对不上的在上面" in desk.words()
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
    assert "单上的件，都对得上" in desk.words()


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


def test_a_bag_that_came_back_full_on_the_day_it_was_emptied_is_not_empty(desk):
    shop = desk.shop
    for number in range(8):
        code = f"XC-000{number}"
        emptied(shop, code)
        shop.county(
            BagAnnounced(
                code=code, manifest=f"M{number}", station="NX0601", seal="", day=NOW.day,
                pieces=(ListedPiece(courier="ZTO", waybill=FIRST, state="seen"),),
            )
        )  # fmt: skip
        shop.do(ReceiveBag(code=code))
    assert shop.no(LoadVan()).reason == "parcels.MANIFEST_EMPTY", "they stand here closed, and full"


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


def test_an_empty_van_and_an_endless_one_are_none():
    nothing = load_van(Loading(number=1), LoadVan(), NOW)
    many = tuple(LoadedPiece(courier="ZTO", waybill=str(n)) for n in range(301))
    endless = load_van(Loading(number=1, pieces=many), LoadVan(), NOW)
    reasons = [one.reason for one in (nothing, endless) if isinstance(one, Refusal)]
    assert reasons == ["parcels.MANIFEST_EMPTY", "parcels.TOO_MANY"]
