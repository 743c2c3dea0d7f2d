"""Who stands at the counter: the list of operators, their PINs, and who is signed in.

PINs are looked at by the writing thread (a try is on disk before it is judged), so every question
has a `then`. The page never sees a hash and never knows more than the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from station_app.journal.log import Connection
from station_app.security import pins, readmission
from station_app.security.pins import Answer, PinHasher
from station_app.services.people.records import OperatorRow, operators
from station_app.values.clock import Chance
from station_app.values.codes import OPERATOR, OwnCode, Recognised, identity_prefix

T = TypeVar("T")
Readmitted = readmission.Right | readmission.Wrong


class Write(Protocol):
    """Runs work where writing is allowed, outside any transaction; then tells its result."""

    def __call__(self, work: Callable[[Any], T], then: Callable[[T], None]) -> None:
        """Run `work` with the writing connection; `then` is called in the screen's thread."""
        ...


class Attendance(Protocol):
    """Who is signed in on this PC; rules and facts take the operator from there."""

    @property
    def operator(self) -> str:
        """Return the identity of who is signed in, "" for nobody."""
        ...

    def come(self, operator: str, *, is_manager: bool) -> None:
        """Sign somebody in."""
        ...

    def go(self) -> None:
        """Lock: nobody stands at the counter. The journal is untouched."""
        ...


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may sign in here. has_pin: on this PC."""

    identity: str
    name: str
    is_manager: bool
    has_pin: bool


def colleagues(connection: Connection) -> tuple[Colleague, ...]:
    """Return all who work at this station now, managers first, then by name."""
    present = [row for row in operators(connection) if not row.has_left]
    return tuple(
        _colleague(connection, row) for row in sorted(present, key=lambda r: (r.role, r.name))
    )


def _colleague(connection: Connection, row: OperatorRow) -> Colleague:
    return Colleague(
        row.identity, row.name, row.role == "manager", pins.has_pin(connection, row.identity)
    )


def by_card(known: tuple[Colleague, ...], code: Recognised) -> Colleague | None:
    """Return whose card was scanned, None when it is no card of somebody here."""
    if not isinstance(code, OwnCode) or code.kind != OPERATOR:
        return None
    head = identity_prefix(code.payload)
    return next((one for one in known if one.identity.startswith(head)), None)


class PinDoor:
    """Asks for PINs and sets them, off the screen's thread."""

    def __init__(
        self,
        write: Write,
        hasher: PinHasher,
        *,
        chance: Chance,
        uptime_ms: Callable[[], int],
        least: Callable[[], int] = lambda: pins.DIGITS,
    ) -> None:
        """Ask through `write`. least: digits of a PIN, as the county has set it.

        right_answer: what the county answers to a challenge; None where nobody can work it out.
        """
        self.right_answer: Callable[[str], str] | None = None
        self.least = least
        self._write = write
        self._hasher = hasher
        self._chance = chance
        self._uptime_ms = uptime_ms

    def try_pin(self, operator: str, pin: str, then: Callable[[Answer], None]) -> None:
        """Look at one try."""
        self._write(
            lambda connection: pins.check_pin(
                connection, operator, pin, hasher=self._hasher, uptime_ms=self._uptime_ms()
            ),
            then,
        )

    def ask_wait(self, operator: str, then: Callable[[int], None]) -> None:
        """Tell for how many ms a lock still lasts, 0 for none."""
        self._write(
            lambda connection: pins.waiting_ms(connection, operator, self._uptime_ms()), then
        )

    @property
    def can_readmit(self) -> bool:
        """Tell whether the county can let somebody in again by phone."""
        return self.right_answer is not None

    def challenge(self, operator: str, then: Callable[[str], None]) -> None:
        """Tell the challenge that the operator reads out by phone."""
        self._write(lambda c: readmission.challenge(c, operator, self._chance), then)

    def readmit(self, operator: str, typed: str, then: Callable[[Readmitted], None]) -> None:
        """Look at the county's answer; the right one lifts the operator's lock."""
        expected = self.right_answer
        assert expected is not None

        def look(connection: Any) -> Readmitted:
            found = readmission.answer(connection, operator, typed, expected)
            if isinstance(found, readmission.Right):
                pins.lift_lock(connection, operator)
            return found

        self._write(look, then)

    def give(self, operator: str, pin: str, then: Callable[[None], None]) -> None:
        """Set somebody's PIN; `pins.pin_refusal` was asked before."""
        self._write(
            lambda connection: pins.set_pin(
                connection, operator, pin, hasher=self._hasher, chance=self._chance
            ),
            then,
        )
