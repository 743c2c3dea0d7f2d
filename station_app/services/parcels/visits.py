"""What is known of a parcel: the fold of its visit to the station.

One visit is one entity. Two PCs that shelve the same waybill while apart make two founding facts
of one visit: the fold takes both and says so in a case, since only a person can tell whether one
parcel was scanned twice.
"""

from collections.abc import Callable

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Cases, Columns, EntityKind
from station_app.services.parcels.counting_facts import ParcelMissed, ParcelSeen
from station_app.services.parcels.facts import (
    EndingTakenBack,
    HandoverCorrected,
    HandoverPhotographed,
    ParcelBroughtBack,
    ParcelBroughtBackLater,
    ParcelCodCorrected,
    ParcelCompensated,
    ParcelDamaged,
    ParcelForwarded,
    ParcelFound,
    ParcelHandedOver,
    ParcelHandedOverOnRun,
    ParcelLost,
    ParcelMarkedValuable,
    ParcelMoved,
    ParcelReassigned,
    ParcelReleased,
    ParcelReturned,
    ParcelShelved,
    ParcelTakenOnRun,
    ParcelTold,
    Receiver,
    ShelvingTakenBack,
    SignatureTaken,
)
from station_app.services.parcels.places import Code, Layer

ON_HAND = "on_hand"
HANDED_OVER = "handed_over"
RETURNED = "returned"
FORWARDED = "forwarded"
LOST = "lost"
ON_RUN = "on_run"
RELEASED = "released"
STATUSES = (ON_HAND, ON_RUN, LOST, HANDED_OVER, RETURNED, FORWARDED, RELEASED)

Ending = (
    ParcelHandedOver | ParcelHandedOverOnRun | ParcelReturned | ParcelForwarded | ParcelReleased
)
Away = ParcelLost | ParcelFound | ParcelTakenOnRun | ParcelBroughtBack
Counted = ParcelMissed | ParcelSeen
Remark = Counted | ParcelMarkedValuable | ParcelDamaged | ParcelCompensated
TakenBack = HandoverCorrected | EndingTakenBack | ShelvingTakenBack
Whereabouts = Ending | Away | ParcelMoved | TakenBack


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel during one visit.

    person: identity, "" when only the label is known: then name, tail and phone are the label's.
    status: one of STATUSES, or "" while its founding fact is missing. closed_day: since when it
    is not on hand; bag: the transfer bag it came in.
    at_in, device_in: when and where it was shelved first, for showing only.
    closed_by: identity of the fact that ended the visit; the next visit names it.
    founders, closings, strays, corrections: identities behind the cases; corrected: the
    endings and shelvings that were taken back. missed, seen: countings of its shelf that found it
    missing, or standing there though it had left, since it was last said where it is. damaged:
    what says that it is; compensations: facts by which the station pays for it.
    """

    courier: str = ""
    waybill: str = ""
    after: str = ""
    person: str = ""
    name: str = ""
    tail: str = ""
    phone: str = ""
    shelf: str = ""
    layer: int = 0
    serial: int = 0
    size: str = ""
    cod_fen: int = 0
    freight_fen: int = 0
    status: str = ""
    bag: str = ""
    is_valuable: int = 0
    compensation_fen: int = 0
    day_in: str = ""
    at_in: int = 0
    device_in: str = ""
    closed_day: str = ""
    closed_by: str = ""
    taken_by: str = ""
    check: str = ""
    collector: str = ""
    relation: str = ""
    slip: int = 0
    reason: str = ""
    told_count: int = 0
    told_day: str = ""
    told_way: str = ""
    told_outcome: str = ""
    founders: tuple[str, ...] = ()
    closings: tuple[str, ...] = ()
    strays: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    compensations: tuple[str, ...] = ()

    @property
    def code(self) -> Code:
        """Return the pickup code."""
        return Code(self.shelf, self.layer, self.serial)

    @property
    def place(self) -> Layer:
        """Return the layer on which it stands."""
        return Layer(self.shelf, self.layer)

    @property
    def due_fen(self) -> int:
        """Return what is to be collected before it may leave."""
        return self.cod_fen + self.freight_fen


def fold_parcel(state: Parcel | None, told: Told) -> Parcel:
    """Apply one fact; any of them may come first."""
    known = state or Parcel()
    body = told.body
    if isinstance(body, ParcelShelved):
        return _shelved(known, told, body)
    if isinstance(body, SignatureTaken | HandoverPhotographed):
        return known  # it says nothing of where the parcel is
    if not known.founders:
        known = msgspec.structs.replace(known, strays=(*known.strays, told.identity))
    if isinstance(body, Remark):
        return _said_of_it(known, told, body)
    if isinstance(body, Whereabouts):
        known = msgspec.structs.replace(known, missed=(), seen=())
    if isinstance(body, Ending):
        return _closed(known, told, body)
    if isinstance(body, TakenBack):
        return _taken_back(known, told, body)
    if isinstance(body, Away):
        return _away_or_here(known, told, body)
    if isinstance(body, ParcelCodCorrected):
        return msgspec.structs.replace(
            known,
            cod_fen=known.cod_fen + body.cod_change_fen,
            freight_fen=known.freight_fen + body.freight_change_fen,
        )
    if isinstance(body, ParcelReassigned):
        return msgspec.structs.replace(known, person=body.person, **label_of(told.private))
    if isinstance(body, ParcelMoved):
        return msgspec.structs.replace(
            known, shelf=body.shelf, layer=body.layer, serial=body.serial
        )
    told_body: ParcelTold = body
    return msgspec.structs.replace(
        known,
        told_count=known.told_count + 1,
        told_day=told_body.day,
        told_way=told_body.way,
        told_outcome=told_body.outcome,
    )


def _shelved(known: Parcel, told: Told, body: ParcelShelved) -> Parcel:
    """Take a founding fact in; a second one moves it, and keeps the higher money.

    A known person is not displaced by a mere label, a name not by none, nor an amount due by its
    absence: the PC that knew more was right more often.
    """
    if told.identity in known.corrected:
        return known
    label = label_of(told.private)
    is_first = not known.founders
    if body.person:
        known = msgspec.structs.replace(known, person=body.person, **label)
    elif not known.person:
        said = {part: words or getattr(known, part) for part, words in label.items()}
        known = msgspec.structs.replace(known, **said)
    is_collected = known.status == HANDED_OVER
    most: Callable[[int, int], int] = (lambda was, _said: was) if is_collected else max
    if body.here_since:
        known = _told_before(known, body)
    return msgspec.structs.replace(
        known,
        courier=body.courier,
        waybill=body.waybill,
        after=body.after,
        shelf=body.shelf,
        layer=body.layer,
        serial=body.serial,
        size=body.size,
        bag=body.bag or known.bag,
        cod_fen=most(known.cod_fen, body.cod_fen),
        freight_fen=most(known.freight_fen, body.freight_fen),
        status=known.status or ON_HAND,
        day_in=(body.here_since or body.day) if is_first else known.day_in,
        at_in=told.at if is_first else known.at_in,
        device_in=told.device if is_first else known.device_in,
        founders=(*known.founders, told.identity),
        strays=(),
    )


def _told_before(known: Parcel, body: ParcelShelved) -> Parcel:
    """It was here before the books began, and so was the word that it is: nobody is told twice."""
    return msgspec.structs.replace(
        known,
        told_count=max(known.told_count, 1),
        told_day=known.told_day or body.here_since,
        told_way=known.told_way or "in_person",
        told_outcome=known.told_outcome or "reached",
    )


def _closed(known: Parcel, told: Told, body: Ending) -> Parcel:
    """Take an ending in; of several the first one is shown, and all stand in the case."""
    if told.identity in known.corrected:
        return known
    ended = msgspec.structs.replace(known, closings=(*known.closings, told.identity))
    if known.closings:
        return ended
    ended = msgspec.structs.replace(ended, closed_day=body.day, closed_by=told.identity)
    if isinstance(body, ParcelReturned):
        return msgspec.structs.replace(ended, status=RETURNED, reason=body.reason)
    if isinstance(body, ParcelForwarded):
        return msgspec.structs.replace(ended, status=FORWARDED, reason=body.station)
    if isinstance(body, ParcelReleased):
        return msgspec.structs.replace(ended, status=RELEASED, reason=body.reason)
    # From here on the figure is what was collected, whatever another PC had entered.
    collector = told.private
    return msgspec.structs.replace(
        ended,
        status=HANDED_OVER,
        cod_fen=body.cod_fen,
        freight_fen=body.freight_fen,
        taken_by=body.taken_by,
        check=body.check,
        slip=body.slip,
        collector=collector.name if collector else "",
        relation=collector.relation if collector else "",
    )


def _taken_back(known: Parcel, told: Told, body: TakenBack) -> Parcel:
    """Take a hand-over back: unless somebody handed it over a second time, it is on hand again."""
    known = msgspec.structs.replace(known, corrections=(*known.corrections, told.identity))
    if isinstance(body, ShelvingTakenBack):
        return _shelved_once(known, body)
    ending = body.ending if isinstance(body, EndingTakenBack) else body.handover
    known = msgspec.structs.replace(
        known,
        corrected=(*known.corrected, ending),
        closings=tuple(closing for closing in known.closings if closing != ending),
    )
    if known.closings:
        if isinstance(body, EndingTakenBack) and known.closed_by == ending:
            return _shown_by(known, body)
        return known
    return msgspec.structs.replace(
        known,
        status=ON_HAND if known.founders else known.status,
        closed_day="",
        closed_by="",
        taken_by="",
        check="",
        slip=0,
        collector="",
        relation="",
    )


def _shown_by(known: Parcel, body: EndingTakenBack) -> Parcel:
    """Show the ending that holds, as far as the decision says it, in the place of the first."""
    return msgspec.structs.replace(
        known,
        closed_by=body.stands,
        closed_day=body.closed_day,
        status=body.status,
        slip=body.stands_slip,
        taken_by="",
        check="",
        reason="",
        collector="",
        relation="",
    )


def _shelved_once(known: Parcel, body: ShelvingTakenBack) -> Parcel:
    """Leave one of the shelvings out: one piece, and this is where it stands."""
    return msgspec.structs.replace(
        known,
        corrected=(*known.corrected, body.shelving),
        founders=tuple(founder for founder in known.founders if founder != body.shelving),
        shelf=body.shelf,
        layer=body.layer,
        serial=body.serial,
    )


def _counted(known: Parcel, told: Told, body: Counted) -> Parcel:
    """Its shelf was counted: what is missed is still on hand, what is seen is still gone."""
    if isinstance(body, ParcelMissed):
        return msgspec.structs.replace(known, missed=(*known.missed, told.identity))
    return msgspec.structs.replace(known, missed=(), seen=(*known.seen, told.identity))


def _said_of_it(known: Parcel, told: Told, body: Remark) -> Parcel:
    """Counted, worth much, broken, paid for: what is said of it moves it nowhere."""
    if isinstance(body, Counted):
        return _counted(known, told, body)
    if isinstance(body, ParcelMarkedValuable):
        return msgspec.structs.replace(known, is_valuable=1)
    if isinstance(body, ParcelDamaged):
        return msgspec.structs.replace(known, damaged=(*known.damaged, told.identity))
    return _paid_for(known, told, body.compensation_fen)


def _paid_for(known: Parcel, told: Told, compensation_fen: int) -> Parcel:
    return msgspec.structs.replace(
        known,
        compensation_fen=known.compensation_fen + compensation_fen,
        compensations=(*known.compensations, told.identity),
    )


def _away_or_here(known: Parcel, told: Told, body: Away) -> Parcel:
    """Lost or on a run for a while, then perhaps on its shelf again; no visit ends by that."""
    if isinstance(body, ParcelLost) and body.compensation_fen:
        known = _paid_for(known, told, body.compensation_fen)
    if isinstance(body, ParcelFound):
        known = msgspec.structs.replace(
            known, shelf=body.shelf, layer=body.layer, serial=body.serial
        )
    if known.closings:
        return known
    if isinstance(body, ParcelFound | ParcelBroughtBack):
        return msgspec.structs.replace(known, status=ON_HAND, closed_day="")
    status = LOST if isinstance(body, ParcelLost) else ON_RUN
    return msgspec.structs.replace(known, status=status, closed_day=body.day)


def label_of(receiver: Receiver | None) -> dict[str, str]:
    """Return what a label says of its receiver, as fields of a state."""
    if receiver is None:
        return {"name": "", "tail": "", "phone": ""}
    return {"name": receiver.name, "tail": receiver.tail, "phone": receiver.phone}


def parcel_cases(state: Parcel) -> Cases:
    """Return in what the facts of a visit disagree."""
    found: Cases = {}
    if len(state.founders) > 1:
        found["parcels.shelved_twice"] = state.founders
    if len(state.closings) > 1:
        found["parcels.closed_twice"] = state.closings
    if not state.founders:
        found["parcels.founder_missing"] = state.strays
    if state.missed and state.status == ON_HAND:
        found["parcels.missed"] = state.missed
    if state.seen and state.status not in ("", ON_HAND):
        found["parcels.seen_when_gone"] = (*state.closings, *state.seen)
    if state.compensations and state.status == ON_HAND and not state.damaged:
        found["parcels.paid_for_and_here"] = state.compensations
    if len(state.corrected) > len(set(state.corrected)):
        found["parcels.corrected_twice"] = state.corrections
    return found


def visit_key(told: Told) -> str:
    """Return what two founding facts of one visit have in common; "" for a bare parcel."""
    body: ParcelShelved = told.body
    return f"{body.courier}|{body.waybill}|{body.after}" if body.waybill else ""


PARCEL = EntityKind(
    name="parcel",
    state=Parcel,
    facts=(
        ParcelShelved,
        ParcelReassigned,
        ParcelMoved,
        ParcelTold,
        SignatureTaken,
        HandoverPhotographed,
        ParcelMarkedValuable,
        ParcelDamaged,
        ParcelHandedOver,
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
    ),
    fold=fold_parcel,
    natural_key={ParcelShelved: visit_key},
    cases=parcel_cases,
    is_open=lambda parcel: not parcel.closed_by,
    columns=Columns(
        table="parcels",
        fields=(
            ("courier", "TEXT"),
            ("waybill", "TEXT"),
            ("person", "TEXT"),
            ("name", "TEXT"),
            ("tail", "TEXT"),
            ("shelf", "TEXT"),
            ("layer", "INTEGER"),
            ("serial", "INTEGER"),
            ("status", "TEXT"),
            ("cod_fen", "INTEGER"),
            ("freight_fen", "INTEGER"),
            ("size", "TEXT"),
            ("day_in", "TEXT"),
            ("at_in", "INTEGER"),
            ("device_in", "TEXT"),
            ("closed_day", "TEXT"),
            ("closed_by", "TEXT"),
            ("slip", "INTEGER"),
            ("told_count", "INTEGER"),
            ("told_day", "TEXT"),
            ("told_way", "TEXT"),
            ("told_outcome", "TEXT"),
        ),
        row=lambda p: (
            p.courier,
            p.waybill,
            p.person,
            p.name,
            p.tail,
            p.shelf,
            p.layer,
            p.serial,
            p.status,
            p.cod_fen,
            p.freight_fen,
            p.size,
            p.day_in,
            p.at_in,
            p.device_in,
            p.closed_day,
            p.closed_by,
            p.slip,
            p.told_count,
            p.told_day,
            p.told_way,
            p.told_outcome,
        ),
        indexes=(
            ("waybill",),
            ("person", "status", "day_in"),
            ("status", "shelf", "layer", "serial"),
            ("tail", "name", "status"),
            ("day_in", "at_in"),
            ("closed_day", "status"),
        ),
    ),
)
