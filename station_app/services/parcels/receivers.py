"""Receivers as this slice needs to know them, whoever keeps the register of people.

The slices meet only through facts and commands, so the register is not imported: the composition
root hands in something that answers these questions (`station_app.services.people.records` does).
"""

from collections.abc import Sequence
from typing import Protocol

from station_app.journal.log import Connection
from station_app.values.paying import Credit
from station_app.values.villagers import Villager


class KnownPerson(Villager, Protocol):
    """A villager. consent_leave: `yes`, `no` or `unknown` to leaving parcels at the station."""

    @property
    def phone(self) -> str:
        """Return her phone, "" for none."""
        ...

    @property
    def household(self) -> str:
        """Return what joins her family."""
        ...

    @property
    def consent_leave(self) -> str:
        """Return whether parcels may be left for her."""
        ...

    @property
    def consent_personal(self) -> str:
        """Return whether others may be given who she is, as a gateway must be."""
        ...

    @property
    def is_erased(self) -> int:
        """Return 1 if who she is has been removed."""
        ...


class People(Protocol):
    """The register of people, as far as parcels ask it."""

    def person(self, connection: Connection, identity: str, /) -> KnownPerson | None:
        """Return one villager, also by an identity that was joined to another."""
        ...

    def names_of(self, connection: Connection, identity: str, /) -> Sequence[str]:
        """Return every identity under which facts may know her."""
        ...

    def by_tail(self, connection: Connection, tail: str, /) -> Sequence[KnownPerson]:
        """Return all whose phone ends so."""
        ...

    def household(self, connection: Connection, number: str, /) -> Sequence[KnownPerson]:
        """Return the members of a household."""
        ...

    def find(self, connection: Connection, typed: str, /) -> Sequence[KnownPerson]:
        """Return whoever fits what was typed, the likeliest first."""
        ...

    def credit(self, connection: Connection, identity: str, /) -> Credit:
        """Return how far she may owe the station, and what she owes."""
        ...

    def operator_name(self, connection: Connection, identity: str, /) -> str:
        """Return the name of somebody at the counter, "" for nobody."""
        ...
