"""The couriers of the demo county, as the program gets them: from a table."""

import csv
from pathlib import Path

from station_app.values.codes import CourierPattern

TABLE = Path(__file__).resolve().parents[2] / "resources" / "demo" / "couriers.csv"


def read_rows() -> list[dict[str, str]]:
    """Return the rows of the table."""
    with TABLE.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def courier(row: dict[str, str]) -> CourierPattern:
    """Return the pattern that a row holds."""
    return CourierPattern(
        code=row["courier_code"],
        name=row["name"],
        initial=row["initial"],
        pattern=row["waybill_regex"],
        priority=int(row["match_priority"]),
        must_confirm=row["operator_must_confirm"] == "1",
    )


ROWS = read_rows()
COURIERS = tuple(courier(row) for row in ROWS)
