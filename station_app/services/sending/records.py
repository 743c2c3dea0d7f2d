"""Parcels that are sent, as a counter looks at them; and what its rules need to know."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import device_of
from station_app.journal.log import Connection
from station_app.journal.series import printed_number, take_number
from station_app.ledger.accounts import part, refund_due
from station_app.ledger.balances import balance
from station_app.ledger.paid_acts import fact, facts_of_act
from station_app.reference import records as reference
from station_app.reference.register import Register
from station_app.reference.settings import SENDING_ASK_FIRST, SENDING_FORBIDDEN, words_of
from station_app.reference.zone_records import zones, zones_of
from station_app.reference.zones import zone_of
from station_app.services.sending.accepting import Accepting, Finishing
from station_app.services.sending.commands import (
    AcceptSending,
    AskWaybills,
    CancelSending,
    FinishSending,
    HandSendingsOver,
)
from station_app.services.sending.facts import SendingAccepted
from station_app.services.sending.rules import ACCEPTED, CANCELLED, GONE, SENDING, Sending
from station_app.services.sending.waybills import WAYBILL_STOCK, Left, WaybillStock
from station_app.values.day import add_days
from station_app.values.now import Now

SLIP_SERIES = "sending.slip"
LIST_MAX = 200
KEPT_DAYS = 3  # how long a parcel that has left stays on the list
RECEIVERS_MAX = 8  # of those to whom somebody sent before
FOUND_MAX = 8
TAIL_MIN = 4
_sending = msgspec.json.Decoder(Sending).decode
_stock = msgspec.json.Decoder(WaybillStock).decode
_ROWS = (
    "SELECT x.entity, s.data FROM sendings x "
    "JOIN states s ON s.kind = 'sending' AND s.entity = x.entity "
)


@dataclass(frozen=True, slots=True)
class SendingRow:
    """A parcel as a list shows it.

    act, device, at, by: of its founding fact; number: on its slip; refund: key of what is owed
    back; due_fen: how much of it still is.
    """

    sending: str
    state: Sending
    act: str
    device: str
    at: int
    by: str
    number: str
    refund: str
    due_fen: int


@dataclass(frozen=True, slots=True)
class KnownReceiver:
    """To whom somebody has sent before."""

    name: str
    phone: str
    address: str


# --- Lists ---------------------------------------------------------------------------------------


def sending_state(connection: Connection, identity: str) -> Sending | None:
    """Return what is known of a parcel that is sent."""
    row = connection.execute(
        "SELECT data FROM states WHERE kind = ? AND entity = ?", (SENDING.name, identity)
    ).fetchone()
    return _sending(row[0]) if row else None


def row_of(connection: Connection, identity: str) -> SendingRow | None:
    """Return one parcel as a line of a list."""
    state = sending_state(connection, identity)
    return _row(connection, identity, state) if state else None


def listed(connection: Connection, day: str) -> tuple[SendingRow, ...]:
    """Return what stands here, the oldest first, then what left or was taken back lately."""
    rows = connection.execute(
        f"{_ROWS} WHERE x.status = ? OR (x.day >= ? AND x.status IN (?, ?)) "
        "ORDER BY x.status != ?, x.day, x.slip LIMIT ?",
        (ACCEPTED, add_days(day, -KEPT_DAYS), GONE, CANCELLED, ACCEPTED, LIST_MAX),
    ).fetchall()
    found = (_row(connection, entity, _sending(data)) for entity, data in rows)
    return tuple(row for row in found if row is not None)


def count_here(connection: Connection) -> int:
    """Return how many stand here and have not left."""
    row = connection.execute("SELECT count(*) FROM sendings WHERE status = ?", (ACCEPTED,))
    return int(row.fetchone()[0])


def accepted_on(connection: Connection, day: str) -> int:
    """Return how many were accepted on a day and not taken back."""
    row = connection.execute(
        "SELECT count(*) FROM sendings WHERE day = ? AND status IN (?, ?)", (day, ACCEPTED, GONE)
    ).fetchone()
    return int(row[0])


def of_waybill(connection: Connection, waybill: str) -> str:
    """Return the parcel that bears a number, "" for none."""
    row = connection.execute(
        "SELECT entity FROM sendings WHERE waybill = ? ORDER BY entity LIMIT 1", (waybill,)
    ).fetchone()
    return str(row[0]) if row else ""


def sendings_of_act(connection: Connection, act: str) -> list[str]:
    """Return the parcels that an act accepted."""
    return [
        one.identity for one in facts_of_act(connection, act) if one.kind == SendingAccepted.KIND
    ]


def receivers_of(connection: Connection, person: str) -> tuple[KnownReceiver, ...]:
    """Return to whom somebody sent before, the latest first."""
    rows = connection.execute(
        f"{_ROWS} WHERE x.person = ? AND x.person != '' ORDER BY x.day DESC, x.slip DESC LIMIT ?",
        (person, LIST_MAX),
    ).fetchall()
    known = (_sending(data) for _, data in rows)
    made = (KnownReceiver(one.receiver, one.receiver_phone, one.address) for one in known)
    return tuple(dict.fromkeys(one for one in made if one.name))[:RECEIVERS_MAX]


def find(connection: Connection, typed: str, people: Register) -> tuple[SendingRow, ...]:
    """Return parcels by the end of their number, or by who sent them, the newest first."""
    bare = typed.strip().upper()
    if len(bare) >= TAIL_MIN and bare.isascii() and bare.isalnum():
        return _newest(connection, "x.waybill LIKE ?", (f"%{bare}",))
    persons = [one.identity for one in people.find(connection, typed)[:FOUND_MAX]]
    where = f"x.person IN ({', '.join('?' * len(persons))})"
    return _newest(connection, where, persons) if persons else ()


def of_persons(connection: Connection, persons: Sequence[str]) -> tuple[SendingRow, ...]:
    """Return what some villagers sent lately."""
    where = f"x.person IN ({', '.join('?' * len(persons))})"
    return _newest(connection, where, persons) if persons else ()


def _newest(connection: Connection, where: str, values: Sequence[str]) -> tuple[SendingRow, ...]:
    rows = connection.execute(
        f"{_ROWS} WHERE {where} ORDER BY x.day DESC, x.slip DESC LIMIT ?", (*values, FOUND_MAX)
    ).fetchall()
    found = (_row(connection, entity, _sending(data)) for entity, data in rows)
    return tuple(row for row in found if row is not None)


def _row(connection: Connection, entity: str, state: Sending) -> SendingRow | None:
    founder = fact(connection, state.founder) if state.founder else None
    if founder is None:
        return None
    due = refund_due(entity)
    return SendingRow(
        sending=entity,
        state=state,
        act=founder.act,
        device=device_of(founder.stream),
        at=founder.at,
        by=founder.by,
        number=printed_number(state.slip, founder.stream),
        refund=part(entity),
        due_fen=-balance(connection, due),
    )


def facts_about(connection: Connection, persons: Sequence[str]) -> tuple[str, ...]:
    """Return facts whose private part tells what one of these persons sent, and to whom."""
    found: set[str] = set()
    for person in persons:
        rows = connection.execute(
            "SELECT o.identity FROM sendings x JOIN folds o ON o.root = x.entity "
            "JOIN privates r ON r.identity = o.identity WHERE x.person = ?",
            (person,),
        ).fetchall()
        found |= {str(row[0]) for row in rows}
    return tuple(sorted(found))


# --- Numbers -------------------------------------------------------------------------------------


def stocks(connection: Connection, device: str) -> tuple[WaybillStock, ...]:
    """Return the waybill numbers that were given to a PC, by courier."""
    rows = connection.execute(
        "SELECT data FROM states WHERE kind = ?", (WAYBILL_STOCK.name,)
    ).fetchall()
    mine = [one for (data,) in rows if (one := _stock(data)).device == device]
    return tuple(sorted(mine, key=lambda one: one.courier))


def left_of(connection: Connection, courier: str, device: str) -> Left:
    """Return how many numbers of a courier this PC has left."""
    stock = next((one for one in stocks(connection, device) if one.courier == courier), None)
    if stock is None:
        return Left()
    left, following = 0, ""
    for block in stock.blocks:
        free = _free(connection, block.series)
        left += max(0, block.count - free + 1)
        if not following and free <= block.count:
            following = block.waybill(free)
    size = stock.blocks[-1].count if stock.blocks else 0
    return Left(following, left, size, bool(stock.asked_day))


def _free(connection: Connection, series: str) -> int:
    row = connection.execute("SELECT next FROM series WHERE name = ?", (series,)).fetchone()
    return int(row[0]) if row else 1


def _take_waybill(connection: Connection, courier: str, device: str) -> Left:
    """Take the next number inside an act; one that stands on a parcel already is passed over."""
    stock = next((one for one in stocks(connection, device) if one.courier == courier), None)
    for block in stock.blocks if stock else ():
        while _free(connection, block.series) <= block.count:
            seen = left_of(connection, courier, device)
            waybill = block.waybill(take_number(connection, block.series))
            if not of_waybill(connection, waybill):
                return Left(waybill, seen.left, seen.size, seen.is_asked)
    return left_of(connection, courier, device)


# --- What the rules need -------------------------------------------------------------------------


def couriers_that_send(connection: Connection, now: Now) -> tuple[reference.CourierRow, ...]:
    """Return the couriers by whom may be sent: those with prices, whose numbers are here first."""
    priced = {terms.courier for terms in zones(connection, now.day)}
    have = {one.courier for one in stocks(connection, now.device)}
    rows = [row for row in reference.couriers(connection) if row.code in priced]
    return tuple(sorted(rows, key=lambda row: row.code not in have))


def forbidden(connection: Connection, now: Now) -> tuple[str, ...]:
    """Return what may not be sent."""
    return words_of(reference.read_setting(connection, SENDING_FORBIDDEN, now.station, now.day))


def ask_first(connection: Connection, now: Now) -> tuple[str, ...]:
    """Return for what the county is asked first."""
    return words_of(reference.read_setting(connection, SENDING_ASK_FIRST, now.station, now.day))


def standing(connection: Connection, command: AcceptSending, now: Now) -> Accepting:
    """Return what accepting depends on, for a page."""
    return Accepting(
        zones=zones_of(connection, command.courier, now.day),
        left=left_of(connection, command.courier, now.device),
        forbidden=forbidden(connection, now),
    )


def gather_accepting(connection: Connection, command: AcceptSending, now: Now) -> Accepting:
    """Return what accepting depends on, and take the numbers of label and slip."""
    return Accepting(
        zones=zones_of(connection, command.courier, now.day),
        left=_take_waybill(connection, command.courier, now.device),
        forbidden=forbidden(connection, now),
        slip=take_number(connection, f"{SLIP_SERIES}/{now.device}"),
    )


def gather_finishing(connection: Connection, command: FinishSending, now: Now) -> Finishing:
    """Return the parcel of this act."""
    found = sendings_of_act(connection, command.act)
    terms = zone_of(
        command.accepted.address, zones_of(connection, command.accepted.courier, now.day)
    )
    return Finishing(sending=found[0] if found else "", terms=terms)


def gather_leaving(
    connection: Connection, command: HandSendingsOver, _now: Now
) -> Sequence[Sending | None]:
    """Return the parcels that leave."""
    return [sending_state(connection, one) for one in command.sendings]


def gather_one(connection: Connection, command: CancelSending, _now: Now) -> Sending | None:
    """Return the parcel that is taken back."""
    return sending_state(connection, command.sending)


def gather_left(connection: Connection, command: AskWaybills, now: Now) -> Left:
    """Return what is left of the numbers."""
    return left_of(connection, command.courier, now.device)
