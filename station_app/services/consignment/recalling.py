"""Who was told of a stopped lot (停售): buyers who are known, growers, and everybody by a notice.

What was sold over the counter names nobody, so for most slips the notice is all that can be done;
whoever took something on account is known, and so is whose goods they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Saying, Told
from station_app.journal.projection import Columns, EntityKind, as_said
from station_app.services.consignment.commands import TellOfRecall
from station_app.services.consignment.facts import RecallTold
from station_app.values.now import Now
from station_app.values.refusal import Refusal

PHONE, IN_PERSON, BOARD = "phone", "in_person", "board"
WAYS = (PHONE, IN_PERSON, BOARD)
REACHED, NO_ANSWER = "reached", "no_answer"


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """One try to tell somebody. at: UTC ms."""

    lot: str = ""
    sale: str = ""
    person: str = ""
    way: str = ""
    outcome: str = ""
    at: int = 0


def fold_telling(_state: Telling | None, told: Told) -> Telling:
    """Take it as it was said."""
    return as_said(Telling, told, at=told.at)


RECALL_TELLING = EntityKind(
    name="recall_telling",
    state=Telling,
    facts=(RecallTold,),
    fold=fold_telling,
    columns=Columns(
        table="recall_tellings",
        fields=(
            ("lot", "TEXT"), ("sale", "TEXT"), ("person", "TEXT"), ("way", "TEXT"),
            ("outcome", "TEXT"), ("at", "INTEGER"),
        ),
        row=lambda t: (t.lot, t.sale, t.person, t.way, t.outcome, t.at),
        indexes=(("lot", "at"),),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """What decides about a telling. is_stopped: the lot is; is_known: person and sale are."""

    is_stopped: bool = True
    is_known: bool = True


def tell_of_recall(state: Recalled, command: TellOfRecall, now: Now) -> Sequence[Saying] | Refusal:
    """Write down that somebody was told, or did not answer."""
    assert command.way in WAYS
    assert command.outcome in (REACHED, NO_ANSWER)
    if not state.is_stopped:
        return Refusal("consignment.NOT_STOPPED")
    if not state.is_known or bool(command.person) == (command.way == BOARD):
        return Refusal("consignment.NOBODY_TO_TELL")
    body = RecallTold(
        lot=command.lot,
        sale=command.sale,
        person=command.person,
        way=command.way,
        outcome=command.outcome,
        day=now.day,
    )
    return [Saying(body)]
