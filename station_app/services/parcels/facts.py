"""What can be said about a parcel while the station has it.

The county may announce it beforehand. A visit of a parcel begins with `parcel.shelved` and ends
with `parcel.handed_over` or `parcel.returned`. The same waybill may come again: visits are told
apart by `after`, the identity of the fact that ended the visit before, never by a clock.
"""

from typing import ClassVar

from station_app.journal.fact import Body, Private
from station_app.services.parcels.counting_facts import LayerCounted, ParcelMissed, ParcelSeen
from station_app.services.parcels.load_facts import FACTS as LOAD_FACTS
from station_app.services.parcels.load_facts import FROM_COUNTY as LOADS_FROM_COUNTY
from station_app.services.parcels.load_facts import ListedPiece as ListedPiece
from station_app.services.parcels.message_facts import FACTS as MESSAGE_FACTS
from station_app.services.parcels.message_facts import FROM_COUNTY as MESSAGES_FROM_COUNTY
from station_app.services.parcels.message_facts import MessageQueued as MessageQueued
from station_app.services.parcels.message_facts import MessageSent as MessageSent


class Receiver(Private, frozen=True, kw_only=True):
    """What the counter read off the label: a name and a phone tail, perhaps the whole phone."""

    name: str = ""
    tail: str = ""
    phone: str = ""


class Collector(Private, frozen=True, kw_only=True):
    """Who took the parcel in somebody's place."""

    name: str = ""
    relation: str = ""


class Signature(Private, frozen=True, kw_only=True):
    """How somebody signed on the screen: the hash of a small picture."""

    photo: str = ""


class TakingPhoto(Private, frozen=True, kw_only=True):
    """Whoever took parcels, photographed with them: the hash of a small picture."""

    photo: str = ""


class Damage(Private, frozen=True, kw_only=True):
    """What is broken, in words, and the hash of a small picture of it, "" for none."""

    words: str = ""
    photo: str = ""


class Releasing(Private, frozen=True, kw_only=True):
    """Why a parcel is believed to be with its receiver, in the manager's words."""

    words: str = ""


class ParcelShelved(Body, frozen=True, kw_only=True):
    """A parcel came in and stands on a shelf.

    courier: code; waybill: bare number, "" when it has none that can be read; after: see above.
    shelf, layer, serial: "B", 2, 8: the place, and with it the pickup code B-2-08.
    size: S, M or L; cod_fen: cash on delivery; freight_fen: freight due (到付).
    person: identity of the receiver, "" when only the label is known (then see the private part).
    bag: identity of the transfer bag that it came in, "" when the courier brought it loose.
    here_since: day since which it was here before the books began, its receiver told long ago;
    "" for one that has come in now.
    """

    KIND: ClassVar[str] = "parcel.shelved"
    PRIVATE: ClassVar[type[Private] | None] = Receiver
    courier: str
    waybill: str
    after: str
    shelf: str
    layer: int
    serial: int
    size: str
    cod_fen: int
    freight_fen: int
    person: str
    day: str
    bag: str = ""
    here_since: str = ""


class ParcelReassigned(Body, frozen=True, kw_only=True):
    """It was filed under the wrong person (改正): this is the right one."""

    KIND: ClassVar[str] = "parcel.reassigned"
    PRIVATE: ClassVar[type[Private] | None] = Receiver
    person: str
    day: str


class ParcelMoved(Body, frozen=True, kw_only=True):
    """It stands elsewhere (改正 of a wrong shelf): new place, new pickup code."""

    KIND: ClassVar[str] = "parcel.moved"
    shelf: str
    layer: int
    serial: int
    day: str


class ParcelTold(Body, frozen=True, kw_only=True):
    """Somebody told the receiver that it is here, or tried to.

    way: `phone`, `in_person`, `loudspeaker` or `note`; outcome: `reached` or `no_answer`.
    """

    KIND: ClassVar[str] = "parcel.told"
    way: str
    outcome: str
    day: str


class ParcelHandedOver(Body, frozen=True, kw_only=True):
    """It was handed over: a real hand-over, checked, with its money taken in the same act.

    taken_by: `self` or `on_behalf`; check: `phone_tail`, `id_tail`, `signature`, `photo` or
    `known`.
    cod_fen, freight_fen: what was collected for the courier; slip: number on the paper.
    """

    KIND: ClassVar[str] = "parcel.handed_over"
    PRIVATE: ClassVar[type[Private] | None] = Collector
    courier: str
    taken_by: str
    check: str
    cod_fen: int
    freight_fen: int
    slip: int
    day: str


class SignatureTaken(Body, frozen=True, kw_only=True):
    """Whoever took parcels signed for them on the screen, in the same act. Entity: one of them."""

    KIND: ClassVar[str] = "signature.taken"
    PRIVATE: ClassVar[type[Private] | None] = Signature
    day: str


class HandoverPhotographed(Body, frozen=True, kw_only=True):
    """Whoever took parcels was photographed, in the same act. Entity: one of them."""

    KIND: ClassVar[str] = "handover.photographed"
    PRIVATE: ClassVar[type[Private] | None] = TakingPhoto
    day: str


class ParcelMarkedValuable(Body, frozen=True, kw_only=True):
    """It is worth much by its label or its receiver's word: not everybody may take it for her."""

    KIND: ClassVar[str] = "parcel.marked_valuable"
    day: str


class ParcelDamaged(Body, frozen=True, kw_only=True):
    """It was seen to be damaged. It stays where it is until somebody decides."""

    KIND: ClassVar[str] = "parcel.damaged"
    PRIVATE: ClassVar[type[Private] | None] = Damage
    day: str


class ParcelReleased(Body, frozen=True, kw_only=True):
    """It is gone, and nobody had written its hand-over down: a manager closes its visit.

    No hand-over: nobody signed and no money was taken. reason: `receiver_has_it`, `family_has_it`
    or `other`.
    """

    KIND: ClassVar[str] = "parcel.released"
    PRIVATE: ClassVar[type[Private] | None] = Releasing
    courier: str
    reason: str
    day: str


class ParcelReturned(Body, frozen=True, kw_only=True):
    """It went back to the courier. reason: `overdue`, `refused`, `damaged` or `misdirected`."""

    KIND: ClassVar[str] = "parcel.returned"
    courier: str
    reason: str
    day: str


class HandoverCorrected(Body, frozen=True, kw_only=True):
    """A hand-over was taken back: the parcel is on the shelf again (改正, or opened and refused).

    handover: identity of the fact that it corrects; reason: `wrong_person`, `wrong_parcel` or
    `opened_refused`. cod_fen, freight_fen: what had been collected and is given back in this act,
    from wherever it is paid now.
    """

    KIND: ClassVar[str] = "handover.corrected"
    handover: str
    courier: str
    reason: str
    cod_fen: int
    freight_fen: int
    day: str


class EndingTakenBack(Body, frozen=True, kw_only=True):
    """Of several endings of one visit this one was not so (待核对): `stands` is the one that holds.

    left_by: how it said that the piece left, as its kind does: `handed_over`. cod_fen, freight_fen:
    what it had collected; that is owed back against it. status, closed_day, stands_slip: shown now.
    """

    KIND: ClassVar[str] = "ending.taken_back"
    ending: str
    left_by: str
    courier: str
    cod_fen: int
    freight_fen: int
    stands: str
    status: str
    closed_day: str
    stands_slip: int
    day: str


class ShelvingTakenBack(Body, frozen=True, kw_only=True):
    """Of several shelvings of one visit this one was not so (待核对): one piece, standing there."""

    KIND: ClassVar[str] = "shelving.taken_back"
    shelving: str
    courier: str
    bag: str
    shelf: str
    layer: int
    serial: int
    day: str


class ParcelCodCorrected(Body, frozen=True, kw_only=True):
    """What is collected for a courier stood wrong (改正): COD typed 268 for 286.

    cod_change_fen, freight_change_fen: what is right minus what was entered. handover: identity of
    the hand-over that collected it; a payment in this act takes or gives the difference. "" while
    it is on hand: nothing is collected yet. slip: number on the paper, 0 for none.
    """

    KIND: ClassVar[str] = "parcel.cod_corrected"
    courier: str
    handover: str
    cod_change_fen: int
    freight_change_fen: int
    slip: int
    day: str


class ParcelLost(Body, frozen=True, kw_only=True):
    """It cannot be found, and the station pays for it: `receiver` or `courier` gets that.

    compensation_fen: 0 while nobody has decided; payee: "" then.
    """

    KIND: ClassVar[str] = "parcel.lost"
    courier: str
    compensation_fen: int
    payee: str
    day: str


class ParcelCompensated(Body, frozen=True, kw_only=True):
    """The station pays for a parcel that was lost or damaged: `receiver` or `courier` gets that."""

    KIND: ClassVar[str] = "parcel.compensated"
    courier: str
    compensation_fen: int
    payee: str
    day: str


class ParcelFound(Body, frozen=True, kw_only=True):
    """A lost parcel turned up and stands on a shelf again."""

    KIND: ClassVar[str] = "parcel.found"
    shelf: str
    layer: int
    serial: int
    day: str


class ParcelForwarded(Body, frozen=True, kw_only=True):
    """It came to the wrong station and left for `station`."""

    KIND: ClassVar[str] = "parcel.forwarded"
    courier: str
    station: str
    day: str


class ParcelTakenOnRun(Body, frozen=True, kw_only=True):
    """It left on a run to people's homes (送货到家). run: number of the list, in its series."""

    KIND: ClassVar[str] = "parcel.taken_on_run"
    run: int
    day: str


class ParcelHandedOverOnRun(Body, frozen=True, kw_only=True):
    """It was handed over at the door; its money came in with the list. Fields as at the counter."""

    KIND: ClassVar[str] = "parcel.handed_over_on_run"
    PRIVATE: ClassVar[type[Private] | None] = Collector
    courier: str
    taken_by: str
    check: str
    cod_fen: int
    freight_fen: int
    slip: int
    day: str


class ParcelBroughtBack(Body, frozen=True, kw_only=True):
    """Nobody took it on the run: it is on its shelf again. reason: `not_home`, `refused`, …"""

    KIND: ClassVar[str] = "parcel.brought_back"
    reason: str
    day: str


class ParcelBroughtBackLater(ParcelBroughtBack, frozen=True, kw_only=True):
    """The same, of which the reason may also be `another_day`: she wants it brought later."""

    VERSION: ClassVar[int] = 2


class BagReceived(Body, frozen=True, kw_only=True):
    """A transfer bag came, closed, with so many pieces by its tag. Key: code and manifest."""

    KIND: ClassVar[str] = "bag.received"
    code: str
    manifest: str
    pieces: int
    day: str


class BagOpened(Body, frozen=True, kw_only=True):
    """It was opened and counted: `missing` pieces of the tag were not in it (too many: negative).

    Each piece that was in it is shelved by a fact of its own, which names the bag.
    """

    KIND: ClassVar[str] = "bag.opened"
    pieces: int
    missing: int
    day: str


class BagAnnounced(Body, frozen=True, kw_only=True):
    """The county says that a closed bag is on its way, and what is in it. Key: code and manifest.

    manifest: number of the list that travels with it; station: for which it is; seal: its number.
    """

    KIND: ClassVar[str] = "bag.announced"
    code: str
    manifest: str
    station: str
    seal: str
    pieces: tuple[ListedPiece, ...]
    day: str


class OtherSide(Private, frozen=True, kw_only=True):
    """Who handed over or took along: the driver, the courier's runner."""

    name: str = ""


class ManifestClosed(Body, frozen=True, kw_only=True):
    """Pieces changed hands by a list that both sides sign (交接单).

    number: on the paper, in its series; direction: `in`, `returns`, `sent` or `orders` (goods of
    orders that came back: a piece bears the number of the order's slip and, for the courier, the
    code of the goods, "" for what is in no catalogue); courier: code, "" for several; bag: identity
    of the bag that was counted, "" for none; announced: how many were said to come, −1 when nobody
    had said.
    """

    KIND: ClassVar[str] = "manifest.closed"
    PRIVATE: ClassVar[type[Private] | None] = OtherSide
    number: int
    direction: str
    courier: str
    bag: str
    announced: int
    pieces: tuple[ListedPiece, ...]
    day: str


class ParcelAnnounced(Body, frozen=True, kw_only=True):
    """The county says that a parcel is on its way (预报). Key: courier and waybill.

    station: code of the station that it is meant for; person: identity of the receiver, "" when
    only the label is known (then see the private part, which another station does not get).
    """

    KIND: ClassVar[str] = "parcel.announced"
    PRIVATE: ClassVar[type[Private] | None] = Receiver
    courier: str
    waybill: str
    station: str
    person: str
    cod_fen: int
    freight_fen: int
    day: str


class ShelvesArranged(Body, frozen=True, kw_only=True):
    """Somebody went and counted the shelves: this holds, whatever the county has written down.

    shelves: how many (A, B, …); layers: per shelf; places: parcels per layer.
    """

    KIND: ClassVar[str] = "shelves.arranged"
    shelves: int
    layers: int
    places: int
    day: str


FACTS: tuple[type[Body], ...] = (
    ParcelShelved,
    ParcelReassigned,
    ParcelMoved,
    ParcelTold,
    ParcelHandedOver,
    SignatureTaken,
    HandoverPhotographed,
    ParcelMarkedValuable,
    ParcelDamaged,
    ParcelReleased,
    ParcelReturned,
    HandoverCorrected,
    EndingTakenBack,
    ShelvingTakenBack,
    ParcelCodCorrected,
    ParcelLost,
    ParcelCompensated,
    ParcelFound,
    ParcelForwarded,
    ParcelTakenOnRun,
    ParcelHandedOverOnRun,
    ParcelBroughtBack,
    ParcelBroughtBackLater,
    ParcelMissed,
    ParcelSeen,
    LayerCounted,
    BagReceived,
    BagOpened,
    BagAnnounced,
    ManifestClosed,
    ParcelAnnounced,
    ShelvesArranged,
    *MESSAGE_FACTS,
    *LOAD_FACTS,
)
FROM_COUNTY: tuple[type[Body], ...] = (
    ParcelAnnounced,
    BagAnnounced,
    *MESSAGES_FROM_COUNTY,
    *LOADS_FROM_COUNTY,
)
