"""From what is on disk to paper: collects what a slip of this slice says.

The first print, made within the act, and every copy after it come from here.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from station_app.journal.fact import Told, station_of
from station_app.journal.log import Connection
from station_app.journal.series import printed_number
from station_app.ledger import paid_acts
from station_app.ledger.paid_acts import FactRow, facts_of_act
from station_app.printing.document import Receipt
from station_app.printing.tops import Paid
from station_app.reference import records as reference
from station_app.services.accounts import documents, records
from station_app.services.accounts.commands import PrintAccountSlip, SettleDebit
from station_app.services.accounts.facts import AccountRepaid, DebitSettled, RefundPaid
from station_app.services.accounts.records import People
from station_app.services.cash.facts import PaymentGiven, PaymentTaken
from station_app.shell.desk import Paper
from station_app.values.day import say_moment
from station_app.values.now import Now
from station_app.values.texts import Texts

_BODIES: dict[str, Any] = {body.KIND: body for body in (AccountRepaid, RefundPaid, DebitSettled)}


class PaperMaker:
    """Makes the slips of this slice."""

    def __init__(self, people: People, texts: Texts) -> None:
        """Name people by the register, in the words of `texts`."""
        self._people = people
        self._texts = texts

    def slip(
        self,
        connection: Connection,
        command: PrintAccountSlip,
        _told: Sequence[Told],
        _now: Now,
    ) -> Sequence[Paper]:
        """Return the slip of the act that is being recorded."""
        paper = self.slip_again(connection, command.act)
        return [paper] if paper else []

    def for_settling(
        self, connection: Connection, command: SettleDebit, told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Return the slip of a settlement without money; with money it comes with the payment."""
        if command.how == "brought_back":
            return []
        facts = [f for one in told if (f := paid_acts.fact(connection, one.identity))]
        paper = self._of_facts(connection, facts)
        return [paper] if paper else []

    def slip_again(self, connection: Connection, act: str) -> Paper | None:
        """Return the slip of an act; None if it has none."""
        return self._of_facts(connection, facts_of_act(connection, act))

    def _of_facts(self, connection: Connection, facts: Sequence[FactRow]) -> Paper | None:
        main = next((fact for fact in facts if fact.kind in _BODIES), None)
        if main is None:
            return None
        body = msgspec.json.decode(main.body, type=_BODIES[main.kind])
        paid = _paid(facts)
        person = self._person_of(connection, body)
        top = self._top(connection, main, body.slip, person)
        return Paper("receipt", self._document(connection, body, top, paid), _named(person))

    def _document(
        self, connection: Connection, body: Any, top: documents.Top, paid: Paid
    ) -> Receipt:
        texts = self._texts
        if isinstance(body, AccountRepaid) and body.amount_fen < 0:
            back = documents.PaidOut(
                top=top,
                what=texts.say("accounts.slip.overpaid"),
                number="",
                amount_fen=-body.amount_fen,
                paid=paid,
            )
            return documents.paid_out_slip(back, texts)
        if isinstance(body, AccountRepaid):
            said = documents.Repaid(
                top=top, owed_fen=body.owed_fen, amount_fen=body.amount_fen, paid=paid
            )
            return documents.repaid_slip(said, texts)
        if isinstance(body, RefundPaid):
            row = records.refund_row(connection, body.document, 0)
            out = documents.PaidOut(
                top=top,
                what=self.what(row.kind),
                number=row.number,
                amount_fen=body.amount_fen,
                paid=paid,
                slip_taken=bool(body.slip_taken),
            )
            return documents.paid_out_slip(out, texts)
        settled = documents.Settled(
            top=top,
            purse=self.purse(connection, body.account),
            amount_fen=body.amount_fen,
            how=body.how,
            paid=paid,
        )
        return documents.settled_slip(settled, texts)

    def what(self, kind: str) -> str:
        """Return what a refund comes from, in words: 代购订单, 代收货款, 缴费."""
        group = kind.partition(".")[0]
        key = f"accounts.origin.{group}"
        return self._texts.say(key if self._texts.has(key) else "accounts.origin.other")

    def title(self, row: records.DueRefund) -> str:
        """Return what a refund comes from with the number on its paper: 缴费 NO.12-K7."""
        what = self.what(row.kind)
        if not row.number:
            return what
        return self._texts.say("accounts.refunds.what", what=what, number=row.number)

    def purse(self, connection: Connection, account: str) -> str:
        """Return a purse in words."""
        parts = account.split(":")
        if parts[1] == "RefundDue":
            return self.what(records.refund_row(connection, parts[2], 0).kind)
        courier = reference.courier(connection, parts[3]) if len(parts) > 3 else None
        owner = courier.short_name if courier else ""
        key = f"cash.purse.{parts[2]}"
        return self._texts.say_known(key, "cash.purse.Other", owner=owner).rstrip()

    def _person_of(self, connection: Connection, body: Any) -> str:
        if isinstance(body, RefundPaid):
            return records.refund_row(connection, body.document, 0).person
        return str(body.person)

    def _top(self, connection: Connection, main: FactRow, slip: int, person: str) -> documents.Top:
        station = station_of(main.stream)
        head = reference.letterhead(connection, station, self._texts)
        known = self._people.person(connection, person) if person else None
        return documents.Top(
            act=main.act,
            station=head.station,
            address=head.address,
            proof=main.identity,
            number=printed_number(slip, main.stream),
            when=say_moment(main.at, records.known(main.body).day),
            operator=self._people.operator_name(connection, main.by),
            name=known.name if known else "",
            tail=known.tail if known else "",
        )


def _named(person: str) -> tuple[str, ...]:
    return (person,) if person else ()


def _paid(facts: Sequence[FactRow]) -> Paid:
    for fact in facts:
        if fact.kind == PaymentTaken.KIND:
            taken = msgspec.json.decode(fact.body, type=PaymentTaken)
            return Paid(
                tenders=tuple((t.way, t.amount_fen) for t in taken.tenders),
                change_fen=taken.change_fen,
                round_off_fen=taken.round_off_fen,
            )
        if fact.kind == PaymentGiven.KIND:
            given = msgspec.json.decode(fact.body, type=PaymentGiven)
            return Paid(tenders=tuple((t.way, t.amount_fen) for t in given.tenders))
    return Paid()
