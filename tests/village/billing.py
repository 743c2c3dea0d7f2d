"""Bills in the village: operators take them in and ask them back, the county answers them.

At the counter everything is asked for with commands, as the page asks; a refusal is an answer like
any other. The county answers what it holds, as its desk does.
"""

import random
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select

from county_server.county import County
from county_server.desks.bills import queue
from station_app.journal.fact import Saying
from station_app.services.bills import records
from station_app.services.bills.commands import AskBillCancellation, PrintBillSlip, TakeBill
from station_app.services.bills.facts import BillFailed, BillPaid, BillReversed
from station_app.services.cash.commands import TakePayment
from tests.village.money import Money
from tests.village.pc import Pc

DAY = "2026-11-26"
Work = Callable[[Pc], Any]
POWER, FEE_FEN = "POWER", 50  # as the county of the village publishes it


class Billing:
    """Draws what operators do about bills."""

    def __init__(self, dice: random.Random, money: Money) -> None:
        """Draw from the village's dice; pay as the rest of the village pays."""
        self._dice = dice
        self._money = money

    @property
    def works(self) -> tuple[tuple[int, Work], ...]:
        """Return what there is to do, and how often it comes up."""
        return ((12, self._take), (5, self._ask_back))

    def _take(self, pc: Pc) -> None:
        fen = self._dice.choice((5_000, 5_000, 12_650, 50))
        due_fen = fen + FEE_FEN
        ticket = pc.ticket()
        pc.perform(
            TakeBill(
                biller=POWER,
                account_no=self._dice.choice(("0000000017", "００００００００１８", "000000017")),
                amount_fen=fen,
                is_meant=self._dice.random() < 0.5,
            ),
            TakePayment(due_fen=due_fen, tenders=(self._money.tender(due_fen),)),
            PrintBillSlip(act=ticket),
            ticket=ticket,
        )

    def _ask_back(self, pc: Pc) -> None:
        rows = records.not_over(pc.connection, pc.open.desk.now().day)
        if rows:
            pc.perform(AskBillCancellation(bill=self._dice.choice(rows).bill))


def answer(dice: random.Random, county: County, station: str) -> Sequence[Saying]:
    """Return what the bills desk says of one bill, () when there is none to speak of."""
    states = county.store.tables.states.c
    with county.store.read() as connection:
        entities = connection.execute(
            select(states.entity)
            .where(states.station == station, states.kind == queue.KIND)
            .order_by(states.entity)
        ).all()
        if not entities:
            return ()
        entity = str(dice.choice(entities)[0])
        state = queue.find_bill(county.store, connection, station, entity)
    if state is None:
        return ()
    sums = {"amount_fen": state.amount_fen, "fee_fen": state.fee_fen}
    if state.status == "queued" and dice.random() < 0.6:
        paid = BillPaid(answers=entity, number="0042", day=DAY, **sums)
        return (Saying(paid, entity=entity),)
    if state.status == "queued":
        failed = BillFailed(answers=entity, reason="account_closed", day=DAY, **sums)
        return (Saying(failed, entity=entity),)
    if state.status == "paid":
        back = BillReversed(answers=entity, reason="biller_refused", day=DAY, **sums)
        return (Saying(back, entity=entity),)
    return ()
