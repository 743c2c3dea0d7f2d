"""The chain: why nobody can change, remove or swap a past fact without being seen.

Every fact of a stream names the identity of the one before; the first fact of a stream names the
last identity of the device's journal. So the streams of a device form a tree, normally a line,
and whoever holds the identity of the last fact holds a proof of all before it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from station_app.journal.fact import Fact, is_intact


@dataclass(frozen=True, slots=True)
class Break:
    """The first fact of a run that does not fit, and why.

    seq: position in its stream; reason: one of `hole`, `altered`, `wrong_stream`, `wrong_before`.
    """

    stream: str
    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class Head:
    """How far a stream reaches: `to` is the last seq (0 for none), `identity` that fact's."""

    stream: str
    to: int
    identity: str


def first_break(facts: Iterable[Fact], head: Head) -> Break | None:
    """Return the first fact that does not continue `head`, or None if all of them do.

    A head with `to` = 0 and an empty identity accepts any `prev` in the first fact: only the
    author knows the end of the journal before it.
    """
    seq, before = head.to, head.identity
    for fact in facts:
        seq += 1
        if fact.stream != head.stream:
            return Break(fact.stream, fact.seq, "wrong_stream")
        if fact.seq != seq:
            return Break(head.stream, seq, "hole")
        if not is_intact(fact):
            return Break(head.stream, seq, "altered")
        if before and fact.prev != before:
            return Break(head.stream, seq, "wrong_before")
        before = fact.identity
    return None
