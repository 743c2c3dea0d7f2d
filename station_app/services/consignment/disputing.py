"""A lot about which a grower disagrees (有争议): it waits, and her other lots are settled.

What she is told of a lot may be wrong: the weight, the price, what was taken off. Nobody argues her
out of it at the counter: it is written down what it is about, the lot's money stays where it is,
and a case stands open until somebody has looked and says in a sentence how it ended. What the
county sold of the lot waits, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Saying, Told
from station_app.journal.projection import Columns, EntityKind
from station_app.services.consignment.commands import DisputeLot
from station_app.services.consignment.facts import LotDisputed, LotRemark
from station_app.values.now import Now
from station_app.values.refusal import Refusal

REASONS = ("quantity_wrong", "price_wrong", "deducted_wrong", "other")
CASE = "consignment.disputed"
WORDS_MAX = 60


class Dispute(msgspec.Struct, frozen=True, kw_only=True):
    """What one grower has said of one lot. facts: each time she said it; reason: the last."""

    lot: str = ""
    person: str = ""
    reason: str = ""
    facts: tuple[str, ...] = ()


def fold_dispute(state: Dispute | None, told: Told) -> Dispute:
    """Add that she said it, once more."""
    body: LotDisputed = told.body
    before = state.facts if state else ()
    return Dispute(
        lot=body.lot, person=body.person, reason=body.reason, facts=(*before, told.identity)
    )


DISPUTE = EntityKind(
    name="dispute",
    state=Dispute,
    facts=(LotDisputed,),
    fold=fold_dispute,
    natural_key={LotDisputed: lambda told: f"{told.body.lot}|{told.body.person}"},
    cases=lambda state: {CASE: state.facts},
    columns=Columns(
        table="disputes",
        fields=(("lot", "TEXT"), ("person", "TEXT"), ("reason", "TEXT")),
        row=lambda one: (one.lot, one.person, one.reason),
        indexes=(("person", "lot"),),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputing:
    """What decides about a dispute. is_hers: she has money open for the lot; is_open: it waits."""

    is_hers: bool = True
    is_open: bool = False


def dispute_lot(state: Disputing, command: DisputeLot, now: Now) -> Sequence[Saying] | Refusal:
    """Write down that she does not agree, and about what."""
    assert command.reason in REASONS
    if not state.is_hers:
        return Refusal("consignment.SETTLED_ALREADY")
    if state.is_open:
        return Refusal("consignment.DISPUTED_ALREADY")
    words = command.words.strip()
    if len(words) > WORDS_MAX:
        return Refusal("consignment.WORDS_TOO_LONG", {"most": WORDS_MAX})
    private = LotRemark(remark=words, whose=(command.person,)) if words else None
    body = LotDisputed(lot=command.lot, person=command.person, reason=command.reason, day=now.day)
    return [Saying(body, private)]
