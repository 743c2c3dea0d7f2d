"""The money work of the operators: the drawer, debts, refunds, clearing, the first day.

Everything is asked for with commands, so the rules decide; a refusal is an answer like any other.
What there is to ask about is read from the PC's own tables, as its pages read it.
"""

import random
from collections.abc import Callable
from typing import Any

from station_app.ledger.balances import standings
from station_app.ledger.posting import CNY
from station_app.services.accounts import records as accounts
from station_app.services.accounts.commands import (
    PayRefund,
    PrintAccountSlip,
    RepayAccount,
    ReturnOverpaid,
    SettleDebit,
)
from station_app.services.cash import payment_records
from station_app.services.cash.commands import (
    ComparePlace,
    CorrectAmount,
    CorrectChange,
    CorrectPayment,
    GivePayment,
    HandOverShift,
    OpenDrawer,
    PrintCorrection,
    PutIn,
    TakeOut,
    TakePayment,
)
from station_app.services.cash.facts import Count, Tender
from station_app.services.clearing import records as clearing
from station_app.services.clearing import statement_records
from station_app.services.clearing.books import PREPAYMENT
from station_app.services.clearing.commands import (
    AllotCountyMoney,
    AnswerStatement,
    AskRemittanceBack,
    PayCourier,
    ReceiveCountyMoney,
    ReturnCountyMoney,
    ReturnCourierPayment,
    SendRemittance,
    TakeRemittanceBack,
)
from station_app.services.clearing.facts import Portion
from station_app.services.opening import records as opening
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
from station_app.services.opening.purses import OF_COURIER, OF_PERSON, PURSES
from station_app.services.opening.rules import STEPS
from station_app.services.people.commands import LimitCredit
from station_app.shell.desk import Done
from tests.village.pc import Pc

ALONE = Witness(kind="alone", reason="只有我一个人")
RECEIVABLE = "Assets:Receivable"
Work = Callable[[Pc], Any]


class Money:
    """Draws what operators do with money."""

    def __init__(self, dice: random.Random) -> None:
        """Draw from the village's dice."""
        self._dice = dice

    @property
    def works(self) -> tuple[tuple[int, Work], ...]:
        """Return what there is to do, and how often it comes up."""
        return (
            (7, self._put_in),
            (7, self._take_out),
            (2, self._open_drawer),
            (3, self._compare),
            (4, self._hand_shift_over),
            (5, self._limit_credit),
            (7, self._repay),
            (7, self._pay_refund),
            (3, self._settle_debit),
            (9, self._correct),
            (6, self._remit),
            (5, self._remittance_back),
            (7, self._county_money),
            (8, self._pay_courier),
            (2, self._courier_paid_back),
            (4, self._answer_statement),
            (8, self._enter_opening),
            (3, self._correct_opening),
            (2, self._enter_lot),
            (5, self._end_opening),
        )

    # --- The drawer ------------------------------------------------------------------------------

    def tender(self, fen: int) -> Tender:
        """Return how an amount is paid, in one way."""
        way = self._dice.choice(("cash", "cash", "wechat", "bank"))
        return Tender(way=way, amount_fen=fen, reference="" if way == "cash" else "42")

    def _taken(self, fen: int) -> TakePayment:
        """Take it, now and then with a note too big and change, or with the odd fen let go."""
        drawn = self._dice.random()
        if fen > 0 and drawn < 0.2:
            return TakePayment(due_fen=fen, tenders=(Tender(way="cash", amount_fen=fen + 5_000),))
        if fen % 10 and drawn < 0.6:
            tenders = (Tender(way="cash", amount_fen=fen - fen % 10),) if fen >= 10 else ()
            return TakePayment(due_fen=fen, tenders=tenders, round_off_fen=fen % 10)
        return TakePayment(due_fen=fen, tenders=(self.tender(fen),) if fen else ())

    def _given(self, fen: int) -> GivePayment:
        return GivePayment(
            due_fen=fen, tenders=(self.tender(fen),) if fen > 0 else (), remark="说好的"
        )

    def _fen(self) -> int:
        return self._dice.choice((1, 99, 700, 700, 5_000, 5_000, 20_000, 123_456))

    def _put_in(self, pc: Pc) -> None:
        place = self._dice.choice(("drawer", "safe", "bank", "wechat", "alipay"))
        reason = self._dice.choice(("own", "own", "safe", "bank"))
        pc.perform(PutIn(place=place, reason=reason, amount_fen=self._fen(), remark="放进去"))

    def _take_out(self, pc: Pc) -> None:
        place = self._dice.choice(("drawer", "safe", "bank", "wechat"))
        reason = self._dice.choice(("own", "safe", "bank", "petty", "drawings"))
        pc.perform(
            TakeOut(
                place=place,
                reason=reason,
                amount_fen=self._fen(),
                remark="拿出来",
                alone_reason="只有我一个人",
            )
        )

    def _open_drawer(self, pc: Pc) -> None:
        pc.perform(OpenDrawer(reason=self._dice.choice(("change", "look")), remark=""))

    def _compare(self, pc: Pc) -> None:
        place = self._dice.choice(("wechat", "alipay", "bank", "safe"))
        remark = self._dice.choice(("", "少记了一笔"))
        pc.perform(ComparePlace(place=place, shown_fen=self._fen(), remark=remark))

    def _hand_shift_over(self, pc: Pc) -> None:
        other = self._one(pc, "SELECT entity FROM operators WHERE has_left = 0")
        counts = (Count(10_000, self._dice.randint(0, 9)), Count(100, self._dice.randint(0, 50)))
        reason = self._dice.choice(("", "只有我一个人"))
        if other:
            pc.perform(
                HandOverShift(
                    taken_over_by=other, counts=counts, remark="数的", alone_reason=reason
                )
            )

    def _one(self, pc: Pc, sql: str) -> str:
        rows = pc.connection.execute(f"{sql} ORDER BY entity LIMIT 40").fetchall()
        return str(self._dice.choice(rows)[0]) if rows else ""

    # --- Debts and refunds -----------------------------------------------------------------------

    def _limit_credit(self, pc: Pc) -> None:
        person = self.person(pc)
        if person:
            limit = self._dice.choice((0, 20_000, 50_000, 100_000))
            pc.perform(LimitCredit(person=person, limit_fen=limit))

    def person(self, pc: Pc) -> str:
        """Return somebody who is known here and not erased, "" for nobody."""
        return self._one(pc, "SELECT entity FROM persons WHERE erased = 0")

    def debtor(self, pc: Pc) -> str:
        """Return somebody who may owe, mostly; "" for nobody."""
        sql = "SELECT entity FROM persons WHERE erased = 0 AND credit_limit_fen > 0"
        return self._one(pc, sql) or self.person(pc)

    def _repay(self, pc: Pc) -> None:
        owing = standings(pc.connection, RECEIVABLE, commodity=CNY)
        if not owing:
            return
        account = self._dice.choice(owing)
        person = accounts.identity_of(pc.connection, account.account.rpartition(":")[2])
        if not person:
            return  # she is named in a purse and nowhere else: the page offers nothing, too
        whole = abs(account.amount)
        fen = self._dice.choice((whole, max(1, whole // 2)))
        if account.amount < 0:
            self._with_slip(pc, ReturnOverpaid(person=person, amount_fen=fen), self._given(fen))
        else:
            self._with_slip(pc, RepayAccount(person=person, amount_fen=fen), self._taken(fen))

    def _pay_refund(self, pc: Pc) -> None:
        due = accounts.refunds_due(pc.connection)
        if not due:
            return
        one = self._dice.choice(due)
        fen = self._dice.choice((one.due_fen, one.due_fen, max(1, one.due_fen // 3)))
        asked = PayRefund(
            document=one.document, amount_fen=fen, slip_taken=True, remark="认得是她本人"
        )
        self._with_slip(pc, asked, self._given(fen))

    def _settle_debit(self, pc: Pc) -> None:
        twice = accounts.paid_twice(pc.connection)
        if not twice:
            return
        one = self._dice.choice(twice)
        how = self._dice.choice(("brought_back", "owed", "borne"))
        asked = SettleDebit(
            account=one.account,
            how=how,
            amount_fen=one.debit_fen,
            person=self.person(pc),
            remark="付了两次",
        )
        if how == "brought_back":
            pc.perform(asked, self._taken(one.debit_fen))
        else:
            pc.perform(asked)

    def _with_slip(self, pc: Pc, *commands: Any) -> None:
        ticket = pc.ticket()
        pc.perform(*commands, PrintAccountSlip(act=ticket), ticket=ticket)

    # --- Corrections -----------------------------------------------------------------------------

    def _correct(self, pc: Pc) -> None:
        payment = self._one(pc, "SELECT entity FROM payments")
        known = payment_records.payment_state(pc.connection, payment) if payment else None
        if known is None:
            return
        drawn = self._dice.random()
        if drawn < 0.4:
            fen = sum(tender.amount_fen for tender in known.tenders)
            asked: tuple[Any, ...] = (
                CorrectPayment(payment=payment, tenders=(self.tender(fen),) if fen else ()),
            )
        elif drawn < 0.6:
            difference = self._dice.choice((-500, 1_000))
            asked = (CorrectChange(payment=payment, difference_fen=difference),)
        else:
            asked = self._amount_corrected(pc, payment)
        if asked:
            ticket = pc.ticket()
            pc.perform(*asked, PrintCorrection(act=ticket), ticket=ticket)

    def _amount_corrected(self, pc: Pc, payment: str) -> tuple[Any, ...]:
        lines = sorted(payment_records.settled_lines(pc.connection, payment).items())
        if not lines:
            return ()
        key, line = self._dice.choice(lines)
        right = max(0, line.fen + self._dice.choice((-600, 400)))
        asked = CorrectAmount(payment=payment, line=key, right_fen=right)
        if right >= line.fen:
            return asked, self._taken(right - line.fen)
        return asked, self._given(line.fen - right)

    # --- The county and the couriers -------------------------------------------------------------

    def _remit(self, pc: Pc) -> None:
        stands = clearing.county(pc.connection)
        purses = [
            Portion(purse=purse, owner=owner, amount_fen=fen)
            for (purse, owner), fen in sorted(stands.here.items())
            if fen > 0 and purse == PREPAYMENT
        ]
        portions = tuple(self._dice.sample(purses, min(len(purses), 2)))
        if not portions or self._dice.random() < 0.5:
            fen = stands.owed_fen or self._fen()
            portions = (*portions, Portion(purse="", owner="", amount_fen=fen))
        fen = sum(portion.amount_fen for portion in portions)
        way = self._dice.choice(("carrier", "bank", "wechat"))
        sent = SendRemittance(way=way, portions=portions, carrier="赵师傅", may_exceed=True)
        pc.perform(sent, self._given(fen))

    def _remittance_back(self, pc: Pc) -> None:
        found = clearing.remittances(pc.connection)
        if not found:
            return
        entity, state = self._dice.choice(found)
        if self._dice.random() < 0.7:
            pc.perform(AskRemittanceBack(remittance=entity, remark="没带走"))
        else:
            pc.perform(TakeRemittanceBack(remittance=entity), self._taken(state.amount_fen))

    def _county_money(self, pc: Pc) -> None:
        found = clearing.moneys(pc.connection)
        drawn = self._dice.random()
        if not found or drawn < 0.15:
            number, fen = f"L{self._dice.randrange(20):03}", 30_000
            pc.perform(
                ReceiveCountyMoney(number=number, way="carrier", amount_fen=fen), self._taken(fen)
            )
            return
        entity, state = self._dice.choice(found)
        if drawn < 0.6:
            pc.perform(ReceiveCountyMoney(money=entity), self._taken(state.amount_fen))
        elif drawn < 0.8:
            pc.perform(AllotCountyMoney(money=entity))
        else:
            pc.perform(ReturnCountyMoney(money=entity), self._given(state.received_fen))

    def _pay_courier(self, pc: Pc) -> None:
        held = sorted(clearing.couriers_held(pc.connection))
        if not held:
            return
        courier = self._dice.choice(held)
        waiting = clearing.payable(pc.connection, courier)
        pieces = self._dice.sample(waiting, self._dice.randint(0, len(waiting)))
        fine = self._dice.choice((0, 0, 300))
        fee = self._dice.choice((0, 0, 100))
        paid = PayCourier(
            courier=courier,
            pieces=tuple(piece.fact for piece in pieces),
            fee_fen=fee,
            fine_fen=fine,
            runner="小马",
        )
        pc.perform(paid, self._given(sum(piece.fen for piece in pieces) - fee + fine))

    def _courier_paid_back(self, pc: Pc) -> None:
        for courier in clearing.couriers_paid(pc.connection):
            found = clearing.payments(pc.connection, courier)
            if found:
                entity, state = self._dice.choice(found)
                fen = state.cod_fen + state.freight_fen + state.sending_fen
                fen += state.fine_fen - state.fee_fen
                pc.perform(ReturnCourierPayment(payment=entity), self._taken(fen))
                return

    def _answer_statement(self, pc: Pc) -> None:
        found = statement_records.statements(pc.connection)
        if found:
            entity, _ = self._dice.choice(found)
            pc.perform(AnswerStatement(statement=entity, accepted=()))

    # --- The first day ---------------------------------------------------------------------------

    def _enter_opening(self, pc: Pc) -> None:
        purse = self._dice.choice(PURSES)
        done = pc.perform(
            EnterOpening(
                purse=purse,
                amount_fen=self._fen(),
                person=self.person(pc) if purse in OF_PERSON else "",
                courier="ZTO" if purse in OF_COURIER else "",
                remark="老账本上的",
                witness=self._dice.choice((Witness(), ALONE)),
                again=self._dice.random() < 0.5,
            )
        )
        if isinstance(done, Done) and done.told[0].body.amount_fen % 2:  # a digit was misread
            self._correct_line(pc, done.told[0].identity, done.told[0].body.amount_fen + 100)

    def _correct_opening(self, pc: Pc) -> None:
        rows = opening.lines(pc.connection)
        if rows:
            line = self._dice.choice(rows)
            fen = self._dice.choice((0, line.amount_fen + 100))
            self._correct_line(pc, line.line, fen)

    def _correct_line(self, pc: Pc, line: str, fen: int) -> None:
        pc.perform(CorrectOpening(line=line, amount_fen=fen, remark="看错了", witness=ALONE))

    def _enter_lot(self, pc: Pc) -> None:
        is_own = self._dice.random() < 0.5
        pc.perform(
            EnterLot(
                person=self.person(pc),
                produce="红薯",
                unit="g",
                quantity=self._dice.randint(1, 90) * 500,
                is_own=is_own,
                cost_fen=self._fen() if is_own else 0,
                commission_bp=0 if is_own else 500,
                witness=ALONE,
            )
        )

    def _end_opening(self, pc: Pc) -> None:
        state = opening.opening_state(pc.connection, pc.place.partition("/")[0])
        drawn = self._dice.random()
        if drawn < 0.15:
            pc.perform(DismissOpening())
        elif drawn < 0.3:
            pc.perform(ReopenOpening())
        elif drawn < 0.6:
            steps = state.steps if state else {}
            for step in STEPS:
                if steps.get(step, "open") == "open":
                    pc.perform(SettleStep(step=step, outcome="done"))
            if drawn < 0.45:
                pc.perform(FinishOpening(witness=ALONE))
        else:
            pc.perform(FinishOpening(witness=ALONE))
