"""Zones and prices of sending as a counter asks for them: what holds today."""

import msgspec

from station_app.journal.log import Connection
from station_app.reference.zones import SENDING_ZONE, SendingZone, ZoneTerms

_decode = msgspec.json.Decoder(SendingZone).decode


def zones(connection: Connection, day: str) -> tuple[ZoneTerms, ...]:
    """Return the zones of every courier on a day, those with named provinces first."""
    rows = connection.execute(
        "SELECT s.data FROM sending_zones z JOIN states s ON s.kind = ? AND s.entity = z.entity "
        "ORDER BY z.courier, z.zone",
        (SENDING_ZONE.name,),
    ).fetchall()
    return tuple(terms for (data,) in rows if (terms := _decode(data).on(day)) is not None)


def zones_of(connection: Connection, courier: str, day: str) -> tuple[ZoneTerms, ...]:
    """Return the zones of one courier on a day."""
    return tuple(terms for terms in zones(connection, day) if terms.courier == courier)
