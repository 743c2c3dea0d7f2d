"""A dispute in words for the page of cases: whose lot, what she does not agree with, what to do."""

from collections.abc import Sequence

import msgspec

from station_app.journal.log import Connection
from station_app.ledger.paid_acts import FactRow, fact
from station_app.services.consignment import records
from station_app.services.consignment.case_telling import said_otherwise, side_of
from station_app.services.consignment.dispute_records import dispute_state
from station_app.services.consignment.disputing import Dispute
from station_app.services.consignment.facts import LotDisputed, LotRemark
from station_app.services.consignment.moving import said
from station_app.services.consignment.records import People
from station_app.services.consignment.taking import lot_number
from station_app.shell.offers import Callee, CaseWords, Side
from station_app.values.texts import Texts

SETTLE_PAGE = "consignment.settle"


def disputed(
    connection: Connection, people: People, entity: str, members: Sequence[str], texts: Texts
) -> CaseWords:
    """Return the case in words, with whom to call."""
    state = dispute_state(connection, entity) or Dispute()
    lot = records.lot_state(connection, state.lot)
    known = people.person(connection, state.person)
    name = known.name if known else ""
    goods = records.lot_name(connection, lot) if lot else ""
    number = lot_number(lot.code if lot else "", state.lot)
    found = (fact(connection, member) for member in members)
    phone = known.phone if known else ""
    return CaseWords(
        title=texts.say("consignment.case.disputed"),
        hint=texts.say("consignment.disputed.hint", who=name, lot=goods, number=number),
        sides=tuple(_side(connection, one, texts) for one in found if one is not None),
        page=SETTLE_PAGE,
        subject={"person": state.person},
        line=texts.say("consignment.disputed.line"),
        call=Callee(name, phone, known.tail) if known and phone else None,
    )


def _side(connection: Connection, told: FactRow, texts: Texts) -> Side:
    if told.kind != LotDisputed.KIND:  # a second closing stands among the sides
        return side_of(told, said_otherwise(told, texts), (), texts)
    body = msgspec.json.decode(told.body, type=LotDisputed)
    lot = records.lot_state(connection, body.lot)
    lines = [("about", texts.say(f"consignment.dispute.{body.reason}"))]
    words = _words(connection, told.identity)
    lines += [("words", words)] if words else []
    lines += [("brought", said(lot, lot.quantity))] if lot else []
    named = tuple((texts.say(f"consignment.disputed.{key}"), value) for key, value in lines)
    return side_of(told, texts.say("consignment.disputed.said"), named, texts)


def _words(connection: Connection, identity: str) -> str:
    """Return what she said, "" for nothing or once it is erased."""
    row = connection.execute("SELECT part FROM privates WHERE identity = ?", (identity,)).fetchone()
    return msgspec.json.decode(bytes(row[0]), type=LotRemark).remark if row and row[0] else ""
