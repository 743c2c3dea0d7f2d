"""What can be said about produce that is fetched at a grower's door (最初一公里)."""

from typing import ClassVar

from station_app.journal.fact import Body, Private


class FarmPickupDetails(Private, frozen=True, kw_only=True):
    """Who asked, under which phone, where it lies, and what the driver has to know."""

    name: str = ""
    phone: str = ""
    place: str = ""
    remark: str = ""


class RunDriver(Private, frozen=True, kw_only=True):
    """Who drives."""

    name: str = ""


class FarmPickupAsked(Body, frozen=True, kw_only=True):
    """A grower asked that her produce be fetched.

    person: identity of the grower, "" for one who is not in the register; produce: code of the
    sort, or its name where the county knows none; grams: as she says; wanted_day: from when.
    """

    KIND: ClassVar[str] = "farm_pickup.asked"
    PRIVATE: ClassVar[type[Private] | None] = FarmPickupDetails
    person: str
    produce: str
    grams: int
    wanted_day: str
    day: str


class FarmPickupJoinedRun(Body, frozen=True, kw_only=True):
    """It was put on the list of a van's run.

    run: number of that list, in the series of runs; run_stream: stream in which that list was
    made when it was an older one, "" when the list is of this act.
    """

    KIND: ClassVar[str] = "farm_pickup.joined_run"
    PRIVATE: ClassVar[type[Private] | None] = RunDriver
    run: int
    run_stream: str
    day: str


class FarmPickupFetched(Body, frozen=True, kw_only=True):
    """The van brought it. grams: as it came; packages: how many bags or crates."""

    KIND: ClassVar[str] = "farm_pickup.fetched"
    grams: int
    packages: int
    day: str


class FarmPickupFailed(Body, frozen=True, kw_only=True):
    """The van came back without it.

    reason: `not_home`, `not_ready`, `not_as_said`, `no_room` or `no_way`; again_day: from when it
    waits for another run, "" when it is over.
    """

    KIND: ClassVar[str] = "farm_pickup.failed"
    reason: str
    again_day: str
    day: str


class FarmPickupCalledOff(Body, frozen=True, kw_only=True):
    """The grower needs no van any more: it never was on the road, or waited for the next."""

    KIND: ClassVar[str] = "farm_pickup.called_off"
    day: str


FACTS: tuple[type[Body], ...] = (
    FarmPickupAsked,
    FarmPickupJoinedRun,
    FarmPickupFetched,
    FarmPickupFailed,
    FarmPickupCalledOff,
)
