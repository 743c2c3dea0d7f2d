"""Where the county buys, and until when on a day: what is ordered later is bought the next day."""

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Columns, EntityKind
from station_app.reference.facts import DatedPlatformPublished, PlatformPublished
from station_app.reference.versions import begun, with_new


class CutOff(msgspec.Struct, frozen=True, kw_only=True):
    """Until when is bought from `from_day` on. cutoff: local time "11:00", "" for at any time."""

    cutoff: str
    from_day: str


class Platform(msgspec.Struct, frozen=True, kw_only=True):
    """A platform with every cut-off that still matters, by the day from which each holds."""

    name: str
    versions: tuple[CutOff, ...]

    def on(self, day: str) -> str:
        """Return until when is bought on a day, "" for at any time or not said yet."""
        found = begun(self.versions, day)
        return found.cutoff if found is not None else ""

    def planned(self, day: str) -> CutOff | None:
        """Return the cut-off that comes next after a day, None for none."""
        return next((one for one in self.versions if one.from_day > day), None)


def fold_platform(state: Platform | None, told: Told) -> Platform:
    """Put a publication among the others: what was to begin on its day or later is replaced."""
    body: PlatformPublished = told.body
    new = CutOff(cutoff=body.cutoff, from_day=getattr(body, "from_day", "") or body.day)
    versions = with_new(state.versions if state else (), new, body.day)
    return Platform(name=body.name, versions=versions)


def _name(told: Told) -> str:
    return str(told.body.name)


PLATFORM = EntityKind(
    name="platform",
    state=Platform,
    facts=(PlatformPublished, DatedPlatformPublished),
    fold=fold_platform,
    natural_key={PlatformPublished: _name, DatedPlatformPublished: _name},
    columns=Columns(
        table="platforms",
        fields=(("name", "TEXT"), ("since", "TEXT")),
        row=lambda p: (p.name, p.versions[-1].from_day),
    ),
)
