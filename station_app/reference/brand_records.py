"""Which licence of a common mark there is for a sort at a station: queries."""

import msgspec

from station_app.journal.log import Connection
from station_app.reference.brands import BRAND_LICENCE, BrandLicence

_licence = msgspec.json.Decoder(BrandLicence).decode


def licence_for(
    connection: Connection, produce: str, station: str, day: str
) -> BrandLicence | None:
    """Return the licence that holds longest, else the one that ended last; None for none ever."""
    rows = connection.execute(
        "SELECT s.data FROM brand_licences b JOIN states s ON s.kind = ?1 AND s.entity = b.entity "
        "WHERE b.produce = ?2 AND b.station IN ('', ?3) ORDER BY b.until_day DESC, b.code",
        (BRAND_LICENCE.name, produce, station),
    ).fetchall()
    found = [_licence(row[0]) for row in rows]
    return next((one for one in found if one.holds_on(day)), found[0] if found else None)


def licence_of(connection: Connection, code: str) -> BrandLicence | None:
    """Return a licence by its code."""
    row = connection.execute(
        "SELECT s.data FROM brand_licences b JOIN states s ON s.kind = ?1 AND s.entity = b.entity "
        "WHERE b.code = ?2",
        (BRAND_LICENCE.name, code),
    ).fetchone()
    return _licence(row[0]) if row else None
