"""Home delivery (送货到家): parcels leave on a list by hamlet, and each comes to an end at return.

Delivered at the door, with its money, or brought back to its shelf with a reason. Why somebody gets
a visit (old, ill, bulky goods) is written down nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from station_app.journal.fact import Saying
from station_app.services.parcels.commands import BringBack, DeliverOnRun, TakeOnRun
from station_app.services.parcels.facts import (
    ParcelBroughtBack,
    ParcelBroughtBackLater,
    ParcelHandedOverOnRun,
    ParcelTakenOnRun,
)
from station_app.services.parcels.limits import Limits, why_not_on_behalf
from station_app.services.parcels.rules import (
    PARCELS_MAX,
    Chosen,
    collector_of,
    why_not_taken_by,
    why_not_touch,
)
from station_app.services.parcels.visits import ON_RUN, Parcel
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.refusal import Refusal

FIRST_FAILURES = ("not_home", "refused", "no_money", "wrong_place")  # of the fact's first version
FAILURES = ("not_home", "refused", "another_day", "no_money", "wrong_place")

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivering:
    """The parcels of one door, and what the county allows others to take."""

    chosen: Chosen
    limits: Limits = field(default_factory=Limits)


def deliver(state: Delivering, command: DeliverOnRun, now: Now) -> Decision:
    """Write down what was handed over at a door; its money comes in with the runner."""
    parcels = [(identity, parcel) for identity, parcel in state.chosen if parcel is not None]
    there = [parcel for _, parcel in parcels if parcel.status == ON_RUN]
    if not there or len(there) < len(state.chosen):
        return Refusal("parcels.NOT_ON_RUN")
    refusal = why_not_taken_by(command)
    if refusal is None and command.taken_by == "on_behalf":
        refusal = why_not_on_behalf(state.limits, there, command.check)
    if refusal is not None:
        return refusal
    due_fen = sum(parcel.due_fen for parcel in there)
    if due_fen and not now.shift:
        return Refusal("parcels.NO_SHIFT_OPEN", {"due": say_yuan(due_fen)})
    if command.paid_fen != due_fen:
        return Refusal("parcels.BALANCE_STILL_DUE", {"due": say_yuan(due_fen)})
    collector = collector_of(command) if command.taken_by == "on_behalf" else None
    return [
        Saying(_delivered(parcel, command, now), private=collector, entity=identity)
        for identity, parcel in parcels
    ]


def _delivered(parcel: Parcel, command: DeliverOnRun, now: Now) -> ParcelHandedOverOnRun:
    return ParcelHandedOverOnRun(
        courier=parcel.courier,
        taken_by=command.taken_by,
        check=command.check,
        cod_fen=parcel.cod_fen,
        freight_fen=parcel.freight_fen,
        slip=0,
        day=now.day,
    )


def bring_back(parcel: Parcel | None, command: BringBack, now: Now) -> Decision:
    """Put a parcel that nobody took back on its shelf; the reason is asked."""
    if parcel is None or parcel.status != ON_RUN:
        return Refusal("parcels.NOT_ON_RUN")
    if command.reason not in FAILURES:
        return Refusal("parcels.REASON_MISSING")
    is_old = command.reason in FIRST_FAILURES
    kind = ParcelBroughtBack if is_old else ParcelBroughtBackLater
    return [Saying(kind(reason=command.reason, day=now.day), entity=command.parcel)]
