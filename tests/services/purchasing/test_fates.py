"""What may happen to an order, by commands: what is refused in which words, clocks, parts."""

from dataclasses import replace
from typing import Any

import pytest

from station_app.journal.case_sorts import group_of
from station_app.journal.fact import Told
from station_app.ledger.accounts import (
    COMPENSATION,
    COUNTY_CURRENT,
    FEE_PURCHASE,
    claim,
    drawer,
    held_prepayment,
    part,
    receivable,
    refund_due,
)
from station_app.ledger.balances import balance
from station_app.printing.document import to_json
from station_app.services.cash import figure_records
from station_app.services.cash.commands import CloseShift, TakePayment
from station_app.services.cash.documents import z_slip
from station_app.services.cash.facts import Count, Tender
from station_app.services.cash.figures import Names
from station_app.services.parcels import run_records
from station_app.services.parcels.commands import CloseManifest, ShelveParcel, TakeOnRun
from station_app.services.parcels.doors import Answer, Door
from station_app.services.parcels.entering import Entering
from station_app.services.purchasing import timeline_records
from station_app.services.purchasing.commands import (
    AnswerQuote,
    AnswerSwap,
    AskCancellation,
    CancelOrder,
    PickUpOrder,
    ReturnOrder,
    SendBackOrder,
    SettleClaim,
)
from station_app.services.purchasing.facts import (
    OrderAccepted,
    OrderBought,
    OrderFellShort,
    OrderLine,
    OrderQuotedHigher,
    OrderReturnAgreed,
    OrderReturnRefused,
    OrderShipped,
    OrderSwapOffered,
    OrderSwapped,
    QuoteAnswered,
    ReturnedLine,
)
from station_app.services.purchasing.fates import FAULTS, Fate, clock_of, return_order
from station_app.services.purchasing.parcel_records import ParcelsOfOrders
from station_app.services.purchasing.rules import (
    PICKED_UP,
    PLACED,
    Order,
    balance_due,
    fold_order,
)
from station_app.shell.desk import Done
from station_app.values.day import add_days
from station_app.values.refusal import Refusal
from tests.services.purchasing.desk import RICE, SOAP
from tests.services.sales.store import DAY, product

WAYBILL = "73000000004711"


def said_no(orders, command):
    outcome = orders.ask(command)
    assert isinstance(outcome, Refusal), outcome
    return orders.pc.premises.texts.say(outcome.text_key, **outcome.slots)


def go_on(orders, order, goods_fen=2_580):
    orders.hear(OrderAccepted(answers=order, day=DAY), entity=order)
    orders.hear(
        OrderBought(answers=order, platform="京东", number="8", goods_fen=goods_fen, day=DAY),
        entity=order,
    )


def told(body, identity, at):
    return Told(
        identity=identity, stream="NX0601/D1/1", seq=at, act=f"A{at}", at=at, kind=body.KIND, by="",
        entity="f" * 64, body=body,
    )  # fmt: skip


def test_two_answers_to_one_price_are_one():
    """Two PCs without a line ask the same villager; the second yes must not make it free."""
    state = Order(status=PLACED, founder="f" * 64, goods_fen=2_580)
    quoted = OrderQuotedHigher(answers="f" * 64, goods_fen=3_000, day=DAY)
    state = fold_order(state, told(quoted, "a", 1))
    for at in (2, 3):
        said = QuoteAnswered(quote="a", answer="yes", way="phone", day=DAY)
        state = fold_order(state, told(said, f"b{at}", at))
        assert (state.goods_fen, state.quote_fen) == (3_000, 0)


def test_a_yes_to_one_price_is_none_to_the_next():
    state = Order(status=PLACED, founder="f" * 64, goods_fen=2_580)
    for at, fen in ((1, 3_000), (2, 9_000)):
        quoted = OrderQuotedHigher(answers="f" * 64, goods_fen=fen, day=DAY)
        state = fold_order(state, told(quoted, f"q{at}", at))
    said = QuoteAnswered(quote="q1", answer="yes", way="phone", day=DAY)
    state = fold_order(state, told(said, "b", 3))
    assert (state.goods_fen, state.quote_fen) == (2_580, 9_000), "she is asked about the second"


def test_what_cannot_be_had_leaves_the_ceiling_too():
    lines = (OrderLine(product=SOAP, pieces=3, price_fen=7_740, ceiling_fen=8_100),)
    state = Order(status=PLACED, founder="f" * 64, goods_fen=7_740, lines=lines)
    short = OrderFellShort(
        answers="f" * 64, line=1, pieces=2, remedy="refund", goods_fen=2_580, from_here_fen=0,
        from_county_fen=0, day=DAY,
    )  # fmt: skip
    (line,) = fold_order(state, told(short, "s", 2)).lines
    assert (line.pieces, line.price_fen, line.ceiling_fen) == (1, 2_580, 2_700)


def fetched(orders):
    """An order that was paid whole, came with the van and was fetched."""
    order = orders.order(orders.line(SOAP))
    go_on(orders, order)
    assert isinstance(orders.ask(PickUpOrder(order=order, paid_fen=0)), Done)
    return order


def back(order, **more):
    values: dict[str, Any] = {"reason": "damaged", "refund_fen": 2_580, "claim_fen": 0}
    return ReturnOrder(order=order, **{**values, **more})


def test_what_is_refused(orders):
    order = orders.order(orders.line(SOAP), prepaid_fen=800)
    for command, sentence in (
        (CancelOrder(order="f" * 64), "撤销了"),
        (CancelOrder(order=order, remark="字" * 201), "写得太长"),
        (AnswerQuote(order=order, answer="yes", way="phone"), "没有等答复的报价"),
        (PickUpOrder(order=order, paid_fen=0), "货还没到站"),
        (back(order), "货还没取走"),
        (AskCancellation(order=order, consent="phone"), "肯担成本"),
        (AskCancellation(order=order, cost_fen_max=5), "肯担成本"),
        (AskCancellation(order=order, consent="shout", cost_fen_max=5), "当面或电话"),
        (AskCancellation(order=order, consent="phone", cost_fen_max=801), "最多写到预付的 ¥8.00"),
        (SendBackOrder(order=order, pieces=1), "只有 0 件"),
    ):
        assert sentence in said_no(orders, command), sentence
    go_on(orders, order)
    assert "改为申请取消" in said_no(orders, CancelOrder(order=order))
    assert "尾款现在是 ¥18.80" in said_no(orders, PickUpOrder(order=order, paid_fen=0))
    assert isinstance(orders.ask(AskCancellation(order=order)), Done)
    assert "等县里答复" in said_no(orders, AskCancellation(order=order))


def test_what_was_fetched_is_over(orders):
    order = fetched(orders)
    for command in (
        CancelOrder(order=order),
        AskCancellation(order=order),
        PickUpOrder(order=order, paid_fen=0),
    ):
        assert "取走了" in said_no(orders, command)


def test_a_parcel_is_an_orders_by_its_waybill_whichever_came_first(orders):
    order = orders.order(orders.line(SOAP))
    shelved = orders.ask(ShelveParcel(waybill=WAYBILL, courier="ZTO", person=orders.pc.person(0)))
    assert isinstance(shelved, Done)
    assert timeline_records.fate_of(orders.connection, order).parcel is None
    go_on(orders, order)
    orders.hear(OrderShipped(answers=order, courier="ZTO", waybill=WAYBILL, day=DAY), entity=order)
    found = timeline_records.fate_of(orders.connection, order).parcel
    assert found is not None
    assert (found.parcel, found.is_on_hand) == (shelved.told[0].identity, True)


def test_what_is_carried_to_her_door_is_fetched_there_and_its_rest_is_paid(orders):
    order = orders.order(orders.line(SOAP), prepaid_fen=800)
    go_on(orders, order)
    orders.hear(OrderShipped(answers=order, courier="ZTO", waybill=WAYBILL, day=DAY), entity=order)
    shelved = orders.ask(
        ShelveParcel(waybill=WAYBILL, courier="ZTO", person=orders.pc.person(0), cod_fen=500)
    )
    assert isinstance(shelved, Done)
    left = orders.ask(TakeOnRun(parcels=(shelved.told[0].identity,)))
    assert isinstance(left, Done)
    stops = tuple(run_records.stops(orders.connection))
    brought = ParcelsOfOrders().of_waybill(orders.connection, WAYBILL)
    assert brought is not None
    door = Door(number=1, hamlet="第2组", stops=stops, orders=(brought,))
    assert door.due_fen == 500 + 1_880
    assert isinstance(orders.ask(*door.deliver(Answer())), Done)
    assert orders.state(order).status == "picked_up"
    assert run_records.stops(orders.connection) == []


def test_scanning_what_was_ordered_fills_in_whose_it_is(orders):
    order = orders.order(orders.line(SOAP))
    go_on(orders, order)
    entering = Entering(orders.pc.premises.gatherer)
    now = orders.pc.premises.desk.now()
    entry, _ = entering.begin(orders.connection, WAYBILL, now)
    assert entry.chosen is None
    orders.hear(OrderShipped(answers=order, courier="ZTO", waybill=WAYBILL, day=DAY), entity=order)
    entry, _ = entering.begin(orders.connection, WAYBILL, now)
    assert entry.chosen is not None
    assert (entry.chosen.person, entry.missing) == (orders.pc.person(0), "")


DAYS = ((0, True, True), (7, True, True), (8, False, True), (15, False, True), (16, False, False))


def test_the_clock_starts_at_the_hand_over_and_is_that_of_the_goods(orders):
    for passed, may_change_mind, may_be_faulty in DAYS:
        fate = Fate(
            order=Order(status=PICKED_UP, founder="f", day="2026-10-01", closed_day=DAY),
            return_days=7, exchange_days=15,
        )  # fmt: skip
        today = add_days(DAY, passed)
        assert clock_of(fate, "changed_mind", today).is_open is may_change_mind, passed
        assert {clock_of(fate, one, today).is_open for one in FAULTS} == {may_be_faulty}, passed
    orders.hear(product("P0020", "", "现做馒头", return_days=0, exchange_days=1, price_fen=500))
    fresh = orders.order(orders.line("P0020"))
    fate = timeline_records.fate_of(orders.connection, fresh)
    assert (fate.return_days, fate.exchange_days) == (0, 1), "the rule of the goods"
    both = orders.order(orders.line("P0020"), orders.line(SOAP))
    assert timeline_records.fate_of(orders.connection, both).return_days == 0, "the least of all"


def test_too_late_the_station_gives_nothing_at_once(orders):
    order = fetched(orders)
    fate = timeline_records.fate_of(orders.connection, order)
    now = orders.pc.premises.desk.now()
    late = replace(now, day=add_days(now.day, 8))
    no = return_order(fate, back(order, claim_fen=100), late)
    assert isinstance(no, Refusal)
    assert no.reason == "purchasing.TOO_LATE"
    assert not isinstance(return_order(fate, back(order, claim_fen=0), late), Refusal)
    assert isinstance(orders.ask(back(order, claim_fen=100)), Done), "in time it does"


def test_a_refund_in_parts_never_exceeds_the_price(orders):
    order = fetched(orders)
    assert "最多能退 ¥25.80" in said_no(orders, back(order, refund_fen=2_581))
    assert "先退的不能超过 ¥10.00" in said_no(
        orders, back(order, refund_fen=1_000, claim_fen=1_001)
    )
    assert "选为什么退" in said_no(orders, back(order, reason="bored"))
    assert "件数写 1 到 20" in said_no(orders, back(order, pieces=0))
    assert isinstance(orders.ask(back(order, refund_fen=1_000, claim_fen=600)), Done)
    assert balance(orders.connection, refund_due(order)) == -600, "the first part, at once"
    assert "最多能退 ¥15.80" in said_no(orders, back(order, refund_fen=1_581))
    agreed = OrderReturnAgreed(answers=order, refund_fen=1_000, claim_fen=600, day=DAY)
    orders.hear(agreed, entity=order)
    assert balance(orders.connection, refund_due(order)) == -1_000, "the second, when agreed"
    assert balance(orders.connection, claim(order)) == 0
    assert isinstance(orders.ask(back(order, refund_fen=1_580)), Done)
    assert "最多能退 ¥0.00" in said_no(orders, back(order, refund_fen=1))


def test_each_return_has_an_answer_of_its_own(orders):
    """A second return of one order is answered as the first was."""
    order = fetched(orders)
    assert isinstance(orders.ask(back(order, refund_fen=1_000, claim_fen=600)), Done)
    assert isinstance(orders.ask(back(order, refund_fen=500, claim_fen=0)), Done)
    first, second = orders.state(order).open_backs
    refused = OrderReturnRefused(answers=first.fact, reason="used", day=DAY)
    orders.hear(refused, entity=order)
    assert [one.fact for one in orders.state(order).open_backs] == [second.fact]
    agreed = OrderReturnAgreed(answers=second.fact, refund_fen=500, claim_fen=0, day=DAY)
    orders.hear(agreed, entity=order)
    assert balance(orders.connection, refund_due(order)) == -1_100, "the advance, and the second"
    assert balance(orders.connection, claim(order)) == 600, "of the first that was refused"


def test_the_manager_says_who_bears_what_the_county_refused(orders):
    order = fetched(orders)
    assert isinstance(orders.ask(back(order, refund_fen=1_000, claim_fen=600)), Done)
    settle = SettleClaim(order=order, bearer="villager", amount_fen=200)
    assert "还没定的只有 ¥0.00" in said_no(orders, settle), "the county has not said no"
    back_fact = orders.state(order).open_backs[0].fact
    orders.hear(OrderReturnRefused(answers=back_fact, reason="used", day=DAY), entity=order)
    assert "还没定的只有 ¥6.00" in said_no(orders, replace(settle, amount_fen=601))
    assert "选谁担" in said_no(orders, replace(settle, bearer="county"))
    orders.pc.is_operator()
    assert "由站长定" in said_no(orders, settle)
    orders.pc.premises.signed_in.come("", is_manager=True)
    assert isinstance(orders.ask(settle), Done)
    assert isinstance(orders.ask(replace(settle, bearer="station", amount_fen=400)), Done)
    assert balance(orders.connection, claim(order)) == 0
    assert balance(orders.connection, receivable(orders.pc.person(0))) == 200
    assert balance(orders.connection, COMPENSATION) == 400
    assert not orders.connection.execute("SELECT kind FROM cases").fetchall()


def test_other_goods_are_asked_about_before_anything_is_bought(orders):
    order = orders.order(orders.line(SOAP))
    assert "没有等答复的换货" in said_no(orders, AnswerSwap(order=order, answer="yes", way="phone"))
    offer = OrderSwapOffered(answers=order, line=1, product=RICE, goods_fen=2_000, day=DAY)
    orders.hear(OrderAccepted(answers=order, day=DAY), offer, entity=order)
    assert "当面或电话" in said_no(orders, AnswerSwap(order=order, answer="yes", way="shout"))
    assert isinstance(orders.ask(AnswerSwap(order=order, answer="yes", way="phone")), Done)
    assert orders.state(order).swap.answer == "yes"
    swapped = OrderSwapped(
        answers=order, line=1, product=RICE, goods_fen=2_000, from_here_fen=580, from_county_fen=0,
        day=DAY,
    )  # fmt: skip
    orders.hear(swapped, entity=order)
    state = orders.state(order)
    assert (state.lines[0].product, state.goods_fen, state.swap.offer) == (RICE, 2_000, "")
    assert balance(orders.connection, refund_due(order)) == -580


def test_what_the_county_refuses_stays_a_claim_and_a_case(orders):
    order = fetched(orders)
    assert isinstance(orders.ask(back(order, refund_fen=1_000, claim_fen=600)), Done)
    orders.hear(OrderReturnRefused(answers=order, reason="used", day=DAY), entity=order)
    assert balance(orders.connection, claim(order)) == 600
    kinds = [row[0] for row in orders.connection.execute("SELECT kind FROM cases")]
    assert kinds == ["purchasing.claim_left"]


@pytest.mark.parametrize("goods_fen", [2_580, 2_000])
@pytest.mark.parametrize("prepaid_fen", [0, 800, 2_680])
def test_prepayment_and_balance_less_refunds_are_price_and_fee(orders, prepaid_fen, goods_fen):
    till = drawer(orders.pc.premises.enrolment.device)
    before_fen = balance(orders.connection, till)
    order = orders.order(orders.line(SOAP), prepaid_fen=prepaid_fen)
    go_on(orders, order, goods_fen)
    due_fen = balance_due(orders.state(order))
    tender = (Tender(way="cash", amount_fen=due_fen),)
    paid = (TakePayment(due_fen=due_fen, tenders=tender),) if due_fen else ()
    assert isinstance(orders.ask(PickUpOrder(order=order, paid_fen=due_fen), *paid), Done)
    back_fen = -balance(orders.connection, refund_due(order))
    if back_fen:
        assert isinstance(orders.pc.pay_back(part(order), back_fen), Done)
    fee_fen = orders.state(order).fee_fen
    assert prepaid_fen + due_fen - back_fen == goods_fen + fee_fen
    assert balance(orders.connection, till) - before_fen == goods_fen + fee_fen
    assert balance(orders.connection, COUNTY_CURRENT) == -goods_fen, "what the county is owed"
    assert balance(orders.connection, FEE_PURCHASE) == -fee_fen, "what the station has earned"
    for left in (held_prepayment(order), refund_due(order)):
        assert balance(orders.connection, left) == 0


def test_the_slip_of_the_day_counts_orders_and_what_came_for_them(orders):
    """Whose order a parcel brings, said after the close, changes nothing that was printed."""
    order, late = (orders.order(orders.line(code)) for code in (SOAP, RICE))
    go_on(orders, order)
    orders.hear(OrderShipped(answers=order, courier="ZTO", waybill=WAYBILL, day=DAY), entity=order)
    later = WAYBILL[:-1] + "9"
    for waybill in (WAYBILL, later):
        orders.ask(ShelveParcel(waybill=waybill, courier="ZTO", person=orders.pc.person(0)))
    shift = orders.pc.premises.desk.now().shift
    drawer_fen = balance(orders.connection, drawer("D1"))
    counts = (Count(10, drawer_fen // 10),)
    assert isinstance(orders.ask(CloseShift(counts=counts)), Done)
    go_on(orders, late)
    orders.hear(OrderShipped(answers=late, courier="ZTO", waybill=later, day=DAY), entity=late)
    sheet = figure_records.sheet_of(orders.connection, shift)
    assert sheet is not None
    assert (sheet.movements.ordered, sheet.movements.arrived) == (2, 1)
    names, texts = Names(station="柳荫洼村站"), orders.pc.premises.texts
    printed = to_json(z_slip(sheet, names, texts))
    assert '"left":"代购 下单 / 到货","right":"2 / 1 单"' in printed
    for figure in figure_records.figures_of(orders.connection, shift, names, texts):
        if figure.key in ("ordered", "arrived"):
            behind = figure_records.behind_figure(orders.connection, shift, figure)
            assert behind.amount == figure.amount > 0


def test_two_pieces_of_one_order_are_two_on_the_list_that_both_sides_sign(orders):
    listed = CloseManifest(direction="orders", seen=(("1-6W", SOAP), ("1-6W", SOAP), ("2-6W", "")))
    done = orders.ask(listed)
    assert isinstance(done, Done), done
    assert [piece.waybill for piece in done.told[0].body.pieces] == ["1-6W", "1-6W", "2-6W"]
    first, second = orders.papers()[-2:]
    assert first == second
    for words in ("代购退货交接单", "3 件", "雕牌洗衣粉", "照着买的货"):
        assert words in first, words
    nothing = orders.ask(CloseManifest(direction="orders"))
    assert isinstance(nothing, Refusal), "an empty list is none"


@pytest.mark.parametrize(
    ("case", "group"),
    [("closed_twice", "goods"), ("founder_missing", "goods"), ("held_left", "money"),
     ("cost_without_consent", "money"), ("claim_left", "money")],
)  # fmt: skip
def test_a_case_about_an_amount_stands_among_those_of_money(case, group):
    assert group_of(f"purchasing.{case}") == group


def test_only_what_is_left_of_an_order_comes_back(orders):
    order = orders.order(orders.line(SOAP, 2))
    go_on(orders, order, goods_fen=5_160)
    assert isinstance(orders.ask(PickUpOrder(order=order, paid_fen=0)), Done)

    def of(*lines, **more):
        named = tuple(ReturnedLine(line=line, pieces=pieces) for line, pieces in lines)
        return orders.ask(back(order, refund_fen=2_580, lines=named, **more))

    for wrong in ([(2, 1)], [(0, 1)], [(1, 3)], [(1, 0)], [(1, 1), (1, 1)]):
        assert of(*wrong) == Refusal("purchasing.LINES_BACK"), wrong
    assert isinstance(of((1, 1), is_whole=True), Done)
    assert of((1, 2)) == Refusal("purchasing.LINES_BACK"), "one of two is back already"
    (said,) = orders.state(order).backs
    orders.hear(OrderReturnRefused(answers=said.fact, reason="used", day=DAY), entity=order)
    assert isinstance(of((1, 2)), Done), "what the county did not take over stayed hers"
