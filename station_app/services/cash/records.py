"""The drawer's queries: which shift is open, what a decision needs.

The day of work, the shift it belongs to, and the cut that a closing keeps for ever come from here.
"""

import base64
from dataclasses import dataclass
from typing import Any

import msgspec

from station_app.journal.cuts import Run, runs_since, tips_here
from station_app.journal.islands import floor_of
from station_app.journal.log import Connection
from station_app.journal.series import printed_number, take_number
from station_app.ledger.accounts import drawer
from station_app.ledger.balances import balance, books, standings, summed_up
from station_app.ledger.posting import CNY, PCS
from station_app.services.cash.commands import (
    CloseShift,
    ComparePlace,
    HandOverShift,
    OpenShift,
    PutIn,
    TakeOut,
)
from station_app.services.cash.days import DayProposal, propose_day
from station_app.services.cash.facts import Balance, Position, ShiftClosed, ShiftHandedOver
from station_app.services.cash.handover import HandingOver, HandOver
from station_app.services.cash.rules import Closing, Opening, Shift
from station_app.services.cash.vouchers import Moving, Voucher, account_of
from station_app.values.now import Now
from station_app.values.staff import Coworker

BALANCES_MAX = 400  # keeps shift.closed below the 64 KiB of a fact with room for positions
_shift_decoder = msgspec.json.Decoder(Shift)
_closed_decoder = msgspec.json.Decoder(ShiftClosed)
_voucher_decoder = msgspec.json.Decoder(Voucher)


@dataclass(frozen=True, slots=True)
class OpenedShift:
    """The shift that is open on a PC."""

    identity: str
    day: str
    opened_at: int


@dataclass(frozen=True, slots=True)
class ClosedShift:
    """A line in the list of closed shifts. number: as it stands on the slip."""

    identity: str
    device: str
    day: str
    number: str
    closed_at: int
    counted_fen: int
    difference_fen: int


# --- Shifts and days -----------------------------------------------------------------------------


def open_shift_of(connection: Connection, device: str) -> OpenedShift | None:
    """Return the shift that is open on this PC, the latest if there should be several."""
    row = connection.execute(
        "SELECT entity, day, opened_at FROM shifts WHERE device = ? AND closed_at = 0 "
        "ORDER BY opened_at DESC, entity DESC LIMIT 1",
        (device,),
    ).fetchone()
    return OpenedShift(*row) if row else None


def day_now(connection: Connection, clock_ms: int, build_ms: int) -> DayProposal:
    """Propose the business day for a PC on which no shift is open.

    clock_ms: by this machine's clock; build_ms: when the program was built, before which no clock
    is believed. The days used so far are those of all shifts of the station.
    """
    row = connection.execute("SELECT max(day) FROM shifts").fetchone()
    return propose_day(clock_ms, build_ms, row[0] or "")


def shift_state(connection: Connection, identity: str) -> Shift | None:
    """Return a shift as the fold has it."""
    row = connection.execute(
        "SELECT data FROM states WHERE kind = 'shift' AND entity = ?", (identity,)
    ).fetchone()
    return _shift_decoder.decode(row[0]) if row else None


def last_closed(connection: Connection, device: str) -> Shift | None:
    """Return the shift that was closed last on a PC."""
    row = connection.execute(
        "SELECT entity FROM shifts WHERE device = ? AND closed_at > 0 "
        "ORDER BY closed_at DESC, entity DESC LIMIT 1",
        (device,),
    ).fetchone()
    return shift_state(connection, row[0]) if row else None


def has_counted(connection: Connection, device: str) -> bool:
    """Tell whether a shift has ever counted the drawer of a PC."""
    row = connection.execute("SELECT 1 FROM shifts WHERE device = ? LIMIT 1", (device,)).fetchone()
    return row is not None


_CLOSED = (  # with the stream that closed it: the start marks the number of its slip
    "SELECT s.entity, s.device, s.day, s.number, "
    "(SELECT max(f.stream) FROM folds f WHERE f.root = s.entity AND f.at = s.closed_at), "
    "s.closed_at, s.counted_fen, s.difference_fen FROM shifts s "
    "WHERE s.closed_at > 0 AND (s.entity = ?2 OR s.entity IN "
    "(SELECT entity FROM shifts WHERE closed_at > 0 ORDER BY closed_at DESC LIMIT ?1)) "
    "ORDER BY s.closed_at DESC, s.entity DESC"
)


def closed_shifts(
    connection: Connection, *, limit: int = 60, also: str = ""
) -> tuple[ClosedShift, ...]:
    """Return the shifts that were closed last, the latest first. also: one that may be older."""
    rows = connection.execute(_CLOSED, (limit, also)).fetchall()
    return tuple(
        ClosedShift(identity, device, day, printed_number(number, stream), *rest)
        for identity, device, day, number, stream, *rest in rows
    )


@dataclass(frozen=True, slots=True)
class FoundHandOver:
    """A hand-over with its fact. closed: its body; act, stream: of the fact."""

    hand_over: HandOver
    closed: ShiftHandedOver
    act: str
    stream: str


def hand_over_by_fact(connection: Connection, identity: str) -> FoundHandOver | None:
    """Return a hand-over by the identity of its fact, None if it is not held."""
    row = connection.execute(
        "SELECT entity, body, act, stream FROM facts "
        "WHERE identity = ? AND kind = 'shift.handed_over'",
        (identity,),
    ).fetchone()
    state = shift_state(connection, row[0]) if row else None
    if state is None:
        return None
    body = msgspec.json.decode(row[1], type=ShiftHandedOver)
    found = next((one for one in state.hand_overs if one.fact == identity), None)
    return FoundHandOver(found, body, row[2], row[3]) if found else None


def voucher_state(connection: Connection, identity: str) -> Voucher | None:
    """Return a voucher as the fold has it; None if it is not held, or was undone."""
    row = connection.execute(
        "SELECT data FROM states WHERE kind = 'voucher' AND entity = ?", (identity,)
    ).fetchone()
    return _voucher_decoder.decode(row[0]) if row else None


# --- What the rules need -------------------------------------------------------------------------


def gather_opening(connection: Connection, _command: OpenShift, now: Now) -> Opening:
    """Read what opening a shift needs to know."""
    last = last_closed(connection, now.device)
    opened = open_shift_of(connection, now.device)
    return Opening(
        open_shift=opened.identity if opened else "",
        expected_fen=balance(connection, drawer(now.device)),
        last_counts=last.counts if last else None,
        proposal=day_now(connection, now.at, 0),
    )


def gather_closing(connection: Connection, _command: CloseShift, now: Now) -> Closing:
    """Read what closing the shift needs to know, and take the number of its Z slip."""
    tips = tips_here(connection)
    tail = journal_tail(connection)
    return Closing(
        expected_fen=balance(connection, drawer(now.device)),
        positions=tuple(Position(t.stream, t.seq, t.identity) for t in tips),
        balances=_balances(connection),
        facts=sum(len(run) for run in _runs_of_shift(connection, now.shift, tail)),
        tail=tail,
        number=take_number(connection, z_series(now.device)),
    )


def gather_hand_over(
    connection: Connection, _command: HandOverShift, now: Now, staff: tuple[Coworker, ...]
) -> HandingOver:
    """Read what handing the drawer over needs to know, and take the number of its paper."""
    return HandingOver(
        expected_fen=balance(connection, drawer(now.device)),
        positions=tuple(Position(t.stream, t.seq, t.identity) for t in tips_here(connection)),
        tail=journal_tail(connection),
        number=take_number(connection, f"hand_over/{now.device}"),
        staff=staff,
    )


def gather_moving(
    connection: Connection, command: PutIn | TakeOut, now: Now, staff: tuple[Coworker, ...]
) -> Moving:
    """Read what moving money needs to know, and take the number of its voucher."""
    source = command.place if isinstance(command, TakeOut) else command.reason
    try:
        held = balance(connection, account_of(source, now.device))
    except ValueError:  # the own pocket, or a place that the rule refuses
        held = None
    return Moving(
        number=take_number(connection, f"voucher/{now.device}"),
        held_fen=held,
        books=books(connection),
        staff=staff,
    )


def gather_compared(connection: Connection, command: ComparePlace, now: Now) -> int:
    """Read what the books have in a place; 0 for one that the rule refuses."""
    try:
        return balance(connection, account_of(command.place, now.device))
    except ValueError:
        return 0


def gather_nothing(_connection: Connection, _command: Any, _now: Now) -> None:
    """Read nothing: `Now` says all that a payment needs to know."""


def z_series(device: str) -> str:
    """Return the name of the series of a PC's Z slips."""
    return f"z/{device}"


def next_z_number(connection: Connection, device: str) -> int:
    """Return the number that the next Z slip will bear, without taking it."""
    row = connection.execute(
        "SELECT next FROM series WHERE name = ?", (z_series(device),)
    ).fetchone()
    return row[0] if row else 1


def journal_tail(connection: Connection) -> str:
    """Return the identity of the last fact of this PC's journal, "" before the first."""
    row = connection.execute("SELECT value FROM local WHERE name = 'last_identity'").fetchone()
    return str(row[0]) if row else ""


def _runs_of_shift(connection: Connection, opening: str, tail: str) -> list[Run]:
    """Return the runs of this PC's journal from the opening of a shift to the fact `tail`."""
    row = connection.execute("SELECT stream, seq FROM facts WHERE identity = ?", (tail,)).fetchone()
    return runs_since(connection, opening, (row[0], row[1])) if row else []


def _balances(connection: Connection) -> tuple[Balance, ...]:
    """Return money and parcels by account; single accounts are summed up when there are too many.

    Grams and pieces of lots stay out: their accounts never come back to zero. A PC that does not
    hold everything yet says nothing of the books: what it has is not what they come to.
    """
    if not floor_of(connection).is_whole:
        return ()
    found = [
        *standings(connection, commodity=CNY),
        *standings(connection, commodity=PCS),
    ]
    if len(found) > BALANCES_MAX:
        found = summed_up(found)
    return tuple(Balance(s.account, s.commodity, s.amount) for s in found)


@dataclass(frozen=True, slots=True)
class ClosingFact:
    """The fact that closed a shift, with its place in the journal."""

    body: ShiftClosed
    stream: str
    seq: int


def closed_body(connection: Connection, shift: str) -> ClosingFact | None:
    """Return the fact that closed a shift, None as long as it is open."""
    state = shift_state(connection, shift)
    if state is None or not state.closings:
        return None
    row = connection.execute(
        "SELECT body, stream, seq FROM facts WHERE identity = ?", (state.closings[-1],)
    ).fetchone()
    return ClosingFact(_closed_decoder.decode(row[0]), row[1], row[2])


def stream_of_closing(connection: Connection, shift: str) -> str:
    """Return the stream in which a shift was closed, "" if it is open: it marks the Z number."""
    row = _closing(connection, shift)
    return str(row[0]) if row else ""


def act_of_closing(connection: Connection, shift: str) -> str:
    """Return the act that closed a shift, "" if it is open."""
    row = _closing(connection, shift)
    return str(row[1]) if row else ""


def _closing(connection: Connection, shift: str) -> Any:
    state = shift_state(connection, shift)
    if state is None or not state.closings:
        return None
    return connection.execute(
        "SELECT stream, act FROM facts WHERE identity = ?", (state.closings[-1],)
    ).fetchone()


def payments_in(connection: Connection, shift: str) -> int:
    """Return how many payments a shift has taken and given, undone ones left out."""
    row = connection.execute("SELECT count(*) FROM payments WHERE shift = ?", (shift,)).fetchone()
    count: int = row[0]
    return count


def shift_of_code(connection: Connection, payload: str) -> str:
    """Return the closed shift whose Z slip bears a code; payload: 16 characters of base32."""
    first = base64.b32decode(payload).hex()
    row = connection.execute(
        "SELECT entity FROM shifts WHERE entity >= ? AND entity < ? AND closed_at > 0",
        (first, first + "g"),
    ).fetchone()
    return str(row[0]) if row else ""


def closing_by_act(connection: Connection, act: str) -> tuple[str, str] | None:
    """Return the shift that an act closed, and in which stream; None if it closed none."""
    row = connection.execute(
        "SELECT f.entity, f.stream FROM tickets t JOIN facts f ON f.stream = t.stream "
        "AND f.act = t.act WHERE t.ticket = ? AND f.kind = 'shift.closed'",
        (act,),
    ).fetchone()
    return (str(row[0]), str(row[1])) if row else None


@dataclass(frozen=True, slots=True)
class SlipFact:
    """A fact that has a slip of its own."""

    kind: str
    identity: str
    stream: str


def slip_fact_of_act(connection: Connection, act: str) -> SlipFact | None:
    """Return the voucher or hand-over of an act of this PC, None if it holds none."""
    row = connection.execute(
        "SELECT f.kind, f.identity, f.stream FROM tickets t JOIN facts f ON f.stream = t.stream "
        "AND f.act = t.act WHERE t.ticket = ? "
        "AND f.kind IN ('cash.put_in', 'cash.taken_out', 'shift.handed_over')",
        (act,),
    ).fetchone()
    return SlipFact(*row) if row else None
