"""A station that takes bills in, and a county whose answers a test says."""

from typing import Any

import msgspec

from county_server.master import Known, Plan, plan
from station_app.journal.fact import Saying
from station_app.journal.recorder import new_ticket
from station_app.reference.facts import BillerPublished
from station_app.resources_dir import resources
from station_app.services.bills.commands import PrintBillSlip, TakeBill
from station_app.services.bills.facts import BillFailed, BillPaid, BillReversed
from station_app.services.cash.commands import TakePayment
from station_app.services.cash.facts import Tender
from station_app.shell.desk import Done, Outcome
from station_app.values.refusal import Refusal
from tests.services.county_words import say_from_county

ELEC, PHONE, GAS, RURAL, OFF, SCHOOL = "ELEC", "MOB_CM", "GAS", "WATER_R", "POSTSAVE", "SCHOOL"
ACCOUNT = "0000000017"
PUBLISHED = "2026-11-01"


def demo_billers() -> dict[str, BillerPublished]:
    """The billers of the demo county, by code."""
    made = plan(resources() / "demo", Known(), day=PUBLISHED)
    assert isinstance(made, Plan)
    return {s.body.code: s.body for s in made.steps if isinstance(s.body, BillerPublished)}


class Bills:
    """Takes bills in by commands at a PC, or at a station with its window."""

    def __init__(self, pc: Any) -> None:
        """pc: of `tests.services.accounts.pcs`, or a station of the overview."""
        self.pc = pc

    @property
    def connection(self) -> Any:
        return self.pc.connection

    @property
    def today(self) -> str:
        return str(self.pc.premises.desk.now().day)

    def county_says(self, *sayings: Saying) -> str:
        """Let the county say something to this station; returns the identity of the first."""
        return say_from_county(self.pc, *sayings)

    def publish(self, *codes: str, **changed: Any) -> None:
        """The county publishes billers, all of the demo if none is named."""
        billers = demo_billers()
        self.county_says(
            *(
                Saying(msgspec.structs.replace(billers[code], **changed))
                for code in codes or tuple(billers)
            )
        )

    def heard(self, outcome: str = "sent", ago_ms: int = 0) -> None:
        """The line to the county was tried, with this outcome."""

        def work(recorder: Any) -> None:
            recorder.connection.execute(
                "INSERT INTO sync_attempts(at, outcome, facts_up, facts_down) VALUES (?, ?, 0, 0)",
                (self.pc.clock.at_ms - ago_ms, outcome),
            )

        self.pc.premises.session.write(work)

    def take(self, fen: int = 10_000, *, fee_fen: int = 0, biller: str = ELEC,
             account: str = ACCOUNT, **more: Any) -> Outcome:  # fmt: skip
        """Ask to take a bill in, paid in cash."""
        self.pc.clock.at_ms += 1_000
        ticket = new_ticket(self.pc.premises.chance)
        due_fen = fen + fee_fen
        return self.pc.premises.desk.settle(
            TakeBill(biller=biller, account_no=account, amount_fen=fen, **more),
            TakePayment(due_fen=due_fen, tenders=(Tender(way="cash", amount_fen=due_fen),)),
            PrintBillSlip(act=ticket),
            ticket=ticket,
        )

    def taken(self, fen: int = 10_000, **more: Any) -> str:
        """Take a bill in; returns its identity."""
        done = self.take(fen, **more)
        assert isinstance(done, Done), done
        return str(done.told[0].identity)

    def offer(self, bill: str) -> None:
        """The bill is handed to the line: from now on the county may act on it."""

        def work(recorder: Any) -> None:
            recorder.connection.execute(
                "INSERT OR IGNORE INTO offered(stream, act) "
                "SELECT stream, act FROM facts WHERE identity = ?",
                (bill,),
            )

        self.pc.premises.session.write(work)

    def paid(self, bill: str, fen: int = 10_000, fee_fen: int = 0,
             number: str = "2026112309000001") -> str:  # fmt: skip
        """The county says that the biller has it."""
        body = BillPaid(
            answers=bill, amount_fen=fen, fee_fen=fee_fen, number=number, day=self.today
        )
        return self.county_says(Saying(body, entity=bill))

    def failed(self, bill: str, fen: int = 10_000, fee_fen: int = 0,
               reason: str = "account_closed") -> str:  # fmt: skip
        """The county says that it could not be paid."""
        body = BillFailed(
            answers=bill, amount_fen=fen, fee_fen=fee_fen, reason=reason, day=self.today
        )
        return self.county_says(Saying(body, entity=bill))

    def sent_back(self, bill: str, fen: int = 10_000, fee_fen: int = 0) -> str:
        """The biller sent it back after it had been paid."""
        body = BillReversed(
            answers=bill, amount_fen=fen, fee_fen=fee_fen, reason="biller_refused", day=self.today
        )
        return self.county_says(Saying(body, entity=bill))


def refused(outcome: Outcome) -> str:
    """Return why, without the name of the slice."""
    assert isinstance(outcome, Refusal), outcome
    return outcome.reason.partition(".")[2]
