"""Sums that a villager does with pencil and paper: her order, her lots, her next settlement."""

from hypothesis import given, settings
from hypothesis import strategies as st

from station_app.ledger.accounts import held_grower, refund_due
from station_app.ledger.balances import balance, books
from station_app.services.consignment import rules as consignment
from station_app.services.consignment.facts import (
    LotAccepted,
    LotDrawn,
    LotMade,
    LotPart,
    LotTakenBack,
    SettlementMade,
)
from station_app.services.consignment.lots import Lot
from station_app.services.purchasing import rules as purchasing
from station_app.services.purchasing.facts import (
    OrderPickedUp,
    OrderPlaced,
    OrderPriceFell,
    PrepaymentPassedOn,
)
from tests.ledger.sayings import (
    came_back,
    lot_of,
    order_of,
    refund,
    returned,
    settled,
    share,
    sold,
)
from tests.ledger.village import FLOAT_FEN, P, Q, Village, say, taken
from tests.ledger.village import given as paid_out

FEN = st.integers(1, 20_000)


@settings(max_examples=20, deadline=None)
@given(goods=FEN, fee=st.integers(0, 900), prepaid=FEN, passed=FEN, falls_to=FEN)
def test_what_she_paid_less_what_she_got_back_is_price_and_fee(
    goods: int, fee: int, prepaid: int, passed: int, falls_to: int
) -> None:
    village = Village()
    placed = say(OrderPlaced, goods_fen=goods, fee_fen=fee, prepaid_fen=prepaid)
    o = village.found("O", placed, taken(prepaid))
    passed = min(passed, prepaid)
    on = say(PrepaymentPassedOn, o, amount_fen=passed)
    village.act(on, paid_out(passed))
    price = min(goods, falls_to)
    out = purchasing.beyond(order_of(village, o), price)
    fell = {"from_here_fen": out.here_fen, "from_county_fen": out.county_fen}
    village.decides(say(OrderPriceFell, o, goods_fen=price, **fell))
    village.share()
    order = order_of(village, o)
    balance_fen = purchasing.balance_due(order)
    held = purchasing.all_held(order, paid_now_fen=balance_fen)
    sums = {"from_here_fen": held.here_fen, "from_county_fen": held.county_fen}
    final = {"goods_fen": price, "fee_fen": fee, "balance_fen": balance_fen}
    paid = (taken(balance_fen),) if balance_fen else ()
    village.act(say(OrderPickedUp, o, **final, **sums), *paid)
    refund_fen = -balance(village.one.connection, refund_due(o))
    if refund_fen:
        village.act(*refund(o, refund_fen))
    assert prepaid + balance_fen - refund_fen == price + fee
    assert books(village.one.connection).money_fen == FLOAT_FEN + price + fee - passed
    assert balance(village.one.connection, "Liabilities:Held") == 0
    assert balance(village.one.connection, "Liabilities:County") == passed - price


def test_what_came_back_after_settling_is_taken_from_the_next_settlement_once() -> None:
    """8 % of 32.37: she had 29.78 for it. Of the next 50.00 (46.00 for her) she gets 16.22."""
    village = Village()
    whole = share(P, 20_000, commission_bp=800)
    lot = village.found("L", say(LotAccepted, unit="gram", quantity=20_000, share=whole))

    def sell(grams: int) -> str:
        made, goods = sold(lot, (whole,), grams, 1_000)
        return village.act(made, goods, taken(grams))[0].identity

    def settle(*sales: str) -> int:
        lines = [line for sale in sales for line in settled(village, sale)]
        village.act(*lines, say(SettlementMade, person=P, lines=sales))
        here_fen = -balance(village.one.connection, held_grower(P))
        paid_fen, _ = consignment.payout(here_fen, 0, 99_999)
        if paid_fen:
            made = say(SettlementMade, person=P, paid_here_fen=paid_fen)
            village.act(made, paid_out(paid_fen))
        return paid_fen

    first = sell(3_237)
    assert settle(first) == 2_978
    back = returned(village, first, 3_237)
    goods = say(LotTakenBack, lot, quantity=3_237, into="shelf")
    village.act(came_back(back, first), goods, paid_out(back.paid_fen))
    assert balance(village.one.connection, held_grower(P)) == 2_978, "in debit until then"
    assert settle(sell(5_000)) == 4_600 - 2_978
    assert settle(sell(5_000)) == 4_600, "and never again"


def test_a_lot_made_of_others_names_them_and_keeps_everybodys_grams() -> None:
    village = Village()
    ps, qs = share(P, 6_000, commission_bp=800), share(Q, 4_000)
    a, b = (
        village.found(letter, say(LotAccepted, unit="gram", quantity=it.quantity, share=it))
        for letter, it in (("A", ps), ("B", qs))
    )
    parts = (LotPart(lot=a, quantity=3_000), LotPart(lot=b, quantity=4_000))
    shares = consignment.merged_shares(
        (*consignment.drawn_shares((ps,), 3_000), *consignment.drawn_shares((qs,), 4_000))
    )
    made = say(
        LotMade, unit="gram", ownership="consigned", quantity=7_000, parts=parts, shares=shares
    )
    drawn = [say(LotDrawn, part.lot, quantity=part.quantity) for part in parts]
    m = village.act(*drawn, made)[2].identity
    lot = lot_of(village, m)
    assert lot.parts == parts
    assert lot.shares == (share(P, 3_000, commission_bp=800), share(Q, 4_000))
    assert (lot_of(village, a).on_shelf, lot_of(village, b).on_shelf) == (3_000, 0)
    third = consignment.drawn_shares(lot.shares, 1_000)
    assert [(s.person, s.quantity, s.commission_bp) for s in third] == [
        (P, 429, 800),
        (Q, 571, 0),
    ]


def test_only_what_is_alike_may_become_one_lot() -> None:
    lot = Lot(produce="peach", grade="1", unit="gram", ownership="consigned")
    other = Lot(produce="peach", grade="2", unit="gram", ownership="consigned")
    assert consignment.why_not_merge((lot, lot)) is None
    refusal = consignment.why_not_merge((lot, other))
    assert refusal is not None
    assert refusal.reason == "consignment.LOTS_NOT_ALIKE"
