"""Which rule decides which command: what this slice hands to the desk."""

from collections.abc import Callable
from typing import Any

from station_app.journal.log import Connection
from station_app.services.cash import handover, payments, records, rules, vouchers
from station_app.services.cash.commands import (
    CloseShift,
    ComparePlace,
    GivePayment,
    HandOverShift,
    OpenDrawer,
    OpenShift,
    PutIn,
    TakeOut,
    TakePayment,
)
from station_app.services.cash.papers import PaperMaker
from station_app.shell.desk import Rule
from station_app.values.now import Now
from station_app.values.staff import Coworker

Staff = Callable[[Connection], tuple[Coworker, ...]]


def desk_rules(papers: PaperMaker, staff: Staff) -> tuple[Rule[Any, Any], ...]:
    """Return the rules of the drawer, with the papers that they print.

    staff: who works at this station now; some rules ask for a second person.
    """

    def moving(connection: Connection, command: PutIn | TakeOut, now: Now) -> vouchers.Moving:
        return records.gather_moving(connection, command, now, staff(connection))

    def handing_over(
        connection: Connection, command: HandOverShift, now: Now
    ) -> handover.HandingOver:
        return records.gather_hand_over(connection, command, now, staff(connection))

    nothing = records.gather_nothing
    return (
        Rule(OpenShift, records.gather_opening, rules.open_shift, papers.for_opening),
        Rule(TakePayment, nothing, payments.take_payment, papers.for_money),
        Rule(GivePayment, nothing, payments.give_payment, papers.for_money),
        Rule(CloseShift, records.gather_closing, rules.close_shift, papers.for_closing),
        Rule(HandOverShift, handing_over, handover.hand_over, papers.for_hand_over),
        Rule(PutIn, moving, vouchers.put_in, papers.for_voucher),
        Rule(TakeOut, moving, vouchers.take_out, papers.for_voucher),
        Rule(OpenDrawer, nothing, vouchers.open_drawer, papers.for_opened_drawer),
        Rule(ComparePlace, records.gather_compared, vouchers.compare_place),
    )
