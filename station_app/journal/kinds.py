"""Facts of no service: an act undone, private parts erased, a case closed, where a key is kept.

The first three change what other facts mean, so the fold itself knows them (`journal.projection`).
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


KERNEL_BODIES: tuple[type[Body], ...] = (ActReversed, PrivateErased, CaseClosed, KeyKept)
