"""A hand-over in progress: whose parcels lie on the counter, what is scanned, what is to be paid.

Plain values and look-ups, no screen. All parcels of a receiver and of her household come together,
with those whose label bears her tail; each is scanned before it leaves, so that a wrong one among
them is called out while nothing has been recorded.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from station_app.journal.log import Connection
from station_app.services.cash.commands import TakePayment, taking
from station_app.services.parcels import records
from station_app.services.parcels.commands import (
    HandOverParcels,
    KeepHandoverPhoto,
    KeepSignature,
    PrintSlip,
)
from station_app.services.parcels.gathering import Gatherer
from station_app.services.parcels.receivers import KnownPerson
from station_app.services.parcels.records import ParcelRow
from station_app.services.purchasing.commands import PickUpOrder, PrintOrderSlip
from station_app.values.paying import Paying

Command = (
    HandOverParcels
    | KeepSignature
    | KeepHandoverPhoto
    | PickUpOrder
    | PrintOrderSlip
    | PrintSlip
    | TakePayment
)
PAY = "pay."  # begins what a payment still lacks; the rest is a word of the payment panel


@dataclass(frozen=True, slots=True)
class Item:
    """A parcel that lies on the counter. of: the name of its receiver, "" for the one served.

    order: the order whose goods are in it, "" for none; balance_fen: what is due for that.
    """

    row: ParcelRow
    of: str = ""
    is_scanned: bool = False
    order: str = ""
    balance_fen: int = 0

    @property
    def parcel(self) -> str:
        """Return its identity."""
        return self.row.parcel


@dataclass(frozen=True, slots=True)
class Served:
    """Who is served. person: identity, "" when only a label is known."""

    person: str = ""
    name: str = ""
    tail: str = ""
    phone: str = ""
    hamlet: str = ""
    consent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """What is known of a hand-over so far.

    wrong: a parcel of somebody else that was scanned; nothing goes on before it is seen.
    signature: hash of what was signed on the screen, or of the photo, "" for nothing.
    paid: how it is paid, without what is due, which follows from the items (see `paying`).
    """

    served: Served = Served()
    items: tuple[Item, ...] = ()
    wrong: ParcelRow | None = None
    wrong_of: str = ""
    paid: Paying = field(default_factory=Paying)
    taken_by: str = "self"
    check: str = "phone_tail"
    collector: str = ""
    relation: str = ""
    signature: str = ""

    @property
    def cod_fen(self) -> int:
        """Return the cash on delivery of all items."""
        return sum(item.row.cod_fen for item in self.items)

    @property
    def freight_fen(self) -> int:
        """Return the freight due of all items."""
        return sum(item.row.freight_fen for item in self.items)

    @property
    def balance_fen(self) -> int:
        """Return what is still due for orders whose goods are in the items."""
        return sum(item.balance_fen for item in self.items)

    @property
    def due_fen(self) -> int:
        """Return what is to be paid."""
        return self.cod_fen + self.freight_fen + self.balance_fen

    @property
    def unscanned(self) -> int:
        """Return how many items have not been scanned yet."""
        return sum(1 for item in self.items if not item.is_scanned)

    @property
    def paying(self) -> Paying:
        """Return how it is paid, with what is due now."""
        return replace(self.paid, due_fen=self.due_fen)

    @property
    def to_pay_fen(self) -> int:
        """Return what is asked for: what is due less the odd fen that were let go."""
        return self.due_fen - self.paying.round_off_fen

    @property
    def change_fen(self) -> int:
        """Return the change to give."""
        return self.paying.change_fen if self.due_fen else 0

    def missing(self, *, has_shift: bool) -> str:
        """Return what is still to be done, as the end of a text key, "" when nothing is."""
        lacking = self.paying.missing(has_shift=has_shift)
        steps = (
            ("wrong", self.wrong is not None),
            ("nothing", not self.items),
            ("unscanned", bool(self.unscanned)),
            (PAY + lacking, bool(lacking)),
            ("collector", self.taken_by == "on_behalf" and not self.collector.strip()),
            ("relation", self.taken_by == "on_behalf" and not self.relation.strip()),
        )
        return next((step for step, is_open in steps if is_open), "")

    def commands(self, ticket: str) -> tuple[Command, ...]:
        """Return what is asked of the desk; a slip comes out when money is taken."""
        parcels = tuple(item.parcel for item in self.items)
        is_self = self.taken_by == "self"
        handed = HandOverParcels(
            parcels=parcels,
            paid_fen=self.cod_fen + self.freight_fen,
            taken_by=self.taken_by,
            check=self.check,
            collector="" if is_self else self.collector,
            relation="" if is_self else self.relation,
        )
        signed: tuple[Command, ...] = ()
        person = self.served.person if is_self else ""
        if self.signature and self.check == "signature":
            signed = (KeepSignature(parcel=parcels[0], photo=self.signature, person=person),)
        elif self.signature and self.check == "photo":
            signed = (KeepHandoverPhoto(parcel=parcels[0], photo=self.signature, person=person),)
        fetched = tuple(
            PickUpOrder(
                order=item.order,
                paid_fen=item.balance_fen,
                taken_by=self.taken_by,
                check=self.check,
            )
            for item in self.items
            if item.order
        )
        if not self.due_fen:
            return (handed, *signed, *fetched)
        slips: list[Command] = []
        if self.cod_fen + self.freight_fen:
            slips.append(PrintSlip(act=ticket))
        if self.balance_fen:
            slips.append(PrintOrderSlip(act=ticket))
        return (handed, *signed, *fetched, taking(self.paying), *slips)


class Serving:
    """Finds whose parcels are to be handed over, on a reading connection."""

    def __init__(self, gatherer: Gatherer) -> None:
        """Look people up through `gatherer`."""
        self._gatherer = gatherer

    def person(self, connection: Connection, identity: str) -> HandOver | None:
        """Return the hand-over for a villager; None if nobody of that identity is known."""
        person = self._gatherer.people.person(connection, identity)
        if person is None:
            return None
        family = [
            member
            for member in self._gatherer.people.household(connection, person.household)
            if member.identity != person.identity
        ]
        items = [Item(row) for row in self._of(connection, person)]
        for member in family:
            items += [Item(row, of=member.name) for row in self._of(connection, member)]
        tails = dict.fromkeys(member.tail for member in (person, *family) if member.tail)
        for tail in tails:
            items += [
                Item(row, of=row.name or row.tail)
                for row in records.on_hand_for_label(connection, tail)
            ]
        credit = self._gatherer.people.credit(connection, person.identity)
        paid = Paying(person=person.identity, credit=credit)
        return self._with_orders(
            connection, HandOver(served=_served(person), items=tuple(items), paid=paid)
        )

    def label(self, connection: Connection, tail: str, name: str) -> HandOver:
        """Return the hand-over for a receiver who is known by her label only."""
        rows = records.on_hand_for_label(connection, tail, name)
        if tail:
            named = {row.parcel for row in rows}
            others = records.on_hand_for_label(connection, tail)
            rows += [row for row in others if row.parcel not in named]
        items = [Item(row, of="" if row.name == name else row.name) for row in rows]
        served = Served(name=name, tail=tail)
        return self._with_orders(connection, HandOver(served=served, items=tuple(items)))

    def parcel(self, connection: Connection, parcel: str) -> HandOver | None:
        """Return the hand-over of a parcel and all that belongs with it; None if it is gone."""
        row = records.parcel_row(connection, parcel)
        if row is None or not row.is_on_hand:
            return None
        if row.person:
            found = self.person(connection, row.person)
            if found is not None:
                return found
        if row.tail or row.name:
            return self.label(connection, row.tail, row.name)
        return self._with_orders(connection, HandOver(items=(Item(row),)))

    def who(self, connection: Connection, row: ParcelRow) -> str:
        """Return whose parcel it is, for a sentence."""
        return self._gatherer.who(connection, row)

    def again(self, connection: Connection, handing: HandOver) -> HandOver:
        """Return the hand-over with people and parcels as they are now; what is gone leaves it."""
        kept = []
        for item in handing.items:
            row = records.parcel_row(connection, item.parcel)
            if row is not None and row.is_on_hand and _is_for_the_same(row, item.row):
                kept.append(replace(item, row=row))
        person = handing.served.person
        found = self._gatherer.people.person(connection, person) if person else None
        served = _served(found) if found is not None else handing.served
        now = replace(handing, served=served, items=tuple(kept))
        return self._with_orders(connection, now)

    def again_served(self, connection: Connection, handing: HandOver) -> tuple[Item, ...]:
        """Return what else is here for whoever was served, after what she took."""
        served = handing.served
        if served.person:
            found = self.person(connection, served.person)
        elif served.tail or served.name:
            found = self.label(connection, served.tail, served.name)
        else:
            found = None
        return found.items if found is not None else ()

    def _with_orders(self, connection: Connection, handing: HandOver) -> HandOver:
        """Return the hand-over with the orders whose goods are in its parcels."""
        items = []
        for item in handing.items:
            found = self._gatherer.orders.of_waybill(connection, item.row.waybill)
            order, due_fen = (found.order, found.due_fen) if found else ("", 0)
            items.append(replace(item, order=order, balance_fen=due_fen))
        return replace(handing, items=tuple(items))

    def _of(self, connection: Connection, person: KnownPerson) -> list[ParcelRow]:
        names = self._gatherer.people.names_of(connection, person.identity)
        return records.on_hand_of(connection, names)


def _is_for_the_same(row: ParcelRow, before: ParcelRow) -> bool:
    return (row.person, row.name, row.tail) == (before.person, before.name, before.tail)


def _served(person: KnownPerson) -> Served:
    return Served(
        person=person.identity,
        name=person.name,
        tail=person.tail,
        phone=person.phone,
        hamlet=person.hamlet,
        consent=person.consent_leave,
    )


def scanned(handing: HandOver, parcel: str) -> HandOver:
    """Return the hand-over with one of its parcels scanned."""
    return _with_items(
        handing,
        [replace(i, is_scanned=True) if i.parcel == parcel else i for i in handing.items],
    )


def switched(handing: HandOver, parcel: str) -> HandOver:
    """Return the hand-over with a parcel ticked by hand, or not ticked any more."""
    return _with_items(
        handing,
        [
            replace(i, is_scanned=not i.is_scanned) if i.parcel == parcel else i
            for i in handing.items
        ],
    )


def without(handing: HandOver, parcel: str) -> HandOver:
    """Return the hand-over without a parcel that is not taken today."""
    return _with_items(handing, [i for i in handing.items if i.parcel != parcel])


def has(handing: HandOver, parcel: str) -> bool:
    """Tell whether a parcel is among those on the counter."""
    return any(item.parcel == parcel for item in handing.items)


def _with_items(handing: HandOver, items: Sequence[Item]) -> HandOver:
    return replace(handing, items=tuple(items))
