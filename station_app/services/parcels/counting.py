"""Stocktake (盘库): a layer is counted piece by piece against the books of that moment.

What is missing is not lost: it is looked for again, and a case stands until somebody says where it
is. What stands here though it had left by the books is a case too. What belongs to another layer
is carried back or moved in the books, by the operator's word; counting alone moves nothing.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field

import msgspec

from station_app.journal.fact import Saying, Told, station_of
from station_app.journal.projection import Columns, EntityKind
from station_app.services.parcels.commands import CountLayer, FindParcel, LoseParcel
from station_app.services.parcels.counting_facts import LayerCounted, ParcelMissed, ParcelSeen
from station_app.services.parcels.facts import (
    ParcelFound,
    ParcelLost,
)
from station_app.services.parcels.places import Layer, Room
from station_app.services.parcels.styles import Giver, MadeOf, choose_number
from station_app.services.parcels.visits import LOST, ON_HAND, Parcel
from station_app.values.now import Now
from station_app.values.refusal import Refusal

PIECES_MAX = 400  # on one layer: more would not fit into one act

Decision = Sequence[Saying] | Refusal


class LayerCount(msgspec.Struct, frozen=True, kw_only=True):
    """The latest count of a layer; see `LayerCounted`."""

    station: str
    shelf: str
    layer: int
    expected: int
    found: int
    misplaced: int
    gone: int
    unknown: int
    day: str
    at: int


def fold_count(_state: LayerCount | None, told: Told) -> LayerCount:
    """Take the newer count whole."""
    body: LayerCounted = told.body
    return LayerCount(
        station=station_of(told.stream),
        shelf=body.shelf,
        layer=body.layer,
        expected=body.expected,
        found=body.found,
        misplaced=body.misplaced,
        gone=body.gone,
        unknown=body.unknown,
        day=body.day,
        at=told.at,
    )


def _layer_key(told: Told) -> str:
    body: LayerCounted = told.body
    return f"{station_of(told.stream)}|{body.shelf}|{body.layer}"


LAYER_COUNT = EntityKind(
    name="layer_count",
    state=LayerCount,
    facts=(LayerCounted,),
    fold=fold_count,
    natural_key={LayerCounted: _layer_key},
    columns=Columns(
        table="layer_counts",
        fields=(
            ("shelf", "TEXT"),
            ("layer", "INTEGER"),
            ("expected", "INTEGER"),
            ("found", "INTEGER"),
            ("misplaced", "INTEGER"),
            ("gone", "INTEGER"),
            ("unknown", "INTEGER"),
            ("day", "TEXT"),
            ("at", "INTEGER"),
        ),
        row=lambda c: (
            c.shelf,
            c.layer,
            c.expected,
            c.found,
            c.misplaced,
            c.gone,
            c.unknown,
            c.day,
            c.at,
        ),
        indexes=(("shelf", "layer"),),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """What decides what a count says.

    expected: what the books have on the layer, seen: what was scanned, each as (identity, state).
    """

    room: Room
    expected: Sequence[tuple[str, Parcel]]
    seen: Sequence[tuple[str, Parcel]]


def count_layer(state: Counting, command: CountLayer, now: Now) -> Decision:
    """Write a count down, and for each piece whatever it says about it."""
    layer = Layer(command.shelf, command.layer)
    if not state.room.has(layer) and not state.expected:
        return Refusal("parcels.NO_SUCH_LAYER", {"shelf": layer.shelf, "layer": layer.number})
    if len(state.expected) + len(state.seen) > PIECES_MAX:
        return Refusal("parcels.LAYER_TOO_FULL_TO_COUNT", {"most": PIECES_MAX})
    here = {parcel for parcel, _ in state.expected}
    seen = {parcel for parcel, _ in state.seen}
    missing = [parcel for parcel, _ in state.expected if parcel not in seen]
    gone = [parcel for parcel, one in state.seen if one.status != ON_HAND]
    again = [parcel for parcel, one in state.seen if one.status == ON_HAND and one.missed]
    counted = LayerCounted(
        shelf=layer.shelf,
        layer=layer.number,
        day=now.day,
        expected=len(here),
        found=len(here & seen),
        misplaced=len(seen - here) - len(gone),
        gone=len(gone),
        unknown=command.unknown,
    )
    missed = ParcelMissed(shelf=layer.shelf, layer=layer.number, day=now.day)
    was_seen = ParcelSeen(shelf=layer.shelf, layer=layer.number, day=now.day)
    return (
        Saying(counted),
        *(Saying(missed, entity=parcel) for parcel in missing),
        *(Saying(was_seen, entity=parcel) for parcel in (*gone, *again)),
    )


def lose(parcel: Parcel | None, command: LoseParcel, now: Now) -> Decision:
    """Say that a parcel cannot be found; who pays for it is decided later."""
    if parcel is None or parcel.status != ON_HAND:
        return Refusal("parcels.NO_SUCH_PARCEL")
    body = ParcelLost(courier=parcel.courier, compensation_fen=0, payee="", day=now.day)
    return (Saying(body, entity=command.parcel),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What decides whether a lost parcel stands here again; `taken` is of the layer."""

    parcel: Parcel | None
    room: Room
    taken: Set[int]
    start: int = 0
    made_of: MadeOf = field(default_factory=MadeOf)


def find(state: Finding, command: FindParcel, now: Now) -> Decision:
    """Put a parcel that was lost back on a layer, with a new pickup code."""
    layer = Layer(command.shelf, command.layer)
    if state.parcel is None or state.parcel.status != LOST:
        return Refusal("parcels.NOT_LOST")
    slots: dict[str, str | int] = {"shelf": layer.shelf, "layer": layer.number}
    if not state.room.has(layer):
        return Refusal("parcels.NO_SUCH_LAYER", slots)
    serial = choose_number(
        state.made_of,
        state.taken,
        Giver(slot=now.slot, slots=now.slots, start=state.start),
    )
    if not serial:
        return Refusal("parcels.NO_CODE_FREE", slots)
    body = ParcelFound(shelf=layer.shelf, layer=layer.number, serial=serial, day=now.day)
    return (Saying(body, entity=command.parcel),)
