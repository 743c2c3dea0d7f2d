"""Letting somebody in again who forgot the PIN, without a network: eight digits out, eight back.

The PC draws a challenge, the operator reads it out by phone, somebody at the county answers from
the county's page. Both ends work the answer out from their own key and the other's public one
(`signing.Signer.spoken_answer`), so nothing that was ever sent or printed helps to guess it. A
challenge is for one operator, is used up by the right answer or by five wrong ones, and is kept
over a restart, since the call may be cut off. A try is counted on disk before it is looked at.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec

from station_app.journal.log import Connection
from station_app.journal.store import transaction
from station_app.security.database_key import device_seed
from station_app.security.key_store import KeyStore
from station_app.security.signing import Signer
from station_app.security.spoken_codes import draw, question
from station_app.values.clock import Chance

TRIES: Final = 5
_SETTING: Final = "readmission"


class _Asked(msgspec.Struct, frozen=True):
    operator: str
    challenge: str
    tries: int


@dataclass(frozen=True, slots=True)
class Right:
    """The county let the operator in. challenge: the one that was answered."""

    challenge: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """It did not. tries_left: 0 when this challenge is used up and another one must be read out."""

    tries_left: int


def challenge(connection: Connection, operator: str, chance: Chance) -> str:
    """Return the challenge of an operator: the one that waits for its answer, or a new one."""
    with transaction(connection):
        asked = _asked(connection)
        if asked is None or asked.operator != operator or asked.tries >= TRIES:
            asked = _Asked(operator, draw(chance), 0)
            _keep(connection, asked)
    return asked.challenge


def answer(
    connection: Connection, operator: str, typed: str, expected: Callable[[str], str]
) -> Right | Wrong:
    """Look at an answer. expected: works the right one out for a challenge."""
    assert not getattr(connection, "in_transaction", False), "a try must be on disk first"
    with transaction(connection):
        asked = _asked(connection)
        if asked is None or asked.operator != operator or asked.tries >= TRIES:
            return Wrong(0)
        asked = _Asked(operator, asked.challenge, asked.tries + 1)
        _keep(connection, asked)
    if hmac.compare_digest(expected(asked.challenge).encode(), typed.encode()):
        with transaction(connection):
            connection.execute("DELETE FROM local WHERE name = ?", (_SETTING,))
        return Right(asked.challenge)
    return Wrong(TRIES - asked.tries)


def _asked(connection: Connection) -> _Asked | None:
    row = connection.execute("SELECT value FROM local WHERE name = ?", (_SETTING,)).fetchone()
    return msgspec.json.decode(row[0], type=_Asked) if row else None


def _keep(connection: Connection, asked: _Asked) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO local(name, value) VALUES (?, ?)",
        (_SETTING, msgspec.json.encode(asked).decode("utf-8")),
    )


class Place(Protocol):
    """Which PC asks, and whose key answers."""

    @property
    def station(self) -> str:
        """Return the station's code."""
        ...

    @property
    def device(self) -> str:
        """Return the PC's mark: D1."""
        ...

    @property
    def county_key(self) -> str:
        """Return the county's public key, 64 hex digits."""
        ...


def right_answer(keys: KeyStore, chance: Chance, here: Place) -> Callable[[str], str]:
    """Return what works the right answer out on this PC, from its own key."""

    def work_out(challenge: str) -> str:
        signer = Signer(device_seed(keys, chance))
        return signer.spoken_answer(
            bytes.fromhex(here.county_key), question(here.station, here.device, challenge)
        )

    return work_out
