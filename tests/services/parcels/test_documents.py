"""Labels and slips: nobody's name stands on paper in full, and every code reads back."""

import json

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtGui import QGuiApplication

from station_app.journal.series import printed_number
from station_app.printing.document import Fill, Label, Receipt, to_json
from station_app.printing.paint import TypeCase
from station_app.printing.press import Press
from station_app.printing.profiles import Profile
from station_app.resources_dir import resources
from station_app.services.parcels import documents, telling
from station_app.services.parcels.case_telling import CaseTelling
from station_app.services.parcels.commands import HandOverParcels
from station_app.services.parcels.papers import PaperMaker
from station_app.services.parcels.visits import Parcel
from station_app.values.codes import OwnCode, recognise
from tests.services.parcels.shop import TEXTS, shops

PARCEL = Parcel(
    courier="ZTO", waybill="73000000000017", shelf="B", layer=2, serial=8, day_in="2025-11-25"
)
LABELS = Profile(language="tspl", width=480, height=320)
SMALL = Profile(language="tspl", width=320, height=240)
SLIPS = Profile(language="escpos", width=576)
NARROW = Profile(language="escpos", width=384)


@pytest.fixture(scope="module")
def press(qapp: QGuiApplication) -> Press:
    return Press(TypeCase(resources() / "fonts"))


def label_of(parcel: Parcel, name: str = "王秀兰", tail: str = "6021") -> Label:
    return documents.label(
        "ab" * 32,
        parcel,
        documents.Receiving(name=name, tail=tail),
        documents.Sticker(courier="中通"),
        TEXTS,
    )


def codes_on(press: Press, document: Label | Receipt, profile: Profile) -> set[str]:
    raster = press.raster(document, profile)
    bits = Image.frombytes("1", (raster.stride * 8, raster.height), bytes(raster.rows))
    picture = (
        bits.convert("L")
        .point(lambda dot: 255 - dot)
        .resize((raster.stride * 16, raster.height * 2))
    )
    return {found.text for found in zxingcpp.read_barcodes(picture)}


def test_a_label_reads_back_as_its_waybill(press):
    assert codes_on(press, label_of(PARCEL), LABELS) == {"73000000000017"}


@pytest.mark.parametrize("waybill", ["JT0000000000017", "JDVA00000000017", "430000000000017"])
def test_every_couriers_number_fits_on_the_label(press, waybill):
    parcel = Parcel(
        courier="ZTO", waybill=waybill, shelf="AA", layer=9, serial=1234, day_in="2025-11-25"
    )
    assert codes_on(press, label_of(parcel), LABELS) == {waybill}
    assert codes_on(press, label_of(parcel), SMALL) == {waybill}


def test_a_parcel_without_a_number_bears_a_code_of_ours(press):
    bare = Parcel(courier="OTHER", shelf="B", layer=2, serial=8, day_in="2025-11-25")
    (code,) = codes_on(press, label_of(bare), LABELS)
    assert recognise(code, ()) == OwnCode("VP", "VOV2XK5LVOV2XK5L")
    assert codes_on(press, label_of(bare), SMALL) == {code}
    assert any(isinstance(element, Fill) for element in label_of(bare).elements)


def test_a_label_names_nobody_in_full():
    text = to_json(label_of(PARCEL))
    assert "王*兰" in text
    assert "王秀兰" not in text
    assert "尾号 6021" in text
    assert "没写名字" in to_json(label_of(PARCEL, name="", tail=""))


def test_the_slip_of_a_real_hand_over(press):
    with shops(1) as (shop,):
        person = shop.villager("王秀兰", "13800006021")
        first = shop.shelve("73000000000017", person=person, cod_fen=86_00)
        second = shop.shelve("JT0000000000017", person=person, freight_fen=12_50)
        done = shop.hand_over(
            first, second, due_fen=98_50, cash_fen=100_00, taken_by="on_behalf",
            collector="赵小喜", relation="邻居", check="signature",
        )  # fmt: skip
        role, document = shop.jobs()[-1]
        assert role == "receipt"
        for words in (
            "取件凭条", "王*兰", "赵*喜（邻居）", "A-1-01  中通", "代收货款", "￥86.00",
            "到付运费", "￥12.50", "￥98.50", "￥100.00", "找零", "￥1.50", "取件人签字",
            printed_number(1, shop.session.author.stream),
        ):  # fmt: skip
            assert words in document, words
        for secret in ("王秀兰", "赵小喜", "13800006021"):
            assert secret not in document
        again = PaperMaker(shop.gatherer, TEXTS).slip_again(shop.connection, done.act)
        assert again is not None
        assert to_json(again.document) == document
        assert again.persons == (person, person)
        assert isinstance(again.document, Receipt)
        for profile in (SLIPS, NARROW):
            (code,) = codes_on(press, again.document, profile)
            assert recognise(code, ()) == OwnCode("VR", done.act)


def test_no_two_slips_bear_one_number():
    with shops(2) as (one, two):
        numbers = []
        for shop in (one, two, one):
            parcel = shop.shelve("", name="孙大娘", tail="0452", cod_fen=100)
            shop.hand_over(parcel, due_fen=100)
            numbers.append(shop.jobs()[-1][1].split("NO.")[1].split('"')[0])
        assert len(set(numbers)) == 3
        refused = one.session.connection.execute("SELECT next FROM series").fetchall()
        one.no(HandOverParcels(parcels=("0" * 64,), paid_fen=0))
        assert one.session.connection.execute("SELECT next FROM series").fetchall() == refused


def test_acts_and_cases_are_told_in_words():
    with shops(2) as (one, two):
        told = telling.Telling(one.gatherer, TEXTS)
        parcel = one.shelve("73000000000017", name="王大牛", tail="0452", cod_fen=100)
        two.is_now(at=one.now.at + 60_000)
        two.shelve("73000000000017", tail="0452")
        act = one.own_facts()[-1].act
        assert told.act(one.connection, act, TEXTS).words == "入库 A-1-104 王大牛"
        others = two.own_facts()[-1].act
        one.hears(two)
        assert told.act(one.connection, others, TEXTS).words.startswith("入库 A-1-")
        ((kind, entity, members),) = one.connection.execute(
            "SELECT kind, entity, members FROM cases"
        ).fetchall()
        words = CaseTelling(one.gatherer).case(
            one.connection, kind, entity, tuple(json.loads(members)), TEXTS
        )
        assert words.title == "同一件入了两次库"
        assert {side.who for side in words.sides} == {"1 号电脑", "2 号电脑"}
        done = one.hand_over(parcel, due_fen=100)
        said = told.act(one.connection, done.act, TEXTS)
        assert (said.words, said.amount) == ("交件·王大牛 1 件", "收 ¥1.00")
        figures = told.figures(one.connection, one.now, TEXTS)
        assert (figures.count, figures.lines[0].words) == (0, "今天入库 1 件，交出 1 件")


def test_an_act_tells_what_was_received_not_what_was_due():
    with shops(1) as (one,):
        told = telling.Telling(one.gatherer, TEXTS)
        parcel = one.shelve("73000000000017", name="王大牛", tail="0452", cod_fen=3537)
        done = one.hand_over(parcel, due_fen=3537, cash_fen=3530, round_off_fen=7)
        assert told.act(one.connection, done.act, TEXTS).amount == "收 ¥35.30"
