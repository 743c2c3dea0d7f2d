"""Licences of a common mark (统一标识): for which sort, where, how much, at which price."""

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Columns, EntityKind, as_said
from station_app.reference.facts import BrandLicencePublished


class BrandLicence(msgspec.Struct, frozen=True, kw_only=True):
    """A licence as last published; fields as in `BrandLicencePublished`."""

    code: str = ""
    mark: str = ""
    produce: str = ""
    station: str = ""
    quota: int = 0
    least_fen: int = 0
    most_fen: int = 0
    from_day: str = ""
    until_day: str = ""
    is_open: int = 0

    def holds_on(self, day: str) -> bool:
        """Tell whether it is open and has begun and not ended on a day."""
        return bool(self.is_open) and self.from_day <= day <= self.until_day


def fold_licence(_state: BrandLicence | None, told: Told) -> BrandLicence:
    """Take the newer publication whole."""
    return as_said(BrandLicence, told)


BRAND_LICENCE = EntityKind(
    name="brand_licence",
    state=BrandLicence,
    facts=(BrandLicencePublished,),
    fold=fold_licence,
    natural_key={BrandLicencePublished: lambda told: str(told.body.code)},
    columns=Columns(
        table="brand_licences",
        fields=(("code", "TEXT"), ("produce", "TEXT"), ("station", "TEXT"), ("until_day", "TEXT")),
        row=lambda one: (one.code, one.produce, one.station, one.until_day),
        indexes=(("produce", "until_day"), ("code",)),
    ),
)
