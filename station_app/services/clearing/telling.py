"""How clearing is spoken of on pages that look across services, and what its tabs count."""

import base64
from typing import Any

import msgspec

from station_app.journal.fact import device_of, is_from_county
from station_app.journal.log import Connection
from station_app.journal.series import printed_number
from station_app.ledger.paid_acts import facts_of_act
from station_app.services.clearing import records, statement_records
from station_app.services.clearing.comparison import Row
from station_app.services.clearing.facts import (
    CountyMoneyReceived,
    CountyMoneyReturned,
    CourierPaid,
    CourierPaymentReturned,
    DifferenceFound,
    RemittanceSent,
    RemittanceTakenBack,
    StatementAnswered,
)
from station_app.services.clearing.records import County
from station_app.services.clearing.wording import (
    account_words,
    difference_words,
    kind_words,
    month_words,
    side_lines,
)
from station_app.shell.offers import ActWords, CaseWords, Figures, Line, Side
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.texts import Texts

CLEARING_PAGE = "clearing.page"
OUT = (RemittanceSent.KIND, CountyMoneyReturned.KIND, CourierPaid.KIND)
IN = (RemittanceTakenBack.KIND, CountyMoneyReceived.KIND, CourierPaymentReturned.KIND)
_KINDS = (
    *OUT,
    *IN,
    "remittance.cancellation_asked",
    "county_money.allotted",
    StatementAnswered.KIND,
)
_SUBJECT = {
    "remittance": "remittance",
    "county_money": "money",
    "courier": "payment",
    "courier_payment": "payment",
    "statement": "statement",
}
_difference = msgspec.json.Decoder(DifferenceFound)


def asides(connection: Connection, texts: Texts, stands: County) -> dict[str, str]:
    """Return what stands behind the name of each view: an amount or a count, "" for nothing."""
    waiting = records.waiting(connection)
    couriers = records.couriers_held(connection)
    due_fen = stands.owed_fen + stands.prepayments_fen
    return {
        "remit": say_yuan(due_fen) if due_fen else "",
        "down": texts.say("clearing.page.count_down", count=waiting["down"])
        if waiting["down"]
        else "",
        "couriers": say_yuan(sum(couriers.values())) if couriers else "",
        "statements": texts.say("clearing.page.count_open", count=waiting["statements"])
        if waiting["statements"]
        else "",
    }


def count(connection: Connection, _now: Now) -> int:
    """Return how much waits on the page: for its tab."""
    waiting = records.waiting(connection)
    return waiting["down"] + waiting["back"] + waiting["statements"]


def figures(connection: Connection, _now: Now, texts: Texts) -> Figures:
    """Return the tile: what waits, what is due to the county, statements to answer."""
    waiting = records.waiting(connection)
    stands = records.county(connection)
    due_fen = stands.owed_fen + stands.prepayments_fen
    lines: list[Line] = []
    if waiting["statements"]:
        words = texts.say("clearing.tile.statements", count=waiting["statements"])
        lines.append(Line("waiting", words, "warn"))
    if waiting["down"]:
        words = texts.say("clearing.tile.down", count=waiting["down"])
        lines.append(Line("download", words, "notice"))
    if due_fen:
        lines.append(Line("upload", texts.say("clearing.tile.due", amount=say_yuan(due_fen))))
    if waiting["remit"]:
        words = texts.say("clearing.tile.on_the_way", count=waiting["remit"])
        lines.append(Line("queued", words))
    if not lines:
        lines.append(Line("ok", texts.say("clearing.tile.nothing"), "ok"))
    total = waiting["down"] + waiting["back"] + waiting["statements"]
    return Figures(total, texts.say("clearing.tile.unit"), tuple(lines[:2]))


# --- Acts ----------------------------------------------------------------------------------------


def act(connection: Connection, act_: str, texts: Texts) -> ActWords:
    """Return how an act of clearing stands in a list."""
    fact = next(one for one in facts_of_act(connection, act_) if one.kind in _KINDS)
    kind, body = fact.kind, msgspec.json.decode(fact.body)
    name = kind.partition(".")[0]
    subject = {_SUBJECT[name]: fact.entity or fact.identity}
    words = kind_words(kind, texts)
    if "number" in body and isinstance(body["number"], int):
        number = printed_number(body["number"], fact.stream)
        words = f"{words} {texts.say('clearing.page.number', number=number)}"
    fen = _amount(kind, body)
    amount = ""
    if kind in OUT:
        amount = texts.say("cash.act.out", amount=say_yuan(fen))
    elif kind in IN:
        amount = texts.say("cash.act.in", amount=say_yuan(fen))
    return ActWords(_icon(name), words, amount, CLEARING_PAGE, subject)


def _icon(name: str) -> str:
    return {"statement": "document", "courier": "truck", "courier_payment": "truck"}.get(
        name, "upload" if name == "remittance" else "download"
    )


def _amount(kind: str, body: dict[str, Any]) -> int:
    if kind in (CourierPaid.KIND, CourierPaymentReturned.KIND):
        collected = body["cod_fen"] + body["freight_fen"] + body["sending_fen"]
        return int(collected - body["fee_fen"] + body["fine_fen"])
    return int(body.get("amount_fen", 0))


# --- Cases ---------------------------------------------------------------------------------------


def case(
    connection: Connection, case_: str, entity: str, members: tuple[str, ...], texts: Texts
) -> CaseWords:
    """Return a case as it is shown: a difference has both sides, others their facts."""
    if case_ == "clearing.statement_differs":
        return _difference_case(connection, entity, members, texts)
    name = case_.partition(".")[2]
    title = texts.say(f"clearing.case.{name}")
    hint, subject = _about(connection, case_, entity, texts)
    sides = tuple(side for m in members if (side := _side(connection, m, texts)) is not None)
    return CaseWords(title, hint, sides, CLEARING_PAGE, subject)


def _about(
    connection: Connection, case_: str, entity: str, texts: Texts
) -> tuple[str, dict[str, str]]:
    """Return what a case is about, and what its page opens."""
    if case_ in ("clearing.statement_refused", "clearing.answered_twice"):
        state = statement_records.statement(connection, entity)
        words = month_words(state.month, texts) if state else ""
        if state and state.reason:
            words = f"{words}·{texts.say(f'clearing.whole.{state.reason}')}"
        return words, {"statement": entity}
    money = records.county_money(connection, entity)
    if money is not None:
        return texts.say("clearing.page.money", number=money.number), {"money": entity}
    remittance = records.remittance(connection, entity)
    if remittance is not None:
        return say_yuan(remittance.amount_fen), {"remittance": entity}
    payment = records.courier_payment(connection, entity)
    return (say_yuan(payment.to_pay_fen) if payment else ""), {"payment": entity}


def _side(connection: Connection, identity: str, texts: Texts) -> Side | None:
    row = connection.execute(
        "SELECT stream, at, kind, body FROM facts WHERE identity = ?", (identity,)
    ).fetchone()
    if row is None:
        return None
    body = msgspec.json.decode(row[3])
    fen = body.get("received_fen", body.get("amount_fen"))
    words = kind_words(row[2], texts)
    if fen is not None:
        words = f"{words} {say_yuan(fen)}"
    return Side(_who(row[0], texts), row[1], words, identity)


def _who(stream: str, texts: Texts) -> str:
    if is_from_county(stream):
        return texts.say("clearing.page.county")
    return texts.say("clearing.page.device", device=device_of(stream).lstrip("D"))


def _difference_case(
    connection: Connection, entity: str, members: tuple[str, ...], texts: Texts
) -> CaseWords:
    """Return one line of a statement that does not fit, in plain words with both sides."""
    row = connection.execute(
        "SELECT stream, at, body FROM facts WHERE identity = ?", (members[0],)
    ).fetchone()
    body = _difference.decode(row[2])
    said = Row(
        state=body.difference,
        fact=body.fact,
        kind=body.fact_kind,
        account=body.account,
        theirs_fen=body.theirs_fen,
        other_account=body.other_account,
        ours_fen=body.ours_fen,
    )
    theirs, ours = side_lines(said, texts)
    what = kind_words(said.kind, texts) if said.fact else account_words(said.shown_account, texts)
    month = month_words(body.month, texts)
    title = texts.say("clearing.case.statement_differs", what=difference_words(said.state, texts))
    return CaseWords(
        title,
        f"{month}·{what}",
        (
            Side(texts.say("clearing.page.county"), row[1], what, lines=theirs),
            Side(_who(row[0], texts), row[1], what, members[0], ours),
        ),
        CLEARING_PAGE,
        {"statement": body.statement},
    )


def of_code(connection: Connection, payload: str) -> dict[str, str]:
    """Return what a slip of ours opens; payload: 16 characters of base32; {} for another's."""
    first = base64.b32decode(payload).hex()
    row = connection.execute(
        "SELECT kind, identity, entity FROM facts WHERE identity >= ? AND identity < ? "
        "AND kind IN (?, ?, ?)",
        (first, f"{first}g", RemittanceSent.KIND, CourierPaid.KIND, StatementAnswered.KIND),
    ).fetchone()
    if row is None:
        return {}
    return {_SUBJECT[row[0].partition(".")[0]]: row[2] or row[1]}
