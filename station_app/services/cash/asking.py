"""Which rule decides which command: what this slice hands to the desk."""

from collections.abc import Callable, Sequence
from typing import Any

from station_app.journal.fact import Saying
from station_app.journal.log import Connection
from station_app.services.cash import corrections, handover, payments, records, rules, vouchers
from station_app.services.cash.commands import (
    CloseShift,
    ComparePlace,
    CorrectAmount,
    CorrectChange,
    CorrectPayment,
    GivePayment,
    HandOverShift,
    OpenDrawer,
    OpenShift,
    PrintCorrection,
    PutIn,
    TakeOut,
    TakePayment,
)
from station_app.services.cash.papers import PaperMaker
from station_app.services.cash.payment_records import PaymentGatherer, Register
from station_app.shell.desk import Rule
from station_app.values.now import Now
from station_app.values.staff import Coworker

Staff = Callable[[Connection], tuple[Coworker, ...]]


def desk_rules(
    papers: PaperMaker, staff: Staff, register: Register | None = None
) -> tuple[Rule[Any, Any], ...]:
    """Return the rules of the drawer, with the papers that they print.

    staff: who works at this station now; some rules ask for a second person. register: knows how
    far somebody may owe; without one nobody may.
    """
    gather = PaymentGatherer(register, staff)
    right = gather.correcting

    def moving(connection: Connection, command: PutIn | TakeOut, now: Now) -> vouchers.Moving:
        return records.gather_moving(connection, command, now, staff(connection))

    def handing_over(
        connection: Connection, command: HandOverShift, now: Now
    ) -> handover.HandingOver:
        return records.gather_hand_over(connection, command, now, staff(connection))

    nothing = records.gather_nothing
    return (
        Rule(OpenShift, records.gather_opening, rules.open_shift, papers.for_opening),
        Rule(TakePayment, gather.taking, payments.take_payment, papers.for_money),
        Rule(GivePayment, gather.giving, payments.give_payment, papers.for_money),
        Rule(CorrectPayment, right, corrections.correct_payment, papers.for_correction),
        Rule(CorrectChange, right, corrections.correct_change, papers.for_correction),
        Rule(CorrectAmount, right, corrections.correct_amount),
        Rule(PrintCorrection, _nothing_to_see, _nothing_to_say, papers.correction),
        Rule(CloseShift, records.gather_closing, rules.close_shift, papers.for_closing),
        Rule(HandOverShift, handing_over, handover.hand_over, papers.for_hand_over),
        Rule(PutIn, moving, vouchers.put_in, papers.for_voucher),
        Rule(TakeOut, moving, vouchers.take_out, papers.for_voucher),
        Rule(OpenDrawer, nothing, vouchers.open_drawer, papers.for_opened_drawer),
        Rule(ComparePlace, records.gather_compared, vouchers.compare_place),
    )


def _nothing_to_see(_connection: Connection, _command: PrintCorrection, _now: Now) -> None:
    return None


def _nothing_to_say(_state: None, _command: PrintCorrection, _now: Now) -> Sequence[Saying]:
    return ()
