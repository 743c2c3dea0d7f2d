"""What operators order for villagers, and what the county's purchaser answers.

An eighth of the villages orders: the histories of the others stay as they were. Everything at the
counter is asked for with commands, as the pages ask; a refusal is an answer like any other. The
county answers at random moments, so it cancels while a station hands over, too.
"""

import random
from contextlib import suppress
from typing import Any

import msgspec
from sqlalchemy import select

from county_server.county import County
from county_server.put_back import PaymentsStopped
from county_server.scribe import Scribe
from station_app.journal.fact import Body, Saying
from station_app.reference import goods_records
from station_app.services.cash.commands import TakePayment
from station_app.services.parcels.commands import HandOverParcels, ShelveParcel
from station_app.services.purchasing import records, timeline_records
from station_app.services.purchasing.commands import (
    AnswerQuote,
    AskCancellation,
    CancelOrder,
    PickUpOrder,
    PlaceOrder,
    PrintOrderSlip,
    ReturnOrder,
    SendBackOrder,
)
from station_app.services.purchasing.facts import (
    OrderAccepted,
    OrderBought,
    OrderCancellationAgreed,
    OrderLine,
    OrderQuotedHigher,
    OrderReturnAgreed,
    OrderShipped,
)
from station_app.services.purchasing.fates import RETURN_REASONS, left_to_refund
from station_app.services.purchasing.rules import PICKED_UP, Order, balance_due
from tests.village.money import Money
from tests.village.pc import Pc

VILLAGES, WHICH = 5, 2  # of so many villages that one orders
ACTS, ANSWERS = 3, 6  # at a step of an operator, and of the county: lives are short
SOON = 0.6  # of what is picked up: it is brought back at once, while lives are short
DAY = "2026-11-25"


class Ordering:
    """Draws what is ordered and what becomes of it."""

    def __init__(self, seed: int) -> None:
        """Draw from dice that are nobody else's."""
        self._dice = random.Random(f"orders {seed}")
        self._money = Money(self._dice)
        self._orders = seed % VILLAGES == WHICH
        self._waybills = 0

    def act(self, pc: Pc) -> None:
        """Do something about orders now and then."""
        if not self._orders:
            return
        works = (
            (9, self._place), (1, self._cancel), (1, self._ask), (4, self._answer),
            (8, self._pick_up), (6, self._bring_back), (4, self._send_back),
        )  # fmt: skip
        for work in self._dice.choices([w for _, w in works], [n for n, _ in works], k=ACTS):
            work(pc)

    # --- At the counter --------------------------------------------------------------------------

    def _person(self, pc: Pc) -> str:
        rows = pc.connection.execute(
            "SELECT entity FROM persons ORDER BY entity LIMIT 40"
        ).fetchall()
        return str(self._dice.choice(rows)[0]) if rows else ""

    def _order(self, pc: Pc, where: str) -> str:
        rows = pc.connection.execute(
            f"SELECT entity FROM orders WHERE {where} ORDER BY entity LIMIT 40"
        ).fetchall()
        return str(self._dice.choice(rows)[0]) if rows else ""

    def _line(self, pc: Pc) -> OrderLine:
        rows = pc.connection.execute("SELECT code FROM products ORDER BY code LIMIT 9").fetchall()
        code = str(self._dice.choice(rows)[0]) if rows and self._dice.random() < 0.7 else ""
        row = goods_records.product(pc.connection, code) if code else None
        pieces = self._dice.randint(1, 4)
        price_fen = (records.price_of(row, pc.open.desk.now().day) if row else 1_999) * pieces
        # Now and then a ceiling that is none: the rule says no.
        ceiling_fen = price_fen + self._dice.choice((0, 0, 500, -1))
        return OrderLine(product=code, pieces=pieces, price_fen=price_fen, ceiling_fen=ceiling_fen)

    def _place(self, pc: Pc) -> None:
        lines = tuple(self._line(pc) for _ in range(self._dice.randint(1, 2)))
        goods_fen = sum(line.price_fen for line in lines)
        terms = goods_records.order_terms(pc.connection, pc.open.desk.now().day)
        fee_fen = terms.fee_fen(goods_fen)
        total_fen = goods_fen + fee_fen
        prepaid_fen = self._dice.choice((0, total_fen, total_fen // 3, total_fen + 1))
        order = PlaceOrder(
            person=self._person(pc),
            collector=self._person(pc) if self._dice.random() < 0.2 else "",
            lines=lines,
            items=("洗衣粉",) * len(lines),
            goods_fen=goods_fen,
            fee_fen=fee_fen,
            prepaid_fen=prepaid_fen,
            link="https://item.jd.com/1.html" if self._dice.random() < 0.3 else "",
        )
        self._with_money(pc, prepaid_fen, order)

    def _with_money(self, pc: Pc, due_fen: int, *commands: Any) -> None:
        ticket = pc.ticket()
        paid: list[Any] = []
        if due_fen > 0:
            tender = self._money.tender(due_fen)
            paid = [TakePayment(due_fen=due_fen, tenders=(tender,)), PrintOrderSlip(act=ticket)]
        pc.perform(*commands, *paid, ticket=ticket)

    def _cancel(self, pc: Pc) -> None:
        order = self._order(pc, "status = 'placed'")
        if order:
            pc.perform(CancelOrder(order=order, remark="不要了"))

    def _ask(self, pc: Pc) -> None:
        order = self._order(pc, "status IN ('placed', 'accepted', 'bought')")
        if order:
            state = records.order_state(pc.connection, order)
            most = min(100, state.held_fen) if state else 0
            consent = "phone" if most > 0 and self._dice.random() < 0.5 else ""
            cost_fen = most if consent else 0
            pc.perform(AskCancellation(order=order, consent=consent, cost_fen_max=cost_fen))

    def _answer(self, pc: Pc) -> None:
        rows = pc.connection.execute(
            "SELECT entity FROM orders WHERE status = 'accepted' ORDER BY entity LIMIT 40"
        ).fetchall()
        waiting = [
            str(row[0]) for row in rows if timeline_records.fate_of(pc.connection, row[0]).quote
        ]
        order = self._dice.choice(waiting) if waiting else self._order(pc, "status = 'placed'")
        if order:
            answer = self._dice.choice(("yes", "yes", "no"))
            pc.perform(AnswerQuote(order=order, answer=answer, way="phone"))

    def _pick_up(self, pc: Pc) -> None:
        order = self._order(pc, "status IN ('bought', 'shipped')")
        state = records.order_state(pc.connection, order) if order else None
        if state is None:
            return
        if state.waybill and timeline_records.parcel_of(pc.connection, state.waybill) is None:
            pc.perform(ShelveParcel(courier="ZTO", waybill=state.waybill, tail="1006"))
        fate = timeline_records.fate_of(pc.connection, order)
        assert fate.order is not None
        commands: list[Any] = []
        due_fen = balance_due(fate.order)
        courier_fen = 0
        if fate.parcel is not None and fate.parcel.is_on_hand:
            courier_fen = fate.parcel.due_fen
            parcels = (fate.parcel.parcel,)
            commands.append(HandOverParcels(parcels=parcels, paid_fen=courier_fen))
        commands.append(PickUpOrder(order=order, paid_fen=due_fen))
        self._with_money(pc, due_fen + courier_fen, *commands)
        if self._dice.random() < SOON:
            self._bring_back(pc)

    def _bring_back(self, pc: Pc) -> None:
        order = self._order(pc, "status = 'picked_up'")
        state = records.order_state(pc.connection, order) if order else None
        if state is None:
            return
        refund_fen = self._dice.choice((left_to_refund(state), left_to_refund(state) // 2, 1))
        claim_fen = self._dice.choice((0, refund_fen // 3, refund_fen + 1))
        reason = self._dice.choice(RETURN_REASONS)
        pc.perform(
            ReturnOrder(order=order, reason=reason, refund_fen=refund_fen, claim_fen=claim_fen)
        )

    def _send_back(self, pc: Pc) -> None:
        order = self._order(pc, "status = 'picked_up'")
        if order:
            pc.perform(SendBackOrder(order=order, pieces=1))

    # --- At the county ---------------------------------------------------------------------------

    def county_says(self, county: County, station: str) -> None:
        """Answer an order of a station now and then, by what the county holds of it."""
        for _ in range(ANSWERS if self._orders else 0):
            self._say_one(county, station)

    def _say_one(self, county: County, station: str) -> None:
        found = self.held(county, station)
        if not found:
            return
        order, state = self._dice.choice(found)
        body = self._answer_to(order, state)
        if body is None:
            return
        with suppress(PaymentsStopped), county.store.write() as connection:
            scribe = Scribe(county.store, connection, county.keys, county.chance)
            saying = Saying(body, entity=order)
            scribe.say(station, [saying], by="purchaser", at=county.clock.now_ms())
            scribe.seal()

    def held(self, county: County, station: str) -> list[tuple[str, Order]]:
        """Return the orders of a station as the county holds them; none where nobody orders."""
        if not self._orders:
            return []
        states = county.store.tables.states
        with county.store.read() as connection:
            rows = connection.execute(
                select(states.c.entity, states.c.data)
                .where(states.c.kind == "order", states.c.station == station)
                .order_by(states.c.entity)
            ).fetchall()
        found = [(str(entity), msgspec.json.decode(data, type=Order)) for entity, data in rows]
        return [(entity, order) for entity, order in found if order.founder]

    def _answer_to(self, order: str, state: Order) -> Body | None:
        """Return what a purchaser says next; at any moment she may call it off."""
        if state.status == PICKED_UP and state.claim_fen >= 0 and state.asked_fen:
            return OrderReturnAgreed(
                answers=order, refund_fen=state.asked_fen, claim_fen=state.claim_fen, day=DAY
            )
        if state.status not in ("placed", "accepted", "bought", "shipped"):
            return None
        if self._dice.random() < 0.06:
            return OrderCancellationAgreed(
                answers=order, cost_fen=0, from_here_fen=state.held_here_fen,
                from_county_fen=state.held_county_fen, day=DAY,
            )  # fmt: skip
        if state.status == "placed":
            return OrderAccepted(answers=order, day=DAY)
        if state.quote_fen:
            return None  # she waits for the villager's word
        if state.status == "accepted" and self._dice.random() < 0.4:
            return OrderQuotedHigher(answers=order, goods_fen=state.goods_fen + 300, day=DAY)
        if state.status == "accepted":
            return OrderBought(
                answers=order, platform="京东", number="42", goods_fen=state.goods_fen, day=DAY
            )
        self._waybills += 1
        waybill = f"7388{self._waybills:010}"
        return OrderShipped(answers=order, courier="ZTO", waybill=waybill, day=DAY)
