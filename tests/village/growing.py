"""What growers bring: taken in on all terms, weighed anew, moved on, settled.

Everything is asked for with commands, as the pages ask; a refusal is an answer like any other.
"""

import random
from collections.abc import Callable
from typing import Any

from station_app.ledger.rounding import GRAM, line_fen
from station_app.reference import produce_records as reference
from station_app.services.cash.commands import GivePayment, TakePayment
from station_app.services.consignment import records
from station_app.services.consignment.commands import (
    DisputeLot,
    FinishIntake,
    MergeLots,
    MoveLot,
    PrintLotPapers,
    PrintSettlement,
    Reweigh,
    SettleGrower,
    SplitLot,
    TakeIn,
    Weighed,
)
from station_app.services.consignment.facts import Cost, FieldInput
from station_app.services.consignment.gathering import Gatherer
from station_app.services.consignment.moving import BEARERS, HOWS, REASONS
from station_app.services.consignment.paying_out import due_of
from station_app.services.consignment.taking import reweighed_cost
from station_app.services.people import records as people
from station_app.services.sales.unsettled_records import open_shares
from station_app.shell.desk import Done
from tests.village.money import Money
from tests.village.pc import Pc

DAY = "2026-11-24"
VILLAGES_IN_SEASON, ACTS = 0.5, 0.5
SORTS = ("10018", "10010")
Work = Callable[[Pc], Any]


class Growing:
    """Draws what comes in, and what becomes of it."""

    def __init__(self, seed: int, *, vouches: bool) -> None:
        """Draw from dice that are nobody else's. vouches: papers are written, which needs lots."""
        self._dice = random.Random(f"growing {seed}")
        self._money = Money(self._dice)
        self._is_season = self._dice.random() < VILLAGES_IN_SEASON or vouches

    def act(self, pc: Pc) -> None:
        """Let something come in, or become of what is here, now and then."""
        if not self._is_season or self._dice.random() >= ACTS:
            return
        works: tuple[tuple[int, Work], ...] = (
            (9, self._take_in),
            (2, self._reweigh),
            (4, self._settle),
            (5, self._move),
            (2, self._remake),
        )
        (work,) = self._dice.choices([w for _, w in works], [n for n, _ in works])
        work(pc)

    def _grower(self, pc: Pc) -> str:
        rows = pc.connection.execute(
            "SELECT entity FROM persons WHERE erased = 0 ORDER BY entity LIMIT 6"
        ).fetchall()
        return str(self._dice.choice(rows)[0]) if rows else ""

    def _weighed(self, unit: str) -> Weighed:
        quantity = self._dice.randint(1, 40_000)
        if unit != GRAM:
            return Weighed(pieces=quantity // 400)
        # Now and then the baskets weigh more than all of it: the rule says no.
        tare = self._dice.choice((0, 800, 800, 45_000))
        return Weighed(
            gross_grams=quantity + tare % 45_000,
            tare_grams=tare,
            deducted_grams=self._dice.choice((0, 0, quantity // 100)),
            frame=self._dice.choice(("", "53542c47532c")),
        )

    def _take_in(self, pc: Pc) -> None:
        code = self._dice.choice(SORTS)
        sort = reference.sort_of(pc.connection, code, pc.open.desk.now().day)
        person = self._grower(pc)
        if sort is None:
            return
        weighed = self._weighed(sort.unit)
        is_bought = self._dice.random() < 0.3
        price_fen = self._dice.choice((0, 333, 800))
        quantity = weighed.net_grams if sort.unit == GRAM else weighed.pieces
        paid_fen = line_fen(max(0, quantity), price_fen, sort.unit) if is_bought else 0
        paid_fen = self._dice.choice((paid_fen, paid_fen // 2))
        sprayed = FieldInput(name="吡虫啉", day=DAY, interval_days=self._dice.choice((0, 3)))
        take = TakeIn(
            person=person,
            produce=code,
            grade="",
            weighed=weighed,
            is_bought=is_bought,
            price_fen=price_fen,
            commission_bp=self._dice.choice((0, 500, 800)),
            paid_fen=paid_fen,
            contract=self._contract(pc, person, code),
            harvest_day=self._dice.choice(("", DAY)),
            inputs=self._dice.choice(((), (), (sprayed,))),
            promise="declined",
            packages=self._dice.randint(1, 2),
            is_for_hub=weighed.gross_grams % 3 == 0,
        )
        ticket = pc.ticket()
        paid: tuple[Any, ...] = ()
        if paid_fen:
            tender = self._money.tender(paid_fen)
            paid = (GivePayment(due_fen=paid_fen, tenders=(tender,), remark="说好的"),)
        pc.perform(take, *paid, FinishIntake(act=ticket, taken=take), ticket=ticket)

    def _contract(self, pc: Pc, person: str, code: str) -> str:
        """Return her contract, as the page would; now and then somebody else's: a no."""
        if self._dice.random() < 0.05:
            rows = pc.connection.execute("SELECT entity FROM contracts LIMIT 1").fetchall()
            return str(rows[0][0]) if rows else ""
        return records.contract_for(pc.connection, person, (code, code), DAY)

    def _reweigh(self, pc: Pc) -> None:
        here = records.lots_here(pc.connection)
        if not here:
            return
        row = self._dice.choice(here)
        state = records.lot_state(pc.connection, row.lot)
        sort = reference.sort_of(pc.connection, row.produce, pc.open.desk.now().day)
        if state is None or sort is None:
            return  # a sample of a lot: no page shows it
        weighed = self._weighed(sort.unit)
        quantity = weighed.net_grams if sort.unit == GRAM else weighed.pieces
        cost_fen = reweighed_cost(state, quantity) if quantity > 0 else 0
        paid: tuple[Any, ...] = ()
        if cost_fen > 0:
            tender = self._money.tender(cost_fen)
            paid = (GivePayment(due_fen=cost_fen, tenders=(tender,), remark="说好的"),)
        elif cost_fen < 0:
            paid = (TakePayment(due_fen=-cost_fen, tenders=(self._money.tender(-cost_fen),)),)
        ticket = pc.ticket()
        pc.perform(
            Reweigh(lot=row.lot, weighed=weighed), *paid, PrintLotPapers(act=ticket), ticket=ticket
        )

    def _settle(self, pc: Pc) -> None:
        """Settle with a grower, of all that is open or a part of it, and pay some or all."""
        person = self._grower(pc)
        if not person:
            return
        now = pc.open.desk.now()
        state = Gatherer(people, open_shares).due_to(pc.connection, person, now)
        sales = list(dict.fromkeys(line.sale for line in state.lines))
        sales = self._dice.sample(sales, self._dice.randint(min(1, len(sales)), len(sales)))
        service = self._dice.choice(((), (), (Cost(name="packing", amount_fen=50),)))
        due = due_of(state, sales, service)
        # Now and then more than there is: the rule says no.
        most = self._dice.choice((due.payable_fen, due.payable_fen, due.payable_here_fen + 100))
        set_off = min(state.owes_fen, due.payable_here_fen) if self._dice.random() < 0.3 else 0
        pay = max(0, self._dice.choice((most, most // 2, 0)) - set_off)
        paid: tuple[Any, ...] = ()
        if pay:
            paid = (GivePayment(due_fen=pay, tenders=(self._money.tender(pay),), remark="说好的"),)
        ticket = pc.ticket()
        outcome = pc.perform(
            SettleGrower(
                person=person,
                sales=tuple(sales),
                service=service,
                pay_fen=pay,
                set_off_fen=set_off,
                may_advance=self._dice.random() < 0.7,
            ),
            *paid,
            PrintSettlement(act=ticket),
            ticket=ticket,
        )
        is_open = not isinstance(outcome, Done)
        left = [line.lot for line in state.lines if is_open or line.sale not in sales]
        if left:  # what was not settled she does not agree with
            pc.perform(DisputeLot(lot=left[0], person=person, reason="price_wrong"))

    def _move(self, pc: Pc) -> None:
        """Something spoils, goes back, is sampled, sent off or counted."""
        here = records.lots_here(pc.connection)
        if not here:
            return
        row = self._dice.choice(here)
        pc.perform(
            MoveLot(
                lot=row.lot,
                how=self._dice.choice(HOWS),
                quantity=self._dice.randint(1, row.on_shelf + row.on_shelf // 10 + 1),
                reason=self._dice.choice(REASONS),
                bearer=self._dice.choice(BEARERS),
                value_fen=self._dice.choice((0, 920)),
                packages=1,
            )
        )

    def _remake(self, pc: Pc) -> None:
        """A part becomes a lot, or several of a sort become one."""
        here = records.lots_here(pc.connection)
        if not here:
            return
        row = self._dice.choice(here)
        alike = [one.lot for one in here if (one.produce, one.grade) == (row.produce, row.grade)]
        command: Any = MergeLots(lots=tuple(alike[:3]))
        if len(alike) < 2 or self._dice.random() < 0.5:
            command = SplitLot(lot=row.lot, quantity=self._dice.randint(1, row.on_shelf))
        ticket = pc.ticket()
        pc.perform(command, PrintLotPapers(act=ticket), ticket=ticket)
