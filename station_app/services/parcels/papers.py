"""From what is on disk to paper: collects what a label or a slip says.

The same two functions make the first print, within the act, and every copy after it, so a copy
cannot say anything else.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from station_app.journal.fact import Told, station_of
from station_app.journal.log import Connection
from station_app.journal.series import printed_number
from station_app.printing.tops import Paid
from station_app.reference import records as reference
from station_app.services.cash.facts import PaymentTaken
from station_app.services.parcels import documents, records
from station_app.services.parcels.commands import PrintSlip
from station_app.services.parcels.facts import ParcelHandedOver
from station_app.services.parcels.gathering import Gatherer
from station_app.services.parcels.records import FactRow
from station_app.services.parcels.visits import Parcel
from station_app.shell.desk import Paper
from station_app.values.now import Now
from station_app.values.texts import Texts


class PaperMaker:
    """Makes the papers of this slice."""

    def __init__(self, gatherer: Gatherer, texts: Texts) -> None:
        """Name receivers by the register of `gatherer`, in the words of `texts`."""
        self._gatherer = gatherer
        self._texts = texts

    def labels(
        self, connection: Connection, _command: Any, told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Return a label for each parcel that was shelved, moved or filed anew."""
        return [
            paper for fact in told if (paper := self.label(connection, fact.subject)) is not None
        ]

    def label(self, connection: Connection, parcel: str) -> Paper | None:
        """Return the label of a parcel as it stands now; None if there is no such parcel."""
        state = records.parcel_state(connection, parcel)
        if state is None or not state.status:
            return None
        courier = reference.courier(connection, state.courier)
        document = documents.label(
            records.root_of(connection, parcel),
            state,
            self._receiving(connection, state),
            documents.Sticker(courier=courier.short_name if courier else state.courier),
            self._texts,
        )
        return Paper("label", document, self._whose(state, parcel))

    def slip(
        self, connection: Connection, command: PrintSlip, _told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Return the slip of the hand-over that is being recorded."""
        paper = self.slip_again(connection, command.act)
        return [paper] if paper else []

    def slip_again(self, connection: Connection, act: str) -> Paper | None:
        """Return the slip of an act that is or was recorded here; None if it has none."""
        return self._slip_of(connection, act, records.facts_of_act(connection, act))

    def _slip_of(self, connection: Connection, act: str, facts: Sequence[FactRow]) -> Paper | None:
        handed = [
            (
                records.root_of(connection, fact.subject),
                msgspec.json.decode(fact.body, type=ParcelHandedOver),
            )
            for fact in facts
            if fact.kind == ParcelHandedOver.KIND
        ]
        if not handed:
            return None
        parcel, first = handed[0]
        state = records.parcel_state(connection, parcel)
        assert state is not None
        head = reference.letterhead(connection, station_of(facts[0].stream), self._texts)
        said = documents.HandOverSlip(
            act=act,
            station=head.station,
            address=head.address,
            proof=facts[0].identity,
            number=printed_number(first.slip, facts[0].stream),
            day=first.day,
            at=facts[0].at,
            operator=self._gatherer.people.operator_name(connection, facts[0].by),
            receiver=self._receiving(connection, state),
            taken_by=first.taken_by,
            check=first.check,
            collector=state.collector,
            relation=state.relation,
            lines=tuple(self._line(connection, one, body) for one, body in handed),
            paid=_payment(facts),
        )
        whose = tuple(w for one, _ in handed for w in self._of(connection, one))
        return Paper("receipt", documents.hand_over_slip(said, self._texts), whose)

    def _line(
        self, connection: Connection, parcel: str, body: ParcelHandedOver
    ) -> documents.SlipLine:
        state = records.parcel_state(connection, parcel)
        assert state is not None
        courier = reference.courier(connection, body.courier)
        return documents.SlipLine(
            code=str(state.code),
            courier=courier.short_name if courier else body.courier,
            waybill=state.waybill,
            cod_fen=body.cod_fen,
            freight_fen=body.freight_fen,
        )

    def _receiving(self, connection: Connection, state: Parcel) -> documents.Receiving:
        person = self._gatherer.people.person(connection, state.person) if state.person else None
        if person is not None:
            return documents.Receiving(name=person.name, tail=person.tail)
        return documents.Receiving(name=state.name, tail=state.tail)

    def _of(self, connection: Connection, parcel: str) -> tuple[str, ...]:
        state = records.parcel_state(connection, parcel)
        return self._whose(state, parcel) if state else ()

    def _whose(self, state: Parcel, parcel: str) -> tuple[str, ...]:
        """Return of whom a paper speaks: a person, or the fact that holds the label's words."""
        return (state.person,) if state.person else (parcel,)


def _payment(facts: Sequence[FactRow]) -> Paid:
    """Return how the act was paid; nothing for an act without money."""
    for fact in facts:
        if fact.kind == PaymentTaken.KIND:
            body = msgspec.json.decode(fact.body, type=PaymentTaken)
            return Paid(
                tenders=tuple((tender.way, tender.amount_fen) for tender in body.tenders),
                change_fen=body.change_fen,
                round_off_fen=body.round_off_fen,
            )
    return Paid()
