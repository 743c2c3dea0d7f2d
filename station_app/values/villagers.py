"""A villager as every counter has to know her, whoever keeps the register of people.

The slices meet only through facts and commands, so none of them imports the register: each says in
a `People` protocol of its own what it asks there. What they all need of an answer stands here; a
slice that needs more adds it.
"""

from typing import Protocol


class Villager(Protocol):
    """Whoever stands at the counter and is in the register."""

    @property
    def identity(self) -> str:
        """Return the entity that she is now."""
        ...

    @property
    def name(self) -> str:
        """Return her name, "" once erased."""
        ...

    @property
    def hamlet(self) -> str:
        """Return the group of the village in which she lives."""
        ...

    @property
    def tail(self) -> str:
        """Return the last four digits of her phone, "" for none."""
        ...


class Reachable(Villager, Protocol):
    """A villager whom somebody may have to ring."""

    @property
    def phone(self) -> str:
        """Return her phone, "" for none."""
        ...
