"""A counter that orders for villagers, and what the county says to it."""

from typing import Any

import msgspec

from station_app.journal.fact import Body, Private, canonical, seal
from station_app.journal.recorder import new_ticket
from station_app.reference import goods_records
from station_app.reference.facts import OrderTermsPublished
from station_app.services.cash.commands import TakePayment
from station_app.services.cash.facts import Tender
from station_app.services.purchasing import records
from station_app.services.purchasing.commands import PlaceOrder, PrintOrderSlip
from station_app.services.purchasing.facts import OrderLine
from station_app.services.purchasing.rules import Order
from station_app.shell.desk import Done, Outcome
from station_app.values.refusal import Refusal
from tests.proofs.kit import STATION
from tests.services.sales.store import DAY, product

SOAP, RICE, POISON = "P0010", "P0001", "P0103"
SOAP_CODE = "9524113000104"
FREE: dict[str, Any] = {"product": "", "pieces": 1, "price_fen": 18_000, "ceiling_fen": 20_000}


def terms(**more: Any) -> OrderTermsPublished:
    """The terms of the county: 2 %, ¥1 to ¥5; 30 % beforehand; asked beyond 5 %."""
    values: dict[str, Any] = {
        "code": "all", "fee_bp": 200, "fee_min_fen": 100, "fee_max_fen": 500,
        "prepayment_bp": 3_000, "quote_bp": 500, "day": DAY,
    }  # fmt: skip
    return OrderTermsPublished(**{**values, **more})


class OrderDesk:
    """Places orders by commands. pc: of `tests.services.accounts.pcs`, or of the overview."""

    def __init__(self, pc: Any) -> None:
        self.pc = pc
        self._heard, self._head = 0, ""

    @property
    def connection(self) -> Any:
        return self.pc.connection

    def hear(self, *bodies: Body, entity: str = "", said: Private | None = None) -> str:
        """Take what the county has said to this station in a stream of its own; the last one."""
        facts = []
        part = canonical(msgspec.structs.replace(said, salt="AAAAAAAAAAAAAAAA")) if said else None
        for body in bodies:
            self._heard += 1
            fact = seal(
                canonical(body), part, stream=f"county.1/{STATION}", seq=self._heard,
                act="COUNTYAAAAAAAAAA", at=self.pc.clock.at_ms, kind=body.KIND, v=body.VERSION,
                entity=entity, by="", prev=self._head,
            )  # fmt: skip
            self._head = fact.identity
            facts.append(fact)
        self.pc.clock.at_ms += 1_000
        self.pc.premises.session.write(lambda recorder: recorder.take(facts))
        return self._head

    def catalogue(self) -> None:
        """What the county publishes."""
        self.hear(
            terms(),
            product(RICE, "9524113000012", "东北大米", prepayment_bp=10_000, platform="自营"),
            product(SOAP, SOAP_CODE, "雕牌洗衣粉", initials="dpxyf", spec="2.2公斤×2袋",
                    price_fen=2_580, prepayment_bp=3_000, platform="京东", eta_days=3),
            product(POISON, "9524113001033", "杀虫剂", initials="scj", policy="blocked",
                    remark="持证经营类，不得代购"),
        )  # fmt: skip

    # --- Acts ------------------------------------------------------------------------------------

    def line(self, code: str = SOAP, pieces: int = 1, **more: Any) -> OrderLine:
        row = goods_records.product(self.connection, code)
        assert row is not None
        fen = records.price_of(row, self.pc.premises.desk.now().day) * pieces
        values = {"product": code, "pieces": pieces, "price_fen": fen, "ceiling_fen": fen}
        return OrderLine(**{**values, **more})

    def asking(self, *lines: OrderLine, **more: Any) -> PlaceOrder:
        """What the page would ask for these lines, all of it paid beforehand."""
        goods_fen = sum(line.price_fen for line in lines)
        fee_fen = goods_records.order_terms(self.connection, DAY).fee_fen(goods_fen)
        values: dict[str, Any] = {
            "person": more.get("person") or self.pc.person(0),
            "lines": lines, "items": ("洗衣粉",) * len(lines),
            "goods_fen": goods_fen, "fee_fen": fee_fen, "prepaid_fen": goods_fen + fee_fen,
        }  # fmt: skip
        return PlaceOrder(**{**values, **more})

    def ask(self, *commands: Any, ticket: str = "") -> Outcome:
        self.pc.clock.at_ms += 1_000
        ticket = ticket or new_ticket(self.pc.premises.chance)
        return self.pc.premises.desk.settle(*commands, ticket=ticket)

    def try_order(self, *lines: OrderLine, **more: Any) -> Outcome:
        command = self.asking(*lines, **more)
        fen = command.prepaid_fen
        paid: list[Any] = []
        ticket = new_ticket(self.pc.premises.chance)
        if fen > 0:
            tender = Tender(way="cash", amount_fen=fen)
            paid = [TakePayment(due_fen=fen, tenders=(tender,)), PrintOrderSlip(act=ticket)]
        return self.ask(command, *paid, ticket=ticket)

    def order(self, *lines: OrderLine, **more: Any) -> str:
        """Place an order; returns its identity."""
        done = self.try_order(*(lines or (self.line(),)), **more)
        assert isinstance(done, Done), done
        return done.told[0].identity

    def no(self, *lines: OrderLine, **more: Any) -> str:
        """Ask for an order that is refused; returns the sentence."""
        outcome = self.try_order(*lines, **more)
        assert isinstance(outcome, Refusal), outcome
        words: str = self.pc.premises.texts.say(outcome.text_key, **outcome.slots)
        assert "{" not in words
        return words

    # --- What it holds ---------------------------------------------------------------------------

    def state(self, order: str) -> Order:
        state = records.order_state(self.connection, order)
        assert state is not None
        return state

    def papers(self) -> list[str]:
        rows = self.connection.execute(
            "SELECT document FROM print_jobs WHERE role = 'receipt' ORDER BY job"
        )
        return [row[0] for row in rows]
