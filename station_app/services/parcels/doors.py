"""The doors of a home delivery: who lives there, what goes there, what is asked of the desk.

Plain values. A door is one receiver: her parcels of the lists that are on the road, those that are
still out apart from those of which it was written down what came of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from station_app.services.cash.commands import TakePayment, taking
from station_app.services.parcels.commands import BringBack, DeliverOnRun
from station_app.services.parcels.ordered import Ordered
from station_app.services.parcels.records import ParcelRow
from station_app.services.parcels.run_records import Stop
from station_app.services.purchasing.commands import PickUpOrder
from station_app.values.paying import CASH, Paying

Command = DeliverOnRun | PickUpOrder | TakePayment


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Who opened. taken_by: `self` or `on_behalf`, then with name and relation.

    way, reference: how what was due was paid, with the number of that payment.
    """

    taken_by: str = "self"
    check: str = "signature"
    collector: str = ""
    relation: str = ""
    way: str = CASH
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What is written down together at one door.

    number: of the door in the order of the way; orders: whose goods are brought.
    """

    number: int
    hamlet: str
    stops: tuple[Stop, ...]
    orders: tuple[Ordered, ...] = ()

    @property
    def subject(self) -> str:
        """Return what tells it apart: its first parcel."""
        return self.stops[0].row.parcel

    @property
    def rows(self) -> tuple[ParcelRow, ...]:
        """Return its parcels."""
        return tuple(stop.row for stop in self.stops)

    @property
    def outcome(self) -> str:
        """Return what came of it: "" while it is out, `delivered` or `back`."""
        return self.stops[0].outcome

    @property
    def parcels_fen(self) -> int:
        """Return what is to be collected for the couriers."""
        return sum(row.due_fen for row in self.rows)

    @property
    def due_fen(self) -> int:
        """Return what is to be collected, with what is due for orders."""
        return self.parcels_fen + sum(order.due_fen for order in self.orders)

    def deliver(self, answer: Answer) -> tuple[Command, ...]:
        """Return what is asked when somebody took it all, and paid."""
        is_self = answer.taken_by == "self"
        delivered = DeliverOnRun(
            parcels=tuple(row.parcel for row in self.rows),
            paid_fen=self.parcels_fen,
            taken_by=answer.taken_by,
            check=answer.check,
            collector="" if is_self else answer.collector,
            relation="" if is_self else answer.relation,
        )
        fetched = tuple(
            PickUpOrder(
                order=order.order,
                paid_fen=order.due_fen,
                taken_by=answer.taken_by,
                check=answer.check,
            )
            for order in self.orders
        )
        paying = Paying(due_fen=self.due_fen, way=answer.way, reference=answer.reference)
        paid = (taking(paying),) if self.due_fen else ()
        return (delivered, *fetched, *paid)


def bring_back(doors: Sequence[Door], reason: str) -> tuple[BringBack, ...]:
    """Return what is asked when nobody took what went to these doors."""
    return tuple(BringBack(parcel=row.parcel, reason=reason) for door in doors for row in door.rows)
