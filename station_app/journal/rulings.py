"""Which facts count: the county's decisions about PCs that were cut off and versions that differ.

A stream counts up to somewhere, and that place is a pure function of the decisions and of the facts
that are held: whichever of them came first. What lies beyond is kept and shown, and is taken in or
put out as soon as a decision changes the place. It is always the beginning of a stream that counts.

A stream of which two versions are held stands in two lines: what came first under its own name, the
other under `STREAM~hash`, from the first fact that differs. Either may be the one that counts.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from station_app.journal.fact import INTEGER_MAX
from station_app.journal.kinds import BranchAccepted, BranchFound, BranchRefused, DeviceRevoked

WHOLE = INTEGER_MAX  # no end: every fact of the stream counts
REVOKED, END, FOUND, ACCEPTED, REFUSED = "revoked", "end", "found", "accepted", "refused"
VERSION_MARK = "~"
MARK_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class Ruling:
    """One line of a decision.

    what: `revoked` (name: "NX0601/D2"), else about a stream: `end` (of a PC that was cut off),
    `found`, `accepted`, `refused`; hash: identity of the fact at `seq`.
    """

    what: str
    name: str
    seq: int = 0
    hash: str = ""


def rulings_of(body: Any) -> tuple[Ruling, ...]:
    """Return the lines of a decision."""
    if isinstance(body, DeviceRevoked):
        device = Ruling(REVOKED, f"{body.station}/{body.device}")
        return (device, *(Ruling(END, end.stream, end.seq, end.hash) for end in body.ends))
    if isinstance(body, BranchFound):
        return (Ruling(FOUND, body.stream, body.seq, body.hash),)
    what = {BranchAccepted: ACCEPTED, BranchRefused: REFUSED}[type(body)]
    return (Ruling(what, body.stream, body.to, body.hash),)


def author_of(stream: str) -> str:
    """Return whose stream it is: "NX0601/D2"."""
    return stream.rpartition("/")[0]


def said_as(line: str) -> str:
    """Return the stream that a line holds a version of: its own name, or that before the mark."""
    return line.partition(VERSION_MARK)[0]


def line_of_version(stream: str, first: str) -> str:
    """Return under what name a version is kept that begins to differ with the fact `first`."""
    return f"{stream}{VERSION_MARK}{first[:MARK_CHARACTERS]}"


def reach_of(line: str, rulings: Iterable[Ruling], identity_at: Callable[[str, int], str]) -> int:
    """Return up to which seq a line counts; WHOLE when nothing limits it.

    rulings: at least all about its author and about the stream it holds a version of.
    identity_at: of a line, which fact is held there; "" for none.
    """
    author, stream = author_of(line), said_as(line)
    about = [ruling for ruling in rulings if ruling.name == stream]
    reach = WHOLE
    if any(ruling.what == REVOKED and ruling.name == author for ruling in rulings):
        ends = [r.seq for r in about if r.what == END and _may_hold(line, r, identity_at)]
        reach = max(ends, default=0)
    for ruling in about:
        if ruling.what == FOUND and identity_at(line, ruling.seq) == ruling.hash:
            reach = min(reach, ruling.seq - 1)
    for ruling in about:
        if ruling.what == ACCEPTED and identity_at(line, ruling.seq) == ruling.hash:
            reach = max(reach, ruling.seq)
    return reach


def _may_hold(line: str, end: Ruling, identity_at: Callable[[str, int], str]) -> bool:
    """Tell whether this is the version that was named: it has that fact, or is not there yet."""
    held = identity_at(line, end.seq)
    return held == end.hash or (not held and VERSION_MARK not in line)
