"""What the rules need to see, read inside the transaction of the act that they decide.

A screen may have proposed a place a minute ago; here it is looked at again, with what the other
acts have done since.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from station_app.journal.log import Connection
from station_app.journal.series import take_number
from station_app.reference import records as reference
from station_app.reference.settings import CODE_STYLE, ON_BEHALF_COD_FEN, ON_BEHALF_VALUABLE
from station_app.services.parcels import records, side_records
from station_app.services.parcels.announcements import Announcement
from station_app.services.parcels.bag_records import bag_with
from station_app.services.parcels.commands import (
    BringBack,
    DeliverOnRun,
    HandOverParcels,
    MoveParcel,
    ReassignParcel,
    ReturnParcels,
    ShelveParcel,
    TakeEndingBack,
    TakeOnRun,
    TakeShelvingBack,
    TellReceiver,
)
from station_app.services.parcels.limits import Limits
from station_app.services.parcels.ordered import NoOrders, Orders
from station_app.services.parcels.places import Code, Layer, Room, propose
from station_app.services.parcels.receivers import KnownPerson, People
from station_app.services.parcels.records import ParcelRow
from station_app.services.parcels.rules import (
    Chosen,
    HandingOver,
    Moving,
    Reassigning,
    Shelving,
    Visit,
    clean_waybill,
)
from station_app.services.parcels.runs import Delivering, Leaving
from station_app.services.parcels.styles import Giver, MadeOf, choose_number
from station_app.services.parcels.taking_back import TakingBack, Unshelving
from station_app.services.parcels.visits import Parcel
from station_app.values.goods_out import GoodsOut
from station_app.values.now import Now
from station_app.values.runs import RUN_SERIES
from station_app.values.waybills import CourierPattern, Waybill, is_sure, read_waybill

SLIP_SERIES = "parcels.slip"


@dataclass(frozen=True, slots=True)
class Guess:
    """Whose parcel a waybill probably is.

    courier: code, "" when the operator has to say; how: `pattern`, `remembered`, `announced` or
    ""; candidates: codes to choose from, the likeliest first.
    """

    courier: str
    how: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where the next parcel would go: what the screen shows before anything is done."""

    code: Code | None
    room: Room
    left: int


GoodsSince = Callable[[Connection, int], Sequence[GoodsOut]]


def nothing_left(_connection: Connection, _since_ms: int) -> tuple[GoodsOut, ...]:
    """Return nothing: no produce leaves from here."""
    return ()


class Gatherer:
    """Reads what each command needs. people: the register; start: see `places.choose_serial`.

    orders: who knows what was ordered here; goods: which produce left for the hub since when.
    """

    def __init__(
        self,
        people: People,
        *,
        start: int = 0,
        orders: Orders | None = None,
        goods: GoodsSince = nothing_left,
    ) -> None:
        """Ask `people` about receivers, and look for free serials from `start` on."""
        self.people = people
        self.start = start
        self.orders: Orders = orders or NoOrders()
        self.goods = goods

    # --- For the rules ---------------------------------------------------------------------------

    def shelving(self, connection: Connection, command: ShelveParcel, now: Now) -> Shelving:
        """Return what decides where a parcel goes, and whether it may come in."""
        waybill = clean_waybill(command.waybill)
        room = records.room(connection, reference.station(connection, now.station))
        layer = self._layer(connection, room, command)
        couriers = {row.code: row.name for row in reference.couriers(connection)}
        announced = records.announcement(connection, waybill, now.station)
        receiver = self._receiver(connection, command.person)
        visits = records.visits_of(connection, waybill)
        return Shelving(
            room=room,
            layer=layer,
            taken=records.taken(connection, layer, now.day) if layer else frozenset(),
            start=self.start,
            visits=[Visit(parcel, state, self.who(connection, state)) for parcel, state in visits],
            announcement=announced,
            announced_for=self._station_name(connection, announced),
            couriers=couriers,
            recognised=recognised(waybill, reference.patterns(connection, now.day)),
            receiver_known=receiver is not None,
            receiver_erased=receiver is not None and bool(receiver.is_erased),
            made_of=self._made_of(connection, command, receiver, now),
            bag="" if visits else bag_with(connection, waybill, now.day),
        )

    def reassigning(
        self, connection: Connection, command: ReassignParcel, _now: Now
    ) -> Reassigning:
        """Return what decides whether a parcel may be filed under somebody else."""
        receiver = self._receiver(connection, command.person)
        return Reassigning(
            parcel=records.parcel_state(connection, command.parcel),
            receiver_known=receiver is not None,
            receiver_erased=receiver is not None and bool(receiver.is_erased),
        )

    def moving(self, connection: Connection, command: MoveParcel, now: Now) -> Moving:
        """Return what decides whether a parcel may stand elsewhere."""
        layer = Layer(command.shelf, command.layer)
        parcel = records.parcel_state(connection, command.parcel)
        return Moving(
            parcel=parcel,
            room=records.room(connection, reference.station(connection, now.station)),
            taken=records.taken(connection, layer, now.day),
            start=self.start,
            made_of=self.made_of(connection, parcel, now),
        )

    def room(self, connection: Connection, _command: object, now: Now) -> Room:
        """Return the shelves as they are known so far, with what stands on them."""
        return records.room(connection, reference.station(connection, now.station))

    def chosen(
        self, connection: Connection, command: TellReceiver | ReturnParcels, _now: Now
    ) -> Chosen:
        """Return the parcels that a command names."""
        return _chosen(connection, command.parcels)

    def handing_over(
        self, connection: Connection, command: HandOverParcels, now: Now
    ) -> HandingOver:
        """Return the parcels to be handed over, a number for the slip, and what is allowed."""
        return HandingOver(
            chosen=_chosen(connection, command.parcels),
            slip=take_number(connection, SLIP_SERIES),
            limits=_limits(connection, now),
        )

    def leaving_on_run(self, connection: Connection, command: TakeOnRun, _now: Now) -> Leaving:
        """Return the parcels that leave for people's doors, and a number for their list."""
        return Leaving(
            chosen=_chosen(connection, command.parcels),
            run=take_number(connection, RUN_SERIES),
        )

    def at_door(self, connection: Connection, command: DeliverOnRun, now: Now) -> Delivering:
        """Return the parcels of one door, and what is allowed."""
        chosen = _chosen(connection, command.parcels)
        return Delivering(chosen=chosen, limits=_limits(connection, now))

    def on_run(self, connection: Connection, command: BringBack, _now: Now) -> Parcel | None:
        """Return the parcel that was out."""
        return records.parcel_state(connection, command.parcel)

    def taking_back(self, connection: Connection, command: TakeEndingBack, _now: Now) -> TakingBack:
        """Return the parcel and the two endings that a command names."""
        cod_fen, freight_fen = side_records.collected(connection, command.ending)
        return TakingBack(
            cod_fen=cod_fen,
            freight_fen=freight_fen,
            parcel=records.parcel_state(connection, command.parcel),
            ending=side_records.ending(connection, command.ending),
            holds=side_records.ending(connection, command.holds),
        )

    def unshelving(
        self, connection: Connection, command: TakeShelvingBack, _now: Now
    ) -> Unshelving:
        """Return the parcel and the two shelvings that a command names."""
        return Unshelving(
            parcel=records.parcel_state(connection, command.parcel),
            shelving=side_records.shelving(connection, command.shelving),
            holds=side_records.shelving(connection, command.holds),
        )

    # --- For the screen --------------------------------------------------------------------------

    def propose(self, connection: Connection, command: ShelveParcel, now: Now) -> Proposal:
        """Return the pickup code that a parcel would get now."""
        room = records.room(connection, reference.station(connection, now.station))
        layer = self._layer(connection, room, command)
        if layer is None:
            return Proposal(None, room, 0)
        receiver = self._receiver(connection, command.person)
        serial = choose_number(
            self._made_of(connection, command, receiver, now),
            records.taken(connection, layer, now.day),
            Giver(slot=now.slot, slots=now.slots, start=self.start),
        )
        code = Code(layer.shelf, layer.number, serial) if serial else None
        return Proposal(code, room, room.left(layer))

    def guess(self, connection: Connection, waybill: str, now: Now) -> Guess:
        """Return whose parcel a waybill probably is, or whom to ask about."""
        announced = records.announcement(connection, waybill, now.station)
        if announced is not None:
            return Guess(announced.courier, "announced", (announced.courier,))
        patterns = reference.patterns(connection, now.day)
        found = read_waybill(waybill, patterns)
        if found is not None and not found.must_confirm:
            return Guess(found.candidates[0], "pattern", found.candidates)
        shape = found or Waybill((), waybill, waybill, must_confirm=True)
        remembered = records.courier_choice(connection, shape.prefix_and_length)
        if found is not None and is_sure(found, patterns):
            fitting = remembered if remembered in found.candidates else ""
            return Guess(fitting, "remembered" if fitting else "", found.candidates)
        everybody = tuple(row.code for row in reference.couriers(connection))
        first = (remembered,) if remembered in everybody else ()
        known = bool(first) and not _names_one(found, patterns)
        candidates = tuple(
            dict.fromkeys((*first, *(found.candidates if found else ()), *everybody))
        )
        return Guess(remembered if known else "", "remembered" if known else "", candidates)

    def who(self, connection: Connection, state: Parcel | ParcelRow) -> str:
        """Return in a few words whose parcel it is: a name, else the tail of the label."""
        if state.person:
            person = self.people.person(connection, state.person)
            if person is not None and person.name:
                return person.name
        return state.name or state.tail

    def theirs(self, connection: Connection, person: str, tail: str, name: str) -> list[ParcelRow]:
        """Return what is on hand for a receiver: a known person, or a label as it stands."""
        if person:
            return records.on_hand_of(connection, self.people.names_of(connection, person))
        return records.on_hand_for_label(connection, tail, name) if tail else []

    def made_of(self, connection: Connection, parcel: Parcel | None, now: Now) -> MadeOf:
        """Return what a new code of a parcel that is known here is made of."""
        style = reference.read_setting(connection, CODE_STYLE, now.station, now.day)
        if parcel is None:
            return MadeOf(style)
        person = self._receiver(connection, parcel.person)
        phone = person.phone if person is not None else parcel.phone or parcel.tail
        return MadeOf(style, parcel.waybill, phone)

    def _made_of(
        self,
        connection: Connection,
        command: ShelveParcel,
        receiver: KnownPerson | None,
        now: Now,
    ) -> MadeOf:
        style = reference.read_setting(connection, CODE_STYLE, now.station, now.day)
        phone = receiver.phone if receiver is not None else command.phone or command.tail
        return MadeOf(style, clean_waybill(command.waybill), phone)

    def _layer(self, connection: Connection, room: Room, command: ShelveParcel) -> Layer | None:
        if command.shelf:
            return Layer(command.shelf, command.layer)
        rows = self.theirs(connection, command.person, command.tail, command.name)
        return propose(room, records.layers_of(rows))

    def _receiver(self, connection: Connection, person: str) -> KnownPerson | None:
        return self.people.person(connection, person) if person else None

    def _station_name(self, connection: Connection, announced: Announcement | None) -> str:
        if announced is None:
            return ""
        row = reference.station(connection, announced.station)
        return row.name if row else announced.station


def recognised(waybill: str, patterns: Sequence[CourierPattern]) -> tuple[str, ...]:
    """Return the couriers to whom a waybill surely belongs: one, or several, or nobody."""
    found = read_waybill(waybill, patterns) if waybill else None
    if found is None or not is_sure(found, patterns):
        return ()
    return found.candidates


def _names_one(found: Waybill | None, patterns: Sequence[CourierPattern]) -> bool:
    """Tell whether only a courier fits who wants to be named each time."""
    if found is None:
        return False
    last = max((p.priority for p in patterns), default=0)
    return any(p.code in found.candidates and p.priority < last for p in patterns)


def _limits(connection: Connection, now: Now) -> Limits:
    return Limits(
        int(reference.read_setting(connection, ON_BEHALF_COD_FEN, now.station, now.day)),
        reference.read_setting(connection, ON_BEHALF_VALUABLE, now.station, now.day),
    )


def _chosen(connection: Connection, parcels: Sequence[str]) -> Chosen:
    return [(parcel, records.parcel_state(connection, parcel)) for parcel in dict.fromkeys(parcels)]
