"""Where the county buys, and until when on a day: what is ordered later is bought the next day."""

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Columns, EntityKind
from station_app.reference.facts import PlatformPublished


class Platform(msgspec.Struct, frozen=True, kw_only=True):
    """A platform as it stands. cutoff: local time "11:00", "" for at any time."""

    name: str
    cutoff: str
    since: str


def fold_platform(_state: Platform | None, told: Told) -> Platform:
    """Take the newer publication whole."""
    body: PlatformPublished = told.body
    return Platform(name=body.name, cutoff=body.cutoff, since=body.day)


PLATFORM = EntityKind(
    name="platform",
    state=Platform,
    facts=(PlatformPublished,),
    fold=fold_platform,
    natural_key={PlatformPublished: lambda told: str(told.body.name)},
    columns=Columns(
        table="platforms",
        fields=(("name", "TEXT"), ("cutoff", "TEXT"), ("since", "TEXT")),
        row=lambda p: (p.name, p.cutoff, p.since),
    ),
)
