"""Orders that the county gives back to the station because nobody can buy by what they say.

A link that leads nowhere, a size that nobody asked for, a photo too dark to see: the county asks,
and whoever stands at the counter completes it. It is a thing of its own that names the order, so a
program that does not know it goes on with the order. Whether an order still waits for it is a view:
once it was bought or called off nobody has to answer.
"""

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Columns, EntityKind
from station_app.services.purchasing.facts import COMPLETION_FACTS, CompletionAsked

REASONS = ("link", "unclear", "photo", "other")


class Completion(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be completed of an order. given: the facts that completed it, in their order.

    asked_at: UTC ms, 0 while the question itself is not here.
    """

    order: str = ""
    line: int = 0
    reason: str = ""
    asked_at: int = 0
    given: tuple[str, ...] = ()


def fold_completion(state: Completion | None, told: Told) -> Completion:
    """Take the question, or one more answer; either may come first."""
    known, body = state or Completion(), told.body
    if isinstance(body, CompletionAsked):
        return msgspec.structs.replace(
            known, order=body.order, line=body.line, reason=body.reason, asked_at=told.at
        )
    return msgspec.structs.replace(known, given=(*known.given, told.identity))


COMPLETION = EntityKind(
    name="completion",
    state=Completion,
    facts=COMPLETION_FACTS,
    fold=fold_completion,
    is_open=lambda one: not one.given,
    columns=Columns(
        table="completions",
        fields=(("for_order", "TEXT"), ("asked_at", "INTEGER"), ("is_given", "INTEGER")),
        row=lambda one: (one.order, one.asked_at, int(bool(one.given))),
        indexes=(("for_order",),),
    ),
)
