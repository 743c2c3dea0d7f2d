"""What operators sell: from the shelf, on account, put aside, taken up again, and taken back.

Everything is asked for with commands, as the pages ask; a refusal is an answer like any other.
"""

import random
from collections.abc import Callable
from typing import Any

from station_app.ledger.rounding import GRAM, PIECE
from station_app.services.cash.commands import GivePayment, TakePayment
from station_app.services.cash.facts import Tender
from station_app.services.sales import records, slip_records
from station_app.services.sales.commands import (
    GiveUpBasket,
    HoldBasket,
    PrintSaleSlip,
    ReturnGoods,
    ReturnLine,
    SellGoods,
)
from station_app.services.sales.facts import GoodsLine
from station_app.services.sales.returning import PLACES, Returning, paid_back
from station_app.services.sales.selling import GIVE_UP_REASONS, due_of
from tests.village.money import Money
from tests.village.pc import Pc

Work = Callable[[Pc], Any]


class Selling:
    """Draws what is sold."""

    def __init__(self, dice: random.Random, money: Money) -> None:
        """Draw from the village's dice; pay as the rest of the village pays."""
        self._dice = dice
        self._money = money

    @property
    def works(self) -> tuple[tuple[int, Work], ...]:
        """Return what there is to do, and how often it comes up."""
        return ((9, self._sell), (4, self._hold), (4, self._take_up), (2, self._give_up),
                (6, self._bring_back))  # fmt: skip

    def _lines(self, pc: Pc) -> tuple[GoodsLine, ...]:
        lots = records.lots_here(pc.connection)
        rows = pc.connection.execute("SELECT code FROM products ORDER BY code LIMIT 9").fetchall()
        keys = [row.lot for row in lots] + [str(row[0]) for row in rows]
        chosen = self._dice.sample(sorted(keys), min(len(keys), self._dice.randint(1, 3)))
        return tuple(line for key in chosen if (line := self._line(pc, key)) is not None)

    def _line(self, pc: Pc, key: str) -> GoodsLine | None:
        goods = records.on_shelf(pc.connection, key, pc.open.desk.now().day)
        if goods is None:
            return None
        is_lot = goods.on_shelf is not None
        # Now and then more than lies here, and another price: the rule says no, or writes it down.
        most = max(1, goods.on_shelf or 3)
        price = goods.price_fen or self._dice.choice((99, 333, 1_080))
        if self._dice.random() < 0.2:
            price += 10
        return GoodsLine(
            ownership=goods.ownership,
            lot=key if is_lot else "",
            product="" if is_lot else key,
            unit=goods.unit,
            quantity=self._dice.randint(1, most + most // 20 + 1),
            price_fen=price,
            discount_fen=self._dice.choice((0, 0, 0, 1, 50)),
            reason="bulk",
            consent="phone",
            weighed=self._dice.choice(("scale", "typed")) if goods.unit == "gram" else "",
        )

    def _pay(self, pc: Pc, lines: tuple[GoodsLine, ...], basket: str = "") -> None:
        due = due_of(lines)
        odd = due % 10 if due > 10 and self._dice.random() < 0.5 else 0
        tender = self._money.tender(due - odd)
        person = self._money.debtor(pc) if self._dice.random() < 0.2 else ""
        if person:
            tender = Tender(way="account", amount_fen=due - odd, person=person)
        ticket = pc.ticket()
        pc.perform(
            SellGoods(lines=lines, round_off_fen=odd, basket=basket),
            TakePayment(due_fen=due, tenders=(tender,), round_off_fen=odd),
            PrintSaleSlip(act=ticket),
            ticket=ticket,
        )

    def _sell(self, pc: Pc) -> None:
        lines = self._lines(pc)
        if lines and due_of(lines) > 0:
            self._pay(pc, lines)

    def _hold(self, pc: Pc) -> None:
        lines = self._lines(pc)
        if lines:
            pc.perform(HoldBasket(lines=lines, words=self._dice.choice(("", "王婶"))))

    def _waiting(self, pc: Pc) -> str:
        found = records.held(pc.connection)
        return self._dice.choice(found).basket if found else ""

    def _take_up(self, pc: Pc) -> None:
        basket = self._waiting(pc)
        state = records.basket_state(pc.connection, basket) if basket else None
        lines = state.lines if state is not None else ()
        is_sold_here = all(line.unit in (GRAM, PIECE) for line in lines)  # no mere sample of a fact
        if state is not None and lines and is_sold_here and due_of(lines) > 0:
            self._pay(pc, state.lines, basket)

    def _give_up(self, pc: Pc) -> None:
        basket = self._waiting(pc)
        if basket:
            reason = self._dice.choice(GIVE_UP_REASONS)
            pc.perform(GiveUpBasket(basket=basket, reason=reason))

    def _bring_back(self, pc: Pc) -> None:
        rows = pc.connection.execute(
            "SELECT entity FROM sales WHERE ownership != '' ORDER BY entity LIMIT 40"
        ).fetchall()
        sale = str(self._dice.choice(rows)[0]) if rows else ""
        sold = slip_records.sold_line(pc.connection, sale) if sale else None
        if sold is None or not sold.left or records.on_shelf(pc.connection, sold.key, "") is None:
            return  # a sample of a lot that nobody ever took in: no page shows it
        quantity = self._dice.choice((sold.left, max(1, sold.left // 3)))
        into = self._dice.choice(PLACES)
        asked = ReturnGoods(
            lines=(ReturnLine(sale=sale, quantity=quantity, into=into),), reason="quality"
        )
        fen = paid_back(Returning(sold={sale: sold}), asked)
        tenders = (self._money.tender(fen),) if fen > 0 else ()
        ticket = pc.ticket()
        pc.perform(
            asked,
            GivePayment(due_fen=fen, tenders=tenders, remark="说好的"),
            PrintSaleSlip(act=ticket),
            ticket=ticket,
        )
