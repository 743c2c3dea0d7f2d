"""What the first day asks of the other slices, whoever answers.

The slices meet only through facts and commands, so nobody is imported: the composition root hands
in how to ask (`station_app.premises`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from station_app.journal.log import Connection
from station_app.services.people.commands import Details
from station_app.values.now import Now
from station_app.values.refusal import Refusal


class KnownPerson(Protocol):
    """A villager, as far as a sheet can name her. Everything is "" once erased."""

    @property
    def name(self) -> str:
        """Return her name."""
        ...

    @property
    def phone(self) -> str:
        """Return her phone, "" for none."""
        ...

    @property
    def hamlet(self) -> str:
        """Return the group of the village."""
        ...

    @property
    def is_erased(self) -> int:
        """Return 1 if who she is has been removed."""
        ...


class FoundPerson(KnownPerson, Protocol):
    """A villager that was searched for."""

    @property
    def identity(self) -> str:
        """Return the entity that she is now."""
        ...

    @property
    def tail(self) -> str:
        """Return the last four digits of her phone."""
        ...


class Worker(Protocol):
    """Somebody at the counter."""

    @property
    def identity(self) -> str:
        """Return who she is."""
        ...

    @property
    def name(self) -> str:
        """Return her name."""
        ...

    @property
    def role(self) -> str:
        """Return `operator` or `manager`."""
        ...

    @property
    def has_left(self) -> int:
        """Return 1 if she no longer works here."""
        ...


class RegisteredPerson(KnownPerson, Protocol):
    """A villager as the register holds her, with what tells doubles apart."""

    @property
    def id_number(self) -> str:
        """Return her ID number, "" for none."""
        ...


class People(Protocol):
    """The register of people, as far as the first day asks it."""

    def person(self, connection: Connection, identity: str, /) -> FoundPerson | None:
        """Return one villager, also by an identity that was joined to another."""
        ...

    def find(self, connection: Connection, typed: str, most: int, /) -> Sequence[FoundPerson]:
        """Return whoever fits what was typed, the likeliest first."""
        ...

    def everybody(self, connection: Connection, /) -> Mapping[str, RegisteredPerson]:
        """Return all who are known, by identity, the erased ones left out."""
        ...

    def count_persons(self, connection: Connection, /) -> int:
        """Return how many are known."""
        ...

    def operators(self, connection: Connection, /) -> Sequence[Worker]:
        """Return all who work or worked here."""
        ...

    def operator_name(self, connection: Connection, identity: str, /) -> str:
        """Return the name of somebody at the counter, "" for nobody."""
        ...


class Shelved(Protocol):
    """The shelves, and how many parcels stand on them."""

    @property
    def shelves(self) -> int:
        """Return how many there are."""
        ...

    @property
    def layers(self) -> int:
        """Return how many layers each has."""
        ...

    @property
    def places(self) -> int:
        """Return how many parcels go on a layer."""
        ...

    @property
    def counts(self) -> Mapping[Any, int]:
        """Return how many parcels stand on each layer that holds any."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """How to ask the other slices.

    why_not_person: what the register has against details, as its own rule will say.
    has_counted: whether a shift has counted the drawer of a device.
    room: the shelves as they are now, with what stands on them; on_hand: waybills of all that do.
    lots: how many lots of produce are on the shelf.
    """

    people: People
    why_not_person: Callable[[Details], Refusal | None]
    has_counted: Callable[[Connection, str], bool]
    room: Callable[[Connection, Now], Shelved]
    on_hand: Callable[[Connection], frozenset[str]]
    lots: Callable[[Connection], int]
