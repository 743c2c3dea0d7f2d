"""How the drawer is spoken of on pages that look across services."""

from collections.abc import Sequence

import msgspec

from station_app.journal.fact import device_of
from station_app.journal.log import Connection
from station_app.journal.series import printed_number
from station_app.ledger.paid_acts import FactRow, facts_of_act
from station_app.services.cash import payment_records, records
from station_app.services.cash.days import is_next_day
from station_app.services.cash.documents import difference_words
from station_app.services.cash.facts import (
    CashPutIn,
    CashTakenOut,
    ChangeCorrected,
    DrawerOpened,
    PaymentCorrected,
    PaymentGiven,
    PaymentTaken,
    PlaceCompared,
    ShiftClosed,
    ShiftHandedOver,
    ShiftOpened,
)
from station_app.services.parcels.facts import ParcelCodCorrected
from station_app.shell.offers import ActWords, CaseWords, Figures, Line, Side
from station_app.values.day import local_day, local_time, say_day
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.texts import Texts


def figures(connection: Connection, now: Now, texts: Texts) -> Figures:
    """Return the tile: how many payments this shift took, and whether one is open at all."""
    say = texts.say
    opened = records.open_shift_of(connection, now.device)
    count = records.payments_in(connection, opened.identity) if opened else 0
    if opened is None:
        last = records.last_closed(connection, now.device)
        lines = [Line("door", say("cash.tile.not_open"), "warn")]
        if last is not None:
            lines.append(Line("calendar", say("cash.tile.last", day=say_day(last.day, now.day))))
    elif is_next_day(opened.day, now.at):
        forgotten = say("cash.tile.forgotten", day=say_day(opened.day, local_day(now.at)))
        lines = [Line("warn", forgotten, "warn")]
    else:
        since = say("cash.tile.since", time=local_time(opened.opened_at))
        lines = [Line("drawer", since)]
    return Figures(count, say("cash.tile.unit"), tuple(lines))


def shift_act(connection: Connection, act: str, texts: Texts) -> ActWords:
    """Return how the opening or closing of a shift stands in a list."""
    fact = _first_fact(connection, act, (ShiftOpened.KIND, ShiftClosed.KIND))
    if fact.kind == ShiftOpened.KIND:
        opened = msgspec.json.decode(fact.body, type=ShiftOpened)
        return ActWords("drawer", texts.say("cash.act.opened"), say_yuan(opened.counted_fen))
    closed = msgspec.json.decode(fact.body, type=ShiftClosed)
    words = texts.say("cash.act.closed", number=closed.number)
    amount = difference_words(closed.difference_fen, texts)
    return ActWords("calendar", words, amount, "cash.closed", {"shift": fact.entity})


def payment_act(connection: Connection, act: str, texts: Texts) -> ActWords:
    """Return how a payment stands in a list, when nothing else says what it was for."""
    fact = _first_fact(connection, act, (PaymentTaken.KIND, PaymentGiven.KIND))
    if fact.kind == PaymentTaken.KIND:
        taken = msgspec.json.decode(fact.body, type=PaymentTaken)
        amount = texts.say("cash.act.in", amount=say_yuan(taken.due_fen - taken.round_off_fen))
        return ActWords("cash", texts.say("cash.act.paid_in"), amount)
    given = msgspec.json.decode(fact.body, type=PaymentGiven)
    amount = texts.say("cash.act.out", amount=say_yuan(given.due_fen))
    return ActWords("cash", texts.say("cash.act.paid_out"), amount)


def correction_act(connection: Connection, act: str, texts: Texts) -> ActWords:
    """Return how a correction stands in a list."""
    fact = _first_fact(connection, act, payment_records.CORRECTIONS)
    if fact.kind == PaymentCorrected.KIND:
        body = msgspec.json.decode(fact.body, type=PaymentCorrected)
        amount = say_yuan(sum(tender.amount_fen for tender in body.tenders))
        return ActWords("pencil", texts.say("cash.right.corrected_way"), amount)
    if fact.kind == ParcelCodCorrected.KIND:
        amounts = msgspec.json.decode(fact.body, type=ParcelCodCorrected)
        fen, key = amounts.cod_change_fen + amounts.freight_change_fen, "amount"
    else:
        fen, key = msgspec.json.decode(fact.body, type=ChangeCorrected).difference_fen, "change"
    direction = "in" if fen > 0 else "out"
    words = texts.say(f"cash.act.{direction}", amount=say_yuan(abs(fen)))
    return ActWords("pencil", texts.say(f"cash.right.corrected_{key}"), words)


_OF_DRAWER = (
    CashPutIn.KIND,
    CashTakenOut.KIND,
    DrawerOpened.KIND,
    ShiftHandedOver.KIND,
    PlaceCompared.KIND,
)
_ICONS = {"cash.put_in": "intake", "cash.taken_out": "outtake", "drawer.opened": "unlock"}


def drawer_act(connection: Connection, act: str, texts: Texts) -> ActWords:
    """Return how a voucher, an opened drawer, a hand-over or a comparison stands in a list."""
    fact = _first_fact(connection, act, _OF_DRAWER)
    kind, body = fact.kind, fact.body
    icon = _ICONS.get(kind, "swap")
    if kind == CashPutIn.KIND:
        put = msgspec.json.decode(body, type=CashPutIn)
        words = texts.say("cash.drawer.was_put_in", reason=_reason(texts, "in_reason", put.reason))
        return ActWords(icon, words, say_yuan(put.amount_fen))
    if kind == CashTakenOut.KIND:
        out = msgspec.json.decode(body, type=CashTakenOut)
        reason = _reason(texts, "out_reason", out.reason)
        words = texts.say("cash.drawer.was_taken_out", reason=reason)
        return ActWords(icon, words, say_yuan(out.amount_fen))
    if kind == DrawerOpened.KIND:
        opened = msgspec.json.decode(body, type=DrawerOpened)
        reason = _reason(texts, "drawer_reason", opened.reason)
        return ActWords(icon, texts.say("cash.drawer.was_opened", reason=reason))
    if kind == ShiftHandedOver.KIND:
        over = msgspec.json.decode(body, type=ShiftHandedOver)
        words = texts.say("cash.act.handed_over", number=over.number)
        return ActWords(icon, words, difference_words(over.difference_fen, texts))
    seen = msgspec.json.decode(body, type=PlaceCompared)
    words = texts.say("cash.act.compared", place=_reason(texts, "place", seen.place))
    return ActWords("phone", words, difference_words(seen.difference_fen, texts))


def _reason(texts: Texts, table: str, code: str) -> str:
    key = f"cash.{table}.{code}"
    return texts.say(key) if texts.has(key) else code


def _first_fact(connection: Connection, act: str, kinds: Sequence[str]) -> FactRow:
    """Return the first fact of an act that is of one of these kinds: there is one."""
    return next(fact for fact in facts_of_act(connection, act) if fact.kind in kinds)


def case(
    connection: Connection, _case: str, entity: str, members: tuple[str, ...], texts: Texts
) -> CaseWords:
    """Return a shift that was closed twice as both closings tell it."""
    state = records.shift_state(connection, entity)
    sides: list[Side] = []
    for member in members:
        row = connection.execute(
            "SELECT stream, at, kind, body FROM facts WHERE identity = ?", (member,)
        ).fetchone()
        if row is None or row[2] != ShiftClosed.KIND:
            continue
        closed = msgspec.json.decode(row[3], type=ShiftClosed)
        words = texts.say(
            "cash.case.side_closed",
            number=printed_number(closed.number, row[0]),
            counted=say_yuan(closed.counted_fen),
        )
        who = texts.say("cash.closed.device", device=device_of(row[0]).lstrip("D"))
        sides.append(Side(who, row[1], words, member))
    hint = texts.say(
        "cash.case.shift_closed_twice_hint",
        device=state.device.lstrip("D") if state else "",
        day=say_day(state.day) if state and state.day else "",
    )
    title = texts.say("cash.case.shift_closed_twice")
    return CaseWords(title, hint, tuple(sides), "cash.closed", {"shift": entity})
