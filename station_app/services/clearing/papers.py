"""From what is on disk to paper: collects what a slip of clearing says.

The first print, made within the act, and every copy after it come from here, so that a copy
cannot say anything else.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from station_app.journal.fact import Told, station_of
from station_app.journal.log import Connection
from station_app.journal.series import printed_number
from station_app.printing.document import Receipt
from station_app.reference import records as reference
from station_app.services.clearing import documents, records, statement_records
from station_app.services.clearing.books import PREPAYMENT
from station_app.services.clearing.comparison import Row
from station_app.services.clearing.facts import (
    CourierPaid,
    DifferenceFound,
    RemittanceSent,
    StatementAnswered,
)
from station_app.services.purchasing.facts import OrderPlaced
from station_app.shell.desk import Paper
from station_app.values.now import Now
from station_app.values.texts import Texts

OperatorName = Callable[[Connection, str], str]
PAPER_KINDS = (RemittanceSent.KIND, CourierPaid.KIND, StatementAnswered.KIND)

_order = msgspec.json.Decoder(OrderPlaced)
_difference = msgspec.json.Decoder(DifferenceFound)


class PaperMaker:
    """Makes the slips of this slice."""

    def __init__(self, texts: Texts, operator_name: OperatorName) -> None:
        """Speak with `texts`; operator_name: who an operator's identity is, "" for nobody."""
        self._texts = texts
        self._operator_name = operator_name

    def for_act(
        self, connection: Connection, _command: Any, told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Return the slip of what is being recorded; None of it is printed before it is on disk."""
        document = self.of_act(connection, told[0].stream, told[0].act)
        return [Paper("receipt", document, self._whose(told))] if document else []

    def _whose(self, told: Sequence[Told]) -> tuple[str, ...]:
        """Return of whom the paper speaks: the fact whose private part names a carrier."""
        return tuple(fact.identity for fact in told if fact.private is not None)

    def again(self, connection: Connection, act: str, _texts: Texts) -> Receipt | None:
        """Return the slip of an act that was recorded before; None if it has none."""
        row = connection.execute("SELECT stream FROM tickets WHERE ticket = ?", (act,)).fetchone()
        return self.of_act(connection, row[0], act) if row else None

    def of_act(self, connection: Connection, stream: str, act: str) -> Receipt | None:
        """Return the slip of an act, None if it has none."""
        row = connection.execute(
            "SELECT identity, kind, entity FROM facts WHERE stream = ? AND act = ? "
            "AND kind IN (?, ?, ?) ORDER BY seq LIMIT 1",
            (stream, act, *PAPER_KINDS),
        ).fetchone()
        if row is None:
            return None
        identity, kind, entity = row
        if kind == RemittanceSent.KIND:
            return self.remittance(connection, identity)
        if kind == CourierPaid.KIND:
            return self.courier(connection, identity)
        return self.answer(connection, entity)

    def remittance(self, connection: Connection, identity: str) -> Receipt | None:
        """Return the slip of a remittance."""
        state = records.remittance(connection, identity)
        if state is None or not state.sent:
            return None
        orders = [
            (self._order_number(connection, portion.owner), portion.amount_fen)
            for portion in state.portions
            if portion.purse == PREPAYMENT
        ]
        head = self._head(connection, state.sent, state.number)
        return documents.remittance_slip(head, state, orders, self._texts)

    def order_number(self, connection: Connection, order: str) -> str:
        """Return the number on the slip of an order, "" when the order is not held here."""
        row = connection.execute(
            "SELECT stream, body FROM facts WHERE identity = ? AND kind = ?",
            (order, OrderPlaced.KIND),
        ).fetchone()
        return printed_number(_order.decode(row[1]).slip, row[0]) if row else ""

    def _order_number(self, connection: Connection, key: str) -> str:
        return self.order_number(connection, records.order_of(connection, key)) or key[:4]

    def courier(self, connection: Connection, identity: str) -> Receipt | None:
        """Return the slip of a payment to a courier."""
        state = records.courier_payment(connection, identity)
        if state is None or not state.paid:
            return None
        known = reference.courier(connection, state.courier)
        pieces = [
            (row.waybill, row.piece)
            for row in records.piece_rows(
                connection, records.paid_pieces(connection, state.courier, state.pieces)
            )
        ]
        head = self._head(connection, state.paid, state.number)
        name = known.name if known else state.courier
        return documents.courier_slip(head, state, name, pieces, self._texts)

    def answer(self, connection: Connection, statement: str) -> Receipt | None:
        """Return the answer to a statement."""
        state = statement_records.statement(connection, statement)
        if state is None or not state.answers:
            return None
        head = self._head(connection, state.answers[0], 0)
        rows = found_in(connection, state.answers[0])
        return documents.answer_slip(head, state, rows, self._texts)

    def _head(self, connection: Connection, identity: str, number: int) -> documents.Paperhead:
        stream, at, by, body = connection.execute(
            "SELECT stream, at, by_, body FROM facts WHERE identity = ?", (identity,)
        ).fetchone()
        code = station_of(stream)
        head = reference.letterhead(connection, code, self._texts)
        return documents.Paperhead(
            station=head.station,
            address=head.address,
            number=printed_number(number, stream) if number else "",
            at=at,
            day=msgspec.json.decode(body)["day"],
            operator=self._operator_name(connection, by),
            identity=identity,
        )


def found_in(connection: Connection, answer: str) -> tuple[Row, ...]:
    """Return the differences that an answer found: the facts of its act."""
    rows = connection.execute(
        "SELECT d.body FROM facts a JOIN facts d ON d.stream = a.stream AND d.act = a.act "
        "AND d.kind = ? WHERE a.identity = ? ORDER BY d.seq",
        (DifferenceFound.KIND, answer),
    ).fetchall()
    return tuple(_row(_difference.decode(row[0])) for row in rows)


def _row(body: DifferenceFound) -> Row:
    return Row(
        state=body.difference,
        fact=body.fact,
        kind=body.fact_kind,
        account=body.account,
        theirs_fen=body.theirs_fen,
        other_account=body.other_account,
        ours_fen=body.ours_fen,
    )
