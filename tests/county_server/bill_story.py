"""A station that takes bills in, said fact by fact at a real PC, for the county's bills desk."""

from dataclasses import dataclass
from typing import Any

from station_app.journal.fact import Fact, Saying
from station_app.ledger.accounts import part
from station_app.services.accounts.facts import RefundPaid
from station_app.services.bills.facts import BillCancellationAsked, BillDetails, BillTaken
from station_app.services.cash.facts import PaymentGiven, PaymentTaken, Tender
from tests.services.bills.desk import demo_billers
from tests.sync.stand import DAY

ACCOUNT = "0000000017"
NUMBER = "2026112309000001"


@dataclass
class BillTill:
    """A counter that takes bills in. pc: of `tests.sync.stand`."""

    pc: Any
    number: int = 0

    def take(
        self, fen: int = 12_000, *, account: str = ACCOUNT, biller: str = "ELEC",
        due: str = "2026-11-28", fee_fen: int = 0,
    ) -> Fact:  # fmt: skip
        """Take one in, paid in cash."""
        self.number += 1
        taken = BillTaken(
            biller=biller, person="", policy="queue", amount_fen=fen, fee_fen=fee_fen,
            due_day=due, slip=self.number, day=DAY,
        )  # fmt: skip
        whole_fen = fen + fee_fen
        paid = PaymentTaken(
            due_fen=whole_fen, tenders=(Tender(way="cash", amount_fen=whole_fen),), change_fen=0,
            round_off_fen=0, shift="", day=DAY,
        )  # fmt: skip
        details = BillDetails(account_no=account, holder="谢示玲")
        fact: Fact = self.pc.say(Saying(taken, details), Saying(paid)).facts[0]
        return fact

    def ask_back(self, bill: Fact) -> None:
        """The villager wants it back."""
        self.pc.say(Saying(BillCancellationAsked(day=DAY), entity=bill.identity))

    def give_back(self, bill: Fact, fen: int) -> None:
        """Give the villager back what was not paid."""
        given = PaymentGiven(
            due_fen=fen, tenders=(Tender(way="cash", amount_fen=fen),), shift="", day=DAY
        )
        paid = RefundPaid(
            document=part(bill.identity), amount_fen=fen, home="D1", permission="home",
            slip_taken=1, slip=1, day=DAY,
        )  # fmt: skip
        self.pc.say(Saying(paid), Saying(given))


def billers() -> list[Saying]:
    """What the county publishes of the demo's billers."""
    return [Saying(body) for body in demo_billers().values()]
