"""Cases of produce in words: what was sent and what the hub received, what disagrees otherwise."""

from collections.abc import Sequence

import msgspec

from station_app.journal.fact import device_of
from station_app.journal.log import Connection
from station_app.ledger.paid_acts import FactRow, fact
from station_app.services.consignment import records
from station_app.services.consignment.facts import (
    LotCountySaleReturned,
    LotDispatched,
    LotReceived,
    LotReceivedBecause,
)
from station_app.services.consignment.moving import said
from station_app.services.consignment.taking import lot_number
from station_app.shell.offers import CaseWords, Side
from station_app.values.texts import Texts

LOTS_PAGE = "consignment.lots"
HUB_DIFFERS = "consignment.hub_differs"
Lines = tuple[tuple[str, str], ...]


def case(
    connection: Connection, case: str, entity: str, members: tuple[str, ...], texts: Texts
) -> CaseWords:
    """Return in words what the facts of a lot, a contract or a settlement disagree about."""
    title = texts.say(f"consignment.case.{case.partition('.')[2]}")
    lot = records.lot_state(connection, entity)
    if lot is None:
        return CaseWords(title, "", _sides(connection, members, texts))
    name = records.lot_name(connection, lot)
    number = lot_number(lot.code, entity)
    facts, line = members, ""
    if case == HUB_DIFFERS:
        last = fact(connection, members[-1]) if members else None
        is_back = last is not None and last.kind == LotCountySaleReturned.KIND
        line = texts.say(f"consignment.case_side.{'decides_back' if is_back else 'decides'}")
        facts = (*records.dispatches_of(connection, entity), *members)
    return CaseWords(
        title=title,
        hint=texts.say("consignment.case_hint", name=name, number=number),
        sides=_sides(connection, facts, texts),
        page=LOTS_PAGE,
        subject={"lot": entity},
        line=line,
    )


def _sides(connection: Connection, members: Sequence[str], texts: Texts) -> tuple[Side, ...]:
    found = (fact(connection, member) for member in members)
    return tuple(_side(connection, one, texts) for one in found if one is not None)


def _side(connection: Connection, told: FactRow, texts: Texts) -> Side:
    words, lines = _words(connection, told, texts)
    return side_of(told, words, lines, texts)


def side_of(told: FactRow, words: str, lines: Lines, texts: Texts) -> Side:
    """Return a fact as a side of a case: which PC said it, or the county, and what."""
    device = device_of(told.stream).lstrip("D")
    who = texts.say("consignment.case_side.device", device=device) if device else ""
    return Side(
        who or texts.say("consignment.case_side.county"), told.at, words, told.identity, lines
    )


def _words(connection: Connection, told: FactRow, texts: Texts) -> tuple[str, Lines]:
    """Return what a fact says in a line, and its amounts as they are said at the counter."""
    lot = records.lot_state(connection, told.entity)
    if lot is not None and told.kind == LotDispatched.KIND:
        sent = msgspec.json.decode(told.body, type=LotDispatched)
        lines = [("sent", said(lot, sent.quantity)), ("packages", str(sent.packages))]
        return texts.say("consignment.case_side.dispatched"), _named(lines, texts)
    if lot is not None and told.kind == LotReceived.KIND:
        came = msgspec.json.decode(told.body, type=LotReceivedBecause)
        differs = "less" if came.difference > 0 else "more"
        lines = [("came", said(lot, came.quantity)), (differs, said(lot, abs(came.difference)))]
        lines += [("grade", came.grade)] if came.grade else []
        if came.reason:
            lines.append(("why", texts.say(f"consignment.case_side.why_{came.reason}")))
        return texts.say("consignment.case_side.received"), _named(lines, texts)
    if lot is not None and told.kind == LotCountySaleReturned.KIND:
        back = msgspec.json.decode(told.body, type=LotCountySaleReturned)
        lines = [("back", said(lot, back.quantity))]
        lines.append(("reason", texts.say(f"consignment.case_side.reason_{back.reason}")))
        return texts.say("consignment.case_side.returned"), _named(lines, texts)
    return said_otherwise(told, texts), ()


def said_otherwise(told: FactRow, texts: Texts) -> str:
    """Return what sort of fact it is: of one that has no words of its own in a case."""
    words = f"overview.kind.{told.kind}"
    return texts.say(words) if texts.has(words) else told.kind


def _named(lines: Sequence[tuple[str, str]], texts: Texts) -> Lines:
    return tuple((texts.say(f"consignment.case_side.{key}"), value) for key, value in lines)
