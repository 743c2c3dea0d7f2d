"""Queries of the first day: how far it has come, which lines there are, what decides a command."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from station_app.journal.log import Connection
from station_app.journal.series import take_number
from station_app.ledger.accounts import drawer
from station_app.ledger.balances import balance
from station_app.reference import records as reference
from station_app.services.opening.commands import (
    CorrectOpening,
    EnterLot,
    EnterOpening,
    FinishOpening,
)
from station_app.services.opening.facts import PurseSum
from station_app.services.opening.judging import Known
from station_app.services.opening.lots import LotEntering
from station_app.services.opening.neighbours import Neighbours
from station_app.services.opening.purses import (
    DRAWER,
    OF_COUNTY,
    OF_COURIER,
    OF_PERSON,
    OWED_TO_US,
    PLACES,
    PURSES,
    Owner,
    account_of,
)
from station_app.services.opening.rules import (
    FINISHED,
    OPEN,
    Correcting,
    Entering,
    Finishing,
    Opening,
    OpeningLine,
    Signing,
)
from station_app.values.now import Now

SLIP_SERIES = "opening.slip"
_line_decoder = msgspec.json.Decoder(OpeningLine)
_opening_decoder = msgspec.json.Decoder(Opening)


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line in a list; see `rules.OpeningLine`."""

    line: str
    purse: str
    person: str
    courier: str
    device: str
    amount_fen: int
    entered_fen: int
    witness: str
    remark: str
    at: int
    slip: int
    stream: str


def opening_state(connection: Connection, station: str) -> Opening | None:
    """Return how far the first day of a station has come; None before anybody said anything."""
    row = connection.execute(
        "SELECT s.data FROM openings o JOIN states s ON s.kind = 'opening' AND s.entity = o.entity "
        "WHERE o.station = ?",
        (station,),
    ).fetchone()
    return _opening_decoder.decode(row[0]) if row else None


def line_state(connection: Connection, line: str) -> OpeningLine | None:
    """Return a line as last corrected."""
    row = connection.execute(
        "SELECT data FROM states WHERE kind = 'opening_line' AND entity = ?", (line,)
    ).fetchone()
    return _line_decoder.decode(row[0]) if row else None


def lines(connection: Connection, purses: Sequence[str] = PURSES) -> tuple[LineRow, ...]:
    """Return the lines of some purses, the latest first; what was taken back is among them."""
    rows = connection.execute(
        "SELECT entity, purse, person, courier, device, amount_fen, entered_fen, witness, remark, "
        "at, slip, stream FROM opening_lines ORDER BY at DESC, slip DESC, entity"
    ).fetchall()
    return tuple(row for row in (LineRow(*found) for found in rows) if row.purse in purses)


def sums(connection: Connection) -> tuple[PurseSum, ...]:
    """Return what each purse comes to, in the order of the paper; empty ones are left out."""
    rows = connection.execute(
        "SELECT purse, count(*), sum(amount_fen) FROM opening_lines WHERE amount_fen > 0 "
        "GROUP BY purse"
    ).fetchall()
    found = {purse: PurseSum(purse, count, amount) for purse, count, amount in rows}
    return tuple(found[purse] for purse in PURSES if purse in found)


class Gatherer:
    """Reads what the rules of the first day need, from here and from the neighbours."""

    def __init__(self, neighbours: Neighbours) -> None:
        """Ask `neighbours` about people, the drawer and the shelves."""
        self.neighbours = neighbours

    def signing(self, connection: Connection) -> Signing:
        """Return who could sign besides the operator."""
        workers = self.neighbours.people.operators(connection)
        return Signing(
            managers=[w.identity for w in workers if w.role == "manager" and not w.has_left]
        )

    def entering(self, connection: Connection, command: EnterOpening, now: Now) -> Entering:
        """Return what decides whether an amount may be written down, and number its slip."""
        opening = opening_state(connection, now.station)
        device = now.device if command.purse == DRAWER else ""
        rows = connection.execute(
            "SELECT amount_fen FROM opening_lines WHERE purse = ? AND person = ? AND courier = ? "
            "AND device = ? AND amount_fen > 0 ORDER BY at",
            (command.purse, command.person, command.courier, device),
        ).fetchall()
        return Entering(
            signing=self.signing(connection),
            slip=take_number(connection, SLIP_SERIES),
            status=opening.status if opening else OPEN,
            owner_known=self._is_known(connection, command),
            twins=[row[0] for row in rows],
            drawer_counted=command.purse == DRAWER and self._is_counted(connection, now),
        )

    def _is_known(self, connection: Connection, command: EnterOpening) -> bool:
        if command.purse in OF_PERSON:
            person = self.neighbours.people.person(connection, command.person)
            return person is not None and not person.is_erased
        if command.purse in OF_COURIER:
            return reference.courier(connection, command.courier) is not None
        return True

    def _is_counted(self, connection: Connection, now: Now) -> bool:
        is_moved = balance(connection, drawer(now.device)) != 0
        is_written = connection.execute(
            "SELECT 1 FROM opening_lines WHERE purse = 'drawer' AND device = ? AND amount_fen > 0",
            (now.device,),
        ).fetchone()
        has_shift = self.neighbours.has_counted(connection, now.device)
        return has_shift or (is_moved and is_written is None)

    def correcting(self, connection: Connection, command: CorrectOpening, _now: Now) -> Correcting:
        """Return what decides whether a line may be put right, and number its slip."""
        line = line_state(connection, command.line)
        device = line.device if line is not None and line.purse == DRAWER else ""
        return Correcting(
            signing=self.signing(connection),
            slip=take_number(connection, SLIP_SERIES),
            line=line,
            left_fen=left_of(connection, command.line, line) if line else None,
            drawer_counted=bool(device) and self.neighbours.has_counted(connection, device),
        )

    def entering_lot(self, connection: Connection, command: EnterLot, now: Now) -> LotEntering:
        """Return what decides whether a lot may be written down, and number its slip."""
        opening = opening_state(connection, now.station)
        person = self.neighbours.people.person(connection, command.person)
        return LotEntering(
            signing=self.signing(connection),
            slip=take_number(connection, SLIP_SERIES),
            status=opening.status if opening else OPEN,
            grower_known=person is not None and not person.is_erased,
        )

    def opening(self, connection: Connection, _command: object, now: Now) -> Opening | None:
        """Return how far it has come."""
        return opening_state(connection, now.station)

    def finishing(
        self, connection: Connection, _command: FinishOpening | None, now: Now
    ) -> Finishing:
        """Return what the books begin with, and number the paper."""
        return self.standing(connection, now, slip=take_number(connection, SLIP_SERIES))

    def standing(self, connection: Connection, now: Now, *, slip: int = 0) -> Finishing:
        """Return the same for the screen, without taking a number."""
        shelved = self.neighbours.room(connection, now).counts
        return Finishing(
            signing=self.signing(connection),
            slip=slip,
            opening=opening_state(connection, now.station),
            sums=sums(connection),
            people=self.neighbours.people.count_persons(connection),
            parcels=sum(shelved.values()),
            lots=self.neighbours.lots(connection),
        )


def known(connection: Connection, neighbours: Neighbours) -> Known:
    """Return all that a sheet is compared with."""
    rows = connection.execute(
        "SELECT purse, person, courier FROM opening_lines WHERE amount_fen > 0"
    ).fetchall()
    return Known(
        everybody=neighbours.people.everybody(connection),
        couriers={c.code: (c.name, c.short_name) for c in reference.couriers(connection)},
        twins=frozenset((purse, person or courier) for purse, person, courier in rows),
        on_hand=neighbours.on_hand(connection),
        why_not_person=neighbours.why_not_person,
    )


def left_of(connection: Connection, identity: str, line: OpeningLine) -> int | None:
    """Return how much still stands in the account of a debt, None where it cannot be told."""
    if line.purse in PLACES or line.purse in OF_COUNTY:
        return None
    owner = Owner(document=identity, person=line.person, courier=line.courier)
    account = account_of(line.purse, owner)
    stands = balance(connection, account)
    return max(0, stands if line.purse in OWED_TO_US else -stands)


def is_over(connection: Connection, station: str) -> bool:
    """Tell whether the first day is finished."""
    state = opening_state(connection, station)
    return state is not None and state.status == FINISHED
