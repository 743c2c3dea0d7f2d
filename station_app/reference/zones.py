"""What sending a parcel costs: a courier's zones, each with its price by first and further weight.

The county publishes them; nothing is sent before it has. A publication holds from its day on, so
that next month's prices lie here before they begin. The zone of an address is that of the place
with which it begins; where no zone names it, the one that names none takes it.
"""

import unicodedata
from collections.abc import Iterable

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Columns, EntityKind
from station_app.reference.facts import SendingZonePublished
from station_app.reference.versions import begun, with_new

_SPACES = str.maketrans("", "", " \t\r\n\u3000")


class ZoneTerms(msgspec.Struct, frozen=True, kw_only=True):
    """A zone's prices from `from_day` on; see `facts.SendingZonePublished`."""

    courier: str
    zone: str
    name: str = ""
    provinces: tuple[str, ...] = ()
    first_grams: int = 1
    first_fen: int = 0
    further_grams: int = 1
    further_fen: int = 0
    fee_fen: int = 0
    most_grams: int = 0
    days: int = 0
    route: str = ""
    is_open: int = 0
    from_day: str = ""

    def steps(self, grams: int) -> int:
        """Return how many further steps a weight takes, begun ones counted."""
        return -(-max(0, grams - self.first_grams) // self.further_grams)

    def charged_grams(self, grams: int) -> int:
        """Return the weight that is charged."""
        return self.first_grams + self.steps(grams) * self.further_grams

    def price_fen(self, grams: int) -> int:
        """Return the whole price of a weight."""
        return self.first_fen + self.steps(grams) * self.further_fen


class SendingZone(msgspec.Struct, frozen=True, kw_only=True):
    """A zone with every version that still matters, by the day from which each holds."""

    courier: str
    zone: str
    versions: tuple[ZoneTerms, ...]

    def on(self, day: str) -> ZoneTerms | None:
        """Return what holds on a day; None before the first of them, and where it is closed."""
        terms = begun(self.versions, day)
        return terms if terms is not None and terms.is_open else None


def zone_of(address: str, zones: Iterable[ZoneTerms]) -> ZoneTerms | None:
    """Return the zone into which an address goes, None where the courier does not go.

    Of several that fit the one that names more of the address: our own county before its province.
    """
    bare = unicodedata.normalize("NFKC", address).translate(_SPACES)
    best, length = None, -1
    for terms in zones:
        fits = [len(one) for one in terms.provinces if bare.startswith(one)]
        if terms.provinces and not fits:
            continue
        if max(fits, default=0) > length:
            best, length = terms, max(fits, default=0)
    return best


def fold_zone(state: SendingZone | None, told: Told) -> SendingZone:
    """Put a publication among the others: what was to begin on its day or later is replaced."""
    body: SendingZonePublished = told.body
    known = state.versions if state else ()
    said = msgspec.structs.asdict(body)
    said["from_day"] = body.from_day or body.day
    terms = ZoneTerms(**{name: said[name] for name in ZoneTerms.__struct_fields__})
    versions = with_new(known, terms, body.day)
    return SendingZone(courier=body.courier, zone=body.zone, versions=versions)


SENDING_ZONE = EntityKind(
    name="sending_zone",
    state=SendingZone,
    facts=(SendingZonePublished,),
    fold=fold_zone,
    natural_key={SendingZonePublished: lambda told: f"{told.body.courier}|{told.body.zone}"},
    columns=Columns(
        table="sending_zones",
        fields=(("courier", "TEXT"), ("zone", "TEXT"), ("since", "TEXT")),
        row=lambda z: (z.courier, z.zone, z.versions[-1].from_day),
        indexes=(("courier", "zone"),),
    ),
)
