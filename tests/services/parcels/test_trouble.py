"""What may go wrong with a parcel: said by scan and digits, owed in money, never a hand-over."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image

from station_app.journal import blobs
from station_app.ledger.accounts import COMPENSATION, held_cod, refund_due
from station_app.reference.facts import SettingPublished
from station_app.services.parcels import records, trouble_records
from station_app.services.parcels.commands import (
    CompensateParcel,
    CountLayer,
    FindParcel,
    ForwardParcel,
    HandOverParcels,
    KeepSignature,
    LoseParcel,
    MarkValuable,
    ReassignParcel,
    ReleaseParcel,
    ReportDamage,
    ShelveParcel,
)
from station_app.services.parcels.troubling import Form, deeds_for
from station_app.services.parcels.visits import LOST, ON_HAND, RETURNED, Parcel
from station_app.shell.photos import FoundPhoto
from tests.services.parcels.test_signing import Photos


class Stick(Photos):
    """A stick with one photo on it."""

    def find(self, then):
        then((FoundPhoto("stick", "IMG_1.jpg", "U 盘"),))

    def make(self, _key, _content, then):
        image = Image.linear_gradient("L").resize((300, 200)).convert("RGB")
        out = io.BytesIO()
        image.save(out, "JPEG")
        super().make("", out.getvalue(), then)

    def open_phone(self):
        return ""

    def phone_photo(self):
        return b""

    def close_phone(self):
        pass


ZTO, OTHER, COD = "73000000000017", "73000000000024", "73000000000031"


@pytest.fixture
def trouble(station):
    shop = station.shop
    station.photos = Stick(shop.connection)
    object.__setattr__(station.outfit, "photos", station.photos)
    station.wang = shop.villager("王秀兰", "13800006021", hamlet="第3组")
    station.parcels = {
        ZTO: shop.shelve(ZTO, person=station.wang, shelf="B", layer=2),
        OTHER: shop.shelve(OTHER, person=station.wang, shelf="A", layer=1),
        COD: shop.shelve(COD, person=station.wang, shelf="A", layer=1, cod_fen=28_600),
    }
    station.press("F2", "Ctrl+3")
    return station


def row(station, waybill):
    found = records.parcel_row(station.shop.connection, station.parcels[waybill])
    assert found is not None
    return found


def state(station, waybill):
    found = records.parcel_state(station.shop.connection, station.parcels[waybill])
    assert found is not None
    return found


def cases(station):
    return {case for (case,) in station.shop.connection.execute("SELECT kind FROM cases")}


def seen(station, name):
    """Fits at both heights; a picture of it on request."""
    for height in (690, 768):
        station.window.resize(1366, height)
        station.hand.settle()
        station.assert_fits()
    if os.environ.get("SENSES_PICTURES"):
        station.picture(Path(os.environ["SENSES_PICTURES"]), name)


def test_a_photo_of_what_is_broken_is_kept_with_it(trouble):
    trouble.scan(ZTO)
    trouble.press("1", "F11")
    assert trouble.primary == ("附这张", True)
    seen(trouble, "trouble_photo")
    trouble.press("Enter")
    assert trouble.primary == ("记破损", True), "a picture says it without words"
    trouble.press("Enter")
    (name,) = blobs.names_of(trouble.shop.connection, trouble.parcels[ZTO])
    assert blobs.get(trouble.shop.connection, name)


def test_nothing_is_wrong_and_a_scan_takes_a_parcel_in_hand(trouble):
    assert "没有出了事的件" in trouble.words()
    trouble.scan(ZTO)
    assert "王秀兰" in trouble.words()
    assert trouble.primary == ("记下", False)
    assert trouble.reason == "选这件怎么了"
    seen(trouble, "trouble")


def test_a_broken_one_stays_on_its_shelf_with_what_is_broken(trouble):
    trouble.scan(ZTO)
    trouble.press("1")
    seen(trouble, "trouble_damage")
    trouble.write("角上压破了")
    trouble.press("Enter")
    assert row(trouble, ZTO).status == ON_HAND
    assert len(state(trouble, ZTO).damaged) == 1
    assert "坏在：角上压破了" in trouble.words()
    trouble.press("2")
    assert trouble.primary == ("退回快递", True)
    trouble.press("Enter")
    assert (row(trouble, ZTO).status, state(trouble, ZTO).reason) == (RETURNED, "damaged")


def test_a_refused_one_and_one_of_another_village_go_back_or_on(trouble):
    trouble.scan(ZTO)
    trouble.press("2", "Enter")
    assert state(trouble, ZTO).reason == "refused"
    trouble.scan(OTHER)
    trouble.press("4")
    seen(trouble, "trouble_forward")
    assert trouble.reason == "选转到哪个站"
    trouble.press("1", "Enter")
    assert (row(trouble, OTHER).status, state(trouble, OTHER).reason) == ("forwarded", "NX0602")
    assert "碧水河村站" in trouble.toasts[-1]


def test_a_lost_one_is_paid_for_found_and_then_asked_about(trouble):
    trouble.scan(ZTO)
    trouble.press("5", "Enter")
    assert row(trouble, ZTO).status == LOST
    assert "找不着" in [cell.words for r in trouble.page.list.table.rows_model.rows
                       for cell in r.cells if hasattr(cell, "tone")]  # fmt: skip
    trouble.press("2")
    trouble.type("30")
    assert trouble.reason == "选赔给谁"
    trouble.press("Alt+1")
    assert trouble.primary == ("定赔 ¥30.00", True)
    seen(trouble, "trouble_pay")
    trouble.press("Enter")
    shop = trouble.shop
    assert shop.balance(refund_due(trouble.parcels[ZTO])) == -3_000
    assert shop.balance(COMPENSATION) == 3_000
    trouble.press("F3")
    trouble.scan(ZTO)
    assert trouble.page.title == "异常", "a lost one is put back where that is done"
    trouble.press("1", "Enter")
    assert row(trouble, ZTO).is_on_hand
    assert cases(trouble) == {"parcels.paid_for_and_here"}
    shop.hand_over(trouble.parcels[ZTO])
    assert cases(trouble) == set()


def test_one_that_is_gone_unrecorded_is_closed_by_the_manager_and_is_no_hand_over(trouble):
    trouble.scan(ZTO)
    trouble.press("6", "1")
    seen(trouble, "trouble_release")
    trouble.shop.is_now(is_manager=False)
    trouble.press("Enter")
    assert "要站长来关" in trouble.toasts[-1]
    assert row(trouble, ZTO).is_on_hand
    trouble.shop.is_now(is_manager=True)
    trouble.press("Enter")
    closed = state(trouble, ZTO)
    assert (closed.status, closed.reason, closed.taken_by) == ("released", "receiver_has_it", "")
    assert not trouble.shop.jobs()[3:], "nothing is printed: nobody was handed anything"
    trouble.press("F3")
    trouble.scan(ZTO)
    assert "早拿走了没记" in trouble.toasts[-1]


def test_money_due_bars_the_closing_and_another_reason_asks_for_words(trouble):
    trouble.scan(COD)
    trouble.press("6", "1", "Enter")
    assert "找乡亲收了钱按取件办" in trouble.toasts[-1]
    trouble.press("3")
    assert trouble.reason == "写一句怎么回事"
    trouble.scan(ZTO)
    trouble.press("6", "3")
    trouble.write("昨天停电，交了没记")
    trouble.press("Enter")
    assert state(trouble, ZTO).status == "released"


def test_a_parcel_that_is_missed_at_the_stocktake_stands_in_the_list(trouble):
    trouble.shop.do(CountLayer(shelf="B", layer=2, seen=()))
    found = trouble_records.troubles(trouble.shop.connection)
    assert [(one.row.parcel, one.what) for one in found] == [(trouble.parcels[ZTO], "missed")]
    trouble.press("F3", "F2", "Ctrl+3")
    assert "出了事 1 件" in trouble.words()


def test_a_parcel_that_was_only_scanned_is_not_counted_among_the_troubles(trouble):
    trouble.press("F2", "Ctrl+3")
    trouble.scan(ZTO)
    assert "出了事" not in trouble.words()
    assert "手上这件" in trouble.words()


def test_the_hand_over_page_leads_here(trouble):
    trouble.press("F3")
    trouble.scan(ZTO)
    seen(trouble, "handover_with_trouble")
    trouble.press("Ctrl+T")
    assert trouble.page.title == "异常"
    assert "王秀兰" in trouble.words()
    trouble.press("Esc")
    assert "没有出了事的件" in trouble.words()


# --- Rules ---------------------------------------------------------------------------------------


def test_every_refusal_has_its_sentence(trouble):
    shop, zto = trouble.shop, trouble.parcels[ZTO]
    wanted = {
        "DAMAGE_UNTOLD": ReportDamage(parcel=zto, words=" "),
        "WORDS_TOO_LONG": ReportDamage(parcel=zto, words="坏" * 61),
        "NO_SUCH_STATION": ForwardParcel(parcel=zto, station="NX9999"),
        "NOTHING_TO_PAY_FOR": CompensateParcel(parcel=zto, amount_fen=1, payee="receiver"),
        "RELEASE_REASON_MISSING": ReleaseParcel(parcel=zto, reason=""),
        "RELEASE_WORDS_MISSING": ReleaseParcel(parcel=zto, reason="other"),
        "NO_SUCH_PARCEL": MarkValuable(parcel="ff" * 32),
    }
    for reason, command in wanted.items():
        assert shop.no(command).reason == f"parcels.{reason}"
    assert shop.no(ForwardParcel(parcel=zto, station="NX0601")).reason == "parcels.NO_SUCH_STATION"
    shop.do(LoseParcel(parcel=zto))
    for reason, amount_fen, payee in (
        ("PAYEE_MISSING", 1, "nobody"),
        ("COMPENSATION_MISSING", 0, "receiver"),
        ("AMOUNT_TOO_HIGH", 10_000_01, "receiver"),
    ):
        command = CompensateParcel(parcel=zto, amount_fen=amount_fen, payee=payee)
        assert shop.no(command).reason == f"parcels.{reason}"
    assert shop.no(ReleaseParcel(parcel=zto, reason="other", words="x")).reason == (
        "parcels.LOST_SINCE"
    )


def test_what_is_paid_to_the_courier_waits_with_her_cod(trouble):
    shop, zto = trouble.shop, trouble.parcels[ZTO]
    shop.do(LoseParcel(parcel=zto))
    shop.do(CompensateParcel(parcel=zto, amount_fen=1_200, payee="courier"))
    assert shop.balance(held_cod("ZTO")) == -1_200
    shop.do(FindParcel(parcel=zto, shelf="C", layer=1))
    assert state(trouble, ZTO).compensation_fen == 1_200


@pytest.mark.parametrize(
    ("value", "check", "reason"),
    [
        ("proof", "phone_tail", "ON_BEHALF_VALUABLE"),
        ("proof", "id_tail", ""),
        ("never", "id_tail", "ON_BEHALF_NEVER"),
        ("anybody", "phone_tail", ""),
    ],
)
def test_who_may_take_a_valuable_parcel_for_another_is_the_county_s_word(
    trouble, value, check, reason
):
    shop, zto = trouble.shop, trouble.parcels[ZTO]
    shop.do(MarkValuable(parcel=zto))
    shop.county(
        SettingPublished(
            name="parcels.on_behalf_valuable", station="", value=value, day="2025-11-25"
        )
    )
    asked = HandOverParcels(
        parcels=(zto,), paid_fen=0, taken_by="on_behalf", check=check, collector="赵根喜",
        relation="邻居",
    )  # fmt: skip
    if reason:
        assert shop.no(asked).reason == f"parcels.{reason}"
    else:
        shop.do(asked)
    mine = shop.shelve("73000000000048", person=trouble.wang)
    shop.do(MarkValuable(parcel=mine))
    shop.hand_over(mine)  # she herself takes what is hers by any check


def test_how_much_cod_another_may_take_is_the_county_s_word(trouble):
    shop, cod = trouble.shop, trouble.parcels[COD]

    def asked(check):
        return HandOverParcels(
            parcels=(cod,), paid_fen=0, taken_by="on_behalf", check=check, collector="赵根喜",
            relation="邻居",
        )  # fmt: skip

    assert shop.no(asked("phone_tail")).reason == "parcels.BALANCE_STILL_DUE"
    shop.county(
        SettingPublished(
            name="parcels.on_behalf_cod_fen", station="", value="20000", day="2025-11-25"
        )
    )
    refused = shop.no(asked("phone_tail"))
    assert (refused.reason, refused.slots["most"]) == ("parcels.ON_BEHALF_NEEDS_PROOF", "¥200.00")
    assert shop.no(asked("photo")).reason == "parcels.BALANCE_STILL_DUE"


def test_what_may_be_said_follows_from_where_it_is():
    assert deeds_for(None) == ()
    assert deeds_for(Parcel(status=RETURNED)) == ()
    assert deeds_for(Parcel(status=LOST)) == ("find", "pay")
    assert "damage" in deeds_for(Parcel(status=ON_HAND))
    broken = deeds_for(Parcel(status=ON_HAND, damaged=("x",), is_valuable=1))
    assert "pay" in broken
    assert not {"damage", "valuable"} & set(broken)
    assert Form(deed="pay", amount_fen=0).missing == "amount"


def test_what_is_written_of_a_label_is_erased_with_her_whose_it_becomes(trouble):
    shop = trouble.shop
    labelled = shop.do(
        ShelveParcel(courier="ZTO", waybill="73000000000055", name="孙平", tail="7788")
    ).told[0].identity  # fmt: skip
    said = shop.do(ReportDamage(parcel=labelled, words="孙平的鞋湿了")).told[0].identity
    shop.do(ReassignParcel(parcel=labelled, person=trouble.wang))
    gone = shop.do(
        KeepSignature(parcel=labelled, photo="ab" * 32),
        HandOverParcels(
            parcels=(labelled,), paid_fen=0, taken_by="on_behalf", check="signature",
            collector="孙小平", relation="儿子",
        ),
    )  # fmt: skip
    about = records.facts_about(shop.connection, (trouble.wang,))
    assert said in about
    assert {told.identity for told in gone.told} <= set(about), "who took it, and how he signed"


# --- A photo of whoever takes it -----------------------------------------------------------------


def test_a_photo_may_stand_for_the_signature(trouble):
    shop = trouble.shop
    parcel = shop.shelve("73000000000062", person=shop.villager("赵根喜", "13800003308"))
    trouble.press("F3")
    trouble.scan("73000000000062")
    trouble.press("8", "F11")
    page = trouble.page
    assert page.mode == "photo"
    seen(trouble, "handover_photo")
    trouble.press("Enter")
    assert (page.mode, page.handing.check) == ("serving", "photo")
    trouble.press("Enter")
    (name,) = blobs.names_of(shop.connection, parcel)
    assert blobs.get(shop.connection, name)
    handed = records.parcel_state(shop.connection, parcel)
    assert handed is not None
    assert (handed.status, handed.check) == ("handed_over", "photo")
