"""A stocktake under way: pure, so that what each row says and offers is a table in the tests.

The books of the layer on one side, what was scanned on the other. Nothing is recorded before the
layer is done, except what the operator says of a single parcel: moved here, cannot be found, found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from station_app.services.parcels.places import Layer, parse_layer
from station_app.services.parcels.records import ParcelRow
from station_app.services.parcels.visits import HANDED_OVER, LOST, ON_HAND, ON_RUN

Finding = Literal["missing", "misplaced", "lost", "on_run", "handed_over", "left", "unknown"]
ORDER: tuple[Finding, ...] = (
    "handed_over",
    "left",
    "on_run",
    "lost",
    "misplaced",
    "unknown",
    "missing",
)


@dataclass(frozen=True, slots=True)
class Work:
    """What was scanned on the layer in hand, in order.

    seen: identities; unknown: numbers nobody has shelved here; sought: missing ones that were
    looked for once already; last: what was scanned last, an identity or a number.
    """

    layer: Layer
    seen: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    sought: frozenset[str] = field(default_factory=frozenset)
    last: str = ""

    def with_seen(self, parcel: str) -> "Work":
        """Return the work with one more parcel."""
        return replace(self, seen=_with(self.seen, parcel), last=parcel)

    def with_unknown(self, number: str) -> "Work":
        """Return the work with a number that nobody knows here."""
        return replace(self, unknown=_with(self.unknown, number), last=number)

    def without(self, one: str) -> "Work":
        """Return the work without something that was dealt with or carried back."""
        return replace(
            self,
            seen=tuple(parcel for parcel in self.seen if parcel != one),
            unknown=tuple(number for number in self.unknown if number != one),
        )

    def with_sought(self, parcel: str) -> "Work":
        """Return the work with a missing parcel that was looked for."""
        return replace(self, sought=self.sought | {parcel})


def _with(known: tuple[str, ...], one: str) -> tuple[str, ...]:
    return known if one in known else (*known, one)


@dataclass(frozen=True, slots=True)
class Odd:
    """A parcel that is not as the books say. row: None for a number nobody knows here."""

    finding: Finding
    subject: str
    row: ParcelRow | None
    was_sought: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How the layer stands now. found, expected: pieces of the layer itself; odd: the rest."""

    found: int
    expected: int
    odd: tuple[Odd, ...]

    def count(self, *findings: Finding) -> int:
        """Return how many of these there are."""
        return sum(one.finding in findings for one in self.odd)

    @property
    def missing(self) -> int:
        """Return how many of the layer were not seen yet."""
        return self.count("missing")


def compare(work: Work, books: Sequence[ParcelRow], rows: Mapping[str, ParcelRow]) -> Standing:
    """Compare what was seen with the books. rows: the row of every parcel that was seen."""
    here = {row.parcel for row in books}
    seen = set(work.seen)
    odd = [Odd("unknown", number, None) for number in work.unknown]
    odd += [
        Odd(_finding(rows[parcel]), parcel, rows[parcel])
        for parcel in work.seen
        if parcel in rows and parcel not in here
    ]
    odd += [
        Odd("missing", row.parcel, row, row.parcel in work.sought)
        for row in books
        if row.parcel not in seen
    ]
    ordered = tuple(sorted(odd, key=lambda one: ORDER.index(one.finding)))
    return Standing(found=len(here & seen), expected=len(here), odd=ordered)


def _finding(row: ParcelRow) -> Finding:
    if row.status == ON_HAND:
        return "misplaced"
    known: Mapping[str, Finding] = {LOST: "lost", ON_RUN: "on_run", HANDED_OVER: "handed_over"}
    return known.get(row.status, "left")


def as_draft(work: Work) -> dict[str, object]:
    """Return the work as JSON-able values."""
    return {
        "layer": f"{work.layer.shelf}-{work.layer.number}",
        "seen": list(work.seen),
        "unknown": list(work.unknown),
        "sought": sorted(work.sought),
    }


def from_draft(kept: Mapping[str, object]) -> Work | None:
    """Return the work of a draft; None if it names no layer."""
    layer = parse_layer(str(kept.get("layer", "")))
    if layer is None:
        return None
    return Work(
        layer,
        seen=_texts(kept.get("seen")),
        unknown=_texts(kept.get("unknown")),
        sought=frozenset(_texts(kept.get("sought"))),
    )


def _texts(kept: object) -> tuple[str, ...]:
    return tuple(str(one) for one in kept) if isinstance(kept, list) else ()
