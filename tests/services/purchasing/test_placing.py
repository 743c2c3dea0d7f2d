"""Whether an order may be placed, by commands: what is refused in which words, what is held."""

from station_app.ledger.accounts import drawer, held_prepayment
from station_app.ledger.balances import balance
from station_app.services.people.commands import ErasePerson
from station_app.services.purchasing import records
from station_app.services.purchasing.cart import Cart, Item, with_item, without
from station_app.services.purchasing.facts import OrderLine
from station_app.services.purchasing.person_telling import of_person, standing
from station_app.services.purchasing.placing import ITEM_MAX, LINES_MAX, prepayment_fen
from station_app.shell.desk import Done
from tests.services.purchasing.desk import FREE, POISON, RICE, SOAP, SOAP_CODE, terms
from tests.services.sales.store import product


def test_what_is_paid_beforehand_is_held_for_the_order(orders):
    order = orders.order(orders.line(SOAP, 2), prepaid_fen=2_000)
    state = orders.state(order)
    assert (state.goods_fen, state.fee_fen, state.held_here_fen) == (5_160, 103, 2_000)
    assert balance(orders.connection, drawer("D1")) == 30_000 + 2_000
    assert balance(orders.connection, held_prepayment(order)) == -2_000
    assert len(orders.papers()) == 1


def test_her_page_in_the_register_lists_what_she_ordered(orders):
    order = orders.order(orders.line(SOAP, 2), prepaid_fen=2_000)
    texts, names = orders.pc.premises.texts, (orders.pc.person(0), "f" * 64)
    (hit,) = of_person(orders.connection, names, texts)
    number = records.orders_of(orders.connection, names)[0].number
    assert hit.title == f"代购 {number}，¥52.63"
    assert (hit.subject, hit.pill) == ({"order": order}, ("waiting", "等县里"))
    assert of_person(orders.connection, (orders.pc.person(1),), texts) == []
    assert standing(orders.connection, names, texts) == "代购在路上 1 单"
    assert standing(orders.connection, (orders.pc.person(1),), texts) == ""


def test_without_money_there_is_a_slip_all_the_same(orders):
    before = len(orders.papers())
    orders.order(orders.line(), prepaid_fen=0)
    assert len(orders.papers()) == before + 1
    assert "代购预付款收据" in orders.papers()[-1]


def test_what_an_order_is_refused_for(orders):
    line, free = orders.line(), OrderLine(**FREE)
    nobody = "f" * 64
    for lines, more, sentence in (
        ((line,), {"person": nobody}, "不在册"),
        ((line,), {"collector": nobody}, "代取的人不在册"),
        ((), {}, "单子是空的"),
        ((free,) * (LINES_MAX + 1), {}, f"最多 {LINES_MAX} 样"),
        ((free,), {"items": ("",)}, "没写要什么"),
        ((free,), {"items": ("字" * (ITEM_MAX + 1),)}, "写得太长"),
        ((free,), {"items": ()}, "没写要什么"),
        ((OrderLine(**{**FREE, "pieces": 0}),), {}, "件数写 1 到 999"),
        ((OrderLine(**{**FREE, "price_fen": 0}),), {}, "价钱写到分"),
        ((OrderLine(**{**FREE, "ceiling_fen": 17_999}),), {}, "最高价不能低于 ¥180.00"),
        ((orders.line(POISON),), {}, "持证经营类，不得代购"),
        ((orders.line(SOAP, price_fen=2_579, ceiling_fen=2_600),), {}, "现在一件 ¥25.80"),
        ((OrderLine(**{**FREE, "product": "P9999"}),), {}, "不在目录里了"),
        ((line,), {"fee_fen": 0}, "代办费现在是 ¥1.00"),
        ((line,), {"prepaid_fen": 2_681}, "不能超过总价 ¥26.80"),
        ((line,), {"prepaid_fen": -1}, "不能超过总价"),
    ):
        assert sentence in orders.no(*lines, **more), sentence
    assert records.orders_of(orders.connection, [orders.pc.person(0)]) == ()
    assert orders.papers() == [], "a refusal prints nothing and books nothing"


def test_nobody_orders_for_somebody_who_was_forgotten(orders):
    person, other = orders.pc.person(0), orders.pc.person(1)
    assert isinstance(orders.ask(ErasePerson(person=person)), Done)
    assert "不在册" in orders.no(orders.line(), person=person)
    assert "代取的人不在册" in orders.no(orders.line(), person=other, collector=person)


def test_a_price_that_changed_meanwhile_is_said(orders):
    line = orders.line()
    orders.hear(product(SOAP, SOAP_CODE, "雕牌洗衣粉", price_fen=2_680))
    assert "现在一件 ¥26.80" in orders.no(line)


def test_new_terms_change_the_fee_of_the_next_order(orders):
    orders.hear(terms(fee_bp=0, fee_min_fen=0, fee_max_fen=0))
    assert orders.state(orders.order(orders.line())).fee_fen == 0


def test_an_order_is_undone_before_anybody_was_asked(orders):
    done = orders.try_order(orders.line())
    order = done.told[0].identity
    undone = orders.pc.premises.desk.settle_undo(done.act, ticket="A" * 16)
    assert isinstance(undone, Done), undone
    assert records.order_state(orders.connection, order) is None
    assert balance(orders.connection, held_prepayment(order)) == 0


SHARES = (
    # (price, share) of each line, fee, what is asked
    (((10_000, 3_000),), 0, 3_000),
    (((23_740, 3_000),), 0, 7_200),
    (((2_580, 3_000), (3_290, 10_000)), 117, 4_100),
    (((50, 10_000),), 0, 50),
    (((150, 10_000),), 100, 200),
    (((9_900, 0),), 300, 0),
)


def test_the_share_goes_up_to_a_whole_yuan_and_never_beyond_the_total():
    for lines, fee_fen, asked in SHARES:
        made = [
            (OrderLine(product="", pieces=1, price_fen=fen, ceiling_fen=fen), bp)
            for fen, bp in lines
        ]
        assert prepayment_fen(made, fee_fen) == asked, lines


def test_the_same_goods_are_one_line_and_free_items_are_not():
    item = Item(product=RICE, words="大米", price_fen=10, ceiling_fen=10)
    free = Item(product="", words="购物车", price_fen=10, ceiling_fen=10)
    cart = with_item(with_item(with_item(with_item(Cart(), item), item), free), free)
    assert [one.pieces for one in cart.items] == [2, 1, 1]
    assert cart.goods_fen == 40
    assert [one.words for one in without(cart, 1).items] == ["大米", "购物车"]
