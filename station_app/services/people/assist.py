"""Whether the county assists a villager (帮扶身份): sensitive, and so an entity of its own.

It stands in no read table, so no list, search or paper can come by it. A later word replaces an
earlier one, on whichever PC it was said; an erasure leaves nothing of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Saying, Told
from station_app.journal.projection import Columns, EntityKind
from station_app.services.people.commands import RecordAssist
from station_app.services.people.facts import AssistRecorded, AssistStatus
from station_app.values.now import Now
from station_app.values.refusal import Refusal

STATUSES = ("none", "lifted", "watched", "moved")


class Assist(msgspec.Struct, frozen=True, kw_only=True):
    """What was said last of one record; status: "" when nobody has said it, or it was erased."""

    person: str = ""
    status: str = ""
    day: str = ""


def fold_assist(_state: Assist | None, told: Told) -> Assist:
    """Let the later word hold."""
    body: AssistRecorded = told.body
    said: AssistStatus | None = told.private
    return Assist(person=body.person, status=said.status if said else "", day=body.day)


ASSIST = EntityKind(
    name="assist",
    state=Assist,
    facts=(AssistRecorded,),
    fold=fold_assist,
    natural_key={AssistRecorded: lambda told: str(told.body.person)},
    columns=Columns(
        table="assists",
        fields=(("person", "TEXT"),),
        row=lambda a: (a.person,),
        indexes=(("person",),),
    ),
)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a villager; status: as it was said last, "" for nothing."""

    is_registered: bool
    is_erased: bool
    status: str


def record_assist(known: Known, command: RecordAssist, now: Now) -> Sequence[Saying] | Refusal:
    """Write it down; only a manager may, and what stands there already is not said again."""
    assert command.status in STATUSES
    if not now.is_manager:
        return Refusal("people.ONLY_A_MANAGER")
    if not known.is_registered:
        return Refusal("people.NO_SUCH_PERSON")
    if known.is_erased:
        return Refusal("people.ERASED_ALREADY")
    if known.status == command.status:
        return Refusal("people.NOTHING_CHANGED")
    said = AssistStatus(status=command.status, whose=(command.person,))
    return [Saying(AssistRecorded(person=command.person, day=now.day), private=said)]
