"""A new order by keys and scans: for whom, what, how much beforehand, the slip."""

import base64
import io

import msgspec
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from station_app.ledger.accounts import drawer, held_prepayment, receivable
from station_app.ledger.balances import balance
from station_app.reference.facts import GoodsPublished
from station_app.services.people.commands import LimitCredit
from station_app.services.purchasing import records
from station_app.services.purchasing.facts import OrderPlaced
from station_app.shell.widgets.cells import spoken
from station_app.values.day import add_days
from tests.long_shelf import HEIGHTS
from tests.overview.seen import caps, check_fit, primary, shoot, words
from tests.services.parcels.test_trouble import Stick
from tests.services.purchasing.desk import RICE, SOAP, SOAP_CODE
from tests.services.sales.store import product

FLOAT = 40_000
PRESSES_OF_TWO, PRESSES_OF_FREE = 26, 45  # most, without the words of what is wanted
# The keystroke-level model: seconds of an average typist for a key, and for each thing to think of.
KEY_SECONDS, THOUGHT_SECONDS, MINUTE = 0.28, 1.35, 60


class Hands:
    """Counts what is pressed."""

    def __init__(self, station):
        self.station = station
        self.presses = 0

    def type(self, text):
        self.presses += len(text)
        self.station.type(text)

    def press(self, *names):
        self.presses += len(names)
        self.station.press(*names)


def begin(counter, height=768):
    station = counter.pc
    station.show_unlocked((1366, height))
    return Hands(station)


def placed(counter):
    rows = counter.connection.execute(
        "SELECT identity, body FROM facts WHERE kind = 'order.placed' ORDER BY seq"
    ).fetchall()
    return [(identity, msgspec.json.decode(body, type=OrderPlaced)) for identity, body in rows]


@pytest.mark.parametrize("height", HEIGHTS)
def test_two_goods_for_a_known_person_are_paid_in_few_presses(counter, height):
    hands = begin(counter, height)
    station = hands.station
    hands.press("F4")
    check_fit(station)
    shoot(station, f"order_empty_{height}")
    hands.type("6001")
    assert caps(station) == [], "Enter is the list's"
    hands.press("Enter")
    hands.type("xyf")
    assert "雕牌洗衣粉" in station.page.seeker.list.rows_model.rows[0].cells[1].words
    check_fit(station)
    shoot(station, f"order_goods_{height}")
    hands.press("Enter")
    hands.type("dbdm")
    hands.press("Enter")
    assert "¥58.70" in words(station), "25.80 + 32.90"
    assert "¥1.17" in words(station), "the fee stands there before anything is paid"
    check_fit(station)
    shoot(station, f"order_cart_{height}")
    assert primary(station) == ("收预付款 ¥41.00，下单", True, ""), "7.74 + 32.90, upwards"
    hands.press("Enter")
    assert "单下好了" in words(station)
    check_fit(station)
    shoot(station, f"order_done_{height}")
    assert hands.presses <= PRESSES_OF_TWO, hands.presses
    assert hands.presses * KEY_SECONDS + 4 * THOUGHT_SECONDS < MINUTE, "a person, two goods, money"
    ((order, body),) = placed(counter)
    assert (body.goods_fen, body.fee_fen, body.prepaid_fen) == (5_870, 117, 4_100)
    assert [(x.product, x.ceiling_fen) for x in body.lines] == [(SOAP, 2_709), ("P0001", 3_454)]
    assert body.person == station.person(1)
    assert balance(station.connection, drawer("D1")) == FLOAT + 4_100
    assert balance(station.connection, held_prepayment(order)) == -4_100
    slip = counter.papers()[-1]
    for part in (
        "代购预付款收据", "NO.1-", "雕牌洗衣粉", "41.00", "18.87", "京东  约 3 天到", "待传县里",
    ):  # fmt: skip
        assert part in slip, part
    assert "VR" in slip, "the code of the act"
    assert "王示兰" not in slip, "names are masked on paper"


def test_a_piece_more_or_less_of_a_line_is_one_click(counter):
    hands = begin(counter, 690)
    station = hands.station
    hands.press("F4")
    hands.type("6001")
    hands.press("Enter")
    for typed in ("xyf", "dbdm"):
        hands.type(typed)
        hands.press("Enter")
    listed = station.page.list

    def click(row, column):
        columns = [one.key for one in listed.rows_model.columns]
        place = listed.visualRect(listed.rows_model.index(row, columns.index(column))).center()
        QTest.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=place)
        return [item.pieces for item in station.page.cart.items]

    assert click(0, "less") == [1, 1], "one is the least; Ctrl+D drops the line"
    assert click(0, "more") == [2, 1]
    assert click(0, "more") == [3, 1]
    assert click(0, "less") == [2, 1]
    assert listed.current() == "0"
    assert "¥84.50" in words(station), "51.60 + 32.90"
    check_fit(station)
    shoot(station, "order_steps_690")
    hands.type("xyf")
    assert station.page.seeker.field.text() == "xyf", "the hands are back where goods are sought"


def test_a_photo_of_what_the_catalogue_lacks_goes_along_and_is_seen_with_the_order(counter):
    station = counter.pc
    station.photos = Stick(station.connection)
    hands = begin(counter, 690)
    hands.press("F4")
    hands.type("6001")
    hands.press("Enter", "Ctrl+K")
    station.page.line.what.set_text("老人手推购物车 能坐")
    station.page.line.price.setFocus()
    hands.type("180")
    hands.press("F11")
    assert primary(station)[:2] == ("附这张", True)
    check_fit(station)
    shoot(station, "order_photo_690")
    hands.press("Enter")
    assert station.page.line.price.fen() == 18_000, "what was typed is there still"
    hands.press("Enter")
    assert "照片" in "".join(
        spoken(cell) for row in station.page.list.rows_model.rows for cell in row.cells
    )
    draft = station.page.draft()
    assert draft["items"][0]["photo"], "a power cut keeps it"
    hands.press("Enter")
    ((order, _),) = placed(counter)
    assert len(station.photos.named_by(order)) == 1
    hands.press("Enter", "Ctrl+2")
    station.hand.settle()
    assert "看照片 1 张" in [action.label for action in station.page.action_bar()]
    hands.press("F10")
    assert station.page.seen.is_open
    check_fit(station)
    shoot(station, "order_photo_seen_690")
    hands.press("Esc")
    assert station.page.mode == "list"


def test_what_a_telephone_shares_is_bought_by_its_link(counter):
    hands = begin(counter)
    station = hands.station
    hands.press("F4")
    hands.type("6001")
    hands.press("Enter", "Ctrl+K")
    station.page.line.paste.line.take(
        "【淘宝】https://m.tb.cn/h.5xyzabc?tk=AbCdEfGh123 CZ0001 「老人手推购物车 能坐」"
    )
    assert "看出来了：淘宝，链接 1 个" in words(station)
    assert station.page.line.what.text() == "老人手推购物车 能坐"
    assert primary(station)[1:] == (False, "写估价，到分")
    station.page.line.price.setFocus()
    hands.type("180")
    station.page.line.ceiling.setFocus()
    hands.type("170")
    assert primary(station)[1:] == (False, "最高价要不低于估价")
    check_fit(station)
    shoot(station, "order_free_768")
    hands.press("Backspace", "Backspace", "Backspace")
    hands.type("200")
    hands.press("Enter")
    assert "约 ¥180.00" in "".join(
        spoken(cell) for row in station.page.list.rows_model.rows for cell in row.cells
    )
    assert primary(station)[0] == "收预付款 ¥54.00，下单"
    hands.press("Enter")
    assert hands.presses <= PRESSES_OF_FREE, hands.presses
    assert hands.presses * KEY_SECONDS + 6 * THOUGHT_SECONDS < MINUTE
    ((order, body),) = placed(counter)
    assert [(x.product, x.price_fen, x.ceiling_fen) for x in body.lines] == [("", 18_000, 20_000)]
    said = records.words_of(station.connection, order)
    assert said.items == ("老人手推购物车 能坐",)
    assert said.link.startswith("https://m.tb.cn/h.5xyzabc")
    assert "CZ0001" in said.remark, "all of it goes to the county"
    assert "县里找货报价" in counter.papers()[-1]


def test_blocked_goods_say_why_and_do_not_go_in(counter):
    hands = begin(counter)
    hands.press("F4")
    hands.type("6001")
    hands.press("Enter")
    hands.type("scj")
    shoot(hands.station, "order_blocked_768")
    hands.press("Enter")
    assert hands.station.page.cart.items == ()
    assert any("持证经营类，不得代购" in words for words in hands.station.toasts())


def test_like_last_time_at_todays_price(counter):
    counter.order(counter.line(SOAP, 2), person=counter.pc.person(1))
    counter.hear(product(SOAP, SOAP_CODE, "雕牌洗衣粉", initials="dpxyf", price_fen=2_600))
    hands = begin(counter)
    hands.press("F4")
    hands.type("6001")
    hands.press("Enter", "Ctrl+N")
    (item,) = hands.station.page.cart.items
    assert (item.product, item.pieces, item.price_fen) == (SOAP, 2, 2_600)


def test_somebody_who_never_ordered_has_no_last_time(counter):
    hands = begin(counter)
    hands.press("F4")
    hands.type("6001")
    hands.press("Enter", "Ctrl+N")
    assert any("没下过单" in words for words in hands.station.toasts())


def test_nothing_beforehand_another_fetches_and_it_is_undone(counter):
    hands = begin(counter)
    station = hands.station
    hands.press("F4")
    hands.type("6001")
    hands.press("Enter", "F10")
    hands.type("6002")
    hands.press("Enter")
    station.scan(SOAP_CODE)
    assert len(station.page.cart.items) == 1, "a scan puts goods in"
    station.page.prepaid.setFocus()
    hands.type("0")
    assert primary(station)[0] == "先不收，下单"
    hands.press("Enter")
    ((_, body),) = placed(counter)
    assert (body.prepaid_fen, body.collector) == (0, station.person(2))
    assert "代购预付款收据" in counter.papers()[-1]
    hands.press("Ctrl+Z")
    station.hand.settle()
    assert records.orders_of(station.connection, [station.person(1)]) == ()


def test_a_prepayment_above_the_total_is_said(counter):
    hands = begin(counter)
    hands.press("F4")
    hands.type("6001")
    hands.press("Enter")
    hands.station.scan(SOAP_CODE)
    hands.station.page.prepaid.setFocus()
    hands.type("99")
    assert primary(hands.station)[1:] == (False, "预付款比总价还多")


def test_on_account_within_the_limit(counter):
    person = counter.pc.person(1)
    counter.ask(LimitCredit(person=person, limit_fen=5_000))
    hands = begin(counter)
    hands.press("F4")
    hands.type("6001")
    hands.press("Enter")
    hands.station.scan(SOAP_CODE)
    hands.press("Alt+4", "Enter")
    assert "记账 ¥8.00" in words(hands.station)
    assert balance(hands.station.connection, receivable(person)) == 800


def test_a_cart_outlives_a_power_cut(counter):
    hands = begin(counter)
    station = hands.station
    hands.press("F4")
    hands.type("6001")
    hands.press("Enter")
    station.scan(SOAP_CODE)
    kept = station.page.draft()
    station.page.begin()
    assert station.page.cart.items == ()
    assert "1 样没收钱，接着办" in station.page.resume(kept)
    assert [item.product for item in station.page.cart.items] == [SOAP]
    assert station.page.cart.person == station.person(1)


def test_the_goods_are_ordered_to_her_door_in_the_same_act(counter):
    hands = begin(counter)
    station = hands.station
    hands.press("F4")
    hands.type("6001")
    hands.press("Enter")
    hands.type("dbdm")
    hands.press("Enter", "Ctrl+H")
    assert "乡亲要送到家" in words(station)
    check_fit(station)
    hands.press("Enter")
    ((order, _),) = placed(counter)
    assert counter.state(order).delivery == "home"
    acts = counter.connection.execute(
        "SELECT count(DISTINCT act) FROM facts WHERE kind IN ('order.placed', 'delivery.chosen')"
    ).fetchone()
    assert acts == (1,)


def test_several_orders_wait_also_over_a_power_cut(counter):
    """While one villager fetches her glasses the next one orders; nothing is recorded meanwhile."""
    hands = begin(counter)
    station = hands.station
    hands.press("F4")
    for tail, goods in (("6001", "dbdm"), ("6000", "xyf")):
        hands.type(tail)
        hands.press("Enter")
        hands.type(goods)
        hands.press("Enter")
        check_fit(station)
        shoot(station, "order_to_park_768")
        hands.press("Ctrl+S")
    assert placed(counter) == []
    assert station.page.action_bar()[0].label == "取出挂着的 2 单"
    kept = station.drafts.find(station.page.key)
    assert [len(one["items"]) for one in kept["parked"]] == [1, 1]
    station.page.resume(kept)
    hands.press("Ctrl+S")
    assert station.page.cart.person == station.person(1), "who has waited longest"
    assert "东北大米" in station.page.cart.items[0].words
    hands.press("Enter", "Enter", "Ctrl+S", "Enter")
    bodies = [body for _, body in placed(counter)]
    assert [body.person for body in bodies] == [station.person(1), station.person(0)]
    assert station.drafts.find(station.page.key) is None


def test_goods_are_seen_with_their_picture_at_the_price_of_the_day(counter):
    """A price that begins later lies here before it does; until then the former one holds."""
    square, out = Image.new("RGB", (96, 96), "#d04040"), io.BytesIO()
    square.save(out, "JPEG")
    today = counter.pc.premises.desk.now().day
    for code, name, fen, begins in (
        (SOAP, "雕牌洗衣粉", 2_780, add_days(today, 1)),
        (RICE, "东北大米", 3_390, today),
    ):
        goods = msgspec.structs.asdict(product(code, "", name, price_fen=fen)) | {
            "day": add_days(today, -3),
            "from_day": begins,
            "picture": base64.b64encode(out.getvalue()).decode(),
        }
        counter.hear(GoodsPublished(**goods))
    hands = begin(counter)
    hands.press("F4")
    hands.type("6001")
    hands.press("Enter")
    for typed, price in (("洗衣粉", "¥25.80"), ("大米", "¥33.90")):
        hands.station.page.seeker.field.set_text("")
        hands.type(typed)
        (row,) = hands.station.page.seeker.list.rows_model.rows
        assert (row.cells[0].content, row.cells[2].words) == (out.getvalue(), price)
    shoot(hands.station, "order_pictures_768")
    hands.press("Enter")
    assert hands.station.page.cart.goods_fen == 3_390


@pytest.mark.parametrize("height", HEIGHTS)
def test_what_no_catalogue_has_is_pasted_where_goods_are_sought(counter, height):
    """The field stands below the list; Enter goes on with it, and a photo may come first."""
    station = counter.pc
    station.photos = Stick(station.connection)
    hands = begin(counter, height)
    hands.press("F4")
    hands.type("6001")
    hands.press("Enter")
    assert "目录里没有？照着买" in words(station)
    hands.type("xyf")
    check_fit(station)
    shoot(station, f"order_free_field_{height}")
    station.page.seeker.other.setFocus()
    station.page.seeker.other.line.take("￥aB3dE6gH9￥ 老人手推购物车")
    assert primary(station) == ("照着买，写估价", True, "")
    station.hand.settle()
    assert caps(station) == ["照着买，写估价"]
    hands.press("Enter")
    assert station.page.mode == "line"
    assert "看出来了：淘宝口令" in words(station)
    station.page.line.what.line.take("老人手推购物车")
    station.page.line.price.setFocus()
    hands.type("180")
    hands.press("Enter")
    assert station.page.cart.items[0].link == "￥aB3dE6gH9￥"
    assert station.page.seeker.other.text() == "", "the next thing begins empty"
    hands.press("Ctrl+=", "Ctrl+=", "Ctrl+-")
    assert [item.pieces for item in station.page.cart.items] == [2]
    check_fit(station)
    shoot(station, f"order_free_cart_{height}")
    station.page.seeker.other.line.take("蓝色防滑棉鞋 42码")
    station.page.seeker.snap.click()
    assert primary(station)[:2] == ("附这张", True)
    hands.press("Enter")
    assert station.page.line.what.text() == "蓝色防滑棉鞋 42码", "what was typed is there still"
    hands.press("Esc")
    station.page.seeker.other.line.take("写了一半")
    hands.press("Esc")
    assert station.page.seeker.other.text() == ""
    assert len(station.page.cart.items) == 1


def test_words_that_were_typed_stay_when_a_link_is_pasted_behind_them(counter):
    hands = begin(counter, 690)
    station = hands.station
    hands.press("F4")
    hands.type("6001")
    hands.press("Enter", "Ctrl+K")
    station.page.line.what.line.take("蓝色的，42 码")
    station.page.line.paste.line.take("https://m.tb.cn/h.5abcDEF")
    assert station.page.line.what.text() == "蓝色的，42 码"
    station.page.line.what.set_text("")
    station.page.line.paste.line.take("【淘宝】https://m.tb.cn/h.5 「棉鞋」")
    assert station.page.line.what.text() == "棉鞋", "an empty field is filled"
