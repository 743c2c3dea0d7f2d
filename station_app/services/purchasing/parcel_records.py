"""What orders tell about parcels: whose they are, what is still due, until when they go back.

The platform counts from the day on which the courier was signed for, which is when the parcel came
to the station: its clock runs while the goods lie here unfetched.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from station_app.journal.log import Connection
from station_app.services.purchasing import own_records, records
from station_app.services.purchasing.rules import CANCELLED, PICKED_UP, balance_due
from station_app.services.purchasing.timeline_records import platform_last_day


@dataclass(frozen=True, slots=True)
class OrderInParcel:
    """An order that is fetched with a parcel. due_fen: what is still to be paid for it."""

    order: str
    due_fen: int


class ParcelsOfOrders:
    """Answers by waybill; see `services.parcels.ordered`."""

    def of_waybill(self, connection: Connection, waybill: str, /) -> OrderInParcel | None:
        """Return the order that is fetched with a parcel."""
        order = records.order_of_waybill(connection, waybill)
        state = records.order_state(connection, order) if order else None
        if state is None or not state.founder or state.status in (PICKED_UP, CANCELLED):
            return None
        return OrderInParcel(order, balance_due(state))

    def person(self, connection: Connection, waybill: str, /) -> str:
        """Return who ordered what comes under a waybill."""
        return own_records.person_of_waybill(connection, waybill)

    def last_days(self, connection: Connection, /) -> Mapping[str, str]:
        """Return until which day the platform takes back what lies here, by waybill."""
        rows = connection.execute(
            "SELECT o.entity, o.waybill, p.day_in FROM orders o JOIN parcels p "
            "ON p.waybill = o.waybill AND p.status = 'on_hand' "
            "WHERE o.status IN ('accepted', 'bought', 'shipped') AND o.waybill != ''"
        ).fetchall()
        found = {}
        for order, waybill, day_in in rows:
            last = platform_last_day(connection, str(order), str(day_in))
            if last:
                found[str(waybill)] = last
        return found
