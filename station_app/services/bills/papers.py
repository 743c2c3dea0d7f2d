"""From what is on disk to paper: the slip of a bill, its receipt, the board of prices.

The first print, made within the act, and every copy after it come from here.
"""

from collections.abc import Sequence

import msgspec

from station_app.journal.fact import Told, station_of
from station_app.journal.log import Connection
from station_app.journal.series import printed_number
from station_app.ledger.paid_acts import FactRow, fact, facts_of_act
from station_app.printing.document import Document, Receipt
from station_app.printing.tops import NOT_PAID, Paid, Top
from station_app.reference import biller_records
from station_app.reference import records as reference
from station_app.reference.billers import DISABLED
from station_app.reference.register import Register
from station_app.services.bills import documents, records
from station_app.services.bills.commands import PrintBillSlip
from station_app.services.bills.facts import BillTaken
from station_app.services.bills.rules import PAID, Bill
from station_app.services.cash.facts import PaymentTaken
from station_app.shell.desk import Paper
from station_app.values.day import say_day
from station_app.values.now import Now
from station_app.values.texts import Texts


class PaperMaker:
    """Makes the papers of this slice."""

    def __init__(self, people: Register, texts: Texts) -> None:
        """Name people by the register, in the words of `texts`."""
        self._people = people
        self._texts = texts

    def slip(
        self, connection: Connection, command: PrintBillSlip, _told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Return the slip of the act that is being recorded."""
        paper = self.slip_again(connection, command.act)
        return [paper] if paper else []

    def slip_again(self, connection: Connection, act: str) -> Paper | None:
        """Return the slip of an act that took a bill in; None if it took none."""
        facts = facts_of_act(connection, act)
        taken = next((one for one in facts if one.kind == BillTaken.KIND), None)
        state = records.bill_state(connection, taken.identity) if taken else None
        if taken is None or state is None:
            return None
        body = msgspec.json.decode(taken.body, type=BillTaken)
        said = documents.TakenSlip(
            top=self._top(connection, taken, state),
            biller=self.biller_name(connection, state),
            account_no=state.account_no,
            amount_fen=body.amount_fen,
            fee_fen=body.fee_fen,
            paid=_paid(facts),
            answer_by=self.answer_by(body.due_day, body.day),
        )
        return self._made(documents.taken_slip(said, self._texts), taken.identity, state)

    def receipt(self, connection: Connection, bill: str) -> tuple[Paper, str] | None:
        """Return the proof that a bill is paid, and the act that it belongs to; None before."""
        state = records.bill_state(connection, bill)
        founder = fact(connection, state.founder) if state else None
        if state is None or founder is None or state.status != PAID:
            return None
        said = documents.PaidSlip(
            top=self._top(connection, founder, state),
            biller=self.biller_name(connection, state),
            account_no=state.account_no,
            amount_fen=state.amount_fen,
            receipt=state.number,
            paid_day=say_day(state.answered_day, state.day),
            taken=printed_number(state.slip, founder.stream),
        )
        paper = self._made(documents.paid_slip(said, self._texts), bill, state)
        return paper, records.receipt_act(connection, state)

    def preview(self, said: documents.TakenSlip) -> Document:
        """Return the slip that would come out for what is typed so far."""
        return documents.taken_slip(said, self._texts)

    def board(self, connection: Connection, now: Now) -> Receipt:
        """Return the board of prices as it is today."""
        lines = [
            documents.BoardLine(
                name=terms.name,
                fee_fen=terms.fee_fen,
                how=self._texts.say(f"bills.board.how.{terms.policy}"),
            )
            for terms in biller_records.billers(connection, now.day)
            if terms.policy != DISABLED
        ]
        head = reference.letterhead(connection, now.station, self._texts)
        top = Top(
            station=head.station, address=head.address, act="", number="", day=now.day, at=now.at,
            operator=self._people.operator_name(connection, now.operator),
        )  # fmt: skip
        return documents.price_board(top, lines, self._texts)

    def biller_name(self, connection: Connection, state: Bill) -> str:
        """Return a biller by the rules of the day on which the bill was taken in."""
        terms = biller_records.biller(connection, state.biller, state.day)
        return terms.name if terms else state.biller

    def short_name(self, connection: Connection, state: Bill) -> str:
        """Return a biller as lists call it."""
        terms = biller_records.biller(connection, state.biller, state.day)
        return terms.short if terms else state.biller

    def answer_by(self, due_day: str, today: str) -> str:
        """Return until when the villager hears how it went, in words."""
        if not due_day:
            return ""
        return self._texts.say("bills.slip.by_hour", day=say_day(due_day, today))

    def _top(self, connection: Connection, founder: FactRow, state: Bill) -> Top:
        station = station_of(founder.stream)
        head = reference.letterhead(connection, station, self._texts)
        person = self._people.person(connection, state.person) if state.person else None
        return Top(
            station=head.station,
            address=head.address,
            act=founder.act,
            number=printed_number(state.slip, founder.stream),
            day=state.day,
            at=founder.at,
            operator=self._people.operator_name(connection, founder.by),
            name=person.name if person else state.holder,
            tail=person.tail if person else "",
            check=founder.identity,
        )

    def _made(self, document: Document, bill: str, state: Bill) -> Paper:
        return Paper("receipt", document, (state.person or bill,))


def _paid(facts: Sequence[FactRow]) -> Paid:
    for one in facts:
        if one.kind == PaymentTaken.KIND:
            taken = msgspec.json.decode(one.body, type=PaymentTaken)
            return Paid(
                tenders=tuple((tender.way, tender.amount_fen) for tender in taken.tenders),
                change_fen=taken.change_fen,
                round_off_fen=taken.round_off_fen,
            )
    return NOT_PAID
