"""Selling by commands: whose money it is, what is refused, what waits, what comes back."""

from station_app.journal.verify import verify
from station_app.ledger.accounts import drawer, held_grower, inventory, receivable
from station_app.ledger.balances import balance
from station_app.overview.act_words import may_undo
from station_app.overview.acts import act_by_id
from station_app.printing.document import to_json
from station_app.services.accounts.commands import RepayAccount
from station_app.services.cash import figure_records
from station_app.services.cash.commands import TakePayment
from station_app.services.cash.documents import x_slip
from station_app.services.cash.facts import Tender
from station_app.services.cash.figures import Names
from station_app.services.people.commands import LimitCredit
from station_app.services.sales import records, slip_records
from station_app.services.sales.commands import HoldBasket
from station_app.shell.desk import Done
from station_app.values.refusal import Refusal
from station_app.vocabulary import VOCABULARY
from tests.services.sales.store import sales_in

FLOAT = 30_000


def fen(store, account):
    return balance(store.connection, account)


def here(store, lot):
    seen = records.on_shelf(store.connection, lot, "")
    return seen.on_shelf if seen else None


def sound(store):
    """The whole journal holds: chains, postings, folds, tables."""
    assert verify(store.connection, VOCABULARY).is_sound


# --- Whose money ---------------------------------------------------------------------------------


def test_three_growers_and_the_shop_in_one_act_to_the_fen(store):
    kiwi = store.consigned("10018", 10_000, person=0)
    mixed = store.merged("红薯", (1, 6_000), (2, 4_000))
    walnut = store.own("核桃", 5_000, 8_000)
    done = store.sell(
        store.line(kiwi, 1_860, 1_080),
        store.line(mixed, 10_000, 333),
        store.line(walnut, 750, 3_200, ownership="own"),
        store.bag(2),
        round_off_fen=9,
    )
    # 20.09 + 33.30 + 24.00 + 65.80 = 143.19, the odd 9 fen are the station's
    assert fen(store, drawer("D1")) == FLOAT + 14_310
    assert fen(store, held_grower(store.pc.person(0))) == -2_009
    assert fen(store, held_grower(store.pc.person(1))) == -1_998
    assert fen(store, held_grower(store.pc.person(2))) == -1_332
    assert fen(store, "Income:Sales") == -2_400 - 6_580
    assert fen(store, "Expenses:RoundOff") == 9
    assert fen(store, inventory(walnut)) == 8_000 - 1_200
    assert [here(store, lot) for lot in (kiwi, mixed, walnut)] == [8_140, 0, 4_250]
    assert len(sales_in(done)) == 4
    sound(store)


def test_a_discount_is_the_stations_and_a_lower_price_the_growers_who_agreed(store):
    lot = store.consigned("红薯", 10_000, floor_fen=400)
    store.sell(store.line(lot, 1_000, 500, discount_fen=50, reason="bruised"))
    assert fen(store, held_grower(store.pc.person(0))) == -500
    assert fen(store, "Expenses:Discount") == 50
    assert "BELOW_FLOOR" in store.refused(store.line(lot, 1_000, 300))
    store.sell(store.line(lot, 1_000, 300, consent="phone"))
    assert fen(store, held_grower(store.pc.person(0))) == -800


# --- Refused -------------------------------------------------------------------------------------


WRONG = (
    ({"quantity": 10_001}, "sales.MORE_THAN_HERE 红薯只剩 20 斤，改小数量"),
    ({"quantity": 0}, "sales.QUANTITY_WRONG"),
    ({"quantity": -5}, "sales.QUANTITY_WRONG"),
    ({"price_fen": 0}, "sales.PRICE_WRONG"),
    ({"price_fen": 10_000_001}, "sales.PRICE_WRONG"),
    ({"quantity": 1, "price_fen": 10}, "sales.TOO_LITTLE"),
    ({"discount_fen": 500, "reason": "bulk"}, "sales.DISCOUNT_WRONG"),
    ({"discount_fen": 10}, "sales.DISCOUNT_REASON"),
    ({"lot": "ab" * 32}, "sales.NO_SUCH_GOODS"),
)


def test_a_wrong_line_is_refused_in_words_and_nothing_is_recorded(store):
    lot = store.consigned("红薯", 10_000)
    for change, why in WRONG:
        asked = {"lot": lot, "quantity": 1_000, "price_fen": 500, **change}
        line = store.line(asked.pop("lot"), asked.pop("quantity"), asked.pop("price_fen"), **asked)
        assert store.refused(line).startswith(why), change
    assert fen(store, drawer("D1")) == FLOAT
    assert here(store, lot) == 10_000


def test_a_lot_sold_in_two_lines_is_counted_together_and_has_one_price(store):
    lot = store.consigned("红薯", 1_000)
    half = store.line(lot, 600, 500)
    assert "MORE_THAN_HERE" in store.refused(half, half)
    assert "TWO_PRICES" in store.refused(store.line(lot, 300, 500), store.line(lot, 300, 600))
    store.sell(store.line(lot, 600, 500), store.line(lot, 400, 500))
    assert "NOTHING_LEFT" in store.refused(store.line(lot, 1, 5_000))


def test_goods_that_nobody_may_trade_in_are_refused_with_the_countys_reason(store):
    assert "持证经营类" in store.refused(store.bag(1, 2_800, "P0103"))


def test_more_is_paid_back_than_was_let_go_is_refused(store):
    lot = store.consigned("红薯", 1_000)
    assert "ROUND_OFF" in store.refused(store.line(lot, 100, 500), round_off_fen=51, tenders=())


# --- Prices --------------------------------------------------------------------------------------


def test_the_first_price_stands_and_a_change_asks_the_manager(store):
    lot = store.consigned("红薯", 10_000)
    store.pc.hire("李示芳", "王示明")
    manager = store.pc.premises.signed_in.operator
    store.pc.is_operator()
    store.sell(store.line(lot, 1_000, 500))
    assert records.price_of(store.connection, lot) == 500
    cheap = store.line(lot, 1_000, 450)
    assert "PRICE_ASKS_MANAGER" in store.refused(cheap)
    assert "NOT_A_MANAGER" in store.refused(cheap, confirmed_by="cd" * 32)
    done = store.sell(cheap, confirmed_by=manager)
    (said,) = [told.body for told in done.told if told.kind == "price.set"]
    assert (said.was_fen, said.price_fen, said.approval) == (500, 450, "manager")
    assert said.confirmed_by == manager
    done = store.sell(store.line(lot, 1_000, 480), alone_reason="站长下乡了")
    (told,) = [told for told in done.told if told.kind == "price.set"]
    assert (told.body.approval, told.private.reason) == ("absent", "站长下乡了")


# --- Undone --------------------------------------------------------------------------------------


def test_a_sale_is_undone_though_others_bought_of_the_same_lot_since(store):
    lot = store.consigned("红薯", 10_000)
    first = store.sell(store.line(lot, 1_000, 500))
    store.sell(store.line(lot, 2_000, 500))
    undone = store.pc.premises.desk.settle_undo(first.act, ticket="U" * 16)
    assert isinstance(undone, Done), undone
    assert here(store, lot) == 8_000
    assert fen(store, drawer("D1")) == FLOAT + 1_000
    assert slip_records.slip_row(store.connection, first.act) is None
    sound(store)


# --- Baskets that wait ---------------------------------------------------------------------------


def test_a_basket_waits_over_a_power_cut_and_is_sold_in_one_act(store):
    lot = store.consigned("红薯", 10_000)
    line = store.line(lot, 1_000, 500)
    basket = store.hold(line, words="王婶的")
    assert here(store, lot) == 10_000
    store.pc.restart()
    (row,) = records.held(store.connection)
    assert (row.basket, row.device, row.amount_fen, row.lines) == (basket, "D1", 500, 1)
    done = store.sell(line, basket=basket)
    assert records.held(store.connection) == ()
    assert "BASKET_OVER" in store.refused(line, basket=basket)
    assert isinstance(store.give_up(basket), Refusal)
    store.pc.premises.desk.settle_undo(done.act, ticket="U" * 16)
    assert [one.basket for one in records.held(store.connection)] == [basket]
    assert isinstance(store.give_up(basket, "changed_mind"), Done)
    assert records.held(store.connection) == ()
    sound(store)


def test_held_anew_it_takes_the_place_of_the_one_before_and_fifty_are_enough(store):
    line = store.line(store.consigned("红薯", 10_000), 1_000, 500)
    first = store.hold(line)
    second = store.hold(line, line, basket=first)
    assert [one.basket for one in records.held(store.connection)] == [second]
    for _ in range(49):
        store.hold(line)
    refusal = store.pc.no(HoldBasket(lines=(line,)))
    assert refusal.reason == "sales.TOO_MANY_HELD"
    store.hold(line, basket=second)
    assert store.pc.no(HoldBasket(lines=())).reason == "sales.BASKET_EMPTY"
    long = HoldBasket(lines=(line,), words="长" * 21, basket=second)
    assert store.pc.no(long).reason == "sales.BASKET_OVER"


# --- Back ----------------------------------------------------------------------------------------


def test_story_four_by_commands_a_return_after_parts_comes_to_nothing(store):
    lot = store.consigned("红薯", 10_000)
    done = store.sell(store.line(lot, 3_237, 1_000), round_off_fen=7)
    (sale,) = sales_in(done)
    seen = [store.bring_back(sale, 1_000, fen_) for fen_ in (998, 998)]
    assert all(isinstance(one, Done) for one in seen), seen
    assert isinstance(store.bring_back(sale, 1_238, 1_235), Refusal)
    assert isinstance(store.bring_back(sale, 1_237, 1_234, into="spoiled"), Done)
    again = store.bring_back(sale, 1, 1)
    assert isinstance(again, Refusal)
    assert again.reason == "sales.BACK_ALREADY"
    assert fen(store, drawer("D1")) == FLOAT
    assert fen(store, held_grower(store.pc.person(0))) == 0
    assert fen(store, "Expenses:RoundOff") == 0
    assert here(store, lot) == 10_000 - 1_237
    sound(store)


def test_an_own_lot_comes_back_at_the_cost_taken(store):
    lot = store.own("核桃", 3_000, 1_000)
    (sale,) = sales_in(store.sell(store.line(lot, 1_000, 3_000, ownership="own")))
    assert fen(store, inventory(lot)) == 667
    assert isinstance(store.bring_back(sale, 500, 1_500), Done)
    assert isinstance(store.bring_back(sale, 500, 1_500, into="spoiled"), Done)
    assert fen(store, inventory(lot)) == 667 + 167
    assert fen(store, "Expenses:Spoilage") == 166
    assert fen(store, "Income:Sales") == 0
    sound(store)


def test_the_slip_of_the_day_says_what_the_goods_came_to(store):
    lot = store.consigned("红薯", 10_000)
    sale, _bag = sales_in(store.sell(store.line(lot, 3_000, 1_000), store.bag(1)))
    store.sell(store.line(lot, 1_000, 500, discount_fen=50, reason="bruised"))
    mistaken = store.sell(store.bag(9))
    store.pc.premises.desk.settle_undo(mistaken.act, ticket="U" * 16)
    assert isinstance(store.bring_back(sale, 1_000, 1_000), Done)
    shift = store.pc.premises.desk.now().shift
    sheet = figure_records.sheet_of(store.connection, shift)
    assert sheet is not None
    moved = sheet.movements
    assert (moved.sold, moved.sold_fen) == (2, 3_000 + 3_290 + 450)
    tile = slip_records.figures_of(store.connection, store.pc.premises.desk.now().day)
    assert (tile.slips, tile.sold_fen) == (moved.sold, moved.sold_fen), "as the slip of the shift"
    assert (moved.taken_back, moved.taken_back_fen) == (1, 1_000)
    texts = store.pc.premises.texts
    names = Names(station="柳荫洼村站", couriers={})
    slip = to_json(x_slip(sheet, names, texts))
    assert '"left":"柜台卖货 2 单","right":"￥67.40"' in slip
    assert '"left":"柜台退货 1 单","right":"￥10.00"' in slip
    for figure in figure_records.figures_of(store.connection, shift, names, texts):
        if figure.key in ("sold", "taken_back"):
            behind = figure_records.behind_figure(store.connection, shift, figure)
            assert behind.amount == figure.amount > 0


def test_what_was_put_on_account_goes_off_the_account_first(store):
    lot = store.consigned("红薯", 10_000)
    person = store.pc.person(5)
    store.pc.do(LimitCredit(person=person, limit_fen=5_000))
    tenders = (
        Tender(way="account", amount_fen=300, person=person),
        Tender(way="cash", amount_fen=200),
    )
    done = store.sell(store.line(lot, 1_000, 500), tenders=tenders)
    (sale,) = sales_in(done)
    assert slip_records.owed_of(store.connection, done.act) == (person, 300)
    off = (Tender(way="account", amount_fen=250, person=person),)
    assert isinstance(store.bring_back(sale, 500, 250, tenders=off), Done)
    assert slip_records.owed_of(store.connection, done.act) == (person, 50)
    assert fen(store, receivable(person)) == 50


def sold_on_account(store):
    """Sell goods for 5.00 on account; returns who owes it, and what was done."""
    lot = store.consigned("红薯", 10_000)
    person = store.pc.person(5)
    store.pc.do(LimitCredit(person=person, limit_fen=5_000))
    tenders = (Tender(way="account", amount_fen=500, person=person),)
    return person, store.sell(store.line(lot, 1_000, 500), tenders=tenders)


def is_offered(store, act):
    """Whether the lists offer to undo an act."""
    row = act_by_id(store.connection, act)
    assert row is not None
    return may_undo(store.connection, VOCABULARY, row, row.stream)


def test_what_she_has_paid_back_comes_in_money_when_the_goods_come_back(store):
    """She owed 5.00, repaid 3.00 and brought all back: 5.00 went off an account of 2.00."""
    person, done = sold_on_account(store)
    cash = (Tender(way="cash", amount_fen=300),)
    repaid = RepayAccount(person=person, amount_fen=300)
    assert isinstance(store.settle(repaid, TakePayment(due_fen=300, tenders=cash)), Done)
    assert slip_records.owed_of(store.connection, done.act) == (person, 200)
    (sale,) = sales_in(done)
    too_much = (Tender(way="account", amount_fen=500, person=person),)
    refused = store.bring_back(sale, 1_000, 500, tenders=too_much)
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.slots) == ("cash.OWES_LESS", {"owes": "¥2.00"})
    off = (Tender(way="account", amount_fen=200, person=person), *cash)
    assert isinstance(store.bring_back(sale, 1_000, 500, tenders=off), Done)
    assert fen(store, receivable(person)) == 0


def test_a_sale_on_account_that_was_repaid_is_not_undone_before_the_repayment(store):
    """She owed 5.00 and repaid it; the sale was undone: 5.00 of hers stood on no list."""
    person, sold = sold_on_account(store)
    cash = (Tender(way="cash", amount_fen=500),)
    repaid = RepayAccount(person=person, amount_fen=500)
    back = store.settle(repaid, TakePayment(due_fen=500, tenders=cash))
    assert isinstance(back, Done)
    desk = store.pc.premises.desk
    refused = desk.settle_undo(sold.act, ticket="U" * 16)
    assert isinstance(refused, Refusal)
    assert refused.reason == "journal.REPAID_SINCE"
    assert not is_offered(store, sold.act), "the page said what to give back, and then refused"
    assert fen(store, receivable(person)) == 0
    assert isinstance(desk.settle_undo(back.act, ticket="V" * 16), Done)
    assert is_offered(store, sold.act)
    assert isinstance(desk.settle_undo(sold.act, ticket="W" * 16), Done)
    assert fen(store, receivable(person)) == 0
    assert fen(store, drawer("D1")) == FLOAT
    sound(store)


def test_a_slip_is_found_by_its_code_its_number_and_among_the_newest(store):
    lot = store.consigned("红薯", 10_000)
    done = store.sell(store.line(lot, 1_000, 500))
    row = slip_records.slip_row(store.connection, done.act)
    assert row is not None
    for typed in (row.number, row.number.lower(), f"NO.{row.number}", row.number.split("-")[0]):
        assert slip_records.acts_of_number(store.connection, typed) == (done.act,)
    for typed in ("", "abc", "-1", "９" * 40, "1-ZZ", "9" * 10_000):
        assert slip_records.acts_of_number(store.connection, typed) == ()
    day = store.pc.premises.desk.now().day
    assert [one.act for one in slip_records.newest_slips(store.connection, day)] == [done.act]


def test_how_a_weight_was_found_is_a_fact_and_stands_on_the_slip(store):
    lot = store.consigned("红薯", 10_000)
    done = store.sell(
        store.line(lot, 1_000, 500), store.line(lot, 500, 500, weighed="scale", frame="0a0d")
    )
    (weighed,) = [told.body for told in done.told if told.kind == "goods.weighed"]
    assert [(one.line, one.how, one.frame) for one in weighed.lines] == [
        (1, "typed", ""),
        (2, "scale", "0a0d"),
    ]
    paper = store.connection.execute(
        "SELECT document FROM print_jobs WHERE role = 'receipt' ORDER BY job DESC"
    ).fetchone()[0]
    assert paper.count("重量手输") == 1
