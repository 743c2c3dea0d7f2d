"""What the county has announced (预报): the fold of a parcel that is on its way."""

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Columns, EntityKind
from station_app.services.parcels.facts import ParcelAnnounced
from station_app.services.parcels.visits import label_of


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel that the county has announced, as last said."""

    courier: str
    waybill: str
    station: str
    person: str
    name: str
    tail: str
    phone: str
    cod_fen: int
    freight_fen: int
    since: str


def fold_announcement(_state: Announcement | None, told: Told) -> Announcement:
    """Take the newer announcement whole."""
    body: ParcelAnnounced = told.body
    return Announcement(
        courier=body.courier,
        waybill=body.waybill,
        station=body.station,
        person=body.person,
        cod_fen=body.cod_fen,
        freight_fen=body.freight_fen,
        since=body.day,
        **label_of(told.private),
    )


ANNOUNCEMENT = EntityKind(
    name="announcement",
    state=Announcement,
    facts=(ParcelAnnounced,),
    fold=fold_announcement,
    natural_key={ParcelAnnounced: lambda told: f"{told.body.courier}|{told.body.waybill}"},
    columns=Columns(
        table="announcements",
        fields=(
            ("courier", "TEXT"),
            ("waybill", "TEXT"),
            ("station", "TEXT"),
            ("person", "TEXT"),
            ("name", "TEXT"),
            ("tail", "TEXT"),
            ("phone", "TEXT"),
            ("cod_fen", "INTEGER"),
            ("freight_fen", "INTEGER"),
            ("since", "TEXT"),
        ),
        row=lambda a: (
            a.courier,
            a.waybill,
            a.station,
            a.person,
            a.name,
            a.tail,
            a.phone,
            a.cod_fen,
            a.freight_fen,
            a.since,
        ),
        indexes=(("waybill",),),
    ),
)
