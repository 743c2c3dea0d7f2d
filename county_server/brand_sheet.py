"""The sheet of licences of a common mark: one row is one licence (统一标识、授权、定价).

A quota is in kilograms for what is weighed, in pieces for the rest: a second column says which.
"""

import re

from county_server.sheets import Row
from station_app.reference.facts import BrandLicencePublished
from station_app.values.day import is_day

BRANDS = "brand_licences.csv"
COLUMNS = (
    "licence_code", "mark", "plu", "station", "quota", "quota_unit", "least_fen", "most_fen",
    "from_day", "until_day",
)  # fmt: skip
MARK_MAX, QUOTA_MAX, PRICE_MAX, GRAMS = 8, 1_000_000, 10_000_000, 1_000
UNITS = ("kg", "piece")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,15}", re.ASCII)
_PLU = re.compile(r"[0-9]{5}", re.ASCII)
_STATION = re.compile(r"([A-Z]{2}[0-9]{4})?", re.ASCII)
_UNIT = re.compile("|".join(UNITS), re.ASCII)


def read_brand(row: Row, day: str) -> BrandLicencePublished:
    """Return the publication that a row of licences gives."""
    days = {name: row.cell(name) for name in ("from_day", "until_day")}
    for name, said in days.items():
        if not is_day(said):
            row.note(name, "WRONG_FORM", f"{said!r} is no day", found=said, example="2027-01-31")
    if days["from_day"] > days["until_day"]:
        detail = f"ends on {days['until_day']}, before {days['from_day']}"
        row.note("until_day", "WRONG_FORM", detail, found=days["until_day"], example="2027-01-31")
    least_fen = row.number("least_fen", 1, PRICE_MAX)
    quota, unit = row.number("quota", 1, QUOTA_MAX), row.matching("quota_unit", _UNIT, UNITS[0])
    return BrandLicencePublished(
        code=row.matching("licence_code", _CODE, "PP-2026-01"),
        mark=row.text("mark", most=MARK_MAX),
        produce=row.matching("plu", _PLU, "10018"),
        station=row.matching("station", _STATION, "NX0601"),
        quota=quota * GRAMS if unit == UNITS[0] else quota,
        least_fen=least_fen,
        most_fen=row.number("most_fen", max(1, least_fen), PRICE_MAX),
        from_day=days["from_day"],
        until_day=days["until_day"],
        is_open=row.number("is_open", 0, 1, 1),
        day=day,
    )


def cells_of(body: BrandLicencePublished | None, unit: str) -> dict[str, str]:
    """Return the row that gives a licence; unit: `gram` or `piece`, of its sort."""
    if body is None:
        return dict.fromkeys((*COLUMNS, "is_open"), "")
    is_weighed = unit == "gram"
    return {
        "licence_code": body.code,
        "mark": body.mark,
        "plu": body.produce,
        "station": body.station,
        "quota": str(body.quota // GRAMS if is_weighed else body.quota),
        "quota_unit": UNITS[0] if is_weighed else UNITS[1],
        "least_fen": str(body.least_fen),
        "most_fen": str(body.most_fen),
        "from_day": body.from_day,
        "until_day": body.until_day,
        "is_open": str(body.is_open),
    }
