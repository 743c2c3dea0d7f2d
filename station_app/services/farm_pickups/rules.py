"""Produce that is fetched at a grower's door: asked for by telephone, on a run, brought or not.

It moves no money and no lot: what the van brings is weighed in at the counter like any other, and
that is another act. Who was driven past knows why, and when the van comes again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Saying, Told
from station_app.journal.projection import Cases, Columns, EntityKind
from station_app.services.farm_pickups.commands import (
    AskFarmPickup,
    CallFarmPickupOff,
    EndFarmPickup,
    JoinVanRun,
)
from station_app.services.farm_pickups.facts import (
    FACTS,
    FarmPickupAsked,
    FarmPickupCalledOff,
    FarmPickupDetails,
    FarmPickupFailed,
    FarmPickupFetched,
    FarmPickupJoinedRun,
    RunDriver,
)
from station_app.values.day import days_between, is_day, say_day
from station_app.values.now import Now
from station_app.values.refusal import Refusal

WAITING, ON_RUN, FETCHED, FAILED, CALLED_OFF = "waiting", "on_run", "fetched", "failed", "off"
REASONS = ("not_home", "not_ready", "not_as_said", "no_room", "no_way")
GRAMS_MAX = 5_000_000  # a van of five tons
PACKAGES_MAX = 999
DAYS_AHEAD_MAX = 60
PLACES_MAX = 60  # on one list: a day's run
NAME_MAX, PHONE_MAX, PLACE_MAX, PRODUCE_MAX, REMARK_MAX = 20, 20, 40, 20, 40

Decision = Sequence[Saying] | Refusal


class FarmPickup(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is fetched. status: one of those above, "" while its founder is missing.

    joins, endings: facts since it last waited; wanted_day: from when it waits now.
    """

    status: str = ""
    person: str = ""
    name: str = ""
    phone: str = ""
    place: str = ""
    remark: str = ""
    produce: str = ""
    grams: int = 0
    wanted_day: str = ""
    day: str = ""
    founder: str = ""
    run: int = 0
    run_stream: str = ""
    run_day: str = ""
    driver: str = ""
    came_grams: int = 0
    packages: int = 0
    reason: str = ""
    closed_day: str = ""
    times: int = 0
    joins: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    offs: tuple[str, ...] = ()


def fold_farm_pickup(state: FarmPickup | None, told: Told) -> FarmPickup:
    """Apply one fact; any of them may come first."""
    known = state or FarmPickup()
    body = told.body
    if isinstance(body, FarmPickupAsked):
        return _asked(known, told, body)
    if isinstance(body, FarmPickupJoinedRun):
        return _joined(known, told, body)
    if isinstance(body, FarmPickupCalledOff):
        return msgspec.structs.replace(
            known,
            offs=(*known.offs, told.identity),
            status=known.status if known.joins else CALLED_OFF,
            closed_day=body.day,
        )
    return _ended(known, told, body)


def _asked(known: FarmPickup, told: Told, body: FarmPickupAsked) -> FarmPickup:
    said: FarmPickupDetails | None = told.private
    return msgspec.structs.replace(
        known,
        status=known.status or WAITING,
        person=body.person,
        name=said.name if said else "",
        phone=said.phone if said else "",
        place=said.place if said else "",
        remark=said.remark if said else "",
        produce=body.produce,
        grams=body.grams,
        wanted_day=known.wanted_day or body.wanted_day,
        day=body.day,
        founder=told.identity,
    )


def _joined(known: FarmPickup, told: Told, body: FarmPickupJoinedRun) -> FarmPickup:
    is_again = bool(known.endings)
    return msgspec.structs.replace(
        known,
        status=ON_RUN,
        run=body.run,
        run_stream=body.run_stream or told.stream,
        run_day=body.day,
        driver=told.private.name if told.private else "",
        joins=(told.identity,) if is_again else (*known.joins, told.identity),
        endings=(),
        reason="",
        times=known.times + 1,
    )


def _ended(known: FarmPickup, told: Told, body: FarmPickupFetched | FarmPickupFailed) -> FarmPickup:
    endings = (*known.endings, told.identity)
    if isinstance(body, FarmPickupFetched):
        return msgspec.structs.replace(
            known,
            status=FETCHED,
            came_grams=body.grams,
            packages=body.packages,
            closed_day=body.day,
            endings=endings,
        )
    if known.status == FETCHED:
        return msgspec.structs.replace(known, endings=endings)
    return msgspec.structs.replace(
        known,
        status=WAITING if body.again_day else FAILED,
        reason=body.reason,
        wanted_day=body.again_day or known.wanted_day,
        closed_day=body.day,
        endings=endings,
    )


def farm_pickup_cases(state: FarmPickup) -> Cases:
    """Return in what the facts of one place disagree."""
    found: Cases = {}
    if len(state.joins) > 1 and not state.endings:
        found["farm_pickups.on_two_runs"] = state.joins
    if len(state.endings) > 1:
        found["farm_pickups.ended_twice"] = state.endings
    if state.offs and state.joins:
        found["farm_pickups.off_and_on_run"] = (*state.offs, *state.joins)
    if not state.founder:
        found["farm_pickups.founder_missing"] = (*state.joins, *state.endings, *state.offs)
    return found


FARM_PICKUP = EntityKind(
    name="farm_pickup",
    state=FarmPickup,
    facts=FACTS,
    fold=fold_farm_pickup,
    cases=farm_pickup_cases,
    is_open=lambda pickup: pickup.status not in (FETCHED, FAILED, CALLED_OFF),
    columns=Columns(
        table="farm_pickups",
        fields=(
            ("person", "TEXT"),
            ("status", "TEXT"),
            ("wanted_day", "TEXT"),
            ("run", "INTEGER"),
            ("run_stream", "TEXT"),
            ("closed_day", "TEXT"),
        ),
        row=lambda p: (p.person, p.status, p.wanted_day, p.run, p.run_stream, p.closed_day),
        indexes=(("status", "wanted_day"), ("person",)),
    ),
)

ENTITIES = (FARM_PICKUP,)


# --- Rules ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What asking depends on. same: what this grower asked for already and still waits."""

    same: FarmPickup | None = None


def ask(state: Asking, command: AskFarmPickup, now: Now) -> Decision:
    """Write down what is to be fetched."""
    refusal = _why_not_ask(state, command, now)
    if refusal is not None:
        return refusal
    body = FarmPickupAsked(
        person=command.person,
        produce=command.produce.strip(),
        grams=command.grams,
        wanted_day=command.wanted_day,
        day=now.day,
    )
    said = FarmPickupDetails(
        name="" if command.person else command.name.strip(),
        phone=command.phone.strip(),
        place=command.place.strip(),
        remark=command.remark.strip(),
    )
    return (Saying(body, private=said),)


def _why_not_ask(state: Asking, command: AskFarmPickup, now: Now) -> Refusal | None:
    if not command.person and not command.name.strip():
        return Refusal("farm_pickups.NAME_MISSING")
    lengths = (
        (command.name, NAME_MAX),
        (command.phone, PHONE_MAX),
        (command.place, PLACE_MAX),
        (command.produce, PRODUCE_MAX),
        (command.remark, REMARK_MAX),
    )
    for text, most in lengths:
        if len(text.strip()) > most:
            return Refusal("farm_pickups.TOO_LONG", {"most": most})
    if not command.place.strip():
        return Refusal("farm_pickups.PLACE_MISSING")
    if not command.produce.strip():
        return Refusal("farm_pickups.PRODUCE_MISSING")
    if not 0 < command.grams <= GRAMS_MAX:
        key = "TOO_HEAVY" if command.grams > 0 else "WEIGHT_MISSING"
        return Refusal(f"farm_pickups.{key}", {"most": GRAMS_MAX // 1_000})
    return _why_not_on(command.wanted_day, now) or _same_again(state, now)


def _why_not_on(day: str, now: Now) -> Refusal | None:
    if not is_day(day):
        return Refusal("farm_pickups.DAY_MISSING")
    if not 0 <= days_between(now.day, day) <= DAYS_AHEAD_MAX:
        return Refusal("farm_pickups.DAY_WRONG", {"most": DAYS_AHEAD_MAX})
    return None


def _same_again(state: Asking, now: Now) -> Refusal | None:
    if state.same is None:
        return None
    day = say_day(state.same.wanted_day, now.day)
    return Refusal("farm_pickups.ASKED_ALREADY", {"day": day})


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """What joining depends on: what is chosen, and the number of the list, new or older."""

    chosen: Sequence[FarmPickup | None]
    run: int


def join_run(state: Joining, command: JoinVanRun, now: Now) -> Decision:
    """Put what waits on the list of a run."""
    if not command.pickups:
        return Refusal("farm_pickups.NOTHING_CHOSEN")
    if len(command.pickups) > PLACES_MAX:
        return Refusal("farm_pickups.TOO_MANY", {"most": PLACES_MAX})
    if len(command.driver.strip()) > NAME_MAX:
        return Refusal("farm_pickups.TOO_LONG", {"most": NAME_MAX})
    for one in state.chosen:
        if one is None or one.status != WAITING:
            return Refusal("farm_pickups.WAITS_NO_MORE")
    body = FarmPickupJoinedRun(run=state.run, run_stream=command.run_stream, day=now.day)
    private = RunDriver(name=command.driver.strip())
    return tuple(Saying(body, entity=one, private=private) for one in command.pickups)


def end(state: FarmPickup | None, command: EndFarmPickup, now: Now) -> Decision:
    """Write down whether the van brought it."""
    if state is None or state.status != ON_RUN:
        return Refusal("farm_pickups.NOT_ON_RUN")
    if command.reason:
        return _fail(command, now)
    if not 0 < command.grams <= GRAMS_MAX:
        key = "TOO_HEAVY" if command.grams > 0 else "WEIGHT_MISSING"
        return Refusal(f"farm_pickups.{key}", {"most": GRAMS_MAX // 1_000})
    if not 0 < command.packages <= PACKAGES_MAX:
        return Refusal("farm_pickups.PACKAGES_WRONG", {"most": PACKAGES_MAX})
    body = FarmPickupFetched(grams=command.grams, packages=command.packages, day=now.day)
    return (Saying(body, entity=command.pickup),)


def _fail(command: EndFarmPickup, now: Now) -> Decision:
    if command.reason not in REASONS:
        return Refusal("farm_pickups.REASON_MISSING")
    wrong = _why_not_on(command.again_day, now) if command.again_day else None
    if wrong is not None:
        return wrong
    body = FarmPickupFailed(reason=command.reason, again_day=command.again_day, day=now.day)
    return (Saying(body, entity=command.pickup),)


def call_off(state: FarmPickup | None, command: CallFarmPickupOff, now: Now) -> Decision:
    """Take off the list what is needed no more; what is on the road has to come to an end."""
    if state is None or state.status != WAITING:
        return Refusal("farm_pickups.WAITS_NO_MORE")
    return (Saying(FarmPickupCalledOff(day=now.day), entity=command.pickup),)
