"""Home delivery (送货到家): parcels leave on a list by hamlet, and each comes to an end at return.

Delivered at the door, with its money, or brought back to its shelf with a reason. Why somebody gets
a visit (old, ill, bulky goods) is written down nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from station_app.journal.fact import Saying
from station_app.services.parcels.commands import BringBack, DeliverOnRun, TakeOnRun
from station_app.services.parcels.facts import (
    ParcelBroughtBack,
    ParcelHandedOverOnRun,
    ParcelTakenOnRun,
)
from station_app.services.parcels.rules import PARCELS_MAX, Chosen, why_not_touch
from station_app.services.parcels.visits import ON_RUN, Parcel
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.refusal import Refusal

FAILURES = ("not_home", "refused", "no_money", "wrong_place")

Decision = Sequence[Saying] | Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """The parcels that leave, and the number of their list."""

    chosen: Chosen
    run: int


def take_on_run(state: Leaving, command: TakeOnRun, now: Now) -> Decision:
    """Let parcels leave for people's doors."""
    if not command.parcels:
        return Refusal("parcels.NOTHING_CHOSEN")
    if len(command.parcels) > PARCELS_MAX:
        return Refusal("parcels.TOO_MANY", {"most": PARCELS_MAX})
    for _, parcel in state.chosen:
        refusal = why_not_touch(parcel, now)
        if refusal is not None:
            return refusal
    body = ParcelTakenOnRun(run=state.run, day=now.day)
    return [Saying(body, entity=identity) for identity, _ in state.chosen]


def deliver(parcel: Parcel | None, command: DeliverOnRun, now: Now) -> Decision:
    """Write down that a parcel was handed over at the door; its money comes in with the runner."""
    if parcel is None or parcel.status != ON_RUN:
        return Refusal("parcels.NOT_ON_RUN")
    if parcel.due_fen and not now.shift:
        return Refusal("parcels.NO_SHIFT_OPEN", {"due": say_yuan(parcel.due_fen)})
    if command.paid_fen != parcel.due_fen:
        return Refusal("parcels.BALANCE_STILL_DUE", {"due": say_yuan(parcel.due_fen)})
    body = ParcelHandedOverOnRun(
        courier=parcel.courier,
        taken_by="self",
        check="known",
        cod_fen=parcel.cod_fen,
        freight_fen=parcel.freight_fen,
        slip=0,
        day=now.day,
    )
    return [Saying(body, entity=command.parcel)]


def bring_back(parcel: Parcel | None, command: BringBack, now: Now) -> Decision:
    """Put a parcel that nobody took back on its shelf; the reason is asked."""
    if parcel is None or parcel.status != ON_RUN:
        return Refusal("parcels.NOT_ON_RUN")
    if command.reason not in FAILURES:
        return Refusal("parcels.REASON_MISSING")
    return [Saying(ParcelBroughtBack(reason=command.reason, day=now.day), entity=command.parcel)]
