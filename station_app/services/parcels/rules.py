"""Parcels: what may be done with them, and what it does to the books.

Nothing here blocks what has physically happened longer than a question takes: each refusal says
what is wrong and leaves a way on, and an overdue parcel is handed over like any other.
"""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from station_app.journal.fact import Saying
from station_app.services.parcels.announcements import ANNOUNCEMENT, Announcement
from station_app.services.parcels.bags import BAG
from station_app.services.parcels.commands import (
    DeliverOnRun,
    HandOverParcels,
    MoveParcel,
    ReassignParcel,
    ReturnParcels,
    ShelveParcel,
    TellReceiver,
)
from station_app.services.parcels.counting import LAYER_COUNT
from station_app.services.parcels.facts import (
    Collector,
    ParcelFound,
    ParcelHandedOver,
    ParcelMoved,
    ParcelReassigned,
    ParcelReturned,
    ParcelShelved,
    ParcelTold,
    Receiver,
)
from station_app.services.parcels.limits import Limits, why_not_on_behalf
from station_app.services.parcels.manifests import ANNOUNCED_BAG, MANIFEST
from station_app.services.parcels.messages import MESSAGE
from station_app.services.parcels.places import Layer, Room
from station_app.services.parcels.postings import POSTINGS as POSTINGS  # the slice's own
from station_app.services.parcels.shelves import SHELVES
from station_app.services.parcels.styles import Giver, MadeOf, choose_number
from station_app.services.parcels.visits import (
    FORWARDED,
    HANDED_OVER,
    LOST,
    ON_HAND,
    ON_RUN,
    PARCEL,
    RELEASED,
    RETURNED,
    Parcel,
)
from station_app.values.day import is_day, say_day
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.refusal import Refusal

ENTITIES = (PARCEL, ANNOUNCEMENT, SHELVES, BAG, LAYER_COUNT, ANNOUNCED_BAG, MANIFEST, MESSAGE)

WAYBILL_CHARACTERS = (6, 40)  # of the known couriers: 12 to 25
LABEL_CHARACTERS_MAX = 30  # a name on a label; what is longer is an address
AMOUNT_FEN_MAX = 10_000_00  # COD above this is a slip of the finger, or needs the county
PARCELS_MAX = 60  # in one hand-over or return: a longer slip is not read
SIZES = ("S", "M", "L")
UNNAMED = "OTHER"  # a courier that the county has not listed; works before it has listed any
TELLING_WAYS = ("phone", "in_person", "loudspeaker", "note")
OUTCOMES = ("reached", "no_answer")
TAKERS = ("self", "on_behalf")
CHECKS = ("phone_tail", "id_tail", "signature", "photo", "known")
RETURN_REASONS = ("overdue", "refused", "damaged", "misdirected")

WHY_NOT_HERE = {
    HANDED_OVER: "GONE_ALREADY",
    RETURNED: "RETURNED_ALREADY",
    FORWARDED: "FORWARDED_ALREADY",
    LOST: "LOST_SINCE",
    ON_RUN: "ON_RUN_SINCE",
    RELEASED: "RELEASED_ALREADY",
}

_WAYBILL = re.compile(r"[0-9A-Z][0-9A-Z-]*", re.ASCII)

Decision = Sequence[Saying] | Refusal


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit of a waybill: its identity, its state, and the receiver's tail for a sentence."""

    parcel: str
    state: Parcel
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelving:
    """What decides where a parcel goes.

    couriers: code to name of all; recognised: codes whose pattern fits the waybill.
    receiver_known, receiver_erased: of the person named; layer: the proposed or chosen one.
    taken: serials on it that may not be given. start: where this start of the program looks first.
    made_of: what its code is made of, by the style of the county. bag: in which it was counted.
    """

    room: Room
    layer: Layer | None
    taken: Set[int]
    start: int = 0
    visits: Sequence[Visit] = ()
    announcement: Announcement | None = None
    announced_for: str = ""
    couriers: Mapping[str, str] = field(default_factory=dict)
    recognised: Sequence[str] = ()
    receiver_known: bool = True
    receiver_erased: bool = False
    made_of: MadeOf = field(default_factory=MadeOf)
    bag: str = ""


def shelve(state: Shelving, command: ShelveParcel, now: Now) -> Decision:
    """Put a parcel on a shelf, with a pickup code of its own; a lost one is found by that."""
    lost = next((visit for visit in state.visits if visit.state.status == LOST), None)
    refusal = _why_not_come_in(state, command, now)
    if refusal is None and lost is None:
        refusal = _why_not_for(command, state) or _why_not_amounts(command)
    if refusal is None:
        refusal = _why_not_on(state.layer, state.room, may_crowd=command.may_crowd)
    if refusal is not None:
        return refusal
    assert command.size in SIZES
    assert state.layer is not None
    serial = choose_number(
        state.made_of,
        state.taken,
        Giver(slot=now.slot, slots=now.slots, start=state.start),
        wanted=command.serial,
    )
    if not serial:
        return Refusal("parcels.NO_CODE_FREE", _layer_slots(state.layer))
    if lost is not None:
        shelf, layer = state.layer.shelf, state.layer.number
        found = ParcelFound(shelf=shelf, layer=layer, serial=serial, day=now.day)
        return [Saying(found, entity=lost.parcel)]
    body = ParcelShelved(
        courier=_courier(state, command),
        waybill=clean_waybill(command.waybill),
        after=_after(state.visits),
        shelf=state.layer.shelf,
        layer=state.layer.number,
        serial=serial,
        size=command.size,
        cod_fen=command.cod_fen,
        freight_fen=command.freight_fen,
        person=command.person,
        day=now.day,
        bag=state.bag,
        here_since=command.here_since,
    )
    return [Saying(body, private=_receiver(command.person, command))]


def _why_not_come_in(state: Shelving, command: ShelveParcel, now: Now) -> Refusal | None:
    """Return why this waybill cannot come in as it is, first things first."""
    waybill = clean_waybill(command.waybill)
    if waybill and not is_waybill(waybill):
        return Refusal("parcels.UNREADABLE_WAYBILL", {"waybill": waybill[:40]})
    for visit in state.visits:
        if visit.state.status == ON_HAND:
            slots = {"code": str(visit.state.code), "who": visit.who}
            return Refusal("parcels.ON_HAND_ALREADY", slots)
        if visit.state.status == ON_RUN:
            return why_not_touch(visit.state, now)
    if any(visit.state.status == LOST for visit in state.visits):
        return None  # it is known whose it is, and where it comes from
    ended = [v for v in state.visits if v.state.status == HANDED_OVER]
    if ended and not command.again:
        last = max(ended, key=lambda visit: visit.state.closed_day)
        return Refusal(
            "parcels.HANDED_OVER_ALREADY",
            {"day": say_day(last.state.closed_day, now.day), "who": last.who},
        )
    announced = state.announcement
    if announced and announced.station not in ("", now.station) and not command.stays_here:
        return Refusal("parcels.EXPECTED_ELSEWHERE", {"station": state.announced_for})
    since = command.here_since
    if since and not (is_day(since) and since <= now.day):
        return Refusal("parcels.HERE_SINCE_WRONG")
    courier = _courier(state, command)
    if not courier:
        return Refusal("parcels.COURIER_NOT_CHOSEN", {"number": len(state.recognised)})
    if courier not in state.couriers and courier != UNNAMED:
        return Refusal("parcels.NO_SUCH_COURIER", {"courier": courier})
    return None


def _courier(state: Shelving, command: ShelveParcel) -> str:
    if command.courier:
        return command.courier
    if state.announcement is not None:
        return state.announcement.courier
    return state.recognised[0] if len(state.recognised) == 1 else ""


def _why_not_for(
    command: ShelveParcel | ReassignParcel, state: "Shelving | Reassigning"
) -> Refusal | None:
    """Return why this receiver cannot be written down."""
    if command.person and not state.receiver_known:
        return Refusal("parcels.NO_SUCH_PERSON")
    if command.person and state.receiver_erased:
        return Refusal("parcels.PERSON_ERASED")
    name, tail = command.name.strip(), command.tail
    if not command.person and not (name or tail or command.phone):
        return Refusal("parcels.RECEIVER_MISSING")
    if max(len(name), len(command.phone)) > LABEL_CHARACTERS_MAX:
        return Refusal("parcels.NAME_TOO_LONG", {"most": LABEL_CHARACTERS_MAX})
    if tail and re.fullmatch(r"\d{4}", tail, re.ASCII) is None:
        return Refusal("parcels.TAIL_WRONG")
    return None


def _why_not_amounts(command: ShelveParcel) -> Refusal | None:
    for amount in (command.cod_fen, command.freight_fen):
        if not 0 <= amount <= AMOUNT_FEN_MAX:
            return Refusal("parcels.AMOUNT_TOO_HIGH", {"most": say_yuan(AMOUNT_FEN_MAX)})
    return None


def _why_not_on(layer: Layer | None, room: Room, *, may_crowd: bool) -> Refusal | None:
    if layer is None:
        return Refusal("parcels.SHELVES_FULL")
    if not room.has(layer):
        return Refusal("parcels.NO_SUCH_LAYER", _layer_slots(layer))
    if not room.left(layer) and not may_crowd:
        return Refusal("parcels.LAYER_FULL", {**_layer_slots(layer), "count": room.count(layer)})
    return None


def _layer_slots(layer: Layer) -> dict[str, str | int]:
    return {"shelf": layer.shelf, "layer": layer.number}


def _after(visits: Sequence[Visit]) -> str:
    """Return the ending of the visit before: the one that no other visit names."""
    named = {visit.state.after for visit in visits}
    ends = [v.state.closed_by for v in visits if v.state.closed_by not in ("", *named)]
    return max(ends, default="")


def _receiver(person: str, command: ShelveParcel | ReassignParcel) -> Receiver | None:
    """Return what the label says, unless a known person stands for it."""
    if person:
        return None
    return Receiver(
        name=command.name.strip(), tail=command.tail or command.phone[-4:], phone=command.phone
    )


# --- Corrections ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassigning:
    """What decides whether a parcel may be filed under somebody else."""

    parcel: Parcel | None
    receiver_known: bool = True
    receiver_erased: bool = False


def reassign(state: Reassigning, command: ReassignParcel, now: Now) -> Decision:
    """File a parcel under the right person (改正)."""
    refusal = why_not_touch(state.parcel, now) or _why_not_for(command, state)
    if refusal is not None:
        return refusal
    assert state.parcel is not None
    receiver = _receiver(command.person, command)
    if _is_same_receiver(state.parcel, command.person, receiver):
        return Refusal("parcels.NOTHING_CHANGED")
    body = ParcelReassigned(person=command.person, day=now.day)
    return [Saying(body, private=receiver, entity=command.parcel)]


def _is_same_receiver(parcel: Parcel, person: str, receiver: Receiver | None) -> bool:
    if person or receiver is None:
        return parcel.person == person
    return not parcel.person and (parcel.name, parcel.tail) == (receiver.name, receiver.tail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """What decides whether a parcel may stand elsewhere; `taken` is of the new layer."""

    parcel: Parcel | None
    room: Room
    taken: Set[int]
    start: int = 0
    made_of: MadeOf = field(default_factory=MadeOf)


def move(state: Moving, command: MoveParcel, now: Now) -> Decision:
    """Put a parcel on another layer (改正); the code changes with it."""
    layer = Layer(command.shelf, command.layer)
    refusal = why_not_touch(state.parcel, now)
    if refusal is not None:
        return refusal
    if state.parcel is not None and state.parcel.place == layer:
        return Refusal("parcels.STANDS_THERE_ALREADY", {"code": str(state.parcel.code)})
    refusal = _why_not_on(layer, state.room, may_crowd=command.may_crowd)
    if refusal is not None:
        return refusal
    serial = choose_number(
        state.made_of,
        state.taken,
        Giver(slot=now.slot, slots=now.slots, start=state.start),
    )
    if not serial:
        return Refusal("parcels.NO_CODE_FREE", _layer_slots(layer))
    body = ParcelMoved(shelf=layer.shelf, layer=layer.number, serial=serial, day=now.day)
    return [Saying(body, entity=command.parcel)]


def why_not_touch(parcel: Parcel | None, now: Now) -> Refusal | None:
    """Return why nothing more can happen to this parcel, or None while it is on hand."""
    if parcel is None or not parcel.status:
        return Refusal("parcels.NO_SUCH_PARCEL")
    if parcel.status == ON_HAND:
        return None
    slots = {"code": str(parcel.code), "day": say_day(parcel.closed_day, now.day)}
    return Refusal(f"parcels.{WHY_NOT_HERE[parcel.status]}", slots)


# --- Telling, handing over, giving back ----------------------------------------------------------

Chosen = Sequence[tuple[str, Parcel | None]]


def tell_receiver(chosen: Chosen, command: TellReceiver, now: Now) -> Decision:
    """Write down for each parcel that its receiver was told, or could not be reached."""
    refusal = _why_not_all(chosen, now)
    if refusal is not None:
        return refusal
    assert command.way in TELLING_WAYS
    assert command.outcome in OUTCOMES
    body = ParcelTold(way=command.way, outcome=command.outcome, day=now.day)
    return [Saying(body, entity=parcel) for parcel, _ in chosen]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandingOver:
    """The parcels to be handed over, the number of the slip, and what the county allows."""

    chosen: Chosen
    slip: int
    limits: Limits = field(default_factory=Limits)


def hand_over(state: HandingOver, command: HandOverParcels, now: Now) -> Decision:
    """Hand parcels over, their money first.

    The money is a payment of its own in the same act; what it settles must be what is due here.
    """
    refusal = _why_not_all(state.chosen, now) or why_not_taken_by(command)
    if refusal is not None:
        return refusal
    parcels = [(identity, parcel) for identity, parcel in state.chosen if parcel is not None]
    due_fen = sum(parcel.due_fen for _, parcel in parcels)
    if command.taken_by == "on_behalf":
        taken = [parcel for _, parcel in parcels]
        refusal = why_not_on_behalf(state.limits, taken, command.check)
        if refusal is not None:
            return refusal
    if due_fen and not now.shift:
        return Refusal("parcels.NO_SHIFT_OPEN", {"due": say_yuan(due_fen)})
    if command.paid_fen != due_fen:
        return Refusal("parcels.BALANCE_STILL_DUE", {"due": say_yuan(due_fen)})
    return [
        _handed_over(state.slip, identity, parcel, command, now) for identity, parcel in parcels
    ]


def why_not_taken_by(command: HandOverParcels | DeliverOnRun) -> Refusal | None:
    """Return what is not said of whoever took parcels in another's place, or None."""
    assert command.taken_by in TAKERS
    assert command.check in CHECKS
    if command.taken_by != "on_behalf":
        return None
    if not command.collector.strip():
        return Refusal("parcels.COLLECTOR_MISSING")
    if not command.relation.strip():
        return Refusal("parcels.RELATION_MISSING")
    if max(len(command.collector), len(command.relation)) > LABEL_CHARACTERS_MAX:
        return Refusal("parcels.NAME_TOO_LONG", {"most": LABEL_CHARACTERS_MAX})
    return None


def _handed_over(
    slip: int, identity: str, parcel: Parcel, command: HandOverParcels, now: Now
) -> Saying:
    body = ParcelHandedOver(
        courier=parcel.courier,
        taken_by=command.taken_by,
        check=command.check,
        cod_fen=parcel.cod_fen,
        freight_fen=parcel.freight_fen,
        slip=slip,
        day=now.day,
    )
    if command.taken_by == "self":
        return Saying(body, entity=identity)
    return Saying(body, private=collector_of(command), entity=identity)


def collector_of(command: HandOverParcels | DeliverOnRun) -> Collector:
    """Return who took parcels in another's place."""
    return Collector(name=command.collector.strip(), relation=command.relation.strip())


def give_back(chosen: Chosen, command: ReturnParcels, now: Now) -> Decision:
    """Give parcels back to their couriers; nobody has paid for them, so no money moves."""
    refusal = _why_not_all(chosen, now)
    if refusal is not None:
        return refusal
    if command.reason not in RETURN_REASONS:
        return Refusal("parcels.REASON_MISSING")
    return [
        Saying(
            ParcelReturned(courier=parcel.courier, reason=command.reason, day=now.day),
            entity=identity,
        )
        for identity, parcel in chosen
        if parcel is not None
    ]


def _why_not_all(chosen: Chosen, now: Now) -> Refusal | None:
    if not chosen:
        return Refusal("parcels.NOTHING_CHOSEN")
    if len(chosen) > PARCELS_MAX:
        return Refusal("parcels.TOO_MANY", {"most": PARCELS_MAX})
    for _, parcel in chosen:
        refusal = why_not_touch(parcel, now)
        if refusal is not None:
            return refusal
    return None


# --- What was typed ------------------------------------------------------------------------------


def clean_waybill(text: str) -> str:
    """Return a waybill as it is kept: capital letters and digits, without spaces."""
    return "".join(text.split()).upper()


def is_waybill(waybill: str) -> bool:
    """Tell whether this can be a courier's number at all."""
    shortest, longest = WAYBILL_CHARACTERS
    return (
        shortest <= len(waybill) <= longest
        and _WAYBILL.fullmatch(waybill) is not None
        and any(character.isdigit() for character in waybill)
    )
