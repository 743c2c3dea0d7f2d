"""From what is on disk to paper: the slip of a line, the sheet of the whole, and their copies."""

from collections.abc import Sequence
from typing import Any

import msgspec

from station_app.journal.fact import Told, station_of
from station_app.journal.log import Connection
from station_app.journal.series import printed_number
from station_app.printing.document import Document, Receipt
from station_app.reference import records as reference
from station_app.services.consignment.facts import LotAccepted, LotBought
from station_app.services.opening import documents
from station_app.services.opening.commands import EnterLot, Witness
from station_app.services.opening.facts import (
    OpeningCorrected,
    OpeningEntered,
    OpeningFinished,
    OpeningNote,
)
from station_app.services.opening.lots import GRAM
from station_app.services.opening.neighbours import Neighbours
from station_app.services.opening.rules import Finishing
from station_app.shell.desk import Paper
from station_app.values.now import Now
from station_app.values.texts import Texts
from station_app.values.weight import say_jin, say_kg

_BODIES: dict[str, type[OpeningEntered] | type[OpeningCorrected] | type[OpeningFinished]] = {
    body.KIND: body for body in (OpeningEntered, OpeningCorrected, OpeningFinished)
}


class PaperMaker:
    """Makes the papers of the first day."""

    def __init__(self, neighbours: Neighbours, texts: Texts) -> None:
        """Name people by the register of `neighbours`, in the words of `texts`."""
        self._people = neighbours.people
        self._texts = texts

    def for_act(
        self, connection: Connection, _command: Any, told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Return the papers of what was just said."""
        return [paper for fact in told if (paper := self._of(connection, fact)) is not None]

    def for_lot(
        self, connection: Connection, command: EnterLot, told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Return the slip of a lot: how much of what is whose, to sign."""
        fact = told[0]
        body: LotAccepted | LotBought = fact.body
        person = self._people.person(connection, command.person)
        said = documents.LotSlip(
            head=self._head(connection, fact, body),
            produce=body.produce,
            quantity=say_both(body.unit, body.quantity, self._texts),
            is_own=command.is_own,
            cost_fen=command.cost_fen,
            owner=person.name if person else "",
            tail=person.tail if person else "",
            signed=documents.Signed(kind=command.witness.kind, reason=command.witness.reason),
        )
        return [Paper("receipt", documents.lot_slip(said, self._texts), (command.person,))]

    def again(self, connection: Connection, act: str, _texts: Texts) -> Document | None:
        """Return the first paper of an act that was recorded before; None if it has none."""
        row = connection.execute(
            "SELECT f.identity, f.stream, f.seq, f.at, f.kind, f.by_, f.entity, f.body, r.part "
            "FROM tickets t JOIN facts f ON f.stream = t.stream AND f.act = t.act "
            "LEFT JOIN privates r ON r.identity = f.identity "
            "WHERE t.ticket = ? AND f.kind IN ('opening.entered', 'opening.corrected', "
            "'opening.finished') ORDER BY f.seq LIMIT 1",
            (act,),
        ).fetchone()
        if row is None:
            return None
        identity, stream, seq, at, kind, by, entity, body, private = row
        told = Told(
            identity=identity,
            stream=stream,
            seq=seq,
            act=act,
            at=at,
            kind=kind,
            by=by,
            entity=entity,
            body=msgspec.json.decode(body, type=_BODIES[kind]),
            private=msgspec.json.decode(private, type=OpeningNote) if private else None,
        )
        paper = self._of(connection, told)
        return paper.document if paper else None

    def _of(self, connection: Connection, told: Told) -> Paper | None:
        body = told.body
        if isinstance(body, OpeningFinished):
            return Paper("receipt", self._summary(connection, told, body))
        if isinstance(body, OpeningEntered | OpeningCorrected):
            whose = (body.person,) if body.person else ()
            return Paper("receipt", self._line(connection, told, body), whose)
        return None

    def _line(
        self, connection: Connection, told: Told, body: OpeningEntered | OpeningCorrected
    ) -> Document:
        is_new = isinstance(body, OpeningEntered)
        person = self._people.person(connection, body.person) if body.person else None
        courier = reference.courier(connection, body.courier) if body.courier else None
        said = documents.LineSlip(
            head=self._head(connection, told, body),
            purse=body.purse,
            amount_fen=body.amount_fen if isinstance(body, OpeningEntered) else body.is_fen,
            was_fen=-1 if isinstance(body, OpeningEntered) else body.was_fen,
            owner=person.name if person else courier.name if courier else body.courier,
            tail=person.tail if person else "",
            is_person=bool(body.person),
            remark=told.private.remark if told.private else "",
            signed=_signed(told, body),
        )
        assert is_new == (said.was_fen < 0)
        return documents.line_slip(said, self._texts)

    def _summary(self, connection: Connection, told: Told, body: OpeningFinished) -> Document:
        said = documents.Summary(
            head=self._head(connection, told, body),
            sums=tuple((s.purse, s.lines, s.amount_fen) for s in body.sums),
            people=body.people,
            parcels=body.parcels,
            lots=body.lots,
            signed=_signed(told, body),
        )
        return documents.summary(said, self._texts)

    def preview(
        self, connection: Connection, standing: Finishing, witness: Witness, now: Now
    ) -> Receipt:
        """Return the sheet of the whole as it would come out now."""
        letterhead = reference.letterhead(connection, now.station, self._texts)
        said = documents.Summary(
            head=documents.Paperhead(
                station=letterhead.station,
                address=letterhead.address,
                number="—",
                day=now.day,
                at=now.at,
                operator=self._people.operator_name(connection, now.operator),
                act="",
            ),
            sums=tuple((s.purse, s.lines, s.amount_fen) for s in standing.sums),
            people=standing.people,
            parcels=standing.parcels,
            lots=standing.lots,
            signed=documents.Signed(kind=witness.kind, reason=witness.reason),
        )
        return documents.summary(said, self._texts)

    def _head(
        self,
        connection: Connection,
        told: Told,
        body: OpeningEntered | OpeningCorrected | OpeningFinished | LotAccepted | LotBought,
    ) -> documents.Paperhead:
        code = station_of(told.stream)
        letterhead = reference.letterhead(connection, code, self._texts)
        return documents.Paperhead(
            station=letterhead.station,
            address=letterhead.address,
            number=printed_number(body.slip, told.stream),
            day=body.day,
            at=told.at,
            operator=self._people.operator_name(connection, told.by),
            act=told.act,
        )


def say_both(unit: str, quantity: int, texts: Texts) -> str:
    """Return a quantity as people say it and as scales do: "25 斤 / 12.500 kg", "6 个"."""
    if unit != GRAM:
        return texts.say("opening.lots.pieces", count=quantity)
    return f"{say_jin(quantity)} / {say_kg(quantity)}"


def _signed(
    told: Told, body: OpeningEntered | OpeningCorrected | OpeningFinished
) -> documents.Signed:
    reason = told.private.reason if told.private else ""
    return documents.Signed(kind=body.witness, reason=reason)
