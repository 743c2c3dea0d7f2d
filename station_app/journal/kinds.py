"""Facts of no service: acts undone, names erased, cases closed, keys kept, PCs cut off.

Most of them change what other facts mean, so the fold itself knows them (`journal.projection`).
Which facts of a cut-off PC or of a second version count is worked out in `journal.rulings`.
"""

from typing import ClassVar

import msgspec

from station_app.journal.fact import Body, Private


class ReversedLine(msgspec.Struct, frozen=True):
    """One line of a reversal: the negative of what the undone act posted."""

    account: str
    commodity: str
    amount: int


class ActReversed(Body, frozen=True, kw_only=True):
    """An act was undone (冲红) in its own open shift. Its stream is that of this fact.

    lines: the exact negative of everything that the act posted; `verify` compares both.
    """

    KIND: ClassVar[str] = "act.reversed"
    REVERSIBLE: ClassVar[bool] = False
    act: str
    lines: tuple[ReversedLine, ...]
    day: str


class PrivateErased(Body, frozen=True, kw_only=True):
    """The private parts of these persons, and of these facts, are to be removed everywhere."""

    KIND: ClassVar[str] = "private.erased"
    REVERSIBLE: ClassVar[bool] = False
    persons: tuple[str, ...]
    facts: tuple[str, ...] = ()
    day: str

    @property
    def named(self) -> tuple[str, ...]:
        """Return the persons and facts that it names; an empty name is nobody's."""
        return tuple(whose for whose in (*self.persons, *self.facts) if whose)


class WatchedTags(Private, frozen=True, kw_only=True):
    """Blind tags of each name with each phone tail that the register knew of whom was erased.

    tag_salt: 32 hex digits, of this erasure alone; tags: as `security.blind_tags` makes them.
    """

    tag_salt: str
    tags: tuple[str, ...] = ()


class ErasureWatched(Body, frozen=True, kw_only=True):
    """Somebody was erased in this act: what was read off labels before and is not here yet is hers.

    It erases nothing itself. Whoever finds a label by its tags says an ordinary `private.erased`;
    the tags go by themselves, as any private part does.
    """

    KIND: ClassVar[str] = "erasure.watched"
    REVERSIBLE: ClassVar[bool] = False
    PRIVATE: ClassVar[type[Private] | None] = WatchedTags
    day: str


class CaseRemark(Private, frozen=True, kw_only=True):
    """Why a case was closed as it was, in somebody's words."""

    remark: str = ""


class CaseClosed(Body, frozen=True, kw_only=True):
    """Somebody looked at both sides and decided. It names the set of facts that it saw."""

    KIND: ClassVar[str] = "case.closed"
    PRIVATE: ClassVar[type[Private] | None] = CaseRemark
    case: str
    members: tuple[str, ...]
    verdict: str
    day: str


class KeyKept(Body, frozen=True, kw_only=True):
    """From now on this PC keeps the key of its journal there: whoever asks for a PC's safety sees.

    kept_in: `keyring` of the operating system, `passphrase` (a file under one, asked at every
    start) or `file` (one that only its owner may read).
    """

    KIND: ClassVar[str] = "key.kept"
    REVERSIBLE: ClassVar[bool] = False
    device: str
    kept_in: str
    day: str


class DeviceKeyOffered(Body, frozen=True, kw_only=True):
    """This PC has made itself a new key and asks the county to let it speak instead of the old.

    The head of the stream that holds this is signed with the old key; proof: what the new key
    signed of (PC, old key, new key), 128 hex digits, so that nobody offers a key of another.
    device: "D1"; public_key: the new one, 64 hex digits.
    """

    KIND: ClassVar[str] = "device_key.offered"
    REVERSIBLE: ClassVar[bool] = False
    device: str
    public_key: str
    proof: str
    day: str


class StreamEnd(msgspec.Struct, frozen=True):
    """A fact that a stream is meant to end with: its seq, and its identity as `hash`."""

    stream: str
    seq: int
    hash: str


class RulingRemark(Private, frozen=True, kw_only=True):
    """Why a PC was cut off, or a branch taken in or left out, in a clerk's words."""

    remark: str = ""


class DeviceRevoked(Body, frozen=True, kw_only=True):
    """The county cuts a PC off: what lies beyond these ends counts nowhere until it is accepted.

    So does every stream of that PC that the list does not name, one begun later included. Such
    facts are kept, checked, passed on and shown; they are neither folded nor posted. A list that is
    too long for one fact is said in several, in one act.

    device: "D2"; reason: `lost`, `stolen`, `broken` or `retired`.
    """

    KIND: ClassVar[str] = "device.revoked"
    REVERSIBLE: ClassVar[bool] = False
    PRIVATE: ClassVar[type[Private] | None] = RulingRemark
    station: str
    device: str
    reason: str
    ends: tuple[StreamEnd, ...]
    day: str


class BranchFound(Body, frozen=True, kw_only=True):
    """The county was handed another version of a stream: it does not count until it is accepted.

    seq, hash: the first fact of that version which differs from what the county held before.
    """

    KIND: ClassVar[str] = "branch.found"
    REVERSIBLE: ClassVar[bool] = False
    stream: str
    seq: int
    hash: str
    day: str


class BranchAccepted(Body, frozen=True, kw_only=True):
    """What does not count of a stream counts after all, up to the end of an act and no further.

    to, hash: seq and identity of the last fact that is taken in; hash tells which version is meant.
    """

    KIND: ClassVar[str] = "branch.accepted"
    REVERSIBLE: ClassVar[bool] = False
    PRIVATE: ClassVar[type[Private] | None] = RulingRemark
    stream: str
    to: int
    hash: str
    day: str


class ActEnd(msgspec.Struct, frozen=True):
    """The last fact of an act: its seq in the stream that is named beside it, and its identity."""

    seq: int
    hash: str


class BranchAcceptedByActs(BranchAccepted, frozen=True, kw_only=True):
    """The same, with where each act ends that is taken in: whoever lacks the last knows the rest.

    A PC that was cut off never gets what lies beyond its own disk. acts: of those before the last
    one, in order; a list that is too long for one fact is said in several, in one act.
    """

    VERSION: ClassVar[int] = 2
    acts: tuple[ActEnd, ...] = ()


class BranchRefused(Body, frozen=True, kw_only=True):
    """What does not count of a stream up to this fact was looked at, and stays out.

    to, hash: as in `BranchAccepted`. What the stream goes on to say asks for a decision again.
    """

    KIND: ClassVar[str] = "branch.refused"
    REVERSIBLE: ClassVar[bool] = False
    PRIVATE: ClassVar[type[Private] | None] = RulingRemark
    stream: str
    to: int
    hash: str
    day: str


class PaymentsReleased(Body, frozen=True, kw_only=True):
    """The county was put back and lacks words of its own; a clerk has looked and lets it pay again.

    county_epoch: the one that began with the putting back: a later one stops again.
    """

    KIND: ClassVar[str] = "payments.released"
    REVERSIBLE: ClassVar[bool] = False
    PRIVATE: ClassVar[type[Private] | None] = RulingRemark
    station: str
    county_epoch: int
    day: str


RULINGS: tuple[type[Body], ...] = (
    DeviceRevoked,
    BranchFound,
    BranchAccepted,
    BranchAcceptedByActs,
    BranchRefused,
)
"""What only the county decides: which facts count."""

KERNEL_BODIES: tuple[type[Body], ...] = (
    ActReversed,
    PrivateErased,
    ErasureWatched,
    CaseClosed,
    KeyKept,
    DeviceKeyOffered,
    PaymentsReleased,
    *RULINGS,
)
