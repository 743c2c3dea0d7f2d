"""A station that orders for villagers, said fact by fact at a real PC, for the purchasing desk."""

from dataclasses import dataclass
from typing import Any

from station_app.journal.fact import Fact, Saying
from station_app.services.cash.facts import PaymentTaken, Tender
from station_app.services.purchasing.facts import (
    OrderCancellationAsked,
    OrderLine,
    OrderPickedUp,
    OrderPlaced,
    OrderRemark,
    OrderReturned,
    OrderWords,
    QuoteAnswered,
)
from tests.services.sales.store import product
from tests.sync.stand import DAY

SOAP, POISON = "P0010", "P0103"


@dataclass
class OrderTill:
    """A counter that orders. pc: of `tests.sync.stand`."""

    pc: Any
    number: int = 0

    def place(
        self, fen: int = 2_580, *, code: str = SOAP, ceiling_fen: int = 2_709,
        prepaid_fen: int = 800, words: str = "雕牌洗衣粉", pieces: int = 1,
    ) -> Fact:  # fmt: skip
        """Order something, a part paid beforehand in cash."""
        said = self.sayings(
            fen, code=code, ceiling_fen=ceiling_fen, prepaid_fen=prepaid_fen, words=words,
            pieces=pieces,
        )  # fmt: skip
        fact: Fact = self.pc.say(*said).facts[0]
        return fact

    def sayings(
        self, fen: int, *, code: str, ceiling_fen: int, prepaid_fen: int, words: str,
        pieces: int = 1,
    ) -> list[Saying]:  # fmt: skip
        """What is said when something is ordered."""
        self.number += 1
        line = OrderLine(product=code, pieces=pieces, price_fen=fen, ceiling_fen=ceiling_fen)
        body = OrderPlaced(
            person="", collector="", lines=(line,), goods_fen=fen, fee_fen=100,
            prepaid_fen=prepaid_fen, replaces="", slip=self.number, day=DAY,
        )  # fmt: skip
        paid = self._paid(prepaid_fen)
        said = Saying(body, OrderWords(items=(words,), link="https://item.jd.com/1.html"))
        return [said, *paid]

    def _paid(self, fen: int) -> list[Saying]:
        if not fen:
            return []
        tenders = (Tender(way="cash", amount_fen=fen),)
        body = PaymentTaken(
            due_fen=fen, tenders=tenders, change_fen=0, round_off_fen=0, shift="", day=DAY
        )
        return [Saying(body)]

    def say(self, order: Fact, *bodies: Any, paid_fen: int = 0) -> Fact:
        """Say what happens to an order."""
        sayings = [Saying(body, entity=order.identity) for body in bodies]
        fact: Fact = self.pc.say(*sayings, *self._paid(paid_fen)).facts[0]
        return fact

    def agree(self, order: Fact, quote: str) -> None:
        """The villager agrees to a higher price."""
        self.say(order, QuoteAnswered(quote=quote, answer="yes", way="phone", day=DAY))

    def ask_back(self, order: Fact, cost_fen: int = 0, words: str = "") -> None:
        """The villager wants out, or something else."""
        consent = "phone" if cost_fen else ""
        body = OrderCancellationAsked(consent=consent, cost_fen_max=cost_fen, day=DAY)
        self.pc.say(Saying(body, OrderRemark(remark=words), entity=order.identity))

    def fetch(self, order: Fact, goods_fen: int, balance_fen: int, held_fen: int) -> None:
        """She fetches it and pays the balance."""
        body = OrderPickedUp(
            balance_fen=balance_fen, goods_fen=goods_fen, fee_fen=100,
            from_here_fen=held_fen + balance_fen, from_county_fen=0, taken_by="self",
            check="phone_tail", slip=9, day=DAY,
        )  # fmt: skip
        self.say(order, body, paid_fen=balance_fen)

    def bring_back(self, order: Fact, refund_fen: int, claim_fen: int) -> None:
        """Goods come back; the station gives a part at once."""
        body = OrderReturned(
            reason="damaged", refund_fen=refund_fen, claim_fen=claim_fen, pieces=1, slip=10,
            day=DAY,
        )  # fmt: skip
        self.say(order, body)


def catalogue() -> list[Saying]:
    """What the county publishes."""
    return [
        Saying(product(SOAP, "", "雕牌洗衣粉", spec="2.2公斤", price_fen=2_580, platform="京东")),
        Saying(product(POISON, "", "杀虫剂", policy="blocked", remark="持证经营类")),
    ]
