"""The sheet of sending prices: what each courier takes for a parcel into each of its zones.

One row is one zone of one courier. A zone whose price would be zero, or that names the same place
twice, would send parcels for nothing: it is a problem of the sheet.
"""

import re

from county_server.sheets import Row
from station_app.reference.facts import SendingZonePublished

ZONES = "sending_zones.csv"
COLUMNS = (
    "courier_code", "zone_code", "name", "provinces", "first_g", "first_fen", "further_g",
    "further_fen", "max_g",
)  # fmt: skip
NAME_MAX, ROUTE_MAX, PLACE_MAX, PLACES_MAX = 12, 16, 20, 40
GRAMS_MAX, DAYS_MAX = 500_000, 60
FEN_MAX = 99_999  # just below a thousand yuan: nobody sends a parcel for more
_CODE = re.compile(r"[A-Z][A-Z0-9]{1,15}", re.ASCII)
_ZONE = re.compile(r"[a-z][a-z0-9_]{0,15}", re.ASCII)
_BETWEEN = "|"


def read_zone(row: Row, day: str) -> SendingZonePublished:
    """Return the publication that a row of zones gives."""
    places = [part.strip() for part in row.cell("provinces").split(_BETWEEN) if part.strip()]
    if len(places) > PLACES_MAX or any(len(place) > PLACE_MAX for place in places):
        found = row.cell("provinces")
        row.note("provinces", "WRONG_FORM", f"{found!r}", found=found[:40], example="河南|湖北")
    first_fen = row.number("first_fen", 1, FEN_MAX)
    fee_fen = row.number("station_fee_fen", 0, FEN_MAX, 0)
    if fee_fen > first_fen:
        detail = f"{fee_fen} is more than the price {first_fen}"
        row.note("station_fee_fen", "NOT_A_NUMBER", detail, found=str(fee_fen), least=0,
                 most=first_fen)  # fmt: skip
    return SendingZonePublished(
        courier=row.matching("courier_code", _CODE, "ZTO"),
        zone=row.matching("zone_code", _ZONE, "henan"),
        name=row.text("name", most=NAME_MAX),
        provinces=tuple(places[:PLACES_MAX]),
        first_grams=row.number("first_g", 1, GRAMS_MAX),
        first_fen=first_fen,
        further_grams=row.number("further_g", 1, GRAMS_MAX),
        further_fen=row.number("further_fen", 0, FEN_MAX),
        fee_fen=fee_fen,
        most_grams=row.number("max_g", 1, GRAMS_MAX),
        days=row.number("days", 0, DAYS_MAX, 0),
        route=row.text("route", most=ROUTE_MAX, needed=False),
        is_open=row.number("is_open", 0, 1, 1),
        from_day=row.from_day(),
        day=day,
    )
