"""Two records of one villager (合并): which one stands for her, and how that is taken back.

Nothing is moved: parcels, accounts and orders go on naming whom they named, and whoever asks the
register is led to the record that stands. So a merge taken back leaves everything as it was. Two
PCs that file one record under two different people say two things of which at most one is true:
until somebody has decided, none of them holds, and nobody sees another's parcels.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Saying, Told
from station_app.journal.projection import Cases, Columns, EntityKind
from station_app.services.people.commands import MergePersons, TakeMergeBack
from station_app.services.people.facts import MergeTakenBack, PersonMerged
from station_app.values.now import Now
from station_app.values.refusal import Refusal

MERGED_DIFFERENTLY = "people.merged_differently"
Decision = Sequence[Saying] | Refusal


class Claim(msgspec.Struct, frozen=True):
    """That the record belongs to `kept`, and the fact that says so."""

    kept: str
    fact: str


class Merge(msgspec.Struct, frozen=True, kw_only=True):
    """What has been said of one record. other: the record; gone: claims that were taken back."""

    other: str = ""
    claims: tuple[Claim, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def live(self) -> tuple[Claim, ...]:
        """Return the claims that stand."""
        return tuple(claim for claim in self.claims if claim.fact not in self.gone)

    @property
    def kept(self) -> str:
        """Return who stands for the record, "" for itself: nobody, or two who differ."""
        named = {claim.kept for claim in self.live}
        return named.pop() if len(named) == 1 else ""


def fold_merge(state: Merge | None, told: Told) -> Merge:
    """Apply one fact; any of them may come first."""
    known, body = state or Merge(), told.body
    if isinstance(body, MergeTakenBack):
        return msgspec.structs.replace(known, gone=(*known.gone, body.merge))
    merged: PersonMerged = body
    claim = Claim(merged.kept, told.identity)
    return msgspec.structs.replace(known, other=merged.other, claims=(*known.claims, claim))


def merge_cases(state: Merge) -> Cases:
    """Return the claims of one record that name different people."""
    if len({claim.kept for claim in state.live}) > 1:
        return {MERGED_DIFFERENTLY: tuple(claim.fact for claim in state.live)}
    return {}


MERGE = EntityKind(
    name="merge",
    state=Merge,
    facts=(PersonMerged, MergeTakenBack),
    fold=fold_merge,
    natural_key={PersonMerged: lambda told: str(told.body.other)},
    cases=merge_cases,
    columns=Columns(
        table="merges",
        fields=(("other", "TEXT"), ("kept", "TEXT")),
        row=lambda m: (m.other, m.kept),
        indexes=(("other",), ("kept",)),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merging:
    """Both records as they stand. roots: the records that stand for each of them now."""

    are_known: bool
    is_one_erased: bool
    roots: tuple[str, str]


def merge_persons(state: Merging, _command: MergePersons, now: Now) -> Decision:
    """Let one record stand for both."""
    if not state.are_known:
        return Refusal("people.NO_SUCH_PERSON")
    if state.is_one_erased:
        return Refusal("people.ERASED_ALREADY")
    kept, other = state.roots
    if kept == other:
        return Refusal("people.MERGED_ALREADY")
    return [Saying(PersonMerged(kept=kept, other=other, day=now.day))]


def take_merge_back(state: Merge | None, command: TakeMergeBack, now: Now) -> Decision:
    """Say that they are two after all."""
    if state is None or command.claim not in {claim.fact for claim in state.live}:
        return Refusal("people.NOT_MERGED")
    return [Saying(MergeTakenBack(merge=command.claim, day=now.day), entity=command.merge)]
