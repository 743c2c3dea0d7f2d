"""A payout that is signed for on the screen, and a dispatch that is photographed."""

import io

import pytest
from PIL import Image

from station_app.journal import blobs
from station_app.services.consignment import records
from station_app.services.pictures.records import pictures_beside, pictures_of_act
from tests.long_shelf import HEIGHTS
from tests.overview.seen import caps, check_fit, primary, shoot, words
from tests.services.consignment.test_intake_page import begin as at_the_scale
from tests.services.consignment.test_intake_page import goods, grower, harvested, weigh
from tests.services.consignment.test_photos import named, open_lots, yard_with_stick  # noqa: F401
from tests.services.consignment.test_settlement_page import begin
from tests.services.parcels.test_signing import Photos, draw

ACTS = "overview.acts"


@pytest.fixture
def signing(yard):
    yard.pc.photos = Photos(yard.pc.connection)
    return yard


def bar(station):
    """The words of what can be done."""
    return [action.label for action in station.page.action_bar()]


def kinds_of(station, name):
    """The kinds of the act that keeps a picture."""
    rows = station.connection.execute(
        "SELECT kind FROM facts WHERE act = (SELECT act FROM facts f JOIN blob_names n "
        "ON n.identity = f.identity WHERE n.hash = ?)",
        (name,),
    )
    return {row[0] for row in rows}


@pytest.mark.parametrize("height", HEIGHTS)
def test_the_payee_signs_for_the_money_and_the_signature_is_seen_with_the_act(signing, height):
    signing.sell(signing.line(signing.intake(price_fen=0), 3_237, 1_000))
    station = begin(signing, height)
    station.press("Enter", "Enter", "F10")
    assert f"请 {station.page.person.name} 签名" in words(station)
    assert primary(station)[:2] == ("签好了", False)
    draw(station.page.signing.pad)
    assert caps(station) == ["签好了"]
    check_fit(station)
    shoot(station, f"settle_sign_{height}")
    station.press("Enter")
    assert primary(station)[0].startswith("付 ¥29.78")
    assert "签了 1 个" in bar(station)
    check_fit(station)
    station.press("Enter")
    ((identity, act),) = station.connection.execute(
        "SELECT identity, act FROM facts WHERE kind = 'settlement.made'"
    ).fetchall()
    (name,) = pictures_beside(station.connection, identity)
    with Image.open(io.BytesIO(blobs.get(station.connection, name) or b"")) as kept:
        dark = sum(1 for dot in kept.convert("L").tobytes() if dot < 128)
    assert 500 < dark < kept.width * kept.height // 10, "ink on white"
    assert {"settlement.made", "payment.given"} <= kinds_of(station, name), "one act"
    station.window.open_page(ACTS, {"act": act})
    station.hand.settle()
    station.press("F11")
    assert station.page.seen.is_open
    check_fit(station)
    shoot(station, f"act_signature_{height}")
    station.press("Esc")
    assert not station.page.seen.is_open


def test_it_may_stay_on_the_paper_and_the_next_grower_begins_without(signing):
    signing.sell(signing.line(signing.intake(price_fen=0), 3_237, 1_000))
    station = begin(signing)
    station.press("Enter", "Enter", "F10")
    draw(station.page.signing.pad)
    station.press("Enter", "Esc", "Enter")
    assert "屏上签名" in bar(station), "the payment was left: what was signed is forgotten"
    station.press("F10", "Esc", "Enter")
    kinds = {row[0] for row in station.connection.execute("SELECT kind FROM facts")}
    assert "settlement.made" in kinds
    assert "picture.kept" not in kinds


def test_boxes_that_leave_are_photographed_and_seen(yard_with_stick):  # noqa: F811
    lot = yard_with_stick.intake()
    before = yard_with_stick.lot(lot).on_shelf
    station = yard_with_stick.pc
    open_lots(station)
    station.press("Alt+4")
    station.page.quantity.setFocus()
    station.type("2斤")
    station.page.packages.setFocus()
    station.type("1")
    station.press("F11", "Enter")
    assert primary(station)[1], primary(station)
    station.press("Enter")
    assert yard_with_stick.lot(lot).on_shelf == before - 1_000
    assert named(station, lot) == (), "the lot's own facts name none"
    (name,) = pictures_beside(station.connection, lot)
    assert "lot.dispatched" in kinds_of(station, name)
    station.press("Ctrl+P")
    assert station.page.seen.is_open
    check_fit(station)
    shoot(station, "dispatch_photo")
    station.press("Esc", "Ctrl+Z")
    station.hand.settle()
    assert yard_with_stick.lot(lot).on_shelf == before
    assert pictures_beside(station.connection, lot) == (), "what did not leave has no picture"
    act = act_of(station, name)
    assert pictures_of_act(station.connection, *act) == (name,), "the act itself still shows it"


def act_of(station, name):
    """The stream and act of the fact that names a picture."""
    return station.connection.execute(
        "SELECT f.stream, f.act FROM facts f JOIN blob_names n ON n.identity = f.identity "
        "WHERE n.hash = ?",
        (name,),
    ).fetchone()


@pytest.mark.parametrize("height", HEIGHTS)
def test_whoever_sells_to_the_station_signs_for_the_money(signing, height):
    station = at_the_scale(signing, height)
    grower(station)
    goods(station)
    weigh(station)
    harvested(station)
    station.press("Alt+6")
    station.page.terms.price.setFocus()
    station.type("8")
    station.press("Enter", "F10")
    name = station.page.person.name
    assert f"请 {name} 签名" in words(station)
    draw(station.page.paying.signing.pad)
    assert caps(station) == ["签好了"]
    check_fit(station)
    shoot(station, f"intake_sign_{height}")
    station.press("Enter")
    assert primary(station)[0] == "付 ¥98.72，收货打凭证"
    assert "签了 1 个" in bar(station)
    check_fit(station)
    station.press("Enter")
    (row,) = records.lots_here(station.connection)
    (kept,) = pictures_beside(station.connection, row.lot)
    assert {"lot.bought", "payment.given"} <= kinds_of(station, kept), "one act"
    station.press("Ctrl+Z")
    station.hand.settle()
    station.press("Enter")  # after the money was given back
    station.hand.settle()
    assert records.lots_here(station.connection) == ()
    assert pictures_beside(station.connection, row.lot) == ()
