"""What a gateway for messages is to the county: it takes some, and says later what came of them.

Each message has a name that never changes, the same however often it is offered: a gateway that
has it already answers as before and sends nothing twice. Reports may come at once, late, in any
order and again; the county keeps what is new in them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

STATES = ("sent", "delivered", "refused")
OFFERED_MAX = 100  # in one go: a gateway that fails in the middle repeats no more than these
NUMBER_CHARACTERS_MAX = 40
BETWEEN = "-"  # between station and identity in a message's name


class GatewayTrouble(RuntimeError):
    """The gateway does not answer, or not in words that anybody agreed on."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as the gateway gets it. name: see `name_of`; way: `sms` or `wechat`."""

    name: str
    phone: str
    text: str
    way: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a gateway says of a message. state: one of `STATES`; day: "" for today.

    number: its own for the message; reason: of a refusal, see `messages.GATEWAY_REASONS`.
    """

    name: str
    state: str
    number: str = ""
    reason: str = ""
    day: str = ""


class Gateway(Protocol):
    """Where messages go."""

    def send(self, outgoing: Sequence[Outgoing]) -> Sequence[Report]:
        """Hand messages over; return what is known of them at once. Raises GatewayTrouble."""
        ...

    def reports(self) -> Sequence[Report]:
        """Return what has become known since. Raises GatewayTrouble."""
        ...

    def seen(self) -> None:
        """Say that the last reports have been written down, and need not come again."""
        ...


def name_of(station: str, identity: str) -> str:
    """Return the name under which a gateway knows a message."""
    return f"{station}{BETWEEN}{identity}"


def named(name: str) -> tuple[str, str]:
    """Return station and identity of a message's name; ("", "") when it is none."""
    station, between, identity = name.rpartition(BETWEEN)
    return (station, identity) if station and between and identity else ("", "")
