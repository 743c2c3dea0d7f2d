"""What a parcel has to do with an order that was placed here: asked of whoever knows orders.

Parcels know no orders, only their waybills. The composition root lends somebody who answers; where
nobody does, a parcel is a parcel.
"""

from collections.abc import Mapping
from typing import Protocol

from station_app.journal.log import Connection


class Ordered(Protocol):
    """The order whose goods are in a parcel."""

    @property
    def order(self) -> str:
        """Return its identity."""
        ...

    @property
    def due_fen(self) -> int:
        """Return what is still to be paid for it."""
        ...


class Orders(Protocol):
    """Whoever knows orders by their waybills."""

    def of_waybill(self, connection: Connection, waybill: str, /) -> Ordered | None:
        """Return the order that is fetched with a parcel, None for none that is still open."""
        ...

    def person(self, connection: Connection, waybill: str, /) -> str:
        """Return who ordered what comes under a waybill, "" for nobody."""
        ...

    def last_days(self, connection: Connection, /) -> Mapping[str, str]:
        """Return until which day the platform takes back what lies here unfetched, by waybill."""
        ...


class NoOrders:
    """Nobody orders here."""

    def of_waybill(self, _connection: Connection, _waybill: str, /) -> Ordered | None:
        """Return none."""
        return None

    def person(self, _connection: Connection, _waybill: str, /) -> str:
        """Return nobody."""
        return ""

    def last_days(self, _connection: Connection, /) -> Mapping[str, str]:
        """Return none."""
        return {}
