"""What may go wrong with a parcel, and what is written down of it.

Damaged, sent to the wrong station, lost and paid for, or gone with nobody having written its
hand-over down. Each is a fact of its own: what happened stays to be seen, and nothing here counts
as a hand-over, since only a real one does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from station_app.journal.fact import Saying
from station_app.services.parcels.commands import (
    CompensateParcel,
    ForwardParcel,
    MarkValuable,
    ReleaseParcel,
    ReportDamage,
)
from station_app.services.parcels.facts import (
    Damage,
    ParcelCompensated,
    ParcelDamaged,
    ParcelForwarded,
    ParcelMarkedValuable,
    ParcelReleased,
    Releasing,
)
from station_app.services.parcels.rules import AMOUNT_FEN_MAX, why_not_touch
from station_app.services.parcels.visits import LOST, Parcel
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.refusal import Refusal

WORDS_MAX = 60  # what is broken, or why it is believed to be gone: a line of a list
PAYEES = ("receiver", "courier")
RELEASE_REASONS = ("receiver_has_it", "family_has_it", "other")

Decision = Sequence[Saying] | Refusal


def report_damage(parcel: Parcel | None, command: ReportDamage, now: Now) -> Decision:
    """Write down that a parcel on hand is damaged; it stays here until somebody decides."""
    refusal = why_not_touch(parcel, now) or _why_not_words(command.words)
    if refusal is not None:
        return refusal
    words = command.words.strip()
    if not words and not command.photo:
        return Refusal("parcels.DAMAGE_UNTOLD")
    private = Damage(words=words, photo=command.photo, whose=_whose(parcel))
    return (Saying(ParcelDamaged(day=now.day), private=private, entity=command.parcel),)


def mark_valuable(parcel: Parcel | None, command: MarkValuable, now: Now) -> Decision:
    """Write down that a parcel on hand is worth much."""
    refusal = why_not_touch(parcel, now)
    if refusal is not None:
        return refusal
    if parcel is not None and parcel.is_valuable:
        return Refusal("parcels.NOTHING_CHANGED")
    return (Saying(ParcelMarkedValuable(day=now.day), entity=command.parcel),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarding:
    """The parcel, and whether the county has described the station that it is to go to."""

    parcel: Parcel | None
    is_known: bool


def forward(state: Forwarding, command: ForwardParcel, now: Now) -> Decision:
    """Send a parcel on to the station that it is meant for."""
    refusal = why_not_touch(state.parcel, now)
    if refusal is not None:
        return refusal
    if not state.is_known or command.station == now.station:
        return Refusal("parcels.NO_SUCH_STATION")
    assert state.parcel is not None
    body = ParcelForwarded(courier=state.parcel.courier, station=command.station, day=now.day)
    return (Saying(body, entity=command.parcel),)


def compensate(parcel: Parcel | None, command: CompensateParcel, now: Now) -> Decision:
    """Decide what the station pays for a parcel that was lost or damaged."""
    if parcel is None or not parcel.status:
        return Refusal("parcels.NO_SUCH_PARCEL")
    if parcel.status != LOST and not parcel.damaged:
        return Refusal("parcels.NOTHING_TO_PAY_FOR")
    if command.payee not in PAYEES:
        return Refusal("parcels.PAYEE_MISSING")
    if command.amount_fen <= 0:
        return Refusal("parcels.COMPENSATION_MISSING")
    if parcel.compensation_fen + command.amount_fen > AMOUNT_FEN_MAX:
        return Refusal("parcels.AMOUNT_TOO_HIGH", {"most": say_yuan(AMOUNT_FEN_MAX)})
    body = ParcelCompensated(
        courier=parcel.courier,
        compensation_fen=command.amount_fen,
        payee=command.payee,
        day=now.day,
    )
    return (Saying(body, entity=command.parcel),)


def release(parcel: Parcel | None, command: ReleaseParcel, now: Now) -> Decision:
    """Close the visit of a parcel that is gone without a hand-over. A manager does, with a reason.

    One on which money is due is not closed so: either the money comes in by a hand-over, or the
    station pays for a parcel that is lost.
    """
    refusal = why_not_touch(parcel, now) or _why_not_words(command.words)
    if refusal is not None:
        return refusal
    assert parcel is not None
    if not now.is_manager:
        return Refusal("parcels.MANAGER_CLOSES")
    if command.reason not in RELEASE_REASONS:
        return Refusal("parcels.RELEASE_REASON_MISSING")
    if command.reason == "other" and not command.words.strip():
        return Refusal("parcels.RELEASE_WORDS_MISSING")
    if parcel.due_fen:
        return Refusal("parcels.RELEASE_MONEY_DUE", {"due": say_yuan(parcel.due_fen)})
    body = ParcelReleased(courier=parcel.courier, reason=command.reason, day=now.day)
    private = Releasing(words=command.words.strip(), whose=_whose(parcel))
    return (Saying(body, private=private, entity=command.parcel),)


def _why_not_words(words: str) -> Refusal | None:
    if len(words.strip()) > WORDS_MAX:
        return Refusal("parcels.WORDS_TOO_LONG", {"most": WORDS_MAX})
    return None


def _whose(parcel: Parcel | None) -> tuple[str, ...]:
    return (parcel.person,) if parcel is not None and parcel.person else ()
