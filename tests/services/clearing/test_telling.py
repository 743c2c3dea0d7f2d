"""How clearing is spoken of elsewhere: the tile of today, acts in a list, cases with both sides."""

import pytest

from station_app.services.cash.commands import TakePayment
from station_app.services.clearing import offer, telling
from station_app.services.clearing.commands import (
    AnswerStatement,
    AskRemittanceBack,
    ReceiveCountyMoney,
    ReturnCourierPayment,
)
from station_app.values.codes import SLIP, identity_payload, make_code, recognise
from tests.services.clearing.busy import busy
from tests.services.clearing.office import TEXTS, Office, cash_of, current
from tests.services.clearing.test_statements import issue


@pytest.fixture(scope="module")
def office():
    return busy()


def test_the_tile_says_what_waits_first(office):
    now = office.circumstances(office.connection)
    figures = telling.figures(office.connection, now, TEXTS)
    assert (figures.count, figures.unit) == (2, "件要办")
    assert [line.words for line in figures.lines] == ["1 份对账单要回", "县里来钱 1 笔"]
    assert telling.count(office.connection, now) == 2


def test_the_tile_of_a_quiet_station():
    office = Office().open()
    now = office.circumstances(office.connection)
    figures = telling.figures(office.connection, now, TEXTS)
    assert (figures.count, [line.words for line in figures.lines]) == (0, ["都对上了"])


def test_what_is_due_and_what_is_on_the_way_stand_on_the_tile():
    office = Office().open()
    office.pen.paid(office.bill(1_000), 1_000)
    office.remit(current(400))
    now = office.circumstances(office.connection)
    figures = telling.figures(office.connection, now, TEXTS)
    assert [line.words for line in figures.lines] == ["该缴 ¥6.00", "在路上 1 笔"]


def test_acts_in_a_list():
    office = Office().open()
    office.hand_over("ZTO", 1_000)
    sent = office.remit(current(400), may_exceed=True)
    paid = office.pay("ZTO", fee_fen=100)
    back = office.do(
        ReturnCourierPayment(payment=paid.told[0].identity),
        TakePayment(due_fen=900, tenders=(cash_of(900),)),
    )
    asked = office.do(AskRemittanceBack(remittance=sent.told[0].identity))
    money = office.do(
        ReceiveCountyMoney(number="C-1", way="bank", amount_fen=700),
        TakePayment(due_fen=700, tenders=(cash_of(700),)),
    )
    answered = office.do(AnswerStatement(statement=issue(office)))
    said = {
        act.act: telling.act(office.connection, act.act, TEXTS)
        for act in (sent, paid, back, asked, money, answered)
    }
    assert said[sent.act].words.startswith("缴款给县里 NO.1-")
    assert said[sent.act].amount == "付 ¥4.00"
    assert said[sent.act].subject == {"remittance": sent.told[0].identity}
    assert (said[paid.act].amount, said[back.act].amount) == ("付 ¥9.00", "收 ¥9.00")
    assert said[back.act].subject == {"payment": paid.told[0].identity}
    assert (said[asked.act].words, said[asked.act].amount) == ("申请取消缴款", "")
    assert said[money.act].amount == "收 ¥7.00"
    assert said[answered.act].words == "回复月对账单"
    assert "remittance.sent" in offer.OWN_KINDS
    assert "remittance.confirmed" not in offer.OWN_KINDS


def cases_of(office):
    import json

    rows = office.connection.execute(
        "SELECT kind, entity, members FROM cases WHERE kind LIKE 'clearing.%' ORDER BY kind"
    ).fetchall()
    return [
        telling.case(office.connection, kind, entity, tuple(json.loads(members)), TEXTS)
        for kind, entity, members in rows
    ]


def test_a_remittance_that_differs_has_both_sides():
    office = Office().open()
    identity = office.remit(current(2_000), may_exceed=True).told[0].identity
    office.pen.confirm(identity, 1_950)
    (case,) = cases_of(office)
    assert (case.title, case.hint) == ("缴的款，县里数的不一样", "¥20.00")
    assert [(side.who, side.words) for side in case.sides] == [
        ("1 号电脑", "缴款给县里 ¥20.00"),
        ("县里", "县里收到缴款 ¥19.50"),
    ]
    assert case.subject == {"remittance": identity}


def test_a_line_that_differs_says_both_sides_in_plain_words():
    office = busy()
    november = office.connection.execute(
        "SELECT entity FROM statements WHERE month = '2026-11'"
    ).fetchone()[0]
    office.do(AnswerStatement(statement=november))
    found = [case for case in cases_of(office) if case.title == "对账单：金额不一样"]
    (case,) = found
    assert case.hint == "2026年11月·缴款给县里"
    assert [(side.who, side.words, side.lines) for side in case.sides] == [
        ("县里", "缴款给县里", (("怎么记的", "往来账 县里该站里 ¥2.00"),)),
        ("1 号电脑", "缴款给县里", (("怎么记的", "往来账 县里该站里 ¥1.00"),)),
    ]
    assert case.subject == {"statement": november}


def test_a_statement_sent_back_says_why():
    office = Office().open()
    office.do(AnswerStatement(statement=issue(office, station="NX0602")))
    (case,) = cases_of(office)
    assert case.title == "整份对账单退回了"
    assert case.hint == "2026年11月·这份对账单是别的站的，整份退回"


def test_every_case_has_its_title():
    for name in (
        "statement_refused", "answered_twice", "remittance_differs", "confirmed_twice",
        "taken_back_twice", "taken_back_and_confirmed", "received_twice", "received_differs",
        "returned_twice", "payment_returned_twice",
    ):  # fmt: skip
        assert TEXTS.has(f"clearing.case.{name}")


def test_a_code_of_another_paper_is_nothing_of_ours():
    office = Office().open()
    identity = office.remit(current(100), may_exceed=True).told[0].identity
    ours = make_code(SLIP, identity_payload(identity))
    found = offer.find_slip(office.connection, ours, recognise(ours, ()))
    assert found is not None
    assert (found.kind, found.entity) == ("clearing.remittance", identity)
    other = make_code(SLIP, identity_payload("5e" * 32))
    assert offer.find_slip(office.connection, other, recognise(other, ())) is None
