"""Which facts count: the county's decisions about PCs that were cut off and versions that differ.

A stream counts up to somewhere, and that place is a pure function of the decisions and of the facts
that are held: whichever of them came first. What lies beyond is kept and shown, and is taken in or
put out as soon as a decision changes the place. It is always the beginning of a stream that counts.

A stream of which two versions are held stands in two lines: what came first under its own name, the
other under `STREAM~hash`, from the first fact that differs. Either may be the one that counts.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from station_app.journal.fact import INTEGER_MAX, VERSION_MARK, said_as
from station_app.journal.kinds import (
    BranchAccepted,
    BranchAcceptedByActs,
    BranchFound,
    BranchRefused,
    DeviceRevoked,
)

__all__ = ["VERSION_MARK", "said_as"]
WHOLE = INTEGER_MAX  # no end: every fact of the stream counts
REVOKED, END, FOUND, ACCEPTED, REFUSED = "revoked", "end", "found", "accepted", "refused"
TAKEN_IN = "taken_in"
MARK_CHARACTERS = 16
Parents = Mapping[str, tuple[str, int]]
"""Of each version of a stream: the line that it goes on from and up to where, ("", 0) for none."""
NO_VERSIONS: Parents = {}


@dataclass(frozen=True, slots=True)
class Ruling:
    """One line of a decision.

    what: `revoked` (name: "NX0601/D2"), else about a stream: `end` (of a PC that was cut off),
    `found`, `accepted`, `taken_in` (one of the acts that an acceptance names), `refused`; hash:
    identity of the fact at `seq`.
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
    if isinstance(body, BranchAcceptedByActs):
        last = Ruling(TAKEN_IN, body.stream, body.to, body.hash)
        return (*(Ruling(TAKEN_IN, body.stream, end.seq, end.hash) for end in body.acts), last)
    what = {BranchAccepted: ACCEPTED, BranchRefused: REFUSED}[type(body)]
    return (Ruling(what, body.stream, body.to, body.hash),)


def author_of(stream: str) -> str:
    """Return whose stream it is: "NX0601/D2"."""
    return stream.rpartition("/")[0]


def line_of_version(stream: str, first: str) -> str:
    """Return under what name a version is kept that begins to differ with the fact `first`."""
    return f"{stream}{VERSION_MARK}{first[:MARK_CHARACTERS]}"


def way_to(line: str, parents: Parents) -> dict[str, int]:
    """Return the lines that a line's facts stand in from the first on, each with up to where."""
    way = {line: WHOLE}
    while line in parents:
        line, upto = parents[line]
        if not line or line in way:
            break
        way[line] = upto
    return way


def is_ruled(line: str, rulings: Iterable[Ruling], parents: Parents) -> bool:
    """Tell whether the county has said which of those versions waits that part where a line does.

    rulings: those about its stream.
    """
    if line not in parents:
        return True
    first = parents[line][1] + 1
    return any(ruling.what == FOUND and ruling.seq == first for ruling in rulings)


def alone_in(reached: Mapping[str, int], parents: Parents) -> set[str]:
    """Return the versions within a cut that part from nothing else within it."""
    return {
        line
        for line, (parent, upto) in parents.items()
        if reached.get(parent or said_as(line), 0) <= upto
        and not any(
            other != line and place == (parent, upto) and reached.get(other, 0) > upto
            for other, place in parents.items()
        )
    }


def short_of(
    ruling: Ruling,
    lines: Iterable[str],
    identity_at: Callable[[str, int], str],
    parents: Parents,
) -> list[str]:
    """Return the lines that begin before the place of a ruling and hold nothing there yet."""
    starts = {line: upto for line, (_, upto) in parents.items()}
    return [
        line
        for line in lines
        if ruling.seq > starts.get(line, 0) and not identity_at(line, ruling.seq)
    ]


def begins_what_was_accepted(
    accepted: Ruling,
    lines: Iterable[str],
    found: Iterable[Ruling],
    identity_at: Callable[[str, int], str],
    parents: Parents,
) -> str:
    """Return the line that an accepted fact goes on from which is not here; "" while in doubt.

    A PC that was cut off never gets what its own stream went on with at the county, as when its
    disk came out of an image. The one line that is too short is meant, unless the county found
    that two versions part before that place: then the fact may be of the other one, whichever of
    them was found and however much of it was taken in.
    """
    short = short_of(accepted, lines, identity_at, parents)
    if len(short) != 1:
        return ""
    may_be_other = any(
        ruling.seq <= min(upto, accepted.seq) and identity_at(line, ruling.seq)
        for ruling in found
        for line, upto in way_to(short[0], parents).items()
    )
    return "" if may_be_other else short[0]


def begins_what_ends(
    end: Ruling,
    lines: Iterable[str],
    found: Iterable[Ruling],
    identity_at: Callable[[str, int], str],
    parents: Parents,
) -> str:
    """Return the line whose facts the end of a cut goes on from, while the end is not here.

    "" for none: a line that holds something else at that place is another version. Of two that are
    too short, it is not the one that the county keeps beside the other.

    lines: of one stream, that of its own name first; found: what waits of it.
    """
    short = short_of(end, lines, identity_at, parents)
    forks = {upto + 1 for _, upto in parents.values()}
    parting = [ruling for ruling in found if ruling.seq in forks]

    def stands_beside(line: str) -> bool:
        way = way_to(line, parents)
        return any(
            ruling.seq <= upto and identity_at(one, ruling.seq) == ruling.hash
            for ruling in parting
            for one, upto in way.items()
        )

    return next((line for line in short if not stands_beside(line)), next(iter(short), ""))


def _is_beginning(
    line: str, alone: Collection[str], identity_at: Callable[[str, int], str], parents: Parents
) -> bool:
    """Tell whether within a cut a line is no more than the beginning of a version that is alone.

    The PC that made the cut knew of no second version: it held both as one line.
    """
    for version in alone:
        way = {said_as(version): 0} | way_to(version, parents)
        if version != line and line in way and not identity_at(line, way[line] + 1):
            return True
    return False


def reach_of(
    line: str,
    rulings: Iterable[Ruling],
    identity_at: Callable[[str, int], str],
    parents: Parents = NO_VERSIONS,
    alone: Collection[str] = (),
) -> int:
    """Return up to which seq a line counts; WHOLE when nothing limits it.

    rulings: at least all about its author and about the stream it holds a version of.
    identity_at: of a line, which fact is kept there under its own name; "" for none. parents: of
    every version of that stream; alone: those of which no other is in sight. Which version came
    first and keeps the stream's name does not show: a decision reaches, along the tree of versions,
    whatever its fact goes on from.
    """
    author, stream = author_of(line), said_as(line)
    about = [ruling for ruling in rulings if ruling.name == stream]
    lines = (stream, *sorted({line, *parents} - {stream}))
    begun = [one for one in lines if not _is_beginning(one, alone, identity_at, parents)]
    way = way_to(line, parents)
    found = [ruling for ruling in about if ruling.what == FOUND]

    def holder(ruling: Ruling) -> str:
        """Return the line that keeps the fact which is meant; "" while it is not here."""
        known = (one for one in lines if identity_at(one, ruling.seq) == ruling.hash)
        return next(known, "")

    def shared(ruling: Ruling, held: str) -> int:
        """Return how far this line leads to the fact that is meant."""
        return ruling.seq if held == line else way_to(held, parents).get(line, 0)

    reach = WHOLE
    is_told = any(ruling.what == REVOKED and ruling.name == author for ruling in rulings)
    if is_told:
        reach = 0
        for ruling in (one for one in about if one.what == END):
            held = holder(ruling) or begins_what_ends(ruling, begun, found, identity_at, parents)
            reach = max(reach, shared(ruling, held) if held else 0)
    waits_at = [ruling.seq for ruling in found if way.get(holder(ruling), 0) >= ruling.seq]
    reach = min((reach, *(seq - 1 for seq in waits_at)))
    if not (is_told or line in alone or is_ruled(line, found, parents)):
        reach = min(reach, parents[line][1])  # the county has not said yet which one waits
    lifting = [one for one in about if one.what in (ACCEPTED, TAKEN_IN)]
    for ruling in sorted(lifting, key=lambda one: -one.seq):
        if ruling.seq <= reach:
            break  # an acceptance of many acts is known by the last of them that is here
        reach = max(reach, shared(ruling, held) if (held := holder(ruling)) else 0)
    if not is_told:
        return reach
    for ruling in (one for one in about if one.what == ACCEPTED and not holder(one)):
        held = begins_what_was_accepted(ruling, begun, found, identity_at, parents)
        reach = max(reach, shared(ruling, held) if held else 0)
    return reach
