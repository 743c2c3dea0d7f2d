"""Payments put right on a real PC: in the open shift, after a close, after a restart."""

import pytest

from station_app.journal.recorder import new_ticket
from station_app.ledger.accounts import drawer, held_cod, receivable
from station_app.services.accounts.commands import RepayAccount
from station_app.services.cash.commands import (
    CloseShift,
    CorrectAmount,
    CorrectChange,
    CorrectPayment,
    GivePayment,
    PrintCorrection,
    TakePayment,
)
from station_app.services.cash.facts import Count, Tender
from station_app.services.cash.payment_records import (
    payment_state,
    payments_of_act,
    settled_lines,
)
from station_app.services.cash.sheet_records import sheet_of_closed
from station_app.services.parcels.commands import HandOverParcels, ShelveParcel
from station_app.services.people.commands import LimitCredit
from station_app.shell.desk import Done
from tests.services.accounts.pcs import Pc

FLOAT = 30_000
OVER_SHORT = "Expenses:OverShort"


def cash(fen: int) -> Tender:
    return Tender(way="cash", amount_fen=fen)


def wechat(fen: int) -> Tender:
    return Tender(way="wechat", amount_fen=fen, reference="4200001")


def sell(pc: Pc, fen: int, *tenders: Tender, waybill: str = "") -> str:
    """Hand over a parcel with COD; returns the payment."""
    done = pc.do(ShelveParcel(waybill=waybill, courier="ZTO", person=pc.person(), cod_fen=fen))
    parcel = done.told[0].identity
    sold = pc.do(
        HandOverParcels(parcels=(parcel,), paid_fen=fen),
        TakePayment(due_fen=fen, tenders=tenders or (cash(fen),)),
    )
    (payment,) = payments_of_act(pc.connection, sold.act)
    return payment


def cod_line(pc: Pc, payment: str) -> str:
    """Return the key of the one amount that a payment collected."""
    (key,) = settled_lines(pc.connection, payment)
    return key


def figure(pc: Pc) -> int:
    """Return what the one parcel says is collected for it."""
    (row,) = pc.connection.execute("SELECT cod_fen FROM parcels").fetchall()
    return int(row[0])


def put_right(pc: Pc, payment: str, right_fen: int, more_fen: int) -> Done:
    """Correct the one amount of a payment; more_fen: what is taken, below zero given."""
    money = (
        TakePayment(due_fen=more_fen, tenders=(cash(more_fen),))
        if more_fen > 0
        else GivePayment(due_fen=-more_fen, tenders=(cash(-more_fen),))
    )
    line = cod_line(pc, payment)
    return pc.do(CorrectAmount(payment=payment, line=line, right_fen=right_fen), money)


def close(pc: Pc, fen: int, remark: str = "") -> str:
    """Close the shift with this count; returns its identity."""
    counts = tuple(
        Count(face, pieces)
        for face, pieces in ((10_000, fen // 10_000), (1_000, fen % 10_000 // 1_000))
        if pieces
    )
    shift = pc.premises.desk.now().shift
    pc.do(CloseShift(counts=counts, remark=remark))
    return shift


@pytest.fixture
def shop(one):
    one.open_shift(FLOAT)
    return one


def test_wechat_was_cash_in_the_open_shift(shop):
    payment = sell(shop, 20_000, wechat(20_000))
    done = shop.do(CorrectPayment(payment=payment, tenders=(cash(20_000),)))
    assert shop.balance("Assets:WeChat") == 0
    assert shop.balance(drawer("D1")) == FLOAT + 20_000
    assert done.told[0].entity == payment
    state = payment_state(shop.connection, payment)
    assert state is not None
    assert (state.cash_fen, state.wechat_fen, state.corrected) == (20_000, 0, 1)
    assert "改正凭条" in shop.papers()[-1]
    undone = shop.premises.desk.settle_undo(done.act, ticket=new_ticket(shop.premises.chance))
    assert shop.balance("Assets:WeChat") == 20_000, undone


def test_a_payment_may_be_put_right_again(shop):
    payment = sell(shop, 20_000)
    shop.do(CorrectPayment(payment=payment, tenders=(wechat(20_000),)))
    mixed = (cash(5_000), wechat(15_000))
    shop.do(CorrectPayment(payment=payment, tenders=mixed))
    assert shop.balance("Assets:WeChat") == 15_000
    assert shop.balance(drawer("D1")) == FLOAT + 5_000


@pytest.mark.parametrize("restarts", [False, True])
def test_after_the_close_what_the_count_found_is_put_right(shop, restarts):
    """Written down as cash, paid by WeChat: the count was 200.00 short, and stays as it was."""
    payment = sell(shop, 20_000)
    shift = close(shop, FLOAT, "少两百，找不到")
    assert shop.balance(OVER_SHORT) == 20_000
    before = sheet_of_closed(shop.connection, shift)
    if restarts:
        shop.restart()
    shop.do(CorrectPayment(payment=payment, tenders=(wechat(20_000),)))
    assert shop.balance(OVER_SHORT) == 0
    assert shop.balance("Assets:WeChat") == 20_000
    assert shop.balance(drawer("D1")) == FLOAT
    assert sheet_of_closed(shop.connection, shift) == before


def test_cod_286_typed_as_268_after_the_close(shop):
    payment = sell(shop, 26_800)
    close(shop, FLOAT + 26_000, "少八块")
    shop.open_shift_as_last()
    ticket = new_ticket(shop.premises.chance)
    shop.ask(
        CorrectAmount(payment=payment, line=cod_line(shop, payment), right_fen=28_600),
        TakePayment(due_fen=1_800, tenders=(cash(2_000),)),
        PrintCorrection(act=ticket),
        ticket=ticket,
    )
    assert shop.balance(held_cod("ZTO")) == -28_600
    assert shop.balance(drawer("D1")) == FLOAT + 26_000 + 1_800
    paper = shop.papers()[-1]
    assert all(words in paper for words in ("￥268.00", "￥286.00", "补收", "￥18.00"))


def test_too_much_was_entered_and_goes_back(shop):
    payment = sell(shop, 28_600)
    shop.do(
        CorrectAmount(payment=payment, line=cod_line(shop, payment), right_fen=26_800),
        GivePayment(due_fen=1_800, tenders=(cash(1_800),)),
    )
    assert shop.balance(held_cod("ZTO")) == -26_800
    assert shop.balance(drawer("D1")) == FLOAT + 26_800


def test_a_copy_of_the_slip_says_what_the_first_one_said(shop):
    payment = sell(shop, 26_800)
    acts = []
    for right, more in ((28_600, 1_800), (30_000, 1_400)):
        ticket = new_ticket(shop.premises.chance)
        acts.append(ticket)
        shop.ask(
            CorrectAmount(payment=payment, line=cod_line(shop, payment), right_fen=right),
            TakePayment(due_fen=more, tenders=(cash(more),)),
            PrintCorrection(act=ticket),
            ticket=ticket,
        )
    first = shop.papers()[-2]
    assert "￥268.00" in first
    assert "￥286.00" in first
    assert shop.correction_again(acts[0]) == first
    assert "￥300.00" in shop.papers()[-1]


@pytest.mark.parametrize(("right", "more"), [(28_600, 1_800), (20_000, -6_800)])
def test_the_parcel_and_its_purse_say_the_same(shop, two, right, more):
    payment = sell(shop, 26_800)
    done = put_right(shop, payment, right, more)
    assert figure(shop) == -shop.balance(held_cod("ZTO")) == right
    two.hears(shop)
    assert figure(two) == -two.balance(held_cod("ZTO")) == right
    shop.premises.desk.settle_undo(done.act, ticket=new_ticket(shop.premises.chance))
    assert figure(shop) == -shop.balance(held_cod("ZTO")) == 26_800
    two.hears(shop)
    assert figure(two) == -two.balance(held_cod("ZTO")) == 26_800


def test_what_another_pc_entered_later_changes_no_amount_that_was_collected(shop, two):
    waybill = "78600000000001"
    payment = sell(shop, 26_800, waybill=waybill)
    put_right(shop, payment, 20_000, -6_800)
    two.clock.at_ms = shop.clock.at_ms + 60_000
    two.do(ShelveParcel(waybill=waybill, courier="ZTO", name="王示兰", tail="6021", cod_fen=28_600))
    shop.hears(two)
    assert figure(shop) == -shop.balance(held_cod("ZTO")) == 20_000
    two.hears(shop)
    assert figure(two) == 20_000


def test_six_parcels_of_one_courier_are_put_right_one_by_one(shop):
    person = shop.person()
    parcels = [
        shop.do(ShelveParcel(waybill="", courier="ZTO", person=person, cod_fen=fen))
        for fen in (10_000, 20_000)
    ]
    sold = shop.do(
        HandOverParcels(parcels=tuple(p.told[0].identity for p in parcels), paid_fen=30_000),
        TakePayment(due_fen=30_000, tenders=(cash(30_000),)),
    )
    (payment,) = payments_of_act(shop.connection, sold.act)
    lines = settled_lines(shop.connection, payment)
    key = next(line.key for line in lines.values() if line.fen == 20_000)
    shop.do(
        CorrectAmount(payment=payment, line=key, right_fen=21_000),
        TakePayment(due_fen=1_000, tenders=(cash(1_000),)),
    )
    said = sorted(fen for (fen,) in shop.connection.execute("SELECT cod_fen FROM parcels"))
    assert said == [10_000, 21_000]
    assert -shop.balance(held_cod("ZTO")) == 31_000


def test_an_amount_is_changed_and_never_below_nothing(shop):
    payment = sell(shop, 20_000)
    line = cod_line(shop, payment)
    for right, reason in ((20_000, "NOTHING_CHANGED"), (-1, "AMOUNT_NEGATIVE")):
        command = CorrectAmount(payment=payment, line=line, right_fen=right)
        assert shop.no(command).reason == f"cash.{reason}"


@pytest.mark.parametrize(("given", "drawers"), [(-1_000, 0), (1_000, 0)])
def test_wrong_change_in_the_open_shift_moves_no_books(shop, given, drawers):
    payment = sell(shop, 20_000, cash(30_000))
    shop.do(CorrectChange(payment=payment, difference_fen=given))
    assert shop.balance(drawer("D1")) == FLOAT + 20_000 + drawers
    assert shop.balance(OVER_SHORT) == 0


def test_wrong_change_after_a_count_comes_out_of_what_it_found(shop):
    payment = sell(shop, 20_000, cash(30_000))
    close(shop, FLOAT + 21_000, "多十块")
    shop.open_shift_as_last()
    shop.do(CorrectChange(payment=payment, difference_fen=-1_000))
    assert shop.balance(drawer("D1")) == FLOAT + 20_000
    assert shop.balance(OVER_SHORT) == 0


REFUSED = [
    ("NO_SUCH_PAYMENT", lambda p: CorrectPayment(payment="ab" * 32, tenders=(cash(1),))),
    ("NOT_WHAT_WAS_PAID", lambda p: CorrectPayment(payment=p, tenders=(wechat(19_999),))),
    ("NOTHING_CHANGED", lambda p: CorrectPayment(payment=p, tenders=(cash(20_000),))),
    ("REFERENCE_MISSING", lambda p: CorrectPayment(
        payment=p, tenders=(Tender(way="wechat", amount_fen=20_000),))),
    ("NO_CREDIT_LIMIT", lambda p: CorrectPayment(
        payment=p, tenders=(Tender(way="account", amount_fen=20_000, person="ab" * 32),))),
    ("NOTHING_CHANGED", lambda p: CorrectChange(payment=p, difference_fen=0)),
    ("AMOUNT_TOO_BIG", lambda p: CorrectChange(payment=p, difference_fen=10**9)),
    ("NOT_CORRECTED_HERE", lambda p: CorrectAmount(payment=p, line="COD/ab", right_fen=1)),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "ask"), REFUSED)
def test_what_is_not_put_right(shop, reason, ask):
    payment = sell(shop, 20_000)
    assert shop.no(ask(payment)).reason == f"cash.{reason}"


def test_change_needs_cash_and_a_shift(shop):
    payment = sell(shop, 20_000, wechat(20_000))
    assert shop.no(CorrectChange(payment=payment, difference_fen=5)).reason == "cash.NO_CASH_IN_IT"
    other = sell(shop, 5_000)
    close(shop, FLOAT + 5_000)
    assert shop.no(CorrectChange(payment=other, difference_fen=5)).reason == "cash.NO_SHIFT_OPEN"


def test_another_pc_leaves_it_alone(shop, two):
    payment = sell(shop, 20_000)
    two.hears(shop)
    refusal = two.no(CorrectPayment(payment=payment, tenders=(wechat(20_000),)))
    assert refusal.reason == "cash.OTHER_PC"
    assert refusal.slots == {"device": "1"}


def test_onto_her_account_within_the_limit(shop):
    payment = sell(shop, 20_000)
    person = shop.person()
    onto = CorrectPayment(
        payment=payment, tenders=(Tender(way="account", amount_fen=20_000, person=person),)
    )
    shop.do(LimitCredit(person=person, limit_fen=19_999))
    assert shop.no(onto).reason == "cash.ABOVE_CREDIT_LIMIT"
    shop.do(LimitCredit(person=person, limit_fen=20_000))
    shop.do(onto)
    assert shop.balance(receivable(person)) == 20_000
    assert shop.balance(drawer("D1")) == FLOAT
    again = (cash(5_000), Tender(way="account", amount_fen=15_000, person=person))
    shop.do(CorrectPayment(payment=payment, tenders=again))
    assert shop.balance(receivable(person)) == 15_000


def test_what_she_has_repaid_is_not_taken_off_her_account_again(shop):
    """Put on account, repaid, then put right as cash: her account stood in credit, on no list."""
    person = shop.person()
    shop.do(LimitCredit(person=person, limit_fen=20_000))
    payment = sell(shop, 20_000, Tender(way="account", amount_fen=20_000, person=person))
    money = TakePayment(due_fen=15_000, tenders=(cash(15_000),))
    shop.do(RepayAccount(person=person, amount_fen=15_000), money)
    refused = shop.no(CorrectPayment(payment=payment, tenders=(cash(20_000),)))
    assert (refused.reason, refused.slots) == ("cash.OWES_LESS", {"owes": "¥50.00"})
    part = (cash(5_000), Tender(way="account", amount_fen=15_000, person=person))
    shop.do(CorrectPayment(payment=payment, tenders=part))
    assert shop.balance(receivable(person)) == 0


def test_cash_that_came_in_before_a_whole_shift_was_found_by_its_count(shop):
    """Paid between two shifts, put right after the next one: the drawer then lacked the sum."""
    person = shop.person()
    shop.do(LimitCredit(person=person, limit_fen=10_000))
    sell(shop, 10_000, Tender(way="account", amount_fen=10_000, person=person))
    close(shop, FLOAT)
    repaid = shop.do(
        RepayAccount(person=person, amount_fen=10_000),
        TakePayment(due_fen=10_000, tenders=(wechat(10_000),)),
    )
    (payment,) = payments_of_act(shop.connection, repaid.act)
    shop.open_shift(FLOAT)
    close(shop, FLOAT + 10_000, "多出来一百")
    shop.do(CorrectPayment(payment=payment, tenders=(cash(10_000),)))
    assert shop.balance(drawer("D1")) == FLOAT + 10_000, "as it was counted"
    assert shop.balance("Assets:WeChat") == 0
    assert shop.balance(OVER_SHORT) == 0
