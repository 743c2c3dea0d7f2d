"""Rules of the first day as tables: what may be said, what it does to the books, in which order."""

from typing import Any

import msgspec
import pytest

from station_app.journal.fact import Told
from station_app.ledger.posting import imbalance, total
from station_app.services.consignment.facts import LotAccepted, LotBought
from station_app.services.opening.commands import (
    CorrectOpening,
    DismissOpening,
    EnterLot,
    EnterOpening,
    FinishOpening,
    ReopenOpening,
    SettleStep,
    Witness,
)
from station_app.services.opening.facts import OpeningCorrected, OpeningEntered
from station_app.services.opening.lots import LotEntering, enter_lot
from station_app.services.opening.purses import DEBTS, PLACES, PURSES
from station_app.services.opening.rules import (
    AMOUNT_FEN_MAX,
    DISMISSED,
    FINISHED,
    STEPS,
    Correcting,
    Entering,
    Finishing,
    Opening,
    OpeningLine,
    Signing,
    correct_opening,
    dismiss_opening,
    enter_opening,
    finish_opening,
    fold_line,
    fold_opening,
    post_corrected,
    post_entered,
    reopen_opening,
    settle_step,
)
from station_app.values.now import Now
from station_app.values.refusal import Refusal

ME, BOSS, WANG = "a" * 64, "b" * 64, "c" * 64
LINE = "d" * 64
NOW = Now(at=1, day="2026-11-23", operator=ME, device="D1", station="NX0601")
SIGNING = Signing(managers=[ME, BOSS])
OPEN_TO_ALL = Entering(signing=SIGNING, slip=7)
MANAGER = Witness(kind="manager", operator=BOSS)
ALONE = Witness(kind="alone", reason="站里只有我")


def enter(**asked: Any) -> EnterOpening:
    return EnterOpening(
        **(dict[str, Any]({"purse": "owed_grower", "amount_fen": 500, "person": WANG}) | asked)
    )


def state(**known: Any) -> Entering:
    return Entering(**(dict[str, Any]({"signing": SIGNING, "slip": 7}) | known))


def only(outcome: Any) -> Any:
    (saying,) = outcome
    return saying


def reason(outcome: Any) -> str:
    return outcome.reason.removeprefix("opening.") if isinstance(outcome, Refusal) else ""


@pytest.mark.parametrize(
    ("known", "command", "why"),
    [
        (state(), enter(), ""),
        (state(), enter(purse="cod", person="", courier="ZTO"), ""),
        (state(), enter(purse="safe", person="", witness=MANAGER), ""),
        (state(), enter(purse="safe", person="", witness=ALONE), ""),
        (state(status=FINISHED), enter(purse="nothing"), "FINISHED_ALREADY"),
        (state(status=DISMISSED), enter(), ""),
        (state(), enter(purse="nothing", amount_fen=0), "PURSE_MISSING"),
        (state(), enter(person="", amount_fen=0), "PERSON_MISSING"),
        (state(), enter(purse="cod", person=""), "COURIER_MISSING"),
        (state(owner_known=False), enter(amount_fen=0), "NO_SUCH_PERSON"),
        (
            state(owner_known=False),
            enter(purse="freight", person="", courier="X"),
            "NO_SUCH_COURIER",
        ),
        (
            state(drawer_counted=True),
            enter(purse="drawer", person="", amount_fen=0),
            "DRAWER_COUNTED_ALREADY",
        ),
        (state(twins=[5]), enter(amount_fen=0), "AMOUNT_NOT_POSITIVE"),
        (state(), enter(amount_fen=-1), "AMOUNT_NOT_POSITIVE"),
        (state(), enter(amount_fen=AMOUNT_FEN_MAX + 1), "AMOUNT_TOO_BIG"),
        (state(twins=[500]), enter(witness=Witness(kind="alone")), "DEBT_ENTERED_ALREADY"),
        (state(twins=[500]), enter(again=True), ""),
        (
            state(twins=[500]),
            enter(purse="safe", person="", again=True, witness=ALONE),
            "PLACE_ENTERED_ALREADY",
        ),
        (state(), enter(purse="safe", person=""), "WITNESS_MISSING"),
        (state(), enter(witness=Witness(kind="dog")), "WITNESS_MISSING"),
        (state(), enter(witness=Witness(kind="manager", operator=ME)), "WITNESS_IS_YOU"),
        (state(), enter(witness=Witness(kind="manager", operator=WANG)), "NO_SUCH_MANAGER"),
        (state(), enter(witness=Witness(kind="alone", reason=" ")), "REASON_MISSING"),
        (state(), enter(witness=Witness(kind="alone", reason="x" * 201)), "WORDS_TOO_LONG"),
        (state(), enter(remark="x" * 201), "WORDS_TOO_LONG"),
    ],
)
def test_who_may_write_what_down(known, command, why):
    assert reason(enter_opening(known, command, NOW)) == why


def test_only_the_drawer_names_its_pc():
    drawer = only(enter_opening(state(), enter(purse="drawer", person="", witness=MANAGER), NOW))
    safe = only(enter_opening(state(), enter(purse="safe", person="", witness=MANAGER), NOW))
    assert (drawer.body.device, safe.body.device) == ("D1", "")


def test_words_about_somebody_are_private_and_hers():
    said = only(enter_opening(state(), enter(remark="红薯", witness=ALONE), NOW))
    assert (said.private.remark, said.private.reason) == ("红薯", "站里只有我")
    assert said.private.whose == (WANG,)
    assert "红薯" not in str(msgspec.json.encode(said.body), "utf-8")


def line(**known: Any) -> OpeningLine:
    return OpeningLine(
        **(
            dict[str, Any](
                {"purse": "owed_grower", "person": WANG, "amount_fen": 500, "entered_fen": 500}
            )
            | known
        )
    )


@pytest.mark.parametrize(
    ("known", "left_fen", "amount_fen", "why"),
    [
        (line(), 500, 300, ""),
        (line(), 500, 0, ""),
        (line(), 500, 900, ""),
        (line(), 500, 500, "NOTHING_CHANGED"),
        (line(), 500, -1, "AMOUNT_NOT_POSITIVE"),
        (line(), 500, AMOUNT_FEN_MAX + 1, "AMOUNT_TOO_BIG"),
        (line(), 200, 300, ""),
        (line(), 200, 299, "PAID_MEANWHILE"),
        (line(purse="owed_county", person=""), None, 0, ""),
        (None, None, 1, "NO_SUCH_LINE"),
        (OpeningLine(), None, 1, "NO_SUCH_LINE"),
    ],
)
def test_a_line_is_put_right_but_never_below_what_was_paid(known, left_fen, amount_fen, why):
    correcting = Correcting(signing=SIGNING, slip=8, line=known, left_fen=left_fen)
    outcome = correct_opening(correcting, CorrectOpening(line=LINE, amount_fen=amount_fen), NOW)
    assert reason(outcome) == why


def told(body: Any, *, entity: str = "", private: Any = None) -> Told:
    return Told(
        identity="e" * 64,
        stream="NX0601/D1/0011",
        seq=1,
        act="A",
        at=1,
        kind=body.KIND,
        by=ME,
        entity=entity,
        body=body,
        private=private,
    )


def entered(purse: str, amount_fen: int = 700) -> OpeningEntered:
    return OpeningEntered(
        purse=purse,
        person=WANG,
        courier="ZTO",
        device="D2",
        amount_fen=amount_fen,
        witness="party",
        witness_by="",
        slip=1,
        day="2026-11-23",
    )


ACCOUNTS = {  # written by hand: the account, and whether the amount is a debit there
    "drawer": ("Assets:Drawer:D2", 1),
    "safe": ("Assets:Safe", 1),
    "wechat": ("Assets:WeChat", 1),
    "alipay": ("Assets:Alipay", 1),
    "bank": ("Assets:Bank", 1),
    "owed_grower": ("Liabilities:Held:Grower:ZTGMZTGMZTGMZTGM:Here", -1),
    "person_owes": ("Assets:Receivable:ZTGMZTGMZTGMZTGM", 1),
    "owed_person": ("Liabilities:RefundDue:53XO53XO53XO53XO", -1),
    "cod": ("Liabilities:Held:COD:ZTO:Here", -1),
    "freight": ("Liabilities:Held:Freight:ZTO:Here", -1),
    "courier_owes": ("Assets:Claim:53XO53XO53XO53XO", 1),
    "owed_county": ("Liabilities:County", -1),
    "county_owes": ("Liabilities:County", 1),
}


@pytest.mark.parametrize("purse", PURSES)
def test_every_purse_stands_against_the_opening(purse):
    account, sign = ACCOUNTS[purse]
    entry = post_entered(told(entered(purse)))
    assert imbalance(entry) == {}
    assert {line.account: line.amount for line in entry} == {
        account: 700 * sign,
        "Equity:Opening": -700 * sign,
    }


def test_every_purse_has_its_account():
    assert set(ACCOUNTS) == set(PURSES) == {*PLACES, *DEBTS}


@pytest.mark.parametrize(("was", "now", "difference"), [(700, 500, -200), (700, 0, -700)])
def test_a_correction_posts_the_difference_to_the_same_account(was, now, difference):
    body = OpeningCorrected(
        purse="owed_person",
        person=WANG,
        courier="",
        device="",
        was_fen=was,
        is_fen=now,
        witness="party",
        witness_by="",
        slip=2,
        day="2026-11-24",
    )
    entry = post_corrected(told(body, entity="e" * 64))
    assert imbalance(entry) == {}
    assert total(entry, ACCOUNTS["owed_person"][0]) == -difference


def test_the_latest_correction_holds():
    first = fold_line(None, told(entered("owed_grower")))
    body = OpeningCorrected(
        purse="owed_grower",
        person=WANG,
        courier="",
        device="",
        was_fen=700,
        is_fen=0,
        witness="party",
        witness_by="",
        slip=2,
        day="2026-11-24",
    )
    after = fold_line(first, told(body, entity="e" * 64))
    assert (after.amount_fen, after.entered_fen, after.corrections) == (0, 700, 1)


# --- The whole -----------------------------------------------------------------------------------

ALL_DONE = Opening(station="NX0601", steps=dict.fromkeys(STEPS, "done"))


def said(opening: Any, outcome: Any) -> Opening:
    assert not isinstance(outcome, Refusal), outcome
    for saying in outcome:
        opening = fold_opening(opening, told(saying.body))
    return opening


@pytest.mark.parametrize(
    ("opening", "decide", "command", "why"),
    [
        (None, settle_step, SettleStep(step="lots", outcome="none"), ""),
        (ALL_DONE, settle_step, SettleStep(step="lots", outcome="done"), "NOTHING_CHANGED"),
        (ALL_DONE, settle_step, SettleStep(step="lots", outcome="open"), ""),
        (
            Opening(status=FINISHED),
            settle_step,
            SettleStep(step="lots", outcome="done"),
            "FINISHED_ALREADY",
        ),
        (None, dismiss_opening, DismissOpening(), ""),
        (Opening(status=DISMISSED), dismiss_opening, DismissOpening(), "NOT_OPEN"),
        (Opening(status=DISMISSED), reopen_opening, ReopenOpening(), ""),
        (Opening(status=FINISHED), reopen_opening, ReopenOpening(), ""),
        (None, reopen_opening, ReopenOpening(), "OPEN_ALREADY"),
    ],
)
def test_how_the_whole_goes_on(opening, decide, command, why):
    assert reason(decide(opening, command, NOW)) == why


@pytest.mark.parametrize(
    ("opening", "witness", "why"),
    [
        (ALL_DONE, MANAGER, ""),
        (ALL_DONE, ALONE, ""),
        (ALL_DONE, Witness(), "WITNESS_MISSING"),
        (None, MANAGER, "STEPS_OPEN"),
        (msgspec.structs.replace(ALL_DONE, status=FINISHED), MANAGER, "FINISHED_ALREADY"),
    ],
)
def test_two_sign_the_end(opening, witness, why):
    finishing = Finishing(signing=SIGNING, slip=9, opening=opening)
    assert reason(finish_opening(finishing, FinishOpening(witness=witness), NOW)) == why


def test_the_way_back_after_dismissing_and_finishing():
    opening = said(None, dismiss_opening(None, DismissOpening(), NOW))
    assert opening.status == DISMISSED
    assert said(opening, reopen_opening(opening, ReopenOpening(), NOW)).status == "open"


# --- Lots ----------------------------------------------------------------------------------------

LOTS = LotEntering(signing=SIGNING, slip=3)


def lot(**asked: Any) -> EnterLot:
    return EnterLot(
        **(
            dict[str, Any]({"person": WANG, "produce": "红薯", "unit": "g", "quantity": 12_500})
            | asked
        )
    )


@pytest.mark.parametrize(
    ("known", "command", "why"),
    [
        (LOTS, lot(), ""),
        (LOTS, lot(is_own=True, cost_fen=900), ""),
        (LOTS, lot(person=""), "PERSON_MISSING"),
        (LotEntering(signing=SIGNING, slip=3, grower_known=False), lot(), "NO_SUCH_PERSON"),
        (LotEntering(signing=SIGNING, slip=3, status=FINISHED), lot(), "FINISHED_ALREADY"),
        (LOTS, lot(produce=" "), "PRODUCE_MISSING"),
        (LOTS, lot(produce="x" * 31), "WORDS_TOO_LONG"),
        (LOTS, lot(quantity=0), "QUANTITY_MISSING"),
        (LOTS, lot(commission_bp=5_001), "COMMISSION_TOO_HIGH"),
        (LOTS, lot(is_own=True), "AMOUNT_NOT_POSITIVE"),
        (LOTS, lot(witness=Witness(kind="alone")), "REASON_MISSING"),
    ],
)
def test_produce_that_is_here_already(known, command, why):
    assert reason(enter_lot(known, command, NOW)) == why


def test_a_lot_is_an_ordinary_lot():
    consigned = only(enter_lot(LOTS, lot(commission_bp=800), NOW))
    own = only(enter_lot(LOTS, lot(is_own=True, cost_fen=900), NOW))
    assert isinstance(consigned.body, LotAccepted)
    assert (consigned.body.share.person, consigned.body.share.commission_bp) == (WANG, 800)
    assert isinstance(own.body, LotBought)
    assert (own.body.opening_fen, own.body.paid_fen, own.body.owed_fen) == (900, 0, 0)
