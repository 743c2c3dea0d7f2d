"""What can be asked at the counter about produce that is fetched at a grower's door."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AskFarmPickup:
    """Write down what is to be fetched.

    person: identity, "" for one who is not in the register, then `name`; produce: code of the sort
    or its name; grams: as she says; wanted_day: from when.
    """

    person: str = ""
    name: str = ""
    phone: str = ""
    place: str = ""
    produce: str = ""
    grams: int = 0
    wanted_day: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinVanRun:
    """Put what waits on the list of a van's run, which is printed.

    run, run_stream: an older list that is still on the road, 0 for a new one; driver: who drives.
    """

    pickups: tuple[str, ...]
    run: int = 0
    run_stream: str = ""
    driver: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndFarmPickup:
    """Write down what came of it: fetched, when `reason` is "", else why not.

    grams, packages: as it came; again_day: from when it waits again, "" for never.
    """

    pickup: str
    grams: int = 0
    packages: int = 1
    reason: str = ""
    again_day: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFarmPickupOff:
    """Take off the list what the grower needs no van for any more."""

    pickup: str
