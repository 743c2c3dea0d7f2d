"""From what is on disk to paper: collects what the slips of sales and returns say.

The first print, made within the act, and every copy after it come from here.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from station_app.journal.fact import Body, Told, station_of
from station_app.journal.log import Connection
from station_app.journal.series import printed_number
from station_app.ledger.paid_acts import FactRow, facts_of_act
from station_app.ledger.rounding import GRAM
from station_app.reference import records as reference
from station_app.services.cash.facts import PaymentGiven, PaymentTaken
from station_app.services.consignment.facts import LotTakenBack
from station_app.services.sales import documents, slip_records
from station_app.services.sales.commands import PrintSaleSlip
from station_app.services.sales.facts import GoodsWeighed, SaleMade, SaleReturned
from station_app.services.sales.records import People
from station_app.services.sales.returning import SHELF
from station_app.shell.desk import Paper
from station_app.values.day import say_moment
from station_app.values.now import Now
from station_app.values.texts import Texts

B = TypeVar("B", bound=Body)


class PaperMaker:
    """Makes the slips of this slice."""

    def __init__(self, people: People, texts: Texts) -> None:
        """Name operators by the register, in the words of `texts`."""
        self._people = people
        self._texts = texts

    def slip(
        self, connection: Connection, command: PrintSaleSlip, _told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Return the slip of the act that is being recorded."""
        paper = self.slip_again(connection, command.act)
        return [paper] if paper else []

    def slip_again(self, connection: Connection, act: str) -> Paper | None:
        """Return the slip of an act; None if it has none."""
        facts = facts_of_act(connection, act)
        if any(fact.kind == SaleMade.KIND for fact in facts):
            document = documents.sale_slip(self._sale(connection, facts), self._texts)
            return Paper("receipt", document)
        if any(fact.kind == SaleReturned.KIND for fact in facts):
            document = documents.return_slip(self._return(connection, facts), self._texts)
            return Paper("receipt", document)
        return None

    def _sale(self, connection: Connection, facts: Sequence[FactRow]) -> documents.SaleSlip:
        sold = _bodies(facts, SaleMade)
        typed = {
            line.line
            for _, weighed in _bodies(facts, GoodsWeighed)
            for line in weighed.lines
            if line.how == "typed"
        }
        return documents.SaleSlip(
            top=self._top(connection, sold[0][0], sold[0][1].slip, sold[0][1].day),
            lines=tuple(
                self._sold(connection, body, typed=number in typed)
                for number, (_, body) in enumerate(sold, 1)
            ),
            paid=_paid(facts),
        )

    def _sold(self, connection: Connection, body: SaleMade, *, typed: bool) -> documents.SoldOnSlip:
        reason = self._texts.say(f"sales.discount.{body.reason}") if body.discount_fen else ""
        return documents.SoldOnSlip(
            name=slip_records.name_of_sold(connection, body),
            unit=body.unit,
            word=slip_records.word_of_piece(connection, body),
            quantity=body.quantity,
            price_fen=body.price_fen,
            amount_fen=body.amount_fen,
            discount_fen=body.discount_fen,
            reason=reason,
            typed=typed and body.unit == GRAM,
        )

    def _return(self, connection: Connection, facts: Sequence[FactRow]) -> documents.ReturnSlip:
        back = _bodies(facts, SaleReturned)
        first = back[0]
        act = slip_records.act_of_fact(connection, first[0].entity)
        slip = slip_records.slip_row(connection, act)
        reason = self._texts.say(f"sales.back_reason.{first[1].reason}")
        return documents.ReturnSlip(
            top=self._top(connection, first[0], first[1].slip, first[1].day),
            of=slip.number if slip else "",
            reason=reason,
            lines=tuple(self._back(connection, facts, fact, body) for fact, body in back),
            paid=_paid(facts),
        )

    def _back(
        self, connection: Connection, facts: Sequence[FactRow], fact: FactRow, body: SaleReturned
    ) -> documents.BackOnSlip:
        sale = slip_records.sale_state(connection, fact.entity)
        goods = [b for f, b in _bodies(facts, LotTakenBack) if f.seq == fact.seq + 1]
        return documents.BackOnSlip(
            name=slip_records.name_of_sold(connection, sale) if sale else "",
            unit=sale.unit if sale else GRAM,
            word=slip_records.word_of_piece(connection, sale) if sale else "",
            quantity=body.quantity,
            paid_fen=body.amount_fen - body.discount_fen - body.round_off_fen,
            into=goods[0].into if goods else SHELF,
        )

    def _top(self, connection: Connection, fact: FactRow, slip: int, day: str) -> documents.SlipTop:
        station = station_of(fact.stream)
        head = reference.letterhead(connection, station, self._texts)
        return documents.SlipTop(
            act=fact.act,
            station=head.station,
            address=head.address,
            proof=fact.identity,
            number=printed_number(slip, fact.stream),
            when=say_moment(fact.at, day),
            operator=self._people.operator_name(connection, fact.by),
        )


def _bodies(facts: Sequence[FactRow], body: type[B]) -> list[tuple[FactRow, B]]:
    return [
        (fact, msgspec.json.decode(fact.body, type=body))
        for fact in facts
        if fact.kind == body.KIND
    ]


def _paid(facts: Sequence[FactRow]) -> documents.PaidSo:
    for _, taken in _bodies(facts, PaymentTaken):
        return documents.PaidSo(
            tenders=_tenders(taken.tenders),
            change_fen=taken.change_fen,
            round_off_fen=taken.round_off_fen,
        )
    for _, given in _bodies(facts, PaymentGiven):
        return documents.PaidSo(tenders=_tenders(given.tenders))
    return documents.PaidSo()


def _tenders(tenders: Sequence[Any]) -> tuple[tuple[str, int], ...]:
    return tuple((tender.way, tender.amount_fen) for tender in tenders)
