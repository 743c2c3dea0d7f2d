"""Whether a station, or what lies in it, may pass into other hands, and what is written down.

An operator leaves, the station moves, is merged with another or closes: each time somebody else
answers from then on for keys, float and what is open. Nothing bars it but an open shift: a float
that was not counted cannot be signed for. What is open goes along as a list, and stays open.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Saying, Told
from station_app.journal.projection import Columns, EntityKind
from station_app.services.handing_on.commands import HandOn
from station_app.services.handing_on.facts import (
    HandedKey,
    HandingOnWords,
    OpenWork,
    StationHandedOn,
)
from station_app.values.now import Now
from station_app.values.refusal import Refusal

LEAVES, MOVES, MERGES, CLOSES = "operator_leaves", "moves", "merges", "closes"
REASONS = (LEAVES, MOVES, MERGES, CLOSES)
KEYS = ("door", "cabinet", "drawer", "safe")
KEYS_MAX, WORK_MAX = 99, 60
NAME_MAX, PLACE_MAX, REMARK_MAX = 20, 60, 60

Decision = Sequence[Saying] | Refusal


class HandingOn(msgspec.Struct, frozen=True, kw_only=True):
    """One handing on; see `StationHandedOn`."""

    reason: str
    number: int
    leaving: str
    taker: str
    to_station: str
    keys: tuple[HandedKey, ...]
    float_fen: int
    work: tuple[OpenWork, ...]
    forwarded: int
    is_alone: int
    day: str
    taker_name: str
    place: str
    remark: str
    stream: str
    at: int
    by: str


def fold_handing_on(_state: HandingOn | None, told: Told) -> HandingOn:
    """Take the one fact of a handing on."""
    body: StationHandedOn = told.body
    said: HandingOnWords = told.private or HandingOnWords()
    return HandingOn(
        reason=body.reason,
        number=body.number,
        leaving=body.leaving,
        taker=body.taker,
        to_station=body.to_station,
        keys=body.keys,
        float_fen=body.float_fen,
        work=body.work,
        forwarded=body.forwarded,
        is_alone=body.is_alone,
        day=body.day,
        taker_name=said.taker,
        place=said.place,
        remark=said.remark,
        stream=told.stream,
        at=told.at,
        by=told.by,
    )


HANDING_ON = EntityKind(
    name="handing_on",
    state=HandingOn,
    facts=(StationHandedOn,),
    fold=fold_handing_on,
    columns=Columns(
        table="handings_on",
        fields=(("reason", "TEXT"), ("number", "INTEGER"), ("day", "TEXT"), ("at", "INTEGER")),
        row=lambda h: (h.reason, h.number, h.day, h.at),
        indexes=(("day",),),
    ),
)

ENTITIES = (HANDING_ON,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a handing on depends on.

    staff: operators who work here; stations: names of those that could take over, by code;
    centre: code of the county's centre, "" for none known; float_fen: in the drawer of this PC.
    """

    number: int
    staff: Collection[str]
    stations: Mapping[str, str]
    centre: str
    float_fen: int


def hand_on(state: Standing, command: HandOn, now: Now) -> Decision:
    """Write down what passes into other hands."""
    refusal = _why_not(state, command, now) or _nobody_takes(state, command)
    if refusal is not None:
        return refusal
    is_closing = command.reason == CLOSES
    body = StationHandedOn(
        reason=command.reason,
        number=state.number,
        leaving=command.leaving,
        taker=command.taker,
        to_station=state.centre if is_closing else command.to_station,
        keys=tuple(HandedKey(kind=kind, count=count) for kind, count in command.keys if count),
        float_fen=state.float_fen,
        work=tuple(OpenWork(page=page, count=count) for page, count in command.work),
        forwarded=command.forwarded,
        is_alone=int(len(state.staff) <= 1 and not command.taker),
        day=now.day,
    )
    said = HandingOnWords(
        taker=command.taker_name.strip(),
        place=command.place.strip(),
        remark=command.remark.strip(),
    )
    return (Saying(body, private=said),)


def _why_not(state: Standing, command: HandOn, now: Now) -> Refusal | None:
    if not now.is_manager:
        return Refusal("handing_on.MANAGER_DOES_IT")
    if command.reason not in REASONS:
        return Refusal("handing_on.REASON_MISSING")
    if now.shift:
        return Refusal("handing_on.SHIFT_STILL_OPEN")
    for kind, count in command.keys:
        if kind not in KEYS or not 0 <= count <= KEYS_MAX:
            return Refusal("handing_on.KEYS_WRONG", {"most": KEYS_MAX})
    lengths = (
        (command.taker_name, NAME_MAX),
        (command.place, PLACE_MAX),
        (command.remark, REMARK_MAX),
    )
    for text, most in lengths:
        if len(text.strip()) > most:
            return Refusal("handing_on.TOO_LONG", {"most": most})
    if len(command.work) > WORK_MAX:
        return Refusal("handing_on.TOO_LONG", {"most": WORK_MAX})
    return None


def _nobody_takes(state: Standing, command: HandOn) -> Refusal | None:
    if command.reason == LEAVES:
        if command.leaving not in state.staff:
            return Refusal("handing_on.LEAVING_MISSING")
        if command.taker == command.leaving or command.taker not in state.staff:
            return Refusal("handing_on.TAKER_MISSING")
        return None
    if command.reason == MOVES:
        return None if command.place.strip() else Refusal("handing_on.PLACE_MISSING")
    if command.reason == MERGES and command.to_station not in state.stations:
        return Refusal("handing_on.STATION_MISSING")
    return None if command.taker_name.strip() else Refusal("handing_on.TAKER_NAME_MISSING")
