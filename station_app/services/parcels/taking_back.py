"""Of two sides that say the same of one piece one is taken back: what a closed case does.

The side that holds stays as it is. The other one is answered by a fact that takes its piece out of
the books again, and makes what it had collected money that is owed back.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from station_app.journal.fact import Saying
from station_app.services.parcels.commands import TakeEndingBack, TakeShelvingBack
from station_app.services.parcels.facts import (
    EndingTakenBack,
    ParcelForwarded,
    ParcelHandedOver,
    ParcelHandedOverOnRun,
    ParcelReleased,
    ParcelReturned,
    ParcelShelved,
    ShelvingTakenBack,
)
from station_app.services.parcels.places import Code
from station_app.services.parcels.visits import (
    FORWARDED,
    HANDED_OVER,
    RELEASED,
    RETURNED,
    Ending,
    Parcel,
)
from station_app.values.now import Now
from station_app.values.refusal import Refusal

Decision = Sequence[Saying] | Refusal
ENDINGS: dict[str, type[Ending]] = {
    body.KIND: body
    for body in (
        ParcelHandedOver,
        ParcelHandedOverOnRun,
        ParcelReturned,
        ParcelForwarded,
        ParcelReleased,
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingBack:
    """The parcel, the ending that is to be taken back, and the one that holds; None: not known.

    cod_fen, freight_fen: what that ending collected, with what was put right of it since.
    """

    parcel: Parcel | None
    ending: Ending | None
    holds: Ending | None
    cod_fen: int = 0
    freight_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Unshelving:
    """The parcel, the shelving that is to be taken back, and the one that holds."""

    parcel: Parcel | None
    shelving: ParcelShelved | None
    holds: ParcelShelved | None


def collected_by(ending: Ending | None) -> tuple[int, int]:
    """Return what an ending took from the villager for the courier, by its own word."""
    if isinstance(ending, ParcelHandedOver | ParcelHandedOverOnRun):
        return ending.cod_fen, ending.freight_fen
    return 0, 0


def take_ending_back(state: TakingBack, command: TakeEndingBack, now: Now) -> Decision:
    """Take one of several endings of a visit back; what it collected is owed to the villager."""
    parcel, ending, holds = state.parcel, state.ending, state.holds
    if parcel is None or ending is None or command.ending not in parcel.closings:
        return Refusal("parcels.NO_SUCH_PARCEL")
    if holds is None or command.holds not in set(parcel.closings) - {command.ending}:
        return Refusal("parcels.ONLY_HANDOVER")
    body = EndingTakenBack(
        ending=command.ending,
        left_by=ending.KIND.partition(".")[2],
        courier=ending.courier,
        cod_fen=state.cod_fen,
        freight_fen=state.freight_fen,
        stands=command.holds,
        status=_status(holds),
        closed_day=holds.day,
        stands_slip=_slip(holds),
        day=now.day,
    )
    return [Saying(body, entity=command.parcel)]


def _slip(ending: Ending) -> int:
    return ending.slip if isinstance(ending, ParcelHandedOver | ParcelHandedOverOnRun) else 0


def _status(ending: Ending) -> str:
    if isinstance(ending, ParcelReturned):
        return RETURNED
    if isinstance(ending, ParcelReleased):
        return RELEASED
    return FORWARDED if isinstance(ending, ParcelForwarded) else HANDED_OVER


def take_shelving_back(state: Unshelving, command: TakeShelvingBack, now: Now) -> Decision:
    """Say that a parcel that was shelved twice is one piece; it stands where one says that holds.

    Where somebody has moved it since, it stands there.
    """
    parcel, shelving, holds = state.parcel, state.shelving, state.holds
    if parcel is None or shelving is None or command.shelving not in parcel.founders:
        return Refusal("parcels.NO_SUCH_PARCEL")
    if holds is None or command.holds not in set(parcel.founders) - {command.shelving}:
        return Refusal("parcels.ONLY_SHELVING")
    is_there = parcel.code == Code(shelving.shelf, shelving.layer, shelving.serial)
    place = Code(holds.shelf, holds.layer, holds.serial) if is_there else parcel.code
    body = ShelvingTakenBack(
        shelving=command.shelving,
        courier=shelving.courier,
        bag=shelving.bag,
        shelf=place.shelf,
        layer=place.layer,
        serial=place.serial,
        day=now.day,
    )
    return [Saying(body, entity=command.parcel)]
