"""What was repaid twice on two PCs: it is seen, it is hers, and it goes back to her once."""

# ruff: noqa: F811 - the fixtures of that name
import pytest

from station_app.journal.fact import Saying
from station_app.journal.recorder import new_ticket
from station_app.ledger.accounts import DRAWINGS, drawer, held_cod, receivable
from station_app.ledger.balances import Books, Standing, books
from station_app.ledger.lending import lending
from station_app.ledger.posting import CNY, pays
from station_app.services.accounts import records
from station_app.services.accounts.commands import (
    PrintAccountSlip,
    RepayAccount,
    ReturnOverpaid,
)
from station_app.services.accounts.facts import AccountRepaid
from station_app.services.accounts.telling import OVERPAID, Telling
from station_app.services.cash.commands import GivePayment, TakePayment
from station_app.services.cash.facts import PaymentTaken, Tender
from station_app.services.parcels.commands import HandOverParcels, ShelveParcel
from station_app.services.people import records as people
from station_app.services.people.commands import LimitCredit
from tests.long_shelf import HEIGHTS
from tests.overview.conftest import dressed, furnished, station  # noqa: F401 - fixtures
from tests.overview.seen import check_fit, shoot, words
from tests.services.accounts.desk_page import on_account, say
from tests.services.accounts.pcs import accepted, refused

OWED = 5_000


def cash(fen):
    return (Tender(way="cash", amount_fen=fen),)


def lends(pc, person, fen):
    pc.do(LimitCredit(person=person, limit_fen=50_000))
    shelved = pc.do(ShelveParcel(waybill="", courier="ZTO", person=person, cod_fen=fen))
    tenders = (Tender(way="account", amount_fen=fen, person=person),)
    pc.do(
        HandOverParcels(parcels=(shelved.told[0].identity,), paid_fen=fen),
        TakePayment(due_fen=fen, tenders=tenders),
    )


def repays(pc, person, fen):
    return pc.ask(
        RepayAccount(person=person, amount_fen=fen), TakePayment(due_fen=fen, tenders=cash(fen))
    )


def gives_back(pc, person, fen):
    ticket = new_ticket(pc.premises.chance)
    return pc.ask(
        ReturnOverpaid(person=person, amount_fen=fen),
        GivePayment(due_fen=fen, tenders=cash(fen)),
        PrintAccountSlip(act=ticket),
        ticket=ticket,
    )


@pytest.fixture
def repaid_twice(one, two):
    """She owes 50.00, and both PCs take it before they hear of each other."""
    for pc in (one, two):
        pc.hire("李示芳")
        pc.open_shift()
    person = one.person()
    lends(one, person, OWED)
    two.hears(one)
    accepted(repays(one, person, OWED))
    accepted(repays(two, person, OWED))
    one.hears(two)
    two.hears(one)
    return person


def test_both_pcs_say_that_she_repaid_too_much(one, two, repaid_twice):
    for pc in (one, two):
        assert pc.balance(receivable(repaid_twice)) == -OWED
        assert records.debtors(pc.connection, people) == ()
        (over,) = records.overpaid(pc.connection, people)
        assert (over.person, over.owes_fen) == (repaid_twice, -OWED)
        telling = Telling(people, pc.premises.texts)
        ((kind, entity, members),) = telling.overpayments(pc.connection)
        told = telling.overpaid_case(pc.connection, kind, entity, members, pc.premises.texts)
        assert kind == OVERPAID
        assert "一共多还 ¥50.00" in told.hint
        assert [side.words for side in told.sides] == ["收了 ¥50.00"] * 2
        assert [side.who for side in told.sides] == ["1 号电脑", "2 号电脑"]
        assert books(pc.connection).villagers_owe_fen == 0


def test_it_goes_back_to_her_with_a_slip_and_only_once(one, two, repaid_twice):
    before = one.balance(drawer("D1"))
    accepted(gives_back(one, repaid_twice, 2_000))
    accepted(gives_back(one, repaid_twice, 3_000))
    assert one.balance(drawer("D1")) == before - OWED
    assert one.balance(receivable(repaid_twice)) == 0
    assert records.overpaid(one.connection, people) == ()
    assert "退款凭条" in one.papers()[-1]
    assert "多还的欠账" in one.papers()[-1]
    assert refused(gives_back(one, repaid_twice, 1)) == "NOTHING_OVERPAID"
    two.hears(one)
    assert refused(gives_back(two, repaid_twice, 1)) == "NOTHING_OVERPAID"


@pytest.mark.parametrize(
    ("fen", "why"), [(0, "AMOUNT_NOT_POSITIVE"), (OWED + 1, "MORE_THAN_OVERPAID")]
)
def test_never_more_than_was_too_much(one, repaid_twice, fen, why):
    assert refused(gives_back(one, repaid_twice, fen)) == why


def test_who_owes_nothing_too_much_gets_nothing(one):
    one.open_shift()
    assert refused(gives_back(one, one.person(), 100)) == "NOTHING_OVERPAID"


def test_what_is_hers_goes_back_without_a_question_however_short_own_money_is():
    who = receivable("ab" * 32)
    sums = {drawer("D1"): OWED, held_cod("ZTO"): -OWED, who: -OWED}
    now = Books(tuple(Standing(name, CNY, fen) for name, fen in sorted(sums.items())))
    assert now.own_fen == 0
    assert not lending(now, pays(who, drawer("D1"), OWED)).asks
    assert lending(now, pays(DRAWINGS, drawer("D1"), OWED)).lent_fen == OWED


# --- At the counter ------------------------------------------------------------------------------


def repaid_elsewhere(person, day):
    paid = PaymentTaken(
        due_fen=OWED, tenders=(Tender(way="bank", amount_fen=OWED),), change_fen=0,
        round_off_fen=0, shift="", day=day,
    )  # fmt: skip
    repaid = AccountRepaid(person=person, amount_fen=OWED, owed_fen=OWED, slip=1, day=day)
    return Saying(repaid), Saying(paid)


@pytest.mark.parametrize("height", HEIGHTS)
def test_it_stands_above_the_debts_and_is_given_back_by_keys(station, height):
    at_work = station
    at_work.sign_in()
    at_work.open_shift()
    person = on_account(at_work, 0, OWED)
    on_account(at_work, 1, 7_000)
    for _ in range(2):
        say(at_work, *repaid_elsewhere(person, at_work.desk.now().day))
    at_work.show_unlocked((1366, height))
    at_work.window.open_page("accounts.debts")
    at_work.hand.settle()
    assert "1 位乡亲欠站里，1 位多还了" in words(at_work)
    first = at_work.page.list.rows_model.rows[0]
    assert first.subject == person
    assert first.cells[4].words == "多还了 ¥50.00"
    shoot(at_work, f"debts_over_{height}")
    check_fit(at_work)
    at_work.page.list.choose(person)
    at_work.press("Enter")
    assert "多还了 ¥50.00" in words(at_work)
    at_work.type("20")
    assert "退完还该退 ¥30.00" in words(at_work)
    shoot(at_work, f"debts_over_pay_{height}")
    check_fit(at_work)
    at_work.press("Enter")
    assert "退了 ¥20.00" in words(at_work)
    shoot(at_work, f"debts_over_done_{height}")
    check_fit(at_work)
    (over,) = records.overpaid(at_work.connection, people)
    assert over.owes_fen == -3_000
