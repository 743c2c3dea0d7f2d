"""What else becomes of orders in the village: other goods, a way home, orders of one's own.

Drawn from dice of their own, in the villages that order: what those draw stays as it was.
"""

import random
from contextlib import suppress

from county_server.county import County
from county_server.put_back import PaymentsStopped
from county_server.scribe import Scribe
from station_app.journal.fact import Body, Saying
from station_app.services.purchasing import records
from station_app.services.purchasing.commands import (
    AnswerSwap,
    ChooseDelivery,
    NoteOwnOrder,
    SettleClaim,
    TellOwnWaybill,
)
from station_app.services.purchasing.facts import OrderReturnRefused, OrderSwapOffered
from station_app.services.purchasing.rules import Order
from tests.village.completing import Completing
from tests.village.pc import Pc

VILLAGES, WHICH = 5, 2  # of so many villages that one orders, see `ordering`
ACTS = 2  # at a step of an operator
SWAPS, REFUSALS = 0.6, 0.2  # how often the county offers other goods, and takes no return over
WANTED = ("placed", "accepted", "picked_up")  # what the county has such words for
DAY = "2026-11-25"


class Choosing:
    """Draws what is chosen about orders."""

    def __init__(self, seed: int) -> None:
        """Draw from dice that are nobody else's."""
        self._dice = random.Random(f"choosing {seed}")
        self._chooses = seed % VILLAGES == WHICH
        self._numbers = 0
        self._completing = Completing()

    def act(self, pc: Pc) -> None:
        """Do something about orders now and then."""
        works = (self._swap, self._swap, self._deliver, self._note, self._tell, self._settle)
        for _ in range(ACTS if self._chooses else 0):
            self._dice.choice(works)(pc)
        if self._chooses:
            self._completing.act(pc)

    def _entity(self, pc: Pc, table: str, where: str = "1") -> str:
        rows = pc.connection.execute(
            f"SELECT entity FROM {table} WHERE {where} ORDER BY entity LIMIT 40"
        ).fetchall()
        return str(self._dice.choice(rows)[0]) if rows else ""

    def _swap(self, pc: Pc) -> None:
        rows = pc.connection.execute(
            "SELECT entity FROM orders WHERE status IN ('placed', 'accepted') ORDER BY entity"
        ).fetchall()
        offered = [row[0] for row in rows if self._is_offered(pc, str(row[0]))]
        order = self._dice.choice(offered) if offered else self._entity(pc, "orders")
        if order:
            answer = self._dice.choice(("yes", "no"))
            pc.perform(AnswerSwap(order=order, answer=answer, way="in_person"))

    def _is_offered(self, pc: Pc, order: str) -> bool:
        state = records.order_state(pc.connection, order)
        return state is not None and bool(state.swap.offer) and not state.swap.answer

    def _deliver(self, pc: Pc) -> None:
        order = self._entity(pc, "orders")
        if order:
            pc.perform(ChooseDelivery(order=order, way=self._dice.choice(("home", "pickup", "?"))))

    def _note(self, pc: Pc) -> None:
        person = self._entity(pc, "persons")
        self._numbers += self._dice.random() < 0.9  # now and then the same number once more
        pc.perform(
            NoteOwnOrder(
                person=person, platform="淘宝", number=str(2_611_000 + self._numbers),
                amount_fen=self._dice.choice((4_990, 0)), item="棉鞋",
            )
        )  # fmt: skip

    def _tell(self, pc: Pc) -> None:
        order = self._entity(pc, "own_orders", "waybill = ''")
        if order:
            waybill = f"7399{self._dice.randrange(10**10):010}"
            pc.perform(TellOwnWaybill(order=order, waybill=waybill))

    def _settle(self, pc: Pc) -> None:
        order = self._entity(pc, "orders", "claim_fen > 0")
        state = records.order_state(pc.connection, order) if order else None
        if state is not None:
            bearer = self._dice.choice(("villager", "station"))
            fen = max(1, state.refused_fen)
            pc.perform(SettleClaim(order=order, bearer=bearer, amount_fen=fen))

    # --- At the county ---------------------------------------------------------------------------

    def county_says(self, county: County, station: str, held: list[tuple[str, Order]]) -> None:
        """Give an order back, offer other goods or take no return over, now and then."""
        if not self._chooses:
            return
        for asked in self._completing.questions(held):
            self._say(county, station, asked)
        held = [one for one in held if one[1].status in WANTED]
        if not held:
            return
        order, state = self._dice.choice(held)
        body = self._word(order, state)
        if body is None:
            return
        self._say(county, station, Saying(body, entity=order))

    def _say(self, county: County, station: str, saying: Saying) -> None:
        with suppress(PaymentsStopped), county.store.write() as connection:
            scribe = Scribe(county.store, connection, county.keys, county.chance)
            scribe.say(station, [saying], by="purchaser", at=county.clock.now_ms())
            scribe.seal()

    def _word(self, order: str, state: Order) -> Body | None:
        if state.status in ("placed", "accepted") and self._dice.random() < SWAPS:
            return OrderSwapOffered(
                answers=order, line=1, product="P0001", goods_fen=state.goods_fen, day=DAY
            )
        if state.open_backs and self._dice.random() < REFUSALS:
            fact = state.open_backs[0].fact
            return OrderReturnRefused(answers=fact, reason="used", day=DAY)
        return None
