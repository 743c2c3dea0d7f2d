"""From what is on disk to paper: the label on a parcel that is sent, and its sender's slip.

The first print, made within the act, and every copy after it come from here.
"""

from collections.abc import Sequence

import msgspec

from station_app.journal.fact import Told, station_of
from station_app.journal.log import Connection
from station_app.journal.series import printed_number
from station_app.ledger.paid_acts import FactRow, fact, facts_of_act
from station_app.printing.document import Document, Label
from station_app.printing.tops import NOT_PAID, Paid, Top
from station_app.reference import records as reference
from station_app.reference.register import Register
from station_app.services.cash.facts import PaymentTaken
from station_app.services.sending import documents, records
from station_app.services.sending.commands import FinishSending
from station_app.services.sending.rules import Sending
from station_app.shell.desk import Paper
from station_app.values.masks import TAIL
from station_app.values.now import Now
from station_app.values.texts import Texts

WAYBILL = "waybill"
PLACE_SIGNS = 10  # of an address on the slip: where it goes, not whose door


class PaperMaker:
    """Makes the papers of this slice."""

    def __init__(self, people: Register, texts: Texts) -> None:
        """Name people by the register, in the words of `texts`."""
        self._people = people
        self._texts = texts

    def of_act(
        self, connection: Connection, command: FinishSending, _told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Return label and slip of the act that is being recorded."""
        label = self.label_again(connection, command.act)
        slip = self.slip_again(connection, command.act)
        return [paper for paper in (label, slip) if paper is not None]

    def label_again(self, connection: Connection, act: str) -> Paper | None:
        """Return the label of the parcel that an act accepted; None if it accepted none."""
        found = self._found(connection, act)
        if found is None:
            return None
        founder, state = found
        by = self._people.operator_name(connection, founder.by)
        label = self.label(connection, state, station_of(founder.stream), by, founder.at)
        return Paper(WAYBILL, label, self._persons(founder, state))

    def label(
        self, connection: Connection, state: Sending, station: str, operator: str, at: int
    ) -> Label:
        """Return the label of a parcel; also of one that is not accepted yet, to look at."""
        say = self._texts.say
        row = reference.station(connection, station)
        here = f"{row.township} {row.name}" if row else station
        terms = say("sending.terms.collect" if state.is_collect else "sending.terms.now")
        said = documents.SendingLabel(
            waybill=state.waybill,
            carrier=self.courier(connection, state.courier),
            product=say("sending.label.product", terms=terms),
            route=state.route or state.zone_name,
            receiver=documents.Party(
                name=state.receiver, phone=state.receiver_phone, address=state.address
            ),
            sender=documents.Party(
                name=state.sender,
                phone=state.phone,
                address=say("sending.label.sent_from", station=here),
            ),
            contents=state.contents,
            pieces=1,
            insured=say("sending.label.not_insured"),
            grams=state.grams,
            price_fen=state.price_fen,
            operator=operator,
            station=station,
            day=state.day,
            at=at,
        )
        return documents.sending_label(said, self._texts)

    def slip_again(self, connection: Connection, act: str) -> Paper | None:
        """Return the sender's slip of an act; None if it accepted no parcel."""
        found = self._found(connection, act)
        if found is None:
            return None
        founder, state = found
        said = documents.SendingSlip(
            top=self._top(connection, founder, state),
            carrier=self.courier(connection, state.courier),
            waybill=state.waybill,
            receiver=state.receiver,
            place=state.address[:PLACE_SIGNS].strip(),
            zone=state.zone_name,
            contents=state.contents,
            grams=state.grams,
            charged_grams=state.charged_grams,
            price_fen=state.price_fen,
            is_collect=bool(state.is_collect),
            paid=_paid(facts_of_act(connection, act)),
            document=self._texts.say(
                "sending.slip.seen",
                document=self._texts.say(f"sending.document.{state.document or 'id_card'}"),
                tail=state.tail or "*" * TAIL,
            ),
        )
        document = documents.sending_slip(said, self._texts)
        return Paper("receipt", document, self._persons(founder, state))

    def label_document(self, connection: Connection, act: str, _texts: Texts) -> Document | None:
        """Return the label of an act once more."""
        paper = self.label_again(connection, act)
        return paper.document if paper else None

    def slip_document(self, connection: Connection, act: str, _texts: Texts) -> Document | None:
        """Return the slip of an act once more."""
        paper = self.slip_again(connection, act)
        return paper.document if paper else None

    def courier(self, connection: Connection, code: str) -> str:
        """Return the courier's name."""
        row = reference.courier(connection, code)
        return row.name if row else code

    def _found(self, connection: Connection, act: str) -> tuple[FactRow, Sending] | None:
        found = records.sendings_of_act(connection, act)
        founder = fact(connection, found[0]) if found else None
        state = records.sending_state(connection, found[0]) if found else None
        return (founder, state) if founder is not None and state is not None else None

    def _persons(self, founder: FactRow, state: Sending) -> tuple[str, ...]:
        return (state.person or founder.identity,)

    def _top(self, connection: Connection, founder: FactRow, state: Sending) -> Top:
        station = station_of(founder.stream)
        head = reference.letterhead(connection, station, self._texts)
        return Top(
            station=head.station,
            address=head.address,
            act=founder.act,
            number=printed_number(state.slip, founder.stream),
            day=state.day,
            at=founder.at,
            operator=self._people.operator_name(connection, founder.by),
            name=state.sender,
            tail=state.phone[-TAIL:],
            check=founder.identity,
        )


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
