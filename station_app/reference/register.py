"""The register of people as a slice asks it, whoever keeps it.

The slices meet only through facts and commands, so none of them imports the register: the root
hands in something that answers (`services.people.records` does). What nearly all of them ask stands
here; one that asks more adds it in a protocol of its own.
"""

from collections.abc import Sequence
from typing import Protocol

from station_app.journal.log import Connection
from station_app.values.villagers import Reachable


class Register(Protocol):
    """Who is in it, and who works at the counter."""

    def person(self, connection: Connection, identity: str, /) -> Reachable | None:
        """Return one villager, also by an identity that was joined to another."""
        ...

    def find(self, connection: Connection, typed: str, /) -> Sequence[Reachable]:
        """Return whoever fits what was typed, the likeliest first."""
        ...

    def operator_name(self, connection: Connection, identity: str, /) -> str:
        """Return the name of somebody at the counter, "" for nobody."""
        ...
