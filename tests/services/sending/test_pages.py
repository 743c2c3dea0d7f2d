"""Sending at the counter, by keys and scans."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QLineEdit

from station_app.ledger.accounts import drawer, held_sending, refund_due
from station_app.ledger.balances import balance
from station_app.printing.paint import TypeCase
from station_app.printing.press import Press
from station_app.printing.profiles import load_profiles
from station_app.resources_dir import resources
from station_app.shell import theme
from station_app.values.spoken import change
from tests.long_shelf import HEIGHTS
from tests.overview.seen import check_fit, primary, shoot, words
from tests.services.sending.desk import HENAN, ID_CARD, JOINT, WAYBILL

FLOAT = 40_000  # what the shift of these tests begins with


@pytest.fixture(scope="module")
def press(dressed):
    return Press(TypeCase(resources() / "fonts"))


def begin(counter, height=768, press=None):
    station = counter.pc
    if press is not None:
        paper = load_profiles((resources() / "printers.toml").read_text("utf-8"))["label_100x150"]
        station.preview = lambda document: press.raster(document, paper)
    station.show_unlocked((1366, height))
    station.press("F7")
    station.window.open_page("sending.page", {})
    station.hand.settle()
    return station


def fen(station, account):
    return balance(station.connection, account)


def following(widget):
    """Where Tab goes from a field: the next one that takes text."""
    widget = widget.nextInFocusChain()
    while not (isinstance(widget, QLineEdit) and widget.isVisible()):
        widget = widget.nextInFocusChain()
    return widget


def fill(station):
    """What is typed of a parcel, from field to field as Tab goes."""
    field = station.page.who.name.line
    for typed in ("陈示林", "15400001001", ID_CARD, "板栗（干货）", "林样红", "15400001059", HENAN,
                  "2.36"):  # fmt: skip
        field.setFocus()
        station.type(typed)
        field = following(field)
    station.press("Alt+1")


def fill_quickly(station):
    """The same without its keys."""
    who, whom = station.page.who, station.page.whom
    for field, text in (
        (who.name, "陈示林"), (who.phone, "15400001001"), (who.number, "002X"),
        (who.contents, "板栗（干货）"), (whom.name, "林样红"), (whom.phone, "15400001059"),
        (whom.address, HENAN), (station.page.price.typed, "2.36"),
    ):  # fmt: skip
        field.set_text(text)
    station.press("Alt+1")


def hidden_fields(station):
    """Return the fields of the page over which a toast lies."""
    station.hand.settle()
    area = station.window.toasts
    assert area.isVisible(), "what was done can be undone"
    here = QRect(area.mapToGlobal(QPoint(0, 0)), area.size())
    fields = [one for one in station.page.findChildren(QLineEdit) if one.isVisible()]
    places = [(one, QRect(one.mapToGlobal(QPoint(0, 0)), one.size())) for one in fields]
    return [one.accessibleName() for one, place in places if place.intersects(here)]


@pytest.mark.parametrize("height", HEIGHTS)
def test_a_parcel_is_sent_from_the_keyboard_alone(counter, height, press):
    station = begin(counter, height, press)
    check_fit(station)
    assert station.page.action_bar()[-1].reason == "照证件写上寄件人"
    fill(station)
    assert station.page.who.number.text() == "002X", "no more of it stays on the screen"
    assert "身份证 …002X，只记末四位" in words(station)
    assert "到河南省内，约 3 天" in words(station)
    assert "按 3.000 公斤算" in words(station)
    assert primary(station)[0] == "收 ¥12.00，打面单"
    check_fit(station)
    shoot(station, f"sending_form_{height}")
    station.press("Enter")
    station.type("20")
    check_fit(station)
    shoot(station, f"sending_pay_{height}")
    view = station.page.customer_view()
    assert (view.total_fen, view.change_fen) == (1_200, 800)
    assert "郑州" not in str(view)
    station.press("Enter")
    assert WAYBILL in words(station)
    check_fit(station)
    shoot(station, f"sending_done_{height}")
    assert fen(station, held_sending(JOINT)) == -1_000
    station.press("Enter")
    assert station.page.mode == "form"
    assert station.page.who.name.text() == ""


def test_one_that_its_receiver_pays_is_taken_after_one_that_was_paid_here(counter):
    station = begin(counter)
    fill_quickly(station)
    station.press("Enter")
    station.type("20")
    station.press("Enter")
    assert station.page.mode == "done"
    assert station.sounds.spoken[-1] == ("money", change(20_00, 8_00)), "read out as at hand-over"
    station.press("Enter")
    shoot(station, "sending_after")
    assert hidden_fields(station) == [], "the next parcel is written where nothing lies over it"
    fill_quickly(station)
    station.press("Alt+4")
    assert primary(station)[0] == "到付，打面单"
    station.press("Enter")
    assert station.page.mode == "done", station.toasts()
    assert station.sounds.played[-1] == "ok", "no money came"
    assert "找零" not in words(station)
    assert fen(station, drawer("D1")) == FLOAT + 1_200


def test_parcels_leave_by_a_scan_of_their_label_and_the_other_goes_back(counter, press):
    first, second = counter.sent(), counter.sent(contents="核桃")
    station = begin(counter, press=press)
    station.press("F11")
    check_fit(station)
    station.scan(WAYBILL)
    assert "勾了 1 件，2.360 公斤" in words(station)
    shoot(station, "sending_leaving_768")
    station.page.runner.setFocus()
    station.type("张示驾")
    assert primary(station)[0] == "交 1 件给县域，打交接单"
    station.press("Enter")
    assert counter.state(first).status == "gone"
    station.scan(WAYBILL)
    station.page.table.choose(second)
    station.hand.settle()
    station.press("Ctrl+D")
    station.press("1")
    assert primary(station)[0] == "退给寄件人，记该退 ¥12.00"
    check_fit(station)
    shoot(station, "sending_back_768")
    station.press("Enter")
    assert counter.state(second).status == "cancelled"
    assert fen(station, refund_due(second)) == -1_200
    assert fen(station, drawer("D1")) == FLOAT + 2_400, "the refund is paid out on its own page"
    station.page.table.choose(second)
    assert "去退 ¥12.00" in str([action.label for action in station.page.action_bar()])


def test_a_label_scanned_anywhere_opens_its_parcel(counter):
    sent = counter.sent()
    station = counter.pc
    station.show_unlocked((1366, 690))
    station.press("F6")
    station.scan(WAYBILL)
    assert station.page.key == "sending.leaving"
    assert station.page.table.current() == sent
    check_fit(station)
    shoot(station, "sending_leaving_690")


def test_what_is_forbidden_stops_and_what_must_be_asked_warns(counter):
    station = begin(counter)
    fill_quickly(station)
    station.page.who.contents.set_text("鞭炮一挂")
    station.page._typed()
    assert "鞭炮是禁寄品，不能寄。还给乡亲" in words(station)
    assert not primary(station)[1]
    station.page.who.contents.set_text("手机电池")
    station.page._typed()
    assert "电池先问县里，能寄再寄" in words(station)
    assert primary(station)[1]
    station.press("Alt+2")
    assert station.page.action_bar()[-1].reason == "里面有禁寄品，不能寄。还给乡亲"
    shoot(station, "sending_forbidden_768")


def test_a_wrong_number_is_said_beside_it_and_no_draft_holds_more_than_four_signs(counter):
    station = begin(counter)
    fill_quickly(station)
    station.page.who.number.setFocus()
    station.page.who.number.set_text("")
    station.type("11010519491231002")
    assert station.page.draft()["number"] == ""
    station.type("1")
    for height in (768, 690):
        station.window.resize(1366, height)
        station.hand.settle()
        said = station.page.say("sending.refusal.ID_WRONG")
        assert said in words(station)
        number = station.page.who.number
        assert theme.width_of(said, theme.HINT) <= number.width(), "one line, or it hides the field"
    assert station.page.draft()["number"] == ""
    station.press("Backspace")
    station.type("x")
    assert station.page.draft()["number"] == "002X"


def test_whom_she_sent_to_before_is_chosen_again(counter):
    station = counter.pc
    person = station.person()
    counter.sent(person=person)
    begin(counter)
    station.page.open_with({"person": person})
    station.press("F10")
    shoot(station, "sending_again_768")
    station.press("Enter")
    assert station.page.whom.name.text() == "林样红"
    assert station.page.whom.address.text() == HENAN


def test_half_typed_outlives_a_power_cut_and_the_money_is_asked_again(counter):
    station = begin(counter)
    fill_quickly(station)
    station.press("Enter")
    kept = station.page.draft()
    assert ID_CARD not in str(kept)
    station.page.begin()
    assert station.page.resume(kept).startswith("刚才断电了")
    assert station.page.mode == "pay"
    station.type("12")
    station.press("Enter")
    assert fen(station, held_sending(JOINT)) == -1_000


def test_used_up_numbers_say_what_to_do_and_ask_by_key(counter):
    for _ in range(20):
        counter.sent()
    station = begin(counter)
    fill_quickly(station)
    assert "跟县里要过了" in words(station) or "用完了" in words(station)
    assert station.page.action_bar()[-1].reason == "单号用完了。手写留底，来网补号"
    shoot(station, "sending_used_up_768")
