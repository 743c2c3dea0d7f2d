"""Bags and manifests: received closed, counted against what was said, signed by both on paper."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from station_app.ledger.accounts import PIECES_BAG, PIECES_SHELF, PIECES_TRANSIT
from station_app.ledger.posting import PCS
from station_app.services.parcels import bag_records, records
from station_app.services.parcels.commands import CloseManifest, ReceiveBag, ReturnParcels
from station_app.services.parcels.facts import BagAnnounced, ListedPiece
from station_app.services.parcels.manifests import compare
from station_app.values.codes import BAG, identity_payload, make_code
from tests.services.parcels.test_signing import draw
from tests.services.parcels.test_trouble import Stick

TAG = make_code(BAG, identity_payload("ab" * 32))
FIRST, SECOND, THIRD, STRANGER = (f"730000000000{n}" for n in ("17", "24", "31", "48"))


def listed(*waybills):
    return tuple(ListedPiece(courier="ZTO", waybill=w, state="seen") for w in waybills)


@pytest.fixture
def desk(station):
    station.press("F2", "Ctrl+4")
    assert station.page.title == "交接单"
    return station


def announced(station, *waybills, code=TAG, place="NX0601"):
    station.shop.county(
        BagAnnounced(
            code=code, manifest="JJ-1123-02", station=place, seal="0077",
            pieces=listed(*waybills), day="2025-11-25",
        )
    )  # fmt: skip


def pieces(station, place):
    return station.shop.balance(place, PCS)


def papers(station):
    return [json.loads(doc) for role, doc in station.shop.jobs() if role == "receipt"]


def seen(station, name):
    for height in (690, 768):
        station.window.resize(1366, height)
        station.hand.settle()
        station.assert_fits()
    if os.environ.get("SENSES_PICTURES"):
        station.picture(Path(os.environ["SENSES_PICTURES"]), name)


def test_an_announced_bag_is_counted_piece_by_piece_and_signed_with_its_difference(desk):
    announced(desk, FIRST, SECOND, THIRD)
    desk.scan(TAG)
    assert pieces(desk, PIECES_BAG) == 3, "it is here, closed"
    for waybill in (FIRST, SECOND, STRANGER, FIRST):
        desk.scan(waybill)
    assert desk.sounds.played[-1] == "duplicate"
    assert desk.primary == ("签收，记少 1 多 1", True)
    seen(desk, "manifest")
    desk.page.side.other.setFocus()
    desk.write("任例福")
    desk.press("Enter")
    assert [p["type"] for p in papers(desk)] == ["receipt", "receipt"], "one for each side"
    words = json.dumps(papers(desk)[0], ensure_ascii=False)
    for said in ("到站交接单", "任*福", "0077", "没见到", "多", "交：", "接："):
        assert said in words
    assert pieces(desk, PIECES_BAG) == 3
    assert bag_records.unopened(desk.shop.connection) == []
    for waybill in (FIRST, SECOND, STRANGER):
        desk.shop.shelve(waybill, tail="6021")
    assert pieces(desk, PIECES_BAG) == 0, "what was in it stands on the shelf, piece by piece"
    assert pieces(desk, PIECES_SHELF) == 3
    assert pieces(desk, PIECES_TRANSIT) == -3


@pytest.mark.parametrize("code", [TAG, "XC-0001"])
def test_a_bags_tag_is_understood_on_every_page(station, code):
    announced(station, FIRST, SECOND, code=code)
    station.press("F3")
    station.scan(code)
    assert station.page.title == "交接单"
    assert station.page.work.mode == "counting", "the bag is received, and counted next"
    station.press("Esc", "F3")
    station.scan(code)
    assert station.page.work.mode == "counting", "and when it stands here closed"


def test_what_was_not_there_is_not_said_to_have_changed_hands(desk):
    announced(desk, FIRST, SECOND, THIRD)
    desk.scan(TAG)
    desk.scan(FIRST)
    desk.press("Enter")
    assert desk.toasts[-1] == "1 件交接好了，单子打两份"


def test_a_bag_in_which_nothing_was_says_so_on_its_stub(desk):
    announced(desk, FIRST, SECOND)
    desk.scan(TAG)
    desk.scan(STRANGER)
    desk.press("Ctrl+E")
    desk.page.work = replace(desk.page.work, seen={})
    bag = desk.page.work.bag
    desk.shop.do(CloseManifest(direction="in", bag=bag))
    desk.press("Esc", "Ctrl+L")
    pills = [row.cells[-1].words for row in desk.page.table.rows_model.rows]
    assert pills == ["0 件·差 2"]


def test_a_round_that_nobody_announced_has_nothing_too_many(desk):
    desk.shop.shelve(FIRST, tail="6021")
    desk.press("F10")
    desk.scan(SECOND)
    rows = desk.page.list.table.rows_model.rows
    assert [row.cells[0].words for row in rows] == ["扫到", "扫到"]
    assert "扫到的件" in desk.words()


def test_another_bag_waits_until_the_one_in_hand_is_signed(desk):
    announced(desk, FIRST, SECOND)
    announced(desk, THIRD, code="XC-0001")
    desk.scan(TAG)
    desk.scan(FIRST)
    desk.scan(TAG)
    assert desk.sounds.played[-1] == "duplicate", "the bag in hand, once more"
    desk.scan("XC-0001")
    assert desk.toasts[-1] == "手上的袋还没签收。先签收，或按 Esc 放着"
    assert list(desk.page.work.seen) == [FIRST], "no tag is a piece"
    desk.press("Esc")
    desk.scan("XC-0001")
    assert desk.page.work.mode == "counting"
    assert desk.page.work.seen == {}


def test_a_bag_that_nobody_announced_asks_how_many_its_tag_says(desk):
    desk.scan("NXB060111230001")
    assert desk.reason == "写袋签上的件数"
    desk.type("2")
    seen(desk, "manifest_tag")
    desk.press("Enter")
    desk.scan(FIRST)
    assert desk.primary == ("签收，记少 1 多 0", True)
    desk.press("Enter")
    assert "少 1" not in desk.toasts[-1]
    row = desk.shop.connection.execute("SELECT pieces, missing, opened_day FROM bags").fetchone()
    assert row == (2, 1, "2025-11-25")
    printed = json.dumps(papers(desk)[0], ensure_ascii=False)
    assert "单上没有" not in printed, "no list named its pieces: none of them is too many"
    cases = desk.shop.connection.execute("SELECT kind FROM cases").fetchall()
    assert [kind for (kind,) in cases] == ["parcels.bag_differs"]


def test_a_bag_of_another_village_and_one_that_came_before_are_refused_in_words(desk):
    announced(desk, FIRST, code="NXB060211230001", place="NX0602")
    desk.scan("NXB060211230001")
    assert "碧水河村站" in desk.toasts[-1]
    shop = desk.shop
    bag = shop.do(ReceiveBag(code="B1", pieces=1)).told[0].identity
    assert shop.no(ReceiveBag(code="B1", pieces=1)).reason == "parcels.BAG_RECEIVED_ALREADY"
    shop.do(CloseManifest(direction="in", bag=bag, seen=((FIRST, "ZTO"),)))
    assert shop.no(ReceiveBag(code="B1", pieces=1)).reason == "parcels.BAG_OPENED_ALREADY"
    closed = CloseManifest(direction="in", bag=bag, seen=((SECOND, "ZTO"),))
    assert shop.no(closed).reason == "parcels.BAG_OPENED_ALREADY"
    for reason, command in (
        ("BAG_UNREADABLE", ReceiveBag(code=" ", pieces=1)),
        ("BAG_PIECES_WRONG", ReceiveBag(code="B2", pieces=0)),
        ("BAG_PIECES_WRONG", ReceiveBag(code="B2", pieces=301)),
        ("NO_SUCH_BAG", CloseManifest(direction="in", bag="ff" * 32, seen=((FIRST, "ZTO"),))),
        ("MANIFEST_EMPTY", CloseManifest(direction="in")),
        ("MANIFEST_EMPTY", CloseManifest(direction="returns")),
        ("NAME_TOO_LONG", CloseManifest(direction="returns", other="任" * 31)),
    ):
        assert shop.no(command).reason == f"parcels.{reason}"


def test_a_count_outlives_a_power_cut_and_a_bag_put_down_waits(desk):
    announced(desk, FIRST, SECOND)
    desk.scan(TAG)
    desk.scan(FIRST)
    desk.page.keep_draft()
    desk.restart()
    assert desk.page.work.seen == {FIRST: "ZTO"}
    desk.press("Esc")
    assert "没数的袋 1 个" in desk.words()
    seen(desk, "manifest_waiting")
    desk.scan(TAG)
    assert desk.page.work.mode == "counting", "the tag takes it up again"


@pytest.mark.parametrize("key", ["F10", ""])
def test_loose_pieces_are_a_list_too_begun_by_a_key_or_by_the_first_of_them(desk, key):
    if key:
        desk.press(key)
    desk.scan(FIRST)
    assert desk.primary == ("签收，打两份", True)
    desk.press("Enter")
    assert "没有预报，照实收" in json.dumps(papers(desk)[0], ensure_ascii=False)
    desk.shop.shelve(FIRST, tail="6021")
    assert pieces(desk, PIECES_BAG) == 0, "it came in no bag"


def test_what_went_back_leaves_by_a_list_once(desk):
    shop = desk.shop
    back = [shop.shelve(waybill, tail="6021") for waybill in (FIRST, SECOND)]
    shop.do(ReturnParcels(parcels=tuple(back), reason="overdue"))
    desk.press("F11")
    assert desk.primary == ("交出 2 件，打两份", True)
    seen(desk, "manifest_returns")
    desk.press("Enter")
    assert "退件交接单" in json.dumps(papers(desk)[0], ensure_ascii=False)
    assert bag_records.leaving(shop.connection, "", "2025-11-25") == []
    desk.press("F11")
    assert desk.reason == "没有要带走的"


def test_a_waybill_that_comes_again_later_is_not_of_that_bag(desk):
    announced(desk, FIRST)
    desk.scan(TAG)
    desk.scan(FIRST)
    desk.press("Enter")
    shop = desk.shop
    shop.hand_over(shop.shelve(FIRST, tail="6021"))
    again = shop.shelve(FIRST, tail="6021", again=True)
    state = records.parcel_state(shop.connection, again)
    assert state is not None
    assert state.bag == ""
    assert pieces(desk, PIECES_BAG) == 0


def test_what_differs_stands_first():
    found = compare(listed(FIRST, SECOND), {SECOND: "", STRANGER: "STO"})
    assert [(p.waybill, p.courier, p.state) for p in found] == [
        (FIRST, "ZTO", "missing"), (STRANGER, "STO", "extra"), (SECOND, "ZTO", "seen"),
    ]  # fmt: skip


# --- Signed on the screen, and a seal that was broken ---------------------------------------------


@pytest.fixture
def desk_with_stick(station):
    station.photos = Stick(station.shop.connection)
    object.__setattr__(station.outfit, "photos", station.photos)
    station.press("F2", "Ctrl+4")
    announced(station, FIRST, SECOND)
    station.scan(TAG)
    station.scan(FIRST)
    return station


def pictures(desk, kind):
    """(purpose, how many hashes) of what an act with a fact of this kind keeps."""
    rows = desk.shop.connection.execute(
        "SELECT p.body, v.part FROM facts p JOIN privates v ON v.identity = p.identity "
        "JOIN facts f ON f.act = p.act AND f.kind = ? "
        "WHERE p.kind = 'picture.kept' ORDER BY p.seq",
        (kind,),
    ).fetchall()
    return [
        (json.loads(body)["purpose"], len(json.loads(private)["photos"])) for body, private in rows
    ]


def test_both_sides_sign_a_list_on_the_screen_one_after_the_other(desk_with_stick):
    desk = desk_with_stick
    desk.page.side.other.setFocus()
    desk.write("任例福")
    desk.page.setFocus()
    desk.press("F10")
    assert "请 任例福 签名" in desk.words()
    assert desk.primary == ("签好了", False)
    draw(desk.page.signing.pad)
    seen(desk, "manifest_sign")
    desk.press("Enter")
    assert "请 当班的人 签名" in desk.words()
    assert desk.primary == ("签好了", False), "the second begins on an empty pad"
    draw(desk.page.signing.pad)
    desk.press("Enter")
    assert desk.primary == ("签收，记少 1 多 0", True)
    desk.press("Enter")
    assert pictures(desk, "manifest.closed") == [("signature", 1), ("own_signature", 1)]
    ((manifest,),) = desk.shop.connection.execute(
        "SELECT identity FROM facts WHERE kind = 'manifest.closed'"
    ).fetchall()
    assert len(desk.photos.named_by(manifest)) == 1, "two equal strokes are one picture"


def test_one_side_signs_on_the_paper_and_a_bag_put_down_forgets_signatures(desk_with_stick):
    desk = desk_with_stick
    desk.press("F10", "Esc")
    draw(desk.page.signing.pad)
    desk.press("Enter", "Esc")
    assert desk.page.work.mode == "idle"
    desk.scan(TAG)
    desk.scan(FIRST)
    desk.press("Enter")
    assert pictures(desk, "manifest.closed") == []


def test_a_broken_seal_is_said_in_words_with_a_photo_and_stands_on_the_paper(desk_with_stick):
    desk = desk_with_stick
    desk.press("Ctrl+E")
    assert desk.reason == "写一句断成什么样"
    desk.write("扎带剪断过")
    desk.page.setFocus()
    desk.press("F11")
    assert desk.primary == ("附这张", True)
    seen(desk, "manifest_seal_photo")
    desk.press("Enter")
    seen(desk, "manifest_seal")
    assert desk.primary[1]
    desk.press("Enter")
    rows = desk.shop.connection.execute(
        "SELECT v.part, f.entity FROM facts f JOIN privates v ON v.identity = f.identity "
        "WHERE f.kind = 'seal.found_broken'"
    ).fetchall()
    ((private, bag),) = rows
    said = json.loads(private)
    assert (said["remark"], len(said["photos"])) == ("扎带剪断过", 1)
    assert len(desk.photos.named_by(bag)) == 1
    assert "封签断了：扎带剪断过" in json.dumps(papers(desk)[0], ensure_ascii=False)


def test_a_seal_that_was_whole_after_all_says_nothing_and_loose_pieces_have_none(desk_with_stick):
    desk = desk_with_stick
    desk.press("Ctrl+E", "Ctrl+E", "Enter")
    kinds = {row[0] for row in desk.shop.connection.execute("SELECT kind FROM facts")}
    assert "manifest.closed" in kinds
    assert "seal.found_broken" not in kinds
    desk.press("F10")
    desk.scan(SECOND)
    assert "封签断了" not in [action.label for action in desk.page.action_bar()]
    for reason, words in (("SEAL_WITHOUT_WORDS", " "), ("WORDS_TOO_LONG", "断" * 61)):
        bag = desk.shop.do(ReceiveBag(code=f"B{reason}", pieces=1)).told[0].identity
        command = CloseManifest(
            direction="in", bag=bag, seen=((THIRD, "ZTO"),), is_seal_broken=True, seal_words=words
        )
        assert desk.shop.no(command).reason == f"parcels.{reason}"


def test_words_of_a_seal_outlive_a_power_cut(desk_with_stick):
    desk = desk_with_stick
    desk.press("Ctrl+E")
    desk.write("扎带剪断过")
    draft = desk.page.draft()
    desk.page._put_down()
    desk.page.resume(json.loads(json.dumps(draft)))
    assert desk.page.side.seal.text() == "扎带剪断过"
    assert desk.page.side.seal.isVisible()
