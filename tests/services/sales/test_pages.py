"""The counter's sale by keys and scans: the basket, what waits, what comes back."""

import pytest

from station_app.ledger.accounts import drawer, held_grower, receivable
from station_app.ledger.balances import balance
from station_app.services.cash.commands import CloseShift
from station_app.services.cash.facts import Count
from station_app.services.people.commands import LimitCredit
from station_app.services.sales import records
from station_app.shell.desk import Done
from station_app.values.codes import SLIP, make_code
from station_app.values.spoken import weight
from tests.long_shelf import HEIGHTS
from tests.overview.seen import caps, check_fit, primary, shoot, words
from tests.services.sales.store import POISON, RICE, label_of

FLOAT = 40_000  # what the shift of these tests begins with


class Weight:
    """A weight on the pan."""

    def __init__(self, grams):
        self.grams, self.frame = grams, "0102"


class Pan:
    """A scale that gives each load once."""

    def __init__(self):
        self.loads = []

    def take(self):
        return self.loads.pop(0) if self.loads else None


def begin(shop, height=768):
    station = shop.pc
    station.show_unlocked((1366, height))
    station.press("F6")
    station.hand.settle()
    return station


def fen(station, account):
    return balance(station.connection, account)


def receipts(station):
    return station.connection.execute(
        "SELECT document FROM print_jobs WHERE role = 'receipt' ORDER BY job"
    ).fetchall()


# --- The basket ----------------------------------------------------------------------------------


def test_what_the_county_has_stopped_is_not_sold_and_the_voice_says_to_take_it_down(shop):
    station = begin(shop)
    station.scan(POISON)
    assert station.page.filling.items == ()
    assert station.sounds.played[-1] == "stop"
    assert station.sounds.spoken[-1] == ("hindrance", ("recall",))
    (toast,) = station.window.toasts.toasts
    assert "持证经营类" in toast.notice.words


@pytest.mark.parametrize("height", HEIGHTS)
def test_a_basket_of_growers_and_shop_is_scanned_weighed_and_paid_with_change(shop, height):
    shop.pc.scale = Pan()
    kiwi = shop.consigned("10018", 10_000, person=0)
    eggs = shop.consigned("10010", 60, person=1, unit="piece")
    station = begin(shop, height)
    assert "扫标签，或输货名拼音" in words(station)
    check_fit(station)
    shoot(station, f"sale_empty_{height}")
    station.scale.loads.append(Weight(1_860))
    station.scan(label_of(kiwi))
    assert "秤上称的" in words(station)
    assert station.sounds.spoken == [("weight", weight(1_860))], "said once, as it stands there"
    station.page.entry.price.setFocus()
    station.type("5.4")
    check_fit(station)
    shoot(station, f"sale_entry_{height}")
    assert caps(station) == ["加上，¥20.09"]
    station.press("Enter")
    station.scan(label_of(eggs))
    station.type("20")
    assert "¥26.00" in words(station)
    station.press("Enter")
    station.scan(RICE)
    station.clock.at_ms += 500
    station.hand.at += 500
    station.scan(RICE)
    assert [item.quantity for item in station.page.filling.items] == [1_860, 20, 2]
    assert primary(station)[0] == "收 ¥111.89，开钱箱"
    station.press("Ctrl+M")
    station.press("F11")
    station.page.money.cash.setFocus()
    station.type("200")
    assert "¥88.20" in words(station)
    check_fit(station)
    shoot(station, f"sale_basket_{height}")
    station.press("Enter")
    assert "收了 ¥111.80" in words(station)
    assert "¥88.20" in words(station)
    check_fit(station)
    shoot(station, f"sale_done_{height}")
    assert fen(station, drawer("D1")) == FLOAT + 11_180
    assert fen(station, held_grower(station.person(0))) == -2_009
    papers = station.connection.execute(
        "SELECT role, document FROM print_jobs ORDER BY job"
    ).fetchall()
    assert [role for role, _ in papers][-2:] == ["drawer", "receipt"] or "receipt" in papers[-1]
    assert "猕猴桃" in papers[-1][1]
    assert "手输" not in papers[-1][1]
    station.press("Enter")
    assert station.page.mode == "empty"


def test_after_a_sale_enter_does_not_take_the_last_goods_again_and_home_goes_home(shop):
    station = begin(shop)
    station.scan(RICE)
    station.press("Enter", "Enter")
    assert station.page.mode == "empty"
    station.press("Enter")
    assert station.page.filling.items == ()
    station.press("Home")
    assert station.page.key == "overview.today"


def test_what_is_found_by_initials_and_typed_is_marked_so(shop):
    lot = shop.consigned("红薯", 10_000)
    station = begin(shop)
    station.type("hs")
    station.press("Enter")
    assert station.page.entry.goods.key == lot
    station.type("１斤3两")
    assert "0.650 kg" in words(station)
    station.page.entry.price.setFocus()
    station.type("2")
    station.press("Enter", "Enter")
    paper = receipts(station)
    assert "重量手输" in paper[-1][0]
    assert fen(station, held_grower(station.person(0))) == -260


NO_WEIGHTS = (
    ("abc", "写斤数"),
    ("-3", "写斤数"),
    ("两斤", "写斤数"),
    ("0", "还没写数量"),
    ("21", "架上只剩 20 斤"),
    ("9" * 19, "写斤数"),
)


def test_a_weight_that_is_none_is_said_beside_its_field(shop):
    lot = shop.consigned("红薯", 10_000)
    station = begin(shop)
    for typed, sentence in NO_WEIGHTS:
        station.page.open_with({"goods": lot})
        station.type(typed)
        assert sentence in words(station) + primary(station)[2], typed
        assert primary(station)[1] is False, typed
        station.press("Enter")
        assert station.page.filling.items == (), typed
        station.press("Esc")


def test_ten_thousand_signs_are_refused_and_the_page_goes_on(shop):
    station = begin(shop)
    station.page.open_with({"goods": shop.consigned("红薯", 10_000)})
    station.page.entry.quantity.line.take("9" * 10_000)
    station.page.entry.price.line.take("九" * 10_000)
    assert station.page.entry.quantity.text() == ""
    assert station.page.entry.quantity.fault
    assert station.page.entry.price.fault


def test_a_price_below_the_floor_asks_how_she_agreed(shop):
    lot = shop.consigned("红薯", 10_000, floor_fen=400)
    station = begin(shop)
    station.page.open_with({"goods": lot})
    station.type("2")
    station.page.entry.price.setFocus()
    station.type("1.5")
    assert "比农户要的底价 ¥2.00/斤 低" in words(station)
    assert primary(station)[1:] == (False, "选农户怎么同意的")
    check_fit(station)
    shoot(station, "sale_floor_768")
    station.press("Alt+8")
    assert primary(station)[1]
    station.press("Enter", "Enter")
    (body,) = [
        row[0]
        for row in station.connection.execute("SELECT body FROM facts WHERE kind = 'sale.made'")
    ]
    assert b'"consent":"phone"' in body


def test_a_changed_price_asks_for_the_managers_pin(shop):
    lot = shop.consigned("红薯", 10_000)
    station = shop.pc
    shop.sell(shop.line(lot, 1_000, 500))
    clerk = station.hire("王示明", "operator")
    station.show_unlocked()
    station.press("F6")
    station.premises.signed_in.come(clerk, is_manager=False)
    station.page.open_with({"goods": lot})
    station.type("2")
    station.page.entry.price.setFocus()
    station.type("2")
    station.press("Enter", "Enter")
    assert "改价要站长点头" in words(station)
    check_fit(station)
    shoot(station, "sale_pin_768")
    station.type("271828")
    assert "收了 ¥4.00" in words(station)
    assert records.price_of(station.connection, lot) == 400


def test_a_scale_label_goes_in_at_its_weight_and_at_its_price(shop):
    lot = shop.consigned("10018", 10_000)
    shop.sell(shop.line(lot, 1_000, 1_080))
    station = begin(shop)
    station.scan(ean("2010018" + "01250"))
    station.scan(ean("2110018" + "00999"))
    first, second = station.page.filling.items
    assert (first.quantity, first.due_fen, first.weighed) == (1_250, 1_350, "label")
    assert (second.due_fen, second.reason) == (999, "label" if second.discount_fen else "")
    station.scan(ean("2010099" + "01250"))
    assert any("架上没有这种货" in toast for toast in station.toasts())


def ean(digits):
    odd, even = digits[::2], digits[1::2]
    total = sum(map(int, odd)) + 3 * sum(map(int, even))
    return digits + str(-total % 10)


def test_of_two_lots_of_a_sort_the_label_asks_which(shop):
    shop.consigned("10018", 10_000, person=0)
    second = shop.consigned("猕猴桃", 10_000, person=1)
    shop.sell(shop.line(second, 1_000, 1_080))
    station = begin(shop)
    station.scan(ean("2010018" + "00500"))
    assert "是哪一批" in words(station)
    shoot(station, "sale_pick_768")
    station.page.picks.choose(second)
    station.press("Enter")
    assert [item.goods.lot for item in station.page.filling.items] == [second]


def test_what_may_not_be_sold_and_what_is_gone_are_called_out(shop):
    station = begin(shop)
    station.scan("9524113001033")
    assert any("持证经营类" in toast for toast in station.toasts())
    lot = shop.consigned("红薯", 500)
    shop.sell(shop.line(lot, 500, 500))
    station.scan(label_of(lot))
    assert any("卖完了" in toast for toast in station.toasts())
    assert station.page.filling.items == ()


def test_lines_are_changed_and_dropped_by_keys(shop):
    station = begin(shop)
    station.scan(RICE)
    station.press("*")
    station.type("3")
    station.page.entry.discount.setFocus()
    station.type("5")
    station.press("Alt+2", "Enter")
    assert "优惠 ¥5.00（买得多）" in str(station.page.list.rows_model.rows)
    assert primary(station)[0] == "收 ¥93.70，开钱箱"
    shoot(station, "sale_discount_768")
    station.press("Del")
    assert station.page.mode == "empty"


def test_on_account_asks_who_and_stops_at_her_limit(shop):
    person = shop.pc.person(4)
    shop.pc.do(LimitCredit(person=person, limit_fen=10_000))
    station = begin(shop)
    station.scan(RICE)
    station.press("5")
    assert "记到谁名下" in words(station)
    name = station.connection.execute(
        "SELECT name FROM persons WHERE entity = ?", (person,)
    ).fetchone()[0]
    station.page.buyer.who.set_text(name)
    station.page.buyer.who.changed.emit(name)
    shoot(station, "sale_buyer_768")
    station.page.buyer.list.choose(person)
    station.press("Enter")
    assert f"记到{name}名下" in words(station)
    station.press("Enter")
    assert fen(station, receivable(person)) == 3_290
    paper = receipts(station)
    assert name not in paper[-1][0]


# --- What waits ----------------------------------------------------------------------------------


def test_a_basket_is_put_aside_found_again_and_given_up(shop):
    station = begin(shop)
    station.scan(RICE)
    station.press("Ctrl+S")
    station.type("王婶")
    shoot(station, "sale_hold_768")
    station.press("Enter")
    assert station.page.mode == "empty"
    assert "取单（1）" in [a.label for a in station.page.action_bar()]
    station.scan(RICE)
    station.press("Ctrl+S", "Enter", "Ctrl+2")
    assert "2 单挂着" in words(station)
    check_fit(station)
    shoot(station, "sale_held_768")
    station.press("Enter")
    assert station.page.filling.words == "王婶"
    assert station.page.filling.basket
    station.press("Enter", "Enter", "Ctrl+2")
    assert "1 单挂着" in words(station)
    station.press("Del")
    assert primary(station)[2] == "选一个原因"
    station.press("1")
    shoot(station, "sale_give_up_768")
    station.press("Enter")
    assert "没有挂着的单" in words(station)
    assert fen(station, drawer("D1")) == FLOAT + 3_290


def test_the_basket_that_was_asked_about_is_given_up_and_no_other(shop):
    shop.hold(shop.bag(2), words="李叔")
    shop.hold(shop.bag(1), words="王婶")
    station = begin(shop)
    station.press("Ctrl+2", "Del", "1")
    asked = station.page.list.current()
    other = next(row.subject for row in station.page.list.rows_model.rows if row.subject != asked)
    station.page.list.choose(other)
    station.hand.settle()
    station.press("Enter")
    assert other in [one.basket for one in records.held(station.connection)]


def test_a_basket_that_is_given_up_while_it_lies_on_the_counter_lies_there_no_more(shop):
    basket = shop.hold(shop.bag(2))
    station = begin(shop)
    station.page.take_up(basket)
    assert station.page.mode == "filling"
    station.press("Ctrl+2", "Del", "2", "Enter", "Ctrl+1")
    assert station.page.mode == "empty"
    assert "收银" not in station.page.under_way()


def test_the_day_is_closed_while_a_basket_waits_and_it_stays(shop):
    basket = shop.hold(shop.bag(2), words="李叔")
    station = begin(shop)
    station.press("F8")
    assert "挂单 1 样 ¥65.80（李叔）" in str(station.page.before.list.rows_model.rows)
    counts = (Count(10_000, FLOAT // 10_000),)
    closed = station.desk.settle(CloseShift(counts=counts), ticket="C" * 16)
    assert isinstance(closed, Done), closed
    assert [one.basket for one in records.held(station.connection)] == [basket]


def test_a_basket_that_waits_is_given_up_from_the_page_of_the_close(shop):
    shop.hold(shop.bag(2), words="李叔")
    station = begin(shop)
    station.press("F8")
    assert "挂单 1 样 ¥65.80（李叔）" in str(station.page.before.list.rows_model.rows)
    shoot(station, "sale_close_768")
    (row,) = records.held(station.connection)
    station.page.before.list.acted.emit("0", "cancel")
    station.hand.settle()
    assert records.held(station.connection) == ()
    assert row.amount_fen == 6_580


def test_a_basket_lies_there_again_after_a_power_cut(shop):
    station = begin(shop)
    station.scan(RICE)
    station.page.keep_draft()
    station.window.open_page("overview.today")
    station.page  # noqa: B018 - the page of today is in front
    draft = station.drafts.find("sales.basket")
    station.restart()
    station.drafts.keep("sales.basket", draft)
    station.show_unlocked()
    station.press("F6")
    assert [item.goods.name for item in station.page.filling.items] == ["东北大米"]


# --- Back ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("height", HEIGHTS)
def test_goods_come_back_by_their_slip_in_parts_and_once(shop, height):
    lot = shop.consigned("红薯", 10_000)
    done = shop.sell(shop.line(lot, 2_000, 500), shop.bag(2))
    station = begin(shop, height)
    station.scan(make_code(SLIP, done.act))
    assert "小票 NO." in words(station)
    assert primary(station) == ("收下货，退 ¥0.00", False, "先勾上退哪样")
    station.press("*")
    station.type("1")
    station.press("Enter")
    assert primary(station)[2] == "选退货的原因"
    station.press("1")
    assert primary(station)[0] == "收下货，退 ¥2.50"
    assert "不能卖了" in str(station.page.lines.rows_model.rows)  # bad goods are not proposed again
    check_fit(station)
    shoot(station, f"sale_return_{height}")
    station.press("Enter")
    assert "退了 ¥2.50" in words(station)
    station.press("Enter")
    assert "今天的 1 张" in words(station)
    shoot(station, f"sale_slips_{height}")
    station.press("Enter", "Space", "Down", "Space", "2", "F10")
    assert "不能卖了" in str(station.page.lines.rows_model.rows)
    station.press("Enter")
    assert fen(station, drawer("D1")) == FLOAT
    assert fen(station, held_grower(station.person(0))) == 0
    station.press("Enter", "Enter", "Space")
    assert any("已经全退过了" in toast for toast in station.toasts())


def test_after_a_return_is_undone_the_page_says_no_more_that_it_was_paid_back(shop):
    done = shop.sell(shop.bag(2))
    station = begin(shop)
    station.scan(make_code(SLIP, done.act))
    station.press("1", "Enter")
    assert "退了 ¥65.80" in words(station)
    station.press("Ctrl+Z", "Enter")
    assert fen(station, drawer("D1")) == FLOAT + 6_580
    assert "退了 ¥65.80" not in words(station)
    assert "今天的 1 张" in words(station)


def test_the_customer_sees_goods_sum_and_change_and_no_grower(shop):
    lot = shop.consigned("红薯", 10_000)
    shop.sell(shop.line(lot, 1_000, 500))
    station = begin(shop)
    station.page.open_with({"goods": lot})
    station.type("2")
    station.press("Enter")
    view = station.page.customer_view()
    assert [(line.words, line.amount_fen, line.small) for line in view.lines] == [
        ("红薯", 500, "2 斤 × ¥2.50/斤")
    ]
    assert (view.total_fen, view.given_fen, view.person) == (500, None, None)
    station.page.money.cash.setFocus()
    station.type("10")
    station.press("+")
    view = station.page.customer_view()
    assert (view.is_done, view.given_fen, view.change_fen) == (True, 1_000, 500)
