"""What can be asked about parcels."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelveParcel:
    """Put a parcel that came in on a shelf.

    courier: code, "" while nobody has said which of several it is; waybill: bare number, "" when
    there is none that can be read. person: identity, "" when only the label is known: then `name`
    and `tail` (or the whole `phone`) say what stands on it.
    shelf, layer, serial: the place that the screen proposed, or that the operator chose; serial 0
    lets the rule choose one. may_crowd: put it on a full layer all the same.
    again: it was handed over before, and the operator says that it has come once more.
    stays_here: it was announced for another station and is kept here all the same.
    here_since: day since which it was here before the books began; nobody is told of it again.
    """

    courier: str
    waybill: str
    person: str = ""
    name: str = ""
    tail: str = ""
    phone: str = ""
    shelf: str = ""
    layer: int = 0
    serial: int = 0
    size: str = "M"
    cod_fen: int = 0
    freight_fen: int = 0
    may_crowd: bool = False
    again: bool = False
    stays_here: bool = False
    here_since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReassignParcel:
    """File it under the right person (改正); without a person the label's words hold."""

    parcel: str
    person: str = ""
    name: str = ""
    tail: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveParcel:
    """Put it on another place (改正); it gets a new pickup code and a new label."""

    parcel: str
    shelf: str
    layer: int
    may_crowd: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TellReceiver:
    """Write down that somebody told the receiver, or tried to; the words of the fact."""

    parcels: tuple[str, ...]
    way: str
    outcome: str = "reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueMessages:
    """Ask the county for a message to each receiver of these parcels who may get one.

    purpose: `arrived`, or `again` for who has not come; way: `sms` or `wechat`.
    """

    parcels: tuple[str, ...]
    purpose: str = "arrived"
    way: str = "sms"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepSignature:
    """Keep how somebody signed for parcels. photo: hash of the picture; person: whose, or ""."""

    parcel: str
    photo: str
    person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepHandoverPhoto:
    """Keep the photo of whoever took parcels. photo: hash of the picture; person: whose, or ""."""

    parcel: str
    photo: str
    person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverParcels:
    """Hand parcels over in one go.

    paid_fen: what the payment in the same act settles for them; it must be what is due.
    taken_by: `self` or `on_behalf`, then with the collector's name and relation.
    """

    parcels: tuple[str, ...]
    paid_fen: int
    taken_by: str = "self"
    check: str = "phone_tail"
    collector: str = ""
    relation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeEndingBack:
    """Of several endings of one visit this one was not so: another one holds.

    ending, holds: identities of their facts. What it had collected is owed back from then on.
    """

    parcel: str
    ending: str
    holds: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeShelvingBack:
    """Of several shelvings of one visit this one was not so: there is one piece.

    shelving, holds: identities of their facts.
    """

    parcel: str
    shelving: str
    holds: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnParcels:
    """Give parcels back to their couriers, for one reason."""

    parcels: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintSlip:
    """Print the slip of this very hand-over, asked last in its act, when the money is known too.

    act: the ticket.
    """

    act: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangeShelves:
    """Say how many shelves there are, how many layers each, and how many parcels go on a layer."""

    shelves: int
    layers: int
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CountLayer:
    """Write down what was seen on a layer.

    seen: identities of the parcels that were scanned; unknown: how many numbers nobody knows here.
    """

    shelf: str
    layer: int
    seen: tuple[str, ...]
    unknown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LoseParcel:
    """Say that a parcel cannot be found."""

    parcel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindParcel:
    """Put a lost parcel back on a layer."""

    parcel: str
    shelf: str
    layer: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDamage:
    """Say that a parcel is damaged: what is broken, and the hash of a picture of it, or ""."""

    parcel: str
    words: str
    photo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkValuable:
    """Say that a parcel is worth much."""

    parcel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardParcel:
    """Send a parcel on to the station that it is meant for. station: its code."""

    parcel: str
    station: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompensateParcel:
    """Decide what the station pays for a lost or damaged parcel. payee: `receiver` or `courier`."""

    parcel: str
    amount_fen: int
    payee: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseParcel:
    """Close the visit of a parcel that is gone, though nobody wrote its hand-over down."""

    parcel: str
    reason: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveBag:
    """Take a closed bag. pieces: by its tag, counted only when the county has announced none."""

    code: str
    pieces: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseManifest:
    """Close a list that both sides sign. direction: `in`, `returns`, `sent` or `orders`.

    bag: identity of the bag that was counted; seen: (waybill, courier) of what was scanned, of
    `orders` (number of the slip, code of the goods), each piece by itself;
    courier: to whom what goes back is given; other: name of who hands over or takes along.
    seal_words: what the broken seal of the bag looked like; seal_photos: hashes.
    """

    direction: str
    bag: str = ""
    seen: tuple[tuple[str, str], ...] = ()
    courier: str = ""
    other: str = ""
    is_seal_broken: bool = False
    seal_words: str = ""
    seal_photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadVan:
    """List what the van takes along on its way back: all that is to leave and on no list yet.

    without: identities of empty bags that stay here.
    """

    driver: str = ""
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SendToVillage:
    """Let a village's sorted parcels leave in a closed bag. pieces: (waybill, courier).

    station: of the village; code: on the tag of the bag, "" for one that is printed now; seal:
    number, "" for none.
    """

    station: str
    pieces: tuple[tuple[str, str], ...]
    code: str = ""
    seal: str = ""
    driver: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOnRun:
    """Let parcels leave for people's doors. runner: who takes them, for the list."""

    parcels: tuple[str, ...]
    runner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverOnRun:
    """Parcels were handed over at one door. paid_fen: what the payment in the act settles.

    taken_by, check, collector, relation: as at the counter.
    """

    parcels: tuple[str, ...]
    paid_fen: int = 0
    taken_by: str = "self"
    check: str = "known"
    collector: str = ""
    relation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BringBack:
    """Nobody took a parcel on the run; it goes back to its shelf. reason: one of `runs`."""

    parcel: str
    reason: str
