"""Two PCs of one station as they really are: premises on disk that hear each other on demand."""

import itertools
from pathlib import Path
from typing import Any

from station_app.journal.fact import Fact, Saying, Told, is_from_county
from station_app.journal.log import FactLog
from station_app.journal.recorder import new_ticket
from station_app.ledger.accounts import part
from station_app.ledger.balances import balance
from station_app.premises import Enrolment, Premises, keep_enrolment, open_database
from station_app.printing.document import to_json
from station_app.services.accounts import records
from station_app.services.accounts.commands import PayRefund, PrintAccountSlip
from station_app.services.bills.facts import BillFailed, BillTaken
from station_app.services.cash.commands import GivePayment, OpenShift
from station_app.services.cash.facts import Count, PaymentTaken, Tender
from station_app.services.cash.papers import PaperMaker
from station_app.services.parcels.commands import ShelveParcel
from station_app.services.parcels.facts import ParcelLost
from station_app.services.people import records as people
from station_app.services.people.commands import RegisterOperator
from station_app.shell.desk import Done, Outcome
from station_app.values.refusal import Refusal
from tests.proofs.kit import KEY, MORNING_MS, STATION, SetClock, furnish, open_furnished

MINUTE_MS = 60_000


class Pc:
    """One PC: real premises, a clock that a test sets."""

    def __init__(self, folder: Path, number: int, *, people: int = 12) -> None:
        furnish(folder, people=people)
        connection = open_database(folder, KEY)
        connection.execute("BEGIN IMMEDIATE")
        keep_enrolment(
            connection,
            Enrolment(
                station=STATION, device=f"D{number}", slot=number - 1, county="NX0000",
                county_url="http://127.0.0.1:1", county_key="00" * 32,
            ),
        )  # fmt: skip
        connection.execute("COMMIT")
        connection.close()
        self.clock = SetClock(MORNING_MS + number * MINUTE_MS)
        self.folder = folder
        self._number = number
        self._starts = itertools.count(number * 17)
        self._start()

    def _start(self) -> None:
        self.premises: Premises = open_furnished(
            self.folder, seed=next(self._starts), clock=self.clock
        )
        self.premises.signed_in.come("", is_manager=True)

    def restart(self) -> None:
        """End the program and start it again: a new stream."""
        self.premises.close()
        self._start()

    @property
    def connection(self) -> Any:
        return self.premises.session.connection

    def close(self) -> None:
        self.premises.close()

    # --- Acts ---

    def ask(self, *commands: Any, ticket: str = "") -> Outcome:
        self.clock.at_ms += 1_000
        ticket = ticket or new_ticket(self.premises.chance)
        return self.premises.desk.settle(*commands, ticket=ticket)

    def do(self, *commands: Any) -> Done:
        outcome = self.ask(*commands)
        assert isinstance(outcome, Done), outcome
        return outcome

    def no(self, *commands: Any) -> Refusal:
        outcome = self.ask(*commands)
        assert isinstance(outcome, Refusal), outcome
        words = self.premises.texts.say(outcome.text_key, **outcome.slots)
        assert "{" not in words
        return outcome

    def hire(self, *names: str) -> None:
        """Let people work here; the first is the manager and signs in."""
        for number, name in enumerate(names):
            role = "operator" if number else "manager"
            done = self.do(RegisterOperator(name=name, role=role))
            if not number:
                self.premises.signed_in.come(done.told[0].identity, is_manager=True)

    def is_operator(self) -> None:
        """Somebody who is no manager signs in."""
        self.premises.signed_in.come("", is_manager=False)

    def open_shift(self, fen: int = 30_000) -> None:
        counts = (Count(10_000, fen // 10_000),)
        day = self.premises.desk.now().day
        self.do(OpenShift(counts=counts, reason="float", day=day))

    def open_shift_as_last(self) -> None:
        self.do(OpenShift(as_last=True, day=self.premises.desk.now().day))

    def correction_again(self, act: str) -> str:
        """Return the slip of a correction as a copy of it would be."""
        maker = PaperMaker(self.premises.texts, people.operator_name)
        document = maker.correction_again(self.connection, act)
        assert document is not None
        return to_json(document)

    def person(self, number: int = 0) -> str:
        return people.find(self.connection, f"1540000{6000 + number}")[0].identity

    def owe_back(self, fen: int, *, person: int = 0) -> str:
        """A parcel of somebody is lost, and the station pays for it; returns the refund's key."""
        shelved = self.do(ShelveParcel(waybill="", courier="ZTO", person=self.person(person)))
        parcel = shelved.told[0].identity
        body = ParcelLost(
            courier="ZTO", compensation_fen=fen, payee="receiver",
            day=self.premises.desk.now().day,
        )  # fmt: skip

        def say(recorder: Any) -> None:
            act = recorder.open_act(new_ticket(self.premises.chance), by="", at=self.clock.at_ms)
            act.say(Saying(body, entity=parcel))
            act.close()

        self.premises.session.write(say)
        return part(parcel)

    def owe_back_a_bill(self, fen: int, *, slip: int) -> str:
        """A bill that was taken with a paper fails at the county; returns the refund's key."""
        day = self.premises.desk.now().day
        bill = BillTaken(
            biller="POWER", person=self.person(), policy="queue", amount_fen=fen, fee_fen=0,
            due_day="", slip=slip, day=day,
        )  # fmt: skip
        paid = PaymentTaken(
            due_fen=fen, tenders=(Tender(way="bank", amount_fen=fen),), change_fen=0,
            round_off_fen=0, shift="", day=day,
        )  # fmt: skip
        found: list[Told] = []

        def say(recorder: Any) -> None:
            act = recorder.open_act(new_ticket(self.premises.chance), by="", at=self.clock.at_ms)
            found.extend(act.say(Saying(bill), Saying(paid)))
            act.close()
            act = recorder.open_act(new_ticket(self.premises.chance), by="", at=self.clock.at_ms)
            failed = BillFailed(
                answers=found[0].identity, amount_fen=fen, fee_fen=0, reason="ACCOUNT_CLOSED",
                day=day,
            )  # fmt: skip
            act.say(Saying(failed, entity=found[0].identity))
            act.close()

        self.premises.session.write(say)
        return part(found[0].identity)

    def pay_back(self, key: str, fen: int, **more: Any) -> Outcome:
        """Ask to pay a refund out in cash, with its slip."""
        remark = more.pop("lent_because", "")
        ticket = new_ticket(self.premises.chance)
        return self.ask(
            PayRefund(document=key, amount_fen=fen, **more),
            GivePayment(due_fen=fen, tenders=(Tender(way="cash", amount_fen=fen),), remark=remark),
            PrintAccountSlip(act=ticket),
            ticket=ticket,
        )

    def hears(self, other: "Pc") -> None:
        """Take everything that the other PC has written."""
        log = FactLog(other.connection)
        for head in log.heads():
            if not is_from_county(head.stream):
                self._take(list(log.all_of(head.stream)))

    def _take(self, facts: list[Fact]) -> None:
        self.premises.session.write(lambda recorder: recorder.take(facts))

    # --- What it holds ---

    def balance(self, account: str) -> int:
        return balance(self.connection, account)

    def twice(self) -> tuple[records.PaidTwice, ...]:
        return records.paid_twice(self.connection)

    def papers(self) -> list[str]:
        rows = self.connection.execute(
            "SELECT document FROM print_jobs WHERE role = 'receipt' ORDER BY job"
        )
        return [row[0] for row in rows]


def accepted(outcome: Outcome) -> Done:
    assert isinstance(outcome, Done), outcome
    return outcome


def refused(outcome: Outcome) -> str:
    assert isinstance(outcome, Refusal), outcome
    return outcome.reason.partition(".")[2]
